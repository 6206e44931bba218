package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
		{"apply", []string{"requires at least 1 arg"}},
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
	wants(t, usher(t, "serve", "--data", t.TempDir()), "USHER_ADMINS", "slack")
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	t.Setenv("USHER_DANCE", "yes")
	wants(t, usher(t, "serve", "--data", t.TempDir()), "USHER_DANCE")
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
	dir := t.TempDir()
	path := filepath.Join(dir, "usher.db")
	garbage := bytes.Repeat([]byte("not a database "), 2000)
	if err := os.WriteFile(path, garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, fresh := range []string{"--fresh=false", "--fresh"} {
		wants(t, usher(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, fresh), path)
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, garbage) {
			t.Errorf("%s: the file is not what it was (%v)", fresh, err)
		}
	}
}
