package runtime_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func (w *town) edit(e runtime.Edit) ([]runtime.Defined, error) {
	return w.r.Edit(w.t.Context(), tenant, person(olga), w.id("edit"), e)
}

func (w *town) definitions() runtime.Definitions {
	w.t.Helper()
	d, err := w.r.Definitions(w.t.Context(), tenant)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// ids names everything that is defined, with a mark where it is to be deleted.
func ids(d runtime.Definitions) []string {
	var all []string
	add := func(kind, id string, deleting bool) {
		if deleting {
			id += " deleting"
		}
		all = append(all, kind+" "+id)
	}
	for _, c := range d.Catalogs {
		add("catalog", string(c.ID), c.Deleting)
	}
	for _, r := range d.Resources {
		add("resource", string(r.ID), r.Deleting)
	}
	for _, p := range d.Packages {
		add("package", string(p.ID), p.Deleting)
	}
	return all
}

func vaultAndItsRoom() []runtime.Key {
	return []runtime.Key{runtime.ResourceKey(tenant, "vault"), runtime.PackageKey(tenant, "vault"), runtime.CatalogKey(tenant, "empty")}
}

func TestWhatNobodyHasIsDeletedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.define(runtime.Definitions{Catalogs: []access.Catalog{{ID: "empty", Name: "Empty"}}})
		before := w.definitions()
		done, err := w.edit(runtime.Edit{Delete: vaultAndItsRoom(), Seen: before.Settings.Revision})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range done {
			wantEqual(t, one.Key.String(), one.Action, runtime.Deleted)
			wantEqual(t, one.Key.String(), w.store.record(one.Key).Revision, 0)
		}
		wantEqual(t, "left", ids(w.definitions()), []string{"catalog general", "resource attic", "resource lab", "package lab", "package open"})
		wantEqual(t, "wake-up", w.store.wake(runtime.Key{Tenant: tenant, Kind: runtime.KindSweep}), time.Time{})
		if after := w.definitions(); after.Settings.Revision <= before.Settings.Revision+1 {
			t.Error("other processes are not told that something is gone")
		}
	})
}

func TestWhatSomebodyHoldsIsRefusedOrWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		w.define(runtime.Definitions{Catalogs: []access.Catalog{{ID: "empty", Name: "Empty"}}})
		w.ask(ben, "vault")
		settle()
		_, err := w.edit(runtime.Edit{Delete: vaultAndItsRoom()})
		if e, _ := access.AsError(err); !access.IsCode(err, "stillHeld") || e.Data["count"] != 1 {
			t.Fatalf("it says %v", err)
		}
		done, err := w.edit(runtime.Edit{Delete: vaultAndItsRoom(), WhenFree: true})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "done", []string{done[0].Action, done[1].Action, done[2].Action}, []string{runtime.Deleting, runtime.Deleting, runtime.Deleted})
		if _, err := w.submit(mina, "", "vault", w.id("ask")); !access.IsCode(err, "packageGoes") {
			t.Errorf("somebody else could still ask: %v", err)
		}
		w.later(2 * time.Hour)
		wantEqual(t, "held", ids(w.definitions()), []string{
			"catalog general", "resource attic", "resource lab", "resource vault deleting", "package lab", "package open", "package vault deleting",
		})
		w.release(ben)
		wantEqual(t, "free", ids(w.definitions()), []string{"catalog general", "resource attic", "resource lab", "package lab", "package open"})
		wantEqual(t, "in the room", w.slow.has("vault/member/play/ben"), false)
	})
}

// A deletion that waits says in the audit who asked for it and that it is done,
// and goes on as soon as the last one of several lets go.
func TestTheLastToLetGoLetsItBeDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		w.ask(ben, "vault")
		w.ask(mina, "vault")
		settle()
		key := runtime.PackageKey(tenant, "vault")
		if _, err := w.editAs(olga, runtime.Edit{Delete: []runtime.Key{key}, WhenFree: true}); err != nil {
			t.Fatal(err)
		}
		w.release(ben)
		wantEqual(t, "while Mina has it", w.store.record(key).Revision, 2)
		w.release(mina)
		wantEqual(t, "then", w.store.record(key).Revision, 0)
		lines, err := w.r.Audit(t.Context(), tenant, "", 0, true, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if e := l.Event; e.Type == engine.EventDefined && e.After == "" {
				wantEqual(t, "by", e.By, access.SystemActor().Person)
				wantEqual(t, "asked by", e.People, []access.PersonID{person(olga)})
				wantEqual(t, "what", e.Code, "package/vault")
				return
			}
		}
		t.Error("the audit does not say that it is deleted")
	})
}

