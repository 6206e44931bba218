package desk

import (
	"context"
	"maps"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// verbRow is what must come when each role presses a button, or sends the form
// behind it, with the address of something of the own catalog or of a foreign
// one, whether or not they were ever shown such a button.
type verbRow struct {
	verb  chat.Verb
	at    func(half) chat.Token // the address; nil: of nothing
	fills func(half) form.Values
	// What must come, as expected reads it; sent* only for verbs with a form.
	own, foreign         string
	sentOwn, sentForeign string
}

// allVerbs finds buttons that the matrix lacks, and rows of none.
func (s *stall) allVerbs(rows []verbRow) {
	s.t.Helper()
	known := map[chat.Verb]bool{}
	for _, row := range rows {
		known[row.verb] = true
		route, ok := s.desk.routes[row.verb]
		if !ok || (route.form != nil) != (row.sentOwn != "") {
			s.t.Errorf("there is no button %s, or it has a form that is not tried", row.verb)
		}
	}
	for verb := range s.desk.routes {
		if !known[verb] {
			s.t.Errorf("the button %s is missing in the matrix", verb)
		}
	}
}

// verb presses a button, sends its form, and asks for the form's next page.
func (s *stall) verb(row verbRow, h half, pressed, sent string) {
	s.t.Helper()
	t := row.token(h)
	press := func(token string) chat.Intent { return chat.Pressed{Who: s.who(), ID: s.id(), Token: token} }
	s.tries("press", h, t, pressed, press)
	s.hides(row, "press", h, press)
	if sent == "" {
		return
	}
	s.does(press(s.address(t)))
	values := s.shownValues()
	if row.fills != nil {
		maps.Copy(values, row.fills(h))
	}
	send := func(token string) chat.Intent {
		// What is asked may depend on what was typed: the chat says so at once.
		s.desk.Handle(context.Background(), chat.Filled{Who: s.who(), ID: s.id(), Form: token, Page: 1, Values: values, Live: true})
		return chat.Filled{Who: s.who(), ID: s.id(), Form: token, Page: 1, Values: values}
	}
	s.tries("send", h, t, sent, send)
	s.hides(row, "send", h, send)
	s.searches(h, t)
	t.Verb = more + row.verb
	s.tries("go on with", h, t, "", func(token string) chat.Intent {
		return chat.Pressed{Who: s.who(), ID: s.id(), Token: token}
	})
}

// searches types into the fields of a form in which something can be searched.
func (s *stall) searches(h half, t chat.Token) {
	s.t.Helper()
	for _, field := range []string{"package", "copy", "gives", "thing", "catalog", "who.people", "stages.approvers", "hands"} {
		for _, query := range []string{"", h.mark} {
			s.tries("search "+field+" in", h, t, "", func(token string) chat.Intent {
				return chat.Searched{Who: s.who(), Form: token, Field: field, Query: query}
			})
		}
	}
}

// tries hands an intent in and compares what comes of it; want "" is anything
// that changes nothing.
func (s *stall) tries(how string, h half, t chat.Token, want string, in func(token string) chat.Intent) {
	s.t.Helper()
	got, said := s.does(in(s.address(t)))
	switch {
	case want == "" && (got == isDone || said == ""):
		s.t.Errorf("%s: to %s %s in the %s catalog changed something", s.role, how, t.Verb, h.catalog)
	case want != "" && got != expected(s.t, want)[s.role]:
		s.t.Errorf("%s: to %s %s in the %s catalog: %s, want %s\n%s", s.role, how, t.Verb, h.catalog, got, expected(s.t, want)[s.role], said)
	}
	if mark := s.secret(said); mark != "" {
		s.t.Errorf("%s: to %s %s tells a name of the %s catalog:\n%s", s.role, how, t.Verb, mark, said)
	}
}

// token is the address in one half of the town.
func (row verbRow) token(h half) chat.Token {
	t := chat.Token{}
	if row.at != nil {
		t = row.at(h)
	}
	if h == nowhereHalf() && t.Person != "" {
		t.Request += 90 // the people are there, what is asked for is not
	}
	t.Verb, t.Tenant = row.verb, tenant
	return t
}

func (s *stall) address(t chat.Token) string {
	s.t.Helper()
	token, err := t.Encode()
	if err != nil {
		s.t.Fatalf("%s: %v", t.Verb, err)
	}
	return token
}

// hides compares what a role is told of something that does not exist for it
// with what it is told of something that does not exist at all.
func (s *stall) hides(row verbRow, how string, h half, in func(token string) chat.Intent) {
	s.t.Helper()
	got, said := s.does(in(s.address(row.token(h))))
	if !strings.HasPrefix(got, "unknown") && got != "noTask" {
		return
	}
	_, nowhere := s.does(in(s.address(row.token(nowhereHalf()))))
	if !sameAsNowhere(said, nowhere, h) {
		s.t.Errorf("%s: to %s %s in the %s catalog is not answered as if there were nothing:\n%s\n---\n%s", s.role, how, row.verb, h.catalog, said, nowhere)
	}
}

// shownValues are those of the page that was shown last; none of what was no
// page.
func (s *stall) shownValues() form.Values {
	out := form.Values{}
	if show, ok := s.last.(chat.Show); ok {
		for _, f := range show.Page.Fields {
			if len(f.Value) > 0 {
				out[f.ID] = f.Value
			}
		}
	}
	return out
}

// Addresses of what is in each half.
func atAsked(h half) chat.Token   { return chat.Token{Person: h.asks, Request: 1, Face: 1} }
func atTerms(h half) chat.Token   { return chat.Token{Person: h.asks, Request: 2} }
func atHeld(h half) chat.Token    { return chat.Token{Person: h.holds, Request: 1} }
func atFailed(h half) chat.Token  { return chat.Token{Person: h.holds, Request: 2} }
func atPackage(h half) chat.Token { return chat.Token{Arg: string(h.package1)} }
func atCatalog(h half) chat.Token { return chat.Token{Arg: string(h.catalog), Stage: 1} }
func atThing(h half) chat.Token   { return chat.Token{Arg: string(h.resource), Stage: 1} }
func atTask(h half) chat.Token {
	role := access.RoleRef{Resource: access.ResourceID("s" + string(h.task)), Role: "member"}
	return chat.Token{Person: h.holds, Arg: chat.Digest(role.String()), Stage: taskGrant}
}

// typed are the values of a form, the same in both halves.
func typed(values ...string) func(half) form.Values {
	return func(half) form.Values { return valuesOf(values...) }
}

func valuesOf(values ...string) form.Values {
	out := form.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		out[values[i]] = []string{values[i+1]}
	}
	return out
}
