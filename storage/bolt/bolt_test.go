package bolt_test

import (
	"path/filepath"
	"testing"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
	"github.com/usher-dev/usher/storage/storetest"
)

func open(t testing.TB) runtime.Store {
	s, err := bolt.Open(filepath.Join(t.TempDir(), "usher.db"), bolt.Options{Mode: storage.Serve})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestSuite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, open)
}

func TestCrash(t *testing.T) {
	t.Parallel()
	storetest.Crash(t, filepath.Join(t.TempDir(), "usher.db"), func(place string) (runtime.Store, error) {
		return bolt.Open(place, bolt.Options{Mode: storage.Serve})
	}, nil)
}

func BenchmarkStore(b *testing.B) { storetest.Bench(b, open) }
