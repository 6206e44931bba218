package redis_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

const secret = "s3cr%2Ft-p4ss"

// refused expects one sentence with the reason, and no secret in it.
func refused(t *testing.T, o redis.Options, reason error) string {
	t.Helper()
	if o.Mode == "" {
		o.Mode = storage.Serve
	}
	s, err := redis.Open(t.Context(), o)
	if err == nil {
		_ = s.Close()
		t.Fatal("opened")
	}
	text := err.Error()
	if !errors.Is(err, reason) {
		t.Errorf("got %q, want the reason %v", text, reason)
	}
	if strings.Contains(text, "\n") || !strings.HasSuffix(text, ".") {
		t.Errorf("not a sentence: %q", text)
	}
	for _, s := range []string{secret, "s3cr/t-p4ss", "p4ss"} {
		if strings.Contains(text, s) {
			t.Errorf("a secret is in %q", text)
		}
	}
	return text
}

func TestNotThere(t *testing.T) {
	t.Parallel()
	gone := redistest.New(t)
	gone.Kill()
	text := refused(t, redis.Options{URL: "redis://me:" + secret + "@" + gone.Addr()}, storage.ErrUnreachable)
	if want := "Redis at " + gone.Addr() + " cannot be used: nobody listens there."; text != want {
		t.Errorf("got %q, want %q", text, want)
	}
	refused(t, redis.Options{URL: "redis+cluster://me:" + secret + "@" + gone.Addr()}, storage.ErrUnreachable)
	refused(t, redis.Options{URL: "redis+sentinel://me:" + secret + "@" + gone.Addr() + "?master_name=m&password=" + secret}, storage.ErrUnreachable)
	refused(t, redis.Options{URL: "unix:///nowhere/redis.sock"}, storage.ErrUnreachable)
}

func TestWrongAddress(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "localhost:6379", "http://me:" + secret + "@host", "redis://me:" + secret + "@host:port",
		"redis://me:" + secret + "@host/many/paths", "redis://me:" + secret + "@host?colour=p4ss",
		"redis://me:p4ss%zz@host", "redis+sentinel://me:" + secret + "@host", "redis+magic://me:" + secret + "@host",
	} {
		refused(t, redis.Options{URL: url}, storage.ErrSettings)
	}
	refused(t, redis.Options{URL: "redis://host", Prefix: "a{b}"}, storage.ErrSettings)
	refused(t, redis.Options{URL: "redis://host", Mode: "other"}, storage.ErrSettings)
}

func TestPassword(t *testing.T) {
	t.Parallel()
	s := redistest.New(t, "--requirepass", "s3cr/t-p4ss")
	open(t, redis.Options{URL: "redis://:" + secret + "@" + s.Addr(), Mode: storage.Serve})
	refused(t, redis.Options{URL: s.URL()}, storage.ErrUnreachable)
	refused(t, redis.Options{URL: "redis://:p4ss@" + s.Addr()}, storage.ErrUnreachable)
}

func TestServerThatForgets(t *testing.T) {
	t.Parallel()
	cases := map[string][]string{
		"nothing on disk": {"--appendonly", "no"},
		"evicts":          {"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"},
		"evicts some":     {"--maxmemory", "100mb", "--maxmemory-policy", "volatile-ttl"},
	}
	for name, conf := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := redistest.Start(t, conf...)
			refused(t, redis.Options{URL: url}, storage.ErrUnsafe)
			s := open(t, redis.Options{URL: url, Mode: storage.Serve, AllowUnsafe: true})
			if err := s.Check(t.Context()); !errors.Is(err, storage.ErrUnsafe) {
				t.Errorf("Check: %v", err)
			}
		})
	}
	for _, conf := range [][]string{
		{"--appendonly", "no", "--save", "3600 1"},
		{"--maxmemory", "100mb", "--maxmemory-policy", "noeviction"},
		{"--maxmemory-policy", "allkeys-lru"}, // without a limit nothing is dropped
	} {
		s := open(t, redis.Options{URL: redistest.Start(t, conf...), Mode: storage.Serve})
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("%v: %v", conf, err)
		}
	}
}

func TestHostedServerThatRefusesConfig(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t, "--rename-command", "CONFIG", "")
	open(t, redis.Options{URL: url, Mode: storage.Serve})
	url = redistest.Start(t, "--rename-command", "CONFIG", "", "--appendonly", "no")
	refused(t, redis.Options{URL: url}, storage.ErrUnsafe)
}

func TestMark(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	url := server.URL()
	open(t, redis.Options{URL: url, Mode: storage.Demo})
	open(t, redis.Options{URL: url, Mode: storage.Demo})
	refused(t, redis.Options{URL: url, Mode: storage.Serve}, storage.ErrMode)
	open(t, redis.Options{URL: url, Mode: storage.Serve, Prefix: "real"})
	refused(t, redis.Options{URL: url, Mode: storage.Demo, Prefix: "real"}, storage.ErrMode)

	c, ctx := server.Client(), t.Context()
	c.HSet(ctx, "newer:schema", "version", "2", "partitions", "512", "mode", "serve")
	refused(t, redis.Options{URL: url, Prefix: "newer"}, storage.ErrNewer)
	c.Set(ctx, "other:schema", "recipes", 0)
	refused(t, redis.Options{URL: url, Prefix: "other"}, storage.ErrForeign)
	c.HSet(ctx, "odd:schema", "a", "b")
	refused(t, redis.Options{URL: url, Prefix: "odd"}, storage.ErrForeign)
	if n := len(c.Keys(ctx, "newer*").Val()) + len(c.Keys(ctx, "other*").Val()) + len(c.Keys(ctx, "odd*").Val()); n != 3 {
		t.Errorf("%d keys, want the 3 that were there", n)
	}
}

func TestNodeOfCluster(t *testing.T) {
	t.Parallel()
	node := redistest.New(t, "--cluster-enabled", "yes")
	refused(t, redis.Options{URL: node.URL()}, storage.ErrSettings)
}
