package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func TestPackagesAreListedByPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		for i := range 5 {
			p := pack(access.PackageID(fmt.Sprintf("room-%d", i)), labRoles())
			p.Name = fmt.Sprintf("Chamber %d", i)
			w.define(runtime.Definitions{Packages: []access.Package{p}})
		}
		var all []access.PackageID
		after := access.PackageID("")
		for {
			world, ids, err := w.r.Packages(t.Context(), tenant, "CHAMB", after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(ids) == 0 {
				break
			}
			wantEqual(t, "packages in the world", len(world.Packages), len(ids))
			all, after = append(all, ids...), ids[len(ids)-1]
		}
		wantEqual(t, "packages", all, []access.PackageID{"room-0", "room-1", "room-2", "room-3", "room-4"})
		world, err := w.r.World(t.Context(), tenant, "lab", "nothing")
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "known", []int{len(world.Packages), len(world.Resources), len(world.Catalogs), len(world.Policies)}, []int{1, 1, 1, 1})
	})
}

func TestWaitingIsWhatOneCanDecideNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		many := make([]access.PersonID, 101)
		for i := range many {
			many[i] = access.PersonID(fmt.Sprintf("play/m%d", i))
		}
		w.dir.change(func(d *people) { d.groups["play/many"] = many })
		w.define(runtime.Definitions{Packages: []access.Package{
			pack("crowd", labRoles(), access.Stage{Approvers: []access.Subject{access.SomeGroup("play/many")}}),
		}})
		stop := w.run(w.r)
		w.ask(mina, "lab")
		w.ask(carla, "crowd")
		w.ask(ben, "lab")
		settle()
		waiting := func(a access.Actor) []string {
			items, err := w.r.Waiting(t.Context(), tenant, a, 10)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, i := range items {
				names = append(names, engine.MemberOf(i.View.Ledger.Person, i.Request))
			}
			return names
		}
		actor := func(p access.PersonID, g ...access.GroupID) access.Actor {
			return access.Actor{Person: p, Standing: access.Member, Groups: g}
		}
		wantEqual(t, "waiting for ada", waiting(actor(person(ada))), []string{"play/ben#1", "play/mina#1"})
		wantEqual(t, "waiting for ben", waiting(actor(person(ben))), []string{"play/mina#1"})
		wantEqual(t, "waiting for one of many", waiting(actor("play/m7", "play/many")), []string{"play/carla#1"})
		wantEqual(t, "waiting for who left the group", len(waiting(actor("play/m7"))), 0)
		open, err := w.r.Open(t.Context(), tenant, 2, func(runtime.View, access.Request) bool { return true })
		if err != nil || len(open) != 2 {
			t.Errorf("open: %d %v", len(open), err)
		}
		stop()
	})
}

func TestACaseThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		if _, err := w.r.Case(t.Context(), tenant, person(mina), 7); !access.IsCode(err, "unknownRequest") {
			t.Errorf("got %v, want unknownRequest", err)
		}
	})
}

func TestHistoryIsNewestFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		for i := range 12 {
			w.ask(mina, "lab")
			_, err := w.r.Do(t.Context(), tenant, mina, "", w.id("withdraw"), func(m engine.Meta) engine.Command {
				return engine.Withdraw{Meta: m, Request: access.RequestID(i + 1)}
			})
			if err != nil {
				t.Fatal(err)
			}
			pass(time.Second)
		}
		cases, err := w.r.History(t.Context(), tenant, person(mina), 3)
		if err != nil {
			t.Fatal(err)
		}
		var ids []access.RequestID
		for _, c := range cases {
			ids = append(ids, c.ID)
		}
		wantEqual(t, "cases", ids, []access.RequestID{12, 11, 10})
		stop()
	})
}

// finder is a Directory that can search.
type finder struct{ *people }

func (finder) Search(context.Context, access.TenantID, string, int) ([]access.Profile, error) {
	return []access.Profile{{Person: "play/a"}, {Person: "play/b"}}, nil
}

