package e2e

import (
	"regexp"
	"slices"
	"testing"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// answer waits for a private answer with all words on it.
func (c clerk) answer(words ...string) slackfake.Message {
	c.o.t.Helper()
	var found slackfake.Message
	_, err := c.Until("an answer", func(s slackfake.Sight) bool {
		for _, m := range slices.Backward(s.Messages) {
			if m.Private && contains(m.Body, words...) {
				found = m
				return true
			}
		}
		return false
	})
	c.must(err)
	return found
}

// says types a command.
func (c clerk) says(command, text string) {
	c.o.t.Helper()
	c.must(c.Slash(command, text))
}

var linkCode = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`)

// links makes the account of the other workspace the same person as c.
func (c clerk) links(other clerk) {
	c.o.t.Helper()
	c.says("/access", "link")
	shown := c.answer("Link your accounts", "[I have typed it]")
	other.says("/access", "link "+linkCode.FindString(shown.Body))
	other.answer("You are about to become one person with this account", c.ID(), c.o.chat, "[Not me]")
	c.press(shown, "I have typed it")
	c.press(c.answer("This account has typed your code", other.ID(), other.o.chat, "[Confirm]"), "Confirm")
	c.hears("These accounts are one person now")
}

// Asked in one workspace, decided in the other, and given in both, each to the
// account there.
func TestOnePersonInTwoWorkspaces(t *testing.T) {
	inTwo(t, "acme", func(t *testing.T, o, games *office) {
		o.define()
		o.defineFrom("slack_link.yaml")
		nora, mina, other := o.person("nora"), games.person("mina"), o.person("mina")
		mina.ask("house", "House", nil)
		asked := nora.card("Request: House", "Mina Okafor", "[Approve]")
		nora.press(asked, "Approve")
		nora.hears("Usher does not know yet whether you have another account here")
		olga := o.person("olga")
		olga.says("/access-admin", "pending")
		olga.answer("Cannot decide yet", "confirms that they have only one")
		olga.says("/access-admin", "confirm @nora")
		olga.hears("may decide now")
		nora.press(asked, "Approve")

		games.waitIn("U0MINA", "C0DESIGN")
		o.person("olga").card("Delivery failed", "no account in that chat")
		mina.card("House", "Only a part of the access could be set up")
		o.waitIn("U0MINA")

		mina.links(other)
		o.waitIn("U0MINA", "C0DESIGN")
		games.waitIn("U0MINA", "C0DESIGN")
		nora.card("Request: House", "The access is on")
		mina.card("House", "The access is on")
		other.says("/access", "mine")
		other.answer("House", "[Give back]")
		if l := games.ledger("U0MINA"); l.Roles[access.RoleRef{Resource: "office", Role: "member"}].Account != "slack/U0MINA" {
			t.Errorf("the office is of %+v", l.Roles)
		}

		// The old account's own card, and the other's list, lead to the same.
		other.press(other.answer("House", "[Give back]"), "Give back")
		o.waitIn("U0MINA")
		games.waitIn("U0MINA")
		if got := who(games.audit("U0MINA"), engine.EventLinked); len(got) != 1 {
			t.Errorf("linked have %q", got)
		}
	})
}

// What somebody decided on a request that turns out to be their own does not
// count, and they decide nothing there again; cards and buttons from before
// the link go on in the new ledger.
func TestNobodyDecidesForThemselvesFromAnotherWorkspace(t *testing.T) {
	inTwo(t, "acme", func(t *testing.T, o, games *office) {
		o.define()
		o.defineFrom("slack_link.yaml")
		for _, a := range []access.Account{"slack/U0NORA", "slack/U0MINA"} {
			if err := o.run.Runtime.Confirm(t.Context(), "acme", "slack/U0OLGA", a, engine.CommandID("confirm "+a)); err != nil {
				t.Fatal(err)
			}
		}
		nora, here, there := o.person("nora"), o.person("mina"), games.person("mina")
		there.ask("pair", "Pair", nil)
		own := here.card("Request: Pair", "[Approve]")
		asked := nora.card("Request: Pair", "[Approve]")
		here.press(own, "Approve")
		here.card("Request: Pair", "1 so far")

		here.links(there)
		nora.card("Request: Pair", "0 so far", "does not count any more")
		if l := o.ledger("U0MINA"); len(l.Requests) != 1 || l.Requests[0].Stages[0].Decisions[0].Void != "own" {
			t.Errorf("%+v", l.Requests)
		}
		here.must(here.PressOld(own, "Deny"))
		here.hears("Nobody decides on what they asked for, or get, themselves.")

		nora.must(nora.PressOld(asked, "Approve"))
		nora.card("Request: Pair", "1 so far")
		if got := who(o.audit("U0MINA"), engine.EventVoided); len(got) != 1 {
			t.Errorf("voided were %q", got)
		}
		there.card("Pair", "[Withdraw]")
	})
}
