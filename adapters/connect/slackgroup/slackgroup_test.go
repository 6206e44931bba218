package slackgroup_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/connect/slackgroup"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

type clock struct{}

func (clock) Now() time.Time { return noon }

// leases are those of one store, shared by all replicas on it.
type leases struct {
	mu     sync.Mutex
	holder map[string]string
	down   error
}

func (l *leases) Lease(ctx context.Context, name, holder string, _ time.Time, _ time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := errors.Join(ctx.Err(), l.down); err != nil {
		return false, err
	}
	if by, taken := l.holder[name]; taken && by != holder {
		return false, nil
	}
	l.holder[name] = holder
	return true, nil
}

func (l *leases) Release(_ context.Context, name, holder string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holder[name] == holder {
		delete(l.holder, name)
	}
	return nil
}

type workspace struct {
	*slackfake.Fake
	leases    *leases
	connector *slackgroup.Connector
}

func newWorkspace(t *testing.T, opt slackfake.Options) workspace {
	t.Helper()
	opt.Clock, opt.NoEvents = clock{}, true
	if opt.Scopes == nil {
		for _, s := range slackgroup.Scopes() { // those that it asks for are enough
			opt.Scopes = append(opt.Scopes, s.Name)
		}
	}
	w := workspace{Fake: slackfake.New(t, opt), leases: &leases{holder: map[string]string{}}}
	for _, u := range []slackfake.User{
		{ID: "UMINA"}, {ID: "UADA"}, {ID: "UBEN"}, {ID: "UCARLA", Guest: slackfake.MultiChannel}, {ID: "USOLO", Guest: slackfake.SingleChannel},
		{ID: "USTRANGE", Stranger: true}, {ID: "UGONE", Deleted: true},
	} {
		w.AddUser(u)
	}
	w.AddGroup(slackfake.Group{ID: "SENG", Handle: "engineering", Users: []string{"UBEN"}})
	w.AddGroup(slackfake.Group{ID: "SOLD", Handle: "old", Users: []string{"UBEN"}, Disabled: true})
	w.connector = w.replica()
	return w
}

func (w workspace) replica() *slackgroup.Connector {
	return slackgroup.New("slack", slack.New(w.BotToken(), slack.OptionAPIURL(w.URL)), w.leases, clock{})
}

func job(person, group string) runtime.Job {
	role := access.ResourceRole{ID: "member", Name: "Member"}
	return runtime.Job{
		ID: "demo/" + person + "/" + group, Tenant: "demo",
		Person:   access.Profile{Person: access.PersonID("slack/" + person), Account: access.Account("slack/" + person)},
		Resource: access.Resource{ID: "eng", Name: "Engineering", Connector: "slackgroup", Target: group, Roles: []access.ResourceRole{role}},
		Role:     role,
	}
}

// users are who is in a group; nobody is in a disabled one.
func (w workspace) users(t *testing.T, group string) []string {
	t.Helper()
	g, ok := w.Group(group)
	if !ok || g.Disabled {
		return []string{}
	}
	return g.Users
}

func (w workspace) wantUsers(t *testing.T, group string, want ...string) {
	t.Helper()
	if got := w.users(t, group); !slices.Equal(got, append([]string{}, want...)) {
		t.Errorf("in %s are %v, want %v", group, got, want)
	}
}

