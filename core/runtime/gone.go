package runtime

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/usher-dev/usher/core/access"
)

// gone is what is kept of a package that was deleted, so that what is told of
// the past can name it.
type gone struct {
	Name    string           `json:"name"`
	Catalog access.CatalogID `json:"catalog"`
}

func goneKey(t access.TenantID, id access.PackageID) Key { return Key{t, KindGone, string(id)} }

// remember keeps the name of a package that is deleted with this change.
func (a *applying) remember(ctx context.Context, p access.Package) error {
	key := goneKey(a.t, p.ID)
	recs, err := a.r.Store.Load(ctx, key)
	if err != nil {
		return fmt.Errorf("load %s: %w", key, err)
	}
	data, err := json.Marshal(gone{p.Name, p.Catalog})
	a.change.Writes = append(a.change.Writes, Write{key, recs[0].Revision, data})
	return err
}

// Gone tells of packages that were deleted the last name and catalog, and
// nothing else of them. What was deleted before names were kept, and what was
// never there, is missing.
func (r *Runtime) Gone(ctx context.Context, t access.TenantID, ids ...access.PackageID) (map[access.PackageID]access.Package, error) {
	out := map[access.PackageID]access.Package{}
	for len(ids) > 0 {
		n := min(len(ids), batchSize)
		keys := make([]Key, n)
		for i, id := range ids[:n] {
			keys[i] = goneKey(t, id)
		}
		recs, err := r.Store.Load(ctx, keys...)
		if err != nil {
			return nil, r.forPeople(fmt.Errorf("load names of deleted packages: %w", err))
		}
		for i, rec := range recs {
			was, err := decoded[gone](rec)
			if err != nil {
				return nil, r.forPeople(err)
			}
			if rec.Revision > 0 {
				out[ids[i]] = access.Package{ID: ids[i], Name: was.Name, Catalog: was.Catalog}
			}
		}
		ids = ids[n:]
	}
	return out, nil
}

// remember adds to a report's world what it tells of and is not there any more.
func (s *survey) remember(ctx context.Context, told map[access.PackageID]bool) error {
	var missing []access.PackageID
	for id := range told {
		if _, ok := s.world.Packages[id]; !ok {
			missing = append(missing, id)
		}
	}
	was, err := s.r.Gone(ctx, s.tenant, missing...)
	for id, p := range was {
		s.world.Packages[id] = p
	}
	return err
}

func packagesOf[R any](rows []R, of func(R) access.PackageID) map[access.PackageID]bool {
	out := map[access.PackageID]bool{}
	for _, row := range rows {
		out[of(row)] = true
	}
	return out
}
