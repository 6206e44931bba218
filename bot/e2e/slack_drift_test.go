package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/engine"
)

// byHand gives Mina two packages, and somebody takes a part of each away by
// hand: a channel, and the place on the list of a user group.
func (o *office) byHand() {
	o.t.Helper()
	mina, ada, ben := o.person("mina"), o.person("ada"), o.person("ben")
	mina.ask("wiki", "Wiki", nil)
	mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
	ada.press(ada.card("Request: Production", "[Approve]"), "Approve")
	ben.press(ben.card("Request: Production", "Ada Lindqvist", "[Approve]"), "Approve")
	o.waitIn("U0MINA", "C0DESIGN", "C0SITE", "S0ONCALL")
	mina.card("You now have", "Production")
	o.quiet(o.run.Watch)
	if err := o.fake.Leave("C0DESIGN", "U0MINA"); err != nil {
		o.t.Fatal(err)
	}
	err := o.fake.ChangeGroup("S0ONCALL", func(g *slackfake.Group) {
		g.Users = slices.DeleteFunc(g.Users, func(u string) bool { return u == "U0MINA" })
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.waitIn("U0MINA", "C0SITE")
	o.forward(25 * time.Hour) // to the daily look
}

// What somebody took away by hand is told to the owners, and stays so until
// one of them says otherwise.
func TestWhatWasTakenAwayByHandInSlackIsToldToTheOwners(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		o.byHand()
		olga := o.person("olga")
		wiki := olga.card("Taken away by hand", "Mina Okafor", "Wiki", "somebody took it away by hand", "[Try again]")
		production := olga.card("Taken away by hand", "Mina Okafor", "Production", "somebody took it away by hand", "[Try again]")
		if got := who(o.audit("U0MINA"), engine.EventDrifted); len(got) != 2 {
			t.Errorf("on record are %q, want two", got)
		}
		o.waitIn("U0MINA", "C0SITE")
		olga.press(wiki, "Try again")
		olga.press(production, "Try again")
		o.waitIn("U0MINA", "C0DESIGN", "C0SITE", "S0ONCALL")
	})
}

// A tenant that chose so has it put right, and nobody is bothered.
func TestWhatWasTakenAwayByHandInSlackIsPutRight(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		o.defineFrom("slack_restore.yaml")
		o.byHand()
		o.waitIn("U0MINA", "C0DESIGN", "C0SITE", "S0ONCALL")
		o.quiet(o.run.Watch)
		o.person("olga").without("took it away by hand")
		if got := who(o.audit("U0MINA"), engine.EventDrifted); len(got) != 0 {
			t.Errorf("on record are %q", got)
		}
	})
}
