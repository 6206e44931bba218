// Package storetest is the suite that every runtime.Store passes. A store's
// own test file opens it and runs the suite; see storage/bolt/bolt_test.go.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// Suite gives tests and benchmarks for one kind of store.
type Suite struct {
	// Open makes an empty store that nobody else sees. It closes it at the end
	// of t. It is called from parallel tests.
	Open func(t testing.TB) runtime.Store
}

// Run runs all tests. The store must also be a runtime.Importer, Scratch and
// Leases.
func Run(t *testing.T, open func(t testing.TB) runtime.Store) { Suite{Open: open}.Run(t) }

// Bench runs all benchmarks.
func Bench(b *testing.B, open func(t testing.TB) runtime.Store) { Suite{Open: open}.Bench(b) }

type test struct {
	name string
	run  func(f *fixture)
}

// Run runs all tests, in parallel.
func (s Suite) Run(t *testing.T) {
	groups := map[string][]test{
		"Commit": commitTests(), "Wake": wakeTests(), "Index": indexTests(), "Audit": auditTests(),
		"Import": importTests(), "Scratch": scratchTests(), "Lease": leaseTests(), "Race": raceTests(),
	}
	for group, tests := range groups {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			for _, c := range tests {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(&fixture{T: t, store: s.Open(t), ctx: t.Context()})
				})
			}
		})
	}
}

// fixture is a store in a test, with short words for what tests do.
type fixture struct {
	*testing.T
	store runtime.Store
	ctx   context.Context
}

const tenant access.TenantID = "acme"

// at is a moment of the suite: seconds after its start.
func at(seconds int) time.Time {
	return time.Date(2026, 9, 17, 12, 0, 0, 0, time.UTC).Add(time.Duration(seconds) * time.Second)
}

func ledger(id string) runtime.Key { return runtime.LedgerKey(tenant, access.PersonID("chat/"+id)) }

// put is a change that writes one record.
func put(key runtime.Key, revision int64, data string) runtime.Change {
	return runtime.Change{
		Tenant: key.Tenant, At: at(0),
		Writes: []runtime.Write{{Key: key, Revision: revision, Data: []byte(data)}},
	}
}

func as(id string, c runtime.Change) runtime.Change {
	c.Command = engine.CommandID(id)
	return c
}

func (f *fixture) commit(c runtime.Change) {
	f.Helper()
	if err := f.store.Commit(f.ctx, c); err != nil {
		f.Fatalf("Commit: %v", err)
	}
}

// refused expects Commit to answer want.
func (f *fixture) refused(c runtime.Change, want error) {
	f.Helper()
	if err := f.store.Commit(f.ctx, c); !isError(err, want) {
		f.Fatalf("Commit answered %v, want %v", err, want)
	}
}

func (f *fixture) load(keys ...runtime.Key) []runtime.Record {
	f.Helper()
	records, err := f.store.Load(f.ctx, keys...)
	if err != nil {
		f.Fatalf("Load: %v", err)
	}
	if len(records) != len(keys) {
		f.Fatalf("Load answered %d records for %d keys", len(records), len(keys))
	}
	return records
}

// has expects a record with this revision and data; revision 0: none.
func (f *fixture) has(key runtime.Key, revision int64, data string) {
	f.Helper()
	r := f.load(key)[0]
	if r.Key != key || r.Revision != revision || string(r.Data) != data {
		f.Fatalf("%s is revision %d with %q, want revision %d with %q", r.Key, r.Revision, r.Data, revision, data)
	}
	if revision == 0 && r.Data != nil {
		f.Fatalf("%s is unknown but has data", key)
	}
}

func (f *fixture) list(q runtime.Query) []string {
	f.Helper()
	members, err := f.store.List(f.ctx, q)
	if err != nil {
		f.Fatalf("List: %v", err)
	}
	return members
}

func (f *fixture) audit(q runtime.AuditQuery) []runtime.Entry {
	f.Helper()
	entries, err := f.store.Audit(f.ctx, q)
	if err != nil {
		f.Fatalf("Audit: %v", err)
	}
	return entries
}

func (f *fixture) claim(now time.Time, most int, only ...runtime.Key) []runtime.Key {
	f.Helper()
	keys, err := f.store.Claim(f.ctx, now, time.Minute, most, only...)
	if err != nil {
		f.Fatalf("Claim: %v", err)
	}
	return keys
}

// same compares lists by how they print.
func same[T any](t testing.TB, got, want []T) {
	t.Helper()
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}
