package form_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/form"
)

// chats are abilities as unlike each other as real chats are.
func chats() map[string]form.Caps {
	all := []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person}
	return map[string]form.Caps{
		"live modal":                          {Live: true, Kinds: all, MaxOptions: 100, Search: true},
		"sometimes: live modal that searches": {Live: true, Kinds: all, MaxOptions: 3, Search: true, TitleMax: 24},
		"pages of five":                       {PageFields: 5, Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Person}, MaxOptions: 4, LabelMax: 10},
		"text in pages":                       {PageFields: 5, Kinds: []form.Kind{form.Line, form.Area}},
		"text one by one":                     {PageFields: 1},
		"pages without limit":                 {Kinds: all},
	}
}

func TestEveryChatGetsTheSameAnswers(t *testing.T) {
	t.Parallel()
	all := chats()
	for shard := range 4 {
		t.Run(fmt.Sprint("shard ", shard), func(t *testing.T) {
			t.Parallel()
			for seed := shard; seed < forms; seed += 4 {
				sameAnswers(t, seed, all)
			}
		})
	}
}

// sameAnswers lets somebody who changes their mind half-way fill one form in
// every chat.
func sameAnswers(t *testing.T, seed int, all map[string]form.Caps) {
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	f := randomForm(r)
	if err := form.Validate(f); err != nil {
		t.Fatalf("form %d: %v", seed, err)
	}
	first, last := wishes(r, f), wishes(r, f)
	want := expected(f, last)
	for name, c := range all {
		if strings.HasPrefix(name, "sometimes") && seed/4%10 != 0 {
			continue
		}
		p := &person{t: t, f: f, caps: c, r: rand.New(rand.NewPCG(uint64(seed), 2))}
		p.fill(first, p.r.IntN(4))
		p.fill(last, -1)
		if got := form.Clean(f, p.draft); !reflect.DeepEqual(got, want) {
			t.Fatalf("form %d in %s:\n got %v\nwant %v\nform %+v", seed, name, got, want, f)
		}
		if problems := form.Check(f, p.draft); len(problems) > 0 {
			t.Fatalf("form %d in %s: %v for %v", seed, name, problems, p.draft)
		}
	}
}

// person is somebody who fills a form in one chat.
type person struct {
	t     *testing.T
	f     form.Form
	caps  form.Caps
	r     *rand.Rand
	draft form.Values
}

// fill goes through the form from its start, at most that many steps (pages,
// or fields of a live page; -1: to the end).
func (p *person) fill(wish form.Values, steps int) {
	if p.caps.Live {
		p.fillLive(wish, steps)
		return
	}
	for n := 1; n-1 != steps; n++ {
		page, ok := p.plan(n)
		if !ok {
			return
		}
		screen := form.Values{"foreign": {"never asked"}}
		for _, field := range page.Fields {
			screen[field.ID] = p.write(field, wish[field.ID])
		}
		p.draft = form.Merge(p.f, p.draft, screen, page)
	}
}

// fillLive sets one field after the other; the page is planned again after
// each, and fields that appear come with what the draft has for them.
func (p *person) fillLive(wish form.Values, steps int) {
	done, screen := map[string]bool{}, form.Values{}
	for n := 0; n != steps; n++ {
		page, ok := p.plan(1)
		if !ok {
			return
		}
		for _, field := range page.Fields {
			screen[field.ID] = field.Value
		}
		i := slices.IndexFunc(page.Fields, func(f form.Field) bool { return !done[f.ID] })
		if i < 0 {
			return
		}
		field := page.Fields[i]
		done[field.ID] = true
		screen[field.ID] = p.write(field, wish[field.ID])
		p.draft = form.Merge(p.f, p.draft, screen, page)
	}
}

// plan asks for a page and looks whether the chat can show it.
func (p *person) plan(n int) (form.Page, bool) {
	page, ok := form.Plan(p.f, p.draft, p.caps, n)
	if !ok {
		return page, false
	}
	if p.caps.PageFields > 0 && len(page.Fields) > p.caps.PageFields || len(page.Fields) == 0 {
		p.t.Fatalf("page with %d fields", len(page.Fields))
	}
	here := map[string]bool{}
	for _, shown := range page.Fields {
		field, _ := p.f.Field(shown.ID)
		if !p.caps.Live && field.When != nil && here[field.When.Field] {
			p.t.Fatalf("%s is on a page with %s, which it depends on", shown.ID, field.When.Field)
		}
		if shown.Kind != form.Line && !slices.Contains(p.caps.Kinds, shown.Kind) {
			p.t.Fatalf("%s is shown as %s, which the chat lacks", shown.ID, shown.Kind)
		}
		if p.caps.MaxOptions > 0 && !shown.Search && len(shown.Options) > p.caps.MaxOptions {
			p.t.Fatalf("%s has %d options", shown.ID, len(shown.Options))
		}
		here[shown.ID] = true
	}
	return page, true
}

