package slackfake

import (
	"context"
	"net/http"
	"strconv"
)

// Fault makes calls go wrong. With none of Status, Error and Drop set, a Hold
// alone makes a call slow.
type Fault struct {
	Method string // "" for all
	Times  int    // how many calls; 0: once, negative: until Heal
	// Only, if set, says which calls.
	Only func(args map[string]string) bool

	Status     int           // answer with this HTTP status
	RetryAfter int           // seconds, for 429
	Error      string        // answer {"ok":false,"error":…} with status 200
	Drop       bool          // close the connection without an answer
	After      bool          // do it first: only the answer is lost
	Hold       chan struct{} // wait until it is closed before anything else
}

// Fail lets calls go wrong from now on. Faults are used up in the order in
// which they were given.
func (f *Fake) Fail(fault Fault) {
	if fault.Times == 0 {
		fault.Times = 1
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &fault)
}

// Heal forgets all faults.
func (f *Fake) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// takeFault finds the fault for a call and counts it.
func (f *Fake) takeFault(name string, a args) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fault := range f.faults {
		if fault.Times == 0 || (fault.Method != "" && fault.Method != name) || (fault.Only != nil && !fault.Only(flatten(a))) {
			continue
		}
		if fault.Times > 0 {
			fault.Times--
		}
		return fault
	}
	return nil
}

func flatten(a args) map[string]string {
	flat := map[string]string{}
	for k := range a.values {
		flat[k] = a.text(k)
	}
	return flat
}

// hold waits for a slow call to be let go.
func (f *Fake) hold(ctx context.Context, fault *Fault) error {
	if fault == nil || fault.Hold == nil {
		return nil
	}
	f.held(1)
	defer f.held(-1)
	select {
	case <-fault.Hold:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-f.done:
		return context.Canceled
	}
}

func (f *Fake) held(more int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holding += more
	f.touch()
}

// Holding is the number of slow calls that wait to be let go.
func (f *Fake) Holding() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.holding
}

// before reports whether the call goes wrong instead of being done.
func (fault *Fault) before() bool {
	return fault != nil && !fault.After && (fault.Status != 0 || fault.Error != "" || fault.Drop)
}

// fail answers a call that goes wrong. Slack sends HTML along with 5xx.
func (f *Fake) fail(w http.ResponseWriter, name string, a args, fault *Fault) {
	switch {
	case fault.Drop:
		f.note(name, a, 0, "dropped")
		panic(http.ErrAbortHandler)
	case fault.Status == http.StatusTooManyRequests:
		w.Header().Set("Retry-After", strconv.Itoa(max(fault.RetryAfter, 1)))
		f.note(name, a, fault.Status, "ratelimited")
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(fault.Status)
		_, _ = w.Write([]byte(`{"ok":false,"error":"ratelimited"}`))
	case fault.Status != 0:
		f.note(name, a, fault.Status, "http")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(fault.Status)
		_, _ = w.Write([]byte("<html><body>Server Error</body></html>"))
	default:
		f.reply(w, name, a, nil, refuse(fault.Error))
	}
}
