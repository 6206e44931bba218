package form_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/form"
)

// everything has one field of each kind that reads its text in its own way.
func everything() form.Form {
	return form.Form{ID: "f", Title: "F", Submit: "Send", Fields: []form.Field{
		{ID: "line", Kind: form.Line, Label: "Line", Max: 5},
		{ID: "one", Kind: form.One, Label: "One", Options: []form.Option{
			{Value: "eu", Label: "Europa"}, {Value: "us", Label: "Amerika"}, {Value: "v1", Label: "Same"}, {Value: "v2", Label: "same"}, {Value: "V3", Label: "us"},
		}},
		{ID: "many", Kind: form.Many, Label: "Many", Options: []form.Option{
			{Value: "a", Label: "Alpha"}, {Value: "b", Label: "Beta, later"}, {Value: "c", Label: "Gamma"},
		}},
		{ID: "flag", Kind: form.Flag, Label: "Flag"},
		{ID: "oui", Kind: form.Flag, Label: "Oui?", Options: []form.Option{{Value: "yes", Label: "Oui"}, {Value: "no", Label: "Non"}}},
		{ID: "number", Kind: form.Number, Label: "Number"},
		{ID: "person", Kind: form.Person, Label: "Person"},
		{ID: "found", Kind: form.One, Label: "Found", Search: true},
	}}
}

func TestWhatPeopleTypeIsUnderstoodOrNamed(t *testing.T) {
	t.Parallel()
	textOnly := form.Caps{}
	for _, c := range []struct {
		field, typed string
		want         string // joined by "|"
		problem      form.Problem
	}{
		{"line", "  abc ", "abc", ""},
		{"line", "äöüßé", "äöüßé", ""},
		{"line", "abcdef", "abcdef", form.TooLong},
		{"line", "a\x00b", "a\x00b", form.Unreadable},
		{"line", "\xff", "\xff", form.Unreadable},
		{"line", "a\r\nb", "a\nb", ""},
		{"line", "   ", "", ""},
		{"one", "europa", "eu", ""},
		{"one", "EU", "eu", ""},
		{"one", "Asien", "Asien", form.NotOption},
		{"one", "same", "same", form.NotOption}, // which of the two?
		{"one", "V1", "v1", ""},
		{"one", "us", "us", ""},
		{"one", "v3", "V3", ""},
		{"many", "gamma; Alpha", "a|c", ""},
		{"many", "alpha\nalpha,", "a", ""},
		{"many", "Beta, later", "Beta|later", form.NotOption}, // the hint offers "b"
		{"many", "b, c", "b|c", ""},
		{"many", "Alpha, Delta", "a|Delta", form.NotOption},
		{"flag", "JA", "yes", ""},
		{"flag", "nein", "no", ""},
		{"flag", "y", "yes", ""},
		{"flag", "maybe", "maybe", form.NotFlag},
		{"oui", "oui", "yes", ""},
		{"oui", "Nein", "no", ""},
		{"number", "3,5", "3.5", ""},
		{"number", "+12", "12", ""},
		{"number", "-0.5", "-0.5", ""},
		{"number", "1,500", "1,500", form.NotNumber},
		{"number", "1e3", "1e3", form.NotNumber},
		{"number", "12 days", "12 days", form.NotNumber},
		{"person", "@playground/carla", "playground/carla", ""},
		{"person", "slack/T1-U2", "slack/T1-U2", ""},
		{"person", "Carla", "Carla", form.NotPerson},
		{"person", "@x/" + strings.Repeat("y", 47), "x/" + strings.Repeat("y", 47), form.NotPerson},
		{"found", "whatever", "whatever", ""},
	} {
		f := everything()
		page, _ := form.Plan(f, nil, textOnly, 1)
		a := form.Merge(f, nil, form.Values{c.field: {c.typed}}, page)
		if got := strings.Join(a[c.field], "|"); got != c.want {
			t.Errorf("%s: %q became %q, want %q", c.field, c.typed, got, c.want)
		}
		if got := form.Check(f, a)[c.field]; got != c.problem {
			t.Errorf("%s: %q has problem %q, want %q", c.field, c.typed, got, c.problem)
		}
	}
}

