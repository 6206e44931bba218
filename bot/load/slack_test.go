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
	"sync"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

const (
	tenant = "acme"
	team   = "T0LOAD"
	secret = "8f742231b10e8888abcd99yyyzzz85a5"

	rooms      = 16 // packages, each with a channel and an approver of its own
	bystanders = 500
	early      = 200 // requests that are decided before it begins
)

// The kinds of interactions, out of twenty.
const (
	approve  = "press: approve"
	late     = "press: decided already"
	stranger = "press: may not decide"
	command  = "command: opens a form"
	submit   = "form: a new request"
	mistake  = "form: wrong at a field"
)

func mix() []string {
	return []string{
		approve, command, submit, approve, stranger, command, approve, submit, late, command,
		approve, mistake, submit, approve, command, stranger, approve, late, submit, command,
	}
}

// inSlack is a workspace full of people.
type inSlack struct {
	*webAPI
	all     []job
	forms   []json.RawMessage // the open form of each package
	decided []string          // who was let in
	asked   []string          // who sent a form that was right
	waiting []string          // who still waits
	wrong   []string          // who sent a form that was not
}

func newSlack(b *testing.B) kind {
	return &inSlack{webAPI: newWebAPI(b), forms: make([]json.RawMessage, rooms)}
}

func (s *inSlack) environment() []string {
	return []string{
		"USHER_TENANT=" + tenant, "USHER_ADMINS=slack:" + team + "/U0ADMIN",
		"SLACK_BOT_TOKEN=xoxb-load", "SLACK_SIGNING_SECRET=" + secret, "USHER_SLACK_API_URL=" + s.url + "/api/",
	}
}

func (s *inSlack) definitions() string {
	var resources, packages strings.Builder
	for i := range rooms {
		fmt.Fprintf(&resources, `
  - {id: room-%[1]d, name: Room %[1]d, connector: slack-channel, target: C0ROOM%[1]d, roles: [{id: member, name: Member, can: Read and write in room %[1]d}]}`, i)
		fmt.Fprintf(&packages, `
  - id: room-%[1]d
    name: Room %[1]d
    description: What is needed to work in room %[1]d.
    roles: [room-%[1]d/member]
    policies:
      - id: all
        name: Everybody
        requestors: [members]
        justification: true
        questions: [{id: ticket, kind: short text, required: true, label: Ticket, pattern: '[A-Z]{2,5}-[0-9]{1,6}'}]
        stages: [{approvers: [person: slack/%[2]s], within: 14 days}]
        ends: after 30 days`, i, approverOf(i))
	}
	return "settings: {name: Load, admins: [person: slack/U0ADMIN]}\nresources:" + resources.String() + "\npackages:" + packages.String() + "\n"
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

// prepare lets people ask, so that there is something to decide, and decides
// some of it.
func (s *inSlack) prepare(b *testing.B, base string, jobs int) {
	b.Helper()
	for i := range s.forms {
		j := s.command("FORM", i)
		run(b, base, []job{j})
		s.forms[i] = s.modal(trigger("FORM", i))
	}
	count := map[string]int{}
	for i := range jobs {
		count[mix()[i%len(mix())]]++
	}
	people := map[string]int{"HOLDER": count[approve], "EARLY": early, "WAITS": bystanders}
	var asking []job
	for _, kind := range slices.Sorted(maps.Keys(people)) {
		for n := range people[kind] {
			asking = append(asking, s.submit(kind, n))
		}
	}
	run(b, base, asking)
	quiet(b, s)
	var first []job
	for n := range early {
		first = append(first, s.press(b, approve, "EARLY", n, approverOf(n), "FIRST", n))
	}
	run(b, base, first)
	s.plan(b, jobs)
}

// plan makes the jobs.
func (s *inSlack) plan(b *testing.B, jobs int) {
	n := map[string]int{}
	for i := range jobs {
		what := mix()[i%len(mix())]
		k := n[what]
		n[what]++
		switch what {
		case approve:
			s.all = append(s.all, s.press(b, what, "HOLDER", k, approverOf(k), "PRESS", k))
			s.decided = append(s.decided, person("HOLDER", k))
		case late:
			s.all = append(s.all, s.press(b, what, "EARLY", k%early, approverOf(k%early), "LATE", k))
		case stranger:
			s.all = append(s.all, s.press(b, what, "WAITS", k%bystanders, person("OTHER", k), "NOTYOU", k))
		case command:
			s.all = append(s.all, s.command("LOOKS", k))
		case submit:
			s.all = append(s.all, s.submit("ASKS", k))
			s.asked = append(s.asked, person("ASKS", k))
		case mistake:
			s.all = append(s.all, s.mistake(k))
			s.wrong = append(s.wrong, person("ERRS", k))
		}
	}
	for k := range bystanders {
		s.waiting = append(s.waiting, person("WAITS", k))
	}
}

func (s *inSlack) jobs() []job { return s.all }

// run sends jobs some at a time and wants every one to be answered right.
func run(b *testing.B, base string, jobs []job) {
	b.Helper()
	var wg sync.WaitGroup
	next := make(chan job)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	defer client.CloseIdleConnections()
	for range 16 {
		wg.Go(func() {
			for j := range next {
				status, body, err := do(client, j, base)
				if err == nil {
					err = j.right(status, body)
				}
				if err != nil {
					b.Errorf("%s: %v", j.what, err)
				}
			}
		})
	}
	for _, j := range jobs {
		next <- j
	}
	close(next)
	wg.Wait()
	if b.Failed() {
		b.FailNow()
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
	return s.fill(mistake, "ERRS", n, "none", `"response_action":"errors"`, "not in the expected form")
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

// prove: whoever was let in has one approval and the access; who only asked
// waits, undecided; who sent a wrong form has no request.
func (s *inSlack) prove(b *testing.B, store books) {
	b.Helper()
	for i, p := range s.decided {
		l := store.of(access.PersonID("slack/" + p))
		if len(l.Requests) != 1 || l.Requests[0].State != access.Delivered || !approvedBy(l.Requests[0], approverOf(i)) {
			b.Fatalf("%s was let in, but the store says %+v", p, l.Requests)
		}
	}
	for _, p := range slices.Concat(s.asked, s.waiting) {
		l := store.of(access.PersonID("slack/" + p))
		if len(l.Requests) != 1 || l.Requests[0].State != access.PendingApproval || len(l.Requests[0].Stages[0].Decisions) != 0 {
			b.Fatalf("%s waits, but the store says %+v", p, l.Requests)
		}
	}
	for _, p := range s.wrong {
		if l := store.of(access.PersonID("slack/" + p)); len(l.Requests) != 0 {
			b.Fatalf("%s sent a wrong form, but the store says %+v", p, l.Requests)
		}
	}
	fmt.Printf("in the store: %d decisions delivered, %d new requests, %d still waiting, %d wrong forms without a request\n", len(s.decided), len(s.asked), len(s.waiting), len(s.wrong))
	if len(s.unknown) > 0 {
		b.Errorf("the stand-in for Slack does not know %v", slices.Sorted(maps.Keys(s.unknown)))
	}
}

func approvedBy(r access.Request, user string) bool {
	d := r.Stages[0].Decisions
	return len(d) == 1 && d[0].Verdict == access.Approve && d[0].By == access.PersonID("slack/"+user)
}
