package runtime

import (
	"maps"
	"slices"
	"sync"
)

// nudges collects the records that became due by a commit of this process, so
// that its worker need not wait for the next beat. Losing one costs a beat.
type nudges struct {
	mu     sync.Mutex
	keys   map[Key]bool
	look   bool
	signal chan struct{} // holds one token when there is something to do
}

func newNudges() *nudges {
	return &nudges{keys: map[Key]bool{}, signal: make(chan struct{}, 1)}
}

// maxNudges bounds the memory while no worker runs.
const maxNudges = 10000

func (n *nudges) add(k Key) {
	n.mu.Lock()
	if len(n.keys) < maxNudges {
		n.keys[k] = true
	}
	n.mu.Unlock()
	n.ring()
}

// due adds what is due with a change.
func (n *nudges) due(c Change) {
	for _, w := range c.Wakes {
		if !w.At.IsZero() && !w.At.After(c.At) {
			n.add(w.Key)
		}
	}
}

// all asks for a look at everything that is due.
func (n *nudges) all() {
	n.mu.Lock()
	n.look = true
	n.mu.Unlock()
	n.ring()
}

func (n *nudges) ring() {
	select {
	case n.signal <- struct{}{}:
	default:
	}
}

// take returns what was collected, by tenant, and forgets it.
func (n *nudges) take() (byTenant [][]Key, look bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	groups := map[string][]Key{}
	for k := range n.keys {
		groups[string(k.Tenant)] = append(groups[string(k.Tenant)], k)
	}
	clear(n.keys)
	look, n.look = n.look, false
	for _, tenant := range slices.Sorted(maps.Keys(groups)) {
		for part := range slices.Chunk(groups[tenant], claimBatch) {
			byTenant = append(byTenant, part)
		}
	}
	return byTenant, look
}

// Wake makes the worker look at once for what is due, as after a jump of the
// clock.
func (r *Runtime) Wake() { r.nudges.all() }
