package form

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem says what is wrong with an answer. The desk has a sentence for each.
type Problem string

const (
	Required   Problem = "required"   // nothing is answered
	NotOption  Problem = "notOption"  // not one of the options
	NotFlag    Problem = "notFlag"    // neither yes nor no
	NotNumber  Problem = "notNumber"  // not a decimal number, or not clear which
	NotPerson  Problem = "notPerson"  // not written like an account
	TooLong    Problem = "tooLong"    // more characters than Field.Max
	OnlyOne    Problem = "onlyOne"    // several values where one is wanted
	Unreadable Problem = "unreadable" // not UTF-8, or with control characters
)

// Check reports what is wrong with the answers of the fields that are asked:
// at most one problem a field. What only others can know (whether a person
// exists, what a date means, what a pattern wants, the options of a field that
// is searched elsewhere) is not looked at.
func Check(f Form, a Values) map[string]Problem {
	a = orStart(f, a)
	out := map[string]Problem{}
	for _, field := range Visible(f, a) {
		if p := problem(field, a[field.ID]); p != "" {
			out[field.ID] = p
		}
	}
	return out
}

// On returns the problems of the fields of one page.
func On(page Page, problems map[string]Problem) map[string]Problem {
	out := map[string]Problem{}
	for _, field := range page.Fields {
		if p, ok := problems[field.ID]; ok {
			out[field.ID] = p
		}
	}
	return out
}

func problem(field Field, values []string) Problem {
	if len(values) == 0 {
		if field.Required {
			return Required
		}
		return ""
	}
	if len(values) > 1 && field.Kind != Many {
		return OnlyOne
	}
	for _, v := range values {
		if p := problemOf(field, v); p != "" {
			return p
		}
	}
	return ""
}

func problemOf(field Field, v string) Problem {
	if !readable(v) {
		return Unreadable
	}
	if field.Max > 0 && utf8.RuneCountInString(v) > field.Max {
		return TooLong
	}
	switch field.Kind {
	case One, Many:
		if !isValue(field, v) && !field.Open && !(field.Search && len(field.Options) == 0) {
			return NotOption
		}
	case Flag:
		if v != "yes" && v != "no" {
			return NotFlag
		}
	case Number:
		if !decimal.MatchString(v) {
			return NotNumber
		}
	case Person:
		if !account.MatchString(v) || len(v) > 48 {
			return NotPerson
		}
	}
	return ""
}

func readable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == 0x7f
	})
}

var (
	account = regexp.MustCompile(`^[^\s/@]+/[^\s/@]+$`)
	fieldID = regexp.MustCompile(`^[a-z0-9._-]{1,60}$`)
)

// Validate reports what makes a form one that cannot be asked: a fault of
// whoever made it, never of the person who fills it.
func Validate(f Form) error {
	if f.ID == "" || len(f.ID) > 100 {
		return fmt.Errorf("form: its id has %d bytes, not 1 to 100", len(f.ID))
	}
	if f.Title == "" || f.Submit == "" {
		return errors.New("form: title or submit is missing")
	}
	if len(f.Fields) == 0 {
		return errors.New("form: it asks nothing")
	}
	before := map[string]bool{}
	for i, field := range f.Fields {
		if err := validate(field, before); err != nil {
			return fmt.Errorf("form: field %d (%q): %w", i+1, field.ID, err)
		}
		before[field.ID] = true
	}
	return nil
}

func validate(field Field, before map[string]bool) error {
	switch {
	case !fieldID.MatchString(field.ID):
		return errors.New("its id is not of [a-z0-9._-], 1 to 60 bytes")
	case before[field.ID]:
		return errors.New("its id is taken")
	case field.Label == "":
		return errors.New("its label is missing")
	case field.Max < 0:
		return errors.New("its max is negative")
	case field.When != nil && !before[field.When.Field]:
		return fmt.Errorf("it depends on %q, which does not come before it", field.When.Field)
	case field.When != nil && len(field.When.In) == 0:
		return errors.New("it depends on no value")
	}
	return validateOptions(field)
}

func validateOptions(field Field) error {
	switch field.Kind {
	case One, Many:
		if len(field.Options) == 0 && !field.Search && !field.Open {
			return errors.New("it has no options")
		}
	case Flag:
		for _, o := range field.Options {
			if o.Value != "yes" && o.Value != "no" {
				return fmt.Errorf("a flag has the option %q", o.Value)
			}
		}
	case Line, Area, Number, Date, Moment, Person:
		if len(field.Options) > 0 {
			return errors.New("its kind has no options")
		}
	default:
		return fmt.Errorf("its kind %q is unknown", field.Kind)
	}
	return validateValues(field.Options)
}

func validateValues(options []Option) error {
	var seen []string
	for _, o := range options {
		if o.Value == "" || o.Value != strings.TrimSpace(o.Value) || !readable(o.Value) {
			return fmt.Errorf("the option %q has an empty or unreadable value", o.Label)
		}
		if slices.Contains(seen, o.Value) {
			return fmt.Errorf("the option %q is there twice", o.Value)
		}
		seen = append(seen, o.Value)
	}
	return nil
}
