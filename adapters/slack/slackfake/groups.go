package slackfake

import (
	"maps"
	"slices"
)

func (f *Fake) groupJSON(g *Group, users bool) object {
	deleted := 0
	if g.Disabled {
		deleted = 1700000001
	}
	o := object{
		"id": g.ID, "team_id": f.opt.Team, "is_usergroup": true, "is_subteam": true, "name": g.Name, "description": "", "handle": g.Handle,
		"is_external": false, "date_create": 1700000000, "date_update": 1700000000, "date_delete": deleted, "auto_type": nullable(g.Auto),
		"created_by": firstOf(g.By, BotUser), "updated_by": BotUser, "deleted_by": nil, "prefs": object{"channels": []any{}, "groups": []any{}},
		"user_count": len(g.Users),
	}
	if users {
		o["users"] = slices.Clone(g.Users)
	}
	return o
}

// groupOf finds a user group. Nobody has any without a paid plan.
func (f *Fake) groupOf(a args) (*Group, error) {
	if f.opt.FreePlan {
		return nil, refuse("plan_upgrade_required")
	}
	g := f.groups[a.text("usergroup")]
	if g == nil {
		return nil, refuse("no_such_subteam")
	}
	return g, nil
}

// editable is groupOf for changes: a bot token works only where everyone may
// manage user groups (docs.slack.dev/reference/methods/usergroups.users.update).
func (f *Fake) editable(a args) (*Group, error) {
	g, err := f.groupOf(a)
	if err == nil && f.opt.GroupsByAdmins {
		err = refuse("permission_denied")
	}
	return g, err
}

func (f *Fake) groupsList(a args) (object, error) {
	if f.opt.FreePlan {
		return nil, refuse("plan_upgrade_required")
	}
	list := []any{}
	for _, id := range slices.Sorted(maps.Keys(f.groups)) {
		g := f.groups[id]
		if !g.Disabled || a.flag("include_disabled") {
			list = append(list, f.groupJSON(g, a.flag("include_users")))
		}
	}
	return object{"usergroups": list}, nil
}

// groupUsers lists who is in a group. Those of a disabled group come only
// with include_disabled.
func (f *Fake) groupUsers(a args) (object, error) {
	g, err := f.groupOf(a)
	if err != nil {
		return nil, err
	}
	if g.Disabled && !a.flag("include_disabled") {
		return nil, refuse("no_such_subteam")
	}
	return object{"users": append([]string{}, g.Users...)}, nil
}

func (f *Fake) groupUpdate(a args) (object, error) {
	g, err := f.editable(a)
	if err != nil {
		return nil, err
	}
	if g.Disabled && f.opt.NoListWhileDisabled {
		return nil, refuse("no_such_subteam")
	}
	ids := a.list("users")
	if len(ids) == 0 {
		return nil, refuse("no_users_provided")
	}
	seen := map[string]bool{}
	for _, id := range ids {
		u := f.users[id]
		switch {
		case u == nil || u.Deleted || seen[id]:
			return nil, refuse("invalid_users")
		case u.Guest == SingleChannel:
			return nil, refuse("single_channel_guests_cannot_be_added")
		case u.Guest != NoGuest || u.Bot:
			return nil, refuse("invalid_users")
		case u.Stranger:
			return nil, refuse("failed_for_some_users")
		}
		seen[id] = true
	}
	before := g.Users
	g.Users = ids
	for _, ev := range f.groupEvents(g, before) {
		f.echo(ev, "usergroups:read")
	}
	return object{"usergroup": f.groupJSON(g, true)}, nil
}

func (f *Fake) groupDisable(a args) (object, error) { return f.switchGroup(a, true) }
func (f *Fake) groupEnable(a args) (object, error)  { return f.switchGroup(a, false) }

func (f *Fake) switchGroup(a args, off bool) (object, error) {
	g, err := f.editable(a)
	if err != nil {
		return nil, err
	}
	if g.Disabled == off {
		return nil, refuse(map[bool]string{true: "already_disabled", false: "already_enabled"}[off])
	}
	g.Disabled = off
	return object{"usergroup": f.groupJSON(g, true)}, nil
}

// nullable is null for nothing.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
