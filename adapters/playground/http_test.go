package playground_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/playground"
	"github.com/usher-dev/usher/core/access"
)

var end = time.Date(2026, 9, 17, 16, 0, 0, 0, time.UTC)

func card(tokens ...string) chat.Card {
	c := chat.Card{Summary: "Decide", Title: "Decide", Blocks: []chat.Block{
		{Fields: []chat.Fact{{Label: "Until", Value: chat.Text{}.At(end, chat.DateTime)}, {Label: "Day", Value: chat.Text{}.At(end, chat.DateOnly)}}},
		{Text: chat.Text{}.Say("Times out ").At(start.Add(14*24*time.Hour-time.Second), chat.Relative), Buttons: []chat.Button{{Label: "Row", Token: "row"}}},
	}}
	for _, t := range tokens {
		c.Buttons = append(c.Buttons, chat.Button{Label: "Press " + t, Token: t})
	}
	return c
}

func TestMomentsAreInTheReadersZoneAndLanguage(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	for person, want := range map[string]string{
		"carla": "Until: 17. September 2026, 18:00 CEST\nDay: 17. September 2026\nTimes out in 14 Tagen",
		"mina":  "Until: 17 September 2026, 17:00 BST\nDay: 17 September 2026\nTimes out in 14 days",
		"ada":   "Until: 17 September 2026, 12:00 EDT\nDay: 17 September 2026\nTimes out in 14 days",
		"ben":   "Until: 18 September 2026, 01:00 JST\nDay: 18 September 2026\nTimes out in 14 days",
		"olga":  "Until: 17 September 2026, 16:00 UTC\nDay: 17 September 2026\nTimes out in 14 days",
	} {
		w.put("for "+person, "playground/"+person, card())
		m := w.look(person).Messages[0]
		if m.Card.Text != want {
			t.Errorf("%s reads %q, want %q", person, m.Card.Text, want)
		}
		if got := m.Card.Blocks[0].Fields[0].Moments; len(got) != 1 || !got[0].Equal(end) {
			t.Errorf("%s: moments %v", person, got)
		}
	}
	w.post(200, "ben/profile", `{"locale":"de-AT","zone":"Asia/Kathmandu"}`)
	if got := w.look("ben").Messages[0].Card.Text; !strings.HasPrefix(got, "Until: 17. September 2026, 21:45 UTC+5:45\n") {
		t.Errorf("after moving ben reads %q", got)
	}
}

func TestCommandsArriveAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), func(chat.Intent) chat.Reply { return chat.Tell{Card: hello("private")} })
	got := w.post(200, "carla/command", `{"text":"  /access request contractor for @mina or @nobody ","id":"one"}`)
	want := chat.Invoked{
		Who: chat.Who{Tenant: "demo", Account: "playground/carla", Locale: "de", Zone: "Europe/Berlin"}, ID: "carla/one",
		Command: "access", Text: "request contractor for @playground/mina or @nobody",
	}
	if d := cmp.Diff(chat.Intent(want), w.s.last()); d != "" {
		t.Error(d)
	}
	if got.Private == nil || got.Private.Card.Title != "private" || !got.Private.Private || got.Private.Asked == "" {
		t.Errorf("private %+v", got.Private)
	}
	again := w.post(200, "carla/command", `{"text":"/access request contractor for @mina or @nobody","id":"one"}`)
	if len(again.Messages) != 1 || w.s.last().(chat.Invoked).ID != want.ID {
		t.Errorf("a repeat made another intent or another message: %+v", again.Messages)
	}
	w.post(200, "carla/command", `{"text":"/access"}`)
	if id := w.s.last().(chat.Invoked).ID; id == want.ID {
		t.Errorf("another command has the same id %q", id)
	}
	if other := w.look("mina"); len(other.Messages) != 0 || other.Private != nil {
		t.Errorf("mina sees carla's private messages: %+v", other)
	}
}

