package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/usher-dev/usher/core/runtime"
)

// readier is a chat that knows whether it can answer people.
type readier interface {
	Ready(context.Context) error
}

// ops answers those who watch over Usher: is it alive, is it ready, how is it.
type ops struct {
	store    runtime.Store
	metrics  *metrics
	chats    map[string]readier
	stopping atomic.Bool
}

func (o *ops) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	mux.HandleFunc("GET /readyz", o.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}

// readyz is ready while the store answers within a second, every chat is
// connected and no stop is under way.
func (o *ops) readyz(w http.ResponseWriter, r *http.Request) {
	if o.stopping.Load() {
		http.Error(w, "stopping", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	if _, err := o.store.Load(ctx, runtime.Key{Tenant: "readyz", Kind: runtime.KindSettings}); err != nil {
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(o.chats)) {
		if o.chats[name].Ready(ctx) != nil {
			http.Error(w, "the chat "+name+" is not connected", http.StatusServiceUnavailable)
			return
		}
	}
	fmt.Fprintln(w, "ready")
}

// serve answers on a listener until ctx ends; then it says that it is not
// ready and finishes the answers under way. It closes the listener.
func (o *ops) serve(ctx context.Context, door net.Listener) error {
	return answer(ctx, door, o.handler(), func() { o.stopping.Store(true) })
}

// listen takes an address; that it is taken is said in a sentence.
func listen(addr, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, trouble(err, "Usher cannot listen on %s (%s): choose another address with %s.", addr, plain(err), flag)
	}
	return l, nil
}

// plain is the innermost reason of an error, without the wrapping.
func plain(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// newServer is an HTTP server that no slow client holds up. Writing has no
// limit of its own: live pages stay open.
func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
}

// CheckHealth asks a running Usher at addr whether it is alive.
func CheckHealth(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return trouble(err, "%q is not an address like 127.0.0.1:8081.", addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/livez", nil)
	if err != nil {
		return trouble(err, "%q is not an address like 127.0.0.1:8081.", addr)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return trouble(err, "Nothing answers on %s.", addr)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return trouble(nil, "What answers on %s is not alive (%s).", addr, resp.Status)
	}
	return nil
}
