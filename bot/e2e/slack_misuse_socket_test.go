package e2e

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// The same misuse over Socket Mode, where nothing is signed: what Slack's
// server could send at its worst. The connection survives all of it but a
// message of more than a megabyte, after which it is opened again.
func TestMisuseOverSocketModeInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "bolt", "socket")
	o.start()
	o.define()
	opened := o.fake.Opened()
	o.envelopes()
	o.frames()
	if n := o.fake.Opened(); n != opened {
		t.Errorf("the connection was opened %d times more", n-opened)
	}
	if lines := o.audit("U0MINA"); len(lines) != 0 {
		t.Errorf("in the audit are %v", lines)
	}
	o.overlong()
	if n := o.counted()["panic"]; n != 0 {
		t.Errorf("%d panics", n)
	}
	o.person("mina").ask("lab", "Lab", nil)
	nora := o.person("nora")
	nora.press(nora.card("Request: Lab", "[Approve]"), "Approve")
	o.waitIn("U0MINA", "C0DESIGN")
}

// envelopes delivers what is well formed and of no use: each is acknowledged
// with nothing and counted once.
func (o *office) envelopes() {
	o.t.Helper()
	for name, c := range enveloped() {
		before := o.counted()
		answer, err := o.fake.Deliver(c.kind, c.payload)
		if err != nil || len(answer) > 0 && string(answer) != "null" {
			o.t.Errorf("%s: answered with %q, %v", name, answer, err)
		}
		before[c.counted]++
		if after := o.counted(); fmt.Sprint(after) != fmt.Sprint(before) {
			o.t.Errorf("%s: counted %v, want %v", name, after, before)
		}
	}
}

type envelope struct {
	kind    string
	payload map[string]any
	counted string
}

// enveloped is what is unused over HTTP, and envelopes that only Socket Mode
// could have.
func enveloped() map[string]envelope {
	large := map[string]any{"type": "from_the_future", "filler": strings.Repeat("x", 256<<10)}
	all := map[string]envelope{
		"an envelope from the future":    {"from_the_future", map[string]any{"x": "y"}, "ignored"},
		"an envelope without a type":     {"", map[string]any{"x": "y"}, "ignored"},
		"an envelope without a payload":  {"interactive", nil, "malformed"},
		"a command without anything":     {"slash_commands", map[string]any{}, "malformed"},
		"a command with other kinds":     {"slash_commands", map[string]any{"team_id": 7, "user_id": []any{}, "text": map[string]any{}}, "malformed"},
		"an interaction without a type":  {"interactive", map[string]any{"user": map[string]any{"id": "U0MINA"}}, "malformed"},
		"an event without an id":         {"events_api", map[string]any{"type": "event_callback", "team_id": "T0DEMO", "event": map[string]any{"type": "x"}}, "malformed"},
		"an event that is a text":        {"events_api", map[string]any{"type": "event_callback", "team_id": "T0DEMO", "event_id": "Ev1", "event": "x"}, "malformed"},
		"an interaction of 256 KB":       {"interactive", large, "ignored"},
		"a press in another workspace":   {"interactive", map[string]any{"type": "block_actions", "team": map[string]any{"id": "T0OTHER"}, "user": map[string]any{"id": "U0MINA"}, "trigger_id": "1.1.1", "actions": []any{map[string]any{"type": "button", "value": "x"}}}, "otherTeam"},
		"an event of another workspace":  {"events_api", map[string]any{"type": "event_callback", "team_id": "T0OTHER", "event_id": "Ev1", "event": map[string]any{"type": "user_change"}}, "otherTeam"},
		"a challenge over Socket Mode":   {"events_api", map[string]any{"type": "url_verification", "challenge": "x"}, "ignored"},
		"a hello inside of an envelope":  {"hello", map[string]any{"num_connections": 1}, "ignored"},
		"a command that is not Usher's":  {"slash_commands", map[string]any{"team_id": "T0DEMO", "user_id": "U0MINA", "trigger_id": "1.1.2", "command": "/deploy"}, "ignored"},
		"a check of the certificate":     {"slash_commands", map[string]any{"ssl_check": "1"}, "ignored"},
		"an interaction that is a bomb":  {"interactive", map[string]any{"type": "block_actions", "view": json.RawMessage(bomb(9000))}, "malformed"},
		"a button of the wrong elements": {"interactive", map[string]any{"type": "block_actions", "actions": "x"}, "malformed"},
	}
	for name, a := range unused() {
		body := a.body
		if values, err := url.ParseQuery(body); a.path == interactions && err == nil {
			body = values.Get("payload")
		}
		var p map[string]any
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			panic(err)
		}
		all[name] = envelope{map[string]string{interactions: "interactive", events: "events_api"}[a.path], p, a.counted}
	}
	return all
}

func bomb(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

// frames writes what is no envelope. Nothing answers it; an envelope after it
// is answered, so the connection has read it.
func (o *office) frames() {
	o.t.Helper()
	for _, frame := range []string{
		"", "{", "null", "[]", "7", `"hello"`, "\xff\xfe", "<xml/>", "{}", `{"type":7}`, `{"envelope_id":[]}`,
		`{"type":"interactive"}`, `{"type":"events_api","payload":"x"}`, `{"type":"interactive","payload":` + bomb(100_000) + `}`,
		strings.Repeat(`{"payload":`, 50_000), `{"type":"hello"}`,
	} {
		if err := o.fake.Frame([]byte(frame)); err != nil {
			o.t.Fatalf("%.40q: %v", frame, err)
		}
		if _, err := o.fake.Deliver("from_the_future", map[string]any{}); err != nil {
			o.t.Fatalf("after %.40q: %v", frame, err)
		}
	}
}

// overlong sends more than is ever read.
func (o *office) overlong() {
	o.t.Helper()
	opened := o.fake.Opened()
	if err := o.fake.Frame([]byte(`{"type":"interactive","envelope_id":"1","payload":"` + strings.Repeat("x", 10<<20) + `"}`)); err != nil {
		o.t.Logf("cut off while writing: %v", err)
	}
	if err := o.fake.Await("a new connection", func() bool { return o.fake.Opened() > opened && o.fake.Sockets() == 1 }); err != nil {
		o.t.Fatal(err)
	}
}