func TestOnlyButtonsThatAreShownCanBePressed(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	mine, other := w.put("1", "playground/olga", card("approve")), w.put("2", "playground/olga", card("deny"))
	hers := w.put("3", "playground/ada", card("secret"))
	body := func(message, token string) string {
		return asJSON(t, map[string]string{"message": message, "token": token})
	}
	w.post(200, "olga/press", body(mine, "approve"))
	if p := w.s.last().(chat.Pressed); p.Token != "approve" || p.Ref != mine || p.Who.Account != "playground/olga" {
		t.Errorf("arrived as %+v", p)
	}
	w.post(200, "olga/press", body(other, "row"))
	before := w.s.count()
	for _, c := range []struct{ message, token, code string }{
		{mine, "deny", "unknownButton"}, {mine, "", "unknownButton"}, {hers, "secret", "unknownMessage"}, {"m-nothing", "approve", "unknownMessage"}, {"", "", "unknownMessage"},
	} {
		if got := w.post(404, "olga/press", body(c.message, c.token)); got.Error.Code != c.code || got.Error.Text == "" {
			t.Errorf("%+v: %+v", c, got.Error)
		}
	}
	if w.s.count() != before {
		t.Error("a refused press reached the handler")
	}
}

func pages(n int) form.Page {
	p := form.Page{Form: "f~1", Number: n, Title: "Ask", Submit: "Next", Last: n == 2, Fields: []form.Field{
		{ID: "why", Kind: form.Line, Label: "Why", Required: true}, {ID: "many", Kind: form.Many, Label: "Many", Options: []form.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
		{ID: "sure", Kind: form.Flag, Label: "Sure"}, {ID: "n", Kind: form.Number, Label: "N"}, {ID: "who", Kind: form.Person, Label: "Who"},
	}}
	return p
}

func formScript(in chat.Intent) chat.Reply {
	switch in := in.(type) {
	case chat.Invoked:
		return chat.Show{Page: pages(1), Continue: "go-on"}
	case chat.Pressed:
		return chat.Show{Page: pages(2)}
	case chat.Filled:
		if in.Values["why"] == nil {
			p := pages(in.Page)
			p.Errors = map[string]string{"why": "Say why."}
			return chat.Show{Page: p, Continue: "go-on"}
		}
		if in.Page == 1 {
			return chat.Show{Page: pages(2), Continue: "go-on"}
		}
	}
	return chat.Nothing{}
}

func TestFormsKeepWhatWasTypedAndSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), formScript)
	first := w.post(200, "carla/command", `{"text":"/access request"}`)
	if first.Form == nil || first.Form.ID != "f~1" || !first.Form.Fields[0].Required || len(first.Form.Fields[4].Options) != 5 {
		t.Fatalf("%+v", first.Form)
	}
	got := w.post(200, "carla/submit", `{"form":"f~1","answers":{"why":"","many":["a","b"],"sure":true,"n":2.50,"who":"@mina"}}`)
	want := form.Values{"many": {"a", "b"}, "sure": {"yes"}, "n": {"2.50"}, "who": {"playground/mina"}}
	if d := cmp.Diff(want, w.s.last().(chat.Filled).Values); d != "" {
		t.Error(d)
	}
	if got.Form.Errors["why"] != "Say why." || got.Form.Fields[0].Error != "Say why." {
		t.Errorf("errors %+v", got.Form)
	}
	if d := cmp.Diff([]string{"a", "b"}, got.Form.Fields[1].Value); d != "" {
		t.Error(d)
	}
	if done := w.post(200, "carla/dismiss", `{"form":"f~1"}`); done.Form != nil {
		t.Errorf("still open: %+v", done.Form)
	}
	for body, code := range map[string]string{
		`{"form":"f~1","answers":{}}`: "unknownForm", `{"form":"","answers":{}}`: "unknownForm",
	} {
		if e := w.post(409, "carla/submit", body).Error; e.Code != code {
			t.Errorf("%s: %+v", body, e)
		}
	}
	w.post(409, "carla/dismiss", `{"form":"f~1"}`)
}

