package main

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-dev/usher/bot/app"
)

// usher runs a command that is to fail at once, and returns what it says.
func usher(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, &out, &errs); code != 1 {
		t.Fatalf("usher %s ended with %d:\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	return oneSentence(t, errs.String())
}

// oneSentence checks that an error is for people: one line, a sentence, no
// stack trace.
func oneSentence(t *testing.T, errs string) string {
	t.Helper()
	said, ok := strings.CutPrefix(errs, "usher: ")
	said = strings.TrimSuffix(said, "\n")
	if !ok || said == "" || strings.Contains(said, "\n") || strings.Contains(said, "goroutine") || strings.Contains(said, "%!") {
		t.Fatalf("that is not one sentence:\n%s", errs)
	}
	return said
}

func wants(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(said, w) {
			t.Errorf("%q does not say %q", said, w)
		}
	}
}

func TestWrongUseIsOneSentence(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	t.Setenv("USHER_ADMINS", "")
	dir := t.TempDir()
	for _, c := range []struct {
		args  string
		words []string
	}{
		{"dance", []string{"dance"}},
		{"demo --dance", []string{"--dance", "--help"}},
		{"demo here", []string{"here"}},
		{"apply", []string{"say which file", "usher apply catalog.yaml"}},
		{"serve", []string{"two settings are missing", "USHER_ADMINS", "REDIS_URL", "--data"}},
		{"demo --addr nonsense --data " + dir, []string{"nonsense", "--addr"}},
		{"demo --addr 127.0.0.1:0 --redis nonsense --data " + dir, []string{"redis://HOST"}},
		{"demo --addr 127.0.0.1:0 --redis redis://:secret@127.0.0.1:1/0 --data " + dir, []string{"127.0.0.1:1"}},
	} {
		said := usher(t, strings.Fields(c.args)...)
		wants(t, said, c.words...)
		if strings.Contains(said, "secret") {
			t.Errorf("%q gives the password away", said)
		}
	}
}

func TestServeNeedsAStoreAndAdmins(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	wants(t, usher(t, "serve"), "REDIS_URL", "--data")
	wants(t, usher(t, "serve", "--data", t.TempDir(), "--redis", "redis://127.0.0.1:1"), "data", "redis")
	wants(t, usher(t, "serve", "--config", filepath.Join(t.TempDir(), "usher.yaml")), "usher.yaml")
	t.Setenv("USHER_ADMINS", "")
	wants(t, usher(t, "serve", "--data", t.TempDir()), "USHER_ADMINS")
	t.Setenv("USHER_ADMINS", "slack")
	wants(t, usher(t, "serve", "--data", t.TempDir()), "USHER_ADMINS", `"slack" is not an account: write`)
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	t.Setenv("USHER_DANCE", "yes")
	wants(t, usher(t, "serve", "--data", t.TempDir()), "USHER_DANCE")
	wants(t, usher(t, "demo", "--data", t.TempDir()), "USHER_DANCE")
}

func TestAPortThatIsTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	dir := t.TempDir()
	wants(t, usher(t, "demo", "--addr", l.Addr().String(), "--data", dir), l.Addr().String(), "--addr")
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("it left %v behind", files)
	}
}

func TestADamagedFileStaysAsItIs(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string][]byte{"garbage": bytes.Repeat([]byte("not a database "), 2000), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "usher.db")
			if err := os.WriteFile(path, broken, 0o600); err != nil {
				t.Fatal(err)
			}
			wants(t, usher(t, "demo", "--addr", "127.0.0.1:0", "--data", dir), path+" is damaged", "backup", "--fresh")
			holds(t, path, broken)
			begunAnew(t, dir)
			holds(t, path+".damaged", broken)
		})
	}
}

func holds(t *testing.T, path string, want []byte) {
	t.Helper()
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, want) {
		t.Errorf("%s is not what it was (%v)", path, err)
	}
}

// begunAnew opens and closes a demo with --fresh.
func begunAnew(t *testing.T, dir string) {
	t.Helper()
	d, err := app.OpenDemo(t.Context(), app.DemoOptions{
		Common: app.Common{Out: io.Discard, Err: io.Discard}, StoreOptions: app.StoreOptions{Data: dir}, Addr: "127.0.0.1:0", Fresh: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestADemoThatLostItsMainFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	begunAnew(t, dir)
	if err := os.Remove(filepath.Join(dir, "usher.db")); err != nil {
		t.Fatal(err)
	}
	wants(t, usher(t, "demo", "--addr", "127.0.0.1:0", "--data", dir), "usher.db is missing", "playground.db", "--fresh")
	if _, err := os.Stat(filepath.Join(dir, "usher.db")); err == nil {
		t.Error("it was made nevertheless")
	}
	begunAnew(t, dir)
}
