package slack

import (
	"fmt"
	"slices"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
)

// shortFact is how long a fact may be to stand beside another one.
const shortFact = 160

func plainObject(s string, limit int) *api.TextBlockObject {
	return api.NewTextBlockObject(api.PlainTextType, chat.Cut(strings.TrimSpace(chat.Straight(s)), limit), false, false)
}

// mrkdwnObject is verbatim: Slack must not find links or names in it.
func mrkdwnObject(s string) *api.TextBlockObject {
	return api.NewTextBlockObject(api.MarkdownType, s, false, true)
}

// card draws a card as blocks, with the text for notifications.
func (p painter) card(c chat.Card, limit int) (blocks []api.Block, text string) {
	d := drawing{painter: p}
	c.Title, c.Summary = chat.Straight(c.Title), chat.Straight(c.Summary)
	if c.Title != "" {
		d.add(api.NewHeaderBlock(plainObject(titleOf(c), maxHeader)))
	}
	for _, b := range c.Blocks {
		d.block(b)
	}
	if len(d.blocks) == 0 {
		d.paragraph(chat.Say(orElse(c.Summary, "…")), false)
	}
	tail := 0
	if len(c.Buttons) > 0 {
		d.row(c.Buttons)
		tail = 1
	}
	return p.clip(d.blocks, tail, limit), chat.Cut(escape(orElse(c.Summary, "…")), maxText)
}

// titleOf puts a sign of the tone before the title if there is room.
func titleOf(c chat.Card) string {
	sign := map[chat.Tone]string{chat.ToneWaiting: "🟡 ", chat.ToneGood: "🟢 ", chat.ToneBad: "🔴 ", chat.ToneOver: "⚪ "}[c.Tone]
	if c.Title == "" || chat.Length(sign+c.Title) > maxHeader {
		sign = ""
	}
	return sign + c.Title
}

// drawing collects the blocks of one card.
type drawing struct {
	painter
	blocks  []api.Block
	rows    int
	buttons int
}

func (d *drawing) add(blocks ...api.Block) { d.blocks = append(d.blocks, blocks...) }

func (d *drawing) block(b chat.Block) {
	var heading chat.Text
	if h := strings.TrimSpace(chat.Straight(b.Heading)); h != "" {
		heading = chat.Text{{Kind: chat.Strong, Text: h}}
	}
	before := len(d.blocks)
	switch {
	case b.Divider:
		d.add(api.NewDividerBlock())
		d.paragraph(heading, b.Small)
	case len(b.Fields) > 0:
		d.paragraph(heading, b.Small)
		d.facts(b.Fields)
	case len(b.Items) > 0:
		d.items(heading, b.Items, b.Small)
	case len(heading) > 0:
		d.paragraph(heading.Say("\n").Add(b.Text), b.Small)
	default:
		d.paragraph(b.Text, b.Small)
	}
	d.rowButtons(b.Buttons, before)
}

// paragraph draws a text; nothing for an empty one.
func (d *drawing) paragraph(t chat.Text, small bool) {
	t = t.Straight()
	if strings.TrimSpace(t.Plain()) == "" {
		return
	}
	if d.risky(t) {
		d.add(api.NewRichTextBlock("", api.NewRichTextSection(d.rich(t)...)))
		return
	}
	d.lines(d.mrkdwn(t), small)
}

func (d *drawing) lines(atoms []string, small bool) {
	for _, text := range pack(atoms, maxSection) {
		if small {
			d.add(api.NewContextBlock("", mrkdwnObject(text)))
		} else {
			d.add(api.NewSectionBlock(mrkdwnObject(text), nil, nil))
		}
	}
}

// facts draws short facts beside each other and long ones across.
func (d *drawing) facts(list []chat.Fact) {
	var fields []*api.TextBlockObject
	flush := func() {
		for len(fields) > 0 {
			n := min(len(fields), maxFields)
			d.add(api.NewSectionBlock(nil, fields[:n], nil))
			fields = fields[n:]
		}
	}
	for _, f := range list {
		t := chat.Text{{Kind: chat.Strong, Text: strings.TrimSpace(f.Label)}, {Kind: chat.Plain, Text: "\n"}}.Add(f.Value).Straight()
		if t.Len() > shortFact || d.risky(t) {
			flush()
			d.paragraph(t, false)
			continue
		}
		fields = append(fields, mrkdwnObject(strings.Join(d.mrkdwn(t), "")))
	}
	flush()
}

