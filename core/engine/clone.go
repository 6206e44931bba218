package engine

import (
	"maps"
	"slices"

	"github.com/usher-dev/usher/core/access"
)

// clone copies everything of a ledger that a Step may change in place. Values
// that are only ever replaced (answers, found people) are shared.
func clone(l access.Ledger) access.Ledger {
	l.Requests = slices.Clone(l.Requests)
	for i := range l.Requests {
		cloneRequest(&l.Requests[i])
	}
	l.Assignments = slices.Clone(l.Assignments)
	for i := range l.Assignments {
		a := &l.Assignments[i]
		a.Roles = slices.Clone(a.Roles)
		a.Notices = slices.Clone(a.Notices)
	}
	roles := make(map[access.RoleRef]*access.Holding, len(l.Roles))
	for ref, h := range l.Roles {
		copied := *h
		if h.Task != nil {
			task := *h.Task
			copied.Task = &task
		}
		roles[ref] = &copied
	}
	l.Roles = roles
	l.Cards = slices.Clone(l.Cards)
	l.Asking = maps.Clone(l.Asking)
	if l.Asking == nil {
		l.Asking = map[string]access.Try{}
	}
	return l
}

func cloneRequest(r *access.Request) {
	r.Tell = slices.Clone(r.Tell)
	r.Stages = slices.Clone(r.Stages)
	for i := range r.Stages {
		run := &r.Stages[i]
		run.Asks = slices.Clone(run.Asks)
		for j := range run.Asks {
			run.Asks[j].Found = slices.Clone(run.Asks[j].Found)
		}
		run.Decisions = slices.Clone(run.Decisions)
	}
}
