package desk

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

func TestTheTrailSaysEventsInWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("Release night.")})
	r := h.presses(ada, h.last(ada, "asks for"), "Deny")
	h.fills(ada, r, form.Values{"reason": val("Not tonight.")})
	var events []engine.Event
	for _, l := range h.audit {
		events = append(events, l.Event)
	}
	at := events[0].At
	got := h.desk.Trail(t.Context(), "acme", events)
	german := h.desk.Trail(t.Context(), "acme", events, "de")
	for _, want := range []string{
		"Mina Okafor: asked · Production access · “Release night.”",
		"Usher: stage 1 began · Production access · Mina Okafor",
		"Ada Lindqvist: decided in stage 1: denied · Production access · Mina Okafor · “Not tonight.”",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("nothing is %q in %q", want, got)
		}
	}
	if want := "Mina Okafor: hat einen Antrag gestellt · Production access · „Release night.“"; !slices.Contains(german, want) {
		t.Errorf("nothing is %q in %q", want, german)
	}
	if len(got) != len(events) || !events[0].At.Equal(at) {
		t.Errorf("%d lines for %d events; the first is of %v, not %v", len(got), len(events), events[0].At, at)
	}
}

// A package that was deleted is called as it was; what the audit does not know
// keeps its id.
func TestTheTrailKnowsWhatIsGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	got := h.desk.Trail(t.Context(), "acme", []engine.Event{
		{Type: engine.EventSubmitted, By: mina, Person: mina, Package: "bygone"},
		{Type: engine.EventSubmitted, By: mina, Person: mina, Package: "never"},
	})
	if want := []string{"Mina Okafor: asked · Bygone days", "Mina Okafor: asked · never"}; !slices.Equal(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// Each event has words of its own: a request that is canceled is said once, and
// what follows is what becomes of the access.
func TestTheTrailSaysEachThingOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	usher := access.SystemActor().Person
	state := func(by access.PersonID, standing access.AssignmentState) engine.Event {
		return engine.Event{Type: engine.EventState, By: by, State: access.Canceled, Standing: standing}
	}
	pack := func(p access.Package) string {
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	listed := access.Package{ID: "p", Name: "Wiki"}
	hidden, other := listed, listed
	hidden.Hidden, hidden.EditedBy = true, olga
	other.Hidden, other.Name = true, "Wikis"
	edit := func(before, after access.Package) engine.Event {
		return engine.Event{Type: engine.EventDefined, By: olga, Person: olga, Code: "package/p", Before: pack(before), After: pack(after)}
	}
	end := engine.Event{Type: engine.EventWindow, By: usher, Window: &access.Window{End: time.Date(2026, 10, 4, 12, 0, 0, 0, time.UTC)}}
	for _, c := range []struct {
		event engine.Event
		want  map[string]string
	}{
		{state(olga, access.AssignmentDelivering), map[string]string{"en": "Olga Petrov: the request is canceled", "de": "Olga Petrov: Antrag abgebrochen"}},
		{state(olga, access.AssignmentRevoked), map[string]string{"en": "Olga Petrov: the request is canceled"}},
		{state(olga, access.AssignmentEnding), map[string]string{"en": "Olga Petrov: the access is being taken away"}},
		{state(usher, access.AssignmentRevoked), map[string]string{"en": "Usher: the access is taken away"}},
		{end, map[string]string{"en": "Usher: the access lasts until 4 October 2026, 12:00 UTC", "de": "Usher: Zugriff gilt bis 4. Oktober 2026, 12:00 UTC"}},
		{edit(listed, hidden), map[string]string{"en": "Olga Petrov: hid the package Wiki", "de": "Olga Petrov: verborgen: Paket Wiki"}},
		{edit(hidden, listed), map[string]string{"en": "Olga Petrov: listed the package Wiki"}},
		{edit(listed, other), map[string]string{"en": "Olga Petrov: changed the package Wikis"}},
	} {
		for locale, want := range c.want {
			if got := h.desk.Trail(t.Context(), "acme", []engine.Event{c.event}, locale); got[0] != want {
				t.Errorf("it says %q, want %q", got[0], want)
			}
		}
	}
}

func TestWhoPressedTooLateIsNotSaidToHaveNoRight(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	late := []string{"decidedByYou", "alreadyDecided", "stageOver", "changedSince", "requestOver"}
	for _, code := range append(late, "notApprover") {
		want := "Ada Lindqvist: pressed too late: it was decided"
		if code == "notApprover" {
			want = "Ada Lindqvist: tried to decide, and may not"
		}
		got := h.desk.Trail(t.Context(), "acme", []engine.Event{{Type: engine.EventRefused, By: ada, Person: ada, Code: code}})
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q", code, got)
		}
	}
}
