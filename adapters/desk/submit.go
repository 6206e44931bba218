package desk

import (
	"slices"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// viewOf is a view of definitions alone.
func viewOf(w engine.World) runtime.View { return runtime.View{World: w} }

// check reads what only the desk can: times, and answers against the policy.
func (q *wish) check(v form.Values) map[string]*access.Error {
	out := map[string]*access.Error{}
	if q.blame != nil {
		out[q.blame.Field] = q.blame
	}
	_, _, errs := q.times(v)
	for _, e := range errs {
		out[e.Field] = e
	}
	answers, err := q.answers(v)
	if e, ok := access.AsError(err); ok {
		out[q.fieldFor(e.Field)] = e
	}
	_, problems := access.CheckAnswers(q.policy.Questions, answers)
	for _, e := range problems {
		if field := q.fieldFor(e.Field); out[field] == nil {
			out[field] = e
		}
	}
	return out
}

// answers are the answers to the questions of the policy that counts.
func (q *wish) answers(v form.Values) (access.Answers, error) {
	field := func(question string) string { return q.fieldFor(access.AnswerField(question)) }
	return q.answersTo(q.policy.Questions, field, v)
}

// answersTo are the answers to questions, people as the persons that their
// accounts stand for.
func (c *call) answersTo(questions []access.Question, field func(question string) string, v form.Values) (access.Answers, error) {
	out := access.Answers{}
	for _, question := range questions {
		values := v[field(question.ID)]
		if len(values) == 0 {
			continue
		}
		if question.Kind == access.PersonAsk {
			profile, _, err := c.person(values[0])
			if e, ok := access.AsError(err); ok {
				return out, e.At(access.AnswerField(question.ID))
			}
			if err != nil {
				return out, err
			}
			values = []string{string(profile.Person)}
		}
		out[question.ID] = slices.Clone(values)
	}
	return out, nil
}

// times reads own start and end.
func (c *call) times(v form.Values) (start time.Time, until access.Window, errs []*access.Error) {
	if typed := one(v, "start"); typed != "" {
		var err error
		if start, err = access.ParseFrom(typed, c.now, c.zone); err != nil {
			errs = append(errs, at(err, "start"))
		}
	}
	if typed := one(v, "end"); typed != "" {
		var err error
		if until, err = access.ParseUntil(typed, c.now, c.zone); err != nil {
			errs = append(errs, at(err, "end"))
		}
	}
	return start, until, errs
}

// at is a refusal at a field.
func at(err error, field string) *access.Error {
	if e, ok := access.AsError(err); ok {
		return e.At(field)
	}
	return access.Refuse(access.Unavailable, "tryAgain").At(field)
}

// submit asks the engine.
func (q *wish) submit(v form.Values) (chat.Reply, error) {
	start, until, errs := q.times(v)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	answers, err := q.answers(v)
	if err != nil {
		return nil, err
	}
	_, err = q.do(q.target.Person, func(m engine.Meta) engine.Command {
		return engine.Submit{
			Meta: m, Package: q.p.ID, Policy: q.policy.ID, Justification: one(v, "justification"), Answers: answers,
			Start: start, End: until.End, For: until.For, Target: q.target,
		}
	})
	if err != nil {
		return nil, err
	}
	return q.say("request.sent", "package", strong(q.p.Name)), nil
}

// do carries out a command on a person's ledger.
func (c *call) do(holder access.PersonID, make func(engine.Meta) engine.Command) (runtime.View, error) {
	return c.core.Do(c.ctx, c.from.Tenant, c.from.Account, holder, c.id, make)
}
