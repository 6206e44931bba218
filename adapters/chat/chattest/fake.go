package chattest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// Chat is an adapter in memory, for tests of what stands behind one. Posts are
// idempotent by effect; a card that chat.Check refuses is refused (fault
// "badCard", never), so that such a mistake shows in every test. It is safe
// for concurrent use.
type Chat struct {
	name     string
	caps     form.Caps
	accounts []access.Account
	channels []access.Channel
	kept     []access.Channel // that it may not write in

	mu       sync.Mutex
	messages []Posted
	posts    int
	fail     error
	handler  chat.Handler
	changed  chan struct{} // closed and replaced at each change
}

// Posted is a message of a Chat.
type Posted struct {
	Ref    string
	Effect chat.EffectID
	To     chat.Address
	Card   chat.Card
	Edits  int
}

// NewChat makes a chat of that name with these people and channels. Without
// any accounts everybody is known whose account begins with "<name>/".
func NewChat(name string, c form.Caps, channels []access.Channel, accounts ...access.Account) *Chat {
	return &Chat{name: name, caps: c, accounts: accounts, channels: channels, changed: make(chan struct{})}
}

// Modal and Pages are abilities for tests: one live modal, and pages of five
// that have no dates and no search.
func Modal() form.Caps {
	return form.Caps{
		Live: true, Search: true, MaxOptions: 100, TitleMax: 24, HintMax: 150,
		Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Person},
	}
}

// Pages is described at Modal.
func Pages() form.Caps {
	return form.Caps{
		PageFields: 5, MaxOptions: 25, TitleMax: 45, LabelMax: 45, HintMax: 100,
		Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Person},
	}
}

// Name implements chat.Adapter.
func (c *Chat) Name() string { return c.name }

// Caps implements chat.Adapter.
func (c *Chat) Caps(access.Account) form.Caps { return c.caps }

// Run implements chat.Adapter: Do reaches h until ctx ends.
func (c *Chat) Run(ctx context.Context, h chat.Handler) error {
	c.change(func() { c.handler = h })
	<-ctx.Done()
	c.change(func() { c.handler = nil })
	return nil
}

// Post implements chat.Adapter. Faults: "badCard", "unknownPlace" (never),
// "timeout" (retry), and what FailWith says.
func (c *Chat) Post(ctx context.Context, id chat.EffectID, to chat.Address, card chat.Card) (ref string, err error) {
	if err := c.refuse(ctx, card); err != nil {
		return "", err
	}
	if !c.reaches(to) {
		return "", &access.Fault{Failure: access.FailNever, Code: "unknownPlace"}
	}
	c.change(func() {
		if i := slices.IndexFunc(c.messages, func(m Posted) bool { return m.Effect == id }); i >= 0 {
			ref = c.messages[i].Ref
			return
		}
		c.posts++
		ref = fmt.Sprintf("m%d", c.posts)
		c.messages = append(c.messages, Posted{Ref: ref, Effect: id, To: to, Card: card})
	})
	return ref, nil
}

// Edit implements chat.Adapter.
func (c *Chat) Edit(ctx context.Context, ref string, card chat.Card) error {
	if err := c.refuse(ctx, card); err != nil {
		return err
	}
	err := access.ErrGone
	c.change(func() {
		if i := c.find(ref); i >= 0 {
			c.messages[i].Card, err = card, nil
			c.messages[i].Edits++
		}
	})
	return err
}

func (c *Chat) refuse(ctx context.Context, card chat.Card) error {
	if err := ctx.Err(); err != nil {
		return &access.Fault{Failure: access.FailRetry, Code: "timeout", Err: err}
	}
	if err := chat.Check(card); err != nil {
		return &access.Fault{Failure: access.FailNever, Code: "badCard", Err: err}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fail
}

func (c *Chat) reaches(to chat.Address) bool {
	switch {
	case (to.Account == "") == (to.Channel == ""):
		return false
	case to.Channel != "":
		return slices.Contains(c.channels, to.Channel)
	case len(c.accounts) > 0:
		return slices.Contains(c.accounts, to.Account)
	}
	return strings.HasPrefix(string(to.Account), c.name+"/") && len(to.Account) > len(c.name)+1
}

// Reach implements chat.Scout.
func (c *Chat) Reach(_ context.Context, ch access.Channel) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.fail != nil:
		return c.fail
	case slices.Contains(c.kept, ch):
		return chat.ErrKeptOut
	case !slices.Contains(c.channels, ch):
		return chat.ErrNoPlace
	}
	return nil
}

