package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// moment is something that falls due by itself. Moments of the same time are
// applied in the order of rank: what ends something comes before what only
// reminds of it.
type moment struct {
	at   time.Time
	rank int
	do   func(*step)
}

const (
	rankOver   = iota // a window or an assignment ended
	rankLate          // nobody decided, terms not accepted
	rankStart         // a scheduled start
	rankNotice        // reminders, alternates, notices
)

// elapse applies every moment up to until, in due order, and leaves now at
// until. Each moment does away with itself, so this ends.
func (s *step) elapse() {
	by := s.m.Actor
	s.m.Actor = access.SystemActor()
	for {
		next, ok := earliest(s.l)
		if !ok || next.at.After(s.until) {
			break
		}
		if next.at.After(s.now) {
			s.now = next.at
		}
		next.do(s)
		s.settle()
	}
	s.m.Actor = by
	s.now = s.until
}

// earliest is the next moment of a ledger.
func earliest(l *access.Ledger) (moment, bool) {
	var first moment
	found := false
	consider := func(at time.Time, rank int, do func(*step)) {
		if at.IsZero() {
			return
		}
		if !found || at.Before(first.at) || at.Equal(first.at) && rank < first.rank {
			first, found = moment{at, rank, do}, true
		}
	}
	for i := range l.Requests {
		requestMoments(l, &l.Requests[i], consider)
	}
	for i := range l.Assignments {
		assignmentMoments(&l.Assignments[i], consider)
	}
	for _, ref := range sortedRoles(l.Roles) {
		if h := l.Roles[ref]; h.Task != nil && h.Failed == "" {
			consider(h.Task.At.Add(taskWithin), rankNotice, func(s *step) { s.taskLate(ref) })
		}
	}
	return first, found
}

// taskWithin is how long a human may take for a task before the owners are
// told. It can still be done after that.
const taskWithin = 3 * 24 * time.Hour

// taskLate falls due when nobody did a task in time.
func (s *step) taskLate(ref access.RoleRef) {
	h := s.l.Roles[ref]
	h.Failed, h.FailedAt = "notDoneByHand", s.now
	if main := s.lastGiver(ref); main != nil {
		s.note(EventFailed, main, func(e *Event) { e.Role, e.Op, e.Had, e.Code = &ref, h.Task.Op, h.Had, h.Failed })
		s.tell(main, access.CardFailure, access.RoleRef{}, "")
	}
	s.touchGivers(ref)
}

func requestMoments(l *access.Ledger, r *access.Request, consider func(time.Time, int, func(*step))) {
	id := r.ID
	timeout := func(code string) func(*step) { return func(s *step) { s.timeOut(id, code) } }
	switch r.State {
	case access.PendingApproval, access.PendingTerms:
		over := timeout("endPassed")
		if r.State == access.PendingTerms {
			over = timeout("endBeforeTerms")
		}
		consider(r.Window.End, rankOver, over)
		if a := l.Assignment(r.Assignment); a != nil && r.Kind == access.UserExtend {
			consider(a.Window.End, rankOver, timeout("assignmentEnded"))
		}
		consider(r.TermsDue, rankLate, timeout("termsNotAccepted"))
	case access.Scheduled:
		consider(r.Window.Start, rankStart, func(s *step) { s.beginDelivery(id) })
	}
	if run, _ := r.Open(); run != nil {
		consider(run.Due, rankLate, timeout("undecided"))
		consider(run.RemindAt, rankNotice, func(s *step) { s.remind(id) })
		consider(run.ForwardAt, rankNotice, func(s *step) { s.forward(id) })
	}
}

func assignmentMoments(a *access.Assignment, consider func(time.Time, int, func(*step))) {
	id := a.ID
	if !a.State.On() {
		return
	}
	consider(a.Window.End, rankOver, func(s *step) { s.expire(id) })
	if !a.FailedAt.IsZero() {
		consider(a.FailedAt.Add(failedFor), rankOver, func(s *step) { s.expire(id) })
	}
	if n := len(a.Notices); n > 0 {
		consider(a.Notices[n-1], rankNotice, func(s *step) { s.warn(id) })
	}
}

// failedFor is how long an assignment of which nothing could be delivered
// waits for an admin's retry before it ends.
const failedFor = 14 * 24 * time.Hour

// inTime is when a request that waits from now on for at most length times out:
// not after the end of the access that it is about. Every place that names a
// deadline shows what this made of it.
func (s *step) inTime(r *access.Request, length time.Duration) time.Time {
	due := s.now.Add(length)
	ends := []time.Time{r.Window.End}
	if a := s.l.Assignment(r.Assignment); a != nil {
		ends = append(ends, a.Window.End) // of an extension: the end that holds now
	}
	for _, end := range ends {
		if !end.IsZero() && end.Before(due) {
			due = end
		}
	}
	return due
}

// timeOut ends a request because of a time that passed.
func (s *step) timeOut(id access.RequestID, code string) {
	r := s.l.Request(id)
	r.EndCode = code
	s.end(r, access.TimedOut, EventState, func(e *Event) { e.Code = code })
	s.tellResult(r)
}
