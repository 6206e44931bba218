package discordfake_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

const (
	guilds   = 1 << 0
	messages = 1 << 9
	direct   = 1 << 12
)

func TestTheGatewayTellsWhereItIsAndHowManyStartsAreLeft(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	ask := func(path, token string) (int, map[string]any) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+path, nil)
		noError(t, err)
		req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
		if token != "" {
			req.Header.Set("Authorization", "Bot "+token)
		}
		req.Close = true
		resp, err := http.DefaultClient.Do(req)
		noError(t, err)
		defer func() { _ = resp.Body.Close() }()
		var got map[string]any
		noError(t, json.NewDecoder(resp.Body).Decode(&got))
		return resp.StatusCode, got
	}
	status, got := ask("/gateway", "")
	if status != http.StatusOK || got["url"] != "ws://"+w.Host() {
		t.Errorf("Get Gateway: %d %v", status, got)
	}
	if status, got = ask("/gateway/bot", "wrong"); status != http.StatusUnauthorized {
		t.Errorf("Get Gateway Bot with a wrong token: %d %v", status, got)
	}
	limit := func() map[string]any {
		_, got := ask("/gateway/bot", w.BotToken())
		return got["session_start_limit"].(map[string]any)
	}
	if want := map[string]any{"total": 1000.0, "remaining": 1000.0, "reset_after": 0.0, "max_concurrency": 1.0}; !reflect.DeepEqual(limit(), want) {
		t.Errorf("before: %v", limit())
	}
	w.ready(t, 0)
	w.later(time.Hour)
	if want := map[string]any{"total": 1000.0, "remaining": 999.0, "reset_after": 82800000.0, "max_concurrency": 1.0}; !reflect.DeepEqual(limit(), want) {
		t.Errorf("an hour after a start: %v", limit())
	}
	w.later(23 * time.Hour)
	if limit()["remaining"] != 1000.0 {
		t.Errorf("a day after: %v", limit())
	}
}

func TestAnAppThatIdentifiesGetsItsServers(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{Intents: discordfake.IntentContent})
	w.AddGuild(discordfake.Guild{ID: "7", Name: "Elsewhere", NoBot: true})
	a := w.greeted(t)
	a.send(1, nil)
	a.want("op 11 null")
	a.send(2, w.hello(guilds))
	ready := a.want("READY")
	if *ready.S != 1 || ready.field(t, "v") != 10.0 || ready.field(t, "resume_gateway_url") != "ws://"+w.Host()+"/resume" {
		t.Errorf("READY is %d %s", *ready.S, ready.D)
	}
	if want := []any{map[string]any{"id": w.GuildID(), "unavailable": true}}; !reflect.DeepEqual(ready.field(t, "guilds"), want) {
		t.Errorf("the servers are %v", ready.field(t, "guilds"))
	}
	if want := map[string]any{"id": w.AppID(), "flags": float64(1 << 19)}; !reflect.DeepEqual(ready.field(t, "application"), want) {
		t.Errorf("the application is %v", ready.field(t, "application"))
	}
	created := a.want("GUILD_CREATE")
	if *created.S != 2 || created.field(t, "id") != w.GuildID() || len(created.field(t, "members").([]any)) != 1 {
		t.Errorf("GUILD_CREATE is %d %s", *created.S, created.D)
	}
	got := w.Gateway().Stats()
	if want := (discordfake.GatewayStats{Connections: 1, Sessions: 1, Most: 1, Opened: 1, Identifies: 1, Heartbeats: 1}); !reflect.DeepEqual(got, want) {
		t.Errorf("the gateway has seen %+v", got)
	}
}

