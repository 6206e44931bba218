package redis_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// TestWipe: all of the store goes, and nothing of a neighbour with a similar prefix.
func TestWipe(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	fill := func(prefix string) *redis.Store {
		s := open(t, redis.Options{URL: server.URL(), Mode: storage.Demo, Prefix: prefix})
		if err := s.Commit(t.Context(), everything()); err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), "draft", []byte("x"), noon, time.Hour); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Lease(t.Context(), "sweep", "a", noon, time.Hour); err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := fill("demo")
	fill("demo2")
	others := dump(t, server.Client())
	maps.DeleteFunc(others, func(k, _ string) bool { return strings.HasPrefix(k, "demo:") })
	if err := s.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := dump(t, server.Client())
	// DUMP of the draft is the same, its time to live is not part of it.
	if !maps.Equal(left, others) || len(left) != 10 {
		t.Errorf("left are %d keys, want the neighbour's 10 of %d", len(left), len(others))
	}
}
