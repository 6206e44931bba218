package components

import (
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	// token is what means something in a line; what is between is text.
	token = regexp.MustCompile("\\\\[[:punct:]]|`[^`\n]+`|\\*\\*|__|~~|\\|\\||[*_]|<[^<>\n]+>|\\[(?:[^\\]\\\\\n]|\\\\.)+\\]\\([^()\n]+\\)")
	when  = regexp.MustCompile(`^<t:(-?[0-9]+):([fDR])>$`)
	who   = regexp.MustCompile(`^<(@[!&]?|#)([0-9]+)>$`)
	link  = regexp.MustCompile(`^\[(.+)\]\((.+)\)$`)
	dot   = regexp.MustCompile("🟡|🟢|🔴|⚪")
)

// plain is text and nothing else. The dots that tell how things stand are drawn,
// since not every machine has a font with them.
func plain(s string) string {
	return dot.ReplaceAllStringFunc(template.HTMLEscapeString(s), func(d string) string {
		return `<i class="dot ` + map[string]string{"🟡": "yellow", "🟢": "green", "🔴": "red", "⚪": "white"}[d] + `"></i>`
	})
}

// say draws Discord's Markdown ("Markdown Text 101"), line by line: a heading, a
// point of a list, fine print or text.
func (p *page) say(s string) (template.HTML, error) {
	var b strings.Builder
	for line := range strings.SplitSeq(s, "\n") {
		class := "line"
		for mark, of := range map[string]string{"# ": "h1", "## ": "h2", "### ": "h3", "-# ": "small", "- ": "point"} {
			if rest, ok := strings.CutPrefix(line, mark); ok {
				class, line = of, rest
				break
			}
		}
		drawn, err := p.inline(line)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, `<div class="%s">%s</div>`, class, drawn)
	}
	return template.HTML(b.String()), nil
}

// inline draws what stands in a line. Marks that are not closed are refused:
// somebody forgot to escape them.
func (p *page) inline(s string) (string, error) {
	var b strings.Builder
	strong, rest := false, 0
	for _, at := range token.FindAllStringIndex(s, -1) {
		b.WriteString(plain(s[rest:at[0]]))
		rest = at[1]
		if s[at[0]:at[1]] == "**" {
			strong = !strong
			b.WriteString(map[bool]string{true: "<b>", false: "</b>"}[strong])
			continue
		}
		drawn, err := p.entity(s[at[0]:at[1]])
		if err != nil {
			return "", err
		}
		b.WriteString(drawn)
	}
	b.WriteString(plain(s[rest:]))
	if strong {
		return "", fmt.Errorf("components: there is no picture for the mark that is not closed in %q", s)
	}
	return b.String(), nil
}

// entity draws an escaped mark, code, a mention, a moment or a link.
func (p *page) entity(s string) (string, error) {
	switch s[0] {
	case '\\':
		return plain(s[1:]), nil
	case '`':
		return "<code>" + plain(strings.Trim(s, "`")) + "</code>", nil
	}
	if m := when.FindStringSubmatch(s); m != nil {
		return p.moment(m[1], m[2])
	}
	if m := who.FindStringSubmatch(s); m != nil {
		return `<span class="mention">` + m[1][:1] + plain(p.label(m[2])) + "</span>", nil
	}
	if m := link.FindStringSubmatch(s); m != nil {
		label, err := p.inline(m[1])
		return `<span class="link">` + label + "</span>", err
	}
	if strings.HasPrefix(s, "<https://") || strings.HasPrefix(s, "<http://") {
		return `<span class="link">` + plain(strings.Trim(s, "<>")) + "</span>", nil
	}
	return "", fmt.Errorf("components: there is no picture for %q", s)
}

// moment shows a timestamp in the reader's zone as Discord does in English
// ("Reference", Timestamp Styles).
func (p *page) moment(unix, style string) (string, error) {
	seconds, err := strconv.ParseInt(unix, 10, 64)
	if err != nil {
		return "", fmt.Errorf("components: %w", err)
	}
	at := time.Unix(seconds, 0).In(p.Zone)
	shown := at.Format("January 2, 2006")
	switch style {
	case "f":
		shown += at.Format(" at 3:04 PM")
	case "R":
		shown = relative(at.Sub(p.At))
	}
	return `<span class="moment">` + shown + "</span>", nil
}

// relative is a moment as seen from another one, in the largest unit of which
// there is a whole one.
func relative(d time.Duration) string {
	n, unit := int64(d.Abs()/time.Second), "second"
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if d.Abs() >= u.size {
			n, unit = int64(d.Abs()/u.size), u.name
			break
		}
	}
	if n != 1 {
		unit += "s"
	}
	if d < 0 {
		return fmt.Sprintf("%d %s ago", n, unit)
	}
	return fmt.Sprintf("in %d %s", n, unit)
}
