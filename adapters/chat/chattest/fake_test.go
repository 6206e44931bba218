package chattest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// fixture drives a chattest.Chat.
type fixture struct {
	chat  *chattest.Chat
	files map[access.Account][]chat.File
}

func newFixture(c form.Caps) fixture {
	return fixture{
		chattest.NewChat("play", c, []access.Channel{"play/all"}, "play/carla", "play/mina"), map[access.Account][]chat.File{},
	}
}

// got keeps the files that somebody got, and names those that are too large.
func (f fixture) got(in chat.Intent, r chat.Tell) chat.Card {
	who := f.Who(0).Account
	if invoked, ok := in.(chat.Invoked); ok {
		who = invoked.Who.Account
	}
	for _, file := range r.Files {
		if len(file.Data) > chat.MaxFile {
			r.Card.Blocks = append(r.Card.Blocks, chat.Block{Text: chat.Say(file.Name + " is too large")})
			continue
		}
		f.files[who] = append(f.files[who], file)
	}
	return r.Card
}

func (f fixture) Files(_ *testing.T, who chat.Who, _ int) []chat.File { return f.files[who.Account] }

func (f fixture) Adapter() chat.Adapter   { return f.chat }
func (f fixture) Channel() access.Channel { return "play/all" }
func (f fixture) Twins() bool             { return false }
func (f fixture) Secrets() []string       { return nil }

func (f fixture) Who(n int) chat.Who {
	return chat.Who{Tenant: "demo", Account: []access.Account{"play/carla", "play/mina"}[n]}
}

func (f fixture) Do(t *testing.T, in chat.Intent) chattest.Seen {
	reply, err := f.chat.Do(t.Context(), in)
	if errors.Is(err, chattest.ErrPanicked) {
		return chattest.Seen{Kind: chattest.SeenNothing}
	}
	if err != nil {
		t.Fatal(err)
	}
	switch r := reply.(type) {
	case chat.Tell:
		return chattest.Seen{Kind: chattest.SeenTell, Message: chattest.Read("play", f.got(in, r))}
	case chat.Show:
		seen := chattest.Seen{Kind: chattest.SeenShow, Errors: r.Page.Errors, Message: chattest.Message{Text: r.Page.Title + "\n" + r.Intro.Plain()}}
		for _, field := range r.Page.Fields {
			seen.Fields = append(seen.Fields, field.ID)
		}
		return seen
	case chat.Offer:
		seen := chattest.Seen{Kind: chattest.SeenOffer}
		for _, o := range r.Options {
			seen.Options = append(seen.Options, o.Value)
		}
		return seen
	}
	return chattest.Seen{Kind: chattest.SeenNothing}
}

func (f fixture) Complete(t *testing.T, in chat.Searched) chattest.Seen { return f.Do(t, in) }

func (f fixture) See(_ *testing.T, ref string) (chattest.Message, bool) {
	m, ok := f.chat.Message(ref)
	return chattest.Read("play", m.Card), ok
}

func (f fixture) Messages(_ *testing.T, to chat.Address) []chattest.Message {
	var out []chattest.Message
	for _, m := range f.chat.Messages(to) {
		out = append(out, chattest.Read("play", m.Card))
	}
	return out
}

func (f fixture) Remove(_ *testing.T, ref string) { f.chat.Remove(ref) }

func (f fixture) Fail(*testing.T) {
	f.chat.FailWith(&access.Fault{Failure: access.FailRetry, Code: "down"})
}

func TestChat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]form.Caps{"modal": chattest.Modal(), "pages": chattest.Pages()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chattest.Run(t, func(*testing.T) chattest.Fixture { return newFixture(c) })
		})
	}
}

func TestAwaitReturnsWhenTheMessageIsThere(t *testing.T) {
	t.Parallel()
	c := chattest.NewChat("play", chattest.Pages(), nil)
	to := chat.Address{Account: "play/carla"}
	go func() { _, _ = c.Post(context.Background(), "e", to, chat.Card{Summary: "Hi"}) }()
	got, err := c.Await(t.Context(), to, func(m []chattest.Posted) bool { return len(m) == 1 })
	if err != nil || len(got) != 1 || got[0].Card.Summary != "Hi" || got[0].Effect != "e" {
		t.Errorf("%+v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Await(ctx, to, func([]chattest.Posted) bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("Await after its context ended: %v", err)
	}
}

func TestBadCardIsRefused(t *testing.T) {
	t.Parallel()
	c := chattest.NewChat("play", chattest.Pages(), nil)
	_, err := c.Post(t.Context(), "e", chat.Address{Account: "play/carla"}, chat.Card{})
	if f := access.AsFault(err); f.Failure != access.FailNever || f.Code != "badCard" {
		t.Errorf("%v", err)
	}
}
