package e2e

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// Payroll has two stages: the manager, then the tenant's admins. Production
// needs two of a user group.
func TestTwoStagesAndAQuorumInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		mina, ada, ben, olga := o.person("mina"), o.person("ada"), o.person("ben"), o.person("olga")
		mina.ask("payroll", "Payroll", map[string]any{"Why is it needed?": "I move to payroll"})
		first := ada.card("Request: Payroll", "Mina Okafor", "[Approve]")
		for _, m := range olga.See().Messages {
			if m.Has("Payroll") {
				t.Errorf("the second stage was asked before the first had decided: %s", m.Body)
			}
		}
		ada.press(first, "Approve")
		olga.decide(olga.card("Request: Payroll", "Mina Okafor", "Ada Lindqvist", "[Approve]"), "Approve", "Agreed")
		o.waitIn("U0MINA", "C0PAY")

		mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call this week"})
		asked := ada.card("Request: Production", "[Approve]")
		ada.press(asked, "Approve")
		ada.card("Request: Production", "1 so far")
		// One person counts once, also on the card as it was.
		ada.must(ada.PressOld(asked, "Approve"))
		ada.hears("already")
		o.waitIn("U0MINA", "C0PAY")
		ben.press(ben.card("Request: Production", "Ada Lindqvist", "[Approve]"), "Approve")
		o.waitIn("U0MINA", "C0PAY", "S0ONCALL")
		ada.card("Request: Production", "Ben Tanaka", "The access is on")

		// The one who was on the list stays on it when hers is over.
		o.forward(3 * 24 * time.Hour)
		o.waitIn("U0MINA", "C0PAY")
		o.waitIn("U0BEN", "S0ONCALL")
	})
}

// hears waits for a private answer with a text in it.
func (c clerk) hears(text string) {
	c.o.t.Helper()
	_, err := c.Until("a private answer with "+text, func(s slackfake.Sight) bool { return wasTold(s, text) })
	c.must(err)
}

// wasTold reports whether a private answer has a text in it.
func wasTold(s slackfake.Sight, text string) bool {
	for _, m := range s.Messages {
		if m.Private && m.Has(text) {
			return true
		}
	}
	return s.Modal != nil && strings.Contains(s.Modal.Body, text)
}

// Two approvers press at once: one wins, the other is told.
func TestTwoApproversAtOnceInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		mina, ada, ben, nora := o.person("mina"), o.person("ada"), o.person("ben"), o.person("nora")
		mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
		ada.press(ada.card("Request: Production", "[Approve]"), "Approve")

		// One approval is missing, and two press.
		cards := map[clerk]slackfake.Message{}
		for _, p := range []clerk{ben, nora} {
			cards[p] = p.card("Request: Production", "Ada Lindqvist", "[Approve]")
		}
		var group sync.WaitGroup
		for p, m := range cards {
			group.Go(func() {
				if err := p.PressOld(m, "Approve"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		o.waitIn("U0MINA", "S0ONCALL")
		if n := o.decisions("U0MINA"); n != 2 {
			t.Errorf("%d decisions are recorded, want Ada's and one more", n)
		}
		if err := o.fake.Await("a word to the one who was late", func() bool {
			return wasTold(ben.See(), "Nora Quinn") != wasTold(nora.See(), "Ben Tanaka")
		}); err != nil {
			t.Errorf("%v\n%s\n%s", err, ben.See(), nora.See())
		}
	})
}

// Nobody decides, and Usher is off while the time passes.
func TestTimeOutWhileUsherWasOffInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		carla, olga := o.person("carla"), o.person("olga")
		carla.ask("contractor", "External contractor", map[string]any{
			"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
		})
		olga.card("Request: External contractor", "[Approve]")
		o.stop()
		o.clock.forward(20 * 24 * time.Hour)
		o.start()
		carla.card("External contractor", "Nobody decided in time")
		if late := olga.card("Request: External contractor", "Nobody decided in time"); late.Has("[Approve]") {
			t.Error("the approver's card still has its button")
		}
		o.waitIn("U0CARLA")
	})
}

// A delivery fails, an admin has it tried again, and what cannot be taken away
// at the end is taken away as soon as Slack lets us.
func TestADeliveryThatFailsInSlackIsRetriedAndEnds(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		carla, olga := o.person("carla"), o.person("olga")
		o.fake.Fail(slackfake.Fault{Method: "conversations.invite", Times: -1, Error: "cant_invite", Only: func(args map[string]string) bool {
			return args["channel"] == "C0SITE"
		}})
		carla.ask("contractor", "External contractor", map[string]any{
			"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
		})
		olga.decide(olga.card("Request: External contractor", "[Approve]"), "Approve", "Known")
		carla.press(carla.card("External contractor", "[Read the terms]"), "Read the terms")
		shown, err := carla.Read("[Accept]")
		carla.must(err)
		carla.press(shown, "Accept")

		// A part is there, the holder and the admins know what is missing.
		o.waitIn("U0CARLA", "C0DESIGN")
		carla.card("a part of", "External contractor")
		failed := olga.card("Delivery failed", "[Try again]")
		o.fake.Heal()
		olga.press(failed, "Try again")
		o.waitIn("U0CARLA", "C0DESIGN", "C0SITE")
		olga.card("Request: External contractor", "The access is on")

		o.fake.Fail(slackfake.Fault{Method: "conversations.kick", Times: -1, Status: 500, Only: func(args map[string]string) bool {
			return args["channel"] == "C0DESIGN"
		}})
		o.forward(32 * 24 * time.Hour)
		o.waitIn("U0CARLA", "C0DESIGN")
		o.fake.Heal()
		o.forward(time.Hour) // past the back-off
		o.waitIn("U0CARLA")
		carla.card("Your access to", "External contractor", "is over")
	})
}

// Who is deactivated loses everything at once, and those who gave it see that.
func TestWhoLeavesTheWorkspaceLosesEverythingInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		mina, ada, ben, nora := o.person("mina"), o.person("ada"), o.person("ben"), o.person("nora")
		mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
		ada.press(ada.card("Request: Production", "[Approve]"), "Approve")
		nora.card("Request: Production", "[Approve]")
		ben.press(ben.card("Request: Production", "Ada Lindqvist", "[Approve]"), "Approve")
		ada.card("Request: Production", "The access is on")
		if err := o.fake.Deactivate("U0MINA"); err != nil {
			t.Fatal(err)
		}
		ada.card("Request: Production", "Taken away on")
	})
}
