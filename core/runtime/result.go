package runtime

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

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
	// waiting has an entry for each ledger with a commit under way.
	waiting map[Key]*pile
	// turns are for storing results: what nobody waits for leaves the machine
	// and the store to those who do.
	turns chan struct{}
}

// pile is what waits for the next commit of a ledger.
type pile struct {
	list  []arrived
	hurry chan struct{} // holds one token when something on it is urgent
}

func newResults(r *Runtime) *results {
	return &results{r: r, waiting: map[Key]*pile{}, turns: make(chan struct{}, r.Ledgers)}
}

// gather is how long the first result of a ledger waits for others. A tick
// starts several effects at once, most of which take about as long as each
// other; one commit for all of them is a third less for the store to do.
const gather = 20 * time.Millisecond

// add stores a result, or leaves it to whoever is storing others of the same
// ledger. What is urgent waits for no others: who decides, and the name of a
// new message, whose buttons may be pressed by now. It comes back when there is
// nothing left to do for the caller.
func (c *results) add(ctx context.Context, key Key, a arrived, urgent bool) {
	c.mu.Lock()
	p, busy := c.waiting[key]
	if !busy {
		p = &pile{hurry: make(chan struct{}, 1)}
		c.waiting[key] = p
	}
	p.list = append(p.list, a)
	if urgent {
		select {
		case p.hurry <- struct{}{}:
		default:
		}
	}
	c.mu.Unlock()
	if busy {
		return
	}
	p.wait(ctx)
	for {
		batch := c.take(key)
		if len(batch) == 0 {
			return
		}
		c.store(ctx, key, batch)
	}
}

// wait waits for others, unless there is no time for that.
func (p *pile) wait(ctx context.Context) {
	timer := time.NewTimer(gather)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.hurry:
	case <-ctx.Done():
	}
}

// take takes the results that wait; when there are none, the next one to come
// starts anew.
func (c *results) take(key Key) []arrived {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.waiting[key]
	if len(p.list) == 0 {
		delete(c.waiting, key)
		return nil
	}
	batch := p.list
	p.list = nil
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
		err := c.done(ctx, key, id, list)
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

// done stores results when it is their turn.
func (c *results) done(ctx context.Context, key Key, id engine.CommandID, list []engine.Result) error {
	c.turns <- struct{}{}
	defer func() { <-c.turns }()
	c.r.way.make(ctx)
	return c.r.system(ctx, key, id, func(m engine.Meta) engine.Command { return engine.Done{Meta: m, Results: list} })
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
