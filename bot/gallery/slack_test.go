package gallery

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/slack/blockkit"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
)

// clock begins on the same day each time, so that pictures stay the same.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// workspace is one in Slack, with usher serve in it.
type workspace struct {
	*album
	t     *testing.T
	fake  *slackfake.Fake
	clock *clock
	run   *app.ServeRun
}

func TestPicturesOfSlack(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.contractor()
	w.production()
	w.badge()
	w.photograph(t, "slack")
}

func people() map[string]string {
	return map[string]string{
		"U0CARLA": "Carla Contreras", "U0MINA": "Mina Okafor", "U0ADA": "Ada Lindqvist", "U0BEN": "Ben Tanaka",
		"U0NORA": "Nora Quinn", "U0OLGA": "Olga Petrov",
	}
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := &workspace{album: newAlbum(), t: t, clock: &clock{now: time.Date(2026, 9, 1, 7, 0, 0, 0, time.UTC)}}
	w.fake = slackfake.New(t, slackfake.Options{Clock: w.clock, SignedAt: time.Now, Patience: 20 * time.Second})
	for id, name := range people() {
		u := slackfake.User{ID: id, RealName: name, TZ: "Europe/Berlin"}
		if id == "U0CARLA" {
			u.Guest = slackfake.MultiChannel
		}
		w.fake.AddUser(u)
	}
	everybody := []string{"U0MINA", "U0ADA", "U0BEN", "U0NORA", "U0OLGA"}
	for id, name := range map[string]string{"C0DESIGN": "design", "C0SITE": "site", "C0OPS": "ops"} {
		w.fake.AddChannel(slackfake.Channel{ID: id, Name: name, Bot: true, Members: everybody})
	}
	w.fake.AddChannel(slackfake.Channel{ID: "C0LOBBY", Name: "lobby", Members: append(everybody, "U0CARLA")})
	w.fake.AddGroup(slackfake.Group{ID: "S0SEC", Name: "Security", Handle: "security", Users: []string{"U0ADA", "U0BEN"}})
	w.fake.AddGroup(slackfake.Group{ID: "S0ONCALL", Name: "On call", Handle: "oncall", Users: []string{"U0BEN"}})
	w.serve()
	return w
}

// serve runs usher serve until the test ends.
func (w *workspace) serve() {
	w.t.Helper()
	conf, err := app.LoadConfig(config.Sources{Env: []string{
		"USHER_TENANT=acme", "USHER_ADMINS=slack:" + w.fake.Team() + "/U0OLGA", "USHER_HEALTH_ADDR=127.0.0.1:0", "USHER_DATA=" + w.t.TempDir(),
		"USHER_LOG_LEVEL=error", "SLACK_BOT_TOKEN=" + w.fake.BotToken(), "SLACK_APP_TOKEN=" + w.fake.AppToken(), "USHER_SLACK_API_URL=" + w.fake.URL,
	}})
	w.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	w.run, err = app.OpenServe(ctx, app.ServeOptions{Common: app.Common{Version: "test", Out: io.Discard, Err: w.t.Output()}, Config: conf, Clock: w.clock})
	if err != nil {
		cancel()
		w.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- w.run.Run(ctx) }()
	w.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
	w.must(w.fake.AwaitSockets(1))
	data, err := os.ReadFile("testdata/slack.yaml")
	w.must(err)
	all, err := config.ParseDefinitions("slack.yaml", data, w.clock.Now(), time.UTC)
	w.must(err)
	_, err = w.run.Runtime.Apply(w.t.Context(), "acme", access.SystemActor().Person, "define", all)
	w.must(err)
}

func (w *workspace) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// look is how things look to somebody at this moment.
func (w *workspace) look() blockkit.Look {
	berlin, err := time.LoadLocation("Europe/Berlin")
	w.must(err)
	names := people()
	return blockkit.Look{At: w.clock.Now(), Zone: berlin, Name: func(id string) string { return names[id] }}
}

// message keeps a picture of one.
func (w *workspace) message(name string, m slackfake.Message) {
	w.t.Helper()
	look := w.look()
	look.Private = m.Private
	w.keep(w.t, name, []byte(`{"blocks":`+m.JSON()+`}`), look)
}

func (w *workspace) keep(t *testing.T, name string, payload []byte, look blockkit.Look) {
	t.Helper()
	page, err := blockkit.Draw(payload, look)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	w.add(name, page)
}

// modal keeps a picture of the one that somebody has open, with what they
// typed, by field.
func (w *workspace) modal(name string, p *slackfake.Person, typed map[string]string, wrong map[string]string) {
	w.t.Helper()
	m, err := p.ReadModal("")
	w.must(err)
	var view map[string]any
	w.must(json.Unmarshal([]byte(m.JSON()), &view))
	for _, b := range view["blocks"].([]any) {
		block := b.(map[string]any)
		id, _ := block["block_id"].(string)
		if value := typed[id]; value != "" {
			fillIn(block["element"].(map[string]any), value)
		}
	}
	payload, err := json.Marshal(view)
	w.must(err)
	look := w.look()
	look.Errors = wrong
	w.keep(w.t, name, payload, look)
}

