package desk

import (
	"context"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// looksIntoTheZoo makes somebody of the garden a reader of the zoo, for the
// next intent alone.
func (s *stall) looksIntoTheZoo() {
	s.t.Helper()
	d := townDefinitions()
	for i, g := range d.Catalogs {
		if g.ID == foreignHalf().catalog {
			who := access.SomePerson(access.PersonID("play/" + s.role))
			d.Catalogs[i].Roles = append(g.Roles, access.RoleHolder{Role: access.CatalogReader, Who: who})
		}
	}
	only := runtime.Definitions{Settings: d.Settings, Catalogs: d.Catalogs}
	if _, err := s.desk.core.(*runtime.Runtime).Apply(context.Background(), tenant, "play/admin", "look", only); err != nil {
		s.t.Fatal(err)
	}
	s.store.done = nil
}

// offered are the packages of a form.
func offered(r chat.Reply) []string {
	var out []string
	if show, ok := r.(chat.Show); ok {
		for _, f := range show.Page.Fields {
			for _, o := range f.Options {
				if f.ID == "package" {
					out = append(out, o.Value)
				}
			}
		}
	}
	return out
}

// TestFormsOfferOnlyWhatTheirPersonMayActOn: who may only look at a catalog is
// offered none of its packages, and refused when they name one.
func TestFormsOfferOnlyWhatTheirPersonMayActOn(t *testing.T) {
	t.Parallel()
	file, texts := buildTown(t), codeTexts(t)
	s := newStall(t, asAssigner, file, texts)
	own, zoo := ownHalf(), foreignHalf()
	for _, verb := range []chat.Verb{verbAssign, verbRemove, verbBulk, verbPost} {
		press := func(at chat.Token) string {
			s.looksIntoTheZoo()
			at.Verb, at.Tenant = verb, tenant
			got, _ := s.does(chat.Pressed{Who: s.who(), ID: s.id(), Token: s.address(at)})
			s.fresh()
			return got
		}
		if got := press(chat.Token{}); got != isForm {
			t.Errorf("%s: %s", verb, got)
		}
		if got := strings.Join(offered(s.last), " "); got != "p1 p2 p3 p4" {
			t.Errorf("%s offers %s", verb, got)
		}
		if got := press(atPackage(zoo)); got != "notAdmin" {
			t.Errorf("%s of a package that one may look at: %s", verb, got)
		}
		s.looksIntoTheZoo()
		_, said := s.does(chat.Searched{Who: s.who(), Form: s.address(chat.Token{Verb: verb, Tenant: tenant}), Field: "package", Query: "q"})
		s.fresh()
		if strings.Contains(said, zoo.mark) {
			t.Errorf("%s finds %s", verb, said)
		}
	}
	for _, command := range []string{"assign @newcomer", "remove @play/zeno", "bulk", "cancel", "retry", "package post"} {
		s.looksIntoTheZoo()
		got, _ := s.types("/access-admin " + command + " " + string(zoo.package1))
		if s.fresh(); got != "notAdmin" {
			t.Errorf("%s: %s", command, got)
		}
	}
	s.looksIntoTheZoo()
	got, said := s.types("/access-admin cancel")
	if s.fresh(); got != isCard || strings.Contains(said, zoo.mark) || !strings.Contains(said, own.mark) {
		t.Errorf("cancel lists %s: %s", got, said)
	}
}

// TestListsForReadingHaveNoButtonsToAct: who may only look sees what is open
// and why, without buttons that refuse them.
func TestListsForReadingHaveNoButtonsToAct(t *testing.T) {
	t.Parallel()
	file, texts := buildTown(t), codeTexts(t)
	for role, want := range map[string]bool{asAssigner: true, asOwner: true, asReader: false, asPackager: false, asAuditor: false} {
		s := newStall(t, role, file, texts)
		acts := func() bool {
			tell, _ := s.last.(chat.Tell)
			for _, b := range buttonsOf(tell.Card) {
				for _, verb := range []chat.Verb{verbCancel, verbRetry, verbRevoke} {
					if strings.HasPrefix(b.Token, string(verb)+"~") {
						return true
					}
				}
			}
			return false
		}
		if s.types("/access-admin pending"); acts() != want {
			t.Errorf("%s: pending has such buttons: %v", role, !want)
		}
		held := atHeld(ownHalf())
		held.Verb, held.Tenant = verbDetails, tenant
		if s.does(chat.Pressed{Who: s.who(), ID: s.id(), Token: s.address(held)}); acts() != want {
			t.Errorf("%s: the details of what is held have such buttons: %v", role, !want)
		}
	}
}

func buttonsOf(card chat.Card) []chat.Button {
	out := card.Buttons
	for _, b := range card.Blocks {
		out = append(out, b.Buttons...)
	}
	return out
}

// TestUnknownPackagesLeadToTheListOfWhoAsked: admins to theirs, with the hidden
// ones marked, everybody else to the menu.
func TestUnknownPackagesLeadToTheListOfWhoAsked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.says(h.types(olga, "/access-admin assign @ben nonsense"), "There is no package nonsense that you can see. /access-admin package list lists them.")
	h.says(h.types(olga, "/access show nonsense"), "There is no package nonsense that you can see. /access show lists them.")
	file, texts := buildTown(t), codeTexts(t)
	s := newStall(t, asOwner, file, texts)
	_, said := s.types("/access-admin package list")
	if strings.Count(said, "· hidden") != 1 || !strings.Contains(said, "Tulip package p3 (p3) · hidden") {
		t.Errorf("the hidden package is not marked:\n%s", said)
	}
}

