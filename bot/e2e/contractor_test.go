package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// contractorRooms is what the package "contractor" gives.
var contractorRooms = []string{"design-channel/member", "design-group/member", "team-site/reader"}

func TestTheContractorsStory(t *testing.T) {
	onBothStores(t, func(t *testing.T, s *stage) {
		carla, olga := s.person("carla"), s.person("olga")

		// She asks. What is missing is said at its field, and nothing is lost.
		v := carla.command("/access request contractor")
		if v.Form == nil || !strings.Contains(v.Form.Title, "External contractor") {
			t.Fatalf("no form for the package but %s", v.all())
		}
		v = carla.fill(answers{"justification": {"The new website"}})
		if v.Form == nil || v.Form.Errors["answer.work"] == "" || !slices.Equal(v.Form.value("justification"), []string{"The new website"}) {
			t.Fatalf("the missing answer is not said at its field: %+v", v.Form)
		}
		v = carla.fill(answers{"justification": {"The new website"}, "answer.work": {"website"}})
		if v.Form != nil {
			t.Fatalf("the form is still open: %+v", v.Form)
		}
		carla.cardWith("Withdraw", "External contractor")

		// The approver is told who, which package, why, the answer and until when.
		asked := olga.cardWith("Approve", "External contractor")
		for _, must := range []string{"Carla Contreras", "The new website", "The website", "Read the team's site", "until "} {
			if !strings.Contains(asked.text(), must) {
				t.Errorf("the approver's card does not say %q:\n%s", must, asked.text())
			}
		}
		end := asked.end(t)

		// A reason is wanted.
		olga.press(asked, "Approve")
		if v = olga.fill(answers{}); v.Form == nil || v.Form.Errors["reason"] == "" {
			t.Fatalf("no reason was taken: %s", v.all())
		}
		olga.fill(answers{"reason": {"Known from the last project"}})
		carla.card("Approved", "External contractor")
		s.waitRooms("carla") // not before the terms

		// She reads and accepts the terms.
		carla.acceptTerms("External contractor")
		s.waitRooms("carla", contractorRooms...)
		ready := carla.card("You now have External contractor")
		if got := ready.end(t); !got.Equal(end) {
			t.Errorf("the notice says %v, the approver's card said %v", got, end)
		}
		if mine := carla.command("/access mine"); mine.Private == nil || !mine.Private.end(t).Equal(end) {
			t.Errorf("my access does not show the end %v: %s", end, said(mine))
		}

		// On that date it is over everywhere, and both are told.
		s.fastForward("32 days")
		s.waitRooms("carla")
		carla.card("Your access to External contractor is over")
		s.eventually(func() error {
			m, ok := olga.see().find("External contractor", "Carla Contreras", "The access ended on")
			if !ok || len(m.Buttons) > 0 && m.has("Approve") {
				return fmt.Errorf("the approver's card does not say that it is over: %s", olga.see().all())
			}
			return nil
		})

		// The record stays.
		history := s.history()
		for _, must := range []string{"submitted carla", "decided olga", "termsAccepted carla"} {
			if !slices.Contains(history, must) {
				t.Errorf("the audit lacks %q: %q", must, history)
			}
		}
		const inWords = "Olga Petrov: decided in stage 1: approved · External contractor · Carla Contreras · “Known from the last project”"
		if lines := s.audit(); !slices.ContainsFunc(lines, func(l auditLine) bool { return l.Text == inWords }) {
			t.Errorf("the audit does not say %q: %v", inWords, lines)
		}
	})
}

// history is the audit as "what who".
func (s *stage) history() []string {
	var list []string
	for _, l := range s.audit() {
		list = append(list, l.Kind+" "+strings.TrimPrefix(l.Actor, "playground/"))
	}
	return list
}

// contractor asks for the package and has it approved and accepted, up to and
// with the delivery.
func (s *stage) contractor() {
	s.t.Helper()
	carla, olga := s.person("carla"), s.person("olga")
	carla.command("/access request contractor")
	carla.fill(answers{"justification": {"The new website"}, "answer.work": {"website"}})
	olga.press(olga.cardWith("Approve", "External contractor"), "Approve")
	olga.fill(answers{"reason": {"Known"}})
	carla.acceptTerms("External contractor")
	s.waitRooms("carla", contractorRooms...)
}
