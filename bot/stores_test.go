package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// demo opens a demo in this process, as another one would have it open.
func demo(t *testing.T, o app.StoreOptions) {
	t.Helper()
	if o.Data == "" {
		o.Data = t.TempDir()
	}
	d, err := app.OpenDemo(context.Background(), app.DemoOptions{
		Common: app.Common{Out: io.Discard, Err: io.Discard}, StoreOptions: o, Addr: "127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
}

func TestASecondDemoOnTheSameData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	demo(t, app.StoreOptions{Data: dir})
	for _, fresh := range []string{"--fresh=false", "--fresh"} {
		wants(t, usher(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, fresh), filepath.Join(dir, "usher.db"))
	}
}

func TestDemoAndServeRefuseEachOther(t *testing.T) {
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	t.Setenv("REDIS_URL", "")
	dir := t.TempDir()
	d, err := app.OpenDemo(t.Context(), app.DemoOptions{
		Common: app.Common{Out: io.Discard, Err: io.Discard}, StoreOptions: app.StoreOptions{Data: dir}, Addr: "127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	wants(t, usher(t, "serve", "--data", dir, "--health-addr", "127.0.0.1:0"), "demo", dir)

	url := redistest.Start(t)
	demo(t, app.StoreOptions{Redis: url})
	wants(t, usher(t, "serve", "--redis", url, "--health-addr", "127.0.0.1:0"), "demo", "Redis")
}

// harmless is a file of definitions that every bot can apply.
func harmless(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "catalog.yaml")
	if err := os.WriteFile(file, []byte("catalogs: [{id: design, name: Design}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestApplyRefusesWhatNobodyCouldGive(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	samples := filepath.Join("..", "config", "sample", "demo.yaml")
	t.Setenv("USHER_DATA", t.TempDir())
	wants(t, failing(t, samples), "connector", "playground")
	t.Setenv("USHER_DATA", "")
	wants(t, usher(t, "apply", harmless(t)), "--data")
	wants(t, usher(t, "apply", "--data", t.TempDir(), filepath.Join(t.TempDir(), "none.yaml")), "none.yaml")
}

// sampleCopy is the demo's own file with another text in it, as somebody who
// tries Usher out changes it.
func sampleCopy(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "config", "sample", "demo.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "mine.yaml")
	changed := strings.Replace(string(text), "name: Design group", "name: Drawing group", 1)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// applies runs apply and expects that it changed the resource of sampleCopy.
func applies(t *testing.T, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(append([]string{"apply", "--yes"}, args...), &out, &errs); code != 0 {
		t.Fatalf("apply %v: %s%s", args, out.String(), errs.String())
	}
	wants(t, out.String(), "design-group")
}

func TestApplyAChangedSampleToAStoppedDemo(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	dir := filepath.Join(home, "usher", "demo")
	d, err := app.OpenDemo(t.Context(), app.DemoOptions{
		Common: app.Common{Out: io.Discard, Err: io.Discard}, StoreOptions: app.StoreOptions{Data: dir}, Addr: "127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	file := sampleCopy(t)
	said := usher(t, "apply", "--data", dir, file)
	wants(t, said, filepath.Join(dir, "usher.db"), "in use", "stop that one first")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	applies(t, "--data", dir, file)
	applies(t, "--demo", file)
}

func TestApplyAChangedSampleToARunningDemoOnRedis(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	url := redistest.Start(t)
	refused, _ := ran("apply", "--redis", url, sampleCopy(t))
	wants(t, refused, "connector", "playground")
	demo(t, app.StoreOptions{Redis: url}) // the refusal left no mark
	applies(t, "--redis", url, sampleCopy(t))
}

func TestANewerFileStaysAsItIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "usher.db")
	newer(t, path)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, fresh := range []string{"--fresh=false", "--fresh"} {
		wants(t, usher(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, fresh), path, "newer")
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, before) {
		t.Errorf("the file is not what it was (%v)", err)
	}
}

// newer makes a demo's file and raises its version.
func newer(t *testing.T, path string) {
	t.Helper()
	d, err := app.OpenDemo(t.Context(), app.DemoOptions{
		Common: app.Common{Out: io.Discard, Err: io.Discard}, StoreOptions: app.StoreOptions{Data: filepath.Dir(path)}, Addr: "127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("version"), []byte("99")) })
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestARedisThatMayLoseData(t *testing.T) {
	t.Parallel()
	forgets := redistest.Start(t, "--appendonly", "no", "--save", "")
	evicts := redistest.Start(t, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
	for url, words := range map[string][]string{forgets: {"disk", "appendonly"}, evicts: {"allkeys-lru", "noeviction"}} {
		said := usher(t, "demo", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--redis", url)
		wants(t, said, append(words, "or allow it expressly with --allow-unsafe-redis.")...)
	}
	demo(t, app.StoreOptions{Redis: forgets, AllowUnsafeRedis: true})
}

func TestServeSaysHowToAllowARedisThatMayLoseData(t *testing.T) {
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	t.Setenv("REDIS_URL", redistest.Start(t, "--appendonly", "no", "--save", ""))
	const allow = "or allow it expressly with --allow-unsafe-redis or USHER_ALLOW_UNSAFE=true."
	wants(t, usher(t, "serve", "--health-addr", "127.0.0.1:0"), allow)
	wants(t, usher(t, "apply", harmless(t)), allow)
	t.Setenv("USHER_ALLOW_UNSAFE", "true")
	fake := slackfake.New(t, slackfake.Options{})
	t.Setenv("USHER_ADMINS", "slack:"+fake.Team()+"/U0OLGA")
	t.Setenv("SLACK_BOT_TOKEN", fake.BotToken())
	t.Setenv("SLACK_APP_TOKEN", fake.AppToken())
	t.Setenv("USHER_SLACK_API_URL", fake.URL)
	said, code := ran("doctor")
	if code != 0 {
		t.Errorf("all is well, and doctor ended with %d", code)
	}
	wants(t, said, "holds no data yet; the first start makes it")
}

func TestFreshOnRedisThrowsAwayTheDemoOnly(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	client := server.Client()
	if err := client.Set(t.Context(), "other:key", "kept", 0).Err(); err != nil {
		t.Fatal(err)
	}
	demo(t, app.StoreOptions{Redis: server.URL()})
	full := client.DBSize(t.Context()).Val()
	var out bytes.Buffer
	d, err := app.OpenDemo(t.Context(), app.DemoOptions{
		Common: app.Common{Out: &out, Err: io.Discard}, Addr: "127.0.0.1:0", Fresh: true,
		StoreOptions: app.StoreOptions{Redis: server.URL(), Data: t.TempDir()},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	wants(t, out.String(), "--data is ignored")
	if now := client.DBSize(t.Context()).Val(); now != full {
		t.Errorf("a fresh demo has %d keys, the first had %d", now, full)
	}
	if client.Get(t.Context(), "other:key").Val() != "kept" {
		t.Error("a key of somebody else is gone")
	}
}

func TestAWiderAddressWantsAToken(t *testing.T) {
	t.Parallel()
	d, err := app.OpenDemo(t.Context(), app.DemoOptions{
		Common: app.Common{Out: io.Discard, Err: io.Discard}, StoreOptions: app.StoreOptions{Data: t.TempDir()}, Addr: "0.0.0.0:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	page, token, ok := strings.Cut(d.URL, "?token=")
	if !ok || len(token) < 20 {
		t.Fatalf("the address %q has no token", d.URL)
	}
	for bearer, want := range map[string]int{"": http.StatusUnauthorized, token: http.StatusOK} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"api/clock", nil)
		if err != nil {
			t.Fatal(err)
		}
		if bearer != "" {
			req.Header.Set("Authorization", "Bearer "+bearer)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("with the token %q: %d, want %d", bearer, resp.StatusCode, want)
		}
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it does not stop")
	}
}

// Definitions may come before the first start: the admins are those of the
// configuration then.
func TestApplyBeforeTheFirstServe(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	t.Setenv("USHER_DATA", t.TempDir())
	wants(t, usher(t, "apply", harmless(t)), "has no admin yet", "USHER_ADMINS")
	t.Setenv("USHER_ADMINS", "slack:T012AB3CD/U045EF6GH")
	for _, action := range []string{"created", "unchanged"} {
		var out, errs bytes.Buffer
		if code := run([]string{"apply", harmless(t)}, &out, &errs); code != 0 {
			t.Fatalf("it ended with %d: %s", code, errs.String())
		}
		wants(t, out.String(), action, "catalog design")
	}
}