func TestWhatIsShownAgainIsUnderstoodAgain(t *testing.T) {
	t.Parallel()
	f := everything()
	for field, values := range map[string][]string{
		"one": {"v2"}, "many": {"a", "b", "c"}, "flag": {"no"}, "oui": {"yes"}, "number": {"-3.5"}, "person": {"playground/carla"},
	} {
		page, _ := form.Plan(f, form.Values{field: values}, form.Caps{}, 1)
		screen := form.Values{}
		for _, x := range page.Fields {
			screen[x.ID] = x.Value
		}
		if got := form.Merge(f, nil, screen, page)[field]; !reflect.DeepEqual(got, values) {
			t.Errorf("%s: %q was shown as %q and read as %q", field, values, screen[field], got)
		}
	}
}

func TestUnclearLabelsAreTypedAsValues(t *testing.T) {
	t.Parallel()
	page, _ := form.Plan(everything(), nil, form.Caps{}, 1)
	for i, want := range map[int]string{
		1: "Europa · Amerika · v1 = Same · v2 = same · V3 = us", 2: "Alpha · b = Beta, later · Gamma", 3: "yes · no", 4: "Oui · Non", 7: "",
	} {
		if got := page.Fields[i].Hint; got != want {
			t.Errorf("%s: the hint is %q, want %q", page.Fields[i].ID, got, want)
		}
	}
}

func TestMenusAreReadStrictly(t *testing.T) {
	t.Parallel()
	f := everything()
	page, _ := form.Plan(f, nil, modal, 1)
	a := form.Merge(f, nil, form.Values{"one": {"Europa"}, "many": {"c", "a", "c", "x"}, "flag": {"yes", "no"}}, page)
	want := form.Values{"one": {"Europa"}, "many": {"a", "c", "x"}, "flag": {"yes", "no"}}
	if !reflect.DeepEqual(a, want) {
		t.Errorf("read as %v", a)
	}
	problems := map[string]form.Problem{"one": form.NotOption, "many": form.NotOption, "flag": form.OnlyOne}
	if got := form.Check(f, a); !reflect.DeepEqual(got, problems) {
		t.Errorf("problems %v", got)
	}
}

