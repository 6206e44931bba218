package desk

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// wiki is a package that is there already.
func (w *workshop) wiki(catalog access.CatalogID, role access.RoleRef) {
	w.t.Helper()
	_, err := w.r.Apply(w.t.Context(), tenant, olga, "wiki", runtime.Definitions{Packages: []access.Package{{
		ID: "wiki", Catalog: catalog, Name: "Wiki", Description: "Read it.", Roles: []access.RoleRef{role},
		Policies: []access.Policy{{ID: "all", Name: "All", Requestors: access.Scope{Members: true}, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}},
	}}})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAnEditShowsItsDifferenceFirst(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		w.wiki(access.General, role("design-team", "member"))
		card := w.types(olga, "/access-admin package edit wiki")
		r := w.through(olga, w.edits(olga, card, "name"), form.Values{"description": val("Read and write it.")})
		r = w.taps(olga, r, "Save")
		if text := cardText(w.told(r)); !strings.Contains(text, "Description: Read it. → Read and write it.") {
			t.Errorf("the difference is\n%s", text)
		}
		if got := w.pack("wiki").Description; got != "Read it." {
			t.Errorf("it says %q before it was confirmed", got)
		}
		w.says(w.taps(olga, r, "Confirm"), "The package Wiki is changed.")
		if got := w.pack("wiki").Description; got != "Read and write it." {
			t.Errorf("it says %q", got)
		}
		if text := cardText(w.told(w.types(olga, "/access-admin package edit wiki"))); !strings.Contains(text, "Nothing is changed yet.") {
			t.Errorf("after it was saved:\n%s", text)
		}
	})
}

// Of two admins who edit at once the second is told what the first changed,
// keeps what was typed, and can put it on top.
func TestTwoAdminsEditAtOnce(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.wiki("lab", role("bench", "user"))
	hers := w.through(ada, w.edits(ada, w.types(ada, "/access-admin package edit wiki"), "name"), form.Values{"name": val("Lab wiki"), "description": val("Hers.")})
	his := w.through(ben, w.edits(ben, w.types(ben, "/access-admin package edit wiki"), "name"), form.Values{"description": val("His.")})
	his = w.through(ben, w.edits(ben, his, "who"), form.Values{"who.may": val("members", "outsiders")})
	his = w.taps(ben, his, "Save")
	w.says(w.taps(ada, w.taps(ada, hers, "Save"), "Confirm"), "The package Lab wiki is changed.")

	late := w.taps(ben, his, "Confirm")
	text := cardText(w.told(late))
	for _, want := range []string{"Somebody else was faster", "The package Lab wiki was changed in the meantime by Ada Lindqvist:", "Lab wiki", "Hers.", "What you typed is kept.", "[Put mine on top]"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if p := w.pack("wiki"); p.Description != "Hers." || p.Policies[0].Requestors.Outsiders {
		t.Errorf("the second edit came through: %+v", p)
	}
	top := w.taps(ben, late, "Put mine on top")
	if text := cardText(w.told(top)); !strings.Contains(text, "His.") || !strings.Contains(text, "Hers.") || strings.Contains(text, "name:") {
		t.Errorf("the new difference is\n%s", text)
	}
	w.says(w.taps(ben, top, "Confirm"), "The package Lab wiki is changed.")
	if p := w.pack("wiki"); p.Name != "Lab wiki" || p.Description != "His." || !p.Policies[0].Requestors.Outsiders || !p.Policies[0].Requestors.Members {
		t.Errorf("together: %+v", p)
	}
}

// Going back after somebody was faster shows what was typed.
func TestWhoWasOvertakenGoesBackToWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.wiki("lab", role("bench", "user"))
	his := w.through(ben, w.edits(ben, w.types(ben, "/access-admin package edit wiki"), "name"), form.Values{"description": val("His.")})
	hers := w.through(ada, w.edits(ada, w.types(ada, "/access-admin package edit wiki"), "name"), form.Values{"name": val("Lab wiki")})
	w.taps(ada, w.taps(ada, hers, "Save"), "Confirm")
	late := w.taps(ben, his, "Save")
	if text := cardText(w.told(w.taps(ben, late, "Back"))); !strings.Contains(text, "His.") {
		t.Errorf("back is\n%s", text)
	}
	top := w.taps(ben, late, "Put mine on top")
	if text := cardText(w.told(w.taps(ben, top, "Back"))); !strings.Contains(text, "Lab wiki") || !strings.Contains(text, "His.") || strings.Contains(text, "name:") {
		t.Errorf("back from on top is\n%s", text)
	}
	w.taps(ben, top, "Confirm")
	if p := w.pack("wiki"); p.Name != "Lab wiki" || p.Description != "His." {
		t.Errorf("together: %+v", p)
	}
}

