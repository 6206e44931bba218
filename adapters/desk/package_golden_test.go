package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// The main cards of making and editing packages, in both languages.
func TestScreensOfPackages(t *testing.T) {
	t.Parallel()
	buttons := map[string]map[string]string{
		"en": {"save": "Save", "confirm": "Confirm"},
		"de": {"save": "Speichern", "confirm": "Bestätigen"},
	}
	for lang, label := range buttons {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			w := openWorkshop(t, chattest.Modal())
			olgas := w.people[olga]
			olgas.Locale = lang
			w.people[olga] = olgas
			r := w.types(olga, "/access-admin package create")
			for _, values := range contractorSteps() {
				r = w.through(olga, r, values)
			}
			w.reply("package-new."+lang, r)
			w.reply("package-begun."+lang, w.types(olga, "/access-admin package create"))

			w.wiki("lab", role("bench", "user"))
			r = w.through(olga, w.edits(olga, w.types(olga, "/access-admin package edit wiki"), "name"), form.Values{"description": val("Olga's.")})
			w.reply("package-edited."+lang, r)
			r = w.taps(olga, r, label["save"])
			w.reply("package-difference."+lang, r)
			hers := w.through(ada, w.edits(ada, w.types(ada, "/access-admin package edit wiki"), "name"), form.Values{"name": val("Lab wiki")})
			w.taps(ada, w.taps(ada, hers, "Save"), "Confirm")
			w.reply("package-overtaken."+lang, w.taps(olga, r, label["confirm"]))
			w.gives("wiki", mina, ada, ben, carla, rita, "play/p1", "play/p2")
			w.reply("package-held."+lang, w.types(olga, "/access-admin package delete wiki"))
			if text := cardText(w.told(w.types(olga, "/access-admin package delete wiki"))); strings.Contains(text, "p2") {
				t.Errorf("more than a handful is named:\n%s", text)
			}
		})
	}
}
