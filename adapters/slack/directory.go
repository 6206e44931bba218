package slack

import (
	"context"
	"slices"
	"strings"

	api "github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

const pageSize = 200 // what Slack recommends for lists

// Profile implements runtime.Directory. It reads the person anew each time
// (users.info); user groups are at most groupAge old.
func (a *Adapter) Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	id := userOf(a.o.Name, string(p))
	if t != a.o.Tenant || id == "" {
		return access.Profile{}, unknownPerson(p)
	}
	user, err := a.user(ctx, id)
	if slackCode(err) == "user_not_found" || slackCode(err) == "user_not_visible" {
		return access.Profile{}, unknownPerson(p)
	}
	if err != nil {
		return access.Profile{}, err
	}
	a.locales.Put(id, user.Locale)
	out := a.profile(*user)
	if !out.Standing.Human() {
		return out, nil
	}
	return out, a.relations(ctx, id, &out)
}

func unknownPerson(p access.PersonID) error {
	return access.Refuse(access.NotFound, "unknownPerson", "person", p)
}

func (a *Adapter) user(ctx context.Context, id string) (user *api.User, err error) {
	if _, err := a.parser(ctx); err != nil { // whose members are ours
		return nil, asFault(err)
	}
	err = a.call(ctx, "users.info", "", func(ctx context.Context) error {
		user, err = a.web.GetUserInfoContext(ctx, id)
		return err
	})
	return user, err
}

// profile is what one record of a user says.
func (a *Adapter) profile(u api.User) access.Profile {
	name := ""
	for _, n := range []string{u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name, u.ID} {
		name = orElse(name, n)
	}
	return access.Profile{
		Person: access.PersonID(accountOf(a.o.Name, u.ID)), Account: accountOf(a.o.Name, u.ID), Name: chat.Cut(strings.TrimSpace(name), access.MaxName),
		Standing: a.standing(u), Locale: u.Locale, Zone: u.TZ, Email: u.Profile.Email,
	}
}

// standing places a user ("User object"). Strangers of Slack Connect and
// members of other workspaces are from outside, whatever they are at home.
func (a *Adapter) standing(u api.User) access.Standing {
	switch {
	case u.Deleted:
		return access.Gone
	case u.IsBot, u.IsWorkflowBot, u.IsConnectorBot, u.ID == "USLACKBOT":
		return access.Bot
	case u.IsStranger, u.TeamID != "" && !a.ours(append(u.Enterprise.Teams, u.TeamID, u.Enterprise.EnterpriseID)...):
		return access.External
	case u.IsRestricted, u.IsUltraRestricted:
		return access.Guest
	}
	return access.Member
}

// relations reads groups and manager, at the same time.
func (a *Adapter) relations(ctx context.Context, id string, out *access.Profile) error {
	var groups, channels []access.GroupID
	jobs, ctx := errgroup.WithContext(ctx)
	jobs.Go(func() (err error) { groups, err = a.groupsOf(ctx, id); return err })
	jobs.Go(func() (err error) { channels, err = a.channelsOf(ctx, id); return err })
	jobs.Go(func() (err error) { out.Manager, err = a.managerOf(ctx, id); return err })
	if err := jobs.Wait(); err != nil {
		return asFault(err)
	}
	out.Groups = append(groups, channels...)
	slices.Sort(out.Groups)
	return nil
}

// unable reports whether a list cannot be read at all: a scope or a plan is
// missing, so nobody belongs to anything there. Diagnose says so.
func unable(err error) bool {
	return err != nil && access.AsFault(err).Failure != access.FailRetry
}

