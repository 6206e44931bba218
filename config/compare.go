package config

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usher-dev/usher/core/access"
)

// Difference is one value of a definition that is another, by its path in a
// file. Before is empty where it is new, After where it is gone. Both are of
// one line and short: of long texts they show where they begin to differ.
type Difference struct{ Field, Before, After string }

// String is "field: before → after".
func (d Difference) String() string {
	before, after := d.Before, d.After
	if before == "" {
		before = "(none)"
	}
	if after == "" {
		after = "(none)"
	}
	return d.Field + ": " + before + " → " + after
}

// Compare says in which values two versions of a definition differ: an
// access.Settings, Catalog, Resource or Package each, in the order of the
// file. Moments are shown in zone.
func Compare(before, after any, zone *time.Location) []Difference {
	old, now := flatten(before, zone), flatten(after, zone)
	var found []Difference
	for _, path := range now.order {
		if a, b := old.values[path], now.values[path]; a != b {
			a, b = shorten(a, b)
			found = append(found, Difference{path, a, b})
		}
	}
	for _, path := range old.order {
		if _, ok := now.values[path]; !ok {
			a, b := shorten(old.values[path], "")
			found = append(found, Difference{path, a, b})
		}
	}
	return found
}

// flat is a definition as values by their path.
type flat struct {
	order  []string
	values map[string]string
}

func flatten(definition any, zone *time.Location) flat {
	f := flat{values: map[string]string{}}
	switch v := definition.(type) {
	case access.Settings:
		f.block("", settingsBlock(v))
	case access.Catalog:
		f.block("", catalogBlock(v))
	case access.Resource:
		f.block("", resourceBlock(v))
	case access.Package:
		f.block("", packageBlock(v, zone))
	}
	return f
}

func (f *flat) block(at string, b block) {
	for _, p := range b {
		f.value(strings.TrimPrefix(at+"."+p.key, "."), p.value)
	}
}

// value adds what is at a path. Of things with an id in a list, the list shows
// which there are in which order, and each has its values below.
func (f *flat) value(at string, value any) {
	switch v := value.(type) {
	case block:
		f.block(at, v)
	case list:
		if short, ok := brackets(v); ok {
			f.leaf(at, short)
			return
		}
		var names list
		for i, item := range v {
			b, _ := item.(block)
			name := fmt.Sprint(i)
			if len(b) > 0 && (b[0].key == "id" || b[0].key == "value") {
				name = fmt.Sprint(b[0].value)
				names = append(names, name)
			}
			f.block(at+"["+name+"]", b)
		}
		if short, ok := brackets(names); ok && len(names) > 0 {
			f.leaf(at, short)
		}
	case string:
		f.leaf(at, strings.ReplaceAll(plain(v, false), `\n`, " "))
	default:
		f.leaf(at, fmt.Sprint(v))
	}
}

func (f *flat) leaf(at, text string) {
	f.order = append(f.order, at)
	f.values[at] = text
}

// shown is how much of a value is shown.
const shown = 70

// shorten leaves out what two long values begin with together, and their ends.
func shorten(a, b string) (string, string) {
	if utf8.RuneCountInString(a) <= shown && utf8.RuneCountInString(b) <= shown {
		return a, b
	}
	x, y := []rune(a), []rune(b)
	same := 0
	for same < min(len(x), len(y)) && x[same] == y[same] {
		same++
	}
	return part(x, same-20), part(y, same-20)
}

func part(text []rune, from int) string {
	before, after := "", ""
	if from = min(max(from, 0), len(text)); from > 0 {
		before = "…"
	}
	to := min(from+shown, len(text))
	if to < len(text) {
		after = "…"
	}
	return before + string(text[from:to]) + after
}
