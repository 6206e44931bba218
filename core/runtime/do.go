package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// maker makes a command of its Meta.
type maker func(engine.Meta) engine.Command

// Do carries out a command on the ledger of holder ("" for the actor's own):
// it finds out who the account is at this moment, loads, steps, commits, and
// starts over on a conflict. *Moved means that holder's ledger was merged into
// another: whoever named a request of it names that one then. make gets the Meta to put into the command; it
// may be called several times. A refusal is an *access.Error; a refused
// attempt to decide is in the audit by then. A command id that was seen before
// changes nothing and is no error.
func (r *Runtime) Do(ctx context.Context, t access.TenantID, who access.Account, holder access.PersonID, id engine.CommandID, make func(engine.Meta) engine.Command) (View, error) {
	p := press{tenant: t, who: who, holder: holder, id: id, make: make}
	for n := 0; n < attempts; n++ {
		v, err := r.try(ctx, p)
		if !errors.Is(err, ErrConflict) {
			return v, r.forPeople(err)
		}
		r.Log.Debug().Str("command", string(id)).Int("try", n+1).Msg("conflict")
		if err := r.pause(ctx, n); err != nil {
			return View{}, r.forPeople(err)
		}
	}
	return View{}, r.forPeople(fmt.Errorf("command %s: %w", id, ErrConflict))
}

// press is one command of a person on its way.
type press struct {
	tenant access.TenantID
	who    access.Account
	holder access.PersonID
	id     engine.CommandID
	make   maker
}

// try carries a command out once: one Load, one Commit.
func (r *Runtime) try(ctx context.Context, p press) (View, error) {
	at, known, err := r.loadFor(ctx, p)
	if err != nil {
		return View{}, err
	}
	_, actor, err := r.actor(ctx, p.tenant, p.who, known)
	if err != nil {
		return View{}, err
	}
	meta := engine.Meta{ID: p.id, At: r.now(), Actor: actor}
	cmd, err := r.withTarget(ctx, p.tenant, at.ledger.Person, p.make(meta))
	if err != nil {
		return View{}, err
	}
	return r.apply(ctx, at, meta, cmd)
}

// apply steps and commits.
func (r *Runtime) apply(ctx context.Context, at loaded, meta engine.Meta, cmd engine.Command) (View, error) {
	if err := r.need(ctx, &at, cmd); err != nil {
		return View{}, err
	}
	dec, err := engine.Step(at.ledger, cmd, at.world)
	if err != nil {
		return r.refused(ctx, at, meta, cmd, err)
	}
	change, _, err := changeOf(at, meta, dec)
	if err != nil {
		return View{}, err
	}
	switch err := r.save(ctx, change); {
	case errors.Is(err, ErrDuplicate):
		r.nudges.add(at.key)
		v, err := r.again(ctx, at.key, meta)
		if errors.Is(err, errUnseen) {
			return r.Ledger(ctx, at.key.Tenant, meta.Actor, at.ledger.Person)
		}
		return v, err
	case err != nil:
		return View{}, err
	}
	r.decoded.keep(at.key, change.Writes[0].Data, dec.Next)
	r.tell(at.key, meta, cmd, dec.Events)
	r.nudges.due(change)
	return View{Ledger: dec.Next, World: at.world, Actor: meta.Actor, Request: dec.Request}, nil
}

// loadFor reads account, ledger and settings in one round trip. Whose own
// ledger it is hangs on the account record, so it is guessed from the last
// time; a wrong guess costs one more round trip.
func (r *Runtime) loadFor(ctx context.Context, p press) (loaded, accountRecord, error) {
	holder := p.holder
	if holder == "" {
		holder = r.guess(p.tenant, p.who)
	}
	for {
		recs, err := r.Store.Load(ctx, AccountKey(p.tenant, p.who), LedgerKey(p.tenant, holder), SettingsKey(p.tenant))
		if err != nil {
			return loaded{}, accountRecord{}, fmt.Errorf("load: %w", err)
		}
		known, err := accountIn(recs[0], p.who)
		if err != nil {
			return loaded{}, accountRecord{}, err
		}
		if p.holder == "" && known.Person != holder {
			r.persons.Store(AccountKey(p.tenant, p.who), known.Person)
			holder = known.Person
			continue
		}
		at, err := r.openLedger(recs[1], recs[2])
		return at, known, err
	}
}

func (r *Runtime) guess(t access.TenantID, who access.Account) access.PersonID {
	if p, ok := r.persons.Load(AccountKey(t, who)); ok {
		return p.(access.PersonID)
	}
	return access.PersonID(who)
}

// withTarget completes a Submit on behalf of another: how the other stands,
// and whether the actor is their manager.
func (r *Runtime) withTarget(ctx context.Context, t access.TenantID, holder access.PersonID, cmd engine.Command) (engine.Command, error) {
	submit, ok := cmd.(engine.Submit)
	if !ok || submit.Actor.Owns(holder) {
		return cmd, nil
	}
	profile, err := r.Profile(ctx, t, holder)
	if err != nil {
		return nil, err
	}
	submit.Target = actorOf(profile)
	submit.Actor.ManagerOf = profile.Manager != "" && submit.Actor.Owns(profile.Manager)
	return submit, nil
}

// actorOf is a person as the directory sees them.
func actorOf(p access.Profile) access.Actor {
	return access.Actor{Person: p.Person, Account: p.Account, Standing: p.Standing, Groups: p.Groups}
}

