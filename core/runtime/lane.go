package runtime

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// lanes hands out a lane for each connector, chat and directory.
type lanes struct {
	width, queue int
	mu           sync.Mutex
	byName       map[string]*lane
}

func newLanes(width, queue int) *lanes {
	return &lanes{width: width, queue: queue, byName: map[string]*lane{}}
}

func (l *lanes) of(name string) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byName[name] == nil {
		l.byName[name] = &lane{
			places: semaphore.NewWeighted(int64(l.width)),
			all:    semaphore.NewWeighted(int64(l.width + l.queue)),
		}
	}
	return l.byName[name]
}

// lane bounds what goes to one place at a time, and what waits for it.
type lane struct {
	places *semaphore.Weighted // those on their way
	all    *semaphore.Weighted // those, and those waiting
}

// full reports whether nothing more may wait.
func (l *lane) full() bool {
	if !l.all.TryAcquire(1) {
		return true
	}
	l.all.Release(1)
	return false
}

// enter waits for a place, but no longer than patience. Leave it with leave,
// from whatever goroutine and exactly once.
func (l *lane) enter(ctx context.Context, patience time.Duration) (leave func(), ok bool) {
	if !l.all.TryAcquire(1) {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := l.places.Acquire(ctx, 1); err != nil {
		l.all.Release(1)
		return nil, false
	}
	return func() {
		l.places.Release(1)
		l.all.Release(1)
	}, true
}
