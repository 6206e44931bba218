package e2e

import (
	"fmt"
	"testing"
	"time"
)

// saysEnd waits until the latest card with all words on it says a moment, as
// Slack is to show it to every reader in their own zone.
func (c clerk) saysEnd(end time.Time, words ...string) {
	c.o.t.Helper()
	want := fmt.Sprintf("!date^%d^", end.Unix())
	c.o.eventually(func() error {
		if m := c.card(words...); !contains(m.JSON(), want) && !contains(m.Text, want) {
			return fmt.Errorf("%s does not say %s (%s): %s", words, want, end, m.JSON())
		}
		return nil
	})
}

// With a fixed end all cards and the store say one moment, from the first card
// on; with a length they say the length first, and one moment from delivery on.
func TestTheEndIsTheSameEverywhereInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		mina, nora := o.person("mina"), o.person("nora")
		mina.ask("fair", "Fair", nil)
		asked := nora.card("Request: Fair", "[Approve]")
		end := o.ledger("U0MINA").Requests[0].Window.End
		nora.saysEnd(end, "Request: Fair")
		nora.press(asked, "Approve")
		o.everywhere(end, "Fair")

		mina.ask("lab", "Lab", nil)
		asked = nora.card("Request: Lab", "for 7 days from delivery", "[Approve]")
		nora.press(asked, "Approve")
		mina.card("You now have", "Lab")
		lab := o.ledger("U0MINA").Assignments[1]
		if want := lab.First.Add(7 * 24 * time.Hour); !lab.Window.End.Equal(want) {
			t.Errorf("the store says %v, want %v", lab.Window.End, want)
		}
		o.everywhere(lab.Window.End, "Lab")
	})
}

// everywhere checks what Mina and Nora see of an access that is on.
func (o *office) everywhere(end time.Time, name string) {
	o.t.Helper()
	mina, nora := o.person("mina"), o.person("nora")
	mina.card("You now have", name)
	mina.saysEnd(end, "You now have", name)
	mina.saysEnd(end, name, "[Give back]")
	nora.saysEnd(end, "Request: "+name, "The access is on")
	mina.must(mina.Slash("/access", "mine"))
	mine, err := mina.Read("# What you have")
	mina.must(err)
	if !mine.Private || !contains(mine.JSON(), fmt.Sprintf("!date^%d^", end.Unix())) {
		o.t.Errorf("my access does not say %v: %s", end, mine.JSON())
	}
}

// Two packages give the same channel. The first ends, and access stays; the
// second is given back, and access goes.
func TestWhatAnotherPackageGivesStaysInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		mina, nora := o.person("mina"), o.person("nora")
		mina.ask("lab", "Lab", nil)
		nora.press(nora.card("Request: Lab", "[Approve]"), "Approve")
		mina.card("You now have", "Lab")
		mina.ask("wiki", "Wiki", nil)
		o.waitIn("U0MINA", "C0DESIGN", "C0SITE")
		mina.card("You now have", "Wiki")
		o.forward(8 * 24 * time.Hour)
		mina.card("Your access to", "Lab", "is over")
		o.waitIn("U0MINA", "C0DESIGN", "C0SITE")
		if n := len(o.fake.Calls("conversations.kick")); n != 0 {
			t.Errorf("she was taken out %d times meanwhile", n)
		}
		mina.press(mina.card("Wiki", "[Give back]"), "Give back")
		o.waitIn("U0MINA")
		mina.card("Wiki", "Given back by")
	})
}

// More time is asked for, approved, and follows without a gap.
func TestAnExtensionWithoutAGapInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		mina, nora := o.person("mina"), o.person("nora")
		mina.ask("lab", "Lab", nil)
		nora.press(nora.card("Request: Lab", "[Approve]"), "Approve")
		mina.card("You now have", "Lab")
		before := o.ledger("U0MINA").Assignments[0].Window.End
		o.forward(5 * 24 * time.Hour)

		mina.press(mina.card("Lab", "[Extend]"), "Extend")
		mina.fill("", nil)
		mina.shut()
		more := nora.card("Lab", "[Approve]")
		nora.press(more, "Approve")
		o.eventually(func() error {
			if end := o.ledger("U0MINA").Assignments[0].Window.End; !end.After(before) {
				return fmt.Errorf("it ends on %v still", end)
			}
			return nil
		})
		end := o.ledger("U0MINA").Assignments[0].Window.End
		mina.saysEnd(end, "Lab", "[Give back]")
		o.forward(3 * 24 * time.Hour)
		o.quiet(o.run.Watch)
		o.waitIn("U0MINA", "C0DESIGN")
		if n := len(o.fake.Calls("conversations.kick")); n != 0 {
			t.Errorf("she was taken out %d times meanwhile", n)
		}
		o.forward(end.Sub(o.clock.Now()) + time.Hour)
		o.waitIn("U0MINA")
		mina.card("Your access to", "Lab", "is over")
	})
}

// Who refuses the terms gets nothing, and the approver sees why.
func TestTermsAreRefusedInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		carla, olga := o.person("carla"), o.person("olga")
		carla.ask("contractor", "External contractor", map[string]any{
			"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
		})
		olga.decide(olga.card("Request: External contractor", "[Approve]"), "Approve", "Known")
		carla.press(carla.card("External contractor", "[Read the terms]"), "Read the terms")
		shown, err := carla.Read("[Refuse]")
		carla.must(err)
		carla.press(shown, "Refuse")
		olga.card("Request: External contractor", "refused the terms")
		o.gone("U0CARLA")
		o.waitIn("U0CARLA")
		carla.must(carla.PressOld(shown, "Accept"))
		carla.hears("That is over")
		o.waitIn("U0CARLA")
	})
}

// A request is withdrawn: the approver's card says so and has no buttons.
func TestARequestIsWithdrawnInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		mina, nora := o.person("mina"), o.person("nora")
		mina.ask("lab", "Lab", nil)
		asked := nora.card("Request: Lab", "[Approve]")
		mina.press(mina.card("Lab", "[Withdraw]"), "Withdraw")
		if m := nora.card("Request: Lab", "ithdrawn"); len(m.Buttons) > 0 && m.Has("[Approve]") {
			t.Errorf("the card still has %q", m.Buttons)
		}
		nora.must(nora.PressOld(asked, "Approve"))
		nora.hears("ithdrawn")
		o.waitIn("U0MINA")

		// And can be made again.
		mina.ask("lab", "Lab", nil)
		nora.card("Request: Lab", "[Approve]")
	})
}

// A manager asks for one of their people: the other approver decides, never
// the asker, and both are told.
func TestAManagerAsksForTheirPeopleInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		mina, ada, nora := o.person("mina"), o.person("ada"), o.person("nora")
		ada.must(ada.Slash("/access", "request lab for @mina"))
		ada.fill("Lab", nil)
		ada.shut()
		asked := nora.card("Request: Lab", "Mina Okafor", "Ada Lindqvist", "[Approve]")
		ada.must(ada.Forge(asked, "Approve", nil))
		ada.hears("Nobody decides on what they asked for")
		nora.press(asked, "Approve")
		o.waitIn("U0MINA", "C0DESIGN")
		o.waitIn("U0ADA")
		mina.card("You now have", "Lab")
		ada.card("Lab", "Mina Okafor", "The access is on")
	})
}
