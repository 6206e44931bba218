// Package words reads the few sentences that an adapter has of its own.
package words

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Words are the sentences in one language, by their keys.
type Words map[string]string

// Load reads "locale/<language>.json" for each language.
func Load(files fs.FS) (map[string]Words, error) {
	names, err := fs.Glob(files, "locale/*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]Words{}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var w Words
		if err := json.Unmarshal(data, &w); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[strings.TrimSuffix(path.Base(name), ".json")] = w
	}
	return all, nil
}

// In finds the language of a locale such as "de", "de-DE" or "en_US"; English
// for others.
func In(all map[string]Words, locale string) Words {
	lang, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	if w, ok := all[lang]; ok {
		return w
	}
	return all["en"]
}
