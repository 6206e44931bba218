package slack

import (
	"context"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
)

// A home that was opened follows what happens to its owner's cards, and what
// happens together is one drawing.
func TestTheHomeFollowsTheCardsOfItsOwner(t *testing.T) {
	t.Parallel()
	rest := make(chan time.Time)
	w := newTown(t, "http", func(a *Adapter) {
		a.o.After = func(d time.Duration) <-chan time.Time {
			if d == homeRest {
				return rest
			}
			return time.After(d)
		}
	})
	says := "Waiting for Ada"
	w.by(func(context.Context, chat.Intent) chat.Reply {
		w.mu.Lock()
		defer w.mu.Unlock()
		return chat.Tell{Card: small(says)}
	})
	published := func(want int) {
		t.Helper()
		if got := len(w.fake.Calls("views.publish")); got != want {
			t.Errorf("drawn %d times, want %d", got, want)
		}
	}
	mina, ada := chat.Address{Account: "slack/U0MINA"}, chat.Address{Account: "slack/U0ADA"}
	post := func(id chat.EffectID, to chat.Address) string {
		t.Helper()
		ref, err := w.a.Post(t.Context(), id, to, small("A card"))
		w.must(err)
		return ref
	}
	ref := post("before", mina) // nobody has looked at their home yet
	post("others", ada)
	published(0)
	w.must(w.mina().OpenHome())
	if _, err := w.mina().ReadHome("Waiting for Ada"); err != nil {
		t.Fatal(err)
	}

	w.mu.Lock()
	says = "Approved by Ada"
	w.mu.Unlock()
	w.must(w.a.Edit(t.Context(), ref, small("Another card")))
	post("after", mina)
	post("theirs", ada)
	w.must(w.fake.Await("the first drawing", func() bool { return len(w.fake.Calls("views.publish")) == 1 }))
	rest <- time.Now()
	if _, err := w.mina().ReadHome("Approved by Ada"); err != nil {
		t.Fatal(err)
	}
	w.must(w.fake.Await("a second drawing", func() bool { return len(w.fake.Calls("views.publish")) == 2 }))
	w.must(w.a.Edit(t.Context(), ref, small("The last card")))
	rest <- time.Now() // is waited for again
	w.must(w.fake.Await("a third drawing", func() bool { return len(w.fake.Calls("views.publish")) == 3 }))
}

// Cards of a message that this process did not open are known by the home.
func TestTheHomeTellsWhoseAConversationIs(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.reply(chat.Tell{Card: small("Home")})
	w.must(w.mina().OpenHome())
	if _, err := w.mina().ReadHome("Home"); err != nil {
		t.Fatal(err)
	}
	w.must(w.fake.Await("the owner", func() bool {
		user, _ := w.a.owners.Get("D0MINA")
		return user == "U0MINA"
	}))
}
