package blockkit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every screen that Usher sends to Slack has a picture.
func TestEveryGoldenIsDrawn(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob("../testdata/*/*.json")
	if err != nil || len(found) < 100 {
		t.Fatalf("%d screens, %v", len(found), err)
	}
	for _, file := range found {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Draw(data, Look{}); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// body is what is drawn between the page's own parts.
func body(t *testing.T, payload string, look Look) string {
	t.Helper()
	page, err := Draw([]byte(payload), look)
	if err != nil {
		t.Fatal(err)
	}
	_, out, _ := strings.Cut(string(page), "<body>")
	return out
}

func TestMrkdwn(t *testing.T) {
	t.Parallel()
	p := &page{Look: Look{Zone: time.FixedZone("", 2*3600), Name: func(id string) string { return map[string]string{"U1": "Carla <C.>"}[id] }}}
	for in, want := range map[string]string{
		"*bold* and *more of it*.":                        "<b>bold</b> and <b>more of it</b>.",
		"2*3*4 and a_b_c":                                 "2*3*4 and a_b_c",
		"_so_ ~gone~":                                     "<em>so</em> <s>gone</s>",
		"*with <@U1> in it*":                              `<b>with <span class="mention">@Carla &lt;C.&gt;</span> in it</b>`,
		"<@U2> in <#C1|x>":                                `<span class="mention">@U2</span> in <span class="mention">#C1</span>`,
		"a &lt;script&gt; &amp;amp;":                      "a &lt;script&gt; &amp;amp;",
		"`*code* &lt;b&gt;`":                              "<code>*code* &lt;b&gt;</code>",
		"<https://x.example/?a=1|*here* &amp; >":          `<span class="link">*here* &amp; </span>`,
		"<!date^1788253200^{date_long}, {time}|long ago>": "Tuesday, September 1st, 2026, 11:00 AM",
		"<!date^1790891940^{date}|long ago>":              "October 1st, 2026",
		"one\ntwo \"quoted\"":                             "one<br>two &#34;quoted&#34;",
		"🟡 waits":                                         `<i class="dot yellow"></i> waits`,
		"\uE0000\uE001 <@U1>":                             `0 <span class="mention">@Carla &lt;C.&gt;</span>`,
	} {
		got, err := p.mrkdwn(in)
		if err != nil || string(got) != want {
			t.Errorf("%q became %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestNothingIsMoreThanText(t *testing.T) {
	t.Parallel()
	const evil = `<img src=x onerror=alert(1)>`
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(evil)
	out := body(t, `{"type":"modal","title":{"type":"plain_text","text":"`+evil+`"},"submit":{"type":"plain_text","text":"`+evil+`"},"blocks":[
		{"type":"header","text":{"type":"plain_text","text":"`+evil+`"}},
		{"type":"section","text":{"type":"mrkdwn","text":"`+escaped+`"},"accessory":{"type":"button","style":"`+evil+`","text":{"type":"plain_text","text":"`+evil+`"}}},
		{"type":"context","elements":[{"type":"plain_text","text":"`+evil+`"}]},
		{"type":"input","block_id":"why","label":{"type":"plain_text","text":"`+evil+`"},"element":{"type":"plain_text_input","initial_value":"`+evil+`"}},
		{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"users_select","initial_user":"U1"}},
		{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"static_select","initial_option":{"value":"x","text":{"type":"plain_text","text":"`+evil+`"}}}}
	]}`, Look{Name: func(string) string { return evil }, Errors: map[string]string{"why": evil}})
	if strings.Contains(out, "<img") || strings.Count(out, "&lt;img") != 11 {
		t.Errorf("%d of 11 are escaped in\n%s", strings.Count(out, "&lt;img"), out)
	}
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]string{
		`{"type":"dialog"}`:             `surface "dialog"`,
		`{"blocks":[{"type":"image"}]}`: `block "image"`,
		`{"blocks":[{"type":"actions","elements":[{"type":"overflow"}]}]}`:                    `element "overflow"`,
		`{"blocks":[{"type":"section","accessory":{"type":"image"}}]}`:                        `element "image"`,
		`{"blocks":[{"type":"input","element":{"type":"file_input"}}]}`:                       `element "file_input"`,
		`{"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_quote"}]}]}`:           `rich "rich_text_quote"`,
		`{"blocks":[{"type":"context","elements":[{"type":"image"}]}]}`:                       `text "image"`,
		`{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"<!here>"}}]}`:           `"<!here>"`,
		`{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"<!date^x^y|z>"}}]}`:     `date "!date^x^y|z"`,
		`{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"<!date^1^{ago}|z>"}}]}`: `date "!date^1^{ago}|z"`,
		`[]`: "cannot unmarshal",
	} {
		if _, err := Draw([]byte(payload), Look{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", payload, err, want)
		}
	}
}

func TestErrorsStandAtTheirFields(t *testing.T) {
	t.Parallel()
	const modal = `{"type":"modal","blocks":[
		{"type":"input","block_id":"a","label":{"text":"A"},"element":{"type":"plain_text_input"}},
		{"type":"input","block_id":"b","label":{"text":"B"},"element":{"type":"plain_text_input"}}]}`
	out := body(t, modal, Look{Errors: map[string]string{"b": "No."}})
	if strings.Count(out, `class="input wrong"`) != 1 || !strings.Contains(out[strings.Index(out, ">B<"):], `<div class="error">No.</div>`) {
		t.Error(out)
	}
	if out := body(t, modal, Look{}); strings.Contains(out, "wrong") {
		t.Error(out)
	}
}

func TestAPrivateMessageSaysSo(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 1, 9, 5, 0, 0, time.UTC)
	out := body(t, `{"blocks":[]}`, Look{Private: true, At: at, Zone: time.FixedZone("", 3600)})
	if !strings.Contains(out, "Only visible to you") || !strings.Contains(out, "10:05 AM") {
		t.Error(out)
	}
	if out := body(t, `{"blocks":[]}`, Look{At: at}); strings.Contains(out, "Only visible") {
		t.Error(out)
	}
}
