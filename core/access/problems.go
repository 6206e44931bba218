package access

import (
	"errors"
	"strconv"
	"strings"
)

// Problems is everything that is wrong with a value, in the order of its
// fields. Each has Kind Invalid (NotFound for references), a Code, a Field
// such as "policies[0].stages[1].quorum" and the Data that its sentence needs.
// No problems is nil.
type Problems []*Error

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, e := range p {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets AsError and IsCode find the problems.
func (p Problems) Unwrap() []error {
	errs := make([]error, len(p))
	for i, e := range p {
		errs[i] = e
	}
	return errs
}

// Err returns the problems as an error, nil when there are none.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// AsProblems finds all problems in a chain: a list, or a single *Error.
func AsProblems(err error) (Problems, bool) {
	var list Problems
	if errors.As(err, &list) {
		return list, true
	}
	if e, ok := AsError(err); ok {
		return Problems{e}, true
	}
	return nil, false
}

// InvalidCodes lists every code that validation, CheckAnswers and the parsers
// of this package give, with the names of its Data. Whoever has sentences for
// codes tests them against it.
func InvalidCodes() map[string][]string {
	return map[string][]string{
		// ids and texts
		"required":    nil,
		"badSlug":     {"value", "max"},
		"badAccount":  {"value", "max"},
		"badChannel":  {"value", "max"},
		"badLocale":   {"value"},
		"badZone":     {"value"},
		"badText":     nil,
		"oneLine":     nil,
		"tooLong":     {"max"},
		"tooMany":     {"max"},
		"duplicate":   {"value"},
		"unknownKind": {"value"},
		"badVersion":  nil,
		// definitions
		"unknownCatalog":       {"value"},
		"unknownResource":      {"value"},
		"unknownRole":          {"role", "resource"},
		"unknownPackage":       {"value"},
		"resourceElsewhere":    {"resource", "catalog"},
		"selfIncompatible":     nil,
		"noAdmins":             nil,
		"noRoles":              nil,
		"noApprovers":          nil,
		"noHands":              nil,
		"noChannels":           nil,
		"namedOnly":            nil,
		"stageLimit":           {"max"},
		"quorumNegative":       nil,
		"quorumTooLarge":       {"max"},
		"alternatesMissing":    nil,
		"alternatesTooLate":    nil,
		"patternNotHere":       nil,
		"badPattern":           {"value"},
		"optionsNotHere":       nil,
		"optionCount":          {"min", "max"},
		"optionTooLong":        {"max"},
		"endMissing":           nil,
		"endTwice":             nil,
		"nothingToExtend":      nil,
		"approvalWithoutStage": nil,
		"approvalWithoutMore":  nil,
		// answers
		"unknownQuestion": {"value"},
		"answerOne":       nil,
		"answerChoice":    {"value"},
		"answerYesNo":     {"value"},
		"answerNumber":    {"value"},
		"answerPattern":   {"pattern"},
		// times
		"badDuration":         {"value"},
		"ambiguousDuration":   {"value"},
		"durationNotPositive": nil,
		"durationTooLong":     {"max"},
		"durationHours":       nil,
		"badDate":             {"value"},
		"ambiguousDate":       {"value"},
		"noSuchDate":          {"value"},
		"timeSkipped":         {"value"},
		"timeTwice":           {"value"},
		"dateInPast":          {"value"},
		"dateTooFar":          {"value", "max"},
		"badUntil":            {"value"},
	}
}

// check collects problems below one field path.
type check struct {
	at  string
	out *Problems
}

func newCheck() check { return check{out: &Problems{}} }

func (c check) done() Problems {
	if len(*c.out) == 0 {
		return nil
	}
	return *c.out
}

// in goes down to a field.
func (c check) in(field string) check {
	if c.at != "" {
		field = c.at + "." + field
	}
	return check{at: field, out: c.out}
}

// nth goes down to an element.
func (c check) nth(i int) check {
	return check{at: c.at + "[" + strconv.Itoa(i) + "]", out: c.out}
}

func (c check) add(code string, data ...any) { c.put(Refuse(Invalid, code, data...)) }

func (c check) missing(code string, data ...any) { c.put(Refuse(NotFound, code, data...)) }

func (c check) put(e *Error) { *c.out = append(*c.out, e.At(c.at)) }

// take adds problems that were found by themselves, below this path.
func (c check) take(problems Problems) {
	for _, e := range problems {
		switch {
		case e.Field == "":
			c.put(e)
		case c.at == "":
			*c.out = append(*c.out, e)
		default:
			*c.out = append(*c.out, e.At(c.at+"."+e.Field))
		}
	}
}
