package runtime

import (
	"context"
	"sync"
	"time"
)

const (
	// answerLimit is how long an answer holds up others: a report over a whole
	// tenant takes longer, and everybody knows.
	answerLimit = 500 * time.Millisecond
	// wayLimit is how long a piece of work makes way at the most: it gets on in
	// a rush as well, if slowly.
	wayLimit = time.Second
)

// way lets those go first who wait for an answer. A decision brings ten times
// the work that its answer is, redraws and deliveries, which on a busy machine
// would share processor and store with the answers evenly.
type way struct {
	turn    chan struct{} // of the piece of work that goes next
	mu      sync.Mutex
	answers int           // under way
	free    chan struct{} // closed when there are none
}

func newWay() *way { return &way{turn: make(chan struct{}, 1)} }

// Answering tells that somebody waits for an answer, until done is called or
// half a second is over: work that nobody waits for makes way.
func (r *Runtime) Answering() (done func()) {
	over := sync.OnceFunc(r.way.answered)
	r.way.answer()
	limit := time.AfterFunc(answerLimit, over)
	return func() {
		limit.Stop()
		over()
	}
}

func (w *way) answer() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answers == 0 {
		w.free = make(chan struct{})
	}
	w.answers++
}

func (w *way) answered() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answers--; w.answers == 0 {
		close(w.free)
	}
}

// busy returns what ends when nobody waits for an answer any more; nil when
// nobody does.
func (w *way) busy() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answers == 0 {
		return nil
	}
	return w.free
}

// make waits until nobody waits for an answer, one piece of work after the
// other, but no longer than wayLimit.
func (w *way) make(ctx context.Context) {
	if w.busy() == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, wayLimit)
	defer cancel()
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return
	}
	if free := w.busy(); free != nil {
		select {
		case <-free:
		case <-ctx.Done():
		}
	}
}
