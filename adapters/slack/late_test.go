package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// alarms are the two waits of an answer, which ring when the test says so.
type alarms struct{ modal, answer chan time.Time }

func newAlarms() alarms { return alarms{make(chan time.Time), make(chan time.Time)} }

func (l alarms) into(a *Adapter) {
	a.o.After = func(d time.Duration) <-chan time.Time {
		switch d {
		case waitModal:
			return l.modal
		case waitAnswer:
			return l.answer
		}
		return time.After(d)
	}
}

// slowly makes the handler wait until the returned function is called.
func (w *town) slowly(r chat.Reply) (finish func()) {
	hold := make(chan struct{})
	w.by(func(ctx context.Context, _ chat.Intent) chat.Reply {
		select {
		case <-hold:
		case <-ctx.Done():
		}
		return r
	})
	return func() { close(hold) }
}

func TestASlowPressSaysSoAndEndsInAnEdit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply chat.Reply
		want  string
	}{
		"a form":  {reason(), "Reason"},
		"a card":  {chat.Tell{Card: small("You may not")}, "You may not."},
		"nothing": {chat.Nothing{}, "Done."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ring := newAlarms()
			w := newTown(t, "http", ring.into)
			m := w.post("one", small("Decide", "deny"))
			finish := w.slowly(c.reply)
			pressed := make(chan error, 1)
			go func() { pressed <- w.mina().Press(m, "deny") }()
			ring.modal <- time.Time{}
			if _, err := w.mina().ReadModal("still working"); err != nil {
				t.Fatal(err)
			}
			ring.answer <- time.Time{}
			w.must(<-pressed) // Slack has its answer
			finish()
			if _, err := w.mina().ReadModal(c.want); err != nil {
				t.Fatal(err)
			}
			if got := w.a.Counts()["late"]; got != 1 {
				t.Errorf("late: %d", got)
			}
		})
	}
}

func TestASlowFormSaysSoAndEndsInAnEdit(t *testing.T) {
	t.Parallel()
	ring := newAlarms()
	w := newTown(t, "socket", ring.into)
	w.reply(reason())
	w.must(w.mina().Slash("/access", "deny"))
	w.must(w.mina().Fill(map[string]any{"Reason": "Because"}))
	finish := w.slowly(chat.Tell{Card: small("Thanks")})
	sent := make(chan error, 1)
	go func() { sent <- w.mina().Submit() }()
	ring.answer <- time.Time{}
	w.must(<-sent)
	if _, err := w.mina().ReadModal("still working"); err != nil {
		t.Fatal(err)
	}
	finish()
	if _, err := w.mina().ReadModal("Thanks."); err != nil {
		t.Fatal(err)
	}
}

func TestAFormTooLargeForTheAnswerIsEdited(t *testing.T) {
	t.Parallel()
	w := newTown(t, "socket")
	w.reply(reason())
	w.must(w.mina().Slash("/access", ""))
	w.must(w.mina().Fill(map[string]any{"Reason": "Because"}))
	page, _ := form.Plan(form.Form{ID: "f", Title: "Large", Submit: "Send", Fields: slicesOf(60, func(i int) form.Field {
		return form.Field{ID: strings.Repeat("f", i+1), Kind: form.Line, Label: strings.Repeat("label ", 60)}
	})}, nil, caps(), 1)
	w.reply(chat.Show{Page: page})
	w.must(w.mina().Submit())
	if _, err := w.mina().ReadModal("Large"); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsUnderWayIsFinishedAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"socket", "http"} {
		w := &town{fixture: newFixture(t, way), t: t}
		began := make(chan struct{})
		proceed := make(chan struct{})
		w.by(func(ctx context.Context, _ chat.Intent) chat.Reply {
			close(began)
			<-proceed
			if ctx.Err() != nil {
				return chat.Nothing{}
			}
			return chat.Tell{Card: small("Finished")}
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- w.a.Run(ctx, w) }()
		w.await(t)
		typed := make(chan error, 1)
		go func() { typed <- w.mina().Slash("/access", "") }()
		<-began
		cancel()
		close(proceed)
		w.must(<-done)
		w.must(<-typed)
		if _, err := w.mina().Read("Finished."); err != nil {
			t.Errorf("%s: %v", way, err)
		}
	}
}

func TestAnAnswerWhoseAddressIsUsedUpIsPostedPrivately(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	ref, err := w.a.Post(t.Context(), "one", chat.Address{Channel: "slack/C0GENERAL"}, small("Decide", "deny"))
	w.must(err)
	m, ok := w.find(w.mina(), func(m slackfake.Message) bool { return m.Channel+"/"+m.TS == ref })
	if !ok {
		t.Fatal("no card")
	}
	w.reply(chat.Tell{Card: small("You may not")})
	w.fake.Fail(slackfake.Fault{Method: "response_url", Status: 404})
	w.must(w.mina().Press(m, "deny"))
	if m, err := w.mina().Read("You may not."); err != nil || !m.Private {
		t.Error(err)
	}
}

func TestAnAnswerWaitsAsLongAsSlackAsks(t *testing.T) {
	t.Parallel()
	now := &clock{at: time.Now()}
	w := newTown(t, "http", func(a *Adapter) {
		a.o.Clock = now
		a.o.After = func(d time.Duration) <-chan time.Time {
			if d == waitModal || d == waitAnswer {
				return nil
			}
			now.move(d)
			rung := make(chan time.Time)
			close(rung)
			return rung
		}
	})
	m := w.post("one", small("Decide", "deny"))
	w.reply(chat.Tell{Card: small("You may not")})
	for _, method := range []string{"response_url", "chat.postEphemeral"} {
		w.fake.Fail(slackfake.Fault{Method: method, Status: 429, RetryAfter: 3})
	}
	w.must(w.mina().Press(m, "deny"))
	if m, err := w.mina().Read("You may not."); err != nil || !m.Private {
		t.Error(err)
	}
	w.fake.Fail(slackfake.Fault{Method: "response_url", Status: 429, RetryAfter: 60})
	w.fake.Fail(slackfake.Fault{Method: "chat.postEphemeral", Status: 429, RetryAfter: 60})
	before := len(w.mina().See().Messages)
	w.must(w.mina().Press(m, "deny")) // too long: nothing waits for a minute
	if n := len(w.mina().See().Messages); n != before {
		t.Errorf("%d messages more", n-before)
	}
}
