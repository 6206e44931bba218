package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/connect/discordchannel"
	"github.com/usher-dev/usher/adapters/connect/discordfault"
	"github.com/usher-dev/usher/adapters/connect/discordrole"
	"github.com/usher-dev/usher/adapters/desk"
	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// openDiscord makes a chat in Discord. Its connectors share what Discord allows
// the bot as a whole with the chat.
func openDiscord(s setting, c config.Chat) (chatAdapter, tools, error) {
	o, err := discordOptions(s, c)
	if err != nil {
		return nil, tools{}, err
	}
	adapter, err := discord.New(o)
	if err != nil {
		return nil, tools{}, err
	}
	rest, err := adapter.REST()
	return adapter, tools{discord: rest}, err
}

func discordOptions(s setting, c config.Chat) (discord.Options, error) {
	texts, err := s.words()
	if err != nil {
		return discord.Options{}, err
	}
	fallback := access.Channel("")
	if c.Fallback != "" {
		fallback = access.Channel(c.Name + "/" + c.Fallback)
		s.seen.channels = append(s.seen.channels, fallback)
	}
	return discord.Options{
		Name: c.Name, Tenant: c.Tenant, Guilds: c.Teams,
		BotToken: discord.Secret(c.Secrets["bot"]), PublicKey: discord.Secret(c.Secrets["publicKey"]),
		APIURL: s.config.Discord.APIURL, GatewayURL: s.config.Discord.GatewayURL,
		Log: s.log, Clock: s.clock,
		Commands: discordCommands(texts), PerServer: s.config.Discord.PerServer,
		Threads: s.config.Discord.Threads, Fallback: fallback, Administrators: s.config.Discord.Administrators,
		Channels: s.seen.channels, Roles: rolesGiven(c.Name, s.seen.resources),
		Leases: s.behind, Holder: s.behind.holder,
		OnLeft:  func(ctx context.Context, who access.PersonID) { leaver(s.behind.runtime, c.Tenant)(ctx, who) },
		OnGroup: func(ctx context.Context, group access.GroupID) { regrouper(s.behind.runtime, c.Tenant)(ctx, group) },
	}, nil
}

// Lease and Release let a chat elect one of several processes by a store that
// is opened after it.
func (b *behind) Lease(ctx context.Context, name, holder string, now time.Time, ttl time.Duration) (bool, error) {
	return b.leases.Lease(ctx, name, holder, now, ttl)
}

// Release implements runtime.Leases.
func (b *behind) Release(ctx context.Context, name, holder string) error {
	return b.leases.Release(ctx, name, holder)
}

// rolesGiven are the roles of a chat in Discord that are resources.
func rolesGiven(chat string, resources []access.Resource) []access.GroupID {
	var all []access.GroupID
	for _, r := range resources {
		if r.Connector == roleConnector(chat) {
			_, role, within := strings.Cut(r.Target, "/")
			if !within {
				role = r.Target
			}
			all = append(all, access.GroupID(chat+"/"+role))
		}
	}
	return all
}

// discordCommands are the slash commands of the desk's table, with their help
// in every language.
func discordCommands(texts *desk.Texts) []discord.Command {
	var all []discord.Command
	for _, c := range desk.Commands() {
		one := discord.Command{Root: c.Root, Name: c.Name, Help: texts.Everywhere(c.Help())}
		for _, a := range c.Args {
			one.Args = append(one.Args, discord.Arg{Name: a.Name, Kind: discord.ArgKind(a.Kind)})
		}
		all = append(all, one)
	}
	return all
}

// discordConnectors are those of a chat in Discord, for its roles and its
// channels, unless they are switched off.
func discordConnectors(c config.Config, chat config.Chat, t tools) map[string]runtime.Connector {
	all := map[string]runtime.Connector{}
	if c.Discord.Gives(config.DiscordRoles) {
		all[roleConnector(chat.Name)] = discordrole.New(chat.Name, chat.Teams, t.discord, t.clock)
	}
	if c.Discord.Gives(config.DiscordChannels) {
		all[channelConnector(chat.Name)] = discordchannel.New(chat.Name, chat.Teams, t.discord, t.store, t.clock)
	}
	return all
}

