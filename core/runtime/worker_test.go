package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func TestARequestGoesFromTheCardToTheRoomAndEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		posts, _ := w.wall.of(access.CardApprover)
		wantEqual(t, "approver's cards", len(posts), 2)
		waiting, err := w.r.Waiting(t.Context(), tenant, access.Actor{Person: person(ada), Standing: access.Member}, 10)
		if err != nil || len(waiting) != 1 {
			t.Errorf("waiting for ada: %v %v", waiting, err)
		}
		if _, err := w.decide(w.r, ada, mina, "press"); err != nil {
			t.Fatal(err)
		}
		settle()
		w.wantState(mina, access.Delivered)
		wantEqual(t, "in the lab", w.rooms.has("play/mina lab/member"), true)
		w.later(31 * 24 * time.Hour)
		pass(5 * time.Second)
		wantEqual(t, "in the lab at the end", w.rooms.has("play/mina lab/member"), false)
		cases, err := w.r.History(t.Context(), tenant, person(mina), 10)
		if err != nil || len(cases) != 1 {
			t.Fatalf("history: %v %v", cases, err)
		}
		for _, request := range cases[0].Requests {
			found, err := w.r.Case(t.Context(), tenant, person(mina), request.ID)
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, "case found", found.ID, cases[0].ID)
		}
		wantEqual(t, "wake-up of what is over", w.store.wake(runtime.LedgerKey(tenant, person(mina))), time.Time{})
		stop()
	})
}

// Cards that are redrawn at about the same time are stored by one commit; a new
// card is stored at once, since its buttons may be pressed.
func TestRedrawsShareACommitAndNewCardsWaitForNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		var edited, stored atomic.Int32
		w.wall.editing = func(runtime.Delivery) error {
			<-time.After(time.Duration(edited.Add(1)) * time.Millisecond)
			return nil
		}
		stop := w.run(w.r)
		w.ask(mina, "lab")
		synctest.Wait()
		named := 0
		for _, c := range w.store.ledgerOf(person(mina)).Cards {
			if c.Ref != "" {
				named++
			}
		}
		wantEqual(t, "cards whose names are known", named, 3)
		settle()
		w.store.failing(func(c runtime.Change) error {
			if strings.HasPrefix(string(c.Command), "done/") {
				stored.Add(1)
			}
			return nil
		}, nil)
		edited.Store(0)
		if err := claim(w, ada); err != nil {
			t.Fatal(err)
		}
		settle()
		wantEqual(t, "redrawn, commits", []int32{edited.Load(), stored.Load()}, []int32{3, 1})
		stop()
	})
}

// claim says that somebody is on it, which redraws cards and brings no new one.
func claim(w *town, who access.Account) error {
	_, err := w.r.Do(w.t.Context(), tenant, who, person(mina), w.id("claim"), func(m engine.Meta) engine.Command {
		return engine.Claim{Meta: m, Request: 1}
	})
	return err
}

func TestASlowPostIsFollowedByOneRedraw(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		slow := make(chan struct{})
		w.wall.posting = func(d runtime.Delivery) error {
			if d.Card.Kind == access.CardApprover && d.Card.Place.Person == person(ada) {
				<-slow
			}
			return nil
		}
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		if _, err := w.decide(w.r, ben, mina, "press"); err != nil {
			t.Fatal(err)
		}
		pass(3 * time.Second)
		close(slow)
		pass(time.Second)
		posts, redrawn := 0, 0
		all, _ := w.wall.of(access.CardApprover)
		for _, d := range all {
			if d.Card.Place.Person == person(ada) {
				posts++
			}
		}
		for _, d := range w.wall.edits {
			if d.Card.Kind == access.CardApprover && d.Card.Place.Person == person(ada) {
				redrawn++
			}
		}
		wantEqual(t, "ada's card posted, redrawn", []int{posts, redrawn}, []int{1, 1})
		stop()
	})
}

