package slackchannel_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func accounts(ids ...string) (out []access.Account) {
	for _, id := range ids {
		out = append(out, access.Account("slack/"+id))
	}
	return out
}

func resource(channel string) access.Resource {
	return access.Resource{ID: "design", Name: "Design channel", Connector: "slack-channel", Target: channel}
}

// peopled is a workspace with an owner and an admin, and Olga in #secret.
func peopled(t *testing.T, opt slackfake.Options) workspace {
	opt.NoEvents = true
	t.Helper()
	w := newWorkspace(t, opt)
	w.AddUser(slackfake.User{ID: "UOWNER", Owner: true})
	w.AddUser(slackfake.User{ID: "UADMIN", Admin: true})
	w.AddUser(slackfake.User{ID: "UFOREIGN", Team: "T0ELSE", Admin: true})
	w.AddUser(slackfake.User{ID: "UBOT", Bot: true})
	w.AddChannel(slackfake.Channel{ID: "CALPHA", Name: "Alpha", Members: []string{"UFOREIGN", "UBOT", "UCARLA"}, Bot: true})
	for _, one := range []struct{ channel, user string }{{"CSECRET", "UOLGA"}, {"CHIDDEN", "UOLGA"}, {"CDESIGN", "UCARLA"}} {
		if err := w.Join(one.channel, one.user); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func TestThings(t *testing.T) {
	t.Parallel()
	connecttest.RunThings(t, func(t *testing.T) connecttest.Things {
		w := peopled(t, slackfake.Options{PageSize: 2, NoEvents: true, Scopes: scopes()})
		f := w.fixture("CDESIGN")
		f.Job = job("UMINA", "CDESIGN")
		return connecttest.Things{
			Fixture: f, Accounts: accounts("UOLGA"),
			Names: []string{"#Alpha", "#design", "#secret", "#shared"}, Private: []string{"#secret"},
			Hands: map[string]connecttest.Hand{
				"owner":                          {Accounts: accounts("UOWNER"), Resource: resource("CDESIGN"), May: true},
				"admin":                          {Accounts: accounts("UADMIN"), Resource: resource("CDESIGN"), May: true},
				"member":                         {Accounts: accounts("UADA"), Resource: resource("CDESIGN"), May: true},
				"member, with the team":          {Accounts: accounts("T0DEMO-UADA"), Resource: resource("CDESIGN"), May: true},
				"member by the other account":    {Accounts: accounts("UMINA", "UADA"), Resource: resource("CDESIGN"), May: true},
				"stranger":                       {Accounts: accounts("UMINA"), Resource: resource("CDESIGN")},
				"somebody who is nowhere":        {Accounts: accounts("UNOBODY"), Resource: resource("CDESIGN")},
				"guest who is in it":             {Accounts: accounts("UCARLA"), Resource: resource("CDESIGN")},
				"admin of another workspace":     {Accounts: accounts("UFOREIGN"), Resource: resource("CALPHA")},
				"bot":                            {Accounts: accounts("UBOT"), Resource: resource("CALPHA")},
				"somebody who left":              {Accounts: accounts("UGONE"), Resource: resource("CDESIGN")},
				"owner outside a private one":    {Accounts: accounts("UOWNER"), Resource: resource("CSECRET")},
				"admin outside a private one":    {Accounts: accounts("UADMIN"), Resource: resource("CSECRET")},
				"member of a private one":        {Accounts: accounts("UOLGA"), Resource: resource("CSECRET"), May: true},
				"stranger to a private one":      {Accounts: accounts("UADA"), Resource: resource("CSECRET")},
				"member of one without the bot":  {Accounts: accounts("UMINA"), Resource: resource("COTHERS"), May: true},
				"somebody of a chat like slack2": {Accounts: []access.Account{"slack2/UADA"}, Resource: resource("CDESIGN")},
			},
			Gone:  resource("CNOWHERE"),
			Calls: w.calls, Forward: w.clock.forward,
		}
	})
}

// calls counts the calls of the Web API.
func (w workspace) calls() int { return len(w.Calls("")) }

func TestAPrivateChannelWithoutUsherIsNotThere(t *testing.T) {
	t.Parallel()
	w := peopled(t, slackfake.Options{})
	if err := w.connector.MayHand(t.Context(), "demo", accounts("UOLGA"), resource("CHIDDEN")); !access.IsCode(err, "unknownTarget") {
		t.Errorf("got %v", err)
	}
}

// A direct message is no channel to be handed out.
func TestADirectMessageIsNotThere(t *testing.T) {
	t.Parallel()
	w := peopled(t, slackfake.Options{})
	dm, _, _, err := w.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"UOWNER"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.connector.MayHand(t.Context(), "demo", accounts("UOWNER"), resource(dm.ID)); !access.IsCode(err, "unknownTarget") {
		t.Errorf("got %v", err)
	}
}

// A large workspace is read up to a bound and no further.
func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{PageSize: 1})
	for i := range 30 {
		w.AddChannel(slackfake.Channel{ID: fmt.Sprintf("C%02d", i), Name: fmt.Sprintf("room-%02d", i), Bot: true})
	}
	found, err := w.connector.Find(t.Context(), "demo", nil, "", 1000)
	if err != nil || len(found) != 10 {
		t.Errorf("found %d, %v; want those of 10 pages", len(found), err)
	}
	if n := len(w.Calls("conversations.list")); n != 10 {
		t.Errorf("%d calls", n)
	}
}

// While Slack says that it is asked too much, it is not asked at all.
func TestARateLimitIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	w.Fail(slackfake.Fault{Method: "conversations.list", Status: http.StatusTooManyRequests, RetryAfter: 30})
	find := func() ([]runtime.Thing, error) { return w.connector.Find(t.Context(), "demo", nil, "design", 5) }
	for range 3 {
		_, err := find()
		var f *access.Fault
		if !errors.As(err, &f) || f.Code != "slackBusy" || !f.RetryAt.Equal(noon.Add(30*time.Second)) {
			t.Errorf("got %v", err)
		}
	}
	w.clock.forward(29 * time.Second)
	if _, err := find(); err == nil {
		t.Error("asked again before the limit was over")
	}
	w.clock.forward(time.Second)
	if found, err := find(); err != nil || len(found) != 1 {
		t.Errorf("after it: %v, %v", found, err)
	}
	if n := len(w.Calls("conversations.list")); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
}

// What is given is called as people call it.
func TestWhatAChannelGives(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	found, err := w.connector.Find(t.Context(), "demo", nil, "DESI", 5)
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	got := found[0]
	if got.Kind != "channel" || got.Target != "CDESIGN" || !slices.Equal(roleIDs(got), []string{"member"}) ||
		got.Roles[0].Can.For("en") != "Read and write in #design" || got.Roles[0].Can.For("de") != "In #design lesen und schreiben" {
		t.Errorf("got %+v", got)
	}
}

func roleIDs(t runtime.Thing) (ids []string) {
	for _, r := range t.Roles {
		ids = append(ids, r.ID)
	}
	return ids
}
