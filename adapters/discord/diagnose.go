package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/core/access"
)

// Finding is one thing that Diagnose looked at. OK ones are there as well, so
// that people see what was looked at.
type Finding struct {
	OK   bool
	What string // what was looked at, or found
	Fix  string // what to do about it, when it is not OK
}

func fine(what string, args ...any) Finding {
	return Finding{OK: true, What: fmt.Sprintf(what, args...)}
}

func wrong(fix, what string, args ...any) Finding {
	return Finding{What: fmt.Sprintf(what, args...), Fix: fix}
}

// Diagnose looks at everything that an installation gets wrong: the token, the
// servers and what the bot may do there, the intents, the way in, the roles
// that definitions name, the channels, and the commands. extra are the
// permissions of the connectors. It changes nothing in Discord.
func (a *Adapter) Diagnose(ctx context.Context, extra ...Permission) []Finding {
	id, err := a.introduce(ctx)
	f := access.AsFault(err)
	switch {
	case err == nil:
	case f.Code == "discordAuth":
		return []Finding{wrong("Copy the bot token again (Bot, Reset Token)", "Discord refuses the bot token (%v)", err)}
	case f.Code == "discordServers":
		return []Finding{wrong("Invite the bot, and name your servers if there are several", "%v", f.Err)}
	default:
		return []Finding{wrong("Look whether this machine reaches Discord, and try again", "Discord does not answer (%v)", err)}
	}
	a.identity.Store(&id)
	out := []Finding{fine("the bot token belongs to the application %s", id.app)}
	out = append(out, diagnoseIntents(id.flags)...)
	out = append(out, a.diagnoseWayIn(ctx))
	for _, guild := range id.guilds {
		out = append(out, a.diagnoseGuild(ctx, guild, id, extra)...)
	}
	out = append(out, a.diagnoseGone(ctx)...)
	for _, channel := range a.o.Channels {
		out = append(out, a.diagnoseChannel(ctx, channel, id))
	}
	return append(out, a.diagnoseCommands(ctx))
}

// diagnoseIntents says which are off. That is no fault: nothing essential
// depends on them.
func diagnoseIntents(flags int) []Finding {
	var out []Finding
	for _, intent := range []struct {
		flag       int
		name, need string
	}{
		{flagMembers, "Server Members Intent", "members of roles cannot be listed, and leavers are found by the daily look and when they press something"},
		{flagContent, "Message Content Intent", "replies below cards in servers are not kept"},
	} {
		if flags&intent.flag != 0 {
			out = append(out, fine("the %s is on", intent.name))
			continue
		}
		out = append(out, fine("the %s is off: %s. Switch it on under Bot, Privileged Gateway Intents, if you want that", intent.name, intent.need))
	}
	return out
}

func (a *Adapter) diagnoseWayIn(ctx context.Context) Finding {
	if a.key != nil {
		return fine("commands and buttons come over HTTP, at %s", Interactions)
	}
	var got discordgo.GatewayBotResponse
	if err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointGatewayBot, way: "gateway"}, &got); err != nil {
		return wrong("Look whether this machine reaches Discord, and try again", "the gateway cannot be asked for (%v)", err)
	}
	left, total := got.SessionStartLimit.Remaining, got.SessionStartLimit.Total
	if left*10 < total {
		return wrong("Look why the bot starts so often", "only %d of %d starts of the gateway are left for today", left, total)
	}
	return fine("the gateway can be opened (%d of %d starts are left for today)", left, total)
}

// diagnoseGuild looks at what the bot may do in a server and whether its role
// stands above those that it is to give.
func (a *Adapter) diagnoseGuild(ctx context.Context, guild string, id identity, extra []Permission) []Finding {
	me, err := a.member(ctx, guild, id.bot)
	if err != nil {
		return []Finding{wrong("Look whether the bot is in that server", "the server %s cannot be read (%v)", guild, err)}
	}
	if me == nil {
		return []Finding{wrong("Invite the bot: usher discord invite", "the bot is not in the server %s", guild)}
	}
	roles, err := a.rolesOf(ctx, guild)
	if err != nil {
		return []Finding{wrong("Look whether the bot is in that server", "the roles of the server %s cannot be read (%v)", guild, err)}
	}
	has, top := powers(guild, *me, roles)
	var out []Finding
	needed := append(Permissions(a.o.Threads, a.o.Fallback != ""), extra...)
	for _, p := range needed {
		if has&(p.Bit|permitAdministrator) == 0 {
			out = append(out, wrong("Invite the bot again (usher discord invite), or allow it to the bot's role",
				"in the server %s the permission %s is missing (%s): %s", guild, p.Name, p.Reason, p.Without))
		}
	}
	if len(out) == 0 {
		out = append(out, fine("the bot is in the server %s with all %d permissions", guild, len(needed)))
	}
	return append(out, a.diagnoseRoles(guild, roles, top)...)
}

