package discord

import (
	"fmt"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
)

// color is the stripe beside a card.
func color(t chat.Tone) *int {
	c := map[chat.Tone]int{
		chat.ToneWaiting: 0xF0B232, chat.ToneGood: 0x23A55A, chat.ToneBad: 0xDA373C, chat.ToneOver: 0x80848E, chat.ToneNeutral: 0x5865F2,
	}[t]
	if c == 0 {
		return nil
	}
	return &c
}

// maxSummary is how much of the summary stands above a card: what notifications
// show of it.
const maxSummary = 200

// message draws a card. Its first component is a text outside of the container:
// messages of components have no content, and notifications show their first
// text. A card with a title says its summary there, another one its first
// paragraph.
func (p painter) message(c chat.Card) message {
	atoms := pieces(plain(c.Summary, maxSummary, "…"))
	if b, ok := opening(c); ok {
		atoms, c.Blocks = p.markdown(b), c.Blocks[1:]
	}
	return p.drawn(c, component{Type: kindText, Content: strings.TrimSpace(strings.Join(atoms, "")), atoms: atoms})
}

// opening is the paragraph that a card without a title begins with.
func opening(c chat.Card) (chat.Text, bool) {
	if c.Title != "" || len(c.Blocks) == 0 {
		return nil, false
	}
	b := c.Blocks[0]
	return b.Text, !blank(b.Text.Plain()) && b.Heading == "" && len(b.Buttons) == 0 && !b.Small
}

// answer draws a card for somebody who is looking at it: without the summary,
// unless that is all there is.
func (p painter) answer(c chat.Card) message {
	if c.Title == "" && len(c.Blocks) == 0 {
		c.Blocks = []chat.Block{{Text: chat.Say(orElse(c.Summary, "…"))}}
	}
	return p.drawn(c)
}

// note is one sentence of the adapter's own, as an answer.
func (p painter) note(key string) message {
	return p.answer(chat.Card{Blocks: []chat.Block{{Text: chat.Say(p.words[key])}}})
}

// drawn puts a card into a container below head. If it has too many parts, it
// does without lines between them; all of what is left fits, since a card has
// at most 15 buttons in at most 10 blocks.
func (p painter) drawn(c chat.Card, head ...component) message {
	var parts []component
	for _, lines := range []bool{true, false} {
		d := drawing{painter: p, lines: lines, ids: map[string]bool{}}
		d.card(c)
		parts = append(append([]component{}, head...), d.container(c, len(head) > 0)...)
		if count(parts) <= maxComponents {
			break
		}
	}
	p.shorten(parts)
	return message{Flags: flagComponentsV2, Components: parts, Mentions: allowedMentions{Parse: []string{}}}
}

// shorten cuts the longest texts until all of them together fit.
func (p painter) shorten(parts []component) {
	all := allTexts(parts)
	over := -maxText
	for _, t := range all {
		over += chat.Length(t.Content)
	}
	for over > 0 {
		longest := slices.MaxFunc(all, func(a, b *component) int { return chat.Length(a.Content) - chat.Length(b.Content) })
		before := chat.Length(longest.Content)
		longest.Content = fit(longest.atoms, max(before-over, maxText/maxComponents), p.words["more"])
		over -= before - chat.Length(longest.Content)
	}
}

// allTexts are the texts among components and in them.
func allTexts(list []component) []*component {
	var out []*component
	for i := range list {
		if list[i].Type == kindText {
			out = append(out, &list[i])
		}
		out = append(out, allTexts(list[i].Components)...)
	}
	return out
}

// count is how many components there are, with all that is in them.
func count(list []component) int {
	n := len(list)
	for _, c := range list {
		n += count(c.Components)
		if c.Accessory != nil {
			n++
		}
	}
	return n
}

// drawing collects the parts of one card. Texts wait until something comes
// that they stand before, so that they are one component.
type drawing struct {
	painter
	lines bool // between parts
	parts []component
	atoms []string // of the text that waits
	// titled is set when the title has its text.
	titled bool
	ids    map[string]bool
}

func (d *drawing) card(c chat.Card) {
	if title := plain(c.Title, chat.MaxTitle, ""); title != "" {
		d.paragraph([]string{"### " + escape(title)})
	}
	for _, b := range c.Blocks {
		d.block(b)
	}
	d.flush()
	d.rows(c.Buttons)
}

func (d *drawing) block(b chat.Block) {
	if d.lines && (b.Divider || len(b.Buttons) > 0) {
		d.flush()
	}
	if d.lines && b.Divider && len(d.parts) > 0 {
		d.parts = append(d.parts, component{Type: kindSeparator})
	}
	var body []string
	if h := plain(b.Heading, chat.MaxHeading, ""); h != "" {
		body = append(body, "**"+escape(h)+"**\n")
	}
	switch {
	case len(b.Fields) > 0:
		body = append(body, d.facts(b.Fields)...)
	case len(b.Items) > 0:
		body = append(body, d.items(b.Items, b.Small)...)
	default:
		body = append(body, d.markdown(b.Text)...)
	}
	if b.Small {
		body = small(body)
	}
	d.paragraph(body)
	d.beside(b.Buttons)
}

