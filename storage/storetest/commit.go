package storetest

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

func isError(err, want error) bool { return err != nil && errors.Is(err, want) }

func commitTests() []test {
	return []test{
		{"an unknown record has revision 0 and no data", func(f *fixture) { f.has(ledger("mina"), 0, "") }},
		{"no keys, no records", func(f *fixture) { f.load() }},
		{"a revision counts the writes from 1", revisionsCount},
		{"records come in the order of the keys", keysInOrder},
		{"empty data is a record", func(f *fixture) { f.commit(put(ledger("mina"), 0, "")); f.has(ledger("mina"), 1, "") }},
		{"any bytes are kept", anyBytes},
		{"odd names do not meet", oddNames},
		{"a wrong revision is a conflict", wrongRevision},
		{"a read that moved is a conflict", readMoved},
		{"nil data deletes", deletes},
		{"a conflict changes nothing at all", allOrNothing},
		{"a command happens once", commandOnce},
		{"a duplicate is found before a conflict", duplicateFirst},
		{"a refused change does not use up its command", refusedKeepsCommand},
		{"a command id belongs to its tenant", commandOfTenant},
		{"a command is forgotten after 24 hours", commandForgotten},
		{"a clock five seconds behind changes nothing", clockBehind},
		{"an audit event alone needs no record", auditAlone},
		{"a record of 4 MiB fits, a larger one is refused", bigRecord},
		{"keys of another tenant are refused", foreignTenant},
		{"a record written twice in a change is refused", writtenTwice},
		{"a context that ended is an error", endedContext},
	}
}

func revisionsCount(f *fixture) {
	f.commit(put(ledger("mina"), 0, "one"))
	f.has(ledger("mina"), 1, "one")
	f.commit(put(ledger("mina"), 1, "two"))
	f.has(ledger("mina"), 2, "two")
	for r := int64(2); r < 12; r++ { // past a change in the number of digits
		f.commit(put(ledger("mina"), r, "more"))
	}
	f.refused(put(ledger("mina"), 1, "old"), runtime.ErrConflict)
	f.has(ledger("mina"), 12, "more")
}

func keysInOrder(f *fixture) {
	f.commit(put(ledger("a"), 0, "A"))
	f.commit(put(ledger("c"), 0, "C"))
	other := runtime.LedgerKey("other", "chat/a")
	f.commit(put(other, 0, "elsewhere"))
	var got []string
	for _, r := range f.load(ledger("c"), other, ledger("b"), ledger("a"), ledger("c")) {
		got = append(got, r.Key.String()+"="+string(r.Data))
	}
	same(f, got, []string{"acme/ledger/chat/c=C", "other/ledger/chat/a=elsewhere", "acme/ledger/chat/b=", "acme/ledger/chat/a=A", "acme/ledger/chat/c=C"})
}

func anyBytes(f *fixture) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	f.commit(put(ledger("mina"), 0, string(all)))
	f.has(ledger("mina"), 1, string(all))
}

func oddNames(f *fixture) {
	keys := []runtime.Key{
		{Tenant: "a", Kind: "b/c", ID: "d"}, {Tenant: "a", Kind: "b", ID: "c/d"}, {Tenant: "a/b", Kind: "c", ID: "d"},
		{Tenant: "a", Kind: "b", ID: ""}, {Tenant: "a", Kind: "b", ID: "{x}"}, {Tenant: "a%2Fb", Kind: "c", ID: "d"},
		{Tenant: "ä ö", Kind: "b", ID: "日本\n\x00"},
	}
	for _, k := range keys {
		c := put(k, 0, k.String())
		c.Wakes = []runtime.Wake{{Key: k, At: at(0)}}
		f.commit(c)
	}
	for _, k := range keys {
		f.has(k, 1, k.String())
	}
	claimed := map[runtime.Key]bool{}
	for _, k := range f.claim(at(1), 100) {
		claimed[k] = true
	}
	for _, k := range keys {
		if !claimed[k] {
			f.Errorf("%s was not claimed", k)
		}
	}
}

func wrongRevision(f *fixture) {
	f.refused(put(ledger("mina"), 1, "early"), runtime.ErrConflict)
	f.has(ledger("mina"), 0, "")
	f.commit(put(ledger("mina"), 0, "one"))
	f.refused(put(ledger("mina"), 0, "again"), runtime.ErrConflict)
	f.refused(put(ledger("mina"), 2, "ahead"), runtime.ErrConflict)
	f.has(ledger("mina"), 1, "one")
}

