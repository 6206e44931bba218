package engine

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usher-dev/usher/core/access"
)

// apply of a Decide: one verdict of one person in the open stage.
func (c Decide) apply(s *step) error {
	r, run, err := s.openFor(c.Request, c.Stage, c.Actor)
	if err != nil {
		return err
	}
	if decidedBy(run, c.Actor.Is) {
		return access.Refuse(access.TooLate, "decidedByYou", "stage", c.Stage+1)
	}
	if c.Face < r.Shape {
		return access.Refuse(access.TooLate, "changedSince")
	}
	if c.Verdict != access.Approve && c.Verdict != access.Deny {
		return access.Refuse(access.Invalid, "unknownVerdict")
	}
	stage := stageOf(s.w, r, c.Stage)
	reason, err := reasonOf(c.Reason, stage.ReasonRequired)
	if err != nil {
		return err
	}
	d := access.Decision{By: c.Actor.Person, Verdict: c.Verdict, Reason: reason, At: s.now}
	run.Decisions = append(run.Decisions, d)
	touch(r)
	s.note(EventDecided, r, inStage(c.Stage), func(e *Event) { e.Decision, e.Reason = &d, reason })
	switch {
	case c.Verdict == access.Deny:
		run.Closed = s.now
		s.end(r, access.Denied, EventState)
		s.tellResult(r)
	case run.Approvals() >= stage.Needs():
		run.Closed = s.now
		s.stagePassed(r, c.Stage)
	}
	return nil
}

// stagePassed opens the next stage or approves the request.
func (s *step) stagePassed(r *access.Request, n int) {
	if !r.Stages[n].Owners && n+1 < len(s.w.Policies[r.Policy].Stages) {
		s.openStage(r, false)
		return
	}
	s.approved(r)
}

// openFor finds a request whose open stage is n and in which the actor may
// decide. The order of the checks tells nothing to whoever has no business
// with the request.
func (s *step) openFor(id access.RequestID, n int, a access.Actor) (*access.Request, *access.StageRun, error) {
	r := s.l.Request(id)
	if r == nil {
		return nil, nil, access.Refuse(access.NotFound, "unknownRequest")
	}
	if err := MayDecide(*s.l, s.w, *r, a); err != nil {
		return nil, nil, err
	}
	run, open := r.Open()
	if open != n {
		return nil, nil, access.Refuse(access.TooLate, "stageOver", "stage", n+1)
	}
	return r, run, nil
}

// reasonOf trims a reason and checks it.
func reasonOf(reason string, required bool) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" && required {
		return "", access.Refuse(access.Invalid, "reasonRequired").At("reason")
	}
	if utf8.RuneCountInString(reason) > MaxReason {
		return "", access.Refuse(access.Invalid, "tooLong", "max", MaxReason).At("reason")
	}
	return reason, nil
}

// MayDecide is nil when the actor may decide in the request's open stage now,
// else the refusal: what became of the request for those who may read it, and
// notApprover for everybody else. Programs and people of another organisation
// never decide, also when they are in a group that is asked.
func MayDecide(l access.Ledger, w World, r access.Request, a access.Actor) error {
	run, n := r.Open()
	if run == nil {
		if MayRead(l, w, r, a) {
			return overError(r)
		}
		return access.Refuse(access.Forbidden, "notApprover")
	}
	switch {
	case !a.Standing.Human():
		return access.Refuse(access.Forbidden, "notApprover")
	case a.Is(r.Asker) || a.Is(access.PersonID(r.Via)) || holds(&l, a):
		return access.Refuse(access.Forbidden, "ownRequest")
	case !a.Standing.Decides():
		return access.Refuse(access.Forbidden, "notApprover")
	}
	for _, ask := range run.Asks {
		if inAsk(w, r, ask, a) {
			return proven(a)
		}
	}
	if askedBefore(n, r, w, a) {
		return access.Refuse(access.TooLate, "stageOver", "stage", n)
	}
	return access.Refuse(access.Forbidden, "notApprover")
}

// holds reports whether the actor counts as the holder of a ledger, or did so
// when it was linked: whoever was unlinked since stays out of what is decided
// there.
func holds(l *access.Ledger, a access.Actor) bool {
	return a.Is(l.Person) || slices.ContainsFunc(l.Former, func(f access.Former) bool { return a.Is(f.Person) })
}

// proven refuses an account that might be somebody's second one.
func proven(a access.Actor) error {
	if a.Unproven {
		return access.Refuse(access.Forbidden, "accountUnproven")
	}
	return nil
}

