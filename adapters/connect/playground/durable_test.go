package rooms_test

import (
	"path/filepath"
	"reflect"
	"testing"

	rooms "github.com/usher-dev/usher/adapters/connect/playground"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// With a real store: what is in a room is still there after a restart.
func TestRoomsSurviveARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "usher.db")
	clock := newClock()
	open := func() (*rooms.Rooms, *bolt.Store) {
		t.Helper()
		store, err := bolt.Open(path, bolt.Options{Mode: storage.Demo})
		if err != nil {
			t.Fatal(err)
		}
		return rooms.New(store, "demo", clock, rooms.Options{}), store
	}
	before, store := open()
	if err := before.Ensure(t.Context(), []access.Resource{{ID: "attic", Name: "Attic", Target: "attic"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := before.Grant(t.Context(), job("playground/carla")); err != nil {
		t.Fatal(err)
	}
	if err := before.SetMode(t.Context(), "design", rooms.Failing); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	after, store := open()
	list, err := after.List(t.Context())
	want := []rooms.Room{
		{ID: "attic", Name: "Attic", Mode: rooms.Normal, Members: []rooms.Member{}},
		{ID: "design", Name: "Design channel", Mode: rooms.Failing, Members: []rooms.Member{
			{Account: "playground/carla", Name: "Name of playground/carla", Role: "member", Since: clock.Now()},
		}},
	}
	if err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("List = %+v, %v", list, err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}
