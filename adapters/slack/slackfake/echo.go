package slackfake

import (
	"maps"
	"slices"
)

// echo sends the app, in the background, the event of what it did itself, if
// Options.Echo asks for it. Slack always does so: an app has to know its own
// messages. f.mu is held.
func (f *Fake) echo(event object, scope string) {
	if !f.opt.Echo {
		return
	}
	event["event_ts"] = f.ts()
	event = clone(event)
	f.background(func() { _ = f.sendEvent(event, scope) })
}

// echoMessage is the message event of a message of the app; with a subtype,
// of its change or end.
func (f *Fake) echoMessage(m *message, c *channel, subtype string) {
	if !c.members[BotUser] {
		return
	}
	event := object{"type": "message", "channel": c.ID, "channel_type": c.eventKind(), "ts": m.ts}
	switch subtype {
	case "message_changed":
		event["subtype"], event["message"], event["hidden"] = subtype, f.messageJSON(m, true), true
	case "message_deleted":
		event["subtype"], event["previous_message"], event["deleted_ts"], event["hidden"] = subtype, f.messageJSON(m, true), m.ts, true
	default:
		maps.Copy(event, f.messageJSON(m, true))
	}
	f.echo(event, c.historyScope())
}

// echoMember is the event of somebody whom the app put into a channel or took
// out of it.
func (f *Fake) echoMember(c *channel, who string, in bool) {
	name := "member_left_channel"
	if in {
		name = "member_joined_channel"
	}
	kind := "C"
	if c.kind() == kindPrivate {
		kind = "G"
	}
	f.echo(object{"type": name, "user": who, "channel": c.ID, "channel_type": kind, "team": f.opt.Team, "inviter": BotUser}, c.readScope())
}

// groupEvents are the events of a changed user group: subteam_updated always,
// subteam_members_changed when its members are others.
func (f *Fake) groupEvents(g *Group, before []string) []object {
	events := []object{{"type": "subteam_updated", "subteam": f.groupJSON(g, true), "event_ts": f.ts()}}
	added, removed := without(g.Users, before), without(before, g.Users)
	if len(added)+len(removed) > 0 {
		events = append(events, object{
			"type": "subteam_members_changed", "subteam_id": g.ID, "team_id": f.opt.Team, "date_update": f.clock.Now().Unix(), "event_ts": f.ts(),
			"added_users": added, "added_users_count": len(added), "removed_users": removed, "removed_users_count": len(removed),
		})
	}
	return events
}

func without(list, others []string) []string {
	return slices.DeleteFunc(append([]string{}, list...), func(s string) bool { return slices.Contains(others, s) })
}