// paragraph adds a text to what waits, with an empty line between.
func (d *drawing) paragraph(atoms []string) {
	if blank(strings.Join(atoms, "")) {
		return
	}
	if n := len(d.atoms); n > 0 {
		gap := "\n\n"
		if strings.HasPrefix(d.atoms[0], "###") && !d.titled {
			gap, d.titled = "\n", true
		}
		d.atoms = append(d.atoms, gap)
	}
	d.atoms = append(d.atoms, atoms...)
}

// flush draws the text that waits.
func (d *drawing) flush() {
	if t, ok := d.waiting(); ok {
		d.parts = append(d.parts, t)
	}
}

func (d *drawing) waiting() (component, bool) {
	t := component{Type: kindText, Content: strings.Trim(strings.Join(d.atoms, ""), "\n"), atoms: d.atoms}
	d.atoms = nil
	return t, t.Content != ""
}

// facts are one to a line: the label, then the value.
func (d *drawing) facts(list []chat.Fact) []string {
	var out []string
	for i, f := range list {
		if i > 0 {
			out = append(out, "\n")
		}
		label := plain(f.Label, chat.MaxFactLabel, "…")
		if !strings.ContainsAny(label[len(label)-1:], "?!.:") {
			label += ":"
		}
		out = append(out, "**"+escape(label)+"**")
		gap := " "
		if strings.Contains(f.Value.Plain(), "\n") {
			gap = "\n"
		}
		out = append(append(out, gap), d.markdown(f.Value)...)
	}
	return out
}

// items are a list; fine print has none.
func (d *drawing) items(list []chat.Text, small bool) []string {
	bullet := "- "
	if small {
		bullet = "• "
	}
	var out []string
	for i, t := range list {
		if i > 0 {
			out = append(out, "\n")
		}
		out = append(append(out, bullet), d.markdown(t)...)
	}
	return out
}

// small writes each line as fine print.
func small(atoms []string) []string {
	var out []string
	begin := true
	for _, atom := range atoms {
		for part := range strings.SplitAfterSeq(atom, "\n") {
			if begin && !blank(part) {
				out = append(out, "-# ")
			}
			out = append(out, part)
			begin = begin && blank(part) || strings.HasSuffix(part, "\n")
		}
	}
	return out
}

// beside draws the buttons of a block: a single one beside its text.
func (d *drawing) beside(list []chat.Button) {
	switch len(list) {
	case 0:
		return
	case 1:
	default:
		d.flush()
		d.rows(list)
		return
	}
	t, ok := d.waiting()
	b, fresh := d.button(list[0])
	switch {
	case !fresh && ok:
		d.parts = append(d.parts, t)
	case fresh && ok:
		d.parts = append(d.parts, component{Type: kindSection, Components: []component{t}, Accessory: &b})
	case fresh:
		d.parts = append(d.parts, component{Type: kindRow, Components: []component{b}})
	}
}

func (d *drawing) rows(list []chat.Button) {
	var all []component
	for _, b := range list {
		if drawn, fresh := d.button(b); fresh {
			all = append(all, drawn)
		}
	}
	for len(all) > 0 {
		n := min(len(all), maxRow)
		d.parts = append(d.parts, component{Type: kindRow, Components: all[:n]})
		all = all[n:]
	}
}

// button draws a button. Its token is its custom_id, whole.
func (d *drawing) button(b chat.Button) (component, bool) {
	style := map[chat.ButtonStyle]int{chat.StylePrimary: stylePrimary, chat.StyleDanger: styleDanger}[b.Style]
	if style == 0 {
		style = styleSecondary
	}
	id, fresh := d.free(buttonID(b))
	return component{Type: kindButton, CustomID: id, Style: style, Label: plain(b.Label, maxButton, "…")}, fresh
}

// free tells buttons with the same token apart, which Discord wants: the
// second one gets a number behind it. One that has no room for it does what
// another one does anyway, and is left out.
func (d *drawing) free(id string) (string, bool) {
	free := id
	for n := 2; d.ids[free]; n++ {
		free = fmt.Sprintf("%s%s%d", id, again, n)
	}
	d.ids[free] = true
	return free, chat.Length(free) <= maxCustomID
}

// container holds what was drawn. Buttons alone need none if there is a text
// above them.
func (d *drawing) container(c chat.Card, head bool) []component {
	if head && c.Title == "" && len(c.Blocks) == 0 {
		return d.parts
	}
	if len(d.parts) == 0 {
		d.parts = []component{{Type: kindText, Content: "…"}}
	}
	return []component{{Type: kindContainer, Components: d.parts, Color: color(c.Tone)}}
}

// again stands between a token and the number of its button. No token has it.
const again = "|"

// pressNo is the No below a question. No token is like it.
const pressNo = "~no"

// buttonID is the custom_id of a button: its token. The first letter of a token
// is a small one; of a button that has to ask first it is made a capital one,
// so that a press on it is no press of the token.
func buttonID(b chat.Button) string {
	if b.Confirm == "" || b.Token == "" {
		return b.Token
	}
	return strings.ToUpper(b.Token[:1]) + b.Token[1:]
}

// tokenOf is the token of a custom_id.
func tokenOf(id string) string {
	token, _, _ := strings.Cut(id, again)
	return token
}

// unconfirmed reports whether a custom_id is that of a button which has to ask
// first, and what it asks about.
func unconfirmed(id string) (token string, ok bool) {
	if id[0] < 'A' || id[0] > 'Z' {
		return "", false
	}
	token = tokenOf(id)
	return strings.ToLower(token[:1]) + token[1:], true
}
