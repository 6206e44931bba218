package runtime_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// What a request brings with it waits until nobody waits for an answer.
func TestWorkMakesWayForAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		one, two := w.r.Answering(), w.r.Answering()
		w.ask(ben, "open")
		settle()
		one()
		one() // it is over once
		settle()
		wantEqual(t, "while somebody waits", w.state(ben), access.Delivering)
		two()
		settle()
		wantEqual(t, "then", w.state(ben), access.Delivered)
	})
}

// An answer that takes long holds up nothing for long.
func TestALongAnswerHoldsUpNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		defer w.r.Answering()()
		w.ask(ben, "open")
		settle()
		wantEqual(t, "at first", w.state(ben), access.Delivering)
		<-time.After(time.Second)
		wantEqual(t, "after a second", w.state(ben), access.Delivered)
	})
}

// When somebody waits at every moment work gets on all the same.
func TestWorkGetsOnInARush(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		w.ask(ben, "open")
		before := w.r.Answering()
		for range 100 {
			<-time.After(100 * time.Millisecond)
			next := w.r.Answering()
			before()
			before = next
		}
		wantEqual(t, "after ten seconds", w.state(ben), access.Delivered)
		before()
	})
}
