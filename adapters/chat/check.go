package chat

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// The neutral limits of a card, in characters unless said otherwise: what
// every chat takes, so that a card that passes Check can be posted anywhere
// without losing anything. Slack's are in its Block Kit reference, Discord's
// in its components reference (components v2: 40 components and 4,000
// characters in all).
const (
	MaxSummary     = 300  // one line
	MaxTitle       = 150  // Slack header
	MaxHeading     = 150  // Slack header
	MaxText        = 3000 // of one block; Slack section
	MaxCard        = 3500 // all texts of a card together; Discord 4,000 with room for mark-up
	MaxBlocks      = 40   // Slack 50
	MaxFacts       = 10   // of one block; Slack section fields
	MaxFactLabel   = 150
	MaxItems       = 30
	MaxButtonLabel = 75  // Slack; Discord 80
	MaxConfirm     = 300 // Slack confirm text
	MaxRowButtons  = 5   // of one block; Discord action row
	MaxRows        = 10  // blocks with buttons
	MaxCardButtons = 10  // below the card: two of Discord's rows
	MaxButtons     = 15  // of a card in all; with rows and texts under Discord's 40 components
)

// Check reports what makes a card one that cannot be posted in every chat. The
// error names the place in the card and never its texts.
func Check(c Card) error {
	k := checker{}
	k.line("summary", c.Summary, MaxSummary)
	if c.Summary == "" {
		k.fail("summary", "is missing")
	}
	k.chars("title", c.Title, MaxTitle)
	k.tone(c.Tone)
	k.count("blocks", len(c.Blocks), MaxBlocks)
	k.total = utf8.RuneCountInString(c.Title)
	rows := 0
	for i, b := range c.Blocks {
		k.block(fmt.Sprintf("blocks[%d]", i), b)
		if len(b.Buttons) > 0 {
			rows++
		}
	}
	k.count("blocks with buttons", rows, MaxRows)
	k.list("buttons", c.Buttons, MaxCardButtons)
	k.count("buttons in all", k.buttons, MaxButtons)
	k.count("characters in all", k.total, MaxCard)
	return k.err
}

// checker keeps the first thing that is wrong.
type checker struct {
	err     error
	total   int
	buttons int
}

func (k *checker) fail(where, what string, args ...any) {
	if k.err == nil {
		k.err = fmt.Errorf("card: %s %s", where, fmt.Sprintf(what, args...))
	}
}

func (k *checker) count(where string, n, limit int) {
	if n > limit {
		k.fail(where, "are %d, at most %d", n, limit)
	}
}

func (k *checker) chars(where, s string, limit int) {
	if n := utf8.RuneCountInString(s); n > limit {
		k.fail(where, "has %d characters, at most %d", n, limit)
	}
}

func (k *checker) line(where, s string, limit int) {
	k.chars(where, s, limit)
	if strings.ContainsAny(s, "\r\n") {
		k.fail(where, "has more than one line")
	}
}

func (k *checker) tone(t Tone) {
	switch t {
	case "", ToneNeutral, ToneWaiting, ToneGood, ToneBad, ToneOver:
	default:
		k.fail("tone", "is unknown")
	}
}

func (k *checker) block(where string, b Block) {
	kinds := 0
	for _, set := range []bool{len(b.Text) > 0, len(b.Fields) > 0, len(b.Items) > 0, b.Divider} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		k.fail(where, "has %d of text, fields, items and divider, not one", kinds)
	}
	k.chars(where+".heading", b.Heading, MaxHeading)
	before := k.total
	k.total += utf8.RuneCountInString(b.Heading)
	k.text(where+".text", b.Text)
	k.count(where+".fields", len(b.Fields), MaxFacts)
	for i, f := range b.Fields {
		at := fmt.Sprintf("%s.fields[%d]", where, i)
		k.label(at+".label", f.Label, MaxFactLabel)
		k.total += utf8.RuneCountInString(f.Label)
		k.text(at+".value", f.Value)
	}
	k.count(where+".items", len(b.Items), MaxItems)
	for i, item := range b.Items {
		k.text(fmt.Sprintf("%s.items[%d]", where, i), item)
	}
	k.count(where+" characters", k.total-before, MaxText)
	k.list(where+".buttons", b.Buttons, MaxRowButtons)
}

func (k *checker) label(where, s string, limit int) {
	k.line(where, s, limit)
	if strings.TrimSpace(s) == "" {
		k.fail(where, "is empty")
	}
}

func (k *checker) text(where string, t Text) {
	for i, s := range t {
		k.span(fmt.Sprintf("%s[%d]", where, i), s)
	}
	k.total += t.Len()
}

func (k *checker) span(where string, s Span) {
	switch s.Kind {
	case Plain, Strong, Code:
	case Link:
		if u, err := url.Parse(s.URL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			k.fail(where, "is a link to something else than http or https")
		}
	case Mention:
		if s.Person == "" || s.Text == "" {
			k.fail(where, "is a mention without person or name")
		}
	case Moment:
		if s.At.IsZero() || s.Text == "" {
			k.fail(where, "is a moment without time or fallback")
		}
	default:
		k.fail(where, "is of unknown kind")
	}
	if !utf8.ValidString(s.Text) {
		k.fail(where, "is not UTF-8")
	}
}

func (k *checker) list(where string, buttons []Button, limit int) {
	k.count(where, len(buttons), limit)
	k.buttons += len(buttons)
	for i, b := range buttons {
		at := fmt.Sprintf("%s[%d]", where, i)
		k.label(at+".label", b.Label, MaxButtonLabel)
		k.line(at+".confirm", b.Confirm, MaxConfirm)
		if b.Token == "" || len(b.Token) > MaxToken {
			k.fail(at+".token", "has %d bytes, not 1 to %d", len(b.Token), MaxToken)
		}
		switch b.Style {
		case StylePlain, StylePrimary, StyleDanger:
		default:
			k.fail(at+".style", "is unknown")
		}
	}
}
