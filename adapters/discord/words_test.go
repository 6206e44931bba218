package discord

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/words"
)

func TestBothLanguagesSayEverything(t *testing.T) {
	t.Parallel()
	all, err := words.Load(localeFiles)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d languages, %v", len(all), err)
	}
	for key, text := range all["en"] {
		if strings.TrimSpace(text) == "" || strings.TrimSpace(all["de"][key]) == "" {
			t.Errorf("%q is missing", key)
		}
		for _, hole := range []string{"{label}", "{days}"} {
			if strings.Contains(text, hole) != strings.Contains(all["de"][key], hole) {
				t.Errorf("%q has another placeholder in German", key)
			}
		}
	}
	if len(all["de"]) != len(all["en"]) {
		t.Error("German has other texts than English")
	}
	if words.In(all, "de")["yes"] != "Ja" || words.In(all, "en-GB")["yes"] != "Yes" || words.In(all, "fr")["yes"] != "Yes" || words.In(all, "")["yes"] != "Yes" {
		t.Error("a language is not found")
	}
	for lang, w := range all {
		if w["menu.request"] == w["menu.message"] || lang == "en" && (w["menu.request"] != MenuRequest || w["menu.message"] != MenuMessage) {
			t.Errorf("%s: menu entries are the same, or others than the commands", lang)
		}
	}
}
