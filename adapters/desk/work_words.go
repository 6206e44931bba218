package desk

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// languageLine begins a text in another language: "de:" or "de: text".
var languageLine = regexp.MustCompile(`^([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*):(?:\s+|$)`)

// readLanguages takes texts in other languages apart, each of which begins
// with its tag and a colon at the beginning of a line: "de: Guten Tag". It is
// badLanguages when something stands before the first tag, or a language comes
// twice or without a text.
func readLanguages(typed string) (map[string]string, *access.Error) {
	in := map[string]string{}
	tag := ""
	for line := range strings.Lines(typed) {
		if m := languageLine.FindStringSubmatch(line); m != nil {
			tag = strings.ToLower(strings.ReplaceAll(m[1], "_", "-"))
			if _, twice := in[tag]; twice {
				return nil, access.Refuse(access.Invalid, "badLanguages")
			}
			line = strings.TrimPrefix(line, m[0])
		}
		if tag == "" && strings.TrimSpace(line) != "" {
			return nil, access.Refuse(access.Invalid, "badLanguages")
		}
		in[tag] += line
	}
	delete(in, "")
	for tag, text := range in {
		if in[tag] = strings.TrimSpace(text); in[tag] == "" {
			return nil, access.Refuse(access.Invalid, "badLanguages")
		}
	}
	if len(in) == 0 {
		return nil, nil
	}
	return in, nil
}

// writeLanguages is the inverse of readLanguages.
func writeLanguages(w access.Words) string {
	var out []string
	for _, tag := range slices.Sorted(maps.Keys(w.In)) {
		out = append(out, tag+": "+w.In[tag])
	}
	return strings.Join(out, "\n")
}

// maxArea is how many characters fit into one field (Slack's plain_text_input:
// 3,000; Discord's text input: 4,000).
const maxArea = 3000

// areas are fields for a text that may be longer than one of them: as many as
// it needs now, cut between lines where that is possible.
func areas(f form.Field, text string) []form.Field {
	id, label := f.ID, f.Label
	var out []form.Field
	for n, part := range parts(text) {
		f.ID, f.Label, f.Value, f.Max = id, label, filled(part), maxArea
		if n > 0 {
			f.ID, f.Label, f.Hint, f.Required = id+"."+strconv.Itoa(n+1), label+" "+strconv.Itoa(n+1), "", false
		}
		out = append(out, f)
	}
	return out
}

func parts(text string) []string {
	var out []string
	for utf8.RuneCountInString(text) > maxArea {
		head := string([]rune(text)[:maxArea])
		if n := strings.LastIndexByte(head, '\n'); n > 0 {
			head = head[:n]
		}
		out = append(out, head)
		text = strings.TrimPrefix(text[len(head):], "\n")
	}
	return append(out, text)
}

// areasText puts together what was typed into areas.
func areasText(v form.Values, id string) string {
	out := []string{one(v, id)}
	for n := 2; one(v, id+"."+strconv.Itoa(n)) != ""; n++ {
		out = append(out, one(v, id+"."+strconv.Itoa(n)))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// termsSheet asks what has to be accepted before anything is given.
func (s step) termsSheet() *sheet {
	var now access.Words
	if s.w.Package.Terms != nil {
		now = s.w.Package.Terms.Text
	}
	fields := areas(form.Field{ID: "terms", Kind: form.Area, Label: s.plain("field.terms"), Hint: s.plain("hint.terms")}, now.Text)
	fields = append(fields, areas(form.Field{ID: "termsin", Kind: form.Area, Label: s.plain("field.termsIn"), Hint: s.plain("hint.termsIn")}, writeLanguages(now))...)
	return &sheet{
		form: form.Form{Fields: fields},
		check: func(v form.Values) map[string]*access.Error {
			_, errs := readTerms(v)
			return errs
		},
		submit: func(v form.Values) (chat.Reply, error) {
			words, errs := readTerms(v)
			for _, e := range errs {
				return nil, e
			}
			s.w.Package.Terms = nil
			if words.Text != "" {
				s.w.Package.Terms = &access.Terms{Text: words}
			}
			return s.done(s.w)
		},
	}
}

func readTerms(v form.Values) (access.Words, map[string]*access.Error) {
	errs := map[string]*access.Error{}
	in, e := readLanguages(areasText(v, "termsin"))
	if e != nil {
		errs["termsin"] = e.At("termsin")
	}
	words := access.Words{Text: areasText(v, "terms"), In: in}
	if words.Text == "" && len(in) > 0 {
		errs["terms"] = access.Refuse(access.Invalid, "termsFirst").At("terms")
	}
	for _, e := range (access.Terms{Text: words}).Validate() {
		if words.Text != "" && len(errs) == 0 {
			field := "termsin"
			if e.Field == "text" {
				field = "terms"
			}
			errs[field] = e.At(field)
		}
	}
	return words, errs
}