// refused answers a refusal. It may be that the command is in already and this
// is a repeat: the audit knows. An attempt to decide is put into the audit.
func (r *Runtime) refused(ctx context.Context, at loaded, meta engine.Meta, cmd engine.Command, refusal error) (View, error) {
	ev, kept := engine.RefusedEvent(at.ledger, cmd, refusal)
	if kept {
		if err := r.recall(ctx, at.key, &ev); err != nil {
			return View{}, err
		}
		audit, err := entries(at.key, meta, []engine.Event{ev})
		if err != nil {
			return View{}, err
		}
		err = r.save(ctx, Change{Tenant: at.key.Tenant, Command: meta.ID, At: meta.At, Audit: audit})
		if err != nil && !errors.Is(err, ErrDuplicate) {
			return View{}, err
		}
		kept = err == nil
	}
	if !kept && meta.ID != "" && !isInvalid(refusal) {
		if v, err := r.again(ctx, at.key, meta); err == nil {
			return v, nil
		} else if !errors.Is(err, errUnseen) {
			return View{}, err
		}
	}
	r.Log.Info().Str("tenant", string(at.key.Tenant)).Str("person", at.key.ID).Str("command", string(meta.ID)).
		Str("what", nameOf(cmd)).Str("by", string(meta.Actor.Person)).AnErr("refusal", refusal).Msg("refused")
	return View{}, refusal
}

// recall completes an event about a request that the ledger does not know:
// it may be in the archive.
func (r *Runtime) recall(ctx context.Context, key Key, ev *engine.Event) error {
	if ev.Kind != "" {
		return nil
	}
	past, err := r.Case(ctx, key.Tenant, access.PersonID(key.ID), ev.Request)
	if isNotFound(err) {
		return nil
	}
	if req := past.Request(ev.Request); req != nil {
		ev.Package, ev.Kind, ev.State = req.Package, req.Kind, req.State
	}
	return err
}

// isInvalid: a form was rejected for its content, which no repeat of a command
// that got in ever is.
func isInvalid(err error) bool {
	e, ok := access.AsError(err)
	return ok && e.Kind == access.Invalid
}

// errUnseen: the audit knows nothing of a command.
var errUnseen = errors.New("command is not in the audit")

// again answers a command that is in already, from the state as it is now and
// to the same person only. errUnseen when the audit does not know it.
func (r *Runtime) again(ctx context.Context, key Key, meta engine.Meta) (View, error) {
	seen, err := r.Store.Audit(ctx, AuditQuery{Tenant: key.Tenant, Record: &key, Newest: true, Max: 200})
	if err != nil {
		return View{}, fmt.Errorf("read audit: %w", err)
	}
	request, found := access.RequestID(0), false
	for _, entry := range seen {
		var ev engine.Event
		if err := json.Unmarshal(entry.Data, &ev); err != nil {
			return View{}, fmt.Errorf("read audit %d: %w", entry.ID, err)
		}
		if ev.Command != meta.ID || !meta.Actor.Owns(ev.By) || ev.Type == engine.EventRefused {
			continue
		}
		found = true
		if ev.Type == engine.EventSubmitted {
			request = ev.Request
		}
	}
	if !found {
		return View{}, errUnseen
	}
	v, err := r.Ledger(ctx, key.Tenant, meta.Actor, access.PersonID(key.ID))
	v.Request = request
	return v, err
}

// loadLedger reads a ledger and the settings in one round trip.
func (r *Runtime) loadLedger(ctx context.Context, key Key) (loaded, error) {
	recs, err := r.Store.Load(ctx, key, SettingsKey(key.Tenant))
	if err != nil {
		return loaded{}, fmt.Errorf("load: %w", err)
	}
	return r.openLedger(recs[0], recs[1])
}

// system carries out a command of Usher itself on a ledger.
func (r *Runtime) system(ctx context.Context, key Key, id engine.CommandID, make maker) error {
	for n := 0; n < attempts; n++ {
		at, err := r.loadLedger(ctx, key)
		if err != nil {
			return err
		}
		meta := engine.Meta{ID: id, At: r.now(), Actor: access.SystemActor()}
		if _, err = r.apply(ctx, at, meta, make(meta)); !errors.Is(err, ErrConflict) {
			return err
		}
		if err := r.pause(ctx, n); err != nil {
			return err
		}
	}
	return fmt.Errorf("command %s: %w", id, ErrConflict)
}

// tell writes one line for each thing that happened.
func (r *Runtime) tell(key Key, m engine.Meta, cmd engine.Command, events []engine.Event) {
	for _, ev := range events {
		line := r.Log.Info().Str("tenant", string(key.Tenant)).Str("person", key.ID).
			Str("command", string(m.ID)).Str("by", string(m.Actor.Person)).Int("request", int(ev.Request))
		if ev.State != "" {
			line.Str("state", string(ev.State))
		}
		if ev.Standing != "" {
			line.Str("assignment", string(ev.Standing))
		}
		if ev.Role != nil {
			line.Str("role", ev.Role.String())
		}
		if ev.Code != "" {
			line.Str("code", ev.Code)
		}
		line.Str("what", nameOf(cmd)).Msg(string(ev.Type))
	}
}

// nameOf is the name of a command's type.
func nameOf(c engine.Command) string { return reflect.TypeOf(c).Name() }