func (w workspace) fixture(group string) connecttest.Fixture {
	j := job("UMINA", group)
	nobody, other, unknown, noRole := j, j, j, j
	nobody.Person.Account = "slack"
	other.Person.Account = "discord/UMINA"
	unknown.Resource.Target = "SNOWHERE"
	noRole.Role.ID = "owner"
	return connecttest.Fixture{
		Connector: w.connector, Job: j, Other: job("UADA", group),
		Look: func(t *testing.T, j runtime.Job) access.Had {
			if slices.Contains(w.users(t, j.Resource.Target), strings.TrimPrefix(string(j.Person.Account), "slack/")) {
				return access.Present
			}
			return access.Absent
		},
		Give: func(t *testing.T, j runtime.Job) {
			err := w.ChangeGroup(group, func(g *slackfake.Group) {
				if g.Disabled {
					g.Users, g.Disabled = nil, false
				}
				g.Users = append(g.Users, strings.TrimPrefix(string(j.Person.Account), "slack/"))
			})
			if err != nil {
				t.Fatal(err)
			}
		},
		Fail:    func(*testing.T) { w.Fail(slackfake.Fault{Times: -1, Error: "cannot work with " + w.BotToken()}) },
		Secrets: []string{w.BotToken()},
		Bad: map[string]connecttest.Bad{
			"person":     {Job: nobody, Failure: access.FailNever, Code: "unknownPerson"},
			"other chat": {Job: other, Failure: access.FailNever, Code: "slackOtherChat"},
			"resource":   {Job: unknown, Failure: access.FailNever, Code: "slackNoGroup"},
			"role":       {Job: noRole, Failure: access.FailNever, Code: "unknownRole"},
		},
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	for name, group := range map[string]string{"in use": "SENG", "disabled": "SOLD"} {
		for kind, opt := range map[string]slackfake.Options{"": {}, ", lists only for enabled ones": {NoListWhileDisabled: true}} {
			t.Run(name+kind, func(t *testing.T) {
				t.Parallel()
				connecttest.Run(t, func(t *testing.T) connecttest.Fixture { return newWorkspace(t, opt).fixture(group) })
			})
		}
	}
}

func TestRefusalsHaveTheirOwnCodes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		person  string
		opt     slackfake.Options
		failure access.Failure
		code    string
	}{
		"nobody":               {person: "UNOBODY", failure: access.FailNever, code: "unknownPerson"},
		"somebody who left":    {person: "UGONE", failure: access.FailNever, code: "personGone"},
		"a guest":              {person: "UCARLA", failure: access.FailNever, code: "slackGroupGuest"},
		"a guest of a channel": {person: "USOLO", failure: access.FailNever, code: "slackGroupGuest"},
		"a stranger":           {person: "USTRANGE", failure: access.FailNever, code: "slackGroupGuest"},
		"without a paid plan":  {person: "UMINA", opt: slackfake.Options{FreePlan: true}, failure: access.FailHuman, code: "slackGroupPlan"},
		"only admins may":      {person: "UMINA", opt: slackfake.Options{GroupsByAdmins: true}, failure: access.FailHuman, code: "slackGroupPermission"},
		"without the write":    {person: "UMINA", opt: slackfake.Options{Scopes: []string{"usergroups:read"}}, failure: access.FailHuman, code: "slackScope"},
		"with no scope at all": {person: "UMINA", opt: slackfake.Options{Scopes: []string{"commands"}}, failure: access.FailHuman, code: "slackScope"},
		"with a wrong token":   {person: "UMINA", failure: access.FailHuman, code: "slackAuth"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, test.opt)
			if test.code == "slackAuth" {
				w.connector = slackgroup.New("slack", slack.New("xoxb-wrong", slack.OptionAPIURL(w.URL)), w.leases, clock{})
			}
			_, err := w.connector.Grant(t.Context(), job(test.person, "SENG"))
			var f *access.Fault
			if !errors.As(err, &f) || f.Failure != test.failure || f.Code != test.code {
				t.Errorf("got %v, want %s %s", err, test.failure, test.code)
			}
			w.wantUsers(t, "SENG", "UBEN")
			if len(w.leases.holder) != 0 {
				t.Errorf("still held: %v", w.leases.holder)
			}
		})
	}
}

func TestTheLastOneOutDisablesAndTheFirstInEnables(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	if _, err := w.connector.Revoke(t.Context(), job("UBEN", "SENG")); err != nil {
		t.Fatal(err)
	}
	if g, _ := w.Group("SENG"); !g.Disabled {
		t.Error("the empty group is not disabled")
	}
	if _, err := w.connector.Grant(t.Context(), job("UMINA", "SENG")); err != nil {
		t.Fatal(err)
	}
	w.wantUsers(t, "SENG", "UMINA") // and not the one who went last
	if g, _ := w.Group("SENG"); g.Disabled {
		t.Error("the group is still disabled")
	}
}

// Whoever was taken out last does not come back when the group is enabled and
// the list does not go in.
func TestAGroupThatCannotTakeItsFirstMemberStaysDisabled(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{NoListWhileDisabled: true})
	if _, err := w.connector.Grant(t.Context(), job("UCARLA", "SOLD")); access.AsFault(err).Code != "slackGroupGuest" {
		t.Errorf("got %v", err)
	}
	if g, _ := w.Group("SOLD"); !g.Disabled {
		t.Errorf("the group is enabled, with %v", g.Users)
	}
}

func TestMembersWhoLeftDoNotBlockTheList(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	w.AddGroup(slackfake.Group{ID: "SENG", Users: []string{"UGONE", "UBEN", "UFORGOTTEN"}})
	if _, err := w.connector.Grant(t.Context(), job("UMINA", "SENG")); err != nil {
		t.Fatal(err)
	}
	w.wantUsers(t, "SENG", "UBEN", "UMINA")
	w.AddGroup(slackfake.Group{ID: "SENG", Users: []string{"UGONE", "UBEN"}})
	if _, err := w.connector.Revoke(t.Context(), job("UBEN", "SENG")); err != nil {
		t.Fatal(err)
	}
	w.wantUsers(t, "SENG")
}

