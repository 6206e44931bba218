package desk

import (
	"context"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// cardRef is the name of a posted card of the town.
func (s *stall) cardRef(of access.PersonID, is func(access.Card) bool) string {
	s.t.Helper()
	v, err := s.desk.core.Ledger(context.Background(), tenant, access.Actor{}, of)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, card := range v.Ledger.Cards {
		if card.Ref != "" && is(card) {
			return card.Ref
		}
	}
	s.t.Fatalf("no such card of %s is posted", of)
	return ""
}

func approverCard(card access.Card) bool {
	return card.Kind == access.CardApprover && card.Request == 1
}
func taskCard(card access.Card) bool { return card.Kind == access.CardTask }

// refusalsKept counts the refused attempts to decide that a store put into the
// audit.
func refusalsKept(changes []runtime.Change) int {
	n := 0
	for _, c := range changes {
		for _, e := range c.Audit {
			if strings.Contains(string(e.Data), `"type":"`+string(engine.EventRefused)+`"`) {
				n++
			}
		}
	}
	return n
}

// TestPressOnACardThatIsThere: people see the cards in their channels. Whoever
// presses there is told plainly that they may not; the same address on another
// message tells nothing. Both attempts to decide are in the audit.
func TestPressOnACardThatIsThere(t *testing.T) {
	t.Parallel()
	file, texts := buildTown(t), codeTexts(t)
	for _, role := range matrixRoles() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			s := newStall(t, role, file, texts)
			own, foreign := ownHalf(), foreignHalf()
			here := s.cardRef(own.asks, approverCard)
			elsewhere := s.cardRef(foreign.asks, approverCard)
			task := s.cardRef(own.holds, taskCard)
			decides := "done: approver; ownRequest: requestor; notApprover: rest"
			denies := "form: approver; ownRequest: requestor; notApprover: rest"
			hidden := "unknownRequest: holder member guest; "
			s.presses(chat.Token{Verb: verbApprove}, atAsked(own), here, decides)
			s.presses(chat.Token{Verb: verbDeny}, atAsked(own), here, denies)
			s.presses(chat.Token{Verb: verbClaim}, atAsked(own), here, decides)
			s.presses(chat.Token{Verb: verbApprove}, atAsked(own), elsewhere, hidden+decides)
			s.presses(chat.Token{Verb: verbApprove}, atTerms(own), here, "unknownRequest: approver holder member guest; requestOver: rest")
			s.presses(chat.Token{Verb: verbDone}, atTask(own), task, "done: admin owner assigner approver; notYourTask: rest")
			s.presses(chat.Token{Verb: verbCannot}, atTask(own), task, "form: admin owner assigner approver; notYourTask: rest")
			s.presses(chat.Token{Verb: verbDone}, atTask(own), here, "done: admin owner assigner approver; noTask: rest")
		})
	}
}

// presses a button of a message, and looks whether a refused attempt to decide
// was kept.
func (s *stall) presses(t, at chat.Token, ref, want string) {
	s.t.Helper()
	at.Verb, at.Tenant = t.Verb, tenant
	store := s.store
	got, said := s.does(chat.Pressed{Who: s.who(), ID: s.id(), Token: s.address(at), Ref: ref})
	if w := expected(s.t, want)[s.role]; got != w {
		s.t.Errorf("%s: %s at %s: %s, want %s\n%s", s.role, t.Verb, ref, got, w, said)
	}
	s.kept(t.Verb, got, store)
}

// kept looks whether the audit has a refused attempt to decide, once.
func (s *stall) kept(verb chat.Verb, got string, store *watched) {
	s.t.Helper()
	refused := (verb == verbApprove || verb == verbDeny) && got != isDone && got != isForm
	if n := refusalsKept(store.done); n > 1 || (n == 1) != refused {
		s.t.Errorf("%s: %s with the answer %s is in the audit %d times", s.role, verb, got, n)
	}
}

// TestSentVerdictsOfOthersAreInTheAudit: also the form of a verdict that nobody
// was ever shown.
func TestSentVerdictsOfOthersAreInTheAudit(t *testing.T) {
	t.Parallel()
	file, texts := buildTown(t), codeTexts(t)
	for _, role := range matrixRoles() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			s := newStall(t, role, file, texts)
			for _, verb := range []chat.Verb{verbApprove, verbDeny} {
				at := atAsked(ownHalf())
				at.Verb, at.Tenant = verb, tenant
				store := s.store
				got, _ := s.does(chat.Filled{Who: s.who(), ID: s.id(), Form: s.address(at), Page: 1, Values: valuesOf("reason", "Because.")})
				s.kept(verb, got, store)
			}
		})
	}
}

// TestRepliesByRole: what is written below a card is kept from everybody who
// may read the request but auditors, who are told so.
func TestRepliesByRole(t *testing.T) {
	t.Parallel()
	file, texts := buildTown(t), codeTexts(t)
	want := "auditorReads: auditor; nothing: holder member guest; done: rest"
	for _, role := range matrixRoles() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			s := newStall(t, role, file, texts)
			ref := s.cardRef(ownHalf().asks, approverCard)
			got, _ := s.does(chat.Replied{Who: s.who(), ID: s.id(), Ref: ref, Text: "Soon?"})
			if w := expected(t, want)[role]; got != w {
				t.Errorf("%s writes below a card: %s, want %s", role, got, w)
			}
		})
	}
}
