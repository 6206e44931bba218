package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
	"github.com/usher-dev/usher/storage/chaos"
	"github.com/usher-dev/usher/storage/storetest"
)

func inner(t testing.TB) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "usher.db"), bolt.Options{Mode: storage.Serve})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// calm is a wrapped store without faults, with the other ports beside it.
type calm struct {
	*chaos.Store
	runtime.Importer
	runtime.Scratch
	runtime.Leases
}

func TestWithoutFaultsItIsAStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) runtime.Store {
		s := inner(t)
		return calm{chaos.New(s, chaos.Options{}), s, s, s}
	})
}

var key = runtime.LedgerKey("acme", "chat/mina")

func write(command engine.CommandID, revision int64) runtime.Change {
	return runtime.Change{
		Tenant: "acme", Command: command, At: time.Unix(0, 0),
		Writes: []runtime.Write{{Key: key, Revision: revision, Data: []byte("x")}},
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		fault    chaos.Fault
		command  engine.CommandID
		want     error
		revision int64
	}{
		{chaos.None, "c", nil, 1},
		{chaos.FailBefore, "c", chaos.ErrBroken, 0},
		{chaos.FailAfter, "c", chaos.ErrBroken, 1},
		{chaos.Twice, "c", runtime.ErrDuplicate, 1},
		{chaos.Twice, "", nil, 1},
	}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.fault, c.command), func(t *testing.T) {
			t.Parallel()
			s := chaos.New(inner(t), chaos.Options{Schedule: chaos.On(chaos.Commit, 1, c.fault)})
			if err := s.Commit(t.Context(), write(c.command, 0)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			records, err := s.Load(t.Context(), key)
			if err != nil || records[0].Revision != c.revision {
				t.Errorf("revision %d, want %d (%v)", records[0].Revision, c.revision, err)
			}
			if n := s.Count(c.fault); n < 1 {
				t.Errorf("the fault was done %d times", n)
			}
		})
	}
}

func TestSlow(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := chaos.New(inner(t), chaos.Options{
		Schedule: chaos.On(chaos.Load, 1, chaos.Slow),
		Wait:     func(ctx context.Context, _ chaos.Op) error { cancel(); <-ctx.Done(); return ctx.Err() },
	})
	if _, err := s.Load(ctx, key); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	s.Set(chaos.Never)
	if _, err := s.Load(t.Context(), key); err != nil {
		t.Error(err)
	}
}

// TestRepeatingGetsThere: whoever repeats with the same command id, as the
// contract says, writes each change exactly once, whatever fails.
func TestRepeatingGetsThere(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		s := chaos.New(inner(t), chaos.Options{Schedule: chaos.Seeded(seed, 2, chaos.FailBefore, chaos.FailAfter, chaos.Twice, chaos.Slow)})
		for n := range int64(20) {
			err := chaos.ErrBroken
			for errors.Is(err, chaos.ErrBroken) {
				err = s.Commit(t.Context(), write(engine.CommandID(fmt.Sprint("c", n)), n))
			}
			if err != nil && !errors.Is(err, runtime.ErrDuplicate) {
				t.Fatal(err)
			}
		}
		s.Set(chaos.Never)
		records, err := s.Load(t.Context(), key)
		if err != nil || records[0].Revision != 20 {
			t.Errorf("seed %d: revision %d, want 20 (%v)", seed, records[0].Revision, err)
		}
	}
}
