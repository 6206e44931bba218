package slack

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

const aCommand = "team_id=T0DEMO&user_id=U0MINA&command=%2Faccess&text=mine&trigger_id=1.2.3"

// send sends a body to the adapter; sign may be nil.
func (w *town) send(path, body string, sign func(*http.Request)) (int, string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, w.app+path, strings.NewReader(body))
	w.must(err)
	if sign != nil {
		sign(r)
	}
	resp, err := http.DefaultClient.Do(r)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	w.must(err)
	return resp.StatusCode, string(answer)
}

func (w *town) signed(body string) func(*http.Request) {
	return func(r *http.Request) { slackfake.Sign(r, w.fake.SigningSecret(), time.Now(), []byte(body)) }
}

func TestWhatIsNotSlacksIsRefusedAndCounted(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	press := url.Values{"payload": {`{"type":"block_actions",` + strings.ReplaceAll(from, "U1", "U0MINA") + `,"actions":[{"type":"button","value":"approve~"}]}`}}.Encode()
	elsewhere := strings.ReplaceAll(press, "T0DEMO", "T0OTHER")
	for name, c := range map[string]struct {
		path, body string
		sign       func(*http.Request)
		status     int
		counted    string
	}{
		"unsigned": {"/slack/commands", aCommand, nil, 401, "unsigned"},
		"of yesterday": {"/slack/commands", aCommand, func(r *http.Request) {
			slackfake.Sign(r, w.fake.SigningSecret(), time.Now().Add(-24*time.Hour), []byte(aCommand))
		}, 401, "stale"},
		"of tomorrow": {"/slack/commands", aCommand, func(r *http.Request) {
			slackfake.Sign(r, w.fake.SigningSecret(), time.Now().Add(24*time.Hour), []byte(aCommand))
		}, 401, "stale"},
		"six minutes old": {"/slack/commands", aCommand, func(r *http.Request) {
			slackfake.Sign(r, w.fake.SigningSecret(), time.Now().Add(-6*time.Minute), []byte(aCommand))
		}, 401, "stale"},
		"an empty secret": {"/slack/commands", aCommand, func(r *http.Request) { slackfake.Sign(r, "", time.Now(), []byte(aCommand)) }, 401, "unsigned"},
		"another body":    {"/slack/commands", aCommand + "&text=x", w.signed(aCommand), 401, "unsigned"},
		"half a signature": {"/slack/commands", aCommand, func(r *http.Request) {
			w.signed(aCommand)(r)
			r.Header.Set("X-Slack-Signature", r.Header.Get("X-Slack-Signature")[:20])
		}, 401, "unsigned"},
		"another payload in the address": {"/slack/interactions?" + press, press, w.signed(press), 400, "malformed"},
		"an empty address":               {"/slack/commands?x=1", aCommand, w.signed(aCommand), 400, "malformed"},
		"ten megabytes":                  {"/slack/events", strings.Repeat("x", 10<<20), nil, 413, "tooBig"},
		"a bomb":                         {"/slack/interactions", "payload=" + strings.Repeat(`{"view":`, 100000), w.signed("payload=" + strings.Repeat(`{"view":`, 100000)), 400, "malformed"},
		"two payloads":                   {"/slack/interactions", press + "&" + press, w.signed(press + "&" + press), 400, "malformed"},
		"two users":                      {"/slack/commands", aCommand + "&user_id=U0ADA", w.signed(aCommand + "&user_id=U0ADA"), 400, "malformed"},
		"JSON for a form": {"/slack/commands", aCommand, func(r *http.Request) {
			w.signed(aCommand)(r)
			r.Header.Set("Content-Type", "application/json")
		}, 415, "malformed"},
		"no payload":                   {"/slack/interactions", "", w.signed(""), 400, "malformed"},
		"no JSON":                      {"/slack/events", "<xml/>", w.signed("<xml/>"), 400, "malformed"},
		"another workspace":            {"/slack/commands", strings.Replace(aCommand, "T0DEMO", "T0OTHER", 1), w.signed(strings.Replace(aCommand, "T0DEMO", "T0OTHER", 1)), 200, "otherTeam"},
		"a press in another workspace": {"/slack/interactions", elsewhere, w.signed(elsewhere), 403, "otherTeam"},
		"an unknown event":             {"/slack/events", string(envelopeWith(`{"type":"from_the_future"}`)), w.signed(string(envelopeWith(`{"type":"from_the_future"}`))), 200, "ignored"},
	} {
		before := w.a.Counts()[c.counted]
		status, answer := w.send(c.path, c.body, c.sign)
		if answer != "" && !strings.Contains(answer, "another workspace") {
			t.Errorf("%s: it says %q", name, answer)
		}
		if status != c.status || w.a.Counts()[c.counted] != before+1 {
			t.Errorf("%s: %d, counted %v", name, status, w.a.Counts())
		}
	}
	if got := w.taken(); len(got) != 0 {
		t.Errorf("%d intents arrived: %+v", len(got), got)
	}
	if status, _ := w.send("/slack/commands", aCommand, w.signed(aCommand)); status != 200 || len(w.taken()) != 1 {
		t.Errorf("a good one: %d", status)
	}
	if resp, err := http.Get(w.app + "/slack/commands"); err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %v", err)
	}
}

