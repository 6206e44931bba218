package e2e

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Payroll has two stages: the manager, then the catalog's owners. Production
// needs two of a group.
func TestTwoStagesAndAQuorum(t *testing.T) {
	onBothStores(t, func(t *testing.T, s *stage) {
		mina, ada, ben, olga := s.person("mina"), s.person("ada"), s.person("ben"), s.person("olga")
		mina.command("/access request payroll")
		mina.fill(answers{"justification": {"I move to payroll"}, "answer.first-day": {s.now().AddDate(0, 0, 7).Format("2006-01-02")}})
		first := ada.cardWith("Approve", "Payroll", "Mina Okafor")
		if _, early := olga.see().find("Payroll"); early {
			t.Error("the second stage was asked before the first had decided")
		}
		ada.press(first, "Approve")
		second := olga.cardWith("Approve", "Payroll", "Mina Okafor", "Ada Lindqvist")
		olga.press(second, "Approve")
		olga.fill(answers{"reason": {"Agreed"}})
		s.waitRooms("mina", "payroll/clerk")

		mina.command("/access request production")
		mina.fill(answers{"justification": {"On call this week"}})
		asked := ada.cardWith("Approve", "Production")
		ada.press(asked, "Approve")
		mina.card("Production", "Waiting for a decision")
		// One person counts once, also on the card as it was.
		ada.card("Production", "1 so far")
		if got := said(ada.press(asked, "Approve")); !strings.Contains(got, "already") {
			t.Errorf("the second approval of one person was answered with %q", got)
		}
		s.waitRooms("mina", "payroll/clerk")
		ben.press(ben.cardWith("Approve", "Production", "Ada Lindqvist"), "Approve")
		s.waitRooms("mina", "handbook/reader", "payroll/clerk", "production/operator")
		ada.card("Production", "Ben Tanaka")
	})
}

// Nobody decides, and Usher is off while the time passes.
func TestTimeOutWhileEverythingWasOff(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"bolt", "redis"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o := place(t)
			if kind == "redis" {
				o = onRedis(o, redisURL(t))
			}
			s := start(t, o)
			s.person("carla").command("/access request contractor")
			s.person("carla").fill(answers{"justification": {"The new website"}, "answer.work": {"website"}})
			s.person("olga").cardWith("Approve", "External contractor")
			s.stop()

			o.Clock = ahead(20 * 24 * time.Hour)
			s = start(t, o)
			s.person("carla").card("Nobody decided in time")
			late := s.person("olga").card("External contractor", "Nobody decided in time")
			if late.has("Approve") {
				t.Error("the approver's card still has its button")
			}
			s.waitRooms("carla")
			if !slices.Contains(s.history(), "state usher") {
				t.Errorf("the audit does not say that Usher ended it: %q", s.history())
			}
		})
	}
}

// Two approvers press at once: one wins, the other is told.
func TestTwoApproversAtOnce(t *testing.T) {
	onBothStores(t, func(t *testing.T, s *stage) {
		mina := s.person("mina")
		s.add("nora", "Nora Quinn", "security")
		mina.command("/access request production")
		mina.fill(answers{"justification": {"On call"}})
		ada, ben, nora := s.person("ada"), s.person("ben"), s.person("nora")
		ada.press(ada.cardWith("Approve", "Production"), "Approve")

		// One approval is missing, and two press.
		var group sync.WaitGroup
		heard := make([]string, 2)
		for i, p := range []person{ben, nora} {
			m := p.cardWith("Approve", "Production")
			group.Go(func() {
				v, err := p.tryPress(m, "Approve")
				if err != nil {
					t.Error(err)
				}
				heard[i] = said(v)
			})
		}
		group.Wait()
		won := 0
		for _, text := range heard {
			if text == "" { // the card says it
				won++
			} else if !strings.Contains(text, "Ben Tanaka") && !strings.Contains(text, "Nora Quinn") {
				t.Errorf("the one who was late is not told who decided: %q", text)
			}
		}
		if won != 1 {
			t.Errorf("%d of two won: %q", won, heard)
		}
		s.waitRooms("mina", "handbook/reader", "production/operator")
		if n := s.decisions("mina"); n != 2 {
			t.Errorf("%d decisions are recorded, want Ada's and one more", n)
		}
	})
}

// decisions counts the decisions on somebody's first request.
func (s *stage) decisions(person string) int {
	n := 0
	for _, stage := range s.ledger(person).Requests[0].Stages {
		n += len(stage.Decisions)
	}
	return n
}

// A delivery fails, is retried by itself and by an admin, and then ends.
func TestADeliveryThatFailsIsRetriedAndEnds(t *testing.T) {
	onBothStores(t, func(t *testing.T, s *stage) {
		carla, olga := s.person("carla"), s.person("olga")
		s.mode("team-site", "broken")
		carla.command("/access request contractor")
		carla.fill(answers{"justification": {"The new website"}, "answer.work": {"website"}})
		olga.press(olga.cardWith("Approve", "External contractor"), "Approve")
		olga.fill(answers{"reason": {"Known"}})
		carla.acceptTerms("External contractor")

		// A part is there, the holder and the admins know what is missing.
		s.waitRooms("carla", "design-channel/member", "design-group/member")
		carla.card("a part of External contractor")
		failed := olga.cardWith("Try again", "Delivery failed")

		// It answers again, and the admin has it tried again.
		s.mode("team-site", "normal")
		olga.press(failed, "Try again")
		s.waitRooms("carla", contractorRooms...)

		// At the end one of them does not answer: it is taken away as soon as
		// it does.
		s.mode("design-channel", "failing")
		s.fastForward("32 days")
		s.waitRooms("carla", "design-channel/member")
		s.mode("design-channel", "normal")
		s.eventually(func() error {
			s.fastForward("1 hour") // past the back-off
			if in := s.rooms("carla"); len(in) > 0 {
				return fmt.Errorf("carla is still in %q", in)
			}
			return nil
		})
		carla.card("Your access to External contractor is over")
	})
}
