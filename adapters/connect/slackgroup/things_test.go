package slackgroup_test

import (
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/connect/slackgroup"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

// moved is a clock that goes when it is told to.
type moved struct {
	mu  sync.Mutex
	now time.Time
}

func (c *moved) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *moved) forward(d time.Duration) {
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

func resource(group string) access.Resource {
	return access.Resource{ID: "eng", Name: "Engineering", Connector: "slack-group", Target: group}
}

func TestThings(t *testing.T) {
	t.Parallel()
	connecttest.RunThings(t, func(t *testing.T) connecttest.Things {
		w := newWorkspace(t, slackfake.Options{})
		for _, u := range []slackfake.User{{ID: "UOWNER", Owner: true}, {ID: "UADMIN", Admin: true}, {ID: "UMADE"}} {
			w.AddUser(u)
		}
		for _, g := range []slackfake.Group{
			{ID: "SART", Name: "Art and design", Handle: "art", Users: []string{"UBEN"}, By: "UMADE"},
			{ID: "SPLAIN", Name: "ops", Handle: "ops", Users: []string{"UBEN"}, By: "UGONE"},
			{ID: "SADMINS", Name: "Admins", Handle: "admins", Auto: "admin"},
			{ID: "SGUEST", Name: "Made by a guest", Handle: "zoo", Users: []string{"UBEN"}, By: "UCARLA"},
		} {
			w.AddGroup(g)
		}
		c := &moved{now: noon}
		f := w.fixture("SENG")
		f.Connector = slackgroup.New("slack", slack.New(w.BotToken(), slack.OptionAPIURL(w.URL)), w.leases, c)
		return connecttest.Things{
			Fixture: f, Accounts: accounts("UMINA"),
			Names: []string{"@engineering", "@ops", "Art and design (@art)", "Made by a guest (@zoo)"},
			Hands: map[string]connecttest.Hand{
				"owner":                  {Accounts: accounts("UOWNER"), Resource: resource("SENG"), May: true},
				"admin":                  {Accounts: accounts("UADMIN"), Resource: resource("SENG"), May: true},
				"member":                 {Accounts: accounts("UBEN"), Resource: resource("SENG")},
				"who made it":            {Accounts: accounts("UMADE"), Resource: resource("SART"), May: true},
				"who made another":       {Accounts: accounts("UMADE"), Resource: resource("SENG")},
				"who made it, and left":  {Accounts: accounts("UGONE"), Resource: resource("SPLAIN")},
				"who made it as a guest": {Accounts: accounts("UCARLA"), Resource: resource("SGUEST")},
				"owner, of a disabled":   {Accounts: accounts("UOWNER"), Resource: resource("SOLD"), May: true},
				"stranger":               {Accounts: accounts("UADA"), Resource: resource("SENG")},
			},
			Gone:  resource("SNOWHERE"),
			Calls: func() int { return len(w.Calls("")) }, Forward: c.forward,
		}
	})
}

func TestWithoutAPaidPlanThereIsNothingToFind(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{FreePlan: true})
	_, err := w.connector.Find(t.Context(), "demo", nil, "", 5)
	if f := access.AsFault(err); f == nil || f.Code != "slackGroupPlan" {
		t.Errorf("got %v", err)
	}
}
