package storetest

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// Bench runs all benchmarks. USHER_BENCH_LEDGERS sets the size of the large
// store (10,000 when unset; 1,000,000 for the numbers in the documents).
func (s Suite) Bench(b *testing.B) {
	b.Run("click", func(b *testing.B) { s.clicks(b, 1000) })
	b.Run(fmt.Sprintf("click of 1000 and of %d ledgers", Ledgers()), s.sizes)
	b.Run("claim 1000 due of 100000", s.claims)
}

// Ledgers is the size of the large store in benchmarks.
func Ledgers() int {
	if n, err := strconv.Atoi(os.Getenv("USHER_BENCH_LEDGERS")); err == nil && n > 0 {
		return n
	}
	return 10_000
}

// DataSize is the bytes of a ledger in benchmarks: a person with a few
// requests and assignments.
const DataSize = 2000

// Seed imports ledgers person-0 … person-n-1, each with a wake-up, two index
// members and an audit entry. Their wake-ups begin at Start, except that the
// first due ones are one minute before it.
func Seed(b testing.TB, s runtime.Store, n, due int) {
	b.Helper()
	const batch = 10_000
	for first := 0; first < n; first += batch {
		var changes []runtime.Change
		for i := first; i < min(first+batch, n); i++ {
			changes = append(changes, seeded(i, i < due))
		}
		if err := s.(runtime.Importer).Import(b.Context(), changes); err != nil {
			b.Fatal(err)
		}
	}
}

// Start is the time of the benchmarks.
func Start() time.Time { return at(0) }

func person(i int) runtime.Key {
	return runtime.LedgerKey(tenant, access.PersonID(fmt.Sprintf("slack/T1-U%08d", i)))
}

func seeded(i int, due bool) runtime.Change {
	wake := at(60 + i%86400)
	if due {
		wake = at(-60)
	}
	key := person(i)
	return runtime.Change{
		Tenant: tenant, At: at(0),
		Writes: []runtime.Write{{Key: key, Data: make([]byte, DataSize)}},
		Wakes:  []runtime.Wake{{Key: key, At: wake}},
		Index:  []runtime.IndexEntry{{Index: "waiting", Member: fmt.Sprintf("slack/T1-U1\x00%08d#1", i)}, {Index: "holders", Member: fmt.Sprintf("contractor\x00%08d", i)}},
		Audit:  []runtime.Entry{{Key: key, At: at(0), Data: make([]byte, 200)}},
	}
}

// ClickOf is what a press on ledger i reads and changes, as if everything had
// revision 0.
func ClickOf(i int) ([]runtime.Key, runtime.Change) {
	settings := runtime.Key{Tenant: tenant, Kind: runtime.KindSettings}
	keys := []runtime.Key{person(i), settings, {Tenant: tenant, Kind: runtime.KindAccount, ID: "slack/T1-U1"}}
	c := seeded(i, false)
	c.Reads = []runtime.Read{{Key: settings}}
	return keys, c
}

// Click is the store's part of a press: one Load, one Commit.
func Click(b testing.TB, s runtime.Store, i int, id string) error {
	keys, c := ClickOf(i)
	records, err := s.Load(b.Context(), keys...)
	if err != nil {
		return err
	}
	c.Command = engine.CommandID(id)
	c.Writes[0].Revision = records[0].Revision
	c.Reads[0].Revision = records[1].Revision
	return s.Commit(b.Context(), c)
}

func (s Suite) clicks(b *testing.B, ledgers int) {
	store := s.Open(b)
	Seed(b, store, ledgers, 0)
	for _, at := range []int{1, 32} {
		b.Run(fmt.Sprint(at, " at a time"), func(b *testing.B) {
			run := time.Now().UnixNano() // so that no command id was seen before
			Parallel(b, at, func(worker, n int) error {
				// Each worker has its own ledgers, so that nothing conflicts.
				i := (worker + n*at) % (ledgers / at * at)
				return Click(b, store, i, fmt.Sprintf("%d-%d-%d", run, worker, n))
			})
		})
	}
}

// sizes compares clicks in a small and in a large store: %cost is what a click
// in the large one costs, with 100 for the small one. They take turns, so
// that whatever else the machine does slows both.
func (s Suite) sizes(b *testing.B) {
	const at, round = 32, 256
	counts := [2]int{1000, Ledgers()}
	var stores [2]runtime.Store
	for i, n := range counts {
		stores[i] = s.Open(b)
		Seed(b, stores[i], n, 0)
	}
	var took [2]time.Duration
	run := 0
	for b.Loop() {
		for kind, store := range stores {
			begin := time.Now()
			together(b, at, func(worker int) error {
				for n := worker; n < round; n += at {
					// Spread over the whole store; a round never repeats one.
					i := (run*round + n) * 7919 % counts[kind]
					if err := Click(b, store, i, fmt.Sprintf("%d-%d", run, n)); err != nil {
						return err
					}
				}
				return nil
			})
			took[kind] += time.Since(begin)
		}
		run++
	}
	clicks := float64(run * round)
	b.ReportMetric(clicks/took[0].Seconds(), "small/s")
	b.ReportMetric(clicks/took[1].Seconds(), "large/s")
	b.ReportMetric(100*took[1].Seconds()/took[0].Seconds(), "%cost")
}

// Parallel runs b.N calls with so many at a time.
func Parallel(b *testing.B, at int, call func(worker, n int) error) {
	b.Helper()
	var next atomic.Int64
	b.ResetTimer()
	together(b, at, func(worker int) error {
		for n := 0; next.Add(1) <= int64(b.N); n++ {
			if err := call(worker, n); err != nil {
				return err
			}
		}
		return nil
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "clicks/s")
}

// claims measures how fast the due ones are found among many that wait.
func (s Suite) claims(b *testing.B) {
	const pending, due = 100_000, 1000
	store := s.Open(b)
	Seed(b, store, pending, due)
	claimed := 0
	now := at(0)
	for b.Loop() {
		for got := 0; got < due; {
			keys, err := store.Claim(b.Context(), now, time.Second, 100)
			if err != nil {
				b.Fatal(err)
			}
			got += len(keys)
			if len(keys) == 0 {
				b.Fatalf("%d of %d were claimed", got, due)
			}
		}
		claimed += due
		now = now.Add(time.Second) // the leases are over, and they are due again
		if now.After(at(59)) {
			now = at(0)
			b.StopTimer()
			Seed(b, store, due, due)
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(claimed)/b.Elapsed().Seconds(), "claims/s")
}
