package discord

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sebdah/goldie/v2"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/chat/words"
)

// golden compares what goes to Discord with its file. Rewrite them with:
// go test ./adapters/discord -run 'Screen|Form|Definition|Question' -update
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	goldie.New(t, goldie.WithNameSuffix(".json"), goldie.WithSubTestNameForDir(false)).Assert(t, name, b.Bytes())
}

func paint(t *testing.T, lang string) painter {
	t.Helper()
	all, err := words.Load(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	return painter{chat: "discord", words: words.In(all, lang)}
}

// people of Discord, in place of the desk's own.
func people() map[string]string {
	return map[string]string{
		"carla": "290926798626357001", "mina": "290926798626357002", "ada": "290926798626357003",
		"ben": "290926798626357004", "olga": "290926798626357005", "rita": "290926798626357006",
	}
}

// screens are the cards of the desk's own goldens, with people of Discord.
func screens(t *testing.T) map[string]chat.Card {
	t.Helper()
	files, err := filepath.Glob("../desk/testdata/*.json")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d screens of the desk, %v", len(files), err)
	}
	out := map[string]chat.Card{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, id := range people() {
			data = bytes.ReplaceAll(data, []byte(`"play/`+name), []byte(`"discord/`+id))
		}
		var c chat.Card
		if err := json.Unmarshal(data, &c); err != nil || c.Summary == "" {
			t.Fatalf("%s: %v", file, err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = c
	}
	return out
}

func TestEveryScreenOfTheDesk(t *testing.T) {
	t.Parallel()
	for name, c := range screens(t) {
		p := paint(t, strings.TrimPrefix(filepath.Ext(name), "."))
		posted, said := p.message(c), p.answer(c).private()
		if err := checkMessage(posted); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := checkMessage(said); err != nil {
			t.Errorf("%s as an answer: %v", name, err)
		}
		golden(t, "card/"+name, posted)
	}
}

func TestScreensAsAnswers(t *testing.T) {
	t.Parallel()
	all := screens(t)
	for name, lang := range map[string]string{"home-holder.de": "de", "home-approver.en": "en", "terms.de": "de", "package-contractor.de": "de"} {
		if all[name].Summary == "" {
			t.Fatalf("the desk has no screen %s any more", name)
		}
		golden(t, "answer/"+name, paint(t, lang).reply(act{Surface: onCommand}, chat.Tell{Card: all[name]}))
	}
	golden(t, "answer/done.de", paint(t, "de").reply(act{Surface: onCommand}, chat.Nothing{}))
	golden(t, "answer/broken.en", paint(t, "en").note("broken").private())
}

func options3() []form.Option {
	return []form.Option{{Value: "de", Label: "Germany"}, {Value: "fr", Label: "France", Hint: "without Corsica"}, {Value: "other", Label: "Elsewhere & <beyond>"}}
}

func manyOptions(n int) (out []form.Option) {
	for i := range n {
		out = append(out, form.Option{Value: string(rune('a'+i%26)) + strings.Repeat("x", i/26), Label: "Option " + strings.Repeat("i", i)})
	}
	return out
}

// request is a form with a field of every kind and shape.
func request() form.Form {
	return form.Form{ID: "request~demo~~~~~contractor", Title: "Request: External contractor", Submit: "Send", Fields: []form.Field{
		{ID: "justification", Kind: form.Area, Label: "Why is it needed?", Hint: "The approver reads this.", Required: true, Max: 1000},
		{ID: "answer.where", Kind: form.One, Label: "Where do you work?", Options: options3(), Required: true, Value: []string{"fr"}},
		{ID: "answer.other", Kind: form.Line, Label: "Where, then?", Required: true, When: &form.When{Field: "answer.where", In: []string{"fr"}}},
		{ID: "answer.maybe", Kind: form.One, Label: "A choice that may be left open", Options: options3(), Placeholder: "Any"},
		{ID: "answer.twenty", Kind: form.One, Label: "One of twenty", Options: manyOptions(20), Required: true},
		{ID: "answer.several", Kind: form.Many, Label: "Several", Options: options3(), Value: []string{"de", "other"}},
		{ID: "answer.lots", Kind: form.Many, Label: "Several of twenty", Options: manyOptions(20), Value: []string{"b"}},
		{ID: "package", Kind: form.One, Label: "Which package?", Search: true, Options: options3(), Value: []string{"de"}},
		{ID: "packages", Kind: form.Many, Label: "Which packages?", Options: manyOptions(120), Value: []string{"c"}},
		{ID: "sure", Kind: form.Flag, Label: "Sure?", Value: []string{"no"}, Required: true},
		{ID: "answer.sure", Kind: form.Flag, Label: "With labels?", Options: []form.Option{{Value: "yes", Label: "Indeed"}, {Value: "no", Label: "Not really"}}},
		{ID: "answer.n", Kind: form.Number, Label: "How many?", Value: []string{"2.5"}},
		{ID: "answer.day", Kind: form.Date, Label: "Which day?", Value: []string{"2026-09-17"}},
		{ID: "answer.noday", Kind: form.Date, Label: "Which other day?", Value: []string{"soon"}},
		{ID: "end", Kind: form.Moment, Label: "Until, or for how long", Hint: "A date such as 2026-09-17, or a length such as 10 days."},
		{ID: "forwhom", Kind: form.Person, Label: "For whom?", Value: []string{"discord/290926798626357001"}},
		{ID: "answer.who", Kind: form.Person, Label: "Who else? With a label that is too long for Discord", Value: []string{"elsewhere/carla"}, Required: true},
	}}
}

func TestForms(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	intro := chat.Say("You ask for ").Strong("External contractor").Say(".")
	pages := 0
	for n := 1; ; n++ {
		page, ok := form.Plan(request(), nil, caps(), n)
		if !ok {
			break
		}
		pages++
		got := p.reply(act{Surface: onCommand}, chat.Show{Page: page, Intro: intro, Continue: "morerequest~demo~~~~~contractor"})
		m, isModal := got.Data.(modal)
		if !isModal {
			t.Fatalf("page %d is shown as %T", n, got.Data)
		}
		if err := checkModal(m); err != nil {
			t.Errorf("page %d: %v", n, err)
		}
		golden(t, "modal/request-"+string(rune('0'+n))+".en", got)
	}
	if pages != 4 {
		t.Errorf("%d pages", pages)
	}
}

func TestFormsBetweenPages(t *testing.T) {
	t.Parallel()
	page, _ := form.Plan(request(), nil, caps(), 2)
	show := chat.Show{Page: page, Intro: chat.Say("You ask for it."), Continue: "morerequest~demo~~~~~contractor"}
	sent := act{Surface: onSubmit}
	golden(t, "answer/next-page.en", paint(t, "en").reply(sent, show))
	show.Page.Errors = map[string]string{"answer.other": "Please fill this in.", "elsewhere": "That does not go *together*."}
	golden(t, "answer/wrong.de", paint(t, "de").reply(sent, show))
	golden(t, "modal/wrong.de", paint(t, "de").reply(act{Surface: onMessage}, show))
}

func TestQuestion(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "de"} {
		got, ok := paint(t, lang).own(act{Surface: onAsk, asked: sure{label: "Give back", token: "release~demo~play:carla~1~1~~"}})
		if err := checkMessage(got.Data.(message)); !ok || err != nil {
			t.Errorf("%s: %v", lang, err)
		}
		golden(t, "answer/sure."+lang, got)
	}
}

func TestCardsAtTheLimitsAreTaken(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	for name, c := range chattest.Limits() {
		for _, m := range []message{p.message(c), p.answer(c)} {
			if err := checkMessage(m); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
