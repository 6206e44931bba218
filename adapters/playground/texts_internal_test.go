package playground

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var placeholder = regexp.MustCompile(`\{\w+\}`)

func TestEveryLanguageHasTheSameTexts(t *testing.T) {
	t.Parallel()
	all, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	english := all["en"]
	for lang, words := range all {
		if d := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(words))); d != "" {
			t.Errorf("%s: %s", lang, d)
		}
		if n := len(strings.Fields(words["months"])); n != 12 {
			t.Errorf("%s has %d months", lang, n)
		}
		for key, text := range words {
			a, b := placeholder.FindAllString(english[key], -1), placeholder.FindAllString(text, -1)
			slices.Sort(a)
			slices.Sort(b)
			if d := cmp.Diff(slices.Compact(a), slices.Compact(b)); text == "" || d != "" {
				t.Errorf("%s %s: %s", lang, key, d)
			}
		}
	}
}

func TestEveryAddressIsDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("API.md")
	if err != nil {
		t.Fatal(err)
	}
	for pattern := range (&Adapter{}).routes(t.Context()) {
		if strings.Contains(pattern, "/api/") && !strings.Contains(string(doc), "`"+pattern+"`") {
			t.Errorf("API.md does not name %s", pattern)
		}
	}
}