// KeepOut makes a channel one that cards cannot be posted to.
func (c *Chat) KeepOut(ch access.Channel) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, ch)
}

// ErrPanicked is what Do returns when the handler panicked.
var ErrPanicked = errors.New("the handler panicked")

// Do hands an intent to the handler, as soon as there is one, and returns its
// reply.
func (c *Chat) Do(ctx context.Context, in chat.Intent) (reply chat.Reply, err error) {
	var h chat.Handler
	if err := c.await(ctx, func() bool { h = c.handler; return h != nil }); err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil {
			reply, err = nil, ErrPanicked
		}
	}()
	return h.Handle(ctx, in), nil
}

// Messages returns what stands in a place, oldest first.
func (c *Chat) Messages(to chat.Address) []Posted {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []Posted
	for _, m := range c.messages {
		if m.To == to {
			out = append(out, m)
		}
	}
	return out
}

// Message finds a message by its ref.
func (c *Chat) Message(ref string) (Posted, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := c.find(ref); i >= 0 {
		return c.messages[i], true
	}
	return Posted{}, false
}

// Remove deletes a message, as a person would.
func (c *Chat) Remove(ref string) {
	c.change(func() {
		if i := c.find(ref); i >= 0 {
			c.messages = slices.Delete(c.messages, i, i+1)
		}
	})
}

// FailWith makes Post and Edit return err from now on; nil ends that.
func (c *Chat) FailWith(err error) { c.change(func() { c.fail = err }) }

// Await waits until the messages in a place are as ok wants them, and returns
// them; or the context's error.
func (c *Chat) Await(ctx context.Context, to chat.Address, ok func([]Posted) bool) ([]Posted, error) {
	var out []Posted
	err := c.await(ctx, func() bool {
		out = nil
		for _, m := range c.messages {
			if m.To == to {
				out = append(out, m)
			}
		}
		return ok(out)
	})
	return out, err
}

// await waits until ok, which runs under the lock.
func (c *Chat) await(ctx context.Context, ok func() bool) error {
	for {
		c.mu.Lock()
		done, changed := ok(), c.changed
		c.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

func (c *Chat) change(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Chat) find(ref string) int {
	return slices.IndexFunc(c.messages, func(m Posted) bool { return m.Ref == ref })
}

// Read is a card as a reader of a plain chat sees it, whose own accounts begin
// with "<name>/".
func Read(name string, c chat.Card) Message {
	m := Message{Text: c.Title}
	line := func(s string) { m.Text = strings.TrimPrefix(m.Text+"\n"+s, "\n") }
	read := func(t chat.Text) string {
		for _, s := range t {
			switch {
			case s.Kind == chat.Link:
				m.Links = append(m.Links, s.URL)
			case s.Kind == chat.Mention && strings.HasPrefix(string(s.Person), name+"/"):
				m.Mentions = append(m.Mentions, access.Account(s.Person))
			}
		}
		return t.Plain()
	}
	for _, b := range c.Blocks {
		if b.Heading != "" {
			line(b.Heading)
		}
		if len(b.Text) > 0 {
			line(read(b.Text))
		}
		for _, f := range b.Fields {
			line(f.Label + ": " + read(f.Value))
		}
		for _, item := range b.Items {
			line("- " + read(item))
		}
		if b.Divider {
			line("---")
		}
		m.Buttons = append(m.Buttons, b.Buttons...)
	}
	m.Buttons = append(m.Buttons, c.Buttons...)
	return m
}
