package e2e

import (
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/engine"
)

// Payroll has two stages: Ada, then the tenant's admins. Production needs two
// of a group.
func TestTwoStagesAndAQuorumInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		mina, ada, ben, olga := o.person("mina"), o.person("ada"), o.person("ben"), o.person("olga")
		mina.ask("payroll", "Payroll", map[string]any{"Why is it needed?": "I move to payroll"})
		first := ada.card("Request: Payroll", "Mina Okafor", "[Approve]")
		for _, m := range olga.all() {
			if m.has("Payroll") {
				t.Errorf("the second stage was asked before the first had decided: %s", m.body)
			}
		}
		ada.press(first, "Approve")
		olga.decide(olga.card("Request: Payroll", "Mina Okafor", "Ada Lindqvist", "[Approve]"), "Approve", "Agreed")
		o.waitHas("mina", "pay")

		mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call this week"})
		asked := ada.card("Request: Production", "[Approve]")
		ada.press(asked, "Approve")
		ada.card("Request: Production", "1 so far")
		// One person counts once, also on the card as it was.
		pressesOld(t, ada, asked, "Approve")
		ada.hears("already")
		o.waitHas("mina", "pay")
		ben.press(ben.card("Request: Production", "Ada Lindqvist", "[Approve]"), "Approve")
		o.waitHas("mina", "pay", "oncall")
		ada.card("Request: Production", "Ben Tanaka", "The access is on")

		// The one who was on the list stays on it when hers is over.
		o.forward(3 * 24 * time.Hour)
		o.waitHas("mina", "pay")
		o.waitHas("ben", "oncall")
	})
}

// Two approvers press at once: one wins, the other is told.
func TestTwoApproversAtOnceInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		mina, ada, ben, nora := o.person("mina"), o.person("ada"), o.person("ben"), o.person("nora")
		mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
		ada.press(ada.card("Request: Production", "[Approve]"), "Approve")

		// One approval is missing, and two press.
		cards := map[player]paper{}
		for _, p := range []player{ben, nora} {
			cards[p] = p.card("Request: Production", "Ada Lindqvist", "[Approve]")
		}
		var group sync.WaitGroup
		for p, m := range cards {
			group.Go(func() {
				if err := p.pressOld(m, "Approve"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		o.waitHas("mina", "oncall")
		if n := len(who(o.trail("mina"), engine.EventDecided)); n != 2 {
			t.Errorf("%d decisions are recorded, want Ada's and one more", n)
		}
		if err := o.await("a word to the one who was late", func() bool { return ben.heard("Nora Quinn") != nora.heard("Ben Tanaka") }); err != nil {
			t.Errorf("%v\n%v\n%v", err, ben.all(), nora.all())
		}
	})
}

// Nobody decides, and Usher is off while the time passes.
func TestTimeOutWhileUsherWasOffInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		carla, olga := o.person("carla"), o.person("olga")
		carla.ask("contractor", "External contractor", map[string]any{
			"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
		})
		olga.card("Request: External contractor", "[Approve]")
		o.stop()
		o.later(20 * 24 * time.Hour)
		o.start()
		carla.card("External contractor", "Nobody decided in time")
		if late := olga.card("Request: External contractor", "Nobody decided in time"); late.has("[Approve]") {
			t.Error("the approver's card still has its button")
		}
		o.waitHas("carla")
	})
}

// A delivery fails, an admin has it tried again, and what cannot be taken away
// at the end is taken away as soon as the chat lets us.
func TestADeliveryThatFailsInChatsIsRetriedAndEnds(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		carla, olga := o.person("carla"), o.person("olga")
		o.refuseGiving("site")
		carla.ask("contractor", "External contractor", map[string]any{
			"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
		})
		olga.decide(olga.card("Request: External contractor", "[Approve]"), "Approve", "Known")
		carla.press(carla.card("External contractor", "[Read the terms]"), "Read the terms")
		shown := carla.read("[Accept]")
		carla.press(shown, "Accept")

		// A part is there, the holder and the admins know what is missing.
		o.waitHas("carla", "design")
		carla.card("a part of", "External contractor")
		failed := olga.card("Delivery failed", "[Try again]")
		o.heal()
		olga.press(failed, "Try again")
		o.waitHas("carla", "design", "site")
		olga.card("Request: External contractor", "The access is on")

		o.refuseTaking("design")
		o.forward(32 * 24 * time.Hour)
		o.waitHas("carla", "design")
		o.heal()
		o.forward(time.Hour) // past the back-off
		o.waitHas("carla")
		carla.card("Your access to", "External contractor", "is over")
	})
}

// Who left loses everything at once, and those who gave it see that.
func TestWhoLeavesLosesEverythingInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		mina, ada, ben, nora := o.person("mina"), o.person("ada"), o.person("ben"), o.person("nora")
		mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
		ada.press(ada.card("Request: Production", "[Approve]"), "Approve")
		nora.card("Request: Production", "[Approve]")
		ben.press(ben.card("Request: Production", "Ada Lindqvist", "[Approve]"), "Approve")
		ada.card("Request: Production", "The access is on")
		o.leaves("mina")
		ada.card("Request: Production", "Taken away on")
	})
}

// pressesOld presses on a card as it was.
func pressesOld(t *testing.T, p player, on paper, button string) {
	t.Helper()
	if err := p.pressOld(on, button); err != nil {
		t.Fatal(err)
	}
}
