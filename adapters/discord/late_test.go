package discord

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// late lets the first answer's time be over when the returned channel is fed.
func late(o *Options) chan time.Time {
	ring := make(chan time.Time)
	o.After = func(d time.Duration) <-chan time.Time {
		switch d {
		case waitAnswer:
			return ring
		case settle:
			return time.After(10 * time.Millisecond)
		}
		return time.After(d)
	}
	return ring
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

func TestASlowAnswerIsPromisedAndGivenLater(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"gateway", "http"} {
		for name, c := range map[string]struct {
			reply chat.Reply
			want  string // "" for nothing at all
		}{
			"a form":  {reason(), "The form is ready"},
			"a card":  {chat.Tell{Card: brief("You may not")}, "You may not."},
			"nothing": {chat.Nothing{}, ""},
		} {
			t.Run(way+"/"+name, func(t *testing.T) {
				t.Parallel()
				var ring chan time.Time
				w := newTown(t, way, func(o *Options) { ring = late(o) })
				m := w.post("one", brief("Decide", "deny"))
				finish := w.slowly(c.reply)
				pressed := make(chan error, 1)
				go func() { pressed <- w.mina().Press(m, "deny") }()
				ring <- time.Time{}
				w.must(<-pressed) // Discord has its answer
				finish()
				_, err := w.mina().Until("the answer", func(s discordfake.Sight) bool {
					for _, m := range s.Messages {
						if m.Private {
							return c.want != "" && !m.Loading && m.Has(c.want)
						}
					}
					return c.want == ""
				})
				w.must(err)
				if got := w.a.Counts()["late"]; got != 1 {
					t.Errorf("late: %d", got)
				}
				if _, ok := c.reply.(chat.Show); !ok {
					return
				}
				w.reply(reason())
				ready, err := w.mina().Read(c.want)
				w.must(err)
				w.must(w.mina().Press(ready, "Continue"))
				if _, err := w.mina().ReadModal("Reason"); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func TestALateCompletionOffersNothing(t *testing.T) {
	t.Parallel()
	var ring chan time.Time
	w := newTown(t, "gateway", func(o *Options) { ring = late(o) })
	defer w.slowly(chat.Offer{})()
	done := make(chan error, 1)
	go func() {
		offered, err := w.mina().Autocomplete("access request", "package", "co")
		if len(offered) != 0 {
			t.Errorf("offered %v", offered)
		}
		done <- err
	}()
	ring <- time.Time{}
	w.must(<-done)
}

func TestALateAnswerWaitsAsLongAsDiscordAsks(t *testing.T) {
	t.Parallel()
	var ring chan time.Time
	w := newTown(t, "gateway", func(o *Options) { ring = late(o) })
	m := w.post("one", brief("Decide", "deny"))
	finish := w.slowly(chat.Tell{Card: brief("You may not")})
	w.fake.Fail(discordfake.Fault{Path: "PATCH /webhooks/", Status: 429, RetryAfter: 30 * time.Millisecond})
	pressed := make(chan error, 1)
	go func() { pressed <- w.mina().Press(m, "deny") }()
	ring <- time.Time{}
	w.must(<-pressed)
	finish()
	if _, err := w.mina().Read("You may not."); err != nil {
		t.Error(err)
	}
}

func TestAFirstAnswerThatWasLostIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]discordfake.Fault{
		"before it arrived":  {Drop: true},
		"after it was taken": {Drop: true, After: true},
		"with a 502":         {Status: http.StatusBadGateway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, "gateway")
			w.reply(chat.Tell{Card: brief("You may not")})
			fault.Path = "POST /interactions/"
			w.fake.Fail(fault)
			w.must(w.mina().Slash("access mine"))
			if _, err := w.mina().Read("You may not."); err != nil {
				t.Error(err)
			}
			if n := len(w.intents()); n != 1 {
				t.Errorf("the handler was asked %d times", n)
			}
		})
	}
}

func TestWhatIsUnderWayIsFinishedAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"gateway", "http"} {
		w := newTown(t, way)
		began, proceed := make(chan struct{}), make(chan struct{})
		w.by(func(ctx context.Context, _ chat.Intent) chat.Reply {
			close(began)
			<-proceed
			if ctx.Err() != nil {
				return chat.Nothing{}
			}
			return chat.Tell{Card: brief("Finished")}
		})
		typed := make(chan error, 1)
		go func() { typed <- w.mina().Slash("access mine") }()
		<-began
		w.end()
		close(proceed)
		w.must(<-typed)
		if _, err := w.mina().Read("Finished."); err != nil {
			t.Errorf("%s: %v", way, err)
		}
	}
}
