package chat

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/usher-dev/usher/core/access"
)

// The methods of Text build longer texts span by span and leave the receiver
// alone: chat.Say("Hello ").Mention(p, "Mina").Say(".").

// Say appends plain text.
func (t Text) Say(s string) Text { return t.with(Span{Kind: Plain, Text: s}) }

// Strong appends emphasised text.
func (t Text) Strong(s string) Text { return t.with(Span{Kind: Strong, Text: s}) }

// Code appends text that is shown letter by letter: an id, a command.
func (t Text) Code(s string) Text { return t.with(Span{Kind: Code, Text: s}) }

// Link appends a link. url must begin with http:// or https://.
func (t Text) Link(text, url string) Text { return t.with(Span{Kind: Link, Text: text, URL: url}) }

// Mention appends a person; name is shown where no mention can be made.
func (t Text) Mention(p access.PersonID, name string) Text {
	return t.with(Span{Kind: Mention, Person: p, Text: name})
}

// At appends a moment, which each chat shows in its reader's zone. Where it
// can't, the reader gets it as "2026-09-17 18:00 UTC".
func (t Text) At(moment time.Time, style MomentStyle) Text {
	layout := "2006-01-02 15:04 UTC"
	if style == DateOnly {
		layout = "2006-01-02"
	}
	utc := moment.UTC()
	return t.with(Span{Kind: Moment, At: utc, Style: style, Text: utc.Format(layout)})
}

// Add appends another text.
func (t Text) Add(o Text) Text { return t.with(o...) }

// Len is the number of characters of the plain text.
func (t Text) Len() int {
	n := 0
	for _, s := range t {
		n += utf8.RuneCountInString(s.Text)
	}
	return n
}

// Cut returns the text with at most max characters; what was cut is marked
// with "…". A mention or moment is kept whole or left out.
func (t Text) Cut(max int) Text {
	if t.Len() <= max {
		return t
	}
	var out Text
	room := max - 1
	for _, s := range t {
		n := utf8.RuneCountInString(s.Text)
		if n <= room {
			out = append(out, s)
			room -= n
			continue
		}
		if s.Kind != Mention && s.Kind != Moment && room > 0 {
			s.Text = string([]rune(s.Text)[:room])
			out = append(out, s)
		}
		break
	}
	if max < 1 {
		return nil
	}
	return append(out, Span{Kind: Plain, Text: "…"})
}

// Straight takes out the characters that set the direction of text by force
// (Unicode's Bidi_Control): with them, a name or a reason could make what
// stands beside it read as something else. Writing that runs from right to
// left needs none of them.
func Straight(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}

// Straight does so in each span, and leaves out spans of text that nothing is
// left of.
func (t Text) Straight() Text {
	out := make(Text, 0, len(t))
	for _, s := range t {
		had := s.Text
		s.Text, s.URL = Straight(s.Text), Straight(s.URL)
		if had == "" || s.Text != "" || s.Kind == Mention || s.Kind == Moment {
			out = append(out, s)
		}
	}
	return out
}

func (t Text) with(spans ...Span) Text {
	out := make(Text, 0, len(t)+len(spans))
	return append(append(out, t...), spans...)
}

// Length is that of a text in UTF-16 code units: Slack and Discord do not say
// in what they count, and no counting of theirs gives more.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// Cut shortens a text for people to at most limit, by Length. Tokens and ids
// are never cut.
func Cut(s string, limit int) string {
	if Length(s) <= limit {
		return s
	}
	size := 0
	for i, r := range s {
		if size += utf16.RuneLen(r); size > limit-1 {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}
