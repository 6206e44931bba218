package playground_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/playground"
)

const mineCommand = `{"text":"/access mine"}`

func codeOf(t *testing.T, data []byte) string {
	t.Helper()
	var got seen
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return got.Error.Code
}

func TestForeignRequestsAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	host := strings.TrimPrefix(w.srv.URL, "http://")
	port := host[strings.LastIndexByte(host, ':'):]
	for _, c := range []struct {
		header [2]string
		status int
		code   string
	}{
		{[2]string{"Content-Type", "text/plain"}, 415, "contentType"},
		{[2]string{"Content-Type", ""}, 415, "contentType"},
		{[2]string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "contentType"},
		{[2]string{"Content-Type", "application/json; charset=utf-8"}, 200, ""},
		{[2]string{"Host", "evil.example"}, 403, "foreignHost"},
		{[2]string{"Host", "localhost.evil.example" + port}, 403, "foreignHost"},
		{[2]string{"Host", "192.168.1.4" + port}, 403, "foreignHost"},
		{[2]string{"Host", "localhost" + port}, 200, ""},
		{[2]string{"Host", "[::1]" + port}, 200, ""},
		{[2]string{"Origin", "http://evil.example"}, 403, "foreignOrigin"},
		{[2]string{"Origin", "http://127.0.0.1:1"}, 403, "foreignOrigin"},
		{[2]string{"Origin", "null"}, 403, "foreignOrigin"},
		{[2]string{"Origin", w.srv.URL}, 200, ""},
		{[2]string{"Sec-Fetch-Site", "cross-site"}, 403, "foreignOrigin"},
		{[2]string{"Sec-Fetch-Site", "same-site"}, 403, "foreignOrigin"},
		{[2]string{"Sec-Fetch-Site", "same-origin"}, 200, ""},
	} {
		before := w.s.count()
		status, data := w.send("POST", "/api/people/carla/command", mineCommand, c.header[0], c.header[1])
		if status != c.status || codeOf(t, data) != c.code {
			t.Errorf("%v: %d %s, want %d %s", c.header, status, data, c.status, c.code)
		}
		if taken := w.s.count() - before; taken > 0 != (c.status == 200) {
			t.Errorf("%v: %d intents reached the handler", c.header, taken)
		}
	}
	if status, _ := w.send("GET", "/api/people", "", "Host", "evil.example"); status != 403 {
		t.Errorf("reading under a foreign name: %d", status)
	}
	if status, _ := w.send("GET", "/", "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"); status != 200 {
		t.Errorf("a link from elsewhere: %d", status)
	}
}

func TestBadRequestsAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	w.post(200, "ben/profile", `{"leave":true}`)
	for _, c := range []struct {
		path, body string
		status     int
		code       string
	}{
		{"/api/people/carla/command", `{"text":`, 400, "badRequest"},
		{"/api/people/carla/command", ``, 400, "badRequest"},
		{"/api/people/carla/command", `[]`, 400, "badRequest"},
		{"/api/people/carla/command", `{"text":"/access"} {}`, 400, "badRequest"},
		{"/api/people/carla/command", `{"text":"/access","who":"olga"}`, 400, "badRequest"},
		{"/api/people/carla/command", `{"text":7}`, 400, "badRequest"},
		{"/api/people/carla/command", `{"text":"` + strings.Repeat("x", 70<<10) + `"}`, 413, "tooLarge"},
		{"/api/people/carla/command", `{"text":"hello"}`, 400, "notACommand"},
		{"/api/people/carla/command", `{"text":""}`, 400, "notACommand"},
		{"/api/people/carla/command", `{"text":"/nothing x"}`, 400, "unknownCommand"},
		{"/api/people/carla/command", `{"text":"/access","id":"a b"}`, 400, "badID"},
		{"/api/people/nobody/command", mineCommand, 404, "unknownPerson"},
		{"/api/people/..%2f/command", mineCommand, 404, "unknownPerson"},
		{"/api/people/ben/command", mineCommand, 403, "leftChat"},
		{"/api/people/nobody/profile", `{"leave":true}`, 404, "unknownPerson"},
		{"/api/people/mina/profile", `{"zone":"Mars/Base"}`, 400, "personZone"},
		{"/api/people/mina/profile", `{"zone":"Local"}`, 400, "personZone"},
		{"/api/people/mina/profile", `{"zone":"../etc/passwd"}`, 400, "personZone"},
		{"/api/people/mina/profile", `{"locale":"not a tag"}`, 400, "personLocale"},
		{"/api/people/mina/profile", `{"standing":"king"}`, 400, "personStanding"},
		{"/api/people/mina/caps", `{"forms":"none"}`, 400, "formsProfile"},
		{"/api/people/mina/submit", `{"form":"x","answers":{"a":{}}}`, 400, "badAnswer"},
		{"/api/people/mina/submit", `{"form":"x","answers":{"a":[["b"]]}}`, 400, "badAnswer"},
		{"/api/people/mina/dismiss", `{"message":"p-x"}`, 404, "unknownMessage"},
		{"/api/people", `{"name":""}`, 400, "personName"},
		{"/api/people", `{"name":"X","id":"A B"}`, 400, "personID"},
		{"/api/people", `{"name":"!!!"}`, 400, "personID"},
		{"/api/people", `{"name":"Carla","id":"carla"}`, 400, "personExists"},
		{"/api/people", `{"name":"X","groups":["a/b"]}`, 400, "groupName"},
		{"/api/people", `{"name":"X","manager":"a/b"}`, 400, "personID"},
		{"/api/nothing", `{}`, 404, "notFound"},
	} {
		status, data := w.send("POST", c.path, c.body)
		var got seen
		if err := json.Unmarshal(data, &got); err != nil {
			t.Errorf("%s %.40s: %v in %s", c.path, c.body, err, data)
			continue
		}
		if e := got.Error; status != c.status || e.Code != c.code || e.Text == "" || e.Text == e.Code || strings.Contains(e.Text, "{") {
			t.Errorf("%s %.40s: %d %+v, want %d %s", c.path, c.body, status, e, c.status, c.code)
		}
	}
	if w.s.count() != 0 {
		t.Errorf("%d refused requests reached the handler", w.s.count())
	}
	if status, data := w.send("GET", "/api/people/mina/press", ""); status == 200 {
		t.Errorf("a press by GET: %s", data)
	}
	for _, path := range []string{"/web/app.go", "/web/page.html", "/web/..%2fpage.go", "/column/nobody", "/nothing"} {
		if status, _ := w.send("GET", path, ""); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestAsManyPeopleAsFit(t *testing.T) {
	t.Parallel()
	o := options(newMemory())
	for i := range 100 {
		o.People = append(o.People, playground.NewPerson{Name: fmt.Sprintf("Person %d", i)})
	}
	w := open(t, o, nil)
	if e := w.do(409, "POST", "/api/people", `{"name":"One more"}`).Error; e.Code != "tooManyPeople" {
		t.Errorf("%+v", e)
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	o := options(newMemory())
	o.Token = "open-sesame"
	w := open(t, o, nil)
	for _, path := range []string{"/", "/api/people", "/web/app.js", "/api/events", "/?token=wrong", "/api/people?token="} {
		if status, data := w.send("GET", path, ""); status != 401 || strings.Contains(string(data), "sesame") {
			t.Errorf("%s: %d %s", path, status, data)
		}
	}
	if status, _ := w.send("POST", "/api/clock?token=open-sesame", `{"advance":"1h"}`); status != 401 {
		t.Errorf("a token in the address of a POST: %d", status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.srv.URL+"/?token=open-sesame", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/" || len(res.Cookies()) != 1 {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	c := res.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
		t.Errorf("the cookie is open to others: %+v", c)
	}
	if status, _ := w.send("GET", "/api/people", "", "Cookie", c.Name+"="+c.Value); status != 200 {
		t.Errorf("with the cookie: %d", status)
	}
	if status, _ := w.send("POST", "/api/clock", `{"advance":"1h"}`, "Authorization", "Bearer open-sesame"); status != 200 {
		t.Errorf("with the header: %d", status)
	}
	if status, _ := w.send("POST", "/api/clock", `{"advance":"1h"}`, "Authorization", "Bearer open-sesame", "Origin", "http://evil.example"); status != 403 {
		t.Errorf("with the header, from a foreign page: %d", status)
	}
}

func TestTheHeadersKeepOthersOut(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	res, err := w.srv.Client().Get(w.srv.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
		"Content-Type": "text/html; charset=utf-8",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	csp := res.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'none'; script-src 'self';") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
}

func TestWhatPeopleWriteIsTextOnThePage(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	evil := strings.Join(chattest.Hostile(), " ") + ` "><svg onload=alert(2)> ' {{.}}`
	w.do(200, "POST", "/api/people", asJSON(t, map[string]string{"id": "eve", "name": `<img src=x onerror=alert(3)>`}))
	w.put("1", "playground/eve", chat.Card{
		Summary: evil, Title: evil,
		Blocks: []chat.Block{
			{Heading: evil, Text: chat.Say(evil).Strong(evil).Code(evil).Link(evil, "javascript:alert(4)").Link("ok", `https://example.org/"onclick=`)},
			{Fields: []chat.Fact{{Label: evil, Value: chat.Say(evil)}}, Items: []chat.Text{chat.Say(evil)}},
		},
		Buttons: []chat.Button{{Label: evil, Token: evil, Confirm: evil}},
	})
	for _, path := range []string{"/", "/column/eve"} {
		_, data := w.send("GET", path, "")
		page := string(data)
		for _, bad := range []string{"<script>alert", "<img src=x", "<svg", "javascript:alert", `"onclick=`} {
			if strings.Contains(page, bad) {
				t.Errorf("%s carries %q", path, bad)
			}
		}
		if !strings.Contains(page, "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;") {
			t.Errorf("%s lost what was written", path)
		}
	}
}

func TestABrokenHandlerBreaksNothingElse(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), func(chat.Intent) chat.Reply { panic("a secret detail") })
	status, data := w.send("POST", "/api/people/carla/command", mineCommand)
	if status != 500 || codeOf(t, data) != "internal" || strings.Contains(string(data), "secret") {
		t.Errorf("%d %s", status, data)
	}
	w.look("carla")
}

func TestWithoutAHandlerPeopleAreTold(t *testing.T) {
	t.Parallel()
	a, err := playground.New(t.Context(), options(newMemory()))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Command(t.Context(), "carla", "/access", ""); err == nil || !strings.Contains(err.Error(), "noHandler") {
		t.Errorf("%v", err)
	}
}
