package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// zones are some that make trouble: far east and west of UTC, half hours,
// other days.
var zones = []string{"Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "America/St_Johns", "Europe/Berlin", "UTC"}

// With a fixed end date the approver's card, the notices, the assignment card
// and the store say the same moment, in every zone.
func TestTheEndIsTheSameEverywhere(t *testing.T) {
	onBothStores(t, func(t *testing.T, s *stage) {
		s.contractor()
		end := s.ledger("carla").Assignments[0].Window.End
		carla, olga := s.person("carla"), s.person("olga")
		for _, zone := range zones {
			carla.set("zone", zone)
			olga.set("zone", zone)
			mine := carla.command("/access mine")
			for name, m := range map[string]message{
				"the approver's card": olga.card("Request: External contractor"),
				"the living card":     carla.cardWith("Give back", "External contractor"),
				"the first notice":    carla.card("Your request for External contractor"),
				"the second notice":   carla.card("You now have External contractor"),
				"my access":           *mine.Private,
			} {
				saysEnd(t, name+" in "+zone, m, end, zone)
			}
		}
	})
}

// saysEnd checks the moment at the end of a card, and how it is written.
func saysEnd(t *testing.T, name string, m message, end time.Time, zone string) {
	t.Helper()
	if got := m.end(t); !got.Equal(end) {
		t.Errorf("%s says %v, the store %v", name, got, end)
	}
	local, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	if want := end.In(local).Format("2 January 2006, 15:04"); !strings.Contains(m.Card.Text, want) {
		t.Errorf("%s does not say %q:\n%s", name, want, m.text())
	}
}

// With a duration the approver's card says the duration; from the first
// delivery on all say the same moment.
func TestADurationBecomesOneMomentAtDelivery(t *testing.T) {
	onBothStores(t, func(t *testing.T, s *stage) {
		mina, ada := s.person("mina"), s.person("ada")
		mina.command("/access request lab")
		mina.fill(answers{})
		asked := ada.cardWith("Approve", "Lab")
		if !strings.Contains(asked.text(), "for 7 days from delivery") || len(asked.ends()) > 0 {
			t.Errorf("the approver's card does not say the duration alone:\n%s", asked.text())
		}
		ada.press(asked, "Approve")
		s.waitRooms("mina", "lab/tester")
		ready := mina.card("You now have Lab")
		a := s.ledger("mina").Assignments[0]
		if want := a.First.Add(7 * 24 * time.Hour); !a.Window.End.Equal(want) {
			t.Errorf("the store says %v, want %v", a.Window.End, want)
		}
		s.eventually(func() error {
			for name, m := range map[string]message{
				"the notice": ready, "the living card": mina.cardWith("Give back", "Lab"), "the approver's card": ada.card("Request: Lab"),
			} {
				if ends := m.ends(); len(ends) != 1 || !ends[0].Equal(a.Window.End) {
					return fmt.Errorf("%s says %v, the store %v", name, ends, a.Window.End)
				}
			}
			return nil
		})
	})
}

// Two packages give the same role. The first ends, and access stays; the
// second ends, and access goes.
func TestWhatAnotherPackageGivesStays(t *testing.T) {
	onBothStores(t, func(t *testing.T, s *stage) {
		mina, ada, ben := s.person("mina"), s.person("ada"), s.person("ben")
		mina.command("/access request wiki")
		mina.fill(answers{})
		s.waitRooms("mina", "handbook/reader", "team-site/reader")
		mina.command("/access request production")
		mina.fill(answers{"justification": {"On call"}})
		ada.press(ada.cardWith("Approve", "Production"), "Approve")
		ben.press(ben.cardWith("Approve", "Production", "Ada Lindqvist"), "Approve")
		s.waitRooms("mina", "handbook/reader", "production/operator", "team-site/reader")

		s.fastForward("3 days")
		mina.card("Your access to Production on-call is over")
		s.waitRooms("mina", "handbook/reader", "team-site/reader")

		mina.release("Wiki")
		s.waitRooms("mina")
		mina.card("Given back by Mina Okafor", "Wiki")
		for _, a := range s.ledger("mina").Assignments {
			if !a.State.Over() {
				t.Errorf("%s is %s", a.Package, a.State)
			}
		}
		if n := len(s.archived("mina")) + len(s.ledger("mina").Assignments); n != 2 {
			t.Errorf("%d assignments are on record, want 2", n)
		}
	})
}

// release gives a package back by the button of its card.
func (p person) release(name string) {
	p.s.t.Helper()
	p.press(p.cardWith("Give back", name), "Give back")
}
