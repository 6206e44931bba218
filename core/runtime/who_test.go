package runtime_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
)

func TestADirectoryThatDoesNotAnswerIsTryAgainNeverAllowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		hang := make(chan struct{})
		w.dir.change(func(d *people) { d.hang = hang })
		begin := time.Now()
		_, err := w.submit(mina, "", "lab", "ask")
		if !access.IsCode(err, "tryAgain") {
			t.Errorf("got %v, want tryAgain", err)
		}
		wantEqual(t, "took", time.Since(begin), time.Second)
		close(hang)
		w.dir.change(func(d *people) { d.hang, d.failing = nil, errors.New("directory: 503") })
		pass(2 * time.Minute)
		if _, err := w.submit(mina, "", "lab", "ask"); !access.IsCode(err, "tryAgain") {
			t.Errorf("got %v, want tryAgain", err)
		}
		w.dir.change(func(d *people) { d.failing = nil })
		if _, err := w.submit(mina, "", "lab", "ask"); err != nil {
			t.Error(err)
		}
	})
}

func TestAProfileIsAtMostAMinuteOldAndReadOnceForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		hang := make(chan struct{})
		w.dir.change(func(d *people) { d.hang = hang })
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := w.r.Profile(t.Context(), tenant, person(mina)); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(hang)
		wg.Wait()
		wantEqual(t, "reads", w.dir.reads, 1)
		w.dir.set(access.Profile{Person: person(mina), Standing: access.Gone})
		w.clock.skip(time.Minute)
		if _, _, err := w.r.Who(t.Context(), tenant, mina); err != nil {
			t.Error(err)
		}
		w.clock.skip(time.Second)
		if _, _, err := w.r.Who(t.Context(), tenant, mina); !access.IsCode(err, "accountGone") {
			t.Errorf("got %v, want accountGone", err)
		}
	})
}

func TestProgramsAndStrangersMayNotAct(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.dir.set(access.Profile{Person: "play/robot", Standing: access.Bot})
		if _, err := w.submit("play/robot", "", "lab", "ask"); !access.IsCode(err, "accountBot") {
			t.Errorf("got %v, want accountBot", err)
		}
		if _, err := w.submit("play/nobody", "", "lab", "ask"); !access.IsCode(err, "accountGone") {
			t.Errorf("got %v, want accountGone", err)
		}
	})
}