func TestWhatBlocksTheListForAnotherReasonIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	w.AddGroup(slackfake.Group{ID: "SENG", Users: []string{"UCARLA"}})
	_, err := w.connector.Grant(t.Context(), job("UMINA", "SENG"))
	if f := access.AsFault(err); f.Failure != access.FailHuman || f.Code != "slackGroupStale" {
		t.Errorf("got %v", err)
	}
}

// Twenty changes at once on two replicas: each is done or says that another
// process is at work, none is lost.
func TestNoChangeIsLost(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	replicas := []*slackgroup.Connector{w.connector, w.replica()}
	people := []string{}
	for i := range 20 {
		id := "U" + string(rune('A'+i)) + "NEW"
		w.AddUser(slackfake.User{ID: id})
		people = append(people, id)
	}
	var all sync.WaitGroup
	for i, id := range people {
		all.Go(func() {
			for {
				_, err := replicas[i%2].Grant(t.Context(), job(id, "SENG"))
				if err == nil {
					return
				}
				if f := access.AsFault(err); f.Code != "slackGroupBusy" || !f.RetryAt.After(noon) {
					t.Errorf("%s: %v", id, err)
					return
				}
			}
		})
	}
	all.Wait()
	got := w.users(t, "SENG")
	slices.Sort(got)
	if want := slices.Sorted(slices.Values(append(people, "UBEN"))); !slices.Equal(got, want) {
		t.Errorf("in the group are %v, want %v", got, want)
	}
}

func TestWithoutTheStoreNothingIsChanged(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	w.leases.down = errors.New("the store is down")
	_, err := w.connector.Grant(t.Context(), job("UMINA", "SENG"))
	if f := access.AsFault(err); f.Failure != access.FailRetry || f.Code != "storeFailed" {
		t.Errorf("got %v", err)
	}
	if calls := w.Calls(""); len(calls) != 0 {
		t.Errorf("Slack was called: %v", calls)
	}
	w.wantUsers(t, "SENG", "UBEN")
}

func TestWhoWaitsForTheGroupGivesUpWithTheirContext(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	hold := make(chan struct{})
	w.Fail(slackfake.Fault{Method: "usergroups.list", Hold: hold})
	first := make(chan error, 1)
	go func() {
		_, err := w.connector.Grant(context.Background(), job("UMINA", "SENG"))
		first <- err
	}()
	if err := w.Await("the first at work", func() bool { return w.Holding() == 1 }); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() {
		_, err := w.connector.Revoke(ctx, job("UBEN", "SENG"))
		second <- err
	}()
	cancel()
	err := <-second
	if f := access.AsFault(err); f.Failure != access.FailRetry || f.Code != "timeout" || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(hold)
	if err := <-first; err != nil {
		t.Error(err)
	}
	w.wantUsers(t, "SENG", "UBEN", "UMINA")
}

// A reply that is lost after Slack did it: the repeat finds it done.
func TestALostReplyDoesNoHarm(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	grant := func() error { _, err := w.connector.Grant(t.Context(), job("UMINA", "SENG")); return err }
	revoke := func() error { _, err := w.connector.Revoke(t.Context(), job("UBEN", "SOLD")); return err }
	for _, step := range []struct {
		method string
		do     func() error
		want   func()
	}{
		{"usergroups.users.update", grant, func() { w.wantUsers(t, "SENG", "UBEN", "UMINA") }},
		{"usergroups.disable", revoke, func() { w.wantUsers(t, "SOLD") }},
	} {
		w.AddGroup(slackfake.Group{ID: "SOLD", Users: []string{"UBEN"}})
		w.Fail(slackfake.Fault{Method: step.method, Drop: true, After: true})
		if f := access.AsFault(step.do()); f.Failure != access.FailRetry || f.Code != "slackDown" {
			t.Errorf("%s: got %v", step.method, f)
		}
		if err := step.do(); err != nil {
			t.Errorf("%s, again: %v", step.method, err)
		}
		step.want()
	}
}

// The first one into a disabled group, with a reply lost at each step: nobody
// else is in it in the end.
func TestAGroupIsEnabledForOneWhateverIsLost(t *testing.T) {
	t.Parallel()
	for _, opt := range []slackfake.Options{{}, {NoListWhileDisabled: true}} {
		for _, method := range []string{"usergroups.list", "usergroups.users.update", "usergroups.enable"} {
			w := newWorkspace(t, opt)
			w.Fail(slackfake.Fault{Method: method, Status: 502, After: true})
			_, err := w.connector.Grant(t.Context(), job("UMINA", "SOLD"))
			if err == nil {
				t.Errorf("%s: no fault", method)
			}
			if _, err := w.connector.Grant(t.Context(), job("UMINA", "SOLD")); err != nil {
				t.Errorf("%s, again: %v", method, err)
			}
			w.wantUsers(t, "SOLD", "UMINA")
		}
	}
}
