package desk

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// asksRita lets mina request a badge, which rita hands out.
func asksRita(t *testing.T) *house {
	h := newHouse(t, chattest.Modal())
	h.locale("en", rita, mina, olga)
	h.fills(mina, h.types(mina, "/access request badge"), form.Values{"justification": val("I keep ringing.")})
	return h
}

func (h *house) taskCards() (open int) {
	for _, m := range h.cards(rita) {
		open += strings.Count(cardText(m.Card), "[Done]")
	}
	return open
}

func TestTryAgainAsksTheHandsAnew(t *testing.T) {
	t.Parallel()
	h := asksRita(t)
	h.pass(3*day + time.Hour)
	h.presses(olga, h.last(olga, "nobody has done it by hand"), "Try again")
	h.last(olga, "is being tried again")
	h.last(rita, "asked again on a newer card")
	if n := h.taskCards(); n != 1 {
		t.Errorf("%d tasks are open", n)
	}
	h.pass(2 * day)
	if l := h.ledgers[mina]; l.Roles[role("badge", "holder")].Failed != "" {
		t.Error("the three days did not begin anew")
	}
	h.presses(rita, h.last(rita, "Please give"), "Done")
	h.last(mina, "is on")
}

func TestWhatNobodyHandedOutIsNotTakenAway(t *testing.T) {
	t.Parallel()
	h := asksRita(t)
	h.fills(olga, h.types(olga, "/access-admin remove @mina badge"), form.Values{"reason": val("A mistake.")})
	h.last(rita, "Not needed any more for", "If you have handed it out already, please take it away again.")
	if n := h.taskCards(); n != 0 {
		t.Errorf("%d tasks are open", n)
	}
	if l := h.ledgers[mina]; l.Holds("badge") != nil {
		t.Errorf("mina is said to have it: %+v", l.Assignments)
	}
}

func TestATakeAwayTaskSaysWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(*house)
		want string
	}{
		"ended":   {func(h *house) { h.pass(40 * day) }, "Why: The access ended on "},
		"back":    {func(h *house) { h.presses(mina, h.last(mina, "[Give back]"), "Give back") }, "Why: Mina Okafor gave the access back on "},
		"taken":   {func(h *house) { h.fills(olga, h.types(olga, "/access-admin remove @mina badge"), nil) }, "Why: Olga Petrov took the access away on "},
		"package": {(*house).takesBadge, "Why: The package was changed and does not give this any more."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := asksRita(t)
			h.presses(rita, h.last(rita, "Please give"), "Done")
			c.end(h)
			got := cardText(h.last(rita, "Please take this away").Card)
			if !strings.Contains(got, c.want) || strings.Contains(got, "How long") {
				t.Errorf("the task:\n%s", got)
			}
		})
	}
}

// takesBadge changes the package so that it gives something else.
func (h *house) takesBadge() {
	p := h.w.Packages["badge"]
	p.Revision++
	p.Roles = []access.RoleRef{role("site", "reader")}
	h.w.Packages["badge"] = p
	h.pass(time.Hour)
}

// What never worked until the access ended is told as that, not as mended.
func TestWhatNeverWorkedIsNotToldAsMended(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.locale("en", rita, mina, olga)
	p := h.w.Packages["badge"]
	p.Revision++
	p.Roles = append([]access.RoleRef{role("site", "reader")}, p.Roles...)
	h.w.Packages["badge"] = p
	h.fills(mina, h.types(mina, "/access request badge"), form.Values{"justification": val("I keep ringing.")})
	h.pass(3*day + time.Hour)
	h.last(olga, "nobody has done it by hand")
	h.pass(10 * day)
	h.last(olga, "A part of Door badge was never set up for Mina Okafor, and the access is over.")
	for _, m := range h.cards(olga) {
		if strings.Contains(cardText(m.Card), "in order now") {
			t.Errorf("olga reads:\n%s", cardText(m.Card))
		}
	}
}
