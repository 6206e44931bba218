package runtime_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage/chaos"
)

// A process that dies around the commit of a link leaves both ledgers as they
// were, or one; and who confirms again after the restart finds one, linked
// once.
func TestALinkIsWholeOrNotThere(t *testing.T) {
	for name, c := range map[string]struct {
		schedule chaos.Schedule
		linked   bool
	}{
		"before": {func(_ int, op chaos.Op) chaos.Fault { return faultOf(op == chaos.Commit, chaos.FailBefore) }, false},
		"after": {func() chaos.Schedule {
			first := true
			return func(_ int, op chaos.Op) chaos.Fault {
				if op != chaos.Commit {
					return chaos.None
				}
				if first {
					first = false
					return chaos.FailAfter
				}
				return chaos.FailBefore
			}
		}(), true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newTwoChats(t)
				w.mustSubmit(mina, "open")
				w.mustSubmit(carlo, "lab")
				broken := chaos.New(w.store, chaos.Options{Schedule: c.schedule})
				dying := w.another(func(o *runtime.Options) { o.Store, o.Chats = broken, w.r.Chats })
				id := w.id("link")
				if err := dying.Link(t.Context(), tenant, mina, carlo, id); err == nil {
					t.Fatal("the process did not die")
				}
				if there := w.linkedWhole(); there != c.linked {
					t.Errorf("linked: %v", there)
				}
				err := w.r.Link(t.Context(), tenant, mina, carlo, id)
				if err != nil && !access.IsCode(err, "linkedAlready") {
					t.Fatal(err)
				}
				if !w.linkedWhole() || count(w.events(mina), engine.EventLinked) != 1 {
					t.Errorf("linked %d times", count(w.events(mina), engine.EventLinked))
				}
			})
		})
	}
}

func faultOf(hit bool, f chaos.Fault) chaos.Fault {
	if hit {
		return f
	}
	return chaos.None
}

// linkedWhole reports whether mina and carlo are one person; either all says
// so, or nothing does.
func (w *town) linkedWhole() bool {
	w.t.Helper()
	keep, gone := w.store.ledgerOf(person(mina)), w.store.ledgerOf(person(carlo))
	p, err := w.r.Person(w.t.Context(), tenant, carlo)
	if err != nil {
		w.t.Fatal(err)
	}
	linked := p == person(mina)
	if linked != (gone.Forward != nil) || linked != (len(keep.Requests) == 2) || linked != (len(gone.Requests) == 0) {
		w.t.Errorf("half a link: %s, %+v, %+v", p, keep, gone)
	}
	return linked
}

// Presses and a link at the same time: every press counts once, in whichever
// ledger the request is by then.
func TestAPressDuringALinkIsNotLost(t *testing.T) {
	for _, delay := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 30 * time.Millisecond} {
		t.Run(delay.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newTwoChats(t)
				defer w.run(w.r)()
				for _, a := range []access.Account{ada, ben} {
					if err := w.r.Confirm(t.Context(), tenant, olga, a, w.id("confirm")); err != nil {
						t.Fatal(err)
					}
				}
				w.define(runtime.Definitions{Packages: []access.Package{pack("two", []access.RoleRef{{Resource: "lab", Role: "member"}}, access.Stage{
					Approvers: []access.Subject{some(ada), some(ben), some(olga)}, Quorum: 3,
				})}})
				w.mustSubmit(mina, "open")
				w.mustSubmit(carlo, "two")
				pass(time.Second)
				var all sync.WaitGroup
				all.Go(func() {
					pass(delay)
					if err := w.r.Link(t.Context(), tenant, mina, carlo, "link"); err != nil {
						t.Error(err)
					}
				})
				for _, a := range []access.Account{ada, ben} {
					all.Go(func() { w.approveWherever(a, person(carlo), 1) })
				}
				all.Wait()
				pass(time.Second)
				var by []access.PersonID
				l := w.store.ledgerOf(person(mina))
				for _, d := range l.Request(l.Next - 1).Stages[0].Decisions {
					by = append(by, d.By)
				}
				slices.Sort(by)
				wantEqual(t, "decided have", by, []access.PersonID{person(ada), person(ben)})
			})
		})
	}
}

// approveWherever approves a request, also when it moved meanwhile, as the
// desk does.
func (w *town) approveWherever(who access.Account, holder access.PersonID, n access.RequestID) {
	approve := func(holder access.PersonID, n access.RequestID) error {
		_, err := w.r.Do(w.t.Context(), tenant, who, holder, engine.CommandID("press "+who), func(m engine.Meta) engine.Command {
			return engine.Decide{Meta: m, Request: n, Face: 1 << 30, Verdict: access.Approve}
		})
		return err
	}
	err := approve(holder, n)
	var moved *runtime.Moved
	if errors.As(err, &moved) {
		err = approve(moved.To, n+moved.Shift)
	}
	if err != nil {
		w.t.Error(err)
	}
}
