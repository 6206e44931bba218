package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// manifest is what a manifest is looked at for.
type manifest struct {
	Features struct {
		SlashCommands []struct {
			Command, Description, URL string
			UsageHint                 string `yaml:"usage_hint"`
		} `yaml:"slash_commands"`
	}
	OAuth struct {
		Scopes struct{ Bot []string }
	} `yaml:"oauth_config"`
	Settings struct {
		Socket bool `yaml:"socket_mode_enabled"`
	}
}

func printed(t *testing.T, args ...string) (manifest, string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(append([]string{"slack", "manifest"}, args...), &out, &errs); code != 0 {
		t.Fatalf("it ended with %d: %s", code, errs.String())
	}
	var m manifest
	if err := yaml.Unmarshal(out.Bytes(), &m); err != nil {
		t.Fatalf("%v in\n%s", err, out.String())
	}
	return m, out.String()
}

func TestSlackManifest(t *testing.T) {
	t.Parallel()
	m, text := printed(t)
	if !m.Settings.Socket || len(m.Features.SlashCommands) != 2 {
		t.Fatalf("%+v", m)
	}
	ask, run := m.Features.SlashCommands[0], m.Features.SlashCommands[1]
	if ask.Command != "/access" || !strings.Contains(ask.UsageHint, "request [package] [for @person]") || ask.URL != "" {
		t.Errorf("%+v", ask)
	}
	if run.Command != "/access-admin" || !strings.Contains(run.UsageHint, "assign [@person] [package] [until date]") {
		t.Errorf("%+v", run)
	}
	for _, c := range m.Features.SlashCommands {
		if c.Description == "" || len(c.UsageHint) > 1000 {
			t.Errorf("%+v", c)
		}
	}
	for _, scope := range []string{"commands", "chat:write", "channels:manage", "groups:write", "usergroups:write"} {
		if !slices.Contains(m.OAuth.Scopes.Bot, scope) || !strings.Contains(text, "#   "+scope+": ") {
			t.Errorf("the scope %s is missing, or has no reason:\n%s", scope, text)
		}
	}
	if slices.Contains(m.OAuth.Scopes.Bot, "users.profile:read") {
		t.Error("profiles are asked for without need")
	}

	m, _ = printed(t, "--http", "https://usher.example.org", "--manager")
	if m.Settings.Socket || m.Features.SlashCommands[0].URL != "https://usher.example.org/slack/commands" || !slices.Contains(m.OAuth.Scopes.Bot, "users.profile:read") {
		t.Errorf("%+v", m)
	}
	wants(t, usher(t, "slack", "manifest", "--http", "http://usher.example.org"), "https://")
}

// What is switched off needs no permission, whoever switched it off.
func TestSlackManifestWithoutWhatIsOff(t *testing.T) {
	_, text := printed(t)
	if strings.Count(text, "#   channels:read: ") != 1 {
		t.Errorf("a reason is given twice:\n%s", text)
	}
	never := func(m manifest, scopes ...string) {
		t.Helper()
		for _, scope := range scopes {
			if slices.Contains(m.OAuth.Scopes.Bot, scope) {
				t.Errorf("%s is asked for without need", scope)
			}
		}
	}
	m, _ := printed(t, "--without", "groups")
	never(m, "usergroups:write")
	if !slices.Contains(m.OAuth.Scopes.Bot, "channels:manage") {
		t.Error("channels are off as well")
	}
	wants(t, usher(t, "slack", "manifest", "--without", "rooms"), "rooms", "channels, groups")
	t.Setenv("USHER_SLACK_WITHOUT", "channels,groups")
	t.Setenv("USHER_SLACK_MANAGER_FIELD", "Manager")
	m, _ = printed(t)
	never(m, "usergroups:write", "channels:manage", "groups:write")
	if !slices.Contains(m.OAuth.Scopes.Bot, "users.profile:read") {
		t.Error("managers cannot be read")
	}
}

func TestHalfASlackChatIsOneSentence(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-hush")
	for env, words := range map[string][]string{
		"SLACK_APP_TOKEN=":       {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"},
		"SLACK_SIGNING_SECRET=x": {"USHER_HTTP_ADDR"},
		"SLACK_APP_TOKEN=xoxb-x": {"app token", "xapp-"},
	} {
		t.Run(env, func(t *testing.T) {
			name, value, _ := strings.Cut(env, "=")
			t.Setenv(name, value)
			said := usher(t, "serve", "--data", t.TempDir(), "--health-addr", "127.0.0.1:0")
			wants(t, said, words...)
			if strings.Contains(said, "hush") {
				t.Errorf("%q gives the token away", said)
			}
		})
	}
	t.Setenv("SLACK_BOT_TOKEN", "")
	t.Setenv("SLACK_APP_TOKEN", "xapp-hush")
	wants(t, usher(t, "serve", "--data", t.TempDir()), "SLACK_BOT_TOKEN")
}
