package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/usher-dev/usher/adapters/chat/holds"
	"github.com/usher-dev/usher/core/runtime"
)

const (
	// apiURL is Discord's own API ("API Reference", Base URL).
	apiURL = "https://discord.com/api/v10"
	// invalidLimit is the number of answers 401, 403 and 429 in invalidWindow
	// at which nothing is called any more. Discord bans an address at 10,000
	// ("Rate Limits", Invalid Request Limit); other programs may share ours.
	invalidLimit  = 5000
	invalidWindow = 10 * time.Minute
	// perSecond is what a bot may call in all ("Rate Limits", Global Rate
	// Limit). Answers to interactions do not count.
	perSecond = 50
	// maxQueue is how long a call is told to wait at most for its turn among
	// those fifty.
	maxQueue = time.Minute
	// maxAnswer is the largest answer that is read, in bytes.
	maxAnswer = 16 << 20
	// unsaid is how long is waited when Discord does not say how long to wait.
	unsaid = 30 * time.Second
	// everything is the key of what holds back all calls.
	everything = "*"
)

// road is what every call to Discord goes through, those of the library too:
// it leads to the configured address, remembers how long Discord asked to
// wait, and counts what could get the address banned. It answers with an error
// of the type *said for every status from 400. It waits for nothing.
type road struct {
	base  *url.URL
	next  http.RoundTripper
	clock runtime.Clock
	count func(string)
	pace  *rate.Limiter
	queue *rate.Limiter // gives those who come too early a turn each
	holds holds.Holds
	wrong window
}

func newRoad(base *url.URL, next http.RoundTripper, clock runtime.Clock, count func(string)) *road {
	if next == nil {
		next = http.DefaultTransport
	}
	return &road{
		base: base, next: next, clock: clock, count: count,
		pace: rate.NewLimiter(perSecond, perSecond), queue: rate.NewLimiter(perSecond, 1),
	}
}

// wayKey is under which a request's context names what its limit is counted
// by: the method, the path and the place ("Rate Limits").
type wayKey struct{}

// said is an answer of Discord that is no success.
type said struct {
	status  int
	code    int    // Discord's own ("Opcodes and Status Codes", JSON Error Codes); 0 when there is none
	message string // Discord's words
	wait    time.Duration
}

// Error implements error.
func (s *said) Error() string {
	if s.code != 0 {
		return fmt.Sprintf("%d %s (%d)", s.code, s.message, s.status)
	}
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", s.status, s.message))
}

// waits is the error of a call that is not made before its time.
type waits struct {
	until time.Time
	why   string
}

// Error implements error.
func (w *waits) Error() string { return w.why }

// RoundTrip implements http.RoundTripper.
func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	way, _ := req.Context().Value(wayKey{}).(string)
	if err := r.closed(way); err != nil {
		return nil, err
	}
	res, err := r.next.RoundTrip(r.lead(req))
	if err != nil {
		return nil, err
	}
	r.learn(way, res.Header)
	if res.StatusCode < http.StatusBadRequest {
		return res, nil
	}
	defer func() { _ = res.Body.Close() }()
	s := read(res)
	r.note(way, s, res.Header)
	return nil, s
}

