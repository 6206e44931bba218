package runtime_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func TestWhoLeftLosesAllAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(ada, "open") // holds it
		w.ask(ada, "lab")  // waits for Ben
		w.ask(mina, "lab") // waits for Ada and Ben
		settle()
		wantEqual(t, "found", w.found(mina), []access.PersonID{person(ada), person(ben)})
		wantEqual(t, "ada in the lab", w.rooms.has("play/ada lab/member"), true)

		w.dir.set(access.Profile{Person: person(ada), Standing: access.Gone})
		for range 2 {
			if err := w.r.Left(t.Context(), tenant, person(ada)); err != nil {
				t.Fatal(err)
			}
			pass(time.Second)
			wantEqual(t, "ada in the lab", w.rooms.has("play/ada lab/member"), false)
			wantEqual(t, "found", w.found(mina), []access.PersonID{person(ben)})
			wantEqual(t, "ada's requests", len(w.store.ledgerOf(person(ada)).Requests), 0)
			if _, err := w.decide(w.r, ada, mina, w.id("press")); !access.IsCode(err, "accountGone") {
				t.Errorf("ada may still act: %v", err)
			}
		}
		wantEqual(t, "ended by this", count(w.events(ada), engine.EventLeft), 1)
		past, err := w.r.Case(t.Context(), tenant, person(ada), 2)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "the open request", past.Requests[0].State, access.Canceled)
		wantEqual(t, "why", past.Requests[0].EndCode, "personLeft")
		past, err = w.r.Case(t.Context(), tenant, person(ada), 1)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "the assignment", past.Assignment.State, access.AssignmentRevoked)
		stop()
	})
}

// Nobody tells that Ada left: the daily look at what she has finds it.
func TestWhoLeftIsFoundByTheDailyLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(ada, "open") // holds it
		w.ask(ada, "lab")  // waits for Ben
		settle()
		w.dir.set(access.Profile{Person: person(ada), Standing: access.Gone})
		w.later(25 * time.Hour)
		pass(time.Minute)
		wantEqual(t, "ended by this", count(w.events(ada), engine.EventLeft), 1)
		wantEqual(t, "ada in the lab", w.rooms.has("play/ada lab/member"), false)
		wantEqual(t, "drifts", count(w.events(ada), engine.EventDrifted), 0)
		wantEqual(t, "ada's requests", len(w.store.ledgerOf(person(ada)).Requests), 0)
		stop()
	})
}

func TestNothingIsWrittenForWhoNeverHadAnything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.store.counts()
		if err := w.r.Left(t.Context(), tenant, person(carla)); err != nil {
			t.Fatal(err)
		}
		_, commits := w.store.counts()
		wantEqual(t, "commits", commits, 0)
	})
}

func TestALeaveThatCouldNotBeStoredIsToldAndMayBeRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.ask(carla, "lab")
		away := errors.New("the store is away")
		w.store.failing(func(runtime.Change) error { return away }, nil)
		if err := w.r.Left(t.Context(), tenant, person(carla)); !errors.Is(err, away) {
			t.Errorf("told %v", err)
		}
		w.store.failing(nil, nil)
		if err := w.r.Left(t.Context(), tenant, person(carla)); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(w.events(carla), engine.EventLeft) {
			t.Error("carla still has her request")
		}
	})
}
