package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// lists is the house with groups that can be listed.
type lists struct{ *house }

func (lists) ThingsFor(_ context.Context, _ access.TenantID, _ access.Account, query string, _ int) []runtime.Thing {
	var out []runtime.Thing
	for _, thing := range []runtime.Thing{
		{Connector: "groups", Chat: "play", Target: "security", Name: "Security", Kind: "group"},
		{Connector: "roles", Chat: "play", Target: "g1/1051", Name: "Game masters", Kind: "role"},
		{Connector: "rooms", Chat: "play", Target: "all", Name: "Everybody", Kind: "channel"},
	} {
		if strings.Contains(strings.ToLower(thing.Name), strings.ToLower(query)) {
			out = append(out, thing)
		}
	}
	return out
}

// speaking is a call of somebody, to look at what screens are made of.
func speaking(t *testing.T, p access.PersonID) *call {
	t.Helper()
	h := newHouse(t, live())
	h.desk.Use(lists{h})
	c := &call{Desk: h.desk, ctx: context.Background(), from: h.who(p), now: h.at, tongue: h.desk.texts.in("")}
	if err := c.meet(); err != nil {
		t.Fatal(err)
	}
	return c
}

func live() form.Caps {
	return form.Caps{
		Live: true, Search: true, MaxOptions: 100, TitleMax: 24,
		Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Person},
	}
}

// chats are the abilities of Slack, Discord, and the two of the playground.
func chats() map[string]form.Caps {
	every := []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person}
	return map[string]form.Caps{
		"slack":   live(),
		"discord": {Echo: true, PageFields: 5, MaxOptions: 25, TitleMax: 45, LabelMax: 45, HintMax: 100, Kinds: every},
		"pages": {
			PageFields: 5, Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Person},
			MaxOptions: 25, TitleMax: 45, LabelMax: 45, HintMax: 100,
		},
		"page": {Live: true, Kinds: every, MaxOptions: 100, Search: true},
		"bare": {Kinds: []form.Kind{form.Line}},
	}
}

// sections are the forms of a policy.
type section struct {
	name   string
	fields func(access.Policy) []form.Field
	read   func(form.Values, *access.Policy) map[string]*access.Error
}

func (c *call) sections() []section {
	return []section{{"who", c.whoFields, c.readWho}, {"stages", c.stageFields, c.readStages}, {"life", c.lifeFields, c.readLife}}
}

// filledIn goes through a form as a chat shows it, changing what it comes with
// as said, and gives what the form was sent with.
func filledIn(t rapid.TB, fields []form.Field, caps form.Caps, changes form.Values) form.Values {
	t.Helper()
	f := form.Form{ID: "f", Title: "t", Submit: "s", Fields: fields}
	if err := form.Validate(f); err != nil {
		t.Fatal(err)
	}
	var draft form.Values
	for n, turns := 1, 0; ; turns++ {
		page, ok := form.Plan(f, draft, caps, n)
		if !ok || turns > 200 {
			break
		}
		typed, changed := form.Values{}, false
		for _, field := range page.Fields {
			typed[field.ID] = field.Value
			if want, ok := changes[field.ID]; ok {
				changed = changed || field.Live && !cmp.Equal(field.Value, want)
				typed[field.ID] = want
			}
		}
		if draft = form.Merge(f, draft, typed, page); !changed {
			n++
		}
	}
	if wrong := form.Check(f, draft); len(wrong) > 0 {
		t.Fatalf("%v with %v", wrong, draft)
	}
	return form.Clean(f, draft)
}

func someSubjects(t *rapid.T, relation bool) []access.Subject {
	all := []access.Subject{
		access.SomePerson(olga), access.SomePerson(ada), access.SomePerson(mina), access.SomePerson("play/left"), access.SomePerson("games/stranger"),
		access.SomeGroup("play/security"), access.SomeGroup("play/1051"), access.SomeGroup("games/gone"),
	}
	if relation {
		for _, kind := range relations() {
			all = append(all, access.Subject{Kind: kind})
		}
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, 5, rapid.ID[access.Subject]).Draw(t, "subjects")
}

func maybe(t *rapid.T) bool { return rapid.Bool().Draw(t, "maybe") }

func hours(t *rapid.T, most int) time.Duration {
	return time.Duration(rapid.IntRange(1, most).Draw(t, "hours")) * time.Hour
}