func TestTheGatewayClosesWithTheCodeForEachMistake(t *testing.T) {
	t.Parallel()
	with := func(w wired, key string, value any) map[string]any {
		d := w.hello(0)
		d[key] = value
		if value == nil {
			delete(d, key)
		}
		return d
	}
	for name, c := range map[string]struct {
		code  int
		query string
		do    func(wired, *rawApp)
	}{
		"an old version":        {4012, "?v=8&encoding=json", nil},
		"no version":            {4012, "", nil},
		"no encoding":           {4002, "?v=10", nil},
		"a strange compression": {4002, inJSON + "&compress=lz", nil},
		"presence first":        {4003, inJSON, func(_ wired, a *rawApp) { a.send(3, map[string]any{}) }},
		"an unknown opcode":     {4001, inJSON, func(_ wired, a *rawApp) { a.send(5, nil) }},
		"no JSON":               {4002, inJSON, func(_ wired, a *rawApp) { noError(a.t, a.ws.WriteMessage(websocket.TextMessage, []byte("{"))) }},
		"binary": {4002, inJSON, func(_ wired, a *rawApp) {
			noError(a.t, a.ws.WriteMessage(websocket.BinaryMessage, []byte(`{"op":1,"d":null}`)))
		}},
		"no opcode":               {4002, inJSON, func(_ wired, a *rawApp) { noError(a.t, a.ws.WriteMessage(websocket.TextMessage, []byte(`{"d":1}`))) }},
		"4097 bytes":              {4002, inJSON, func(_ wired, a *rawApp) { a.send(3, filler(4097)) }},
		"4096 bytes":              {4003, inJSON, func(_ wired, a *rawApp) { a.send(3, filler(4096)) }},
		"a heartbeat of words":    {4002, inJSON, func(_ wired, a *rawApp) { a.send(1, "now") }},
		"a wrong token":           {4004, inJSON, func(w wired, a *rawApp) { a.send(2, with(w, "token", "guess")) }},
		"no properties":           {4002, inJSON, func(w wired, a *rawApp) { a.send(2, with(w, "properties", nil)) }},
		"a large threshold":       {4002, inJSON, func(w wired, a *rawApp) { a.send(2, with(w, "large_threshold", 251)) }},
		"no intents":              {4013, inJSON, func(w wired, a *rawApp) { a.send(2, with(w, "intents", nil)) }},
		"intents that are none":   {4013, inJSON, func(w wired, a *rawApp) { a.send(2, w.hello(1<<17)) }},
		"members not switched on": {4014, inJSON, func(w wired, a *rawApp) { a.send(2, w.hello(discordfake.IntentMembers)) }},
		"content not switched on": {4014, inJSON, func(w wired, a *rawApp) { a.send(2, w.hello(guilds|discordfake.IntentContent)) }},
		"a shard out of range":    {4010, inJSON, func(w wired, a *rawApp) { a.send(2, with(w, "shard", []int{2, 2})) }},
		"IDENTIFY twice":          {4005, inJSON, func(w wired, a *rawApp) { a.send(2, w.hello(0)); a.send(2, w.hello(0)) }},
		"RESUME with a session":   {4005, inJSON, func(w wired, a *rawApp) { a.send(2, w.hello(0)); a.send(6, map[string]any{}) }},
		"RESUME, wrong token":     {4004, inJSON, func(_ wired, a *rawApp) { a.send(6, map[string]any{"token": "guess", "session_id": "x", "seq": 1}) }},
		"121 payloads": {4008, inJSON, func(_ wired, a *rawApp) {
			for range 121 {
				a.send(1, nil)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWired(t, discordfake.Options{})
			a := w.dial(t, "/"+c.query)
			if c.do != nil {
				c.do(w, a)
			}
			if code := a.ended(); code != c.code {
				t.Errorf("closed with %d, not %d", code, c.code)
			}
			if got := w.Gateway().Stats().Closed; !slices.Equal(got, []int{c.code}) {
				t.Errorf("the fake says it closed with %v", got)
			}
		})
	}
}

// filler makes a payload of so many bytes, with the newline that WriteJSON adds.
func filler(bytes int) string { return strings.Repeat("x", bytes-len(`{"d":"","op":3}`)-1) }

func TestAnAppInMoreThan2500ServersNeedsShards(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	for range 2500 {
		w.AddGuild(discordfake.Guild{Name: "one of many"})
	}
	a := w.greeted(t)
	a.send(2, w.hello(0))
	if code := a.ended(); code != 4011 {
		t.Errorf("closed with %d", code)
	}
}

func TestA120thPayloadAMinuteIsTaken(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a := w.greeted(t)
	for round := range 2 {
		for range 120 {
			a.send(1, nil)
			a.want("op 11 null")
		}
		if round == 0 {
			w.clock.forward(time.Minute)
		}
	}
}

func TestAHeartbeatThatDoesNotComeEndsTheConnectionButNotTheSession(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a, id := w.ready(t, 0)
	w.later(45 * time.Second)
	a.send(1, 1)
	a.want("op 11 null")
	w.later(45 * time.Second)
	if s := w.Gateway().Stats(); s.Sessions != 1 || len(s.Closed) != 0 {
		t.Errorf("a heartbeat on time: %+v", s)
	}
	w.later(5 * time.Second)
	if s := w.Gateway().Stats(); s.Sessions != 1 {
		t.Errorf("a heartbeat in its grace: %+v", s)
	}
	w.later(time.Nanosecond)
	if code := a.ended(); code != 4000 {
		t.Errorf("closed with %d", code)
	}
	b := w.greeted(t)
	b.send(6, map[string]any{"token": w.BotToken(), "session_id": id, "seq": 1})
	b.want("RESUMED")
}

func TestAClockThatWakesEndsAConnectionByItself(t *testing.T) {
	t.Parallel()
	f := discordfake.New(t, discordfake.Options{Gateway: discordfake.GatewayOptions{Clock: hasty{start: time.Now()}}})
	a := wired{Fake: f}.greeted(t)
	if code := a.ended(); code != 4000 {
		t.Errorf("closed with %d", code)
	}
}

// hasty is a clock that runs a thousand times as fast.
type hasty struct{ start time.Time }

func (h hasty) Now() time.Time                         { return h.start.Add(1000 * time.Since(h.start)) }
func (h hasty) After(d time.Duration) <-chan time.Time { return time.After(d / 1000) }

func TestAcksHelloAndReadyCanBeWithheld(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	w.Gateway().Withhold(discordfake.SilentAcks)
	a := w.greeted(t)
	a.send(1, nil)
	a.send(2, w.hello(0))
	a.want("READY")
	w.Gateway().AskHeartbeat()
	a.want("op 1 null")
	w.Gateway().Withhold(discordfake.SilentHello | discordfake.SilentReady)
	b := w.dial(t, "/"+inJSON)
	w.later(time.Hour)
	b.send(1, nil)
	b.want("op 11 null")
	b.send(2, w.hello(0))
	b.send(1, nil)
	b.want("op 11 null")
}

func TestAConnectionIsTurnedAwayInsteadOfHello(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	w.Gateway().TurnAway(2)
	for range 2 {
		a := w.dial(t, "/"+inJSON)
		a.want("op 7 null")
		a.hangUp(4900)
	}
	w.ready(t, 0)
}

func TestAnIdentifyTooManyResetsTheToken(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{Gateway: discordfake.GatewayOptions{Starts: 3}})
	token := w.BotToken()
	_, id := w.ready(t, 0)
	w.Gateway().Cut()
	a, _ := w.ready(t, 0)
	w.Gateway().Spend(1)
	b := w.greeted(t)
	b.send(2, w.hello(0))
	if first, second := a.ended(), b.ended(); first != 4004 || second != 4004 {
		t.Errorf("closed with %d and %d", first, second)
	}
	if w.BotToken() == token || w.Gateway().Stats().TokenResets != 1 {
		t.Error("the token is as it was")
	}
	c := w.greeted(t)
	c.send(6, map[string]any{"token": token, "session_id": id, "seq": 1})
	if code := c.ended(); code != 4004 {
		t.Errorf("the old token: %d", code)
	}
	d := w.greeted(t)
	d.send(6, w.resume(id, 1))
	d.want("op 9 false")
	w.later(24 * time.Hour)
	w.ready(t, 0)
}

