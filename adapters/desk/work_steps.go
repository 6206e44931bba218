package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// The steps of making a package, in the order in which they are asked.
const (
	stepName   = 1 + iota // what it is called
	stepGives             // what it gives
	stepWho               // who may ask
	stepStages            // who decides
	stepLife              // how long it lasts
	stepAsked             // what is asked
	stepTerms             // what has to be accepted
	stepReady             // all were asked
)

// lastStep is the last one that has a form.
const lastStep = stepReady - 1

// stepForm is the form of the step t.Stage of the package t.Arg. Steps about a
// policy are about the one with the number t.Face, from 0. Without a package
// it is the first step of a new one.
func (c *call) stepForm(t chat.Token, d *draft) (*sheet, error) {
	if t.Arg == "" {
		return c.newForm(d)
	}
	w, err := c.workOn(access.PackageID(t.Arg))
	if err != nil {
		return nil, err
	}
	s := step{call: c, w: w, n: t.Stage, policy: t.Face, question: int(t.Request)}
	sh, err := s.sheet(d)
	if err != nil {
		return nil, err
	}
	if s.n < stepName || s.n > lastStep {
		return nil, access.Refuse(access.Invalid, "unknownButton")
	}
	sh.form.Title = c.plain(stepKey("step.title.", s.n))
	sh.form.Submit = c.plain("step.submit.change")
	if w.Step < stepReady {
		if err := c.namedAlready(sh, w, s.n); err != nil {
			return nil, err
		}
		sh.form.Submit = c.plain("step.submit.next")
		of := c.text("step.of", "n", s.n, "of", lastStep, "package", strong(w.Package.Name))
		if len(sh.intro) > 0 {
			of = append(of, chat.Span{Kind: chat.Plain, Text: "\n"})
		}
		sh.intro = merge(append(of, sh.intro...))
	}
	return sh, nil
}

// namedAlready says at the first step after the name was typed which packages
// have the same.
func (c *call) namedAlready(sh *sheet, w work, n int) error {
	if n != stepGives || !w.fresh() {
		return nil
	}
	key := runtime.PackageKey(c.from.Tenant, w.Package.ID)
	same, err := c.namesakes(key, w.Package.Name)
	if err != nil {
		return err
	}
	for _, m := range same[:min(len(same), listRows)] {
		line := c.text("twin.package", "name", strong(m.Name), "id", code(m.ID), "in", m.In)
		sh.intro = slices.Concat(line, chat.Say("\n"), sh.intro)
	}
	return nil
}

// step is one step of a work that is asked.
type step struct {
	*call
	w      work
	n      int
	policy int
	// question is the number of the one that is asked, from 1; 0: none.
	question int
}

func stepKey(prefix string, n int) string {
	return prefix + []string{"", "name", "gives", "who", "stages", "life", "asked", "terms"}[n]
}

func (s step) sheet(d *draft) (*sheet, error) {
	switch s.n {
	case stepName:
		return s.nameSheet(), nil
	case stepGives:
		return s.givesSheet(d)
	case stepWho:
		return s.policySheet(func(p access.Policy) []form.Field { return s.laidOut(s.whoFields(p)) }, s.readWho)
	case stepStages:
		return s.policySheet(s.stageFields, s.readStages)
	case stepLife:
		sh, err := s.policySheet(s.lifeFields, s.readLife)
		if err == nil {
			sh.times = s.lifeTimes
		}
		return sh, err
	case stepAsked:
		if s.question > 0 {
			return s.questionSheet(s.question - 1)
		}
		return s.askedSheet()
	case stepTerms:
		return s.termsSheet(), nil
	}
	return nil, access.Refuse(access.Invalid, "unknownButton")
}

// laidOut puts fields that depend on others behind them all where a page has to
// be sent before the next is known: it then asks as much as it can at once.
func (s step) laidOut(fields []form.Field) []form.Field {
	a, ok := s.adapter(s.from.Account)
	if !ok || a.Caps(s.from.Account).Live {
		return fields
	}
	depth := map[string]int{}
	for _, f := range fields {
		if f.When != nil {
			depth[f.ID] = depth[f.When.Field] + 1
		}
	}
	slices.SortStableFunc(fields, func(a, b form.Field) int { return depth[a.ID] - depth[b.ID] })
	return fields
}

// done keeps what a step said and goes on: to the next step of a package that
// is made, back to the whole of one that all is known of.
func (s step) done(w work) (chat.Reply, error) {
	if w.Step < stepReady {
		w.Step = max(w.Step, s.n+1)
		for w.needless(w.Step) {
			w.Step++
		}
	}
	if err := s.keepWork(w); err != nil {
		return nil, err
	}
	return s.goOn(w)
}

// needless reports whether a step is left out as nobody can ask for the package:
// nobody decides then, and nobody is asked anything.
func (w work) needless(step int) bool {
	return (step == stepStages || step == stepAsked) && unaskable(w.Package)
}

// goOn asks the step that is next, or shows the whole.
func (c *call) goOn(w work) (chat.Reply, error) {
	if w.Step < stepReady {
		return c.open(c.stepToken(w.Package.ID, w.Step, 0), nil)
	}
	return c.workCard(w, nil)
}

func (c *call) stepToken(id access.PackageID, step, policy int) chat.Token {
	t := c.token(verbStep, string(id))
	t.Stage, t.Face = step, policy
	return t
}

// nameFields ask what a package is called.
func (c *call) nameFields(p access.Package) []form.Field {
	return []form.Field{
		{ID: "name", Kind: form.Line, Label: c.plain("field.packageName"), Required: true, Max: access.MaxName, Value: filled(p.Name)},
		{ID: "description", Kind: form.Area, Label: c.plain("field.packageDescription"), Hint: c.plain("hint.packageDescription"), Max: access.MaxDescription, Value: filled(p.Description)},
	}
}

// filled is the value of a field, none for an empty text.
func filled(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (s step) nameSheet() *sheet {
	return &sheet{
		form: form.Form{Fields: s.nameFields(s.w.Package)},
		submit: func(v form.Values) (chat.Reply, error) {
			s.w.Package.Name, s.w.Package.Description = one(v, "name"), one(v, "description")
			return s.done(s.w)
		},
	}
}
