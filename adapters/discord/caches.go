package discord

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/sync/errgroup"
)

const (
	// memberAge is how old what is known of one member may be: as long as an
	// answer takes. The runtime keeps profiles for a minute itself.
	memberAge = 5 * time.Second
	// listAge is how old the list of all members and that of all roles may be.
	// Lists find people; who may act is read anew each time.
	listAge    = 30 * time.Second
	memberPage = 1000 // "List Guild Members"
)

// knownMember is who somebody was in a server; member is nil for nobody.
type knownMember struct {
	at     time.Time
	member *member
}

// knownList are all members of a server.
type knownList struct {
	at      time.Time
	members []member
}

// role is a role of a server ("Permissions", Role Object).
type role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Position    int    `json:"position"`
	Managed     bool   `json:"managed"`
	Permissions string `json:"permissions"`
}

// knownRoles are the roles of a server.
type knownRoles struct {
	at    time.Time
	roles []role
}

func (a *Adapter) fresh(at time.Time, age time.Duration) bool {
	d := a.now().Sub(at)
	return !at.IsZero() && d >= 0 && d < age
}

// forget reads a member and the list of all anew.
func (a *Adapter) forget(guild, user string) {
	a.members.Forget(guild + "/" + user)
	a.lists.Forget(guild)
}

// membership is somebody in one server.
type membership struct {
	guild string
	member
}

// memberships are the tenant's servers that somebody is in.
func (a *Adapter) memberships(ctx context.Context, user string) ([]membership, error) {
	p, err := a.parser(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]*member, len(p.guilds))
	read, ctx := errgroup.WithContext(ctx)
	for i, guild := range p.guilds {
		read.Go(func() (err error) {
			found[i], err = a.member(ctx, guild, user)
			return err
		})
	}
	if err := read.Wait(); err != nil {
		return nil, err
	}
	var out []membership
	for i, m := range found {
		if m != nil {
			out = append(out, membership{p.guilds[i], *m})
		}
	}
	return out, nil
}

// member reads somebody in a server, nil when they are not in it. Everybody who
// asks at the same time shares one read.
func (a *Adapter) member(ctx context.Context, guild, user string) (*member, error) {
	key := guild + "/" + user
	if known, ok := a.members.Get(key); ok && a.fresh(known.at, memberAge) {
		return known.member, nil
	}
	got, err, _ := a.flight.Do("member "+key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), memberWithin)
		defer cancel()
		at, m := a.now(), &member{}
		err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointGuildMember(guild, user), way: "member " + guild}, m)
		if code := codeOf(err); code == codeUnknownMember || code == codeUnknownUser {
			err, m = nil, nil
		}
		if err == nil {
			a.members.Put(key, knownMember{at, m})
		}
		return m, err
	})
	if err != nil {
		return nil, err
	}
	return got.(*member), nil
}

// everybody lists the members of a server; that needs the intent for members.
func (a *Adapter) everybody(ctx context.Context, guild string) ([]member, error) {
	if known, ok := a.lists.Get(guild); ok && a.fresh(known.at, listAge) {
		return known.members, nil
	}
	got, err, _ := a.flight.Do("members "+guild, func() (any, error) {
		at := a.now()
		all, err := a.listMembers(ctx, guild)
		if err == nil {
			a.lists.Put(guild, knownList{at, all})
		}
		return all, err
	})
	if err != nil {
		return nil, err
	}
	return got.([]member), nil
}

func (a *Adapter) listMembers(ctx context.Context, guild string) ([]member, error) {
	var all []member
	for after := "0"; ; {
		page := url.Values{"limit": {strconv.Itoa(memberPage)}, "after": {after}}
		var got []member
		err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointGuildMembers(guild) + "?" + page.Encode(), way: "members " + guild}, &got)
		if err != nil {
			return nil, err
		}
		all = append(all, got...)
		if len(got) < memberPage {
			return all, nil
		}
		after = got[len(got)-1].User.ID
	}
}

// rolesOf lists the roles of a server.
func (a *Adapter) rolesOf(ctx context.Context, guild string) ([]role, error) {
	if known, ok := a.roles.Get(guild); ok && a.fresh(known.at, listAge) {
		return known.roles, nil
	}
	got, err, _ := a.flight.Do("roles "+guild, func() (any, error) {
		at, all := a.now(), []role{}
		err := a.call(ctx, errand{method: http.MethodGet, url: discordgo.EndpointGuildRoles(guild), way: "roles " + guild}, &all)
		if err == nil {
			a.roles.Put(guild, knownRoles{at, all})
		}
		return all, err
	})
	if err != nil {
		return nil, err
	}
	return got.([]role), nil
}
