package chattest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

func replyTests() map[string]func(*testing.T, *stage) {
	return map[string]func(*testing.T, *stage){
		"a command arrives":                        invoked,
		"a press arrives":                          pressed,
		"a filled form arrives":                    filled,
		"a change in a live form arrives":          filledLive,
		"a search arrives and is answered":         searched,
		"a command is completed":                   completed,
		"a repeated intent has the same id":        repeatedIntent,
		"each person is who they are":              twoPeople,
		"an answer is private":                     private,
		"a private card at the limits arrives":     privateLimits,
		"a second page follows the first":          twoPages,
		"another form follows one that was sent":   follows,
		"a rejected form says why and may be sent": rejected,
		"a panic of the handler is survived":       panics,
		"a forged call never arrives":              forged,
	}
}

// one returns the only intent that arrived, as a T.
func one[T chat.Intent](t *testing.T, s *stage) T {
	t.Helper()
	got := s.taken()
	if len(got) != 1 {
		t.Fatalf("%d intents arrived, want 1: %+v", len(got), got)
	}
	in, ok := got[0].(T)
	if !ok {
		t.Fatalf("%T arrived, want %T", got[0], in)
	}
	return in
}

func wantWho(t *testing.T, got, want chat.Who) {
	t.Helper()
	if got.Tenant != want.Tenant || got.Account != want.Account {
		t.Errorf("it came from %s of %s, want %s of %s", got.Account, got.Tenant, want.Account, want.Tenant)
	}
}

func wantSeen(t *testing.T, got Seen, want SeenKind) {
	t.Helper()
	if got.Kind != want {
		t.Fatalf("the person saw %q (%q), want %q", got.Kind, got.Message.Text, want)
	}
}

func invoked(t *testing.T, s *stage) {
	s.reply(chat.Tell{Card: card("Hello", "go")})
	seen := s.Do(t, chat.Invoked{Who: s.Who(0), ID: "1", Command: "access", Text: "request contractor"})
	in := one[chat.Invoked](t, s)
	wantWho(t, in.Who, s.Who(0))
	if in.Command != "access" || in.Text != "request contractor" || in.ID == "" {
		t.Errorf("arrived as %+v", in)
	}
	wantSeen(t, seen, SeenTell)
	shows(t, seen.Message, card("Hello", "go"))
	text := "request contractor for @" + string(s.Who(1).Account)
	s.Do(t, chat.Invoked{Who: s.Who(0), ID: "2", Command: "access", Text: text})
	if in := one[chat.Invoked](t, s); in.Text != text {
		t.Errorf("a command that names a person arrived as %q, want %q", in.Text, text)
	}
	s.Do(t, chat.Invoked{Who: s.Who(0), ID: "3", Command: "access-admin", Text: "pending"})
	if in := one[chat.Invoked](t, s); in.Command != "access-admin" || in.Text != "pending" {
		t.Errorf("arrived as %+v", in)
	}
}

func pressed(t *testing.T, s *stage) {
	ref := s.post(t, "one", s.home(), card("Decide", "approve", "deny"))
	seen := s.Do(t, chat.Pressed{Who: s.Who(0), ID: "1", Token: "deny~~~~~~", Ref: ref})
	in := one[chat.Pressed](t, s)
	wantWho(t, in.Who, s.Who(0))
	if in.Token != "deny~~~~~~" || in.Ref != ref || in.ID == "" {
		t.Errorf("arrived as %+v, want the ref %q", in, ref)
	}
	wantSeen(t, seen, SeenNothing)
	s.reply(chat.Tell{Card: card("Done")})
	seen = s.Do(t, chat.Pressed{Who: s.Who(0), ID: "2", Token: "approve~~~~~~", Ref: ref})
	wantSeen(t, seen, SeenTell)
	shows(t, seen.Message, card("Done"))
	s.taken()
	shows(t, s.see(t, ref), card("Decide", "approve", "deny"))
}

// sample is a form with a field of each kind, and two that depend on others.
func sample() form.Form {
	options := []form.Option{{Value: "v1", Label: "One"}, {Value: "v2", Label: "Two", Hint: "the second"}, {Value: "v3", Label: "Three"}}
	return form.Form{ID: "sample~1", Title: "A form", Submit: "Send", Next: "Go on", Fields: []form.Field{
		{ID: "why", Kind: form.Area, Label: "Why?", Required: true, Max: 500},
		{ID: "which", Kind: form.One, Label: "Which?", Options: options, Required: true},
		{ID: "more", Kind: form.Line, Label: "What about two?", When: &form.When{Field: "which", In: []string{"v2"}}},
		{ID: "several", Kind: form.Many, Label: "Several?", Options: options},
		{ID: "sure", Kind: form.Flag, Label: "Sure?"},
		{ID: "number", Kind: form.Number, Label: "How many?", When: &form.When{Field: "sure", In: []string{"yes"}}},
		{ID: "day", Kind: form.Date, Label: "Which day?"},
		{ID: "until", Kind: form.Moment, Label: "Until when?", Placeholder: "17 Sep 2026 18:00"},
		{ID: "person", Kind: form.Person, Label: "Who else?"},
	}}
}

