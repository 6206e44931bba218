package slack

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/words"
	"github.com/usher-dev/usher/core/access"
)

// Texts are written in mrkdwn, where & < and > are escaped and nothing else
// can be ("Formatting text for app surfaces"). A text that has other marks in
// it (*, _, ~, `, an emoji's :name:, a quote's >) is written as rich text
// instead, which Slack takes letter by letter.

var (
	escaper  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	marks    = regexp.MustCompile("[*_~`]|:[A-Za-z0-9_+'-]+:|(^|\n)\\s*>")
	userForm = regexp.MustCompile(`^[UW][A-Z0-9]{1,30}$`)
)

// maxAtom is how many bytes a text with a mark around it may have: it cannot be
// divided between two blocks.
const maxAtom = 1000

func escape(s string) string { return escaper.Replace(s) }

// userOf is the user id of an account of the chat; "" for any other.
func userOf(chatName string, account string) string {
	id, ok := strings.CutPrefix(account, chatName+"/")
	if !ok || !userForm.MatchString(id) {
		return ""
	}
	return id
}

// painter writes texts for the people of one chat.
type painter struct {
	chat  string
	words words.Words
}

// risky reports whether mrkdwn would show a text with other marks than its
// own.
func (p painter) risky(t chat.Text) bool {
	before := ' '
	for i, s := range t {
		marked := s.Kind == chat.Strong || s.Kind == chat.Code
		switch {
		case s.Kind == chat.Link && strings.ContainsAny(s.URL, "<>|"), s.Kind != chat.Moment && marks.MatchString(s.Text):
			return true
		case s.Kind != chat.Plain && len(s.Text) > maxAtom:
			return true
		case marked && (wordy(before) || !tight(s.Text) || i+1 < len(t) && wordy(first(t[i+1]))):
			return true
		}
		if r, _ := utf8.DecodeLastRuneInString(s.Text); s.Text != "" {
			before = r
		}
	}
	return false
}

func first(s chat.Span) rune {
	r, _ := utf8.DecodeRuneInString(s.Text)
	return r
}

// wordy reports whether a mark next to r would not count as one.
func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// tight reports whether a mark can be put around s.
func tight(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && !strings.Contains(s, "\n")
}

// mrkdwn writes a text as atoms: pieces that must not be torn apart.
func (p painter) mrkdwn(t chat.Text) []string {
	var out []string
	for _, s := range t {
		switch s.Kind {
		case chat.Strong:
			out = append(out, "*"+escape(s.Text)+"*")
		case chat.Code:
			out = append(out, "`"+escape(s.Text)+"`")
		case chat.Link:
			out = append(out, fmt.Sprintf("<%s|%s>", escape(s.URL), escape(s.Text)))
		case chat.Moment:
			out = append(out, fmt.Sprintf("<!date^%d^%s|%s>", s.At.Unix(), dateFormat(s), escape(s.Text)))
		case chat.Mention:
			out = append(out, p.mention(s))
		default:
			out = append(out, pieces(s.Text)...)
		}
	}
	return out
}

func (p painter) mention(s chat.Span) string {
	if id := userOf(p.chat, string(s.Person)); id != "" {
		return "<@" + id + ">"
	}
	return escape(s.Text)
}

// dateFormat is what Slack shows a moment as, in the reader's zone and
// language. There is no relative form: people get the date.
func dateFormat(s chat.Span) string {
	if s.Style == chat.DateOnly {
		return "{date_long}"
	}
	return "{date_long}, {time}"
}

// pieces are the words of a plain text, each with the space behind it,
// escaped; words that are far too long come in parts.
func pieces(s string) []string {
	var out []string
	for word := range strings.SplitAfterSeq(s, " ") {
		for r := []rune(word); len(r) > 0; {
			n := min(len(r), 200)
			out = append(out, escape(string(r[:n])))
			r = r[n:]
		}
	}
	return out
}

// pack joins atoms to texts of at most limit characters.
func pack(atoms []string, limit int) []string {
	var out []string
	line, size := strings.Builder{}, 0
	flush := func() {
		if text := strings.Trim(line.String(), "\n"); strings.TrimSpace(text) != "" {
			out = append(out, text)
		}
		line.Reset()
		size = 0
	}
	for _, atom := range atoms {
		n := chat.Length(atom)
		if size > 0 && size+n > limit {
			flush()
		}
		line.WriteString(atom)
		size += n
	}
	flush()
	return out
}

// rich writes a text as elements of rich text.
func (p painter) rich(t chat.Text) []api.RichTextSectionElement {
	var out []api.RichTextSectionElement
	for _, s := range t {
		if e := p.richSpan(s); e != nil {
			out = append(out, e)
		}
	}
	return out
}

func (p painter) richSpan(s chat.Span) api.RichTextSectionElement {
	switch s.Kind {
	case chat.Link:
		return api.NewRichTextSectionLinkElement(s.URL, s.Text, nil)
	case chat.Moment:
		return api.NewRichTextSectionDateElement(s.At.Unix(), dateFormat(s), nil, &s.Text)
	case chat.Mention:
		if id := userOf(p.chat, string(s.Person)); id != "" {
			return api.NewRichTextSectionUserElement(id, nil)
		}
	}
	if s.Text == "" {
		return nil
	}
	var style *api.RichTextSectionTextStyle
	switch s.Kind {
	case chat.Strong:
		style = &api.RichTextSectionTextStyle{Bold: true}
	case chat.Code:
		style = &api.RichTextSectionTextStyle{Code: true}
	}
	return api.NewRichTextSectionTextElement(s.Text, style)
}

// Text that people or Slack wrote, as plain text: <@U1|name> becomes
// "@<chat>/U1", <#C1|name> becomes "#C1", links become their address.
var bracket = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

var unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// namedChannel is a channel in a command that comes with its name: a name of
// Usher's own may be meant that is called like it, so that both stay, "#C1|name".
var namedChannel = regexp.MustCompile(`<(#[^<>|\s]+\|[^<>|\s]+)>`)

func typed(chatName, s string) string {
	s = bracket.ReplaceAllStringFunc(s, func(m string) string {
		parts := bracket.FindStringSubmatch(m)
		inside, label := parts[1], parts[2]
		switch {
		case strings.HasPrefix(inside, "@"):
			return "@" + chatName + "/" + inside[1:]
		case strings.HasPrefix(inside, "#"):
			return inside
		case strings.HasPrefix(inside, "mailto:") && label != "":
			return label
		case strings.HasPrefix(inside, "!"):
			if label == "" {
				label, _, _ = strings.Cut(inside[1:], "^")
			}
			return label
		}
		return inside
	})
	return strings.TrimSpace(unescaper.Replace(s))
}

// mentions are people in a text that was typed or pasted into a form,
// <@U1|name>, as the desk knows them: "@<chat>/U1". All else stays as it was
// typed: Slack escapes nothing there.
func mentions(chatName, s string) string {
	return pasted.ReplaceAllString(s, "@"+strings.ReplaceAll(chatName, "$", "$$")+"/$1")
}

var pasted = regexp.MustCompile(`<@([UW][A-Z0-9]{1,30})(?:\|[^<>\n]*)?>`)

// accountOf is the account of a user of the chat.
func accountOf(chatName, user string) access.Account { return access.Account(chatName + "/" + user) }
