package engine

import (
	"github.com/usher-dev/usher/core/access"
)

// apply of a Withdraw: by the holder or whoever asked, until delivery starts.
func (c Withdraw) apply(s *step) error {
	r := s.l.Request(c.Request)
	if r == nil {
		return access.Refuse(access.NotFound, "unknownRequest")
	}
	if !c.Actor.Owns(s.l.Person) && !c.Actor.Owns(r.Asker) {
		return access.Refuse(access.Forbidden, "notYours")
	}
	if !r.State.Waiting() {
		if r.State.WithoutAccess() || r.Kind.Removes() {
			return access.Refuse(access.TooLate, "requestOver", "state", string(r.State))
		}
		return access.Refuse(access.TooLate, "deliveryStarted")
	}
	reason, err := reasonOf(c.Reason, false)
	if err != nil {
		return err
	}
	r.EndedBy, r.EndReason = c.Actor.Person, reason
	s.dropScheduled(r, access.AssignmentReleased)
	s.end(r, access.Withdrawn, EventState, func(e *Event) { e.Reason = reason })
	return nil
}

// dropScheduled ends an assignment that never began.
func (s *step) dropScheduled(r *access.Request, state access.AssignmentState) {
	if a := s.l.Assignment(r.ID); a != nil && a.State == access.AssignmentScheduled {
		a.State, a.Goal, a.Ended = state, state, s.now
	}
}

// apply of a Cancel: an admin ends a request that is not delivered. What was
// given of it already is taken away.
func (c Cancel) apply(s *step) error {
	r := s.l.Request(c.Request)
	if r == nil {
		return access.Refuse(access.NotFound, "unknownRequest")
	}
	if !HasRole(s.w, s.w.Packages[r.Package].Catalog, c.Actor, access.AssignmentManager) {
		return access.Refuse(access.Forbidden, "notAdmin")
	}
	reason, err := reasonOf(c.Reason, false)
	if err != nil {
		return err
	}
	started := r.State == access.Delivering || r.State == access.DeliveryFailed
	if !r.State.Waiting() && (!started || r.Kind.Removes()) {
		if r.State.WithoutAccess() || r.Kind.Removes() {
			return access.Refuse(access.TooLate, "requestOver", "state", string(r.State))
		}
		return access.Refuse(access.TooLate, "removeInstead")
	}
	r.EndedBy, r.EndReason = c.Actor.Person, reason
	s.dropScheduled(r, access.AssignmentRevoked)
	s.end(r, access.Canceled, EventState, func(e *Event) { e.Reason = reason })
	s.tellResult(r)
	if a := s.l.Assignment(r.ID); a != nil && a.State.On() {
		s.remove(a.ID, access.AdminRemove, access.AssignmentRevoked, reason)
	}
	return nil
}

// apply of a Release: the holder gives an assignment back.
func (c Release) apply(s *step) error {
	if !c.Actor.Owns(s.l.Person) {
		return access.Refuse(access.Forbidden, "notYours")
	}
	a, err := s.heldAssignment(c.Assignment)
	if err != nil {
		return err
	}
	reason, err := reasonOf(c.Reason, false)
	if err != nil {
		return err
	}
	s.remove(a.ID, access.UserRemove, access.AssignmentReleased, reason)
	return nil
}

// apply of a Revoke: an approver of the request, or an admin, takes an
// assignment away.
func (c Revoke) apply(s *step) error {
	a := s.l.Assignment(c.Assignment)
	if a == nil {
		return access.Refuse(access.NotFound, "unknownAssignment")
	}
	main := s.l.Request(a.ID)
	admin := HasRole(s.w, s.w.Packages[a.Package].Catalog, c.Actor, access.AssignmentManager)
	if !admin && !(c.Actor.Standing.Human() && approvedBy(main, c.Actor)) {
		return access.Refuse(access.Forbidden, "notAdmin")
	}
	if c.Actor.Owns(s.l.Person) {
		return access.Refuse(access.Refused, "releaseInstead")
	}
	reason, err := reasonOf(c.Reason, false)
	if err != nil {
		return err
	}
	if _, err := s.heldAssignment(c.Assignment); err != nil {
		return err
	}
	s.remove(a.ID, access.AdminRemove, access.AssignmentRevoked, reason)
	return nil
}

// heldAssignment finds an assignment that is on.
func (s *step) heldAssignment(id access.RequestID) (*access.Assignment, error) {
	a := s.l.Assignment(id)
	switch {
	case a == nil:
		return nil, access.Refuse(access.NotFound, "unknownAssignment")
	case a.State == access.AssignmentScheduled:
		return nil, access.Refuse(access.Refused, "withdrawInstead")
	case !a.State.On():
		return nil, access.Refuse(access.TooLate, "notActive", "state", string(a.State))
	}
	return a, nil
}

// expire falls due at the end of an assignment.
func (s *step) expire(id access.RequestID) {
	s.remove(id, access.SystemRemove, access.AssignmentExpired, "")
}

// remove ends an assignment that is on, with a request that is its record. It
// becomes goal when everything that it gave, and nothing else still gives, is
// confirmed to be gone.
func (s *step) remove(id access.RequestID, kind access.RequestKind, goal access.AssignmentState, reason string) {
	s.closeExtensions(id)
	a := s.l.Assignment(id)
	record := s.add(access.Request{
		Kind: kind, State: access.Delivering, Asker: s.by(), Via: s.m.Actor.Account, Package: a.Package,
		Policy: s.l.Request(id).Policy, Assignment: id, Justification: reason, Window: a.Window,
	})
	s.dec.Request = record.ID
	a.State, a.Goal, a.Removal, a.Notices, a.FailedAt = access.AssignmentEnding, goal, record.ID, nil, noTime
	main := s.l.Request(id)
	if main.State == access.Delivering {
		s.stopDelivering(main, goal)
	}
	touch(main)
	s.note(EventSubmitted, record, func(e *Event) { e.Reason = reason })
	s.note(EventState, main)
}

// stopDelivering gives a request that ends in the middle of its delivery the
// state that tells what came of it.
func (s *step) stopDelivering(r *access.Request, goal access.AssignmentState) {
	switch {
	case !s.l.Assignment(r.ID).First.IsZero():
		r.State = access.PartiallyDelivered
	case goal == access.AssignmentReleased:
		r.State, r.EndedBy, r.Ended = access.Withdrawn, s.by(), s.now
	case goal == access.AssignmentRevoked:
		r.State, r.EndedBy, r.Ended = access.Canceled, s.by(), s.now
	default:
		r.State = access.DeliveryFailed
	}
}

// closeExtensions ends what is pending for an assignment that ends.
func (s *step) closeExtensions(id access.RequestID) {
	for i := range s.l.Requests {
		r := &s.l.Requests[i]
		if r.Kind == access.UserExtend && r.Assignment == id && r.State.Waiting() {
			r.EndCode = "assignmentEnded"
			s.end(r, access.Canceled, EventState, func(e *Event) { e.Code = r.EndCode })
		}
	}
}
