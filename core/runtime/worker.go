package runtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// worker is one Run: it claims what is due and does it.
type worker struct {
	r *Runtime
	// ctx lives until everything that was started is finished or given up.
	ctx  context.Context
	busy *semaphore.Weighted // ledgers being worked on
	wg   sync.WaitGroup      // ledgers and effects under way
}

// Run works through what is due until ctx ends. Then it takes on nothing new,
// lets started effects finish and stores their results, for at most
// Options.Drain.
func (r *Runtime) Run(ctx context.Context) error {
	if r.Messenger == nil || r.Store == nil || r.Directory == nil || r.Clock == nil {
		return errors.New("runtime: Store, Directory, Messenger and Clock must be set before Run")
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	w := &worker{r: r, ctx: life, busy: semaphore.NewWeighted(int64(r.Ledgers))}
	beats, err := w.beat()
	if err != nil {
		return err
	}
	r.Wake()
	w.intake(ctx)
	if err := beats.Shutdown(); err != nil {
		r.Log.Warn().Err(err).Msg("heartbeats did not stop in time")
	}
	w.drain(end)
	return nil
}

// intake claims and hands out until ctx ends. Nudges go ahead of the queue.
func (w *worker) intake(ctx context.Context) {
	more := false
	for ctx.Err() == nil {
		if !more {
			select {
			case <-ctx.Done():
				return
			case <-w.r.nudges.signal:
			}
		}
		byTenant, look := w.r.nudges.take()
		for _, keys := range byTenant {
			w.claim(ctx, len(keys), keys...)
		}
		if look || more {
			more = w.claim(ctx, claimBatch) == claimBatch
		}
	}
}

// claim takes records that are due and starts on them. It returns how many.
// What is claimed is worked on even when ctx ends meanwhile: nobody else would
// until the lease is over.
func (w *worker) claim(ctx context.Context, most int, only ...Key) int {
	keys, err := w.r.Store.Claim(ctx, w.r.now(), lease, most, only...)
	if err != nil {
		if ctx.Err() == nil {
			w.r.Log.Warn().Err(err).Msg("could not ask the store for what is due")
		}
		return 0
	}
	for _, key := range keys {
		if w.busy.Acquire(w.ctx, 1) != nil {
			return 0
		}
		w.wg.Go(func() {
			defer w.busy.Release(1)
			w.work(key)
		})
	}
	return len(keys)
}

// drain waits for what is under way, and gives it up after Options.Drain.
func (w *worker) drain(giveUp func()) {
	done := make(chan struct{})
	go func() {
		w.wg.Wait()
		close(done)
	}()
	limit := time.NewTimer(w.r.Drain)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
		w.r.Log.Warn().Msg("some effects did not finish in time; they will be looked for at the next start")
		giveUp()
		<-done
	}
}

// work does what a claimed record is due for, again on conflicts. What fails
// stays claimed and comes up again when the lease is over.
func (w *worker) work(key Key) {
	for n := 0; n < attempts; n++ {
		err := w.once(key)
		if err == nil {
			return
		}
		if !errors.Is(err, ErrConflict) {
			w.r.Log.Error().Err(err).Stringer("record", key).Msg("could not work on a due record")
			return
		}
		if w.r.pause(w.ctx, n) != nil {
			return
		}
	}
}

func (w *worker) once(key Key) (err error) {
	defer recovered(&err)
	switch key.Kind {
	case KindLedger:
		return w.tick(key)
	case KindWalk:
		return w.r.walk(w.ctx, key)
	case KindSweep:
		if key.ID != "" {
			return w.r.left(w.ctx, key)
		}
		return w.r.sweep(w.ctx, key.Tenant)
	case KindLinked:
		return w.r.followLinked(w.ctx, key)
	case KindGroup:
		return w.r.followGroup(w.ctx, key)
	}
	return fmt.Errorf("nothing is known to do for %s", key)
}

// tick applies what fell due, marks what is owed as started, commits, and only
// then lets it leave.
func (w *worker) tick(key Key) error {
	w.r.way.make(w.ctx)
	at, err := w.r.loadLedger(w.ctx, key)
	if isMoved(err) {
		return nil // claimed just before it was merged
	}
	if err != nil {
		return err
	}
	meta := engine.Meta{ID: engine.CommandID("tick/" + w.r.NewID()), At: w.r.now(), Actor: access.SystemActor()}
	if at.revision == 0 {
		return w.wakeOnly(at, meta, time.Time{})
	}
	cmd := engine.Tick{Meta: meta}
	if err := w.r.need(w.ctx, &at, cmd); err != nil {
		return err
	}
	if w.jammed(at, meta.At) {
		return w.wakeOnly(at, meta, meta.At.Add(5*time.Second))
	}
	dec, err := engine.Step(at.ledger, cmd, at.world)
	if err != nil {
		return fmt.Errorf("tick %s: %w", key, err)
	}
	change, wake, err := changeOf(at, meta, dec)
	if err != nil {
		return err
	}
	if len(dec.Started) == 0 && !wake.IsZero() && !wake.After(meta.At) {
		wake = meta.At.Add(w.r.Beat)
		change.Wakes[0].At = wake
	}
	if same(at.ledger, dec) {
		return w.wakeOnly(at, meta, wake)
	}
	if err := w.r.saveOwn(w.ctx, change); err != nil {
		return err
	}
	w.r.decoded.keep(key, change.Writes[0].Data, dec.Next)
	w.r.tell(key, meta, cmd, dec.Events)
	for _, e := range dec.Started {
		s := start{key: key, tick: meta.ID, ledger: dec.Next, world: at.world, effect: e}
		w.wg.Go(func() { w.perform(s) })
	}
	w.r.nudges.due(change)
	return nil
}

// jammed reports whether nothing that is owed could be done soon: every lane
// is full. Then it is better not to start it.
func (w *worker) jammed(at loaded, now time.Time) bool {
	owed, _ := engine.Due(at.ledger, at.world, now)
	for _, e := range owed {
		if !w.r.lanes.of(laneOf(e, at.world)).full() {
			return false
		}
	}
	return len(owed) > 0
}

// same reports whether a Tick changed nothing but the time that was last seen.
func same(before access.Ledger, dec engine.Decision) bool {
	if len(dec.Started)+len(dec.Events)+len(dec.Archived) > 0 {
		return false
	}
	after := dec.Next
	after.Last = before.Last
	a, errA := engine.Encode(before)
	b, errB := engine.Encode(after)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// wakeOnly sets the wake-up of a ledger that is still as it was read.
func (w *worker) wakeOnly(at loaded, m engine.Meta, wake time.Time) error {
	return w.r.saveOwn(w.ctx, Change{
		Tenant: at.key.Tenant, Command: m.ID, At: m.At,
		Reads: append([]Read{{at.key, at.revision}}, at.reads...),
		Wakes: []Wake{{at.key, wake}},
	})
}

// recovered turns a panic of an adapter, a connector or ourselves into an
// error, so that it costs one attempt and not the process.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &access.Fault{Failure: access.FailRetry, Code: "crashed", Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
	}
}
