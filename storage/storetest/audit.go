package storetest

import (
	"fmt"

	"github.com/usher-dev/usher/core/runtime"
)

func auditTests() []test {
	return []test{
		{"entries come back whole", entriesWhole},
		{"ids rise, within a change too", idsRise},
		{"pages in both directions", auditPages},
		{"one record's entries", oneRecord},
		{"tenants are apart", auditTenants},
	}
}

// tell writes one entry about key.
func tell(key runtime.Key, data string) runtime.Entry {
	return runtime.Entry{Key: key, At: at(0), Data: []byte(data)}
}

func texts(entries []runtime.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = string(e.Data)
	}
	return out
}

func entriesWhole(f *fixture) {
	e := runtime.Entry{Key: runtime.Key{Tenant: tenant, Kind: runtime.KindCase, ID: "a/b#3"}, At: at(7), Data: []byte("{\n\x00\xff")}
	f.commit(runtime.Change{Tenant: tenant, At: at(9), Audit: []runtime.Entry{e}})
	got := f.audit(runtime.AuditQuery{Tenant: tenant, Max: 10})
	if len(got) != 1 || got[0].ID < 1 || got[0].Key != e.Key || !got[0].At.Equal(e.At) || string(got[0].Data) != string(e.Data) {
		f.Fatalf("got %+v, want %+v", got, e)
	}
}

func idsRise(f *fixture) {
	for i := range 5 {
		f.commit(runtime.Change{Tenant: tenant, Audit: []runtime.Entry{
			tell(ledger("a"), fmt.Sprint(i, "a")), tell(ledger("b"), fmt.Sprint(i, "b")),
		}})
	}
	var last int64
	for _, e := range f.audit(runtime.AuditQuery{Tenant: tenant, Max: 100}) {
		if e.ID <= last {
			f.Fatalf("%d after %d", e.ID, last)
		}
		last = e.ID
	}
}

func (f *fixture) tellMany(n int) (want []string) {
	for i := range n {
		f.commit(runtime.Change{Tenant: tenant, Audit: []runtime.Entry{
			tell(ledger("a"), fmt.Sprint("a", i)), tell(ledger("b"), fmt.Sprint("b", i)),
		}})
		want = append(want, fmt.Sprint("a", i), fmt.Sprint("b", i))
	}
	return want
}

// walk reads all pages of a query.
func (f *fixture) walk(q runtime.AuditQuery) (got []string) {
	f.Helper()
	for {
		page := f.audit(q)
		if len(page) > q.Max {
			f.Fatalf("a page of %d has %d entries", q.Max, len(page))
		}
		got = append(got, texts(page)...)
		if len(page) < q.Max {
			return got
		}
		q.After = page[len(page)-1].ID
	}
}

func reversed(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[len(in)-1-i] = s
	}
	return out
}

func auditPages(f *fixture) {
	want := f.tellMany(12)
	same(f, f.walk(runtime.AuditQuery{Tenant: tenant, Max: 7}), want)
	same(f, f.walk(runtime.AuditQuery{Tenant: tenant, Max: 7, Newest: true}), reversed(want))
	same(f, f.walk(runtime.AuditQuery{Tenant: tenant, Max: 1000}), want)
}

func oneRecord(f *fixture) {
	f.tellMany(12)
	key := ledger("b")
	var want []string
	for i := range 12 {
		want = append(want, fmt.Sprint("b", i))
	}
	same(f, f.walk(runtime.AuditQuery{Tenant: tenant, Record: &key, Max: 5}), want)
	same(f, f.walk(runtime.AuditQuery{Tenant: tenant, Record: &key, Max: 5, Newest: true}), reversed(want))
	unknown := ledger("b1")
	same(f, f.audit(runtime.AuditQuery{Tenant: tenant, Record: &unknown, Max: 5}), nil)
}

func auditTenants(f *fixture) {
	other := runtime.LedgerKey("other", "chat/a")
	f.commit(runtime.Change{Tenant: tenant, Audit: []runtime.Entry{tell(ledger("a"), "ours")}})
	f.commit(runtime.Change{Tenant: "other", Audit: []runtime.Entry{tell(other, "theirs")}})
	f.commit(runtime.Change{Tenant: tenant, Audit: []runtime.Entry{tell(ledger("a"), "ours again")}})
	same(f, texts(f.audit(runtime.AuditQuery{Tenant: tenant, Max: 10})), []string{"ours", "ours again"})
	same(f, texts(f.audit(runtime.AuditQuery{Tenant: "other", Newest: true, Max: 10})), []string{"theirs"})
	same(f, texts(f.audit(runtime.AuditQuery{Tenant: "other", Record: &other, Max: 10})), []string{"theirs"})
}