// roleConnector is what resources name the connector for the roles of a chat in
// Discord by: "discord-role" of the chat "discord".
func roleConnector(chat string) string { return chat + "-role" }

// discordPermissions are those that the connectors of Discord need which are
// on.
func discordPermissions(c config.Discord) []discord.Permission {
	var all []discordfault.Permission
	if c.Gives(config.DiscordRoles) {
		all = append(all, discordrole.Permissions()...)
	}
	if c.Gives(config.DiscordChannels) {
		all = append(all, discordchannel.Permissions()...)
	}
	var out []discord.Permission
	for _, p := range all {
		out = append(out, discord.Permission{Bit: uint64(p.Bit), Name: p.Name, Reason: p.Reason, Without: p.Without})
	}
	return out
}

func diagnoseDiscord(ctx context.Context, c config.Config, a chatAdapter) []finding {
	var out []finding
	for _, f := range a.(*discord.Adapter).Diagnose(ctx, discordPermissions(c.Discord)...) {
		out = append(out, finding{f.OK, f.What, f.Fix})
	}
	return out
}

// DiscordInvite prints the link that brings the bot into a server, with the
// reason for each permission. It asks Discord whose the bot token is.
func DiscordInvite(ctx context.Context, o InviteOptions) error {
	found := false
	for _, c := range o.Config.Chats {
		if c.Kind != "discord" {
			continue
		}
		found = true
		if err := invite(ctx, o, c); err != nil {
			return err
		}
	}
	if !found {
		return trouble(nil, "There is no chat in Discord yet: set DISCORD_BOT_TOKEN.")
	}
	return nil
}

// InviteOptions are those of DiscordInvite.
type InviteOptions struct {
	Common
	Config config.Config
}

func invite(ctx context.Context, o InviteOptions, c config.Chat) error {
	a, err := discord.New(discord.Options{
		Name: c.Name, Tenant: c.Tenant, Guilds: c.Teams, BotToken: discord.Secret(c.Secrets["bot"]), APIURL: o.Config.Discord.APIURL,
	})
	if err != nil {
		return trouble(err, "The Discord chat %q cannot be opened: %s.", c.Name, strings.TrimPrefix(plain(err), "discord: "))
	}
	app, err := a.Application(ctx)
	switch {
	case access.AsFault(err).Code == "discordAuth" && err != nil:
		return trouble(err, "Discord refuses the bot token of the chat %q: copy it again (Bot, Reset Token).", c.Name)
	case err != nil:
		return trouble(err, "Discord cannot be asked whose the bot token of the chat %q is: look whether this machine reaches it, and try again.", c.Name)
	}
	needed := merged(append(discord.Permissions(o.Config.Discord.Threads, c.Fallback != ""), discordPermissions(o.Config.Discord)...))
	fmt.Fprintf(o.Out, "Open this to bring Usher into a server that you manage (chat %q):\n\n%s\n\nIt asks for:\n", c.Name, discord.Invite(app, needed))
	for _, p := range needed {
		fmt.Fprintf(o.Out, "  %s: to %s\n", p.Name, p.Reason)
	}
	fmt.Fprintln(o.Out, "It never asks for Administrator. Afterwards drag Usher's role above every role that it is to give (Server Settings, Roles).")
	return nil
}

// merged lists each permission once, with all its reasons.
func merged(list []discord.Permission) []discord.Permission {
	var out []discord.Permission
	at := map[uint64]int{}
	for _, p := range list {
		i, known := at[p.Bit]
		switch {
		case !known:
			at[p.Bit] = len(out)
			out = append(out, p)
		case !strings.Contains(out[i].Reason, p.Reason):
			out[i].Reason += "; to " + p.Reason
		}
	}
	return out
}
