package discordfake_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	const agent = "DiscordBot (https://example.org, 1)"
	for name, c := range map[string]struct {
		header []string
		status int
		code   int
	}{
		"the bot":           {[]string{"Authorization", "Bot " + w.BotToken(), "User-Agent", agent}, 200, 0},
		"nobody":            {[]string{"User-Agent", agent}, 401, 0},
		"a bare token":      {[]string{"Authorization", w.BotToken(), "User-Agent", agent}, 401, 0},
		"another token":     {[]string{"Authorization", "Bot x", "User-Agent", agent}, 401, 0},
		"a bearer":          {[]string{"Authorization", "Bearer " + w.BotToken(), "User-Agent", agent}, 401, 0},
		"Go's user agent":   {[]string{"Authorization", "Bot " + w.BotToken()}, 403, 40333},
		"half a user agent": {[]string{"Authorization", "Bot " + w.BotToken(), "User-Agent", "DiscordBot"}, 403, 40333},
	} {
		if a := w.send("GET", "/users/@me", nil, c.header...); a.status != c.status || a.code != c.code {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	if got := w.Rates(); got.Invalid != 6 {
		t.Errorf("counted are %+v", got)
	}
	w.URL = strings.Replace(w.URL, "v10", "v8", 1)
	if a := w.do("GET", "/users/@me", nil); a.code != 50041 {
		t.Errorf("an old version: %s", a.raw)
	}
}

func TestBodiesThatAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	at := "/channels/" + w.general + "/messages"
	if a := w.do("POST", at, object{"content": "x"}, "Content-Type", "text/plain"); a.code != 50035 {
		t.Errorf("another type: %s", a.raw)
	}
	if a := w.do("POST", at, "text"); a.code != 50006 {
		t.Errorf("a string: %s", a.raw)
	}
	if a := w.do("POST", "/nothing", object{}); a.status != 404 {
		t.Errorf("no such endpoint: %s", a.raw)
	}
	const mixed = "multipart/form-data; boundary=xyz"
	form := func(name, value string) *strings.Reader {
		return strings.NewReader("--xyz\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n--xyz--\r\n")
	}
	for name, c := range map[string]struct {
		body *strings.Reader
		kind string
		code int
	}{
		"broken JSON":  {strings.NewReader(`{"content":`), "application/json", 50109},
		"two values":   {strings.NewReader(`{"content":"x"}{}`), "application/json", 50109},
		"payload_json": {form("payload_json", `{"content":"x"}`), mixed, 0},
		"a file":       {form("files[0]", "x"), mixed, 50035},
	} {
		req, err := http.NewRequest("POST", w.URL+at, c.body)
		must(t, err)
		req.Header = http.Header{
			"Authorization": {"Bot " + w.BotToken()}, "User-Agent": {"DiscordBot (https://example.org, 1)"}, "Content-Type": {c.kind},
		}
		resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
		must(t, err)
		must(t, resp.Body.Close())
		calls := w.Calls("POST " + at)
		if got := calls[len(calls)-1]; got.Code != c.code {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{RateLimits: true})
	at := "/channels/" + w.general
	for i := range 5 {
		if a := w.do("GET", at, nil); a.status != 200 || a.header.Get("X-RateLimit-Remaining") != fmt.Sprint(4-i) || a.header.Get("X-RateLimit-Limit") != "5" {
			t.Fatalf("call %d: %d %v", i, a.status, a.header)
		}
	}
	a := w.do("GET", at, nil)
	if a.status != 429 || a.header.Get("Retry-After") != "1" || a.header.Get("X-RateLimit-Scope") != "user" || a.body["retry_after"] != 1.0 || a.body["global"] != false {
		t.Errorf("the sixth call: %s %v", a.raw, a.header)
	}
	if a := w.do("GET", "/channels/"+w.private, nil); a.status != 200 {
		t.Errorf("another channel: %s", a.raw)
	}
	w.clock.forward(time.Second)
	if a := w.do("GET", at, nil); a.status != 200 || a.header.Get("X-RateLimit-Bucket") == "" {
		t.Errorf("a second later: %s", a.raw)
	}
	if got := w.Rates(); got.PerSecond != 7 || got.Invalid != 1 {
		t.Errorf("counted are %+v", got)
	}
}

func TestTheGlobalLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{RateLimits: true})
	var channels []string
	for i := range 11 {
		channels = append(channels, w.AddChannel(discordfake.Channel{Name: fmt.Sprint("c", i)}))
	}
	for i := range 50 {
		if a := w.do("GET", "/channels/"+channels[i/5], nil); a.status != 200 {
			t.Fatalf("call %d: %s", i, a.raw)
		}
	}
	a := w.do("GET", "/channels/"+channels[10], nil)
	if a.status != 429 || a.header.Get("X-RateLimit-Global") != "true" || a.header.Get("X-RateLimit-Scope") != "global" || a.body["global"] != true {
		t.Errorf("call 51: %s %v", a.raw, a.header)
	}
	if a := w.webhook("POST", "/interactions/5/x/callback", object{"type": 5}); a.code != 10062 {
		t.Errorf("interactions are bound to the global limit: %s", a.raw)
	}
	if got := w.Rates(); got.PerSecond != 50 {
		t.Errorf("counted are %+v", got)
	}
}

func TestTooManyInvalidRequestsBanTheAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.Spend(9_999)
	if a := w.do("GET", "/users/@me", nil); a.status != 200 {
		t.Fatal(a.raw)
	}
	w.Fail(discordfake.Fault{Code: 50013})
	w.do("GET", "/users/@me", nil)
	if a := w.do("GET", "/users/@me", nil); a.status != 429 || !strings.Contains(a.raw, "<html>") {
		t.Errorf("%d %s", a.status, a.raw)
	}
	w.clock.forward(11 * time.Minute)
	if a := w.do("GET", "/users/@me", nil); a.status != 200 || w.Rates().Invalid != 0 {
		t.Errorf("after the ban: %d %s", a.status, a.raw)
	}
}

func TestCallsGoWrongWhenToldTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	at := "/channels/" + w.general + "/messages"
	post := func() answer { return w.do("POST", at, object{"content": "x"}) }
	for name, c := range map[string]struct {
		fault  discordfake.Fault
		status int
		code   int
		header string // of Retry-After
		scope  string
		posted int
	}{
		"a code":      {discordfake.Fault{Code: 50013}, 403, 50013, "", "", 0},
		"a limit":     {discordfake.Fault{Status: 429, RetryAfter: 64 * time.Second}, 429, 0, "64", "user", 0},
		"a global":    {discordfake.Fault{Status: 429, Scope: "global"}, 429, 0, "1", "global", 0},
		"a shared":    {discordfake.Fault{Status: 429, Scope: "shared"}, 429, 0, "1", "shared", 0},
		"HTML":        {discordfake.Fault{Status: 429, HTML: true, RetryAfter: 5 * time.Second}, 429, 0, "5", "", 0},
		"500":         {discordfake.Fault{Status: 500}, 500, 0, "", "", 0},
		"502":         {discordfake.Fault{Status: 502}, 502, 0, "", "", 0},
		"a lost 502":  {discordfake.Fault{Status: 502, After: true}, 502, 0, "", "", 1},
		"another way": {discordfake.Fault{Path: "PATCH /channels/", Status: 500}, 200, 0, "", "", 1},
		"this way":    {discordfake.Fault{Path: "POST /channels/*/mess", Status: 500}, 500, 0, "", "", 0},
		"this body":   {discordfake.Fault{Only: func(body string) bool { return strings.Contains(body, `"x"`) }, Status: 500}, 500, 0, "", "", 0},
		"that body":   {discordfake.Fault{Only: func(body string) bool { return body == "" }, Status: 500}, 200, 0, "", "", 1},
	} {
		before := len(w.Messages("general"))
		w.Fail(c.fault)
		a := post()
		w.Heal()
		if a.status != c.status || a.code != c.code || a.header.Get("Retry-After") != c.header || a.header.Get("X-RateLimit-Scope") != c.scope {
			t.Errorf("%s: %d %s %v", name, a.status, a.raw, a.header)
		}
		if n := len(w.Messages("general")) - before; n != c.posted {
			t.Errorf("%s: %d messages were posted", name, n)
		}
	}
	if a := post(); a.status != 200 {
		t.Errorf("a fault stays: %s", a.raw)
	}
}

func TestASlowCallWaitsUntilItIsLetGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	gate, done := make(chan struct{}), make(chan int, 1)
	w.Fail(discordfake.Fault{Hold: gate})
	go func() { done <- w.do("GET", "/users/@me", nil).status }()
	must(t, w.Await("a slow call", func() bool { return w.Holding() == 1 }))
	close(gate)
	if status := <-done; status != 200 || w.Holding() != 0 {
		t.Errorf("it ends with %d", status)
	}
}
