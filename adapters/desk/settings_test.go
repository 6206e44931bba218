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

// part opens the form of one part of the settings.
func (s *shop) part(p access.PersonID, part string) chat.Reply {
	s.t.Helper()
	token, err := chat.Token{Verb: verbSettingsEdit, Tenant: tenant, Arg: part}.Encode()
	if err != nil {
		s.t.Fatal(err)
	}
	return s.does(chat.Pressed{Who: s.who(p), ID: s.id(), Token: token})
}

func (s *shop) settings() access.Settings {
	s.t.Helper()
	w, err := s.r.World(s.t.Context(), tenant)
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Settings
}

func TestEveryPartOfTheSettings(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		for part, c := range map[string]struct {
			values form.Values
			shown  string
			is     func(access.Settings) bool
		}{
			partName:    {form.Values{"name": val("Studio")}, "Studio", func(set access.Settings) bool { return set.Name == "Studio" }},
			partRouting: {form.Values{"channels": val("#approvals"), "only": val("yes")}, "approvals", func(set access.Settings) bool { return set.Routing.ChannelOnly && len(set.Routing.Channels) == 1 }},
			partTongue:  {form.Values{"locale": val("de"), "zone": val("Europe/Berlin")}, "Europe/Berlin", func(set access.Settings) bool { return set.Locale == "de" && set.Zone == "Europe/Berlin" }},
			partDrift:   {form.Values{"restore": val("yes"), "takefound": val("yes")}, "the owners are told and decide → it is given anew", func(set access.Settings) bool { return set.Restore && set.TakeFound }},
			partStages:  {form.Values{"stagelimit": val("5")}, "5", func(set access.Settings) bool { return set.StageLimit == 5 }},
			partPeople:  {form.Values{"admins": val(string(olga), string(ada))}, "Admins: Olga Petrov → Olga Petrov and Ada Lindqvist", func(set access.Settings) bool { return len(set.Admins) == 2 }},
		} {
			s.confirms(olga, s.pages(olga, s.part(olga, part), c.values), "Settings of the organisation", c.shown)
			if set := s.settings(); !c.is(set) {
				t.Errorf("%s: %+v", part, set)
			}
		}
	})
}

func TestSettingsWithWrongThings(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	s.wrong(s.pages(olga, s.part(olga, partTongue), form.Values{"zone": val("Atlantis")}), "zone", "This is not a time zone such as Europe/Berlin.")
	s.wrong(s.pages(olga, s.part(olga, partTongue), form.Values{"zone": nil, "locale": val("??")}), "locale", "This is not a language tag such as en or de-AT.")
	s.wrong(s.pages(olga, s.part(olga, partStages), form.Values{"stagelimit": val("0")}), "stagelimit", "Please write a whole number from 1 to 100.")
	s.wrong(s.pages(olga, s.part(olga, partPeople), form.Values{"admins": nil}), "admins", "Please fill this in.")
	s.says(s.part(olga, "nonsense"), "This button is not known any more. Type /access to see where things stand.")
	for _, part := range settingsParts() {
		s.says(s.part(ada, part), "Only tenant admins can do that.")
	}
	s.says(s.types(ada, "/access-admin settings"), "Only tenant admins can do that.")
	s.hasNot(s.reads(rita, "/access-admin settings"), "[Bearbeiten]")
}

// Whoever takes themselves off the list of admins is warned before.
func TestAnAdminWhoStepsDown(t *testing.T) {
	t.Parallel()
	shops(t, func(t *testing.T, s *shop) {
		r := s.pages(olga, s.part(olga, partPeople), form.Values{"admins": val(string(ada))})
		s.confirms(olga, r, "You would not be an admin any more once this is confirmed", "Ada Lindqvist")
		s.says(s.types(olga, "/access-admin settings"), "Only admins who look after this can do that.")
		s.hasNot(cardText(s.told(s.pages(ada, s.part(ada, partName), form.Values{"name": val("New")}))), "not be an admin")
	})
}

