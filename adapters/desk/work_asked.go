package desk

import (
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// questionToken is the form of one question, numbered from 0, of the step's
// policy.
func (s step) questionToken(n int) chat.Token {
	t := s.stepToken(s.w.Package.ID, stepAsked, s.policy)
	t.Request = access.RequestID(n + 1)
	return t
}

// askedSheet asks whether there is a question to ask, or to change: it comes
// again after each.
func (s step) askedSheet() (*sheet, error) {
	p, err := s.theirs()
	if err != nil {
		return nil, err
	}
	w, err := s.core.AllCatalogs(s.ctx, s.from.Tenant)
	if err != nil {
		return nil, err
	}
	f := form.Field{ID: "asked", Kind: form.One, Label: s.plain("field.asked"), Required: true, Value: []string{"done"}}
	f.Options = []form.Option{{Value: "done", Label: s.plain("asked.done")}}
	if len(p.Questions) < access.MaxQuestions {
		f.Options = append(f.Options, form.Option{Value: "new", Label: s.plain("asked.new")})
	}
	for n, q := range p.Questions {
		label, number := q.Label.For(s.locale), strconv.Itoa(n)
		if in := (scene{w: w}).languages(q.Label); in != "" {
			label += " [" + in + "]"
		}
		f.Options = append(f.Options,
			form.Option{Value: "edit." + number, Label: cut(oneLine(s.plain("asked.edit", "label", label)), access.MaxName)},
			form.Option{Value: "drop." + number, Label: cut(oneLine(s.plain("asked.drop", "label", label)), access.MaxName)})
	}
	return &sheet{
		form:   form.Form{Fields: []form.Field{f}},
		intro:  s.text("asked.intro"),
		submit: func(v form.Values) (chat.Reply, error) { return s.askNext(p, one(v, "asked")) },
	}, nil
}

// askNext goes where somebody wants to go from the list of questions.
func (s step) askNext(p access.Policy, choice string) (chat.Reply, error) {
	deed, number, _ := strings.Cut(choice, ".")
	n, err := strconv.Atoi(number)
	switch {
	case deed == "new":
		return s.open(s.questionToken(len(p.Questions)), nil)
	case deed == "done" || err != nil || n < 0 || n >= len(p.Questions):
		return s.done(s.w)
	case deed == "edit":
		return s.open(s.questionToken(n), nil)
	}
	p.Questions = slices.Delete(p.Questions, n, n+1)
	return s.askedAgain(p)
}

// askedAgain keeps the questions and asks for more.
func (s step) askedAgain(p access.Policy) (chat.Reply, error) {
	if err := s.keepWork(s.with(p)); err != nil {
		return nil, err
	}
	return s.open(s.stepToken(s.w.Package.ID, stepAsked, s.policy), nil)
}

// questionSheet asks one question's own questions: a new one's, or those of
// one that is there.
func (s step) questionSheet(n int) (*sheet, error) {
	p, err := s.theirs()
	if err != nil {
		return nil, err
	}
	question := func() (access.Question, error) {
		if n >= len(p.Questions) {
			return access.Question{}, nil
		}
		return duplicate(p.Questions[n])
	}
	q, err := question()
	if err != nil {
		return nil, err
	}
	return &sheet{
		form: form.Form{Fields: s.questionFields(q, n+1)},
		check: func(v form.Values) map[string]*access.Error {
			q, err := question()
			if err != nil {
				return nil
			}
			return s.readQuestion(v, &q)
		},
		submit: func(v form.Values) (chat.Reply, error) {
			q, err := question()
			if err != nil {
				return nil, err
			}
			for _, e := range s.readQuestion(v, &q) {
				return nil, e
			}
			return s.askedAgain(asking(p, n, q))
		},
	}, nil
}

// asking is the policy with a question at a place, or at the end.
func asking(p access.Policy, n int, q access.Question) access.Policy {
	if n >= len(p.Questions) {
		addQuestion(&p, q)
		return p
	}
	p.Questions[n] = q
	return p
}
