package form

import "slices"

// Start is the draft of a form that was just opened: the values that its
// fields come with. Everywhere in this package nil answers mean the same.
func Start(f Form) Values {
	out := Values{}
	for _, field := range f.Fields {
		if len(field.Value) > 0 {
			out[field.ID] = slices.Clone(field.Value)
		}
	}
	return out
}

// orStart fills in for nil answers.
func orStart(f Form, a Values) Values {
	if a == nil {
		return Start(f)
	}
	return a
}

// Visible lists the fields that are asked, given the answers so far. A field
// that depends on a hidden one is hidden too, whatever answer the hidden one
// still has.
func Visible(f Form, a Values) []Field {
	a = orStart(f, a)
	var out []Field
	shown := map[string]bool{}
	for _, field := range f.Fields {
		if asked(field, shown, a) {
			shown[field.ID] = true
			out = append(out, field)
		}
	}
	return out
}

// Clean returns the answers of the fields that are asked; all others are
// dropped, so that what is hidden at submit has no answer.
func Clean(f Form, a Values) Values {
	a = orStart(f, a)
	out := Values{}
	for _, field := range Visible(f, a) {
		if values := a[field.ID]; len(values) > 0 {
			out[field.ID] = slices.Clone(values)
		}
	}
	return out
}

// asked decides about one field when those before it are decided.
func asked(field Field, shown map[string]bool, a Values) bool {
	if field.When == nil {
		return true
	}
	if !shown[field.When.Field] {
		return false
	}
	for _, v := range a[field.When.Field] {
		if slices.Contains(field.When.In, v) {
			return true
		}
	}
	return false
}
