package discordfake

import (
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The limits of the platform (Rate Limits). Those of single routes are not
// published; these are in the region of what is observed.
const (
	perSecond    = 50
	invalidLimit = 10_000
	invalidSpan  = 10 * time.Minute
	bucketSize   = 5
	bucketSpan   = time.Second
	htmlBanned   = "<!doctype html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head><body>error code: 1015</body></html>"
)

// limited is a 429 (Rate Limits, "Exceeding A Rate Limit").
type limited struct {
	after time.Duration
	scope string // user, global or shared
}

// tell writes the headers and gives the body of a 429.
func (l *limited) tell(h http.Header) object {
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(l.after.Seconds()))))
	h.Set("X-RateLimit-Scope", l.scope)
	message := "You are being rate limited."
	switch l.scope {
	case "global":
		h.Set("X-RateLimit-Global", "true")
		for _, name := range []string{"Limit", "Remaining", "Reset", "Reset-After", "Bucket"} {
			h.Del("X-RateLimit-" + name)
		}
	case "shared":
		message = "The resource is being rate limited."
	default:
		h.Set("X-RateLimit-Remaining", "0")
		h.Set("X-RateLimit-Reset-After", seconds(l.after))
	}
	return object{"message": message, "retry_after": l.after.Seconds(), "global": l.scope == "global"}
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

func tooMany(after time.Duration, scope string) error {
	return &refusal{status: http.StatusTooManyRequests, message: "You are being rate limited.", wait: &limited{after, scope}}
}

// limitRate counts a call, and refuses it if the fake was asked to. Interaction
// endpoints are not bound to the global limit. f.mu is held.
func (f *Fake) limitRate(c *call, rt route) error {
	if !rt.open {
		f.recent = since(f.recent, c.at, time.Second)
		if f.opt.RateLimits && len(f.recent) >= perSecond {
			return tooMany(f.recent[0].Add(time.Second).Sub(c.at), "global")
		}
		f.recent = append(f.recent, c.at)
		f.peak = max(f.peak, len(f.recent))
	}
	key := bucket(c, rt)
	used := since(f.buckets[key], c.at, bucketSpan)
	f.buckets[key] = used
	if f.opt.RateLimits && len(used) >= bucketSize {
		return tooMany(used[0].Add(bucketSpan).Sub(c.at), "user")
	}
	if f.opt.RateLimits {
		f.buckets[key] = append(used, c.at)
	}
	return nil
}

// since are the times, in order, that are less than span ago.
func since(times []time.Time, now time.Time, span time.Duration) []time.Time {
	for len(times) > 0 && now.Sub(times[0]) >= span {
		times = times[1:]
	}
	return times
}

// bucket is a route and its top-level resource: channel, guild, or webhook and
// token.
func bucket(c *call, rt route) string {
	parts := []string{rt.pattern}
	for _, name := range []string{"channel", "guild", "token"} {
		parts = append(parts, c.id(name))
	}
	return strings.Join(parts, " ")
}

// rateHeaders writes what is left (Rate Limits, "Header Format"). Without
// Options.RateLimits there is always room. f.mu is held.
func (f *Fake) rateHeaders(h http.Header, c *call, rt route) {
	used := f.buckets[bucket(c, rt)]
	reset := c.at.Add(bucketSpan)
	if len(used) > 0 {
		reset = used[0].Add(bucketSpan)
	}
	sum := fnv.New64()
	_, _ = sum.Write([]byte(rt.pattern))
	h.Set("X-RateLimit-Limit", strconv.Itoa(bucketSize))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, bucketSize-max(1, len(used)))))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(reset.UnixMilli())/1000, 'f', 3, 64))
	h.Set("X-RateLimit-Reset-After", seconds(max(0, reset.Sub(c.at))))
	h.Set("X-RateLimit-Bucket", fmt.Sprintf("%016x", sum.Sum64()))
}

// countInvalid counts an answer of 401, 403 or 429. f.mu is held.
func (f *Fake) countInvalid(at time.Time) {
	f.invalid = append(since(f.invalid, at, invalidSpan), at)
}

// banned: too many invalid requests (Rate Limits, "Invalid Request Limit aka
// Cloudflare bans"). f.mu is held.
func (f *Fake) banned(now time.Time) bool {
	return len(since(f.invalid, now, invalidSpan)) >= invalidLimit
}

// Rates are the counters that Discord keeps about an app.
type Rates struct {
	// PerSecond is the most calls within one second of the clock, without the
	// interaction endpoints; Discord allows 50.
	PerSecond int
	// Invalid are the answers of 401, 403 and 429 in the last ten minutes;
	// 10,000 ban the address.
	Invalid int
}

// Rates returns the counters.
func (f *Fake) Rates() Rates {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.invalid = since(f.invalid, f.clock.Now(), invalidSpan)
	return Rates{PerSecond: f.peak, Invalid: len(f.invalid)}
}
