package runtime

import (
	"context"
	"fmt"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/google/uuid"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// beat starts the heartbeats: the safety net below the nudges. They hold no
// state: what is due, and when, is in the store.
func (w *worker) beat() (gocron.Scheduler, error) {
	beats, err := gocron.NewScheduler(gocron.WithStopTimeout(w.r.Drain))
	if err != nil {
		return nil, fmt.Errorf("heartbeats: %w", err)
	}
	jobs := []struct {
		name  string
		every time.Duration
		do    func()
	}{
		{"claim", w.r.Beat, w.r.Wake},
		{"sweep", 60 * w.r.Beat, w.sweepDaily()},
	}
	for _, job := range jobs {
		_, err := beats.NewJob(gocron.DurationJob(job.every), gocron.NewTask(job.do),
			gocron.WithName(job.name), gocron.WithSingletonMode(gocron.LimitModeReschedule),
			gocron.WithEventListeners(gocron.AfterJobRunsWithPanic(w.panicked)))
		if err != nil {
			return nil, fmt.Errorf("heartbeat %s: %w", job.name, err)
		}
	}
	beats.Start()
	return beats, nil
}

// panicked keeps a panic in a heartbeat from ending the process.
func (w *worker) panicked(_ uuid.UUID, name string, what any) {
	w.r.Log.Error().Str("heartbeat", name).Interface("panic", what).Msg("heartbeat broke off")
}

// sweepDaily makes the directory be asked anew, once a day, who can decide in
// each open stage: people leave without anybody telling.
func (w *worker) sweepDaily() func() {
	last := w.r.now().Format(time.DateOnly)
	return func() {
		today := w.r.now().Format(time.DateOnly)
		if today == last {
			return
		}
		for _, t := range w.r.Tenants {
			if err := w.r.refresh(w.ctx, t, engine.IndexOpen, engine.CommandID("sweep/"+today)); err != nil {
				w.r.Log.Warn().Err(err).Str("tenant", string(t)).Msg("sweep broke off")
				return
			}
		}
		last = today
	}
}

// Left makes the directory be asked anew about every request that waits for a
// person who left or changed.
func (r *Runtime) Left(ctx context.Context, t access.TenantID, p access.PersonID) error {
	return r.refresh(ctx, t, engine.IndexWaiting+string(p), engine.CommandID("left/"+r.NewID()))
}

// refresh goes through the ledgers of an index. The id makes it happen once
// for each of them, however many processes do it.
func (r *Runtime) refresh(ctx context.Context, t access.TenantID, index string, id engine.CommandID) error {
	for batch, err := range r.batches(ctx, t, index, "") {
		if err != nil {
			return err
		}
		for _, m := range batch {
			holder, _, _ := engine.ParseMember(m)
			name := id + engine.CommandID("/"+string(holder))
			err := r.system(ctx, LedgerKey(t, holder), name, func(m engine.Meta) engine.Command { return engine.Refresh{Meta: m} })
			if err != nil {
				return fmt.Errorf("refresh %s: %w", holder, err)
			}
		}
	}
	return nil
}
