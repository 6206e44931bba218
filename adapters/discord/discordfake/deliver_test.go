package discordfake_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// endpoint is an app over HTTP: it looks at signatures as it has to, answers
// PING, and hands the rest to take.
type endpoint struct {
	key     ed25519.PublicKey
	careful atomic.Bool
	refusal int // the status for a wrong signature
	refused atomic.Int64
	pong    http.HandlerFunc
	take    http.HandlerFunc
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	signature, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
	if e.careful.Load() && !ed25519.Verify(e.key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) {
		e.refused.Add(1)
		w.WriteHeader(e.refusal)
		return
	}
	var p struct{ Type int }
	_ = json.Unmarshal(body, &p)
	if p.Type == 1 {
		e.pong(w, r)
		return
	}
	e.take(w, r)
}

// says answers with these.
func says(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// serveApp serves an app over HTTP until the test ends.
func serveApp(t *testing.T, f *discordfake.Fake, take http.HandlerFunc) (*endpoint, string) {
	t.Helper()
	key, err := hex.DecodeString(f.PublicKey())
	noError(t, err)
	e := &endpoint{key: key, refusal: http.StatusUnauthorized, pong: says(http.StatusOK, "application/json", `{"type":1}`), take: take}
	e.careful.Store(true)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return e, server.URL + "/discord/interactions"
}

func TestInteractionsGoOverSignedHTTPAndThenNotOverTheGateway(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	a, _ := w.ready(t, 0)
	e, url := serveApp(t, w.Fake, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/discord/interactions" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("the request is %s %v", r.URL, r.Header)
		}
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte(`{"type":5}`))
	})
	noError(t, w.DeliverTo(url))
	if n := e.refused.Load(); n != 2 {
		t.Errorf("%d wrong signatures were sent at first", n)
	}
	body, err := w.Deliver(t.Context(), map[string]any{"id": "1", "type": 2})
	if err != nil || string(body) != `{"type":5}` {
		t.Errorf("over HTTP: %q %v", body, err)
	}
	if seen := w.last(t, a, ""); len(seen) != 0 {
		t.Errorf("over the gateway as well: %v", seen)
	}
	noError(t, w.DeliverTo(""))
	if _, err := w.Deliver(t.Context(), map[string]any{"id": "2"}); err != nil {
		t.Errorf("back on the gateway: %v", err)
	}
	a.want("INTERACTION_CREATE")
}

func TestAnAddressIsTakenOnlyFromAnAppThatAnswersAsItHasTo(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*endpoint){
		"takes any signature": func(e *endpoint) { e.careful.Store(false) },
		"says no JSON":        func(e *endpoint) { e.pong = says(http.StatusOK, "text/plain", `{"type":1}`) },
		"says no PONG":        func(e *endpoint) { e.pong = says(http.StatusOK, "application/json", `{"type":4}`) },
		"says 202":            func(e *endpoint) { e.pong = says(http.StatusAccepted, "application/json", `{"type":1}`) },
		"refuses with 403":    func(e *endpoint) { e.refusal = http.StatusForbidden },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWired(t, discordfake.Options{})
			e, url := serveApp(t, w.Fake, says(http.StatusAccepted, "", ""))
			spoil(e)
			if err := w.DeliverTo(url); !errors.Is(err, discordfake.ErrNotVerified) {
				t.Errorf("it is taken: %v", err)
			}
			if _, err := w.Deliver(t.Context(), map[string]any{"id": "1"}); err == nil {
				t.Error("an interaction went there")
			}
		})
	}
}

func TestWhatAnAppMayAnswerOverHTTP(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status     int
		kind, body string
		good       bool
	}{
		"a response":            {http.StatusOK, "application/json; charset=utf-8", `{"type":6}`, true},
		"202 and nothing":       {http.StatusAccepted, "", "", true},
		"202 with a body":       {http.StatusAccepted, "application/json", `{"type":6}`, false},
		"200 and nothing":       {http.StatusOK, "", "", false},
		"200 that says no JSON": {http.StatusOK, "text/plain", `{"type":6}`, false},
		"500":                   {http.StatusInternalServerError, "application/json", `{}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWired(t, discordfake.Options{})
			_, url := serveApp(t, w.Fake, says(c.status, c.kind, c.body))
			noError(t, w.DeliverTo(url))
			body, err := w.Deliver(t.Context(), map[string]any{"id": "1"})
			if (err == nil) != c.good || (c.good && string(body) != c.body) {
				t.Errorf("%q %v", body, err)
			}
		})
	}
}

func TestAnAppThatDoesNotAnswerIsGivenUp(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	at, release := make(chan struct{}), make(chan struct{})
	_, url := serveApp(t, w.Fake, func(http.ResponseWriter, *http.Request) { close(at); <-release })
	noError(t, w.DeliverTo(url))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-at; cancel() }()
	if _, err := w.Deliver(ctx, map[string]any{"id": "1"}); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	close(release)
}

func TestWrongSignaturesComeNowAndThen(t *testing.T) {
	t.Parallel()
	w := newWired(t, discordfake.Options{})
	e, url := serveApp(t, w.Fake, says(http.StatusAccepted, "", ""))
	noError(t, w.DeliverTo(url))
	for range 100 {
		_, err := w.Deliver(t.Context(), map[string]any{"id": "1"})
		noError(t, err)
	}
	if n := e.refused.Load(); n != 6 {
		t.Errorf("%d wrong signatures were sent", n)
	}
}

// lenient is a test that notes errors instead of failing.
type lenient struct {
	testing.TB
	errors atomic.Int64
}

func (l *lenient) Errorf(string, ...any) { l.errors.Add(1) }

func TestAnAppThatBecomesCarelessLosesItsAddress(t *testing.T) {
	t.Parallel()
	note := &lenient{TB: t}
	f := discordfake.New(note, discordfake.Options{})
	e, url := serveApp(t, f, says(http.StatusAccepted, "", ""))
	noError(t, f.DeliverTo(url))
	e.careful.Store(false)
	for range 49 {
		_, err := f.Deliver(t.Context(), map[string]any{"id": "1"})
		noError(t, err)
	}
	for range 2 {
		if _, err := f.Deliver(t.Context(), map[string]any{"id": "1"}); err == nil {
			t.Error("it still gets interactions")
		}
	}
	if n := note.errors.Load(); n != 1 {
		t.Errorf("the test was told %d times", n)
	}
}

func TestSignaturesAreOfTheTimeTheyAreToldTo(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	w := newWired(t, discordfake.Options{SignedAt: func() time.Time { return at }})
	_, url := serveApp(t, w.Fake, func(rw http.ResponseWriter, r *http.Request) {
		if stamp := r.Header.Get("X-Signature-Timestamp"); stamp != "1795424400" {
			t.Errorf("the time is %s", stamp)
		}
		rw.WriteHeader(http.StatusAccepted)
	})
	noError(t, w.DeliverTo(url))
	_, err := w.Deliver(t.Context(), map[string]any{"id": "1"})
	noError(t, err)
}
