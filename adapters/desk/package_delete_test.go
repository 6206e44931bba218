package desk

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// text is what a private answer says.
func (p *plaza) text(r chat.Reply) string {
	p.t.Helper()
	return cardText(p.told(r))
}

// wants expects parts of a private answer, in any order.
func (p *plaza) wants(r chat.Reply, parts ...string) {
	p.t.Helper()
	text := p.text(r)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			p.t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

// gives assigns a package in the way admins do.
func (p *plaza) gives(who access.PersonID, pkg string) {
	p.t.Helper()
	p.wants(p.fills(olga, p.types(olga, "/access-admin assign @"+string(who)+" "+pkg), nil), "is assigned to")
}

// there reports whether a package is defined, whoever has it.
func (p *plaza) there(id access.PackageID) bool {
	p.t.Helper()
	w, err := p.r.World(p.t.Context(), tenant, id)
	if err != nil {
		p.t.Fatal(err)
	}
	_, ok := w.Packages[id]
	return ok
}

// goes makes a package one that is deleted as soon as nobody has it.
func (p *plaza) goes(pkg string) chat.Reply {
	p.t.Helper()
	return p.taps(olga, p.told(p.taps(olga, p.told(p.types(olga, "/access-admin package delete "+pkg)), "Delete when free")), "Confirm")
}

// Until it is gone an admin can name it everywhere, by its name as well, and
// the last removal lets it go at once.
func TestADeletionWaitsForTheLastHolder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := openPlaza(t)
		p.gives(mina, "badge")
		p.gives(ada, "badge")
		ask := p.taps(olga, p.told(p.types(olga, "/access-admin package delete badge")), "Delete when free")
		p.wants(ask, "It goes when Ada Lindqvist and Mina Okafor no longer have it.", "Nobody can ask for it from now on.")
		p.wants(p.goes("badge"), "The package Door badge is deleted as soon as nobody has it any more.", "[Show]")

		page := p.types(olga, "/access-admin package show Door badge")
		p.wants(page, "This package is deleted as soon as Ada Lindqvist and Mina Okafor no longer have it.", "[Keep it]")
		for _, command := range []string{"pending @mina Door badge", "cancel @mina Door badge", "audit Door badge", "why @mina badge", "package list"} {
			if text := p.text(p.types(olga, "/access-admin "+command)); strings.Contains(text, "There is no package") {
				t.Errorf("%s: %s", command, text)
			}
		}
		for _, deed := range []string{"edit", "hide", "delete"} {
			p.wants(p.types(olga, "/access-admin package "+deed+" Door badge"), "Door badge is being deleted: it goes as soon as nobody has it any more. Until then it can be kept after all, on its page, and changed after that.")
		}
		p.wants(p.types(ben, "/access request badge"), "Door badge is being deleted: nobody can ask for it or get more time for it any more.")
		if text := p.text(p.types(ben, "/access show badge")); strings.Contains(text, "[Request]") {
			t.Errorf("it can be asked for:\n%s", text)
		}
		p.fills(olga, p.types(olga, "/access-admin remove @mina Door badge"), nil)
		p.wants(p.types(olga, "/access-admin package show badge"), "This package is deleted as soon as Ada Lindqvist no longer has it.")
		p.fills(olga, p.types(olga, "/access-admin remove @ada Door badge"), form.Values{})
		if p.there("badge") {
			t.Error("it is still there after the last one lost it")
		}
		p.wants(p.types(olga, "/access-admin audit"), "Usher: deleted the package Door badge, as Olga Petrov asked")
	})
}

// Whoever called for it, or another admin, can call it off.
func TestADeletionIsCalledOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := openPlaza(t)
		p.gives(mina, "badge")
		p.goes("badge")
		page := p.types(olga, "/access-admin package show badge")
		ask := p.taps(olga, p.told(page), "Keep it")
		p.wants(ask, "Keep the package Door badge", "It is not deleted after all.")
		p.wants(p.taps(olga, p.told(ask), "Confirm"), "The package Door badge stays: nothing is deleted.")
		p.wants(p.taps(olga, p.told(page), "Keep it"), "Door badge is not being deleted.")
		if text := p.text(p.types(olga, "/access-admin package show badge")); strings.Contains(text, "Keep it") || !strings.Contains(text, "[Edit]") {
			t.Errorf("its page is\n%s", text)
		}
		p.wants(p.types(olga, "/access-admin audit"), "Olga Petrov: called it off that the package Door badge is deleted")
		p.fills(olga, p.types(olga, "/access-admin remove @mina badge"), nil)
		if !p.there("badge") {
			t.Error("it went after it was kept")
		}
		p.asks(ben, "badge", nil)
	})
}

// Nobody else has the button, and it is no way around the rights.
func TestWhoMayCallADeletionOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := openPlaza(t)
		p.gives(mina, "badge")
		p.goes("badge")
		page := p.types(olga, "/access-admin package show badge")
		if text := p.text(p.types(rita, "/access-admin package show badge")); strings.Contains(text, "Behalten") {
			t.Errorf("an auditor reads\n%s", text)
		}
		p.wants(p.taps(rita, p.told(page), "Keep it"), "Das können nur Besitzer und Paketmanager des Katalogs General.")
		p.wants(p.taps(mina, p.told(page), "Keep it"), "There is no package badge that you can see.")
		w, err := p.r.World(t.Context(), tenant, "badge")
		if err != nil || !w.Packages["badge"].Deleting {
			t.Errorf("%+v, %v", w.Packages["badge"], err)
		}
	})
}
