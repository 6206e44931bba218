package rooms_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	rooms "github.com/usher-dev/usher/adapters/connect/playground"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

var member = access.ResourceRole{ID: "member", Name: "Member"}

func job(person access.PersonID) runtime.Job {
	return runtime.Job{
		ID: "demo/" + string(person) + "/1", Tenant: "demo",
		Person: access.Profile{Person: person, Account: access.Account(person), Name: "Name of " + string(person)},
		Resource: access.Resource{
			ID: "design", Name: "Design channel", Connector: "playground", Target: "design",
			Roles: []access.ResourceRole{member, {ID: "lead"}},
		},
		Role: member,
	}
}

// room is a connector with everything around it.
type room struct {
	*rooms.Rooms
	store *memory
	clock *clock
}

func newRoom(t *testing.T, mode rooms.Mode, opt rooms.Options) room {
	t.Helper()
	r := room{store: newMemory(), clock: newClock()}
	r.Rooms = rooms.New(r.store, "demo", r.clock, opt)
	ctx := t.Context()
	if err := errors.Join(r.Ensure(ctx, []access.Resource{job("").Resource}), r.SetMode(ctx, "design", mode)); err != nil {
		t.Fatal(err)
	}
	return r
}

// members are "account role" of everybody in the room.
func (r room) members(t *testing.T) []string {
	t.Helper()
	list, err := r.List(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("List = %v, %v", list, err)
	}
	out := []string{}
	for _, m := range list[0].Members {
		out = append(out, string(m.Account)+" "+m.Role)
	}
	return out
}

func fixture(t *testing.T, mode rooms.Mode) connecttest.Fixture {
	r := newRoom(t, mode, rooms.Options{Delay: func(ctx context.Context) error { return ctx.Err() }})
	nobody, nothing, noRole, foreign := job("playground/carla"), job("playground/carla"), job("playground/carla"), job("playground/carla")
	nobody.Person.Account = ""
	nothing.Resource.Target = ""
	noRole.Role.ID = "wizard"
	foreign.Tenant = "other"
	return connecttest.Fixture{
		Connector: r, Job: job("playground/carla"), Other: job("playground/mina"), Remembers: true,
		Look: func(t *testing.T, j runtime.Job) access.Had {
			for _, m := range r.members(t) {
				if m == string(j.Person.Account)+" "+j.Role.ID {
					return access.Present
				}
			}
			return access.Absent
		},
		Give: func(t *testing.T, j runtime.Job) {
			if err := r.Put(t.Context(), j.Resource.Target, j.Person.Account, j.Role.ID); err != nil {
				t.Fatal(err)
			}
		},
		Settle: func(*testing.T) { r.clock.forward(2 * time.Minute) },
		Fail:   func(*testing.T) { r.store.failWith(errors.New("connection refused")) },
		Bad: map[string]connecttest.Bad{
			"person":         {Job: nobody, Failure: access.FailNever, Code: "unknownPerson"},
			"resource":       {Job: nothing, Failure: access.FailNever, Code: "unknownResource"},
			"other's tenant": {Job: foreign, Failure: access.FailNever, Code: "unknownResource"},
			"role":           {Job: noRole, Failure: access.FailNever, Code: "unknownRole"},
		},
	}
}

func TestRooms(t *testing.T) {
	t.Parallel()
	for _, mode := range []rooms.Mode{rooms.Normal, rooms.Slow, rooms.Pending} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			connecttest.Run(t, func(t *testing.T) connecttest.Fixture { return fixture(t, mode) })
		})
	}
}

