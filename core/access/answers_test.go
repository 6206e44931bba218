package access

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func places() []Option {
	return []Option{
		{Value: "home", Label: Words{Text: "At home", In: map[string]string{"de": "Zu Hause"}}},
		{Value: "office", Label: Words{Text: "In the office", In: map[string]string{"de": "Im Büro"}}},
		{Value: "road", Label: Words{Text: "On the road", In: map[string]string{"de": "Unterwegs"}}},
	}
}

func oneQuestion(kind QuestionKind) []Question {
	q := Question{ID: "q", Kind: kind, Label: Say("?")}
	if kind.Chosen() {
		q.Options = places()
	}
	return []Question{q}
}

func TestCheckAnswersMakesThemCanonical(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  QuestionKind
		given []string
		want  []string
	}{
		{ShortText, []string{"  hello "}, []string{"hello"}},
		{ShortText, []string{"", " x ", " "}, []string{"x"}},
		{LongText, []string{"a\r\nb\tc"}, []string{"a\nb\tc"}},
		{LongText, []string{" \n "}, nil},
		{Choice, []string{"office"}, []string{"office"}},
		{Choice, []string{"im büro"}, []string{"office"}},
		{Choice, []string{"ON THE ROAD"}, []string{"road"}},
		{Choices, []string{"road", "home", "road"}, []string{"home", "road"}},
		{Choices, []string{"Unterwegs, at home"}, []string{"home", "road"}},
		{YesNo, []string{"Yes"}, []string{"yes"}},
		{YesNo, []string{"nein"}, []string{"no"}},
		{Number, []string{"007.50"}, []string{"7.5"}},
		{Number, []string{"-0.0"}, []string{"0"}},
		{Number, []string{"+12"}, []string{"12"}},
		{Date, []string{"17. Sep 2026"}, []string{"2026-09-17"}},
		{PersonAsk, []string{"playground/ada"}, []string{"playground/ada"}},
	} {
		got, problems := CheckAnswers(oneQuestion(c.kind), Answers{"q": c.given})
		if problems != nil || !slices.Equal(got["q"], c.want) {
			t.Errorf("%s %q gives %q, %v; want %q", c.kind, c.given, got["q"], problems, c.want)
		}
		if _, there := got["q"]; there != (len(c.want) > 0) {
			t.Errorf("%s %q: a question without an answer must be absent", c.kind, c.given)
		}
	}
}

func TestCheckAnswersRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  QuestionKind
		given []string
		want  string
	}{
		{ShortText, []string{"a\nb"}, "oneLine"},
		{ShortText, []string{strings.Repeat("é", 301)}, "tooLong"},
		{ShortText, []string{"bell\a"}, "badText"},
		{ShortText, []string{"\xff"}, "badText"},
		{ShortText, []string{"a", "b"}, "answerOne"},
		{LongText, []string{strings.Repeat("x", 3001)}, "tooLong"},
		{Choice, []string{"moon"}, "answerChoice"},
		{Choice, []string{"home", "office"}, "answerOne"},
		{Choices, []string{"home", "moon"}, "answerChoice"},
		{Choices, []string{"home, moon"}, "answerChoice"},
		{YesNo, []string{"maybe"}, "answerYesNo"},
		{Number, []string{"1,5"}, "answerNumber"},
		{Number, []string{"1e9"}, "answerNumber"},
		{Number, []string{"0x10"}, "answerNumber"},
		{Number, []string{".5"}, "answerNumber"},
		{Number, []string{"Inf"}, "answerNumber"},
		{Date, []string{"03/04/2026"}, "ambiguousDate"},
		{Date, []string{"2026-02-30"}, "noSuchDate"},
		{Date, []string{"2026-02-03 10:00"}, "badDate"},
		{PersonAsk, []string{"ada"}, "badAccount"},
		{"riddle", []string{"x"}, "unknownKind"},
	} {
		got, problems := CheckAnswers(oneQuestion(c.kind), Answers{"q": c.given})
		if len(problems) != 1 || problems[0].Code != c.want || problems[0].Field != "answer.q" || problems[0].Kind != Invalid {
			t.Errorf("%s %q gives %v, want %s", c.kind, c.given, problems, c.want)
		}
		if len(got) != 0 {
			t.Errorf("%s %q is kept as %q", c.kind, c.given, got)
		}
	}
}

