package slackfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Message is a snapshot of a message.
type Message struct {
	Channel, TS string
	Thread      string // ts of the first message of its thread; "" outside
	From        string // user id of the author
	Text        string // what notifications show
	Body        string // what is read: the blocks as plain text, or the text
	Buttons     []string
	Private     bool // ephemeral: only one person sees it
	Edited      bool
	Metadata    map[string]any
	Files       []File
	blocks      []any
}

// JSON is the blocks as they were sent, for goldens.
func (m Message) JSON() string {
	b, _ := json.MarshalIndent(m.blocks, "", "  ")
	return string(b)
}

// Has reports whether text stands in the message.
func (m Message) Has(text string) bool {
	return strings.Contains(m.Body, text) || strings.Contains(m.Text, text)
}

// snapshot copies a message. f.mu is held.
func (f *Fake) snapshot(m *message) Message {
	out := Message{
		Channel: m.channel, TS: m.ts, Thread: m.thread, From: m.user, Text: f.renderMarkup(m.text), Body: f.renderMarkup(m.text),
		Private: m.only != "", Edited: m.edited, Files: slices.Clone(m.files), blocks: m.blocks,
	}
	if m.metadata != nil {
		out.Metadata = clone(m.metadata)
	}
	if len(m.blocks) > 0 {
		out.Body = f.renderBlocks(m.blocks, nil)
	}
	for _, b := range m.blocks {
		o, _ := b.(object)
		for _, e := range elementsOf(o) {
			if e["type"] == "button" {
				out.Buttons = append(out.Buttons, textOf(e["text"]))
			}
		}
	}
	return out
}

// Messages are the messages of a conversation, without ephemeral ones; ""
// for all conversations.
func (f *Fake) Messages(channel string) []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Message
	for id, list := range f.messages {
		for _, m := range list {
			if channel == "" || channel == id {
				out = append(out, f.snapshot(m))
			}
		}
	}
	sortByTS(out)
	return out
}

func sortByTS(list []Message) {
	slices.SortFunc(list, func(a, b Message) int { return strings.Compare(a.TS, b.TS) })
}

// Modal is the view that a person has before them.
type Modal struct {
	Title, Body, Submit, Close string
	CallbackID, Metadata       string
	Depth                      int // 1: only this one is open
	Errors                     []string
	body                       object
}

// JSON is the view as it was sent, for goldens.
func (m Modal) JSON() string {
	b, _ := json.MarshalIndent(m.body, "", "  ")
	return string(b)
}

// Sight is all that a person sees of the workspace.
type Sight struct {
	Messages []Message // of all their conversations, ephemeral ones too, the oldest first
	Modal    *Modal
	Home     string
	Troubles []string // what Slack told them that went wrong
}

// See looks at what the person has before them now.
func (p *Person) See() Sight {
	f := p.f
	f.mu.Lock()
	defer f.mu.Unlock()
	var s Sight
	for id, list := range f.messages {
		if c := f.channels[id]; c == nil || !c.members[p.id] {
			continue
		}
		for _, m := range list {
			s.Messages = append(s.Messages, f.snapshot(m))
		}
	}
	for _, m := range f.users[p.id].ephemeral {
		s.Messages = append(s.Messages, f.snapshot(m))
	}
	sortByTS(s.Messages)
	s.Troubles = slices.Clone(f.users[p.id].sees)
	if v := f.homes[p.id]; v != nil {
		blocks, _ := v.body["blocks"].([]any)
		s.Home = f.renderBlocks(blocks, v)
	}
	if v := p.top(); v != nil {
		s.Modal = f.modal(v, len(f.stacks[p.id]))
	}
	return s
}

func (f *Fake) modal(v *view, depth int) *Modal {
	blocks, _ := v.body["blocks"].([]any)
	m := &Modal{
		Title: textOf(v.body["title"]), Submit: textOf(v.body["submit"]), Close: textOf(v.body["close"]), Body: f.renderBlocks(blocks, v),
		CallbackID: str(v.body["callback_id"]), Metadata: str(v.body["private_metadata"]), Depth: depth, body: clone(v.body),
	}
	for _, b := range blocks {
		o, _ := b.(object)
		if e := v.errors[str(o["block_id"])]; e != "" {
			m.Errors = append(m.Errors, e)
		}
	}
	return m
}

// String is the sight as plain text.
func (s Sight) String() string {
	var b strings.Builder
	for _, m := range s.Messages {
		mark := ""
		if m.Private {
			mark = " (only you)"
		}
		if m.Thread != "" {
			mark += " (in a thread)"
		}
		fmt.Fprintf(&b, "%s%s %s:\n%s\n\n", m.Channel, mark, m.From, m.Body)
	}
	if s.Modal != nil {
		fmt.Fprintf(&b, "== %s ==\n%s\n(%s) (%s)\n\n", s.Modal.Title, s.Modal.Body, s.Modal.Close, s.Modal.Submit)
	}
	if s.Home != "" {
		fmt.Fprintf(&b, "== Home ==\n%s\n\n", s.Home)
	}
	for _, t := range s.Troubles {
		fmt.Fprintf(&b, "!! %s\n", t)
	}
	return b.String()
}

// Until waits until the person sees what cond asks for, and returns the sight.
func (p *Person) Until(what string, cond func(Sight) bool) (Sight, error) {
	var s Sight
	err := p.f.Await(what+", seen by "+p.id, func() bool {
		s = p.See()
		return cond(s)
	})
	if err != nil {
		return s, fmt.Errorf("%w; seen is\n%s", err, s)
	}
	return s, nil
}

// Read waits for a message with a text in it, and returns the newest such.
func (p *Person) Read(text string) (Message, error) {
	var found Message
	_, err := p.Until(fmt.Sprintf("a message with %q", text), func(s Sight) bool {
		for _, m := range slices.Backward(s.Messages) {
			if m.Has(text) {
				found = m
				return true
			}
		}
		return false
	})
	return found, err
}

// ReadModal waits for an open modal with a text in its title or body.
func (p *Person) ReadModal(text string) (Modal, error) {
	s, err := p.Until(fmt.Sprintf("a modal with %q", text), func(s Sight) bool {
		return s.Modal != nil && strings.Contains(s.Modal.Title+"\n"+s.Modal.Body, text)
	})
	if err != nil {
		return Modal{}, err
	}
	return *s.Modal, nil
}

// ReadHome waits for a home with a text in it, and returns it.
func (p *Person) ReadHome(text string) (string, error) {
	s, err := p.Until(fmt.Sprintf("a home with %q", text), func(s Sight) bool { return strings.Contains(s.Home, text) })
	return s.Home, err
}
