package slackfake

import (
	"maps"
	"slices"
	"strings"
)

// Channel is a conversation of the workspace. The id of a public or private
// channel begins with C, that of a direct message with D.
type Channel struct {
	ID, Name                   string
	Private, Archived, General bool
	Shared                     bool // with another workspace, by Slack Connect
	Members                    []string
	// Bot: the app is a member.
	Bot bool
}

type channelKind string

const (
	kindPublic  channelKind = "public_channel"
	kindPrivate channelKind = "private_channel"
	kindDirect  channelKind = "im"
)

type channel struct {
	Channel
	with    string // the person of a direct message
	members map[string]bool
}

func (c *channel) kind() channelKind {
	switch {
	case c.with != "":
		return kindDirect
	case c.Private:
		return kindPrivate
	}
	return kindPublic
}

// eventKind is channel_type in message events.
func (c *channel) eventKind() string {
	return map[channelKind]string{kindPublic: "channel", kindPrivate: "group", kindDirect: "im"}[c.kind()]
}

// AddChannel puts a channel into the workspace.
func (f *Fake) AddChannel(c Channel) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ch := &channel{Channel: c, members: map[string]bool{}}
	for _, m := range c.Members {
		ch.members[m] = true
	}
	if c.Bot {
		ch.members[BotUser] = true
	}
	f.channels[c.ID] = ch
	f.touch()
}

// ChangeChannel changes name, privacy, archive or general of a channel.
func (f *Fake) ChangeChannel(id string, change func(*Channel)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.channels[id].Channel)
	f.touch()
}

// Join and Leave move somebody by hand, past the app (the app itself with
// BotUser), and tell the app if it is in the channel.
func (f *Fake) Join(channel, user string) error { return f.move(channel, user, true) }

// Leave takes somebody out of a channel by hand.
func (f *Fake) Leave(channel, user string) error { return f.move(channel, user, false) }

func (f *Fake) move(id, who string, in bool) error {
	f.mu.Lock()
	c := f.channels[id]
	if c == nil {
		f.mu.Unlock()
		return noSuch("channel", id)
	}
	name := "member_left_channel"
	if in {
		c.members[who] = true
		name = "member_joined_channel"
	} else {
		delete(c.members, who)
	}
	told := c.members[BotUser]
	ev := object{"type": name, "user": who, "channel": id, "channel_type": "C", "team": f.opt.Team, "event_ts": f.ts()}
	scope := c.readScope()
	f.touch()
	f.mu.Unlock()
	if !told {
		return nil
	}
	return f.sendEvent(ev, scope)
}

// Members are the people and bots of a channel, sorted.
func (f *Fake) Members(channel string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.channels[channel]; c != nil {
		return slices.Sorted(maps.Keys(c.members))
	}
	return nil
}

