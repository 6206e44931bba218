package engine

import (
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
)

var noTime time.Time

// startedFor is how long a started effect may take before its result counts
// as unknown. The shell ends every effect after 10 seconds.
const startedFor = 30 * time.Second

// giveUpAfter is the number of failures in a row after which a grant counts as
// failed for good, and a removal is told to the admins.
const giveUpAfter = 8

// backOff is the pause after the n-th failure in a row: 10 s, doubled up to an
// hour.
func backOff(n int) time.Duration {
	return min(10*time.Second<<min(n-1, 12), time.Hour)
}

// rolesOf are the resource roles of a package now; of one that cannot be
// read, what the assignment gave so far.
func rolesOf(w World, a *access.Assignment) []access.RoleRef {
	if p, ok := w.Packages[a.Package]; ok {
		return p.Roles
	}
	return a.Roles
}

// wanted is the union of the roles of all assignments that are on, and of those
// that are held and are the same thing as one of them.
func wanted(l *access.Ledger, w World) map[access.RoleRef]bool {
	want := map[access.RoleRef]bool{}
	for i := range l.Assignments {
		if a := &l.Assignments[i]; a.State.On() {
			for _, ref := range rolesOf(w, a) {
				want[ref] = true
			}
		}
	}
	same := map[thing]bool{}
	for ref := range want {
		same[thingOf(ref, w)] = true
	}
	for ref := range l.Roles {
		if same[thingOf(ref, w)] {
			want[ref] = true
		}
	}
	return want
}

// thing is what a resource role is in the outside world. Two resources, of two
// catalogs for example, may stand for one thing there: what one package still
// gives is not taken with the end of the other.
type thing struct{ connector, target, role string }

// thingOf is what a role is there. One whose resource names nothing there is
// only like itself.
func thingOf(ref access.RoleRef, w World) thing {
	r := w.Resources[ref.Resource]
	if r.Target == "" {
		return thing{role: ref.String()}
	}
	return thing{r.Connector, r.Target, ref.Role}
}

// ownFound corrects what was found: a role that was there because Usher gave
// the same thing by another resource was not there before Usher.
func (s *step) ownFound() {
	given := map[thing]bool{}
	for ref, h := range s.l.Roles {
		if h.Had == access.Present && !h.Before {
			given[thingOf(ref, s.w)] = true
		}
	}
	for ref, h := range s.l.Roles {
		h.Before = h.Before && !given[thingOf(ref, s.w)]
	}
}

// roleOp is what has to be done next about a role, or "".
func roleOp(h *access.Holding, want bool, w World) access.Op {
	switch {
	case h == nil && want:
		return access.OpGrant
	case h == nil || h.Task != nil:
		return ""
	case want:
		return wantedOp(h)
	case h.Had == access.Absent || leaveAlone(h, w):
		return ""
	case h.Had == access.Unknown && h.Op == access.OpRevoke && !h.Blind:
		return access.OpVerify // it was taken, or the reply was lost: look
	}
	return access.OpRevoke
}

func wantedOp(h *access.Holding) access.Op {
	switch {
	case h.Failed != "" && h.Had != access.Present:
		return ""
	case h.Had == access.Absent:
		return access.OpGrant
	case h.Had == access.Unknown && h.Blind && h.Said != access.OpGrant:
		return access.OpGrant // it cannot be seen: give it once more
	case h.Had == access.Unknown:
		return access.OpVerify
	}
	return ""
}

// leaveAlone reports whether a role stays at the end: it was there before
// Usher gave it and the tenant did not choose otherwise.
func leaveAlone(h *access.Holding, w World) bool { return h.Before && !w.Settings.TakeFound }

// settle derives what follows from what is known of the roles: assignments
// what was there because of Usher itself, assignments that follow a changed
// package, deliveries that are complete or failed,
// endings that are confirmed, and cases that are over.
func (s *step) settle() {
	s.followPackages()
	s.ownFound()
	want := wanted(s.l, s.w)
	s.dropTasks(want)
	for i := range s.l.Assignments {
		switch a := &s.l.Assignments[i]; {
		case a.State.On():
			s.settleDelivery(a)
		case a.State == access.AssignmentEnding:
			s.settleEnding(a, want)
		}
	}
	s.dropHoldings(want)
	s.archive()
}

