package engine

import (
	"slices"
	"strconv"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// ownersStage stands in for a policy's stage where the policy has none but
// somebody other than its author must decide.
func ownersStage() access.Stage {
	return access.Stage{Approvers: []access.Subject{{Kind: access.SubjectCatalogOwners}}}
}

// stageOf is what the policy says of a stage of a request.
func stageOf(w World, r *access.Request, n int) access.Stage {
	policy := w.Policies[r.Policy]
	if n < 0 || n >= len(r.Stages) || r.Stages[n].Owners || n >= len(policy.Stages) {
		return ownersStage()
	}
	return policy.Stages[n]
}

// openStage opens the request's next stage and owes the look-up of its people.
func (s *step) openStage(r *access.Request, owners bool) {
	r.State = access.PendingApproval
	r.Stages = append(r.Stages, access.StageRun{Opened: s.now, Owners: owners})
	n := len(r.Stages) - 1
	stage := stageOf(s.w, r, n)
	run := &r.Stages[n]
	run.Due = s.inTime(r, stage.DecideWithin())
	run.RemindAt = s.now.Add(run.Due.Sub(s.now) / 2)
	if len(stage.Alternates) > 0 {
		run.ForwardAt = s.now.Add(stage.AskAlternatesAfter())
	}
	touch(r)
	s.note(EventStageOpened, r, inStage(n))
	s.ask(r, n, access.AskApprovers, stage.Approvers)
}

func inStage(n int) func(*Event) { return func(e *Event) { e.Stage = n + 1 } }

// ask adds a set of people to a stage. One without subjects is known at once
// to be empty.
func (s *step) ask(r *access.Request, n int, level access.AskLevel, subjects []access.Subject) {
	run := &r.Stages[n]
	ask := access.Ask{Level: level, Subjects: subjects}
	if len(subjects) == 0 {
		ask.At = s.now
	}
	run.Asks = append(run.Asks, ask)
	if level != access.AskApprovers {
		touch(r)
		s.note(EventForwarded, r, inStage(n), func(e *Event) { e.Level = level })
	}
	s.reach(r, n)
}

// found takes the directory's answer for one ask of a stage.
func (s *step) found(r *access.Request, n int, level access.AskLevel, found []access.Found) {
	if n < 0 || n >= len(r.Stages) {
		return
	}
	run := &r.Stages[n]
	for i := range run.Asks {
		ask := &run.Asks[i]
		if ask.Level != level {
			continue
		}
		before := run.People()
		ask.Found, ask.At = found, s.now
		if after := run.People(); !slices.Equal(before, after) {
			touch(r)
			s.note(EventAsked, r, inStage(n), func(e *Event) { e.Level, e.People = level, after })
		}
	}
	if open, m := r.Open(); open != nil && m == n {
		s.reach(r, n)
	}
}

// reach deals cards to everybody who can decide, and asks the next level when
// too few can: fallbacks, then catalog owners, then tenant admins.
func (s *step) reach(r *access.Request, n int) {
	run := &r.Stages[n]
	able := 0
	for _, p := range run.People() {
		if p == s.l.Person || p == r.Asker {
			continue
		}
		s.dealApprover(r, access.CardApprover, p, n)
		if !s.askedInVain(r, p, n) {
			able++
		}
	}
	s.dealChannels(r, access.CardApprover, n)
	for _, ask := range run.Asks {
		if ask.At.IsZero() || wholeGroup(ask) {
			return // not known yet, or more than anybody could count
		}
	}
	stage := stageOf(s.w, r, n)
	if able >= stage.Needs() {
		return
	}
	s.nextLevel(r, n, stage)
}

// routing is where the cards of a request's approvers go.
func routing(w World, r *access.Request) access.Routing {
	p := w.Packages[r.Package]
	for _, route := range []access.Routing{p.Routing, w.Catalogs[p.Catalog].Routing, w.Settings.Routing} {
		if len(route.Channels) > 0 {
			return route
		}
	}
	return access.Routing{}
}

// dealApprover deals an approver's card unless the approvers are only asked in
// channels.
func (s *step) dealApprover(r *access.Request, kind access.CardKind, p access.PersonID, n int) {
	if !routing(s.w, r).ChannelOnly {
		s.deal(r, kind, p, strconv.Itoa(n+1))
	}
}

// dealChannels deals one card to each channel that the request is routed to.
func (s *step) dealChannels(r *access.Request, kind access.CardKind, n int) {
	for _, channel := range routing(s.w, r).Channels {
		s.dealCard(access.Card{
			Kind: kind, Request: r.ID, Place: access.Place{Channel: channel}, Mark: strconv.Itoa(n + 1),
		})
	}
}

func wholeGroup(ask access.Ask) bool {
	for _, f := range ask.Found {
		if f.Whole {
			return true
		}
	}
	return false
}

// nextLevel asks the first level that was not asked yet. When all were, the
// tenant admins are told that nobody can decide.
func (s *step) nextLevel(r *access.Request, n int, stage access.Stage) {
	levels := []struct {
		level    access.AskLevel
		subjects []access.Subject
	}{
		{access.AskFallbacks, stage.Fallbacks},
		{access.AskOwners, []access.Subject{{Kind: access.SubjectCatalogOwners}}},
		{access.AskTenantAdmins, []access.Subject{{Kind: access.SubjectTenantAdmins}}},
	}
	for _, next := range levels {
		asked := slices.ContainsFunc(r.Stages[n].Asks, func(a access.Ask) bool { return a.Level == next.level })
		if !asked && len(next.subjects) > 0 {
			s.ask(r, n, next.level, next.subjects)
			return
		}
	}
	if s.tell(r, access.CardNobody, access.RoleRef{}, strconv.Itoa(n+1)) {
		s.note(EventUnreachable, r, inStage(n))
	}
}

// remind falls due at half-time. One that a later deadline has overtaken is
// dropped.
func (s *step) remind(id access.RequestID) {
	r := s.l.Request(id)
	run, n := r.Open()
	run.RemindAt = time.Time{}
	if !run.Due.After(s.until) {
		return
	}
	run.Reminded = s.now
	s.note(EventReminded, r, inStage(n))
	for _, p := range run.People() {
		if p != s.l.Person && p != r.Asker && !decided(run, p) {
			s.dealApprover(r, access.CardReminder, p, n)
		}
	}
	s.dealChannels(r, access.CardReminder, n)
}

// forward falls due when the alternates are to be asked too.
func (s *step) forward(id access.RequestID) {
	r := s.l.Request(id)
	run, n := r.Open()
	run.ForwardAt = time.Time{}
	if !run.Due.After(s.until) {
		return
	}
	s.ask(r, n, access.AskAlternates, stageOf(s.w, r, n).Alternates)
}

// decided reports whether p decided in a stage; decidedBy, whether any of
// those whom is says yes to did.
func decided(run *access.StageRun, p access.PersonID) bool {
	return decidedBy(run, func(other access.PersonID) bool { return other == p })
}

func decidedBy(run *access.StageRun, is func(access.PersonID) bool) bool {
	return slices.ContainsFunc(run.Decisions, func(d access.Decision) bool { return is(d.By) && d.Void == "" })
}
