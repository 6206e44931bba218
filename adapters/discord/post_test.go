package discord

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
)

// posts are the calls that posted a message.
func (w *town) posts() (n int) {
	for _, c := range w.fake.Calls("POST /channels/") {
		if strings.HasSuffix(c.Path, "/messages") {
			n++
		}
	}
	return n
}

func (w *town) home() chat.Address { return chat.Address{Account: w.Who(0).Account} }

func TestAPostWhoseAnswerWasLostIsOneMessage(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.fake.Fail(discordfake.Fault{Path: "POST /channels/*/messages", Drop: true, After: true})
	if _, err := w.a.Post(t.Context(), "one", w.home(), brief("Before")); faultIn(err) != (access.Fault{Failure: access.FailRetry, Code: "discordDown"}) {
		t.Fatalf("Post says %v", err)
	}
	m := w.postTo("one", w.home(), brief("After"))
	if all := w.fake.DMs("mina"); len(all) != 1 || !m.Has("After.") {
		t.Errorf("%d messages, the last says %q", len(all), m.Body)
	}
}

func TestAnotherProcessRecognisesAPost(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	first := w.postTo("one", w.home(), brief("Before"))
	later := func(o *Options) { o.Clock = &clock{at: time.Now().Add(time.Minute)} }
	other := w.another(later)
	ref, err := other.Post(t.Context(), "one", w.home(), brief("After"))
	if err != nil || ref != first.Channel+"/"+first.ID {
		t.Fatalf("the other says %q, %v", ref, err)
	}
	if m, _ := w.fake.Message(first); !m.Has("After.") {
		t.Errorf("people read %q", m.Body)
	}
}

// clock is a time that a test sets.
type clock struct{ at time.Time }

// Now implements runtime.Clock.
func (c *clock) Now() time.Time { return c.at }

// another is an adapter of the same chat in another process; it doesn't run.
func (w *town) another(change ...func(*Options)) *Adapter {
	w.t.Helper()
	o := w.a.o
	for _, c := range change {
		c(&o)
	}
	a, err := New(o)
	w.must(err)
	return a
}

func TestFaultsOfPosts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault discordfake.Fault
		want  access.Fault
	}{
		"no permission":   {discordfake.Fault{Code: 50013}, access.Fault{Failure: access.FailHuman, Code: "discordPermission"}},
		"no access":       {discordfake.Fault{Code: 50001}, access.Fault{Failure: access.FailHuman, Code: "discordAccess"}},
		"two factors":     {discordfake.Fault{Code: 60003}, access.Fault{Failure: access.FailHuman, Code: "discordTwoFactor"}},
		"no such channel": {discordfake.Fault{Code: 10003}, access.Fault{Failure: access.FailNever, Code: "noSuchPlace"}},
		"a bad form":      {discordfake.Fault{Code: 50035}, access.Fault{Failure: access.FailNever, Code: "badCard"}},
		"a 401":           {discordfake.Fault{Status: 401}, access.Fault{Failure: access.FailHuman, Code: "discordAuth"}},
		"a 403":           {discordfake.Fault{Status: 403, HTML: true}, access.Fault{Failure: access.FailHuman, Code: "discordRefused"}},
		"a 500":           {discordfake.Fault{Status: 500}, access.Fault{Failure: access.FailRetry, Code: "discordDown"}},
		"a 502":           {discordfake.Fault{Status: 502, HTML: true}, access.Fault{Failure: access.FailRetry, Code: "discordDown"}},
		"a reset":         {discordfake.Fault{Drop: true}, access.Fault{Failure: access.FailRetry, Code: "discordDown"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, "http")
			c.fault.Path, c.fault.Times = "POST /channels/*/messages", -1
			w.fake.Fail(c.fault)
			before := w.posts()
			_, err := w.a.Post(t.Context(), "one", chat.Address{Channel: w.Channel()}, brief("Hello"))
			if got := faultIn(err); got != c.want {
				t.Errorf("Post says %+v (%v), want %+v", got, err, c.want)
			}
			if n := w.posts() - before; n != 1 {
				t.Errorf("it was called %d times, not once", n)
			}
		})
	}
}

func TestA429SaysWhenAndIsNotSleptOut(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]discordfake.Fault{
		"of the channel": {RetryAfter: time.Hour},
		"of all":         {RetryAfter: time.Hour, Scope: "global"},
		"without JSON":   {RetryAfter: time.Hour, HTML: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, "http")
			home := w.postTo("zero", w.home(), brief("Hello"))
			fault.Path, fault.Status = "POST /channels/*/messages", http.StatusTooManyRequests
			w.fake.Fail(fault)
			began := time.Now()
			for range 3 {
				_, err := w.a.Post(t.Context(), "one", chat.Address{Channel: w.Channel()}, brief("Hello"))
				f := access.AsFault(err)
				if f.Code != "discordBusy" || f.RetryAt.Before(began.Add(59*time.Minute)) || f.RetryAt.After(time.Now().Add(61*time.Minute)) {
					t.Errorf("Post says %v, again at %s", err, f.RetryAt)
				}
			}
			if n := w.posts(); n != 2 {
				t.Errorf("%d posts, want the one before and the one that was refused", n)
			}
			// Another channel has a limit of its own, unless all have to wait.
			err := w.a.Edit(t.Context(), home.Channel+"/"+home.ID, brief("Other"))
			if busy := access.AsFault(err).Code == "discordBusy" && err != nil; busy != (fault.Scope == "global") {
				t.Errorf("Edit elsewhere says %v", err)
			}
			if time.Since(began) > 10*time.Second {
				t.Error("it was slept out")
			}
		})
	}
}

