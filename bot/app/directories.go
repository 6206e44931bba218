package app

import (
	"context"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// directories is the Directory of a tenant with several chats: each knows the
// people and groups whose names begin with its own.
type directories map[string]runtime.Directory

var (
	_ runtime.Directory = directories{}
	_ runtime.Searcher  = directories{}
)

// of finds the directory that knows "<chat>/<name>".
func (d directories) of(name string) (runtime.Directory, bool) {
	chat, _, _ := strings.Cut(name, "/")
	known, ok := d[chat]
	return known, ok
}

func (d directories) Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	known, ok := d.of(string(p))
	if !ok {
		return access.Profile{}, access.Refuse(access.NotFound, "unknownPerson", "person", string(p))
	}
	return known.Profile(ctx, t, p)
}

func (d directories) Members(ctx context.Context, t access.TenantID, g access.GroupID) ([]access.PersonID, error) {
	known, ok := d.of(string(g))
	if !ok {
		return nil, access.Refuse(access.NotFound, "unknownGroup", "group", string(g))
	}
	return known.Members(ctx, t, g)
}

// Search asks the chats in the order of their names until max are found.
func (d directories) Search(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	names := make([]string, 0, len(d))
	for name := range d {
		names = append(names, name)
	}
	slices.Sort(names)
	var found []access.Profile
	for _, name := range names {
		searcher, ok := d[name].(runtime.Searcher)
		if !ok || len(found) >= max {
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
