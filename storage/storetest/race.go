package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/usher-dev/usher/core/runtime"
)

func raceTests() []test {
	return []test{
		{"64 writers of one record, one wins each round", oneWins},
		{"one command sent many times at once happens once", onceAtOnce},
		{"a refused change does not harm its neighbours", neighbours},
		{"two records are linearizable", linearizable},
	}
}

// together runs n functions at once and waits for them.
func together(t testing.TB, n int, run func(i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	gate := make(chan struct{})
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() {
			<-gate
			errs[i] = run(i)
		})
	}
	close(gate)
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func oneWins(f *fixture) {
	for round := range int64(5) {
		results := make([]error, 64)
		together(f, 64, func(i int) error {
			c := put(ledger("mina"), round, fmt.Sprint(i))
			c.Audit = []runtime.Entry{tell(ledger("mina"), fmt.Sprint(i))}
			results[i] = f.store.Commit(f.ctx, as(fmt.Sprint("press-", round, "-", i), c))
			return nil
		})
		winner := -1
		for i, err := range results {
			switch {
			case err == nil && winner >= 0:
				f.Fatalf("round %d: %d and %d both won", round, winner, i)
			case err == nil:
				winner = i
			case !errors.Is(err, runtime.ErrConflict):
				f.Fatalf("round %d: %v", round, err)
			}
		}
		f.has(ledger("mina"), round+1, fmt.Sprint(winner))
	}
	if n := len(f.audit(runtime.AuditQuery{Tenant: tenant, Max: 1000})); n != 5 {
		f.Fatalf("%d audit entries of 5 winners", n)
	}
}

func onceAtOnce(f *fixture) {
	results := make([]error, 32)
	together(f, len(results), func(i int) error {
		results[i] = f.store.Commit(f.ctx, runtime.Change{
			Tenant: tenant, Command: "press", At: at(0), Audit: []runtime.Entry{tell(ledger("mina"), "refused")},
		})
		return nil
	})
	done := 0
	for _, err := range results {
		if err == nil {
			done++
		} else if !errors.Is(err, runtime.ErrDuplicate) {
			f.Fatal(err)
		}
	}
	if n := len(f.audit(runtime.AuditQuery{Tenant: tenant, Max: 1000})); done != 1 || n != 1 {
		f.Fatalf("done %d times, %d entries", done, n)
	}
}

func neighbours(f *fixture) {
	results := make([]error, 48)
	together(f, len(results), func(i int) error {
		c := full(fmt.Sprint("p", i), int64(i%3)) // two of three name a wrong revision
		results[i] = f.store.Commit(f.ctx, c)
		return nil
	})
	for i, err := range results {
		if i%3 == 0 {
			if err != nil {
				f.Errorf("%d: %v", i, err)
			}
			f.has(ledger(fmt.Sprint("p", i)), 1, fmt.Sprint("p", i))
			continue
		}
		if !errors.Is(err, runtime.ErrConflict) {
			f.Errorf("%d: %v", i, err)
		}
		f.has(ledger(fmt.Sprint("p", i)), 0, "")
	}
	if n := len(f.audit(runtime.AuditQuery{Tenant: tenant, Max: 1000})); n != 16 {
		f.Errorf("%d audit entries, want 16", n)
	}
}

// pair is the state of the two records of the model.
type pair struct {
	revision [2]int64
	value    [2]int
}

// step is one call: a load of both, or a commit that writes some and relies on
// the others.
type step struct {
	load   bool
	writes [2]bool
	seen   [2]int64
	value  int
}

type outcome struct {
	pair
	ok bool
}

func model() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return pair{} },
		Step: func(state, input, output any) (bool, any) {
			return advance(state.(pair), input.(step), output.(outcome))
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
	}
}

func advance(s pair, in step, out outcome) (bool, any) {
	if in.load {
		return out.pair == s, s
	}
	if fits := in.seen == s.revision; !fits || !out.ok {
		return fits == out.ok, s
	}
	for i, w := range in.writes {
		if w {
			s.revision[i]++
			s.value[i] = in.value
		}
	}
	return true, s
}

func linearizable(f *fixture) {
	const clients, calls = 8, 20
	histories := make([][]porcupine.Operation, clients)
	begin := time.Now()
	together(f, clients, func(client int) error {
		var known pair
		for n := range calls {
			in := step{load: n%2 == 0, value: client*1000 + n, seen: known.revision}
			in.writes = [2]bool{n%3 != 0, n%3 != 1}
			called := time.Since(begin).Nanoseconds()
			out, err := f.call(in)
			if err != nil {
				return err
			}
			histories[client] = append(histories[client], porcupine.Operation{
				ClientId: client, Input: in, Call: called, Output: out, Return: time.Since(begin).Nanoseconds(),
			})
			known = out.pair
		}
		return nil
	})
	var all []porcupine.Operation
	for _, h := range histories {
		all = append(all, h...)
	}
	if got := porcupine.CheckOperationsTimeout(model(), all, time.Minute); got != porcupine.Ok {
		f.Fatalf("the history of %d calls is not linearizable: %v", len(all), got)
	}
}

func (f *fixture) call(in step) (outcome, error) {
	keys := [2]runtime.Key{ledger("left"), ledger("right")}
	if in.load {
		records, err := f.store.Load(f.ctx, keys[:]...)
		if err != nil {
			return outcome{}, err
		}
		return outcome{pair: pairOf(records)}, nil
	}
	c := runtime.Change{Tenant: tenant, At: at(0)}
	for i, w := range in.writes {
		if w {
			c.Writes = append(c.Writes, runtime.Write{Key: keys[i], Revision: in.seen[i], Data: []byte(strconv.Itoa(in.value))})
		} else {
			c.Reads = append(c.Reads, runtime.Read{Key: keys[i], Revision: in.seen[i]})
		}
	}
	err := f.store.Commit(f.ctx, c)
	if err != nil && !errors.Is(err, runtime.ErrConflict) {
		return outcome{}, err
	}
	return outcome{ok: err == nil}, nil
}

func pairOf(records []runtime.Record) (p pair) {
	for i, r := range records {
		p.revision[i] = r.Revision
		p.value[i], _ = strconv.Atoi(string(r.Data))
	}
	return p
}