func TestSearchingPeopleIsAnAbilityOfTheDirectory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		found, err := w.r.SearchPeople(t.Context(), tenant, "m", 5)
		wantEqual(t, "without", []any{len(found), err}, []any{0, error(nil)})
		r := w.another(func(o *runtime.Options) { o.Directory = finder{w.dir} })
		found, err = r.SearchPeople(t.Context(), tenant, "m", 1)
		wantEqual(t, "with", []any{len(found), err}, []any{1, error(nil)})
	})
}

// found lists who was asked in the first stage of a request.
func (w *town) found(who access.Account) []access.PersonID {
	return w.store.ledgerOf(person(who)).Requests[0].Stages[0].People()
}

func TestSubjectsAreFoundInTheDirectory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		subject access.Subject
		want    []access.PersonID
	}{
		{"a person", some(ben), []access.PersonID{person(ben)}},
		{"a group", access.SomeGroup("play/security"), []access.PersonID{person(ada), person(ben)}},
		{"the manager", access.Subject{Kind: access.SubjectManager}, []access.PersonID{person(ada)}},
		{"the package's owners", access.Subject{Kind: access.SubjectPackageOwner}, []access.PersonID{person(olga), person(ada), person(ben)}},
		{"the catalog's owners", access.Subject{Kind: access.SubjectCatalogOwners}, []access.PersonID{person(olga)}},
		{"the tenant's admins", access.Subject{Kind: access.SubjectTenantAdmins}, []access.PersonID{person(olga)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				p := pack("own", labRoles(), access.Stage{Approvers: []access.Subject{c.subject}})
				w.define(runtime.Definitions{
					Packages: []access.Package{p},
					Catalogs: []access.Catalog{{ID: access.General, Name: "General", Roles: []access.RoleHolder{
						{Role: access.CatalogOwner, Who: some(olga)},
						{Role: access.PackageManager, Who: access.SomeGroup("play/security")},
						{Role: access.CatalogReader, Who: some(mina)},
					}}},
				})
				stop := w.run(w.r)
				w.ask(mina, "own")
				settle()
				wantEqual(t, "found", w.found(mina), c.want)
				stop()
			})
		})
	}
}

func TestWhoLeftIsNotFoundAndOthersAreAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		wantEqual(t, "found at first", w.found(mina), []access.PersonID{person(ada), person(ben)})
		for _, who := range []access.Account{ada, ben} {
			w.dir.set(access.Profile{Person: person(who), Standing: access.Gone})
		}
		if err := w.r.Left(t.Context(), tenant, person(ada)); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		if !slices.Contains(w.found(mina), person(olga)) {
			t.Errorf("asked %v, want the catalog's owner too", w.found(mina))
		}
		stop()
	})
}

func TestADirectoryThatIsAwayIsAskedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		if _, _, err := w.r.Who(t.Context(), tenant, mina); err != nil {
			t.Fatal(err)
		}
		w.dir.change(func(d *people) { d.failing = errors.New("directory: 503") })
		w.ask(mina, "lab") // known for a minute
		pass(20 * time.Second)
		wantEqual(t, "found", len(w.found(mina)), 0)
		w.dir.change(func(d *people) { d.failing = nil })
		pass(5 * time.Minute)
		wantEqual(t, "found", w.found(mina), []access.PersonID{person(ada), person(ben)})
		stop()
	})
}

func TestNothingIsGivenToWhoLeftButItIsTakenAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(mina, "open")
		settle()
		w.ask(ben, "lab")
		settle()
		for _, who := range []access.Account{mina, ben} {
			w.dir.set(access.Profile{Person: person(who), Standing: access.Gone})
		}
		w.clock.skip(2 * time.Minute)
		if _, err := w.decide(w.r, ada, ben, "press"); err != nil {
			t.Fatal(err)
		}
		settle()
		wantEqual(t, "ben in the lab", w.rooms.has("play/ben lab/member"), false)
		w.dir.change(func(d *people) { d.failing = errors.New("directory: 503") })
		w.later(31 * 24 * time.Hour)
		pass(5 * time.Minute)
		wantEqual(t, "mina in the lab", w.rooms.has("play/mina lab/member"), false)
		stop()
	})
}
