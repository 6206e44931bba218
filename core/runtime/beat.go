package runtime

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-co-op/gocron/v2"
	"github.com/google/uuid"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// beat starts the heartbeat: the safety net below the nudges. It holds no
// state: what is due, and when, is in the store. (That people leave without
// anybody telling needs no heartbeat of its own: open stages are due once a
// day to be asked about.)
func (w *worker) beat() (gocron.Scheduler, error) {
	beats, err := gocron.NewScheduler(gocron.WithStopTimeout(w.r.Drain))
	if err != nil {
		return nil, fmt.Errorf("heartbeat: %w", err)
	}
	_, err = beats.NewJob(gocron.DurationJob(w.r.Beat), gocron.NewTask(w.r.Wake), gocron.WithName("claim"),
		gocron.WithSingletonMode(gocron.LimitModeReschedule),
		gocron.WithEventListeners(gocron.AfterJobRunsWithPanic(w.panicked)))
	if err != nil {
		return nil, fmt.Errorf("heartbeat: %w", err)
	}
	beats.Start()
	return beats, nil
}

// panicked keeps a panic in a heartbeat from ending the process.
func (w *worker) panicked(_ uuid.UUID, name string, what any) {
	w.r.Log.Error().Str("heartbeat", name).Interface("panic", what).Msg("heartbeat broke off")
}

// Left is to be called as soon as a chat tells that a person left: they cannot
// act any more, their open requests are canceled, what they hold is taken
// away, and the directory is asked anew about every request that waits for
// them. It may be called again at any time, and should be after an error.
// Somebody who has another account, and is not named after this one, only
// loses this one.
func (r *Runtime) Left(ctx context.Context, t access.TenantID, p access.PersonID) error {
	r.profiles.forget(personKey{t, p})
	id := engine.CommandID("left/" + r.NewID())
	known, err := r.account(ctx, t, access.Account(p))
	if err != nil {
		return err
	}
	if known.Person != p {
		meta := engine.Meta{ID: id, At: r.now(), Actor: access.SystemActor()}
		return r.repeat(ctx, "part", func() error {
			return r.part(ctx, Change{Tenant: t, Command: id, At: meta.At}, meta, access.Account(p))
		})
	}
	return errors.Join(r.leave(ctx, LedgerKey(t, p), id), r.refresh(ctx, t, engine.IndexWaiting+string(p), id))
}

// leave ends everything on the person's own ledger, if they have one.
func (r *Runtime) leave(ctx context.Context, own Key, id engine.CommandID) error {
	at, err := r.loadLedger(ctx, own)
	if err == nil && at.revision > 0 {
		err = r.system(ctx, own, id, func(m engine.Meta) engine.Command { return engine.Left{Meta: m} })
	}
	if err != nil && !isMoved(err) { // moved: it is somebody else's now
		return fmt.Errorf("end what %s had: %w", own.ID, err)
	}
	return nil
}

// refresh goes through the ledgers of an index. The id makes it happen once
// for each of them, however many processes do it.
func (r *Runtime) refresh(ctx context.Context, t access.TenantID, index string, id engine.CommandID) error {
	for batch, err := range r.batches(ctx, t, index, "", batchSize) {
		if err != nil {
			return err
		}
		if err := r.refreshBatch(ctx, t, batch, id); err != nil {
			return err
		}
	}
	return nil
}

// refreshBatch makes the directory be asked again for the ledgers of members.
func (r *Runtime) refreshBatch(ctx context.Context, t access.TenantID, members []string, id engine.CommandID) error {
	for _, m := range members {
		holder, _, _ := engine.ParseMember(m)
		name := id + engine.CommandID("/"+string(holder))
		err := r.system(ctx, LedgerKey(t, holder), name, func(m engine.Meta) engine.Command { return engine.Refresh{Meta: m} })
		if err != nil && !isMoved(err) {
			return fmt.Errorf("refresh %s: %w", holder, err)
		}
	}
	return nil
}
