package slackfake_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// clock is a clock that tests put forward.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a fake with a few people and a channel.
type world struct {
	*slackfake.Fake
	clock *clock
	api   *slack.Client
}

func newWorld(t *testing.T, opt slackfake.Options) world {
	t.Helper()
	w := world{clock: newClock()}
	opt.Clock = w.clock
	w.Fake = slackfake.New(t, opt)
	w.AddUser(slackfake.User{ID: "UMINA", Name: "mina", RealName: "Mina Okafor", Email: "mina@example.org", Locale: "en-GB", TZ: "Europe/London"})
	w.AddUser(slackfake.User{ID: "UADA", Name: "ada", RealName: "Ada Lindqvist"})
	w.AddUser(slackfake.User{ID: "UCARLA", Name: "carla", RealName: "Carla Contreras", Guest: slackfake.MultiChannel, Locale: "de-DE", TZ: "Europe/Berlin"})
	w.AddUser(slackfake.User{ID: "USOLO", Name: "solo", RealName: "Solo Guest", Guest: slackfake.SingleChannel})
	w.AddUser(slackfake.User{ID: "USTRANGE", Name: "strange", RealName: "Strange Visitor", Stranger: true, Team: "T0OTHER"})
	w.AddUser(slackfake.User{ID: "UGONE", Name: "gone", RealName: "Gone", Deleted: true})
	w.AddChannel(slackfake.Channel{ID: "CTEAM", Name: "team", Members: []string{"UMINA", "UADA"}, Bot: true})
	w.AddChannel(slackfake.Channel{ID: "COPEN", Name: "open", Members: []string{"UMINA"}})
	w.AddChannel(slackfake.Channel{ID: "CSECRET", Name: "secret", Private: true, Members: []string{"UADA"}})
	w.AddChannel(slackfake.Channel{ID: "CGENERAL", Name: "general", General: true, Members: []string{"UMINA"}, Bot: true})
	w.AddChannel(slackfake.Channel{ID: "COLD", Name: "old", Archived: true, Bot: true})
	w.AddGroup(slackfake.Group{ID: "SENG", Name: "Engineering", Handle: "engineering", Users: []string{"UMINA"}})
	w.api = w.client(w.BotToken())
	return w
}

func (w world) client(token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(w.URL), slack.OptionAppLevelToken(w.AppToken()))
}

// app answers what the fake delivers; a test sets the hooks that it needs.
type app struct {
	command func(slack.SlashCommand) any
	act     func(slack.InteractionCallback) any
	event   func(map[string]any, int) int // a status, for HTTP; the attempt comes along
}

// connect runs the app over Socket Mode with slack-go's client.
func (w world) connect(t *testing.T, a app) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	client := socketmode.New(w.client(w.BotToken()), socketmode.OptionLog(log.New(io.Discard, "", 0)))
	var running sync.WaitGroup
	running.Go(func() { _ = client.RunContext(ctx) })
	running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				running.Go(func() { a.take(client, e) })
			}
		}
	})
	t.Cleanup(func() { cancel(); running.Wait() })
	if err := w.AwaitSockets(1); err != nil {
		t.Fatal(err)
	}
}

func (a app) take(client *socketmode.Client, e socketmode.Event) {
	if e.Request == nil {
		return
	}
	var answer any
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		answer = a.command(data)
	case slack.InteractionCallback:
		answer = a.act(data)
	default:
		if e.Type != socketmode.EventTypeEventsAPI {
			return
		}
		var outer map[string]any
		_ = json.Unmarshal(e.Request.Payload, &outer)
		if a.event != nil && a.event(outer, e.Request.RetryAttempt) != http.StatusOK {
			return
		}
	}
	if answer == nil {
		_ = client.Ack(*e.Request)
		return
	}
	_ = client.Ack(*e.Request, answer)
}

// serve runs the app over HTTP; each request's signature is checked against
// the fake's clock.
func (w world) serve(t *testing.T, a app) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		want := &http.Request{Header: http.Header{}}
		slackfake.Sign(want, w.SigningSecret(), w.clock.Now(), body)
		if r.Header.Get("X-Slack-Signature") != want.Header.Get("X-Slack-Signature") {
			t.Errorf("%s is not signed as it should be", r.URL.Path)
		}
		a.answer(rw, r, body)
	}))
	t.Cleanup(server.Close)
	w.DeliverTo(server.URL)
}

func (a app) answer(rw http.ResponseWriter, r *http.Request, body []byte) {
	form, _ := url.ParseQuery(string(body))
	var answer any
	switch r.URL.Path {
	case slackfake.PathCommands:
		answer = a.command(slack.SlashCommand{
			Command: form.Get("command"), Text: form.Get("text"), UserID: form.Get("user_id"), ChannelID: form.Get("channel_id"),
			TriggerID: form.Get("trigger_id"), ResponseURL: form.Get("response_url"),
		})
	case slackfake.PathInteractions:
		var callback slack.InteractionCallback
		_ = json.Unmarshal([]byte(form.Get("payload")), &callback)
		answer = a.act(callback)
	default:
		var outer map[string]any
		_ = json.Unmarshal(body, &outer)
		attempt := len(r.Header.Get("X-Slack-Retry-Num"))
		if attempt > 0 {
			attempt = int(r.Header.Get("X-Slack-Retry-Num")[0] - '0')
		}
		if a.event != nil {
			rw.WriteHeader(a.event(outer, attempt))
		}
		return
	}
	if answer == nil {
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(answer)
}

// overBoth runs a test over each transport.
func overBoth(t *testing.T, opt slackfake.Options, a func(world) app, test func(*testing.T, world)) {
	for name, start := range map[string]func(world, *testing.T, app){"Socket Mode": world.connect, "HTTP": world.serve} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, opt)
			start(w, t, a(w))
			test(t, w)
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}
func mrkdwn(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, false)
}

// card is a message with a text and buttons.
func card(text string, buttons ...string) []slack.MsgOption {
	var elements []slack.BlockElement
	for _, b := range buttons {
		elements = append(elements, slack.NewButtonBlockElement("do:"+b, "token of "+b, plain(b)))
	}
	return []slack.MsgOption{
		slack.MsgOptionText(text, false),
		slack.MsgOptionBlocks(slack.NewSectionBlock(mrkdwn(text), nil, nil), slack.NewActionBlock("act", elements...)),
	}
}

// form is a modal with a menu, a text and a date.
func form(title string) slack.ModalViewRequest {
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Search"), "package")
	why := slack.NewPlainTextInputBlockElement(plain("Why?"), "why")
	until := slack.NewInputBlock("until", plain("Until"), nil, slack.NewDatePickerBlockElement("until"))
	until.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(title), Submit: plain("Send"), Close: plain("Cancel"), CallbackID: "request", PrivateMetadata: "{}",
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("package", plain("Package"), nil, menu),
			slack.NewInputBlock("why", plain("Justification"), nil, why),
			until,
		}},
	}
}

// listen serves on loopback until the test ends.
func listen(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
