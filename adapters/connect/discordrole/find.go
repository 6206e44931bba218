package discordrole

import (
	"context"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Find lists the roles of the chat's servers; everybody in a server sees them.
// Left out is what could not be given: @everyone, roles of bots, subscriptions
// and integrations, and roles that do not stand below the bot's. Those need
// the bot's role to be moved first, which usher doctor says; then they are
// listed. Discord gives a server's roles in one piece, 250 at most ("Guild
// Resource", Get Guild). What is listed is up to a minute old.
//
// Faults are those of discordfault.
func (c *Connector) Find(ctx context.Context, _ access.TenantID, _ []access.Account, query string, max int) ([]runtime.Thing, error) {
	all, err := c.found.Get(ctx, "", c.list)
	if err != nil {
		return nil, err
	}
	return things.Pick(all, query, max), nil
}

func (c *Connector) list(ctx context.Context) (found []runtime.Thing, err error) {
	guilds, err := c.client.Guilds(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range guilds {
		bot, err := c.client.Bot(ctx, g.ID)
		if err != nil {
			return nil, err
		}
		if discordfault.Powers(g, nil, bot)&discordgo.PermissionManageRoles == 0 {
			continue
		}
		for _, r := range g.Roles {
			if givable(g, r) && discordfault.Stands(g, bot, r) {
				found = append(found, thing(g, r, len(guilds) > 1))
			}
		}
	}
	return found, nil
}

// givable: somebody can give the role.
func givable(g *discordgo.Guild, r *discordgo.Role) bool { return r.ID != g.ID && !r.Managed }

// thing names the server as well where there are several.
func thing(g *discordgo.Guild, r *discordgo.Role, several bool) runtime.Thing {
	name := r.Name
	if several {
		name += " (" + g.Name + ")"
	}
	return runtime.Thing{
		Target: r.ID, Name: name, Kind: "role",
		Roles: []access.ResourceRole{things.Role(
			Member, "Member", "Have the role "+r.Name+" in "+g.Name+", with all that it opens", "In "+g.Name+" die Rolle "+r.Name+" haben, mit allem, was sie öffnet",
		)},
	}
}
