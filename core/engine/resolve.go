package engine

import (
	"github.com/usher-dev/usher/core/access"
)

// resolveDone takes the directory's answer about the people of a stage, of a
// task, or of those to be told something.
func (s *step) resolveDone(k effectKey, result Result) {
	try, owed := s.l.Asking[string(result.Key)]
	if !owed || !try.Open || try.N != result.Attempt {
		return // asked anew meanwhile, or not of interest any more
	}
	if result.Fail != access.FailNone {
		s.failed(&try, result)
		s.l.Asking[string(result.Key)] = try
		return
	}
	delete(s.l.Asking, string(result.Key))
	switch k.kind {
	case keyTask:
		s.taskFound(k.role, result.Found)
	case keyTell:
		if r := s.l.Request(k.request); r != nil && k.stage < len(r.Tell) {
			s.tellFound(r, &r.Tell[k.stage], result.Found)
		}
	case keyAsk:
		if r := s.l.Request(k.request); r != nil {
			s.found(r, k.stage, k.level, result.Found)
		}
	}
}

func peopleOf(found []access.Found) []access.PersonID {
	return access.StageRun{Asks: []access.Ask{{Found: found}}}.People()
}

// tellFound deals the card to those who were found; where a catalog has no
// owner who can be reached, to the tenant admins.
func (s *step) tellFound(r *access.Request, t *access.Telling, found []access.Found) {
	people := peopleOf(found)
	if len(people) == 0 && t.Ask.Subjects[0].Kind == access.SubjectCatalogOwners {
		t.Ask.Subjects = []access.Subject{{Kind: access.SubjectTenantAdmins}}
		return
	}
	t.Ask.Found, t.Ask.At = found, s.now
	for _, p := range people {
		s.dealCard(access.Card{
			Kind: t.Kind, Request: r.ID, Role: t.Role, Place: access.Place{Person: p}, Mark: t.Mark,
		})
	}
}

// taskFound deals the task to its hands; to owners, then tenant admins, where
// there are none.
func (s *step) taskFound(ref access.RoleRef, found []access.Found) {
	h := s.l.Roles[ref]
	if h == nil || h.Task == nil {
		return
	}
	people := peopleOf(found)
	if len(people) == 0 {
		next := access.SubjectCatalogOwners
		if h.Task.Hands[0].Kind == next {
			next = access.SubjectTenantAdmins
		}
		if h.Task.Hands[0].Kind != access.SubjectTenantAdmins {
			h.Task.Hands = []access.Subject{{Kind: next}}
		} else {
			h.Task.People = []access.PersonID{}
		}
		return
	}
	h.Task.People = people
	for _, p := range people {
		s.dealCard(access.Card{
			Kind: access.CardTask, Request: h.Task.Request, Role: ref, Place: access.Place{Person: p}, Mark: h.Task.Mark,
		})
	}
}
