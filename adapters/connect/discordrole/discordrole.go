// Package discordrole is the connector for roles of Discord servers.
// Resource.Target is the role's id ("1051…"), or "<server>/<role>"; ids of
// roles are unique, so the server matters only to those who read it. The only
// resource role is "member": having the Discord role.
//
// The bot needs Manage Roles, and its own highest role has to stand above each
// role that it gives ("Permissions", Permission Hierarchy). Roles of bots,
// subscriptions and integrations, and @everyone, can be given by nobody.
package discordrole

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Member is the only role on a Discord role: having it.
const Member = "member"

// Connector implements runtime.Connector, runtime.Finder and runtime.Keeper.
type Connector struct {
	chat   string
	client *discordfault.Client
	clock  runtime.Clock
	found  *things.Shelf[[]runtime.Thing]
}

// New makes the connector of one chat. chat is the configured name of the chat
// whose accounts it knows, servers are the ids of its servers; none means the
// only one that the bot is in. The clock says when a rate limit is over.
func New(chat string, servers []string, api discordfault.API, clock runtime.Clock) *Connector {
	return &Connector{chat: chat, client: discordfault.NewClient(api, servers, clock), clock: clock, found: things.NewShelf[[]runtime.Thing](clock)}
}

// Chat implements runtime.InChat.
func (c *Connector) Chat() string { return c.chat }

// Permissions are those that the connector needs in each server.
func Permissions() []discordfault.Permission {
	return []discordfault.Permission{
		{Bit: discordgo.PermissionManageRoles, Name: "Manage Roles", Reason: "give people roles and take them away", Without: "roles are not given or taken"},
	}
}

// errGone says that a role is in none of the servers where it could be.
var errGone = errors.New("the role is in none of the chat's servers")

// Grant gives the role. Before says that the person had it already; the repeat
// of a grant says so as well.
//
// Faults, besides those of discordfault: "discordNoRole", "discordNotMember",
// "discordPermission", "discordHierarchy" (human), "discordManaged",
// "discordEveryone" (never).
func (c *Connector) Grant(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	p, err := c.look(ctx, j)
	switch {
	case errors.Is(err, errGone):
		return runtime.Answer{}, discordfault.Human("discordNoRole", err.Error())
	case err != nil:
		return runtime.Answer{}, err
	case p.member == nil:
		return runtime.Answer{}, discordfault.Human("discordNotMember", "the person is not in the server of the role")
	case p.has():
		return runtime.Answer{Before: true}, nil
	}
	return runtime.Answer{}, c.change(ctx, http.MethodPut, p, j.Reason)
}

// Revoke takes the role, also from somebody who had it before. Who does not
// have it, is not in the server, or had a role that is deleted, is no fault.
// Faults as for Grant.
func (c *Connector) Revoke(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	p, err := c.look(ctx, j)
	switch {
	case errors.Is(err, errGone), err == nil && !p.has():
		return runtime.Answer{}, nil
	case err != nil:
		return runtime.Answer{}, err
	}
	err = c.change(ctx, http.MethodDelete, p, j.Reason)
	switch discordfault.Code(err) {
	case discordfault.UnknownMember, discordfault.UnknownRole: // left, or deleted, just now
		err = nil
	}
	return runtime.Answer{}, err
}

// Verify reads which roles the person has. Nobody has a role that is deleted.
func (c *Connector) Verify(ctx context.Context, j runtime.Job) (access.Had, error) {
	p, err := c.look(ctx, j)
	switch {
	case errors.Is(err, errGone), err == nil && !p.has():
		return access.Absent, nil
	case err != nil:
		return access.Unknown, err
	}
	return access.Present, nil
}

// place is somebody and a role in a server.
type place struct {
	guild  *discordgo.Guild
	role   *discordgo.Role
	user   string
	member *discordgo.Member // nil: not in the server
}

func (p place) has() bool { return p.member != nil && slices.Contains(p.member.Roles, p.role.ID) }

// look reads the role and the person. The error is errGone when there is no
// such role.
func (c *Connector) look(ctx context.Context, j runtime.Job) (place, error) {
	user, err := discordfault.Check(ctx, c.chat, j, 2, Member)
	if err != nil {
		return place{}, err
	}
	p, err := c.find(ctx, j.Resource.Target)
	if err != nil {
		return place{}, err
	}
	if p.role.ID == p.guild.ID {
		return place{}, discordfault.Never("discordEveryone", "the role is that of everybody")
	}
	p.user = user
	p.member, err = c.client.Member(ctx, p.guild.ID, user)
	return p, err
}

// find looks for the role in the server that the target names, or in all.
func (c *Connector) find(ctx context.Context, target string) (place, error) {
	guilds, err := []*discordgo.Guild(nil), error(nil)
	server, id, named := strings.Cut(target, "/")
	if named {
		guilds = make([]*discordgo.Guild, 1)
		guilds[0], err = c.client.Guild(ctx, server)
	} else {
		id = target
		guilds, err = c.client.Guilds(ctx)
	}
	if err != nil {
		return place{}, err
	}
	for _, g := range guilds {
		for _, r := range g.Roles {
			if r.ID == id {
				return place{guild: g, role: r}, nil
			}
		}
	}
	return place{}, errGone
}

// change gives or takes the role ("Guild Resource", Add and Remove Guild
// Member Role), if the bot may.
func (c *Connector) change(ctx context.Context, method string, p place, reason string) error {
	if err := c.may(ctx, p); err != nil {
		return err
	}
	return c.client.Do(ctx, discordfault.Call{
		Method: method, URL: discordgo.EndpointGuildMemberRole(p.guild.ID, p.user, p.role.ID), Reason: reason,
	}, nil)
}

// may says before Discord does why the bot cannot give or take a role: each
// refusal counts towards a ban ("Rate Limits", Invalid Request Limit). Only
// two-factor authentication cannot be known before.
func (c *Connector) may(ctx context.Context, p place) error {
	if p.role.Managed {
		return discordfault.Never("discordManaged", "the role is managed")
	}
	bot, err := c.client.Bot(ctx, p.guild.ID)
	if err != nil {
		return err
	}
	switch {
	case discordfault.Powers(p.guild, nil, bot)&discordgo.PermissionManageRoles == 0:
		return discordfault.Human("discordPermission", "Manage Roles is missing")
	case !discordfault.Stands(p.guild, bot, p.role):
		return discordfault.Human("discordHierarchy", "the role stands above the bot's")
	}
	return nil
}
