package e2e

import (
	"slices"
	"testing"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// A user group that decides changes while a request waits: who is new in it
// gets a card and may decide, who left it reads so and may not.
func TestARequestFollowsTheGroupThatDecidesInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		o.fake.AddUser(slackfake.User{ID: "U0CARL", Name: "carl", RealName: "Carl Njoroge"})
		mina, ada, ben, carl := o.person("mina"), o.person("ada"), o.person("ben"), o.person("carl")
		mina.ask("production", "Production on-call", map[string]any{"Why is it needed?": "My week"})
		ada.card("Request: Production on-call", "[Approve]")
		ben.card("Request: Production on-call", "[Approve]")

		if err := o.fake.ChangeGroup("S0SEC", func(g *slackfake.Group) {
			g.Users = append(slices.DeleteFunc(g.Users, func(id string) bool { return id == "U0ADA" }), "U0CARL")
		}); err != nil {
			t.Fatal(err)
		}
		fresh := carl.card("Request: Production on-call", "[Approve]")
		left := ada.card("Request: Production on-call", "not one of those who decide")
		if left.Has("[Approve]") {
			t.Errorf("who left the group has a button:\n%s", left.Body)
		}
		carl.press(fresh, "Approve")
		ben.press(ben.card("Request: Production on-call", "[Approve]"), "Approve")
		o.waitIn("U0MINA", "S0ONCALL")
		if n := o.decisions("U0MINA"); n != 2 {
			t.Errorf("%d decisions, want those of Ben and Carl", n)
		}
	})
}
