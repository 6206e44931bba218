package desk

import (
	"strconv"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// task asks a human to give or take one resource role. Once it is answered, or
// taken back, the card says so.
func (s scene) task(card access.Card) chat.Card {
	h := s.l.Roles[card.Role]
	if h == nil || h.Task == nil || h.Task.Mark != card.Mark {
		t := s.taskOver(card, h)
		return chat.Card{Title: s.plain("task.title"), Summary: s.flat(t), Tone: chat.ToneOver, Blocks: []chat.Block{{Text: t}}}
	}
	key, number := "task.grant", taskGrant
	if h.Task.Op == access.OpRevoke {
		key, number = "task.revoke", taskRevoke
	}
	t := s.text(key, "role", s.role(card.Role), "person", s.who(s.l.Person))
	c := chat.Card{Title: s.plain("task.title"), Summary: s.flat(t), Tone: chat.ToneWaiting, Blocks: []chat.Block{{Text: t}}}
	if r := s.l.Request(h.Task.Request); r != nil {
		list := s.fact("label.package", chat.Text{s.pkg(r.Package)})
		if removal := s.removalOf(*r); removal != nil && h.Task.Op == access.OpRevoke {
			list = append(list, s.fact("label.ended", chat.Text{s.moment(removal.At, chat.DateTime)})...)
		} else {
			list = append(list, s.fact("label.ends", s.ends(s.windowOf(*r)))...)
		}
		c.Blocks = append(c.Blocks, facts(append(list, s.fact("label.justification", said(r.Justification))...))...)
	}
	address := chat.Token{Person: s.l.Person, Request: h.Task.Request, Stage: number, Arg: chat.Digest(card.Role.String())}
	c.Buttons = s.button(c.Buttons, verbDone, chat.StylePrimary, address)
	c.Buttons = s.button(c.Buttons, verbCannot, chat.StyleDanger, address)
	return c
}

// removalOf is the record of the removal of what a request gave, or nil.
func (s scene) removalOf(r access.Request) *access.Request {
	if a := s.assignmentOf(r); a != nil {
		return s.l.Request(a.Removal)
	}
	return nil
}

// taskOver says what became of a task, as long as nothing was started after
// it.
func (s scene) taskOver(card access.Card, h *access.Holding) chat.Text {
	role, person := s.roleName(card.Role), s.who(s.l.Person)
	if h != nil && h.Task == nil && strconv.Itoa(h.Try.N) == card.Mark {
		switch {
		case h.FailedBy != "":
			return s.text("task.cannot", "role", role, "person", person, "by", s.who(h.FailedBy), "at", h.FailedAt, "reason", h.FailedReason)
		case h.Op == access.OpGrant && h.Had == access.Present, h.Op == access.OpRevoke && h.Had == access.Absent:
			return s.text("task.done", "role", role, "person", person)
		}
	}
	return s.text("task.over", "role", role, "person", person)
}

// onlyDrifted reports whether all that failed of an assignment had been there
// and was taken away by somebody.
func (s scene) onlyDrifted(a *access.Assignment) bool {
	for _, ref := range a.Roles {
		if h := s.l.Roles[ref]; h != nil && h.Failed != "" && h.Failed != "drifted" {
			return false
		}
	}
	return true
}

// failure tells admins what could not be delivered or taken away, and lets
// them try again or give up.
func (s scene) failure(r access.Request) chat.Card {
	failed := s.failures(r)
	a := s.assignmentOf(r)
	key, title, at := "failure.card", "failure.title", r.Ended
	switch {
	case len(failed) == 0 && a != nil && a.First.IsZero() && (r.State.WithoutAccess() || !a.State.On()):
		key = "failure.givenUp"
		if at.IsZero() {
			at = a.Ended
		}
	case len(failed) == 0:
		key = "failure.solved"
	case a != nil && a.State == access.AssignmentEnding:
		key = "failure.cardEnding"
	case a != nil && s.onlyDrifted(a):
		key, title = "failure.drift", "failure.driftTitle"
	}
	t := s.text(key, "person", s.who(s.l.Person), "package", s.pkg(r.Package), "at", at)
	c := chat.Card{Title: s.plain(title), Summary: s.flat(t), Tone: chat.ToneBad, Blocks: []chat.Block{{Text: t}}}
	_, status := s.status(r)
	if len(failed) == 0 {
		c.Tone = chat.ToneOver
		c.Blocks = append(c.Blocks, facts(s.fact("label.status", status))...)
		return c
	}
	c.Blocks = append(c.Blocks, chat.Block{Items: s.clip(failed, chat.MaxItems)})
	c.Blocks = append(c.Blocks, facts(append(s.fact("label.status", status), s.fact("label.ends", s.ends(s.windowOf(r)))...))...)
	address := s.at(r)
	c.Buttons = s.button(c.Buttons, verbRetry, chat.StylePrimary, address)
	switch {
	case a != nil && a.State == access.AssignmentActive:
		c.Buttons = s.button(c.Buttons, verbRevoke, chat.StyleDanger, address)
	case a != nil && a.State.On():
		c.Buttons = s.button(c.Buttons, verbCancel, chat.StyleDanger, address)
	}
	return c
}
