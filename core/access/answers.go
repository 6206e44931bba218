package access

import (
	"regexp"
	"slices"
	"strings"
)

// AnswerField is the form field of the answer to a question, "answer.<id>".
func AnswerField(question string) string { return "answer." + question }

// CheckAnswers checks what was typed against the questions and returns it in
// canonical form, with all problems at once (Field "answer.<id>"). Empty
// values count as no answer. Canonical is: text trimmed, with "\n" for line
// breaks; the Value of each option that was chosen, in the order of the
// question, each once; "yes" or "no"; a decimal number without needless zeros;
// YYYY-MM-DD; a PersonID.
//
// Chats that have no element of their own for a kind ask for a line of text,
// so an option may also be named by its label in any of its languages, several
// options may be divided by commas, and dates are read as by ParseDay.
func CheckAnswers(questions []Question, given Answers) (Answers, Problems) {
	c := newCheck()
	answers := Answers{}
	known := map[string]bool{}
	for _, q := range questions {
		known[q.ID] = true
		if values := (asked{q, c.in(AnswerField(q.ID))}).read(given[q.ID]); len(values) > 0 {
			answers[q.ID] = values
		}
	}
	for _, id := range sorted(given) {
		if !known[id] {
			c.in(AnswerField(clip(id))).add("unknownQuestion", "value", clip(id))
		}
	}
	return answers, c.done()
}

// asked reads the answer to one question.
type asked struct {
	Question
	check check
}

func (a asked) read(given []string) []string {
	var values []string
	for _, v := range given {
		if v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n")); v != "" {
			values = append(values, v)
		}
	}
	switch {
	case len(values) == 0:
		if a.Required {
			a.check.add("required")
		}
		return nil
	case a.Kind == Choices:
		return a.several(values)
	case len(values) > 1:
		a.check.add("answerOne")
		return nil
	}
	value, ok := a.one(values[0])
	if !ok {
		return nil
	}
	return []string{value}
}

func (a asked) one(v string) (string, bool) {
	switch a.Kind {
	case ShortText, LongText:
		return v, a.text(v)
	case Choice:
		return a.option(v)
	case YesNo:
		return a.yesNo(v)
	case Number:
		return a.number(v)
	case Date:
		day, err := ParseDay(v)
		if e, bad := AsError(err); bad {
			a.check.put(e)
			return "", false
		}
		return day, true
	case PersonAsk:
		before := len(*a.check.out)
		a.check.account(v)
		return v, len(*a.check.out) == before
	}
	a.check.add("unknownKind", "value", clip(string(a.Kind)))
	return "", false
}

func (a asked) text(v string) bool {
	before := len(*a.check.out)
	if a.Kind == ShortText {
		a.check.line(v, MaxShortText)
	} else {
		a.check.text(v, MaxLongText)
	}
	if len(*a.check.out) > before || a.Pattern == "" {
		return len(*a.check.out) == before
	}
	if whole, err := wholePattern(a.Pattern); err != nil || !whole.MatchString(v) {
		a.check.add("answerPattern", "pattern", a.Pattern)
		return false
	}
	return true
}

// find is the option that v names: by its value, else by a label that only one
// option has.
func (a asked) find(v string) (string, bool) {
	var byLabel []string
	for _, o := range a.Options {
		if o.Value == v {
			return v, true
		}
		if o.called(v) {
			byLabel = append(byLabel, o.Value)
		}
	}
	if len(byLabel) == 1 {
		return byLabel[0], true
	}
	return "", false
}

func (o Option) called(v string) bool {
	if strings.EqualFold(o.Value, v) || strings.EqualFold(o.Label.Text, v) {
		return true
	}
	for _, label := range o.Label.In {
		if strings.EqualFold(label, v) {
			return true
		}
	}
	return false
}

func (a asked) option(v string) (string, bool) {
	value, ok := a.find(v)
	if !ok {
		a.check.add("answerChoice", "value", clip(v))
	}
	return value, ok
}

func (a asked) several(given []string) []string {
	if len(given) == 1 {
		if _, ok := a.find(given[0]); !ok {
			given = strings.Split(given[0], ",")
		}
	}
	chosen := map[string]bool{}
	for _, v := range given {
		value, ok := a.option(strings.TrimSpace(v))
		if !ok {
			return nil
		}
		chosen[value] = true
	}
	var values []string
	for _, o := range a.Options {
		if chosen[o.Value] && !slices.Contains(values, o.Value) {
			values = append(values, o.Value)
		}
	}
	return values
}

func (a asked) yesNo(v string) (string, bool) {
	switch strings.ToLower(v) {
	case "yes", "y", "true", "ja", "j":
		return "yes", true
	case "no", "n", "false", "nein":
		return "no", true
	}
	a.check.add("answerYesNo", "value", clip(v))
	return "", false
}

// At most 30 digits: enough for any number that a person types, and short on a
// card.
var numberForm = regexp.MustCompile(`^([+-]?)([0-9]{1,18})(?:\.([0-9]{1,12}))?$`)

// number takes a decimal number with a point. A comma is refused, since
// "1,500" means two things.
func (a asked) number(v string) (string, bool) {
	m := numberForm.FindStringSubmatch(v)
	if m == nil {
		a.check.add("answerNumber", "value", clip(v))
		return "", false
	}
	whole := strings.TrimLeft(m[2], "0")
	if whole == "" {
		whole = "0"
	}
	if part := strings.TrimRight(m[3], "0"); part != "" {
		whole += "." + part
	}
	if m[1] == "-" && whole != "0" {
		whole = "-" + whole
	}
	return whole, true
}
