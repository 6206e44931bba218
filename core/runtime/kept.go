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
