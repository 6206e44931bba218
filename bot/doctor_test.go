package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// What apply and serve would refuse, doctor names before there is any data.
func TestDoctorLooksAtAStoreThatIsNotThereYet(t *testing.T) {
	dir := alone(t)
	said, _ := ran("doctor")
	wants(t, said, "store: "+dir+" holds no data yet")
	if _, err := os.Stat(dir); err == nil {
		t.Error("it made the folder")
	}

	nowhere := filepath.Join(t.TempDir(), "data")
	if err := os.Symlink(filepath.Join(t.TempDir(), "gone"), nowhere); err != nil {
		t.Fatal(err)
	}
	t.Setenv("USHER_DATA", nowhere)
	said, code := ran("doctor")
	if code != 1 {
		t.Errorf("it ended with %d", code)
	}
	wants(t, said, "store: NOT IN ORDER: The folder "+nowhere+" cannot be made or written to: ")
	t.Setenv("USHER_DATA", "")
	for words, url := range map[string]string{
		"keeps nothing on disk":        redistest.Start(t, "--appendonly", "no", "--save", ""),
		"maxmemory-policy allkeys-lru": redistest.Start(t, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"),
	} {
		t.Setenv("REDIS_URL", url)
		said, code := ran("doctor")
		if code != 1 {
			t.Errorf("%s: it ended with %d", words, code)
		}
		wants(t, said, "store: NOT IN ORDER: Redis at 127.0.0.1:", words, "or allow it expressly with --allow-unsafe-redis or USHER_ALLOW_UNSAFE=true.")
	}
	t.Setenv("USHER_ALLOW_UNSAFE", "true")
	said, _ = ran("doctor")
	wants(t, said, "holds no data yet; the first start makes it")
}

// References are looked at as apply does: within the files, and in the store.
func TestDoctorLooksAtReferences(t *testing.T) {
	dir := alone(t)
	folder := t.TempDir()
	base, packages, _ := strings.Cut(laboratory, "packages:")
	lab := written(t, folder, "package.yaml", "packages:"+packages)
	said, code := ran("doctor", lab)
	if code != 1 {
		t.Errorf("there is no resource, and it ended with %d", code)
	}
	wants(t, said, "NOT IN ORDER: "+lab+":", `no resource "lab"`, "> ", "^")
	lacks(t, said, "were not applied")
	if _, err := os.Stat(dir); err == nil {
		t.Error("it made a store")
	}
	rest := written(t, folder, "rest.yaml", base)
	said, _ = ran("doctor", lab, rest)
	wants(t, said, lab+", "+rest+": in order; ")

	works(t, "apply", rest)
	said, _ = ran("doctor", lab)
	wants(t, said, lab+": in order; ")
	t.Setenv("USHER_DATA", rest)
	said, _ = ran("doctor", lab)
	wants(t, said, "references were not looked at, as the store cannot be read")
}

// A chat without its token is named wherever somebody relies on it.
func TestAChatThatIsNotConfiguredIsNamed(t *testing.T) {
	alone(t)
	said, code := ran("doctor")
	if code != 1 {
		t.Errorf("nobody can act as the admin, and it ended with %d", code)
	}
	wants(t, said, `admin slack/U045EF6GH: NOT IN ORDER: No chat "slack" is configured: set SLACK_BOT_TOKEN.`)
	file := written(t, t.TempDir(), "channel.yaml", "resources:\n  - {id: c, name: C, connector: slack-channel, target: C0C, roles: [{id: member, name: Member, can: Read}]}\n")
	wants(t, failing(t, file), file+":2:", `names the connector "slack-channel"`, "The chat slack is not configured: set SLACK_BOT_TOKEN.", "^")
	wants(t, failing(t, written(t, t.TempDir(), "q.yaml", strings.Replace(laboratory, "ends: never}", "ends: never, questions: [{id: q, kind: text, label: Q}]}", 1))),
		`"text" is none of the known kinds: short text, long text, choice, choices, yes/no, number, date, person. Did you mean "short text"?`)
}
