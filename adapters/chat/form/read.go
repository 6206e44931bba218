package form

import (
	"regexp"
	"slices"
	"strings"
)

// Merge puts a page that came back into the draft and returns the new draft;
// neither argument is changed. Only fields of the page count. A field that
// came back empty loses its answer. Values become canonical: the option's
// value, in the order of the options; "yes" or "no"; a number with a point; an
// account without "@"; text without spaces around it. What is not understood
// stays as it was typed, for Check to name and the form to show again.
//
// page is the one that Plan gave for the draft as it was.
func Merge(f Form, draft, values Values, page Page) Values {
	out := Values{}
	for id, v := range orStart(f, draft) {
		out[id] = slices.Clone(v)
	}
	for _, shown := range page.Fields {
		field, ok := f.Field(shown.ID)
		if !ok {
			continue
		}
		delete(out, field.ID)
		if read := read(field, values[field.ID], shown.Kind); len(read) > 0 {
			out[field.ID] = read
		}
	}
	return out
}

// Field finds a field by id.
func (f Form) Field(id string) (Field, bool) {
	for _, field := range f.Fields {
		if field.ID == id {
			return field, true
		}
	}
	return Field{}, false
}

// read makes values canonical. as is the kind that the field was shown as.
func read(field Field, values []string, as Kind) []string {
	var out []string
	for _, v := range values {
		if v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n")); v != "" {
			out = append(out, v)
		}
	}
	inText := as != field.Kind
	switch field.Kind {
	case One:
		return each(out, func(v string) string { return option(field, v, inText) })
	case Many:
		if inText {
			out = split(field, out)
		}
		return inOrder(field, each(out, func(v string) string { return option(field, v, inText) }))
	case Flag:
		return each(out, func(v string) string { return yesOrNo(field, v) })
	case Number:
		return each(out, number)
	case Person:
		return each(out, func(v string) string { return strings.TrimPrefix(v, "@") })
	}
	return out
}

func each(values []string, f func(string) string) []string {
	for i, v := range values {
		values[i] = f(v)
	}
	return values
}

// option finds the value that is meant. In text, people write what they see,
// the name; from a menu comes the value.
func option(field Field, s string, inText bool) string {
	if !inText {
		return s
	}
	for i, name := range optionNames(field) {
		if fold(name) == fold(s) {
			return field.Options[i].Value
		}
	}
	found := ""
	for _, o := range field.Options {
		if o.Value == s {
			return s
		}
		if fold(o.Value) == fold(s) {
			if found != "" {
				return s // two of them: ask back
			}
			found = o.Value
		}
	}
	if found != "" {
		return found
	}
	return s
}

// optionNames are what people type for the options, and are shown as hint: the
// label where it is clear which option it means, else the value.
func optionNames(field Field) []string {
	options := field.Options
	if field.Kind == Flag && len(options) == 0 {
		return []string{"yes", "no"}
	}
	count := map[string]int{}
	for _, o := range options {
		count[fold(o.Label)]++
		if fold(o.Value) != fold(o.Label) {
			count[fold(o.Value)]++
		}
	}
	var names []string
	for _, o := range options {
		name := o.Label
		if name == "" || count[fold(name)] > 1 || field.Kind == Many && strings.ContainsAny(name, separators) {
			name = o.Value
		}
		names = append(names, name)
	}
	return names
}

// typed is what stands in a line of text for values that are known already.
func typed(field Field, values []string) []string {
	names := optionNames(field)
	var out []string
	for _, v := range values {
		if i := slices.IndexFunc(field.Options, func(o Option) bool { return o.Value == v }); i >= 0 {
			v = names[i]
		}
		if field.Kind == Person && strings.Contains(v, "/") {
			v = "@" + v
		}
		out = append(out, v)
	}
	if field.Kind == Many && len(out) > 0 {
		return []string{strings.Join(out, ", ")}
	}
	return out
}

// separators stand between several values in a line of text.
const separators = ",;\n"

// split takes a line of several values apart, unless all of it is one value.
func split(field Field, lines []string) []string {
	var out []string
	for _, line := range lines {
		if isValue(field, option(field, line, true)) {
			out = append(out, line)
			continue
		}
		for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

func isValue(field Field, s string) bool {
	return slices.ContainsFunc(field.Options, func(o Option) bool { return o.Value == s })
}

// inOrder sorts values as the options are and drops repeats; what is no value
// stays at the end.
func inOrder(field Field, values []string) []string {
	var out []string
	for _, o := range field.Options {
		if slices.Contains(values, o.Value) {
			out = append(out, o.Value)
		}
	}
	for _, v := range values {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// yesOrNo understands the labels of the field, and yes and no in English and
// German.
func yesOrNo(field Field, s string) string {
	for _, o := range field.Options {
		if o.Label != "" && fold(o.Label) == fold(s) {
			return o.Value
		}
	}
	switch fold(s) {
	case "yes", "y", "ja", "j":
		return "yes"
	case "no", "n", "nein":
		return "no"
	}
	return s
}

var (
	decimal = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)
	comma   = regexp.MustCompile(`^-?[0-9]{1,15},([0-9]{1,2}|[0-9]{4,15})$`)
)

// number reads a decimal comma where it can be nothing else: "3,5" is 3.5, but
// "1,500" may be fifteen hundred and is asked back.
func number(s string) string {
	s = strings.TrimPrefix(s, "+")
	if comma.MatchString(s) {
		s = strings.Replace(s, ",", ".", 1)
	}
	return s
}

// fold makes texts comparable: case and runs of space do not count.
func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
