package runtime_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func TestAWarmClickIsTwoRoundTrips(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		stop()
		w.store.counts()
		if _, err := w.decide(w.r, ada, mina, "press-1"); err != nil {
			t.Fatal(err)
		}
		loads, commits := w.store.counts()
		wantEqual(t, "store calls of a click", []int{loads, commits}, []int{1, 1})
	})
}

func TestSixtyFourDecidersOnTwoProcessesMakeOneDecision(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		stop()
		both := []*runtime.Runtime{w.r, w.another()}
		errs := make([]error, 64)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = w.decide(both[i%2], []access.Account{ada, ben}[i/2%2], mina, w.id("press"))
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if e, ok := access.AsError(err); !ok || e.Kind == access.Unavailable {
				t.Errorf("refused with %v", err)
			}
		}
		wantEqual(t, "decisions that got through", won, 1)
		wantEqual(t, "decisions in the ledger", len(w.store.ledgerOf(person(mina)).Requests[0].Stages[0].Decisions), 1)
		wantEqual(t, "refusals in the audit", count(w.events(mina), engine.EventRefused), 63)
	})
}

func TestAConflictIsTriedAgainWithFreshState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		var once sync.Once
		w.store.failing(func(c runtime.Change) error {
			if c.Command == "first" {
				once.Do(func() { w.ask(mina, "vault") })
			}
			return nil
		}, nil)
		v, err := w.submit(mina, "", "lab", "first")
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "number of the request", v.Request, 2)
		wantEqual(t, "requests", len(w.store.ledgerOf(person(mina)).Requests), 2)
	})
}

func TestADefinitionThatChangedMeanwhileIsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		other := w.another()
		if _, err := other.World(t.Context(), tenant, "lab"); err != nil {
			t.Fatal(err)
		}
		closed := pack("lab", []access.RoleRef{{Resource: "lab", Role: "member"}})
		closed.Policies[0].Closed = true
		w.define(runtime.Definitions{Packages: []access.Package{closed}})
		_, err := other.Do(t.Context(), tenant, mina, "", "ask", func(m engine.Meta) engine.Command {
			return engine.Submit{Meta: m, Package: "lab"}
		})
		if e, ok := access.AsError(err); !ok || e.Kind == access.Unavailable {
			t.Errorf("asking for a closed package with an old cache gave %v", err)
		}
	})
}

func TestADefinitionThatChangesBeforeTheCommitIsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		closed := pack("lab", labRoles())
		closed.Policies[0].Closed = true
		var once sync.Once
		w.store.failing(func(c runtime.Change) error {
			if c.Command == "ask" {
				once.Do(func() { w.define(runtime.Definitions{Packages: []access.Package{closed}}) })
			}
			return nil
		}, nil)
		_, err := w.submit(mina, "", "lab", "ask")
		if e, ok := access.AsError(err); !ok || e.Kind == access.Unavailable {
			t.Errorf("asking for a package that is being closed gave %v", err)
		}
		wantEqual(t, "requests", len(w.store.ledgerOf(person(mina)).Requests), 0)
	})
}

func TestACommitOfUnknownResultIsRepeatedWithTheSameID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		var ids []engine.CommandID
		w.store.failing(func(c runtime.Change) error { ids = append(ids, c.Command); return nil }, func(runtime.Change) error {
			return errors.New("connection lost")
		})
		v, err := w.submit(mina, "", "lab", "ask")
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "command ids", ids, []engine.CommandID{"ask", "ask"})
		wantEqual(t, "number of the request", v.Request, 1)
		wantEqual(t, "requests", len(w.store.ledgerOf(person(mina)).Requests), 1)
	})
}

func TestAStoreThatStaysAwayIsTryAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.store.failing(func(runtime.Change) error { return errors.New("no route to host 10.1.2.3") }, nil)
		_, err := w.submit(mina, "", "lab", "ask")
		if !access.IsCode(err, "tryAgain") {
			t.Errorf("got %v, want tryAgain", err)
		}
	})
}

func TestARepeatedCommandChangesNothingAndGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		defer stop()
		for range 2 {
			v, err := w.submit(mina, "", "lab", "ask")
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, "number of the request", v.Request, 1)
			settle()
		}
		for range 2 {
			if _, err := w.decide(w.r, ada, mina, "press"); err != nil {
				t.Fatal(err)
			}
			settle()
		}
		wantEqual(t, "decided", count(w.events(mina), engine.EventDecided), 1)
		wantEqual(t, "refused", count(w.events(mina), engine.EventRefused), 0)
		// Somebody else with the same id is not told that they decided.
		if _, err := w.decide(w.r, ben, mina, "press"); err == nil {
			t.Error("another person's repeat passed for a decision")
		}
	})
}

func TestARefusedAttemptToDecideIsKeptOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.ask(mina, "lab")
		for range 2 {
			if _, err := w.decide(w.r, olga, mina, "press"); err == nil {
				t.Fatal("olga is no approver")
			}
		}
		wantEqual(t, "refused", count(w.events(mina), engine.EventRefused), 1)
	})
}

func TestAskingOnBehalfLooksAtTheOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		if _, err := w.submit(ben, person(mina), "lab", "one"); err == nil {
			t.Error("ben is not mina's manager")
		}
		if _, err := w.submit(ada, person(mina), "lab", "two"); err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "kind", w.store.ledgerOf(person(mina)).Requests[0].Kind, access.OnBehalfAdd)
		asked, err := w.r.Asked(t.Context(), tenant, access.Actor{Person: person(ada)}, 10)
		if err != nil || len(asked) != 1 {
			t.Errorf("asked: %v %v", asked, err)
		}
		w.dir.set(access.Profile{Person: person(mina), Standing: access.Gone, Manager: person(ada)})
		pass(2 * time.Minute)
		if _, err := w.submit(ada, person(mina), "vault", "three"); err == nil {
			t.Error("mina left")
		}
	})
}

func TestALinkedAccountActsForItsPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		const second = access.Account("other/mina")
		w.dir.set(access.Profile{Person: person(second), Standing: access.Member, Groups: []access.GroupID{"other/staff"}})
		err := w.store.Commit(t.Context(), runtime.Change{Tenant: tenant, Writes: []runtime.Write{
			{Key: runtime.AccountKey(tenant, second), Data: []byte(`{"person":"play/mina"}`)},
		}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			w.ask(second, []access.PackageID{"lab", "vault"}[len(w.store.ledgerOf(person(mina)).Requests)])
		}
		wantEqual(t, "requests", len(w.store.ledgerOf(person(mina)).Requests), 2)
		_, actor, err := w.r.Who(t.Context(), tenant, second)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "actor", actor, access.Actor{Person: person(mina), Account: second, Standing: access.Member, Groups: []access.GroupID{"other/staff"}, Also: []access.PersonID{"other/mina"}})
		w.dir.set(access.Profile{Person: person(second), Standing: access.Gone})
		pass(2 * time.Minute)
		if _, _, err := w.r.Who(t.Context(), tenant, second); !access.IsCode(err, "accountGone") {
			t.Errorf("got %v, want accountGone", err)
		}
	})
}
