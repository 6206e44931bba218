package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// shops runs a test with either kind of forms.
func shops(t *testing.T, test func(*testing.T, *shop)) {
	t.Helper()
	for name, caps := range map[string]form.Caps{"modal": chattest.Modal(), "pages": chattest.Pages()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, openShop(t, caps))
		})
	}
}

func TestAResourceIsPickedFromWhatAConnectorLists(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		r := s.fills(ada, s.types(ada, "/access-admin resource create"), form.Values{"thing": val("rooms/approvals")})
		show := s.shown(r)
		if got := value(show.Page, "name"); got != "#approvals" {
			t.Errorf("name %q", got)
		}
		if got := value(show.Page, "catalog"); got != "design" {
			t.Errorf("catalog %q: Ada owns one only", got)
		}
		done := s.confirms(ada, s.pages(ada, r, form.Values{"name": val("Approvals"), "catalog": val("design")}), "New resource: Approvals", "Catalog: Design")
		s.has(done, "The resource Approvals is there.")
		res := s.resource("approvals")
		if res.Connector != "rooms" || res.Target != "approvals" || len(res.Roles) != 1 || res.Roles[0].Can.In["de"] != "dort lesen und schreiben" {
			t.Errorf("%+v", res)
		}
	})
}

func TestAThingThatIsNotOnesOwnIsRefused(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		r := s.fills(ada, s.types(ada, "/access-admin resource create"), form.Values{"thing": val("rooms/vault")})
		s.says(s.pages(ada, r, form.Values{"catalog": val("design"), "roles": val("keeper")}),
			"You have no right over Vault where it lives, so you cannot put it into a catalog. Ask somebody who looks after it there.")
		r = s.fills(olga, s.types(olga, "/access-admin resource create"), form.Values{"thing": val("rooms/vault")})
		s.confirms(olga, s.pages(olga, r, form.Values{"catalog": val("general"), "roles": val("keeper")}), "New resource: Vault")
		if res := s.resource("vault"); len(res.Roles) != 1 || res.Roles[0].ID != "keeper" || res.Roles[0].Can.Text != "Keeper" {
			t.Errorf("%+v", res)
		}
	})
}

func TestAResourceIsTypedOrHandedOutByHand(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		r := s.fills(olga, s.types(olga, "/access-admin resource create"), form.Values{"thing": val("other")})
		r = s.pages(olga, r, form.Values{
			"connector": val("hooks"), "target": val("https://example.org/x"), "name": val("Übersicht"), "catalog": val("general"),
			"role": val("Viewer"), "can": val("look\nde: schauen"),
		})
		s.confirms(olga, r, "New resource: Übersicht")
		res := s.resource("uebersicht")
		if res.Target != "https://example.org/x" || res.Roles[0].ID != "viewer" || res.Roles[0].Can.In["de"] != "schauen" {
			t.Errorf("%+v", res)
		}
		r = s.fills(olga, s.types(olga, "/access-admin resource create"), form.Values{"thing": val("manual")})
		r = s.pages(olga, r, form.Values{
			"name": val("Key"), "catalog": val("general"), "role": val("Holder"), "can": val("open"), "hands": val(string(rita), "group:play/security"),
		})
		s.confirms(olga, r, "New resource: Key")
		res = s.resource("key")
		if res.Connector != access.ManualConnector || len(res.Hands) != 2 || res.Hands[1] != access.SomeGroup("play/security") {
			t.Errorf("%+v", res)
		}
	})
}

func TestAResourceIsNamedAnewAndGoesBackAndForth(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		r := s.pages(ada, s.types(ada, "/access-admin resource edit files"), form.Values{"name": val("Drawings")})
		s.has(cardText(s.told(r)), "Name: Design files → Drawings")
		again := s.taps(ada, r, "Back")
		if got := value(s.shown(again).Page, "name"); got != "Drawings" {
			t.Errorf("what was typed is %q", got)
		}
		s.confirms(ada, s.pages(ada, again, form.Values{"name": val("Plans")}), "Name: Design files → Plans")
		if got := s.resource("files").Name; got != "Plans" {
			t.Errorf("it is called %s", got)
		}
		s.says(s.pages(ada, s.types(ada, "/access-admin resource edit files"), nil), "Nothing changes: everything is like that already.")
	})
}

// Whoever is overtaken is told what changed, and loses nothing.
func TestTwoEditOneResource(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		first := s.types(ada, "/access-admin resource edit files")
		second := s.types(olga, "/access-admin resource edit files")
		s.confirms(ada, s.pages(ada, first, form.Values{"description": val("All drawings.")}), "Description: All sketches. → All drawings.")
		told := s.pages(olga, second, form.Values{"name": val("Drawings")})
		s.has(cardText(s.told(told)), "Somebody else was faster", "Description: All sketches. → All drawings.")
		again := s.taps(olga, told, "Go on")
		if page := s.shown(again).Page; value(page, "name") != "Drawings" || value(page, "description") != "All drawings." {
			t.Errorf("%+v", page.Fields)
		}
		s.confirms(olga, s.pages(olga, again, nil), "Name: Design files → Drawings")
		if res := s.resource("files"); res.Name != "Drawings" || res.Description != "All drawings." {
			t.Errorf("%+v", res)
		}
	})
}

