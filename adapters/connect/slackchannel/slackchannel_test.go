package slackchannel_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/connect/slackchannel"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// workspace is a fake Slack with the connector on it.
type workspace struct {
	*slackfake.Fake
	connector *slackchannel.Connector
	clock     *clock
	api       *slack.Client
}

func newWorkspace(t *testing.T, opt slackfake.Options) workspace {
	t.Helper()
	c := &clock{now: noon}
	opt.Clock = c
	f := slackfake.New(t, opt)
	for _, u := range []slackfake.User{
		{ID: "UCARLA", Guest: slackfake.MultiChannel}, {ID: "UMINA"}, {ID: "USOLO", Guest: slackfake.SingleChannel},
		{ID: "USTRANGE", Stranger: true}, {ID: "UGONE", Deleted: true}, {ID: "UADA"}, {ID: "UBEN"}, {ID: "UOLGA"},
	} {
		f.AddUser(u)
	}
	f.AddChannel(slackfake.Channel{ID: "CDESIGN", Name: "design", Members: []string{"UADA", "UBEN", "UOLGA"}, Bot: true})
	f.AddChannel(slackfake.Channel{ID: "CSECRET", Name: "secret", Private: true, Bot: true})
	f.AddChannel(slackfake.Channel{ID: "CHIDDEN", Name: "hidden", Private: true})
	f.AddChannel(slackfake.Channel{ID: "COTHERS", Name: "others", Members: []string{"UMINA"}})
	f.AddChannel(slackfake.Channel{ID: "CGENERAL", Name: "general", General: true, Members: []string{"UMINA"}, Bot: true})
	f.AddChannel(slackfake.Channel{ID: "COLD", Name: "old", Archived: true, Members: []string{"UMINA"}, Bot: true})
	f.AddChannel(slackfake.Channel{ID: "CSHARED", Name: "shared", Shared: true, Members: []string{"USOLO"}, Bot: true})
	api := slack.New(f.BotToken(), slack.OptionAPIURL(f.URL))
	return workspace{f, slackchannel.New("slack", api, c), c, api}
}

func job(person, channel string) runtime.Job {
	role := access.ResourceRole{ID: "member", Name: "Member"}
	return runtime.Job{
		ID: "demo/" + person + "/" + channel, Tenant: "demo",
		Person: access.Profile{Person: access.PersonID("slack/" + person), Account: access.Account("slack/" + person)},
		Resource: access.Resource{
			ID: "design", Name: "Design channel", Connector: "slackchannel", Target: channel,
			Roles: []access.ResourceRole{role, {ID: "wizard"}},
		},
		Role: role,
	}
}

func (w workspace) look(t *testing.T, j runtime.Job) access.Had {
	t.Helper()
	for _, m := range w.Members(j.Resource.Target) {
		if "slack/"+m == string(j.Person.Account) {
			return access.Present
		}
	}
	return access.Absent
}

func (w workspace) fixture(channel string) connecttest.Fixture {
	j := job("UCARLA", channel)
	nobody, other, nothing, unknown, noRole, wizard := j, j, j, j, j, j
	nobody.Person.Account = ""
	other.Person.Account = "discord/UCARLA"
	nothing.Resource.Target = ""
	unknown.Resource.Target = "CNOWHERE"
	noRole.Role.ID = "owner"
	wizard.Role.ID = "wizard"
	return connecttest.Fixture{
		Connector: w.connector, Job: j, Other: job("UMINA", channel), Look: w.look,
		Give: func(t *testing.T, j runtime.Job) {
			if err := w.Join(j.Resource.Target, strings.TrimPrefix(string(j.Person.Account), "slack/")); err != nil {
				t.Fatal(err)
			}
		},
		Fail: func(*testing.T) {
			w.Fail(slackfake.Fault{Times: -1, Error: "cannot work with " + w.BotToken()})
		},
		Secrets: []string{w.BotToken()},
		Bad: map[string]connecttest.Bad{
			"person":         {Job: nobody, Failure: access.FailNever, Code: "unknownPerson"},
			"other chat":     {Job: other, Failure: access.FailNever, Code: "slackOtherChat"},
			"no channel":     {Job: nothing, Failure: access.FailNever, Code: "unknownResource"},
			"unknown":        {Job: unknown, Failure: access.FailHuman, Code: "slackNoChannel"},
			"role":           {Job: noRole, Failure: access.FailNever, Code: "unknownRole"},
			"role of theirs": {Job: wizard, Failure: access.FailNever, Code: "unknownRole"},
		},
	}
}

// scopes are those that the connector asks for: they are enough.
func scopes() []string {
	var names []string
	for _, s := range slackchannel.Scopes() {
		names = append(names, s.Name)
	}
	return names
}

func TestChannels(t *testing.T) {
	t.Parallel()
	for _, channel := range []string{"CDESIGN", "CSECRET"} {
		t.Run(channel, func(t *testing.T) {
			t.Parallel()
			connecttest.Run(t, func(t *testing.T) connecttest.Fixture {
				return newWorkspace(t, slackfake.Options{PageSize: 2, NoEvents: true, Scopes: scopes()}).fixture(channel)
			})
		})
	}
}

