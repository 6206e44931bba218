package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/engine"
)

const (
	commands     = slackfake.PathCommands
	interactions = slackfake.PathInteractions
	events       = slackfake.PathEvents

	typed = "team_id=T0DEMO&channel_id=C0LOBBY&user_id=U0MINA&command=%2Faccess&text=mine&trigger_id=1.2.3"
)

// attempt is a call to usher serve that may be anybody's.
type attempt struct {
	method, path, content, body string
	sign                        func(r *http.Request, secret string, body []byte)
	status                      int
	counted                     string // the result in /metrics; "" for none
}

// signedAt signs like Slack, at another time.
func signedAt(more time.Duration) func(*http.Request, string, []byte) {
	return func(r *http.Request, secret string, body []byte) {
		slackfake.Sign(r, secret, time.Now().Add(more), body)
	}
}

// signedFor signs another body than the one that is sent.
func signedFor(other string) func(*http.Request, string, []byte) {
	return func(r *http.Request, secret string, _ []byte) { slackfake.Sign(r, secret, time.Now(), []byte(other)) }
}

// signedWith signs with another secret.
func signedWith(secret string) func(*http.Request, string, []byte) {
	return func(r *http.Request, _ string, body []byte) { slackfake.Sign(r, secret, time.Now(), body) }
}

func unsigned(*http.Request, string, []byte) {}

// payload is a form with an interaction in it.
func payload(inside string) string { return url.Values{"payload": {inside}}.Encode() }

// made is an interaction of Mina's, with a trigger of its own.
func made(kind, more string) string {
	return `{"type":"` + kind + `","team":{"id":"T0DEMO","domain":"demo"},"user":{"id":"U0MINA"},"trigger_id":"9.9.` + kind + `"` + more + `}`
}

// happened is an event as Slack wraps it.
func happened(inside string) string {
	return `{"type":"event_callback","team_id":"T0DEMO","event_id":"Ev` + fmt.Sprint(len(inside)) + `","event":` + inside + `}`
}

