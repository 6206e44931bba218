package app

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// directories is the Directory of all chats, by their names: each knows the
// people and groups whose names begin with its own, and is asked only on behalf
// of its tenant. To others they are unknown.
type directories map[string]resident

// resident is the directory of a chat, and the tenant that the chat is of.
type resident struct {
	runtime.Directory
	tenant access.TenantID
}

var (
	_ runtime.Directory = directories{}
	_ runtime.Searcher  = directories{}
)

// of finds the directory that knows "<chat>/<name>" for a tenant.
func (d directories) of(t access.TenantID, name string) (runtime.Directory, bool) {
	chat, _, _ := strings.Cut(name, "/")
	known, ok := d[chat]
	return known.Directory, ok && known.tenant == t
}

// tenants says whose each chat is.
func (d directories) tenants() map[string]access.TenantID {
	all := make(map[string]access.TenantID, len(d))
	for name, one := range d {
		all[name] = one.tenant
	}
	return all
}

func (d directories) Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	known, ok := d.of(t, string(p))
	if !ok {
		return access.Profile{}, access.Refuse(access.NotFound, "unknownPerson", "person", string(p))
	}
	profile, err := known.Profile(ctx, t, p)
	if err == nil && profile.Email != "" && profile.Standing.Human() {
		profile.SameAs = append(profile.SameAs, d.sameMail(ctx, t, p, profile.Email)...)
	}
	return profile, err
}

// byEmail is an optional ability of a chat's directory: who has an e-mail
// address.
type byEmail interface {
	ByEmail(ctx context.Context, t access.TenantID, email string) ([]access.PersonID, error)
}

// mailLimit is how long a chat may take to say who has an e-mail address: what
// waits for it has a second in all.
const mailLimit = 400 * time.Millisecond

// sameMail are the people of the tenant's other chats with the same e-mail
// address: they count as one person when something is to be refused. A chat
// that cannot say it in time is passed over, since the address proves nothing
// either way.
func (d directories) sameMail(ctx context.Context, t access.TenantID, p access.PersonID, email string) []access.PersonID {
	ctx, cancel := context.WithTimeout(ctx, mailLimit)
	defer cancel()
	chat, _, _ := strings.Cut(string(p), "/")
	var others []string
	for name, one := range d {
		if _, able := one.Directory.(byEmail); able && one.tenant == t && name != chat {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	found := make([][]access.PersonID, len(others))
	var asking sync.WaitGroup
	for i, name := range others {
		asking.Go(func() {
			if same, err := d[name].Directory.(byEmail).ByEmail(ctx, t, email); err == nil {
				found[i] = same
			}
		})
	}
	asking.Wait()
	return slices.Concat(found...)
}

// ByEmail are the people of all the tenant's chats with an e-mail address.
func (d directories) ByEmail(ctx context.Context, t access.TenantID, email string) ([]access.PersonID, error) {
	return d.sameMail(ctx, t, "", email), nil
}

func (d directories) Members(ctx context.Context, t access.TenantID, g access.GroupID) ([]access.PersonID, error) {
	known, ok := d.of(t, string(g))
	if !ok {
		return nil, access.Refuse(access.NotFound, "unknownGroup", "group", string(g))
	}
	return known.Members(ctx, t, g)
}

// Search asks the tenant's chats in the order of their names until max are found.
func (d directories) Search(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	names := make([]string, 0, len(d))
	for name := range d {
		names = append(names, name)
	}
	slices.Sort(names)
	var found []access.Profile
	for _, name := range names {
		searcher, ok := d[name].Directory.(runtime.Searcher)
		if !ok || d[name].tenant != t || len(found) >= max {
			continue
		}
		more, err := searcher.Search(ctx, t, query, max-len(found))
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}
