package discordfake

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Actions in the audit log (Audit Log, "Audit Log Events").
const (
	auditOverwriteCreate = 13
	auditOverwriteUpdate = 14
	auditOverwriteDelete = 15
	auditMemberKick      = 20
	auditMemberUpdate    = 24
	auditMemberRoles     = 25
	auditThreadCreate    = 110
	auditThreadUpdate    = 111
)

// twoFactorOnly are permissions that a bot has in a server with two-factor
// moderation only if its owner uses two-factor authentication (Permissions,
// "Bitwise Permission Flags").
const twoFactorOnly = KickMembers | BanMembers | Administrator | ManageChannels | ManageGuild | ManageMessages | ManageRoles | ManageThreads

// guildFor finds a server that the bot is in.
func (f *Fake) guildFor(c *call) (*guild, error) {
	g := f.guilds[c.id("guild")]
	if g == nil || g.members[f.opt.AppID] == nil {
		return nil, refuse(unknownGuild)
	}
	return g, nil
}

// must refuses the bot without a permission in a server. f.mu is held.
func (f *Fake) must(g *guild, need Permissions) error {
	if !f.basePermissions(g, f.opt.AppID).Has(need) {
		return refuse(missingPermissions)
	}
	return f.twoFactor(g, need)
}

// need refuses the bot without a permission in a channel. f.mu is held.
func (f *Fake) need(c *channel, need Permissions) error {
	if !f.permissions(c, f.opt.AppID).Has(need) {
		return refuse(missingPermissions)
	}
	if g := f.guilds[c.Guild]; g != nil {
		return f.twoFactor(g, need)
	}
	return nil
}

func (f *Fake) twoFactor(g *guild, need Permissions) error {
	if g.TwoFactor && !f.opt.OwnerTwoFactor && need&twoFactorOnly != 0 {
		return refuse(needsTwoFactor)
	}
	return nil
}

// log writes into a server's audit log. f.mu is held.
func (f *Fake) log(g *guild, action int, target, reason string, changes ...any) {
	g.audit = append(g.audit, AuditEntry{
		Guild: g.ID, ID: f.id(), By: f.opt.AppID, Action: action, Target: target, Reason: reason, Changes: changes,
	})
}

func (f *Fake) getGuild(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	o := f.guildJSON(g)
	if c.flag("with_counts") {
		o["approximate_member_count"], o["approximate_presence_count"] = len(g.members), 0
	}
	return o, nil
}

func (f *Fake) getMember(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	if err := f.isMember(g, c.id("user")); err != nil {
		return nil, err
	}
	return f.memberJSON(g, c.id("user")), nil
}

// isMember refuses users who are not in a server: unknown ones otherwise than
// those who are elsewhere.
func (f *Fake) isMember(g *guild, user string) error {
	switch {
	case f.users[user] == nil:
		return refuse(unknownUser)
	case g.members[user] == nil:
		return refuse(unknownMember)
	}
	return nil
}

// listMembers needs the privileged intent (Guild, "List Guild Members").
func (f *Fake) listMembers(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	if f.opt.Intents&IntentMembers == 0 {
		return nil, refuse(missingAccess)
	}
	limit, err := c.limit(1000, 1)
	if err != nil {
		return nil, err
	}
	ids := slices.SortedFunc(maps.Keys(g.members), bySnowflake)
	return f.membersJSON(g, ids, limit, func(id string) bool { return snowflake(id) > snowflake(c.query.Get("after")) }), nil
}

func bySnowflake(a, b string) int {
	if snowflake(a) < snowflake(b) {
		return -1
	}
	return 1
}

func (f *Fake) membersJSON(g *guild, ids []string, limit int, only func(string) bool) []any {
	if f.opt.PageSize > 0 {
		limit = min(limit, f.opt.PageSize)
	}
	out := []any{}
	for _, id := range ids {
		if len(out) < limit && only(id) {
			out = append(out, f.memberJSON(g, id))
		}
	}
	return out
}

