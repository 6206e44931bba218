package desk

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/usher-dev/usher/adapters/chat"
)

//go:embed locale/*.yaml
var localeFiles embed.FS

// Texts are all sentences in all languages. English is the one that every
// other language falls back to.
type Texts struct {
	bundle *i18n.Bundle
	// holes are the placeholders of a text, by language and key.
	holes   map[string]map[string][]string
	matcher language.Matcher
	says    map[string]*i18n.Localizer // by language
	zones   sync.Map                   // name -> *time.Location; loading one reads a file
}

var (
	letters  = regexp.MustCompile(`^[a-zA-Z]+`)
	sentinel = regexp.MustCompile("\x02[0-9]+\x03")
	markup   = regexp.MustCompile("\\*\\*[^*]+\\*\\*|`[^`]+`")
)

// LoadTexts reads the embedded locale files, "<language>.yaml" and, for a part
// of its own, "<part>.<language>.yaml".
func LoadTexts() (*Texts, error) { return loadTexts(localeFiles) }

func loadTexts(files fs.FS) (*Texts, error) {
	t := &Texts{bundle: i18n.NewBundle(language.English), holes: map[string]map[string][]string{}}
	t.bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	names, err := fs.Glob(files, "locale/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, name := range names {
		file, err := t.bundle.LoadMessageFileFS(files, name)
		if err != nil {
			return nil, fmt.Errorf("read texts %s: %w", name, err)
		}
		keys := t.holes[file.Tag.String()]
		if keys == nil {
			keys = map[string][]string{}
		}
		for _, m := range file.Messages {
			keys[m.ID] = holesOf(m.One + m.Other)
		}
		t.holes[file.Tag.String()] = keys
	}
	t.matcher = language.NewMatcher(t.bundle.LanguageTags())
	t.says = map[string]*i18n.Localizer{}
	for _, tag := range t.bundle.LanguageTags() {
		t.says[tag.String()] = i18n.NewLocalizer(t.bundle, tag.String())
	}
	return t, nil
}

