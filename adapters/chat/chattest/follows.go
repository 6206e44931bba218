package chattest

import (
	"slices"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// follows: the answer to a form that was sent may be another form. Its fields
// are its own, also where they are called as those of the first one.
func follows(t *testing.T, s *stage) {
	first := s.open(t, nil, 1)
	other := form.Form{ID: "other~1", Title: "And then", Submit: "Send", Fields: []form.Field{
		{ID: "then", Kind: form.Line, Label: "And then?"}, {ID: "else", Kind: form.Area, Label: "What else?"},
	}}
	page, _ := form.Plan(other, nil, s.adapter.Caps(s.Who(0).Account), 1)
	seen := s.next(t, first, of(first, answers(s.Who(1))), chat.Show{Page: page, Intro: chat.Say("Going on."), Continue: "continue~~~~~~"})
	last := seen[len(seen)-1]
	wantSeen(t, last, SeenShow)
	if !slices.Equal(last.Fields, []string{"then", "else"}) {
		t.Errorf("the form that follows asks %v", last.Fields)
	}
	s.taken()
	s.reply(chat.Tell{Card: card("Thanks")})
	s.Do(t, chat.Filled{Who: s.Who(0), ID: "other", Form: other.ID, Page: 1, Values: form.Values{"then": {"this"}}})
	if in := one[chat.Filled](t, s); in.Form != other.ID || !slices.Equal(in.Values["then"], []string{"this"}) {
		t.Errorf("the form that follows arrived as %+v", in)
	}
}