// forgeries are not Slack's, or not Slack's any more.
func forgeries() map[string]attempt {
	press := payload(made("block_actions", `,"actions":[{"type":"button","value":"x"}]`))
	evil := url.QueryEscape(made("block_actions", `,"actions":[{"type":"button","value":"approve"}]`))
	huge := strings.Repeat("x", 10<<20)
	return map[string]attempt{
		"another payload in the address":         {path: interactions + "?payload=" + evil, body: press, status: 400, counted: "malformed"},
		"another payload in the address alone":   {path: interactions + "?payload=" + evil, status: 400, counted: "malformed"},
		"a signature of yesterday":               {path: commands, body: typed, sign: signedAt(-24 * time.Hour), status: 401, counted: "stale"},
		"a signature of tomorrow":                {path: commands, body: typed, sign: signedAt(24 * time.Hour), status: 401, counted: "stale"},
		"a signature with an empty secret":       {path: commands, body: typed, sign: signedWith(""), status: 401, counted: "unsigned"},
		"a signature with another secret":        {path: commands, body: typed, sign: signedWith("secret"), status: 401, counted: "unsigned"},
		"a signature for another body":           {path: commands, body: typed, sign: signedFor(typed + "&"), status: 401, counted: "unsigned"},
		"no signature":                           {path: interactions, body: press, sign: unsigned, status: 401, counted: "unsigned"},
		"ten megabytes":                          {path: events, body: huge, status: 413, counted: "tooBig"},
		"ten megabytes, unsigned":                {path: interactions, body: huge, sign: unsigned, status: 413, counted: "tooBig"},
		"a challenge that is not signed":         {path: events, body: `{"type":"url_verification","challenge":"x"}`, sign: unsigned, status: 401, counted: "unsigned"},
		"GET":                                    {method: http.MethodGet, path: commands, status: 405},
		"a path that there is not":               {path: "/slack/other", body: typed, status: 404},
		"the path of a chat that there is not":   {path: "/chats/games/slack/commands", body: typed, status: 404},
		"a command of another workspace":         {path: commands, body: strings.Replace(typed, "T0DEMO", "T0OTHER", 1), status: 200, counted: "otherTeam"},
		"a press in another workspace":           {path: interactions, body: strings.ReplaceAll(press, "T0DEMO", "T0OTHER"), status: 403, counted: "otherTeam"},
		"an event of another workspace":          {path: events, body: strings.Replace(happened(`{"type":"user_change"}`), "T0DEMO", "T0OTHER", 1), status: 403, counted: "otherTeam"},
		"a form that says that it is JSON":       {path: commands, content: "application/json", body: typed, status: 415, counted: "malformed"},
		"an event that says that it is a form":   {path: events, content: "application/x-www-form-urlencoded", body: happened(`{"type":"x"}`), status: 415, counted: "malformed"},
		"an interaction that says it is XML":     {path: interactions, content: "text/xml", body: press, status: 415, counted: "malformed"},
		"a content type that cannot be read":     {path: interactions, content: "application/;;", body: press, status: 415, counted: "malformed"},
		"JSON where a form is expected":          {path: commands, body: `{"type":"event_callback"}`, status: 400, counted: "malformed"},
		"a form where JSON is expected":          {path: events, content: "application/json", body: typed, status: 400, counted: "malformed"},
		"a command without a person":             {path: commands, body: strings.Replace(typed, "U0MINA", "", 1), status: 400, counted: "malformed"},
		"a command of two people":                {path: commands, body: typed + "&user_id=U0OLGA", status: 400, counted: "malformed"},
		"two payloads":                           {path: interactions, body: press + "&" + press, status: 400, counted: "malformed"},
		"no payload":                             {path: interactions, body: "x=y", status: 400, counted: "malformed"},
		"nothing":                                {path: interactions, status: 400, counted: "malformed"},
		"a broken escape":                        {path: interactions, body: "payload=%zz", status: 400, counted: "malformed"},
		"a person whose id is no text":           {path: interactions, body: payload(strings.Replace(made("shortcut", ""), `"U0MINA"`, `"U0`+"\xff\xfe"+`"`, 1)), status: 400, counted: "malformed"},
		"bytes that are no text":                 {path: events, body: "\xff\xfe\x00", status: 400, counted: "malformed"},
		"a list":                                 {path: interactions, body: payload(`[]`), status: 400, counted: "malformed"},
		"a number":                               {path: events, body: `42`, status: 400, counted: "malformed"},
		"half of a payload":                      {path: interactions, body: payload(made("block_actions", "")[:40]), status: 400, counted: "malformed"},
		"no type":                                {path: interactions, body: payload(`{"user":{"id":"U0MINA"}}`), status: 400, counted: "malformed"},
		"no workspace":                           {path: interactions, body: payload(`{"type":"block_actions","user":{"id":"U0MINA"}}`), status: 400, counted: "malformed"},
		"a press without a button":               {path: interactions, body: payload(made("block_actions", `,"actions":[]`)), status: 400, counted: "malformed"},
		"a form that was sent without its view":  {path: interactions, body: payload(made("view_submission", "")), status: 400, counted: "malformed"},
		"an event without an id":                 {path: events, body: `{"type":"event_callback","team_id":"T0DEMO","event":{"type":"app_mention"}}`, status: 400, counted: "malformed"},
		"a bomb of objects":                      {path: interactions, body: "payload=" + strings.Repeat(`{"view":`, 100_000), status: 400, counted: "malformed"},
		"a bomb of lists":                        {path: events, body: strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), status: 400, counted: "malformed"},
		"a bomb inside of what looks right":      {path: interactions, body: payload(made("block_actions", `,"message":{"blocks":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`)), status: 400, counted: "malformed"},
		"a bomb in a form's answers":             {path: interactions, body: payload(made("view_submission", `,"view":{"state":{"values":`+strings.Repeat(`{"a":`, 50_000)+"1"+strings.Repeat("}", 50_000)+`}}`)), status: 400, counted: "malformed"},
		"an event with a bomb for a user's id":   {path: events, body: happened(`{"type":"user_change","user":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`), status: 400, counted: "malformed"},
		"answers that are a list":                {path: interactions, body: payload(made("view_submission", `,"view":{"state":{"values":[]}}`)), status: 400, counted: "malformed"},
		"a view that is a text":                  {path: interactions, body: payload(made("block_actions", `,"view":"home","actions":[{"type":"button","value":"x"}]`)), status: 400, counted: "malformed"},
		"actions that are an object":             {path: interactions, body: payload(made("block_actions", `,"actions":{"type":"button"}`)), status: 400, counted: "malformed"},
		"a challenge for another path":           {path: interactions, body: payload(`{"type":"url_verification","challenge":"x"}`), status: 200, counted: "ignored"},
		"a delivery that is no event":            {path: events, body: `{"type":"app_rate_limited","team_id":"T0DEMO","minute_rate_limited":1}`, status: 200, counted: "ignored"},
		"a check of the certificate":             {path: commands, body: "ssl_check=1&token=legacy", status: 200, counted: "ignored"},
		"a command that is not Usher's":          {path: commands, body: strings.Replace(typed, "%2Faccess", "%2Fdeploy", 1), status: 200, counted: "ignored"},
		"a shortcut that is not Usher's":         {path: interactions, body: payload(made("shortcut", `,"callback_id":"deploy"`)), status: 200, counted: "ignored"},
		"a message shortcut that is not Usher's": {path: interactions, body: payload(made("message_action", `,"callback_id":"deploy"`)), status: 200, counted: "ignored"},
	}
}

