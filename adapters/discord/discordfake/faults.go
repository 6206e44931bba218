package discordfake

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Fault makes calls go wrong. With none of Status, Code and Drop set, a Hold
// alone makes a call slow.
type Fault struct {
	// Path: calls whose "METHOD /path" begins with it, "" for all. A "*" stands
	// for one part of the path: "PUT /guilds/*/members/*/roles/".
	Path  string
	Times int // how many calls; 0: once, negative: until Heal
	// Only, if set, says which calls, by their body.
	Only func(body string) bool

	Status     int           // answer with this HTTP status
	Code       int           // answer with this error code of Discord's and its status
	RetryAfter time.Duration // for 429; 0: a second
	Scope      string        // for 429: "user" (""), "global" or "shared"
	HTML       bool          // a body that is no JSON, as from Cloudflare
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
func (f *Fake) takeFault(c *call) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fault := range f.faults {
		if fault.Times == 0 || !fault.meets(c.r.Method+" "+c.path) || fault.Only != nil && !fault.Only(string(c.raw)) {
			continue
		}
		if fault.Times > 0 {
			fault.Times--
		}
		return fault
	}
	return nil
}

// meets reports whether a call is one of those that go wrong.
func (fault *Fault) meets(path string) bool {
	want, got := strings.Split(fault.Path, "/"), strings.Split(path, "/")
	if len(want) > len(got) {
		return false
	}
	for i, part := range want {
		last := i == len(want)-1
		if part != "*" && part != got[i] && (!last || !strings.HasPrefix(got[i], part)) {
			return false
		}
	}
	return true
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
	return fault != nil && !fault.After && (fault.Status != 0 || fault.Code != 0 || fault.Drop)
}

// fail answers a call that goes wrong.
func (f *Fake) fail(w http.ResponseWriter, c *call, fault *Fault) {
	rt := route{pattern: c.r.Method}
	c.at = f.clock.Now()
	switch {
	case fault.Drop:
		f.note(c, 0, 0, nil)
		panic(http.ErrAbortHandler)
	case fault.Code != 0:
		f.reply(w, c, rt, nil, refuse(fault.Code))
	case fault.HTML || fault.Status >= 500:
		if fault.Status == http.StatusTooManyRequests && fault.RetryAfter > 0 {
			(&limited{after: fault.RetryAfter}).tell(w.Header())
		}
		f.note(c, fault.Status, 0, nil)
		writeHTML(w, fault.Status, "<html><body>"+http.StatusText(fault.Status)+"</body></html>")
	case fault.Status == http.StatusTooManyRequests:
		after, scope := fault.RetryAfter, fault.Scope
		if after == 0 {
			after = time.Second
		}
		if scope == "" {
			scope = "user"
		}
		f.reply(w, c, rt, nil, tooMany(after, scope))
	default:
		f.reply(w, c, rt, nil, &refusal{status: fault.Status, message: http.StatusText(fault.Status)})
	}
}
