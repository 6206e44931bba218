package discordfake

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// GatewayOptions are how the gateway behaves. The zero value is Discord's.
type GatewayOptions struct {
	// Clock times connections: heartbeats, the send limit, the IDENTIFY budget,
	// how long a session can be resumed. nil: the machine's, since the app's
	// timers go by that one (inside a testing/synctest bubble: the bubble's).
	Clock Clock
	// Heartbeat is the interval that HELLO asks for. 0: 45 s.
	Heartbeat time.Duration
	// Resumable is how long a session waits for its app. Discord says "a few
	// minutes" (Gateway, "Initiating a Disconnect"). 0: 2 minutes.
	Resumable time.Duration
	// Starts are the IDENTIFY calls of 24 hours; one more resets the token
	// (Gateway, "Identifying"). 0: 1000.
	Starts int
	// MaxConcurrency is the number of IDENTIFY calls in 5 s. 0: 1. It is told in
	// GET /gateway/bot, and enforced with StrictStarts: one more is answered
	// with op 9 (Gateway, "Rate Limiting").
	MaxConcurrency int
	StrictStarts   bool
	// InProcess: no port is opened; the app comes over net.Pipe, through
	// Fake.DialContext. It is what testing/synctest needs. DeliverTo still needs a
	// network.
	InProcess bool
}

func (o GatewayOptions) withDefaults() GatewayOptions {
	if o.Clock == nil {
		o.Clock = wallClock{}
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 45 * time.Second
	}
	if o.Resumable == 0 {
		o.Resumable = 2 * time.Minute
	}
	if o.Starts == 0 {
		o.Starts = 1000
	}
	if o.MaxConcurrency == 0 {
		o.MaxConcurrency = 1
	}
	return o
}

// transport carries interactions and events to the app: interactions over the
// gateway or over signed HTTP, never both (Receiving and Responding,
// "Receiving an Interaction"); events over the gateway.
type transport struct {
	f       *Fake
	gateway *Gateway

	// f.mu guards these.
	endpoint string // the Interactions Endpoint URL; "" for the gateway
	carried  int    // interactions over HTTP so far

	pipes *pipes // instead of a network
}

func newTransport(f *Fake) *transport {
	g := &Gateway{f: f, opt: f.opt.Gateway.withDefaults(), sessions: map[string]*session{}}
	return &transport{f: f, gateway: g}
}

// Gateway is the gateway's side of the fake, to look at and to make trouble.
func (f *Fake) Gateway() *Gateway { return f.out.gateway }

// Gateway is Discord's gateway. Its state is under the fake's lock.
type Gateway struct {
	f   *Fake
	opt GatewayOptions

	conns    []*conn
	sessions map[string]*session
	stats    GatewayStats
	started  []time.Time // IDENTIFY calls of the last 5 s
	since    time.Time   // the first IDENTIFY of these 24 hours
	starts   int         // and how many there were
	silence  Silence
	resumes  []ResumeAnswer
	turned   int // so many connections get op 7 instead of HELLO
	down     bool
}

func (tr *transport) routes(mux *http.ServeMux) {
	g := tr.gateway
	for _, v := range []string{"v9", "v10"} {
		mux.HandleFunc("GET /api/"+v+"/gateway", g.tellURL)
		mux.HandleFunc("GET /api/"+v+"/gateway/bot", g.f.authorized(g.tellStarts))
	}
	mux.HandleFunc("GET /{$}", g.serve)
	mux.HandleFunc("GET "+resumePath, g.serve)
}

// URL is where the websocket is, without a slash at the end, as Discord tells it
// in GET /gateway.
func (g *Gateway) URL() string {
	return "ws://" + g.f.Host()
}

func (g *Gateway) tellURL(w http.ResponseWriter, _ *http.Request) {
	writeObject(w, object{"url": g.URL()})
}

// tellStarts is Get Gateway Bot.
func (g *Gateway) tellStarts(w http.ResponseWriter, _ *http.Request) {
	g.f.mu.Lock()
	left, after := g.budget(g.opt.Clock.Now())
	g.f.mu.Unlock()
	writeObject(w, object{
		"url": g.URL(), "shards": 1, "session_start_limit": object{
			"total": g.opt.Starts, "remaining": left, "reset_after": after.Milliseconds(), "max_concurrency": g.opt.MaxConcurrency,
		},
	})
}

func writeObject(w http.ResponseWriter, o object) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(o)
}

// serve is one connection, from the handshake to its end.
func (g *Gateway) serve(w http.ResponseWriter, r *http.Request) {
	g.f.mu.Lock()
	down := g.down
	g.f.mu.Unlock()
	if down {
		http.Error(w, "no gateway", http.StatusServiceUnavailable)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := newConn(g, ws)
	c.resumes = r.URL.Path == resumePath
	if !g.admit(c) {
		_ = ws.Close()
		return
	}
	g.f.background(c.write)
	g.f.background(c.watch)
	g.greet(c, r.URL.Query().Get)
	c.read()
}

func (g *Gateway) admit(c *conn) bool {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	select {
	case <-g.f.done:
		return false
	default:
	}
	g.conns = append(g.conns, c)
	g.stats.Opened++
	g.f.touch()
	return true
}

// greet looks at the address's parameters (Gateway, "Gateway URL Query String
// Params") and says HELLO. etf and zstd-stream are not here.
func (g *Gateway) greet(c *conn, param func(string) string) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	switch param("v") {
	case "9", "10":
		c.version, _ = strconv.Atoi(param("v"))
	default:
		c.end(CloseInvalidVersion)
		return
	}
	if param("encoding") != "json" || (param("compress") != "" && param("compress") != "zlib-stream") {
		c.end(CloseDecodeError)
		return
	}
	if param("compress") != "" {
		c.stream = newStream()
	}
	if g.turned > 0 {
		g.turned--
		c.send(frame{Op: opReconnect})
		return
	}
	if g.silence&SilentHello == 0 {
		c.heard = g.opt.Clock.Now()
		c.send(frame{Op: opHello, D: object{"heartbeat_interval": g.opt.Heartbeat.Milliseconds()}})
	}
}

// deliver hands an interaction over: by HTTP if the app has an address for
// them, else as INTERACTION_CREATE, which knows no intent.
func (tr *transport) deliver(ctx context.Context, payload object) ([]byte, error) {
	f := tr.f
	f.mu.Lock()
	if tr.endpoint != "" {
		f.mu.Unlock()
		return tr.post(ctx, payload)
	}
	defer f.mu.Unlock()
	guild, _ := payload["guild_id"].(string)
	if tr.gateway.reach(guild) == 0 {
		return nil, errNobody
	}
	tr.gateway.dispatch(guild, "INTERACTION_CREATE", payload)
	return nil, nil
}

func (tr *transport) dispatch(guild, event string, data object) {
	tr.gateway.dispatch(guild, event, data)
}

func (tr *transport) clockMoved() {
	tr.f.mu.Lock()
	defer tr.f.mu.Unlock()
	tr.gateway.overdue()
}

func (tr *transport) close() {
	tr.f.mu.Lock()
	all := slices.Clone(tr.gateway.conns)
	tr.f.mu.Unlock()
	for _, c := range all {
		_ = c.ws.Close()
	}
}

// bearer cuts "Bot " off a token: IDENTIFY takes it with and without, as
// discordgo sends it.
func bearer(token string) string { return strings.TrimPrefix(token, "Bot ") }
