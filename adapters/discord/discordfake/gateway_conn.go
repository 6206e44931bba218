package discordfake

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Opcodes (Opcodes and Status Codes, "Gateway Opcodes").
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
	opRequestSounds  = 31
)

// Close codes (Opcodes and Status Codes, "Gateway Close Event Codes").
const (
	CloseUnknownError         = 4000
	CloseUnknownOpcode        = 4001
	CloseDecodeError          = 4002
	CloseNotAuthenticated     = 4003
	CloseAuthenticationFailed = 4004
	CloseAlreadyAuthenticated = 4005
	CloseInvalidSeq           = 4007
	CloseRateLimited          = 4008
	CloseSessionTimedOut      = 4009
	CloseInvalidShard         = 4010
	CloseShardingRequired     = 4011
	CloseInvalidVersion       = 4012
	CloseInvalidIntents       = 4013
	CloseDisallowedIntents    = 4014
)

const (
	// An app sends at most so many payloads in sendWindow, heartbeats included
	// (Gateway, "Rate Limiting").
	sendLimit  = 120
	sendWindow = time.Minute
	// No payload of an app is longer (Gateway, "Sending Events").
	maxPayload = 4096
	// The interval in HELLO has tolerance; Discord does not say how much.
	heartbeatGrace = 5 * time.Second
	// So long, in real time, a close waits for the app to hang up: who hangs up
	// first may lose the close code on its way.
	hangUp = 2 * time.Second
	// Payloads from this length on are compressed.
	packFrom = 512
)

// frame is a payload on its way to the app (Gateway Events, "Payload
// Structure"): s and t are null for all but dispatches.
type frame struct {
	Op int     `json:"op"`
	D  any     `json:"d"`
	S  *int64  `json:"s"`
	T  *string `json:"t"`
}

// conn is one websocket.
type conn struct {
	g       *Gateway
	ws      *websocket.Conn
	version int
	resumes bool          // it came to resume_gateway_url
	stream  *stream       // transport compression, if asked for
	gone    chan struct{} // the app hung up
	outbox  outbox

	// f.mu guards these.
	session *session // nil until IDENTIFY or RESUME
	packer  *packer  // payload compression, if asked for
	heard   time.Time
	sent    []time.Time // what the app sent in the last minute
	closing bool
}

func newConn(g *Gateway, ws *websocket.Conn) *conn {
	ws.SetCloseHandler(func(int, string) error { return nil }) // see goodbye
	return &conn{g: g, ws: ws, gone: make(chan struct{}), outbox: outbox{wake: make(chan struct{}, 1)}}
}

// outbox is what waits to be written. An app that does not read stops the
// writer, never the fake.
type outbox struct {
	mu    sync.Mutex
	queue []parcel
	wake  chan struct{}
}

// parcel is a message, or the close code that ends the connection.
type parcel struct {
	data   []byte
	binary bool
	code   int
}

func (o *outbox) put(p parcel) {
	o.mu.Lock()
	o.queue = append(o.queue, p)
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *outbox) take() []parcel {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := o.queue
	o.queue = nil
	return all
}

// send queues a payload. f.mu is held.
func (c *conn) send(v frame) {
	data, _ := json.Marshal(v)
	c.sendBytes(data)
}

func (c *conn) sendBytes(data []byte) {
	switch {
	case c.closing:
	case c.stream != nil:
		c.outbox.put(parcel{data: c.stream.squeeze(data), binary: true})
	case c.packer != nil && len(data) >= packFrom:
		c.outbox.put(parcel{data: c.packer.pack(data), binary: true})
	default:
		c.outbox.put(parcel{data: data})
	}
}

// end closes the connection with a code; what was queued goes out before. f.mu
// is held.
func (c *conn) end(code int) {
	if c.closing {
		return
	}
	c.outbox.put(parcel{code: code})
	c.closing = true
	c.g.stats.Closed = append(c.g.stats.Closed, code)
	c.leave(!slices.Contains([]int{CloseNotAuthenticated, CloseAuthenticationFailed, CloseInvalidSeq, CloseSessionTimedOut}, code))
}

// leave parts the connection from its session. f.mu is held.
func (c *conn) leave(resumable bool) {
	if s := c.session; s != nil {
		c.session = nil
		c.g.detach(s, resumable)
	}
	c.g.f.touch()
}

// write is the only writer of messages.
func (c *conn) write() {
	for {
		select {
		case <-c.gone:
			return
		case <-c.outbox.wake:
		}
		for _, p := range c.outbox.take() {
			if !c.writeOne(p) {
				return
			}
		}
	}
}

func (c *conn) writeOne(p parcel) bool {
	if p.code != 0 {
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(p.code, closeText(p.code)), time.Now().Add(hangUp))
		select {
		case <-c.gone:
		case <-time.After(hangUp):
		case <-c.g.f.done:
		}
		_ = c.ws.Close()
		return false
	}
	kind := websocket.TextMessage
	if p.binary {
		kind = websocket.BinaryMessage
	}
	return c.ws.WriteMessage(kind, p.data) == nil
}

