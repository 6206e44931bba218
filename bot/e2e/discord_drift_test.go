package e2e

import (
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/engine"
)

// What somebody took away by hand, a role and a place in a channel, is told to
// the owners, and stays so until one of them says otherwise.
func TestWhatWasTakenAwayByHandInDiscordIsToldToTheOwners(t *testing.T) {
	inDiscord(t, func(t *testing.T, s *server) {
		mina, ada, ben, olga := s.member("mina"), s.member("ada"), s.member("ben"), s.member("olga")
		mina.ask("wiki", "Wiki", nil)
		mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
		ada.press(ada.card("Request: Production", "[Approve]"), "Approve")
		ben.press(ben.card("Request: Production", "Ada Lindqvist", "[Approve]"), "Approve")
		s.waitHas("mina", "design", "site", "oncall")
		mina.card("You now have", "Production")
		s.settle()
		s.fake.SetOverwrite(discordDesign, discordfake.Overwrite{ID: discordUser("mina"), Member: true})
		s.fake.TakeRole("", "mina", discordOncall)
		s.waitHas("mina", "site")
		s.forward(25 * time.Hour) // to the daily look

		wiki := olga.card("Mina Okafor", "Wiki", "somebody took it away by hand", "[Try again]")
		production := olga.card("Mina Okafor", "Production", "somebody took it away by hand", "[Try again]")
		if got := who(s.trail("mina"), engine.EventDrifted); len(got) != 2 {
			t.Errorf("on record are %q, want two", got)
		}
		olga.press(wiki, "Try again")
		olga.press(production, "Try again")
		s.waitHas("mina", "design", "site", "oncall")
	})
}

// A role that decides changes while a request waits: who is new in it gets a
// card and may decide, who left it reads so and may not.
func TestARequestFollowsTheRoleThatDecidesInDiscord(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"bolt", "redis"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, kind, "gateway") // over HTTP nobody tells
			s.join("carl", "Carl Njoroge", discordStaff)
			s.start()
			s.define()
			mina, ada, ben, carl := s.member("mina"), s.member("ada"), s.member("ben"), s.member("carl")
			mina.ask("production", "Production", map[string]any{"Why is it needed?": "My week"})
			ada.card("Request: Production", "[Approve]")
			waiting := ben.card("Request: Production", "[Approve]")
			s.fake.TakeRole("", "ada", discordSec)
			s.fake.GiveRole("", "carl", discordSec)
			fresh := carl.card("Request: Production", "[Approve]")
			if left := ada.card("Request: Production", "not one of those who decide"); left.has("[Approve]") {
				t.Errorf("who lost the role has a button:\n%s", left.body)
			}
			carl.press(fresh, "Approve")
			ben.press(waiting, "Approve")
			s.waitHas("mina", "oncall")
			if n := len(who(s.trail("mina"), engine.EventDecided)); n != 2 {
				t.Errorf("%d decisions, want those of Ben and Carl", n)
			}
		})
	}
}
