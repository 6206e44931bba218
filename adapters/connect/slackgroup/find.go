package slackgroup

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Find lists the user groups of the workspace; everybody in it sees them. Left
// out are those whose members Slack or a directory keeps, and those of another
// workspace, which could not be given, and disabled ones: most are retired, and
// to give one would bring it back. Slack gives the list in one piece
// ("usergroups.list"); it is up to a minute old.
//
// Faults, besides those of slackfault: "slackGroupPlan" (human).
func (c *Connector) Find(ctx context.Context, _ access.TenantID, _ []access.Account, query string, max int) ([]runtime.Thing, error) {
	all, err := c.found.Get(ctx, "", c.list)
	if err != nil {
		return nil, err
	}
	return things.Pick(all, query, max), nil
}

func (c *Connector) list(ctx context.Context) (found []runtime.Thing, err error) {
	groups, err := c.api.GetUserGroupsContext(ctx) // without disabled ones
	if err != nil {
		return nil, c.fault("usergroups.list", err)
	}
	for _, g := range groups {
		if g.AutoType == "" && !g.IsIDPGroup && !g.IsMembershipLocked && !g.IsExternal {
			found = append(found, thing(g))
		}
	}
	return found, nil
}

func thing(g slack.UserGroup) runtime.Thing {
	name := "@" + g.Handle
	if g.Handle == "" {
		name = g.Name
	} else if g.Name != "" && g.Name != g.Handle {
		name = g.Name + " (@" + g.Handle + ")"
	}
	return runtime.Thing{
		Target: g.ID, Name: name, Kind: "group",
		Roles: []access.ResourceRole{things.Role(
			slackfault.Member, "Member", "Be in the user group "+name+" and be told when it is mentioned", "In der Gruppe "+name+" sein und von Erwähnungen erfahren",
		)},
	}
}
