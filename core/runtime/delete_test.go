package runtime_test

import (
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
		if _, err := w.submit(mina, "", "vault", w.id("ask")); !access.IsCode(err, "newRequestsOff") {
			t.Errorf("somebody else could still ask: %v", err)
		}
		w.later(2 * time.Hour)
		wantEqual(t, "held", ids(w.definitions()), []string{
			"catalog general", "resource attic", "resource lab", "resource vault deleting", "package lab", "package open", "package vault deleting",
		})
		_, err = w.r.Do(t.Context(), tenant, ben, "", w.id("release"), func(m engine.Meta) engine.Command {
			return engine.Release{Meta: m, Assignment: 1}
		})
		if err != nil {
			t.Fatal(err)
		}
		settle()
		w.later(2 * time.Hour)
		wantEqual(t, "free", ids(w.definitions()), []string{"catalog general", "resource attic", "resource lab", "package lab", "package open"})
		wantEqual(t, "in the room", w.slow.has("vault/member/play/ben"), false)
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
