package things

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

const (
	// Age is how old what is kept may be.
	Age = time.Minute
	// pause is how long nothing is asked after a failure; a rate limit says
	// itself how long.
	pause = 5 * time.Second
	// patience is how long one read may take. It goes on when whoever asked
	// does not wait any longer: the next one finds it done.
	patience = 20 * time.Second
)

// Shelf keeps for a minute what was read of the other side, by name, so that a
// search that asks anew with every letter costs one read. Whether somebody may
// do something is not for a shelf. It is safe for concurrent use.
type Shelf[T any] struct {
	clock  runtime.Clock
	flight singleflight.Group

	mu   sync.Mutex
	kept map[string]kept[T]
}

// kept is what came of a read: a value, or why there is none.
type kept[T any] struct {
	at, until time.Time
	value     T
	err       error
}

// NewShelf makes an empty shelf.
func NewShelf[T any](clock runtime.Clock) *Shelf[T] {
	return &Shelf[T]{clock: clock, kept: map[string]kept[T]{}}
}

// Get returns what is kept under a name, or reads it. Everybody who asks at the
// same time shares one read. A failure is kept as well, for some seconds or as
// long as a rate limit lasts. Errors are those of read, which must be
// *access.Fault, and "timeout" (retry) when ctx ends first.
func (s *Shelf[T]) Get(ctx context.Context, name string, read func(context.Context) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, timeout(err)
	}
	if k, ok := s.fresh(name); ok {
		return k.value, k.err
	}
	done := s.flight.DoChan(name, func() (any, error) {
		if k, ok := s.fresh(name); ok {
			return k, nil
		}
		at := s.clock.Now()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		value, err := guarded(ctx, read)
		return s.keep(name, at, value, err), nil
	})
	select {
	case <-ctx.Done():
		return none, timeout(ctx.Err())
	case r := <-done:
		k := r.Val.(kept[T])
		return k.value, k.err
	}
}

// guarded is read without panics: nobody else would catch one here.
func guarded[T any](ctx context.Context, read func(context.Context) (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &access.Fault{Failure: access.FailRetry, Code: "crashed", Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	return read(ctx)
}

func (s *Shelf[T]) fresh(name string) (kept[T], bool) {
	now := s.clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kept[name]
	return k, ok && k.holds(now)
}

func (k kept[T]) holds(now time.Time) bool { return !now.Before(k.at) && now.Before(k.until) }

// keep puts the result of a read that began at a time onto the shelf, and takes
// down what is too old.
func (s *Shelf[T]) keep(name string, at time.Time, value T, err error) kept[T] {
	k := kept[T]{at: at, until: at.Add(Age), value: value, err: err}
	now := s.clock.Now()
	if err != nil {
		k.until = now.Add(pause)
		if f := access.AsFault(err); f.RetryAt.After(k.until) {
			k.until = f.RetryAt
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for other, old := range s.kept {
		if !old.holds(now) {
			delete(s.kept, other)
		}
	}
	s.kept[name] = k
	return k
}

func timeout(err error) error {
	return &access.Fault{Failure: access.FailRetry, Code: "timeout", Err: err}
}