// followPackages notices that a package changed: cards show it, holders get
// and lose roles with it, and buttons that showed other roles may not decide.
func (s *step) followPackages() {
	for i := range s.l.Requests {
		if r := &s.l.Requests[i]; requestLate(r, s.w) {
			r.Roles = s.w.Packages[r.Package].Roles
			reshape(r)
			s.note(EventFollowed, r)
		}
	}
	for i := range s.l.Assignments {
		a := &s.l.Assignments[i]
		if !assignmentLate(a, s.w) {
			continue
		}
		p := s.w.Packages[a.Package]
		first := a.Followed == 0
		a.Followed = p.Revision
		for _, ref := range p.Roles {
			if !contains(a.Roles, ref) {
				a.Roles = append(a.Roles, ref)
			}
		}
		main := s.l.Request(a.ID)
		main.Roles = p.Roles
		if !first {
			touch(main)
			s.note(EventFollowed, main)
		}
	}
}

// requestLate reports whether an open request shows other roles than its
// package gives by now.
func requestLate(r *access.Request, w World) bool {
	p, ok := w.Packages[r.Package]
	return ok && r.State.Waiting() && !slices.Equal(r.Roles, p.Roles)
}

// assignmentLate reports whether an assignment that is on has not followed its
// package yet.
func assignmentLate(a *access.Assignment, w World) bool {
	p, ok := w.Packages[a.Package]
	return ok && a.State.On() && (a.Followed != p.Revision || len(a.Roles) == 0 && len(p.Roles) > 0)
}

// followsLate reports whether anything in the ledger has yet to follow a
// package that changed.
func followsLate(l *access.Ledger, w World) bool {
	return slices.ContainsFunc(l.Requests, func(r access.Request) bool { return requestLate(&r, w) }) ||
		slices.ContainsFunc(l.Assignments, func(a access.Assignment) bool { return assignmentLate(&a, w) })
}

// settleDelivery looks how far the delivery of an assignment is.
func (s *step) settleDelivery(a *access.Assignment) {
	present, failed, all := 0, 0, rolesOf(s.w, a)
	for _, ref := range all {
		switch h := s.l.Roles[ref]; {
		case h == nil:
		case h.Had == access.Present:
			present++
		case h.Failed != "":
			failed++
		}
	}
	main := s.l.Request(a.ID)
	if a.First.IsZero() && (present > 0 || len(all) == 0) {
		s.firstDelivered(a, main)
	}
	state := main.State
	switch {
	case present == len(all):
		state = access.Delivered
	case present+failed < len(all):
		// something is still under way
	case present > 0:
		state = access.PartiallyDelivered
	default:
		state = access.DeliveryFailed
	}
	if state != main.State {
		s.deliveredAs(a, main, state)
	}
}

// firstDelivered starts the clock of an assignment.
func (s *step) firstDelivered(a *access.Assignment, main *access.Request) {
	a.First = s.now
	if a.Window.Open() {
		a.Window = a.Window.From(s.now)
		a.Notices = noticesBefore(a.Window.End, s.now)
	}
	main.Window = a.Window
	touch(main)
	s.note(EventWindow, main)
}

// deliveredAs moves the request of an assignment to where its delivery got.
func (s *step) deliveredAs(a *access.Assignment, main *access.Request, state access.RequestState) {
	main.State = state
	a.FailedAt = noTime
	switch {
	case state != access.DeliveryFailed:
		a.State = access.AssignmentActive
	case a.First.IsZero():
		a.FailedAt = s.now
	}
	touch(main)
	s.note(EventState, main)
	s.dealAskers(main, access.CardReady, string(state))
	if state != access.Delivered {
		s.tell(main, access.CardFailure, access.RoleRef{}, "")
	}
}

// settleEnding finishes an ending assignment once everything it gave is
// confirmed to be gone, or is still given by another, or is left alone.
func (s *step) settleEnding(a *access.Assignment, want map[access.RoleRef]bool) {
	main := s.l.Request(a.ID)
	for _, ref := range a.Roles {
		h := s.l.Roles[ref]
		if h == nil || want[ref] {
			continue
		}
		if h.Failed != "" {
			s.tell(main, access.CardFailure, access.RoleRef{}, "")
		}
		if h.Try.Open || h.Task != nil || h.Had != access.Absent && !leaveAlone(h, s.w) {
			return
		}
	}
	a.State, a.Ended = a.Goal, s.now
	if record := s.l.Request(a.Removal); record != nil {
		record.State = access.Delivered
		touch(record)
		s.note(EventState, record)
	}
	touch(main)
	s.note(EventState, main)
	s.tellOver(a, main)
}