func TestStartsAreLimitedInFiveSecondsWhenAskedFor(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{Gateway: discordfake.GatewayOptions{StrictStarts: true, MaxConcurrency: 2}})
	w.ready(t, 0)
	w.ready(t, 0)
	a := w.greeted(t)
	a.send(2, w.hello(0))
	a.want("op 9 false")
	w.clock.forward(5 * time.Second)
	a.send(2, w.hello(0))
	a.want("READY")
	if s := w.Gateway().Stats(); s.Most != 3 || s.Identifies != 4 {
		t.Errorf("%+v", s)
	}
}

func TestPayloadsAreCompressedAsAsked(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a := w.greeted(t)
	d := w.hello(guilds)
	d["compress"] = true
	a.send(2, d)
	a.want("READY")
	a.want("GUILD_CREATE")
	b := w.dial(t, "/"+inJSON+"&compress=zlib-stream")
	b.want("op 10 {\"heartbeat_interval\":45000}")
	b.send(2, d)
	b.want("READY")
	b.want("GUILD_CREATE")
}

func TestTheGatewayGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a, _ := w.ready(t, 0)
	w.Gateway().Down(true)
	if _, err := a.next(); err == nil || websocket.IsCloseError(err, 1000, 1001, 4000) {
		t.Errorf("the connection is not broken: %v", err)
	}
	_, resp, err := websocket.DefaultDialer.Dial("ws://"+w.Host()+inJSON, nil)
	if err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a new connection: %v", err)
	}
	w.Gateway().Down(false)
	w.ready(t, 0)
}
