//go:build peers

package peers

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// front is what Usher takes for Slack: it passes each call on to WireMock, with
// the token in the header, where emulate looks for it (slack-go writes it into
// the form, which Slack takes as well), and notes what was asked and answered.
// It is also where the addresses lead that Slack sends for private answers.
type front struct {
	*httptest.Server
	behind string
	story  string

	mu    sync.Mutex
	calls []exchange
	lose  map[string]int // replies to lose, by method
}

// exchange is a call and its answer.
type exchange struct {
	method string
	began  time.Time
	at     time.Time // when the answer was there
	form   url.Values
	status int         // 0: the connection broke off
	header http.Header // of the answer
	answer []byte
}

// whispered is the method of an exchange that answers in private.
const whispered = "response_url"

func newFront(t testing.TB, behind, story string) *front {
	f := &front{behind: behind, story: story, lose: map[string]int{}}
	f.Server = httptest.NewServer(http.HandlerFunc(f.pass))
	t.Cleanup(f.Close)
	return f
}

// losing lets the next replies of a method get lost after it was done.
func (f *front) losing(method string, times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lose[method] = times
}

func (f *front) pass(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // whoever called is gone
	}
	if strings.HasPrefix(r.URL.Path, "/respond/") {
		f.note(exchange{method: whispered, answer: body})
		return
	}
	call, err := f.onward(r, body)
	if lost := f.note(call); lost || err != nil {
		panic(http.ErrAbortHandler) // ends the connection without an answer
	}
	for _, name := range []string{"Content-Type", "Retry-After"} {
		w.Header()[name] = call.header[name]
	}
	w.WriteHeader(call.status)
	_, _ = w.Write(call.answer)
}

func (f *front) onward(r *http.Request, body []byte) (exchange, error) {
	call := exchange{method: strings.TrimPrefix(r.URL.Path, "/api/"), began: time.Now(), form: url.Values{}}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		var err error
		if call.form, err = url.ParseQuery(string(body)); err != nil {
			return call, err
		}
	}
	onward, err := http.NewRequestWithContext(r.Context(), r.Method, f.behind+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return call, err
	}
	for _, name := range []string{"Content-Type", "Authorization"} {
		onward.Header.Set(name, r.Header.Get(name))
	}
	if token := call.form.Get("token"); token != "" {
		onward.Header.Set("Authorization", "Bearer "+token)
	}
	onward.Header.Set(storyHeader, f.story)
	resp, err := http.DefaultTransport.RoundTrip(onward)
	if err != nil {
		return call, err
	}
	defer func() { _ = resp.Body.Close() }()
	call.status, call.header = resp.StatusCode, resp.Header
	call.answer, err = io.ReadAll(resp.Body)
	return call, err
}

// note reports whether the reply is to be lost.
func (f *front) note(call exchange) (lost bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	call.at = time.Now()
	f.calls = append(f.calls, call)
	if lost = f.lose[call.method] > 0; lost {
		f.lose[call.method]--
	}
	return lost
}

// ok reports whether Slack did what was asked.
func (e exchange) ok() bool {
	var said struct{ OK bool }
	return json.Unmarshal(e.answer, &said) == nil && said.OK
}

// thing is what a call was about: the same card, or the same person in the
// same channel.
func (e exchange) thing() string {
	said := []string{e.method}
	for _, field := range []string{"metadata", "ts", "channel", "user", "users"} {
		said = append(said, e.form.Get(field))
	}
	return strings.Join(said, " ")
}

// exchanges are those of a method so far, the newest last.
func (f *front) exchanges(method string) []exchange {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.calls), func(call exchange) bool { return call.method != method })
}

// answers are what was answered to a method so far, the newest last.
func (f *front) answers(method string) (all [][]byte) {
	for _, call := range f.exchanges(method) {
		all = append(all, call.answer)
	}
	return all
}

// errors are the codes with which a method was refused so far.
func (f *front) errors(method string) (all []string) {
	for _, answer := range f.answers(method) {
		var said struct{ Error string }
		if err := json.Unmarshal(answer, &said); err == nil && said.Error != "" {
			all = append(all, said.Error)
		}
	}
	return all
}
