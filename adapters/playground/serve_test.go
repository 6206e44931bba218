package playground_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/adapters/playground"
)

func TestServeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	a, err := playground.New(t.Context(), options(newMemory()))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- a.Run(ctx, &script{}) }()
	go func() { done <- a.Serve(ctx, l) }()
	res, err := http.Get("http://" + l.Addr().String() + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	stop()
	for range 2 {
		if err := <-done; err != nil {
			t.Errorf("with a stream open it ended with %v", err)
		}
	}
	wide, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Serve(t.Context(), wide); !errors.Is(err, playground.ErrNeedsToken) {
		t.Errorf("without a token on every address: %v", err)
	}
}

// A browser that is faster than the start waits: nobody is let in who could
// only be told that Usher does not run.
func TestServeLetsNobodyInBeforeIntentsAreTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := options(newMemory())
		o.Beats = make(chan time.Time)
		a, err := playground.New(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		door, done := newPorch(), make(chan error)
		go func() { done <- a.Serve(ctx, door) }()
		synctest.Wait()
		if door.asked() {
			t.Error("people are let in, and nothing runs yet")
		}
		go func() { done <- a.Run(ctx, &script{}) }()
		synctest.Wait()
		if !door.asked() {
			t.Error("nobody is let in, although it runs")
		}
		stop()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// A start that is broken off lets go of the address all the same.
func TestServeClosesTheListenerWhenNothingEverRuns(t *testing.T) {
	t.Parallel()
	a, err := playground.New(t.Context(), options(newMemory()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	door := newPorch()
	if err := a.Serve(ctx, door); err != nil {
		t.Error(err)
	}
	if _, err := door.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is still open (%v)", err)
	}
}

// porch is a listener that nobody ever comes to; it knows whether it was
// watched.
type porch struct {
	watched atomic.Bool
	closed  chan struct{}
	close   func()
}

func newPorch() *porch {
	p := &porch{closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *porch) asked() bool { return p.watched.Load() }

func (p *porch) Accept() (net.Conn, error) {
	p.watched.Store(true)
	<-p.closed
	return nil, net.ErrClosed
}

func (p *porch) Close() error { p.close(); return nil }

func (p *porch) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