// lead turns the address of Discord's API into the configured one.
func (r *road) lead(req *http.Request) *http.Request {
	out := req.Clone(req.Context())
	path := req.URL.Path
	if rest, ok := strings.CutPrefix(path, "/api/v"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	to := *r.base
	to.Path = strings.TrimSuffix(to.Path, "/") + "/" + strings.TrimPrefix(path, "/")
	to.RawQuery = req.URL.RawQuery
	out.URL, out.Host = &to, to.Host
	return out
}

// closed is why a call may not be made now, or nil.
func (r *road) closed(way string) error {
	now := r.clock.Now()
	if until, over := r.wrong.over(now); over {
		return &waits{until, "Discord refused too many calls; nothing is called for a while, so that it does not ban this address"}
	}
	for _, key := range []string{everything, way} {
		if until, held := r.holds.Of(key, now); held && way != "" {
			return &waits{until, "Discord asked to wait"}
		}
	}
	if way == "" {
		return nil
	}
	turn := r.pace.ReserveN(now, 1)
	if wait := turn.DelayFrom(now); wait > 0 {
		turn.CancelAt(now)
		return &waits{now.Add(wait + r.behind(now)), "Discord takes 50 calls a second"}
	}
	return nil
}

// behind is how much later than the next one a call may come that came too
// early: each has a turn of its own, so that of thousands that wait fifty a
// second come back, and not all of them at once, again and again.
func (r *road) behind(now time.Time) time.Duration {
	turn := r.queue.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > maxQueue {
		turn.CancelAt(now)
		return maxQueue
	}
	return wait
}

// learn holds a way back whose calls are used up, so that the next is not
// refused.
func (r *road) learn(way string, h http.Header) {
	after, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if way != "" && err == nil && h.Get("X-RateLimit-Remaining") == "0" {
		r.holds.Put(way, r.clock.Now().Add(seconds(after)))
	}
}

// note remembers what a refusal means for later calls.
func (r *road) note(way string, s *said, h http.Header) {
	now := r.clock.Now()
	scope := h.Get("X-RateLimit-Scope")
	if s.status == http.StatusTooManyRequests {
		r.count("limited")
		if h.Get("X-RateLimit-Global") != "" || scope == "global" {
			way = everything
		}
		if way != "" {
			r.holds.Put(way, now.Add(s.wait))
		}
	}
	// A limit that others used up does not count ("Rate Limits").
	if s.invalid() && scope != "shared" && r.wrong.add(now) == invalidLimit {
		r.count("closed")
	}
}

// invalid reports whether an answer counts towards a ban.
func (s *said) invalid() bool {
	switch s.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return true
	}
	return false
}

// read understands a refusal. What is no JSON (of a proxy in between) has its
// status only.
func read(res *http.Response) *said {
	out := &said{status: res.StatusCode}
	var body struct {
		Code    int     `json:"code"`
		Message string  `json:"message"`
		Retry   float64 `json:"retry_after"`
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err == nil && json.Unmarshal(data, &body) == nil {
		out.code, out.message = body.Code, body.Message
	}
	if res.StatusCode == http.StatusTooManyRequests {
		header, _ := strconv.ParseFloat(res.Header.Get("Retry-After"), 64)
		out.wait = seconds(max(header, body.Retry))
		if out.wait == 0 {
			out.wait = unsaid
		}
	}
	return out
}

func seconds(s float64) time.Duration {
	if math.IsNaN(s) || s < 0 || s > float64(24*time.Hour/time.Second) {
		return unsaid
	}
	return time.Duration(s * float64(time.Second))
}

// saidBy finds Discord's refusal in an error.
func saidBy(err error) *said {
	var s *said
	errors.As(err, &s)
	return s
}

// window counts what happened in the last invalidWindow, by the minute.
type window struct {
	mu     sync.Mutex
	counts [int(invalidWindow / time.Minute)]struct {
		minute int64
		n      int
	}
}

// add counts one more and says how many there are.
func (w *window) add(now time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	minute := now.Unix() / 60
	slot := &w.counts[minute%int64(len(w.counts))]
	if slot.minute != minute {
		slot.minute, slot.n = minute, 0
	}
	slot.n++
	return w.sum(minute)
}

func (w *window) sum(minute int64) (n int) {
	for _, c := range w.counts {
		if c.minute > minute-int64(len(w.counts)) && c.minute <= minute {
			n += c.n
		}
	}
	return n
}

// over reports whether there are too many, and when to look again.
func (w *window) over(now time.Time) (time.Time, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	minute := now.Unix() / 60
	return time.Unix((minute+1)*60, 0), w.sum(minute) >= invalidLimit
}
