package slackfake

import "slices"

// convInvite follows docs.slack.dev/reference/methods/conversations.invite. A
// refusal for one person refuses all, as without "force"; errors has them.
func (f *Fake) convInvite(a args) (object, error) {
	c, err := f.manageable(a.text("channel"))
	if err != nil {
		return nil, err
	}
	ids := a.list("users")
	switch {
	case len(ids) > 100:
		return nil, refuse("too_many_users")
	case c.Archived:
		return nil, refuse("is_archived")
	}
	var errs []any
	first := ""
	for _, id := range ids {
		if code := f.cannotInvite(c, id); code != "" {
			first = firstOf(first, code)
			errs = append(errs, object{"user": id, "ok": false, "error": code})
		}
	}
	if first != "" {
		return nil, &apiError{code: first, extra: object{"errors": errs}}
	}
	for _, id := range ids {
		c.members[id] = true
		f.echoMember(c, id, true)
	}
	return object{"channel": f.channelJSON(c)}, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// manageable finds a channel that the bot is in and may manage.
func (f *Fake) manageable(id string) (*channel, error) {
	c, err := f.visible(id)
	if err != nil {
		return nil, err
	}
	if c.kind() == kindDirect {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	if err := f.need(c.manageScope()); err != nil {
		return nil, err
	}
	if !c.members[BotUser] {
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

func (f *Fake) cannotInvite(c *channel, id string) string {
	u := f.users[id]
	switch {
	case u == nil:
		return "user_not_found"
	case id == BotUser:
		return "cant_invite_self"
	case c.members[id]:
		return "already_in_channel"
	case u.Deleted, u.Stranger && !c.Shared:
		return "cant_invite"
	case u.Stranger:
		return "no_external_invite_permission"
	case u.Guest != NoGuest && f.opt.InviteByMembers:
		return "user_is_restricted"
	case u.Guest == SingleChannel && f.inAnyChannel(id):
		return "ura_max_channels"
	}
	return ""
}

func (f *Fake) inAnyChannel(id string) bool {
	for _, c := range f.channels {
		if c.kind() != kindDirect && c.members[id] {
			return true
		}
	}
	return false
}

// convKick follows docs.slack.dev/reference/methods/conversations.kick.
func (f *Fake) convKick(a args) (object, error) {
	c, err := f.manageable(a.text("channel"))
	if err != nil {
		return nil, err
	}
	id := a.text("user")
	switch {
	case f.users[id] == nil:
		return nil, refuse("user_not_found")
	case id == BotUser:
		return nil, refuse("cant_kick_self")
	case c.General:
		return nil, refuse("cant_kick_from_general")
	case f.opt.KickByAdmins:
		return nil, refuse("restricted_action")
	case !c.members[id]:
		return nil, refuse("not_in_channel")
	}
	delete(c.members, id)
	f.echoMember(c, id, false)
	return object{"errors": object{}}, nil
}

// Group is a user group.
type Group struct {
	ID, Name, Handle string
	Users            []string
	Disabled         bool
	By               string // who made it; the bot when empty
	// Auto is "admin" or "owner" for the two groups that Slack keeps itself.
	Auto string
}

// AddGroup puts a user group into the workspace, or replaces one.
func (f *Fake) AddGroup(g Group) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g.Users = slices.Clone(g.Users)
	f.groups[g.ID] = &g
	f.touch()
}

// DropGroup makes a user group unknown.
func (f *Fake) DropGroup(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.groups, id)
}

// Group returns a user group as it is.
func (f *Fake) Group(id string) (Group, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.groups[id]
	if g == nil {
		return Group{}, false
	}
	c := *g
	c.Users = slices.Clone(g.Users)
	return c, true
}

// ChangeGroup changes a group by hand and tells the app: subteam_updated, and
// subteam_members_changed if its members are others.
func (f *Fake) ChangeGroup(id string, change func(*Group)) error {
	f.mu.Lock()
	g := f.groups[id]
	if g == nil {
		f.mu.Unlock()
		return noSuch("user group", id)
	}
	before := slices.Clone(g.Users)
	change(g)
	events := f.groupEvents(g, before)
	f.touch()
	f.mu.Unlock()
	for _, ev := range events {
		if err := f.sendEvent(ev, "usergroups:read"); err != nil {
			return err
		}
	}
	return nil
}
