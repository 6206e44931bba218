package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// doctored is what usher doctor says about a workspace, and how it ends.
func doctored(t *testing.T, fake *slackfake.Fake, args ...string) (string, int) {
	t.Helper()
	t.Setenv("REDIS_URL", "")
	t.Setenv("USHER_DATA", t.TempDir())
	t.Setenv("USHER_ADMINS", "slack:"+fake.Team()+"/U0OLGA")
	t.Setenv("SLACK_BOT_TOKEN", fake.BotToken())
	t.Setenv("SLACK_APP_TOKEN", fake.AppToken())
	t.Setenv("USHER_SLACK_API_URL", fake.URL)
	var out, errs bytes.Buffer
	code := run(append([]string{"doctor"}, args...), &out, &errs)
	return out.String() + errs.String(), code
}

func TestDoctorLooksAtSlack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "channel.yaml")
	const channel = "resources: [{id: c, name: C, connector: slack-channel, target: C0C, roles: [{id: member, name: Member, can: Read}]}]\n"
	if err := os.WriteFile(file, []byte(channel), 0o600); err != nil {
		t.Fatal(err)
	}
	fake := slackfake.New(t, slackfake.Options{})
	said, code := doctored(t, fake, file)
	if code != 0 || strings.Contains(said, "NOT IN ORDER") {
		t.Errorf("all is well, and it ended with %d:\n%s", code, said)
	}
	wants(t, said, "slack (Slack, Socket Mode)", "Slack chat slack: Socket Mode can be opened", "1 resource(s)")

	fake.DropScope("usergroups:write")
	said, code = doctored(t, fake)
	if code != 1 {
		t.Errorf("a scope is missing, and it ended with %d", code)
	}
	wants(t, said, "Slack chat slack: NOT IN ORDER: the scope usergroups:write is missing")

	t.Setenv("USHER_SLACK_WITHOUT", "groups")
	if said, code = doctored(t, fake, file); code != 0 {
		t.Errorf("what is off needs no scope, and it ended with %d:\n%s", code, said)
	}
	t.Setenv("USHER_SLACK_WITHOUT", "channels,groups")
	said, _ = doctored(t, fake, file)
	wants(t, said, `names the connector "slack-channel", and there is none of that name here: manual.`)
	t.Setenv("USHER_SLACK_WITHOUT", "")

	t.Setenv("USHER_ADMINS", "slack:T0OTHER/U0OLGA")
	t.Setenv("USHER_SLACK_API_URL", fake.URL)
	var out, errs bytes.Buffer
	run([]string{"doctor"}, &out, &errs)
	wants(t, out.String(), "the bot token is of "+fake.Team()+", which is not configured")
}
