package engine_test

import (
	"fmt"
	"testing"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// The catalogs of the table: each role of product.md is held in "own", and
// nothing of it in "foreign", which has an owner of its own.
const own, foreign = access.CatalogID("own"), access.CatalogID("foreign")

func definers() (engine.World, map[string]access.Actor) {
	some := func(name string) access.Subject { return access.SomePerson(access.PersonID("play/" + name)) }
	holders := map[string]access.CatalogRole{
		"owner": access.CatalogOwner, "reader": access.CatalogReader, "package manager": access.PackageManager, "assignment manager": access.AssignmentManager,
	}
	mine := access.Catalog{ID: own, Name: "Own"}
	people := map[string]access.Actor{}
	for name, role := range holders {
		mine.Roles = append(mine.Roles, access.RoleHolder{Role: role, Who: some(name)})
		people[name] = access.Actor{Person: access.PersonID("play/" + name), Standing: access.Member}
	}
	mine.Roles = append(mine.Roles,
		access.RoleHolder{Role: access.CatalogOwner, Who: access.SomeGroup("play/owners")},
		access.RoleHolder{Role: access.CatalogOwner, Who: some("owner who left")},
	)
	for _, name := range []string{"tenant admin", "auditor", "owner of the foreign one", "requestor"} {
		people[name] = access.Actor{Person: access.PersonID("play/" + name), Standing: access.Member}
	}
	people["owner by a group"] = access.Actor{Person: "play/grouped", Standing: access.Member, Groups: []access.GroupID{"play/owners"}}
	people["owner by another account"] = access.Actor{Person: "play/second", Also: []access.PersonID{"play/owner"}, Standing: access.Member}
	people["somebody with the owner's e-mail"] = access.Actor{Person: "other/same", SameAs: []access.PersonID{"play/owner"}, Standing: access.Member}
	people["owner who left"] = access.Actor{Person: "play/owner who left", Standing: access.Gone}
	return engine.World{
		Settings: access.Settings{Name: "Demo", Admins: []access.Subject{some("tenant admin")}, Auditors: []access.Subject{some("auditor")}},
		Catalogs: map[access.CatalogID]access.Catalog{own: mine, foreign: {
			ID: foreign, Name: "Foreign", Roles: []access.RoleHolder{{Role: access.CatalogOwner, Who: some("owner of the foreign one")}},
		}},
	}, people
}

// thing is a definition of a kind in a catalog.
func thing(kind string, in access.CatalogID, by string) any {
	switch kind {
	case "settings":
		return access.Settings{Name: "Demo", ManagedBy: by}
	case "catalog":
		return access.Catalog{ID: in, Name: "Thing", ManagedBy: by}
	case "resource":
		return access.Resource{ID: "thing", Name: "Thing", Catalog: in, ManagedBy: by}
	}
	return access.Package{ID: "thing", Name: "Thing", Catalog: in, ManagedBy: by}
}

// mayBe is the table: who may do what. An owner may change the catalog itself,
// and neither make nor delete one.
func mayBe(who, kind, op string, in access.CatalogID) (code string) {
	holder := who == "owner" || who == "owner by a group" || who == "owner by another account"
	owns := in == own && holder || in == foreign && who == "owner of the foreign one"
	switch {
	case who == "tenant admin":
		return ""
	case kind == "settings":
		return "notTenantAdmin"
	case kind == "package" && !owns && !(in == own && who == "package manager"):
		return "notPackageManager"
	case kind != "package" && !owns:
		return "notCatalogOwner"
	case kind == "catalog" && op != "change":
		return "notTenantAdmin"
	}
	return ""
}

func TestWhoMayDefineWhat(t *testing.T) {
	t.Parallel()
	w, people := definers()
	for who, actor := range people {
		for _, kind := range []string{"settings", "catalog", "resource", "package"} {
			for _, in := range []access.CatalogID{own, foreign} {
				for _, by := range []string{"", access.ManagedByFile} {
					before, after := thing(kind, in, by), thing(kind, in, "")
					for op, pair := range map[string][2]any{"make": {nil, after}, "change": {before, after}, "delete": {before, nil}} {
						want := mayBe(who, kind, op, in)
						if want == "" && op != "make" && by == access.ManagedByFile {
							want = "managedByFile"
						}
						wantDefine(t, fmt.Sprintf("%s: %s a %s in %s, by %q", who, op, kind, in, by), engine.MayDefine(w, actor, pair[0], pair[1]), want)
					}
				}
			}
		}
	}
}

func wantDefine(t *testing.T, what string, err error, want string) {
	t.Helper()
	refusal, refused := access.AsError(err)
	switch {
	case want == "" && err != nil, want != "" && (!refused || refusal.Code != want):
		t.Errorf("%s: got %v, want %q", what, err, want)
	case want == "managedByFile" && refusal.Kind != access.Refused, want != "managedByFile" && want != "" && refusal.Kind != access.Forbidden:
		t.Errorf("%s: it is %s", what, refusal.Kind)
	}
}

// What moves from one catalog to another needs a role in both.
func TestToMoveSomethingTakesARoleInBothCatalogs(t *testing.T) {
	t.Parallel()
	w, people := definers()
	both := people["owner"]
	both.Also = append(both.Also, "play/owner of the foreign one")
	for kind, code := range map[string]string{"resource": "notCatalogOwner", "package": "notPackageManager"} {
		here, there := thing(kind, own, ""), thing(kind, foreign, "")
		wantDefine(t, "out", engine.MayDefine(w, people["owner"], here, there), code)
		wantDefine(t, "in", engine.MayDefine(w, people["owner"], there, here), code)
		wantDefine(t, "the other owner", engine.MayDefine(w, people["owner of the foreign one"], here, there), code)
		wantDefine(t, "both", engine.MayDefine(w, both, here, there), "")
		wantDefine(t, "an admin", engine.MayDefine(w, people["tenant admin"], here, there), "")
	}
}

// Rights are those of the catalog as it is, not as it is to be.
func TestNobodyMakesThemselvesOwner(t *testing.T) {
	t.Parallel()
	w, people := definers()
	grab := access.Catalog{ID: own, Name: "Own", Roles: []access.RoleHolder{{Role: access.CatalogOwner, Who: access.SomePerson("play/reader")}}}
	wantDefine(t, "grab", engine.MayDefine(w, people["reader"], w.Catalogs[own], grab), "notCatalogOwner")
	crown := access.Settings{Name: "Demo", Admins: []access.Subject{access.SomePerson("play/owner")}}
	wantDefine(t, "crown", engine.MayDefine(w, people["owner"], w.Settings, crown), "notTenantAdmin")
	unknown := access.Package{ID: "thing", Catalog: "nowhere"}
	wantDefine(t, "in no catalog", engine.MayDefine(w, people["owner"], nil, unknown), "notPackageManager")
}

// A refusal says which catalog, or which definition, as people call it.
func TestARefusedEditNamesWhatItIsAbout(t *testing.T) {
	t.Parallel()
	w, people := definers()
	for _, c := range []struct {
		who           string
		before, after any
		data, want    string
	}{
		{"reader", nil, thing("resource", foreign, ""), "catalog", "Foreign"},
		{"reader", nil, thing("package", own, ""), "catalog", "Own"},
		{"reader", nil, thing("package", "nowhere", ""), "catalog", "nowhere"},
		{"owner", thing("package", own, access.ManagedByFile), nil, "name", "Thing"},
	} {
		refusal, ok := access.AsError(engine.MayDefine(w, people[c.who], c.before, c.after))
		if !ok || refusal.Data[c.data] != c.want {
			t.Errorf("%s: got %v, want %s %q", c.who, refusal, c.data, c.want)
		}
	}
}

// What is to be deleted is not edited and not deleted again; it may be kept.
func TestWhatIsToBeDeletedIsOnlyKept(t *testing.T) {
	t.Parallel()
	w, people := definers()
	for _, v := range []struct{ going, kept any }{
		{access.Catalog{ID: own, Name: "Thing", Deleting: true}, access.Catalog{ID: own, Name: "Thing"}},
		{access.Resource{ID: "thing", Name: "Thing", Catalog: own, Deleting: true}, access.Resource{ID: "thing", Name: "Thing", Catalog: own}},
		{access.Package{ID: "thing", Name: "Thing", Catalog: own, Deleting: true}, access.Package{ID: "thing", Name: "Thing", Catalog: own}},
	} {
		for _, after := range []any{v.going, nil} {
			err := engine.MayDefine(w, people["tenant admin"], v.going, after)
			if e, _ := access.AsError(err); !access.IsCode(err, "beingDeleted") || e.Data["name"] != "Thing" {
				t.Errorf("%T to %v: %v", v.going, after, err)
			}
		}
		if err := engine.MayDefine(w, people["owner"], v.going, v.kept); err != nil {
			t.Errorf("%T is not kept: %v", v.going, err)
		}
		if err := engine.MayDefine(w, people["auditor"], v.going, v.kept); err == nil {
			t.Errorf("an auditor keeps a %T", v.going)
		}
	}
}