// release gives back what somebody has, and waits for what follows.
func (w *town) release(who access.Account) {
	w.t.Helper()
	_, err := w.r.Do(w.t.Context(), tenant, who, "", w.id("release"), func(m engine.Meta) engine.Command {
		return engine.Release{Meta: m, Assignment: 1}
	})
	if err != nil {
		w.t.Fatal(err)
	}
	settle()
}

// Somebody lets go while it is looked who has it: that is not missed.
func TestWhoLetsGoWhileItIsCountedIsNotMissed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		w.ask(ben, "vault")
		w.ask(mina, "vault")
		settle()
		key := runtime.PackageKey(tenant, "vault")
		if _, err := w.edit(runtime.Edit{Delete: []runtime.Key{key}, WhenFree: true}); err != nil {
			t.Fatal(err)
		}
		left := runtime.Key{Tenant: tenant, Kind: runtime.KindSweep, ID: "vault"}
		gone, cleared := make(chan struct{}), make(chan struct{})
		// What is looked after Ben is held up until Mina has let go, and her
		// process until that is written.
		w.store.failing(func(c runtime.Change) error {
			if strings.HasPrefix(string(c.Command), "left/") {
				<-gone
			}
			return nil
		}, func(c runtime.Change) error {
			switch {
			case strings.HasPrefix(string(c.Command), "left/"):
				close(cleared)
				w.store.failing(nil, nil)
			case c.Wakes[0].Key == runtime.LedgerKey(tenant, person(mina)) && slices.ContainsFunc(c.Wakes, func(k runtime.Wake) bool { return k.Key == left }):
				close(gone)
				<-cleared
			}
			return nil
		})
		w.release(ben)
		w.release(mina)
		wantEqual(t, "then", w.store.record(key).Revision, 0)
	})
}

// A click on what is to be deleted costs no more round trips than any other.
func TestLettingGoCostsTwoRoundTrips(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(ben, "vault")
		settle()
		stop()
		if _, err := w.edit(runtime.Edit{Delete: []runtime.Key{runtime.PackageKey(tenant, "vault")}, WhenFree: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.r.World(t.Context(), tenant, "vault"); err != nil { // a warm cache
			t.Fatal(err)
		}
		w.store.counts()
		w.release(ben)
		loads, commits := w.store.counts()
		wantEqual(t, "store calls of a click", []int{loads, commits}, []int{1, 1})
	})
}

// The role is taken away first: who has it keeps the resource in being.
func TestAResourceWaitsUntilItIsTakenAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(ben, "vault")
		settle()
		stop()
		moved := pack("vault", []access.RoleRef{{Resource: "attic", Role: "member"}})
		done, err := w.edit(runtime.Edit{
			Definitions: runtime.Definitions{Packages: []access.Package{moved}},
			Delete:      []runtime.Key{runtime.ResourceKey(tenant, "vault")},
		})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "while it is had", done[1].Action, runtime.Deleting)
		defer w.run(w.r)()
		w.later(time.Minute)
		w.later(2 * time.Hour)
		wantEqual(t, "then", w.store.record(runtime.ResourceKey(tenant, "vault")).Revision, 0)
	})
}

func TestWhatIsNamedStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		rival := pack("rival", labRoles())
		rival.Incompatible = []access.PackageID{"open"}
		w.define(runtime.Definitions{Packages: []access.Package{rival}})
		before := w.definitions()
		for key, code := range map[runtime.Key]string{
			runtime.ResourceKey(tenant, "lab"):            "stillNamed",
			runtime.PackageKey(tenant, "open"):            "stillNamed",
			runtime.CatalogKey(tenant, access.General):    "generalStays",
			runtime.PackageKey(tenant, "nothing"):         "unknownPackage",
			runtime.ResourceKey(tenant, "nothing"):        "unknownResource",
			runtime.CatalogKey(tenant, "nothing-of-kind"): "unknownCatalog",
		} {
			if _, err := w.edit(runtime.Edit{Delete: []runtime.Key{key}}); !access.IsCode(err, code) {
				t.Errorf("%s: %v, want %s", key, err, code)
			}
		}
		wantEqual(t, "revision", w.definitions().Settings.Revision, before.Settings.Revision)
	})
}

func TestAnEditThatWasPlannedBeforeAnotherIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		seen := w.definitions().Settings.Revision
		w.define(runtime.Definitions{Packages: []access.Package{pack("other", labRoles())}})
		_, err := w.edit(runtime.Edit{Seen: seen, Definitions: runtime.Definitions{Packages: []access.Package{pack("mine", labRoles())}}})
		if !access.IsCode(err, "definitionsMoved") {
			t.Errorf("it says %v", err)
		}
		wantEqual(t, "mine", w.store.record(runtime.PackageKey(tenant, "mine")).Revision, 0)
	})
}
