// Package slackgroup is the connector for membership of Slack user groups.
// Resource.Target is the group's id ("S012AB3CD"), the only role is "member".
// User groups need a paid plan, and a bot may change them only where the
// workspace lets everyone do so.
//
// Slack replaces the whole list of a group at once and keeps no revision of
// it. So every change is read, change, write under a lock for the group: one
// queue in this process, a lease across processes. A change that somebody
// makes by hand between the read and the write is lost; nothing that Slack
// offers prevents that.
//
// A group cannot be emptied. Taking the last one out disables the group, and
// a disabled group counts as having nobody in it; the next one to come enables
// it with a list of their own.
package slackgroup

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// API is what the connector needs of *slack.Client.
type API interface {
	GetUserGroupsContext(ctx context.Context, options ...slack.GetUserGroupsOption) ([]slack.UserGroup, error)
	UpdateUserGroupMembersContext(ctx context.Context, group, members string, options ...slack.UpdateUserGroupMembersOption) (slack.UserGroup, error)
	DisableUserGroupContext(ctx context.Context, group string, options ...slack.DisableUserGroupOption) (slack.UserGroup, error)
	EnableUserGroupContext(ctx context.Context, group string, options ...slack.EnableUserGroupOption) (slack.UserGroup, error)
	slackfault.Users
}

// Connector implements runtime.Connector, runtime.Finder and runtime.Keeper.
type Connector struct {
	chat   string
	api    API
	leases runtime.Leases
	clock  runtime.Clock
	found  *things.Shelf[[]runtime.Thing]

	mu     sync.Mutex
	queues map[string]chan struct{} // by group; whoever put something in is at work
}

// New makes the connector of one workspace. chat is the configured name of the
// chat whose accounts it knows. Replicas share leases.
func New(chat string, api API, leases runtime.Leases, clock runtime.Clock) *Connector {
	return &Connector{
		chat: chat, api: api, leases: leases, clock: clock,
		found: things.NewShelf[[]runtime.Thing](clock), queues: map[string]chan struct{}{},
	}
}

// Chat implements runtime.InChat.
func (c *Connector) Chat() string { return c.chat }

// Scopes are the permissions that the connector needs.
func Scopes() []slackfault.Scope {
	return []slackfault.Scope{
		{Name: "usergroups:read", Reason: "list user groups, and see who is in one", Without: "user groups are not offered, and membership of them is not given, taken or verified"},
		{Name: "usergroups:write", Reason: "change who is in a user group", Without: "membership of user groups is not given or taken"},
		{Name: "users:read", Reason: "say why somebody cannot be in a user group, and tell whether an admin may hand it out", Without: "a refused list says only that somebody blocks it, and no group can be put into a catalog in chat"},
	}
}

const (
	// leaseFor is longer than any job may take (10 s).
	leaseFor = 30 * time.Second
	// busyFor is when to try again while another process is at work.
	busyFor = time.Second
	// releaseIn is how long letting go of a lease may take, also when the
	// job's time is up.
	releaseIn = 2 * time.Second
)

// Grant adds the person to the list. Before says that they were on it already;
// the repeat of a grant says so as well.
//
// Faults, besides those of slackfault: "slackGroupBusy", "storeFailed" (retry);
// "slackGroupPlan", "slackGroupPermission", "slackGroupFull",
// "slackGroupStale" (human); "slackNoGroup", "slackGroupGuest", "personGone"
// (never).
func (c *Connector) Grant(ctx context.Context, j runtime.Job) (answer runtime.Answer, err error) {
	user, err := slackfault.Check(ctx, c.chat, j)
	if err != nil {
		return answer, err
	}
	err = c.alone(ctx, j.Resource.Target, func() error {
		g, err := c.group(ctx, j.Resource.Target)
		if err != nil {
			return err
		}
		if g.has(user) {
			answer.Before = true
			return nil
		}
		if g.off {
			return c.revive(ctx, g.id, user)
		}
		return c.write(ctx, g.id, append(g.users, user), user)
	})
	return answer, err
}

// Revoke takes the person off the list, and disables the group if they were
// the last. Faults as for Grant.
func (c *Connector) Revoke(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	user, err := slackfault.Check(ctx, c.chat, j)
	if err != nil {
		return runtime.Answer{}, err
	}
	return runtime.Answer{}, c.alone(ctx, j.Resource.Target, func() error {
		g, err := c.group(ctx, j.Resource.Target)
		if err != nil || !g.has(user) {
			return err
		}
		rest := slices.DeleteFunc(g.users, func(u string) bool { return u == user })
		if len(rest) == 0 {
			return c.disable(ctx, g.id)
		}
		return c.write(ctx, g.id, rest, "")
	})
}

// Verify reads the list. It takes no lock. Faults as for Grant.
func (c *Connector) Verify(ctx context.Context, j runtime.Job) (access.Had, error) {
	user, err := slackfault.Check(ctx, c.chat, j)
	if err != nil {
		return access.Unknown, err
	}
	g, err := c.group(ctx, j.Resource.Target)
	switch {
	case err != nil:
		return access.Unknown, err
	case g.has(user):
		return access.Present, nil
	}
	return access.Absent, nil
}

// alone runs do while nobody else on these leases changes the group.
func (c *Connector) alone(ctx context.Context, group string, do func() error) error {
	queue := c.queue(group)
	select {
	case queue <- struct{}{}:
		defer func() { <-queue }()
	case <-ctx.Done():
		return &access.Fault{Failure: access.FailRetry, Code: "timeout", Err: ctx.Err()}
	}
	name, holder := "slackgroup/"+c.chat+"/"+group, uuid.NewString()
	got, err := c.leases.Lease(ctx, name, holder, c.clock.Now(), leaseFor)
	if err != nil {
		return &access.Fault{Failure: access.FailRetry, Code: "storeFailed", Err: err}
	}
	if !got {
		return &access.Fault{
			Failure: access.FailRetry, Code: "slackGroupBusy", RetryAt: c.clock.Now().Add(busyFor),
			Err: errors.New("another process changes the group"),
		}
	}
	defer c.release(ctx, name, holder)
	return do()
}

func (c *Connector) queue(group string) chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queues[group] == nil {
		c.queues[group] = make(chan struct{}, 1)
	}
	return c.queues[group]
}

// release lets go of the lease. One that cannot be let go of runs out.
func (c *Connector) release(ctx context.Context, name, holder string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseIn)
	defer cancel()
	_ = c.leases.Release(ctx, name, holder)
}

// group is a user group as Slack has it now.
type group struct {
	id    string
	users []string
	off   bool // disabled: nobody counts as being in it
}

func (g group) has(user string) bool { return !g.off && slices.Contains(g.users, user) }

// group reads a group with its list in one call.
func (c *Connector) group(ctx context.Context, id string) (group, error) {
	g, err := c.read(ctx, id)
	if err != nil {
		return group{}, err
	}
	return group{id: id, users: slices.Clone(g.Users), off: g.DateDelete != 0}, nil
}

func (c *Connector) disable(ctx context.Context, id string) error {
	_, err := c.api.DisableUserGroupContext(ctx, id)
	if err != nil && slackfault.Code(err) != "already_disabled" {
		return c.fault("usergroups.disable", err)
	}
	return nil
}

func (c *Connector) enable(ctx context.Context, id string) error {
	_, err := c.api.EnableUserGroupContext(ctx, id)
	if err != nil && slackfault.Code(err) != "already_enabled" {
		return c.fault("usergroups.enable", err)
	}
	return nil
}

func joined(users []string) string { return strings.Join(users, ",") }
