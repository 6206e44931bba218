package playground

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// ErrNeedsToken: the page would be reachable from other computers, and there
// is no token.
var ErrNeedsToken = errors.New("the playground lets everybody act as anybody: on an address other than loopback it needs a token")

// Serve answers on a listener until ctx ends, then finishes the answers that
// are under way. It closes the listener. Whoever connects before Run takes
// intents waits for it instead of being sent away.
func (a *Adapter) Serve(ctx context.Context, l net.Listener) error {
	if a.Token == "" && !loopbackAddr(l.Addr()) {
		return errors.Join(ErrNeedsToken, l.Close())
	}
	select {
	case <-a.Ready():
	case <-ctx.Done():
		return l.Close()
	}
	streams, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	srv := &http.Server{
		Handler:           a.Handler(streams),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      45 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	srv.RegisterOnShutdown(end)
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
		defer cancel()
		done <- srv.Shutdown(grace)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}
