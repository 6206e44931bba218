package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
)

// inTwo tells a story in two workspaces that one process serves: "slack" of
// the tenant acme, and "games" of a tenant that the story names.
func inTwo(t *testing.T, tenant string, story func(t *testing.T, o, games *office)) {
	t.Helper()
	t.Parallel()
	for _, kind := range []string{"bolt", "redis"} {
		for _, way := range []string{"socket", "http"} {
			t.Run(kind+"/"+way, func(t *testing.T) {
				t.Parallel()
				o, games := twoOffices(t, kind, way, tenant)
				o.start()
				games.run, games.conf = o.run, o.conf
				games.conf.Tenant = access.TenantID(tenant)
				if way == "http" {
					o.fake.DeliverTo("http://" + o.run.HTTP + "/chats/slack")
					games.fake.DeliverTo("http://" + o.run.HTTP + "/chats/games")
				}
				story(t, o, games)
			})
		}
	}
}

const twoChats = `
tenant: acme
admins: [slack:T0DEMO/U0OLGA, games:T0GAMES/U0OLGA]
health: {addr: 127.0.0.1:0}
http: {addr: 127.0.0.1:0}
chats:
  - {name: slack, kind: slack, secrets: {bot: env:BOT, %[1]s: env:WAY}}
  - {name: games, kind: slack, tenant: %[2]s, secrets: {bot: env:GAMES_BOT, %[1]s: env:GAMES_WAY}}
`

func twoOffices(t *testing.T, kind, way, tenant string) (o, games *office) {
	t.Helper()
	o = newWorkspace(t, "slack", "T0DEMO", &movable{})
	games = newWorkspace(t, "games", "T0GAMES", o.clock)
	secret, ways := "app", []string{o.fake.AppToken(), games.fake.AppToken()}
	if way == "http" {
		secret, ways = "signing", []string{o.fake.SigningSecret(), games.fake.SigningSecret()}
	}
	o.env = []string{
		"USHER_SLACK_API_URL=" + byToken(t, o.fake, games.fake), "BOT=" + o.fake.BotToken(), "GAMES_BOT=" + games.fake.BotToken(),
		"WAY=" + ways[0], "GAMES_WAY=" + ways[1],
	}
	if kind == "redis" {
		o.env = append(o.env, "REDIS_URL="+redisURL(t))
	} else {
		o.env = append(o.env, "USHER_DATA="+t.TempDir())
	}
	file := filepath.Join(t.TempDir(), "usher.yaml")
	err := os.WriteFile(file, fmt.Appendf(nil, twoChats, secret, tenant), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	o.conf, err = app.LoadConfig(config.Sources{File: file, Env: o.env})
	if err != nil {
		t.Fatal(err)
	}
	return o, games
}

// byToken is one address of the Web API for two workspaces, as Slack's is: the
// token says which one is meant.
func byToken(t *testing.T, first, second *slackfake.Fake) string {
	t.Helper()
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		body, err := io.ReadAll(r.In.Body)
		if err != nil {
			t.Errorf("a call of the Web API: %v", err)
		}
		r.Out.Body = io.NopCloser(bytes.NewReader(body))
		r.Out.ContentLength = int64(len(body))
		to := first
		for _, token := range []string{second.BotToken(), second.AppToken()} {
			if strings.Contains(string(body)+r.In.Header.Get("Authorization"), token) {
				to = second
			}
		}
		r.SetURL(&url.URL{Scheme: "http", Host: to.Host()})
	}})
	t.Cleanup(front.Close)
	return front.URL + "/api/"
}

// Two tenants in one process, in whose workspaces everything has the same
// names: cards, accounts and access do not mix.
func TestTwoTenantsInSlackDoNotMix(t *testing.T) {
	inTwo(t, "games", func(t *testing.T, o, games *office) {
		o.define()
		games.defineFrom("slack_games.yaml")
		nora, other := o.person("nora"), games.person("nora")
		o.person("mina").ask("lab", "Lab", nil)
		asked := nora.card("Request: Lab", "Mina Okafor", "[Approve]")
		other.without("Request: Lab")
		games.person("mina").ask("lab", "Lab", nil)
		theirs := other.card("Request: Lab", "Sit in the den", "[Approve]")

		// What belongs to one is nothing in the other.
		o.quiet(o.run.Watch)
		games.foreign(o, asked, theirs)
		o.foreign(games, theirs, asked)

		nora.press(asked, "Approve")
		o.waitIn("U0MINA", "C0DESIGN")
		nora.card("Request: Lab", "The access is on")
		games.waitIn("U0MINA")
		if !other.card("Request: Lab", "Sit in the den").Has("[Approve]") {
			t.Error("the card in the other workspace has changed")
		}
		other.press(theirs, "Approve")
		games.waitIn("U0MINA", "C0DESIGN")
		for _, ws := range []*office{o, games} {
			ws.person("mina").card("You now have", "Lab")
			if n := len(ws.cardsIn("")); n != 3 {
				t.Errorf("%s: %d cards, want the approver's, the requestor's and a notice", ws.chat, n)
			}
			if got := who(ws.audit("U0MINA"), "decided"); len(got) != 1 {
				t.Errorf("%s: decided have %q", ws.chat, got)
			}
		}
	})
}

