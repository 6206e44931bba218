package runtime

import (
	"context"
	"fmt"

	"github.com/usher-dev/usher/core/access"
)

func keptKey(t access.TenantID, id string) Key { return Key{t, KindKept, id} }

// Kept reads everything that was imported and is not acted on, in the order of
// ids.
func (r *Runtime) Kept(ctx context.Context, t access.TenantID) ([]access.Kept, error) {
	var all []access.Kept
	for batch, err := range r.batches(ctx, t, indexKept, "", batchSize) {
		if err != nil {
			return nil, r.forPeople(err)
		}
		keys := make([]Key, len(batch))
		for i, id := range batch {
			keys[i] = keptKey(t, id)
		}
		recs, err := r.Store.Load(ctx, keys...)
		if err != nil {
			return nil, r.forPeople(fmt.Errorf("load what is kept: %w", err))
		}
		for _, rec := range recs {
			all = append(all, access.Kept{ID: rec.Key.ID, Data: rec.Data})
		}
	}
	return all, nil
}

// Definitions reads all catalogs, resources and packages of a tenant, in the
// order of their ids.
func (r *Runtime) Definitions(ctx context.Context, t access.TenantID) (Definitions, error) {
	var d Definitions
	for _, kind := range []struct {
		index string
		key   func(id string) Key
	}{
		{indexCatalogs, func(id string) Key { return CatalogKey(t, access.CatalogID(id)) }},
		{indexResources, func(id string) Key { return ResourceKey(t, access.ResourceID(id)) }},
		{indexPackages, func(id string) Key { return PackageKey(t, access.PackageID(id)) }},
	} {
		for batch, err := range r.batches(ctx, t, kind.index, "", batchSize) {
			if err == nil {
				err = r.addDefinitions(ctx, &d, batch, kind.key)
			}
			if err != nil {
				return Definitions{}, r.forPeople(err)
			}
		}
	}
	return d, nil
}

func (r *Runtime) addDefinitions(ctx context.Context, d *Definitions, ids []string, key func(id string) Key) error {
	keys := make([]Key, len(ids))
	for i, id := range ids {
		keys[i] = key(id)
	}
	recs, err := r.Store.Load(ctx, keys...)
	if err != nil {
		return fmt.Errorf("load definitions: %w", err)
	}
	for _, rec := range recs {
		if rec.Revision == 0 {
			continue
		}
		v, err := definition(rec)
		if err != nil {
			return err
		}
		switch v := v.(type) {
		case access.Catalog:
			d.Catalogs = append(d.Catalogs, v)
		case access.Resource:
			d.Resources = append(d.Resources, v)
		case access.Package:
			d.Packages = append(d.Packages, v)
		}
	}
	return nil
}
