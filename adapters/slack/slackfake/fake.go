package slackfake

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Clock tells the fake's time. One that also has After ends the three seconds
// of an acknowledgement by itself; with any other a late answer is recognised
// when it comes, and a missing one after Options.Patience.
type Clock interface{ Now() time.Time }

type alarm interface {
	After(d time.Duration) <-chan time.Time
}

// The ids of the app that is under test.
const (
	AppID   = "A0USHER"
	BotID   = "B0USHER"
	BotUser = "U0USHER"
)

// Options of a fake. The zero value is a paid workspace "T0DEMO" with a bot
// that has every scope.
type Options struct {
	Clock Clock // nil: the machine's
	// SignedAt gives the time that signatures carry; nil: Clock.
	SignedAt func() time.Time

	Team, Domain                      string
	BotToken, AppToken, SigningSecret string
	Scopes                            []string // nil: AllScopes()

	FreePlan       bool // user groups need a paid plan
	GroupsByAdmins bool // only admins may manage user groups: bot tokens are refused
	// NoListWhileDisabled: a disabled user group takes no new list. Slack does
	// not say what it does.
	NoListWhileDisabled bool
	InviteByMembers     bool // members only may invite guests: the bot gets cant_invite for them
	KickByAdmins        bool // restricted_action for conversations.kick
	NoHomeTab           bool
	// Echo: the app gets the events of what it does itself, as from Slack.
	Echo          bool
	NoEvents      bool // the app is subscribed to nothing
	NoMessagesTab bool
	EditWindow    time.Duration // 0: messages can be edited for ever
	RateLimits    bool          // enforce the tiers by the clock
	PageSize      int           // the most that a page ever holds; 0: as asked

	// Within is how long the app has to answer, and a trigger lives. 0: three
	// seconds, as in Slack; more where a machine that is busy with other tests
	// is not to count as a slow app.
	Within time.Duration
	// Patience is the real time after which waiting gives up. 0: 10 s.
	Patience time.Duration
}

// Fake is one workspace with one app installed. Every method is safe for
// concurrent use.
type Fake struct {
	// URL is the base of the Web API, for slack.OptionAPIURL. It ends in "/".
	URL string

	t     testing.TB
	opt   Options
	clock Clock
	http  *http.Client

	mu       sync.Mutex
	changed  chan struct{}
	serial   int
	lastTS   int64
	users    map[string]*user
	channels map[string]*channel
	groups   map[string]*Group
	fields   []ProfileField
	messages map[string][]*message // by channel, in the order of ts
	views    map[string]*view
	stacks   map[string][]*view // open modals by user, the root first
	homes    map[string]*view
	triggers map[string]*trigger
	urls     map[string]*responseURL
	uploads  map[string]*upload // by file id
	scopes   []string
	faults   []*Fault
	calls    []Call
	recent   map[string][]time.Time // calls of the last minute, for rate limits
	appURL   string
	sockets  []*socket
	tickets  map[string]bool
	nextConn int
	opened   int
	socketOn bool
	waiting  []*pendingEvent
	holding  int

	done    chan struct{}
	ending  sync.Mutex
	running sync.WaitGroup
}

// New starts a fake on loopback; it ends with the test.
func New(t testing.TB, opt Options) *Fake {
	t.Helper()
	f := &Fake{
		t: t, opt: opt.withDefaults(), changed: make(chan struct{}),
		// A connection for each delivery: giving up on one must not break the
		// next, which may have taken over its connection just then.
		http:  &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		users: map[string]*user{}, channels: map[string]*channel{}, groups: map[string]*Group{},
		messages: map[string][]*message{}, views: map[string]*view{}, stacks: map[string][]*view{}, homes: map[string]*view{},
		triggers: map[string]*trigger{}, urls: map[string]*responseURL{}, uploads: map[string]*upload{}, recent: map[string][]time.Time{},
		tickets: map[string]bool{}, socketOn: true, done: make(chan struct{}),
	}
	f.clock, f.scopes = f.opt.Clock, f.opt.Scopes
	f.users[BotUser] = &user{User: User{ID: BotUser, Name: "usher", RealName: "Usher", Bot: true}}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", f.serveMethod)
	mux.HandleFunc("/respond/{id}", f.serveResponse)
	mux.HandleFunc("POST /upload/v1/{ticket}", f.serveUpload)
	mux.HandleFunc("/link/", f.serveSocket)
	server := httptest.NewServer(mux)
	f.URL = server.URL + "/api/"
	t.Cleanup(func() {
		f.ending.Lock()
		close(f.done)
		f.ending.Unlock()
		f.closeSockets()
		server.CloseClientConnections()
		server.Close()
		f.running.Wait()
		f.http.CloseIdleConnections()
	})
	return f
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = wallClock{}
	}
	if o.SignedAt == nil {
		o.SignedAt = o.Clock.Now
	}
	for _, d := range []struct {
		value *string
		or    string
	}{
		{&o.Team, "T0DEMO"},
		{&o.Domain, "demo"},
		{&o.BotToken, "xoxb-" + secret()},
		{&o.AppToken, "xapp-1-" + AppID + "-" + secret()},
		{&o.SigningSecret, secret()},
	} {
		if *d.value == "" {
			*d.value = d.or
		}
	}
	if o.Scopes == nil {
		o.Scopes = AllScopes()
	}
	if o.Within == 0 {
		o.Within = ackWithin
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

// BotToken, AppToken and SigningSecret are what the app under test is given.
func (f *Fake) BotToken() string      { return f.opt.BotToken }
func (f *Fake) AppToken() string      { return f.opt.AppToken }
func (f *Fake) SigningSecret() string { return f.opt.SigningSecret }

// Team is the workspace's id.
func (f *Fake) Team() string { return f.opt.Team }

// Host is the fake's "host:port", for a proxy in front of it.
func (f *Fake) Host() string {
	host := strings.TrimSuffix(strings.TrimPrefix(f.URL, "http://"), "/api/")
	if _, _, err := net.SplitHostPort(host); err != nil {
		panic(err)
	}
	return host
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
			return fmt.Errorf("slackfake: waited %s for %s", f.opt.Patience, what)
		}
	}
}

// Poke makes everybody who waits look again: after the clock was put forward.
// It also sends the events whose retry is due by now.
func (f *Fake) Poke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.touch()
	f.sendDue()
}

// id makes a new id with a prefix. f.mu is held.
func (f *Fake) id(prefix string) string {
	f.serial++
	return fmt.Sprintf("%s%09d", prefix, f.serial)
}

// ts makes a new message timestamp: the clock's time, never the same twice
// and never going back. f.mu is held.
func (f *Fake) ts() string {
	f.lastTS = max(f.clock.Now().UnixMicro(), f.lastTS+1)
	return fmt.Sprintf("%d.%06d", f.lastTS/1e6, f.lastTS%1e6)
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
