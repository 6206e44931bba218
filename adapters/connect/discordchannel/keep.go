package discordchannel

import (
	"context"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
)

// MayHand asks who could let others in by hand. Into a channel: whoever sees it
// and has Manage Roles in it, which Discord's settings call Manage Permissions
// there ("Channels Resource", Edit Channel Permissions); the server's owner and
// administrators have it everywhere. Into a private thread: who has Manage
// Threads in its channel, who made the thread, and, if it lets its members
// invite, who is in it ("Threads", Permissions; "Channels Resource", Add Thread
// Member). A channel that could not be given counts as not being there. Faults
// are those of discordfault.
func (c *Connector) MayHand(ctx context.Context, _ access.TenantID, accounts []access.Account, r access.Resource) error {
	users := discordfault.Accounts(c.chat, accounts)
	if len(users) == 0 {
		return things.NotYours(r)
	}
	s, err := c.gateOf(ctx, r)
	if err != nil {
		return err
	}
	g, err := c.client.Guild(ctx, s.channel.GuildID)
	if err != nil {
		return err
	}
	for _, user := range users {
		m, err := c.client.Member(ctx, g.ID, user)
		if err != nil {
			return err
		}
		if m == nil {
			continue
		}
		if may, err := s.letsIn(ctx, g, m); may || err != nil {
			return err
		}
	}
	return things.NotYours(r)
}

// gate is a channel or thread with the channel whose permissions hold there.
type gate struct {
	*Connector
	channel, in *discordgo.Channel
}

// gateOf finds what a resource means. access.NotFound (code "unknownTarget")
// when it is nothing that could be given.
func (c *Connector) gateOf(ctx context.Context, r access.Resource) (gate, error) {
	if !discordfault.IsID(r.Target) {
		return gate{}, things.Unknown(r)
	}
	ch, err := c.client.Channel(ctx, r.Target)
	if err == nil && hasOverwrites(ch) {
		return gate{c, ch, ch}, nil
	}
	if err == nil && ch.Type == discordgo.ChannelTypeGuildPrivateThread && ch.ThreadMetadata != nil {
		parent, err := c.client.Channel(ctx, ch.ParentID)
		return gate{c, ch, parent}, err
	}
	if err == nil || discordfault.Code(err) == discordfault.UnknownChannel || access.AsFault(err).Code == "discordNoGuild" {
		return gate{}, things.Unknown(r)
	}
	return gate{}, err
}

func (s gate) letsIn(ctx context.Context, g *discordgo.Guild, m *discordgo.Member) (bool, error) {
	has := discordfault.Acting(g, s.in, m, s.clock.Now())
	switch thread := s.channel != s.in; {
	case has&discordgo.PermissionViewChannel == 0:
		return false, nil
	case !thread:
		return has&discordgo.PermissionManageRoles != 0, nil
	case has&discordgo.PermissionManageThreads != 0:
		return true, nil
	case has&discordgo.PermissionSendMessagesInThreads == 0:
		return false, nil
	case s.channel.OwnerID == m.User.ID:
		return true, nil
	case !s.channel.ThreadMetadata.Invitable:
		return false, nil
	}
	err := s.client.Do(ctx, discordfault.Call{Method: http.MethodGet, URL: discordgo.EndpointThreadMember(s.channel.ID, m.User.ID)}, nil)
	if discordfault.Missing(err) {
		return false, nil
	}
	return err == nil, err
}
