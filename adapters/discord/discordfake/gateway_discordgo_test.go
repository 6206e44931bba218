package discordfake_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// toFake sends what is meant for Discord to a fake.
type toFake struct {
	host string
	next http.RoundTripper
}

func (r toFake) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host = "http", r.host
	return r.next.RoundTrip(req)
}

// libraryApp is an app made with discordgo.
type libraryApp struct {
	*discordgo.Session

	mu   sync.Mutex
	seen []string
	now  chan string // the same, one by one
}

func newLibraryApp(t *testing.T, f *discordfake.Fake, intents discordgo.Intent) *libraryApp {
	t.Helper()
	session, err := discordgo.New("Bot " + f.BotToken())
	noError(t, err)
	transport := &http.Transport{DialContext: f.DialContext, DisableKeepAlives: true}
	session.Client = &http.Client{Transport: toFake{f.Host(), transport}}
	session.Dialer = &websocket.Dialer{NetDialContext: f.DialContext}
	session.StateEnabled, session.LogLevel = false, -1
	session.Identify.Intents = intents
	a := &libraryApp{Session: session, now: make(chan string, 1000)}
	session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.seen = append(a.seen, e.Type)
		a.now <- e.Type
	})
	return a
}

// until waits for an event.
func (a *libraryApp) until(t *testing.T, event string) {
	t.Helper()
	patience := time.After(10 * time.Second)
	for {
		select {
		case e := <-a.now:
			if e == event {
				return
			}
		case <-patience:
			t.Fatalf("no %s", event)
		}
	}
}

func (a *libraryApp) count(event string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, e := range a.seen {
		if e == event {
			n++
		}
	}
	return n
}

// wait lets time pass in a bubble.
func wait(d time.Duration) { <-time.After(d) }

func TestDiscordgoLivesOnThisGatewayForThreeDays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := discordfake.New(t, discordfake.Options{Gateway: discordfake.GatewayOptions{InProcess: true, StrictStarts: true}})
		a := newLibraryApp(t, f, discordgo.IntentsGuilds)
		noError(t, a.Open())
		synctest.Wait()
		if a.count("READY") != 1 || a.count("GUILD_CREATE") != 1 {
			t.Errorf("at first it saw %v", a.seen)
		}
		for range 72 {
			_, err := f.Deliver(t.Context(), data{"id": "1", "type": 2, "token": "x", "data": data{"id": "1", "name": "access", "type": 1}})
			noError(t, err)
			wait(time.Hour)
		}
		wait(time.Second) // away from a heartbeat, which would wait for the mutex that Close holds
		s := f.Gateway().Stats()
		if a.count("INTERACTION_CREATE") != 72 || s.Opened != 1 || s.Identifies != 1 || s.Heartbeats < 72*80 {
			t.Errorf("it saw %d interactions, the gateway %+v", a.count("INTERACTION_CREATE"), s)
		}
		noError(t, a.Close())
	})
}

func TestDiscordgoResumesWhatAGatewayInTroubleKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trouble func(*discordfake.Gateway)
		resumed bool
	}{
		"a cut": {(*discordfake.Gateway).Cut, true},
		"4000":  {func(g *discordfake.Gateway) { g.Close(4000) }, true},
		"op 7":  {(*discordfake.Gateway).Reconnect, true},
		"a minute without a gateway": {func(g *discordfake.Gateway) {
			g.Down(true)
			wait(time.Minute)
			g.Down(false)
		}, true},
		"op 9": {func(g *discordfake.Gateway) { g.Invalidate(false) }, false},
		"ten minutes without a gateway": {func(g *discordfake.Gateway) {
			g.Down(true)
			wait(10 * time.Minute)
			g.Down(false)
		}, false},
		// discordgo hangs up with 1000, which ends its own session.
		"heartbeats without answers": {func(g *discordfake.Gateway) {
			g.Withhold(discordfake.SilentAcks)
			wait(10 * time.Minute)
			g.Withhold(0)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := discordfake.New(t, discordfake.Options{Gateway: discordfake.GatewayOptions{InProcess: true}})
				a := newLibraryApp(t, f, discordgo.IntentsGuilds)
				noError(t, a.Open())
				wait(time.Second)
				c.trouble(f.Gateway())
				_, err := f.Deliver(t.Context(), data{"id": "1", "type": 2, "token": "x", "data": data{"id": "1", "name": "access", "type": 1}})
				if c.resumed {
					noError(t, err)
				}
				wait(20 * time.Minute)
				s := f.Gateway().Stats()
				if s.Sessions != 1 || s.Most != 1 || (s.Resumed > 0) != c.resumed || (s.Identifies > 1) == c.resumed {
					t.Errorf("the gateway has seen %+v", s)
				}
				if c.resumed && a.count("INTERACTION_CREATE") != 1 {
					t.Errorf("the interaction was lost: %v", a.seen)
				}
				noError(t, a.Close())
			})
		})
	}
}

func TestDiscordgoConnectsOverANetwork(t *testing.T) {
	t.Parallel()
	f := discordfake.New(t, discordfake.Options{Intents: discordfake.IntentMembers})
	a := newLibraryApp(t, f, discordgo.IntentsGuilds|discordgo.IntentsGuildMembers)
	noError(t, a.Open())
	noError(t, f.Gateway().AwaitSessions(1))
	olga := f.AddUser(discordfake.User{Name: "olga"})
	f.AddMember(discordfake.Member{User: olga.ID()})
	f.AddRole(discordfake.Role{Name: "Design"})
	a.until(t, "GUILD_ROLE_CREATE")
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	noError(t, f.Gateway().Await("the end", func(s discordfake.GatewayStats) bool { return s.Connections == 0 && s.Resumable == 0 }))
	for _, event := range []string{"READY", "GUILD_CREATE", "GUILD_MEMBER_ADD", "GUILD_ROLE_CREATE"} {
		if a.count(event) != 1 {
			t.Errorf("%d times %s", a.count(event), event)
		}
	}
}

func TestDiscordgoIsToldWhichIntentIsMissing(t *testing.T) {
	t.Parallel()
	f := discordfake.New(t, discordfake.Options{})
	a := newLibraryApp(t, f, discordgo.IntentsGuildMembers)
	a.ShouldReconnectOnError = false
	if err := a.Open(); !websocket.IsCloseError(err, 4014) {
		t.Errorf("Open: %v", err)
	}
}
