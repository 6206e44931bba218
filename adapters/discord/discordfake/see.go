package discordfake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Message is a snapshot of a message.
type Message struct {
	Channel, ID string
	From        string // user id of the author
	Text        string // what notifications show: the content, or the first text display
	Body        string // what is read: content, embeds and components as plain text
	Buttons     []string
	Private     bool // ephemeral: only one person sees it
	Loading     bool // "… is thinking"
	Edited      bool
	At          time.Time
	Flags       int
	Nonce       string
	ReplyTo     string
	// Pinged are the users and roles that were notified, "everyone" too.
	Pinged []string
	// Files are those that people see: in a message of components, the ones that
	// a component shows.
	Files      []File
	content    string
	components []any
	embeds     []any
}

// JSON is the components (and embeds) as they are kept: each component has an id.
func (m Message) JSON() string {
	if len(m.embeds) > 0 {
		return jsonText(object{"embeds": m.embeds, "components": m.components})
	}
	return jsonText(m.components)
}

// Has reports whether text stands in the message.
func (m Message) Has(text string) bool { return strings.Contains(m.Body, text) }

// snapshot copies a message. f.mu is held.
func (f *Fake) snapshot(m *message) Message {
	out := Message{
		Channel: m.channel, ID: m.id, From: m.author, Text: f.readMarkup(m.content), Body: f.readMessage(m), Private: m.only != "",
		Loading: m.flags&flagLoading != 0, Edited: !m.edited.IsZero(), At: born(m.id), Flags: m.flags, Nonce: m.nonce, ReplyTo: m.reply,
		Pinged: append(slices.Clone(m.mentions.users), m.mentions.roles...), content: m.content, components: m.components, embeds: m.embeds,
	}
	if m.mentions.everyone {
		out.Pinged = append(out.Pinged, "everyone")
	}
	eachComponent(m.components, func(o object) {
		if kindOf(o) == textDisplay && out.Text == "" {
			out.Text = f.readMarkup(text(o["content"]))
		}
		if kindOf(o) == button {
			out.Buttons = append(out.Buttons, text(o["label"]))
		}
	})
	out.Files = m.shown()
	return out
}

// Messages are the messages of a channel by id or name, without ephemeral ones;
// "" for all channels.
func (f *Fake) Messages(channel string) []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.channelNamed(channel); channel != "" && f.channels[channel] == nil && c != nil {
		channel = c.ID
	}
	var out []Message
	for id, list := range f.messages {
		for _, m := range list {
			if channel == "" || channel == id {
				out = append(out, f.snapshot(m))
			}
		}
	}
	sortMessages(out)
	return out
}

func sortMessages(list []Message) {
	slices.SortFunc(list, func(a, b Message) int { return bySnowflake(a.ID, b.ID) })
}

// DMs are the messages between the app and a person.
func (f *Fake) DMs(user string) []Message {
	id := f.directID(user)
	if id == "" {
		return nil
	}
	return f.Messages(id)
}

// directID is the conversation of the app with a person; "" when there is none.
func (f *Fake) directID(user string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.channels {
		if c.Kind == Direct && c.with == f.userID(user) {
			return c.ID
		}
	}
	return ""
}

// Message finds a message as it is now, also an ephemeral one; false when it is
// gone.
func (f *Fake) Message(m Message) (Message, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.find(m.Channel, m.ID); now != nil {
		return f.snapshot(now), true
	}
	for _, u := range f.users {
		for _, e := range u.ephemeral {
			if e.id == m.ID {
				return f.snapshot(e), true
			}
		}
	}
	return Message{}, false
}

// Modal is the form that a person has before them.
type Modal struct {
	Title, Body, CustomID string
	Errors                []string // at its fields
	body                  object
}

// JSON is the modal as it was sent; each component has an id.
func (m Modal) JSON() string { return jsonText(m.body) }

// Sight is all that a person sees of Discord.
type Sight struct {
	Messages []Message // of all channels that they can view, ephemeral ones too, the oldest first
	Modal    *Modal
	Troubles []string // what Discord told them that went wrong
}

// See looks at what the person has before them now.
func (p *Person) See() Sight {
	f := p.f
	f.mu.Lock()
	defer f.mu.Unlock()
	var s Sight
	for id, list := range f.messages {
		if c := f.channels[id]; c == nil || !f.canSee(c, p.id) {
			continue
		}
		for _, m := range list {
			s.Messages = append(s.Messages, f.snapshot(m))
		}
	}
	u := f.users[p.id]
	for _, m := range u.ephemeral {
		s.Messages = append(s.Messages, f.snapshot(m))
	}
	sortMessages(s.Messages)
	s.Troubles = slices.Clone(u.sees)
	if u.modal != nil {
		s.Modal = f.modalSeen(u.modal)
	}
	return s
}

func (f *Fake) modalSeen(m *modal) *Modal {
	seen := &Modal{Title: text(m.body["title"]), CustomID: text(m.body["custom_id"]), Body: f.readModal(m), body: clone(m.body)}
	for _, id := range slices.Sorted(maps.Keys(m.errors)) {
		seen.Errors = append(seen.Errors, m.errors[id])
	}
	return seen
}

// String is the sight as plain text.
func (s Sight) String() string {
	var b strings.Builder
	for _, m := range s.Messages {
		mark := ""
		if m.Private {
			mark = " (only you)"
		}
		fmt.Fprintf(&b, "%s%s %s:\n%s\n\n", m.Channel, mark, m.From, m.Body)
	}
	if s.Modal != nil {
		fmt.Fprintf(&b, "== %s ==\n%s\n(Cancel) (Submit)\n\n", s.Modal.Title, s.Modal.Body)
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
func (p *Person) Read(words string) (Message, error) {
	var found Message
	_, err := p.Until(fmt.Sprintf("a message with %q", words), func(s Sight) bool {
		for _, m := range slices.Backward(s.Messages) {
			if m.Has(words) {
				found = m
				return true
			}
		}
		return false
	})
	return found, err
}

// ReadModal waits for an open modal with a text in its title or body.
func (p *Person) ReadModal(words string) (Modal, error) {
	s, err := p.Until(fmt.Sprintf("a modal with %q", words), func(s Sight) bool {
		return s.Modal != nil && strings.Contains(s.Modal.Title+"\n"+s.Modal.Body, words)
	})
	if err != nil {
		return Modal{}, err
	}
	return *s.Modal, nil
}