func randomStage(t *rapid.T) access.Stage {
	s := access.Stage{Approvers: someSubjects(t, true), ReasonRequired: maybe(t)}
	s.Quorum = rapid.IntRange(0, 1).Draw(t, "quorum")
	if maybe(t) {
		s.Within = hours(t, 3000)
	}
	if maybe(t) {
		s.Alternates = someSubjects(t, true)
		if n := int(s.DecideWithin() / time.Hour); n > 1 && maybe(t) {
			s.AlternatesAfter = hours(t, n-1)
		}
	}
	if maybe(t) {
		s.Fallbacks = someSubjects(t, true)
	}
	return s
}

func randomPolicy(t *rapid.T) access.Policy {
	p := access.Policy{
		ID: "p", Version: 3, Name: "P", Closed: maybe(t), Choosable: maybe(t), Justification: maybe(t),
		Requestors: access.Scope{Members: maybe(t), Outsiders: maybe(t)}, OnBehalf: access.OnBehalf{Managers: maybe(t)},
		Lifecycle: access.Lifecycle{Ends: access.EndsNever, OwnTimes: maybe(t)},
	}
	if maybe(t) {
		p.Requestors.People, p.Requestors.Groups = apart(someSubjects(t, false))
	}
	if maybe(t) {
		p.OnBehalf.People, p.OnBehalf.Groups = apart(someSubjects(t, false))
	}
	for range rapid.IntRange(0, 3).Draw(t, "stages") {
		p.Stages = append(p.Stages, randomStage(t))
	}
	switch rapid.IntRange(0, 2).Draw(t, "ends") {
	case 1:
		p.Lifecycle.Ends, p.Lifecycle.For = access.EndsDuration, hours(t, 80000)
	case 2:
		at := time.Date(2026, 10, 24, 21, 59, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(-1e6, 1e6).Draw(t, "seconds")) * time.Second)
		p.Lifecycle.Ends, p.Lifecycle.On = access.EndsOnDate, at
	}
	if p.Lifecycle.Ends != access.EndsNever || p.Lifecycle.OwnTimes {
		p.Lifecycle.Extend = maybe(t)
		p.ExtensionApproval = p.Lifecycle.Extend && len(p.Stages) > 0 && maybe(t)
	}
	return p
}

func someWords(t *rapid.T, most int) access.Words {
	texts := []string{"Where?", "Wo denn: hier?", "a | b", "x = y", "one\ntwo", "de: no language", "url: give it", "  spaces  ", "ü"}
	w := access.Say(rapid.SampledFrom(texts).Draw(t, "text"))
	for _, tag := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"de", "en", "de-at", "fr"}), 0, most, rapid.ID[string]).Draw(t, "tags") {
		if w.In == nil {
			w.In = map[string]string{}
		}
		w.In[tag] = rapid.SampledFrom(texts).Draw(t, tag)
	}
	return w
}

func randomQuestion(t *rapid.T) access.Question {
	q := access.Question{ID: "q", Kind: rapid.SampledFrom(questionKinds()).Draw(t, "kind"), Label: someWords(t, 3), Required: maybe(t), Editable: maybe(t)}
	if q.Kind.Text() && maybe(t) {
		q.Pattern = rapid.SampledFrom([]string{"[A-Z]+-[0-9]+", ".*", "a|b"}).Draw(t, "pattern")
	}
	if q.Kind.Chosen() {
		for n := range rapid.IntRange(2, 6).Draw(t, "options") {
			o := access.Option{Value: fmt.Sprintf("v%d", n), Label: someWords(t, 2)}
			o.Label.Text = strings.ReplaceAll(o.Label.Text, "\n", " ")
			if maybe(t) {
				o.Value = fmt.Sprintf("Label %d", n)
				o.Label.Text = o.Value
			}
			q.Options = append(q.Options, o)
		}
	}
	return q
}

func TestQuestionFormsSentBackAsTheyAreChangeNothing(t *testing.T) {
	t.Parallel()
	c := speaking(t, rita)
	rapid.Check(t, func(t *rapid.T) {
		q := randomQuestion(t)
		if problems := q.Validate(); problems != nil {
			t.Fatal(problems)
		}
		for name, caps := range chats() {
			got := q
			if wrong := c.readQuestion(filledIn(t, c.questionFields(q, 1), caps, nil), &got); len(wrong) > 0 {
				t.Fatalf("%s: %v", name, wrong)
			}
			if diff := cmp.Diff(q, got, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s: %s", name, diff)
			}
		}
	})
}

// sentences are what is wrong, as people read it.
func (c *call) sentences(wrong map[string]*access.Error) map[string]string {
	out := map[string]string{}
	for field, e := range wrong {
		out[field] = c.flat(c.explain(e))
	}
	return out
}