func readMoved(f *fixture) {
	f.commit(put(ledger("package"), 0, "old"))
	c := put(ledger("mina"), 0, "one")
	c.Reads = []runtime.Read{{Key: ledger("package"), Revision: 1}, {Key: ledger("nobody"), Revision: 0}}
	f.commit(put(ledger("package"), 1, "new"))
	f.refused(c, runtime.ErrConflict)
	f.has(ledger("mina"), 0, "")
	c.Reads[0].Revision = 2
	f.commit(c)
	f.has(ledger("mina"), 1, "one")
	f.commit(put(ledger("nobody"), 0, "born"))
	c.Writes[0].Revision = 1
	f.refused(c, runtime.ErrConflict)
}

func deletes(f *fixture) {
	f.commit(put(ledger("mina"), 0, "one"))
	gone := put(ledger("mina"), 1, "")
	gone.Writes[0].Data = nil
	f.refused(runtime.Change{Tenant: tenant, Writes: []runtime.Write{{Key: ledger("mina"), Revision: 2}}}, runtime.ErrConflict)
	f.commit(gone)
	f.has(ledger("mina"), 0, "")
	f.refused(put(ledger("mina"), 1, "ghost"), runtime.ErrConflict)
	f.commit(put(ledger("mina"), 0, "back"))
	f.has(ledger("mina"), 1, "back")
}

// full is a change of every sort.
func full(name string, revision int64) runtime.Change {
	key := ledger(name)
	return runtime.Change{
		Tenant: tenant, At: at(0),
		Writes: []runtime.Write{{Key: key, Revision: revision, Data: []byte(name)}},
		Wakes:  []runtime.Wake{{Key: key, At: at(10)}},
		Index:  []runtime.IndexEntry{{Index: "people", Member: name}},
		Audit:  []runtime.Entry{{Key: key, At: at(0), Data: []byte("made " + name)}},
	}
}

func allOrNothing(f *fixture) {
	f.commit(put(ledger("b"), 0, "B"))
	c := full("a", 0)
	c.Command = "both"
	c.Writes = append(c.Writes, runtime.Write{Key: ledger("b"), Revision: 7, Data: []byte("never")})
	f.refused(c, runtime.ErrConflict)
	f.nothingOf("a")
	f.has(ledger("b"), 1, "B")
	c.Writes[1].Revision = 1
	f.commit(c)
	f.has(ledger("a"), 1, "a")
	f.has(ledger("b"), 2, "never")
	same(f, f.list(runtime.Query{Tenant: tenant, Index: "people", Max: 10}), []string{"a"})
	same(f, f.claim(at(10), 10), []runtime.Key{ledger("a")})
}

// nothingOf expects that full(name) left no trace.
func (f *fixture) nothingOf(name string) {
	f.Helper()
	f.has(ledger(name), 0, "")
	same(f, f.list(runtime.Query{Tenant: tenant, Index: "people", Max: 10}), nil)
	same(f, f.claim(at(3600), 10), nil)
	same(f, f.audit(runtime.AuditQuery{Tenant: tenant, Max: 10}), nil)
}

func commandOnce(f *fixture) {
	f.commit(as("press-1", put(ledger("mina"), 0, "one")))
	f.refused(as("press-1", put(ledger("mina"), 1, "two")), runtime.ErrDuplicate)
	f.has(ledger("mina"), 1, "one")
	f.commit(as("press-2", put(ledger("mina"), 1, "two")))
}

func duplicateFirst(f *fixture) {
	f.commit(as("press-1", put(ledger("mina"), 0, "one")))
	f.refused(as("press-1", put(ledger("mina"), 9, "two")), runtime.ErrDuplicate)
}

func refusedKeepsCommand(f *fixture) {
	f.refused(as("press-1", put(ledger("mina"), 9, "two")), runtime.ErrConflict)
	f.commit(as("press-1", put(ledger("mina"), 0, "one")))
}

func commandOfTenant(f *fixture) {
	f.commit(as("press-1", put(ledger("mina"), 0, "one")))
	f.commit(as("press-1", put(runtime.LedgerKey("other", "chat/mina"), 0, "one")))
}

