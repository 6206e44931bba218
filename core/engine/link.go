package engine

import (
	"slices"

	"github.com/usher-dev/usher/core/access"
)

// Linked tells a ledger that some persons who have to do with it turned out to
// be one human: what they decided on a request that one of them made does not
// count, and of two decisions in a stage the first does. Those of the ledger's
// own person are Merge's business.
type Linked struct {
	Meta
	Persons []access.PersonID
}

// apply of a Linked.
func (c Linked) apply(s *step) error {
	one := func(p access.PersonID) bool { return slices.Contains(c.Persons, p) }
	for i := range s.l.Requests {
		r := &s.l.Requests[i]
		if !r.State.Waiting() {
			continue
		}
		if one(r.Asker) || one(s.l.Person) {
			s.void(r, voidSelf, func(_ int, d access.Decision) bool { return one(d.By) })
			continue
		}
		s.void(r, voidTwice, func(n int, d access.Decision) bool {
			first := slices.IndexFunc(r.Stages[n].Decisions, func(o access.Decision) bool { return one(o.By) && o.Void == "" })
			return one(d.By) && r.Stages[n].Decisions[first].By != d.By
		})
	}
	return Refresh{}.apply(s)
}

// Parted tells a ledger that an account is not its person's any more: what the
// person asked for from there is told them, from now on, at the account that
// they are named after.
type Parted struct {
	Meta
	Account access.Account
}

// apply of a Parted.
func (c Parted) apply(s *step) error {
	for i := range s.l.Requests {
		r := &s.l.Requests[i]
		if r.Via != c.Account || r.Asker != s.l.Person {
			continue
		}
		r.Via = ""
		if a := s.l.Assignment(r.Assignment); r.State.Waiting() || a != nil && !a.State.Over() {
			s.dealHolder(r, access.CardRequestor, "")
		}
	}
	return nil
}

// voidSelf says of a decision that it was on the decider's own request;
// voidTwice, that the same human had decided in that stage by another account.
// Locale key "void.<code>".
const (
	voidSelf  = "own"
	voidTwice = "twice"
)

// void takes back decisions on an open request. One that closed a stage cannot
// be taken back without undoing what came of it: then the request ends, and
// can be made again.
func (s *step) void(r *access.Request, why string, which func(stage int, d access.Decision) bool) {
	undone := false
	for n := range r.Stages {
		run := &r.Stages[n]
		run.Decisions = slices.Clone(run.Decisions)
		for j := range run.Decisions {
			d := &run.Decisions[j]
			if d.Void != "" || !which(n, *d) {
				continue
			}
			d.Void = why
			touch(r)
			voided := *d
			s.note(EventVoided, r, inStage(n), func(e *Event) { e.Decision, e.Code = &voided, why })
		}
		undone = undone || !run.Closed.IsZero() && run.Approvals() < stageOf(s.w, r, n).Needs()
	}
	if undone {
		r.EndCode = "decidedByOne"
		s.dropScheduled(r, access.AssignmentRevoked)
		s.end(r, access.Canceled, EventState, func(e *Event) { e.Code = r.EndCode })
		s.tellResult(r)
	}
}

// voidOwn takes back what the holder decided on their own open requests.
func (s *step) voidOwn() {
	for i := range s.l.Requests {
		if r := &s.l.Requests[i]; r.State.Waiting() {
			s.void(r, voidSelf, func(_ int, d access.Decision) bool { return mine(s.l, d.By) })
		}
	}
}

// mine reports whether a person is the ledger's, by whichever account.
func mine(l *access.Ledger, p access.PersonID) bool {
	return l.Person == p || slices.ContainsFunc(l.Former, func(f access.Former) bool { return f.Person == p })
}
