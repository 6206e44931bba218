package runtime_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

const (
	security = access.GroupID("play/security")
	nora     = access.Account("play/nora")
)

// guarded is a package that a group decides on, and one whose owners are it.
func (w *town) guarded() {
	w.t.Helper()
	byGroup := pack("safe", []access.RoleRef{{Resource: "attic", Role: "member"}}, access.Stage{Approvers: []access.Subject{access.SomeGroup(security)}})
	byOwners := pack("owned", []access.RoleRef{{Resource: "cellar", Role: "member"}}, access.Stage{Approvers: []access.Subject{{Kind: access.SubjectCatalogOwners}}})
	byOwners.Catalog = "guarded"
	cellar := resource("cellar", "rooms")
	cellar.Catalog = "guarded"
	w.define(runtime.Definitions{
		Catalogs:  []access.Catalog{{ID: "guarded", Name: "Guarded", Roles: []access.RoleHolder{{Role: access.CatalogOwner, Who: access.SomeGroup(security)}}}},
		Resources: []access.Resource{resource("attic", "rooms"), cellar},
		Packages:  []access.Package{byGroup, byOwners},
	})
}

// join makes a group what it is now, for the directory and for who is in it.
func (w *town) join(members ...access.Account) {
	var in []access.PersonID
	for _, m := range members {
		in = append(in, person(m))
		w.dir.set(access.Profile{Person: person(m), Name: string(m), Standing: access.Member, Groups: []access.GroupID{security}})
	}
	w.dir.change(func(d *people) { d.groups[security] = in })
}

func TestAGroupThatChangedIsAskedForAnewASecondLater(t *testing.T) {
	t.Parallel()
	for _, pkg := range []access.PackageID{"safe", "owned"} {
		t.Run(string(pkg), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.guarded()
				w.dir.set(access.Profile{Person: person(nora), Name: "Nora", Standing: access.Member})
				stop := w.run(w.r)
				w.ask(mina, pkg)
				settle()
				wantEqual(t, "found", w.found(mina), []access.PersonID{person(ada), person(ben)})
				if _, err := w.decide(w.r, nora, mina, w.id("press")); !access.IsCode(err, "notApprover") {
					t.Errorf("nora may decide: %v", err)
				}

				w.dir.set(access.Profile{Person: person(ada), Name: "Ada", Standing: access.Member})
				w.join(ben, nora)
				if err := w.r.GroupChanged(t.Context(), tenant, security); err != nil {
					t.Fatal(err)
				}
				pass(2 * time.Second)
				wantEqual(t, "found", w.found(mina), []access.PersonID{person(ben), person(nora)})
				posts, _ := w.wall.of(access.CardApprover)
				wantEqual(t, "cards", len(posts), 3)
				wantEqual(t, "the new one's card", posts[2].Card.Place.Person, person(nora))
				if _, err := w.decide(w.r, ada, mina, w.id("press")); !access.IsCode(err, "notApprover") {
					t.Errorf("ada may still decide: %v", err)
				}
				if _, err := w.decide(w.r, nora, mina, w.id("press")); err != nil {
					t.Errorf("nora may not decide: %v", err)
				}
				stop()
			})
		})
	}
}

func TestManyWhoJoinAtOnceAreOneQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.guarded()
		stop := w.run(w.r)
		w.ask(mina, "safe")
		settle()
		w.store.counts()
		for range 50 {
			if err := w.r.GroupChanged(t.Context(), tenant, security); err != nil {
				t.Fatal(err)
			}
		}
		pass(2 * time.Second)
		_, commits := w.store.counts()
		// The plan, the Refresh, the Tick, what it found, and the end of the pass.
		if commits > 5 {
			t.Errorf("%d commits", commits)
		}
		stop()
	})
}

func TestNothingIsWrittenForAGroupThatNobodyAsksFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.guarded()
		w.ask(mina, "lab")
		w.store.counts()
		if err := w.r.GroupChanged(t.Context(), tenant, security); err != nil {
			t.Fatal(err)
		}
		_, commits := w.store.counts()
		wantEqual(t, "commits", commits, 0)
	})
}

// A process that dies in the middle leaves the rest to the next one.
func TestAPassThatBrokeOffIsFinished(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.guarded()
		const many = 210
		for n := range many {
			who := access.Account(fmt.Sprintf("play/p%03d", n))
			w.dir.set(access.Profile{Person: person(who), Name: string(who), Standing: access.Member})
			w.ask(who, "safe")
		}
		stop := w.run(w.r)
		pass(time.Minute)
		w.join(ben, nora)
		if err := w.r.GroupChanged(t.Context(), tenant, security); err != nil {
			t.Fatal(err)
		}
		var refreshed atomic.Int64
		w.store.failing(func(c runtime.Change) error {
			if refreshed.Add(1) > 100 {
				return errors.New("the store is away")
			}
			return nil
		}, nil)
		pass(20 * time.Second)
		w.store.failing(nil, nil)
		pass(3 * time.Minute)
		for n := range many {
			who := access.Account(fmt.Sprintf("play/p%03d", n))
			wantEqual(t, string(who), w.found(who), []access.PersonID{person(ben), person(nora)})
		}
		wantEqual(t, "left to do", len(w.store.record(runtime.Key{Tenant: tenant, Kind: runtime.KindGroup, ID: string(security)}).Data), 0)
		wantEqual(t, "asked anew", count(w.events("play/p209"), engine.EventAsked), 2)
		stop()
	})
}
