package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Whoever left the group of approvers reads that there is nothing to do for
// them any more, and somebody who is asked again has buttons again.
func TestTheCardOfWhoIsNoApproverAnyMoreSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("Release night.")})
	asked := place(access.CardApprover, 1, ben)
	asked.Mark = "1"
	change := func(groups ...access.GroupID) {
		t.Helper()
		profile := h.people[ben]
		profile.Groups = groups
		h.people[ben] = profile
		m := engine.Meta{ID: engine.CommandID(h.id()), At: h.at, Actor: access.SystemActor()}
		d, err := engine.Step(h.ledgers[mina], engine.Refresh{Meta: m}, h.w)
		if err != nil {
			t.Fatal(err)
		}
		h.keep(mina, d)
		h.work(mina)
	}
	if got := len(h.last(ben, "asks for").Card.Buttons); got != 3 {
		t.Errorf("%d buttons for who is asked", got)
	}
	change()
	if got := h.last(ben, "not one of those who decide").Card.Buttons; len(got) != 0 {
		t.Errorf("who is not asked has %d buttons", len(got))
	}
	l := h.ledgers[mina]
	details := h.desk.scene(t.Context(), h.desk.texts.in("UTC", "en"), l, h.w, h.at, ben).approver(l.Requests[0], access.Card{})
	if text := cardText(details); strings.Contains(text, "not one of those who decide") {
		t.Errorf("details say to who was not asked:\n%s", text)
	}
	h.snap("approver-left-out", h.ledgers[mina], asked)
	if got := len(h.last(ada, "asks for").Card.Buttons); got != 3 {
		t.Errorf("%d buttons for who stayed", got)
	}
	change("play/security")
	if got := len(h.last(ben, "asks for").Card.Buttons); got != 3 {
		t.Errorf("%d buttons for who is asked again", got)
	}
}