// without checks that somebody sees nothing with a text in it.
func (c clerk) without(text string) {
	c.o.t.Helper()
	for _, m := range c.See().Messages {
		if m.Has(text) {
			c.o.t.Errorf("%s in %s sees %s", c.ID(), c.o.chat, m.Body)
		}
	}
}

// foreign tries what somebody could do here with what is from another
// workspace: its token, its payload, and its signature.
func (o *office) foreign(other *office, theirs, own slackfake.Message) {
	o.t.Helper()
	nora := o.person("nora")
	before, there, here := other.audit("U0MINA"), other.counted(), o.counted()
	heard := len(nora.answers())
	nora.must(nora.Forge(own, "Approve", withToken(theirs.Value("Approve"))))
	_, err := nora.Until("an answer", func(slackfake.Sight) bool { return len(nora.answers()) > heard })
	nora.must(err)
	if got := nora.answers()[heard:]; len(got) != 1 || !strings.Contains(got[0], "There is no such request") {
		o.t.Errorf("she is told %q", got)
	}
	// Over HTTP this is also what a payload of the other with our secret is.
	err = nora.Forge(own, "Approve", func(p map[string]any) {
		p["team"] = map[string]any{"id": other.fake.Team()}
		withToken(theirs.Value("Approve"))(p)
	})
	if refused := err != nil; refused != (o.run.HTTP != "") {
		o.t.Errorf("a payload of another workspace is answered with %v", err)
	}
	here["taken"]++
	here["otherTeam"]++
	if o.run.HTTP != "" {
		o.borrowed(other)
		there["unsigned"]++
	}
	if got := o.counted(); fmt.Sprint(got) != fmt.Sprint(here) {
		o.t.Errorf("counted %v, want %v", got, here)
	}
	if got := other.counted(); fmt.Sprint(got) != fmt.Sprint(there) {
		o.t.Errorf("%s counted %v, want %v", other.chat, got, there)
	}
	if after := other.audit("U0MINA"); len(after) != len(before) {
		o.t.Errorf("on record came %v", after[len(before):])
	}
}

// borrowed signs a payload of the other workspace with our secret.
func (o *office) borrowed(other *office) {
	o.t.Helper()
	body := strings.ReplaceAll(typed, "T0DEMO", other.fake.Team())
	status, _ := other.try(attempt{path: "/chats/" + other.chat + commands, body: body, sign: signedWith(o.fake.SigningSecret())})
	if status != http.StatusUnauthorized {
		o.t.Errorf("status %d", status)
	}
}

// Two workspaces of one tenant: a request from one is decided in the other,
// and access is given where the account is.
func TestTwoWorkspacesOfOneTenantInSlack(t *testing.T) {
	inTwo(t, "acme", func(t *testing.T, o, games *office) {
		o.define()
		o.defineFrom("slack_both.yaml")
		nora := o.person("nora")
		if err := o.run.Runtime.Confirm(t.Context(), "acme", "slack/U0OLGA", "slack/U0NORA", "confirm"); err != nil {
			t.Fatal(err)
		}
		games.person("mina").ask("den", "Den", nil)
		asked := nora.card("Request: Den", "Mina Okafor", "[Approve]")
		games.person("nora").without("Request: Den")
		o.person("mina").without("Den")

		// The same id in the other workspace is somebody else. They are told why,
		// for they press on a card of the request, once that is known.
		o.quiet(o.run.Watch)
		games.person("nora").must(games.person("nora").Forge(games.person("mina").card("Den"), "Withdraw", withToken(asked.Value("Approve"))))
		games.person("nora").hears("You cannot decide this request")

		nora.press(asked, "Approve")
		games.waitIn("U0MINA", "C0DESIGN")
		o.waitIn("U0MINA")
		nora.card("Request: Den", "The access is on")
		games.person("mina").card("You now have", "Den")
		o.person("mina").without("Den")
		if len(o.ledger("U0MINA").Requests) != 0 || len(games.ledger("U0MINA").Requests) != 1 {
			t.Errorf("on record are %v and %v", o.ledger("U0MINA").Requests, games.ledger("U0MINA").Requests)
		}

		// Who has no account there gets nothing there, nor does their namesake.
		o.person("ben").ask("den", "Den", nil)
		nora.press(nora.card("Request: Den", "Ben Tanaka", "[Approve]"), "Approve")
		o.person("olga").card("Delivery failed", "Ben Tanaka")
		games.waitIn("U0BEN", "S0ONCALL") // as before
	})
}
