package things_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
)

type clock struct{}

func (clock) Now() time.Time { return time.Now() } // of the bubble

func down(retryAt time.Time) *access.Fault {
	return &access.Fault{Failure: access.FailRetry, Code: "down", RetryAt: retryAt}
}

func TestEverybodySharesOneRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := things.NewShelf[int](clock{})
		var reads atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				got, err := s.Get(t.Context(), "a", func(context.Context) (int, error) {
					reads.Add(1)
					<-time.After(time.Second)
					return 7, nil
				})
				if got != 7 || err != nil {
					t.Errorf("got %d, %v", got, err)
				}
			})
		}
		all.Wait()
		if n := reads.Load(); n != 1 {
			t.Errorf("%d reads", n)
		}
		other, err := s.Get(t.Context(), "b", func(context.Context) (int, error) { return 8, nil })
		if other != 8 || err != nil {
			t.Errorf("under another name: %d, %v", other, err)
		}
	})
}

// Whoever gives up is told so, and the read goes on for the next one.
func TestAReadGoesOnWithoutWhoeverAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := things.NewShelf[int](clock{})
		slow := func(ctx context.Context) (int, error) {
			select {
			case <-time.After(4 * time.Second):
				return 7, nil
			case <-ctx.Done():
				return 0, down(time.Time{})
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.Get(ctx, "a", slow)
		var f *access.Fault
		if !errors.As(err, &f) || f.Code != "timeout" || f.Failure != access.FailRetry || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		<-time.After(4 * time.Second)
		got, err := s.Get(t.Context(), "a", func(context.Context) (int, error) { t.Error("read again"); return 0, nil })
		if got != 7 || err != nil {
			t.Errorf("got %d, %v", got, err)
		}
	})
}

func TestAReadThatHangsEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := things.NewShelf[int](clock{}).Get(t.Context(), "a", func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, down(time.Time{})
		})
		if took := time.Since(began); err == nil || took != 20*time.Second {
			t.Errorf("%v after %s", err, took)
		}
	})
}

// A failure is not repeated with every letter; a rate limit is waited for.
func TestAFailureIsNotAskedForAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, pause := range []time.Duration{5 * time.Second, time.Hour} {
			s := things.NewShelf[int](clock{})
			reads := 0
			fault := down(time.Time{})
			if pause == time.Hour {
				fault.RetryAt = time.Now().Add(pause)
			}
			get := func() error {
				_, err := s.Get(t.Context(), "a", func(context.Context) (int, error) { reads++; return 0, fault })
				return err
			}
			first := get()
			<-time.After(pause - 1)
			if again := get(); first == nil || again == nil || reads != 1 {
				t.Errorf("%v, %v: %d reads", first, again, reads)
			}
			<-time.After(1)
			if err := get(); err == nil || reads != 2 {
				t.Errorf("%v: %d reads after the pause", err, reads)
			}
		}
	})
}

// A read that breaks costs an answer and not the process.
func TestAPanicIsAFault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, err := things.NewShelf[int](clock{}).Get(t.Context(), "a", func(context.Context) (int, error) { panic("oops") })
		if f := access.AsFault(err); f == nil || f.Code != "crashed" {
			t.Errorf("got %v", err)
		}
	})
}