func TestASlowConnectorDoesNotDelayCards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, func(o *runtime.Options) { o.Lane, o.Queue = 2, 4 })
		stuck := make(chan struct{})
		w.slow.before = func(access.Op, runtime.Job) error { <-stuck; return nil }
		stop := w.run(w.r)
		for i := range 20 {
			who := access.Account(fmt.Sprintf("play/p%d", i))
			w.dir.set(access.Profile{Person: person(who), Standing: access.Member})
			w.ask(who, "vault")
		}
		begin := time.Now()
		w.ask(mina, "lab")
		settle()
		posts, _ := w.wall.of(access.CardApprover)
		wantEqual(t, "approver's cards", len(posts), 2)
		wantEqual(t, "waited less than a beat", time.Since(begin) < time.Second, true)
		w.ask(ben, "open")
		settle()
		wantEqual(t, "another connector's room", w.rooms.has("play/ben lab/member"), true)
		close(stuck)
		pass(10 * time.Minute)
		for i := range 20 {
			wantEqual(t, "in the vault", w.slow.has(fmt.Sprintf("play/p%d vault/member", i)), true)
		}
		stop()
	})
}

func TestAGrantWhoseReplyIsLostWhileAnAdminCancelsIsTakenAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		given, lose := make(chan struct{}, 1), make(chan struct{})
		w.rooms.after = func(op access.Op, _ runtime.Job) error {
			if op != access.OpGrant {
				return nil
			}
			given <- struct{}{}
			<-lose
			return errors.New("connection reset")
		}
		stop := w.run(w.r)
		w.ask(mina, "open")
		<-given
		_, err := w.r.Do(t.Context(), tenant, olga, person(mina), "cancel", func(m engine.Meta) engine.Command {
			return engine.Cancel{Meta: m, Request: 1, Reason: "mistake"}
		})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "in the lab for now", w.rooms.has("play/mina lab/member"), true)
		close(lose)
		pass(5 * time.Minute)
		wantEqual(t, "in the lab", w.rooms.has("play/mina lab/member"), false)
		w.wantState(mina, access.Canceled)
		stop()
	})
}

func TestAPanicOfAConnectorCostsOneAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		first := true
		w.rooms.before = func(access.Op, runtime.Job) error {
			if first {
				first = false
				panic("nil map")
			}
			return nil
		}
		stop := w.run(w.r)
		w.ask(mina, "open")
		settle()
		lines, err := w.r.Audit(t.Context(), tenant, person(mina), 0, true, 50)
		if err != nil {
			t.Fatal(err)
		}
		codes := map[string]int{}
		for _, l := range lines {
			codes[l.Event.Code]++
		}
		wantEqual(t, "crashes in the audit", codes["crashed"], 1)
		pass(5 * time.Minute)
		w.wantState(mina, access.Delivered)
		stop()
	})
}

func TestAPanicOfAMessengerCostsOneAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		left := 1
		w.wall.posting = func(d runtime.Delivery) error {
			if d.Card.Kind == access.CardRequestor && left > 0 {
				left--
				panic("template")
			}
			return nil
		}
		stop := w.run(w.r)
		w.ask(mina, "lab")
		pass(5 * time.Minute)
		posts, _ := w.wall.of(access.CardRequestor)
		wantEqual(t, "requestor's cards", len(posts), 1)
		stop()
	})
}

func TestDeadlinesThatPassedWhileEverythingWasOffAreActedOnAtStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(mina, "lab")
		w.ask(ben, "open")
		settle()
		stop()
		w.clock.skip(40 * 24 * time.Hour)
		r := w.another()
		stop = w.run(r)
		pass(5 * time.Second)
		w.wantState(mina, access.TimedOut)
		wantEqual(t, "in the lab", w.rooms.has("play/ben lab/member"), false)
		stop()
	})
}

