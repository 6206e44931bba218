package desk

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

func TestWhatIsOverIsNotOffered(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	if got := cardText(h.told(h.types(carla, "/access"))); !strings.Contains(got, "External contractor") {
		t.Fatalf("carla is not offered what she can ask for:\n%s", got)
	}
	h.at = time.Date(2026, 10, 2, 9, 0, 0, 0, time.UTC)
	if got := cardText(h.told(h.types(carla, "/access"))); strings.Contains(got, "External contractor") {
		t.Errorf("what is over is offered:\n%s", got)
	}
	h.says(h.types(carla, "/access request"), "Es gibt kein Paket, das du beantragen kannst.")
	shown := h.told(h.types(carla, "/access show contractor"))
	if text := cardText(shown); len(shown.Buttons) != 0 || !strings.Contains(text, "Die Zeit dieses Pakets ist vorbei: Es war bis 1. Oktober 2026, 21:59 UTC gedacht.") {
		t.Errorf("its card:\n%s", text)
	}
}

// A policy whose time is over does not stand in the way of another that may be
// chosen.
func TestAPolicyThatIsOverGivesWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	p := h.w.Packages["wiki"]
	p.Policies[0].Lifecycle = access.Lifecycle{Ends: access.EndsOnDate, On: h.at.Add(-day)}
	h.fills(mina, h.types(mina, "/access request wiki"), form.Values{"justification": val("Docs."), "answer.ticket": val("OPS-1")})
	if got := h.ledgers[mina].Requests; len(got) != 1 || got[0].Policy.Policy != "long" {
		t.Errorf("requests: %+v", got)
	}
}

func TestExtendIsNotOfferedWhileAnExtensionWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("Release night."), "end": val("20 days")})
	for _, who := range []access.PersonID{ada, ben, olga} {
		h.presses(who, h.last(who, "asks for"), "Approve")
	}
	h.pass(7 * day) // the notice that it ends soon is out
	offers := func() int {
		n := 0
		for _, m := range h.cards(mina) {
			n += strings.Count(cardText(m.Card), "[Extend]")
		}
		return n
	}
	if got := offers(); got != 2 {
		t.Fatalf("%d cards offer an extension", got)
	}
	h.fills(mina, h.types(mina, "/access extend production"), form.Values{"end": val("5 days"), "justification": val("Another release.")})
	if got := offers(); got != 0 {
		t.Errorf("%d cards offer an extension while one waits", got)
	}
	h.last(mina, "ends soon, and you have asked for more time")
	h.fills(ada, h.presses(ada, h.last(ada, "asks for more time"), "Deny"), form.Values{"reason": val("No.")})
	if got := offers(); got != 1 {
		t.Errorf("%d cards offer an extension again", got)
	}
}

func TestWhoWasLeftWaitingMayAskAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("Release night.")})
	h.pass(30 * day)
	h.last(mina, "Nobody decided in time.", "You can ask again.")
	for _, m := range h.cards(ada) {
		if strings.Contains(cardText(m.Card), "ask again") {
			t.Errorf("an approver reads:\n%s", cardText(m.Card))
		}
	}
}
