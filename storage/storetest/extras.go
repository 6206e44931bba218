package storetest

import (
	"fmt"
	"time"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

func importTests() []test {
	return []test{
		{"everything that a commit writes", imports},
		{"commits go on after it", commitsAfterImport},
		{"many", importsMany},
	}
}

func (f *fixture) load1(changes ...runtime.Change) {
	f.Helper()
	if err := f.store.(runtime.Importer).Import(f.ctx, changes); err != nil {
		f.Fatalf("Import: %v", err)
	}
}

func imports(f *fixture) {
	gone := full("gone", 1)
	gone.Writes[0].Data, gone.Index[0].Remove, gone.Wakes[0].At, gone.Audit = nil, true, time.Time{}, nil
	f.load1(full("b", 0), full("a", 41), full("gone", 0), gone)
	f.has(ledger("a"), 42, "a")
	f.has(ledger("b"), 1, "b")
	f.has(ledger("gone"), 0, "")
	same(f, f.list(runtime.Query{Tenant: tenant, Index: "people", Max: 10}), []string{"a", "b"})
	same(f, texts(f.audit(runtime.AuditQuery{Tenant: tenant, Max: 10})), []string{"made b", "made a", "made gone"})
	if n := len(f.claim(at(10), 10)); n != 2 {
		f.Fatalf("%d wake-ups, want 2", n)
	}
}

func commitsAfterImport(f *fixture) {
	f.commit(full("first", 0))
	f.load1(as("press-1", full("a", 0)), full("b", 0))
	f.commit(as("press-1", full("c", 0)))
	f.commit(full("a", 1))
	same(f, texts(f.audit(runtime.AuditQuery{Tenant: tenant, Max: 10})), []string{"made first", "made a", "made b", "made c", "made a"})
}

func importsMany(f *fixture) {
	var changes []runtime.Change
	for i := range 5000 {
		changes = append(changes, full(fmt.Sprintf("p%04d", i), 0))
	}
	f.load1(changes...)
	f.has(ledger("p0000"), 1, "p0000")
	f.has(ledger("p4999"), 1, "p4999")
	if n := len(f.claim(at(10), 1000)); n != 1000 {
		f.Fatalf("claimed %d of 1000", n)
	}
}

func scratchTests() []test {
	return []test{
		{"put, get, drop", scratchKeeps},
		{"values run out", scratchRunsOut},
		{"names are apart from records", scratchApart},
	}
}

func (f *fixture) draft(name string, now time.Time) string {
	f.Helper()
	data, err := f.store.(runtime.Scratch).Get(f.ctx, name, now)
	if err != nil {
		f.Fatalf("Get: %v", err)
	}
	if data == nil {
		return "nothing"
	}
	return string(data)
}

func (f *fixture) keep(name, data string, ttl time.Duration) {
	f.Helper()
	if err := f.store.(runtime.Scratch).Put(f.ctx, name, []byte(data), at(0), ttl); err != nil {
		f.Fatalf("Put: %v", err)
	}
}

func scratchKeeps(f *fixture) {
	f.keep("form/1", "a\x00b", time.Hour)
	f.keep("form/2", "", time.Hour)
	f.keep("form/1", "c:d", time.Hour)
	same(f, []string{f.draft("form/1", at(1)), f.draft("form/2", at(1)), f.draft("form/3", at(1))}, []string{"c:d", "", "nothing"})
	for range 2 {
		if err := f.store.(runtime.Scratch).Drop(f.ctx, "form/1"); err != nil {
			f.Fatal(err)
		}
	}
	same(f, []string{f.draft("form/1", at(1)), f.draft("form/2", at(1))}, []string{"nothing", ""})
	big := make([]byte, storage.MaxRecord+1)
	if err := f.store.(runtime.Scratch).Put(f.ctx, "big", big, at(0), time.Hour); !isError(err, runtime.ErrTooBig) {
		f.Fatalf("a value that is too big: %v", err)
	}
}

func scratchRunsOut(f *fixture) {
	f.keep("short", "s", time.Minute)
	f.keep("long", "l", time.Hour)
	same(f, []string{f.draft("short", at(59)), f.draft("short", at(60)), f.draft("long", at(60))}, []string{"s", "nothing", "l"})
	f.keep("over", "o", -2*time.Hour)
	same(f, []string{f.draft("over", at(0))}, []string{"nothing"})
}

func scratchApart(f *fixture) {
	name := storage.KeyText(ledger("mina"))
	f.keep(name, "draft", time.Hour)
	f.has(ledger("mina"), 0, "")
	f.commit(put(ledger("mina"), 0, "record"))
	same(f, []string{f.draft(name, at(0))}, []string{"draft"})
}

func leaseTests() []test {
	return []test{
		{"one holder at a time", oneHolder},
		{"a lease runs out", leaseEnds},
		{"one winner of many", oneWinner},
	}
}

func (f *fixture) leased(name, holder string, now time.Time) bool {
	f.Helper()
	ok, err := f.store.(runtime.Leases).Lease(f.ctx, name, holder, now, time.Minute)
	if err != nil {
		f.Fatalf("Lease: %v", err)
	}
	return ok
}

func (f *fixture) release(name, holder string) {
	f.Helper()
	if err := f.store.(runtime.Leases).Release(f.ctx, name, holder); err != nil {
		f.Fatalf("Release: %v", err)
	}
}

func oneHolder(f *fixture) {
	same(f, []bool{f.leased("sweep", "a", at(0)), f.leased("sweep", "b", at(1)), f.leased("other", "b", at(1))}, []bool{true, false, true})
	f.release("sweep", "b")
	same(f, []bool{f.leased("sweep", "b", at(2))}, []bool{false})
	f.release("sweep", "a")
	f.release("sweep", "a")
	same(f, []bool{f.leased("sweep", "b", at(2)), f.leased("sweep", "a", at(2))}, []bool{true, false})
}

func leaseEnds(f *fixture) {
	same(f, []bool{f.leased("sweep", "a", at(0)), f.leased("sweep", "b", at(59)), f.leased("sweep", "a", at(30)), f.leased("sweep", "b", at(60))}, []bool{true, false, true, false})
	same(f, []bool{f.leased("sweep", "b", at(90)), f.leased("sweep", "a", at(90))}, []bool{true, false})
}

func oneWinner(f *fixture) {
	won := make([]bool, 16)
	together(f, len(won), func(i int) (err error) {
		won[i], err = f.store.(runtime.Leases).Lease(f.ctx, "sweep", fmt.Sprint("holder ", i), at(0), time.Minute)
		return err
	})
	n := 0
	for _, w := range won {
		if w {
			n++
		}
	}
	if n != 1 {
		f.Fatalf("%d hold the lease", n)
	}
}
