package redis_test

import (
	"errors"
	"testing"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/redis"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// TestFailover: the same store goes on with the replica that took over.
func TestFailover(t *testing.T) {
	t.Parallel()
	sentinel := redistest.StartSentinel(t)
	s := open(t, redis.Options{URL: sentinel.URL, Mode: storage.Serve})
	if err := s.Commit(t.Context(), everything()); err != nil {
		t.Fatal(err)
	}
	if n, err := sentinel.Master.Client().Wait(t.Context(), 1, 0).Result(); n != 1 || err != nil {
		t.Fatalf("%d replicas have it: %v", n, err)
	}
	sentinel.FailOver()
	next := everything()
	next.Command, next.Writes[0].Revision = "press-2", 1
	err := errors.New("not tried")
	for err != nil && !errors.Is(err, runtime.ErrDuplicate) && t.Context().Err() == nil {
		err = s.Commit(t.Context(), next) // repeated with the same command, as the contract says
	}
	if err := s.Commit(t.Context(), everything()); !errors.Is(err, runtime.ErrDuplicate) {
		t.Errorf("the command of before the failover: %v", err)
	}
	records, err := s.Load(t.Context(), key("mina"))
	if err != nil || records[0].Revision != 2 {
		t.Errorf("revision %d, want 2 (%v)", records[0].Revision, err)
	}
}
