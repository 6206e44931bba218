package storetest

import (
	"fmt"
	"sync"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

func wakeTests() []test {
	return []test{
		{"what is due is claimed, what is not is left", dueOnly},
		{"the earliest come first, and no more than asked for", earliestFirst},
		{"nothing is due of nothing", func(f *fixture) { same(f, f.claim(at(0), 10), nil); same(f, f.claim(at(0), 10, ledger("x")), nil) }},
		{"a claimed record is free again when the lease is over", leaseRunsOut},
		{"a commit moves the wake-up of a claimed record", commitMovesWake},
		{"the zero time takes the wake-up away", wakeTakenAway},
		{"a nudge claims its own record ahead of the queue", nudge},
		{"the last wake-up of a change counts", lastWake},
		{"far and early times keep their order", farTimes},
		{"due records of many tenants are all found", manyTenants},
		{"two claimers never get the same record", claimersApart},
	}
}

func (f *fixture) wake(key runtime.Key, when time.Time) {
	f.Helper()
	f.commit(runtime.Change{Tenant: key.Tenant, At: at(0), Wakes: []runtime.Wake{{Key: key, At: when}}})
}

func dueOnly(f *fixture) {
	f.wake(ledger("a"), at(10))
	f.wake(ledger("b"), at(11))
	same(f, f.claim(at(9), 10), nil)
	same(f, f.claim(at(10), 10), []runtime.Key{ledger("a")})
	same(f, f.claim(at(11), 10), []runtime.Key{ledger("b")})
	same(f, f.claim(at(11), 10), nil)
}

func earliestFirst(f *fixture) {
	for i, name := range []string{"e", "a", "d", "b", "c"} {
		f.wake(ledger(name), at(i))
	}
	same(f, f.claim(at(100), 0), nil)
	same(f, f.claim(at(100), 2), []runtime.Key{ledger("e"), ledger("a")})
	same(f, f.claim(at(100), 2), []runtime.Key{ledger("d"), ledger("b")})
	same(f, f.claim(at(100), 2), []runtime.Key{ledger("c")})
}

func leaseRunsOut(f *fixture) {
	f.wake(ledger("a"), at(0))
	same(f, f.claim(at(5), 10), []runtime.Key{ledger("a")})
	same(f, f.claim(at(64), 10), nil)
	same(f, f.claim(at(65), 10), []runtime.Key{ledger("a")})
	same(f, f.claim(at(65), 10, ledger("a")), nil)
	same(f, f.claim(at(125), 10, ledger("a")), []runtime.Key{ledger("a")})
}

func commitMovesWake(f *fixture) {
	f.wake(ledger("a"), at(0))
	same(f, f.claim(at(0), 10), []runtime.Key{ledger("a")})
	f.wake(ledger("a"), at(3))
	same(f, f.claim(at(2), 10), nil)
	same(f, f.claim(at(3), 10), []runtime.Key{ledger("a")})
	f.wake(ledger("a"), at(1000))
	same(f, f.claim(at(999), 10), nil)
}

func wakeTakenAway(f *fixture) {
	f.wake(ledger("a"), at(0))
	f.wake(ledger("a"), time.Time{})
	f.wake(ledger("never"), time.Time{})
	same(f, f.claim(at(9999), 10), nil)
}

func nudge(f *fixture) {
	for i := range 20 {
		f.wake(ledger(fmt.Sprint("queue", i)), at(-i))
	}
	f.wake(ledger("mine"), at(5))
	f.wake(ledger("later"), at(7))
	got := f.claim(at(5), 3, ledger("mine"), ledger("later"), ledger("unknown"), ledger("mine"))
	same(f, got, []runtime.Key{ledger("mine")})
	other := runtime.LedgerKey("other", "chat/x")
	f.wake(other, at(0))
	got = f.claim(at(8), 3, ledger("later"), other)
	if len(got) != 2 {
		f.Fatalf("claimed %v", got)
	}
	if n := len(f.claim(at(8), 100)); n != 20 {
		f.Fatalf("%d are left in the queue, want 20", n)
	}
}

func lastWake(f *fixture) {
	f.commit(runtime.Change{Tenant: tenant, Wakes: []runtime.Wake{
		{Key: ledger("a"), At: at(1)}, {Key: ledger("a"), At: at(2)},
		{Key: ledger("b"), At: at(1)}, {Key: ledger("b")},
	}})
	same(f, f.claim(at(1), 10), nil)
	same(f, f.claim(at(2), 10), []runtime.Key{ledger("a")})
}

func farTimes(f *fixture) {
	f.wake(ledger("1960"), time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC))
	f.wake(ledger("2200"), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
	f.wake(ledger("1970"), time.Unix(0, 0))
	f.wake(ledger("half"), at(0).Add(500*time.Microsecond))
	same(f, f.claim(at(0), 10), []runtime.Key{ledger("1960"), ledger("1970")})
	same(f, f.claim(at(0).Add(500*time.Microsecond), 10), []runtime.Key{ledger("half")})
}

func manyTenants(f *fixture) {
	want := map[runtime.Key]bool{}
	for i := range 300 {
		key := runtime.LedgerKey(access.TenantID(fmt.Sprint("tenant-", i)), "chat/x")
		f.wake(key, at(i%7))
		want[key] = true
	}
	for len(want) > 0 {
		got := f.claim(at(10), 64)
		if len(got) == 0 {
			f.Fatalf("%d were never claimed", len(want))
		}
		for _, k := range got {
			if !want[k] {
				f.Fatalf("%s was claimed twice or never due", k)
			}
			delete(want, k)
		}
	}
}

func claimersApart(f *fixture) {
	const records = 200
	for i := range records {
		f.wake(ledger(fmt.Sprint(i)), at(0))
	}
	var mu sync.Mutex
	times := map[runtime.Key]int{}
	together(f, 8, func(int) error {
		for {
			keys, err := f.store.Claim(f.ctx, at(1), time.Minute, 7)
			if err != nil {
				return err
			}
			mu.Lock()
			for _, k := range keys {
				times[k]++
			}
			done := len(times) == records
			mu.Unlock()
			if done || len(keys) == 0 {
				return nil
			}
		}
	})
	for len(times) < records { // a claimer may find everything taken and leave
		for _, k := range f.claim(at(1), 100) {
			times[k]++
		}
	}
	for k, n := range times {
		if n != 1 {
			f.Errorf("%s was claimed %d times", k, n)
		}
	}
}
