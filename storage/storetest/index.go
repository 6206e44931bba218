package storetest

import (
	"fmt"

	"github.com/usher-dev/usher/core/runtime"
)

func indexTests() []test {
	return []test{
		{"members are in byte order", byteOrder},
		{"a prefix", prefixes},
		{"pages", pages},
		{"removing", removing},
		{"indexes and tenants are apart", indexesApart},
		{"a page has 1 to 1000 members", pageSizes},
		{"several questions at once", listsAtOnce},
	}
}

func (f *fixture) index(members ...string) {
	f.Helper()
	c := runtime.Change{Tenant: tenant, At: at(0)}
	for _, m := range members {
		c.Index = append(c.Index, runtime.IndexEntry{Index: "open", Member: m})
	}
	f.commit(c)
}

func open(prefix, after string, most int) runtime.Query {
	return runtime.Query{Tenant: tenant, Index: "open", Prefix: prefix, After: after, Max: most}
}

func byteOrder(f *fixture) {
	f.index("b", "a", "B", "ab", "\xff", "ä", "a\x00", "a", "10", "9")
	same(f, quoted(f.list(open("", "", 100))), quoted([]string{"10", "9", "B", "a", "a\x00", "ab", "b", "ä", "\xff"}))
	same(f, f.list(runtime.Query{Tenant: tenant, Index: "none", Max: 10}), nil)
}

func quoted(texts []string) []string {
	q := make([]string, len(texts))
	for i, s := range texts {
		q[i] = fmt.Sprintf("%q", s)
	}
	return q
}

func prefixes(f *fixture) {
	f.index("a", "ab", "ab1", "ab2", "ab\xff", "ab\xff\xff", "ac", "b", "\xff", "\xff\xff")
	same(f, quoted(f.list(open("ab", "", 100))), quoted([]string{"ab", "ab1", "ab2", "ab\xff", "ab\xff\xff"}))
	same(f, quoted(f.list(open("ab\xff", "", 100))), quoted([]string{"ab\xff", "ab\xff\xff"}))
	same(f, quoted(f.list(open("\xff", "", 100))), quoted([]string{"\xff", "\xff\xff"}))
	same(f, f.list(open("z", "", 100)), nil)
	same(f, f.list(open("ab", "aa", 2)), []string{"ab", "ab1"})
	same(f, f.list(open("ab", "ab1", 1)), []string{"ab2"})
	same(f, f.list(open("ab", "b", 10)), nil)
}

func pages(f *fixture) {
	var want, got []string
	for i := range 25 {
		want = append(want, fmt.Sprintf("m%02d", i))
	}
	f.index(want...)
	for after := ""; ; {
		page := f.list(open("m", after, 10))
		got = append(got, page...)
		if len(page) < 10 {
			break
		}
		after = page[len(page)-1]
	}
	same(f, got, want)
	same(f, f.list(open("", "m03x", 2)), []string{"m04", "m05"})
}

func removing(f *fixture) {
	f.index("a", "b")
	f.commit(runtime.Change{Tenant: tenant, Index: []runtime.IndexEntry{
		{Index: "open", Member: "a", Remove: true}, {Index: "open", Member: "never", Remove: true},
		{Index: "open", Member: "c"}, {Index: "open", Member: "d"}, {Index: "open", Member: "d", Remove: true},
	}})
	same(f, f.list(open("", "", 10)), []string{"b", "c"})
}

func indexesApart(f *fixture) {
	f.commit(runtime.Change{Tenant: tenant, Index: []runtime.IndexEntry{{Index: "open", Member: "a"}, {Index: "open/x", Member: "b"}}})
	f.commit(runtime.Change{Tenant: "other", Index: []runtime.IndexEntry{{Index: "open", Member: "c"}}})
	same(f, f.list(open("", "", 10)), []string{"a"})
	same(f, f.list(runtime.Query{Tenant: tenant, Index: "open/x", Max: 10}), []string{"b"})
	same(f, f.list(runtime.Query{Tenant: "other", Index: "open", Max: 10}), []string{"c"})
}

func pageSizes(f *fixture) {
	for _, n := range []int{-1, 0, 1001} {
		if _, err := f.store.List(f.ctx, open("", "", n)); err == nil {
			f.Errorf("List took a page of %d", n)
		}
		if _, err := f.store.Audit(f.ctx, runtime.AuditQuery{Tenant: tenant, Max: n}); err == nil {
			f.Errorf("Audit took a page of %d", n)
		}
	}
	same(f, f.list(open("", "", 1000)), nil)
}

// listsAtOnce is for stores with runtime.Lister; the others have one trip for
// each question.
func listsAtOnce(f *fixture) {
	f.index("a", "b", "c", "d")
	f.commit(runtime.Change{Tenant: tenant, Index: []runtime.IndexEntry{{Index: "open/x", Member: "e"}}})
	lister, ok := f.store.(runtime.Lister)
	if !ok {
		return
	}
	asked := []runtime.Query{
		open("", "b", 1), {Tenant: tenant, Index: "none", Max: 5}, {Tenant: tenant, Index: "open/x", Max: 1000}, open("", "", 1000), open("", "d", 3),
	}
	found, err := lister.Lists(f.ctx, asked)
	if err != nil || len(found) != len(asked) {
		f.Fatalf("Lists: %v, %v", found, err)
	}
	for i, q := range asked {
		same(f, found[i], f.list(q))
	}
	if found, err = lister.Lists(f.ctx, nil); len(found) != 0 || err != nil {
		f.Errorf("no question: %v, %v", found, err)
	}
	if _, err = lister.Lists(f.ctx, []runtime.Query{open("", "", 5), open("", "", 1001)}); err == nil {
		f.Error("Lists took a page of 1001")
	}
}
