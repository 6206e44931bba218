package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// whoMayAsk says who may get a package through a policy; nothing when admins
// assign it.
func (s scene) whoMayAsk(p access.Policy) []chat.Text {
	var out []chat.Text
	if p.Closed {
		out = append(out, s.text("says.closed"))
	}
	if p.Requestors.Members {
		out = append(out, s.text("says.members"))
	}
	if p.Requestors.Outsiders {
		out = append(out, s.text("says.outsiders"))
	}
	out = append(out, s.named(p.Requestors.People, p.Requestors.Groups)...)
	if p.OnBehalf.Managers {
		out = append(out, s.text("says.behalfManagers"))
	}
	if who := s.named(p.OnBehalf.People, p.OnBehalf.Groups); len(who) > 0 {
		out = append(out, s.text("says.behalf", "who", s.join(who)))
	}
	return out
}

func (s scene) named(people []access.PersonID, groups []access.GroupID) []chat.Text {
	var out []chat.Text
	if len(people) > 0 {
		out = append(out, s.people(people))
	}
	for _, g := range groups {
		out = append(out, s.subject(access.SomeGroup(g)))
	}
	return out
}

// whoDecides says it stage by stage.
func (s scene) whoDecides(p access.Policy) []chat.Text {
	var out []chat.Text
	for n, stage := range p.Stages {
		var number chat.Text
		if len(p.Stages) > 1 {
			number = s.text("stage.name", "n", n+1, "of", len(p.Stages))
		}
		var quorum chat.Text
		if stage.Needs() > 1 {
			quorum = s.count("says.quorum", stage.Needs())
		}
		var reason chat.Text
		if stage.ReasonRequired {
			reason = s.text("says.reason")
		}
		var alternates chat.Text
		if len(stage.Alternates) > 0 {
			alternates = s.text("says.alternates", "who", s.subjects(stage.Alternates), "after", stage.AskAlternatesAfter())
		}
		out = append(out, s.text("says.stage", "stage", number, "who", s.subjects(stage.Approvers), "quorum", quorum, "within", stage.DecideWithin(),
			"reason", reason, "alternates", alternates, "fallbacks", s.subjects(stage.Fallbacks)))
	}
	return out
}

// howLong says how long it lasts, and what the requestor may choose.
func (s scene) howLong(p access.Policy) []chat.Text {
	key := "says.fixed"
	if p.Lifecycle.OwnTimes {
		key = "says.ownTimes"
	}
	out := []chat.Text{s.text("says.ends", "ends", s.ends(lifetime(p.Lifecycle))), s.text(key)}
	switch {
	case p.Lifecycle.Extend && p.ExtensionApproval:
		out = append(out, s.text("says.extendApproved"))
	case p.Lifecycle.Extend:
		out = append(out, s.text("says.extend"))
	}
	return out
}

// whatIsAsked lists what a request has to say.
func (s scene) whatIsAsked(p access.Policy) []chat.Text {
	var out []chat.Text
	if p.Justification {
		out = append(out, s.text("says.justification"))
	}
	for _, q := range p.Questions {
		var options []string
		for _, o := range q.Options {
			options = append(options, o.Label.For(s.locale))
		}
		asked := q.Label.For(s.locale)
		if len(options) > 0 {
			asked += " (" + cut(strings.Join(options, " · "), 200) + ")"
		}
		if in := s.languages(q.Label); in != "" {
			asked += " [" + in + "]"
		}
		if q.Required {
			asked = s.plain("says.required", "question", asked)
		}
		out = append(out, chat.Say(asked))
	}
	return out
}
