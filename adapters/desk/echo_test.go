package desk

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// echoing is a house whose chat has no elements for times.
func echoing(t *testing.T) *house {
	caps := chattest.Pages()
	caps.Echo = true
	return newHouse(t, caps)
}

// asksFor fills in the whole form for production, with an end of one's own.
func asksFor(h *house, end string) chat.Reply {
	r := h.types(mina, "/access request production")
	for range 5 {
		switch x := r.(type) {
		case chat.Show:
			r = h.fills(mina, r, form.Values{"justification": val("A release."), "end": val(end)})
		case chat.Tell:
			if len(x.Card.Buttons) != 1 {
				return r
			}
			r = h.taps(mina, r, x.Card.Buttons[0].Label)
		}
	}
	return r
}

func TestTimesThatAreTypedAreReadBackBeforeTheyCount(t *testing.T) {
	t.Parallel()
	h := echoing(t)
	r := asksFor(h, "10 Sep 2026 18:00")
	card := h.told(r)
	if len(h.ledgers[mina].Requests) != 0 {
		t.Fatal("it was sent before it was read back")
	}
	fact := card.Blocks[1].Fields[0]
	want := time.Date(2026, 9, 10, 17, 0, 0, 0, time.UTC) // 18:00 in London
	if fact.Label != "Until, or for how long" || fact.Value[0].Kind != chat.Moment || !fact.Value[0].At.Equal(want) {
		t.Errorf("understood: %+v", fact)
	}

	again := h.shown(h.taps(mina, r, "Change"))
	for _, f := range again.Page.Fields {
		if f.ID == "end" && strings.Join(f.Value, "") != "10 Sep 2026 18:00" {
			t.Errorf("what was typed is lost: %q", f.Value)
		}
	}
	r = h.fills(mina, again, form.Values{"end": val("9 Sep 2026")})
	h.says(h.taps(mina, r, h.told(r).Buttons[0].Label), "Your request for Production access is on its way. A message of its own keeps you up to date.")
	if got := h.ledgers[mina].Requests; len(got) != 1 || got[0].Window.End.Day() != 9 {
		t.Errorf("asked for %+v", got)
	}
}

func TestAFormWithoutTimesIsNotReadBack(t *testing.T) {
	t.Parallel()
	h := echoing(t)
	asksFor(h, "")
	if len(h.ledgers[mina].Requests) != 1 {
		t.Error("nothing was sent")
	}
}
