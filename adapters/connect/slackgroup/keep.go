package slackgroup

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
)

// MayHand lets owners and admins of the workspace, and the full member who made
// the group. By default only owners and admins may change user groups, and they
// may allow all members to ("Manage permissions for user groups"); but Slack
// tells a bot neither that setting nor whom it means, so that it counts only
// for what somebody made under it. Faults are those of Verify.
func (c *Connector) MayHand(ctx context.Context, _ access.TenantID, accounts []access.Account, r access.Resource) error {
	people, err := slackfault.Colleagues(ctx, c.api, c.chat, accounts, c.clock.Now())
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return things.NotYours(r)
	}
	g, err := c.read(ctx, r.Target)
	if errors.Is(err, errGone) {
		return things.Unknown(r)
	}
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Admin || p.ID == g.CreatedBy {
			return nil
		}
	}
	return things.NotYours(r)
}

// errGone says that there is no such group.
var errGone = errors.New("usergroups.list: the group is not in it")

// read finds a group, also a disabled one, in Slack's list.
func (c *Connector) read(ctx context.Context, id string) (slack.UserGroup, error) {
	all, err := c.api.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true), slack.GetUserGroupsOptionIncludeDisabled(true))
	if err != nil {
		return slack.UserGroup{}, c.fault("usergroups.list", err)
	}
	for _, g := range all {
		if g.ID == id {
			return g, nil
		}
	}
	return slack.UserGroup{}, &access.Fault{Failure: access.FailNever, Code: "slackNoGroup", Err: errGone}
}
