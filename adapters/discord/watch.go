package discord

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

const (
	// openWithin is how long the library may take to connect. When RESUME is
	// answered with op 7 it never comes back: it waits for a lock of its own.
	openWithin = 20 * time.Second
	// readyWithin is how long Discord may take to say READY or RESUMED.
	readyWithin = 15 * time.Second
	// A heartbeat is due about every 41 seconds. The library would wait for
	// five; two without an answer mean that nobody is there.
	silentAfter = 100 * time.Second
	lookEvery   = 10 * time.Second
)

var (
	errHung    = errors.New("the library hangs")
	errSilent  = errors.New("heartbeats are not answered")
	errUnready = errors.New("no session was begun by Discord")
	errLost    = errors.New("the connection ended")
	errMoved   = errors.New("the session is resumed elsewhere")
)

// dialer opens a connection.
type dialer func(ctx context.Context, network, addr string) (net.Conn, error)

// line is one session with the gateway, over one connection after the other.
type line struct {
	a    *Adapter
	s    *discordgo.Session
	lost chan struct{} // the connection ended

	begun atomic.Bool // this connection said READY or RESUMED
	known atomic.Bool // there is a session that could be resumed

	mu      sync.Mutex
	conn    *guard
	address string // of the gateway
	resume  string // where Discord wants a session resumed; "" when it did not say
	move    bool   // the library is to ask for the address again
}

// end notes that a connection ended.
func (l *line) end() {
	select {
	case l.lost <- struct{}{}:
	default:
	}
}

// RoundTrip implements http.RoundTripper: it tells the library's session where
// the gateway is. A session makes no other call.
func (l *line) RoundTrip(req *http.Request) (*http.Response, error) {
	l.mu.Lock()
	address := l.address
	if l.resume != "" && l.known.Load() {
		address = l.resume
	}
	l.mu.Unlock()
	body, err := json.Marshal(map[string]string{"url": withPath(address)})
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
	}, err
}

// withPath keeps the path of an address. The library puts a slash behind it,
// unless there is one, and then what it asks for; both go into a parameter that
// nobody reads. Discord's own addresses have no path.
func withPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Path == "" || u.Path == "/" {
		return address
	}
	q := u.Query()
	q.Set("v", "10")
	q.Set("encoding", "json")
	u.RawQuery = q.Encode() + "&library=/"
	return u.String()
}

// dial opens a connection under guard.
func (l *line) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	l.mu.Lock()
	move := l.move
	l.move = false
	l.mu.Unlock()
	if move {
		return nil, errMoved
	}
	dial := l.a.o.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	conn, err := dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return l.keep(conn), nil
}

// dialTLS opens a connection, secures it, and guards what is said on it.
func (l *line) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := l.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	secure := tls.Client(conn, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return l.keep(secure), nil
}

// keep guards a connection.
func (l *line) keep(conn net.Conn) net.Conn {
	g := &guard{Conn: conn}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = g
	return g
}

// whyLost is errLost, or how Discord closed the connection if it said that.
func (l *line) whyLost() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		if code := l.conn.close.code(); code != 0 {
			return &websocket.CloseError{Code: code}
		}
	}
	return errLost
}

// open connects: with IDENTIFY at first, then with RESUME. A call of the
// library that does not come back is left behind, with its session.
func (l *line) open(ctx context.Context) error {
	select { // of the connection before
	case <-l.lost:
	default:
	}
	l.begun.Store(false)
	done := make(chan error, 1)
	go func() { done <- l.connect() }()
	select {
	case err := <-done:
		return err
	case <-l.a.o.After(openWithin):
		return errHung
	case <-ctx.Done():
		l.abandon()
		return ctx.Err()
	}
}

// connect lets the library connect. Before a RESUME, the library is made to ask
// for the address again, since Discord names another one for that ("Gateway",
// Resuming); and a shard out of bounds keeps it from answering op 9 with
// IDENTIFY at once, which Discord wants after a pause, and which would not be
// counted.
func (l *line) connect() (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("the library broke: %v", broken)
		}
	}()
	if !l.known.Load() {
		return l.s.Open()
	}
	l.s.ShardID, l.s.ShardCount = 2, 2
	l.mu.Lock()
	l.move = l.resume != "" && l.a.o.GatewayURL == ""
	move := l.move
	l.mu.Unlock()
	if err = l.s.Open(); move && errors.Is(err, errMoved) {
		err = l.s.Open()
	}
	return err
}

// resumable reports whether the session can be resumed after an error.
func (l *line) resumable(err error) bool {
	var closed *websocket.CloseError
	switch {
	case !l.known.Load(), errors.Is(err, errHung), errors.Is(err, errSilent), errors.Is(err, errUnready), errors.Is(err, discordgo.ErrWSShardBounds):
		return false
	case errors.As(err, &closed):
		// The session is over ("Opcodes and Status Codes": 4007 and 4009 begin
		// anew; a normal close ends it).
		return closed.Code != 4007 && closed.Code != 4009 && closed.Code != websocket.CloseNormalClosure && closed.Code != websocket.CloseGoingAway
	}
	if !errors.Is(err, errLost) { // nobody listens there: where sessions begin, they can be resumed as well
		l.mu.Lock()
		defer l.mu.Unlock()
		l.resume = ""
	}
	return true
}

// watch returns when the connection ended or is to be given up.
func (l *line) watch(ctx context.Context) error {
	ready := l.a.o.After(readyWithin)
	locked := 0
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.lost:
			return l.whyLost()
		case <-ready:
			if !l.begun.Load() {
				return errUnready
			}
			ready = nil
		case <-l.a.o.After(lookEvery):
			last, ok := l.heard()
			if locked++; ok {
				locked = 0
			}
			if ok && time.Since(last) > silentAfter || locked > 3 {
				return errSilent
			}
		}
	}
}

// heard is when a heartbeat was last answered; false when the library keeps
// that to itself just now.
func (l *line) heard() (time.Time, bool) {
	if !l.s.TryRLock() {
		return time.Time{}, false
	}
	defer l.s.RUnlock()
	return l.s.LastHeartbeatAck, true
}

// abandon breaks the connection; what the library still does ends by that. The
// library's Close would say goodbye first, but sleeps for a second under its
// lock; Discord notices a broken connection as well.
func (l *line) abandon() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		_ = l.conn.Close()
	}
}