// answers are what somebody answers to sample; w is the second person.
func answers(w chat.Who) form.Values {
	return form.Values{
		"why": {"Line one\nand <b>two</b> & *three*"}, "which": {"v2"}, "more": {"nothing"}, "several": {"v1", "v3"}, "sure": {"yes"},
		"number": {"3.5"}, "day": {"2026-09-17"}, "until": {"17 Sep 2026 18:00"}, "person": {string(w.Account)},
	}
}

// open brings person 0 in front of page n of sample.
func (s *stage) open(t *testing.T, draft form.Values, n int) form.Page {
	t.Helper()
	page, ok := form.Plan(sample(), draft, s.adapter.Caps(s.Who(0).Account), n)
	if !ok {
		t.Fatalf("there is no page %d", n)
	}
	s.reply(chat.Show{Page: page, Intro: chat.Say("Please answer."), Continue: "continue~~~~~~"})
	seen := s.Do(t, chat.Invoked{Who: s.Who(0), ID: fmt.Sprint("open", n), Command: "access", Text: "request"})
	wantPage(t, seen, page)
	if n == 1 && !strings.Contains(seen.Message.Text, "Please answer.") {
		t.Errorf("above the fields stands %q", seen.Message.Text)
	}
	s.taken()
	return page
}

func wantPage(t *testing.T, seen Seen, page form.Page) {
	t.Helper()
	wantSeen(t, seen, SeenShow)
	var want []string
	for _, f := range page.Fields {
		want = append(want, f.ID)
	}
	if !reflect.DeepEqual(seen.Fields, want) {
		t.Errorf("the form asks %v, want %v", seen.Fields, want)
	}
}

// of are the answers to one page. Text fields that stand in for other kinds
// get what they understand.
func of(page form.Page, all form.Values) form.Values {
	out := form.Values{}
	for _, f := range page.Fields {
		v := all[f.ID]
		if f.Kind == form.Line && len(v) > 1 {
			v = []string{strings.Join(v, ", ")}
		}
		out[f.ID] = v
	}
	return out
}

func filled(t *testing.T, s *stage) {
	page := s.open(t, nil, 1)
	values := of(page, answers(s.Who(1)))
	s.reply(chat.Tell{Card: card("Thanks")})
	seen := s.Do(t, chat.Filled{Who: s.Who(0), ID: "f", Form: page.Form, Page: 1, Values: values})
	in := one[chat.Filled](t, s)
	wantWho(t, in.Who, s.Who(0))
	if in.Form != page.Form || in.Page != 1 || in.Live || in.ID == "" {
		t.Errorf("arrived as %+v", in)
	}
	if got, want := form.Merge(sample(), nil, in.Values, page), form.Merge(sample(), nil, values, page); !reflect.DeepEqual(got, want) {
		t.Errorf("the answers arrived as %v, want %v", got, want)
	}
	wantSeen(t, seen, SeenTell)
	shows(t, seen.Message, card("Thanks"))
}

func filledLive(t *testing.T, s *stage) {
	c := s.adapter.Caps(s.Who(0).Account)
	if !c.Live {
		return
	}
	page := s.open(t, nil, 1)
	values := form.Values{"why": {"because"}, "which": {"v2"}}
	s.replyBy(func(in chat.Intent) chat.Reply {
		f, ok := in.(chat.Filled)
		if !ok {
			return chat.Nothing{}
		}
		next, _ := form.Plan(sample(), form.Merge(sample(), nil, f.Values, page), c, 1)
		return chat.Show{Page: next, Continue: "continue~~~~~~"}
	})
	seen := s.Do(t, chat.Filled{Who: s.Who(0), ID: "l", Form: page.Form, Page: 1, Values: values, Live: true})
	in := one[chat.Filled](t, s)
	wantWho(t, in.Who, s.Who(0))
	if !in.Live || in.Form != page.Form || in.Page != 1 || !reflect.DeepEqual(in.Values["which"], []string{"v2"}) {
		t.Errorf("arrived as %+v", in)
	}
	if !slices.Contains(seen.Fields, "more") {
		t.Errorf("after the change the form asks %v, without the field that appeared", seen.Fields)
	}
}

