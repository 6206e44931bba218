package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// answer serves on a listener until ctx ends; then it says so to stopping and
// finishes the answers under way. It closes the listener.
func answer(ctx context.Context, door net.Listener, h http.Handler, stopping func()) error {
	server := newServer(h)
	server.ReadTimeout = 10 * time.Second
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		stopping()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		done <- server.Shutdown(grace)
	}()
	if err := server.Serve(door); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}
