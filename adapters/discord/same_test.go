package discord

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// playground are the abilities of the playground's forms, whose answers those
// of Discord are compared with.
func playground() map[string]form.Caps {
	every := []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person}
	return map[string]form.Caps{
		"live": {Live: true, Kinds: every, MaxOptions: 100, Search: true},
		"pages": {
			PageFields: 5, Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Person},
			MaxOptions: 25, TitleMax: 45, LabelMax: 45, HintMax: 100,
		},
	}
}

// A thousand forms, filled in by people who change their mind half-way, bring
// the same answers through Discord's modals as on the playground's page.
func TestFormsBringTheSameAnswersAsThePlayground(t *testing.T) {
	t.Parallel()
	p := paint(t, "de")
	for seed := range 1000 {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		f := randomForm(r)
		first, last := wishes(r, f), wishes(r, f)
		for i := range f.Fields {
			f.Fields[i].Required = r.IntN(3) == 0 && len(first[f.Fields[i].ID]) > 0 && len(last[f.Fields[i].ID]) > 0
		}
		if err := form.Validate(f); err != nil {
			t.Fatalf("form %d: %v", seed, err)
		}
		here := client{t: t, painter: p, f: f, r: r}
		here.fill(first, r.IntN(4))
		here.fill(last, -1)
		got := form.Clean(f, here.draft)
		for name, c := range playground() {
			if want := form.Clean(f, elsewhere(f, c, last)); !reflect.DeepEqual(got, want) {
				t.Fatalf("form %d: got %v, %s of the playground %v\n%+v", seed, got, name, want, f)
			}
		}
		if problems := form.Check(f, here.draft); len(problems) > 0 {
			t.Fatalf("form %d: %v for %v", seed, problems, here.draft)
		}
	}
}

// elsewhere fills a form in without a chat between.
func elsewhere(f form.Form, c form.Caps, wish form.Values) form.Values {
	var draft form.Values
	for n := 1; n <= 2*len(f.Fields); n++ {
		number := n
		if c.Live {
			number = 1
		}
		page, ok := form.Plan(f, draft, c, number)
		if !ok {
			break
		}
		values := form.Values{}
		for _, shown := range page.Fields {
			field, _ := f.Field(shown.ID)
			values[shown.ID] = wish[shown.ID]
			if shown.Kind == form.Line && field.Kind == form.Many && len(wish[shown.ID]) > 0 {
				values[shown.ID] = []string{strings.Join(wish[shown.ID], ", ")}
			}
		}
		draft = form.Merge(f, draft, values, page)
	}
	return draft
}

// client is Discord and somebody in front of it. It draws what it is sent,
// refuses what Discord refuses, and sends back what Discord sends.
type client struct {
	t *testing.T
	painter
	f     form.Form
	r     *rand.Rand
	draft form.Values
}

const goOn = "morerequest~demo~"

// fill goes through the form from its start, at most that many pages (-1: to
// the end).
func (c *client) fill(wish form.Values, steps int) {
	from := act{Surface: onCommand}
	for n := 1; n-1 != steps; n++ {
		page, ok := form.Plan(c.f, c.draft, caps(), n)
		if !ok {
			return
		}
		sent := c.submit(c.open(from, chat.Show{Page: page, Continue: goOn}), wish)
		filled, ok := sent.Intent.(chat.Filled)
		if !ok || filled.Form != c.f.ID || filled.Page != n {
			c.t.Fatalf("page %d arrived as %+v", n, sent)
		}
		c.draft = form.Merge(c.f, c.draft, filled.Values, page)
		from = sent
	}
}

// open brings a page up, with a press on Continue where that is needed.
func (c *client) open(from act, s chat.Show) modal {
	answer := c.reply(from, s)
	if m, between := answer.Data.(message); between {
		_, ids := see(m)
		data, _ := json.Marshal(map[string]any{"component_type": 2, "custom_id": ids[0]})
		pressed, err := reader().interaction([]byte(`{"type":3,` + head + server + on("32832", "[]") + `"data":` + string(data) + `}`))
		if err != nil || pressed.Intent.(chat.Pressed).Token != goOn {
			c.t.Fatalf("Continue is %+v, %v", pressed, err)
		}
		answer = c.reply(pressed, s)
	}
	m, ok := answer.Data.(modal)
	if !ok || checkModal(m) != nil {
		c.t.Fatalf("page %d is %+v, %v", s.Page.Number, answer, checkModal(m))
	}
	return m
}

// submit fills the modal in and sends it.
func (c *client) submit(m modal, wish form.Values) act {
	var sent []any
	for i, label := range m.Components {
		if label.Type == kindText {
			sent = append(sent, map[string]any{"type": kindText, "id": i})
			continue
		}
		e := *label.Component
		inside := c.answer(e, wish[e.CustomID])
		inside["type"], inside["id"], inside["custom_id"] = e.Type, i, e.CustomID
		sent = append(sent, map[string]any{"type": kindLabel, "id": 100 + i, "component": inside})
	}
	data, err := json.Marshal(map[string]any{"custom_id": m.CustomID, "components": sent, "resolved": map[string]any{"users": map[string]any{}}})
	if err != nil {
		c.t.Fatal(err)
	}
	got, err := reader().interaction(inServer("5", string(data)))
	if err != nil {
		c.t.Fatalf("%s: %v", data, err)
	}
	return got
}

