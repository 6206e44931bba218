package desk

import (
	"slices"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// sentenceMoments are all the moments that a card's sentences show.
func sentenceMoments(c chat.Card) []time.Time {
	var out []time.Time
	for _, b := range c.Blocks {
		for _, s := range b.Text {
			if s.Kind == chat.Moment {
				out = append(out, s.At.UTC())
			}
		}
	}
	return out
}

// held lets Carla have the package until 1 October.
func held(t *testing.T) *house {
	t.Helper()
	h, card := asked(t)
	h.fills(olga, h.presses(olga, card, "Approve"), form.Values{"reason": val("Agreed.")})
	h.taps(carla, h.presses(carla, h.last(carla, "[Bedingungen lesen]"), "Bedingungen lesen"), "Annehmen")
	return h
}

func TestTheEndIsTheSameHoweverLongTheRemovalTakes(t *testing.T) {
	t.Parallel()
	h := held(t)
	end := time.Date(2026, 10, 1, 21, 59, 0, 0, time.UTC)
	h.rooms[role("site", "visitor")] = "roomBroken"
	h.pass(40 * day)
	if got := h.ledgers[carla].Assignments[0].State; got != access.AssignmentEnding {
		t.Fatalf("the assignment is %s", got)
	}
	before := h.ledgers[carla]
	delete(h.rooms, role("site", "visitor"))
	h.pass(10 * day)
	l := h.past(before)
	a := l.Assignments[0]
	if a.State != access.AssignmentExpired || !a.Ended.After(end.Add(day)) {
		t.Fatalf("%s at %v", a.State, a.Ended)
	}
	for _, kind := range []access.CardKind{access.CardRequestor, access.CardApprover, access.CardOver} {
		g := h.desk.texts.in("UTC", "en")
		c := h.desk.scene(t.Context(), g, l, h.w, h.at, carla).draw(place(kind, 1, carla))
		if got := sentenceMoments(c); !slices.Equal(got, []time.Time{end}) {
			t.Errorf("the %s card says %v:\n%s", kind, got, cardText(c))
		}
	}
	over := h.last(carla, "ist vorbei")
	if got := sentenceMoments(over.Card); !slices.Equal(got, []time.Time{end}) {
		t.Errorf("the notice says %v", got)
	}
}

func TestADeliveryThatWasGivenUpEndedWhenItWas(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.rooms[role("site", "visitor")] = "roomBroken"
	h.fills(mina, h.types(mina, "/access request wiki"), form.Values{"policy": val("short")})
	before := h.ledgers[mina]
	h.pass(15 * day)
	delete(h.rooms, role("site", "visitor"))
	h.pass(2 * day)
	a := h.past(before).Assignments[0]
	if a.State != access.AssignmentExpired || !a.Window.End.IsZero() || expiredAt(a) != a.Ended {
		t.Errorf("%s, window %+v, ended %v, shown %v", a.State, a.Window, a.Ended, expiredAt(a))
	}
	a.Window.End = a.Ended.Add(day)
	if got := expiredAt(a); got != a.Ended {
		t.Errorf("an end that never came is shown: %v", got)
	}
}
