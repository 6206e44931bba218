package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// editable are the questions whose answers an approver may correct.
func (s scene) editable(r access.Request) []access.Question {
	return slices.DeleteFunc(slices.Clone(s.policyOf(r).Questions), func(q access.Question) bool { return !q.Editable })
}

// amendForm asks for the right answers, starting from those that are there.
// Whoever pressed on a card that shows other answers has to read the new ones
// first.
func (c *call) amendForm(t chat.Token, _ *draft) (*sheet, error) {
	v, r, err := c.find(t)
	if err != nil {
		return nil, err
	}
	if err := engine.MayDecide(v.Ledger, v.World, r, c.actor); err != nil {
		return nil, err
	}
	s := c.scene(v)
	questions := s.editable(r)
	switch _, n := r.Open(); {
	case n != t.Stage:
		return nil, access.Refuse(access.TooLate, "stageOver", "stage", t.Stage+1)
	case t.Face < r.Shape:
		return nil, access.Refuse(access.TooLate, "changedSince")
	case len(questions) == 0:
		return nil, access.Refuse(access.Forbidden, "notEditable")
	}
	sh := &sheet{
		form:  form.Form{Title: c.plain("button.amend"), Submit: c.plain("amend.submit")},
		intro: s.text("amend.intro", "asks", s.asks(r), "ends", s.ends(s.windowOf(r)), "why", r.Justification),
		check: func(typed form.Values) map[string]*access.Error { return c.checkAnswers(questions, typed) },
	}
	for _, q := range questions {
		f := c.question(q)
		f.ID, f.Value = access.AnswerField(q.ID), slices.Clone(r.Answers[q.ID])
		sh.form.Fields = append(sh.form.Fields, f)
	}
	sh.submit = func(typed form.Values) (chat.Reply, error) { return c.amend(t, r, questions, typed) }
	return sh, nil
}

// checkAnswers finds what is wrong with the answers to questions, by field.
func (c *call) checkAnswers(questions []access.Question, typed form.Values) map[string]*access.Error {
	out := map[string]*access.Error{}
	answers, err := c.answersTo(questions, access.AnswerField, typed)
	if e, ok := access.AsError(err); ok {
		out[e.Field] = e
	}
	_, problems := access.CheckAnswers(questions, answers)
	for _, e := range problems {
		if out[e.Field] == nil {
			out[e.Field] = e
		}
	}
	return out
}

// amend puts in what is different from the answers that are there; when
// nothing is, nothing changes.
func (c *call) amend(t chat.Token, r access.Request, questions []access.Question, typed form.Values) (chat.Reply, error) {
	answers, err := c.answersTo(questions, access.AnswerField, typed)
	if err != nil {
		return nil, err
	}
	checked, problems := access.CheckAnswers(questions, answers)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	changed := access.Answers{}
	for _, q := range questions {
		if !slices.Equal(checked[q.ID], r.Answers[q.ID]) {
			changed[q.ID] = checked[q.ID]
		}
	}
	if len(changed) == 0 {
		return c.say("done.amendNothing"), nil
	}
	_, err = c.act(t, func(m engine.Meta) engine.Command {
		return engine.Amend{Meta: m, Request: t.Request, Stage: t.Stage, Answers: changed}
	})
	if err != nil {
		return nil, err
	}
	return c.say("done.amend"), nil
}
