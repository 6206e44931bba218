package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// Decision is what a Step decided.
type Decision struct {
	Next   access.Ledger
	Events []Event
	// Started are the effects that a Tick marked as started. They may leave
	// once Next is committed, not before.
	Started []Effect
	// Archived are the cases that left the ledger.
	Archived []access.Case
	// Request is the number of the request that the command made, else 0.
	Request access.RequestID
}

// New is the empty ledger of a person.
func New(t access.TenantID, p access.PersonID) access.Ledger {
	return access.Ledger{Schema: access.LedgerSchema, Tenant: t, Person: p, Next: 1}
}

// step is one Step under way: a copy of the ledger that is changed in place.
type step struct {
	l   *access.Ledger
	w   World
	m   Meta
	now time.Time // moves through the due moments up to until
	// until is the time of the command: the later of Meta.At and the ledger's
	// last time.
	until time.Time
	dec   Decision
}

// Step applies a command to a ledger: first everything that fell due by the
// command's time, in due order, then the command itself, then what follows
// from it. The ledger that is passed in is never changed. A refusal is an
// *access.Error and no Decision; what fell due is then applied by the Tick
// that the ledger's wake-up brings.
func Step(l access.Ledger, c Command, w World) (Decision, error) {
	s := stepOn(l, c.meta(), w)
	s.elapse()
	s.followPackages()
	if err := c.apply(s); err != nil {
		return Decision{}, err
	}
	s.settle()
	if _, tick := c.(Tick); tick {
		s.start()
	}
	s.l.Last = s.now
	s.dec.Next = *s.l
	return s.dec, nil
}

// stepOn begins a step on a copy of a ledger.
func stepOn(l access.Ledger, m Meta, w World) *step {
	next := clone(l)
	at := m.At.UTC().Round(0) // as it is stored: without a monotonic part
	return &step{l: &next, w: w, m: m, now: next.Last, until: later(at, next.Last)}
}

// apply of a Tick does nothing by itself: Step applies what fell due and
// starts what is owed.
func (Tick) apply(*step) error { return nil }

// apply of a Refresh makes every open stage owe a look-up. One that is under
// way may have read how it was before, so its answer does not count.
func (Refresh) apply(s *step) error {
	for i := range s.l.Requests {
		r := &s.l.Requests[i]
		run, n := r.Open()
		if run == nil {
			continue
		}
		for j := range run.Asks {
			ask := &run.Asks[j]
			ask.At = time.Time{}
			key := string(askKey(r.ID, n, ask.Level))
			if try := s.l.Asking[key]; try.Open {
				s.l.Asking[key] = access.Try{N: try.N, Fails: try.Fails}
			}
		}
	}
	return nil
}

// by is who stands behind the command, or Usher itself while due moments
// are applied.
func (s *step) by() access.PersonID { return s.m.Actor.Person }

// note adds an event about a request. It always carries the state and window
// of the request and of its assignment as they are now, so that the last
// event of a request tells how it stands.
func (s *step) note(t EventType, r *access.Request, with ...func(*Event)) {
	e := Event{
		At: s.now, Type: t, By: s.by(), Command: s.m.ID, Person: s.l.Person, Package: r.Package,
		Request: r.ID, Kind: r.Kind, State: r.State,
	}
	window := r.Window
	e.Window = &window
	if a := s.l.Assignment(r.Assignment); a != nil {
		e.Assignment, e.Standing = a.ID, a.State
	}
	for _, f := range with {
		f(&e)
	}
	s.dec.Events = append(s.dec.Events, e)
}

// byUsher marks an event that no person caused.
func byUsher(e *Event) { e.By = access.SystemActor().Person }

// add appends a request with the next number and returns it. Pointers to other
// requests are invalid afterwards.
func (s *step) add(r access.Request) *access.Request {
	r.ID = s.l.Next
	r.At = s.now
	r.Face, r.Shape = 1, 1
	if r.Assignment == 0 {
		r.Assignment = r.ID
	}
	s.l.Next++
	s.l.Requests = append(s.l.Requests, r)
	return &s.l.Requests[len(s.l.Requests)-1]
}

// touch raises the face of a request: something shown on its cards changed.
func touch(r *access.Request) { r.Face++ }

// reshape raises the face and makes older buttons unable to decide.
func reshape(r *access.Request) {
	r.Face++
	r.Shape = r.Face
}

// end puts a request into a final state without access.
func (s *step) end(r *access.Request, state access.RequestState, t EventType, with ...func(*Event)) {
	r.State = state
	r.Ended = s.now
	if n := len(r.Stages); n > 0 && r.Stages[n-1].Closed.IsZero() {
		r.Stages[n-1].Closed = s.now
	}
	touch(r)
	if main := s.mainOf(r); main != nil && r.Kind == access.UserExtend {
		touch(main) // it offers an extension again
	}
	s.note(t, r, with...)
}

// mainOf is the adding request of the assignment that r is about.
func (s *step) mainOf(r *access.Request) *access.Request { return s.l.Request(r.Assignment) }
