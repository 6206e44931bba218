package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

const (
	team   = "T0LOAD"
	secret = "8f742231b10e8888abcd99yyyzzz85a5"
)

// inSlack is a workspace full of people.
type inSlack struct {
	*webAPI
	*crowd
	forms []json.RawMessage // the open form of each package
}

func newSlack(b *testing.B) kind {
	s := &inSlack{webAPI: newWebAPI(b), forms: make([]json.RawMessage, rooms)}
	s.crowd = &crowd{hands: s, chat: "slack", person: person, approver: approverOf}
	return s
}

func (s *inSlack) environment() []string {
	return []string{
		"USHER_TENANT=" + tenant, "USHER_ADMINS=slack:" + team + "/U0ADMIN",
		"SLACK_BOT_TOKEN=xoxb-load", "SLACK_SIGNING_SECRET=" + secret, "USHER_SLACK_API_URL=" + s.url + "/api/",
	}
}

func (s *inSlack) definitions() string {
	return definitions("slack-channel", "slack/U0ADMIN", func(room int) string { return fmt.Sprint("C0ROOM", room) }, approverOf)
}

func approverOf(room int) string { return fmt.Sprintf("U0APPROVER%d", room%rooms) }

func person(kind string, n int) string { return fmt.Sprintf("U0%s%05d", kind, n) }

// bareSlack is what no handler can do without.
func bareSlack() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		v, err := api.NewSecretsVerifier(r.Header, secret)
		if err == nil {
			_, err = v.Write(body)
		}
		values, unread := url.ParseQuery(string(body))
		payload := object{}
		if err != nil || unread != nil || v.Ensure() != nil || values.Has("payload") && json.Unmarshal([]byte(values.Get("payload")), &payload) != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
}

// prepare opens the form of each room, and lets people ask.
func (s *inSlack) prepare(b *testing.B, base string, jobs int) {
	b.Helper()
	for i := range s.forms {
		run(b, base, []job{s.command("FORM", i)})
		s.forms[i] = s.modal(trigger("FORM", i))
	}
	s.ask(b, base, jobs)
	quiet(b, s)
	s.begin(b, base, jobs)
}

func (s *inSlack) prove(b *testing.B, store books) {
	b.Helper()
	s.crowd.prove(b, store, access.Delivered)
	if len(s.unknown) > 0 {
		b.Errorf("the stand-in for Slack does not know %v", slices.Sorted(maps.Keys(s.unknown)))
	}
}

// signed is a delivery of Slack's.
func signed(path string, values url.Values) func(string) (*http.Request, error) {
	body := []byte(values.Encode())
	return func(base string) (*http.Request, error) {
		req, err := http.NewRequest(http.MethodPost, base+path, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		slackfake.Sign(req, secret, time.Now(), body)
		return req, nil
	}
}

func interaction(payload object) func(string) (*http.Request, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	return signed(slackfake.PathInteractions, url.Values{"payload": {string(data)}})
}

func trigger(name string, n int) string { return fmt.Sprintf("13345224609.738474920.%s%d", name, n) }

// from is what every interaction says about where it comes from.
func from(kind, user, trigger string) object {
	return object{
		"type": kind, "api_app_id": "A0USHER", "token": "verification", "trigger_id": trigger,
		"team": object{"id": team, "domain": "load"}, "user": object{"id": user, "username": strings.ToLower(user), "team_id": team},
		"enterprise": nil, "is_enterprise_install": false,
	}
}

// press presses Approve on the card of somebody's request.
func (s *inSlack) press(b *testing.B, what, holder string, n int, presser, name string, k int) job {
	b.Helper()
	c, ok := s.cardOf(person(holder, n))
	if !ok {
		b.Fatalf("nobody was shown the request of %s", person(holder, n))
	}
	id := fmt.Sprintf("%s%d", name, k)
	p := from("block_actions", presser, trigger(name, k))
	p["container"] = object{"type": "message", "message_ts": c.ts, "channel_id": c.channel, "is_ephemeral": false}
	p["channel"] = object{"id": c.channel, "name": "directmessage"}
	p["message"] = object{"type": "message", "ts": c.ts, "bot_id": "B0USHER", "user": "U0USHER", "text": "A request", "blocks": c.blocks}
	p["state"], p["response_url"] = object{"values": object{}}, s.url+"/respond/"+id
	p["actions"] = []any{object{
		"type": "button", "action_id": "~button1", "block_id": "~row1", "value": c.token, "action_ts": "1790000000.1",
		"text": object{"type": "plain_text", "text": "Approve"},
	}}
	says := map[string]string{approve: "", late: "You have decided already: ", stranger: "You cannot decide this request."}[what]
	return job{what, interaction(p), func(_ int, body []byte) error {
		if told := s.heard(id); len(body) > 0 || says == "" && told != "" || !strings.HasPrefix(told, says) {
			return fmt.Errorf("%s was answered %q and told %q", presser, body, told)
		}
		return nil
	}}
}

// command types /access request.
func (s *inSlack) command(who string, n int) job {
	id := trigger(who, n)
	v := url.Values{
		"command": {"/access"}, "text": {fmt.Sprintf("request room-%d", n%rooms)}, "user_id": {person(who, n)}, "team_id": {team},
		"team_domain": {"load"}, "channel_id": {"C0LOBBY"}, "channel_name": {"lobby"}, "api_app_id": {"A0USHER"},
		"trigger_id": {id}, "response_url": {s.url + "/respond/" + id}, "token": {"verification"},
	}
	return job{command, signed(slackfake.PathCommands, v), func(_ int, body []byte) error {
		if form := s.modal(id); len(body) > 0 || !bytes.Contains(form, []byte(`"answer.ticket"`)) {
			return fmt.Errorf("%s was answered %q and shown %q", person(who, n), body, form)
		}
		return nil
	}}
}

func (s *inSlack) submit(who string, n int) job {
	return s.fill(submit, who, n, fmt.Sprintf("OPS-%d", n), `"response_action":"update"`, "is on its way")
}

func (s *inSlack) mistake(n int) job {
	return s.fill(mistake, "ERRS", n, "none", `"response_action":"errors"`, "not have the expected form")
}

// fill sends the form for a room.
func (s *inSlack) fill(what, who string, n int, ticket string, wants ...string) job {
	view := object{}
	if err := json.Unmarshal(s.forms[n%rooms], &view); err != nil {
		panic(err)
	}
	typed := func(value string) object { return object{"type": "plain_text_input", "value": value} }
	maps.Copy(view, object{
		"id": fmt.Sprintf("V%s%d", who, n), "hash": "1", "team_id": team, "app_installed_team_id": team, "app_id": "A0USHER", "bot_id": "B0USHER",
		"state": object{"values": object{
			"justification": object{"justification": typed("I help out in this room until the end of the month.")},
			"answer.ticket": object{"answer.ticket": typed(ticket)},
		}},
	})
	p := from("view_submission", person(who, n), trigger(who, n))
	p["view"], p["response_urls"] = view, []any{}
	return job{what, interaction(p), func(_ int, body []byte) error {
		for _, want := range wants {
			if !bytes.Contains(body, []byte(want)) {
				return fmt.Errorf("%s was answered %q without %q", person(who, n), body, want)
			}
		}
		return nil
	}}
}