// TestWorkIsKeptForAsLongAsItSays: a form about a package under construction is
// kept for a week, any other for an hour.
func TestWorkIsKeptForAsLongAsItSays(t *testing.T) {
	t.Parallel()
	file, texts := buildTown(t), codeTexts(t)
	s := newStall(t, asOwner, file, texts)
	for verb, want := range map[chat.Verb]int{verbStep: 7 * 24, verbPolicyNew: 7 * 24, verbAssign: 1} {
		at := atPackage(ownHalf())
		at.Verb, at.Tenant = verb, tenant
		if verb == verbStep {
			at.Stage = stepName
		}
		s.does(chat.Pressed{Who: s.who(), ID: s.id(), Token: s.address(at)})
		show, ok := s.last.(chat.Show)
		if !ok || int(show.Kept.Hours()) != want {
			t.Errorf("%s is kept for %s, want %d hours", verb, show.Kept, want)
		}
		if text := show.Intro.Plain(); text != strings.TrimRight(text, " \n") {
			t.Errorf("%s: the intro ends in empty lines: %q", verb, text)
		}
	}
}

// TestAPackageThatNobodyMayAskFor: it is made without asking who decides and
// what requests say, and nobody is offered to ask for it.
func TestAPackageThatNobodyMayAskFor(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		r := w.types(olga, "/access-admin package create Night shift")
		r = w.through(olga, r, nil)
		r = w.through(olga, r, form.Values{"gives": val("design-team/member")})
		r = w.through(olga, r, form.Values{"who.may": val("nobody")})
		r = w.through(olga, r, form.Values{"life.ends": val("duration")})
		r = w.through(olga, r, form.Values{"terms": nil})
		made := w.taps(olga, r, "Create")
		if said := spell(made); !strings.Contains(said, "Nobody can ask for it. /access-admin assign gives it to somebody.") {
			t.Errorf("made is answered with %s", said)
		}
		if p := w.pack("night-shift"); len(p.Policies) != 1 || len(p.Policies[0].Stages) != 1 {
			t.Errorf("%+v", p.Policies)
		}
		refused := "Nobody can ask for Night shift: admins assign it. Say who may ask before you show it around."
		w.says(w.types(olga, "/access-admin package post night-shift"), refused)
		w.says(w.types(olga, "/access-admin package post night-shift #all"), refused)
		shown := w.told(w.types(olga, "/access show night-shift"))
		if len(shown.Buttons) > 0 || !strings.Contains(spell(chat.Tell{Card: shown}), "Nobody can ask for it: admins assign it.") {
			t.Errorf("it is offered: %+v", shown)
		}
	})
}

// TestPoliciesAreCompleted: behind a package come its policies, for those who
// look after it or at it.
func TestPoliciesAreCompleted(t *testing.T) {
	t.Parallel()
	file, texts := buildTown(t), codeTexts(t)
	for role, want := range map[string]string{asAdmin: "all all", asPackager: "all -", asReader: "all -", asAuditor: "all all", asMember: "- -"} {
		s := newStall(t, role, file, texts)
		var got []string
		for _, id := range []access.PackageID{ownHalf().package1, foreignHalf().package1} {
			before := "policy edit @ " + string(id) + " "
			offer, _ := s.desk.Handle(context.Background(), chat.Searched{Who: s.who(), Command: AccessAdmin, Query: before + "po"}).(chat.Offer)
			said := "-"
			for _, o := range offer.Options {
				said = strings.TrimPrefix(o.Value, before)
			}
			got = append(got, said)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is offered %v, want %s", role, got, want)
		}
	}
}
