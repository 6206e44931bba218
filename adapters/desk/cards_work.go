package desk

import (
	"strconv"
	"strings"

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
		if h.Task.Op == access.OpRevoke {
			list = append(list, s.fact("label.justification", s.taken(*r))...)
		} else {
			list = append(list, s.fact("label.ends", s.ends(s.windowOf(*r)))...)
			list = append(list, s.fact("label.justification", said(r.Justification))...)
		}
		c.Blocks = append(c.Blocks, facts(list)...)
	}
	address := chat.Token{Person: s.l.Person, Request: h.Task.Request, Stage: number, Arg: chat.Digest(card.Role.String())}
	c.Buttons = s.button(c.Buttons, verbDone, chat.StylePrimary, address)
	c.Buttons = s.button(c.Buttons, verbCannot, chat.StyleDanger, address)
	return c
}

// taken says why what a request gave is taken away.
func (s scene) taken(r access.Request) chat.Text {
	removal := s.removalOf(r)
	if removal == nil {
		return s.text("taken.package")
	}
	a, key := s.assignmentOf(r), "taken.over"
	switch {
	case removal.Kind == access.UserRemove:
		key = "taken.back"
	case r.State == access.Canceled && r.EndedBy != "":
		key = "taken.canceled"
	case removal.Kind == access.AdminRemove:
		key = "taken.away"
	case a.Goal == access.AssignmentRevoked:
		key = "taken.left"
	}
	at := removal.At
	if key == "taken.over" && a.Window.Over(at) {
		at = a.Window.End
	}
	return s.text(key, "by", s.who(removal.Asker), "at", at, "reason", removal.Justification)
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
	op, attempt, _ := strings.Cut(card.Mark, ".")
	switch {
	case h == nil && op == string(access.OpGrant):
		return s.text("task.dropped", "role", role, "person", person)
	case h != nil && h.Task != nil && op == string(h.Task.Op):
		return s.text("task.again", "role", role, "person", person)
	}
	if h != nil && h.Task == nil && strconv.Itoa(h.Try.N) == attempt {
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
	case len(failed) == 0 && a != nil && !a.State.On() && r.State != access.Delivered:
		key = "failure.partOver"
	case len(failed) == 0 && r.State == access.Delivering:
		key = "failure.again"
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
