package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// labels are the buttons of a card, those of its rows included.
func labels(card chat.Card) []string {
	var out []string
	for _, b := range card.Blocks {
		for _, button := range b.Buttons {
			out = append(out, button.Label)
		}
	}
	for _, button := range card.Buttons {
		out = append(out, button.Label)
	}
	return out
}

// The page of a package and the package that is being edited have few buttons,
// each with another name; Edit leads to all that can be done to it.
func TestOneEditLeadsToEachPartOfAPackage(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		w.wiki(access.General, role("design-team", "member"))
		page := w.types(olga, "/access-admin package show wiki")
		if got := labels(w.told(page)); !slices.Equal(got, []string{"Edit", "Share", "Simulate"}) {
			t.Errorf("the page has %q", got)
		}
		if got := labels(w.told(w.types(olga, "/access-admin package edit wiki"))); !slices.Equal(got, []string{"Edit", "Discard"}) {
			t.Errorf("the package under work has %q", got)
		}
		var parts []string
		for _, o := range w.shown(w.taps(olga, page, "Edit")).Page.Fields[0].Options {
			parts = append(parts, o.Value)
		}
		want := []string{"name", "gives", "who", "stages", "life", "asked", "terms", "policies", "hide", "copy", "delete"}
		if !slices.Equal(parts, want) {
			t.Errorf("Edit offers %q, want %q", parts, want)
		}
		for part, says := range map[string]string{"hide": "Listed: yes → no", "policies": "The policies of Wiki", "delete": "Delete the package Wiki", "asked": "What All asks (Wiki)"} {
			if got := cardText(w.told(w.edits(olga, page, part))); !strings.Contains(got, says) {
				t.Errorf("%s leads to\n%s", part, got)
			}
		}
		if got := w.shown(w.edits(olga, page, "life")).Page.Title; got != "How long it lasts" {
			t.Errorf("life leads to %q", got)
		}
	})
}

// A copy is asked for its name and shown whole: all else is there already.
func TestACopyIsShownAtOnce(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		w.wiki(access.General, role("design-team", "member"))
		ask := w.types(olga, "/access-admin package copy wiki")
		if got := w.shown(ask).Intro.Plain(); got != "Everything else is taken over from Wiki. You see all of it, and can edit it, before it is created." {
			t.Errorf("the intro is %q", got)
		}
		card := w.told(w.through(olga, ask, form.Values{"name": val("Second wiki")}))
		if got := labels(card); !slices.Equal(got, []string{"Create", "Edit", "Discard"}) || card.Title != "Second wiki" {
			t.Errorf("%q has %q", card.Title, got)
		}
	})
}

// What stands above a step ends with it: no empty line, whatever the step says.
func TestStepsHaveNoEmptyLines(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	r := w.types(olga, "/access-admin package create")
	for _, values := range contractorSteps() {
		show, ok := r.(chat.Show)
		if !ok {
			break
		}
		if intro := show.Intro.Plain(); intro != strings.TrimSpace(intro) || strings.Contains(intro, "\n\n") {
			t.Errorf("%s: the intro is %q", show.Page.Title, intro)
		}
		r = w.through(olga, r, values)
	}
}

// An example of a date lies ahead, whenever the form is shown, and the zone of
// the day is named.
func TestExampleDatesLieAhead(t *testing.T) {
	t.Parallel()
	c := speaking(t, olga)
	for lang, want := range map[string]string{
		"en": "In UTC, the same moment for everybody. Such as 2031-04-02 or 2 April 2031.",
		"de": "In UTC, für alle derselbe Moment. Etwa 2031-04-02 oder 2. April 2031.",
	} {
		c := c.in(lang)
		c.now = time.Date(2031, 3, 2, 9, 0, 0, 0, time.UTC)
		for _, f := range c.lifeFields(access.Policy{}) {
			if f.ID == "life.date" && f.Hint != want {
				t.Errorf("%s: the hint is %q, want %q", lang, f.Hint, want)
			}
		}
	}
}

// Texts in several languages say in which.
func TestLanguagesOfTextsAreShown(t *testing.T) {
	t.Parallel()
	in := func(tags ...string) access.Words {
		w := access.Words{Text: "x", In: map[string]string{}}
		for _, tag := range tags {
			w.In[tag] = "y"
		}
		return w
	}
	s := scene{}
	for want, w := range map[string]access.Words{"": in(), "de, en": in("de"), "de, en, fr": in("de", "fr")} {
		if got := s.languages(w); got != want {
			t.Errorf("%v: %q, want %q", w.In, got, want)
		}
	}
	s.w.Settings.Locale = "de"
	for want, w := range map[string]access.Words{"de, fr": in("fr"), "de, en": in("de")} {
		if got := s.languages(w); got != want {
			t.Errorf("in a German organisation, %v: %q, want %q", w.In, got, want)
		}
	}
}

// Where forms come in pages, what most people need of a step is on one.
func TestWhoMayAskIsOnePageForMost(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chats()["discord"])
	w.wiki(access.General, role("design-team", "member"))
	show := w.shown(w.edits(olga, w.types(olga, "/access-admin package show wiki"), "who"))
	var asked []string
	for _, f := range show.Page.Fields {
		asked = append(asked, f.ID)
	}
	if want := []string{"who.may", "who.justification", "who.open", "who.more"}; !slices.Equal(asked, want) {
		t.Errorf("the first page asks %q, want %q", asked, want)
	}
	if _, done := w.fills(olga, show, form.Values{"who.may": val("members")}).(chat.Tell); !done {
		t.Error("there is a second page although nothing of it is asked")
	}
}