func (d *drawing) items(heading chat.Text, items []chat.Text, small bool) {
	var all chat.Text
	heading = heading.Straight()
	items = slices.Clone(items)
	for i, t := range items {
		items[i] = t.Straight()
		all = all.Say(" ").Add(items[i])
	}
	if d.risky(all) || d.risky(heading) {
		var list []api.RichTextElement
		for _, t := range items {
			list = append(list, api.NewRichTextSection(d.rich(t)...))
		}
		d.paragraph(heading, small)
		d.add(api.NewRichTextBlock("", api.NewRichTextList(api.RTEListBullet, 0, list...)))
		return
	}
	var atoms []string
	if len(heading) > 0 {
		atoms = append(d.mrkdwn(heading), "\n")
	}
	for i, t := range items {
		if i > 0 {
			atoms = append(atoms, "\n")
		}
		atoms = append(append(atoms, "• "), d.mrkdwn(t)...)
	}
	d.lines(atoms, small)
}

// rowButtons draws the buttons of a block: a single one beside its only text.
func (d *drawing) rowButtons(list []chat.Button, before int) {
	if len(list) == 0 {
		return
	}
	if len(list) == 1 && len(d.blocks) == before+1 {
		if s, ok := d.blocks[before].(*api.SectionBlock); ok && s.Text != nil {
			s.Accessory = api.NewAccessory(d.button(list[0]))
			return
		}
	}
	d.row(list)
}

func (d *drawing) row(list []chat.Button) {
	var all []api.BlockElement
	for _, b := range list {
		all = append(all, d.button(b))
	}
	d.rows++
	d.add(api.NewActionBlock(fmt.Sprintf("~row%d", d.rows), all...))
}

// button draws a button. Its token is its value, whole.
func (d *drawing) button(b chat.Button) *api.ButtonBlockElement {
	d.buttons++
	out := api.NewButtonBlockElement(fmt.Sprintf("~button%d", d.buttons), b.Token, plainObject(b.Label, maxButtonText))
	out.Style = api.Style(b.Style)
	if b.Confirm != "" {
		out.Confirm = api.NewConfirmationBlockObject(
			plainObject(d.words["sure"], maxConfirmTitle), plainObject(b.Confirm, maxConfirmText),
			plainObject(d.words["yes"], maxConfirmButton), plainObject(d.words["no"], maxConfirmButton))
	}
	return out
}

// home draws a card as the App Home.
func (p painter) home(c chat.Card) api.HomeTabViewRequest {
	blocks, _ := p.card(c, maxViewBlocks)
	return api.HomeTabViewRequest{Type: api.VTHomeTab, Blocks: api.Blocks{BlockSet: blocks}}
}

// answer draws a card as a modal that only informs. A title that has room as
// the modal's own is not said twice.
func (p painter) answer(c chat.Card) api.ModalViewRequest {
	title := orElse(titleOf(c), p.words["answer.title"])
	if chat.Length(title) <= maxViewTitle {
		c.Title = ""
	}
	blocks, _ := p.card(c, maxViewBlocks)
	return p.modal(title, blocks)
}

func (p painter) modal(title string, blocks []api.Block) api.ModalViewRequest {
	return api.ModalViewRequest{
		Type: api.VTModal, Title: plainObject(title, maxViewTitle), Close: plainObject(p.words["close"], maxViewTitle),
		Blocks: api.Blocks{BlockSet: blocks},
	}
}

// note is a modal that says one sentence.
func (p painter) note(title, text string) api.ModalViewRequest {
	return p.modal(p.words[title], []api.Block{api.NewSectionBlock(plainObject(p.words[text], maxSection), nil, nil)})
}