func TestURLVerification(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	body := `{"type":"url_verification","challenge":"abc"}`
	if status, answer := w.send("/slack/events", body, w.signed(body)); status != 200 || answer != "abc" {
		t.Errorf("%d %q", status, answer)
	}
	if status, _ := w.send("/slack/events", body, nil); status != 401 {
		t.Errorf("unsigned: %d", status)
	}
}

func TestBeforeItRunsSlackIsToldToComeBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "http")
	w := &town{fixture: f, t: t}
	if status, _ := w.send("/slack/commands", aCommand, w.signed(aCommand)); status != http.StatusServiceUnavailable {
		t.Errorf("%d", status)
	}
}

func TestNewRefusesWrongSecrets(t *testing.T) {
	t.Parallel()
	good := Options{Name: "slack", Tenant: "demo", BotToken: "xoxb-1", AppToken: "xapp-1", SigningSecret: "s"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Options){
		"slack: the bot token is empty": func(o *Options) { o.BotToken = " " },
		"slack: the bot token is an app token (xapp-…); the bot token begins with xoxb-": func(o *Options) { o.BotToken = "xapp-1" },
		"slack: the app token is a bot token (xoxb-…); the app token begins with xapp-":  func(o *Options) { o.AppToken = "xoxb-1" },
		"slack: an app token (Socket Mode) or a signing secret (HTTP) is needed":         func(o *Options) { o.AppToken, o.SigningSecret = "", "" },
		"slack: a name and a tenant are needed":                                          func(o *Options) { o.Name = "" },
		`slack: "demo" is not the id of a workspace (T…) or an organisation (E…)`:        func(o *Options) { o.Team = []string{"demo"} },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestWithoutASecretThereIsNoWayIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "socket")
	for _, path := range []string{"/slack/commands", "/slack/interactions", "/slack/events"} {
		r, err := http.NewRequest(http.MethodPost, path, strings.NewReader(aCommand))
		if err != nil {
			t.Fatal(err)
		}
		if _, pattern := f.a.Handler().(*http.ServeMux).Handler(r); pattern != "" {
			t.Errorf("%s is served", path)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	s := Secret("xoxb-hush")
	var log strings.Builder
	zl := zerolog.New(&log)
	zl.Info().Interface("s", Options{BotToken: s}.BotToken).Msg("")
	for _, printed := range []string{fmt.Sprint(s), fmt.Sprintf("%#v %x %q %d", s, s, s, s), fmt.Sprintf("%+v", Options{BotToken: s}), log.String(), s.LogValue().String()} {
		if strings.Contains(printed, "hush") || strings.Contains(printed, "68757368") {
			t.Errorf("printed as %s", printed)
		}
	}
}

var _ chat.Handler = (*town)(nil)
