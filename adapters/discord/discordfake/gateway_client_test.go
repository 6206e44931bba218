package discordfake_test

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// wireClock is the gateway's clock, put forward by the test.
type wireClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *wireClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *wireClock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// wired is a fake whose gateway goes by a clock of the test.
type wired struct {
	*discordfake.Fake
	clock *wireClock
}

func newWired(t *testing.T, opt discordfake.Options) wired {
	t.Helper()
	w := wired{clock: &wireClock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	opt.Gateway.Clock = w.clock
	w.Fake = discordfake.New(t, opt)
	return w
}

// later puts the gateway's clock forward.
func (w wired) later(d time.Duration) {
	w.clock.forward(d)
	w.Poke()
}

// payload is what comes over the gateway.
type payload struct {
	Op int             `json:"op"`
	D  json.RawMessage `json:"d"`
	S  *int64          `json:"s"`
	T  *string         `json:"t"`
}

func (p payload) String() string {
	if p.T != nil {
		return *p.T
	}
	return fmt.Sprint("op ", p.Op, " ", string(p.D))
}

func (p payload) field(t *testing.T, name string) any {
	t.Helper()
	var o map[string]any
	noError(t, json.Unmarshal(p.D, &o))
	return o[name]
}

// rawApp is an app that speaks the gateway by hand.
type rawApp struct {
	t      *testing.T
	ws     *websocket.Conn
	inflow *inflow // with zlib-stream
}

// inflow reads one zlib context over many messages.
type inflow struct {
	buf bytes.Buffer
	z   io.ReadCloser
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const inJSON = "?v=10&encoding=json"

func (w wired) dial(t *testing.T, query string) *rawApp {
	t.Helper()
	dialer := websocket.Dialer{NetDialContext: w.DialContext}
	ws, resp, err := dialer.Dial("ws://"+w.Host()+query, nil)
	noError(t, err)
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	a := &rawApp{t: t, ws: ws}
	if strings.Contains(query, "zlib-stream") {
		a.inflow = &inflow{}
	}
	return a
}

// greeted is a connection that got HELLO.
func (w wired) greeted(t *testing.T) *rawApp {
	t.Helper()
	a := w.dial(t, "/"+inJSON)
	a.want("op 10 {\"heartbeat_interval\":45000}")
	return a
}

// hello is IDENTIFY with these intents.
func (w wired) hello(intents int) map[string]any {
	return map[string]any{"token": w.BotToken(), "intents": intents, "properties": map[string]any{"os": "linux"}}
}

// ready is a connection with a session; it returns the session's id too.
func (w wired) ready(t *testing.T, intents int) (*rawApp, string) {
	t.Helper()
	a := w.greeted(t)
	a.send(2, w.hello(intents))
	ready := a.want("READY")
	if intents&1 != 0 {
		a.want("GUILD_CREATE")
	}
	return a, ready.field(t, "session_id").(string)
}

func (a *rawApp) send(op int, d any) {
	a.t.Helper()
	noError(a.t, a.ws.WriteJSON(map[string]any{"op": op, "d": d}))
}

// next is the next payload.
func (a *rawApp) next() (payload, error) {
	noError(a.t, a.ws.SetReadDeadline(time.Now().Add(10*time.Second)))
	kind, data, err := a.ws.ReadMessage()
	if err != nil {
		return payload{}, err
	}
	if kind == websocket.BinaryMessage {
		data, err = a.inflate(data)
		noError(a.t, err)
	}
	var p payload
	noError(a.t, json.Unmarshal(data, &p))
	return p, nil
}

func (a *rawApp) inflate(data []byte) ([]byte, error) {
	if a.inflow == nil {
		z, err := zlib.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(z)
	}
	if !bytes.HasSuffix(data, []byte{0, 0, 0xff, 0xff}) {
		return nil, errors.New("no Z_SYNC_FLUSH suffix")
	}
	a.inflow.buf.Write(data)
	if a.inflow.z == nil {
		z, err := zlib.NewReader(&a.inflow.buf)
		if err != nil {
			return nil, err
		}
		a.inflow.z = z
	}
	var one json.RawMessage
	err := json.NewDecoder(a.inflow.z).Decode(&one)
	return one, err
}

// want reads the next payload, which has to be this one.
func (a *rawApp) want(what string) payload {
	a.t.Helper()
	p, err := a.next()
	if err != nil {
		a.t.Fatalf("instead of %s: %v", what, err)
	}
	if p.String() != what {
		a.t.Fatalf("instead of %s: %s", what, p)
	}
	return p
}

// ended reads on until the connection ends and gives the close code.
func (a *rawApp) ended() int {
	a.t.Helper()
	for {
		_, err := a.next()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			a.t.Fatalf("the connection ended without a code: %v", err)
		}
	}
}

// hangUp ends the connection with a code.
func (a *rawApp) hangUp(code int) {
	a.t.Helper()
	noError(a.t, a.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second)))
	_ = a.ended()
	_ = a.ws.Close()
}