// try carries out an attempt; by default it is one of Slack's own.
func (o *office) try(a attempt) (status int, said string) {
	o.t.Helper()
	method := a.method
	if method == "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(o.t.Context(), method, "http://"+o.run.HTTP+a.path, strings.NewReader(a.body))
	if err != nil {
		o.t.Fatal(err)
	}
	if a.content == "" {
		a.content = map[string]string{events: "application/json; charset=utf-8"}[a.path]
	}
	if a.content == "" {
		a.content = "application/x-www-form-urlencoded"
	}
	r.Header.Set("Content-Type", a.content)
	if a.sign == nil {
		a.sign = signedAt(0)
	}
	a.sign(r, o.fake.SigningSecret(), []byte(a.body))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatalf("it does not answer: %v", err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		o.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// all tries everything, one after the other: each must have its status, be
// counted once, and be answered with nothing.
func (o *office) all(list map[string]attempt) {
	o.t.Helper()
	for name, a := range list {
		before := o.counted()
		status, said := o.try(a)
		after := o.counted()
		if status != a.status {
			o.t.Errorf("%s: status %d, want %d", name, status, a.status)
		}
		if said != "" && !strings.Contains(said, "another workspace") && status < 404 {
			o.t.Errorf("%s: it is told %.200q", name, said)
		}
		if a.counted != "" {
			before[a.counted]++
		}
		if fmt.Sprint(before) != fmt.Sprint(after) {
			o.t.Errorf("%s: counted %v, want %v", name, after, before)
		}
	}
}

// Whatever comes over HTTP and is not Slack's, or of no use, is refused with
// the right status or ignored, and counted. After all of it the story goes on.
func TestMisuseOverHTTPInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "bolt", "http")
	o.start()
	o.define()
	o.all(forgeries())
	o.all(unused())
	if lines := o.audit("U0MINA"); len(lines) != 0 {
		t.Errorf("in the audit are %v", lines)
	}
	body := `{"type":"url_verification","token":"legacy","challenge":"abc"}`
	if status, said := o.try(attempt{path: events, body: body}); status != 200 || said != "abc" {
		t.Errorf("the challenge is answered with %d %q", status, said)
	}
	if n := o.counted()["panic"]; n != 0 {
		t.Errorf("%d panics", n)
	}
	o.person("mina").ask("lab", "Lab", nil)
	nora := o.person("nora")
	nora.press(nora.card("Request: Lab", "[Approve]"), "Approve")
	o.waitIn("U0MINA", "C0DESIGN")
}

