package slack

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// Calls at the same time have a connection each, and the next ones use those.
func TestConnectionsToSlackAreKept(t *testing.T) {
	t.Parallel()
	const atOnce = 16
	var opened atomic.Int32
	var all sync.WaitGroup
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		all.Done()
		all.Wait()
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := newHTTPClient()
	t.Cleanup(client.CloseIdleConnections)
	for range 3 {
		var calls sync.WaitGroup
		all.Add(atOnce)
		for range atOnce {
			calls.Go(func() {
				resp, err := client.Get(server.URL)
				if err != nil {
					t.Error(err)
					return
				}
				_ = resp.Body.Close()
			})
		}
		calls.Wait()
	}
	if n := opened.Load(); n != atOnce {
		t.Errorf("%d connections for %d calls at a time", n, atOnce)
	}
}
