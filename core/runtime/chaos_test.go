package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage/chaos"
)

// dice are random numbers that several goroutines may ask for.
type dice struct {
	mu  sync.Mutex
	rnd *rand.Rand
	off bool
}

func (d *dice) oneIn(n int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.off && d.rnd.IntN(n) == 0
}

func (d *dice) upTo(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rnd.IntN(n)
}

func (d *dice) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.off = true
}

// TestWhateverBreaksTheEndIsWhatTheLedgersSay lets people ask, decide and give
// back while the store, the chat, the connectors and the process itself fail
// at random. Once that ends, everybody holds exactly what their assignments
// say, every card shows the state, and the audit tells the same story.
func TestWhateverBreaksTheEndIsWhatTheLedgersSay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(16) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { newStorm(t, seed).rage() })
		})
	}
}

type storm struct {
	*town
	dice  *dice
	chaos *chaos.Store
	stop  func()
}

func newStorm(t *testing.T, seed uint64) *storm {
	s := &storm{town: newTown(t), dice: &dice{rnd: rand.New(rand.NewPCG(seed, 1))}}
	s.chaos = chaos.New(s.store, chaos.Options{
		Schedule: chaos.Seeded(seed, 6, chaos.FailBefore, chaos.FailAfter, chaos.Twice),
	})
	for _, c := range []*rooms{s.rooms, s.slow} {
		c.before, c.after = s.maybe("before"), s.maybe("after")
	}
	s.wall.posting = func(runtime.Delivery) error { return s.maybe("post")("", runtime.Job{}) }
	s.wall.editing = func(runtime.Delivery) error {
		if s.dice.oneIn(8) {
			return access.ErrGone
		}
		return s.maybe("edit")("", runtime.Job{})
	}
	s.begin()
	return s
}

// maybe fails in one of the ways in which neighbours do.
func (s *storm) maybe(what string) func(access.Op, runtime.Job) error {
	return func(access.Op, runtime.Job) error {
		switch {
		case s.dice.oneIn(30):
			panic(what)
		case s.dice.oneIn(5):
			return errors.New(what + ": connection reset")
		case s.dice.oneIn(5):
			<-time.After(time.Duration(s.dice.upTo(20)) * time.Second)
		}
		return nil
	}
}

// begin starts a process.
func (s *storm) begin() {
	s.r = s.another(func(o *runtime.Options) {
		o.Store, o.Beat, o.Drain = s.chaos, 10*time.Second, time.Duration(s.dice.upTo(5))*time.Second+1
	})
	s.stop = s.run(s.r)
}

func (s *storm) rage() {
	asks := map[access.Account]access.PackageID{mina: "lab", carla: "open", ben: "vault"}
	for who, p := range asks {
		s.press(who, "", func(m engine.Meta) engine.Command { return engine.Submit{Meta: m, Package: p} })
	}
	s.weather()
	s.press(ada, mina, func(m engine.Meta) engine.Command {
		return engine.Decide{Meta: m, Request: 1, Face: 1 << 30, Verdict: access.Approve}
	})
	s.press(ada, "", func(m engine.Meta) engine.Command { return engine.Submit{Meta: m, Package: "open"} })
	s.weather()
	s.edit(pack("open", []access.RoleRef{{Resource: "attic", Role: "member"}, {Resource: "vault", Role: "member"}}))
	s.press(mina, "", func(m engine.Meta) engine.Command { return engine.Submit{Meta: m, Package: "open"} })
	s.weather()
	s.press(olga, carla, func(m engine.Meta) engine.Command { return engine.Revoke{Meta: m, Assignment: 1, Reason: "over"} })
	s.press(ben, "", func(m engine.Meta) engine.Command { return engine.Release{Meta: m, Assignment: 1} })
	s.press(olga, ada, func(m engine.Meta) engine.Command { return engine.Cancel{Meta: m, Request: 1, Reason: "no"} })
	s.weather()
	s.calm()
	for _, who := range []access.Account{mina, carla, ben, ada} {
		s.check(who)
	}
	s.stop()
}

