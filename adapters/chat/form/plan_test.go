package form_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/form"
)

// contractor is a form as the desk would make it.
func contractor() form.Form {
	return form.Form{ID: "request~demo~contractor", Title: "External contractor", Submit: "Send request", Next: "Continue", Fields: []form.Field{
		{ID: "why", Kind: form.Area, Label: "Why do you need it?", Required: true, Max: 3000},
		{ID: "q.team", Kind: form.One, Label: "Which team do you work with?", Required: true, Options: []form.Option{
			{Value: "design", Label: "Gestaltung"}, {Value: "ops", Label: "Betrieb"}, {Value: "other", Label: "Ein anderes"},
		}},
		{ID: "q.which", Kind: form.Line, Label: "Which one?", Required: true, When: &form.When{Field: "q.team", In: []string{"other"}}},
		{ID: "q.laptop", Kind: form.Flag, Label: "Do you have a laptop from us?"},
		{ID: "q.tools", Kind: form.Many, Label: "Tools", Options: []form.Option{{Value: "figma", Label: "Figma"}, {Value: "git", Label: "Git"}}},
		{ID: "times", Kind: form.One, Label: "How long?", Value: []string{"policy"}, Options: []form.Option{
			{Value: "policy", Label: "As the policy says"}, {Value: "own", Label: "Less"},
		}},
		{ID: "until", Kind: form.Moment, Label: "Until when?", Hint: "2026-09-17 18:00", Required: true, When: &form.When{Field: "times", In: []string{"own"}}},
	}}
}

// draw writes pages down, one field a line: id, kind, what stands in it.
func draw(f form.Form, a form.Values, c form.Caps) string {
	var b strings.Builder
	for n := 1; ; n++ {
		page, ok := form.Plan(f, a, c, n)
		if !ok {
			return b.String()
		}
		fmt.Fprintf(&b, "page %d %q [%s]", page.Number, page.Title, page.Submit)
		if page.Last {
			b.WriteString(" last")
		}
		b.WriteString("\n")
		for _, x := range page.Fields {
			fmt.Fprintf(&b, "  %s %s %q", x.ID, x.Kind, x.Label)
			if x.Live {
				b.WriteString(" live")
			}
			if x.Search {
				b.WriteString(" search")
			}
			if len(x.Options) > 0 {
				fmt.Fprintf(&b, " %d options", len(x.Options))
			}
			if x.Hint != "" {
				fmt.Fprintf(&b, " hint %q", x.Hint)
			}
			if len(x.Value) > 0 {
				fmt.Fprintf(&b, " = %q", x.Value)
			}
			b.WriteString("\n")
		}
	}
}

var (
	modal = form.Caps{
		Live: true, Search: true, MaxOptions: 100, TitleMax: 24,
		Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person},
	}
	pages = form.Caps{PageFields: 5, MaxOptions: 25, TitleMax: 15, LabelMax: 20, HintMax: 60, Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Person}}
	texts = form.Caps{PageFields: 3, Kinds: []form.Kind{form.Line}}
)

func TestPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers form.Values
		caps    form.Caps
		want    string
	}{
		"live modal, just opened": {nil, modal, `
page 1 "External contractor" [Send request] last
  why area "Why do you need it?"
  q.team one "Which team do you work with?" live 3 options
  q.laptop flag "Do you have a laptop from us?"
  q.tools many "Tools" 2 options
  times one "How long?" live 2 options = ["policy"]
`},
		"live modal, half filled": {form.Values{"q.team": {"other"}, "times": {"own"}, "until": {"soon"}}, modal, `
page 1 "External contractor" [Send request] last
  why area "Why do you need it?"
  q.team one "Which team do you work with?" live 3 options = ["other"]
  q.which line "Which one?"
  q.laptop flag "Do you have a laptop from us?"
  q.tools many "Tools" 2 options
  times one "How long?" live 2 options = ["own"]
  until moment "Until when?" hint "2026-09-17 18:00" = ["soon"]
`},
		"pages, just opened": {nil, pages, `
page 1 "External contr…" [Continue]
  why area "Why do you need it?"
  q.team one "Which team do you w…" 3 options hint "Which team do you work with?"
page 2 "External contr…" [Send request] last
  q.laptop line "Do you have a lapto…" hint "Do you have a laptop from us?\nyes · no"
  q.tools many "Tools" 2 options
  times one "How long?" 2 options = ["policy"]
`},
		"pages, filled": {form.Values{"q.team": {"other"}, "q.laptop": {"yes"}, "times": {"own"}}, pages, `
page 1 "External contr…" [Continue]
  why area "Why do you need it?"
  q.team one "Which team do you w…" 3 options hint "Which team do you work with?" = ["other"]
page 2 "External contr…" [Continue]
  q.which line "Which one?"
  q.laptop line "Do you have a lapto…" hint "Do you have a laptop from us?\nyes · no" = ["yes"]
  q.tools many "Tools" 2 options
  times one "How long?" 2 options = ["own"]
page 3 "External contr…" [Send request] last
  until line "Until when?" hint "2026-09-17 18:00"
`},
		"text only": {form.Values{"q.team": {"design"}, "q.tools": {"figma", "git"}}, texts, `
page 1 "External contractor" [Continue]
  why line "Why do you need it?"
  q.team line "Which team do you work with?" hint "Gestaltung · Betrieb · Ein anderes" = ["Gestaltung"]
page 2 "External contractor" [Send request] last
  q.laptop line "Do you have a laptop from us?" hint "yes · no"
  q.tools line "Tools" hint "Figma · Git" = ["Figma, Git"]
  times line "How long?" hint "As the policy says · Less"
`},
	} {
		if got := draw(contractor(), c.answers, c.caps); got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

func TestOptionsAreListedSearchedOrTyped(t *testing.T) {
	t.Parallel()
	many := form.Field{ID: "many", Kind: form.One, Label: "Many"}
	for i := range 30 {
		many.Options = append(many.Options, form.Option{Value: fmt.Sprintf("v%d", i), Label: fmt.Sprintf("Label %d", i)})
	}
	f := form.Form{ID: "f", Title: "F", Submit: "Send", Fields: []form.Field{
		many, {ID: "else", Kind: form.One, Label: "Elsewhere", Search: true}, {ID: "few", Kind: form.Many, Label: "Few", Options: many.Options[:2], Search: true},
	}}
	kinds := []form.Kind{form.One, form.Many}
	for want, c := range map[string]form.Caps{
		"many one 30 options, else line, few many 2 options, ": {Kinds: kinds},
		"many one search, else one search, few many search, ":  {Kinds: kinds, MaxOptions: 25, Search: true},
		"many line, else line, few many 2 options, ":           {Kinds: kinds, MaxOptions: 25},
		"many line, else line, few line, ":                     {Search: true},
	} {
		got := ""
		page, _ := form.Plan(f, nil, c, 1)
		for _, x := range page.Fields {
			got += x.ID + " " + string(x.Kind)
			if x.Search {
				got += " search"
			}
			if len(x.Options) > 0 {
				got += fmt.Sprintf(" %d options", len(x.Options))
			}
			got += ", "
		}
		if got != want {
			t.Errorf("%+v:\n got %s\nwant %s", c, got, want)
		}
	}
	page, _ := form.Plan(f, form.Values{"many": {"v7"}}, form.Caps{Kinds: kinds, MaxOptions: 25, Search: true}, 1)
	if got := page.Fields[0].Options; len(got) != 1 || got[0].Label != "Label 7" {
		t.Errorf("a searching field shows what is chosen as %+v", got)
	}
	page, _ = form.Plan(f, nil, form.Caps{}, 1)
	if !strings.HasSuffix(page.Fields[0].Hint, "Label 18 · Label 19 · …") {
		t.Errorf("the hint for thirty options is %q", page.Fields[0].Hint)
	}
}

func TestPlanLeavesItsArgumentsAlone(t *testing.T) {
	t.Parallel()
	f, a := contractor(), form.Values{"q.tools": {"git"}}
	page, _ := form.Plan(f, a, pages, 2)
	for i := range page.Fields {
		page.Fields[i].Value = append(page.Fields[i].Value[:0], "spoilt")
		for k := range page.Fields[i].Options {
			page.Fields[i].Options[k].Value = "spoilt"
		}
	}
	if !reflect.DeepEqual(f, contractor()) || !reflect.DeepEqual(a, form.Values{"q.tools": {"git"}}) {
		t.Errorf("changed to %+v, %v", f, a)
	}
}

func TestPageOf(t *testing.T) {
	t.Parallel()
	a := form.Values{"q.team": {"other"}, "times": {"policy"}}
	for field, want := range map[string]int{"why": 1, "q.which": 2, "times": 2, "until": 0, "nonsense": 0} {
		if got := form.PageOf(contractor(), a, pages, field); got != want {
			t.Errorf("%s is on page %d, want %d", field, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	field := form.Field{Options: []form.Option{
		{Value: "a", Label: "External design"}, {Value: "design", Label: "Team"}, {Value: "b", Label: "Ops", Hint: "not Design"}, {Value: "c", Label: "DESIGN"},
	}}
	for query, want := range map[string]string{"": "a design b", "desi": "design c a", " Design ": "design c a", "zzz": ""} {
		var got []string
		for _, o := range form.Match(field, query, 3) {
			got = append(got, o.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}
