package discord

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
)

// body is a command as Discord sends it.
func (f *fixture) body(id string, change func(map[string]any)) string {
	m := map[string]any{
		"id": id, "application_id": f.fake.AppID(), "type": 2, "token": "t", "guild_id": f.fake.GuildID(), "channel_id": f.channel,
		"member": map[string]any{"user": map[string]any{"id": f.people[0]}}, "data": map[string]any{"type": 1, "name": "access"},
	}
	if change != nil {
		change(m)
	}
	data, _ := json.Marshal(m)
	return string(data)
}

// deep is JSON within JSON, n times.
func deep(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func TestWhatComesInOverHTTP(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	good := func(at time.Time) func(*http.Request, string) {
		return func(r *http.Request, body string) { w.fake.Sign(r, at, []byte(body)) }
	}
	now := good(time.Now())
	with := func(key string, value any) string {
		return w.body("21", func(m map[string]any) { m[key] = value })
	}
	for i, c := range []struct {
		name   string
		body   string
		sign   func(*http.Request, string)
		status int
		count  string
	}{
		{"no signature", w.body("1", nil), func(*http.Request, string) {}, 401, "unsigned"},
		{"a time alone", w.body("2", nil), func(r *http.Request, _ string) {
			r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(time.Now().Unix(), 10))
		}, 401, "unsigned"},
		{"a short signature", w.body("3", nil), func(r *http.Request, b string) { now(r, b); r.Header.Set("X-Signature-Ed25519", "00ff") }, 401, "unsigned"},
		{"no hex", w.body("4", nil), func(r *http.Request, b string) {
			now(r, b)
			r.Header.Set("X-Signature-Ed25519", strings.Repeat("zz", 64))
		}, 401, "unsigned"},
		{"another body", w.body("5", nil), func(r *http.Request, b string) { now(r, b+" ") }, 401, "unsigned"},
		{"another time", w.body("6", nil), func(r *http.Request, b string) {
			now(r, b)
			r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(time.Now().Unix()+1, 10))
		}, 401, "unsigned"},
		{"of yesterday", w.body("7", nil), good(time.Now().Add(-24 * time.Hour)), 401, "stale"},
		{"of six minutes ago", w.body("8", nil), good(time.Now().Add(-6 * time.Minute)), 401, "stale"},
		{"of tomorrow", w.body("9", nil), good(time.Now().Add(24 * time.Hour)), 401, "stale"},
		{"of four minutes ago", w.body("10", nil), good(time.Now().Add(-4 * time.Minute)), 200, "taken"},
		{"too large", strings.Repeat(" ", maxBody+1), now, 413, "tooBig"},
		{"no JSON", "payload", now, 400, "malformed"},
		{"nothing", "", now, 400, "malformed"},
		{"null", "null", now, 400, "malformed"},
		{"deep", deep(100000), now, 400, "malformed"},
		{"deep inside", `{"id":"11","type":2,"data":` + deep(200000) + `}`, now, 400, "malformed"},
		{"another application", with("application_id", "5"), now, 400, "malformed"},
		{"no id", with("id", ""), now, 400, "malformed"},
		{"a type that is none", with("type", -1), now, 400, "malformed"},
		{"a type of tomorrow", w.body("22", func(m map[string]any) { m["type"] = 77 }), now, 200, "ignored"},
		{"an unknown command", w.body("23", func(m map[string]any) { m["data"] = map[string]any{"type": 1, "name": "other"} }), now, 200, "ignored"},
		{"a component of tomorrow", w.body("24", func(m map[string]any) {
			m["type"], m["message"], m["data"] = 3, map[string]any{"id": "8"}, map[string]any{"component_type": 99, "custom_id": "x"}
		}), now, 200, "ignored"},
		{"another server", w.body("25", func(m map[string]any) { m["guild_id"] = "5" }), now, 200, "otherGuild"},
		{"a stranger in a direct message", w.body("26", func(m map[string]any) {
			delete(m, "guild_id")
			delete(m, "member")
			m["user"] = map[string]any{"id": "999"}
		}), now, 200, "notMember"},
		{"a good one", w.body("27", nil), now, 200, "taken"},
		{"the same again", w.body("27", nil), now, 409, "repeated"},
	} {
		before := w.a.Counts()[c.count]
		if status := w.send(t, c.body, func(r *http.Request) { c.sign(r, c.body) }); status != c.status {
			t.Errorf("%d %s: %d, want %d", i, c.name, status, c.status)
		}
		if n := w.a.Counts()[c.count] - before; n != 1 {
			t.Errorf("%d %s: counted %d times as %s", i, c.name, n, c.count)
		}
	}
	if n := len(w.intents()); n != 2 {
		t.Errorf("%d intents, want 2", n)
	}
	if n := w.a.Counts()["panic"]; n != 0 {
		t.Errorf("%d panics", n)
	}
}

