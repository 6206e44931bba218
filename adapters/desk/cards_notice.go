package desk

import (
	"strconv"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// notice is a short message that is posted once: it says what happened and
// offers what can be done about it.
func (s scene) notice(r *access.Request, card access.Card) chat.Card {
	switch card.Kind {
	case access.CardReminder:
		return s.reminder(*r, card)
	case access.CardResult:
		return s.result(*r, card)
	case access.CardReady:
		return s.ready(*r)
	case access.CardEndsSoon:
		return s.endsSoon(*r, card)
	case access.CardOver:
		return s.over(*r)
	case access.CardNobody:
		return s.nobody(*r, card)
	default:
		return s.left(r, card)
	}
}

// brief is a card of one sentence.
func (s scene) brief(tone chat.Tone, t chat.Text) chat.Card {
	return chat.Card{Summary: s.flat(t), Tone: tone, Blocks: []chat.Block{{Text: t}}}
}

// spent reports whether a notice that asks for something has nothing to ask
// any more: it is drawn once more, without buttons.
func (s scene) spent(card access.Card) bool { return engine.FaceOf(s.l, card) > 1 }

// undecidable is what is left of a notice about a stage that is over: what
// became of it, in words that stay true.
func (s scene) undecidable(r access.Request, card access.Card) chat.Card {
	_, became := s.status(r)
	if n, err := strconv.Atoi(card.Mark); err == nil && !r.State.WithoutAccess() {
		if verdict := s.stageVerdict(r, n-1); verdict != nil {
			became = verdict
		}
	}
	return s.brief(chat.ToneOver, s.text("notice.reminderOver", "asks", s.asks(r), "status", became))
}

func (s scene) reminder(r access.Request, card access.Card) chat.Card {
	stage, n := r.Open()
	if stage == nil || s.spent(card) {
		return s.undecidable(r, card)
	}
	c := s.brief(chat.ToneWaiting, s.text("notice.reminder", "asks", s.asks(r), "due", stage.Due))
	c.Blocks = append(c.Blocks, facts(append(s.fact("label.ends", s.ends(s.windowOf(r))), s.fact("label.stage", s.stageName(r, n))...))...)
	c.Buttons = s.approverButtons(r, stage)
	c.Buttons = s.button(c.Buttons, verbDetails, chat.StylePlain, s.at(r))
	return c
}

// result tells what became of a request.
func (s scene) result(r access.Request, card access.Card) chat.Card {
	tone, status := s.status(r)
	asked := card.Mark == string(access.PendingTerms)
	if asked && s.spent(card) {
		if tone = chat.ToneOver; !r.TermsAccepted.IsZero() {
			key := "notice.termsDone"
			if s.is(s.l.Person) && r.Kind != access.AdminAdd {
				key = "notice.termsDoneOwn"
			}
			c := s.brief(tone, s.text(key, "package", s.pkg(r.Package), "at", r.TermsAccepted))
			c.Blocks = append(c.Blocks, facts(s.fact("label.ends", s.ends(s.windowOf(r))))...)
			return c
		}
	}
	key := "notice.result"
	switch {
	case r.Kind == access.AdminAdd && s.is(s.l.Person):
		key = "notice.resultAssigned"
	case r.Kind == access.AdminAdd:
		key = "notice.resultAssignedFor"
	case !s.is(s.l.Person):
		key = "notice.resultFor"
	case r.Kind == access.UserExtend:
		key = "notice.resultExtend"
	}
	if own := key + "." + string(r.State); s.has(own) && r.EndCode == "" {
		key = own
	}
	denial, _ := r.Denial()
	c := s.brief(tone, s.text(key, "package", s.pkg(r.Package), "person", s.who(s.l.Person), "status", status,
		"asker", s.who(r.Asker), "why", sentence(r.Justification), "due", r.TermsDue, "start", r.Window.Start,
		"by", s.who(denial.By), "at", denial.At, "reason", sentence(denial.Reason)))
	if !r.State.WithoutAccess() {
		c.Blocks = append(c.Blocks, facts(s.fact("label.ends", s.ends(s.windowOf(r))))...)
	}
	if r.State == access.PendingTerms && s.is(s.l.Person) {
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
		if r.Kind == access.AdminAdd {
			key = "notice.readyFailedAssigned"
		}
	}
	if !s.is(s.l.Person) {
		key += "For"
	}
	c := s.brief(tone, s.text(key, "package", s.pkg(r.Package), "person", s.who(s.l.Person), "ends", s.ends(s.windowOf(r))))
	if r.Kind == access.AdminAdd && s.is(s.l.Person) {
		c.Blocks = append(c.Blocks, chat.Block{Text: s.text("notice.assigned", "asker", s.who(r.Asker), "package", s.pkg(r.Package), "why", sentence(r.Justification))})
	}
	if failed := s.failures(r); len(failed) > 0 {
		c.Blocks = append(c.Blocks, chat.Block{Heading: s.plain("heading.missing"), Items: s.clip(failed, chat.MaxItems)})
	}
	return c
}

func (s scene) endsSoon(r access.Request, card access.Card) chat.Card {
	a := s.assignmentOf(r)
	switch {
	case a == nil || !a.State.On():
		return s.brief(chat.ToneOver, s.text("notice.endsSoonOver", "package", s.pkg(r.Package)))
	case s.spent(card) && card.Mark != "" && a.Warned.Format("2006-01-02T15:04") != card.Mark:
		return s.brief(chat.ToneOver, s.text("notice.endsSoonNewer", "package", s.pkg(r.Package)))
	case s.spent(card) && s.extending(*a):
		return s.brief(chat.ToneOver, s.text("show.endsSoonAsked", "package", s.pkg(r.Package)))
	case s.spent(card):
		return s.brief(chat.ToneOver, s.text("notice.endsSoonExtended", "package", s.pkg(r.Package)))
	}
	c := s.brief(chat.ToneWaiting, s.text("notice.endsSoon", "package", s.pkg(r.Package), "ends", s.ends(s.windowOf(r))))
	c.Buttons = s.holderButtons(*a)
	return c
}

func (s scene) over(r access.Request) chat.Card {
	_, status := s.status(r)
	key := "notice.over"
	if a := s.assignmentOf(r); a != nil && a.First.IsZero() && r.Kind != access.AdminAdd {
		key = "notice.overNever"
	}
	if !s.is(s.l.Person) {
		key += "For"
	}
	return s.brief(chat.ToneOver, s.text(key, "package", s.pkg(r.Package), "person", s.who(s.l.Person), "status", status))
}

// nobody tells admins that a request can be decided by nobody.
func (s scene) nobody(r access.Request, card access.Card) chat.Card {
	stage, _ := r.Open()
	if stage == nil || s.spent(card) {
		return s.undecidable(r, card)
	}
	c := s.brief(chat.ToneBad, s.text("notice.nobody", "asks", s.asks(r)))
	c.Blocks = append(c.Blocks, facts(s.fact("label.due", chat.Text{s.moment(stage.Due, chat.DateTime)}))...)
	c.Buttons = s.button(c.Buttons, verbDetails, chat.StylePrimary, s.at(r))
	c.Buttons = s.button(c.Buttons, verbCancel, chat.StyleDanger, s.at(r))
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

// sentence ends what somebody wrote with a full stop where nothing ends it.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}