func TestCheckAnswersTellsAllAtOnce(t *testing.T) {
	t.Parallel()
	questions := []Question{
		{ID: "why", Kind: ShortText, Required: true},
		{ID: "ticket", Kind: ShortText, Pattern: "[A-Z]+-[0-9]+"},
		{ID: "note", Kind: LongText},
	}
	got, problems := CheckAnswers(questions, Answers{"ticket": {"see OPS-1"}, "note": {"fine"}, "color": {"red"}, "age": nil})
	want := []string{"answer.why required", "answer.ticket answerPattern", "answer.age unknownQuestion", "answer.color unknownQuestion"}
	var told []string
	for _, p := range problems {
		told = append(told, p.Field+" "+p.Code)
	}
	if !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
	if !reflect.DeepEqual(got, Answers{"note": {"fine"}}) {
		t.Errorf("kept %v", got)
	}
	if !IsCode(problems.Err(), "required") {
		t.Error("the first problem is not found in the list")
	}
}

func TestPatternMatchesTheWholeText(t *testing.T) {
	t.Parallel()
	for pattern, cases := range map[string]map[string]bool{
		"a|b":         {"a": true, "b": true, "ab": false, "xa": false},
		"(?i)ops-\\d": {"OPS-1": true, "OPS-12": false},
		"^x$":         {"x": true, "x\ny": false},
		"a)(b":        {"ab": false, "a": false}, // broken: nothing matches
	} {
		q := []Question{{ID: "q", Kind: LongText, Pattern: pattern}}
		for text, want := range cases {
			if _, problems := CheckAnswers(q, Answers{"q": {text}}); (problems == nil) != want {
				t.Errorf("%q and %q: %v", pattern, text, problems)
			}
		}
	}
}

func TestLabelThatTwoOptionsShareNamesNeither(t *testing.T) {
	t.Parallel()
	q := []Question{{ID: "q", Kind: Choice, Options: []Option{{"a", Say("Same")}, {"b", Say("same")}}}}
	if _, problems := CheckAnswers(q, Answers{"q": {"same"}}); !IsCode(problems, "answerChoice") {
		t.Errorf("got %v", problems)
	}
}

func TestCanonicalAnswersStayAsTheyAre(t *testing.T) {
	t.Parallel()
	texts := rapid.SampledFrom([]string{"", " ", "home", "Zu Hause", "home, road", "ja", "NO", "1.50", "-0", "17.9.2026", "2026-09-17", "playground/ada", "two\nlines", "x"})
	kinds := rapid.SampledFrom([]QuestionKind{ShortText, LongText, Choice, Choices, YesNo, Number, Date, PersonAsk})
	rapid.Check(t, func(t *rapid.T) {
		var questions []Question
		given := Answers{}
		for i, kind := range rapid.SliceOfN(kinds, 1, 5).Draw(t, "kinds") {
			q := oneQuestion(kind)[0]
			q.ID = string(rune('a' + i))
			questions = append(questions, q)
			given[q.ID] = rapid.SliceOfN(texts, 0, 3).Draw(t, "values")
		}
		before := maps.Clone(given)
		once, _ := CheckAnswers(questions, given)
		twice, problems := CheckAnswers(questions, once)
		if problems != nil || !reflect.DeepEqual(once, twice) {
			t.Fatalf("%v became %v, then %v (%v)", given, once, twice, problems)
		}
		if !reflect.DeepEqual(before, given) {
			t.Fatalf("what was given was changed to %v", given)
		}
	})
}

func FuzzCheckAnswers(f *testing.F) {
	f.Add("choice", "home", "[a-z]+")
	f.Add("number", "-12.50", "")
	f.Add("choices", "home, Unterwegs", "")
	f.Add("shortText", "OPS-1", "(?i)ops-[0-9]+")
	f.Fuzz(func(t *testing.T, kind, text, pattern string) {
		q := oneQuestion(QuestionKind(kind))
		q[0].Pattern = pattern
		got, problems := CheckAnswers(q, Answers{"q": {text}})
		if problems != nil && len(got) > 0 {
			t.Fatalf("%q is kept in spite of %v", got, problems)
		}
		again, problems := CheckAnswers(q, got)
		if len(got) > 0 && (problems != nil || !reflect.DeepEqual(got, again)) {
			t.Fatalf("%q is no canonical answer: %v, %v", got, again, problems)
		}
	})
}