func commandForgotten(f *fixture) {
	later := func(d time.Duration, c runtime.Change) runtime.Change { c.At = c.At.Add(d); return c }
	f.commit(as("press-1", put(ledger("mina"), 0, "one")))
	f.refused(later(storage.Remember-time.Second, as("press-1", put(ledger("mina"), 1, "two"))), runtime.ErrDuplicate)
	f.commit(later(storage.Remember, as("press-1", put(ledger("mina"), 1, "two"))))
	f.refused(later(storage.Remember, as("press-1", put(ledger("mina"), 2, "three"))), runtime.ErrDuplicate)
	f.refused(later(2*storage.Remember-time.Second, as("press-1", put(ledger("mina"), 2, "three"))), runtime.ErrDuplicate)
}

func clockBehind(f *fixture) {
	behind := func(c runtime.Change) runtime.Change { c.At = at(-5); return c }
	f.commit(as("press-1", put(ledger("mina"), 0, "one")))
	f.refused(behind(as("press-1", put(ledger("mina"), 1, "two"))), runtime.ErrDuplicate)
	c := behind(as("press-2", full("late", 0)))
	f.commit(c)
	f.refused(behind(as("press-2", full("late", 1))), runtime.ErrDuplicate)
	f.commit(full("next", 0))
	entries := f.audit(runtime.AuditQuery{Tenant: tenant, Max: 10})
	if len(entries) != 2 || entries[0].ID >= entries[1].ID || entries[0].Key != ledger("late") {
		f.Fatalf("the audit is in the order of %v", entries)
	}
	same(f, f.claim(at(9), 10), nil)
	if _, err := f.store.Claim(f.ctx, at(10), time.Minute, 10); err != nil {
		f.Fatal(err)
	}
	same(f, f.claim(at(10-5), 10), nil)
}

func auditAlone(f *fixture) {
	c := runtime.Change{Tenant: tenant, At: at(0), Audit: []runtime.Entry{{Key: ledger("mina"), At: at(0), Data: []byte("refused")}}}
	f.commit(as("press-1", c))
	f.refused(as("press-1", c), runtime.ErrDuplicate)
	f.has(ledger("mina"), 0, "")
	if n := len(f.audit(runtime.AuditQuery{Tenant: tenant, Max: 10})); n != 1 {
		f.Fatalf("%d entries, want 1", n)
	}
}

func bigRecord(f *fixture) {
	big := bytes.Repeat([]byte{0xff}, storage.MaxRecord)
	f.commit(put(ledger("mina"), 0, string(big)))
	if got := f.load(ledger("mina"))[0]; !bytes.Equal(got.Data, big) {
		f.Fatalf("%d bytes came back of %d", len(got.Data), len(big))
	}
	c := full("ben", 0)
	c.Writes = append(c.Writes, runtime.Write{Key: ledger("mina"), Revision: 1, Data: append(big, 0)})
	f.refused(c, runtime.ErrTooBig)
	f.nothingOf("ben")
	f.commit(put(ledger("mina"), 1, "small"))
}

func foreignTenant(f *fixture) {
	other := runtime.LedgerKey("other", "chat/mina")
	for _, c := range []runtime.Change{
		{Tenant: tenant, Writes: []runtime.Write{{Key: other, Data: []byte("x")}}},
		{Tenant: tenant, Reads: []runtime.Read{{Key: other}}},
		{Tenant: tenant, Wakes: []runtime.Wake{{Key: other, At: at(0)}}},
		{Tenant: tenant, Audit: []runtime.Entry{{Key: other, Data: []byte("x")}}},
	} {
		if err := f.store.Commit(f.ctx, c); err == nil {
			f.Errorf("taken: %+v", c)
		}
	}
	f.has(other, 0, "")
}

func writtenTwice(f *fixture) {
	c := put(ledger("mina"), 0, "one")
	c.Writes = append(c.Writes, c.Writes[0])
	if err := f.store.Commit(f.ctx, c); err == nil {
		f.Fatal("taken")
	}
	f.has(ledger("mina"), 0, "")
}

func endedContext(f *fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	if _, err := f.store.Load(ctx, ledger("mina")); !errors.Is(err, context.Canceled) {
		f.Errorf("Load: %v", err)
	}
	if _, err := f.store.List(ctx, runtime.Query{Tenant: tenant, Index: "i", Max: 1}); !errors.Is(err, context.Canceled) {
		f.Errorf("List: %v", err)
	}
	if _, err := f.store.Audit(ctx, runtime.AuditQuery{Tenant: access.TenantID("acme"), Max: 1}); !errors.Is(err, context.Canceled) {
		f.Errorf("Audit: %v", err)
	}
	if _, err := f.store.Claim(ctx, at(0), time.Minute, 1); !errors.Is(err, context.Canceled) {
		f.Errorf("Claim: %v", err)
	}
}