func TestRefusalsHaveTheirOwnCodes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		person, channel string
		opt             slackfake.Options
		revoke          bool
		failure         access.Failure
		code            string
	}{
		"nobody":                      {person: "UNOBODY", channel: "CDESIGN", failure: access.FailNever, code: "unknownPerson"},
		"somebody who left":           {person: "UGONE", channel: "CDESIGN", failure: access.FailHuman, code: "slackCannotInvite"},
		"a channel that is not seen":  {person: "UMINA", channel: "CHIDDEN", failure: access.FailHuman, code: "slackNoChannel"},
		"a channel without Usher":     {person: "UADA", channel: "COTHERS", failure: access.FailHuman, code: "slackNotInChannel"},
		"an archived channel":         {person: "UADA", channel: "COLD", failure: access.FailHuman, code: "slackArchived"},
		"a guest":                     {person: "UCARLA", channel: "CDESIGN", opt: slackfake.Options{InviteByMembers: true}, failure: access.FailHuman, code: "slackGuest"},
		"a single-channel guest":      {person: "USOLO", channel: "CDESIGN", failure: access.FailHuman, code: "slackGuestFull"},
		"a stranger":                  {person: "USTRANGE", channel: "CDESIGN", failure: access.FailHuman, code: "slackCannotInvite"},
		"a stranger, shared channel":  {person: "USTRANGE", channel: "CSHARED", failure: access.FailHuman, code: "slackExternal"},
		"out of general":              {person: "UMINA", channel: "CGENERAL", revoke: true, failure: access.FailNever, code: "slackGeneral"},
		"out of one without Usher":    {person: "UMINA", channel: "COTHERS", revoke: true, failure: access.FailHuman, code: "slackNotInChannel"},
		"out, which only admins may":  {person: "UADA", channel: "CDESIGN", opt: slackfake.Options{KickByAdmins: true}, revoke: true, failure: access.FailHuman, code: "slackRestricted"},
		"without the right to invite": {person: "UMINA", channel: "CDESIGN", opt: slackfake.Options{Scopes: []string{"channels:read"}}, failure: access.FailHuman, code: "slackScope"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, test.opt)
			do := w.connector.Grant
			if test.revoke {
				do = w.connector.Revoke
			}
			_, err := do(t.Context(), job(test.person, test.channel))
			var f *access.Fault
			if !errors.As(err, &f) || f.Failure != test.failure || f.Code != test.code {
				t.Errorf("got %v, want %s %s", err, test.failure, test.code)
			}
		})
	}
}

func TestAMissingScopeIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{Scopes: []string{"channels:read"}})
	_, err := w.connector.Grant(t.Context(), job("UMINA", "CDESIGN"))
	if err == nil || !strings.Contains(err.Error(), "channels:manage") {
		t.Errorf("got %v", err)
	}
}

func TestWhoIsNotThereNeedsNoRemoval(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	for _, j := range []runtime.Job{
		job("UMINA", "CDESIGN"), job("UADA", "COTHERS"), job("UADA", "CGENERAL"), job("UADA", "COLD"), job("UNOBODY", "CDESIGN"), job("UGONE", "CDESIGN"),
	} {
		if answer, err := w.connector.Revoke(t.Context(), j); err != nil || answer != (runtime.Answer{}) {
			t.Errorf("%s: Revoke = %+v, %v", j.ID, answer, err)
		}
	}
}

// However Slack says that somebody is not in the channel.
func TestWhoIsNotThereByAnotherNameNeedsNoRemoval(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	w.Fail(slackfake.Fault{Method: "conversations.kick", Error: "user_not_in_channel"})
	if _, err := w.connector.Revoke(t.Context(), job("UCARLA", "CDESIGN")); err != nil {
		t.Errorf("it was not there, and yet: %v", err)
	}
}

func TestARateLimitSaysWhen(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	w.Fail(slackfake.Fault{Method: "conversations.invite", Status: http.StatusTooManyRequests, RetryAfter: 30})
	_, err := w.connector.Grant(t.Context(), job("UMINA", "CDESIGN"))
	f := access.AsFault(err)
	if f.Failure != access.FailRetry || f.Code != "slackBusy" || !f.RetryAt.Equal(noon.Add(30*time.Second)) {
		t.Errorf("got %s %s, again at %s", f.Failure, f.Code, f.RetryAt)
	}
}

// A reply that is lost after Slack did it: the repeat finds it done.
func TestALostReplyDoesNoHarm(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, slackfake.Options{})
	for _, step := range []struct {
		method string
		do     func() error
		had    access.Had
	}{
		{"conversations.invite", func() error { _, err := w.connector.Grant(t.Context(), job("UMINA", "CDESIGN")); return err }, access.Present},
		{"conversations.kick", func() error { _, err := w.connector.Revoke(t.Context(), job("UMINA", "CDESIGN")); return err }, access.Absent},
	} {
		for _, fault := range []slackfake.Fault{{Drop: true, After: true}, {Status: http.StatusBadGateway, After: true}} {
			fault.Method = step.method
			w.Fail(fault)
			if f := access.AsFault(step.do()); f == nil || f.Failure != access.FailRetry || f.Code != "slackDown" {
				t.Errorf("%s: got %v", step.method, f)
			}
		}
		if err := step.do(); err != nil {
			t.Errorf("%s, again: %v", step.method, err)
		}
		if had := w.look(t, job("UMINA", "CDESIGN")); had != step.had {
			t.Errorf("after %s it is %s", step.method, had)
		}
	}
}
