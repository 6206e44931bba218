package redis_test

import (
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
	"github.com/usher-dev/usher/storage/storetest"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// opener gives each test a store of its own on one server.
func opener(url string) func(testing.TB) runtime.Store {
	var stores atomic.Int64
	return func(t testing.TB) runtime.Store {
		return open(t, redis.Options{URL: url, Mode: storage.Serve, Prefix: "test" + strconv.FormatInt(stores.Add(1), 10)})
	}
}

func open(t testing.TB, o redis.Options) *redis.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestSuite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, opener(redistest.Start(t)))
}

func TestSuiteOnCluster(t *testing.T) {
	t.Parallel()
	storetest.Run(t, opener(redistest.StartCluster(t)))
}

// BenchmarkStore runs without rewrites of the append-only file, which come when
// they like.
func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, opener(redistest.Start(b, "--auto-aof-rewrite-percentage", "0")))
}
