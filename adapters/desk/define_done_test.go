package desk

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// turnstile is a runtime before and after whose edits something can happen,
// once.
type turnstile struct {
	*runtime.Runtime
	mu                  sync.Mutex
	plan, before, after func()
}

func (s *turnstile) PlanAs(ctx context.Context, t access.TenantID, who access.Account, e runtime.Edit) ([]runtime.Defined, error) {
	s.once(&s.plan)
	return s.Runtime.PlanAs(ctx, t, who, e)
}

func (s *turnstile) EditAs(ctx context.Context, t access.TenantID, who access.Account, id engine.CommandID, e runtime.Edit) ([]runtime.Defined, error) {
	s.once(&s.before)
	done, err := s.Runtime.EditAs(ctx, t, who, id, e)
	s.once(&s.after)
	return done, err
}

func (s *turnstile) once(hook *func()) {
	s.mu.Lock()
	f := *hook
	*hook = nil
	s.mu.Unlock()
	if f != nil {
		f()
	}
}

// another is a second process on the same store.
func (w *workshop) another() *Desk {
	w.t.Helper()
	d, err := New(Parts{Scratch: w.desk.scratch, Clock: w.house, Chats: []chat.Adapter{w.chat}, Log: zerolog.New(w.log)})
	if err != nil {
		w.t.Fatal(err)
	}
	d.Use(runtime.New(runtime.Options{Store: w.store, Directory: directory{w}, Clock: w.house, Log: zerolog.New(w.log), Messenger: d, Connectors: w.connectors()}))
	return d
}

// twice presses a button two times in every order that there is, each time in a
// workshop of its own, and expects the same good answer of both.
func twice(t *testing.T, label, want string, until func(*workshop) chat.Card, then func(*testing.T, *workshop)) {
	t.Helper()
	orders := map[string]func(w *workshop, gate *turnstile, press func(n int)){
		"one after the other": func(_ *workshop, _ *turnstile, press func(int)) { press(0); press(1) },
		"the second before the first plans": func(_ *workshop, gate *turnstile, press func(int)) {
			gate.plan = func() { press(1) }
			press(0)
			gate.once(&gate.plan) // where nothing is planned
		},
		"the second before the first writes": func(_ *workshop, gate *turnstile, press func(int)) { gate.before = func() { press(1) }; press(0) },
		"the second before the first answers": func(_ *workshop, gate *turnstile, press func(int)) {
			gate.after = func() { press(1) }
			press(0)
		},
		"both at once": func(_ *workshop, _ *turnstile, press func(int)) {
			var both sync.WaitGroup
			both.Go(func() { press(0) })
			both.Go(func() { press(1) })
			both.Wait()
		},
	}
	for name, order := range orders {
		for where, second := range map[string]func(*workshop) *Desk{"": func(w *workshop) *Desk { return w.desk }, ", in two processes": (*workshop).another} {
			t.Run(name+where, func(t *testing.T) {
				t.Parallel()
				w := openWorkshop(t, chattest.Modal())
				gate := &turnstile{Runtime: w.r}
				token := w.button(until(w), label)
				w.desk.Use(gate)
				desks, answers := []*Desk{w.desk, second(w)}, make([]string, 2)
				order(w, gate, func(n int) {
					reply := desks[n].Handle(context.Background(), chat.Pressed{Who: w.who(olga), ID: "press-" + string(rune('0'+n)), Token: token})
					answers[n] = spell(reply)
				})
				for n, got := range answers {
					if !strings.Contains(got, want) || got != answers[0] {
						t.Errorf("press %d is told\n%s\nthe first\n%s", n+1, got, answers[0])
					}
				}
				then(t, w)
			})
		}
	}
}

func TestConfirmPressedTwice(t *testing.T) {
	t.Parallel()
	twice(t, "Confirm", "The package Wiki is changed.", func(w *workshop) chat.Card {
		w.wiki(access.General, role("design-team", "member"))
		r := w.through(olga, w.edits(olga, w.types(olga, "/access-admin package edit wiki"), "name"), form.Values{"description": val("New.")})
		return w.told(w.taps(olga, r, "Save"))
	}, func(t *testing.T, w *workshop) {
		if p := w.pack("wiki"); p.Description != "New." || p.Revision != 2 {
			t.Errorf("%+v", p)
		}
	})
}

func TestKeepingConfirmedTwice(t *testing.T) {
	t.Parallel()
	twice(t, "Confirm", "The package Wiki stays: nothing is deleted.", func(w *workshop) chat.Card {
		w.goingWiki()
		return w.told(w.taps(olga, w.types(olga, "/access-admin package show wiki"), "Keep it"))
	}, func(t *testing.T, w *workshop) {
		if w.pack("wiki").Deleting {
			t.Error("it is to be deleted still")
		}
	})
}

func TestADeletionWhenFreeConfirmedTwice(t *testing.T) {
	t.Parallel()
	twice(t, "Confirm", "The package Wiki is deleted as soon as nobody has it", func(w *workshop) chat.Card {
		w.heldWiki()
		return w.told(w.taps(olga, w.types(olga, "/access-admin package delete wiki"), "Delete when free"))
	}, func(t *testing.T, w *workshop) {
		if !w.pack("wiki").Deleting {
			t.Error("it is not to be deleted")
		}
	})
}

