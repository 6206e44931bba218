package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/engine"
)

// approved lets Mina ask for payroll and everybody approve.
func (s *server) approvedPayroll() {
	s.t.Helper()
	mina, ada, olga := s.member("mina"), s.member("ada"), s.member("olga")
	mina.ask("payroll", "Payroll", map[string]any{"Why is it needed?": "I move to payroll"})
	ada.press(ada.card("Request: Payroll", "[Approve]"), "Approve")
	olga.decide(olga.card("Request: Payroll", "Ada Lindqvist", "[Approve]"), "Approve", "Agreed")
}

// What makes a role impossible to give is said in plain words to the admin, and
// once it is put right the same request goes on.
func TestARoleOutOfReachInDiscord(t *testing.T) {
	t.Parallel()
	for says, c := range map[string]struct{ wrong, right func(*discordfake.Role) }{
		"stands above Usher's own": {
			func(r *discordfake.Role) { r.Position = 2000 }, func(r *discordfake.Role) { r.Position = 1 },
		},
		"belongs to a bot, a subscription or an integration": {
			func(r *discordfake.Role) { r.Managed = true }, func(r *discordfake.Role) { r.Managed = false },
		},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, "bolt", "gateway")
			s.start()
			s.define()
			s.fake.ChangeRole("", discordPay, c.wrong)
			s.approvedPayroll()
			olga := s.member("olga")
			failed := olga.card("Delivery failed", says, "[Try again]")
			s.member("mina").card("Payroll", "could not be set up")
			s.fake.ChangeRole("", discordPay, c.right)
			olga.press(failed, "Try again")
			s.waitHas("mina", "pay")
			if n := len(s.fake.Calls("PUT /guilds/" + discordGuild + "/members/" + discordUser("mina") + "/roles/" + discordPay)); n != 1 {
				t.Errorf("Discord was asked %d times, though it would refuse", n)
			}
		})
	}
}

// A role that was deleted cannot be given any more: the admins read so.
func TestARoleThatIsGoneInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "bolt", "http")
	s.start()
	s.define()
	s.fake.DeleteRole("", discordPay)
	s.approvedPayroll()
	s.member("olga").card("Delivery failed", "the Discord role does not exist any more", "[Try again]")
	s.member("mina").card("Payroll", "could not be set up")
}

// Who left before the decision gets nothing, and the request ends.
func TestTheRequestorLeftBeforeTheDecisionInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "bolt", "gateway")
	s.start()
	s.define()
	nora := s.member("nora")
	s.member("mina").ask("lab", "Lab", nil)
	asked := nora.card("Request: Lab", "[Approve]")
	s.leaves("mina")
	isArchived(s, "mina")
	nora.must(nora.pressOld(asked, "Approve"))
	nora.hears("That is over")
	if got := who(s.trail("mina"), engine.EventLeft); len(got) != 1 {
		t.Errorf("on record are %q", got)
	}
}

// Who closed their direct messages reads and decides in a private thread of
// theirs.
func TestClosedDirectMessagesInDiscord(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"gateway", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, "bolt", way, "USHER_DISCORD_FALLBACK="+discordLobby)
			s.fake.ChangeUser("nora", func(u *discordfake.User) { u.DMsClosed = true })
			s.start()
			s.define()
			mina, nora := s.member("mina"), s.member("nora")
			mina.ask("lab", "Lab", nil)
			asked := nora.card("Request: Lab", "[Approve]")
			threads := s.fake.Threads(discordLobby)
			if len(threads) != 1 || threads[0].Kind != discordfake.PrivateThread || ofDiscord(asked).Channel != threads[0].ID ||
				slices.Contains(threads[0].Members, discordUser("mina")) {
				t.Errorf("the card is in %s of %+v", ofDiscord(asked).Channel, threads)
			}
			nora.press(asked, "Approve")
			s.waitHas("mina", "design")
			nora.card("Request: Lab", "The access is on")
		})
	}
}

// A card that somebody deleted comes again when there is something to say.
func TestADeletedCardIsPostedAnewInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "bolt", "http")
	s.start()
	s.define()
	mina, ada, ben := s.member("mina"), s.member("ada"), s.member("ben")
	mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
	lost := ofDiscord(ada.card("Request: Production", "[Approve]"))
	s.fake.DeleteMessage(lost)
	ben.press(ben.card("Request: Production", "[Approve]"), "Approve")
	again := ada.card("Request: Production", "Ben Tanaka", "[Approve]")
	if ofDiscord(again).ID == lost.ID {
		t.Error("it is the same message")
	}
	ada.press(again, "Approve")
	s.waitHas("mina", "oncall")
}

// Each card in a channel has its thread, and what is written there is kept with
// the request.
func TestRepliesInTheThreadAreKeptInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "bolt", "gateway", "USHER_DISCORD_THREADS=true")
	s.fake.GiveRole("", "nora", discordCrowd)
	s.start()
	s.define()
	nora := s.member("nora")
	s.member("mina").ask("gate", "Gate", nil)
	nora.card("Request: Gate", "[Approve]")
	var threads []discordfake.Channel
	if err := s.fake.Await("a thread", func() bool { threads = s.fake.Threads(discordGate); return len(threads) == 1 }); err != nil {
		t.Fatal(err)
	}
	s.settle() // the card is on record
	nora.must(nora.Reply(threads[0].ID, "Is there room for her?"))
	s.eventually(func() error {
		for _, e := range s.trail("mina") {
			if e.Type == engine.EventRemarked && strings.HasSuffix(string(e.By), discordUser("nora")) {
				return nil
			}
		}
		return fmt.Errorf("on record are %v", s.trail("mina"))
	})
	nora.press(nora.card("Request: Gate", "[Approve]"), "Approve")
	s.waitHas("mina", "design")
}
