package discord

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

//go:embed locale/*.json
var localeFiles embed.FS

// words are the adapter's own sentences in one language.
type words map[string]string

// loadWords reads them by language.
func loadWords() (map[string]words, error) {
	files, err := localeFiles.ReadDir("locale")
	if err != nil {
		return nil, err
	}
	out := map[string]words{}
	for _, f := range files {
		data, err := localeFiles.ReadFile(path.Join("locale", f.Name()))
		if err != nil {
			return nil, err
		}
		var w words
		if err := json.Unmarshal(data, &w); err != nil {
			return nil, fmt.Errorf("locale %s: %w", f.Name(), err)
		}
		out[strings.TrimSuffix(f.Name(), ".json")] = w
	}
	return out, nil
}

// wordsIn finds the language of a locale such as "de" or "en-US"; English for
// others.
func wordsIn(all map[string]words, locale string) words {
	lang, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	if w, ok := all[lang]; ok {
		return w
	}
	return all["en"]
}
