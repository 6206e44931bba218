package runtime_test

import (
	"fmt"
	"testing"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func (w *town) within(c access.CatalogID, kind runtime.Kind) []string {
	w.t.Helper()
	list, err := w.r.Within(w.t.Context(), tenant, c, kind)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func (w *town) giving(id access.ResourceID) []access.PackageID {
	w.t.Helper()
	list, err := w.r.Giving(w.t.Context(), tenant, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// What is in a catalog, and which packages give a resource, is known without
// reading any of it, whatever was edited, moved or deleted.
func TestReferencesFollowEdits(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	wantEqual(t, "resources", w.within(access.General, runtime.KindResource), []string{"attic", "lab", "vault"})
	wantEqual(t, "packages", w.within(access.General, runtime.KindPackage), []string{"lab", "open", "vault"})
	wantEqual(t, "of the lab", w.giving("lab"), []access.PackageID{"lab", "open"})

	attic := resource("attic", "rooms")
	attic.Catalog = "design"
	w.define(runtime.Definitions{
		Catalogs: []access.Catalog{{ID: "design", Name: "Design"}}, Resources: []access.Resource{attic},
		Packages: []access.Package{pack("open", []access.RoleRef{{Resource: "vault", Role: "member"}})},
	})
	wantEqual(t, "resources", w.within(access.General, runtime.KindResource), []string{"lab", "vault"})
	wantEqual(t, "moved", w.within("design", runtime.KindResource), []string{"attic"})
	wantEqual(t, "of the lab", w.giving("lab"), []access.PackageID{"lab"})
	wantEqual(t, "of the vault", w.giving("vault"), []access.PackageID{"open", "vault"})

	if _, err := w.edit(runtime.Edit{Delete: []runtime.Key{runtime.PackageKey(tenant, "open"), runtime.ResourceKey(tenant, "attic")}}); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "packages", w.within(access.General, runtime.KindPackage), []string{"lab", "vault"})
	wantEqual(t, "deleted", len(w.within("design", runtime.KindResource)), 0)
	wantEqual(t, "of the vault", w.giving("vault"), []access.PackageID{"vault"})
}

func TestCatalogsAndResourcesAreReadAlone(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	world, err := w.r.AllCatalogs(t.Context(), tenant)
	if err != nil || len(world.Catalogs) != 1 || len(world.Resources)+len(world.Packages) != 0 || world.Settings.Name != "Demo" {
		t.Errorf("%+v, %v", world, err)
	}
	world, err = w.r.Resources(t.Context(), tenant, "lab", "nowhere")
	if err != nil || len(world.Resources) != 1 || world.Resources["lab"].Revision == 0 || len(world.Catalogs) != 1 || len(world.Packages) != 0 {
		t.Errorf("%+v, %v", world, err)
	}
}

func TestResourcesAreFoundByNameOrID(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	var many []access.Resource
	for i := range 450 {
		res := resource(access.ResourceID(fmt.Sprintf("room-%03d", i)), "rooms")
		res.Name = fmt.Sprintf("Room %03d", i)
		many = append(many, res)
	}
	w.define(runtime.Definitions{Resources: many})
	all := func(engine.World, access.Resource) bool { return true }
	for query, want := range map[string][]string{"LAB": {"lab"}, "room 44": {"room-440", "room-441", "room-442"}, "-449": {"room-449"}, "": {"attic", "lab", "room-000"}, "none": {}} {
		found, err := w.r.FindResources(t.Context(), tenant, query, 3, all)
		got := []string{}
		for _, res := range found {
			got = append(got, string(res.ID))
		}
		if err != nil {
			t.Error(err)
		}
		wantEqual(t, query, got, want)
	}
	found, err := w.r.FindResources(t.Context(), tenant, "", 3, func(world engine.World, res access.Resource) bool {
		return world.Catalogs[res.Catalog].Name == "General" && res.ID == "room-300"
	})
	if err != nil || len(found) != 1 || found[0].ID != "room-300" {
		t.Errorf("%v, %v", found, err)
	}
	wantEqual(t, "in General", len(w.within(access.General, runtime.KindResource)), 453)
	wantEqual(t, "in all", len(w.within("", runtime.KindResource)), 453)
	wantEqual(t, "packages in all", w.within("", runtime.KindPackage), []string{"lab", "open", "vault"})
}

// A role that a package gives cannot be taken from its resource, nor the
// resource out of the catalog, unless the package changes in the same step.
func TestWhatAPackageGivesStaysThere(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	lab := resource("lab", "rooms")
	lab.Roles[0].ID = "guest"
	moved := resource("lab", "rooms")
	moved.Catalog = "design"
	design := []access.Catalog{{ID: "design", Name: "Design"}}
	for name, c := range map[string]struct {
		e     runtime.Edit
		code  string
		field string
	}{
		"role":    {runtime.Edit{Definitions: runtime.Definitions{Resources: []access.Resource{lab}}}, "roleGiven", "resources[0].roles"},
		"catalog": {runtime.Edit{Definitions: runtime.Definitions{Catalogs: design, Resources: []access.Resource{moved}}}, "resourceGiven", "resources[0].catalog"},
	} {
		_, err := w.edit(c.e)
		if e, ok := access.AsError(err); !ok || e.Code != c.code || e.Field != c.field || e.Data["by"] != "lab" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := w.edit(runtime.Edit{
		Definitions: runtime.Definitions{
			Resources: []access.Resource{lab},
			Packages:  []access.Package{pack("lab", []access.RoleRef{{Resource: "lab", Role: "guest"}}), pack("open", []access.RoleRef{{Resource: "lab", Role: "guest"}})},
		},
	})
	if err != nil {
		t.Error(err)
	}
	attic := resource("attic", "rooms")
	attic.Roles[0].ID = "guest"
	if _, err := w.edit(runtime.Edit{Definitions: runtime.Definitions{Resources: []access.Resource{attic}}}); err != nil {
		t.Errorf("nobody gives the attic: %v", err)
	}
}

// Settings are another only when they say something else, however often other
// definitions were edited since.
func TestSettingsAreComparedByWhatTheySay(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	before := *w.definitions().Settings
	w.define(runtime.Definitions{Catalogs: []access.Catalog{{ID: "design", Name: "Design"}}})
	edit := func(name string) error {
		after := before
		after.Name = name
		_, err := w.edit(runtime.Edit{
			Definitions: runtime.Definitions{Settings: &after},
			Bases:       []runtime.Base{{Key: runtime.SettingsKey(tenant), Settings: &before}},
		})
		return err
	}
	if err := edit("Studio"); err != nil {
		t.Error(err)
	}
	if err := edit("Atelier"); !access.IsCode(err, "definitionChanged") {
		t.Errorf("the second edit: %v", err)
	}
}