// visible finds a conversation that the bot can see: private ones only as a
// member. f.mu is held.
func (f *Fake) visible(id string) (*channel, error) {
	c := f.channels[id]
	if c == nil || (c.kind() == kindPrivate && !c.members[BotUser]) {
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

func (f *Fake) channelJSON(c *channel) object {
	o := object{
		"id": c.ID, "created": 1700000000, "is_archived": c.Archived, "is_im": c.kind() == kindDirect, "is_mpim": false,
		"is_org_shared": false, "context_team_id": f.opt.Team, "updated": 1700000000000,
	}
	if c.kind() == kindDirect {
		o["user"] = c.with
		return o
	}
	maps.Copy(o, object{
		"name": c.Name, "name_normalized": c.Name, "is_channel": !c.Private, "is_group": c.Private, "is_private": c.Private,
		"is_general": c.General, "is_member": c.members[BotUser], "is_shared": c.Shared, "is_ext_shared": c.Shared,
		"creator": BotUser, "topic": object{"value": ""}, "purpose": object{"value": ""},
	})
	return o
}

func (f *Fake) convInfo(a args) (object, error) {
	c, err := f.visible(a.text("channel"))
	if err != nil {
		return nil, err
	}
	if err := f.need(c.readScope()); err != nil {
		return nil, err
	}
	o := f.channelJSON(c)
	if a.flag("include_num_members") {
		o["num_members"] = len(c.members)
	}
	return object{"channel": o}, nil
}

func (f *Fake) convList(a args) (object, error) { return f.listConversations(a, "") }

func (f *Fake) userConversations(a args) (object, error) {
	who := a.text("user")
	if who == "" {
		who = BotUser
	}
	if f.users[who] == nil {
		return nil, refuse("user_not_found")
	}
	return f.listConversations(a, who)
}

// listConversations lists what the bot sees, or what it shares with who.
func (f *Fake) listConversations(a args, who string) (object, error) {
	kinds := a.list("types")
	if len(kinds) == 0 {
		kinds = []string{string(kindPublic)}
	}
	for _, k := range kinds {
		scope, ok := map[string]string{"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}[k]
		if !ok {
			return nil, refuse("invalid_types")
		}
		if err := f.need(scope); err != nil {
			return nil, err
		}
	}
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(f.channels)) {
		c := f.channels[id]
		hidden := c.kind() != kindPublic && !c.members[BotUser]
		if slices.Contains(kinds, string(c.kind())) && !hidden && (who == "" || c.members[who]) && (!c.Archived || !a.flag("exclude_archived")) {
			ids = append(ids, id)
		}
	}
	ids, next, err := f.page(ids, a, 100)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, id := range ids {
		list = append(list, f.channelJSON(f.channels[id]))
	}
	return object{"channels": list, "response_metadata": object{"next_cursor": next}}, nil
}

func (f *Fake) convMembers(a args) (object, error) {
	c, err := f.visible(a.text("channel"))
	if err != nil {
		return nil, err
	}
	if err := f.need(c.readScope()); err != nil {
		return nil, err
	}
	ids, next, err := f.page(slices.Sorted(maps.Keys(c.members)), a, 100)
	if err != nil {
		return nil, err
	}
	return object{"members": ids, "response_metadata": object{"next_cursor": next}}, nil
}

func (f *Fake) convOpen(a args) (object, error) {
	if id := a.text("channel"); id != "" {
		c := f.channels[id]
		if c == nil || c.kind() != kindDirect {
			return nil, refuse("channel_not_found")
		}
		return object{"channel": object{"id": c.ID}, "no_op": true, "already_open": true}, nil
	}
	ids := a.list("users")
	if len(ids) == 0 {
		return nil, refuse("users_list_not_supplied")
	}
	if len(ids) > 1 {
		return nil, refuse("invalid_user_combination", "[ERROR] this fake has no group messages")
	}
	c, err := f.direct(ids[0])
	if err != nil {
		return nil, err
	}
	o := object{"id": c.ID}
	if a.flag("return_im") {
		o = f.channelJSON(c)
	}
	return object{"channel": o}, nil
}

// direct finds or opens the direct message with a person.
func (f *Fake) direct(id string) (*channel, error) {
	u := f.users[id]
	switch {
	case u == nil:
		return nil, refuse("user_not_found")
	case u.Deleted:
		return nil, refuse("user_disabled")
	case u.Bot:
		return nil, refuse("cannot_dm_bot")
	}
	for _, c := range f.channels {
		if c.with == id {
			return c, nil
		}
	}
	c := &channel{Channel: Channel{ID: "D" + strings.TrimLeft(id, "UW")}, with: id, members: map[string]bool{id: true, BotUser: true}}
	f.channels[c.ID] = c
	return c, nil
}

func (f *Fake) convJoin(a args) (object, error) {
	c, err := f.visible(a.text("channel"))
	switch {
	case err != nil:
		return nil, err
	case c.kind() != kindPublic:
		return nil, refuse("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, refuse("is_archived")
	}
	c.members[BotUser] = true
	f.echoMember(c, BotUser, true)
	return object{"channel": f.channelJSON(c)}, nil
}
