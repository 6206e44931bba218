package desk

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// No card names a deadline after the end of the access, and whose terms were
// not accepted before that end is not told that nobody decided.
func TestTheEndIsTheLastDeadline(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.at = time.Date(2026, 9, 25, 9, 0, 0, 0, time.UTC) // the access ends on 1 October
	h.locale("en", carla)
	h.fills(carla, h.types(carla, "/access request contractor"), form.Values{"justification": val("I help."), "answer.country": val("de")})
	ask := h.last(olga, "asks for")
	if text := cardText(ask.Card); !strings.Contains(text, "To be decided by: 1 October 2026") {
		t.Errorf("the approver's card:\n%s", text)
	}
	h.fills(olga, h.presses(olga, ask, "Approve"), form.Values{"reason": val("Fine.")})
	h.last(carla, "Please read and accept the terms by 1 October 2026")
	h.pass(10 * day)
	h.last(carla, "The terms were not accepted before the end of the access.")
	for _, m := range h.cards(carla) {
		if text := cardText(m.Card); strings.Contains(text, "before it was decided") || strings.Contains(text, "ask again") {
			t.Errorf("carla reads:\n%s", text)
		}
	}
}
