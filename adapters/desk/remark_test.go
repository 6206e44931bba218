package desk

import (
	"errors"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// writes writes below a message; nobody ever gets an answer.
func (h *house) writes(p access.PersonID, ref, text string) {
	h.t.Helper()
	h.nothing(h.does(chat.Replied{Who: h.who(p), ID: h.id(), Ref: ref, Text: text}))
}

func (h *house) remarks(p access.PersonID) int { return len(h.ledgers[p].Requests[0].Remarks) }

func TestWhatIsWrittenBelowACardIsForLaterApprovers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("Release night.")})
	card, mine := h.last(ada, "asks for"), h.last(mina, "Waiting for a decision")
	h.writes(ada, card.Ref, "Which release?")
	h.pass(day)
	h.writes(mina, mine.Ref, "The one on Thursday.")
	h.presses(ada, h.last(ada, "asks for"), "Approve")
	h.presses(ben, h.last(ben, "asks for"), "Approve")
	want := "Written below\n- Ada Lindqvist on 1 September 2026, 09:00 UTC: Which release?\n- Mina Okafor on 2 September 2026, 09:00 UTC: The one on Thursday."
	if got := cardText(h.last(olga, "asks for").Card); !strings.Contains(got, want) {
		t.Errorf("the second stage does not see the talk:\n%s", got)
	}
}

func TestWhatCannotBeKeptIsIgnoredAndItsTextIsInNoLog(t *testing.T) {
	t.Parallel()
	h, card := asked(t)
	h.writes(olga, "unknown", "secret-a")
	h.writes(mina, card.Ref, "secret-b")
	h.writes("play/nobody", card.Ref, "secret-c")
	h.writes(robot, card.Ref, "secret-d")
	h.writes(olga, card.Ref, "  ")
	h.broken = errors.New("the store is away")
	h.writes(olga, card.Ref, "secret-e")
	h.broken = nil
	if got := h.remarks(carla); got != 0 {
		t.Errorf("%d remarks are kept", got)
	}
	log := h.log.String()
	if strings.Contains(log, "secret") || strings.Count(log, "is not kept") != 6 {
		t.Errorf("the log says:\n%s", log)
	}
	h.does(chat.Replied{Who: h.who(olga), ID: "same", Ref: card.Ref, Text: "Once."})
	h.does(chat.Replied{Who: h.who(olga), ID: "same", Ref: card.Ref, Text: "Once."})
	if got := h.remarks(carla); got != 1 {
		t.Errorf("a repeat is kept %d times", got)
	}
}
