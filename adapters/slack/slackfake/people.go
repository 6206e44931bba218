package slackfake

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Guest says what kind of guest a person is.
type Guest string

const (
	NoGuest       Guest = ""
	MultiChannel  Guest = "multi"  // is_restricted
	SingleChannel Guest = "single" // is_restricted and is_ultra_restricted
)

// User is a person or a bot of the workspace.
type User struct {
	ID, Name, RealName, DisplayName, Email string
	Locale, TZ                             string // "en-US" and "UTC" when empty
	Guest                                  Guest
	Stranger                               bool // of another workspace, met through Slack Connect
	Team                                   string
	Bot, Deleted, Admin                    bool
	Owner                                  bool // of the workspace; is_admin as well
	// Fields are custom profile fields, by label (see Options and AddField).
	Fields map[string]string
}

type user struct {
	User
	updated   time.Time
	ephemeral []*message
	sees      []string // troubles shown to the person, the newest last
}

// ProfileField is a custom field of every profile. Kind is "text", "user" or
// "date"; a "user" field holds a user id.
type ProfileField struct{ ID, Label, Kind string }

// AddField declares a custom profile field.
func (f *Fake) AddField(field ProfileField) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fields = append(f.fields, field)
}

// AddUser puts a person into the workspace, or replaces one. They are in no
// channel yet.
func (f *Fake) AddUser(u User) *Person {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range []struct{ value, or *string }{
		{&u.Name, ptr(strings.ToLower(u.ID))}, {&u.RealName, &u.Name}, {&u.DisplayName, &u.RealName},
		{&u.Locale, ptr("en-US")}, {&u.TZ, ptr("UTC")}, {&u.Team, &f.opt.Team},
	} {
		if *d.value == "" {
			*d.value = *d.or
		}
	}
	f.users[u.ID] = &user{User: u, updated: f.clock.Now()}
	f.touch()
	return &Person{f: f, id: u.ID}
}

func ptr(s string) *string { return &s }

// ChangeUser changes a person and tells the app by a user_change event. It
// returns when the app has acknowledged it, or with the trouble.
func (f *Fake) ChangeUser(id string, change func(*User)) error {
	f.mu.Lock()
	u := f.users[id]
	if u == nil {
		f.mu.Unlock()
		return noSuch("user", id)
	}
	change(&u.User)
	u.updated = f.clock.Now()
	if u.Deleted {
		f.leaveEverything(id)
	}
	ev := object{"type": "user_change", "user": f.userJSON(u, true), "cache_ts": u.updated.Unix(), "event_ts": f.ts()}
	f.touch()
	f.mu.Unlock()
	return f.sendEvent(ev, "users:read")
}

// Deactivate marks a person as left: out of all channels and user groups, and
// a user_change with deleted.
func (f *Fake) Deactivate(id string) error {
	return f.ChangeUser(id, func(u *User) { u.Deleted = true })
}

func (f *Fake) leaveEverything(id string) {
	for _, c := range f.channels {
		if c.kind() != kindDirect {
			delete(c.members, id)
		}
	}
	for _, g := range f.groups {
		g.Users = slices.DeleteFunc(g.Users, func(m string) bool { return m == id })
	}
}

// userJSON is a user object (docs.slack.dev/reference/objects/user-object).
// f.mu is held.
func (f *Fake) userJSON(u *user, locale bool) object {
	o := object{
		"id": u.ID, "team_id": u.Team, "name": u.Name, "deleted": u.Deleted, "real_name": u.RealName,
		"is_bot": u.Bot, "is_app_user": false, "updated": u.updated.Unix(),
	}
	profile := object{
		"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.DisplayName, "display_name_normalized": u.DisplayName,
		"avatar_hash": "ge3b51ca72de", "team": u.Team,
	}
	if u.Email != "" && f.has("users:read.email") && !u.Bot {
		profile["email"] = u.Email
	}
	o["profile"] = profile
	if u.Deleted {
		return o // Slack leaves the zone and the roles out for deactivated people
	}
	offset := 0
	if zone, err := time.LoadLocation(u.TZ); err == nil {
		_, offset = f.clock.Now().In(zone).Zone()
	}
	maps.Copy(o, object{
		"tz": u.TZ, "tz_label": u.TZ, "tz_offset": offset,
		"is_admin": u.Admin || u.Owner, "is_owner": u.Owner, "is_primary_owner": false,
		"is_restricted": u.Guest != NoGuest, "is_ultra_restricted": u.Guest == SingleChannel, "is_email_confirmed": true,
	})
	if u.Stranger {
		o["is_stranger"] = true
	}
	if locale {
		o["locale"] = u.Locale
	}
	return o
}

func (f *Fake) authTest(args) (object, error) {
	return object{
		"url": "https://" + f.opt.Domain + ".slack.com/", "team": f.opt.Domain, "team_id": f.opt.Team,
		"user": "usher", "user_id": BotUser, "bot_id": BotID, "is_enterprise_install": false,
	}, nil
}

func (f *Fake) teamInfo(args) (object, error) {
	return object{"team": object{"id": f.opt.Team, "name": f.opt.Domain, "domain": f.opt.Domain, "email_domain": ""}}, nil
}

func (f *Fake) usersInfo(a args) (object, error) {
	u := f.users[a.text("user")]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": f.userJSON(u, a.flag("include_locale"))}, nil
}

func (f *Fake) usersList(a args) (object, error) {
	ids, next, err := f.page(slices.Sorted(maps.Keys(f.users)), a, 0)
	if err != nil {
		return nil, err
	}
	members := []any{}
	for _, id := range ids {
		members = append(members, f.userJSON(f.users[id], a.flag("include_locale")))
	}
	return object{"members": members, "cache_ts": f.clock.Now().Unix(), "response_metadata": object{"next_cursor": next}}, nil
}

func (f *Fake) lookupByEmail(a args) (object, error) {
	for _, id := range slices.Sorted(maps.Keys(f.users)) {
		u := f.users[id]
		if strings.EqualFold(u.Email, a.text("email")) && !u.Deleted && !u.Bot {
			return object{"user": f.userJSON(u, false)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

func (f *Fake) profileGet(a args) (object, error) {
	id := a.text("user")
	if id == "" {
		id = BotUser
	}
	u := f.users[id]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	profile := f.userJSON(u, false)["profile"].(object)
	fields := object{}
	for _, field := range f.fields {
		if v := u.Fields[field.Label]; v != "" {
			fields[field.ID] = object{"value": v, "alt": ""}
			if a.flag("include_labels") {
				fields[field.ID].(object)["label"] = field.Label
			}
		}
	}
	profile["fields"] = fields
	return object{"profile": profile}, nil
}

func (f *Fake) teamProfile(args) (object, error) {
	fields := []any{}
	for i, field := range f.fields {
		fields = append(fields, object{"id": field.ID, "ordering": i, "label": field.Label, "type": field.Kind, "hint": ""})
	}
	return object{"profile": object{"fields": fields}}, nil
}
