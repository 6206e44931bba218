package engine

import (
	"slices"

	"github.com/usher-dev/usher/core/access"
)

// archive moves cases that are over, and for which nothing is owed any more,
// out of the ledger.
func (s *step) archive() {
	for i := 0; i < len(s.l.Requests); i++ {
		r := &s.l.Requests[i]
		if r.ID != r.Assignment || !s.quiet(r) {
			continue
		}
		s.note(EventArchived, r, byUsher)
		s.take(r.ID)
		i = -1
	}
}

// quiet reports whether a case is over and shown as such everywhere.
func (s *step) quiet(main *access.Request) bool {
	a := s.l.Assignment(main.ID)
	if a == nil && !main.State.WithoutAccess() || a != nil && !a.State.Over() {
		return false
	}
	for i := range s.l.Requests {
		r := &s.l.Requests[i]
		if r.Assignment != main.ID {
			continue
		}
		untold := slices.ContainsFunc(r.Tell, func(t access.Telling) bool { return t.Ask.At.IsZero() })
		if !r.State.Final() || untold {
			return false
		}
	}
	if a != nil && s.entangled(a) {
		return false
	}
	for i := range s.l.Cards {
		c := &s.l.Cards[i]
		r := s.l.Request(c.Request)
		if r != nil && r.Assignment == main.ID && (c.Try.Open || cardOwed(s.l, c)) {
			return false
		}
	}
	return true
}

// entangled reports whether a role that the assignment gave is still being
// taken, so that somebody may have to be told about it.
func (s *step) entangled(a *access.Assignment) bool {
	want := wanted(s.l, s.w)
	for _, ref := range a.Roles {
		if s.l.Roles[ref] != nil && !want[ref] {
			return true
		}
	}
	return false
}

// take cuts a case out of the ledger into the decision.
func (s *step) take(id access.RequestID) {
	c := access.Case{Tenant: s.l.Tenant, Person: s.l.Person, ID: id, Closed: s.now}
	if a := s.l.Assignment(id); a != nil {
		copied := *a
		c.Assignment = &copied
	}
	of := func(r access.RequestID) bool {
		request := s.l.Request(r)
		return request != nil && request.Assignment == id
	}
	for i := range s.l.Cards {
		if of(s.l.Cards[i].Request) {
			c.Cards = append(c.Cards, s.l.Cards[i])
		}
	}
	s.l.Cards = slices.DeleteFunc(s.l.Cards, func(card access.Card) bool { return of(card.Request) })
	for i := range s.l.Requests {
		if s.l.Requests[i].Assignment == id {
			c.Requests = append(c.Requests, s.l.Requests[i])
		}
	}
	s.l.Requests = slices.DeleteFunc(s.l.Requests, func(r access.Request) bool { return r.Assignment == id })
	s.l.Assignments = slices.DeleteFunc(s.l.Assignments, func(a access.Assignment) bool { return a.ID == id })
	s.dropAsking()
	s.dec.Archived = append(s.dec.Archived, c)
}

// dropAsking forgets look-ups that are not owed any more.
func (s *step) dropAsking() {
	for key := range s.l.Asking {
		k := parseKey(EffectKey(key))
		gone := k.kind != keyTask && s.l.Request(k.request) == nil ||
			k.kind == keyTask && (s.l.Roles[k.role] == nil || s.l.Roles[k.role].Task == nil)
		if gone {
			delete(s.l.Asking, key)
		}
	}
}