func TestMergeTakesOnlyThePageAndClearsWhatWasCleared(t *testing.T) {
	t.Parallel()
	f := contractor()
	draft := form.Values{"why": {"old"}, "q.team": {"ops"}, "q.tools": {"git"}}
	page, _ := form.Plan(f, draft, pages, 1)
	got := form.Merge(f, draft, form.Values{"why": {""}, "q.team": {"other"}, "q.tools": {"figma"}, "until": {"now"}, "foreign": {"x"}}, page)
	if want := (form.Values{"q.team": {"other"}, "q.tools": {"git"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := (form.Values{"why": {"old"}, "q.team": {"ops"}, "q.tools": {"git"}}); !reflect.DeepEqual(draft, want) {
		t.Errorf("the draft became %v", draft)
	}
}

func TestWhatAFormComesWithCountsUntilItIsCleared(t *testing.T) {
	t.Parallel()
	f := contractor()
	if got := form.Clean(f, nil); !reflect.DeepEqual(got, form.Values{"times": {"policy"}}) {
		t.Errorf("just opened: %v", got)
	}
	page, _ := form.Plan(f, nil, modal, 1)
	a := form.Merge(f, nil, form.Values{"why": {"because"}}, page)
	if _, ok := a["times"]; ok {
		t.Errorf("cleared: %v", a)
	}
	page, _ = form.Plan(f, a, modal, 1)
	for _, x := range page.Fields {
		if x.ID == "times" && len(x.Value) != 0 {
			t.Errorf("a cleared field came back as %q", x.Value)
		}
	}
}

func TestHiddenFieldsLoseTheirAnswers(t *testing.T) {
	t.Parallel()
	chain := form.Form{Fields: []form.Field{
		{ID: "a", Kind: form.Flag}, {ID: "b", Kind: form.Flag, When: &form.When{Field: "a", In: []string{"yes"}}},
		{ID: "c", Kind: form.Line, When: &form.When{Field: "b", In: []string{"yes"}}, Required: true},
	}}
	got := form.Clean(chain, form.Values{"a": {"no"}, "b": {"yes"}, "c": {"text"}, "foreign": {"x"}, "empty": {}})
	if want := (form.Values{"a": {"no"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := form.Check(chain, form.Values{"a": {"no"}, "b": {"yes"}}); len(got) != 0 {
		t.Errorf("a hidden field is missed: %v", got)
	}
}

func TestRequiredFieldsAreMissedWhereTheyAreAsked(t *testing.T) {
	t.Parallel()
	f, a := contractor(), form.Values{"q.team": {"other"}, "times": {"own"}}
	problems := form.Check(f, a)
	want := map[string]form.Problem{"why": form.Required, "q.which": form.Required, "until": form.Required}
	if !reflect.DeepEqual(problems, want) {
		t.Errorf("got %v", problems)
	}
	page, _ := form.Plan(f, a, pages, 1)
	if got := form.On(page, problems); !reflect.DeepEqual(got, map[string]form.Problem{"why": form.Required}) {
		t.Errorf("on page 1: %v", got)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if err := form.Validate(contractor()); err != nil {
		t.Fatal(err)
	}
	field := func(change func(*form.Field)) func(*form.Form) {
		return func(f *form.Form) { change(&f.Fields[3]) }
	}
	for want, spoil := range map[string]func(*form.Form){
		"form: its id has 0 bytes, not 1 to 100":                                              func(f *form.Form) { f.ID = "" },
		"form: its id has 101 bytes, not 1 to 100":                                            func(f *form.Form) { f.ID = strings.Repeat("x", 101) },
		"form: title or submit is missing":                                                    func(f *form.Form) { f.Submit = "" },
		"form: it asks nothing":                                                               func(f *form.Form) { f.Fields = nil },
		`form: field 4 ("Q"): its id is not of [a-z0-9._-], 1 to 60 bytes`:                    field(func(f *form.Field) { f.ID = "Q" }),
		`form: field 4 ("why"): its id is taken`:                                              field(func(f *form.Field) { f.ID = "why" }),
		`form: field 4 ("q.laptop"): its label is missing`:                                    field(func(f *form.Field) { f.Label = "" }),
		`form: field 4 ("q.laptop"): its max is negative`:                                     field(func(f *form.Field) { f.Max = -1 }),
		`form: field 4 ("q.laptop"): it depends on "times", which does not come before it`:    field(func(f *form.Field) { f.When = &form.When{Field: "times", In: []string{"own"}} }),
		`form: field 4 ("q.laptop"): it depends on "q.laptop", which does not come before it`: field(func(f *form.Field) { f.When = &form.When{Field: "q.laptop", In: []string{"yes"}} }),
		`form: field 4 ("q.laptop"): it depends on no value`:                                  field(func(f *form.Field) { f.When = &form.When{Field: "why"} }),
		`form: field 4 ("q.laptop"): its kind "flog" is unknown`:                              field(func(f *form.Field) { f.Kind = "flog" }),
		`form: field 4 ("q.laptop"): it has no options`:                                       field(func(f *form.Field) { f.Kind = form.One }),
		`form: field 4 ("q.laptop"): a flag has the option "maybe"`:                           field(func(f *form.Field) { f.Options = []form.Option{{Value: "maybe"}} }),
		`form: field 4 ("q.laptop"): its kind has no options`:                                 field(func(f *form.Field) { f.Kind, f.Options = form.Date, []form.Option{{Value: "x"}} }),
		`form: field 4 ("q.laptop"): the option "x" is there twice`:                           field(func(f *form.Field) { f.Kind, f.Options = form.One, []form.Option{{Value: "x"}, {Value: "x"}} }),
		`form: field 4 ("q.laptop"): the option "L" has an empty or unreadable value`:         field(func(f *form.Field) { f.Kind, f.Options = form.One, []form.Option{{Label: "L", Value: " "}} }),
	} {
		f := contractor()
		spoil(&f)
		if err := form.Validate(f); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// FuzzMerge: whatever comes back from a page, reading it twice is reading it
// once, and only options that exist pass Check.
func FuzzMerge(f *testing.F) {
	for _, s := range []string{`{"one":["Europa"]}`, `{"many":["Alpha, b;c"],"flag":["JA"]}`, `{"number":["3,5"],"person":["@a/b"]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var values form.Values
		if json.Unmarshal([]byte(s), &values) != nil {
			return
		}
		all := everything()
		for _, c := range []form.Caps{{}, modal, pages} {
			page, _ := form.Plan(all, nil, c, 1)
			once := form.Merge(all, nil, values, page)
			if len(form.Check(all, once)) > 0 {
				continue
			}
			shown, _ := form.Plan(all, once, c, 1)
			screen := form.Values{}
			for _, x := range shown.Fields {
				screen[x.ID] = x.Value
			}
			if twice := form.Merge(all, once, screen, shown); !reflect.DeepEqual(once, twice) {
				t.Errorf("%s was read as %q, shown as %q and read as %q", s, once, screen, twice)
			}
		}
	})
}
