package discordfake_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// Every fake ends with its test: no connection and nothing in the background
// is left.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// clock is a clock that tests put forward.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a fake with a few people, roles and channels.
type world struct {
	*discordfake.Fake
	t     *testing.T
	clock *clock
	// Roles: low stands below the bot's, high above it, managed is a bot's.
	low, high, managed string
	// Channels.
	general, secret, private string
}

func newWorld(t *testing.T, opt discordfake.Options) world {
	t.Helper()
	w := world{t: t, clock: newClock()}
	opt.Clock = w.clock
	w.Fake = discordfake.New(t, opt)
	for _, u := range []discordfake.User{
		{Name: "mina", GlobalName: "Mina Okafor", Locale: "en-GB"}, {Name: "ada", GlobalName: "Ada Lindqvist"},
		{Name: "carla", GlobalName: "Carla Contreras", Locale: "de"}, {Name: "stranger"}, {Name: "robot", Bot: true},
	} {
		w.AddUser(u)
	}
	w.low = w.AddRole(discordfake.Role{Name: "Painters", Position: 5})
	w.high = w.AddRole(discordfake.Role{Name: "Owners", Position: 2000, Permissions: discordfake.Administrator})
	w.managed = w.AddRole(discordfake.Role{Name: "Other bot", Position: 3, Managed: true})
	w.AddMember(discordfake.Member{User: "mina"})
	w.AddMember(discordfake.Member{User: "ada", Roles: []string{w.high}, Nick: "Ada the Owner"})
	w.AddMember(discordfake.Member{User: "carla"})
	w.AddMember(discordfake.Member{User: "robot"})
	w.general = w.ChannelID("general")
	w.secret = w.AddChannel(discordfake.Channel{Name: "secret", Overwrites: []discordfake.Overwrite{{ID: w.GuildID(), Deny: discordfake.ViewChannel}}})
	w.private = w.AddChannel(discordfake.Channel{Name: "private", Private: true, Members: []string{w.user("ada")}})
	return w
}

// user is the id of a person.
func (w world) user(name string) string { return w.Person(name).ID() }

// answer is what the API said.
type answer struct {
	status int
	code   int
	body   object
	list   []any
	header http.Header
	raw    string
}

func (a answer) text(key string) string {
	s, _ := a.body[key].(string)
	return s
}

// do calls the API as the bot; body may be nil.
func (w world) do(method, path string, body any, header ...string) answer {
	w.t.Helper()
	header = append([]string{"Authorization", "Bot " + w.BotToken(), "User-Agent", "DiscordBot (https://example.org, 1)"}, header...)
	return w.send(method, path, body, header...)
}

// send calls the API with these headers only.
func (w world) send(method, path string, body any, header ...string) answer {
	w.t.Helper()
	var raw []byte
	if body != nil {
		raw, _ = json.Marshal(body)
	}
	req, err := http.NewRequest(method, w.URL+path, bytes.NewReader(raw))
	must(w.t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	must(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	must(w.t, err)
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(got)}
	_ = json.Unmarshal(got, &a.body)
	_ = json.Unmarshal(got, &a.list)
	if n, ok := a.body["code"].(float64); ok {
		a.code = int(n)
	}
	return a
}

// webhook calls an endpoint that needs no bot token.
func (w world) webhook(method, path string, body any) answer {
	w.t.Helper()
	return w.send(method, path, body, "User-Agent", "DiscordBot (https://example.org, 1)")
}

// register sets the commands of the app.
func (w world) register(commands ...object) {
	w.t.Helper()
	if a := w.do("PUT", "/applications/"+w.AppID()+"/commands", commands); a.status != http.StatusOK {
		w.t.Fatalf("the commands are refused: %s", a.raw)
	}
}

// app answers interactions: nil means that it answers by a call of its own.
type app func(interaction object) any

// serve runs the app over signed HTTP.
func (w world) serve(a app) {
	w.t.Helper()
	key, err := hex.DecodeString(w.PublicKey())
	must(w.t, err)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		signature, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if len(signature) != ed25519.SignatureSize || !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		var i object
		_ = json.Unmarshal(body, &i)
		if i["type"] == 1.0 {
			reply(rw, object{"type": 1})
			return
		}
		if v := a(i); v != nil {
			reply(rw, v)
			return
		}
		rw.WriteHeader(http.StatusAccepted)
	}))
	w.t.Cleanup(server.Close)
	must(w.t, w.DeliverTo(server.URL))
}

// connect runs the app over the gateway.
func (w world) connect(a app) {
	w.t.Helper()
	raw, _ := wired{Fake: w.Fake}.ready(w.t, 1)
	answer := w.byCall(a)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var p struct {
				T string
				D object
			}
			if raw.ws.ReadJSON(&p) != nil {
				return
			}
			if p.T == "INTERACTION_CREATE" {
				answer(p.D)
			}
		}
	}()
	w.t.Cleanup(func() { _ = raw.ws.Close(); <-ended })
}

func reply(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(v)
}

// byCall is the same app, answering by the callback endpoint.
func (w world) byCall(a app) app {
	return func(i object) any {
		path := fmt.Sprintf("/interactions/%s/%s/callback", i["id"], i["token"])
		if got := w.webhook("POST", path, a(i)); got.status != http.StatusNoContent {
			w.t.Errorf("the callback is answered with %d %s", got.status, got.raw)
		}
		return nil
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// card is a message of components with a text and buttons.
func card(words string, buttons ...string) object {
	return object{"flags": 1 << 15, "components": []any{container(words, buttons...)}, "allowed_mentions": object{"parse": []any{}}}
}

func container(words string, buttons ...string) object {
	parts := []any{object{"type": 10, "content": words}}
	var row []any
	for _, b := range buttons {
		row = append(row, object{"type": 2, "style": 1, "label": b, "custom_id": "token of " + b})
	}
	if len(row) > 0 {
		parts = append(parts, object{"type": 1, "components": row})
	}
	return object{"type": 17, "accent_color": 0x336699, "components": parts}
}

// dig walks into JSON: keys and, for lists, indexes.
func dig(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, _ := v.(object)
			v = o[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}