func TestADeletionConfirmedTwice(t *testing.T) {
	t.Parallel()
	twice(t, "Confirm", "The package Wiki is deleted.", func(w *workshop) chat.Card {
		w.wiki(access.General, role("design-team", "member"))
		return w.told(w.types(olga, "/access-admin package delete wiki"))
	}, func(t *testing.T, w *workshop) {
		if w.pack("wiki").ID != "" {
			t.Error("it is there")
		}
	})
}

func TestCreatePressedTwice(t *testing.T) {
	t.Parallel()
	twice(t, "Create", "The package Wiki writers is there.", func(w *workshop) chat.Card {
		r := w.through(olga, w.types(olga, "/access-admin package create Wiki writers"), nil)
		r = w.through(olga, r, form.Values{"gives": val("design-team/member")})
		for range stepTerms - stepWho + 1 {
			r = w.through(olga, r, nil)
		}
		return w.told(r)
	}, func(t *testing.T, w *workshop) {
		if w.pack("wiki-writers").ID == "" || w.pack("wiki-writers-2").ID != "" {
			t.Error("it was not made once")
		}
	})
}

// What was begun and is made or thrown away by now says so.
func TestASpentCardSaysWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		w.through(olga, w.types(olga, "/access-admin package create Tools"), nil)
		begun := w.types(olga, "/access-admin package create")
		w.taps(olga, begun, "Discard")
		for _, label := range []string{"Go on", "Discard"} {
			w.says(w.taps(olga, begun, label), "What was not saved of Tools is gone.")
		}
		r := w.through(olga, w.types(olga, "/access-admin package create Wiki writers"), nil)
		begun = w.types(olga, "/access-admin package create")
		r = w.through(olga, r, form.Values{"gives": val("design-team/member")})
		for range stepTerms - stepWho + 1 {
			r = w.through(olga, r, nil)
		}
		w.taps(olga, r, "Create")
		for _, label := range []string{"Go on", "Discard"} {
			w.says(w.taps(olga, begun, label), "The package Wiki writers is there.")
		}
		w.says(w.taps(olga, r, "Create"), "The package Wiki writers is there.")
	})
}

// A form of something that was thrown away says so, and not that it never was.
func TestAFormOfWhatWasThrownAway(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	gives := w.through(olga, w.types(olga, "/access-admin package create Tools"), nil)
	w.taps(olga, w.types(olga, "/access-admin package create"), "Discard")
	w.says(w.fills(olga, gives, form.Values{"gives": val("design-team/member")}),
		"What you had begun as Tools is not there any more: it was thrown away. /access-admin package create begins anew.")
}

func TestNamesThatAreTypedWithTheCommandAreKept(t *testing.T) {
	t.Parallel()
	for name, caps := range map[string]form.Caps{"modal": chattest.Modal(), "pages": chattest.Pages()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t, caps)
			for command, want := range map[string]string{"catalog create Media": "Media", "package create Media kit": "Media kit", "catalog create #media": "#media"} {
				if got := field(t, s.shown(s.types(olga, "/access-admin "+command)).Page, "name").Value; len(got) != 1 || got[0] != want {
					t.Errorf("%s: the form has %q", command, got)
				}
			}
		})
	}
}

// Cards go only where they can be posted to; what stands there already stays.
func TestChannelsThatNoCardReaches(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	s.chat.KeepOut("play/quiet")
	nowhere := "There is no channel #nowhere that Usher can write to. Choose one from the list, or write its name like #approvals. If it is there and not listed, invite Usher into it first."
	quiet := "Usher cannot write into #quiet. Invite it into the channel and let it write there, and try again."
	for _, command := range []string{"catalog edit design", "catalog create X"} {
		s.wrong(s.pages(olga, s.types(olga, "/access-admin "+command), form.Values{"channels": val("#nowhere")}), "channels", nowhere)
		s.wrong(s.pages(olga, s.types(olga, "/access-admin "+command), form.Values{"channels": val("#quiet")}), "channels", quiet)
	}
	settings := s.does(chat.Pressed{Who: s.who(olga), ID: s.id(), Token: encoded(t, chat.Token{Verb: verbSettingsEdit, Tenant: tenant, Arg: partRouting})})
	s.wrong(s.pages(olga, settings, form.Values{"channels": val("#nowhere")}), "channels", nowhere)
	s.confirms(olga, s.pages(olga, s.types(olga, "/access-admin catalog edit design"), form.Values{"channels": val("#approvals", "#all")}), "#all")
	s.chat.FailWith(&access.Fault{Failure: access.FailRetry, Code: "down"})
	s.wrong(s.pages(olga, s.types(olga, "/access-admin catalog edit general"), form.Values{"channels": val("#all")}), "channels",
		"It could not be checked whether Usher can write into #all. Please try again in a moment.")
}

func encoded(t *testing.T, token chat.Token) string {
	t.Helper()
	out, err := token.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// heldWiki makes a package that somebody has.
func (w *workshop) heldWiki() {
	w.t.Helper()
	w.wiki(access.General, role("design-team", "member"))
	w.through(olga, w.types(olga, "/access-admin assign @mina wiki"), nil)
}

// goingWiki makes one that is to be deleted.
func (w *workshop) goingWiki() {
	w.t.Helper()
	w.heldWiki()
	w.taps(olga, w.taps(olga, w.types(olga, "/access-admin package delete wiki"), "Delete when free"), "Confirm")
}
