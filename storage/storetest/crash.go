package storetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/usher-dev/usher/core/runtime"
)

const crashEnv = "USHER_STORETEST_CRASH"

// Crashing says whether this process is the child of Crash, which gets its
// place from its parent.
func Crashing() bool { return os.Getenv(crashEnv) != "" }

// Crash shows that nothing acknowledged is lost and nothing is half there when
// a process is killed while it commits. It runs the calling test again in a
// child process, which opens place and commits until it is killed. It must be
// the only thing that the calling test does, and not in a subtest. kill is
// called instead of killing the child when it is not nil, for stores that live
// in a process of their own.
func Crash(t *testing.T, place string, open func(place string) (runtime.Store, error), kill func()) {
	if env := os.Getenv(crashEnv); env != "" {
		commitForEver(env, open)
		return
	}
	for round := range 3 {
		acknowledged := crashOnce(t, place, round, kill)
		if len(acknowledged) == 0 {
			t.Fatal("the child was killed before its first commit")
		}
		s, err := open(place)
		if err != nil {
			t.Fatalf("open after the crash: %v", err)
		}
		checkCrashed(t, s, round, acknowledged)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

const crashWriters = 4

// crashOnce lets the child acknowledge some commits and then kills it.
func crashOnce(t *testing.T, place string, round int, kill func()) map[string]bool {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", crashEnv, round, place))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		name, ok := strings.CutPrefix(lines.Text(), "acknowledged ")
		if !ok {
			t.Logf("child: %s", lines.Text())
			continue
		}
		acknowledged[name] = true
		if len(acknowledged) == 100+round*37 {
			stop(child, kill)
		}
	}
	_ = child.Wait() // it was killed
	return acknowledged
}

func stop(child *exec.Cmd, kill func()) {
	if kill != nil {
		kill()
		return
	}
	_ = child.Process.Kill()
}

// commitForEver is the child: every commit writes two records, an index
// member and an audit entry, and is told of when it is acknowledged.
func commitForEver(env string, open func(string) (runtime.Store, error)) {
	number, place, _ := strings.Cut(env, " ")
	s, err := open(place)
	if err != nil {
		fmt.Println("cannot open:", err)
		return
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	for w := range crashWriters {
		wg.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("%s-%d-%d", number, w, n)
				if err := s.Commit(context.Background(), crashChange(name)); err != nil {
					return
				}
				mu.Lock()
				_, _ = io.WriteString(os.Stdout, "acknowledged "+name+"\n")
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func crashChange(name string) runtime.Change {
	c := as(name, full(name, 0))
	c.Writes = append(c.Writes, runtime.Write{Key: ledger(name + "-twin"), Data: []byte(name)})
	return c
}

// checkCrashed expects every acknowledged change whole, and of each other
// change all or nothing.
func checkCrashed(t *testing.T, s runtime.Store, round int, acknowledged map[string]bool) {
	t.Helper()
	f := &fixture{T: t, store: s, ctx: t.Context()}
	prefix := fmt.Sprint(round, "-")
	found := map[string]bool{}
	q := runtime.Query{Tenant: tenant, Index: "people", Prefix: prefix, Max: 1000}
	for {
		page := f.list(q)
		for _, name := range page {
			found[name] = true
			f.whole(name)
		}
		if len(page) < q.Max {
			break
		}
		q.After = page[len(page)-1]
	}
	for name := range acknowledged {
		if !found[name] {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	f.nothingHalf(found, round)
}

func (f *fixture) whole(name string) {
	f.Helper()
	f.has(ledger(name), 1, name)
	f.has(ledger(name+"-twin"), 1, name)
	key := ledger(name)
	same(f, texts(f.audit(runtime.AuditQuery{Tenant: tenant, Record: &key, Max: 10})), []string{"made " + name})
	f.refused(crashChange(name), runtime.ErrDuplicate)
}

// nothingHalf looks where the writers may have been when they were killed.
func (f *fixture) nothingHalf(found map[string]bool, round int) {
	f.Helper()
	for w := range crashWriters {
		n := 0
		for found[fmt.Sprintf("%d-%d-%d", round, w, n)] {
			n++
		}
		name := fmt.Sprintf("%d-%d-%d", round, w, n)
		f.has(ledger(name), 0, "")
		f.has(ledger(name+"-twin"), 0, "")
		key := ledger(name)
		same(f, f.audit(runtime.AuditQuery{Tenant: tenant, Record: &key, Max: 10}), nil)
	}
}
