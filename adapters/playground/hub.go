package playground

import (
	"slices"
	"sync"
)

// hub tells the watchers in this process what changed.
type hub struct {
	mu    sync.Mutex
	last  Pulse
	audit int64
	subs  map[chan struct{}]bool
}

func newHub() *hub { return &hub{subs: map[chan struct{}]bool{}} }

func (h *hub) pulse() Pulse {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// set takes a newer pulse and wakes the watchers.
func (h *hub) set(p Pulse) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p.Seq > h.last.Seq {
		h.last = p
		h.wake()
	}
}

func (h *hub) auditHead() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.audit
}

func (h *hub) setAudit(head int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if head > h.audit {
		h.audit = head
		h.wake()
	}
}

// wake never blocks: a watcher that was woken already looks at everything
// since it last looked.
func (h *hub) wake() {
	for c := range h.subs {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (h *hub) watched() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs) > 0
}

// subscribe returns a channel that is woken by every change; false when there
// are too many watchers.
func (h *hub) subscribe(max int) (chan struct{}, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.subs) >= max {
		return nil, false
	}
	c := make(chan struct{}, 1)
	h.subs[c] = true
	return c, true
}

func (h *hub) unsubscribe(c chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, c)
}

// since lists what changed after change seq, each once; "all" when it can't be
// told any more.
func (p Pulse) since(seq int64) []string {
	if seq >= p.Seq {
		return nil
	}
	if len(p.Recent) == 0 || p.Recent[0].Seq > seq+1 {
		return []string{"all"}
	}
	var out []string
	for _, n := range p.Recent {
		if n.Seq > seq && !slices.Contains(out, n.About) {
			out = append(out, n.About)
		}
	}
	return out
}
