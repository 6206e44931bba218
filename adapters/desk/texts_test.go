package desk

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

func mustTexts(t *testing.T) *Texts {
	t.Helper()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestATextInEachLanguage(t *testing.T) {
	t.Parallel()
	got := mustTexts(t).Everywhere("command.access.help")
	if want := map[string]string{"de": "diese Liste", "en": "this list"}; !maps.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	t.Parallel()
	texts := mustTexts(t)
	if got := texts.Languages(); !slices.Equal(got, []string{"de", "en"}) {
		t.Fatalf("languages: %v", got)
	}
	en := texts.holes["en"]
	for _, lang := range texts.Languages() {
		for key, holes := range texts.holes[lang] {
			if _, ok := en[key]; !ok {
				t.Errorf("%s: %s is not in English", lang, key)
			} else if !slices.Equal(holes, en[key]) {
				t.Errorf("%s: %s has the placeholders %v, English %v", lang, key, holes, en[key])
			}
		}
		for key := range en {
			if _, ok := texts.holes[lang][key]; !ok {
				t.Errorf("%s: %s is missing", lang, key)
			}
		}
	}
}

// A key that stands twice would silently win over the other.
func TestNoTextStandsTwice(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(localeFiles, "locale/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{} // language and key: file
	for _, name := range names {
		data, err := localeFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var out map[string]any
		if err := yaml.UnmarshalWithOptions(data, &out, yaml.Strict()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		lang := strings.TrimSuffix(name, ".yaml")
		lang = lang[len(lang)-2:]
		for key := range out {
			if other, ok := all[lang+key]; ok {
				t.Errorf("%s: %s stands in %s as well", name, key, other)
			}
			all[lang+key] = name
		}
	}
}

// onlyHoles are texts that are made of their values alone.
var onlyHoles = map[string]bool{"title.request": true, "row.offer": true}

func TestEveryTextRenders(t *testing.T) {
	t.Parallel()
	texts := mustTexts(t)
	for _, lang := range texts.Languages() {
		g := texts.in("UTC", lang)
		for key, holes := range texts.holes[lang] {
			var full []any
			for _, h := range holes {
				full = append(full, h, "["+h+"]")
			}
			for what, data := range map[string][]any{"full": full, "empty": nil} {
				for _, out := range []chat.Text{g.text(key, data...), g.count(key, 1, data...), g.count(key, 7, data...)} {
					s := out.Plain()
					if s == "" && (what == "full" || !onlyHoles[key]) || s == key && !onlyHoles[key] || strings.ContainsAny(s, "\x02\x03{}") || strings.Contains(s, "<no value>") {
						t.Errorf("%s %s (%s): %q", lang, key, what, s)
					}
				}
			}
			for _, h := range holes {
				if h != "count" && !strings.Contains(g.text(key, full...).Plain(), "["+h+"]") {
					t.Errorf("%s %s: the value of %s is not shown", lang, key, h)
				}
			}
		}
	}
}

func TestValuesAreNeverMarkup(t *testing.T) {
	t.Parallel()
	g := mustTexts(t).in("UTC", "en")
	got := g.text("request.sent", "package", "**x** `y` {{.package}} \x02"+"0\x03")
	want := chat.Text{{Kind: chat.Plain, Text: "Your request for **x** `y` {{.package}} \x020\x03 is on its way. A message of its own keeps you up to date."}}
	if !slices.Equal(got, want) {
		t.Errorf("got %#v", got)
	}
}

func TestLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	texts := mustTexts(t)
	for _, c := range []struct {
		locales []string
		want    string
	}{
		{[]string{"de-AT"}, "de"},
		{[]string{"en_GB"}, "en"},
		{[]string{"", "de"}, "de"},
		{[]string{"ja", "de"}, "de"},
		{[]string{"ja"}, "en"},
		{[]string{"not a locale"}, "en"},
		{nil, "en"},
	} {
		if g := texts.in("Nowhere/Land", c.locales...); g.lang != c.want || g.zone != time.UTC {
			t.Errorf("%q: %s in %s", c.locales, g.lang, g.zone)
		}
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	texts := mustTexts(t)
	for _, c := range []struct {
		d      time.Duration
		en, de string
	}{
		{30 * 24 * time.Hour, "30 days", "30 Tage"},
		{24 * time.Hour, "1 day", "1 Tag"},
		{36 * time.Hour, "1 day 12 hours", "1 Tag 12 Stunden"},
		{time.Hour, "1 hour", "1 Stunde"},
		{0, "0 minutes", "0 Minuten"},
	} {
		if got := texts.in("UTC", "en-GB").duration(c.d).Plain(); got != c.en {
			t.Errorf("en %v: %q", c.d, got)
		}
		if got := texts.in("UTC", "de-AT").duration(c.d).Plain(); got != c.de {
			t.Errorf("de %v: %q", c.d, got)
		}
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 9, 17, 16, 0, 0, 0, time.UTC)
	g := mustTexts(t).in("Europe/Berlin", "en")
	for _, c := range []struct {
		w    access.Window
		want string
	}{
		{access.Window{}, "without an end date"},
		{access.Window{For: 30 * 24 * time.Hour}, "for 30 days from delivery"},
		{access.Window{For: 24 * time.Hour, Start: end}, "for 1 day from 17 September 2026, 18:00 CEST"},
		{access.Window{End: end}, "until 17 September 2026, 18:00 CEST"},
		{access.Window{End: end, For: time.Hour}, "until 17 September 2026, 18:00 CEST"},
	} {
		if got := g.flat(g.ends(c.w)); got != c.want {
			t.Errorf("%+v: %q, want %q", c.w, got, c.want)
		}
	}
	span := g.ends(access.Window{End: end})[1]
	if want := g.moment(end, chat.DateTime); span != want || span.Text != "17 September 2026, 16:00 UTC" {
		t.Errorf("span %+v", span)
	}
}

var (
	refusal = regexp.MustCompile(`Refuse\([a-zA-Z.]+, "([a-zA-Z]+)"`)
	checked = regexp.MustCompile(`(?:\badd|\bneed)\("([a-zA-Z]+)"`)
	fault   = regexp.MustCompile(`Fault\{[^}]*Code: +"([a-zA-Z]+)"`)
	failed  = regexp.MustCompile(`Result\{[^}]*Code: +"([a-zA-Z]+)"|Failed, h\.FailedAt = [a-zA-Z.]+, "([a-zA-Z]+)"`)
	event   = regexp.MustCompile(`Event[A-Za-z]+ +EventType = "([a-zA-Z]+)"`)
	ending  = regexp.MustCompile(`EndCode = "([a-zA-Z]+)"|EndCode = [^\n"]*, "([a-zA-Z]+)"|timeout\("([a-zA-Z]+)"\)`)
)

// Every code that people may meet has a text.
func TestEveryCodeHasAText(t *testing.T) {
	t.Parallel()
	keys := mustTexts(t).holes["en"]
	for _, c := range []struct {
		prefix  string
		pattern *regexp.Regexp
		dirs    []string
		least   int
	}{
		{"error.", refusal, []string{"../../core", "."}, 60},
		{"error.", checked, []string{"../../core/access"}, 20},
		{"failure.", fault, []string{"../../core", "../connect", "../playground", "."}, 8},
		{"failure.", failed, []string{"../../core/engine"}, 2},
		{"event.", event, []string{"../../core/engine"}, 20},
		{"end.", ending, []string{"../../core/engine"}, 5},
	} {
		found := codes(t, c.pattern, c.dirs)
		if len(found) < c.least {
			t.Errorf("only %d codes found for %s: the pattern is out of date: %v", len(found), c.prefix, found)
		}
		for _, code := range found {
			if _, ok := keys[c.prefix+code]; !ok {
				t.Errorf("there is no text %s%s", c.prefix, code)
			}
		}
	}
}

func codes(t *testing.T, pattern *regexp.Regexp, dirs []string) []string {
	t.Helper()
	found := map[string]bool{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			data, err := os.ReadFile(path)
			for _, m := range pattern.FindAllStringSubmatch(string(data), -1) {
				for _, code := range m[1:] {
					if code != "" {
						found[code] = true
					}
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Every text that the code names exists.
func TestEveryNamedTextExists(t *testing.T) {
	t.Parallel()
	keys := mustTexts(t).holes["en"]
	named := regexp.MustCompile(`\.(?:text|plain|say|fact|section)\("([a-zA-Z]+\.[a-zA-Z.-]+[a-zA-Z])"|\.count\("([a-zA-Z.]+)"|quiet\(v, "([a-zA-Z.]+[a-z])"`)
	for _, key := range codes(t, named, []string{"."}) {
		if _, ok := keys[key]; !ok {
			t.Errorf("there is no text %s", key)
		}
	}
	for _, cmd := range Commands() {
		if _, ok := keys[cmd.Help()]; !ok {
			t.Errorf("there is no text %s", cmd.Help())
		}
	}
	for verb := range (&Desk{}).table() {
		if _, ok := keys["button."+string(verb)]; !ok && verb != verbAssign && verb != verbRemove && verb != verbPost {
			t.Errorf("there is no text button.%s", verb)
		}
	}
}