// searchMembers finds names that start with a text (Guild, "Search Guild
// Members").
func (f *Fake) searchMembers(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	query := strings.ToLower(c.query.Get("query"))
	if query == "" || length(query) > 100 {
		return nil, badField("query", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	}
	limit, err := c.limit(1000, 1)
	if err != nil {
		return nil, err
	}
	ids := slices.SortedFunc(maps.Keys(g.members), bySnowflake)
	return f.membersJSON(g, ids, limit, func(id string) bool {
		u := f.users[id]
		return slices.ContainsFunc([]string{u.Name, u.GlobalName, g.members[id].Nick}, func(name string) bool {
			return strings.HasPrefix(strings.ToLower(name), query)
		})
	}), nil
}

func (f *Fake) listRoles(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	return f.guildJSON(g)["roles"], nil
}

func (f *Fake) getRole(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	r := g.roles[c.id("role")]
	if r == nil {
		return nil, refuse(unknownRole)
	}
	return f.roleJSON(r), nil
}

func (f *Fake) listChannels(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, id := range slices.SortedFunc(maps.Keys(f.channels), bySnowflake) {
		if ch := f.channels[id]; ch.Guild == g.ID && !ch.isThread() && f.canSee(ch, f.opt.AppID) {
			out = append(out, f.channelJSON(ch))
		}
	}
	return out, nil
}

func (f *Fake) activeThreads(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	threads, members := []any{}, []any{}
	for _, id := range slices.SortedFunc(maps.Keys(f.channels), bySnowflake) {
		ch := f.channels[id]
		if ch.Guild != g.ID || !ch.isThread() || ch.Archived || !f.canSee(ch, f.opt.AppID) {
			continue
		}
		threads = append(threads, f.channelJSON(ch))
		if own := f.channelJSON(ch)["member"]; own != nil {
			members = append(members, own)
		}
	}
	return object{"threads": threads, "members": members}, nil
}

// grantable refuses roles that the bot may not give: they have to be of a lower
// position than its highest (Permissions, "Permission Hierarchy"; Guild, "Add
// Guild Member Role").
func (f *Fake) grantable(g *guild, id string) error {
	r := g.roles[id]
	if r == nil {
		return refuse(unknownRole)
	}
	if id == g.ID {
		return refuse(invalidRole)
	}
	if err := f.must(g, ManageRoles); err != nil {
		return err
	}
	if r.Managed || r.Position >= g.highest(f.opt.AppID).Position {
		return refuse(missingPermissions)
	}
	return nil
}

func (f *Fake) addRole(c *call) (any, error)    { return f.changeRole(c, true) }
func (f *Fake) removeRole(c *call) (any, error) { return f.changeRole(c, false) }

func (f *Fake) changeRole(c *call, give bool) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	if err := f.isMember(g, c.id("user")); err != nil {
		return nil, err
	}
	if err := f.grantable(g, c.id("role")); err != nil {
		return nil, err
	}
	if f.setRole(g, c.id("user"), c.id("role"), give) {
		key := "$remove"
		if give {
			key = "$add"
		}
		role := object{"id": c.id("role"), "name": g.roles[c.id("role")].Name}
		f.log(g, auditMemberRoles, c.id("user"), c.reason, object{"key": key, "new_value": []any{role}})
	}
	return nil, nil
}

// setRole gives or takes a role and tells the app; whether anything changed.
func (f *Fake) setRole(g *guild, user, role string, give bool) bool {
	m := g.members[user]
	if m.roles[role] == give {
		return false
	}
	if give {
		m.roles[role] = true
	} else {
		delete(m.roles, role)
	}
	f.tellMember("GUILD_MEMBER_UPDATE", g, user)
	return true
}

