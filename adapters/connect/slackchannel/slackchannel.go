// Package slackchannel is the connector for membership of public and private
// Slack channels. Resource.Target is the channel's id ("C012AB3CD"), the only
// role is "member". Usher itself must be in the channel; scopes:
// channels:manage and channels:read for public channels, groups:write and
// groups:read for private ones, and users:read to know who asks.
package slackchannel

import (
	"context"
	"slices"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// API is what the connector needs of *slack.Client.
type API interface {
	InviteUsersToConversationContext(ctx context.Context, channel string, users ...string) (*slack.Channel, error)
	KickUserFromConversationContext(ctx context.Context, channel, user string) error
	GetUsersInConversationContext(ctx context.Context, params *slack.GetUsersInConversationParameters) (users []string, next string, err error)
	GetConversationInfoContext(ctx context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error)
	GetConversationsContext(ctx context.Context, params *slack.GetConversationsParameters) (channels []slack.Channel, next string, err error)
	GetConversationsForUserContext(ctx context.Context, params *slack.GetConversationsForUserParameters) (channels []slack.Channel, next string, err error)
	slackfault.Users
}

// Connector implements runtime.Connector, runtime.Finder and runtime.Keeper.
type Connector struct {
	chat  string
	api   API
	clock runtime.Clock
	found *things.Shelf[[]runtime.Thing]
}

// New makes the connector of one workspace. chat is the configured name of the
// chat whose accounts it knows; the clock says when a rate limit is over.
func New(chat string, api API, clock runtime.Clock) *Connector {
	return &Connector{chat: chat, api: api, clock: clock, found: things.NewShelf[[]runtime.Thing](clock)}
}

// Chat implements runtime.InChat.
func (c *Connector) Chat() string { return c.chat }

// Scopes are the permissions that the connector needs.
func Scopes() []slackfault.Scope {
	return []slackfault.Scope{
		{Name: "channels:manage", Reason: "put people into public channels and take them out", Without: "membership of public channels is not given or taken"},
		{Name: "channels:read", Reason: "list public channels, and see who is in one", Without: "public channels are not offered, and membership of them is not verified"},
		{Name: "groups:write", Reason: "put people into private channels and take them out", Without: "membership of private channels is not given or taken"},
		{Name: "users:read", Reason: "tell whether an admin may hand out a channel", Without: "no channel can be put into a catalog in chat"},
		{Name: "groups:read", Reason: "list private channels to who is in them, and see who is in one", Without: "private channels are not offered, and membership of them is not verified"},
	}
}

// pageSize is the most that Slack gives at once.
const pageSize = 999

// Grant invites the person. Before says that they were in the channel
// already; the repeat of a grant says so as well.
//
// Faults, besides those of slackfault: "slackNoChannel", "slackNotInChannel",
// "slackArchived", "slackCannotInvite", "slackGuest", "slackGuestFull",
// "slackOtherWorkspace", "slackExternal" (all need a human).
func (c *Connector) Grant(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	user, err := slackfault.Check(ctx, c.chat, j)
	if err != nil {
		return runtime.Answer{}, err
	}
	_, err = c.api.InviteUsersToConversationContext(ctx, j.Resource.Target, user)
	if slackfault.Code(err) == "already_in_channel" {
		return runtime.Answer{Before: true}, nil
	}
	if err != nil {
		return runtime.Answer{}, c.fault("conversations.invite", err)
	}
	return runtime.Answer{}, nil
}

// Revoke removes the person, also one who was in the channel before. Somebody
// who is not there is no fault, nor is one whom Slack does not know any more.
//
// Faults, besides those of slackfault: "slackNoChannel", "slackNotInChannel",
// "slackArchived" (human), "slackGeneral" (never).
func (c *Connector) Revoke(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	user, err := slackfault.Check(ctx, c.chat, j)
	if err != nil {
		return runtime.Answer{}, err
	}
	err = c.api.KickUserFromConversationContext(ctx, j.Resource.Target, user)
	switch slackfault.Code(err) {
	case "not_in_channel", "user_not_in_channel", "user_not_found", "cant_kick_from_general", "is_archived":
		// not_in_channel says either that the person is not there, or that
		// Usher is not; other methods and emulate have user_not_in_channel for
		// the one. The others do not matter if the person is not there.
		had, look := c.members(ctx, j.Resource.Target, user)
		if look != nil {
			return runtime.Answer{}, look
		}
		if had == access.Absent {
			return runtime.Answer{}, nil
		}
	}
	if err != nil {
		return runtime.Answer{}, c.fault("conversations.kick", err)
	}
	return runtime.Answer{}, nil
}

// Verify looks through the members of the channel, page by page.
func (c *Connector) Verify(ctx context.Context, j runtime.Job) (access.Had, error) {
	user, err := slackfault.Check(ctx, c.chat, j)
	if err != nil {
		return access.Unknown, err
	}
	return c.members(ctx, j.Resource.Target, user)
}

func (c *Connector) members(ctx context.Context, channel, user string) (access.Had, error) {
	params := &slack.GetUsersInConversationParameters{ChannelID: channel, Limit: pageSize}
	for {
		users, next, err := c.api.GetUsersInConversationContext(ctx, params)
		if err != nil {
			return access.Unknown, c.fault("conversations.members", err)
		}
		if slices.Contains(users, user) {
			return access.Present, nil
		}
		if next == "" {
			return access.Absent, nil
		}
		params.Cursor = next
	}
}

// fault says what Slack's refusals mean: docs.slack.dev/reference/methods/
// conversations.invite, .kick and .members.
func (c *Connector) fault(method string, err error) error {
	return slackfault.Of(method, err, c.clock.Now(), map[string]slackfault.Meaning{
		"channel_not_found":                     {Failure: access.FailHuman, Code: "slackNoChannel"},
		"method_not_supported_for_channel_type": {Failure: access.FailNever, Code: "slackNoChannel"},
		"not_in_channel":                        {Failure: access.FailHuman, Code: "slackNotInChannel"},
		"is_archived":                           {Failure: access.FailHuman, Code: "slackArchived"},
		"cant_invite":                           {Failure: access.FailHuman, Code: "slackCannotInvite"},
		"app_cannot_join_channel":               {Failure: access.FailHuman, Code: "slackCannotInvite"},
		"user_is_restricted":                    {Failure: access.FailHuman, Code: "slackGuest"},
		"user_is_ultra_restricted":              {Failure: access.FailHuman, Code: "slackGuest"},
		"ura_max_channels":                      {Failure: access.FailHuman, Code: "slackGuestFull"},
		"org_user_not_in_team":                  {Failure: access.FailHuman, Code: "slackOtherWorkspace"},
		"invitee_cant_see_channel":              {Failure: access.FailHuman, Code: "slackOtherWorkspace"},
		"no_external_invite_permission":         {Failure: access.FailHuman, Code: "slackExternal"},
		"cant_kick_from_general":                {Failure: access.FailNever, Code: "slackGeneral"},
	})
}