// channelsOf are the channels that a person is in, as far as the bot sees
// them: their members are groups.
func (a *Adapter) channelsOf(ctx context.Context, id string) ([]access.GroupID, error) {
	if a.o.Groups == nil {
		return a.allChannelsOf(ctx, id)
	}
	named, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	var out []access.GroupID
	for _, g := range named {
		channel, own := strings.CutPrefix(string(g), a.o.Name+"/")
		if !own || !channelForm.MatchString(channel) {
			continue
		}
		members, err := a.membersOf(ctx, channel)
		if err != nil {
			return nil, err
		}
		if members[id] && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out, nil
}

func (a *Adapter) allChannelsOf(ctx context.Context, id string) (out []access.GroupID, err error) {
	params := &api.GetConversationsForUserParameters{
		UserID: id, Types: []string{"public_channel", "private_channel"}, Limit: pageSize, ExcludeArchived: true,
	}
	for {
		var page []api.Channel
		err := a.call(ctx, "users.conversations", "", func(ctx context.Context) (err error) {
			page, params.Cursor, err = a.web.GetConversationsForUserContext(ctx, params)
			return err
		})
		if unable(err) {
			a.o.Log.Debug().Str("why", err.Error()).Msg("slack: channels are no groups")
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			out = append(out, access.GroupID(a.o.Name+"/"+c.ID))
		}
		if params.Cursor == "" {
			return out, nil
		}
	}
}

// managerOf reads the profile field that names the manager. A field that names
// several people or nobody names no manager.
func (a *Adapter) managerOf(ctx context.Context, id string) (access.PersonID, error) {
	field := a.o.ManagerField
	if field == "" {
		return "", nil
	}
	byID := strings.HasPrefix(field, "Xf")
	var profile *api.UserProfile
	err := a.call(ctx, "users.profile.get", "", func(ctx context.Context) (err error) {
		profile, err = a.web.GetUserProfileContext(ctx, &api.GetUserProfileParameters{UserID: id, IncludeLabels: !byID})
		return err
	})
	if unable(err) || err == nil && profile == nil {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for key, f := range profile.FieldsMap() {
		if (byID && key == field || !byID && strings.EqualFold(f.Label, field)) && userForm.MatchString(f.Value) && f.Value != id {
			return access.PersonID(accountOf(a.o.Name, f.Value)), nil
		}
	}
	return "", nil
}

// Members implements runtime.Directory, for user groups and for channels.
func (a *Adapter) Members(ctx context.Context, t access.TenantID, g access.GroupID) ([]access.PersonID, error) {
	id, own := strings.CutPrefix(string(g), a.o.Name+"/")
	if t != a.o.Tenant || !own || !groupForm.MatchString(id) {
		return nil, unknownGroup(g)
	}
	read := a.channelMembers
	if strings.HasPrefix(id, "S") {
		read = a.userGroupMembers
	}
	ids, err := read(ctx, id)
	switch slackCode(err) {
	case "channel_not_found", "no_such_subteam", "subteam_not_found":
		return nil, unknownGroup(g)
	}
	if err != nil {
		return nil, asFault(err)
	}
	return a.humans(ctx, ids)
}

func unknownGroup(g access.GroupID) error {
	return access.Refuse(access.NotFound, "unknownGroup", "group", string(g))
}

func (a *Adapter) userGroupMembers(ctx context.Context, id string) (out []string, err error) {
	err = a.call(ctx, "usergroups.users.list", "", func(ctx context.Context) error {
		out, err = a.web.GetUserGroupMembersContext(ctx, id)
		return err
	})
	return out, err
}

func (a *Adapter) channelMembers(ctx context.Context, id string) (out []string, err error) {
	params := &api.GetUsersInConversationParameters{ChannelID: id, Limit: pageSize}
	for {
		var page []string
		err := a.call(ctx, "conversations.members", "", func(ctx context.Context) (err error) {
			page, params.Cursor, err = a.web.GetUsersInConversationContext(ctx, params)
			return err
		})
		if err != nil {
			return nil, err
		}
		if out = append(out, page...); params.Cursor == "" {
			return out, nil
		}
	}
}

// humans leaves out bots and people who left. Whom the list of people does
// not have (strangers), is looked up.
func (a *Adapter) humans(ctx context.Context, ids []string) ([]access.PersonID, error) {
	known, err := a.everybody(ctx)
	if err != nil {
		return nil, asFault(err)
	}
	out := []access.PersonID{}
	for _, id := range ids {
		u, ok := known[id]
		if !ok {
			one, err := a.user(ctx, id)
			if slackCode(err) == "user_not_found" {
				continue
			}
			if err != nil {
				return nil, asFault(err)
			}
			u = *one
		}
		if a.standing(u).Human() {
			out = append(out, access.PersonID(accountOf(a.o.Name, id)))
		}
	}
	return out, nil
}

// Search implements runtime.Searcher, over a list that is at most peopleAge
// old.
func (a *Adapter) Search(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	if t != a.o.Tenant {
		return nil, nil
	}
	known, err := a.everybody(ctx)
	if err != nil {
		return nil, asFault(err)
	}
	q := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(query), "@"))
	var best, rest []access.Profile
	for _, u := range known {
		p := a.profile(u)
		if !p.Standing.Human() {
			continue
		}
		switch matches(q, p.Name, u.RealName, u.Name, u.ID, string(p.Account)) {
		case 2:
			best = append(best, p)
		case 1:
			rest = append(rest, p)
		}
	}
	byName := func(x, y access.Profile) int {
		return strings.Compare(strings.ToLower(x.Name)+string(x.Person), strings.ToLower(y.Name)+string(y.Person))
	}
	slices.SortFunc(best, byName)
	slices.SortFunc(rest, byName)
	all := append(best, rest...)
	return all[:min(len(all), max)], nil
}

// matches is 2 when one of the names begins with q, 1 when one has it, else 0.
func matches(q string, names ...string) int {
	found := 0
	for _, n := range names {
		n = strings.ToLower(n)
		if strings.HasPrefix(n, q) {
			return 2
		}
		if strings.Contains(n, q) {
			found = 1
		}
	}
	return found
}