// fillIn puts into an element what somebody typed or chose.
func fillIn(element map[string]any, value string) {
	options, _ := element["options"].([]any)
	for _, o := range options {
		if o.(map[string]any)["value"] == value {
			element["initial_option"] = o
		}
	}
	if len(options) == 0 {
		element["initial_value"] = value
	}
}

// home keeps a picture of somebody's App Home.
func (w *workspace) home(name string, p *slackfake.Person, says string) {
	w.t.Helper()
	w.must(p.OpenHome())
	_, err := p.ReadHome(says)
	w.must(err)
	for _, c := range slices.Backward(w.fake.Calls("views.publish")) {
		if c.Args["user_id"] == p.ID() {
			w.keep(w.t, name, []byte(c.Args["view"]), w.look())
			return
		}
	}
	w.t.Errorf("%s has no home", p.ID())
}

// read waits for the latest message of somebody that says all of it.
func (w *workspace) read(p *slackfake.Person, words ...string) slackfake.Message {
	w.t.Helper()
	var found slackfake.Message
	_, err := p.Until("a message", func(s slackfake.Sight) bool {
		for _, m := range slices.Backward(s.Messages) {
			if !slices.ContainsFunc(words, func(word string) bool { return !m.Has(word) }) {
				found = m
				return true
			}
		}
		return false
	})
	w.must(err)
	return found
}

// send fills in the open form and sends it.
func (w *workspace) send(p *slackfake.Person, values map[string]any) {
	w.t.Helper()
	w.must(p.Fill(values))
	w.must(p.Submit())
	if p.See().Modal != nil {
		w.must(p.Close())
	}
}

func (w *workspace) forward(by time.Duration) {
	w.clock.forward(by)
	w.run.Runtime.Wake()
	w.fake.Poke()
}

// contractor is the story that Usher is measured by.
func (w *workspace) contractor() {
	carla, olga := w.fake.Person("U0CARLA"), w.fake.Person("U0OLGA")
	w.must(carla.Slash("/access", "request contractor"))
	w.modal("request", carla, map[string]string{"justification": "The new website goes live in September.", "answer.work": "website"}, nil)
	w.send(carla, map[string]any{"What will you mostly work on?": "The website", "Why is it needed?": "The new website goes live in September."})
	asked := w.read(olga, "Request: External contractor", "Approve")
	w.message("approver", asked)
	w.message("requestor-received", w.read(carla, "External contractor", "Withdraw"))
	w.home("home-approver", olga, "Carla")
	w.forward(2 * time.Hour)
	w.must(olga.Press(asked, "Approve"))
	w.modal("decide", olga, map[string]string{"reason": "Known from the last project."}, nil)
	w.send(olga, map[string]any{"Reason": "Known from the last project."})
	terms := w.read(carla, "External contractor", "Read the terms", "Withdraw")
	w.message("requestor-terms", terms)
	w.message("decided", w.read(olga, "Request: External contractor", "Status"))
	w.must(carla.Press(terms, "Read the terms"))
	text := w.read(carla, "Do not pass it on", "Accept")
	w.message("terms", text)
	w.must(carla.Press(text, "Accept"))
	w.message("requestor-active", w.read(carla, "The access is on", "Give back"))
	w.read(olga, "The access is on", "Request: External contractor")
	w.home("home-holder", carla, "Give back")
	w.forward(31 * 24 * time.Hour)
	w.message("over", w.read(carla, "Your access to", "is over"))
	w.message("requestor-over", w.read(carla, "The access ended", "What it gives"))
}

// production is asked for, pressed by somebody who may not decide, and times
// out.
func (w *workspace) production() {
	mina, nora := w.fake.Person("U0MINA"), w.fake.Person("U0NORA")
	w.must(mina.Slash("/access", "request production"))
	_, err := mina.ReadModal("")
	w.must(err)
	const why, incident = "I am on call this week.", "Incident, if there is one (for example INC-42)"
	w.must(mina.Fill(map[string]any{"Why is it needed?": why, incident: "inc 42"}))
	if err := mina.Submit(); !errors.Is(err, slackfake.ErrFields) {
		w.t.Fatalf("the incident was taken: %v", err)
	}
	w.modal("request-wrong", mina, map[string]string{"justification": why, "answer.incident": "inc 42"},
		map[string]string{"answer.incident": mina.See().Modal.Errors[0]})
	w.send(mina, map[string]any{incident: "INC-42"})
	card := w.read(nora, "Request: Production on-call", "Approve", "Ada Lindqvist")
	w.message("approver-channel", card)
	w.must(nora.Press(card, "Approve"))
	w.message("refused", w.read(nora, "You cannot decide"))
	w.forward(13 * time.Hour)
	w.message("timed-out", w.read(nora, "Request: Production on-call", "Nobody decided in time"))
}

// badge is handed out by hand.
func (w *workspace) badge() {
	mina, olga, ben := w.fake.Person("U0MINA"), w.fake.Person("U0OLGA"), w.fake.Person("U0BEN")
	w.must(mina.Slash("/access", "request badge"))
	_, err := mina.ReadModal("")
	w.must(err)
	w.send(mina, map[string]any{"Why is it needed?": "I keep ringing."})
	w.must(olga.Press(w.read(olga, "Request: Door badge", "Approve"), "Approve"))
	w.message("task", w.read(ben, "A task for you", "Done"))
}
