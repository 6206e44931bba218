package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// launch runs usher serve as a process of its own, and returns what kills it
// as a power cut would. Killing it twice is fine.
func (o *office) launch() (kill func()) {
	o.t.Helper()
	before := o.fake.Opened()
	kill = o.process(func() bool { return o.fake.Holding() == 0 })
	if o.conf.HTTP.Addr == "" {
		if err := o.fake.Await("a connection", func() bool { return o.fake.Opened() > before }); err != nil {
			o.t.Fatal(err)
		}
	}
	return kill
}

// Usher is killed while Slack lets somebody into a channel: not done yet, or
// done and the answer never read. After it they are in exactly once, the cards
// are right, and at the end they are out.
func TestKilledInTheMiddleOfADeliveryInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		o.fake.AddUser(slackfake.User{ID: "U0CARLO", Name: "carlo", RealName: "Carlo Conti", Guest: slackfake.MultiChannel})
		o.killedWhileInviting("U0CARLA", "Carla Contreras", false)
		o.killedWhileInviting("U0CARLO", "Carlo Conti", true)
		o.forward(32 * 24 * time.Hour)
		for _, name := range []string{"carla", "carlo"} {
			o.person(name).card("Your access to", "External contractor", "is over")
			o.waitIn(o.person(name).ID())
		}
	})
}

func (o *office) killedWhileInviting(user, name string, arrived bool) {
	o.t.Helper()
	o.stop()
	kill := o.launch()
	carla, olga := clerk{o.fake.Person(user), o}, o.person("olga")
	o.fake.Fail(slackfake.Fault{Method: "conversations.invite", Hold: make(chan struct{}), Only: func(args map[string]string) bool {
		return args["channel"] == "C0SITE"
	}})
	carla.ask("contractor", "External contractor", map[string]any{
		"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
	})
	olga.decide(olga.card("Request: External contractor", name, "[Approve]"), "Approve", "Known")
	carla.press(carla.card("External contractor", "[Read the terms]"), "Read the terms")
	shown, err := carla.Read("[Accept]")
	carla.must(err)
	carla.press(shown, "Accept")
	if err := o.fake.Await("the invitation", func() bool { return o.fake.Holding() == 1 }); err != nil {
		o.t.Fatal(err)
	}
	if arrived {
		if err := o.fake.Join("C0SITE", user); err != nil {
			o.t.Fatal(err)
		}
	}
	kill()

	o.clock.forward(time.Minute) // past the time that a call may take
	o.start()
	o.waitIn(user, "C0DESIGN", "C0SITE")
	carla.card("You now have", "External contractor")
	carla.card("External contractor", "[Give back]")
	olga.card("Request: External contractor", name, "The access is on")
	o.quiet(o.run.Watch)
	o.once(user, "C0SITE", arrived)
	for words, in := range map[string]clerk{"You now have": carla, "[Give back]": carla, name + " asks for": olga} {
		if n := in.cards(words); n != 1 {
			o.t.Errorf("%s has %d cards with %q, want one:\n%s", in.ID(), n, words, in.See())
		}
	}
}

// once checks that Slack let somebody into a channel once, and not at all if
// they had arrived.
func (o *office) once(user, channel string, arrived bool) {
	o.t.Helper()
	done := 0
	for _, c := range o.fake.Calls("conversations.invite") {
		if c.Args["channel"] == channel && c.Args["users"] == user && c.Error == "" && c.Status == http.StatusOK {
			done++
		}
	}
	if want := map[bool]int{true: 0, false: 1}[arrived]; done != want {
		o.t.Errorf("%s was let in %d times, want %d", user, done, want)
	}
}

// cards counts the messages with a text in them, buttons as [Approve].
func (c clerk) cards(text string) int {
	n := 0
	for _, m := range c.See().Messages {
		if !m.Private && m.Has(text) {
			n++
		}
	}
	return n
}
