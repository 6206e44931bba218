package runtime

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// names are all packages of a tenant in the order of their ids,
// with what they are found by. Once it was made for a revision of the settings
// a search costs one round trip, however many packages there are.
type names struct {
	making sync.Mutex
	list   []name // nil: not made yet
}

// name is one package: its id, and id and name in small letters.
type name struct {
	id    access.PackageID
	found string
}

// names lists all packages, and the definitions that know them.
func (r *Runtime) names(ctx context.Context, t access.TenantID) (defs *definitions, list []name, err error) {
	err = r.repeat(ctx, "packages", func() error {
		recs, err := r.Store.Load(ctx, SettingsKey(t))
		if err != nil {
			return fmt.Errorf("load settings: %w", err)
		}
		if defs, err = r.defs.at(recs[0]); err != nil {
			return err
		}
		list, err = r.namesAt(ctx, t, defs)
		return err
	})
	return defs, list, err
}

// namesAt makes the list once; errChanging when definitions moved meanwhile.
func (r *Runtime) namesAt(ctx context.Context, t access.TenantID, defs *definitions) ([]name, error) {
	defs.names.making.Lock()
	defer defs.names.making.Unlock()
	if defs.names.list != nil {
		return defs.names.list, nil
	}
	var keys []Key
	for ids, err := range r.batches(ctx, t, indexPackages, "", maxPage) {
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			keys = append(keys, PackageKey(t, access.PackageID(id)))
		}
	}
	if err := r.addAll(ctx, t, defs, keys); err != nil {
		return nil, err
	}
	defs.names.list = defs.namesOf(keys)
	return defs.names.list, nil
}

// addAll reads definitions, some batches at a time; errChanging when they moved
// meanwhile.
func (r *Runtime) addAll(ctx context.Context, t access.TenantID, defs *definitions, keys []Key) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(reportReaders)
	for batch := range slices.Chunk(keys, batchSize) {
		g.Go(func() error {
			recs, err := r.Store.Load(gctx, slices.Concat([]Key{SettingsKey(t)}, batch)...)
			if err != nil {
				return fmt.Errorf("load packages: %w", err)
			}
			if recs[0].Revision != defs.revision {
				return errChanging
			}
			return defs.add(recs[1:])
		})
	}
	return g.Wait()
}

func (d *definitions) namesOf(keys []Key) []name {
	d.mu.RLock()
	defer d.mu.RUnlock()
	out := []name{}
	for _, key := range keys {
		if p, ok := d.known[key].(access.Package); ok {
			out = append(out, name{p.ID, string(p.ID) + "\n" + strings.ToLower(p.Name)})
		}
	}
	return out
}

// Packages lists packages after the one named after, in the order of their
// ids, that contain query in id or name ("" for all).
func (r *Runtime) Packages(ctx context.Context, t access.TenantID, query string, after access.PackageID, max int) (engine.World, []access.PackageID, error) {
	_, list, err := r.names(ctx, t)
	if err != nil {
		return engine.World{}, nil, r.forPeople(err)
	}
	from := 0
	if after != "" {
		at, there := slices.BinarySearchFunc(list, after, func(n name, id access.PackageID) int { return strings.Compare(string(n.id), string(id)) })
		if from = at; there {
			from++
		}
	}
	query = strings.ToLower(query)
	var found []access.PackageID
	for _, n := range list[from:] {
		if len(found) < max && strings.Contains(n.found, query) {
			found = append(found, n.id)
		}
	}
	w, err := r.World(ctx, t, found...)
	return w, found, err
}

func idsOf(members []string) []access.PackageID {
	ids := make([]access.PackageID, len(members))
	for i, m := range members {
		ids[i] = access.PackageID(m)
	}
	return ids
}
