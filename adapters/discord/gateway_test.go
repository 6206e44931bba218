package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/access"
)

// bubble is an adapter and a Discord in fake time.
type bubble struct {
	t    *testing.T
	fake *discordfake.Fake
	a    *Adapter
	end  context.CancelFunc
	done chan error

	mu  sync.Mutex
	got []chat.Intent
}

// Handle implements chat.Handler.
func (b *bubble) Handle(_ context.Context, in chat.Intent) chat.Reply {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, in)
	return chat.Tell{Card: sentence("Heard.")}
}

func (b *bubble) heard() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.got)
}

// inBubble runs a story in fake time; change may alter the adapter's options.
func inBubble(t *testing.T, o discordfake.Options, change func(*Options), story func(*bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.Gateway.InProcess, o.Gateway.StrictStarts = true, true
		b := &bubble{t: t, fake: discordfake.New(t, o)}
		b.fake.AddUser(discordfake.User{Name: "mina"})
		b.fake.AddMember(discordfake.Member{User: "mina"})
		b.start(change)
		defer b.stop()
		story(b)
	})
}

func (b *bubble) start(change func(*Options)) {
	b.t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: b.fake.DialContext, DisableKeepAlives: true}}
	o := Options{
		Name: "discord", Tenant: "demo", Guilds: []string{b.fake.GuildID()}, BotToken: Secret(b.fake.BotToken()), APIURL: b.fake.URL,
		HTTPClient: client, Dial: b.fake.DialContext,
	}
	if change != nil {
		change(&o)
	}
	a, err := New(o)
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	b.a, b.end, b.done = a, end, make(chan error, 1)
	go func() { b.done <- a.Run(ctx, b) }()
	synctest.Wait()
}

func (b *bubble) stop() {
	b.end()
	if err := <-b.done; err != nil && b.a.Ready(b.t.Context()) == nil {
		b.t.Errorf("Run ended with %v", err)
	}
	pass(2 * time.Second) // the library sleeps in Close
}

// pass lets time pass in a bubble.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// click lets somebody do something and says whether it was heard and answered.
func (b *bubble) click(id string) bool {
	before := b.heard()
	_, err := b.fake.Person("mina").Interact(typeCommand, map[string]any{"type": 1, "name": "access", "id": id})
	if err != nil {
		b.t.Logf("click: %v", err)
	}
	return err == nil && b.heard() == before+1
}

func (b *bubble) stats() discordfake.GatewayStats { return b.fake.Gateway().Stats() }

func TestAGatewayInTroubleComesBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trouble    func(*discordfake.Gateway)
		within     time.Duration
		resumed    int
		identifies int
	}{
		"a cut": {(*discordfake.Gateway).Cut, 10 * time.Second, 1, 1},
		"4000":  {func(g *discordfake.Gateway) { g.Close(4000) }, 10 * time.Second, 1, 1},
		"op 7":  {(*discordfake.Gateway).Reconnect, 10 * time.Second, 1, 1},
		"4007":  {func(g *discordfake.Gateway) { g.Close(4007) }, 20 * time.Second, 0, 2},
		"4009":  {func(g *discordfake.Gateway) { g.Close(4009) }, 20 * time.Second, 0, 2},
		"op 9":  {func(g *discordfake.Gateway) { g.Invalidate(false) }, 20 * time.Second, 0, 2},
		"op 9 within RESUME": {func(g *discordfake.Gateway) {
			g.AnswerResume(discordfake.ResumeInvalid)
			g.Cut()
		}, 20 * time.Second, 0, 2},
		"a minute without a gateway": {func(g *discordfake.Gateway) {
			g.Down(true)
			pass(time.Minute)
			g.Down(false)
		}, 3 * time.Minute, 1, 1},
		"ten minutes without a gateway": {func(g *discordfake.Gateway) {
			g.Down(true)
			pass(10 * time.Minute)
			g.Down(false)
		}, 4 * time.Minute, 0, 2},
		"heartbeats without an answer": {func(g *discordfake.Gateway) {
			g.Withhold(discordfake.SilentAcks)
			pass(150 * time.Second)
			g.Withhold(0)
		}, time.Minute, 0, 2},
		"no READY": {func(g *discordfake.Gateway) {
			g.Withhold(discordfake.SilentReady)
			g.Close(4007)
			pass(time.Minute)
			g.Withhold(0)
		}, 4 * time.Minute, 0, -1},
		"no HELLO": {func(g *discordfake.Gateway) {
			g.Withhold(discordfake.SilentHello)
			g.Cut()
			pass(time.Minute)
			g.Withhold(0)
		}, 4 * time.Minute, 0, 2},
		"nonsense": {func(g *discordfake.Gateway) {
			for _, s := range []string{"", "{", "[]", `"x"`, `{"op":99}`, `{"op":0,"t":"INTERACTION_CREATE","s":5,"d":{"id":[]}}`, `{"op":0,"t":"NOVELTY","s":6,"d":7}`} {
				g.Say(s)
			}
		}, time.Second, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, discordfake.Options{}, nil, func(b *bubble) {
				pass(time.Minute)
				if b.a.Ready(b.t.Context()) != nil || !b.click("1") {
					t.Fatal("it does not work at first")
				}
				c.trouble(b.fake.Gateway())
				pass(c.within)
				s := b.stats()
				if b.a.Ready(b.t.Context()) != nil || !b.click("2") {
					t.Errorf("it does not work again after %s: %+v", c.within, s)
				}
				if s.Sessions != 1 || s.Most != 1 || s.Resumed != c.resumed || name == "a cut" && s.AtResumeURL != 1 || c.identifies > 0 && s.Identifies != c.identifies || s.Identifies > 20 {
					t.Errorf("the gateway has seen %+v", s)
				}
			})
		})
	}
}

