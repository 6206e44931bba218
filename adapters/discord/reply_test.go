package discord

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

func card(says string, buttons ...chat.Button) chat.Card {
	return chat.Card{Summary: says, Blocks: []chat.Block{{Text: chat.Say(says)}}, Buttons: buttons}
}

// fields is a page of n lines.
func fields(n int) form.Page {
	p := form.Page{Form: "request~demo~", Number: 1, Title: "Request", Submit: "Send"}
	for i := range n {
		p.Fields = append(p.Fields, form.Field{ID: "f" + string(rune('0'+i)), Kind: form.Line, Label: "Field"})
	}
	return p
}

// text of a message, and the custom_ids of its buttons.
func see(m message) (said string, ids []string) {
	for _, t := range allTexts(m.Components) {
		said += t.Content + "\n"
	}
	data, _ := json.Marshal(m.Components)
	for _, h := range flatten(data, maxDepth) {
		if h.Type == kindButton {
			ids = append(ids, h.CustomID)
		}
	}
	return said, ids
}

func TestWhatAReplyIsShownAs(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	show := chat.Show{Page: fields(2), Continue: "morerequest~demo~"}
	for name, c := range map[string]struct {
		on      surface
		reply   chat.Reply
		kind    int
		private bool
	}{
		"a card after a command":     {onCommand, chat.Tell{Card: card("x")}, respondMessage, true},
		"a card after a menu":        {onMenu, chat.Tell{Card: card("x")}, respondMessage, true},
		"a card after a press":       {onMessage, chat.Tell{Card: card("x")}, respondMessage, true},
		"a card after a form":        {onSubmit, chat.Tell{Card: card("x")}, respondMessage, true},
		"a card after Yes":           {onYes, chat.Tell{Card: card("x")}, respondUpdate, false},
		"nothing after a command":    {onCommand, chat.Nothing{}, respondMessage, true},
		"nothing after a press":      {onMessage, chat.Nothing{}, respondNothing, false},
		"nothing after a form":       {onSubmit, chat.Nothing{}, respondMessage, true},
		"nothing after Yes":          {onYes, chat.Nothing{}, respondUpdate, false},
		"a form after a command":     {onCommand, show, respondModal, false},
		"a form after a press":       {onMessage, show, respondModal, false},
		"a form after Yes":           {onYes, show, respondModal, false},
		"a form after a form":        {onSubmit, show, respondMessage, true},
		"a search":                   {onSearch, chat.Offer{}, respondComplete, false},
		"a search that went wrong":   {onSearch, chat.Tell{Card: card("x")}, respondComplete, false},
		"a search without an answer": {onSearch, chat.Nothing{}, respondComplete, false},
		"no reply at all":            {onCommand, nil, respondMessage, true},
	} {
		got := p.reply(act{Surface: c.on}, c.reply)
		m, isMessage := got.Data.(message)
		if got.Type != c.kind || isMessage && (m.Flags&flagPrivate != 0) != c.private || !isMessage && c.private {
			t.Errorf("%s is shown as %+v", name, got)
		}
		if isMessage {
			if err := checkMessage(m); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestLateReplies(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	show := chat.Show{Page: fields(2), Continue: "morerequest~demo~"}
	for name, c := range map[string]struct {
		on    surface
		reply chat.Reply
		first response
		kept  bool
		says  string
	}{
		"a card":               {onCommand, chat.Tell{Card: card("x")}, response{respondLater, deferred{flagPrivate}}, true, "x"},
		"a form":               {onCommand, show, response{respondLater, deferred{flagPrivate}}, true, "The form is ready."},
		"a form after a press": {onMessage, show, response{respondLater, deferred{flagPrivate}}, true, "The form is ready."},
		"nothing":              {onMessage, chat.Nothing{}, response{respondLater, deferred{flagPrivate}}, false, ""},
		"nothing after a form": {onSubmit, chat.Nothing{}, response{respondLater, deferred{flagPrivate}}, true, "Done."},
		"nothing after Yes":    {onYes, chat.Nothing{}, response{respondNothing, nil}, true, "Done."},
		"a search":             {onSearch, chat.Offer{}, response{respondComplete, offered{Choices: []offer{}}}, false, ""},
	} {
		a := act{Surface: c.on}
		if got := p.later(a); !reflect.DeepEqual(got, c.first) {
			t.Errorf("%s is first answered with %+v", name, got)
		}
		m, kept := p.late(a, c.reply)
		if said, _ := see(m); kept != c.kept || kept && (!strings.Contains(said, c.says) || m.Flags&flagPrivate != 0) {
			t.Errorf("%s is at last %+v, %v", name, m, kept)
		}
	}
}

func TestAFullPageShowsItsIntroFirst(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	show := chat.Show{Page: fields(5), Intro: chat.Say("You ask for ").Strong("Wiki").Say("."), Continue: "morerequest~demo~"}
	first := p.reply(act{Surface: onCommand}, show)
	said, ids := see(first.Data.(message))
	if first.Type != respondMessage || !strings.Contains(said, "You ask for **Wiki**") || !reflect.DeepEqual(ids, []string{"morerequest~demo~"}) {
		t.Errorf("first %+v, saying %q", first, said)
	}
	second := p.reply(act{Surface: onMessage, Intent: chat.Pressed{Token: "morerequest~demo~"}}, show)
	if m, ok := second.Data.(modal); !ok || len(m.Components) != 5 || checkModal(m) != nil {
		t.Errorf("then %+v", second)
	}
	show.Page = fields(4)
	if m, ok := p.reply(act{Surface: onCommand}, show).Data.(modal); !ok || len(m.Components) != 5 || m.Components[0].Content != "You ask for **Wiki**." {
		t.Errorf("with four fields %+v", m)
	}
	show.Page.Number = 2
	if m, ok := p.reply(act{Surface: onMessage}, show).Data.(modal); !ok || len(m.Components) != 4 {
		t.Errorf("the second page says it again: %+v", m)
	}
}

func TestNobodyDecidesWithoutAYes(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	c := card("You have Wiki.", chat.Button{Label: "Give back", Token: "release~demo~play:carla~1~1~~", Confirm: "Give this access back now?"})
	m := p.message(c)
	_, ids := see(m)
	if len(ids) != 1 || ids[0] == c.Buttons[0].Token {
		t.Fatalf("the button carries %q", ids)
	}
	if _, err := chat.ParseToken(ids[0]); err == nil {
		t.Errorf("%q is a token", ids[0])
	}
	press := func(m message, flags, id string) act {
		shown, _ := json.Marshal(m.Components)
		data, _ := json.Marshal(map[string]any{"component_type": 2, "custom_id": id})
		a, err := reader().interaction([]byte(`{"type":3,` + head + server + on(flags, string(shown)) + `"data":` + string(data) + `}`))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	asked := press(m, "32768", ids[0])
	answer, ok := p.own(asked)
	if !ok || asked.Intent != nil || answer.Type != respondMessage {
		t.Fatalf("the press on it is %+v, answered with %+v", asked, answer)
	}
	question := answer.Data.(message)
	said, both := see(question)
	if !strings.Contains(said, "**Give back**") || question.Flags&flagPrivate == 0 || !reflect.DeepEqual(both, []string{c.Buttons[0].Token, pressNo}) {
		t.Errorf("it asks %q with %q", said, both)
	}
	yes := press(question, "32832", both[0])
	if in, ok := yes.Intent.(chat.Pressed); !ok || in.Token != c.Buttons[0].Token || yes.Surface != onYes {
		t.Errorf("Yes is %+v", yes)
	}
	no := press(question, "32832", both[1])
	if answer, ok := p.own(no); !ok || no.Intent != nil || answer.Type != respondUpdate {
		t.Errorf("No is %+v, answered with %+v", no, answer)
	}
}

func TestCompletions(t *testing.T) {
	t.Parallel()
	a := act{Surface: onSearch, Intent: chat.Searched{Command: "access", Query: "request @ con"}}
	options := []form.Option{
		{Value: "request @ contractor", Label: "External contractor", Hint: strings.Repeat("Everything. ", 20)},
		{Value: "request @ contractor", Label: "Twice"}, {Value: "request @ ", Label: "Nothing"}, {Value: "request @ wiki"},
		{Value: "request @ " + strings.Repeat("x", 101), Label: "Too long"},
	}
	got := complete(a, options)
	want := []offer{{Name: chat.Cut("External contractor – "+strings.Repeat("Everything. ", 20), 100), Value: "contractor"}, {Name: "wiki", Value: "wiki"}}
	if !reflect.DeepEqual(got.Choices, want) || chat.Length(got.Choices[0].Name) != 100 {
		t.Errorf("got %+v", got)
	}
	for range 40 {
		options = append(options, form.Option{Value: "request @ " + strings.Repeat("y", len(options)), Label: "y"})
	}
	if got := complete(a, options); len(got.Choices) != maxChoices {
		t.Errorf("%d choices", len(got.Choices))
	}
}

func TestPong(t *testing.T) {
	t.Parallel()
	got, ok := painter{}.own(act{Surface: onPing})
	data, _ := json.Marshal(got)
	if !ok || string(data) != `{"type":1}` {
		t.Errorf("%s", data)
	}
	for _, s := range []surface{onCommand, onMenu, onMessage, onYes, onSubmit, onSearch} {
		if _, ok := (painter{}).own(act{Surface: s}); ok {
			t.Errorf("%s never reaches the handler", s)
		}
	}
}
