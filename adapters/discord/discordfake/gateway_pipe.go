package discordfake

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
)

// pipes is a listener without a network: each connection is a net.Pipe, which
// testing/synctest knows how to wait for.
type pipes struct {
	accept chan net.Conn
	done   chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{accept: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accept:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return pipeAddr{} }

func (p *pipes) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.accept <- ours:
		return theirs, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "discord.test:80" }

// server serves the fake on loopback, or in process only.
func (tr *transport) server(mux http.Handler) *httptest.Server {
	if !tr.gateway.opt.InProcess {
		return httptest.NewServer(mux)
	}
	tr.pipes = newPipes()
	s := &httptest.Server{Listener: tr.pipes, Config: &http.Server{Handler: mux}}
	s.Start()
	return s
}

// DialContext connects to the fake, whatever the address says: for the
// transport of an http.Client and the NetDialContext of a websocket dialer.
func (f *Fake) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if f.out.pipes != nil {
		return f.out.pipes.dial(ctx)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", f.Host())
}
