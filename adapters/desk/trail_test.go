package desk

import (
	"slices"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
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
