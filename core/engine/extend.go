package engine

import (
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// apply of an Extend: the holder asks for more time while the assignment is
// on. The policy of this moment counts, not the pinned one: it must still fit.
func (c Extend) apply(s *step) error {
	if !c.Actor.Owns(s.l.Person) {
		return access.Refuse(access.Forbidden, "notYours")
	}
	a, err := s.heldAssignment(c.Assignment)
	if err != nil {
		return err
	}
	if err := s.extendable(a); err != nil {
		return err
	}
	p := s.w.Packages[a.Package]
	main := s.l.Request(a.ID)
	policy, err := extendingPolicy(p, main.Policy, c.Actor)
	if err != nil {
		return err
	}
	end, err := extendedEnd(policy.Lifecycle, a.Window.End, c.End)
	if err != nil {
		return err
	}
	given := access.Answers{}
	for id, values := range main.Answers {
		if asksFor(policy, id) {
			given[id] = values
		}
	}
	for id, values := range c.Answers {
		given[id] = values
	}
	answers, err := asked(policy, c.Justification, given)
	if err != nil {
		return err
	}
	window := access.Window{Start: a.Window.Start, End: end}
	r := s.add(access.Request{
		Kind: access.UserExtend, State: access.PendingApproval, Asker: c.Actor.Person, Via: c.Actor.Account,
		Package: p.ID, Policy: p.Ref(policy), Terms: p.TermsRef(), Assignment: a.ID,
		Justification: strings.TrimSpace(c.Justification), Answers: answers, Window: window, Roles: p.Roles,
	})
	s.dec.Request = r.ID
	touch(s.mainOf(r)) // it offers no further extension while this one waits
	s.note(EventSubmitted, r, func(e *Event) { e.Reason = r.Justification })
	s.dealHolder(r, access.CardRequestor, "")
	s.route(r, policy, policy.ExtensionApproval && len(policy.Stages) > 0)
	return nil
}

func asksFor(policy access.Policy, id string) bool {
	for _, q := range policy.Questions {
		if q.ID == id {
			return true
		}
	}
	return false
}

// extendable refuses what has no end, no delivery yet, or an extension that is
// pending already.
func (s *step) extendable(a *access.Assignment) error {
	switch {
	case a.Window.Never():
		return access.Refuse(access.Refused, "nothingToExtend")
	case a.Window.Open():
		return access.Refuse(access.Refused, "notDelivered")
	case s.w.Packages[a.Package].Deleting:
		return access.Refuse(access.Refused, "packageGoes", "package", s.w.Packages[a.Package].Name)
	}
	if r := extension(s.l, a.ID); r != nil {
		return access.Refuse(access.Refused, "alreadyPending",
			"package", s.w.Packages[a.Package].Name, "request", int(r.ID))
	}
	return nil
}

// extension is the request for more time for an assignment that waits, or nil.
func extension(l *access.Ledger, assignment access.RequestID) *access.Request {
	for i := range l.Requests {
		r := &l.Requests[i]
		if r.Kind == access.UserExtend && r.Assignment == assignment && r.State.Waiting() {
			return r
		}
	}
	return nil
}

// extendingPolicy is the present version of the pinned policy if it still
// fits, else the first that fits.
func extendingPolicy(p access.Package, pinned access.PolicyRef, holder access.Actor) (access.Policy, error) {
	var first *access.Policy
	for i, policy := range p.Policies {
		if policy.Closed || !policy.Requestors.Fits(holder) {
			continue
		}
		if policy.ID == pinned.Policy || first == nil {
			first = &p.Policies[i]
		}
		if policy.ID == pinned.Policy {
			break
		}
	}
	if first == nil || !first.Lifecycle.Extend {
		return access.Policy{}, access.Refuse(access.Refused, "extendNotAllowed", "package", p.Name)
	}
	return *first, nil
}

// applyExtension moves the end of the assignment: no gap, nothing is taken or
// given anew.
func (s *step) applyExtension(r *access.Request) {
	a := s.l.Assignment(r.Assignment)
	main := s.mainOf(r)
	a.Window.End, a.Window.For = r.Window.End, 0
	a.Notices = noticesBefore(a.Window.End, s.now)
	main.Window = a.Window
	r.State = access.Delivered
	touch(r)
	touch(main)
	s.note(EventState, r)
	s.note(EventWindow, main)
	s.dealHolder(r, access.CardReady, string(r.State))
}

// warn falls due some days before the end. A notice that a later one, or the
// end itself, has overtaken is dropped.
func (s *step) warn(id access.RequestID) {
	a, main := s.l.Assignment(id), s.l.Request(id)
	n := len(a.Notices)
	at := a.Notices[n-1]
	a.Notices = a.Notices[:n-1]
	overtaken := !a.Window.End.After(s.until) || n > 1 && !a.Notices[n-2].After(s.until)
	if overtaken {
		return
	}
	a.Warned = at
	touch(main)
	s.note(EventEndsSoon, main)
	s.dealHolder(main, access.CardEndsSoon, at.Format(markTime))
}
