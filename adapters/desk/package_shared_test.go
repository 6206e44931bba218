package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// outside is a package that only people from outside can ask for.
func (w *workshop) outside() {
	w.t.Helper()
	_, err := w.r.Apply(w.t.Context(), tenant, olga, "guests", runtime.Definitions{Packages: []access.Package{{
		ID: "guests-2", Catalog: access.General, Name: "For guests", Roles: []access.RoleRef{role("design-team", "member")},
		Policies: []access.Policy{{ID: "all", Name: "All", Requestors: access.Scope{Outsiders: true}, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}},
	}}})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Who shares a package with somebody who cannot ask for it is told, and so is
// whoever presses the button on the card that they see.
func TestASharedPackageThatIsNotForYou(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.outside()
	w.wiki(access.General, role("design-team", "member"))
	for typed, want := range map[string]string{
		"guests-2 #all":        "Only people from outside can ask for For guests: members who press the button are told so.",
		"guests-2 @play/mina":  "Mina Okafor cannot ask for For guests as it is: Only people from outside may ask for it.",
		"guests-2 @play/carla": "",
		"wiki #all":            "",
		"wiki @play/mina":      "",
		"wiki @play/carla":     "Carla Contreras cannot ask for Wiki as it is: Only members may ask for it.",
	} {
		text := cardText(w.told(w.types(olga, "/access-admin package post "+typed)))
		if !strings.Contains(text, want) || strings.Contains(text, "ask for") != (want != "") {
			t.Errorf("%s: %s\nwant %q", typed, text, want)
		}
	}
	pressed := 0
	for _, m := range w.chat.Messages(chat.Address{Channel: "play/all"}) {
		if m.Card.Title != "For guests" {
			continue
		}
		pressed++
		token := w.button(m.Card, "Request")
		w.says(w.does(chat.Pressed{Who: w.who(mina), ID: w.id(), Token: token, Ref: m.Ref}), "For guests is not for you: Only people from outside may ask for it. If you need it, talk to an admin.")
		w.says(w.does(chat.Pressed{Who: w.who(mina), ID: w.id(), Token: token, Ref: "another"}), "There is no package guests-2 that you can see. /access show lists them.")
		w.says(w.does(chat.Pressed{Who: w.who(mina), ID: w.id(), Token: token}), "There is no package guests-2 that you can see. /access show lists them.")
	}
	if pressed != 1 {
		t.Errorf("%d cards were pressed", pressed)
	}
}
