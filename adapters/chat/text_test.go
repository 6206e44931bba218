package chat_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

func newToken(verb, tenant, person string, request, stage, face int, arg string) chat.Token {
	return chat.Token{
		Verb: chat.Verb(verb), Tenant: access.TenantID(tenant), Person: access.PersonID(person),
		Request: access.RequestID(request), Stage: stage, Face: face, Arg: arg,
	}
}

func TestTextIsBuiltSpanBySpan(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 9, 17, 20, 0, 0, 0, time.FixedZone("", 2*3600))
	text := chat.Say("For ").Mention("playground/mina", "Mina").Say(": ").Strong("Design").Code("id").
		Link("terms", "https://example.org/t").At(end, chat.DateTime).At(end, chat.DateOnly)
	want := chat.Text{
		{Kind: chat.Plain, Text: "For "},
		{Kind: chat.Mention, Text: "Mina", Person: "playground/mina"},
		{Kind: chat.Plain, Text: ": "},
		{Kind: chat.Strong, Text: "Design"},
		{Kind: chat.Code, Text: "id"},
		{Kind: chat.Link, Text: "terms", URL: "https://example.org/t"},
		{Kind: chat.Moment, Text: "2026-09-17 18:00 UTC", At: end.UTC(), Style: chat.DateTime},
		{Kind: chat.Moment, Text: "2026-09-17", At: end.UTC(), Style: chat.DateOnly},
	}
	if !reflect.DeepEqual(text, want) {
		t.Errorf("got %+v", text)
	}
	if got := text.Plain(); got != "For Mina: Designidterms2026-09-17 18:00 UTC2026-09-17" {
		t.Errorf("plain: %q", got)
	}
}

func TestBuildingLeavesTheStartAlone(t *testing.T) {
	t.Parallel()
	start := make(chat.Text, 0, 8).Say("a")
	b, c := start.Say("b"), start.Say("c")
	if b.Plain() != "ab" || c.Plain() != "ac" || start.Plain() != "a" {
		t.Errorf("%q %q %q", start.Plain(), b.Plain(), c.Plain())
	}
}

func TestCutKeepsWholeMentions(t *testing.T) {
	t.Parallel()
	text := chat.Say("über ").Mention("playground/mina", "Mina Okafor").Strong("!")
	for max, want := range map[int]string{17: "über Mina Okafor!", 16: "über …", 6: "über …", 3: "üb…", 1: "…", 0: ""} {
		if got := text.Cut(max).Plain(); got != want {
			t.Errorf("Cut(%d) = %q, want %q", max, got, want)
		}
	}
}

func good() chat.Card {
	return chat.Card{
		Summary: "Carla asks for External contractor", Title: "Request", Tone: chat.ToneWaiting,
		Blocks: []chat.Block{
			{Text: chat.Say("Carla asks")},
			{Fields: []chat.Fact{{Label: "Until", Value: chat.Text{}.At(time.Unix(0, 0), chat.DateOnly)}}},
			{Items: []chat.Text{chat.Say("one")}, Buttons: []chat.Button{{Label: "Open", Token: "open~~~~~~"}}},
			{Divider: true},
		},
		Buttons: []chat.Button{{Label: "Approve", Token: "approve~~~~~~", Style: chat.StylePrimary, Confirm: "Sure?"}},
	}
}

