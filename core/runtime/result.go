package runtime

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// arrived is the result of an effect, with the Tick that started it.
type arrived struct {
	tick   engine.CommandID
	result engine.Result
}

// results brings results into their ledgers. Those of a ledger that are ready
// together share one commit; a ledger has at most one commit under way.
type results struct {
	r  *Runtime
	mu sync.Mutex
	// waiting has an entry, maybe empty, for each ledger with a commit under way.
	waiting map[Key][]arrived
}

func newResults(r *Runtime) *results { return &results{r: r, waiting: map[Key][]arrived{}} }

// add stores a result, or leaves it to whoever is storing others of the same
// ledger. It comes back when there is nothing left to do for the caller.
func (c *results) add(ctx context.Context, key Key, a arrived) {
	c.mu.Lock()
	list, busy := c.waiting[key]
	c.waiting[key] = append(list, a)
	c.mu.Unlock()
	if busy {
		return
	}
	for {
		batch := c.take(key)
		if len(batch) == 0 {
			return
		}
		c.store(ctx, key, batch)
	}
}

// take takes the results that wait; when there are none, the next one to come
// starts anew.
func (c *results) take(key Key) []arrived {
	c.mu.Lock()
	defer c.mu.Unlock()
	batch := c.waiting[key]
	if len(batch) == 0 {
		delete(c.waiting, key)
		return nil
	}
	c.waiting[key] = nil
	return batch
}

// store repeats the Done until it is in. A result is only lost when the store
// stays away until the end of the process: then it is unknown, and looked for.
func (c *results) store(ctx context.Context, key Key, batch []arrived) {
	id := batchID(key, batch)
	list := make([]engine.Result, len(batch))
	for i, a := range batch {
		list[i] = a.result
	}
	for n := 0; ; n++ {
		err := c.r.system(ctx, key, id, func(m engine.Meta) engine.Command { return engine.Done{Meta: m, Results: list} })
		if err == nil {
			return
		}
		line := c.r.Log.Error().Err(err).Str("tenant", string(key.Tenant)).Str("person", key.ID).Str("command", string(id))
		if ctx.Err() != nil || isRefusal(err) || isMoved(err) {
			line.Msg("results are lost")
			return
		}
		line.Msg("results are not stored yet")
		if c.r.pause(ctx, n) != nil {
			return
		}
	}
}

// batchID names a batch of results. The same effect may be started anew with
// the same attempt number after its ledger has forgotten it, so the Tick that
// started it is part of the name.
func batchID(key Key, batch []arrived) engine.CommandID {
	h := sha256.New()
	fmt.Fprintln(h, key)
	for _, a := range batch {
		fmt.Fprintln(h, a.tick, a.result.Key, a.result.Attempt)
	}
	return engine.CommandID("done/" + hex.EncodeToString(h.Sum(nil)[:16]))
}

func isRefusal(err error) bool {
	_, ok := access.AsError(err)
	return ok
}