func TestPagesOfFiveHaveAContinueBetween(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), formScript)
	w.post(200, "carla/caps", `{"forms":"pages"}`)
	w.post(200, "carla/command", `{"text":"/access request"}`)
	between := w.post(200, "carla/submit", `{"form":"f~1","page":1,"answers":{"why":"x"}}`)
	if between.Form != nil || between.Private == nil || len(between.Private.Buttons) != 1 || between.Private.Buttons[0].Label != "Weiter" {
		t.Fatalf("%+v", between)
	}
	w.post(409, "carla/submit", `{"form":"f~1","answers":{"why":"x"}}`)
	second := w.post(200, "carla/press", asJSON(t, map[string]string{"message": between.Private.ID, "token": between.Private.Buttons[0].Token}))
	if second.Form == nil || second.Form.Page != 2 {
		t.Fatalf("%+v", second.Form)
	}
	if e := w.post(409, "carla/submit", `{"form":"f~1","page":1,"answers":{"why":"x"}}`).Error; e.Code != "unknownPage" {
		t.Errorf("the first page again: %+v", e)
	}
	if done := w.post(200, "carla/submit", `{"form":"f~1","page":2,"answers":{"why":"x"}}`); done.Form != nil {
		t.Errorf("still open: %+v", done.Form)
	}
	w.post(200, "mina/command", `{"text":"/access request"}`)
	if next := w.post(200, "mina/submit", `{"form":"f~1","answers":{"why":"x"}}`); next.Form == nil || next.Form.Page != 2 {
		t.Errorf("without pages of five the next page comes at once: %+v", next)
	}
}

// A form that follows another begins with its own values, also in fields that
// are called as those of the one that was sent.
func TestAnotherFormFollowsOne(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), func(in chat.Intent) chat.Reply {
		p := pages(1)
		if _, sent := in.(chat.Filled); sent {
			p.Form, p.Title = "g~1", "Then"
		}
		return chat.Show{Page: p, Continue: "go-on"}
	})
	w.post(200, "mina/command", `{"text":"/access request"}`)
	next := w.post(200, "mina/submit", `{"form":"f~1","answers":{"why":"x"}}`)
	if next.Form == nil || next.Form.ID != "g~1" || len(next.Form.Fields[0].Value) != 0 {
		t.Errorf("%+v", next.Form)
	}
	w.post(200, "carla/caps", `{"forms":"pages"}`)
	w.post(200, "carla/command", `{"text":"/access request"}`)
	between := w.post(200, "carla/submit", `{"form":"f~1","page":1,"answers":{"why":"x"}}`)
	if between.Form != nil || between.Private == nil || !strings.Contains(between.Private.Card.Text, "Als Nächstes kommt „Then“.") {
		t.Errorf("%+v", between)
	}
}

