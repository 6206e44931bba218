package desk

import (
	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// notice is a short message that is posted once: it says what happened and
// offers what can be done about it.
func (s scene) notice(r *access.Request, card access.Card) chat.Card {
	switch card.Kind {
	case access.CardReminder:
		return s.reminder(*r)
	case access.CardResult:
		return s.result(*r)
	case access.CardReady:
		return s.ready(*r)
	case access.CardEndsSoon:
		return s.endsSoon(*r)
	case access.CardOver:
		return s.over(*r)
	case access.CardNobody:
		return s.nobody(*r)
	default:
		return s.left(r, card)
	}
}

// brief is a card of one sentence.
func (s scene) brief(tone chat.Tone, t chat.Text) chat.Card {
	return chat.Card{Summary: s.flat(t), Tone: tone, Blocks: []chat.Block{{Text: t}}}
}

func (s scene) reminder(r access.Request) chat.Card {
	stage, n := r.Open()
	if stage == nil {
		_, status := s.status(r)
		return s.brief(chat.ToneOver, s.text("notice.reminderOver", "asks", s.asks(r), "status", status))
	}
	c := s.brief(chat.ToneWaiting, s.text("notice.reminder", "asks", s.asks(r), "due", stage.Due))
	c.Blocks = append(c.Blocks, facts(append(s.fact("label.ends", s.ends(s.windowOf(r))), s.fact("label.stage", s.stageName(r, n))...))...)
	c.Buttons = s.approverButtons(r, stage)
	c.Buttons = s.button(c.Buttons, verbDetails, chat.StylePlain, s.at(r))
	return c
}

// result tells what became of a request.
func (s scene) result(r access.Request) chat.Card {
	tone, status := s.status(r)
	key := "notice.result"
	switch {
	case s.me != s.l.Person:
		key = "notice.resultFor"
	case r.Kind == access.UserExtend:
		key = "notice.resultExtend"
	}
	c := s.brief(tone, s.text(key, "package", s.pkg(r.Package), "person", s.who(s.l.Person), "status", status))
	if !r.State.WithoutAccess() {
		c.Blocks = append(c.Blocks, facts(s.fact("label.ends", s.ends(s.windowOf(r))))...)
	}
	if r.State == access.PendingTerms && s.me == s.l.Person {
		c.Buttons = s.button(nil, verbTerms, chat.StylePrimary, s.at(r))
	}
	return c
}

// ready tells that the access is there, or what of it is missing.
func (s scene) ready(r access.Request) chat.Card {
	tone, key := chat.ToneGood, "notice.ready"
	switch {
	case r.Kind == access.UserExtend:
		key = "notice.extended"
	case r.State == access.PartiallyDelivered:
		tone, key = chat.ToneBad, "notice.readyPartly"
	case r.State == access.DeliveryFailed:
		tone, key = chat.ToneBad, "notice.readyFailed"
	}
	if s.me != s.l.Person {
		key += "For"
	}
	c := s.brief(tone, s.text(key, "package", s.pkg(r.Package), "person", s.who(s.l.Person), "ends", s.ends(s.windowOf(r))))
	if failed := s.failures(r); len(failed) > 0 {
		c.Blocks = append(c.Blocks, chat.Block{Heading: s.plain("heading.missing"), Items: s.clip(failed, chat.MaxItems)})
	}
	return c
}

func (s scene) endsSoon(r access.Request) chat.Card {
	c := s.brief(chat.ToneWaiting, s.text("notice.endsSoon", "package", s.pkg(r.Package), "ends", s.ends(s.windowOf(r))))
	if a := s.assignmentOf(r); a != nil && a.State.On() {
		c.Buttons = s.holderButtons(*a)
	}
	return c
}

func (s scene) over(r access.Request) chat.Card {
	_, status := s.status(r)
	return s.brief(chat.ToneOver, s.text("notice.over", "package", s.pkg(r.Package), "status", status))
}

// nobody tells admins that a request can be decided by nobody.
func (s scene) nobody(r access.Request) chat.Card {
	c := s.brief(chat.ToneBad, s.text("notice.nobody", "asks", s.asks(r)))
	if stage, _ := r.Open(); stage != nil {
		c.Blocks = append(c.Blocks, facts(s.fact("label.due", chat.Text{s.moment(stage.Due, chat.DateTime)}))...)
		c.Buttons = s.button(c.Buttons, verbDetails, chat.StylePrimary, s.at(r))
		c.Buttons = s.button(c.Buttons, verbCancel, chat.StyleDanger, s.at(r))
	}
	return c
}

// left tells owners of a role that was there before Usher gave it and so was
// left alone.
func (s scene) left(r *access.Request, card access.Card) chat.Card {
	var name chat.Text
	if r != nil {
		name = chat.Text{s.pkg(r.Package)}
	}
	return s.brief(chat.ToneNeutral, s.text("notice.left", "person", s.who(s.l.Person), "role", s.roleName(card.Role), "package", name))
}
