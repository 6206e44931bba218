package runtime

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// byAdmin begins a change of accounts by a tenant admin, who vouches for an
// account ("" for none): for another's, as long as there is another admin to
// ask (vouchSelf).
func (r *Runtime) byAdmin(ctx context.Context, t access.TenantID, by, vouched access.Account, id engine.CommandID) (Change, engine.Meta, error) {
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
	switch {
	case !engine.TenantAdmin(w, actor):
		return Change{}, engine.Meta{}, access.Refuse(access.Forbidden, "notAdmin")
	case actor.Owns(access.PersonID(vouched)) && len(w.Settings.Admins) > 1:
		return Change{}, engine.Meta{}, access.Refuse(access.Forbidden, "vouchSelf")
	}
	meta := engine.Meta{ID: id, At: r.now(), Actor: actor}
	return Change{Tenant: t, Command: id, At: meta.At, Reads: []Read{{SettingsKey(t), recs[0].Revision}}}, meta, nil
}

func (r *Runtime) unlink(ctx context.Context, t access.TenantID, by, account access.Account, id engine.CommandID) error {
	change, meta, err := r.byAdmin(ctx, t, by, "", id)
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
			as = accountRecord{
				Person: access.PersonID(account), Accounts: []access.Account{account}, Unlinked: true,
				Parted: slices.Concat(rest.Accounts, known.Parted),
			}
		}
		write, err := as.write(l.recs[AccountKey(change.Tenant, a)])
		if err != nil {
			return err
		}
		change.Writes = append(change.Writes, write)
	}
	if err := r.tellParted(ctx, &change, meta, known.Person, account); err != nil {
		return err
	}
	return r.saveAccounts(ctx, change, meta, engine.EventUnlinked, known.Person, account)
}

// tellParted puts into the change what it means for the person's ledger that an
// account is not theirs any more.
func (r *Runtime) tellParted(ctx context.Context, c *Change, meta engine.Meta, p access.PersonID, account access.Account) error {
	at, err := r.loadLedger(ctx, LedgerKey(c.Tenant, p))
	if err != nil || at.revision == 0 {
		return err
	}
	if err := r.need(ctx, &at, nil); err != nil {
		return err
	}
	dec, err := engine.Step(at.ledger, engine.Parted{Meta: meta, Account: account}, at.world)
	if err != nil {
		return err
	}
	change, _, err := changeOf(at, meta, dec)
	if err != nil {
		return err
	}
	c.join(change)
	return nil
}

func (r *Runtime) confirm(ctx context.Context, t access.TenantID, by, account access.Account, id engine.CommandID) error {
	change, meta, err := r.byAdmin(ctx, t, by, account, id)
	if err != nil {
		return err
	}
	if _, err := r.human(ctx, t, access.PersonID(account)); err != nil {
		return err
	}
	recs, err := r.Store.Load(ctx, AccountKey(t, account), LedgerKey(t, access.PersonID(account)))
	if err != nil {
		return err
	}
	known, err := accountIn(recs[0], account)
	if err != nil {
		return err
	}
	if known.proven() {
		return access.Refuse(access.Refused, "confirmedAlready")
	}
	if known.Unlinked {
		if err := anew(&change, recs[1]); err != nil {
			return err
		}
	}
	known.Sole, known.Unlinked = true, false
	write, err := known.write(recs[0])
	if err != nil {
		return err
	}
	change.Writes = append(change.Writes, write)
	return r.saveAccounts(ctx, change, meta, engine.EventConfirmed, known.Person, account)
}

// anew gives an account that was unlinked a ledger of its own again: what it
// had before stays with the person whom it was linked with.
func anew(c *Change, rec Record) error {
	if rec.Revision == 0 {
		return nil
	}
	old, err := engine.Decode(rec.Data)
	if err != nil || old.Forward == nil {
		return err
	}
	data, err := engine.Encode(engine.Anew(old))
	if err != nil {
		return fmt.Errorf("encode %s: %w", rec.Key, err)
	}
	c.Writes = append(c.Writes, Write{Key: rec.Key, Revision: rec.Revision, Data: data})
	return nil
}

// Unproven lists those of the people who may decide nothing before they link
// their accounts or an admin confirms that they have only one; nobody in a
// tenant with one chat.
func (r *Runtime) Unproven(ctx context.Context, t access.TenantID, people []access.PersonID) ([]access.PersonID, error) {
	if !r.several(t) || len(people) == 0 {
		return nil, nil
	}
	keys := make([]Key, len(people))
	for i, p := range people {
		keys[i] = AccountKey(t, access.Account(p))
	}
	recs, err := r.Store.Load(ctx, keys...)
	if err != nil {
		return nil, r.forPeople(fmt.Errorf("load accounts: %w", err))
	}
	var unproven []access.PersonID
	for i, rec := range recs {
		known, err := accountIn(rec, access.Account(people[i]))
		if err != nil {
			return nil, r.forPeople(err)
		}
		if !known.proven() {
			unproven = append(unproven, people[i])
		}
	}
	return unproven, nil
}

// saveAccounts commits a change of accounts with its line in the audit.
func (r *Runtime) saveAccounts(ctx context.Context, c Change, m engine.Meta, what engine.EventType, p access.PersonID, account access.Account) error {
	ev := engine.Event{At: m.At, Type: what, By: m.Actor.Person, Command: m.ID, Person: p, People: []access.PersonID{access.PersonID(account)}}
	audit, err := entries(LedgerKey(c.Tenant, p), m, []engine.Event{ev})
	if err != nil {
		return err
	}
	c.Audit = append(c.Audit, audit...)
	if err := r.save(ctx, c); err != nil && !errors.Is(err, ErrDuplicate) {
		return err
	}
	r.persons.Delete(AccountKey(c.Tenant, account))
	r.nudges.add(LedgerKey(c.Tenant, p))
	r.Log.Info().Str("tenant", string(c.Tenant)).Str("person", string(p)).Str("account", string(account)).
		Str("command", string(m.ID)).Str("by", string(m.Actor.Person)).Msg(string(what))
	return nil
}