// holesOf lists the placeholders of a text in order, each once.
func holesOf(text string) []string {
	var out []string
	for _, after := range strings.Split(text, "{{")[1:] {
		action, _, _ := strings.Cut(after, "}}")
		for _, part := range strings.Split(action, ".")[1:] {
			if name := letters.FindString(part); name != "" {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Languages lists the languages there are, in order of their tags.
func (t *Texts) Languages() []string {
	var out []string
	for lang := range t.holes {
		out = append(out, lang)
	}
	slices.Sort(out)
	return out
}

// Everywhere is a text in each language, without mark-up.
func (t *Texts) Everywhere(key string) map[string]string {
	out := map[string]string{}
	for _, lang := range t.Languages() {
		out[lang] = t.in("", lang).plain(key)
	}
	return out
}

// tongue says everything in one reader's language and zone.
type tongue struct {
	all *Texts
	loc *i18n.Localizer
	// lang is the language of the texts, locale what the reader asked for
	// (for the words that admins write).
	lang   string
	locale string
	zone   *time.Location
}

// in makes the tongue of a reader: the first of the locales whose language
// there is, else English, and UTC for a zone that is not known.
func (t *Texts) in(zone string, locales ...string) tongue {
	g := tongue{all: t, zone: t.zone(zone), lang: "en"}
	g.locale = first(locales...)
	for _, l := range locales {
		want, err := language.Parse(l)
		if err != nil {
			continue
		}
		if _, n, sure := t.matcher.Match(want); sure != language.No {
			g.lang = t.bundle.LanguageTags()[n].String()
			break
		}
	}
	g.loc = t.says[g.lang]
	return g
}

// zone finds a time zone; UTC when there is none of that name.
func (t *Texts) zone(name string) *time.Location {
	if known, ok := t.zones.Load(name); ok {
		return known.(*time.Location)
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return time.UTC
	}
	t.zones.Store(name, loc)
	return loc
}

// text renders a text. Values come as alternating names and values: strings,
// numbers, moments (time.Time), spans and texts. What the caller doesn't give
// stays empty. A text may mark **strong** and `code`; values can't.
func (g tongue) text(key string, data ...any) chat.Text {
	return g.render(&i18n.LocalizeConfig{MessageID: key}, key, data)
}

// count renders a text whose form depends on n, which it gets as "count".
func (g tongue) count(key string, n int, data ...any) chat.Text {
	data = append(data, "count", n)
	return g.render(&i18n.LocalizeConfig{MessageID: key, PluralCount: n}, key, data)
}

// plain is text without mark-up, with moments in the reader's zone: for
// labels, buttons and notifications.
func (g tongue) plain(key string, data ...any) string { return g.flat(g.text(key, data...)) }

// has reports whether there is such a text.
func (g tongue) has(key string) bool {
	_, ok := g.all.holes["en"][key]
	return ok
}

func (g tongue) render(c *i18n.LocalizeConfig, key string, data []any) chat.Text {
	values := map[string]any{}
	for _, name := range g.all.holes["en"][key] {
		values[name] = ""
	}
	var parts []chat.Text
	for i := 0; i+1 < len(data); i += 2 {
		part := g.value(data[i+1])
		if len(part) == 0 {
			values[data[i].(string)] = ""
			continue
		}
		values[data[i].(string)] = "\x02" + strconv.Itoa(len(parts)) + "\x03"
		parts = append(parts, part)
	}
	c.TemplateData = values
	out, err := g.loc.Localize(c)
	if out == "" && err != nil && !g.has(key) {
		return chat.Say(key)
	}
	return assemble(out, parts)
}

// assemble puts the values back where their sentinels stand.
func assemble(s string, parts []chat.Text) chat.Text {
	var out chat.Text
	last := 0
	for _, at := range sentinel.FindAllStringIndex(s, -1) {
		out = append(out, marked(s[last:at[0]])...)
		n, err := strconv.Atoi(s[at[0]+1 : at[1]-1])
		if err == nil && n < len(parts) {
			out = append(out, parts[n]...)
		}
		last = at[1]
	}
	return merge(append(out, marked(s[last:])...))
}

// marked turns **strong** and `code` of our own texts into spans.
func marked(s string) chat.Text {
	var out chat.Text
	last := 0
	for _, at := range markup.FindAllStringIndex(s, -1) {
		out = append(out, chat.Span{Kind: chat.Plain, Text: s[last:at[0]]})
		if s[at[0]] == '*' {
			out = append(out, strong(s[at[0]+2:at[1]-2]))
		} else {
			out = append(out, code(s[at[0]+1:at[1]-1]))
		}
		last = at[1]
	}
	return append(out, chat.Span{Kind: chat.Plain, Text: s[last:]})
}

// merge joins plain neighbours and drops empty spans.
func merge(t chat.Text) chat.Text {
	out := chat.Text{}
	for _, s := range t {
		n := len(out)
		switch {
		case s.Text == "":
		case s.Kind == chat.Plain && n > 0 && out[n-1].Kind == chat.Plain:
			out[n-1].Text += s.Text
		default:
			out = append(out, s)
		}
	}
	return out
}

func (g tongue) value(v any) chat.Text {
	switch v := v.(type) {
	case nil:
		return nil
	case chat.Text:
		return v
	case chat.Span:
		return chat.Text{v}
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return chat.Text{g.moment(v, chat.DateTime)}
	case time.Duration:
		return g.duration(v)
	case string:
		if v == "" {
			return nil
		}
		return chat.Say(v)
	default:
		return chat.Say(fmt.Sprint(v))
	}
}

func strong(s string) chat.Span { return chat.Span{Kind: chat.Strong, Text: s} }
func code(s string) chat.Span   { return chat.Span{Kind: chat.Code, Text: s} }

// moment is a span that the chat shows in the reader's zone; its own text is
// in UTC.
func (g tongue) moment(at time.Time, style chat.MomentStyle) chat.Span {
	at = at.UTC()
	return chat.Span{Kind: chat.Moment, At: at, Style: style, Text: g.writeMoment(at, style)}
}

func (g tongue) writeMoment(at time.Time, style chat.MomentStyle) string {
	key := "moment.dateTime"
	if style == chat.DateOnly {
		key = "moment.date"
	}
	return g.text(key,
		"day", at.Day(), "month", g.plain("month."+strconv.Itoa(int(at.Month()))),
		"year", at.Year(), "clock", at.Format("15:04"), "zone", at.Format("MST")).Plain()
}

// flat writes a text as one plain string, moments in the reader's zone.
func (g tongue) flat(t chat.Text) string {
	var b strings.Builder
	for _, s := range t {
		if s.Kind == chat.Moment {
			b.WriteString(g.writeMoment(s.At.In(g.zone), s.Style))
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// duration says a duration in words: "30 days", "1 day 12 hours".
func (g tongue) duration(d time.Duration) chat.Text {
	var parts []string
	for _, unit := range []struct {
		key  string
		size time.Duration
	}{{"duration.days", 24 * time.Hour}, {"duration.hours", time.Hour}, {"duration.minutes", time.Minute}} {
		if n := int(d / unit.size); n > 0 {
			parts = append(parts, g.count(unit.key, n).Plain())
			d -= time.Duration(n) * unit.size
		}
	}
	if len(parts) == 0 {
		parts = []string{g.count("duration.minutes", 0).Plain()}
	}
	return chat.Say(strings.Join(parts, " "))
}

// join makes one text of several: "A, B and C".
func (g tongue) join(items []chat.Text) chat.Text {
	var out chat.Text
	for i, item := range items {
		switch {
		case i == 0:
		case i == len(items)-1:
			out = append(out, g.text("list.and")...)
		default:
			out = append(out, chat.Span{Kind: chat.Plain, Text: ", "})
		}
		out = append(out, item...)
	}
	return merge(out)
}
