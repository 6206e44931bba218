package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// controls are all characters that set the direction of text by force.
const controls = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

func TestNoTextIsTurnedAround(t *testing.T) {
	t.Parallel()
	bad := "exe" + controls + ".txt"
	say := chat.Say(bad).Strong(bad).Code(bad).Link(bad, "https://example.org/"+bad).Mention("x/1", bad)
	button := chat.Button{Label: bad, Token: "t", Confirm: bad}
	for name, more := range map[string]string{"mrkdwn": "", "rich text": "*a*"} {
		text := say.Say(more)
		p := paint(t, "en")
		blocks, note := p.card(chat.Card{Title: bad, Summary: bad, Blocks: []chat.Block{
			{Heading: bad, Text: text, Buttons: []chat.Button{button}}, {Text: text, Small: true},
			{Fields: []chat.Fact{{Label: bad, Value: text}}}, {Heading: bad, Items: []chat.Text{text}},
			{Heading: controls, Divider: true},
		}}, maxMessageBlocks)
		if err := checkBlocks(blocks, maxMessageBlocks); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		option := form.Option{Value: "v", Label: bad, Hint: bad}
		modal := p.form(chat.Show{Intro: text, Page: form.Page{Title: bad, Submit: bad, Form: "f", Number: 1, Fields: []form.Field{
			{ID: "a", Kind: form.Line, Label: bad, Hint: bad, Placeholder: bad, Value: []string{bad}},
			{ID: "b", Kind: form.One, Label: bad, Required: true, Options: []form.Option{option}},
			{ID: "c", Kind: form.One, Label: controls, Options: []form.Option{option, {Value: "w", Label: controls}}},
		}, Errors: map[string]string{"a": bad}}})
		if err := checkModal(modal); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, shown := range []any{blocks, note, modal} {
			data, err := json.Marshal(shown)
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(string(data), controls) || !strings.Contains(string(data), "exe.txt") {
				t.Errorf("%s: %q", name, data)
			}
		}
	}
}

func TestMarksThatOnlyComeTogetherAreSeen(t *testing.T) {
	t.Parallel()
	blocks, _ := paint(t, "en").card(chat.Card{Blocks: []chat.Block{{Text: chat.Say(":smi\u202ele:")}}}, maxMessageBlocks)
	if got := string(blocks[0].BlockType()); got != "rich_text" {
		t.Errorf("it is a %s", got)
	}
}