func TestAGatewayThatRefusesForGoodEndsInASentence(t *testing.T) {
	t.Parallel()
	for want, trouble := range map[string]func(*bubble){
		"copy it again (Bot, Reset Token) (close code 4004)": func(b *bubble) { b.fake.Gateway().Spend(1000) }, // the token is reset
		"Privileged Gateway Intents": func(b *bubble) {
			id := *b.a.identity.Load()
			id.flags |= flagContent
			b.a.identity.Store(&id)
			b.fake.Gateway().Close(4007)
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			inBubble(t, discordfake.Options{}, nil, func(b *bubble) {
				trouble(b)
				pass(3 * time.Minute)
				select {
				case err := <-b.done:
					b.done <- nil
					var f *access.Fault
					if !errors.As(err, &f) || f.Failure != access.FailHuman || !strings.Contains(err.Error(), want) {
						t.Errorf("Run ended with %v", err)
					}
				default:
					t.Errorf("it goes on: %+v", b.stats())
				}
				if n := b.stats().Identifies; n > 3 {
					t.Errorf("%d times IDENTIFY", n)
				}
			})
		})
	}
}

func TestCloseCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		4004: "copy it again", 4010: "too many servers", 4011: "too many servers", 4012: "update Usher", 4013: "update Usher",
		4014: "Server Members Intent", 4000: "", 4001: "", 4007: "", 4008: "", 4009: "", 1000: "", 1006: "",
	} {
		err := fatalClose(fmt.Errorf("dial: %w", &websocket.CloseError{Code: code}))
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !isFatal(err)) {
			t.Errorf("%d says %v, want %q", code, err, want)
		}
	}
}

func TestIntentsAreThoseThatAreOn(t *testing.T) {
	t.Parallel()
	for flags, want := range map[int]discordgo.Intent{
		0:       intentsAlways,
		1 << 14: intentsAlways | discordgo.IntentGuildMembers,
		1 << 15: intentsAlways | discordgo.IntentGuildMembers,
		1 << 18: intentsAlways | discordgo.IntentMessageContent | discordgo.IntentGuildMessages,
		1 << 19: intentsAlways | discordgo.IntentMessageContent | discordgo.IntentGuildMessages,
		1 << 13: intentsAlways,
	} {
		if got := intentsOf(flags); got != want {
			t.Errorf("with the flags %b the intents are %b, want %b", flags, got, want)
		}
	}
}

func TestStartsOfTheGatewayAreSpared(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spent, crashes, most int
	}{
		"plenty left":    {0, 20, 25},
		"few left":       {950, 20, 3},
		"none left":      {1000, 20, 0},
		"the last tenth": {901, 200, 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, discordfake.Options{}, nil, func(b *bubble) {
				b.stop()
				before := b.stats().Identifies
				b.fake.Gateway().Spend(c.spent - 1)
				for range c.crashes { // a process that ends after a minute
					b.start(nil)
					pass(time.Minute)
					b.stop()
				}
				s := b.stats()
				if n := s.Identifies - before; n > c.most || s.TokenResets != 0 || c.most > 20 && n < 20 {
					t.Errorf("%d times IDENTIFY in %d lives, at most %d; %d resets", n, c.crashes, c.most, s.TokenResets)
				}
				b.start(nil)
				if pass(25 * time.Hour); b.a.Ready(b.t.Context()) != nil {
					t.Error("it is not there on the next day")
				}
			})
		})
	}
}

func TestPaced(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		left  int
		since time.Duration
		want  time.Duration
	}{
		"plenty":                 {500, 0, 0},
		"a tenth":                {100, 0, 0},
		"the last tenth":         {99, 0, 10 * time.Hour / 99},
		"having waited":          {99, time.Hour, 10*time.Hour/99 - time.Hour},
		"none":                   {0, 0, 10 * time.Hour},
		"none, and it was years": {0, 9000 * time.Hour, 10 * time.Hour},
	} {
		limit := discordgo.SessionInformation{Total: 1000, Remaining: c.left, ResetAfter: int((10 * time.Hour).Milliseconds())}
		if got := paced(limit, c.since); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