// gives assigns a package to people; those who are not known yet are members.
func (w *workshop) gives(id access.PackageID, people ...access.PersonID) {
	w.t.Helper()
	for _, p := range people {
		if _, known := w.people[p]; !known {
			w.people[p] = access.Profile{Person: p, Account: access.Account(p), Name: string(p), Standing: access.Member}
		}
		_, err := w.r.Do(w.t.Context(), tenant, access.Account(olga), p, engine.CommandID("give-"+string(p)), func(m engine.Meta) engine.Command {
			return engine.Assign{Meta: m, Package: id}
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestAHeldPackageIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.wiki(access.General, role("design-team", "member"))
	w.gives("wiki", mina, ada, ben)
	r := w.types(olga, "/access-admin package delete wiki")
	w.says(r, "Wiki cannot be deleted now. It is held or asked for by Ada Lindqvist, Ben Tanaka and Mina Okafor.")
	if w.pack("wiki").Deleting {
		t.Error("it is being deleted")
	}
	r = w.taps(olga, w.taps(olga, r, "Delete when free"), "Confirm")
	w.says(r, "The package Wiki is deleted as soon as nobody has it any more. Nobody can ask for it from now on.")
	if !w.pack("wiki").Deleting {
		t.Error("it is not going to be deleted")
	}
}

func TestAPackageThatNobodyHasIsDeletedHiddenAndCopied(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		w.wiki(access.General, role("design-team", "member"))
		w.taps(olga, w.through(olga, w.types(olga, "/access-admin package hide"), form.Values{"package": val("wiki")}), "Confirm")
		if !w.pack("wiki").Hidden {
			t.Error("it is not hidden")
		}
		w.taps(olga, w.types(olga, "/access-admin package unhide wiki"), "Confirm")
		if w.pack("wiki").Hidden {
			t.Error("it is still hidden")
		}
		r := w.through(olga, w.types(olga, "/access-admin package copy wiki"), form.Values{"name": val("Wiki")})
		w.says(w.taps(olga, r, "Create"), "The package Wiki is there.")
		if p := w.pack("wiki-2"); p.Description != "Read it." || len(p.Roles) != 1 || p.Policies[0].ID != "all" {
			t.Errorf("the copy is %+v", p)
		}
		w.says(w.taps(olga, w.types(olga, "/access-admin package delete id:wiki"), "Confirm"), "The package Wiki is deleted.")
		if w.pack("wiki").ID != "" {
			t.Error("it is still there")
		}
	})
}

// What a file manages is refused before anything is typed.
func TestAPackageOfAFileIsNotEditedInChat(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	_, err := w.r.Apply(t.Context(), tenant, olga, "file", runtime.Definitions{Packages: []access.Package{{
		ID: "site", Catalog: access.General, Name: "Site", ManagedBy: access.ManagedByFile, Roles: []access.RoleRef{role("design-team", "member")},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, deed := range []string{"edit", "hide", "delete"} {
		w.says(w.types(olga, "/access-admin package "+deed+" site"), "Site is managed by a file: change it there and run usher apply.")
	}
}

// Each role may do what product.md gives it, at every step.
func TestWhoMayMakePackages(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.wiki("lab", role("bench", "user"))
	w.says(w.types(mina, "/access-admin package create X"), "Only admins who look after this can do that.")
	w.says(w.types(rita, "/access-admin package create X"), "Nur wem ein Katalog gehört oder wer dessen Pakete verwaltet, legt Pakete an.")
	w.says(w.types(rita, "/access-admin package edit wiki"), "Das können nur Besitzer und Paketmanager des Katalogs Lab.")

	gives := w.shown(w.through(ben, w.types(ben, "/access-admin package create Tools"), nil)).Page
	for _, f := range gives.Fields {
		for _, o := range f.Options {
			if strings.HasPrefix(o.Value, thingMark) {
				t.Errorf("a package manager is offered %s, which is not in the catalog", o.Value)
			}
		}
		if f.ID == "byhand" {
			t.Error("a package manager may add what people hand out")
		}
	}
	sent := w.does(chat.Filled{Who: w.who(ben), ID: w.id(), Form: gives.Form, Page: 1, Values: form.Values{"gives": val("+rooms+site+visitor")}})
	if len(w.shown(sent).Page.Errors) != 1 {
		t.Errorf("a package manager added a resource: %s", spell(sent))
	}
	gives = w.shown(w.through(ada, w.types(ada, "/access-admin package create Tools"), nil)).Page
	if n := len(field(t, gives, "gives").Options); n != 1+3 {
		t.Errorf("an owner is offered %d things", n)
	}
	// The steps of one person are nothing to another.
	stranger := w.does(chat.Filled{Who: w.who(mina), ID: w.id(), Form: gives.Form, Page: 1, Values: form.Values{"gives": val("bench/user")}})
	w.says(stranger, "There is no package tools that you can see. /access-admin package list lists them.")
}

// What a step refused is not there when the step is opened again.
func TestARefusedDateDoesNotComeBack(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.wiki(access.General, role("design-team", "member"))
	life := func() chat.Reply { return w.edits(olga, w.types(olga, "/access-admin package edit wiki"), "life") }
	refused := w.fills(olga, life(), form.Values{"life.ends": val("date"), "life.date": val("24 December")})
	refused = w.fills(olga, refused, form.Values{"life.date": val("24 December")})
	if got, want := w.shown(refused).Page.Errors["life.date"], "24 December is not a date. Please write it like 2026-10-01 or 1 October 2026 18:00."; got != want {
		t.Errorf("it is refused with %q, want %q", got, want)
	}
	for _, f := range w.shown(life()).Page.Fields {
		if f.ID == "life.date" || f.ID == "life.ends" && !slices.Equal(f.Value, val("never")) {
			t.Errorf("the step opens with %+v", f)
		}
	}
}