func TestPingIsAnsweredBeforeItRuns(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "http") // the fake sent a PING and wrong signatures
	body := fmt.Sprintf(`{"id":"1","application_id":%q,"type":1}`, f.fake.AppID())
	r := httptest.NewRequest(http.MethodPost, Interactions, strings.NewReader(body))
	f.fake.Sign(r, time.Now(), []byte(body))
	out := httptest.NewRecorder()
	f.a.Handler().ServeHTTP(out, r)
	if got := strings.TrimSpace(out.Body.String()); out.Code != 200 || got != `{"type":1}` || out.Header().Get("Content-Type") != "application/json" {
		t.Errorf("a PING brings %d %q", out.Code, got)
	}
	body = f.body("2", nil)
	r = httptest.NewRequest(http.MethodPost, Interactions, strings.NewReader(body))
	f.fake.Sign(r, time.Now(), []byte(body))
	out = httptest.NewRecorder()
	f.a.Handler().ServeHTTP(out, r)
	if !strings.Contains(out.Body.String(), "just starting") {
		t.Errorf("before it runs, a command brings %d %q", out.Code, out.Body)
	}
}

func TestOtherPlacesAreNotThere(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	for _, c := range []struct {
		method, path string
		status       int
	}{{"GET", Interactions, 405}, {"PUT", Interactions, 405}, {"POST", "/discord", 404}, {"POST", Interactions + "/", 404}} {
		out := httptest.NewRecorder()
		w.a.Handler().ServeHTTP(out, httptest.NewRequest(c.method, c.path, http.NoBody))
		if out.Code != c.status {
			t.Errorf("%s %s: %d", c.method, c.path, out.Code)
		}
	}
	gateway := newFixture(t, "gateway")
	out := httptest.NewRecorder()
	gateway.a.Handler().ServeHTTP(out, httptest.NewRequest(http.MethodPost, Interactions, http.NoBody))
	if out.Code != 404 {
		t.Errorf("without a public key: %d", out.Code)
	}
}

func TestAnAnswerThatDiscordWouldRefuseIsReplaced(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	page := reason()
	page.Page.Fields[0].ID = strings.Repeat("x", 200) // no custom_id
	w.reply(page)
	w.must(w.mina().Slash("access mine"))
	if _, err := w.mina().Read("Something broke"); err != nil {
		t.Error(err)
	}
	w.reply(chat.Tell{Card: brief("Fine")})
	w.must(w.mina().Slash("access mine"))
}

func TestNewRefusesMixedUpSecrets(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("ab", 32)
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"no name":         {Options{Tenant: "t", BotToken: "x"}, "name"},
		"no tenant":       {Options{Name: "n", BotToken: "x"}, "tenant"},
		"no token":        {Options{Name: "n", Tenant: "t"}, "bot token is empty"},
		"a blank token":   {Options{Name: "n", Tenant: "t", BotToken: "  "}, "bot token is empty"},
		"with its scheme": {Options{Name: "n", Tenant: "t", BotToken: "Bot sesame"}, "alone"},
		"a short key":     {Options{Name: "n", Tenant: "t", BotToken: "x", PublicKey: "abcd"}, "64 digits"},
		"the token twice": {Options{Name: "n", Tenant: "t", BotToken: "sesame", PublicKey: "sesame"}, "64 digits"},
		"a named server":  {Options{Name: "n", Tenant: "t", BotToken: "x", Guilds: []string{"Demo"}}, "id of a server"},
		"a bad address":   {Options{Name: "n", Tenant: "t", BotToken: "x", APIURL: "::"}, "web address"},
	} {
		_, err := New(c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(Options{Name: "n", Tenant: "t", BotToken: "x", PublicKey: Secret(key), Guilds: []string{"1"}}); err != nil {
		t.Error(err)
	}
}
