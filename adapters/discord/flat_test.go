package discord

import (
	"bytes"
	"context"

	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// TestNothingStaysBehind runs alone: it looks at all goroutines and all memory.
func TestNothingStaysBehind(t *testing.T) {
	f := newFixture(t, "http")
	ctx, end := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.a.Run(ctx, replies{chat.Tell{Card: brief("Yours")}}) }()
	f.await(t)
	handler := f.a.Handler()
	take := func(i int) {
		body := f.body(strconv.Itoa(1000+i), nil)
		r := httptest.NewRequest(http.MethodPost, Interactions, bytes.NewReader([]byte(body)))
		f.fake.Sign(r, time.Now(), []byte(body))
		out := httptest.NewRecorder()
		if handler.ServeHTTP(out, r); out.Code != http.StatusOK {
			t.Fatalf("interaction %d: %d", i, out.Code)
		}
	}
	for i := range many { // fills what remembers
		take(i)
	}
	goroutines, heap := goruntime.NumGoroutine(), inUse()
	for i := range many {
		take(many + i)
	}
	if n := goruntime.NumGoroutine(); n > goroutines+5 {
		t.Errorf("%d goroutines, %d before", n, goroutines)
	}
	if now := inUse(); now > heap+2<<20 {
		t.Errorf("%d KiB in use, %d before", now>>10, heap>>10)
	}
	end()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// inUse is the memory that is in use, in bytes.
func inUse() uint64 {
	goruntime.GC()
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return m.HeapAlloc
}

// replies is a handler that always says the same.
type replies struct{ chat.Reply }

// Handle implements chat.Handler.
func (r replies) Handle(context.Context, chat.Intent) chat.Reply { return r.Reply }

// TestNoGoroutineIsLeftOfTheGateway runs alone, for the same reason.
func TestNoGoroutineIsLeftOfTheGateway(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("its life", func(t *testing.T) {
		w := settleIn(t, furnish(t, "gateway", discordfake.Options{}, hurried))
		w.reply(chat.Tell{Card: brief("Yours")})
		for range 300 {
			w.must(w.mina().Slash("access mine"))
		}
		w.fake.Gateway().Cut()
		w.must(w.fake.Gateway().Await("a resumed session", func(s discordfake.GatewayStats) bool { return s.Sessions == 1 && s.Resumed == 1 }))
		w.a.o.HTTPClient.CloseIdleConnections()
	})
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	var left error
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); { // the library sleeps for a second
		if left = goleak.Find(before); left == nil {
			return
		}
	}
	t.Error(left)
}
