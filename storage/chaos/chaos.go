// Package chaos wraps a Store so that calls fail, are slow, or arrive twice,
// as a schedule says. It is for the tests of the promises.
package chaos

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/usher-dev/usher/core/runtime"
)

// ErrBroken is what a call that the schedule fails answers: the store could
// not be asked, or its answer was lost.
var ErrBroken = errors.New("chaos: the store did not answer")

// Op is a method of a Store.
type Op string

const (
	Load   Op = "load"
	Commit Op = "commit"
	Claim  Op = "claim"
	List   Op = "list"
	Audit  Op = "audit"
)

// Fault is what happens to one call.
type Fault int

const (
	None       Fault = iota
	FailBefore       // the store is not asked; ErrBroken
	FailAfter        // the store did it; ErrBroken
	Slow             // the store is asked after Options.Wait returned
	// Twice sends a Commit twice and answers what the second one says, as a
	// client does that repeats because the first reply was lost. A change
	// without a command id is sent once: a store recognises only its own
	// repeats of those. Other calls are sent twice as well.
	Twice
)

// Schedule says what happens to the n-th call (from 1) of all. It is called
// one call at a time.
type Schedule func(n int, op Op) Fault

// Never is the schedule without faults.
func Never(int, Op) Fault { return None }

// On faults the n-th call of one method.
func On(op Op, n int, f Fault) Schedule {
	seen := 0
	return func(_ int, o Op) Fault {
		if o == op {
			seen++
		}
		if o == op && seen == n {
			return f
		}
		return None
	}
}

// Seeded faults one call in every so many, with any of the faults, the same
// for the same seed and order of calls.
func Seeded(seed uint64, every int, faults ...Fault) Schedule {
	r := rand.New(rand.NewPCG(seed, seed))
	return func(int, Op) Fault {
		if len(faults) == 0 || r.IntN(every) != 0 {
			return None
		}
		return faults[r.IntN(len(faults))]
	}
}

// Options of New.
type Options struct {
	Schedule Schedule // Never when nil
	// Wait is what a Slow call does first; nothing when nil. An error of it is
	// the call's.
	Wait func(ctx context.Context, op Op) error
}

// Store is a runtime.Store that behaves badly.
type Store struct {
	inner runtime.Store
	o     Options

	mu       sync.Mutex
	schedule Schedule
	calls    int
	counts   map[Fault]int
}

var _ runtime.Store = (*Store)(nil)

// New wraps a store. Closing it closes the inner one.
func New(inner runtime.Store, o Options) *Store {
	if o.Schedule == nil {
		o.Schedule = Never
	}
	return &Store{inner: inner, o: o, schedule: o.Schedule, counts: map[Fault]int{}}
}

// Set changes the schedule; with Never the faults end.
func (s *Store) Set(schedule Schedule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.schedule = schedule
}

// Count says how often a fault was done.
func (s *Store) Count(f Fault) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[f]
}

func (s *Store) next(op Op) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	f := s.schedule(s.calls, op)
	s.counts[f]++
	return f
}

// through makes a call with the fault that is its turn. once says that it must
// not be sent twice.
func through[T any](ctx context.Context, s *Store, op Op, once bool, call func() (T, error)) (T, error) {
	var none T
	switch s.next(op) {
	case FailBefore:
		return none, ErrBroken
	case FailAfter:
		_, _ = call()
		return none, ErrBroken
	case Slow:
		if s.o.Wait != nil {
			if err := s.o.Wait(ctx, op); err != nil {
				return none, err
			}
		}
	case Twice:
		if !once {
			_, _ = call()
		}
	}
	return call()
}

// Load implements runtime.Store.
func (s *Store) Load(ctx context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	return through(ctx, s, Load, false, func() ([]runtime.Record, error) { return s.inner.Load(ctx, keys...) })
}

// Commit implements runtime.Store.
func (s *Store) Commit(ctx context.Context, c runtime.Change) error {
	_, err := through(ctx, s, Commit, c.Command == "", func() (struct{}, error) { return struct{}{}, s.inner.Commit(ctx, c) })
	return err
}

// Claim implements runtime.Store.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration, most int, only ...runtime.Key) ([]runtime.Key, error) {
	return through(ctx, s, Claim, false, func() ([]runtime.Key, error) { return s.inner.Claim(ctx, now, lease, most, only...) })
}

// List implements runtime.Store.
func (s *Store) List(ctx context.Context, q runtime.Query) ([]string, error) {
	return through(ctx, s, List, false, func() ([]string, error) { return s.inner.List(ctx, q) })
}

// Audit implements runtime.Store.
func (s *Store) Audit(ctx context.Context, q runtime.AuditQuery) ([]runtime.Entry, error) {
	return through(ctx, s, Audit, false, func() ([]runtime.Entry, error) { return s.inner.Audit(ctx, q) })
}

// Close implements runtime.Store.
func (s *Store) Close() error { return s.inner.Close() }