func searched(t *testing.T, s *stage) {
	c := s.adapter.Caps(s.Who(0).Account)
	if !c.Search {
		return
	}
	f := form.Form{ID: "search~1", Title: "Find", Submit: "Send", Fields: []form.Field{{ID: "package", Kind: form.One, Label: "Package", Search: true}}}
	page, _ := form.Plan(f, nil, c, 1)
	s.reply(chat.Show{Page: page, Continue: "continue~~~~~~"})
	wantPage(t, s.Do(t, chat.Invoked{Who: s.Who(0), ID: "open", Command: "access", Text: "request"}), page)
	s.taken()
	s.reply(chat.Offer{Options: []form.Option{{Value: "contractor", Label: "External contractor"}, {Value: "design", Label: "Design"}}})
	seen := s.Do(t, chat.Searched{Who: s.Who(0), Form: f.ID, Field: "package", Query: "co<n"})
	in := one[chat.Searched](t, s)
	wantWho(t, in.Who, s.Who(0))
	if in.Form != f.ID || in.Field != "package" || in.Query != "co<n" {
		t.Errorf("arrived as %+v", in)
	}
	wantSeen(t, seen, SeenOffer)
	if !reflect.DeepEqual(seen.Options, []string{"contractor", "design"}) {
		t.Errorf("offered %v", seen.Options)
	}
}

func completed(t *testing.T, s *stage) {
	f, ok := s.Fixture.(Completer)
	if !ok {
		return
	}
	s.reply(chat.Offer{Options: []form.Option{{Value: "request", Label: "Ask for a package"}, {Value: "release", Label: "Give it back"}}})
	seen := f.Complete(t, chat.Searched{Who: s.Who(0), Command: "access", Query: "re"})
	in := one[chat.Searched](t, s)
	wantWho(t, in.Who, s.Who(0))
	if in.Command != "access" || in.Query != "re" || in.Form != "" {
		t.Errorf("arrived as %+v", in)
	}
	wantSeen(t, seen, SeenOffer)
	if !reflect.DeepEqual(seen.Options, []string{"request", "release"}) {
		t.Errorf("offered %v", seen.Options)
	}
}

func repeatedIntent(t *testing.T, s *stage) {
	ref := s.post(t, "one", s.home(), card("Decide", "approve"))
	for _, id := range []string{"1", "1", "2"} {
		s.Do(t, chat.Pressed{Who: s.Who(0), ID: id, Token: "approve~~~~~~", Ref: ref})
	}
	var ids []string
	for _, in := range s.taken() {
		ids = append(ids, in.(chat.Pressed).ID)
	}
	// An adapter may drop a repeat; what it must not do is give it a new id.
	if ids = slices.Compact(ids); len(ids) != 2 || ids[0] == ids[1] {
		t.Errorf("the ids 1, 1, 2 arrived as %q", ids)
	}
}

func twoPeople(t *testing.T, s *stage) {
	for n := range 2 {
		s.Do(t, chat.Invoked{Who: s.Who(n), ID: fmt.Sprint(n), Command: "access"})
		in := one[chat.Invoked](t, s)
		wantWho(t, in.Who, s.Who(n))
		if in.Text != "" {
			t.Errorf("a bare command arrived with the text %q", in.Text)
		}
	}
}

func private(t *testing.T, s *stage) {
	to := chat.Address{Channel: s.Channel()}
	if s.Channel() == "" {
		to = s.home()
	}
	ref := s.post(t, "one", to, card("For all", "press"))
	s.reply(chat.Tell{Card: card("Only for you")})
	wantSeen(t, s.Do(t, chat.Pressed{Who: s.Who(0), ID: "1", Token: "press~~~~~~", Ref: ref}), SeenTell)
	for _, at := range []chat.Address{to, {Account: s.Who(1).Account}} {
		for _, m := range s.Messages(t, at) {
			if strings.Contains(m.Text, "Only for you") {
				t.Errorf("others read %q", m.Text)
			}
		}
	}
}

func privateLimits(t *testing.T, s *stage) {
	for name, c := range Limits() {
		s.reply(chat.Tell{Card: c})
		seen := s.Do(t, chat.Invoked{Who: s.Who(0), ID: name, Command: "access", Text: "mine"})
		wantSeen(t, seen, SeenTell)
		shows(t, seen.Message, c)
	}
}

