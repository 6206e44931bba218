package chattest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
)

// card is a small card; a button for each token.
func card(says string, tokens ...string) chat.Card {
	c := chat.Card{Summary: says, Title: says + " title", Tone: chat.ToneWaiting, Blocks: []chat.Block{
		{Text: chat.Say(says + " text")},
		{Heading: says + " heading", Fields: []chat.Fact{{Label: says + " label", Value: chat.Say(says + " value")}}},
		{Divider: true},
		{Items: []chat.Text{chat.Say(says + " item"), chat.Say("another item")}, Small: true},
	}}
	for _, token := range tokens {
		c.Buttons = append(c.Buttons, chat.Button{Label: "Press " + token, Token: token + "~~~~~~"})
	}
	return c
}

// Limits are cards that are as large as chat.Check allows, each in its own way.
func Limits() map[string]chat.Card {
	row := func(i, n int) chat.Block {
		b := chat.Block{Text: chat.Say(fmt.Sprintf("row %d", i))}
		for k := range n {
			b.Buttons = append(b.Buttons, button(fmt.Sprintf("r%dk%d", i, k)))
		}
		return b
	}
	cards := map[string]chat.Card{
		"long text": {Summary: letters(chat.MaxSummary), Title: letters(chat.MaxTitle), Blocks: []chat.Block{
			{Text: chat.Say(letters(chat.MaxText))}, {Small: true, Text: chat.Say(letters(chat.MaxCard - chat.MaxText - chat.MaxTitle))},
		}},
		"marks only": {Summary: "Marks", Blocks: []chat.Block{{Text: chat.Say(strings.Repeat("<*_`&~|>", chat.MaxText/16))}}},
		"facts":      {Summary: "Facts", Blocks: []chat.Block{{}, {}}},
		"items":      {Summary: "Items", Blocks: []chat.Block{{}}},
		"rows":       {Summary: "Rows", Title: "Rows"},
		"a long row": {Summary: "Long row", Blocks: []chat.Block{row(0, chat.MaxRowButtons)}},
		"blocks":     {Summary: "Blocks"},
	}
	edit := func(name string, f func(*chat.Card)) {
		c := cards[name]
		f(&c)
		cards[name] = c
	}
	edit("facts", func(c *chat.Card) {
		for b := range c.Blocks {
			for i := range chat.MaxFacts {
				c.Blocks[b].Fields = append(c.Blocks[b].Fields, chat.Fact{Label: letters(chat.MaxFactLabel), Value: chat.Say(fmt.Sprintf("value %d", i))})
			}
		}
	})
	edit("items", func(c *chat.Card) {
		for i := range chat.MaxItems {
			c.Blocks[0].Items = append(c.Blocks[0].Items, chat.Say(fmt.Sprintf("item %d %s", i, letters(90))))
		}
	})
	edit("rows", func(c *chat.Card) {
		for i := range chat.MaxRows {
			c.Blocks = append(c.Blocks, row(i, 1))
		}
		for i := range chat.MaxButtons - chat.MaxRows {
			c.Buttons = append(c.Buttons, button(fmt.Sprintf("c%d", i)))
		}
	})
	edit("a long row", func(c *chat.Card) {
		for i := range chat.MaxCardButtons {
			c.Buttons = append(c.Buttons, button(fmt.Sprintf("c%d", i)))
		}
	})
	edit("blocks", func(c *chat.Card) {
		for i := range chat.MaxBlocks {
			c.Blocks = append(c.Blocks, chat.Block{Text: chat.Say(fmt.Sprintf("block %d", i)), Small: i%2 == 0})
		}
	})
	return cards
}

// button has the longest label, token and question.
func button(name string) chat.Button {
	token := name + "~~~~~~"
	return chat.Button{
		Label: name + letters(chat.MaxButtonLabel-len(name)), Token: token + strings.Repeat("t", chat.MaxToken-len(token)),
		Confirm: letters(chat.MaxConfirm), Style: chat.StyleDanger,
	}
}

func letters(n int) string { return strings.Repeat("wörd ", n/5) + strings.Repeat("x", n%5) }

// shows reports what of a card cannot be seen in a message.
func shows(t *testing.T, m Message, c chat.Card) {
	t.Helper()
	seen := squeeze(m.Text)
	for _, want := range texts(c) {
		if !strings.Contains(seen, squeeze(want)) {
			t.Errorf("people read %.200q, without %.100q", seen, squeeze(want))
		}
	}
	buttons := slices.Clone(c.Buttons)
	for _, b := range c.Blocks {
		buttons = append(buttons, b.Buttons...)
	}
	if len(m.Buttons) != len(buttons) {
		t.Errorf("%d buttons can be pressed, want %d", len(m.Buttons), len(buttons))
	}
	for _, b := range buttons {
		if !slices.ContainsFunc(m.Buttons, func(x chat.Button) bool { return x.Token == b.Token && x.Label == b.Label }) {
			t.Errorf("the button %.20q cannot be pressed", b.Label)
		}
	}
}

// texts are all that a card says, without its summary, which only
// notifications show.
func texts(c chat.Card) []string {
	out := []string{c.Title}
	for _, b := range c.Blocks {
		out = append(out, b.Heading, b.Text.Plain())
		for _, f := range b.Fields {
			out = append(out, f.Label, f.Value.Plain())
		}
		for _, item := range b.Items {
			out = append(out, item.Plain())
		}
	}
	return out
}

// squeeze makes texts comparable where chats trim or wrap.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