// write puts a wish into a field as it is shown.
func (p *person) write(shown form.Field, wish []string) []string {
	field, _ := p.f.Field(shown.ID)
	if shown.Kind == field.Kind || len(wish) == 0 {
		return wish
	}
	wish = slices.Clone(wish)
	switch field.Kind {
	case form.One, form.Many:
		lines := strings.Split(shown.Hint, "\n")
		names := strings.Split(lines[len(lines)-1], " · ")
		for i, w := range wish {
			at := slices.IndexFunc(field.Options, func(o form.Option) bool { return o.Value == w })
			name, _, _ := strings.Cut(names[at], " = ")
			wish[i] = p.anyCase(name)
		}
		p.r.Shuffle(len(wish), func(i, j int) { wish[i], wish[j] = wish[j], wish[i] })
		return []string{strings.Join(wish, []string{",", " ; ", ", ", "\n"}[p.r.IntN(4)])}
	case form.Flag:
		said := map[string][]string{"yes": {"yes", "Y", "ja", " J "}, "no": {"No", "n", "NEIN", "nein"}}
		return []string{said[wish[0]][p.r.IntN(4)]}
	case form.Number:
		return []string{strings.Replace(wish[0], ".", []string{".", ","}[p.r.IntN(2)], 1)}
	case form.Person:
		return []string{[]string{"@", ""}[p.r.IntN(2)] + wish[0]}
	}
	return wish
}

func (p *person) anyCase(s string) string {
	return []string{s, strings.ToUpper(s), strings.ToLower(s), "  " + s}[p.r.IntN(4)]
}

// randomForm has up to 12 fields; about half depend on an earlier choice.
func randomForm(r *rand.Rand) form.Form {
	f := form.Form{ID: "f", Title: "A form with a rather long title", Submit: "Send"}
	kinds := []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person}
	for i := range 1 + r.IntN(12) {
		field := form.Field{ID: fmt.Sprintf("f%d", i), Kind: kinds[r.IntN(len(kinds))], Label: fmt.Sprintf("Question number %d", i)}
		if field.Kind == form.One || field.Kind == form.Many {
			for n := range 2 + r.IntN(5) {
				// Some labels are the same, and some are the value of another option.
				label := []string{fmt.Sprintf("Choice %d of it", n), "Same", fmt.Sprintf("v%d", n+1), "With, comma"}[min(r.IntN(12), 3)%(1+r.IntN(4))]
				field.Options = append(field.Options, form.Option{Value: fmt.Sprintf("v%d", n), Label: label})
			}
		}
		if i > 0 && r.IntN(2) == 0 {
			field.When = randomWhen(r, f.Fields[r.IntN(i)])
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

func randomWhen(r *rand.Rand, on form.Field) *form.When {
	switch on.Kind {
	case form.Flag:
		return &form.When{Field: on.ID, In: []string{[]string{"yes", "no"}[r.IntN(2)]}}
	case form.One, form.Many:
		w := &form.When{Field: on.ID, In: []string{"v0"}}
		if r.IntN(2) == 0 {
			w.In = append(w.In, "v2")
		}
		return w
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
			w[field.ID] = []string{"2026-09-17"}
		case form.Person:
			w[field.ID] = []string{"playground/mina"}
		default:
			w[field.ID] = []string{fmt.Sprintf("text %d", r.IntN(100))}
		}
	}
	return w
}

// expected is what the answers are, said in the plainest way.
func expected(f form.Form, wish form.Values) form.Values {
	out := form.Values{}
	for _, field := range f.Fields {
		asked := field.When == nil
		if !asked {
			for _, v := range out[field.When.Field] {
				asked = asked || slices.Contains(field.When.In, v)
			}
		}
		if asked && len(wish[field.ID]) > 0 {
			out[field.ID] = wish[field.ID]
		}
	}
	return out
}