// What is Slack's, but has things around it that Usher does not know, is
// understood.
func TestWhatIsNewInAPayloadDoesNoHarmInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "bolt", "http")
	o.start()
	o.define()
	o.person("mina").ask("lab", "Lab", nil)
	nora := o.person("nora")
	asked := nora.card("Request: Lab", "[Approve]")
	o.quiet(o.run.Watch) // so that Usher knows the card's name, and lets it say what came of a press
	inside := made("block_actions", `,"actions":[{"type":"button","value":"`+asked.Value("Approve")+`","text":{"type":"hologram"},"new":[1]}],
		"container":{"type":"message","channel_id":"`+asked.Channel+`","message_ts":"`+asked.TS+`","new":{}},
		"message":{"ts":"`+asked.TS+`","blocks":[{"type":"hologram","elements":[{"type":"odour"}]},{"type":7},null,"x"],"attachments":null},
		"enterprise":null,"state":{"values":{"a":{"b":{"type":"hologram"}}}},"new":"`+"ÿ"+`"`)
	status, said := o.try(attempt{path: interactions, body: payload(strings.Replace(inside, "U0MINA", "U0NORA", 1))})
	if status != 200 || said != "" {
		t.Errorf("%d %q", status, said)
	}
	o.waitIn("U0MINA", "C0DESIGN")
	for _, text := range []string{"%ff%fe", "request+%ff", "%00", "request+%E2%80%AE%F0%9F%A6%86", strings.Repeat("request+", 5000)} {
		body := strings.Replace(typed, "text=mine", "text="+text, 1)
		body = strings.Replace(body, "1.2.3", "1.2."+fmt.Sprint(len(text)), 1)
		if status, said := o.try(attempt{path: commands, body: body}); status != 200 || !strings.Contains(said, "is not a command") && !strings.Contains(said, "There is no package") {
			t.Errorf("%.20q: %d %s", text, status, said)
		}
	}
}

// A call that was recorded and is sent again, with its own body and signature,
// is answered as the first time and changes nothing.
func TestAReplayChangesNothingInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "redis", "http")
	o.start()
	o.define()
	mina, nora := o.person("mina"), o.person("nora")
	mina.ask("lab", "Lab", nil)
	asked := nora.card("Request: Lab", "[Approve]")
	o.quiet(o.run.Watch) // so that Usher knows the card's name, and lets it say what came of a press
	inside := made("block_actions", `,"actions":[{"type":"button","value":"`+asked.Value("Approve")+`"}],
		"container":{"type":"message","channel_id":"`+asked.Channel+`","message_ts":"`+asked.TS+`"}`)
	press := payload(strings.Replace(inside, "U0MINA", "U0NORA", 1))
	for range 3 {
		if status, said := o.try(attempt{path: interactions, body: press}); status != 200 || said != "" {
			t.Errorf("%d %q", status, said)
		}
	}
	o.waitIn("U0MINA", "C0DESIGN")
	if decided, refused := who(o.audit("U0MINA"), engine.EventDecided), who(o.audit("U0MINA"), engine.EventRefused); len(decided) != 1 || len(refused) != 0 {
		t.Errorf("decided have %q, refused were %q", decided, refused)
	}
	if got := nora.answers(); len(got) != 0 {
		t.Errorf("she is told %q", got)
	}
}

// Without a signing secret that is one, there is no serving over HTTP.
func TestNoSigningSecretNoStartInSlack(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{
		"":   "the Slack chat \"slack\" has a bot token but no way in",
		"  ": "The Slack chat \"slack\" cannot be opened: slack: an app token (Socket Mode) or a signing secret (HTTP) is needed",
	} {
		c, err := app.LoadConfig(config.Sources{Env: []string{
			"USHER_ADMINS=slack:T0DEMO/U0OLGA", "USHER_DATA=" + t.TempDir(), "USHER_HEALTH_ADDR=127.0.0.1:0", "USHER_HTTP_ADDR=127.0.0.1:0",
			"SLACK_BOT_TOKEN=xoxb-1", "SLACK_SIGNING_SECRET=" + secret,
		}})
		if err == nil {
			_, err = app.OpenServe(context.Background(), app.ServeOptions{Common: common(t), Config: c})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("with the secret %q: %v, want %q", secret, err, want)
		}
	}
}