// press repeats a press, as people do, until it is answered.
func (s *storm) press(who, holder access.Account, make func(engine.Meta) engine.Command) {
	id := s.id("press")
	for range 100 {
		_, err := s.r.Do(s.t.Context(), tenant, who, person(holder), id, make)
		if e, ok := access.AsError(err); err == nil || ok && e.Kind != access.Unavailable {
			return
		}
		pass(time.Second)
	}
	s.t.Error("never answered")
}

func (s *storm) edit(p access.Package) {
	id := s.id("edit")
	for range 100 {
		if _, err := s.r.Apply(s.t.Context(), tenant, person(olga), id, runtime.Definitions{Packages: []access.Package{p}}); err == nil {
			return
		}
		pass(time.Second)
	}
	s.t.Error("never applied")
}

// weather lets time go by, and may end the process.
func (s *storm) weather() {
	pass(time.Duration(s.dice.upTo(90)) * time.Second)
	if s.dice.oneIn(2) {
		s.stop()
		s.begin()
	}
}

// calm ends the faults. What failed for good is tried again by an admin.
func (s *storm) calm() {
	s.dice.stop()
	s.chaos.Set(chaos.Never)
	pass(2 * time.Hour)
	for _, who := range []access.Account{mina, carla, ben, ada} {
		for _, a := range s.store.ledgerOf(person(who)).Assignments {
			_, _ = s.r.Do(s.t.Context(), tenant, olga, person(who), s.id("retry"), func(m engine.Meta) engine.Command {
				return engine.Retry{Meta: m, Assignment: a.ID}
			})
		}
	}
	pass(2 * time.Hour)
}

func (s *storm) check(who access.Account) {
	l := s.store.ledgerOf(person(who))
	if err := engine.Check(l); err != nil {
		s.t.Error(err)
	}
	v, err := s.r.Ledger(s.t.Context(), tenant, access.SystemActor(), l.Person)
	if err != nil {
		s.t.Fatal(err)
	}
	if owed, _ := engine.Due(l, v.World, s.clock.Now()); len(owed) > 0 {
		s.t.Errorf("%s is still owed %v", who, owed)
	}
	want := map[string]bool{}
	for _, a := range l.Assignments {
		if a.State.On() {
			for _, ref := range v.World.Packages[a.Package].Roles {
				want[string(l.Person)+" "+ref.String()] = true
			}
		}
	}
	for _, room := range []string{"lab/member", "attic/member", "vault/member"} {
		name := string(l.Person) + " " + room
		if got := s.rooms.has(name) || s.slow.has(name); got != want[name] {
			s.t.Errorf("%s: held %t, wanted %t", name, got, want[name])
		}
	}
	for _, c := range l.Cards {
		if !c.Kind.Notice() && !c.Done && c.Ref != "" && c.Drawn != engine.FaceOf(l, c) {
			s.t.Errorf("%s: %s to %s shows face %d of %d", who, c.Kind, c.Place.Person, c.Drawn, engine.FaceOf(l, c))
		}
	}
	s.checkAudit(l)
}

func (s *storm) checkAudit(l access.Ledger) {
	key := runtime.LedgerKey(l.Tenant, l.Person)
	entries, err := s.store.Audit(context.Background(), runtime.AuditQuery{Tenant: tenant, Record: &key, Max: 1 << 20})
	if err != nil {
		s.t.Fatal(err)
	}
	var events []engine.Event
	for _, e := range entries {
		var ev engine.Event
		if err := json.Unmarshal(e.Data, &ev); err != nil {
			s.t.Fatal(err)
		}
		events = append(events, ev)
	}
	told := engine.Rebuild(events)
	for _, r := range l.Requests {
		wantEqual(s.t, fmt.Sprintf("%s#%d in the audit", l.Person, r.ID), told[r.ID].State, r.State)
	}
}