func TestTheHeartbeatFindsWhatNobodyNudged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		other := w.another()
		stop := w.run(other)
		w.ask(mina, "lab") // on a process that does not work
		settle()
		posts, _ := w.wall.of(access.CardApprover)
		wantEqual(t, "cards before the beat", len(posts), 0)
		pass(3 * time.Second)
		posts, _ = w.wall.of(access.CardApprover)
		wantEqual(t, "cards after the beat", len(posts), 2)
		stop()
	})
}

func TestAStoreThatComesBackIsWorkedOnAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		down := true
		w.store.mu.Lock()
		w.store.claiming = func() error {
			if down {
				return errors.New("connection refused")
			}
			return nil
		}
		w.store.mu.Unlock()
		w.ask(mina, "lab")
		pass(5 * time.Second)
		w.store.mu.Lock()
		down = false
		w.store.mu.Unlock()
		pass(2 * time.Second)
		posts, _ := w.wall.of(access.CardApprover)
		wantEqual(t, "approver's cards", len(posts), 2)
		stop()
	})
}

func TestResultsAreKeptUntilTheStoreTakesThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.wall.posting = func(runtime.Delivery) error {
			w.store.failing(func(runtime.Change) error { return errors.New("connection refused") }, nil)
			return nil
		}
		stop := w.run(w.r)
		w.ask(mina, "lab")
		pass(20 * time.Second)
		w.store.failing(nil, nil)
		w.wall.mu.Lock()
		w.wall.posting = nil
		w.wall.mu.Unlock()
		pass(5 * time.Minute)
		seen := map[string]int{}
		for _, d := range w.wall.posts {
			seen[d.ID]++
		}
		for id, n := range seen {
			wantEqual(t, id+" posted", n, 1)
		}
		wantEqual(t, "cards", len(seen) > 2, true)
		stop()
	})
}

func TestTicksOfTwoProcessesPostOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		other := w.another()
		stopOne, stopOther := w.run(w.r), w.run(other)
		for i := range 30 {
			who := access.Account(fmt.Sprintf("play/p%d", i))
			w.dir.set(access.Profile{Person: person(who), Standing: access.Member})
			w.ask(who, "lab")
			other.Wake()
		}
		pass(10 * time.Second)
		posts, _ := w.wall.of(access.CardApprover)
		wantEqual(t, "approver's cards", len(posts), 60)
		stopOne()
		stopOther()
	})
}

func TestStoppingLetsStartedEffectsFinishAndStoresTheirResults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		given, hold := make(chan struct{}, 1), make(chan struct{})
		w.rooms.before = func(access.Op, runtime.Job) error { given <- struct{}{}; <-hold; return nil }
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- w.r.Run(ctx) }()
		w.ask(mina, "open")
		<-given
		cancel()
		settle()
		select {
		case <-done:
			t.Fatal("stopped before the grant came back")
		default:
		}
		close(hold)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		h := w.store.ledgerOf(person(mina)).Roles[access.RoleRef{Resource: "lab", Role: "member"}]
		wantEqual(t, "result is in", []any{h.Try.Open, h.Said}, []any{false, access.OpGrant})
	})
}

func TestStoppingDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, func(o *runtime.Options) { o.Drain = 4 * time.Second })
		hold := make(chan struct{})
		w.rooms.before = func(access.Op, runtime.Job) error { <-hold; return nil }
		stop := w.run(w.r)
		w.ask(mina, "open")
		settle()
		begin := time.Now()
		stop()
		wantEqual(t, "took", time.Since(begin), 4*time.Second)
		close(hold)
		w.rooms.mu.Lock()
		w.rooms.before = nil
		w.rooms.mu.Unlock()
		stop = w.run(w.another())
		pass(5 * time.Minute)
		w.wantState(mina, access.Delivered)
		stop()
	})
}

func TestRunNeedsItsPorts(t *testing.T) {
	t.Parallel()
	if err := runtime.New(runtime.Options{}).Run(t.Context()); err == nil {
		t.Error("ran without a store")
	}
}
