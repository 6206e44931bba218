package slack

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sebdah/goldie/v2"
	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/chat/words"
)

// golden compares what goes to Slack with its file. Rewrite them with:
// go test ./adapters/slack -update
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
	return painter{chat: "slack", words: words.In(all, lang)}
}

// message is what a card is posted as.
type message struct {
	Text   string      `json:"text"`
	Blocks []api.Block `json:"blocks"`
}

// screens are the cards of the desk's own goldens, with people of Slack.
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
		for _, name := range []string{"carla", "mina", "ada", "ben", "olga", "rita"} {
			data = bytes.ReplaceAll(data, []byte(`"play/`+name), []byte(`"slack/U0`+strings.ToUpper(name)))
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
		blocks, text := p.card(c, maxMessageBlocks)
		if err := checkBlocks(blocks, maxMessageBlocks); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := checkModal(p.answer(c)); err != nil {
			t.Errorf("%s as a modal: %v", name, err)
		}
		golden(t, "card/"+name, message{text, blocks})
	}
}

func TestHomeAndAnswer(t *testing.T) {
	t.Parallel()
	all := screens(t)
	for _, name := range []string{"home-holder.de", "home-approver.en", "terms.de", "package-contractor.de"} {
		if all[name].Summary == "" {
			t.Fatalf("the desk has no screen %s any more", name)
		}
	}
	golden(t, "view/home-holder.de", paint(t, "de").home(all["home-holder.de"]))
	golden(t, "view/home-approver.en", paint(t, "en").home(all["home-approver.en"]))
	golden(t, "view/terms.de", paint(t, "de").answer(all["terms.de"]))
	golden(t, "view/package-contractor.de", paint(t, "de").answer(all["package-contractor.de"]))
	golden(t, "view/working.de", paint(t, "de").note("working.title", "working"))
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
		{ID: "answer.other", Kind: form.Line, Label: "Where, then?", Required: true, When: &form.When{Field: "answer.where", In: []string{"other"}}},
		{ID: "answer.maybe", Kind: form.One, Label: "A choice that may be left open", Options: options3(), Placeholder: "Any"},
		{ID: "answer.twenty", Kind: form.One, Label: "One of twenty", Options: manyOptions(20), Required: true},
		{ID: "answer.several", Kind: form.Many, Label: "Several", Options: options3(), Value: []string{"de", "other"}},
		{ID: "answer.lots", Kind: form.Many, Label: "Several of twenty", Options: manyOptions(20), Value: []string{"b"}},
		{ID: "package", Kind: form.One, Label: "Which package?", Search: true, Options: options3(), Value: []string{"de"}},
		{ID: "packages", Kind: form.Many, Label: "Which packages?", Options: manyOptions(120), Value: []string{"c"}},
		{ID: "sure", Kind: form.Flag, Label: "Sure?", Value: []string{"no"}, Required: true},
		{ID: "answer.sure", Kind: form.Flag, Label: "With labels?", Options: []form.Option{{Value: "yes", Label: "Indeed"}, {Value: "no", Label: "Not really"}}},
		{ID: "answer.n", Kind: form.Number, Label: "How many?", Value: []string{"2.5"}},
		{ID: "answer.bad", Kind: form.Number, Label: "How many more?", Value: []string{"some"}},
		{ID: "answer.day", Kind: form.Date, Label: "Which day?", Value: []string{"2026-09-17"}},
		{ID: "answer.noday", Kind: form.Date, Label: "Which other day?", Value: []string{"soon"}},
		{ID: "end", Kind: form.Moment, Label: "Until, or for how long", Placeholder: "17 Sep 2026 18:00"},
		{ID: "forWhom", Kind: form.Person, Label: "For whom?", Value: []string{"slack/U0CARLA"}},
		{ID: "answer.who", Kind: form.Person, Label: "Who else?", Value: []string{"elsewhere/carla"}},
	}}
}

func TestForms(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	page, ok := form.Plan(request(), nil, caps(), 1)
	if !ok {
		t.Fatal("the form has no page")
	}
	show := chat.Show{Page: page, Intro: chat.Say("You ask for ").Strong("External contractor").Say(".")}
	v := p.form(show)
	if err := checkModal(v); err != nil {
		t.Error(err)
	}
	golden(t, "view/request.en", v)
	show.Page.Errors = map[string]string{"justification": "Please fill this in.", "elsewhere": "That does not go *together*."}
	v = paint(t, "de").form(show)
	if err := checkModal(v); err != nil {
		t.Error(err)
	}
	golden(t, "view/request-wrong.de", v)
}

