package slackgroup

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/core/access"
)

// undoIn is how long undoing may take, also when the job's time is up.
const undoIn = 2 * time.Second

// maxLookups is how many members are looked up when Slack refuses a list
// without saying whom it means.
const maxLookups = 50

// revive enables a group for the one person who is to be in it. Whoever was on
// the old list must not come back with it, not even for a moment: the list is
// replaced first. Slack does not say whether it takes a list for a disabled
// group; if not, the group is enabled first, and disabled again should the
// list not go in then, or the answer be lost. Only if Usher is killed between
// these two calls may the old list stay.
func (c *Connector) revive(ctx context.Context, id, user string) error {
	_, err := c.api.UpdateUserGroupMembersContext(ctx, id, user)
	if err == nil {
		return c.enable(ctx, id)
	}
	f := c.fault("usergroups.users.update", err)
	if slackfault.Code(err) == "" || (f.Code != "slackNoGroup" && f.Code != "slackRefused") {
		return c.explain(ctx, err, f, user)
	}
	err = c.enable(ctx, id)
	if err == nil {
		err = c.write(ctx, id, []string{user}, user)
	}
	if err == nil {
		return nil
	}
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoIn)
	defer cancel()
	return errors.Join(err, c.disable(undo, id))
}

// write replaces the list. user is who was added; "" when somebody was taken
// off. Members who have left since and block the list are taken off as well.
func (c *Connector) write(ctx context.Context, id string, users []string, user string) error {
	after, err := c.api.UpdateUserGroupMembersContext(ctx, id, joined(users))
	if isRefusedList(err) {
		var kept []string
		if kept, err = c.alive(ctx, users, user, err); err == nil && len(kept) == 0 {
			return c.disable(ctx, id)
		}
		if err == nil {
			after, err = c.api.UpdateUserGroupMembersContext(ctx, id, joined(kept))
		}
	}
	if err != nil {
		return c.explain(ctx, err, c.fault("usergroups.users.update", err), user)
	}
	if user != "" && len(after.Users) > 0 && !slices.Contains(after.Users, user) {
		return &access.Fault{Failure: access.FailRetry, Code: "saidButNotDone", Err: errors.New("usergroups.users.update: the person is not in the list that came back")}
	}
	return nil
}

// isRefusedList: somebody on the list cannot be on it. Slack's page has one
// code in its text and the other in its table.
func isRefusedList(err error) bool {
	code := slackfault.Code(err)
	return code == "invalid_users" || code == "invalid_user"
}

// alive leaves out the members whom Slack does not take any more because they
// are deactivated or unknown. If that is nobody, or too many would have to be
// asked about, the refusal stands.
func (c *Connector) alive(ctx context.Context, users []string, added string, refusal error) ([]string, error) {
	if len(users) > maxLookups {
		return nil, refusal
	}
	var kept []string
	for _, u := range users {
		info, err := c.api.GetUserInfoContext(ctx, u)
		switch code := slackfault.Code(err); {
		case err == nil && !info.Deleted, u == added:
			kept = append(kept, u)
		case err != nil && code != "user_not_found":
			return nil, err
		}
	}
	if len(kept) == len(users) {
		return nil, refusal
	}
	return kept, nil
}

// explain looks whether a refused list is because of the person who was to be
// added, and says so.
func (c *Connector) explain(ctx context.Context, err error, f *access.Fault, user string) error {
	if !isRefusedList(err) || user == "" {
		return f
	}
	info, look := c.api.GetUserInfoContext(ctx, user)
	switch {
	case slackfault.Code(look) == "user_not_found":
		return &access.Fault{Failure: access.FailNever, Code: "unknownPerson", Err: f.Err}
	case look != nil:
		return f
	case info.Deleted:
		return &access.Fault{Failure: access.FailNever, Code: "personGone", Err: f.Err}
	case info.IsRestricted, info.IsUltraRestricted, info.IsStranger, info.IsBot:
		return &access.Fault{Failure: access.FailNever, Code: "slackGroupGuest", Err: f.Err}
	}
	return f
}

// fault says what Slack's refusals mean: docs.slack.dev/reference/methods/
// usergroups.list, .users.update, .enable and .disable.
func (c *Connector) fault(method string, err error) *access.Fault {
	return slackfault.Of(method, err, c.clock.Now(), map[string]slackfault.Meaning{
		"plan_upgrade_required":                 {Failure: access.FailHuman, Code: "slackGroupPlan"},
		"permission_denied":                     {Failure: access.FailHuman, Code: "slackGroupPermission"},
		"subteam_max_users_exceeded":            {Failure: access.FailHuman, Code: "slackGroupFull"},
		"no_such_subteam":                       {Failure: access.FailNever, Code: "slackNoGroup"},
		"single_channel_guests_cannot_be_added": {Failure: access.FailNever, Code: "slackGroupGuest"},
		"failed_for_some_users":                 {Failure: access.FailNever, Code: "slackGroupGuest"},
		"invalid_users":                         {Failure: access.FailHuman, Code: "slackGroupStale"},
		"invalid_user":                          {Failure: access.FailHuman, Code: "slackGroupStale"},
		"user_is_restricted":                    {Failure: access.FailNever, Code: "slackGroupGuest"},
	})
}