// next lets person 0 send a page whose answer is r, and presses Continue where
// the chat needs it between two pages. It returns all that was seen.
func (s *stage) next(t *testing.T, page form.Page, values form.Values, r chat.Show) []Seen {
	t.Helper()
	s.reply(r)
	seen := []Seen{s.Do(t, chat.Filled{Who: s.Who(0), ID: "next", Form: page.Form, Page: page.Number, Values: values})}
	if seen[0].Kind != SeenTell {
		return seen
	}
	s.taken()
	if !slices.ContainsFunc(seen[0].Message.Buttons, func(b chat.Button) bool { return b.Token == r.Continue }) {
		t.Fatalf("between the pages stands %+v, without a button to go on", seen[0].Message)
	}
	seen = append(seen, s.Do(t, chat.Pressed{Who: s.Who(0), ID: "go on", Token: r.Continue}))
	if in := one[chat.Pressed](t, s); in.Token != r.Continue {
		t.Errorf("the press to go on arrived as %+v", in)
	}
	return seen
}

func twoPages(t *testing.T, s *stage) {
	c := s.adapter.Caps(s.Who(0).Account)
	first := s.open(t, nil, 1)
	if first.Last {
		return
	}
	values := of(first, answers(s.Who(1)))
	draft := form.Merge(sample(), nil, values, first)
	second, ok := form.Plan(sample(), draft, c, 2)
	if !ok {
		t.Fatal("there is no second page")
	}
	seen := s.next(t, first, values, chat.Show{Page: second, Continue: "continue~~~~~~"})
	wantPage(t, seen[len(seen)-1], second)
	s.taken()
	s.reply(chat.Nothing{})
	s.Do(t, chat.Filled{Who: s.Who(0), ID: "second", Form: second.Form, Page: 2, Values: of(second, answers(s.Who(1)))})
	in := one[chat.Filled](t, s)
	if in.Form != second.Form || in.Page != 2 {
		t.Errorf("arrived as %+v", in)
	}
	if got, want := form.Merge(sample(), draft, in.Values, second), form.Merge(sample(), draft, answers(s.Who(1)), second); !reflect.DeepEqual(got, want) {
		t.Errorf("the answers arrived as %v, want %v", got, want)
	}
}

func rejected(t *testing.T, s *stage) {
	page := s.open(t, nil, 1)
	values := of(page, answers(s.Who(1)))
	again, _ := form.Plan(sample(), form.Merge(sample(), nil, values, page), s.adapter.Caps(s.Who(0).Account), 1)
	again.Errors = map[string]string{"why": "Say more than that, *please*."}
	seen := s.next(t, page, values, chat.Show{Page: again, Continue: "continue~~~~~~"})
	said := false
	for _, x := range seen {
		said = said || x.Errors["why"] == again.Errors["why"] || strings.Contains(x.Message.Text, again.Errors["why"])
	}
	if !said {
		t.Errorf("the reason was not shown: %+v", seen)
	}
	wantSeen(t, seen[len(seen)-1], SeenShow)
	s.taken()
	s.reply(chat.Nothing{})
	s.Do(t, chat.Filled{Who: s.Who(0), ID: "again", Form: page.Form, Page: 1, Values: values})
	if in := one[chat.Filled](t, s); !reflect.DeepEqual(in.Values["why"], values["why"]) {
		t.Errorf("the second try arrived as %+v", in)
	}
}

func panics(t *testing.T, s *stage) {
	ref := s.post(t, "one", s.home(), card("Decide", "approve"))
	s.replyBy(func(chat.Intent) chat.Reply { panic("secret detail of a bug") })
	for _, in := range []chat.Intent{
		chat.Pressed{Who: s.Who(0), ID: "1", Token: "approve~~~~~~", Ref: ref},
		chat.Invoked{Who: s.Who(0), ID: "2", Command: "access", Text: "mine"},
	} {
		if seen := s.Do(t, in); strings.Contains(seen.Message.Text, "secret detail") {
			t.Errorf("the person read %q", seen.Message.Text)
		}
	}
	s.taken()
	s.reply(chat.Tell{Card: card("Alive")})
	seen := s.Do(t, chat.Pressed{Who: s.Who(0), ID: "3", Token: "approve~~~~~~", Ref: ref})
	wantSeen(t, seen, SeenTell)
	shows(t, seen.Message, card("Alive"))
}

func forged(t *testing.T, s *stage) {
	f, ok := s.Fixture.(Forger)
	if !ok {
		return
	}
	ref := s.post(t, "one", s.home(), card("Decide", "approve"))
	for _, in := range []chat.Intent{
		chat.Pressed{Who: s.Who(0), ID: "1", Token: "approve~~~~~~", Ref: ref},
		chat.Invoked{Who: s.Who(0), ID: "2", Command: "access", Text: "approvals"},
	} {
		if n := f.Forge(t, in); n != 0 {
			t.Errorf("%d forged calls were taken", n)
		}
	}
	if got := s.taken(); len(got) != 0 {
		t.Errorf("%d intents arrived, the first is %T", len(got), got[0])
	}
}
