package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// toTheEnd presses More until there is none, and counts the rows.
func (h *house) toTheEnd(who access.PersonID, r chat.Reply) (rows []string, pages int) {
	h.t.Helper()
	for pages = 1; ; pages++ {
		card := h.told(r)
		if err := chat.Check(card); err != nil {
			h.t.Fatal(err)
		}
		for _, b := range card.Blocks {
			if len(b.Buttons) > 0 {
				rows = append(rows, b.Buttons[len(b.Buttons)-1].Token)
			}
		}
		if !slices.ContainsFunc(card.Buttons, func(b chat.Button) bool { return b.Label == "More" }) {
			return rows, pages
		}
		r = h.taps(who, r, "More")
	}
}

// No list of one's own ends before its end.
func TestListsOfOnesOwnGoOnToTheirEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	for i := range 23 {
		p := access.PersonID(fmt.Sprintf("play/p%02d", i))
		h.people[p] = access.Profile{Person: p, Account: access.Account(p), Name: fmt.Sprintf("Person %02d", i), Standing: access.Member, Locale: "en"}
		h.fills(p, h.types(p, "/access request production"), form.Values{"justification": val("x")})
	}
	l := access.Ledger{Tenant: tenant, Person: mina, Next: 40}
	for i := range access.RequestID(20) {
		held := access.Assignment{ID: i + 1, Package: "wiki", State: access.AssignmentActive, First: h.at, Window: access.Window{End: h.at.Add(day)}}
		l.Assignments = append(l.Assignments, held)
		l.Requests = append(l.Requests, access.Request{ID: i + 1, Assignment: i + 1, Kind: access.UserAdd, State: access.Delivered, Package: "wiki", Asker: mina, At: h.at})
	}
	for i := range access.RequestID(17) {
		l.Requests = append(l.Requests, access.Request{ID: i + 21, Assignment: i + 21, Kind: access.UserAdd, State: access.PendingTerms, Package: "production", Asker: mina, At: h.at})
	}
	h.ledgers[mina] = l
	for typed, want := range map[string]int{"mine": 20, "status": 17, "status Production access": 17, "withdraw": 17, "withdraw production": 17, "release": 20, "release wiki": 20} {
		rows, pages := h.toTheEnd(mina, h.types(mina, "/access "+typed))
		distinct := slices.Compact(slices.Sorted(slices.Values(rows)))
		if len(rows) != want || len(distinct) != want || pages < 3 {
			t.Errorf("%s: %d rows, %d different, on %d pages", typed, len(rows), len(distinct), pages)
		}
	}
	rows, pages := h.toTheEnd(ada, h.types(ada, "/access approvals"))
	if distinct := slices.Compact(slices.Sorted(slices.Values(rows))); len(rows) != 23 || len(distinct) != 23 || pages < 5 {
		t.Errorf("approvals: %d rows, %d different, on %d pages", len(rows), len(distinct), pages)
	}
	first := h.types(mina, "/access mine")
	if said := cardText(h.told(first)); !strings.Contains(said, "1 to 7 of 20") {
		t.Errorf("the first page:\n%s", said)
	}
	l.Assignments = l.Assignments[:5]
	h.ledgers[mina] = l
	if said := cardText(h.told(h.taps(mina, first, "More"))); !strings.Contains(said, "5 to 5 of 5") {
		t.Errorf("a list that got shorter:\n%s", said)
	}
	stolen := strings.Replace(h.button(h.told(first), "More"), "mine:7", "mine:x", 1)
	if said := cardText(h.told(h.does(chat.Pressed{Who: h.who(mina), ID: h.id(), Token: stolen}))); strings.Contains(said, "Wiki") {
		t.Errorf("a broken button shows\n%s", said)
	}
}