// read takes what the app sends until it hangs up.
func (c *conn) read() {
	defer close(c.gone)
	defer func() { _ = c.ws.Close() }()
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			c.g.lost(c, err)
			c.goodbye()
			return
		}
		c.g.receive(c, kind == websocket.TextMessage, data)
	}
}

// goodbye answers a close frame, once the fake knows of it. In process it leaves
// it to the app to hang up first: discordgo holds its mutex for a second after
// its close frame, and whatever makes its reader wait for the mutex in that
// second stops the time of a testing/synctest bubble.
func (c *conn) goodbye() {
	until := time.Now().Add(hangUp)
	if !c.g.opt.InProcess {
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), until)
		return
	}
	under := c.ws.UnderlyingConn()
	_ = under.SetReadDeadline(until)
	_, _ = io.Copy(io.Discard, under)
}

// lost is the app's hanging up. Codes 1000 and 1001 end the session; after any
// other end it can be resumed (Gateway, "Initiating a Disconnect").
func (g *Gateway) lost(c *conn, err error) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	g.conns = slices.DeleteFunc(g.conns, func(x *conn) bool { return x == c })
	var closed *websocket.CloseError
	final := false
	if errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure {
		final = closed.Code == websocket.CloseNormalClosure || closed.Code == websocket.CloseGoingAway
		if !c.closing {
			g.stats.HungUp = append(g.stats.HungUp, closed.Code)
		}
	}
	c.closing = true
	c.leave(!final)
}

// watch ends the connection when a heartbeat is overdue, if the clock can wake.
func (c *conn) watch() {
	clock, ok := c.g.opt.Clock.(alarm)
	if !ok {
		return
	}
	for {
		c.g.f.mu.Lock()
		wait, over := c.patience(c.g.opt.Clock.Now()), c.closing
		c.g.f.mu.Unlock()
		if over {
			return
		}
		select {
		case <-clock.After(wait):
			c.g.f.mu.Lock()
			c.g.overdue()
			c.g.f.mu.Unlock()
		case <-c.gone:
			return
		}
	}
}

// patience is how long the connection may go on without a heartbeat; one that
// was not told an interval owes none.
func (c *conn) patience(now time.Time) time.Duration {
	if c.heard.IsZero() {
		return c.g.opt.Heartbeat
	}
	return c.heard.Add(c.g.opt.Heartbeat + heartbeatGrace + 1).Sub(now)
}

// overdue ends the connections whose heartbeat has not come in time. The app
// has to resume (Gateway, "Heartbeat Interval"), so the code is none that ends
// a session. f.mu is held.
func (g *Gateway) overdue() {
	now := g.opt.Clock.Now()
	for _, c := range g.conns {
		if c.patience(now) <= 0 {
			c.end(CloseUnknownError)
		}
	}
}

// tooMany counts what the app sends. f.mu is held.
func (c *conn) tooMany(now time.Time) bool {
	c.sent = slices.DeleteFunc(c.sent, func(at time.Time) bool { return now.Sub(at) >= sendWindow })
	c.sent = append(c.sent, now)
	return len(c.sent) > sendLimit
}

// stream is zlib-stream: one zlib context for the connection, flushed after
// each payload (Gateway, "zlib-stream").
type stream struct {
	buf bytes.Buffer
	z   *zlib.Writer
}

func newStream() *stream {
	s := &stream{}
	s.z = zlib.NewWriter(&s.buf)
	return s
}

func (s *stream) squeeze(data []byte) []byte {
	_, _ = s.z.Write(data)
	_ = s.z.Flush()
	out := bytes.Clone(s.buf.Bytes())
	s.buf.Reset()
	return out
}

// packer is payload compression: each payload by itself, and not all of them
// (Gateway, "Payload Compression").
type packer struct{ z *zlib.Writer }

func newPacker() *packer { return &packer{zlib.NewWriter(nil)} }

func (p *packer) pack(data []byte) []byte {
	var buf bytes.Buffer
	p.z.Reset(&buf)
	_, _ = p.z.Write(data)
	_ = p.z.Close()
	return buf.Bytes()
}

// closeText is what Discord says along with a code.
func closeText(code int) string {
	switch code {
	case CloseUnknownError:
		return "Unknown error."
	case CloseUnknownOpcode:
		return "Unknown opcode."
	case CloseDecodeError:
		return "Error while decoding payload."
	case CloseNotAuthenticated:
		return "Not authenticated."
	case CloseAuthenticationFailed:
		return "Authentication failed."
	case CloseAlreadyAuthenticated:
		return "Already authenticated."
	case CloseInvalidSeq:
		return "Invalid sequence."
	case CloseRateLimited:
		return "You are being rate limited."
	case CloseSessionTimedOut:
		return "Session timed out."
	case CloseInvalidShard:
		return "Invalid shard."
	case CloseShardingRequired:
		return "Sharding required."
	case CloseInvalidVersion:
		return "Invalid API version."
	case CloseInvalidIntents:
		return "Invalid intent(s)."
	case CloseDisallowedIntents:
		return "Disallowed intent(s)."
	}
	return ""
}
