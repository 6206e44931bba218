package playground_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/playground"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// memory is a runtime.Store as far as the playground needs one.
type memory struct {
	runtime.Store
	mu    sync.Mutex
	recs  map[runtime.Key]runtime.Record
	index map[string][]string
	down  error
}

func newMemory() *memory {
	return &memory{recs: map[runtime.Key]runtime.Record{}, index: map[string][]string{}}
}

func (m *memory) Load(_ context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]runtime.Record, len(keys))
	for i, k := range keys {
		out[i] = m.recs[k]
		out[i].Key = k
	}
	return out, m.down
}

func (m *memory) Commit(_ context.Context, c runtime.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return m.down
	}
	for _, w := range c.Writes {
		if m.recs[w.Key].Revision != w.Revision {
			return runtime.ErrConflict
		}
	}
	for _, w := range c.Writes {
		m.recs[w.Key] = runtime.Record{Key: w.Key, Revision: w.Revision + 1, Data: w.Data}
	}
	for _, e := range c.Index {
		m.index[e.Index] = append(m.index[e.Index], e.Member)
		slices.Sort(m.index[e.Index])
	}
	return nil
}

func (m *memory) List(_ context.Context, q runtime.Query) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.index[q.Index]
	return slices.Clone(all[:min(len(all), q.Max)]), m.down
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = err
}

// stopped is a clock that stands still.
type stopped struct{ at time.Time }

func (s stopped) Now() time.Time { return s.at }

var start = time.Date(2026, 8, 18, 9, 30, 0, 0, time.UTC)

// script is a handler that answers as the test says and keeps what it got.
type script struct {
	mu     sync.Mutex
	got    []chat.Intent
	answer func(chat.Intent) chat.Reply
}

func (s *script) Handle(_ context.Context, in chat.Intent) chat.Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, in)
	if s.answer == nil {
		return chat.Nothing{}
	}
	return s.answer(in)
}

func (s *script) last() chat.Intent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got[len(s.got)-1]
}

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.got)
}

// world is a running playground with a browser's view of it.
type world struct {
	t     *testing.T
	a     *playground.Adapter
	s     *script
	srv   *httptest.Server
	beats chan time.Time
	close func() // stops it; may be called twice
}

func options(store runtime.Store) playground.Options {
	ids := atomic.Int64{}
	return playground.Options{
		Store: store, Tenant: "demo", Base: stopped{start}, Log: zerolog.Nop(),
		IDs: func() string { return fmt.Sprintf("id-%d", ids.Add(1)) },
	}
}

func open(t *testing.T, o playground.Options, answer func(chat.Intent) chat.Reply) *world {
	t.Helper()
	w := &world{t: t, s: &script{answer: answer}, beats: make(chan time.Time)}
	o.Beats = w.beats
	a, err := playground.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	w.a = a
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error)
	go func() { done <- a.Run(ctx, w.s) }()
	w.srv = httptest.NewServer(a.Handler(ctx))
	w.close = sync.OnceFunc(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		w.srv.Close()
	})
	t.Cleanup(w.close)
	w.beat() // Run has the handler by the time it takes a beat
	return w
}

// beat makes the adapter look for changes and returns when it has.
func (w *world) beat() {
	w.beats <- start
	w.beats <- start
}

// seen is an answer of the API, read as a script would.
type seen struct {
	Seq      int64     `json:"seq"`
	Person   person    `json:"person"`
	Messages []message `json:"messages"`
	Form     *asked    `json:"form"`
	Private  *message  `json:"private"`
	Error    struct{ Kind, Code, Field, Text string }
}

type person struct{ ID, Account, Name, Standing, Locale, Zone, Time, Forms string }

type message struct {
	ID      string
	Version int
	Edited  bool
	Channel string
	Private bool
	Asked   string
	When    string
	Files   []struct{ Name, Type, URL string }
	Card    struct {
		Summary, Title, Text string
		Links                []struct{ Text, URL string }
		Mentions             []access.Account
		Blocks               []struct {
			Fields []struct {
				Label, Value string
				Moments      []time.Time
			}
		}
	}
	Buttons []struct{ Label, Token, Style, Confirm string }
}

type asked struct {
	ID     string
	Page   int
	Last   bool
	Title  string
	Intro  string
	Submit string
	Fields []struct {
		ID, Kind, Label, Error string
		Required               bool
		Options                []form.Option
		Value                  []string
	}
	Errors map[string]string
}

// send makes a request as it is written; it returns status and body.
func (w *world) send(method, path, body string, header ...string) (int, []byte) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.srv.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	c := *w.srv.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := c.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, data
}

func (w *world) do(want int, method, path, body string) seen {
	w.t.Helper()
	code, data := w.send(method, path, body)
	var out seen
	if err := json.Unmarshal(data, &out); err != nil {
		w.t.Fatalf("%s %s: %v in %s", method, path, err, data)
	}
	if code != want {
		w.t.Fatalf("%s %s %s: status %d, want %d: %s", method, path, body, code, want, data)
	}
	return out
}

func (w *world) post(want int, path, body string) seen {
	w.t.Helper()
	return w.do(want, http.MethodPost, "/api/people/"+path, body)
}

func (w *world) look(person string) seen {
	w.t.Helper()
	return w.do(http.StatusOK, http.MethodGet, "/api/people/"+person+"/messages", "")
}

func (w *world) put(effect, account string, c chat.Card) string {
	w.t.Helper()
	ref, err := w.a.Post(w.t.Context(), chat.EffectID(effect), to(account), c)
	if err != nil {
		w.t.Fatal(err)
	}
	return ref
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
