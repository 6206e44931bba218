package slack

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

func twoCommands() []Command {
	return []Command{
		{Name: "access", Description: "Ask for access and see what you have", Usage: "request [package] [for @person]"},
		{Name: "access-admin", Description: "Run access packages", Usage: "help"},
	}
}

// strictly decodes a manifest as its schema has it: no unknown field.
func strictly(t *testing.T, data []byte) api.Manifest {
	t.Helper()
	var m api.Manifest
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestManifest(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]ManifestOptions{
		"manifest-socket": {},
		"manifest-http":   {Name: "Our Access", BaseURL: "https://usher.example.org/", Manager: true, Scopes: []Scope{{"channels:manage", "invite people", "no channel is given"}}},
	} {
		m, err := Manifest(twoCommands(), o)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, m)
		text, err := ManifestYAML(twoCommands(), o)
		if err != nil {
			t.Fatal(err)
		}
		asJSON, err := yaml.YAMLToJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		back := strictly(t, asJSON)
		for _, s := range o.scopes() {
			if !slices.Contains(back.OAuthConfig.Scopes.Bot, s.Name) || !strings.Contains(string(text), s.Name+": "+s.Reason) {
				t.Errorf("%s: the scope %s is missing, or has no reason", name, s.Name)
			}
		}
		if back.Settings.SocketModeEnabled != (o.BaseURL == "") || len(back.Features.SlashCommands) != 2 || !back.Features.SlashCommands[0].ShouldEscape {
			t.Errorf("%s: %+v", name, back)
		}
	}
	if _, err := Manifest(nil, ManifestOptions{BaseURL: "http://plain.example"}); err == nil {
		t.Error("an address without TLS is taken")
	}
}

func TestEveryScopeSaysWhy(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range Scopes(true) {
		if s.Reason == "" || s.Without == "" || seen[s.Name] {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
	}
}

// wrongs are the findings that are not OK.
func wrongs(list []Finding) (out []string) {
	for _, f := range list {
		if !f.OK {
			if f.Fix == "" {
				f.What += " (without a way out)"
			}
			out = append(out, f.What)
		}
	}
	return out
}

func TestDiagnose(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		way  string
		harm func(*fixture)
		want []string
	}{
		"all well, Socket Mode": {"socket", func(*fixture) {}, nil},
		"all well, HTTP":        {"http", func(*fixture) {}, nil},
		"a scope": {"http", func(f *fixture) { f.fake.DropScope("usergroups:read") }, []string{
			"the scope usergroups:read is missing (user groups as approvers and requestors): user groups have no members",
		}},
		"the token": {"http", func(f *fixture) {
			f.a.o.BotToken = "xoxp-1"
			f.fake.Fail(slackfake.Fault{Method: "auth.test", Error: "invalid_auth"})
		}, []string{
			"the bot token does not begin with xoxb-", "Slack refuses the bot token (slackAuth: auth.test: invalid_auth)",
		}},
		"the workspace": {"http", func(f *fixture) { f.a.o.Team = []string{"T0OTHER"} }, []string{"the bot token is of T0DEMO, which is not configured"}},
		"Socket Mode is off": {"socket", func(f *fixture) {
			f.fake.Fail(slackfake.Fault{Method: "apps.connections.open", Error: "socket_mode_disabled"})
		}, []string{
			"Socket Mode cannot be opened (slackRefused: apps.connections.open: socket_mode_disabled)",
		}},
		"channels": {"http", func(f *fixture) {
			f.fake.AddChannel(slackfake.Channel{ID: "C0ALONE", Name: "alone"})
			f.fake.AddChannel(slackfake.Channel{ID: "C0OLD", Name: "old", Archived: true, Bot: true})
			f.a.o.Channels = []access.Channel{"slack/C0GENERAL", "slack/C0ALONE", "slack/C0OLD", "slack/C0NONE", "slack/general"}
		}, []string{
			"the bot is not in #alone", "the channel #old is archived", "the channel C0NONE cannot be read (noSuchPlace: conversations.info: channel_not_found)",
			`"slack/general" is no channel of this chat`,
		}},
	} {
		f := newFixture(t, c.way)
		c.harm(f)
		if got := wrongs(f.a.Diagnose(t.Context())); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
