package blockkit

import (
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	entity = regexp.MustCompile("```[^`]+```|`[^`\n]+`|<[^<>\n]+>")
	strong = regexp.MustCompile(`(^|[\s(\x{E000}])\*([^*\n]+)\*`)
	stress = regexp.MustCompile(`(^|[\s(])_([^_\n]+)_`)
	struck = regexp.MustCompile(`(^|[\s(])~([^~\n]+)~`)
	held   = regexp.MustCompile("\uE000[0-9]+\uE001")
	dateOf = regexp.MustCompile(`^!date\^([0-9]+)\^([^|^]*)(?:\^[^|]*)?\|(.*)$`)
	dot    = regexp.MustCompile("🟡|🟢|🔴|⚪")
)

// unescaped undoes what Slack wants escaped ("Formatting text for app surfaces").
func unescaped(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// plain is text and nothing else. The dots that tell how things stand are drawn,
// since not every machine has a font with them.
func plain(s string) string {
	s = template.HTMLEscapeString(strings.NewReplacer("\uE000", "", "\uE001", "").Replace(s))
	return dot.ReplaceAllStringFunc(s, func(d string) string {
		colour := map[string]string{"🟡": "yellow", "🟢": "green", "🔴": "red", "⚪": "white"}[d]
		return `<i class="dot ` + colour + `"></i>`
	})
}

// say draws a text object. What is no mrkdwn is shown as it is.
func (p *page) say(t text, kind ...string) (template.HTML, error) {
	if len(kind) > 0 {
		t.Kind = kind[0]
	}
	switch t.Kind {
	case "plain_text", "text", "":
		return template.HTML(lines(plain(t.Text))), nil
	case "mrkdwn":
		return p.mrkdwn(t.Text)
	}
	return "", fmt.Errorf("block kit: there is no picture for the text %q", t.Kind)
}

// mrkdwn puts what stands between angle brackets or backticks aside, so that
// nothing in it counts as a mark, and then reads the marks.
func (p *page) mrkdwn(s string) (template.HTML, error) {
	var kept []string
	var broken error
	var b strings.Builder
	rest := 0
	for _, at := range entity.FindAllStringIndex(s, -1) {
		b.WriteString(plain(unescaped(s[rest:at[0]])))
		drawn, err := p.entity(s[at[0]:at[1]])
		if err != nil {
			broken = err
		}
		fmt.Fprintf(&b, "\uE000%d\uE001", len(kept))
		kept, rest = append(kept, drawn), at[1]
	}
	b.WriteString(plain(unescaped(s[rest:])))
	out := strong.ReplaceAllString(b.String(), "$1<b>$2</b>")
	out = stress.ReplaceAllString(out, "$1<em>$2</em>")
	out = struck.ReplaceAllString(out, "$1<s>$2</s>")
	out = held.ReplaceAllStringFunc(lines(out), func(mark string) string {
		n, _ := strconv.Atoi(strings.Trim(mark, "\uE000\uE001"))
		return kept[n]
	})
	return template.HTML(out), broken
}

func lines(s string) string { return strings.ReplaceAll(s, "\n", "<br>") }

// entity draws code, a mention, a moment or a link.
func (p *page) entity(s string) (string, error) {
	if strings.HasPrefix(s, "`") {
		return "<code>" + lines(plain(unescaped(strings.Trim(s, "`")))) + "</code>", nil
	}
	inside := strings.Trim(s, "<>")
	target, label, named := strings.Cut(inside, "|")
	switch {
	case strings.HasPrefix(inside, "!date^"):
		return p.moment(inside)
	case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
		return `<span class="mention">` + target[:1] + plain(p.label(target[1:])) + "</span>", nil
	case strings.HasPrefix(target, "https://"), strings.HasPrefix(target, "http://"), strings.HasPrefix(target, "mailto:"):
		if !named {
			label = target
		}
		return `<span class="link">` + plain(unescaped(label)) + "</span>", nil
	}
	return "", fmt.Errorf("block kit: there is no picture for %q", s)
}

// moment shows a date in the reader's zone as Slack does in English ("Date
// formatting"): {date_long} has the day of the week.
func (p *page) moment(s string) (string, error) {
	m := dateOf.FindStringSubmatch(s)
	if m == nil {
		return "", fmt.Errorf("block kit: there is no picture for the date %q", s)
	}
	seconds, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return "", fmt.Errorf("block kit: %w", err)
	}
	at := time.Unix(seconds, 0).In(p.Zone)
	date := at.Format("January ") + strconv.Itoa(at.Day()) + ordinal(at.Day()) + at.Format(", 2006")
	out := strings.NewReplacer("{date_long}", at.Format("Monday, ")+date, "{date}", date, "{time}", at.Format("3:04 PM")).Replace(m[2])
	if strings.ContainsAny(out, "{}") {
		return "", fmt.Errorf("block kit: there is no picture for the date %q", s)
	}
	return plain(out), nil
}

func ordinal(day int) string {
	switch {
	case day%10 == 1 && day != 11:
		return "st"
	case day%10 == 2 && day != 12:
		return "nd"
	case day%10 == 3 && day != 13:
		return "rd"
	}
	return "th"
}
