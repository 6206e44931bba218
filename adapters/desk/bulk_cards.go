package desk

import (
	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// How many lines a card shows: those that something is wrong with come first.
const (
	bulkWrongs = 12
	bulkGood   = 8
)

// bulkPreview says how each line is understood, and offers to carry it out.
func (c *call) bulkPreview(b *bulk) chat.Card {
	title := c.plain("bulk.preview", "package", c.packageCalled(b.Package))
	card := chat.Card{Title: title, Summary: title, Tone: chat.ToneWaiting}
	t := chat.Token{Face: b.Face}
	if b.Read < len(b.Lines) {
		card.Blocks = []chat.Block{{Text: c.text("bulk.readSoFar", "count", b.Read, "all", len(b.Lines))}}
		card.Buttons = c.blank().button(nil, verbBulkGoOn, chat.StylePrimary, t)
		return card
	}
	var wrong, good []chat.Text
	for _, l := range b.Lines {
		if l.Wrong != "" {
			wrong = append(wrong, c.text("bulk.wrong", "n", l.N, "typed", code(cut(oneLine(first(l.Who, "–")), 60)), "why", l.Wrong))
		} else {
			good = append(good, c.text("bulk.good", "n", l.N, "name", strong(first(l.Name, string(l.Person))), "id", code(c.spoken(string(l.Person))), "ends", c.lineEnds(l), "reason", cut(oneLine(first(l.Reason, b.Reason)), 100)))
		}
	}
	card.Blocks = []chat.Block{{Text: c.text("bulk.counted", "all", len(b.Lines), "good", len(good), "wrong", len(wrong))}}
	card.Blocks = append(card.Blocks, c.lineBlock("bulk.wrongs", wrong, bulkWrongs)...)
	card.Blocks = append(card.Blocks, c.lineBlock("bulk.goods", good, bulkGood)...)
	if len(good) > 0 {
		card.Buttons = c.blank().button(nil, verbBulkGoOn, chat.StylePrimary, t)
		if n := len(card.Buttons) - 1; n >= 0 {
			card.Buttons[n].Label = c.count("bulk.confirm", len(good)).Plain()
		}
	}
	card.Buttons = c.blank().button(card.Buttons, verbBulkChange, chat.StylePlain, t)
	card.Buttons = c.blank().button(card.Buttons, verbBulkFile, chat.StylePlain, t)
	return card
}

func (c *call) packageCalled(id access.PackageID) string {
	w, err := c.core.World(c.ctx, c.from.Tenant, id)
	if err != nil {
		return string(id)
	}
	return first(w.Packages[id].Name, string(id))
}

// lineEnds is when what a line asks for would end.
func (c *call) lineEnds(l bulkLine) chat.Text { return c.ends(l.Window) }

func (c *call) lineBlock(heading string, items []chat.Text, most int) []chat.Block {
	if len(items) == 0 {
		return nil
	}
	return []chat.Block{{Heading: c.plain(heading, "count", len(items)), Items: c.blank().clip(items, most)}}
}

// bulkResult says how far a list is, and what could not be assigned.
func (c *call) bulkResult(b *bulk) chat.Card {
	title := c.plain("bulk.result", "package", c.packageCalled(b.Package))
	card := chat.Card{Title: title, Tone: chat.ToneGood}
	done, skipped := 0, 0
	var refused []chat.Text
	for _, l := range b.Lines[:b.At] {
		switch {
		case l.Done:
			done++
		case l.Wrong != "":
			skipped++
		default:
			refused = append(refused, c.text("bulk.wrong", "n", l.N, "typed", strong(first(l.Name, l.Who)), "why", l.Refused))
		}
	}
	text := c.text("bulk.done", "done", done, "refused", len(refused), "skipped", skipped)
	t := chat.Token{Face: b.Face}
	if b.At < len(b.Lines) {
		card.Tone = chat.ToneWaiting
		text = append(c.text("bulk.soFar", "at", b.At, "all", len(b.Lines), "left", len(b.Lines)-b.At), text...)
		card.Buttons = c.blank().button(nil, verbBulkGoOn, chat.StylePrimary, t)
	}
	card.Summary = c.flat(text)
	card.Blocks = append([]chat.Block{{Text: merge(text)}}, c.lineBlock("bulk.refused", refused, bulkWrongs)...)
	card.Buttons = c.blank().button(card.Buttons, verbBulkFile, chat.StylePlain, t)
	return card
}

// lineResult is what became of a line, for a table.
func (c *call) lineResult(b *bulk, l bulkLine) string {
	switch {
	case l.Wrong != "":
		return l.Wrong
	case l.Done:
		return c.plain("bulk.lineDone")
	case l.Refused != "":
		return l.Refused
	}
	return c.plain("bulk.lineWaits")
}
