package slack

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

// clock is one that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// again is the same chat in a new process, after the first one died.
func (w *town) again() *Adapter {
	w.t.Helper()
	o := w.a.o
	a, err := New(o)
	w.must(err)
	return a
}

var mina = chat.Address{Account: "slack/U0MINA"}

func TestACardWhoseAnswerWasLostIsFound(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.post("another", small("Another"))
	w.fake.Fail(slackfake.Fault{Method: "chat.postMessage", Drop: true, After: true})
	_, err := w.a.Post(t.Context(), "lost", mina, small("Lost"))
	if f := access.AsFault(err); err == nil || f.Failure != access.FailRetry {
		t.Fatalf("Post says %v", err)
	}
	ref, err := w.a.Post(t.Context(), "lost", mina, small("Lost"))
	if err != nil || len(w.Messages(t, mina)) != 2 {
		t.Errorf("%v, %d messages", err, len(w.Messages(t, mina)))
	}
	if later, err := w.again().Post(t.Context(), "lost", mina, small("Lost")); err != nil || later != ref || len(w.Messages(t, mina)) != 2 {
		t.Errorf("a new process: %q, %v, %d messages; want %q", later, err, len(w.Messages(t, mina)), ref)
	}
}

func TestACardThatIsFoundAgainShowsHowThingsAreNow(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	old := w.post("one", small("Before"))
	ref, err := w.again().Post(t.Context(), "one", mina, small("After"))
	w.must(err)
	if m, ok := w.See(t, ref); !ok || ref != old.Channel+"/"+old.TS || !strings.Contains(m.Text, "After") {
		t.Errorf("%q shows %q", ref, m.Text)
	}
	w.fake.Fail(slackfake.Fault{Method: "chat.update", Error: "edit_window_closed"})
	anew, err := w.again().Post(t.Context(), "one", mina, small("Anew"))
	if m, ok := w.See(t, anew); err != nil || !ok || anew == ref || !strings.Contains(m.Text, "Anew") {
		t.Errorf("%q shows %q, %v", anew, m.Text, err)
	}
}

func TestALostCardIsNotPostedBlindly(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.fake.Fail(slackfake.Fault{Method: "chat.postMessage", Status: 500, After: true})
	_, _ = w.a.Post(t.Context(), "lost", mina, small("Lost"))
	w.fake.Fail(slackfake.Fault{Method: "conversations.history", Status: 503})
	if _, err := w.a.Post(t.Context(), "lost", mina, small("Lost")); access.AsFault(err).Failure != access.FailRetry || err == nil {
		t.Errorf("Post says %v", err)
	}
	if _, err := w.a.Post(t.Context(), "lost", mina, small("Lost")); err != nil || len(w.Messages(t, mina)) != 1 {
		t.Errorf("%v, %d messages", err, len(w.Messages(t, mina)))
	}
}

func TestWithoutTheHistoryCardsArePostedAllTheSame(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.fake.DropScope("im:history")
	if _, err := w.a.Post(t.Context(), "one", mina, small("One")); err != nil {
		t.Error(err)
	}
}

func TestLookingForRepeatsIsBounded(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http", func(a *Adapter) { a.o.Clock = &clock{at: time.Now()} })
	for i := range 30 {
		if _, err := w.a.Post(t.Context(), chat.EffectID(fmt.Sprint(i)), mina, small("Card")); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.fake.Calls("conversations.history")); n != 20 {
		t.Errorf("%d looks for 30 cards at once, want 20", n)
	}
	if n := len(w.fake.Calls("conversations.open")); n != 1 {
		t.Errorf("the direct message was opened %d times", n)
	}
}

func TestAHeldMethodHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	now := &clock{at: time.Now()}
	w := newTown(t, "http", func(a *Adapter) { a.o.Clock = now })
	general := chat.Address{Channel: "slack/C0GENERAL"}
	card := w.post("one", small("One"))
	w.fake.Fail(slackfake.Fault{Method: "chat.postMessage", Status: 429, RetryAfter: 7, Only: func(args map[string]string) bool { return args["channel"] == "C0GENERAL" }})
	for range 2 {
		_, err := w.a.Post(t.Context(), "two", general, small("Two"))
		f := access.AsFault(err)
		if f.Failure != access.FailRetry || f.Code != "slackBusy" || !f.RetryAt.Equal(now.at.Add(7*time.Second)) {
			t.Errorf("Post says %v until %v", err, f.RetryAt)
		}
	}
	if n := len(w.fake.Calls("chat.postMessage")); n != 2 {
		t.Errorf("%d calls, want 2: the second try must not go out", n)
	}
	if _, err := w.a.Post(t.Context(), "three", mina, small("Three")); err != nil {
		t.Errorf("another place: %v", err)
	}
	if err := w.a.Edit(t.Context(), card.Channel+"/"+card.TS, small("One more")); err != nil {
		t.Errorf("another method: %v", err)
	}
	now.move(8 * time.Second)
	if _, err := w.a.Post(t.Context(), "two", general, small("Two")); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestFaultsOfPosting(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	for code, want := range map[string]access.Fault{
		"missing_scope":     {Failure: access.FailHuman, Code: "slackScope"},
		"not_in_channel":    {Failure: access.FailHuman, Code: "slackNotInChannel"},
		"is_archived":       {Failure: access.FailHuman, Code: "slackArchived"},
		"restricted_action": {Failure: access.FailHuman, Code: "slackRestricted"},
		"token_revoked":     {Failure: access.FailHuman, Code: "slackAuth"},
		"account_inactive":  {Failure: access.FailNever, Code: "personGone"},
		"user_not_found":    {Failure: access.FailNever, Code: "unknownPerson"},
		"channel_not_found": {Failure: access.FailNever, Code: "noSuchPlace"},
		"invalid_blocks":    {Failure: access.FailNever, Code: "badCard"},
		"internal_error":    {Failure: access.FailRetry, Code: "slackDown"},
		"from_the_future":   {Failure: access.FailHuman, Code: "slackRefused"},
	} {
		w.fake.Fail(slackfake.Fault{Method: "chat.postMessage", Error: code})
		_, err := w.a.Post(t.Context(), chat.EffectID(code), mina, small("Card"))
		if f := access.AsFault(err); f.Failure != want.Failure || f.Code != want.Code || err == nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	for status, want := range map[int]access.Failure{500: access.FailRetry, 502: access.FailRetry, 400: access.FailHuman, 404: access.FailHuman} {
		w.fake.Fail(slackfake.Fault{Method: "chat.postMessage", Status: status})
		_, err := w.a.Post(t.Context(), chat.EffectID(fmt.Sprint(status)), mina, small("Card"))
		if f := access.AsFault(err); f.Failure != want || err == nil {
			t.Errorf("%d: %v", status, err)
		}
	}
	w.fake.DropScope("chat:write")
	_, err := w.a.Post(t.Context(), "scope", mina, small("Card"))
	if err == nil || !strings.Contains(err.Error(), "chat:write") {
		t.Errorf("the missing scope is not named: %v", err)
	}
}

func TestCardsThatCannotBeEditedAnyMore(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	m := w.post("one", small("One"))
	for _, code := range []string{"edit_window_closed", "cant_update_message", "message_not_found", "channel_not_found", "is_archived"} {
		w.fake.Fail(slackfake.Fault{Method: "chat.update", Error: code})
		if err := w.a.Edit(t.Context(), m.Channel+"/"+m.TS, small("Two")); !errors.Is(err, access.ErrGone) {
			t.Errorf("%s: %v", code, err)
		}
	}
	w.fake.Fail(slackfake.Fault{Method: "chat.update", Status: 503})
	if err := w.a.Edit(t.Context(), m.Channel+"/"+m.TS, small("Two")); errors.Is(err, access.ErrGone) || access.AsFault(err).Failure != access.FailRetry {
		t.Errorf("503: %v", err)
	}
}
