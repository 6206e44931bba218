package discordrole

import (
	"context"
	"errors"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
)

// MayHand asks who could give the role by hand: the server's owner, and members
// with Manage Roles whose highest role stands above it. An administrator has
// Manage Roles, and is bound by the order of roles like everybody else
// ("Permissions", Permission Hierarchy; "Role Management 101"). Roles that
// nobody can give are nobody's. Faults are those of discordfault.
func (c *Connector) MayHand(ctx context.Context, _ access.TenantID, accounts []access.Account, r access.Resource) error {
	users := discordfault.Accounts(c.chat, accounts)
	if len(users) == 0 {
		return things.NotYours(r)
	}
	p, err := c.find(ctx, r.Target)
	if errors.Is(err, errGone) || err != nil && access.AsFault(err).Code == "discordNoGuild" {
		return things.Unknown(r)
	}
	if err != nil {
		return err
	}
	for _, user := range users {
		m, err := c.client.Member(ctx, p.guild.ID, user)
		if err != nil {
			return err
		}
		if m != nil && givable(p.guild, p.role) && c.gives(p, m) {
			return nil
		}
	}
	return things.NotYours(r)
}

func (c *Connector) gives(p place, m *discordgo.Member) bool {
	return discordfault.Acting(p.guild, nil, m, c.clock.Now())&discordgo.PermissionManageRoles != 0 && discordfault.Stands(p.guild, m, p.role)
}
