package slackchannel

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/slackfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
)

// MayHand asks who could invite others by hand: full members who are in the
// channel ("Add people to a channel"). Owners and admins of the workspace may
// hand out any public channel, since they look after them ("Permissions in a
// Slack workspace"), but no private one that they are not in. Guests, people
// of other workspaces and bots may not. Faults are those of Verify.
func (c *Connector) MayHand(ctx context.Context, _ access.TenantID, accounts []access.Account, r access.Resource) error {
	people, err := slackfault.Colleagues(ctx, c.api, c.chat, accounts, c.clock.Now())
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return things.NotYours(r)
	}
	private, err := c.closed(ctx, r)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Admin && !private {
			return nil
		}
		had, err := c.members(ctx, r.Target, p.ID)
		if err != nil {
			return err
		}
		if had == access.Present {
			return nil
		}
	}
	return things.NotYours(r)
}

// closed reports whether a channel is private. access.NotFound (code
// "unknownTarget") when there is no such channel, or none that Usher sees.
func (c *Connector) closed(ctx context.Context, r access.Resource) (bool, error) {
	ch, err := c.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: r.Target})
	switch {
	case slackfault.Code(err) == "channel_not_found" || r.Target == "":
		return false, things.Unknown(r)
	case err != nil:
		return false, c.fault("conversations.info", err)
	case ch.IsIM || ch.IsMpIM:
		return false, things.Unknown(r)
	}
	return ch.IsPrivate, nil
}