// powers are the permissions of a member in a server as a whole, and the
// position of their highest role.
func powers(guild string, m member, roles []role) (bits uint64, top int) {
	for _, r := range roles {
		if r.ID == guild || slices.Contains(m.Roles, r.ID) {
			bits, top = bits|bitsIn(r.Permissions), max(top, r.Position)
		}
	}
	return bits, top
}

// diagnoseRoles looks at the configured roles that are of this server.
func (a *Adapter) diagnoseRoles(guild string, roles []role, top int) []Finding {
	var out []Finding
	for _, group := range a.o.Roles {
		id, own := strings.CutPrefix(string(group), a.o.Name+"/")
		i := indexOfRole(roles, id)
		if !own || i < 0 || id == guild {
			continue
		}
		switch r := roles[i]; {
		case r.Managed:
			out = append(out, wrong("Use another role", "the role %s belongs to an integration: nobody can give it", r.Name))
		case r.Position >= top:
			out = append(out, wrong("Drag the bot's role above it (Server Settings, Roles)", "the role %s stands above the bot's: it cannot be given", r.Name))
		default:
			out = append(out, fine("the role %s stands below the bot's", r.Name))
		}
	}
	return out
}

// diagnoseGone looks for roles that no server has.
func (a *Adapter) diagnoseGone(ctx context.Context) []Finding {
	var out []Finding
	for _, group := range a.o.Roles {
		id, own := strings.CutPrefix(string(group), a.o.Name+"/")
		if guild, err := a.guildOf(ctx, id); own && err == nil && guild == "" {
			out = append(out, wrong("Choose another role (right click on it, Copy Role ID)", "the role %s is in none of the servers", id))
		}
	}
	return out
}

func indexOfRole(roles []role, id string) int {
	return slices.IndexFunc(roles, func(r role) bool { return r.ID == id })
}

// aChannel is a channel as far as it is read ("Channel Object").
type aChannel struct {
	Name       string      `json:"name"`
	Guild      string      `json:"guild_id"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

// overwrite allows and denies in one channel, to a role or a member.
type overwrite struct {
	ID    string `json:"id"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

func (a *Adapter) diagnoseChannel(ctx context.Context, channel access.Channel, id identity) Finding {
	place, own := strings.CutPrefix(string(channel), a.o.Name+"/")
	if !own || !snowflake.MatchString(place) {
		return wrong("Write the channel's id: "+a.o.Name+"/…", "%q is no channel of this chat", channel)
	}
	var got aChannel
	err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointChannel(place), way: "channel " + place}, &got)
	allow := "Let the bot see the channel and write there (Edit Channel, Permissions)"
	switch {
	case codeOf(err) == codeUnknownChannel:
		return wrong("Choose another channel", "the channel %s does not exist", place)
	case err != nil:
		return wrong(allow, "the channel %s cannot be read (%v)", place, err)
	case !slices.Contains(id.guilds, got.Guild):
		return wrong("Choose a channel of a server that is configured", "the channel #%s is in another server", got.Name)
	}
	has, err := a.powersIn(ctx, got, id.bot)
	if err != nil {
		return wrong(allow, "what the bot may do in #%s cannot be read (%v)", got.Name, err)
	}
	if needed := permitView | permitSend; has&needed != needed {
		return wrong(allow, "the bot may not write into #%s", got.Name)
	}
	return fine("the bot may write into #%s", got.Name)
}

// powersIn are the permissions of a member in a channel ("Permissions",
// Permission Overwrites).
func (a *Adapter) powersIn(ctx context.Context, c aChannel, user string) (uint64, error) {
	me, err := a.member(ctx, c.Guild, user)
	if err != nil || me == nil {
		return 0, err
	}
	roles, err := a.rolesOf(ctx, c.Guild)
	if err != nil {
		return 0, err
	}
	bits, _ := powers(c.Guild, *me, roles)
	if bits&permitAdministrator != 0 {
		return ^uint64(0), nil
	}
	for _, of := range [][]string{{c.Guild}, me.Roles, {user}} {
		var allow, deny uint64
		for _, o := range c.Overwrites {
			if slices.Contains(of, o.ID) {
				allow, deny = allow|bitsIn(o.Allow), deny|bitsIn(o.Deny)
			}
		}
		bits = bits&^deny | allow
	}
	return bits, nil
}

func bitsIn(s string) uint64 {
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}

func (a *Adapter) diagnoseCommands(ctx context.Context) Finding {
	wanted, err := definitions(a.o.Commands, !a.o.PerServer)
	places, failed := a.commandPlaces(ctx)
	if err := errors.Join(err, failed); err != nil {
		return wrong("Tell the makers of Usher", "the commands cannot be defined (%v)", err)
	}
	for _, place := range places {
		has, err := a.registered(ctx, place)
		if err != nil {
			return wrong("Invite the bot again: usher discord invite", "the commands cannot be read (%v)", err)
		}
		if !same(has, wanted) {
			return fine("the commands will be registered when Usher serves")
		}
	}
	return fine("the commands are registered")
}
