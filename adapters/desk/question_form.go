package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// dropWord is the place of a question that is taken away.
const dropWord = "drop"

// questionForm asks for a question of a policy (Face) that is there (Stage) or,
// without one, for a new one.
func (c *call) questionForm(t chat.Token, _ *draft) (*sheet, error) {
	w, n, err := c.policyOn(t)
	if err != nil {
		return nil, err
	}
	p := w.Package.Policies[n]
	var q access.Question
	i := slices.IndexFunc(p.Questions, func(q access.Question) bool { return markOf(q.ID) == t.Stage })
	title, place := "questions.form.new", []form.Field(nil)
	switch {
	case t.Stage == 0 && len(p.Questions) >= access.MaxQuestions:
		return nil, access.Refuse(access.Invalid, "tooManyQuestions", "max", access.MaxQuestions)
	case t.Stage == 0:
	case i < 0:
		return nil, access.Refuse(access.TooLate, "questionGone")
	default:
		q, title = p.Questions[i], "questions.form.edit"
		f := c.placeField("question.place", i, len(p.Questions))
		f.Options = append(f.Options, form.Option{Value: dropWord, Label: c.plain("questions.drop")})
		place = append(place, f)
	}
	return &sheet{
		form: form.Form{Title: c.plain(title), Submit: c.plain("step.submit.change"), Fields: append(c.questionFields(q, 0), place...)},
		check: func(v form.Values) map[string]*access.Error {
			got := q
			return c.readQuestion(v, &got)
		},
		submit: func(v form.Values) (chat.Reply, error) {
			got := q
			for _, e := range c.readQuestion(v, &got) {
				return nil, e
			}
			return c.putQuestion(w, n, i, got, v)
		},
	}, nil
}

// putQuestion puts a question into the policy n: at the place i, or as a new
// one behind the others.
func (c *call) putQuestion(w work, n, i int, q access.Question, v form.Values) (chat.Reply, error) {
	p := w.Package.Policies[n]
	p.Questions = slices.Clone(p.Questions)
	place := one(v, "question.place")
	switch {
	case i < 0:
		addQuestion(&p, q)
	case place == dropWord:
		p.Questions = slices.Delete(p.Questions, i, i+1)
	default:
		p.Questions[i] = q
		p.Questions = moved(p.Questions, i, place)
	}
	w = w.withPolicy(n, p)
	if err := c.keepWork(w); err != nil {
		return nil, err
	}
	var note chat.Text
	if try := one(v, "question.try"); try != "" && q.Pattern != "" {
		note = c.text("questions.tried", "value", code(shortWord(try)), "pattern", code(q.Pattern))
	}
	return c.questionsCard(w, n, note)
}
