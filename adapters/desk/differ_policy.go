package desk

import (
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// policy adds what a policy says. many: its name is said along.
func (f *facets) policy(p access.Policy, many bool) {
	name := ""
	if many {
		name = first(p.Name, string(p.ID))
	}
	label := func(key string) string { return f.plain("differ.policy."+key, "policy", name) }
	f.add(facet{key: "name", label: f.plain("differ.policy.name"), bits: []bit{prose(p.Name)}, named: true})
	f.prose("description", label("description"), p.Description)
	f.names("who", label("who"), "show.nobodyAsks", f.scopeBits(p.Requestors))
	open := "differ.on"
	if p.Closed {
		open = "differ.off"
	}
	f.word("closed", label("closed"), yesNo(p.Closed), f.text(open), "no")
	f.names("behalf", label("behalf"), "differ.nobody", f.behalfBits(p.OnBehalf))
	f.yes("choosable", label("choosable"), p.Choosable)
	f.number("stages", label("stages"), len(p.Stages), 0)
	for n, stage := range p.Stages {
		f.stage(n, name, stage)
	}
	raw, lasts := f.lasts(p.Lifecycle)
	f.word("lasts", label("lasts"), raw, lasts, "")
	f.yes("own", label("own"), p.Lifecycle.OwnTimes)
	extend := extendWord(p)
	if p.ExtensionApproval {
		extend = "approval"
	}
	f.word("extend", label("extend"), extend, chat.Say(lowerFirst(f.plain("policy.option.extend."+extend))), "no")
	f.yes("justification", label("justification"), p.Justification)
	var questions []bit
	for _, q := range p.Questions {
		questions = append(questions, bit{raw: q.ID, text: f.text("differ.quoted", "question", f.asked(q))})
	}
	f.names("questions", label("questions"), "", questions)
	of := f.of
	for n, q := range p.Questions {
		f.of = of + ".question." + q.ID
		f.question(n+1, name, q)
	}
	f.of = of
}

// lowerFirst is a word as it is written within a sentence.
func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

func (s scene) scopeBits(of access.Scope) []bit {
	var out []bit
	if of.Members {
		out = append(out, bit{raw: "members", text: s.text("differ.members")})
	}
	if of.Outsiders {
		out = append(out, bit{raw: "outsiders", text: s.text("differ.outsiders")})
	}
	return append(out, s.subjectBits(everyone(of.People, of.Groups))...)
}

func (s scene) behalfBits(of access.OnBehalf) []bit {
	var out []bit
	if of.Managers {
		out = append(out, bit{raw: "managers", text: s.text("differ.managers")})
	}
	return append(out, s.subjectBits(everyone(of.People, of.Groups))...)
}

// lasts says how long an assignment lasts.
func (s scene) lasts(l access.Lifecycle) (raw string, text chat.Text) {
	switch l.Ends {
	case access.EndsDuration:
		return l.For.String(), s.duration(l.For)
	case access.EndsOnDate:
		return l.On.UTC().Format(time.RFC3339Nano), s.text("differ.until", "end", l.On)
	case "":
		return "", nil
	}
	return string(l.Ends), s.text("differ.never")
}

func (f *facets) stage(n int, policy string, stage access.Stage) {
	of := f.of
	f.of += ".stage." + strconv.Itoa(n)
	label := func(key string) string { return f.plain("differ.stage."+key, "n", n+1, "policy", policy) }
	f.subjectsAre("approvers", label("approvers"), stage.Approvers)
	f.number("quorum", label("quorum"), stage.Needs(), 1)
	f.length("within", label("within"), stage.DecideWithin())
	f.yes("reason", label("reason"), stage.ReasonRequired)
	f.subjectsAre("alternates", label("alternates"), stage.Alternates)
	if len(stage.Alternates) > 0 {
		f.length("after", label("after"), stage.AskAlternatesAfter())
	}
	f.subjectsAre("fallbacks", label("fallbacks"), stage.Fallbacks)
	f.of = of
}

// length adds a length of time.
func (f *facets) length(key, label string, d time.Duration) {
	f.word(key, label, d.String(), f.duration(d), "")
}

// shownQuestion is how much of a question names it, in characters.
const shownQuestion = 40

func (s scene) asked(q access.Question) string {
	return cut(oneLine(first(q.Label.For(s.locale), q.ID)), shownQuestion)
}

func (f *facets) question(n int, policy string, q access.Question) {
	label := func(key, lang string) string {
		return f.plain("differ.question."+key, "n", n, "question", f.asked(q), "policy", policy, "lang", lang)
	}
	f.add(facet{key: "label", label: label("label", ""), bits: []bit{prose(q.Label.Text)}, named: true})
	for _, lang := range slices.Sorted(maps.Keys(q.Label.In)) {
		f.prose("label."+lang, label("label", lang), q.Label.In[lang])
	}
	f.word("kind", label("kind", ""), string(q.Kind), chat.Say(f.plain("policy.option.kind."+string(q.Kind))), "")
	f.yes("required", label("required", ""), q.Required)
	f.letters("pattern", label("pattern", ""), q.Pattern)
	f.yes("editable", label("editable", ""), q.Editable)
	f.names("options", label("options", ""), "", optionBits(q.Options, ""))
	for _, lang := range optionLanguages(q.Options) {
		f.names("options."+lang, label("options", lang), "", optionBits(q.Options, lang))
	}
}

// optionBits are the options in one language; "": as they are where none fits.
func optionBits(options []access.Option, lang string) []bit {
	var out []bit
	for _, o := range options {
		text, ok := o.Label.In[lang]
		if lang == "" {
			text, ok = o.Label.Text, true
		}
		if ok {
			out = append(out, bit{raw: o.Value + " = " + text, text: chat.Say(cut(oneLine(text), access.MaxOption))})
		}
	}
	return out
}

func optionLanguages(options []access.Option) []string {
	all := map[string]bool{}
	for _, o := range options {
		for lang := range o.Label.In {
			all[lang] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
