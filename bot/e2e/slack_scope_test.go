package e2e

import (
	"strings"
	"testing"
)

// told counts the messages about missing permissions that somebody has.
func (c clerk) told() int {
	n := 0
	for _, m := range c.See().Messages {
		if strings.Contains(m.Body, "Usher lacks permissions in Slack") {
			n++
		}
	}
	return n
}

// A permission is taken away while Usher runs: the admin reads what does not
// work then, once, also after a restart.
func TestAdminsAreToldOfAMissingPermissionInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		olga, mina := o.person("olga"), o.person("mina")
		o.fake.DropScope("usergroups:read")
		mina.ask("production", "Production on-call", map[string]any{"Why is it needed?": "My week"})
		card := olga.card("Usher lacks permissions in Slack", "usergroups:read", "user groups have no members")
		if card.Has("usergroups:write") {
			t.Errorf("a permission is named that is there:\n%s", card.Body)
		}
		o.stop()
		o.start()
		olga.must(olga.OpenHome())
		if _, err := olga.ReadHome("usergroups:read"); err != nil {
			t.Error(err)
		}
		if n := olga.told(); n != 1 {
			t.Errorf("told %d times", n)
		}
		if n := mina.told(); n != 0 {
			t.Error("somebody is told who is no admin")
		}
	})
}
