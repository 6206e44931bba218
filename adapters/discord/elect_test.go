package discord

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/runtime"
)

// hurried makes the waits of the watchdog a twentieth.
func hurried(o *Options) {
	o.After = func(d time.Duration) <-chan time.Time {
		if d == waitAnswer {
			return time.After(d)
		}
		return time.After(d / 20)
	}
}

func TestAReconnectWithinAResumeIsSurvived(t *testing.T) {
	t.Parallel()
	w := settleIn(t, furnish(t, "gateway", discordfake.Options{}, hurried))
	w.reply(chat.Tell{Card: brief("You may not")})
	g := w.fake.Gateway()
	for range 2 {
		before := g.Stats()
		g.AnswerResume(discordfake.ResumeReconnect)
		g.Cut()
		w.must(g.Await("a new session", func(s discordfake.GatewayStats) bool {
			return s.Sessions == 1 && s.Identifies == before.Identifies+1 && s.Resumes == before.Resumes+1
		}))
		w.must(w.mina().Slash("access mine"))
	}
	if n := w.a.Counts()["replaced"]; n != 2 {
		t.Errorf("replaced %d sessions", n)
	}
}

// leases is one holder in memory.
type leases struct {
	mu     sync.Mutex
	holder string
	until  time.Time
	err    error
}

// Lease implements runtime.Leases.
func (l *leases) Lease(_ context.Context, _, holder string, now time.Time, ttl time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return false, l.err
	}
	if l.holder != "" && l.holder != holder && l.until.After(now) {
		return false, nil
	}
	l.holder, l.until = holder, now.Add(ttl)
	return true, nil
}

// Release implements runtime.Leases.
func (l *leases) Release(_ context.Context, _, holder string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holder == holder {
		l.holder = ""
	}
	return l.err
}

func (l *leases) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

func (l *leases) give(holder string, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.holder, l.until = holder, until
}

var _ runtime.Leases = (*leases)(nil)

func TestOneOfTwoHoldsTheGateway(t *testing.T) {
	t.Parallel()
	shared := &leases{}
	held := func(name string) func(*Options) {
		return func(o *Options) { o.Leases, o.Holder = shared, name }
	}
	inBubble(t, discordfake.Options{}, held("one"), func(b *bubble) {
		second := &bubble{t: t, fake: b.fake}
		pass(time.Second)
		second.start(held("two"))
		pass(time.Minute)
		if s := b.stats(); s.Sessions != 1 || s.Identifies != 1 {
			t.Fatalf("two of them hold it: %+v", s)
		}
		if err := second.a.Ready(b.t.Context()); err != nil {
			t.Errorf("who stands by is not ready: %v", err)
		}
		if _, err := second.a.Post(b.t.Context(), "one", chat.Address{Account: accountOf("discord", b.fake.Person("mina").ID())}, brief("Hello")); err != nil {
			t.Errorf("who stands by cannot post: %v", err)
		}
		b.stop() // lets go
		pass(leaseEvery + 15*time.Second)
		if s := b.stats(); s.Sessions != 1 || s.Identifies != 2 || s.Most != 1 {
			t.Errorf("nobody took over: %+v", s)
		}
		if !second.click("1") {
			t.Error("the other does not answer")
		}
		second.stop()
		b.start(nil) // for the end of the story
	})
}

func TestTheGatewayIsLetGoWithItsLease(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trouble func(*leases)
		after   time.Duration
		held    int
	}{
		"another has it":           {func(l *leases) { l.give("other", time.Now().Add(time.Hour)) }, 10 * time.Second, 0},
		"the store is gone":        {func(l *leases) { l.fail(errors.New("down")) }, time.Minute, 0},
		"the store is gone a bit":  {func(l *leases) { l.fail(errors.New("down")) }, 7 * time.Second, 1},
		"nothing happened":         {func(*leases) {}, time.Hour, 1},
		"another had it, a moment": {func(l *leases) { l.give("other", time.Now().Add(time.Minute)) }, 3 * time.Minute, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &leases{}
			inBubble(t, discordfake.Options{}, func(o *Options) { o.Leases, o.Holder = l, "one" }, func(b *bubble) {
				pass(time.Minute)
				if n := b.stats().Sessions; n != 1 {
					t.Fatalf("%d sessions at first", n)
				}
				c.trouble(l)
				pass(c.after)
				if n := b.stats().Sessions; n != c.held {
					t.Errorf("%d sessions, want %d", n, c.held)
				}
			})
		})
	}
}
