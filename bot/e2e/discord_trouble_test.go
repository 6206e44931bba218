package e2e

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/bot/app"
)

// trouble is what the gateway does to Usher.
type trouble func(g *discordfake.Gateway)

// Whatever the gateway does, the next press is answered, what was answered
// stays, and no more sessions are begun than that takes.
func TestTheGatewayInTroubleInDiscord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do    trouble
		fresh int // sessions that are begun anew at most
	}{
		"asked to reconnect":     {func(g *discordfake.Gateway) { g.Reconnect() }, 0},
		"asked so inside RESUME": {func(g *discordfake.Gateway) { g.AnswerResume(discordfake.ResumeReconnect); g.Reconnect() }, 1},
		"the session is invalid": {func(g *discordfake.Gateway) { g.Invalidate(false) }, 1},
		"the RESUME is invalid":  {func(g *discordfake.Gateway) { g.AnswerResume(discordfake.ResumeInvalid); g.Cut() }, 1},
		"the connection is cut":  {func(g *discordfake.Gateway) { g.Cut() }, 0},
		"garbage":                {func(g *discordfake.Gateway) { g.Say("{"); g.Cut() }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, "bolt", "gateway")
			s.start()
			s.define()
			mina, nora := s.member("mina"), s.member("nora")
			mina.ask("lab", "Lab", nil)
			asked := nora.card("Request: Lab", "[Approve]")
			g := s.fake.Gateway()
			before := g.Stats()
			c.do(g)
			if err := g.Await("another connection with a session", func(now discordfake.GatewayStats) bool {
				return (now.Opened > before.Opened || now.Identifies > before.Identifies) && now.Sessions == 1
			}); err != nil {
				t.Fatal(err)
			}
			nora.press(asked, "Approve")
			s.waitHas("mina", "design")
			if n := g.Stats().Identifies - before.Identifies; n > c.fresh {
				t.Errorf("%d sessions were begun, want at most %d", n, c.fresh)
			}
		})
	}
}

// The gateway goes away for ten minutes. What was answered before is done,
// deadlines pass meanwhile, and afterwards people can press again.
func TestTheGatewayIsAwayInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "redis", "gateway")
	s.start()
	s.define()
	mina, ada, ben := s.member("mina"), s.member("ada"), s.member("ben")
	mina.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
	ada.press(ada.card("Request: Production", "[Approve]"), "Approve")
	s.fake.Gateway().Down(true)
	ada.card("Request: Production", "1 so far") // calls still work
	s.eventually(func() error {
		if err := s.asks("/readyz", "ready"); err == nil {
			return errors.New("it says that it is ready")
		}
		return nil
	})
	if err := ben.Press(ofDiscord(ben.card("Request: Production", "Ada Lindqvist", "[Approve]")), "Approve"); err == nil {
		t.Error("a press arrived without a gateway")
	}
	s.forward(10 * time.Minute)
	s.fake.Gateway().Down(false)
	if err := s.fake.Gateway().AwaitSessions(1); err != nil {
		t.Fatal(err)
	}
	ben.press(ben.card("Request: Production", "Ada Lindqvist", "[Approve]"), "Approve")
	s.waitHas("mina", "oncall")
	if n := len(who(s.trail("mina"), "decided")); n != 2 {
		t.Errorf("%d decisions are on record, want Ada's and Ben's", n)
	}
	if n := s.fake.Gateway().Stats().Identifies; n > 2 {
		t.Errorf("%d sessions were begun", n)
	}
}

// A token that is not accepted any more and an intent that was switched off end
// serve with a sentence that says what to do.
func TestFatalClosesEndServeInDiscord(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		4004: "Usher broke off: Discord does not accept the bot token: copy it again (Bot, Reset Token)",
		4014: "Usher broke off: Discord refuses a privileged intent: switch on Server Members Intent",
	} {
		s := newServer(t, "bolt", "gateway")
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		run, err := app.OpenServe(ctx, app.ServeOptions{Common: common(t), Config: s.conf, Clock: s.clock})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- run.Run(ctx) }()
		if err := s.fake.Gateway().AwaitSessions(1); err != nil {
			t.Fatal(err)
		}
		s.fake.Gateway().Close(code)
		if err := <-ended; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: serve ended with %v", code, err)
		}
		if n := s.fake.Gateway().Stats().Identifies; n != 1 {
			t.Errorf("%d: %d sessions were begun", code, n)
		}
	}
}

// Of two processes on one Redis one holds the gateway, and the other takes over
// when it stops. What was asked before is decided after.
func TestAnotherProcessTakesTheGatewayOverInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "redis", "gateway")
	s.start()
	s.define()
	first := s.halt
	s.start()
	if g := s.fake.Gateway().Stats(); g.Most != 1 || g.Identifies != 1 {
		t.Errorf("of two processes %d hold the gateway", g.Most)
	}
	mina, nora := s.member("mina"), s.member("nora")
	mina.ask("lab", "Lab", nil)
	asked := nora.card("Request: Lab", "[Approve]")
	first()
	if err := s.fake.Gateway().Await("the other", func(g discordfake.GatewayStats) bool { return g.Identifies == 2 && g.Sessions == 1 }); err != nil {
		t.Fatal(err)
	}
	nora.press(asked, "Approve")
	s.waitHas("mina", "design")
}
