package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// office is a workspace in Slack with usher serve in it, wired as in
// production but for the clock and the address of the Web API.
type office struct {
	hosted
	fake *slackfake.Fake
}

// inSlack tells a story on both stores, over both ways that Slack has to call.
func inSlack(t *testing.T, story func(*testing.T, *office)) {
	t.Helper()
	t.Parallel()
	for _, kind := range []string{"bolt", "redis"} {
		for _, way := range []string{"socket", "http"} {
			t.Run(kind+"/"+way, func(t *testing.T) {
				t.Parallel()
				o := newOffice(t, kind, way)
				o.start()
				o.define()
				story(t, o)
			})
		}
	}
}

// newOffice is a workspace in which usher serve does not run yet.
func newOffice(t *testing.T, kind, way string) *office {
	t.Helper()
	o := newWorkspace(t, "slack", "T0DEMO", &movable{})
	env := []string{
		"USHER_TENANT=acme", "USHER_ADMINS=slack:" + o.fake.Team() + "/U0OLGA", "USHER_HEALTH_ADDR=127.0.0.1:0",
		"SLACK_BOT_TOKEN=" + o.fake.BotToken(), "USHER_SLACK_API_URL=" + o.fake.URL, "USHER_SLACK_MANAGER_FIELD=Manager",
	}
	if kind == "redis" {
		env = append(env, "REDIS_URL="+redisURL(t))
	} else {
		env = append(env, "USHER_DATA="+t.TempDir())
	}
	if way == "http" {
		env = append(env, "SLACK_SIGNING_SECRET="+o.fake.SigningSecret(), "USHER_HTTP_ADDR=127.0.0.1:0")
	} else {
		env = append(env, "SLACK_APP_TOKEN="+o.fake.AppToken())
	}
	o.env = env
	o.configure()
	return o
}

// newWorkspace is a workspace with people and channels, of a chat of this name.
func newWorkspace(t *testing.T, chat, team string, clock *movable) *office {
	o := &office{hosted: hosted{t: t, chat: chat, kind: "slack", clock: clock}}
	o.fake = slackfake.New(t, slackfake.Options{Team: team, Clock: clock, SignedAt: time.Now, Within: patience, Patience: patience, Echo: true})
	o.people()
	o.reachable = func(http string) error {
		o.fake.DeliverTo(http)
		return nil
	}
	return o
}

func (o *office) people() {
	o.fake.AddField(slackfake.ProfileField{ID: "Xf0MANAGER", Label: "Manager", Kind: "user"})
	for _, u := range []slackfake.User{
		{ID: "U0CARLA", Name: "carla", RealName: "Carla Contreras", Guest: slackfake.MultiChannel},
		{ID: "U0MINA", Name: "mina", RealName: "Mina Okafor", Fields: map[string]string{"Manager": "U0ADA"}},
		{ID: "U0ADA", Name: "ada", RealName: "Ada Lindqvist"},
		{ID: "U0BEN", Name: "ben", RealName: "Ben Tanaka"},
		{ID: "U0NORA", Name: "nora", RealName: "Nora Quinn"},
		{ID: "U0OLGA", Name: "olga", RealName: "Olga Petrov"},
	} {
		o.fake.AddUser(u)
	}
	for _, c := range []slackfake.Channel{
		{ID: "C0LOBBY", Name: "lobby", Members: []string{"U0CARLA", "U0MINA", "U0OLGA"}},
		{ID: "C0DESIGN", Name: "design", Bot: true, Members: []string{"U0OLGA"}},
		{ID: "C0SITE", Name: "site", Private: true, Bot: true, Members: []string{"U0OLGA"}},
		{ID: "C0PAY", Name: "payroll", Private: true, Bot: true, Members: []string{"U0OLGA"}},
		{ID: "C0GATE", Name: "gate", Bot: true},
	} {
		o.fake.AddChannel(c)
	}
	o.fake.AddGroup(slackfake.Group{ID: "S0SEC", Name: "Security", Handle: "security", Users: []string{"U0ADA", "U0BEN", "U0NORA"}})
	o.fake.AddGroup(slackfake.Group{ID: "S0ONCALL", Name: "On call", Handle: "oncall", Users: []string{"U0BEN"}})
}

// define writes the packages of the stories.
func (o *office) define() { o.defineFrom("slack.yaml") }

// forward puts the clock forward for everybody.
func (o *office) forward(by time.Duration) {
	o.clock.forward(by)
	o.run.Runtime.Wake()
	o.fake.Poke()
}

// waitIn waits until somebody is in exactly these of the channels and groups
// that packages give.
func (o *office) waitIn(user string, want ...string) {
	o.t.Helper()
	o.eventually(func() error {
		var in []string
		for _, c := range []string{"C0DESIGN", "C0PAY", "C0SITE"} {
			if slices.Contains(o.fake.Members(c), user) {
				in = append(in, c)
			}
		}
		if g, _ := o.fake.Group("S0ONCALL"); slices.Contains(g.Users, user) && !g.Disabled {
			in = append(in, "S0ONCALL")
		}
		if !slices.Equal(in, want) {
			return fmt.Errorf("%s is in %q, want %q", user, in, want)
		}
		return nil
	})
}

// clerk is somebody in front of Slack whose every step has to succeed.
type clerk struct {
	*slackfake.Person
	o *office
}

func (o *office) person(name string) clerk {
	return clerk{o.fake.Person("U0" + strings.ToUpper(name)), o}
}

func (c clerk) must(err error) {
	c.o.t.Helper()
	if err != nil {
		c.o.t.Fatalf("%s: %v\n%s", c.ID(), err, c.See())
	}
}

// card waits for the latest card with all words on it, buttons as [Approve].
func (c clerk) card(words ...string) slackfake.Message {
	c.o.t.Helper()
	var found slackfake.Message
	_, err := c.Until(fmt.Sprintf("a message with %q", words), func(s slackfake.Sight) bool {
		for _, m := range slices.Backward(s.Messages) {
			if !m.Private && contains(m.Body, words...) {
				found = m
				return true
			}
		}
		return false
	})
	c.must(err)
	return found
}

// ask types the command for a package, and fills in and sends the form.
func (c clerk) ask(pkg, title string, values map[string]any) {
	c.o.t.Helper()
	c.must(c.Slash("/access", "request "+pkg))
	c.fill(title, values)
	c.shut()
}

// fill waits for a form, fills it in and sends it.
func (c clerk) fill(title string, values map[string]any) {
	c.o.t.Helper()
	_, err := c.ReadModal(title)
	c.must(err)
	c.must(c.Fill(values))
	c.must(c.Submit())
}

// shut closes what is still open, as people do.
func (c clerk) shut() {
	c.o.t.Helper()
	if c.See().Modal != nil {
		c.must(c.Close())
	}
}

func (c clerk) press(m slackfake.Message, button string) {
	c.o.t.Helper()
	c.must(c.Press(m, button))
}

// decide presses a button of a card and gives a reason.
func (c clerk) decide(m slackfake.Message, button, reason string) {
	c.o.t.Helper()
	c.press(m, button)
	c.fill("", map[string]any{"Reason": reason})
	c.shut()
}
