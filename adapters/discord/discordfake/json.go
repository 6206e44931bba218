package discordfake

import (
	"maps"
	"slices"
	"time"
)

// stamp is how the API writes times.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000+00:00")
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// userJSON is a user object (User, "User Object"). f.mu is held.
func (f *Fake) userJSON(id string) object {
	u := f.users[id]
	if u == nil {
		u = &user{User: User{ID: id, Name: "deleted_user"}}
	}
	o := object{
		"id": u.ID, "username": u.Name, "global_name": orNull(u.GlobalName), "discriminator": "0", "avatar": nil,
		"public_flags": 0, "flags": 0,
	}
	if u.Bot {
		o["bot"] = true
	}
	return o
}

// memberJSON is a member object with its user (Guild, "Guild Member Object").
// f.mu is held.
func (f *Fake) memberJSON(g *guild, id string) object {
	m := g.members[id]
	return object{
		"user": f.userJSON(id), "nick": orNull(m.Nick), "avatar": nil, "roles": slices.Sorted(maps.Keys(m.roles)),
		"joined_at": stamp(m.joined), "premium_since": nil, "deaf": false, "mute": false, "flags": 0, "pending": m.Pending,
		"communication_disabled_until": stamp(m.TimedOutUntil),
	}
}

// roleJSON is a role object (Permissions, "Role Object"). f.mu is held.
func (f *Fake) roleJSON(r *role) object {
	o := object{
		"id": r.ID, "name": r.Name, "color": 0, "hoist": false, "icon": nil, "unicode_emoji": nil, "position": r.Position,
		"colors":      object{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"permissions": r.Permissions.String(), "managed": r.Managed, "mentionable": r.Mentionable, "flags": 0,
	}
	if r.Managed {
		o["tags"] = object{"bot_id": f.opt.AppID}
	}
	return o
}

// channelJSON is a channel object (Channel, "Channel Object"). f.mu is held.
func (f *Fake) channelJSON(c *channel) object {
	o := object{"id": c.ID, "type": int(c.Kind), "last_message_id": orNull(c.lastID), "flags": 0}
	if c.Kind == Direct {
		o["recipients"] = []any{f.userJSON(c.with)}
		return o
	}
	maps.Copy(o, object{"guild_id": c.Guild, "name": c.Name, "parent_id": orNull(c.Parent), "rate_limit_per_user": 0})
	if c.isThread() {
		maps.Copy(o, f.threadJSON(c))
		return o
	}
	overwrites := []any{}
	for _, id := range slices.Sorted(maps.Keys(c.overwrites)) {
		ow := c.overwrites[id]
		kind := 0
		if ow.Member {
			kind = 1
		}
		overwrites = append(overwrites, object{"id": id, "type": kind, "allow": ow.Allow.String(), "deny": ow.Deny.String()})
	}
	maps.Copy(o, object{"position": 0, "permission_overwrites": overwrites, "nsfw": false, "topic": nil})
	return o
}

// threadJSON is what a thread has besides. f.mu is held.
func (f *Fake) threadJSON(c *channel) object {
	o := object{
		"owner_id": orNull(c.Owner), "message_count": len(f.messages[c.ID]), "member_count": len(c.people), "total_message_sent": len(f.messages[c.ID]),
		"thread_metadata": object{
			"archived": c.Archived, "auto_archive_duration": max(c.autoHide, 60), "archive_timestamp": stamp(born(c.ID)), "locked": c.Locked,
			"create_timestamp": stamp(born(c.ID)), "invitable": !c.NoInvite,
		},
	}
	if since, ok := c.people[f.opt.AppID]; ok {
		o["member"] = object{"id": c.ID, "user_id": f.opt.AppID, "join_timestamp": stamp(since), "flags": 0}
	}
	return o
}

// guildJSON is a guild object (Guild, "Guild Object"). f.mu is held.
func (f *Fake) guildJSON(g *guild) object {
	roles := []any{}
	for _, id := range slices.Sorted(maps.Keys(g.roles)) {
		roles = append(roles, f.roleJSON(g.roles[id]))
	}
	mfa := 0
	if g.TwoFactor {
		mfa = 1
	}
	return object{
		"id": g.ID, "name": g.Name, "icon": nil, "splash": nil, "discovery_splash": nil, "owner_id": g.Owner, "afk_channel_id": nil,
		"afk_timeout": 300, "verification_level": 1, "default_message_notifications": 0, "explicit_content_filter": 0, "roles": roles,
		"emojis": []any{}, "features": []any{}, "mfa_level": mfa, "application_id": nil, "system_channel_id": nil, "system_channel_flags": 0,
		"rules_channel_id": nil, "vanity_url_code": nil, "description": nil, "banner": nil, "premium_tier": 0, "preferred_locale": g.Locale,
		"public_updates_channel_id": nil, "nsfw_level": 0, "premium_progress_bar_enabled": false, "safety_alerts_channel_id": nil, "stickers": []any{},
	}
}

// guildCreate is the data of GUILD_CREATE (Gateway Events): the server with its
// channels, active threads and the bot itself as a member. f.mu is held.
func (f *Fake) guildCreate(g *guild) object {
	o := f.guildJSON(g)
	channels, threads := []any{}, []any{}
	for _, id := range slices.Sorted(maps.Keys(f.channels)) {
		switch c := f.channels[id]; {
		case c.Guild != g.ID || f.permissions(c, f.opt.AppID)&ViewChannel == 0:
		case !c.isThread():
			channels = append(channels, f.channelJSON(c))
		case !c.Archived:
			threads = append(threads, f.channelJSON(c))
		}
	}
	maps.Copy(o, object{
		"joined_at": stamp(g.members[f.opt.AppID].joined), "large": false, "unavailable": false, "member_count": len(g.members),
		"members": []any{f.memberJSON(g, f.opt.AppID)}, "channels": channels, "threads": threads, "presences": []any{},
		"voice_states": []any{}, "stage_instances": []any{}, "guild_scheduled_events": []any{}, "soundboard_sounds": []any{},
	})
	return o
}

// botGuilds are the ids of the servers that the bot is in. f.mu is held.
func (f *Fake) botGuilds() []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(f.guilds)) {
		if f.guilds[id].members[f.opt.AppID] != nil {
			ids = append(ids, id)
		}
	}
	return ids
}
