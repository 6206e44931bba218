package discordchannel

import (
	"context"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Find lists text, announcement, forum and media channels of the chat's servers
// that @everyone or one of the accounts sees. Left out is what could not be
// given: where the bot lacks View Channel or Manage Roles, other kinds of
// channels; "writer" is left out where the bot may not send messages. Private
// threads are not listed, since Discord tells who is in one only one by one;
// their id can still be named. Discord gives a server's channels in one piece
// ("Guild Resource", Get Guild Channels). What is listed is up to a minute old.
//
// Faults are those of discordfault.
func (c *Connector) Find(ctx context.Context, _ access.TenantID, accounts []access.Account, query string, max int) ([]runtime.Thing, error) {
	places, err := c.places.Get(ctx, "", c.list)
	if err != nil {
		return nil, err
	}
	var found []runtime.Thing
	for _, p := range places {
		people, err := c.lookers(ctx, p.guild, accounts)
		if err != nil {
			return nil, err
		}
		for _, ch := range p.channels {
			if p.seen(ch, people) {
				found = append(found, p.thing(ch, len(places) > 1))
			}
		}
	}
	return things.Pick(found, query, max), nil
}

// server is what is listed of one server.
type server struct {
	guild    *discordgo.Guild
	bot      *discordgo.Member
	channels []*discordgo.Channel // that can be given
}

func (c *Connector) list(ctx context.Context) ([]server, error) {
	guilds, err := c.client.Guilds(ctx)
	if err != nil {
		return nil, err
	}
	var out []server
	for _, g := range guilds {
		s := server{guild: g}
		if s.bot, err = c.client.Bot(ctx, g.ID); err != nil {
			return nil, err
		}
		all, err := c.client.Channels(ctx, g.ID)
		if err != nil {
			return nil, err
		}
		for _, ch := range all {
			const need = discordgo.PermissionViewChannel | discordgo.PermissionManageRoles
			if hasOverwrites(ch) && discordfault.Powers(g, ch, s.bot)&need == need {
				s.channels = append(s.channels, ch)
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// hasOverwrites: the channel is of a kind that has viewers and writers.
func hasOverwrites(ch *discordgo.Channel) bool {
	switch ch.Type {
	case discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildForum, discordgo.ChannelTypeGuildMedia:
		return true
	}
	return false
}

// lookers are whoever's eyes count: somebody without any role, and the people
// with these accounts who are in the server.
func (c *Connector) lookers(ctx context.Context, g *discordgo.Guild, accounts []access.Account) ([]*discordgo.Member, error) {
	people := []*discordgo.Member{{User: &discordgo.User{ID: "0"}}}
	for _, user := range discordfault.Accounts(c.chat, accounts) {
		m, err := c.members.Get(ctx, g.ID+"/"+user, func(ctx context.Context) (*discordgo.Member, error) {
			return c.client.Member(ctx, g.ID, user)
		})
		if err != nil {
			return nil, err
		}
		if m != nil {
			people = append(people, m)
		}
	}
	return people, nil
}

func (s server) seen(ch *discordgo.Channel, people []*discordgo.Member) bool {
	for _, m := range people {
		if discordfault.Powers(s.guild, ch, m)&discordgo.PermissionViewChannel != 0 {
			return true
		}
	}
	return false
}

// thing names the server as well where there are several.
func (s server) thing(ch *discordgo.Channel, several bool) runtime.Thing {
	name := "#" + ch.Name
	roles := []access.ResourceRole{things.Role(Viewer, "Viewer", "See "+name, name+" sehen")}
	if discordfault.Powers(s.guild, ch, s.bot)&discordgo.PermissionSendMessages != 0 {
		roles = append(roles, things.Role(Writer, "Writer", "See "+name+" and write there", name+" sehen und dort schreiben"))
	}
	if several {
		name += " (" + s.guild.Name + ")"
	}
	return runtime.Thing{Target: ch.ID, Name: name, Kind: "channel", Roles: roles}
}
