package discord

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
)

// town is a fixture that runs, with a handler that a test sets.
type town struct {
	*fixture
	t    *testing.T
	end  context.CancelFunc
	done chan error

	mu     sync.Mutex
	got    []chat.Intent
	answer func(context.Context, chat.Intent) chat.Reply
}

func newTown(t *testing.T, way string, change ...func(*Options)) *town {
	t.Helper()
	return settleIn(t, newFixture(t, way, change...))
}

// settleIn lets a fixture run.
func settleIn(t *testing.T, f *fixture) *town {
	t.Helper()
	w := &town{fixture: f, t: t, done: make(chan error, 1)}
	ctx, end := context.WithCancel(context.Background())
	w.end = end
	go func() { w.done <- w.a.Run(ctx, w) }()
	t.Cleanup(func() {
		end()
		if err := <-w.done; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	})
	w.await(t)
	return w
}

// Handle implements chat.Handler.
func (w *town) Handle(ctx context.Context, in chat.Intent) chat.Reply {
	w.mu.Lock()
	w.got = append(w.got, in)
	answer := w.answer
	w.mu.Unlock()
	if answer == nil {
		return chat.Nothing{}
	}
	return answer(ctx, in)
}

func (w *town) by(f func(context.Context, chat.Intent) chat.Reply) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = f
}

func (w *town) reply(r chat.Reply) {
	w.by(func(context.Context, chat.Intent) chat.Reply { return r })
}

// intents are what arrived so far.
func (w *town) intents() []chat.Intent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]chat.Intent(nil), w.got...)
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) mina() *discordfake.Person { return w.fake.Person("mina") }

// post posts a card to the channel.
func (w *town) post(id chat.EffectID, c chat.Card) discordfake.Message {
	w.t.Helper()
	return w.postTo(id, chat.Address{Channel: w.Channel()}, c)
}

func (w *town) postTo(id chat.EffectID, to chat.Address, c chat.Card) discordfake.Message {
	w.t.Helper()
	ref, err := w.a.Post(w.t.Context(), id, to, c)
	w.must(err)
	for _, m := range w.fake.Messages("") {
		if m.Channel+"/"+m.ID == ref {
			return m
		}
	}
	w.t.Fatalf("there is no message %q", ref)
	return discordfake.Message{}
}

// until waits for something that only the adapter knows.
func (w *town) until(what string, cond func() bool) {
	w.t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-deadline:
			w.t.Fatalf("waited for %s; counts are %v", what, w.a.Counts())
		case <-tick.C:
		}
	}
}

// brief is a card with a sentence and buttons.
func brief(says string, tokens ...string) chat.Card {
	c := chat.Card{Summary: says, Blocks: []chat.Block{{Text: chat.Say(says + ".")}}}
	for _, token := range tokens {
		c.Buttons = append(c.Buttons, chat.Button{Label: token, Token: token + "~~~~~~"})
	}
	return c
}

// reason is a form with one field.
func reason() chat.Show {
	page, _ := form.Plan(form.Form{ID: "f~1", Title: "A reason", Submit: "Send", Fields: []form.Field{{ID: "why", Kind: form.Area, Label: "Reason"}}}, nil, caps(), 1)
	return chat.Show{Page: page, Continue: "continue~~~~~~"}
}

// faultIn is what an error says may be done.
func faultIn(err error) access.Fault {
	var f *access.Fault
	if !errors.As(err, &f) {
		return access.Fault{}
	}
	return access.Fault{Failure: f.Failure, Code: f.Code}
}
