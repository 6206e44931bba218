package discord

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Profile implements runtime.Directory. It reads the person in each of the
// tenant's servers; what an interaction said of them a moment ago counts. Only
// servers where they may write make them a member and give them groups: their
// roles, and everybody (the id of the server).
func (a *Adapter) Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	id := userOf(a.o.Name, string(p))
	if t != a.o.Tenant || id == "" {
		return access.Profile{}, unknownPerson(p)
	}
	found, err := a.memberships(ctx, id)
	if err != nil {
		return access.Profile{}, asFault(err)
	}
	if len(found) == 0 {
		return a.leaver(ctx, id)
	}
	out := a.profile(found[0].member)
	for _, m := range found {
		if standing := a.standing(m.member); standing != access.Limited {
			out.Standing = standing
			out.Groups = append(out.Groups, a.groupsOf(m)...)
		}
		runs, err := a.administrates(ctx, m.guild, m.member)
		if err != nil {
			return access.Profile{}, asFault(err)
		}
		if runs {
			out.Groups = append(out.Groups, Administrators(a.o.Name))
		}
	}
	slices.Sort(out.Groups)
	out.Groups = slices.Compact(out.Groups)
	return out, nil
}

func unknownPerson(p access.PersonID) error {
	return access.Refuse(access.NotFound, "unknownPerson", "person", p)
}

// leaver is somebody who is in none of the servers.
func (a *Adapter) leaver(ctx context.Context, id string) (access.Profile, error) {
	var got user
	err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointUser(id), way: "user"}, &got)
	if codeOf(err) == codeUnknownUser || err == nil && got.ID == "" {
		return access.Profile{}, unknownPerson(access.PersonID(accountOf(a.o.Name, id)))
	}
	if err != nil {
		return access.Profile{}, asFault(err)
	}
	out := a.profile(member{User: got})
	out.Standing = access.Gone
	return out, nil
}

// profile is what one record of a member says, without groups. Discord tells
// nobody's time zone, and a language only with what somebody does.
func (a *Adapter) profile(m member) access.Profile {
	account := accountOf(a.o.Name, m.User.ID)
	locale, _ := a.locales.Get(m.User.ID)
	return access.Profile{
		Person: access.PersonID(account), Account: account, Name: nameOf(m), Standing: a.standing(m), Locale: locale,
	}
}

// nameOf is how a member is called in their server.
func nameOf(m member) string {
	name := m.User.ID
	for _, n := range []string{m.User.Name, m.User.GlobalName, m.Nick} {
		if n = strings.TrimSpace(clean(n)); n != "" {
			name = n
		}
	}
	return chat.Cut(name, access.MaxName)
}

// standing places a member of a server ("Guild Member Object"). Who has not
// passed membership screening yet, or is timed out, may decide nothing.
func (a *Adapter) standing(m member) access.Standing {
	until, err := time.Parse(time.RFC3339, m.TimedOut)
	switch {
	case m.User.Bot:
		return access.Bot
	case m.Pending, m.TimedOut != "" && (err != nil || until.After(a.now())):
		return access.Limited
	}
	return access.Member
}

func (a *Adapter) groupsOf(m membership) []access.GroupID {
	out := []access.GroupID{access.GroupID(a.o.Name + "/" + m.guild)}
	for _, role := range m.Roles {
		out = append(out, access.GroupID(a.o.Name+"/"+role))
	}
	return out
}

// Members implements runtime.Directory, for roles and for everybody in a
// server, and for Administrators. Discord lists members only with the Server Members Intent ("List
// Guild Members"); without it the fault is discordIntents, of runtime.ErrUnlisted.
func (a *Adapter) Members(ctx context.Context, t access.TenantID, g access.GroupID) ([]access.PersonID, error) {
	if t == a.o.Tenant && a.o.Administrators && g == Administrators(a.o.Name) {
		return a.administrators(ctx)
	}
	id, own := strings.CutPrefix(string(g), a.o.Name+"/")
	if t != a.o.Tenant || !own || !snowflake.MatchString(id) {
		return nil, unknownGroup(g)
	}
	guild, err := a.guildOf(ctx, id)
	if err != nil {
		return nil, asFault(err)
	}
	if guild == "" {
		return nil, unknownGroup(g)
	}
	all, err := a.everybody(ctx, guild)
	if err != nil {
		return nil, unlisted(err)
	}
	out := []access.PersonID{}
	for _, m := range all {
		if a.standing(m).Decides() && (id == guild || slices.Contains(m.Roles, id)) {
			out = append(out, access.PersonID(accountOf(a.o.Name, m.User.ID)))
		}
	}
	return out, nil
}

// unlisted is the fault of a list of members that cannot be had.
func unlisted(err error) error {
	if statusOf(err) == http.StatusForbidden {
		return &access.Fault{Failure: access.FailHuman, Code: "discordIntents", Err: fmt.Errorf("%w: %w", runtime.ErrUnlisted, err)}
	}
	return asFault(err)
}

func unknownGroup(g access.GroupID) error {
	return access.Refuse(access.NotFound, "unknownGroup", "group", string(g))
}

// guildOf is the server that a role is of, "" when it is gone.
func (a *Adapter) guildOf(ctx context.Context, role string) (string, error) {
	p, err := a.parser(ctx)
	if err != nil {
		return "", err
	}
	if slices.Contains(p.guilds, role) {
		return role, nil
	}
	for _, guild := range p.guilds {
		all, err := a.rolesOf(ctx, guild)
		if err != nil {
			return "", err
		}
		if indexOfRole(all, role) >= 0 {
			return guild, nil
		}
	}
	return "", nil
}

// Search implements runtime.Searcher: people whose names begin with query
// ("Search Guild Members"), or whose id it is. Without a query nobody is found.
func (a *Adapter) Search(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	q := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(query), "@"), a.o.Name+"/")
	if t != a.o.Tenant || q == "" || max <= 0 {
		return nil, nil
	}
	p, err := a.parser(ctx)
	if err != nil {
		return nil, asFault(err)
	}
	var out []access.Profile
	for _, guild := range p.guilds {
		found, err := a.searchIn(ctx, guild, q, max)
		if err != nil {
			return nil, asFault(err)
		}
		for _, m := range found {
			p := a.profile(m)
			known := slices.ContainsFunc(out, func(o access.Profile) bool { return o.Person == p.Person })
			if p.Standing.Human() && !known && len(out) < max {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

func (a *Adapter) searchIn(ctx context.Context, guild, q string, max int) ([]member, error) {
	if snowflake.MatchString(q) && len(q) >= 15 {
		m, err := a.member(ctx, guild, q)
		if m == nil || err != nil {
			return nil, err
		}
		return []member{*m}, nil
	}
	query := url.Values{"query": {q}, "limit": {strconv.Itoa(min(max, memberPage))}}
	var got []member
	err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointGuildMembersSearch(guild) + "?" + query.Encode(), way: "search " + guild}, &got)
	return got, err
}
