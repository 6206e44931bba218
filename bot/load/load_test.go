package load

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// kind is what a platform has to bring.
type kind interface {
	// environment is what usher serve is told about the platform, and
	// definitions what usher apply is given.
	environment() []string
	definitions() string
	// prepare makes everything that jobs need, by using usher at base.
	prepare(b *testing.B, base string, jobs int)
	// jobs are the interactions to be sent, in order.
	jobs() []job
	// settled tells when the platform last heard something from usher; the
	// zero time when nobody waits until it has heard everything.
	settled() time.Time
	// prove looks into the store after all of it: every decision is there, and
	// no other.
	prove(b *testing.B, store books)
}

// platforms are the kinds that there are, with the bare handler that each is
// held against.
func platforms() map[string]platform {
	return map[string]platform{"discord": {newDiscord, bareDiscord}, "slack": {newSlack, bareSlack}}
}

// plan is how much is sent: USHER_BENCH_RATE interactions a second (500) for
// USHER_BENCH_SECONDS (30).
type plan struct{ rate, seconds int }

func planned() plan {
	p := plan{500, 30}
	for name, to := range map[string]*int{"USHER_BENCH_RATE": &p.rate, "USHER_BENCH_SECONDS": &p.seconds} {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
			*to = n
		}
	}
	return p
}

// BenchmarkInteractions: see the package's documentation.
func BenchmarkInteractions(b *testing.B) {
	for name, of := range platforms() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				measure(b, name, of)
			}
		})
	}
}

func measure(b *testing.B, name string, of platform) {
	p := planned()
	url := redis(b)
	k := of.make(b)
	serving := serve(b, url, k)
	began := time.Now()
	k.prepare(b, serving.base, p.rate*p.seconds)
	quiet(b, k)
	fmt.Printf("%s: prepared in %.0f s; %d a second for %d s\n", name, time.Since(began).Seconds(), p.rate, p.seconds)

	all := k.jobs()
	half := len(all) / 2
	bare := startBare(b, name)
	first := send(bare, all[:half], p.rate, false)
	asked := trips(b, url)
	own := send(serving.base, all, p.rate, true)
	ended := time.Now()
	quiet(b, k)
	caught := k.settled()
	asked = more(trips(b, url), asked)
	second := send(bare, all[half:], p.rate, false)

	held := append(first, second...)
	report(b, held, own)
	if !caught.IsZero() {
		fmt.Printf("what the decisions brought with them (cards, deliveries) was done %.1f s after the last interaction\n", max(caught.Sub(ended), 0).Seconds())
	}
	fmt.Printf("an interaction with all that it brought took Redis %s\n", each(asked, len(own)))
	k.prove(b, openBooks(b, url))
}

// more is what was added to counts.
func more(now, before map[string]int) map[string]int {
	out := map[string]int{}
	for name, n := range now {
		if n > before[name] {
			out[name] = n - before[name]
		}
	}
	return out
}

// each is counts in words, for one of n.
func each(counts map[string]int, n int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%.2f %s", float64(counts[name])/float64(n), name))
	}
	return strings.Join(parts, ", ")
}

// quiet waits until usher has nothing more to tell the platform. What finds
// every place taken comes again after five seconds.
func quiet(b *testing.B, k kind) {
	b.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(4 * time.Minute); time.Since(k.settled()) < 12*time.Second; <-tick.C {
		if time.Now().After(limit) {
			b.Fatal("usher does not come to rest")
		}
	}
}
