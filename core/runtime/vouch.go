package runtime

import (
	"context"
	"errors"
	"slices"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// byAdmin begins a change of accounts by a tenant admin.
func (r *Runtime) byAdmin(ctx context.Context, t access.TenantID, by access.Account, id engine.CommandID) (Change, engine.Meta, error) {
	_, actor, err := r.Who(ctx, t, by)
	if err != nil {
		return Change{}, engine.Meta{}, err
	}
	recs, err := r.Store.Load(ctx, SettingsKey(t))
	if err != nil {
		return Change{}, engine.Meta{}, err
	}
	w, _, err := r.world(ctx, recs[0], engine.Needs{})
	if err != nil {
		return Change{}, engine.Meta{}, err
	}
	if !engine.TenantAdmin(w, actor) {
		return Change{}, engine.Meta{}, access.Refuse(access.Forbidden, "notAdmin")
	}
	meta := engine.Meta{ID: id, At: r.now(), Actor: actor}
	return Change{Tenant: t, Command: id, At: meta.At, Reads: []Read{{SettingsKey(t), recs[0].Revision}}}, meta, nil
}

func (r *Runtime) unlink(ctx context.Context, t access.TenantID, by, account access.Account, id engine.CommandID) error {
	change, meta, err := r.byAdmin(ctx, t, by, id)
	if err != nil {
		return err
	}
	return r.part(ctx, change, meta, account)
}

// part takes an account away from its person.
func (r *Runtime) part(ctx context.Context, change Change, meta engine.Meta, account access.Account) error {
	l := &linking{recs: map[Key]Record{}}
	known, err := r.account(ctx, change.Tenant, account)
	switch {
	case err != nil:
		return err
	case known.Unlinked || len(known.Accounts) < 2:
		return access.Refuse(access.Refused, "notLinked")
	case known.Accounts[0] == account:
		return access.Refuse(access.Refused, "unlinkFirst")
	}
	var keys []Key
	for _, a := range known.Accounts {
		keys = append(keys, AccountKey(change.Tenant, a))
	}
	if err := l.load(ctx, r, keys...); err != nil {
		return err
	}
	rest := known
	rest.Accounts = slices.DeleteFunc(slices.Clone(known.Accounts), func(a access.Account) bool { return a == account })
	rest.Parted = append(slices.Clone(known.Parted), account)
	for _, a := range known.Accounts {
		as := rest
		if a == account {
			as = accountRecord{Person: access.PersonID(account), Unlinked: true}
		}
		write, err := as.write(l.recs[AccountKey(change.Tenant, a)])
		if err != nil {
			return err
		}
		change.Writes = append(change.Writes, write)
	}
	return r.saveAccounts(ctx, change, meta, engine.EventUnlinked, known.Person, account)
}

func (r *Runtime) confirm(ctx context.Context, t access.TenantID, by, account access.Account, id engine.CommandID) error {
	change, meta, err := r.byAdmin(ctx, t, by, id)
	if err != nil {
		return err
	}
	if _, err := r.human(ctx, t, access.PersonID(account)); err != nil {
		return err
	}
	recs, err := r.Store.Load(ctx, AccountKey(t, account))
	if err != nil {
		return err
	}
	known, err := accountIn(recs[0], account)
	if err != nil {
		return err
	}
	if known.Sole || len(known.Accounts) > 1 {
		return access.Refuse(access.Refused, "confirmedAlready")
	}
	known.Sole, known.Unlinked = true, false
	write, err := known.write(recs[0])
	if err != nil {
		return err
	}
	change.Writes = append(change.Writes, write)
	return r.saveAccounts(ctx, change, meta, engine.EventConfirmed, known.Person, account)
}

// saveAccounts commits a change of accounts with its line in the audit.
func (r *Runtime) saveAccounts(ctx context.Context, c Change, m engine.Meta, what engine.EventType, p access.PersonID, account access.Account) error {
	ev := engine.Event{At: m.At, Type: what, By: m.Actor.Person, Command: m.ID, Person: p, People: []access.PersonID{access.PersonID(account)}}
	var err error
	if c.Audit, err = entries(LedgerKey(c.Tenant, p), m, []engine.Event{ev}); err != nil {
		return err
	}
	if err := r.save(ctx, c); err != nil && !errors.Is(err, ErrDuplicate) {
		return err
	}
	r.persons.Delete(AccountKey(c.Tenant, account))
	r.Log.Info().Str("tenant", string(c.Tenant)).Str("person", string(p)).Str("account", string(account)).
		Str("command", string(m.ID)).Str("by", string(m.Actor.Person)).Msg(string(what))
	return nil
}
