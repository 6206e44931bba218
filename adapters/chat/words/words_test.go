package words

import (
	"testing"
	"testing/fstest"
)

func TestALanguageIsFoundForALocale(t *testing.T) {
	t.Parallel()
	all, err := Load(fstest.MapFS{
		"locale/en.json": {Data: []byte(`{"yes": "Yes"}`)},
		"locale/de.json": {Data: []byte(`{"yes": "Ja"}`)},
		"locale/README":  {Data: []byte(`not read`)},
	})
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	for locale, want := range map[string]string{"de": "Ja", "de-AT": "Ja", "DE_de": "Ja", "en-US": "Yes", "fr-FR": "Yes", "": "Yes"} {
		if got := In(all, locale)["yes"]; got != want {
			t.Errorf("%q gives %q, want %q", locale, got, want)
		}
	}
}

func TestABrokenFileIsNamed(t *testing.T) {
	t.Parallel()
	_, err := Load(fstest.MapFS{"locale/de.json": {Data: []byte(`{"yes": 1}`)}})
	if err == nil || err.Error()[:len("locale/de.json: ")] != "locale/de.json: " {
		t.Errorf("error is %v", err)
	}
}
