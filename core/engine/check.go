package engine

import (
	"fmt"
	"slices"

	"github.com/usher-dev/usher/core/access"
)

// Check states what must always hold of a ledger between two commands. It
// returns the first thing that does not.
func Check(l access.Ledger) error {
	if l.Forward != nil && (len(l.Requests)+len(l.Assignments)+len(l.Roles)+len(l.Cards) > 0 || l.Forward.To == l.Person) {
		return fmt.Errorf("ledger of %q: a forward that holds something", l.Person)
	}
	if l.Schema != access.LedgerSchema || l.Person == "" || l.Next < 1 {
		return fmt.Errorf("ledger of %q: schema %d, next %d", l.Person, l.Schema, l.Next)
	}
	live := map[access.PackageID]access.RequestID{}
	for i := range l.Requests {
		r := &l.Requests[i]
		if err := checkRequest(&l, r); err != nil {
			return fmt.Errorf("request %d: %w", r.ID, err)
		}
		a := l.Assignment(r.ID)
		counts := r.State.Waiting() && a == nil || a != nil && (a.State.On() || a.State == access.AssignmentScheduled)
		if r.Kind.Adds() && counts {
			if other, twice := live[r.Package]; twice {
				return fmt.Errorf("requests %d and %d are for the same package", other, r.ID)
			}
			live[r.Package] = r.ID
		}
	}
	for i := range l.Assignments {
		if err := checkAssignment(&l, &l.Assignments[i]); err != nil {
			return fmt.Errorf("assignment %d: %w", l.Assignments[i].ID, err)
		}
	}
	return checkRolesAndCards(&l)
}

func checkRequest(l *access.Ledger, r *access.Request) error {
	main := l.Request(r.Assignment)
	switch {
	case r.ID < 1 || r.ID >= l.Next:
		return fmt.Errorf("its number is not below %d", l.Next)
	case l.Request(r.ID) != r:
		return fmt.Errorf("its number is used twice")
	case main == nil || main.Package != r.Package:
		return fmt.Errorf("its case %d is missing", r.Assignment)
	case r.State == access.Approved:
		return fmt.Errorf("approved is no state to rest in")
	case r.Face < r.Shape || r.Shape < 1:
		return fmt.Errorf("face %d, shape %d", r.Face, r.Shape)
	case r.State == access.PendingTerms && r.TermsDue.IsZero():
		return fmt.Errorf("terms without a time-out")
	case r.State.WithoutAccess() && r.Ended.IsZero():
		return fmt.Errorf("over without a time")
	}
	return checkStages(l, r)
}

// beforeLink reports whether a decision was made before it could be known that
// the decider is the holder: one of the two had a ledger of their own by then.
func beforeLink(l *access.Ledger, r *access.Request, d access.Decision) bool {
	return slices.ContainsFunc(l.Former, func(f access.Former) bool {
		theirs := r.ID > f.Shift && r.ID <= f.Shift+f.Last
		return !f.At.Before(d.At) && (d.By == f.Person || theirs)
	})
}

// checkStages: one open stage at most, the last; one decision a person and
// stage, none by the holder or the asker, and at most one denial, at the end.
func checkStages(l *access.Ledger, r *access.Request) error {
	if open, _ := r.Open(); r.State == access.PendingApproval && (open == nil || !open.Closed.IsZero() || open.Due.IsZero()) {
		return fmt.Errorf("pending without an open stage")
	}
	for n, run := range r.Stages {
		if r.State != access.PendingApproval && run.Closed.IsZero() || n+1 < len(r.Stages) && run.Closed.IsZero() {
			return fmt.Errorf("stage %d is not closed", n+1)
		}
		by := map[access.PersonID]bool{}
		for _, d := range run.Decisions {
			switch {
			case by[d.By]:
				return fmt.Errorf("%s decided twice in stage %d", d.By, n+1)
			case d.Void == "" && (mine(l, d.By) || d.By == r.Asker) && !beforeLink(l, r, d):
				return fmt.Errorf("%s decided on their own request", d.By)
			case d.Verdict == access.Deny && r.State != access.Denied:
				return fmt.Errorf("denied but %s", r.State)
			}
			by[d.By] = true
		}
	}
	return nil
}

func checkAssignment(l *access.Ledger, a *access.Assignment) error {
	main := l.Request(a.ID)
	switch {
	case main == nil || !main.Kind.Adds():
		return fmt.Errorf("no adding request")
	case !main.Window.Equal(a.Window):
		return fmt.Errorf("window %v, on the request %v", a.Window, main.Window)
	case a.State.On() && !a.First.IsZero() && a.Window.Open():
		return fmt.Errorf("delivered, but its end is not set")
	case a.State == access.AssignmentActive && a.First.IsZero():
		return fmt.Errorf("active without a delivery")
	case a.State == access.AssignmentEnding && (l.Request(a.Removal) == nil || a.Goal == ""):
		return fmt.Errorf("ending without its record")
	case a.State.Over() && a.Ended.IsZero():
		return fmt.Errorf("over without a time")
	case a.State.On() && a.Window.Over(l.Last):
		return fmt.Errorf("on after its end %v", a.Window.End)
	}
	return nil
}

func checkRolesAndCards(l *access.Ledger) error {
	for ref, h := range l.Roles {
		if h.Had != access.Absent && h.Had != access.Present && h.Had != access.Unknown {
			return fmt.Errorf("role %s: had %q", ref, h.Had)
		}
		if h.Task != nil && h.Try.Open {
			return fmt.Errorf("role %s: a task and an attempt at once", ref)
		}
	}
	seen := map[access.CardKey]bool{}
	for _, c := range l.Cards {
		if seen[c.Key()] {
			return fmt.Errorf("card %v twice", c.Key())
		}
		seen[c.Key()] = true
		if l.Request(c.Request) == nil && c.Kind != access.CardTask {
			return fmt.Errorf("card %v shows a request that is not there", c.Key())
		}
	}
	return nil
}
