package discordfake

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Clock tells the fake's time. One that also has After ends the three seconds
// of an interaction by itself; with any other a late answer is recognised when
// it comes, and a missing one after Options.Patience.
type Clock interface{ Now() time.Time }

type alarm interface {
	After(d time.Duration) <-chan time.Time
}

// Privileged intents (Gateway, "Privileged Intents").
const (
	IntentMembers   = 1 << 1
	IntentPresences = 1 << 8
	IntentContent   = 1 << 15
)

// Options of a fake. The zero value is one server with a channel "general" and
// a bot in it whose role has BotPermissions and stands above all others that
// come later, without privileged intents.
type Options struct {
	Clock Clock // nil: the machine's
	// SignedAt gives the time that signatures carry; nil: Clock.
	SignedAt func() time.Time

	GuildID, GuildName string
	BotToken, AppID    string // AppID is the bot's user id too
	// BotPermissions of the bot's role in each server; 0: what an approval bot
	// needs (see DefaultBot).
	BotPermissions Permissions
	// Intents that are switched on in the developer portal: IntentMembers,
	// IntentPresences, IntentContent.
	Intents int
	// OwnerTwoFactor: the owner of the app has two-factor authentication.
	// Without it the bot is refused in servers with Guild.TwoFactor (60003).
	OwnerTwoFactor bool
	RateLimits     bool // enforce the limits of each route and the global one by the clock
	PageSize       int  // the most that a list ever holds; 0: as asked

	Gateway GatewayOptions

	// Within is how long the app has to answer. 0: three seconds, as in Discord;
	// more where a machine that is busy with other tests is not to count as a
	// slow app.
	Within time.Duration
	// Patience is the real time after which waiting gives up. 0: 10 s.
	Patience time.Duration
}

// Fake is a Discord with one app. Every method is safe for concurrent use.
type Fake struct {
	// URL is the base of the REST API, without a slash at the end:
	// "http://127.0.0.1:port/api/v10".
	URL string

	t     testing.TB
	opt   Options
	clock Clock
	http  *http.Client
	key   ed25519.PrivateKey
	out   *transport

	mu      sync.Mutex
	changed chan struct{}
	lastID  int64
	state

	done    chan struct{}
	ending  sync.Mutex
	running sync.WaitGroup
}

// New starts a fake on loopback; it ends with the test.
func New(t testing.TB, opt Options) *Fake {
	t.Helper()
	f := &Fake{
		t: t, clock: opt.Clock, changed: make(chan struct{}), state: newState(), done: make(chan struct{}),
		// A connection for each delivery: giving up on one must not break the
		// next, which may have taken over its connection just then.
		http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
	if f.clock == nil {
		f.clock = wallClock{}
	}
	_, f.key, _ = ed25519.GenerateKey(rand.Reader)
	f.opt = f.withDefaults(opt)
	f.furnish()
	f.out = newTransport(f)
	mux := http.NewServeMux()
	f.out.routes(mux)
	mux.Handle("/api/", f.api())
	server := f.out.server(mux)
	f.URL = server.URL + "/api/v10"
	t.Cleanup(func() {
		f.ending.Lock()
		close(f.done)
		f.ending.Unlock()
		f.out.close()
		server.CloseClientConnections()
		server.Close()
		f.running.Wait()
		f.http.CloseIdleConnections()
	})
	return f
}

func (f *Fake) withDefaults(o Options) Options {
	o.Clock = f.clock
	if o.SignedAt == nil {
		o.SignedAt = o.Clock.Now
	}
	for _, d := range []struct {
		value *string
		or    func() string
	}{
		{&o.GuildID, f.id},
		{&o.GuildName, func() string { return "Demo" }},
		{&o.AppID, f.id},
		{&o.BotToken, func() string { return secret() + "." + secret() }},
	} {
		if *d.value == "" {
			*d.value = d.or()
		}
	}
	if o.BotPermissions == 0 {
		o.BotPermissions = DefaultBot
	}
	if o.Within == 0 {
		o.Within = answerWithin
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	return o
}

type wallClock struct{}

func (wallClock) Now() time.Time                         { return time.Now() }
func (wallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

func secret() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// BotToken, AppID and PublicKey (hex) are what the app under test is given. The
// token changes when Discord resets it (Gateway, "Identifying").
func (f *Fake) BotToken() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.opt.BotToken
}
func (f *Fake) AppID() string { return f.opt.AppID }
func (f *Fake) PublicKey() string {
	return hex.EncodeToString(f.key.Public().(ed25519.PublicKey))
}

// GuildID is the first server's id, which is its @everyone role's as well.
func (f *Fake) GuildID() string { return f.opt.GuildID }

// Host is the fake's "host:port", for a proxy in front of it.
func (f *Fake) Host() string {
	return strings.TrimSuffix(strings.TrimPrefix(f.URL, "http://"), "/api/v10")
}

// touch tells everybody who waits that something changed. f.mu is held.
func (f *Fake) touch() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// Await waits until cond holds, looking again after each change of the fake.
// It returns an error that names what was waited for after Options.Patience.
func (f *Fake) Await(what string, cond func() bool) error {
	timer := time.NewTimer(f.opt.Patience)
	defer timer.Stop()
	for {
		f.mu.Lock()
		changed := f.changed
		f.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-timer.C:
			return fmt.Errorf("discordfake: waited %s for %s", f.opt.Patience, what)
		}
	}
}

// Poke makes everybody who waits look again: after the clock was put forward.
func (f *Fake) Poke() {
	f.mu.Lock()
	f.touch()
	f.mu.Unlock()
	f.out.clockMoved()
}

// epoch is the first second of 2015 in milliseconds (API Reference,
// "Snowflakes").
const epoch = 1420070400000

// id makes a snowflake: the clock's time, never the same twice and never going
// back. f.mu is held, or nobody else has f yet.
func (f *Fake) id() string {
	f.lastID = max((f.clock.Now().UnixMilli()-epoch)<<22, f.lastID+1)
	return strconv.FormatInt(f.lastID, 10)
}

// born is the time in a snowflake.
func born(id string) time.Time {
	n, _ := strconv.ParseInt(id, 10, 64)
	return time.UnixMilli(n>>22 + epoch).UTC()
}

// background runs do; the test's end waits for it. Nothing starts after that.
func (f *Fake) background(do func()) {
	f.ending.Lock()
	defer f.ending.Unlock()
	select {
	case <-f.done:
	default:
		f.running.Go(do)
	}
}
