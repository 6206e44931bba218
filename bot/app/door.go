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

// deliveries takes what chats send over HTTP. With one chat its paths begin at
// the root; with several, each chat's begin at /chats/<name>, since nothing
// before the signature says which of them a delivery is for.
func deliveries(chats []slackChat) http.Handler {
	mux := http.NewServeMux()
	var signed []slackChat
	for _, c := range chats {
		if c.Secrets["signing"] != "" {
			signed = append(signed, c)
			mux.Handle("/chats/"+c.Name+"/", http.StripPrefix("/chats/"+c.Name, c.adapter.Handler()))
		}
	}
	if len(signed) == 1 {
		mux.Handle("/", signed[0].adapter.Handler())
	}
	return mux
}
