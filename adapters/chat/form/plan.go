package form

import (
	"slices"
	"strings"
)

// Plan gives page n (from 1) of a form for a chat that can do what c says,
// with the answers so far filled in. ok is false when there is no such page:
// with n after the last page, all is asked. It is a pure function, and what is
// on page n depends on the answers of the pages before it only.
//
// A live chat has one page with the fields that are asked at this moment,
// however many they are. Otherwise a page has at most PageFields fields and
// ends before the first field that depends on one of its own.
//
// The way through a form: Plan(1); then, for each page that comes back filled,
// Merge it into the draft, Check what it answers, and Plan the next one with
// the new draft. When there is none, Clean the draft and Check it all.
func Plan(f Form, a Values, c Caps, n int) (page Page, ok bool) {
	a = orStart(f, a)
	pages := paginate(f, a, c)
	if n < 1 || n > len(pages) {
		return Page{}, false
	}
	last := n == len(pages)
	page = Page{Form: f.ID, Number: n, Title: cut(f.Title, c.TitleMax), Submit: f.Submit, Last: last}
	if !last && f.Next != "" {
		page.Submit = f.Next
	}
	page.Submit = cut(page.Submit, c.TitleMax)
	for _, field := range pages[n-1] {
		shown := show(field, a[field.ID], c)
		shown.Live = c.Live && decides(f, field.ID)
		page.Fields = append(page.Fields, shown)
	}
	return page, true
}

// decides reports whether other fields depend on this one.
func decides(f Form, field string) bool {
	return slices.ContainsFunc(f.Fields, func(x Field) bool { return x.When != nil && x.When.Field == field })
}

// PageOf is the number of the page that a field is asked on, 0 when it is
// not: for going back to a field that turned out to be wrong.
func PageOf(f Form, a Values, c Caps, field string) int {
	for i, page := range paginate(f, orStart(f, a), c) {
		if slices.ContainsFunc(page, func(x Field) bool { return x.ID == field }) {
			return i + 1
		}
	}
	return 0
}

func paginate(f Form, a Values, c Caps) [][]Field {
	if c.Live {
		if fields := Visible(f, a); len(fields) > 0 {
			return [][]Field{fields}
		}
		return nil
	}
	var pages [][]Field
	var page []Field
	shown, here := map[string]bool{}, map[string]bool{}
	end := func() {
		if len(page) > 0 {
			pages = append(pages, page)
		}
		page, here = nil, map[string]bool{}
	}
	for _, field := range f.Fields {
		// Even if it is hidden by the answers so far: the answer that
		// decides is about to be given on this page.
		if field.When != nil && here[field.When.Field] {
			end()
		}
		if !asked(field, shown, a) {
			continue
		}
		if c.PageFields > 0 && len(page) == c.PageFields {
			end()
		}
		page = append(page, field)
		shown[field.ID], here[field.ID] = true, true
	}
	end()
	return pages
}

// show is the field as the chat can show it.
func show(field Field, values []string, c Caps) Field {
	out := field
	out.When = nil
	out.Options = slices.Clone(field.Options)
	out.Value = slices.Clone(values)
	kind := shownKind(field, c)
	out.Search = searched(field, c) && kind == field.Kind
	hint := []string{field.Hint}
	if kind != field.Kind {
		hint = append(hint, nameHint(field))
		out.Value = typed(field, values)
		out.Options = nil
	}
	if out.Search {
		out.Options = chosen(field.Options, values)
	}
	out.Kind = kind
	if label := cut(field.Label, c.LabelMax); label != field.Label {
		out.Label = label
		hint = append([]string{field.Label}, hint...)
	}
	out.Hint = cut(joinNonEmpty(hint, "\n"), c.HintMax)
	out.Placeholder = cut(field.Placeholder, c.HintMax)
	return out
}

// nameHint tells what can be typed; of many options only the first ones. Where
// that is not the label, the label is told too ("b = Beta, later").
func nameHint(field Field) string {
	names := optionNames(field)
	for i, o := range field.Options {
		if o.Label != "" && names[i] != o.Label {
			names[i] += " = " + o.Label
		}
	}
	if len(names) > 20 {
		names = append(names[:20], "…")
	}
	return strings.Join(names, " · ")
}

// shownKind is the field's own kind if the chat has an element that can take
// it, else Line.
func shownKind(field Field, c Caps) Kind {
	if !slices.Contains(c.Kinds, field.Kind) {
		return Line
	}
	if field.Kind != One && field.Kind != Many {
		return field.Kind
	}
	listable := !field.Open && len(field.Options) > 0 && (c.MaxOptions == 0 || len(field.Options) <= c.MaxOptions)
	if listable || searched(field, c) {
		return field.Kind
	}
	return Line
}

// searched reports whether the chat asks for options as the person types.
func searched(field Field, c Caps) bool {
	if field.Kind != One && field.Kind != Many || !c.Search {
		return false
	}
	return field.Search || field.Open || c.MaxOptions > 0 && len(field.Options) > c.MaxOptions
}

// chosen are the options that are chosen already, so that a searching field
// can show their labels.
func chosen(options []Option, values []string) []Option {
	var out []Option
	for _, o := range options {
		if slices.Contains(values, o.Value) {
			out = append(out, o)
		}
	}
	return out
}

// Match lists at most max options of a field whose label, value or hint
// contains query (letters in either case): those that begin with it first. It
// is what answers a search in a field that has its options.
func Match(field Field, query string, max int) []Option {
	q := fold(query)
	var first, rest []Option
	for _, o := range field.Options {
		switch label := fold(o.Label); {
		case strings.HasPrefix(label, q) || strings.HasPrefix(fold(o.Value), q):
			first = append(first, o)
		case strings.Contains(label, q) || strings.Contains(fold(o.Value), q) || strings.Contains(fold(o.Hint), q):
			rest = append(rest, o)
		}
	}
	all := append(first, rest...)
	return all[:min(len(all), max)]
}

// cut shortens a text for people to max characters; 0: no limit.
func cut(s string, max int) string {
	if max <= 0 || len(s) <= max {
		return s
	}
	r := []rune(s)
	if len(r) <= max {
		return s
	}
	return strings.TrimRight(string(r[:max-1]), " \n") + "…"
}

func joinNonEmpty(parts []string, sep string) string {
	parts = slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" })
	return strings.Join(parts, sep)
}
