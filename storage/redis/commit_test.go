package redis_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
	"github.com/usher-dev/usher/storage/storetest"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

var noon = time.Date(2026, 9, 17, 12, 0, 0, 0, time.UTC)

func key(id string) runtime.Key { return runtime.Key{Tenant: "acme", Kind: runtime.KindLedger, ID: id} }

// everything is a change that touches every sort of key.
func everything() runtime.Change {
	return runtime.Change{
		Tenant: "acme", Command: "press-1", At: noon,
		Writes: []runtime.Write{{Key: key("mina"), Data: []byte("one")}},
		Reads:  []runtime.Read{{Key: key("nobody")}},
		Wakes:  []runtime.Wake{{Key: key("mina"), At: noon}},
		Index:  []runtime.IndexEntry{{Index: "open", Member: "mina"}},
		Audit:  []runtime.Entry{{Key: key("mina"), At: noon, Data: []byte("made")}},
	}
}

// dump is all that the server holds.
func dump(t *testing.T, c *goredis.Client) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, k := range c.Keys(t.Context(), "*").Val() {
		all[k] = c.Dump(t.Context(), k).Val()
	}
	return all
}

// writtenKeys are the keys that a commit of everything makes.
func writtenKeys(t *testing.T) []string {
	t.Helper()
	server := redistest.New(t)
	s, c := open(t, redis.Options{URL: server.URL(), Mode: storage.Serve}), server.Client()
	before := dump(t, c)
	if err := s.Commit(t.Context(), everything()); err != nil {
		t.Fatal(err)
	}
	after := dump(t, c)
	for k := range before {
		delete(after, k)
	}
	return slices.Sorted(maps.Keys(after))
}

func TestKeyOfWrongTypeChangesNothing(t *testing.T) {
	t.Parallel()
	keys := writtenKeys(t)
	if len(keys) != 7 {
		t.Fatalf("a commit of everything makes %v", keys)
	}
	server := redistest.New(t)
	s, c := open(t, redis.Options{URL: server.URL(), Mode: storage.Serve}), server.Client()
	read := strings.Replace(keys[slices.IndexFunc(keys, func(k string) bool { return strings.Contains(k, ":rec:") })], "mina", "nobody", 1)
	for _, k := range append(keys, read) {
		c.HSet(t.Context(), k, "foreign", "value")
		before := dump(t, c)
		err := s.Commit(t.Context(), everything())
		if err == nil || errors.Is(err, runtime.ErrConflict) || errors.Is(err, runtime.ErrDuplicate) {
			t.Errorf("%s: %v", k, err)
		}
		if after := dump(t, c); !maps.Equal(before, after) {
			t.Errorf("%s: a refused commit changed %v into %v", k, before, after)
		}
		c.Del(t.Context(), k)
	}
	if err := s.Commit(t.Context(), everything()); err != nil {
		t.Errorf("once the keys are gone: %v", err)
	}
}

func TestCounterBehindItsStreamChangesNothing(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, c := open(t, redis.Options{URL: server.URL(), Mode: storage.Serve}), server.Client()
	if err := s.Commit(t.Context(), everything()); err != nil {
		t.Fatal(err)
	}
	counter := c.Keys(t.Context(), "*:seq").Val()[0]
	next := everything()
	next.Command, next.Writes[0].Revision = "press-2", 1
	for _, bad := range []string{"0", "many", "-3", "1e300"} {
		c.Set(t.Context(), counter, bad, 0)
		before := dump(t, c)
		if err := s.Commit(t.Context(), next); err == nil {
			t.Errorf("committed with the counter at %s", bad)
		}
		if after := dump(t, c); !maps.Equal(before, after) {
			t.Errorf("changed with the counter at %s", bad)
		}
	}
}

func TestServerOutOfMemoryChangesNothing(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, c := open(t, redis.Options{URL: server.URL(), Mode: storage.Serve}), server.Client()
	c.ConfigSet(t.Context(), "maxmemory", "1mb")
	before := dump(t, c)
	if err := s.Commit(t.Context(), everything()); err == nil || !strings.Contains(err.Error(), "OOM") {
		t.Errorf("Commit: %v", err)
	}
	if after := dump(t, c); !maps.Equal(before, after) {
		t.Error("changed")
	}
	c.ConfigSet(t.Context(), "maxmemory", "0")
	if err := s.Commit(t.Context(), everything()); err != nil {
		t.Errorf("with memory again: %v", err)
	}
}

func TestScriptsThatAServerForgot(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, c := open(t, redis.Options{URL: server.URL(), Mode: storage.Serve}), server.Client()
	for i, tenant := range []access.TenantID{"acme", "other", "third", "fourth"} {
		k := runtime.LedgerKey(tenant, "x")
		c.ScriptFlush(t.Context())
		if err := s.Commit(t.Context(), runtime.Change{Tenant: k.Tenant, Wakes: []runtime.Wake{{Key: k, At: noon.Add(time.Duration(i))}}}); err != nil {
			t.Fatal(err)
		}
	}
	c.ScriptFlush(t.Context())
	keys, err := s.Claim(t.Context(), noon.Add(time.Second), time.Minute, 10)
	if err != nil || len(keys) != 4 {
		t.Errorf("claimed %v, %v", keys, err)
	}
}

func TestKilledServerKeepsWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	var server *redistest.Server
	var place string
	if !storetest.Crashing() {
		server = redistest.New(t, "--appendfsync", "always")
		place = server.URL()
	}
	storetest.Crash(t, place, func(place string) (runtime.Store, error) {
		if server != nil {
			server.Restart()
		}
		return redis.Open(t.Context(), redis.Options{URL: place, Mode: storage.Serve})
	}, func() { server.Kill() })
}

func TestErrorsKeepSecrets(t *testing.T) {
	t.Parallel()
	server := redistest.New(t, "--requirepass", "s3cr/t-p4ss")
	s := open(t, redis.Options{URL: "redis://:" + secret + "@" + server.Addr(), Mode: storage.Serve})
	server.Kill()
	_, loadErr := s.Load(t.Context(), key("mina"))
	_, claimErr := s.Claim(t.Context(), noon, time.Minute, 1)
	for _, err := range []error{s.Commit(t.Context(), everything()), loadErr, claimErr, s.Check(t.Context())} {
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "p4ss") {
			t.Errorf("got %v", err)
		}
	}
}