func TestRoomThatFails(t *testing.T) {
	t.Parallel()
	late := func(context.Context) error { return context.DeadlineExceeded }
	for _, c := range []struct {
		mode    rooms.Mode
		failure access.Failure
		code    string
		verify  bool // fails as well
		members []string
	}{
		{rooms.Failing, access.FailRetry, "roomFailing", true, []string{}},
		{rooms.Broken, access.FailHuman, "roomBroken", false, []string{}},
		{rooms.Slow, access.FailRetry, "timeout", true, []string{}},
		{rooms.Losing, access.FailRetry, "replyLost", false, []string{"playground/carla member"}},
	} {
		t.Run(string(c.mode), func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, c.mode, rooms.Options{Delay: late})
			_, err := r.Grant(t.Context(), job("playground/carla"))
			if f := access.AsFault(err); f.Failure != c.failure || f.Code != c.code {
				t.Errorf("Grant says %v (%s)", err, f.Failure)
			}
			if got := r.members(t); !reflect.DeepEqual(got, c.members) {
				t.Errorf("in the room: %v, want %v", got, c.members)
			}
			if _, err := r.Verify(t.Context(), job("playground/carla")); (err != nil) != c.verify {
				t.Errorf("Verify: %v", err)
			}
			_, err = r.Revoke(t.Context(), job("playground/carla"))
			if f := access.AsFault(err); f.Code != c.code {
				t.Errorf("Revoke says %v", err)
			}
			if got := r.members(t); len(got) != 0 {
				t.Errorf("in the room at the end: %v", got)
			}
		})
	}
}

func TestLostReplyIsNotTakenForAccessFromBefore(t *testing.T) {
	t.Parallel()
	r := newRoom(t, rooms.Losing, rooms.Options{})
	j := job("playground/carla")
	if _, err := r.Grant(t.Context(), j); err == nil {
		t.Fatal("the reply was not lost")
	}
	if err := r.SetMode(t.Context(), "design", rooms.Normal); err != nil {
		t.Fatal(err)
	}
	if answer, err := r.Grant(t.Context(), j); err != nil || answer != (runtime.Answer{}) {
		t.Errorf("Grant again = %+v, %v", answer, err)
	}
}

func TestLyingRoomSaysDoneAndDoesNothing(t *testing.T) {
	t.Parallel()
	r := newRoom(t, rooms.Lying, rooms.Options{})
	j := job("playground/carla")
	if answer, err := r.Grant(t.Context(), j); err != nil || answer != (runtime.Answer{}) {
		t.Errorf("Grant = %+v, %v", answer, err)
	}
	if had, err := r.Verify(t.Context(), j); err != nil || had != access.Absent {
		t.Errorf("Verify = %s, %v", had, err)
	}
}

func TestPendingRoomIsDoneAtTheTimeItNamed(t *testing.T) {
	t.Parallel()
	r := newRoom(t, rooms.Pending, rooms.Options{PendingFor: time.Hour})
	j := job("playground/carla")
	start := r.clock.Now()
	first, err := r.Grant(t.Context(), j)
	if err != nil || !first.LookAt.Equal(start.Add(time.Hour)) {
		t.Fatalf("Grant = %+v, %v", first, err)
	}
	r.clock.forward(59 * time.Minute)
	if again, err := r.Grant(t.Context(), j); err != nil || again != first {
		t.Errorf("Grant again = %+v, %v", again, err)
	}
	if had, _ := r.Verify(t.Context(), j); had != access.Absent {
		t.Errorf("a minute before: %s", had)
	}
	r.clock.forward(time.Minute)
	if had, _ := r.Verify(t.Context(), j); had != access.Present {
		t.Errorf("at the time: %s", had)
	}
	r.clock.forward(time.Minute)
	list, err := r.List(t.Context())
	want := []rooms.Room{{ID: "design", Name: "Design channel", Mode: rooms.Pending, Members: []rooms.Member{
		{Account: "playground/carla", Name: "Name of playground/carla", Role: "member", Since: start.Add(time.Hour)},
	}}}
	if err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("List = %+v, %v", list, err)
	}
}

