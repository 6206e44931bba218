package engine

import (
	"slices"
	"strconv"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// apply of a Done takes each result for what it knows. A result whose attempt
// was given up in the meantime still says something: a message that was
// posted, a role that may be there after all.
func (c Done) apply(s *step) error {
	for _, result := range c.Results {
		switch effect := parseKey(result.Key); effect.kind {
		case keyCard:
			s.cardDone(result)
		case keyRole:
			s.roleDone(effect.role, result)
		case keyAsk, keyTell, keyTask:
			s.resolveDone(effect, result)
		}
	}
	return nil
}

// failed counts a failure and says when to try again.
func (s *step) failed(try *access.Try, result Result) {
	try.Open = false
	try.Fails++
	try.Error = result.Code
	try.Until = s.now.Add(backOff(try.Fails))
	if !result.RetryAt.IsZero() { // the other side knows best, but not to try at once
		try.Until = later(result.RetryAt.UTC(), s.now.Add(time.Second))
	}
}

func (s *step) roleDone(ref access.RoleRef, result Result) {
	h := s.l.Roles[ref]
	late := h == nil || h.Try.N != result.Attempt || !h.Try.Open
	if late {
		s.lateRole(ref, h, result)
		return
	}
	before := *h
	want := wanted(s.l, s.w)[ref]
	switch {
	case result.Fail != access.FailNone:
		s.roleFailed(h, result)
	case result.Task:
		s.openTask(ref, h)
	case result.Pending:
		h.Try.Open, h.Said = false, h.Op
		if h.Op == access.OpGrant && result.Account != "" {
			h.Account = result.Account
		}
		h.Try.Until = later(result.RetryAt.UTC(), s.now.Add(time.Second))
	case h.Op == access.OpVerify:
		s.verified(h, result.Had, want)
	default:
		h.Try.Open, h.Try.Until = false, noTime
		h.Said = h.Op
		if h.Op == access.OpGrant && result.Account != "" {
			h.Account = result.Account
		}
		if h.Op == access.OpGrant && result.Before && h.Since.IsZero() && !h.Doubt {
			h.Before = true
		}
		if h.Blind {
			s.verified(h, access.Unknown, want)
		}
	}
	if h.Doubt && !h.Try.Open {
		h.Doubt = false
		h.Had, h.Said = access.Unknown, ""
	}
	s.noteRole(ref, before, h, result)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// lateRole takes the result of an attempt that nobody waits for any more: what
// is there now is not certain, so it will be looked at.
func (s *step) lateRole(ref access.RoleRef, h *access.Holding, result Result) {
	did := result.Fail == access.FailNone && result.Had == ""
	switch {
	case h == nil && did && !result.Before && !result.Pending && !result.Task:
		s.l.Roles[ref] = &access.Holding{Had: access.Unknown}
	case h == nil || !did || h.Task != nil:
	case h.Try.Open:
		h.Doubt = true
	default:
		h.Had, h.Said = access.Unknown, ""
	}
}

func (s *step) roleFailed(h *access.Holding, result Result) {
	s.failed(&h.Try, result)
	if h.Op == access.OpVerify && h.Had == access.Present {
		return // the daily look: there is no reason to doubt it yet
	}
	if h.Op == access.OpVerify && result.Fail == access.FailRetry {
		// A connector that cannot be asked leaves things as they are.
		if h.Try.Fails >= giveUpAfter {
			h.Failed, h.FailedAt = result.Code, s.now
		}
		return
	}
	h.Said = ""
	if result.Fail != access.FailRetry || h.Try.Fails >= giveUpAfter {
		h.Failed, h.FailedAt = result.Code, s.now
	}
}

// verified takes what a look at the outside world found. For a connector that
// cannot see, its own last word counts. Failures are forgotten only when it is
// as it is wanted: else a grant that always fails would never be given up.
func (s *step) verified(h *access.Holding, had access.Had, want bool) {
	h.Try.Open, h.Try.Until = false, noTime
	said := h.Said
	h.Said = ""
	if had == access.Unknown {
		h.Blind = true
		switch said {
		case access.OpGrant:
			had = access.Present
		case access.OpRevoke:
			had = access.Absent
		default:
			return
		}
	}
	drifted := h.Had == access.Present && had == access.Absent && said == "" && want
	h.Had = had
	if had == access.Present {
		h.Seen = s.now
	}
	if drifted && !s.w.Settings.Restore {
		h.Failed, h.FailedAt = "drifted", s.now
		return
	}
	wrong := said == access.OpGrant && had == access.Absent || said == access.OpRevoke && had == access.Present
	if wrong {
		s.failed(&h.Try, Result{Code: "saidButNotDone"})
		if h.Try.Fails >= giveUpAfter {
			h.Failed, h.FailedAt = "saidButNotDone", s.now
		}
		return
	}
	if (had == access.Present) == want {
		h.Try.Fails, h.Try.Error, h.Failed, h.FailedAt = 0, "", "", noTime
	}
	if had == access.Present && h.Since.IsZero() {
		h.Since = s.now
	}
}

// noteRole writes down what changed about a role, and raises the faces of the
// requests that show it.
func (s *step) noteRole(ref access.RoleRef, before access.Holding, h *access.Holding, result Result) {
	main := s.lastGiver(ref)
	if main == nil {
		return
	}
	about := func(e *Event) { byUsher(e); e.Role, e.Op, e.Had, e.Code = &ref, before.Op, h.Had, result.Code }
	switch {
	case result.Fail != access.FailNone:
		s.note(EventFailed, main, about)
	case h.Failed == "drifted" && before.Failed == "":
		s.note(EventDrifted, main, about)
		s.tell(main, access.CardFailure, access.RoleRef{}, "")
	case h.Had != before.Had || h.Failed != before.Failed:
		s.note(EventRole, main, about)
	}
	if h.Had != before.Had || h.Failed != before.Failed || h.Try.Error != before.Try.Error {
		s.touchGivers(ref)
	}
}

func (s *step) touchGivers(ref access.RoleRef) {
	for i := range s.l.Assignments {
		if a := &s.l.Assignments[i]; !a.State.Over() && contains(a.Roles, ref) {
			touch(s.l.Request(a.ID))
		}
	}
}

// openTask hands a role to a human, with a card of its own: an attempt whose
// number stands on a card already counts once more.
func (s *step) openTask(ref access.RoleRef, h *access.Holding) {
	h.Try.Open, h.Try.Until = false, noTime
	for slices.ContainsFunc(s.l.Cards, func(c access.Card) bool { return c.Role == ref && c.Mark == taskMark(h) }) {
		h.Try.N++
	}
	task := &access.Task{Op: h.Op, Hands: s.w.Resources[ref.Resource].Hands, At: s.now, Mark: taskMark(h)}
	if main := s.lastGiver(ref); main != nil {
		task.Request = main.ID
	}
	if len(task.Hands) == 0 {
		task.Hands = []access.Subject{{Kind: access.SubjectCatalogOwners}}
	}
	h.Task = task
}

// taskMark is the mark of a task's cards: what is to be done, and the number of
// the attempt.
func taskMark(h *access.Holding) string { return string(h.Op) + "." + strconv.Itoa(h.Try.N) }

// lateHand takes the word of a human that something was handed out whose task
// was taken back meanwhile: it is there, so it is to be taken away. What is not
// known of here any more is refused.
func (s *step) lateHand(c TaskAnswer) error {
	main := s.lastGiver(c.Role)
	if main == nil || wanted(s.l, s.w)[c.Role] || !c.Done || c.Op != access.OpGrant {
		return access.Refuse(access.TooLate, "noTask")
	}
	if !s.hand(c, s.w.Resources[c.Role.Resource].Hands, nil) {
		return access.Refuse(access.Forbidden, "notYourTask")
	}
	s.l.Roles[c.Role] = &access.Holding{Had: access.Present, Op: c.Op, Blind: true, Since: s.now, Seen: s.now}
	s.note(EventRole, main, func(e *Event) { e.Role, e.Op, e.Had = &c.Role, c.Op, access.Present })
	touch(main)
	return nil
}

// hand reports whether the actor may answer a task of these people: one of
// them, or who manages assignments of the resource's catalog.
func (s *step) hand(c TaskAnswer, hands []access.Subject, people []access.PersonID) bool {
	mine := slices.ContainsFunc(people, c.Actor.Owns) || matchesAny(hands, c.Actor)
	return c.Actor.Standing.Human() && (mine || HasRole(s.w, s.w.Resources[c.Role.Resource].Catalog, c.Actor, access.AssignmentManager))
}

// apply of a TaskAnswer: a human did it, or cannot.
func (c TaskAnswer) apply(s *step) error {
	h := s.l.Roles[c.Role]
	if h == nil {
		return s.lateHand(c)
	}
	if h.Task == nil || h.Task.Op != c.Op {
		return access.Refuse(access.TooLate, "noTask")
	}
	if !s.hand(c, h.Task.Hands, h.Task.People) {
		return access.Refuse(access.Forbidden, "notYourTask")
	}
	reason, err := reasonOf(c.Reason, !c.Done)
	if err != nil {
		return err
	}
	op := h.Task.Op
	h.Task, h.Blind, h.Said, h.Failed = nil, true, "", ""
	h.FailedBy, h.FailedReason = "", ""
	h.Try.Until = noTime
	if !c.Done {
		h.FailedBy, h.FailedReason = c.Actor.Person, reason
	}
	switch {
	case c.Done:
		h.Said = op
		s.verified(h, access.Unknown, op == access.OpGrant)
	case op == access.OpGrant:
		h.Had, h.Failed, h.FailedAt = access.Absent, "cannotByHand", s.now
	default:
		h.Had, h.Failed, h.FailedAt = access.Present, "cannotByHand", s.now
		h.Try.Until = s.now.Add(24 * time.Hour)
	}
	if main := s.lastGiver(c.Role); main != nil {
		s.note(EventRole, main, func(e *Event) { e.Role, e.Op, e.Had, e.Reason, e.Code = &c.Role, op, h.Had, reason, h.Failed })
	}
	s.touchGivers(c.Role)
	return nil
}
