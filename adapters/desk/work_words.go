package desk

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

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
	shown := ""
	if s.w.Package.Terms != nil {
		shown = s.wordsText(s.w.Package.Terms.Text)
	}
	f := form.Field{ID: "terms", Kind: form.Area, Label: s.plain("field.terms"), Hint: s.plain("hint.terms")}
	return &sheet{
		form: form.Form{Fields: areas(f, shown)},
		check: func(v form.Values) map[string]*access.Error {
			out := wrongs{}
			if terms := s.readTerms(v, shown); terms != nil {
				for _, e := range terms.Validate() {
					out.put(e.At("terms"))
				}
			}
			return out
		},
		submit: func(v form.Values) (chat.Reply, error) {
			s.w.Package.Terms = s.readTerms(v, shown)
			return s.done(s.w)
		},
	}
}

// readTerms are those that were typed; what is as it was shown is as it was.
func (s step) readTerms(v form.Values, shown string) *access.Terms {
	switch typed := areasText(v, "terms"); typed {
	case "":
		return nil
	case strings.TrimSpace(shown):
		return s.w.Package.Terms
	default:
		return &access.Terms{Text: s.readWords(typed)}
	}
}