func TestRevokeOvertakesAPendingGrant(t *testing.T) {
	t.Parallel()
	r := newRoom(t, rooms.Pending, rooms.Options{})
	j := job("playground/carla")
	for _, do := range []func(context.Context, runtime.Job) (runtime.Answer, error){r.Grant, r.Revoke} {
		if _, err := do(t.Context(), j); err != nil {
			t.Fatal(err)
		}
	}
	r.clock.forward(time.Hour)
	if got := r.members(t); len(got) != 0 {
		t.Errorf("in the room: %v", got)
	}
}

func TestSlowRoomHonoursTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, rooms.Slow, rooms.Options{}) // with the real delay of 5 seconds
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := r.Grant(ctx, job("playground/carla"))
		if f := access.AsFault(err); f.Failure != access.FailRetry || f.Code != "timeout" || time.Since(start) != 3*time.Second {
			t.Errorf("Grant says %v after %s", err, time.Since(start))
		}
		if _, err = r.Grant(t.Context(), job("playground/carla")); err != nil || time.Since(start) != 8*time.Second {
			t.Errorf("Grant says %v after %s", err, time.Since(start))
		}
	})
}

func TestRoomAppearsOnFirstUse(t *testing.T) {
	t.Parallel()
	r := room{store: newMemory(), clock: newClock()}
	r.Rooms = rooms.New(r.store, "demo", r.clock, rooms.Options{})
	if list, err := r.List(t.Context()); err != nil || len(list) != 0 {
		t.Fatalf("List = %v, %v", list, err)
	}
	j := job("playground/carla")
	if had, err := r.Verify(t.Context(), j); err != nil || had != access.Absent || r.store.written() != 0 {
		t.Errorf("Verify = %s, %v after %d commits", had, err, r.store.written())
	}
	if _, err := r.Grant(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	list, _ := r.List(t.Context())
	if len(list) != 1 || list[0].Name != "Design channel" || list[0].Mode != rooms.Normal {
		t.Errorf("List = %+v", list)
	}
}

func TestRoomByHand(t *testing.T) {
	t.Parallel()
	r := newRoom(t, rooms.Normal, rooms.Options{})
	ctx := t.Context()
	err := errors.Join(
		r.Put(ctx, "design", "playground/ben", "lead"),
		r.Put(ctx, "design", "playground/ben", "lead"),
		r.Put(ctx, "design", "playground/ben", "member"),
		r.Remove(ctx, "design", "playground/ben", "member"),
		r.Remove(ctx, "design", "playground/ada", "member"),
		r.Ensure(ctx, []access.Resource{job("").Resource, {ID: "elsewhere"}}),
	)
	if got := r.members(t); err != nil || !reflect.DeepEqual(got, []string{"playground/ben lead"}) {
		t.Errorf("in the room: %v (%v)", got, err)
	}
	if n := r.store.written(); n != 4 {
		t.Errorf("%d commits: what changes nothing was written", n)
	}
	if err := r.SetMode(ctx, "design", "sleepy"); !access.IsCode(err, "unknownMode") {
		t.Errorf("SetMode says %v", err)
	}
	if err := r.SetMode(ctx, "attic", rooms.Normal); !access.IsCode(err, "unknownRoom") {
		t.Errorf("SetMode says %v", err)
	}
	if err := r.Put(ctx, "attic", "playground/ben", "lead"); !access.IsCode(err, "unknownRoom") {
		t.Errorf("Put says %v", err)
	}
}

func TestManyAtOnceInOneRoom(t *testing.T) {
	t.Parallel()
	r := newRoom(t, rooms.Normal, rooms.Options{})
	other := rooms.New(r.store, "demo", r.clock, rooms.Options{}) // as from a second process
	var group sync.WaitGroup
	for i := range 16 {
		connector := []*rooms.Rooms{r.Rooms, other}[i%2]
		group.Go(func() {
			if _, err := connector.Grant(t.Context(), job(access.PersonID(fmt.Sprintf("playground/p%02d", i)))); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := r.members(t); len(got) != 16 {
		t.Errorf("in the room: %v", got)
	}
}