func TestCheckAcceptsWhatEveryChatTakes(t *testing.T) {
	t.Parallel()
	if err := chat.Check(good()); err != nil {
		t.Error(err)
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("ä", n) }
	many := func(n int) []chat.Button {
		return slicesOf(n, chat.Button{Label: "b", Token: "b~~~~~~"})
	}
	for want, spoil := range map[string]func(*chat.Card){
		"summary is missing":                                               func(c *chat.Card) { c.Summary = "" },
		"summary has more than one line":                                   func(c *chat.Card) { c.Summary = "a\nb" },
		"summary has 301 characters, at most 300":                          func(c *chat.Card) { c.Summary = x(301) },
		"title has 151 characters, at most 150":                            func(c *chat.Card) { c.Title = x(151) },
		"tone is unknown":                                                  func(c *chat.Card) { c.Tone = "pink" },
		"blocks are 41, at most 40":                                        func(c *chat.Card) { c.Blocks = slicesOf(41, chat.Block{Divider: true}) },
		"blocks[0] has 0 of text, fields, items and divider, not one":      func(c *chat.Card) { c.Blocks[0] = chat.Block{Heading: "h"} },
		"blocks[0] has 2 of text, fields, items and divider, not one":      func(c *chat.Card) { c.Blocks[0].Divider = true },
		"blocks[0] characters are 3001, at most 3000":                      func(c *chat.Card) { c.Blocks[0].Text = chat.Say(x(3001)) },
		"characters in all are 3527, at most 3500":                         func(c *chat.Card) { c.Blocks[0].Text = chat.Say(x(3000)); c.Blocks[2].Items[0] = chat.Say(x(505)) },
		"blocks[1].fields are 11, at most 10":                              func(c *chat.Card) { c.Blocks[1].Fields = slicesOf(11, c.Blocks[1].Fields[0]) },
		"blocks[1].fields[0].label is empty":                               func(c *chat.Card) { c.Blocks[1].Fields[0].Label = " " },
		"blocks[0].text[0] is a link to something else than http or https": func(c *chat.Card) { c.Blocks[0].Text = chat.Text{}.Link("x", "javascript:alert(1)") },
		"blocks[0].text[0] is a mention without person or name":            func(c *chat.Card) { c.Blocks[0].Text = chat.Text{}.Mention("", "Mina") },
		"blocks[0].text[0] is a moment without time or fallback":           func(c *chat.Card) { c.Blocks[0].Text = chat.Text{}.At(time.Time{}, chat.DateOnly) },
		"blocks[0].text[0] is of unknown kind":                             func(c *chat.Card) { c.Blocks[0].Text = chat.Text{{Text: "x"}} },
		"blocks[0].text[0] is not UTF-8":                                   func(c *chat.Card) { c.Blocks[0].Text = chat.Say("\xff") },
		"buttons[0].label has 76 characters, at most 75":                   func(c *chat.Card) { c.Buttons[0].Label = x(76) },
		"buttons[0].token has 101 bytes, not 1 to 100":                     func(c *chat.Card) { c.Buttons[0].Token = strings.Repeat("a", 101) },
		"buttons[0].confirm has 301 characters, at most 300":               func(c *chat.Card) { c.Buttons[0].Confirm = x(301) },
		"buttons[0].style is unknown":                                      func(c *chat.Card) { c.Buttons[0].Style = "big" },
		"buttons are 11, at most 10":                                       func(c *chat.Card) { c.Buttons = many(11) },
		"blocks[2].buttons are 6, at most 5":                               func(c *chat.Card) { c.Blocks[2].Buttons = many(6) },
		"buttons in all are 16, at most 15":                                func(c *chat.Card) { c.Buttons, c.Blocks[2].Buttons, c.Blocks[0].Buttons = many(10), many(5), many(1) },
		"blocks with buttons are 11, at most 10":                           func(c *chat.Card) { c.Blocks = slicesOf(11, chat.Block{Text: chat.Say("x"), Buttons: many(1)}) },
		"blocks[2].items are 31, at most 30":                               func(c *chat.Card) { c.Blocks[2].Items = slicesOf(31, chat.Say("x")) },
		"blocks[0].heading has 151 characters, at most 150":                func(c *chat.Card) { c.Blocks[0].Heading = x(151) },
	} {
		c := good()
		spoil(&c)
		if err := chat.Check(c); err == nil || err.Error() != "card: "+want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func slicesOf[T any](n int, v T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}
