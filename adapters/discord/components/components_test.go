package components

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every screen that Usher sends to Discord has a picture.
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
		out, err := Draw(data, Look{})
		if err != nil || !strings.Contains(string(out), `id="picture"`) {
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

func TestMarkdown(t *testing.T) {
	t.Parallel()
	p := &page{Look: Look{
		At: time.Unix(1788253200, 0), Zone: time.FixedZone("", 2*3600),
		Name: func(id string) string { return map[string]string{"1": "Carla <C.>"}[id] },
	}}
	for in, want := range map[string]string{
		"**bold** and **more of it**.":      `<div class="line"><b>bold</b> and <b>more of it</b>.</div>`,
		"### Request\ntext":                 `<div class="h3">Request</div><div class="line">text</div>`,
		"- one\n-# fine print":              `<div class="point">one</div><div class="small">fine print</div>`,
		`\*so\* 2\_3 \<@1\> \- \\`:          `<div class="line">*so* 2_3 &lt;@1&gt; - \</div>`,
		"**with <@1> in it**":               `<div class="line"><b>with <span class="mention">@Carla &lt;C.&gt;</span> in it</b></div>`,
		"<@!2> in <#3> of <@&4>":            `<div class="line"><span class="mention">@2</span> in <span class="mention">#3</span> of <span class="mention">@4</span></div>`,
		"a <b & \"c\"":                      `<div class="line">a &lt;b &amp; &#34;c&#34;</div>`,
		"`**code** <b>`":                    `<div class="line"><code>**code** &lt;b&gt;</code></div>`,
		`[he\]re](https://x.example/?a)`:    `<div class="line"><span class="link">he]re</span></div>`,
		"<https://x.example/>":              `<div class="line"><span class="link">https://x.example/</span></div>`,
		"<t:1788253200:f> <t:1790891940:D>": `<div class="line"><span class="moment">September 1, 2026 at 11:00 AM</span> <span class="moment">October 1, 2026</span></div>`,
		"<t:1788256800:R> <t:1788080400:R>": `<div class="line"><span class="moment">in 1 hour</span> <span class="moment">2 days ago</span></div>`,
		"🟡 waits":                           `<div class="line"><i class="dot yellow"></i> waits</div>`,
	} {
		got, err := p.say(in)
		if err != nil || string(got) != want {
			t.Errorf("%q became %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestNothingIsMoreThanText(t *testing.T) {
	t.Parallel()
	const evil = `<img src=x onerror=alert\(1\)>`
	payload := strings.ReplaceAll(`{"title":"EVIL","components":[
		{"type":10,"content":"\\EVIL"},
		{"type":17,"components":[{"type":9,"components":[{"type":10,"content":"<@1>"}],"accessory":{"type":2,"style":1,"label":"EVIL"}}]},
		{"type":18,"label":"EVIL","description":"EVIL","component":{"type":4,"custom_id":"a","placeholder":"EVIL"}},
		{"type":18,"label":"b","component":{"type":4,"custom_id":"b","value":"EVIL"}},
		{"type":18,"label":"c","component":{"type":3,"custom_id":"c","options":[{"label":"EVIL","value":"v","default":true}]}},
		{"type":18,"label":"d","component":{"type":5,"custom_id":"d","default_values":[{"id":"2","type":"user"}]}},
		{"type":18,"label":"e","component":{"type":21,"custom_id":"e","options":[{"label":"EVIL","description":"EVIL","value":"v"}]}}
	]}`, "EVIL", strings.ReplaceAll(evil, `\`, `\\`))
	out := body(t, payload, Look{Name: func(string) string { return evil }})
	if strings.Contains(out, "<img") || strings.Count(out, "&lt;img") != 12 {
		t.Errorf("%d of 12 are escaped in\n%s", strings.Count(out, "&lt;img"), out)
	}
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	t.Parallel()
	text := func(s string) string { return `{"components":[{"type":10,"content":"` + s + `"}]}` }
	for payload, want := range map[string]string{
		`{"type":8,"data":{}}`:         "answer of type 8",
		`{"type":4}`:                   "no data",
		`{"components":[{"type":12}]}`: "component 12",
		`{"components":[{"type":1,"components":[{"type":2,"style":5}]}]}`:  "button 5",
		`{"components":[{"type":17,"components":[{"type":13}]}]}`:          "component 13",
		`{"components":[{"type":9,"accessory":{"type":11}}]}`:              "component 11",
		`{"title":"x","components":[{"type":18,"component":{"type":19}}]}`: "component 19",
		text("**open"):                     "not closed",
		text("one *slanted*"):              `"*"`,
		text("<t:1:X>"):                    `"<t:1:X>"`,
		text("<t:99999999999999999999:f>"): "out of range",
		text("</access:1>"):                `"</access:1>"`,
		`[]`:                               "cannot unmarshal",
	} {
		if _, err := Draw([]byte(payload), Look{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", payload, err, want)
		}
	}
}

func TestWhatWasTypedStandsInItsField(t *testing.T) {
	t.Parallel()
	const modal = `{"type":9,"data":{"title":"x","components":[
		{"type":18,"label":"A","component":{"type":4,"custom_id":"a","required":false}},
		{"type":18,"label":"B","component":{"type":4,"custom_id":"b","value":"before"}},
		{"type":18,"label":"C","component":{"type":21,"custom_id":"c","options":[{"label":"One","value":"1","default":true},{"label":"Two","value":"2"}]}}]}}`
	out := body(t, modal, Look{Typed: map[string]string{"a": "typed", "c": "2"}})
	for _, want := range []string{`>A</div><div class="input full">typed<`, `B <i>*</i></div><div class="input full">before<`, `<i class="round"></i><div>One<`, `<i class="round on"></i><div>Two<`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	if out := body(t, modal, Look{}); !strings.Contains(out, `<i class="round on"></i><div>One<`) || strings.Contains(out, "typed") {
		t.Error(out)
	}
}

func TestAPrivateMessageSaysSoAndACardHasItsColour(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 1, 9, 5, 0, 0, time.UTC)
	out := body(t, `{"flags":32832,"components":[{"type":17,"accent_color":255,"components":[]}]}`, Look{At: at, Zone: time.FixedZone("", 3600)})
	for _, want := range []string{"Only you can see this", "9/1/26, 10:05 AM", "border-left-color: #0000ff"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	if out := body(t, `{"flags":32768,"components":[{"type":17}]}`, Look{At: at}); strings.Contains(out, "Only you") || !strings.Contains(out, "border-left-color: transparent") {
		t.Error(out)
	}
}
