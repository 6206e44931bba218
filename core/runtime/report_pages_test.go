package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// listing is a memory with runtime.Lister. The audit fails after some pages.
type listing struct {
	*memory
	mu    sync.Mutex
	trips int
	pages int // of the audit, until it fails; 0: it never does
}

var errDown = errors.New("down")

func (l *listing) Lists(ctx context.Context, asked []runtime.Query) ([][]string, error) {
	l.mu.Lock()
	l.trips++
	l.mu.Unlock()
	found := make([][]string, len(asked))
	for i, q := range asked {
		found[i], _ = l.List(ctx, q)
	}
	return found, nil
}

func (l *listing) Audit(ctx context.Context, q runtime.AuditQuery) ([]runtime.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pages--; l.pages == 0 {
		return nil, errDown
	}
	return l.memory.Audit(ctx, q)
}

const (
	holdNow = 2300
	hadOnce = 1700
)

// fillPages is more than one page of everything: of people who have "open", of
// people who had it, and of the audit.
func fillPages(t *testing.T, s runtime.Store, start time.Time) {
	t.Helper()
	c := runtime.Change{Tenant: tenant, Command: "fill", At: start}
	for i := range holdNow {
		p := access.PersonID(fmt.Sprintf("play/now%04d", i))
		l := engine.New(tenant, p)
		l.Assignments = []access.Assignment{{ID: 1, Package: "open", State: access.AssignmentActive, First: start.Add(20 * day)}}
		data, err := engine.Encode(l)
		if err != nil {
			t.Fatal(err)
		}
		c.Writes = append(c.Writes, runtime.Write{Key: runtime.LedgerKey(tenant, p), Data: data})
		c.Index = append(c.Index, runtime.IndexEntry{Index: engine.IndexHeld + "open", Member: string(p)})
	}
	for i := range hadOnce {
		past, line := overAt(t, access.PersonID(fmt.Sprintf("play/had%04d", i)), start, start.Add(10*day))
		c.Writes, c.Audit = append(c.Writes, past), append(c.Audit, line)
	}
	for range 1300 { // newer, and of no interest
		_, line := overAt(t, "play/x", start, start.Add(30*day))
		line.Data = []byte(`{"type":"claimed"}`)
		c.Audit = append(c.Audit, line)
	}
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// What fills several pages is told whole, from stores with and without
// runtime.Lister, and a page that cannot be read is told as such.
func TestReportsGoThroughAllPages(t *testing.T) {
	t.Parallel()
	for _, lists := range []bool{false, true} {
		t.Run(fmt.Sprint("several lists at once: ", lists), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				start := w.clock.Now()
				fillPages(t, w.store, start)
				w.clock.skip(40 * day)
				l := &listing{memory: w.store}
				store := runtime.Store(w.store)
				if lists {
					store = l
				}
				w.r = runtime.New(runtime.Options{Store: store, Directory: w.dir, Messenger: w.wall, Clock: w.clock, Log: zerolog.Nop()})
				wantEqual(t, "have it", len(rowsOf(t, w, admin(olga), runtime.HeldQuery{})), holdNow)
				if lists {
					wantEqual(t, "trips for the three pages", l.trips, 3)
				}
				wantEqual(t, "had it", len(rowsOf(t, w, admin(olga), runtime.HeldQuery{At: start.Add(5 * day)})), hadOnce)
				unused, err := w.r.Unused(t.Context(), tenant, admin(olga))
				if err != nil {
					t.Fatal(err)
				}
				wantEqual(t, "unused", fmt.Sprint(unused.Rows), "[lab vault]")
				l.pages = 3
				_, err = w.r.WhoHas(t.Context(), tenant, admin(olga), runtime.HeldQuery{At: start.Add(5 * day)})
				if lists != (err != nil) {
					t.Errorf("a page that fails is told as %v", err)
				}
			})
		})
	}
}
