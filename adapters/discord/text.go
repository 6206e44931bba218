package discord

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/words"
)

// Texts are written in Discord's Markdown, where a backslash takes the meaning
// of any punctuation mark behind it. Labels, titles, placeholders and options
// are plain: Discord shows them letter by letter.

var (
	// listed is what begins a list, a heading or a quote at the beginning of a
	// line.
	listed = regexp.MustCompile(`(?m)^([ \t]*)([-+#>])|^([ \t]*[0-9]+)([.)])`)
	// sign is what makes a colon more than a colon: an emoji's name or an
	// address behind it.
	sign = regexp.MustCompile(`^:(//|[A-Za-z0-9_+~-]+:)`)
	// address is a text that Discord might show as a link of its own.
	address = regexp.MustCompile(`(?i)://|www\.`)
)

// marks begin emphasis, code, spoilers, mentions, moments, emoji and links
// anywhere in a text.
const marks = "\\*_~`|<[]@"

// clean leaves out what is invisible or turns the text around: control and
// format characters. Those that join letters and emoji stay.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\u200c', r == '\u200d':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// blank reports whether nothing of a text can be seen. Discord refuses texts
// without any letter.
func blank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r) || strings.ContainsRune(invisible, r)
	}) == ""
}

// invisible are letters by name only: Hangul fillers and the blank of Braille.
const invisible = "\u115f\u1160\u2800\u3164\uffa0"

// plain is a text for where no Markdown is: on one line, at most limit
// characters. other stands in for a text without letters.
func plain(s string, limit int, other string) string {
	s = strings.Join(strings.Fields(clean(s)), " ")
	if blank(s) {
		s = other
	}
	return chat.Cut(s, limit)
}

func orElse(s, other string) string {
	if blank(s) {
		return other
	}
	return s
}

// escape writes a text so that Discord shows it as it is, wherever in a line
// it may come to stand.
func escape(s string) string {
	s = clean(s)
	var b strings.Builder
	for i, r := range s {
		if strings.ContainsRune(marks, r) || r == ':' && sign.MatchString(s[i:]) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return listed.ReplaceAllString(b.String(), `$1$3\$2$4`)
}

// userOf is the user id of an account of the chat; "" for any other.
func userOf(chatName, account string) string {
	id, ok := strings.CutPrefix(account, chatName+"/")
	if !ok || !snowflake.MatchString(id) {
		return ""
	}
	return id
}

// mention is a person in a text that was typed or pasted, in its form of today
// or of before ("Reference", Message Formatting).
var mention = regexp.MustCompile(`<@!?([0-9]{15,20})>`)

// mentions are people in a text as the desk knows them, "@chat/1". All else
// stays as it was typed.
func mentions(chatName, s string) string {
	return mention.ReplaceAllString(s, "@"+strings.ReplaceAll(chatName, "$", "$$")+"/$1")
}

// painter writes for the people of one chat in one language.
type painter struct {
	chat  string
	words words.Words
}

// markdown writes a text as atoms: pieces that must not be torn apart.
func (p painter) markdown(t chat.Text) []string {
	var out []string
	for _, s := range joined(t) {
		switch s.Kind {
		case chat.Strong:
			out = append(out, around("**", s.Text)...)
		case chat.Code:
			out = append(out, code(s.Text))
		case chat.Link:
			out = append(out, masked(s))
		case chat.Moment:
			out = append(out, fmt.Sprintf("<t:%d:%s>", s.At.Unix(), timeStyle(s.Style)))
		case chat.Mention:
			out = append(out, p.mention(s))
		default:
			out = append(out, pieces(s.Text)...)
		}
	}
	return out
}

// maxPiece is how many characters of a word are kept together.
const maxPiece = 200

// joined puts spans together that would run into each other: what is a mark or
// an address only together must be seen together.
func joined(t chat.Text) chat.Text {
	var out chat.Text
	for _, s := range t {
		if s.Text = clean(s.Text); s.Text == "" && s.Kind != chat.Mention && s.Kind != chat.Moment {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Kind == s.Kind && slices.Contains([]chat.SpanKind{chat.Plain, chat.Strong, chat.Code}, s.Kind) {
			out[n-1].Text += s.Text
			continue
		}
		out = append(out, s)
	}
	return out
}

// around puts marks around each line of a text, for marks end with the line's
// paragraph. Spaces stay outside.
func around(mark, s string) []string {
	var out []string
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			out = append(out, "\n")
		}
		inner := strings.TrimSpace(line)
		if inner == "" {
			out = append(out, line)
			continue
		}
		before, after, _ := strings.Cut(line, inner)
		out = append(out, before+mark+escape(inner)+mark+after)
	}
	return out
}

// code shows a text letter by letter. Nothing in it is escaped; a backtick,
// which would end it, is shown as its look-alike.
func code(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, "`", "ˋ")), " ")
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

// masked writes a link. A text that looks like an address could pass for
// another one, and Discord shows no such link: it is written beside its text.
func masked(s chat.Span) string {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" {
		return escape(s.Text)
	}
	at := strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", `\`, "%5C", "\n", "", `"`, "%22").Replace(clean(s.URL))
	switch {
	case s.Text == s.URL || blank(s.Text):
		return "<" + at + ">"
	case address.MatchString(s.Text):
		return escape(s.Text) + " <" + at + ">"
	}
	return "[" + escape(strings.Join(strings.Fields(s.Text), " ")) + "](" + at + ")"
}

func (p painter) mention(s chat.Span) string {
	if id := userOf(p.chat, string(s.Person)); id != "" {
		return "<@" + id + ">"
	}
	return escape(s.Text)
}

// timeStyle is how Discord shows a moment, in the reader's zone and language
// ("API Reference", Timestamp Styles).
func timeStyle(s chat.MomentStyle) string {
	switch s {
	case chat.DateOnly:
		return "D"
	case chat.Relative:
		return "R"
	}
	return "f"
}

// pieces are the words of a plain text, each with the space behind it,
// escaped; words that are far too long come in parts.
func pieces(s string) []string {
	var out []string
	for word := range strings.SplitAfterSeq(escape(s), " ") {
		for r := []rune(word); len(r) > 0; {
			n := min(len(r), maxPiece)
			piece := string(r[:n])
			if slashes := len(piece) - len(strings.TrimRight(piece, `\`)); n > 1 && slashes%2 != 0 {
				n-- // what the last one escapes stays with it
			}
			out = append(out, string(r[:n]))
			r = r[n:]
		}
	}
	return out
}

// fit joins atoms to a text of at most limit characters; what had to be left
// out is marked with more.
func fit(atoms []string, limit int, more string) string {
	whole := strings.Join(atoms, "")
	if chat.Length(whole) <= limit {
		return whole
	}
	var b strings.Builder
	size := chat.Length(more) + 1
	for _, atom := range atoms {
		if size += chat.Length(atom); size > limit {
			break
		}
		b.WriteString(atom)
	}
	return strings.TrimSpace(b.String()) + "\n" + more
}
