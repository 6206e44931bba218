package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// walkRecord says how far the holders of a changed package were woken.
type walkRecord struct {
	After string `json:"after"`
}

// walkSpread is the time over which one batch of holders is woken, so that a
// package with many holders does not wake them all at once.
const walkSpread = 2 * time.Second

func walkKey(t access.TenantID, id access.PackageID) Key { return Key{t, KindWalk, string(id)} }

// walk wakes the next batch of a package's holders. The last one ends the walk.
func (r *Runtime) walk(ctx context.Context, key Key) error {
	recs, err := r.Store.Load(ctx, key)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	now := r.now()
	c := Change{
		Tenant: key.Tenant, Command: engine.CommandID("walk/" + r.NewID()), At: now,
		Wakes: []Wake{{Key: key}}, Reads: []Read{{key, recs[0].Revision}},
	}
	if recs[0].Revision == 0 {
		return r.saveOwn(ctx, c)
	}
	at, err := decoded[walkRecord](recs[0])
	if err != nil {
		return err
	}
	holders, err := r.Store.List(ctx, Query{
		Tenant: key.Tenant, Index: engine.IndexHeld + key.ID, After: at.After, Max: batchSize,
	})
	if err != nil {
		return fmt.Errorf("list holders: %w", err)
	}
	step := Write{Key: key, Revision: recs[0].Revision}
	if len(holders) == batchSize {
		if step.Data, err = json.Marshal(walkRecord{After: holders[batchSize-1]}); err != nil {
			return fmt.Errorf("encode %s: %w", key, err)
		}
		c.Wakes[0].At = now.Add(walkSpread)
	}
	c.Reads, c.Writes = nil, []Write{step}
	for i, holder := range holders {
		due := now.Add(walkSpread * time.Duration(i) / batchSize)
		c.Wakes = append(c.Wakes, Wake{LedgerKey(key.Tenant, access.PersonID(holder)), due})
	}
	if err := r.saveOwn(ctx, c); err != nil {
		return err
	}
	r.Log.Info().Str("tenant", string(key.Tenant)).Str("package", key.ID).Str("command", string(c.Command)).
		Int("holders", len(holders)).Msg("holders follow a changed package")
	if len(holders) > 0 {
		r.Wake()
	}
	return nil
}
