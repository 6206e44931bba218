// Package holds remembers what a platform asked to wait with.
package holds

import (
	"sync"
	"time"
)

// maxHolds bounds the memory: beyond it all are forgotten, and the platform
// asks again.
const maxHolds = 10000

// Holds remembers until when to wait with what, such as a method or a route.
// The zero value holds nothing. Safe for concurrent use.
type Holds struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// Of says until when to wait with key, if that is still to come.
func (h *Holds) Of(key string, now time.Time) (time.Time, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := h.until[key]
	if ok && !at.After(now) {
		delete(h.until, key)
		ok = false
	}
	return at, ok
}

// Put makes key wait until at.
func (h *Holds) Put(key string, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.until == nil || len(h.until) >= maxHolds {
		h.until = map[string]time.Time{}
	}
	h.until[key] = at
}