func TestCardsAtTheLimitsAreTaken(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	for name, c := range chattest.Limits() {
		blocks, _ := p.card(c, maxMessageBlocks)
		if err := checkBlocks(blocks, maxMessageBlocks); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTooLongACardKeepsItsButtons(t *testing.T) {
	t.Parallel()
	c := chat.Card{Summary: "Long", Title: "Long"}
	for range 30 {
		c.Blocks = append(c.Blocks, chat.Block{Divider: true, Heading: "A heading"})
	}
	c.Buttons = []chat.Button{{Label: strings.Repeat("l", 100), Token: strings.Repeat("t", 100)}}
	blocks, _ := paint(t, "en").card(c, maxMessageBlocks)
	if err := checkBlocks(blocks, maxMessageBlocks); err != nil || len(blocks) != maxMessageBlocks {
		t.Errorf("%d blocks, %v", len(blocks), err)
	}
	more, _ := json.Marshal(blocks[maxMessageBlocks-2])
	last, _ := json.Marshal(blocks[maxMessageBlocks-1])
	if !strings.Contains(string(more), "… more") || !strings.Contains(string(last), strings.Repeat("t", 100)) {
		t.Errorf("it ends with %s, %s", more, last)
	}
}

func TestCheckFindsWhatSlackWouldRefuse(t *testing.T) {
	t.Parallel()
	p := paint(t, "en")
	button := func(id, label, value string) *api.ButtonBlockElement {
		return api.NewButtonBlockElement(id, value, api.NewTextBlockObject(api.PlainTextType, label, false, false))
	}
	long := func(n int) string { return strings.Repeat("x", n) }
	for want, blocks := range map[string][]api.Block{
		"blocks[0]: header has 151 characters, at most 150":    {api.NewHeaderBlock(api.NewTextBlockObject(api.PlainTextType, long(151), false, false))},
		"blocks[0]: section has 3001 characters, at most 3000": {api.NewSectionBlock(mrkdwnObject(long(3001)), nil, nil)},
		"blocks[0]: section is empty":                          {api.NewSectionBlock(nil, nil, nil)},
		"blocks[0]: button has 76 characters, at most 75":      {api.NewActionBlock("", button("a", long(76), "v"))},
		"blocks[0]: value has 2001 characters, at most 2000":   {api.NewActionBlock("", button("a", "x", long(2001)))},
		`blocks[1]: action_id "a" is there twice`:              {api.NewActionBlock("", button("a", "x", "v")), api.NewActionBlock("", button("a", "x", "v"))},
		`blocks[1]: block_id "a" is there twice`:               {api.NewActionBlock("a", button("a", "x", "v")), api.NewActionBlock("a", button("b", "x", "v"))},
		"blocks[0]: 26 elements, at most 25":                   {api.NewActionBlock("", slicesOf(26, func(i int) api.BlockElement { return button(long(i+1), "x", "v") })...)},
		"blocks[0]: 101 options, at most 100": {p.field(form.Field{
			ID: "f", Label: "l", Kind: form.One, Options: slicesOf(101, func(i int) form.Option { return form.Option{Value: long(i + 1)} }),
		})},
		"blocks[0]: option value has 151 characters, at most 150": {p.field(form.Field{ID: "f", Label: "l", Kind: form.Many, Options: []form.Option{{Value: long(151)}}})},
		"blocks[0]: image is not a block of ours":                 {api.NewImageBlock("https://x.example", "x", "", nil)},
		"blocks: 51 blocks, at most 50":                           slicesOf(51, func(int) api.Block { return api.NewDividerBlock() }),
	} {
		err := checkBlocks(blocks, maxMessageBlocks)
		if err == nil || strings.TrimPrefix(err.Error(), ": ") != strings.TrimPrefix(want, "blocks: ") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := checkModal(api.ModalViewRequest{Title: plainObject(long(30), 30)}); err == nil || err.Error() != "view: title has 30 characters, at most 24" {
		t.Errorf("got %v", err)
	}
}

func slicesOf[T any](n int, f func(int) T) (out []T) {
	for i := range n {
		out = append(out, f(i))
	}
	return out
}

func TestCutCountsAsSlackDoes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"short": "short", "exactly ten": "exactly t…", "🟡🟡🟡🟡🟡": "🟡🟡🟡🟡🟡", "🟡🟡🟡🟡🟡x": "🟡🟡🟡🟡…"} {
		if got := chat.Cut(in, 10); got != want || chat.Length(got) > 10 {
			t.Errorf("%q became %q", in, got)
		}
	}
}

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
	}
	if len(all["de"]) != len(all["en"]) {
		t.Error("German has other texts than English")
	}
	if words.In(all, "de-AT")["yes"] != "Ja" || words.In(all, "fr-FR")["yes"] != "Yes" || words.In(all, "")["yes"] != "Yes" {
		t.Error("a language is not found")
	}
}
