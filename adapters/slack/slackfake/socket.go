package slackfake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets = 10
	// An answer of this size and more is dropped without a word.
	maxAckBytes = 20 * 1024
	pingEvery   = 10 * time.Second
)

// socket is one Socket Mode connection.
type socket struct {
	ws      *websocket.Conn
	writing sync.Mutex
	gone    chan struct{}

	mu      sync.Mutex
	waiting map[string]chan []byte // by envelope id
}

// openConnection is apps.connections.open: a URL that is good for one connection.
func (f *Fake) openConnection(args) (object, error) {
	if !f.socketOn {
		return nil, refuse("forbidden_team")
	}
	ticket := secret()
	f.tickets[ticket] = true
	base := "ws" + strings.TrimPrefix(strings.TrimSuffix(f.URL, "api/"), "http")
	return object{"url": base + "link/?ticket=" + ticket + "&app_id=" + AppID}, nil
}

func (f *Fake) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	f.mu.Lock()
	known := f.tickets[ticket]
	delete(f.tickets, ticket)
	f.mu.Unlock()
	if !known {
		http.Error(w, "link_not_found", http.StatusNotFound)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, WriteBufferSize: 1 << 16}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	s := &socket{ws: ws, gone: make(chan struct{}), waiting: map[string]chan []byte{}}
	if !f.admit(s) {
		_ = ws.Close()
		return
	}
	f.background(func() { s.keepAlive() })
	s.read()
	f.forget(s)
}

// admit counts a connection in and greets it; an eleventh is turned away. No
// envelope goes out before the hello.
func (f *Fake) admit(s *socket) bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	f.mu.Lock()
	n := len(f.sockets) + 1
	select {
	case <-f.done:
		f.mu.Unlock()
		return false
	default:
	}
	if n > maxSockets {
		f.mu.Unlock()
		_ = s.ws.WriteJSON(object{"type": "disconnect", "reason": "too_many_websockets", "debug_info": debugInfo()})
		return false
	}
	f.sockets = append(f.sockets, s)
	f.opened++
	f.touch()
	f.mu.Unlock()
	hello := object{"type": "hello", "num_connections": n, "connection_info": object{"app_id": AppID}, "debug_info": debugInfo()}
	if s.ws.WriteJSON(hello) != nil {
		f.forget(s)
		return false
	}
	return true
}

func debugInfo() object {
	return object{"host": "applink-1", "build_number": 10, "approximate_connection_time": 18060}
}

func (f *Fake) forget(s *socket) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sockets = slices.DeleteFunc(f.sockets, func(x *socket) bool { return x == s })
	f.touch()
}

// read takes acknowledgements until the connection ends.
func (s *socket) read() {
	defer close(s.gone)
	defer func() { _ = s.ws.Close() }()
	for {
		_, data, err := s.ws.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if len(data) >= maxAckBytes || json.Unmarshal(data, &ack) != nil {
			continue
		}
		s.mu.Lock()
		if answer := s.waiting[ack.ID]; answer != nil {
			delete(s.waiting, ack.ID)
			answer <- ack.Payload
		}
		s.mu.Unlock()
	}
}

// keepAlive pings as Slack does; clients give up without.
func (s *socket) keepAlive() {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for n := 0; ; n++ {
		if s.ws.WriteControl(websocket.PingMessage, []byte("Ping "+strconv.Itoa(n)), time.Now().Add(time.Second)) != nil {
			return
		}
		select {
		case <-s.gone:
			return
		case <-ticker.C:
		}
	}
}

func (s *socket) write(v any) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.ws.WriteJSON(v)
}

// send puts an envelope on the connection; the answer comes on the channel.
func (s *socket) send(envelope object) (<-chan []byte, error) {
	answer := make(chan []byte, 1)
	s.mu.Lock()
	s.waiting[envelope["envelope_id"].(string)] = answer
	s.mu.Unlock()
	return answer, s.write(envelope)
}

// pick chooses the connection for the next envelope, each in its turn; nil
// when there is none.
func (f *Fake) pick() *socket {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.sockets) == 0 {
		return nil
	}
	f.nextConn++
	return f.sockets[f.nextConn%len(f.sockets)]
}

// Sockets is the number of connections that are open.
func (f *Fake) Sockets() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.sockets)
}

// Opened is the number of connections that were opened so far.
func (f *Fake) Opened() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.opened
}

// AwaitSockets waits until n connections are open.
func (f *Fake) AwaitSockets(n int) error {
	return f.Await("Socket Mode connections", func() bool { return f.Sockets() >= n })
}

// Refresh ends all connections as Slack does every few hours: a disconnect
// frame with the reason ("warning", "refresh_requested"), then, except for a
// warning, the end. It returns when the app has let go of them.
func (f *Fake) Refresh(reason string) error {
	f.mu.Lock()
	old := slices.Clone(f.sockets)
	f.mu.Unlock()
	for _, s := range old {
		_ = s.write(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-1"}})
	}
	if reason == "warning" {
		return nil
	}
	for _, s := range old {
		_ = s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		select {
		case <-s.gone:
		case <-time.After(f.opt.Patience):
			_ = s.ws.Close()
		}
	}
	return nil
}

// Cut breaks all connections without a word, as a network does.
func (f *Fake) Cut() {
	f.mu.Lock()
	old := slices.Clone(f.sockets)
	f.mu.Unlock()
	for _, s := range old {
		_ = s.ws.UnderlyingConn().Close()
	}
}

// SwitchSocketMode turns Socket Mode on or off in the app's settings: off
// ends all connections with link_disabled and opens no new ones.
func (f *Fake) SwitchSocketMode(on bool) error {
	f.mu.Lock()
	f.socketOn = on
	f.mu.Unlock()
	if on {
		return nil
	}
	return f.Refresh("link_disabled")
}

func (f *Fake) closeSockets() {
	f.mu.Lock()
	old := slices.Clone(f.sockets)
	f.mu.Unlock()
	for _, s := range old {
		_ = s.ws.Close()
	}
}