// overError says what became of a request that waits for no decision.
func overError(r access.Request) error {
	var last access.Decision
	for _, run := range r.Stages {
		for _, d := range run.Decisions {
			if d.Void == "" {
				last = d
			}
		}
	}
	decidedState := r.State == access.Denied || !r.State.WithoutAccess()
	if last.By != "" && decidedState {
		return access.Refuse(access.TooLate, "alreadyDecided", "by", last.By, "verdict", string(last.Verdict), "at", last.At)
	}
	return access.Refuse(access.TooLate, "requestOver", "state", string(r.State))
}

// apply of a Claim: "I'm on it", for the others to see. Pressing again lets go.
func (c Claim) apply(s *step) error {
	r, run, err := s.openFor(c.Request, c.Stage, c.Actor)
	if err != nil {
		return err
	}
	switch {
	case run.ClaimedBy == "":
		run.ClaimedBy = c.Actor.Person
		s.note(EventClaimed, r, inStage(c.Stage))
	case c.Actor.Owns(run.ClaimedBy):
		run.ClaimedBy = ""
		s.note(EventReleasedClaim, r, inStage(c.Stage))
	default:
		return access.Refuse(access.TooLate, "claimedBy", "by", run.ClaimedBy)
	}
	touch(r)
	return nil
}

// apply of an Amend: an approver corrects answers that may be corrected.
func (c Amend) apply(s *step) error {
	r, _, err := s.openFor(c.Request, c.Stage, c.Actor)
	if err != nil {
		return err
	}
	policy := s.w.Policies[r.Policy]
	merged := access.Answers{}
	for id, values := range r.Answers {
		merged[id] = values
	}
	for _, q := range policy.Questions {
		values, given := c.Answers[q.ID]
		if given && !q.Editable {
			return access.Refuse(access.Forbidden, "notEditable").At("answer." + q.ID)
		}
		if given {
			merged[q.ID] = values
		}
	}
	checked, problems := access.CheckAnswers(policy.Questions, merged)
	if len(problems) > 0 {
		return problems[0]
	}
	r.Answers = checked
	reshape(r)
	s.note(EventAmended, r, inStage(c.Stage))
	return nil
}

// approved is what follows from the last approval, or from a policy that needs
// none: terms, a scheduled start, or delivery; for an extension the new end.
func (s *step) approved(r *access.Request) {
	r.State = access.Approved
	touch(r)
	s.note(EventState, r)
	if s.termsOwed(r) {
		r.State = access.PendingTerms
		r.TermsDue = s.inTime(r, access.TermsWithin)
		s.note(EventState, r)
		s.tellResult(r)
		return
	}
	s.proceed(r)
}

// termsOwed reports whether the holder has yet to accept the pinned terms. An
// extension asks again only when the terms are others than before.
func (s *step) termsOwed(r *access.Request) bool {
	if r.Terms.Version == 0 || !r.TermsAccepted.IsZero() {
		return false
	}
	main := s.mainOf(r)
	return main == nil || main.ID == r.ID || main.Terms != r.Terms
}

// proceed goes on after approval and terms.
func (s *step) proceed(r *access.Request) {
	if r.Kind == access.UserExtend {
		s.applyExtension(r)
		return
	}
	a := access.Assignment{ID: r.ID, Package: r.Package, Window: r.Window, State: access.AssignmentScheduled}
	s.l.Assignments = append(s.l.Assignments, a)
	if r.Window.Start.After(s.now) {
		r.State = access.Scheduled
		touch(r)
		s.note(EventState, r)
		s.tellResult(r)
		return
	}
	s.beginDelivery(r.ID)
}

// beginDelivery starts what was approved, at its scheduled start or at once.
func (s *step) beginDelivery(id access.RequestID) {
	r, a := s.l.Request(id), s.l.Assignment(id)
	r.State, a.State = access.Delivering, access.AssignmentDelivering
	a.Notices = noticesBefore(a.Window.End, s.now)
	touch(r)
	s.note(EventState, r)
}

// apply of an AnswerTerms: only the holder can accept.
func (c AnswerTerms) apply(s *step) error {
	r := s.l.Request(c.Request)
	if r == nil {
		return access.Refuse(access.NotFound, "unknownRequest")
	}
	if !c.Actor.Owns(s.l.Person) {
		return access.Refuse(access.Forbidden, "notYours")
	}
	if r.State != access.PendingTerms {
		if !r.TermsAccepted.IsZero() {
			return access.Refuse(access.TooLate, "termsAccepted")
		}
		return access.Refuse(access.TooLate, "termsNotAsked")
	}
	r.TermsDue = time.Time{}
	if !c.Accept {
		r.EndedBy, r.EndCode = c.Actor.Person, "termsRefused"
		s.end(r, access.Withdrawn, EventTermsRefused)
		return nil
	}
	r.TermsAccepted = s.now
	touch(r)
	s.note(EventTermsAccepted, r)
	s.proceed(r)
	return nil
}
