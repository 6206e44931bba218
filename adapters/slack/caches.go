package slack

import (
	"context"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/core/access"
)

const (
	// groupAge is how old the members of user groups may be. The runtime keeps
	// a profile for a minute itself; usergroups.list may be called 20 times a
	// minute.
	groupAge = 10 * time.Second
	// peopleAge is how old the list of all people may be. It only finds names
	// and tells people from bots; who may act is read anew each time.
	peopleAge = 5 * time.Minute
)

// groupCache are the user groups of each person, and the members of channels.
type groupCache struct {
	mu       sync.Mutex
	at       time.Time
	of       map[string][]access.GroupID
	channels map[string]membership
	named    []access.GroupID // that definitions name
	namedAt  time.Time
}

// membership is who is in a channel.
type membership struct {
	at  time.Time
	has map[string]bool
}

func (g *groupCache) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at, g.namedAt, g.channels = time.Time{}, time.Time{}, nil
}

func (g *groupCache) channel(id string, now time.Time) (map[string]bool, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m, ok := g.channels[id]
	age := now.Sub(m.at)
	return m.has, ok && age >= 0 && age < groupAge
}

func (g *groupCache) putChannel(id string, m membership) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.channels == nil {
		g.channels = map[string]membership{}
	}
	g.channels[id] = m
}

func (g *groupCache) get(now time.Time) (map[string][]access.GroupID, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	age := now.Sub(g.at)
	return g.of, g.of != nil && age >= 0 && age < groupAge
}

func (g *groupCache) put(at time.Time, of map[string][]access.GroupID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at, g.of = at, of
}

// names are the groups that definitions name. Everybody who asks at the same
// time shares one read.
func (a *Adapter) names(ctx context.Context) ([]access.GroupID, error) {
	if named, ok := a.groups.names(a.now()); ok {
		return named, nil
	}
	named, err, _ := a.flight.Do("names", func() (any, error) {
		at := a.now()
		named, err := a.o.Groups(ctx)
		if err == nil {
			a.groups.putNames(at, named)
		}
		return named, err
	})
	if err != nil {
		return nil, err
	}
	return named.([]access.GroupID), nil
}

func (g *groupCache) names(now time.Time) ([]access.GroupID, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	age := now.Sub(g.namedAt)
	return g.named, !g.namedAt.IsZero() && age >= 0 && age < groupAge
}

func (g *groupCache) putNames(at time.Time, named []access.GroupID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.namedAt, g.named = at, named
}

// groupsOf are the user groups that a person is in. All groups are read with
// one call, which everybody who asks at the same time shares.
func (a *Adapter) groupsOf(ctx context.Context, id string) ([]access.GroupID, error) {
	if of, ok := a.groups.get(a.now()); ok {
		return of[id], nil
	}
	all, err, _ := a.flight.Do("usergroups", func() (any, error) {
		if of, ok := a.groups.get(a.now()); ok {
			return of, nil
		}
		return a.readGroups(ctx)
	})
	if err != nil {
		return nil, err
	}
	return all.(map[string][]access.GroupID)[id], nil
}

func (a *Adapter) readGroups(ctx context.Context) (map[string][]access.GroupID, error) {
	at, of := a.now(), map[string][]access.GroupID{}
	var list []api.UserGroup
	err := a.call(ctx, "usergroups.list", "", func(ctx context.Context) (err error) {
		list, err = a.web.GetUserGroupsContext(ctx, api.GetUserGroupsOptionIncludeUsers(true))
		return err
	})
	if unable(err) {
		a.o.Log.Debug().Str("why", err.Error()).Msg("slack: there are no user groups")
	} else if err != nil {
		return nil, err
	}
	for _, g := range list {
		for _, user := range g.Users {
			of[user] = append(of[user], access.GroupID(a.o.Name+"/"+g.ID))
		}
	}
	a.groups.put(at, of)
	return of, nil
}

// membersOf are the ids of who is in a channel; nobody when the bot cannot see
// it. Everybody who asks at the same time shares one read.
func (a *Adapter) membersOf(ctx context.Context, channel string) (map[string]bool, error) {
	if has, ok := a.groups.channel(channel, a.now()); ok {
		return has, nil
	}
	all, err, _ := a.flight.Do("channel "+channel, func() (any, error) {
		m := membership{at: a.now(), has: map[string]bool{}}
		ids, err := a.channelMembers(ctx, channel)
		if err != nil && !unable(err) {
			return nil, err
		}
		for _, id := range ids {
			m.has[id] = true
		}
		a.groups.putChannel(channel, m)
		return m.has, nil
	})
	if err != nil {
		return nil, err
	}
	return all.(map[string]bool), nil
}

// peopleCache is the list of all people.
type peopleCache struct {
	mu sync.Mutex
	at time.Time
	of map[string]api.User
}

// everybody lists the people of the workspace by id.
func (a *Adapter) everybody(ctx context.Context) (map[string]api.User, error) {
	all, err, _ := a.flight.Do("people", func() (any, error) {
		a.people.mu.Lock()
		defer a.people.mu.Unlock()
		now := a.now()
		if age := now.Sub(a.people.at); a.people.of != nil && age >= 0 && age < peopleAge {
			return a.people.of, nil
		}
		of, err := a.readPeople(ctx)
		if err != nil {
			return nil, err
		}
		a.people.at, a.people.of = now, of
		return of, nil
	})
	if err != nil {
		return nil, err
	}
	return all.(map[string]api.User), nil
}

func (a *Adapter) readPeople(ctx context.Context) (map[string]api.User, error) {
	if _, err := a.parser(ctx); err != nil {
		return nil, err
	}
	of := map[string]api.User{}
	page := a.web.GetUsersPaginated(api.GetUsersOptionLimit(pageSize))
	for {
		err := a.call(ctx, "users.list", "", func(ctx context.Context) (err error) {
			page, err = page.Next(ctx)
			return page.Failure(err)
		})
		if err != nil {
			return nil, err
		}
		for _, u := range page.Users {
			of[u.ID] = u
		}
		if page.Cursor == "" {
			return of, nil
		}
	}
}