func TestLiveChangesKeepTheFormOpen(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), func(in chat.Intent) chat.Reply {
		if _, ok := in.(chat.Invoked); ok {
			return chat.Show{Page: pages(1), Intro: chat.Say("Please")}
		}
		return chat.Nothing{}
	})
	w.post(200, "mina/command", `{"text":"/access request"}`)
	got := w.post(200, "mina/submit", `{"form":"f~1","live":true,"answers":{"why":"half a sent"}}`)
	if got.Form == nil || got.Form.Fields[0].Value[0] != "half a sent" || got.Form.Intro != "Please" || !w.s.last().(chat.Filled).Live {
		t.Errorf("%+v", got.Form)
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), func(in chat.Intent) chat.Reply {
		if s := in.(chat.Searched); s.Command == "access" && s.Query == "re" {
			return chat.Offer{Options: []form.Option{{Value: "request ", Label: "request"}}}
		}
		return chat.Offer{}
	})
	for text, want := range map[string]string{
		"":                  "",
		"/":                 "/access |/access-admin ",
		"/access-":          "/access-admin ",
		"/access%20re":      "/access request ",
		"/access%20for%20@": "/access for @carla |/access for @mina |/access for @ada |/access for @ben |/access for @olga ",
		"/access%20@mi":     "/access @mina ",
		"/nothing%20x":      "",
		"hello":             "",
	} {
		_, data := w.send("GET", "/api/people/mina/complete?text="+text, "")
		var got struct{ Options []form.Option }
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		values := []string{}
		for _, o := range got.Options {
			values = append(values, o.Value)
		}
		if strings.Join(values, "|") != want {
			t.Errorf("%q: %q, want %q", text, values, want)
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	at := func(body string) string {
		_, data := w.send("POST", "/api/clock", body)
		var got struct {
			Now   time.Time
			Error struct{ Code string }
		}
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if got.Error.Code != "" {
			return got.Error.Code
		}
		return got.Now.Sub(start).String()
	}
	for _, c := range [][2]string{
		{`{"advance":"36h"}`, "36h0m0s"}, {`{"advance":"3 days"}`, "108h0m0s"}, {`{"advance":"2w"}`, "444h0m0s"}, {`{"advance":"1 day 12 hours"}`, "480h0m0s"},
		{`{"advance":"-1h"}`, "clockBack"}, {`{"advance":"0h"}`, "clockBack"}, {`{"advance":"soon"}`, "clockSpan"}, {`{"advance":""}`, "clockSpan"}, {`{}`, "clockSpan"},
		{`{"advance":"4000 days"}`, "clockTooFar"}, {`{"advance":"9999999 days"}`, "clockTooFar"},
	} {
		if got := at(c[0]); got != c[1] {
			t.Errorf("%s: %s, want %s", c[0], got, c[1])
		}
	}
	if got := w.a.Now().Sub(start); got != 480*time.Hour {
		t.Errorf("a refused jump moved the clock: %v", got)
	}
}

type fakeRooms struct{ mode string }

func (f *fakeRooms) Rooms(context.Context) ([]playground.Room, error) {
	return []playground.Room{{
		ID: "lab", Name: "Lab", Mode: f.mode, Modes: []string{"normal", "failing"},
		Roles: []playground.RoomRole{{Role: "member", People: []access.PersonID{"playground/mina"}}},
	}, {ID: "empty", Name: "Empty"}}, nil
}

func (f *fakeRooms) SetMode(_ context.Context, id, mode string) error {
	if id != "lab" {
		return access.Refuse(access.NotFound, "unknownRoom", "room", id)
	}
	f.mode = mode
	return nil
}

type fakeAudit []playground.AuditLine

func (f fakeAudit) Lines(_ context.Context, after int64, latest bool, max int) ([]playground.AuditLine, error) {
	if latest {
		return f[len(f)-min(max, len(f)):], nil
	}
	from := min(int(after), len(f))
	return f[from:min(from+max, len(f))], nil
}

func TestResourcesAndAudit(t *testing.T) {
	t.Parallel()
	o := options(newMemory())
	o.Rooms = &fakeRooms{mode: "normal"}
	o.Audit = fakeAudit{{ID: 1, At: start, Kind: "a", Text: "Mina <asked>"}, {ID: 2, At: start, Kind: "b", Text: "second"}, {ID: 3, At: start, Kind: "c", Text: "third"}}
	w := open(t, o, nil)
	same := func(method, path, body, want string) {
		t.Helper()
		if _, data := w.send(method, path, body); string(data) != want {
			t.Errorf("%s %s: %s, want %s", method, path, data, want)
		}
	}
	rooms := `{"resources":[{"id":"lab","name":"Lab","mode":"%","modes":["normal","failing"],"roles":[{"role":"member","people":["playground/mina"]}]},{"id":"empty","name":"Empty","mode":"","modes":[],"roles":[]}]}`
	same("GET", "/api/resources", "", strings.Replace(rooms, "%", "normal", 1))
	same("POST", "/api/resources/lab", `{"mode":"failing"}`, strings.Replace(rooms, "%", "failing", 1))
	w.do(404, "POST", "/api/resources/none", `{"mode":"failing"}`)
	third := `{"id":3,"at":"2026-08-18T09:30:00Z","kind":"c","text":"third"}]}`
	same("GET", "/api/audit?max=1", "", `{"lines":[`+third)
	same("GET", "/api/audit?after=2", "", `{"lines":[`+third)
	same("GET", "/api/audit?after=0&max=1", "", `{"lines":[{"id":1,"at":"2026-08-18T09:30:00Z","kind":"a","text":"Mina \u003casked\u003e"}]}`)
	same("GET", "/api/audit?after=3", "", `{"lines":[]}`)
	w.do(400, "GET", "/api/audit?after=x", "")
	_, dock := w.send("GET", "/dock", "")
	for _, want := range []string{"Mina Okafor", "Mina &lt;asked&gt;", `<option value="failing" selected>`} {
		if !strings.Contains(string(dock), want) {
			t.Errorf("the dock has no %q", want)
		}
	}
	bare := open(t, options(newMemory()), nil)
	if _, data := bare.send("GET", "/api/resources", ""); string(data) != `{"resources":[]}` {
		t.Errorf("without rooms: %s", data)
	}
	bare.do(404, "POST", "/api/resources/lab", `{"mode":"failing"}`)
}

// nextEvent reads one event of the stream.
func nextEvent(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			return data
		}
	}
	t.Fatal("the stream ended:", lines.Err())
	return ""
}

