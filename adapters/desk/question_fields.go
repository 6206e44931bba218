package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

func questionKinds() []access.QuestionKind {
	return []access.QuestionKind{
		access.ShortText, access.LongText, access.Choice, access.Choices, access.YesNo, access.Number, access.Date, access.PersonAsk,
	}
}

// questionFields ask for one question. n is its number from 1, for the label;
// 0: none.
func (c *call) questionFields(q access.Question, n int) []form.Field {
	var kinds []string
	for _, k := range questionKinds() {
		kinds = append(kinds, string(k))
	}
	kind := q.Kind
	if kind == "" {
		kind = access.ShortText
	}
	label := c.areaField("question.label", c.wordsText(q.Label))
	label.Required = true
	if n > 0 {
		label.Label = c.plain("policy.question", "n", n, "label", label.Label)
	}
	ask := c.choiceField(form.One, "question.kind", kinds, string(kind))
	ask.Required = true
	options := c.areaField("question.options", optionsText(q.Options))
	options.Required = true
	pattern := c.areaField("question.pattern", q.Pattern)
	try := c.areaField("question.try", "")
	pattern.Kind, try.Kind = form.Line, form.Line
	return []form.Field{
		label, ask, c.yesNoField("question.required", q.Required), c.yesNoField("question.editable", q.Editable),
		when(options, "question.kind", string(access.Choice), string(access.Choices)),
		when(pattern, "question.kind", string(access.ShortText), string(access.LongText)),
		when(try, "question.kind", string(access.ShortText), string(access.LongText)),
	}
}

// areaField asks for a text of several lines.
func (c *call) areaField(id, value string) form.Field {
	f := form.Field{ID: id, Kind: form.Area, Label: c.plain("policy.field." + tail(id)), Hint: c.hint("policy.hint." + tail(id))}
	if value != "" {
		f.Value = []string{value}
	}
	return f
}

// readQuestion reads what questionFields asked. A question without an id gets
// one made from its label; whoever adds it to others makes it unique
// (addQuestion).
func (c *call) readQuestion(v form.Values, q *access.Question) map[string]*access.Error {
	out := wrongs{}
	before := *q
	*q = access.Question{
		ID: before.ID, Kind: access.QuestionKind(one(v, "question.kind")), Label: before.Label,
		Required: one(v, "question.required") == "yes", Editable: one(v, "question.editable") == "yes",
	}
	if typed := one(v, "question.label"); typed != strings.TrimSpace(c.wordsText(before.Label)) {
		q.Label = c.readWords(typed)
	}
	if q.ID == "" {
		q.ID = slugOf(q.Label.Text, "question", func(string) bool { return false })
	}
	if q.Kind.Chosen() {
		q.Options = before.Options
		if typed := one(v, "question.options"); typed != strings.TrimSpace(optionsText(before.Options)) {
			q.Options = readOptions(typed, before.Options)
		}
	}
	if q.Kind.Text() {
		q.Pattern = one(v, "question.pattern")
	}
	for _, e := range q.Validate() {
		out.put(questionError(e, *q))
	}
	if out["question.pattern"] == nil {
		out.put(tried(one(v, "question.try"), *q))
	}
	return out
}

// questionError puts what is wrong with a question at a field of the form. Of
// an option, its line is named.
func questionError(e *access.Error, q access.Question) *access.Error {
	name, _, _ := strings.Cut(e.Field, ".")
	name, _, _ = strings.Cut(name, "[")
	switch {
	case name == "id":
		name = "label"
	case name == "options" && strings.HasPrefix(e.Field, "options["):
		return optionError(e, q).At("question.options")
	}
	return e.At("question." + name)
}

// tried refuses a trial answer that the pattern would refuse.
func tried(answer string, q access.Question) *access.Error {
	if answer == "" || q.Pattern == "" {
		return nil
	}
	asked := access.Question{ID: "try", Kind: q.Kind, Pattern: q.Pattern}
	if _, problems := access.CheckAnswers([]access.Question{asked}, access.Answers{"try": {answer}}); len(problems) > 0 {
		return access.Refuse(access.Invalid, "tryPattern", "value", shortWord(answer), "pattern", q.Pattern).At("question.try")
	}
	return nil
}

// addQuestion puts a question behind those of a policy, with an id of its own.
func addQuestion(p *access.Policy, q access.Question) {
	q.ID = slugOf(q.ID, "question", func(id string) bool {
		for _, other := range p.Questions {
			if other.ID == id {
				return true
			}
		}
		return false
	})
	p.Questions = append(p.Questions, q)
}