// modifyMember takes roles, nick and communication_disabled_until (Guild,
// "Modify Guild Member").
func (f *Fake) modifyMember(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	user := c.id("user")
	if err := f.isMember(g, user); err != nil {
		return nil, err
	}
	look := newChecker()
	shape{fields: map[string]check{"roles": list(0, 250, aSnowflake), "nick": atMost(32), "communication_disabled_until": words(1, 64)}}.check(look, c.body, "")
	if err := form(look.problems); err != nil {
		return nil, err
	}
	if v, ok := c.body["roles"]; ok {
		if err := f.replaceRoles(g, user, items(v), c.reason); err != nil {
			return nil, err
		}
	}
	if v, ok := c.body["communication_disabled_until"]; ok {
		if err := f.timeOut(g, user, text(v), c); err != nil {
			return nil, err
		}
	}
	return f.memberJSON(g, user), nil
}

func (f *Fake) replaceRoles(g *guild, user string, want []any, reason string) error {
	m := g.members[user]
	all := slices.Collect(maps.Keys(g.roles))
	for _, id := range want {
		all = appendNew(all, text(id))
	}
	for _, id := range all {
		if m.roles[id] == slices.Contains(want, any(id)) {
			continue
		}
		if err := f.grantable(g, id); err != nil {
			return err
		}
	}
	for _, id := range all {
		if f.setRole(g, user, id, slices.Contains(want, any(id))) {
			f.log(g, auditMemberRoles, user, reason)
		}
	}
	return nil
}

func (f *Fake) timeOut(g *guild, user, until string, c *call) error {
	if err := f.must(g, ModerateMembers); err != nil {
		return err
	}
	if f.basePermissions(g, user).Has(Administrator) || g.highest(user).Position >= g.highest(f.opt.AppID).Position {
		return refuse(missingPermissions)
	}
	at, err := time.Parse(time.RFC3339, until)
	if until != "" && (err != nil || at.Sub(c.at) > 28*24*time.Hour) {
		return badField("communication_disabled_until", "DATE_TIME_TYPE_PARSE", "Could not parse it, or it is more than 28 days from now.")
	}
	g.members[user].TimedOutUntil = at
	f.log(g, auditMemberUpdate, user, c.reason)
	f.tellMember("GUILD_MEMBER_UPDATE", g, user)
	return nil
}

func (f *Fake) kickMember(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	user := c.id("user")
	if err := f.isMember(g, user); err != nil {
		return nil, err
	}
	if err := f.must(g, KickMembers); err != nil {
		return nil, err
	}
	if g.Owner == user || g.highest(user).Position >= g.highest(f.opt.AppID).Position {
		return nil, refuse(missingPermissions)
	}
	f.log(g, auditMemberKick, user, c.reason)
	f.leave(g, user)
	return nil, nil
}

// leave takes a user out of a server and tells the app.
func (f *Fake) leave(g *guild, user string) {
	delete(g.members, user)
	for _, c := range f.channels {
		if c.Guild == g.ID {
			delete(c.people, user)
		}
	}
	f.tell(g.ID, "GUILD_MEMBER_REMOVE", object{"guild_id": g.ID, "user": f.userJSON(user)})
}

// auditLog is "Get Guild Audit Log" (Audit Log), the newest entry first.
func (f *Fake) auditLog(c *call) (any, error) {
	g, err := f.guildFor(c)
	if err != nil {
		return nil, err
	}
	if err := f.must(g, ViewAuditLog); err != nil {
		return nil, err
	}
	limit, err := c.limit(100, 50)
	if err != nil {
		return nil, err
	}
	entries, users := []any{}, []string{}
	for _, e := range slices.Backward(g.audit) {
		if action := c.query.Get("action_type"); len(entries) == limit || action != "" && action != intText(e.Action) {
			continue
		}
		o := object{"id": e.ID, "user_id": e.By, "target_id": orNull(e.Target), "action_type": e.Action, "changes": e.Changes}
		if e.Reason != "" {
			o["reason"] = e.Reason
		}
		entries, users = append(entries, o), appendNew(users, e.By)
	}
	return object{"audit_log_entries": entries, "users": f.usersJSON(users), "application_commands": []any{}, "threads": []any{}, "webhooks": []any{},
		"integrations": []any{}, "guild_scheduled_events": []any{}, "auto_moderation_rules": []any{}}, nil
}
