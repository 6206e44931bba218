package runtime

import (
	"context"
	"errors"
	"fmt"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// errChanging: definitions changed while they were read.
var errChanging = fmt.Errorf("definitions moved: %w", ErrConflict)

// Definitions reads everything that is defined, in the order of ids, as of one
// moment: that of the revision that its settings have. A tenant of which
// nothing is known yet has none.
func (r *Runtime) Definitions(ctx context.Context, t access.TenantID) (Definitions, error) {
	var d Definitions
	err := r.repeat(ctx, "definitions", func() (err error) {
		d, err = r.definitions(ctx, t)
		return err
	})
	return d, r.forPeople(err)
}

func (r *Runtime) definitions(ctx context.Context, t access.TenantID) (Definitions, error) {
	var d Definitions
	before, err := r.settings(ctx, t)
	if err != nil || before.Revision == 0 {
		return d, err
	}
	d.Settings = &before
	err = errors.Join(
		r.stored(ctx, t, indexCatalogs, KindCatalog, func(v any) { d.Catalogs = append(d.Catalogs, v.(access.Catalog)) }),
		r.stored(ctx, t, indexResources, KindResource, func(v any) { d.Resources = append(d.Resources, v.(access.Resource)) }),
		r.stored(ctx, t, indexPackages, KindPackage, func(v any) { d.Packages = append(d.Packages, v.(access.Package)) }),
	)
	if err != nil {
		return Definitions{}, err
	}
	after, err := r.settings(ctx, t)
	if err == nil && after.Revision != before.Revision {
		err = errChanging
	}
	return d, err
}

// settings reads those of a tenant past all caches.
func (r *Runtime) settings(ctx context.Context, t access.TenantID) (access.Settings, error) {
	recs, err := r.Store.Load(ctx, SettingsKey(t))
	if err != nil {
		return access.Settings{}, fmt.Errorf("load settings: %w", err)
	}
	s, err := decoded[access.Settings](recs[0])
	s.Revision = recs[0].Revision
	return s, err
}

// stored reads every definition of an index.
func (r *Runtime) stored(ctx context.Context, t access.TenantID, index string, kind Kind, take func(any)) error {
	for ids, err := range r.batches(ctx, t, index, "", batchSize) {
		if err != nil {
			return err
		}
		keys := make([]Key, len(ids))
		for i, id := range ids {
			keys[i] = Key{t, kind, id}
		}
		recs, err := r.Store.Load(ctx, keys...)
		if err != nil {
			return fmt.Errorf("load definitions: %w", err)
		}
		for _, rec := range recs {
			v, err := definition(rec)
			switch {
			case err != nil:
				return err
			case rec.Revision == 0:
				return errChanging
			}
			take(v)
		}
	}
	return nil
}

// Held lists at most max of the people that Holders counts, in the order of
// their ids.
func (r *Runtime) Held(ctx context.Context, t access.TenantID, id access.PackageID, max int) ([]access.PersonID, error) {
	found, err := r.Store.List(ctx, Query{Tenant: t, Index: engine.IndexHeld + string(id), Max: page(max)})
	people := make([]access.PersonID, len(found))
	for i, p := range found {
		people[i] = access.PersonID(p)
	}
	return people, r.forPeople(err)
}

// Holders counts the people whose ledgers refer to a package: who holds it or
// has asked for it, and who did until lately.
func (r *Runtime) Holders(ctx context.Context, t access.TenantID, id access.PackageID) (int, error) {
	n := 0
	for batch, err := range r.batches(ctx, t, engine.IndexHeld+string(id), "", maxPage) {
		if err != nil {
			return 0, r.forPeople(err)
		}
		n += len(batch)
	}
	return n, nil
}
