package desk

import (
	"slices"
	"strconv"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// approver is the card to decide on. It says who asks, for which package, why,
// what they will be able to do, from when until when, who decides and how many
// are needed, what was decided before and why, and when it times out. It stays
// and is redrawn until the access is over.
func (s scene) approver(r access.Request, card access.Card) chat.Card {
	tone, status := s.status(r)
	c := chat.Card{Title: s.plain(s.approverTitle(r), "package", s.packageName(r.Package)), Tone: tone}
	asks := s.asks(r)
	c.Summary = s.flat(s.text("approver.summary", "asks", asks, "ends", s.ends(s.windowOf(r)), "why", r.Justification))
	c.Blocks = append(c.Blocks, chat.Block{Text: asks})
	stage, n := r.Open()
	out := card.Kind == access.CardApprover && s.leftOut(stage, n, card) // Details is nobody's card
	if out {
		c.Tone, status = chat.ToneOver, s.text("status.notAsked")
	}
	if stage == nil || out {
		c.Blocks = append(c.Blocks, chat.Block{Heading: s.plain("heading.status"), Text: status})
		if failed := s.failures(r); len(failed) > 0 {
			c.Blocks = append(c.Blocks, chat.Block{Heading: s.plain("heading.missing"), Items: failed})
		}
	}
	c.Blocks = append(c.Blocks, facts(s.why(r))...)
	c.Blocks = append(c.Blocks, s.gives(r)...)
	c.Blocks = append(c.Blocks, facts(append(s.approverTimes(r), s.stageFacts(r, stage, n)...))...)
	c.Blocks = append(c.Blocks, s.history(r)...)
	c.Blocks = append(c.Blocks, s.remarks(r)...)
	if !out && (stage == nil || ofStage(card, n)) {
		c.Buttons = s.approverButtons(r, stage)
	}
	return c
}

// ofStage reports whether a card is about the stage n, not an earlier one.
func ofStage(card access.Card, n int) bool {
	return card.Mark == "" || card.Mark == strconv.Itoa(n+1)
}

// leftOut reports whether the reader was asked in the open stage and is none
// of those who decide any more: they left the group, or its owners changed.
func (s scene) leftOut(stage *access.StageRun, n int, card access.Card) bool {
	if stage == nil || s.me == "" || !ofStage(card, n) {
		return false
	}
	whole := func(f access.Found) bool { return f.Whole } // they may be in it
	for _, ask := range stage.Asks {
		unknown := len(ask.Found) == 0 && len(ask.Subjects) > 0
		if unknown || slices.ContainsFunc(ask.Found, whole) {
			return false
		}
	}
	return !slices.ContainsFunc(stage.People(), s.is)
}

func (s scene) approverTitle(r access.Request) string {
	if r.Kind == access.UserExtend {
		return "approver.titleExtend"
	}
	return "approver.title"
}

// asks says who asks for what, and for whom.
func (s scene) asks(r access.Request) chat.Text {
	key := "asks.own"
	switch {
	case r.Kind == access.UserExtend:
		key = "asks.extend"
	case r.Kind == access.AdminAdd:
		key = "asks.assigned"
	case r.Kind == access.OnBehalfAdd:
		key = "asks.behalf"
	}
	return s.text(key, "asker", s.who(r.Asker), "person", s.who(s.l.Person), "package", s.pkg(r.Package))
}

// approverTimes are from when until when. An extension also says the end that
// holds now.
func (s scene) approverTimes(r access.Request) []chat.Fact {
	w, a := s.windowOf(r), s.assignmentOf(r)
	if r.Kind == access.UserExtend {
		var out []chat.Fact
		if a != nil && r.State.Waiting() {
			end := s.ends(a.Window)
			if !a.Window.End.IsZero() {
				end = chat.Text{s.moment(a.Window.End, chat.DateTime)}
			}
			out = s.fact("label.endsNow", end)
		}
		return append(out, s.fact("label.endsNew", s.ends(w))...)
	}
	if r.State.WithoutAccess() {
		return s.fact("label.ends", s.ends(w))
	}
	from := s.starts(w)
	if a != nil && !a.First.IsZero() {
		from = chat.Text{s.moment(a.First, chat.DateTime)}
	}
	return append(s.fact("label.from", from), s.fact("label.ends", s.ends(w))...)
}

// stageFacts say who decides, how many are needed, and by when.
func (s scene) stageFacts(r access.Request, stage *access.StageRun, n int) []chat.Fact {
	if stage == nil {
		return nil
	}
	out := s.fact("label.decides", s.deciders(r, *stage))
	if s.stageCount(r) > 1 {
		out = append(out, s.fact("label.stage", s.stageName(r, n))...)
	}
	needs := s.needs(r, n)
	out = append(out, s.fact("label.needed", s.count("stage.needs", needs, "have", stage.Approvals()))...)
	out = append(out, s.fact("label.due", chat.Text{s.moment(stage.Due, chat.DateTime)})...)
	if why := s.levelKey(*stage); why != "" {
		out = append(out, s.fact("label.level", s.text("level."+why))...)
	}
	if stage.Owners {
		out = append(out, s.fact("label.level", s.text("level.owners"))...)
	}
	return append(out, s.fact("label.claimed", s.who(stage.ClaimedBy))...)
}

// levelKey says why the reader was asked although they are no approver of the
// policy; nothing for those who are.
func (s scene) levelKey(stage access.StageRun) string {
	level := lastLevel(stage)
	for _, ask := range slices.Backward(stage.Asks) {
		if slices.ContainsFunc(ask.Found, func(f access.Found) bool { return slices.ContainsFunc(f.People, s.is) }) {
			level = ask.Level
		}
	}
	switch {
	case level == access.AskApprovers:
		return ""
	case level != access.AskAlternates && onlyManager(stage.Asks[0]):
		return "noManager"
	}
	return string(level)
}

// onlyManager reports whether nobody but the manager was to decide.
func onlyManager(ask access.Ask) bool {
	return len(ask.Subjects) > 0 && !slices.ContainsFunc(ask.Subjects, func(sub access.Subject) bool { return sub.Kind != access.SubjectManager })
}

// lastLevel is the capacity of the people who were asked last.
func lastLevel(stage access.StageRun) access.AskLevel {
	if len(stage.Asks) == 0 {
		return access.AskApprovers
	}
	return stage.Asks[len(stage.Asks)-1].Level
}

func (s scene) approverButtons(r access.Request, stage *access.StageRun) []chat.Button {
	t := s.at(r)
	var out []chat.Button
	if stage != nil {
		if slices.ContainsFunc(stage.Decisions, func(d access.Decision) bool { return s.is(d.By) && d.Void == "" }) {
			return nil
		}
		out = s.button(out, verbApprove, chat.StylePrimary, t)
		out = s.button(out, verbDeny, chat.StyleDanger, t)
		if stage.ClaimedBy == "" || s.me == "" || s.is(stage.ClaimedBy) {
			out = s.button(out, verbClaim, chat.StylePlain, t)
		}
		if n := len(out) - 1; stage.ClaimedBy != "" && n >= 0 && (s.me == "" || s.is(stage.ClaimedBy)) {
			out[n].Label = s.plain("button.letGo")
		}
		if len(s.editable(r)) > 0 {
			out = s.button(out, verbAmend, chat.StylePlain, t)
		}
		return out
	}
	a := s.assignmentOf(r)
	if a != nil && a.State.On() && s.mayRevoke(r) {
		out = s.button(out, verbRevoke, chat.StyleDanger, chat.Token{Person: s.l.Person, Request: a.ID})
	}
	return out
}

// mayRevoke reports whether the reader approved the request. The engine has
// the last word; this only spares a button that would be refused.
func (s scene) mayRevoke(r access.Request) bool {
	if s.me == "" {
		return true
	}
	for _, stage := range r.Stages {
		for _, d := range stage.Decisions {
			if s.is(d.By) && d.Verdict == access.Approve && d.Void == "" {
				return true
			}
		}
	}
	return engine.HasRole(s.w, s.w.Packages[r.Package].Catalog, access.Actor{Person: s.me, Also: s.also, Standing: access.Member}, access.AssignmentManager)
}
