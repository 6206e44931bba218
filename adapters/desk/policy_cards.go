package desk

import (
	"hash/crc32"
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// shownPolicies is how many policies a card has buttons for; the others are
// named.
const shownPolicies = 9

// markOf is a policy or a question in a button: its id may be too long for
// one, and its place is another as soon as one moves. It is never 0.
func markOf[T ~string](id T) int {
	return int(crc32.ChecksumIEEE([]byte(id))&0x3fffffff) + 1
}

// policyAt is the place of the policy that a button means.
func policyAt(p access.Package, mark int) (int, error) {
	n := slices.IndexFunc(p.Policies, func(policy access.Policy) bool { return markOf(policy.ID) == mark })
	if n < 0 {
		return n, access.Refuse(access.TooLate, "policyGone")
	}
	return n, nil
}

// policyToken is the address of a policy of a work.
func (s workScene) policyToken(n int) chat.Token {
	return chat.Token{Arg: string(s.work.Package.ID), Face: markOf(s.work.Package.Policies[n].ID)}
}

// policyScene is what cards about policies are drawn from: they say what holds
// for whoever asks, not for the reader.
func (c *call) policyScene(w work) (workScene, error) {
	s, err := c.workScene(w)
	s.admin = true
	return s, err
}

// unsaved says what is not saved yet, where there is something.
func (s workScene) unsaved() []chat.Block {
	if !s.work.fresh() && len(s.call.differences(s.work.Before, s.work.Package)) == 0 {
		return nil
	}
	return s.state()
}

// saving are the buttons that end the work, where there is something to end.
func (s workScene) saving() []chat.Button {
	if !s.work.fresh() && len(s.differences(s.work.Before, s.work.Package)) == 0 {
		return nil
	}
	return s.closing()
}

// policiesCard lists the policies of a package in their order.
func (c *call) policiesCard(w work) (chat.Reply, error) {
	s, err := c.policyScene(w)
	if err != nil {
		return nil, err
	}
	title := c.plain("policies.title", "package", w.Package.Name)
	card := chat.Card{Title: title, Summary: title, Tone: chat.ToneNeutral, Blocks: s.unsaved()}
	var rest []chat.Text
	for n, p := range w.Package.Policies {
		text := s.text("policies.row", "n", n+1, "policy", strong(first(p.Name, string(p.ID))), "who", s.join(s.whoMayAsk(p)),
			"approval", s.approval(p), "ends", s.ends(lifetime(p.Lifecycle)))
		if n >= shownPolicies {
			rest = append(rest, text)
			continue
		}
		card.Blocks = append(card.Blocks, chat.Block{Text: text, Buttons: s.button(nil, verbPolicy, chat.StylePlain, s.policyToken(n))})
	}
	if len(rest) > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Items: rest}, chat.Block{Small: true, Text: s.text("policies.rest", "command", code("/"+AccessAdmin+" policy edit"))})
	}
	if len(w.Package.Policies) == 0 {
		card.Blocks = append(card.Blocks, chat.Block{Text: s.text("work.noPolicies")})
	}
	at := chat.Token{Arg: string(w.Package.ID)}
	card.Buttons = s.button(s.saving(), verbPolicyNew, chat.StylePlain, at)
	card.Buttons = s.button(card.Buttons, verbWork, chat.StylePlain, at)
	return chat.Tell{Card: fit(card)}, nil
}

// onePolicy shows a policy.
func (c *call) onePolicy(w work, n int) (chat.Reply, error) {
	s, err := c.policyScene(w)
	if err != nil {
		return nil, err
	}
	p := w.Package.Policies[n]
	title := c.plain("policy.title", "policy", first(p.Name, string(p.ID)), "package", w.Package.Name)
	card := chat.Card{Title: title, Summary: title, Tone: chat.ToneNeutral, Blocks: s.unsaved()}
	about := s.text("policy.about", "n", n+1, "of", len(w.Package.Policies), "description", p.Description)
	if p.Choosable {
		about = merge(append(about, s.text("policy.choosable")...))
	}
	card.Blocks = append(card.Blocks,
		chat.Block{Text: about},
		s.list(stepWho, s.whoMayAsk(p), "says.nobody"),
		s.list(stepStages, s.whoDecides(p), "says.noStages"),
		s.list(stepLife, s.howLong(p), "says.noStages"),
		s.list(stepAsked, s.whatIsAsked(p), "says.nothingAsked"),
	)
	card.Buttons = s.button(s.saving(), verbPart, chat.StylePlain, s.policyToken(n))
	card.Buttons = s.button(card.Buttons, verbPolicies, chat.StylePlain, s.policyToken(n))
	card.Buttons = s.button(card.Buttons, verbPolicyDrop, chat.StyleDanger, s.policyToken(n))
	return chat.Tell{Card: fit(card)}, nil
}

// questionsCard lists the questions of a policy in their order, with what is
// to be said before them.
func (c *call) questionsCard(w work, n int, note chat.Text) (chat.Reply, error) {
	s, err := c.policyScene(w)
	if err != nil {
		return nil, err
	}
	p := w.Package.Policies[n]
	title := c.plain("questions.title", "policy", first(p.Name, string(p.ID)), "package", w.Package.Name)
	card := chat.Card{Title: title, Summary: title, Tone: chat.ToneNeutral}
	if len(note) > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Text: note})
	}
	card.Blocks = append(card.Blocks, s.unsaved()...)
	for i, q := range p.Questions {
		b := chat.Block{Text: s.questionRow(i+1, q)}
		if i < shownPolicies {
			t := s.policyToken(n)
			t.Stage = markOf(q.ID)
			b.Buttons = s.button(nil, verbQuestion, chat.StylePlain, t)
		}
		card.Blocks = append(card.Blocks, b)
	}
	if len(p.Questions) == 0 {
		card.Blocks = append(card.Blocks, chat.Block{Text: s.text("questions.none")})
	}
	card.Buttons = s.press(s.saving(), verbQuestion, "button.newquestion", chat.StylePlain, s.policyToken(n))
	card.Buttons = s.press(card.Buttons, verbPolicy, "button.toPolicy", chat.StylePlain, s.policyToken(n))
	return chat.Tell{Card: fit(card)}, nil
}

// questionRow says one question in words.
func (s scene) questionRow(n int, q access.Question) chat.Text {
	var options []chat.Text
	for _, o := range q.Options {
		options = append(options, chat.Say(o.Label.For(s.locale)))
	}
	var pattern chat.Text
	if q.Pattern != "" {
		pattern = chat.Text{code(q.Pattern)}
	}
	required := "questions.optional"
	if q.Required {
		required = "questions.required"
	}
	return s.text("questions.row", "n", n, "label", strong(q.Label.For(s.locale)), "languages", s.languages(q.Label), "kind", s.plain("policy.option.kind."+string(q.Kind)),
		"required", s.plain(required), "pattern", pattern, "options", s.join(options[:min(len(options), 10)]), "editable", s.editableWord(q))
}

func (s scene) editableWord(q access.Question) string {
	if !q.Editable {
		return ""
	}
	return s.plain("questions.editable")
}