func TestNothingIsCalledBeforeTheAddressIsBanned(t *testing.T) {
	t.Parallel()
	now := &clock{at: time.Now()}
	w := newTown(t, "http", func(o *Options) { o.Clock = now })
	for range invalidLimit - 1 {
		w.a.road.wrong.add(now.at)
	}
	w.fake.Fail(discordfake.Fault{Path: "POST /channels/", Code: 50013})
	if _, err := w.a.Post(t.Context(), "one", chat.Address{Channel: w.Channel()}, brief("Hello")); faultIn(err).Code != "discordPermission" {
		t.Fatalf("Post says %v", err)
	}
	before := len(w.fake.Calls(""))
	_, err := w.a.Post(t.Context(), "two", w.home(), brief("Hello"))
	if f := access.AsFault(err); f.Code != "discordBusy" || !f.RetryAt.After(now.at) {
		t.Errorf("Post says %v, again at %s", err, f.RetryAt)
	}
	if n := len(w.fake.Calls("")) - before; n != 0 {
		t.Errorf("%d calls", n)
	}
	now.at = now.at.Add(invalidWindow + time.Minute)
	if _, err := w.a.Post(t.Context(), "two", w.home(), brief("Hello")); err != nil {
		t.Errorf("ten minutes later Post says %v", err)
	}
}

func TestACardGetsAThreadWhenThatIsWanted(t *testing.T) {
	t.Parallel()
	w := newTown(t, "gateway", func(o *Options) { o.Threads = true })
	m := w.post("one", brief("Decide", "deny"))
	threads := w.fake.Threads(w.channel)
	if len(threads) != 1 || threads[0].ID != m.ID || threads[0].Name != "Decide" {
		t.Fatalf("threads: %+v", threads)
	}
	w.must(w.mina().Reply(m.ID, "It is for the audit"))
	w.until("the reply", func() bool { return len(w.intents()) == 1 })
	in, ok := w.intents()[0].(chat.Replied)
	if !ok || in.Ref != m.Channel+"/"+m.ID || in.Text != "It is for the audit" || in.Who.Account != w.Who(0).Account || in.Who.Tenant != "demo" {
		t.Errorf("arrived as %+v", w.intents()[0])
	}
	w.postTo("two", w.home(), brief("Yours"))
	if n := len(w.fake.Threads(w.channel)); n != 1 {
		t.Errorf("%d threads: a direct message needs none", n)
	}
	// It is archived, and the card is redrawn all the same.
	w.fake.ChangeChannel(m.ID, func(c *discordfake.Channel) { c.Archived = true })
	w.must(w.a.Edit(t.Context(), m.Channel+"/"+m.ID, brief("Decided")))
}

func TestAThreadThatCannotBeOpenedLosesNoCard(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http", func(o *Options) { o.Threads = true })
	w.fake.Fail(discordfake.Fault{Path: "POST /channels/*/messages/", Code: 50013})
	if m := w.post("one", brief("Decide")); !m.Has("Decide.") {
		t.Errorf("people read %q", m.Body)
	}
}

func TestClosedDirectMessages(t *testing.T) {
	t.Parallel()
	closed := func(w *town) { w.fake.ChangeUser("mina", func(u *discordfake.User) { u.DMsClosed = true }) }
	t.Run("without a channel", func(t *testing.T) {
		t.Parallel()
		w := newTown(t, "http")
		closed(w)
		if _, err := w.a.Post(t.Context(), "one", w.home(), brief("Hello")); faultIn(err) != (access.Fault{Failure: access.FailNever, Code: "discordNoDM"}) {
			t.Errorf("Post says %v", err)
		}
	})
	t.Run("with a channel", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, "http")
		f.a.o.Fallback = f.Channel()
		w := settleIn(t, f)
		closed(w)
		first := w.postTo("one", w.home(), brief("Hello"))
		again := w.postTo("two", w.home(), brief("Again"))
		threads := w.fake.Threads(w.channel)
		if len(threads) != 1 || threads[0].Kind != discordfake.PrivateThread || first.Channel != threads[0].ID || again.Channel != first.Channel {
			t.Fatalf("threads: %+v, the card is in %s", threads, first.Channel)
		}
		if members := w.fake.ThreadMembers(first.Channel); !strings.Contains(strings.Join(members, " "), w.people[0]) {
			t.Errorf("in the thread are %v", members)
		}
		w.must(w.a.Edit(t.Context(), first.Channel+"/"+first.ID, brief("Redrawn")))
		w.fake.ChangeChannel(first.Channel, func(c *discordfake.Channel) { c.Archived = true })
		w.must(w.a.Edit(t.Context(), first.Channel+"/"+first.ID, brief("Redrawn again")))
		// Another process finds the thread.
		ref, err := w.another().Post(t.Context(), "three", w.home(), brief("Elsewhere"))
		if w.must(err); !strings.HasPrefix(ref, first.Channel+"/") || len(w.fake.Threads(w.channel)) != 1 {
			t.Errorf("another process posted to %s", ref)
		}
		// The thread is deleted by hand: there is a new one.
		w.fake.DeleteChannel(first.Channel)
		if m := w.postTo("four", w.home(), brief("Once more")); m.Channel == first.Channel {
			t.Error("it was posted into a thread that is gone")
		}
		if err := w.a.Edit(t.Context(), first.Channel+"/"+first.ID, brief("Gone")); !errors.Is(err, access.ErrGone) {
			t.Errorf("Edit says %v", err)
		}
	})
}