func TestRolesOfAResource(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		shown := s.types(olga, "/access-admin resource show badge")
		r := s.pages(olga, s.taps(olga, shown, "Edit"), form.Values{"name": val("Door badge")})
		s.confirms(olga, r, "Name: Badge → Door badge")
		s.says(s.taps(olga, shown, "Remove"), "The roles of Door badge changed in the meantime. Show it again with /access-admin resource show.")
		shown = s.types(olga, "/access-admin resource show badge")
		r = s.pages(olga, s.taps(olga, shown, "Add a role"), form.Values{"role": val("Guest"), "can": val("ring the bell")})
		s.confirms(olga, r, "Roles: Holder → Holder and Guest")
		s.says(s.taps(olga, s.types(olga, "/access-admin resource show files"), "Remove"), "The role Member cannot go: the package Sketches gives it. Take it out of the package first.")
		s.wrong(s.pages(olga, s.taps(olga, s.types(olga, "/access-admin resource show badge"), "Add a role"), form.Values{
			"role": val("Third"), "can": val(strings.Repeat("x", 1001)),
		}), "can", "This is too long. At most 1000 characters.")
		s.says(s.taps(olga, s.types(olga, "/access-admin resource show files"), "Add a role"), "Design files has no further role: the other side knows no more.")
	})
}

func TestResourceCommandsWithWrongThings(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	for _, cmd := range []string{"show", "edit", "delete"} {
		s.has(s.reads(olga, "/access-admin resource "+cmd), "Badge (badge) in General", "Design files (files) in Design – All sketches.")
		s.says(s.types(olga, "/access-admin resource "+cmd+" bagde"), "There is no resource bagde that you can see. Did you mean Badge? /access-admin resource list shows them.")
		s.says(s.types(ada, "/access-admin resource "+cmd+" badge"), "There is no resource badge that you can see. /access-admin resource list shows them.")
		s.says(s.types(mina, "/access-admin resource "+cmd+" badge"), "Only admins who look after this can do that.")
	}
	s.hasNot(s.reads(ada, "/access-admin resource list"), "Badge")
	s.says(s.types(ben, "/access-admin resource edit files"), "Only owners of the catalog Design can do that.")
	s.says(s.types(ben, "/access-admin resource delete files"), "Only owners of the catalog Design can do that.")
	s.says(s.types(ben, "/access-admin resource create"), "Only owners of a catalog can add or change resources. Ask an admin of your organisation to make you an owner.")
	s.says(s.types(rita, "/access-admin resource edit files"), "Das können nur Besitzer des Katalogs Design.")
	s.has(s.reads(rita, "/access-admin resource show files"), "Design files")
	s.hasNot(s.reads(rita, "/access-admin resource show files"), "[Bearbeiten]", "[Löschen]", "[Rolle hinzufügen]")
	s.wrong(s.fills(olga, s.types(olga, "/access-admin resource create"), form.Values{"thing": val("rooms/nowhere")}), "thing",
		"“rooms/nowhere” is not on the list. Please choose one from the list.")
}

func TestWhatAFileManagesIsNotEditedHere(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Resources[0].ManagedBy, d.Catalogs[1].ManagedBy = access.ManagedByFile, access.ManagedByFile
	s.define(d)
	for _, what := range []string{"resource show files", "catalog show design"} {
		text := s.reads(olga, "/access-admin "+what)
		s.has(text, "This is managed by a file.")
		s.hasNot(text, "[Edit]", "[Delete]", "[Remove]")
	}
	s.says(s.types(olga, "/access-admin resource edit files"), "Design files is managed by a file: change it there and run usher apply.")
	s.says(s.types(olga, "/access-admin catalog edit design"), "Design is managed by a file: change it there and run usher apply.")
}

func TestDeletingResources(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	s.says(s.types(olga, "/access-admin resource delete files"), "Design files cannot be deleted: these packages give it: Sketches. Take it out of them first.")
	r := s.types(olga, "/access-admin resource delete badge")
	s.has(cardText(s.told(s.taps(olga, r, "Back"))), "Badge")
	s.has(s.confirms(olga, r, "Delete the resource Badge", "It cannot be brought back."), "The resource Badge is deleted.")
	s.says(s.types(olga, "/access-admin resource show badge"), "There is no resource badge that you can see. /access-admin resource list shows them.")
}

func TestManyResourcesArePaged(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Resources = append(d.Resources, manyResources(250)...)
	s.define(d)
	r := s.types(olga, "/access-admin resource list")
	s.has(cardText(s.told(r)), "Badge", "1 to 7 of 252")
	seen := map[string]bool{}
	for pages := 1; ; pages++ {
		card := s.told(r)
		for _, b := range card.Blocks {
			if len(b.Buttons) > 0 {
				seen[b.Text.Plain()] = true
			}
		}
		if card.Buttons[0].Label != "More" {
			s.has(cardText(card), "252 of 252")
			if pages != 36 {
				t.Errorf("%d pages", pages)
			}
			break
		}
		r = s.taps(olga, r, "More")
	}
	if len(seen) != 252 {
		t.Errorf("%d are seen", len(seen))
	}
	more := s.button(s.told(s.types(olga, "/access-admin resource list")), "More")
	s.says(s.does(chat.Pressed{Who: s.who(mina), ID: s.id(), Token: more}), "Only admins who look after this can do that.")
	offer, ok := s.does(chat.Searched{Who: s.who(olga), Command: "/access-admin", Query: "resource show room 24"}).(chat.Offer)
	if !ok || len(offer.Options) == 0 {
		t.Errorf("offered %+v", offer)
	}
}
