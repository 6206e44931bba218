package e2e

import (
	"fmt"
	"testing"
	"time"
)

// endIsOn waits until the latest card with all words on it says a moment, as
// the chat is to show it to every reader in their own zone.
func endIsOn(o venue, p player, end time.Time, words ...string) {
	o.eventually(func() error {
		if m := p.card(words...); !contains(m.raw, o.moment(end)) && !contains(m.text, o.moment(end)) {
			return fmt.Errorf("%s is not there (%s): %s", o.moment(end), end, m.raw)
		}
		return nil
	})
}

// With a fixed end all cards and the store say one moment, from the first card
// on; with a length they say the length first, and one moment from delivery on.
func TestTheEndIsTheSameEverywhereInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		mina, nora := o.person("mina"), o.person("nora")
		mina.ask("fair", "Fair", nil)
		asked := nora.card("Request: Fair", "[Approve]")
		end := o.record("mina").Requests[0].Window.End
		endIsOn(o, nora, end, "Request: Fair")
		nora.press(asked, "Approve")
		everywhere(t, o, end, "Fair")

		mina.ask("lab", "Lab", nil)
		asked = nora.card("Request: Lab", "for 7 days from delivery", "[Approve]")
		nora.press(asked, "Approve")
		mina.card("You now have", "Lab")
		lab := o.record("mina").Assignments[1]
		if want := lab.First.Add(7 * 24 * time.Hour); !lab.Window.End.Equal(want) {
			t.Errorf("the store says %v, want %v", lab.Window.End, want)
		}
		everywhere(t, o, lab.Window.End, "Lab")
	})
}

// everywhere checks what Mina and Nora see of an access that is on.
func everywhere(t *testing.T, o venue, end time.Time, name string) {
	t.Helper()
	mina, nora := o.person("mina"), o.person("nora")
	mina.card("You now have", name)
	endIsOn(o, mina, end, "You now have", name)
	endIsOn(o, mina, end, name, "[Give back]")
	endIsOn(o, nora, end, "Request: "+name, "The access is on")
	if mine := mina.mine(); !mine.private || !contains(mine.raw, o.moment(end)) {
		t.Errorf("my access does not say %v: %s", end, mine.raw)
	}
}

// Two packages give the same channel. The first ends, and access stays; the
// second is given back, and access goes.
func TestWhatAnotherPackageGivesStaysInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		mina, nora := o.person("mina"), o.person("nora")
		mina.ask("lab", "Lab", nil)
		nora.press(nora.card("Request: Lab", "[Approve]"), "Approve")
		mina.card("You now have", "Lab")
		mina.ask("wiki", "Wiki", nil)
		o.waitHas("mina", "design", "site")
		mina.card("You now have", "Wiki")
		o.forward(8 * 24 * time.Hour)
		mina.card("Your access to", "Lab", "is over")
		o.waitHas("mina", "design", "site")
		if n := o.taken(); n != 0 {
			t.Errorf("she was taken out %d times meanwhile", n)
		}
		mina.press(mina.card("Wiki", "[Give back]"), "Give back")
		o.waitHas("mina")
		mina.card("Wiki", "Given back by")
	})
}

// More time is asked for, approved, and follows without a gap.
func TestAnExtensionWithoutAGapInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		mina, nora := o.person("mina"), o.person("nora")
		mina.ask("lab", "Lab", nil)
		nora.press(nora.card("Request: Lab", "[Approve]"), "Approve")
		mina.card("You now have", "Lab")
		before := o.record("mina").Assignments[0].Window.End
		o.forward(5 * 24 * time.Hour)

		mina.press(mina.card("Lab", "[Extend]"), "Extend")
		mina.fill("", nil)
		more := nora.card("Lab", "[Approve]")
		nora.press(more, "Approve")
		o.eventually(func() error {
			if end := o.record("mina").Assignments[0].Window.End; !end.After(before) {
				return fmt.Errorf("it ends on %v still", end)
			}
			return nil
		})
		end := o.record("mina").Assignments[0].Window.End
		endIsOn(o, mina, end, "Lab", "[Give back]")
		o.forward(3 * 24 * time.Hour)
		o.settle()
		o.waitHas("mina", "design")
		if n := o.taken(); n != 0 {
			t.Errorf("she was taken out %d times meanwhile", n)
		}
		o.forward(end.Sub(o.now()) + time.Hour)
		o.waitHas("mina")
		mina.card("Your access to", "Lab", "is over")
	})
}

// Who refuses the terms gets nothing, and the approver sees why.
func TestTermsAreRefusedInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		carla, olga := o.person("carla"), o.person("olga")
		carla.ask("contractor", "External contractor", map[string]any{
			"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
		})
		olga.decide(olga.card("Request: External contractor", "[Approve]"), "Approve", "Known")
		carla.press(carla.card("External contractor", "[Read the terms]"), "Read the terms")
		shown := carla.read("[Refuse]")
		carla.press(shown, "Refuse")
		olga.card("Request: External contractor", "refused the terms")
		isArchived(o, "carla")
		o.waitHas("carla")
		pressesOld(t, carla, shown, "Accept")
		carla.hears("That is over")
		o.waitHas("carla")
	})
}

// A request is withdrawn: the approver's card says so and has no buttons.
func TestARequestIsWithdrawnInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		mina, nora := o.person("mina"), o.person("nora")
		mina.ask("lab", "Lab", nil)
		asked := nora.card("Request: Lab", "[Approve]")
		mina.press(mina.card("Lab", "[Withdraw]"), "Withdraw")
		if m := nora.card("Request: Lab", "ithdrawn"); m.has("[Approve]") {
			t.Errorf("the card still has a button: %s", m.body)
		}
		pressesOld(t, nora, asked, "Approve")
		nora.hears("ithdrawn")
		o.waitHas("mina")

		// And can be made again.
		mina.ask("lab", "Lab", nil)
		nora.card("Request: Lab", "[Approve]")
	})
}

// A manager asks for one of their people: the other approver decides, never
// the asker, and both are told.
func TestAManagerAsksForTheirPeopleInChats(t *testing.T) {
	tell(t, func(t *testing.T, o venue) {
		mina, ada, nora := o.person("mina"), o.person("ada"), o.person("nora")
		ada.askFor("lab", "Lab", "mina")
		asked := nora.card("Request: Lab", "Mina Okafor", "Ada Lindqvist", "[Approve]")
		ada.tries(asked, "Approve", "Nobody decides on what they asked for")
		nora.press(asked, "Approve")
		o.waitHas("mina", "design")
		o.waitHas("ada")
		mina.card("You now have", "Lab")
		ada.card("Lab", "Mina Okafor", "The access is on")
	})
}

// isArchived waits until everything of a person is in the archive.
func isArchived(o venue, name string) {
	o.eventually(func() error {
		if l := o.record(name); len(l.Requests) > 0 {
			return fmt.Errorf("%d requests are not in the archive", len(l.Requests))
		}
		return nil
	})
}
