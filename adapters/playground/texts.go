package playground

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/usher-dev/usher/core/access"
)

//go:embed locales/*.json
var localeFiles embed.FS

// texts are the playground's own sentences by language.
type texts map[string]map[string]string

func loadTexts() (texts, error) {
	files, err := localeFiles.ReadDir("locales")
	if err != nil {
		return nil, err
	}
	out := texts{}
	for _, f := range files {
		data, err := localeFiles.ReadFile(path.Join("locales", f.Name()))
		if err != nil {
			return nil, err
		}
		words := map[string]string{}
		if err := json.Unmarshal(data, &words); err != nil {
			return nil, fmt.Errorf("locale %s: %w", f.Name(), err)
		}
		out[strings.TrimSuffix(f.Name(), ".json")] = words
	}
	return out, nil
}

// reader is somebody with a language and a zone, looking at a moment.
type reader struct {
	words map[string]string
	zone  *time.Location
	now   time.Time
	chat  string // whose people are mentioned
}

// reader falls back to English and UTC.
func (a *Adapter) reader(locale, zone string) reader {
	lang, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	words, ok := a.texts[lang]
	if !ok {
		words = a.texts["en"]
	}
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		loc = time.UTC
	}
	return reader{words: words, zone: loc, now: a.Now(), chat: a.Options.Name}
}

func (a *Adapter) readerFor(p Person) reader { return a.reader(p.Locale, p.Zone) }

// say fills a text; data comes as alternating names and values.
func (r reader) say(key string, data ...any) string {
	text := r.words[key]
	for i := 0; i+1 < len(data); i += 2 {
		text = strings.ReplaceAll(text, "{"+data[i].(string)+"}", fmt.Sprint(data[i+1]))
	}
	return text
}

// refusal is the sentence for an error.
func (r reader) refusal(e *access.Error) string {
	var data []any
	for k, v := range e.Data {
		data = append(data, k, v)
	}
	key := "error." + e.Code
	if as, ok := e.Data["as"]; ok { // one of several ways to be wrong
		key += fmt.Sprint(".", as)
	}
	if text := r.say(key, data...); text != "" {
		return text
	}
	return e.Code
}

// dateTime is "17 September 2026, 18:00 CEST".
func (r reader) dateTime(t time.Time) string {
	t = t.In(r.zone)
	return r.pattern("dateTime", t, t.Format("15:04")+" "+zoneName(t))
}

// date is "17 September 2026".
func (r reader) date(t time.Time) string { return r.pattern("date", t.In(r.zone), "") }

// short is "17 Sep, 18:00", for when a message came; in another year than now
// with the year.
func (r reader) short(t time.Time) string {
	t = t.In(r.zone)
	key := "shortDateTime"
	if t.Year() != r.now.In(r.zone).Year() {
		key = "shortDateTimeYear"
	}
	return r.pattern(key, t, t.Format("15:04"))
}

func (r reader) pattern(key string, t time.Time, clock string) string {
	months := strings.Fields(r.words["months"])
	month := []rune(months[t.Month()-1])
	return r.say(key, "day", t.Day(), "month", string(month), "month3", string(month[:min(3, len(month))]),
		"year", t.Year(), "time", clock)
}

// zoneName is "CEST", or "UTC+3" for zones without a name of their own.
func zoneName(t time.Time) string {
	name, offset := t.Zone()
	if name != "" && name[0] != '+' && name[0] != '-' {
		return name
	}
	out := "UTC" + fmt.Sprintf("%+d", offset/3600)
	if rest := offset % 3600 / 60; rest != 0 {
		out += fmt.Sprintf(":%02d", max(rest, -rest))
	}
	return out
}

// relative is "in 3 days" or "2 hours ago".
func (r reader) relative(t time.Time) string {
	d := t.Sub(r.now)
	key := "in."
	if d < 0 {
		key, d = "ago.", -d
	}
	size, unit := time.Minute, "minutes"
	switch {
	case d < time.Minute:
		return r.words["now"]
	case d >= 48*time.Hour:
		size, unit = 24*time.Hour, "days"
	case d >= 2*time.Hour:
		size, unit = time.Hour, "hours"
	}
	n := int(d.Round(size) / size)
	if n == 1 {
		unit += ".one"
	}
	return r.say(key+unit, "n", strconv.Itoa(n))
}
