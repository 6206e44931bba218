package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// requestor is the living card of whoever asked, and of whoever gets it: from
// received to over. It always says what is waited for, and the end.
func (s scene) requestor(r access.Request) chat.Card {
	tone, status := s.status(r)
	c := chat.Card{
		Title: s.plain(s.titleKey(r), "package", s.packageName(r.Package)),
		Tone:  tone,
	}
	c.Summary = c.Title + ": " + s.flat(status)
	c.Blocks = append(c.Blocks, chat.Block{Text: status})
	if failed := s.failures(r); len(failed) > 0 {
		c.Blocks = append(c.Blocks, chat.Block{Heading: s.plain("heading.missing"), Items: failed})
	}
	c.Blocks = append(c.Blocks, facts(s.times(r))...)
	if !r.State.WithoutAccess() {
		c.Blocks = append(c.Blocks, s.gives(r)...)
	}
	c.Blocks = append(c.Blocks, s.history(r)...)
	c.Buttons = s.requestorButtons(r)
	return c
}

// titleKey tells what kind of request it is.
func (s scene) titleKey(r access.Request) string {
	if r.Kind == access.UserExtend {
		return "title.extension"
	}
	return "title.request"
}

// times are for whom, from when and until when, by when it is decided, and
// since when it is held.
func (s scene) times(r access.Request) []chat.Fact {
	var out []chat.Fact
	if r.Asker != s.l.Person || !s.is(s.l.Person) {
		out = append(out, s.fact("label.for", s.who(s.l.Person))...)
	}
	switch {
	case r.Kind == access.AdminAdd:
		out = append(out, s.fact("label.assigner", s.who(r.Asker))...)
		out = append(out, s.fact("label.justification", said(r.Justification))...)
	case r.Asker != s.l.Person:
		out = append(out, s.fact("label.asker", s.who(r.Asker))...)
	}
	w := s.windowOf(r)
	a := s.assignmentOf(r)
	switch {
	case r.Kind == access.UserExtend:
	case a != nil && !a.First.IsZero():
		out = append(out, s.fact("label.since", chat.Text{s.moment(a.First, chat.DateTime)})...)
	case !r.State.WithoutAccess():
		out = append(out, s.fact("label.from", s.starts(w))...)
	}
	out = append(out, s.fact("label.ends", s.ends(w))...)
	if stage, _ := r.Open(); stage != nil {
		out = append(out, s.fact("label.due", chat.Text{s.moment(stage.Due, chat.DateTime)})...)
	}
	return out
}

// failures says in plain words which resource roles are not delivered, or not
// taken away.
func (s scene) failures(r access.Request) []chat.Text {
	a := s.assignmentOf(r)
	if a == nil {
		return nil
	}
	var out []chat.Text
	for _, ref := range a.Roles {
		h := s.l.Roles[ref]
		if h == nil || a.State == access.AssignmentEnding && h.Op == access.OpGrant {
			continue // what could not be given stands in nobody's way any more
		}
		if h.Failed != "" {
			out = append(out, s.text("failure.line", "role", s.roleName(ref), "what", s.failureText(*h)))
		}
	}
	return out
}

// failureText is the sentence for the code of something that failed outside.
func (s scene) failureText(h access.Holding) chat.Text {
	key := "failure." + h.Failed
	switch {
	case h.FailedBy != "" && s.has(key+".by"):
		return s.text(key+".by", "by", s.who(h.FailedBy), "reason", h.FailedReason)
	case s.has(key):
		return s.text(key)
	}
	return s.text("failure.unknown")
}

func (s scene) requestorButtons(r access.Request) []chat.Button {
	t := s.at(r)
	var out []chat.Button
	a := s.assignmentOf(r)
	switch {
	case r.State == access.PendingTerms && s.is(s.l.Person):
		out = s.button(out, verbTerms, chat.StylePrimary, t)
		out = s.button(out, verbWithdraw, chat.StylePlain, t)
	case r.State.Waiting() && (s.is(s.l.Person) || s.is(r.Asker)):
		out = s.button(out, verbWithdraw, chat.StylePlain, t)
	case a != nil && a.State.On() && r.Kind != access.UserExtend && s.is(s.l.Person):
		out = s.holderButtons(*a)
	}
	return out
}

// holderButtons are what a holder can do with an assignment.
func (s scene) holderButtons(a access.Assignment) []chat.Button {
	t := chat.Token{Person: s.l.Person, Request: a.ID}
	var out []chat.Button
	if a.State == access.AssignmentActive && s.mayExtend(a) {
		out = s.button(out, verbExtend, chat.StylePlain, t)
	}
	return s.button(out, verbRelease, chat.StylePlain, t)
}

// mayExtend reports whether asking for more time makes sense: the policy lets
// it, the access ends, and no extension is pending.
func (s scene) mayExtend(a access.Assignment) bool {
	made := s.l.Request(a.ID)
	return made != nil && !s.extending(a) && !a.Window.Never() && s.policyOf(*made).Lifecycle.Extend
}

// extending reports whether an extension of an assignment waits.
func (s scene) extending(a access.Assignment) bool {
	return slices.ContainsFunc(s.l.Requests, func(r access.Request) bool {
		return r.Kind == access.UserExtend && r.Assignment == a.ID && r.State.Waiting()
	})
}
