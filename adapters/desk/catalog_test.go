package desk

import (
	"testing"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

func TestACatalogIsMadeChangedAndDeleted(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		r := s.pages(olga, s.types(olga, "/access-admin catalog create Studio Nord"), form.Values{
			"description": val("All of the studio."), "role.owner": val(string(ada), "group:play/leads"), "role.reader": val(string(mina)),
			"channels": val("#approvals"), "only": val("yes"),
		})
		s.has(s.confirms(olga, r, "New catalog: Studio Nord", "Name: Studio Nord"), "The catalog Studio Nord is there.")
		got := s.catalog("studio-nord")
		if len(got.Roles) != 3 || !got.Routing.ChannelOnly || len(got.Routing.Channels) != 1 || got.Routing.Channels[0] != "play/approvals" {
			t.Errorf("%+v", got)
		}
		r = s.pages(ada, s.types(ada, "/access-admin catalog edit studio-nord"), form.Values{"role.reader": nil, "only": val("no")})
		s.confirms(ada, r, "Change of the catalog Studio Nord", "Readers: Mina Okafor → nobody")
		if got = s.catalog("studio-nord"); len(got.Roles) != 2 || got.Routing.ChannelOnly {
			t.Errorf("%+v", got)
		}
		s.says(s.types(ada, "/access-admin catalog delete studio-nord"), "Only tenant admins can do that.")
		s.has(s.confirms(olga, s.types(olga, "/access-admin catalog delete studio nord"), "Delete the catalog Studio Nord"), "The catalog Studio Nord is deleted.")
		if s.catalog("studio-nord").ID != "" {
			t.Error("it is still there")
		}
	})
}

func TestCatalogCommandsWithWrongThings(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	for _, cmd := range []string{"show", "edit", "delete"} {
		s.has(s.reads(olga, "/access-admin catalog "+cmd), "General (general)", "Design (design) – What designers need.")
		s.says(s.types(olga, "/access-admin catalog "+cmd+" desing"), "There is no catalog desing that you can see. Did you mean Design? /access-admin catalog list shows them.")
		s.says(s.types(ada, "/access-admin catalog "+cmd+" general"), "There is no catalog general that you can see. /access-admin catalog list shows them.")
		s.says(s.types(mina, "/access-admin catalog "+cmd+" design"), "Only admins who look after this can do that.")
	}
	s.hasNot(s.reads(ada, "/access-admin catalog list"), "General", "[New catalog]")
	s.has(s.reads(olga, "/access-admin catalog list"), "[New catalog]")
	s.says(s.types(ada, "/access-admin catalog create"), "Only tenant admins can do that.")
	s.says(s.types(ada, "/access-admin catalog create Mine"), "Only tenant admins can do that.")
	s.says(s.types(ben, "/access-admin catalog edit design"), "Only owners of the catalog Design can do that.")
	s.says(s.types(rita, "/access-admin catalog edit design"), "Das können nur Besitzer des Katalogs Design.")
	s.says(s.types(olga, "/access-admin catalog delete general"), "The catalog General cannot be deleted: it always exists, so that there is a place for packages that belong nowhere else. You can rename it, or leave it empty.")
	s.says(s.types(olga, "/access-admin catalog delete design"),
		"Design cannot be deleted while there is something in it: Design files and Sketches. Delete that first, or move it to another catalog.")
	s.wrong(s.pages(olga, s.types(olga, "/access-admin catalog create"), form.Values{"name": val("X"), "role.owner": val("nobody-known")}), "role.owner",
		"nobody-known is no person and no group here. Please write a name or an account such as @olga, or group:name.")
	s.wrong(s.pages(olga, s.types(olga, "/access-admin catalog create"), form.Values{"name": val("Y"), "role.owner": nil, "only": val("yes")}), "only",
		"Without direct messages, at least one channel has to be named.")
	s.wrong(s.pages(olga, s.types(olga, "/access-admin catalog create"), form.Values{"name": val("Z"), "role.owner": nil, "channels": val("other/where")}), "channels",
		"There is no channel other/where that Usher can write to. Choose one from the list, or write its name like #approvals. If it is there and not listed, invite Usher into it first.")
}

func TestPagesOfCatalogsAndResources(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	carl := s.people[carla]
	carl.Standing = access.Member
	s.people[carla] = carl
	d := shopDefinitions()
	d.Settings.Admins = append(d.Settings.Admins, access.SomePerson(carla))
	s.define(d)
	for name, p := range map[string]access.PersonID{"en": olga, "de": carla} {
		s.golden("catalog-design."+name, s.told(s.types(p, "/access-admin catalog show design")))
		s.golden("resource-files."+name, s.told(s.types(p, "/access-admin resource show files")))
		s.golden("resource-badge."+name, s.told(s.types(p, "/access-admin resource show badge")))
		s.golden("catalogs."+name, s.told(s.types(p, "/access-admin catalog list")))
	}
}

// Who can edit no catalog is not asked which of two is meant.
func TestWhoEditsNoCatalogIsNotAskedWhich(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	_, err := w.r.Apply(t.Context(), tenant, olga, "twin", runtime.Definitions{Catalogs: []access.Catalog{{
		ID: "lab-2", Name: "Lab", Roles: []access.RoleHolder{{Role: access.CatalogReader, Who: access.SomePerson(rita)}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	w.says(w.types(rita, "/access-admin catalog edit Lab"), "Das können nur Admins, die sich darum kümmern.")
}