func TestEvents(t *testing.T) {
	t.Parallel()
	store := newMemory()
	o := options(store)
	o.Audit = fakeAudit{{ID: 1, At: start}, {ID: 2, At: start}}
	one, two := open(t, o, nil), open(t, options(store), nil)
	listen := func(last, query string) *bufio.Scanner {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, one.srv.URL+"/api/events"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Last-Event-ID", last)
		res, err := one.srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return bufio.NewScanner(res.Body)
	}
	expect := func(lines *bufio.Scanner, want string) {
		t.Helper()
		if got := nextEvent(t, lines); got != want {
			t.Errorf("event %s, want %s", got, want)
		}
	}
	lines := listen("5", "")
	one.put("1", "playground/carla", hello("x"))
	expect(lines, `{"seq":6,"changed":["person/carla"]}`)
	one.beat()
	expect(lines, `{"seq":6,"changed":["audit"]}`)
	two.do(200, "POST", "/api/clock", `{"advance":"1h"}`)
	two.post(200, "ada/profile", `{"locale":"de"}`)
	one.beat()
	expect(lines, `{"seq":8,"changed":["clock","people"]}`)
	expect(listen("5", ""), `{"seq":8,"changed":["person/carla","clock","people"]}`)
	for i := range 70 {
		one.put(string(rune('a'+i)), "playground/ben", hello("x"))
	}
	expect(listen("7", ""), `{"seq":78,"changed":["all"]}`)
	expect(listen("9999", ""), `{"seq":78,"changed":["all"]}`)
	expect(listen("", "?since=77&audit=2"), `{"seq":78,"changed":["person/ben"]}`)
	expect(listen("77", "?since=7&audit=2"), `{"seq":78,"changed":["person/ben"]}`)
	expect(listen("", "?since=78&audit=1"), `{"seq":78,"changed":["audit"]}`)
}

// What happens after the page was drawn and before it listens is told it.
func TestThePageSaysSinceWhenItListens(t *testing.T) {
	t.Parallel()
	o := options(newMemory())
	o.Audit = fakeAudit{{ID: 1, At: start}, {ID: 2, At: start}}
	w := open(t, o, nil)
	w.put("1", "playground/carla", hello("x"))
	if _, body := w.send("GET", "/", ""); !strings.Contains(string(body), `data-since="6" data-audit="0"`) {
		t.Errorf("the page says something else: %.900s", body)
	}
}

func TestMessagesCanBeWaitedFor(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	was := w.look("carla").Seq
	answered := make(chan seen)
	go func() {
		answered <- w.do(200, "GET", "/api/people/carla/messages?wait=20s&after="+jsonNumber(was), "")
	}()
	w.put("1", "playground/carla", hello("at last"))
	if got := <-answered; len(got.Messages) != 1 || got.Seq <= was {
		t.Errorf("%+v", got)
	}
	if got := w.do(200, "GET", "/api/people/carla/messages?wait=1ms&after="+jsonNumber(was+1), ""); len(got.Messages) != 1 {
		t.Errorf("%+v", got)
	}
	for _, q := range []string{"wait=1s&after=x", "wait=1h&after=0", "wait=x&after=0"} {
		w.do(400, "GET", "/api/people/carla/messages?"+q, "")
	}
}

func jsonNumber(n int64) string {
	data, _ := json.Marshal(n)
	return string(data)
}