func TestTwoEditTheSettings(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	d := shopDefinitions()
	d.Settings.Admins = append(d.Settings.Admins, access.SomePerson(ben))
	s.define(d)
	first, second := s.part(olga, partTongue), s.part(ben, partTongue)
	s.confirms(olga, s.pages(olga, first, form.Values{"locale": val("de")}), "Language: en → de")
	told := s.pages(ben, second, form.Values{"zone": val("Asia/Tokyo")})
	s.has(cardText(s.told(told)), "Somebody else was faster", "Language: en → de")
	s.confirms(ben, s.pages(ben, s.taps(ben, told, "Go on"), nil), "Asia/Tokyo")
	if set := s.settings(); set.Locale != "de" || set.Zone != "Asia/Tokyo" {
		t.Errorf("%+v", set)
	}
}

// Also whoever is overtaken between the difference and its confirmation.
func TestTwoConfirmSettings(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	first := s.pages(olga, s.part(olga, partTongue), form.Values{"locale": val("de")})
	second := s.pages(olga, s.part(olga, partName), form.Values{"name": val("Studio")})
	s.confirms(olga, first, "Language: en → de")
	told := s.taps(olga, second, "Confirm")
	s.has(cardText(s.told(told)), "Language: en → de")
	s.confirms(olga, s.taps(olga, told, "Put mine on top"), "Studio")
	if set := s.settings(); set.Locale != "de" || set.Name != "Studio" {
		t.Errorf("%+v", set)
	}
	s.define(runtime.Definitions{Resources: manyResources(1)})
	s.has(s.reads(olga, "/access-admin catalog"), "Design (design)")
}

func TestTheAuditSaysWhatWasDefined(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	s.confirms(ada, s.pages(ada, s.types(ada, "/access-admin resource edit files"), form.Values{"name": val("Drawings")}))
	r := s.types(olga, "/access-admin audit")
	s.has(cardText(s.told(r)), "Ada Lindqvist: changed the resource Drawings", "Olga Petrov: made the package Sketches", "made the catalog Design")
	s.has(cardText(s.told(s.taps(olga, r, "What changed"))), "Ada Lindqvist: changed the resource Drawings", "Name: Design files → Drawings")
	token := s.button(s.told(r), "What changed")
	s.says(s.does(chat.Pressed{Who: s.who(ada), ID: s.id(), Token: token}), "Only admins who look after this can do that.")
	s.has(cardText(s.told(s.does(chat.Pressed{Who: s.who(rita), ID: s.id(), Token: token}))), "Design files → Drawings")
}

func TestTheAuditNamesWhoseCardWasLost(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.note(engine.Event{At: h.at, Type: engine.EventFailed, By: access.SystemActor().Person, Person: carla, Package: "wiki", Code: "discordNoDM", People: []access.PersonID{ada}})
	text := cardText(h.told(h.types(olga, "/access-admin audit")))
	want := "Usher: the message to Ada Lindqvist could not be delivered: the person's direct messages are closed to Usher, and no channel is set for such people · Wiki · Carla Contreras"
	if !strings.Contains(text, want) {
		t.Errorf("got %s\nwant %s", text, want)
	}
}

func TestTheSettingsAsAPage(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	s.golden("settings.en", s.told(s.types(olga, "/access-admin settings")))
	s.golden("settings.de", s.told(s.types(rita, "/access-admin settings")))
}

// What was typed into a form and given up does not come back as if it were so.
func TestAnAbandonedEditOfTheSettingsDoesNotComeBack(t *testing.T) {
	t.Parallel()
	s := openShop(t, chattest.Modal())
	back := s.pages(olga, s.part(olga, partName), form.Values{"name": val("Never said yes")})
	if got := field(t, s.shown(s.taps(olga, back, "Back")).Page, "name").Value; !slices.Equal(got, val("Never said yes")) {
		t.Errorf("back from the difference it has %q", got)
	}
	if got := field(t, s.shown(s.part(olga, partName)).Page, "name").Value; !slices.Equal(got, val("Demo")) {
		t.Errorf("the form opens with %q", got)
	}
}