// tellOver tells the holder that access is over, and those who approved it,
// but not whoever ended it. Cards of extensions show it as well.
func (s *step) tellOver(a *access.Assignment, main *access.Request) {
	endedBy := access.SystemActor().Person
	if record := s.l.Request(a.Removal); record != nil {
		endedBy = record.Asker
	}
	if a.State != access.AssignmentReleased {
		s.dealHolder(main, access.CardOver, "")
	}
	for i := range s.l.Requests {
		r := &s.l.Requests[i]
		if r.Assignment != a.ID {
			continue
		}
		if r.Kind == access.UserExtend && r.State == access.Delivered {
			touch(r)
			s.note(EventState, r)
		}
		for _, run := range r.Stages {
			for _, d := range run.Decisions {
				if d.Verdict == access.Approve && d.Void == "" && !a.First.IsZero() && d.By != endedBy {
					s.deal(main, access.CardOver, d.By, "")
				}
			}
		}
	}
}

// dropTasks takes back tasks whose opposite is wanted by now. What nobody said
// to have handed out is not there, so nothing is to be taken: the task's card
// asks whoever did it all the same to undo it. Whether a human took something
// already is not known.
func (s *step) dropTasks(want map[access.RoleRef]bool) {
	for ref, h := range s.l.Roles {
		if h.Task == nil || (h.Task.Op == access.OpGrant) == want[ref] {
			continue
		}
		had := access.Unknown
		if h.Task.Op == access.OpGrant && h.Clear {
			had = access.Absent
		}
		h.Task, h.Had, h.Said, h.Failed, h.FailedAt = nil, had, "", "", noTime
	}
}

// dropHoldings forgets roles that nobody wants and that are gone, or that were
// there before and are left alone; the owners are told of those.
func (s *step) dropHoldings(want map[access.RoleRef]bool) {
	for _, ref := range sortedRoles(s.l.Roles) {
		h := s.l.Roles[ref]
		if want[ref] || h.Try.Open || h.Task != nil {
			continue
		}
		if h.Had == access.Absent {
			delete(s.l.Roles, ref)
			continue
		}
		if leaveAlone(h, s.w) {
			delete(s.l.Roles, ref)
			if main := s.lastGiver(ref); main != nil {
				s.tell(main, access.CardLeft, ref, "")
			}
		}
	}
}

// lastGiver is the request of the latest assignment that gave a role.
func (s *step) lastGiver(ref access.RoleRef) *access.Request {
	for i := len(s.l.Assignments) - 1; i >= 0; i-- {
		if a := &s.l.Assignments[i]; contains(a.Roles, ref) {
			return s.l.Request(a.ID)
		}
	}
	return nil
}

func sortedRoles[V any](m map[access.RoleRef]V) []access.RoleRef {
	refs := make([]access.RoleRef, 0, len(m))
	for ref := range m {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, access.RoleRef.Compare)
	return refs
}

// apply of a Retry: an admin makes failed deliveries and removals due at once.
func (c Retry) apply(s *step) error {
	a := s.l.Assignment(c.Assignment)
	if a == nil {
		return access.Refuse(access.NotFound, "unknownAssignment")
	}
	if !HasRole(s.w, s.w.Packages[a.Package].Catalog, c.Actor, access.AssignmentManager) {
		return access.Refuse(access.Forbidden, "notAdmin")
	}
	if s.retry(a, func(h *access.Holding) bool { return h.Failed != "" || h.Try.Fails > 0 && h.Task == nil }) == 0 {
		return access.Refuse(access.Refused, "nothingToRetry")
	}
	s.note(EventRetried, s.l.Request(a.ID))
	return nil
}

// retry makes those roles of an assignment due at once, and counts them. A
// task is asked anew, with a new card and time.
func (s *step) retry(a *access.Assignment, which func(*access.Holding) bool) int {
	again := 0
	for _, ref := range a.Roles {
		h := s.l.Roles[ref]
		if h == nil || h.Try.Open || !which(h) {
			continue
		}
		h.Failed, h.FailedAt, h.Try.Fails, h.Try.Until = "", noTime, 0, noTime
		h.FailedBy, h.FailedReason = "", ""
		if h.Task != nil {
			s.openTask(ref, h)
		}
		again++
	}
	main := s.l.Request(a.ID)
	if again == 0 || main == nil {
		return again
	}
	a.FailedAt = noTime
	if a.State.On() && main.State.Final() {
		main.State = access.Delivering
	}
	touch(main)
	return again
}
