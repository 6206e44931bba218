package engine

import (
	"slices"

	"github.com/usher-dev/usher/core/access"
)

// RefusedEvent is the audit line of a refused attempt to decide; false for
// commands whose refusal is not kept. A form that is rejected for its content
// is not one.
func RefusedEvent(l access.Ledger, c Command, err error) (Event, bool) {
	d, isDecide := c.(Decide)
	refusal, isRefusal := access.AsError(err)
	if !isDecide || !isRefusal || refusal.Kind == access.Invalid || refusal.Kind == access.Unavailable {
		return Event{}, false
	}
	e := Event{
		At: d.At, Type: EventRefused, By: d.Actor.Person, Command: d.ID, Person: l.Person,
		Request: d.Request, Stage: d.Stage + 1, Code: refusal.Code,
	}
	if r := l.Request(d.Request); r != nil {
		e.Package, e.Kind, e.State = r.Package, r.Kind, r.State
	}
	return e, true
}

// Told is what the audit alone says of one request.
type Told struct {
	State     access.RequestState
	Standing  access.AssignmentState // of an adding request
	Window    access.Window
	Decisions []access.Decision
}

// Rebuild reads the events of one ledger, in order, and returns what they say
// of each request: every state, decision and window.
func Rebuild(events []Event) map[access.RequestID]Told {
	told := map[access.RequestID]Told{}
	for _, e := range events {
		if e.Request == 0 || e.Type == EventRefused {
			continue
		}
		t := told[e.Request]
		t.State = e.State
		if e.Request == e.Assignment {
			t.Standing = e.Standing
		}
		if e.Window != nil {
			t.Window = *e.Window
		}
		switch {
		case e.Type == EventDecided && e.Decision != nil:
			t.Decisions = append(t.Decisions, *e.Decision)
		case e.Type == EventVoided && e.Decision != nil:
			same := func(d access.Decision) bool {
				return d.By == e.Decision.By && d.At.Equal(e.Decision.At) && d.Void == ""
			}
			if i := slices.IndexFunc(t.Decisions, same); i >= 0 {
				t.Decisions[i] = *e.Decision
			}
		}
		told[e.Request] = t
	}
	return told
}
