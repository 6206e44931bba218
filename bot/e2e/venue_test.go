package e2e

import (
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// venue is where a story happens: a workspace in Slack or a server in Discord,
// with usher serve in it. People and what is given have the same names in all
// of them: carla, who is from outside, mina, ada, ben, nora and olga, the admin;
// the design channel, payroll, the site, and who is on call.
type venue interface {
	// in is how this chat marks a moment, so that it is shown in the reader's
	// zone.
	moment(at time.Time) string
	person(name string) player
	// waitHas waits until somebody has exactly these of "design", "pay", "site",
	// "oncall", in this order.
	waitHas(name string, want ...string)
	// refuse makes giving (or taking away) one of these fail, until heal; slowly
	// makes giving it wait for ever.
	refuseGiving(what string)
	refuseTaking(what string)
	heal()
	// taken counts how often something was taken away from anybody.
	taken() int
	// leaves makes somebody leave, and waits as long as the chat tells nobody.
	leaves(name string)
	// kept is how many deliveries of this chat ended in a way.
	counted() map[string]int

	start()
	stop()
	forward(by time.Duration)
	later(by time.Duration) // the time goes on while nothing runs
	now() time.Time
	eventually(check func() error)
	await(what string, cond func() bool) error
	settle()
	define()
	record(name string) access.Ledger
	trail(name string) []engine.Event
	launch() (kill func())
}

// player is somebody in front of a chat whose every step has to succeed.
type player interface {
	// ask types the command for a package, and fills in and sends the form.
	ask(pkg, title string, values map[string]any)
	askFor(pkg, title, name string)
	// card waits for the latest card with all words on it, buttons as [Approve].
	card(words ...string) paper
	// read waits for any message with a text in it, private ones too.
	read(words string) paper
	press(on paper, button string)
	// pressOld presses on a card as it was.
	pressOld(on paper, button string) error
	// tries presses a button that they got hold of, and is told something.
	tries(on paper, button, says string)
	// decide presses a button of a card and gives a reason.
	decide(on paper, button, reason string)
	// sendsEmpty presses and sends the form as it is; true when that went through.
	sendsEmpty(on paper, button string) bool
	fill(title string, values map[string]any)
	// hears waits for a private answer with a text in it.
	hears(text string)
	heard(text string) bool
	// all is everything that they see.
	all() []paper
	home(words string)
	mine() paper
	// cards counts the messages with a text in them.
	cards(text string) int
}

// paper is a message as somebody sees it.
type paper struct {
	body, text, raw string
	private         bool
	in              any // the chat's own
}

func (p paper) has(words ...string) bool { return contains(p.body, words...) }

// tell tells a story in each chat, on both stores, over both ways in.
func tell(t *testing.T, story func(*testing.T, venue)) {
	t.Helper()
	t.Parallel()
	for _, chat := range []struct {
		name string
		ways []string
		open func(t *testing.T, kind, way string) venue
	}{
		{"slack", []string{"socket", "http"}, func(t *testing.T, kind, way string) venue { return inOffice{newOffice(t, kind, way)} }},
		{"discord", []string{"gateway", "http"}, func(t *testing.T, kind, way string) venue { return newServer(t, kind, way) }},
	} {
		for _, kind := range []string{"bolt", "redis"} {
			for _, way := range chat.ways {
				t.Run(chat.name+"/"+kind+"/"+way, func(t *testing.T) {
					t.Parallel()
					p := chat.open(t, kind, way)
					p.start()
					p.define()
					story(t, p)
				})
			}
		}
	}
}

func (o *hosted) later(by time.Duration) { o.clock.forward(by) }
func (o *hosted) now() time.Time         { return o.clock.Now() }
func (o *hosted) settle()                { o.quiet(o.run.Watch) }
