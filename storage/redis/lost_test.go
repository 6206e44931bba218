package redis_test

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// wire stands between client and server and can lose one reply: the server
// has done the work, and the connection breaks.
type wire struct {
	addr string
	lose atomic.Bool
	lost atomic.Int64
}

func newWire(t *testing.T, server string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	w := &wire{addr: l.Addr().String()}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go w.join(client, server)
		}
	}()
	return w
}

func (w *wire) join(client net.Conn, addr string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(server, client) }()
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if err != nil {
			return
		}
		if w.lose.CompareAndSwap(true, false) {
			w.lost.Add(1)
			return
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}

func TestLostReply(t *testing.T) {
	t.Parallel()
	w := newWire(t, redistest.New(t).Addr())
	s := open(t, redis.Options{URL: "redis://" + w.addr, Mode: storage.Serve})
	audit := runtime.Change{Tenant: "acme", At: noon, Audit: []runtime.Entry{{Key: key("mina"), At: noon, Data: []byte("refused")}}}
	lossy := func(c runtime.Change) error {
		w.lose.Store(true)
		return s.Commit(t.Context(), c)
	}

	if err := lossy(audit); err != nil {
		t.Errorf("an audit event alone: %v", err)
	}
	write := runtime.Change{Tenant: "acme", At: noon, Writes: []runtime.Write{{Key: key("mina"), Data: []byte("one")}}}
	if err := lossy(write); err != nil {
		t.Errorf("a write without a command: %v", err)
	}
	write.Command, write.Writes[0].Revision = "press-1", 1
	if err := lossy(write); !errors.Is(err, runtime.ErrDuplicate) {
		t.Errorf("a write with a command: %v, want that it is done", err)
	}
	write.Command, write.Writes[0].Revision = "press-2", 9
	if err := lossy(write); !errors.Is(err, runtime.ErrConflict) {
		t.Errorf("a conflict: %v", err)
	}
	if n := w.lost.Load(); n != 4 {
		t.Fatalf("%d replies were lost, want 4", n)
	}
	entries, err := s.Audit(t.Context(), runtime.AuditQuery{Tenant: "acme", Max: 10})
	if err != nil || len(entries) != 1 {
		t.Errorf("the audit has %d entries, want 1 (%v)", len(entries), err)
	}
	records, err := s.Load(t.Context(), key("mina"))
	if err != nil || records[0].Revision != 2 {
		t.Errorf("the record is at %d, want 2 (%v)", records[0].Revision, err)
	}
}