// answer is what one element sends when a wish was put into it.
func (c *client) answer(e component, wish []string) map[string]any {
	required := e.Required == nil || *e.Required
	if required && len(wish) == 0 {
		c.t.Fatalf("%s cannot be left empty", e.CustomID)
	}
	for _, w := range wish {
		if len(e.Options) > 0 && !slices.ContainsFunc(e.Options, func(o choice) bool { return o.Value == w }) {
			c.t.Fatalf("%s has no option %q", e.CustomID, w)
		}
	}
	switch e.Type {
	case kindTextInput:
		typed := c.typed(e.CustomID, wish)
		if chat.Length(typed) > e.MaxLength {
			c.t.Fatalf("%s takes %d characters", e.CustomID, e.MaxLength)
		}
		return map[string]any{"value": typed}
	case kindRadio:
		if len(wish) == 0 {
			return map[string]any{"value": nil}
		}
		return map[string]any{"value": wish[0]}
	case kindUserSelect:
		ids := []string{}
		for _, w := range wish {
			ids = append(ids, strings.TrimPrefix(w, "discord/"))
		}
		return map[string]any{"values": ids}
	case kindStringSelect, kindCheckboxes:
		if len(wish) > e.MaxValues {
			c.t.Fatalf("%s takes %d", e.CustomID, e.MaxValues)
		}
		values := append([]string{}, wish...)
		c.r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		return map[string]any{"values": values}
	}
	c.t.Fatalf("element %d", e.Type)
	return nil
}

// typed is a wish as people type it.
func (c *client) typed(id string, wish []string) string {
	field, _ := c.f.Field(id)
	switch {
	case len(wish) == 0:
		return []string{"", "  "}[c.r.IntN(2)]
	case field.Kind == form.Number:
		return strings.Replace(wish[0], ".", []string{".", ","}[c.r.IntN(2)], 1)
	}
	return strings.Join(wish, []string{", ", ";", "\n"}[c.r.IntN(3)])
}

// randomForm has up to 12 fields; about half depend on an earlier choice, and
// some have more options than a menu holds.
func randomForm(r *rand.Rand) form.Form {
	f := form.Form{ID: "request~demo~~~~~" + strings.Repeat("x", r.IntN(60)), Title: "A form with a title that is longer than the title of a modal may be", Submit: "Send"}
	kinds := []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person}
	for i := range 1 + r.IntN(12) {
		field := form.Field{ID: fmt.Sprintf("f%d", i), Kind: kinds[r.IntN(len(kinds))], Label: fmt.Sprintf("Question number %d, of which the label is too long for one", i)}
		if field.Kind == form.One || field.Kind == form.Many {
			for n := range []int{1, 2, 5, 9, 11, 25, 26, 40}[r.IntN(8)] {
				label := []string{fmt.Sprintf("Choice %d of it", n), "Same", fmt.Sprintf("v%d", n+1), "With, comma"}[min(r.IntN(12), 3)%(1+r.IntN(4))]
				field.Options = append(field.Options, form.Option{Value: fmt.Sprintf("v%d", n), Label: label})
			}
		}
		if i > 0 && r.IntN(2) == 0 {
			field.When = randomWhen(f.Fields[r.IntN(i)])
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

func randomWhen(on form.Field) *form.When {
	switch on.Kind {
	case form.Flag:
		return &form.When{Field: on.ID, In: []string{"yes"}}
	case form.One, form.Many:
		return &form.When{Field: on.ID, In: []string{"v0", "v2"}}
	case form.Number:
		return &form.When{Field: on.ID, In: []string{"1.5", "2.5"}}
	}
	return nil
}

// wishes are what a person wants to answer to each field, if it is asked.
func wishes(r *rand.Rand, f form.Form) form.Values {
	w := form.Values{}
	for _, field := range f.Fields {
		if r.IntN(6) == 0 {
			continue // left empty, or cleared
		}
		switch field.Kind {
		case form.One:
			w[field.ID] = []string{field.Options[r.IntN(len(field.Options))].Value}
		case form.Many:
			for _, o := range field.Options {
				if r.IntN(2) == 0 {
					w[field.ID] = append(w[field.ID], o.Value)
				}
			}
		case form.Flag:
			w[field.ID] = []string{[]string{"yes", "no"}[r.IntN(2)]}
		case form.Number:
			w[field.ID] = []string{fmt.Sprintf("%d.5", r.IntN(4))}
		case form.Date, form.Moment:
			w[field.ID] = []string{"17.9.2026"}
		case form.Person:
			w[field.ID] = []string{fmt.Sprintf("discord/%d", 1+r.Int64N(1<<60))}
		default:
			w[field.ID] = []string{fmt.Sprintf("text %d *and* <@1>", r.IntN(100))}
		}
	}
	return w
}

// What a form is called at most, on every page, comes back as it went out.
func TestTheLongestNamesOfFormsComeBack(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"f", "sample~1", "Z", "7~", "request~" + strings.Repeat("t", 92)} {
		for page := 1; page <= maxPage; page++ {
			m := paint(t, "en").form(chat.Show{Page: form.Page{Form: id, Number: page, Title: "T"}})
			if err := checkModal(m); err != nil {
				t.Fatal(err)
			}
			if got, n, ok := readModalID(m.CustomID); got != id || n != page || !ok {
				t.Fatalf("page %d of %q comes back as page %d of %q", page, id, n, got)
			}
		}
	}
	for _, s := range []string{"", "é", "\xff", string(rune(pageBase + 'f')), "中"} {
		if id, page, ok := readModalID(s); ok && modalID(id, page) != s {
			t.Errorf("%q is page %d of %q", s, page, id)
		}
	}
}
