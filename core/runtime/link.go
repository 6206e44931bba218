package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Link makes the human behind second the same person as the one behind first,
// which they have proven on both sides. Both ledgers become one in one Change,
// with first's person (second's, where first was unlinked before); the other is
// a forward from then on. Refusals are those
// of engine.Merge (linkBusy is worth another try in half a minute; for what is
// under way it waits a second), and accountGone, accountBot of either account.
func (r *Runtime) Link(ctx context.Context, t access.TenantID, first, second access.Account, id engine.CommandID) error {
	link := func() error { return r.link(ctx, t, first, second, id) }
	for n := 0; ; n++ {
		err := r.repeat(ctx, "link", link)
		if n == busyLooks || !access.IsCode(err, "linkBusy") {
			return r.forPeople(err)
		}
		if err := r.pause(ctx, n); err != nil {
			return r.forPeople(err)
		}
	}
}

// busyLooks is how often a link looks again whether the effects that are under
// way have ended: a card is redrawn in less than that.
const busyLooks = 8

// Unlink takes an account away from its person, who keeps the ledger: it
// stands for nobody until it is linked again. by must be a tenant admin. The
// account that a person is named after cannot be taken away (unlinkFirst).
func (r *Runtime) Unlink(ctx context.Context, t access.TenantID, by, account access.Account, id engine.CommandID) error {
	return r.forPeople(r.repeat(ctx, "unlink", func() error { return r.unlink(ctx, t, by, account, id) }))
}

// Confirm writes that an account is its human's only one, so that it may
// decide in a tenant with several chats. by must be a tenant admin.
func (r *Runtime) Confirm(ctx context.Context, t access.TenantID, by, account access.Account, id engine.CommandID) error {
	return r.forPeople(r.repeat(ctx, "confirm", func() error { return r.confirm(ctx, t, by, account, id) }))
}

// repeat repeats what met a conflict.
func (r *Runtime) repeat(ctx context.Context, what string, do func() error) error {
	for n := 0; n < attempts; n++ {
		if err := do(); !errors.Is(err, ErrConflict) {
			return err
		}
		if err := r.pause(ctx, n); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: %w", what, ErrConflict)
}

// linking is two persons on their way to become one.
type linking struct {
	first, second access.Account
	keep, gone    accountRecord
	recs          map[Key]Record // everything that was read
}

func (r *Runtime) link(ctx context.Context, t access.TenantID, first, second access.Account, id engine.CommandID) error {
	l, err := r.readLinking(ctx, t, first, second)
	if err != nil {
		return err
	}
	meta := engine.Meta{ID: id, At: r.now(), Actor: access.Actor{Person: l.keep.Person, Account: l.first}}
	change := Change{Tenant: t, Command: id, At: meta.At}
	if err := l.accounts(&change); err != nil {
		return err
	}
	events, err := r.mergeLedgers(ctx, t, l, meta, &change)
	if err != nil {
		return err
	}
	if err := l.tellOthers(&change, t, id); err != nil {
		return err
	}
	switch err := r.save(ctx, change); {
	case errors.Is(err, ErrDuplicate):
		return nil
	case err != nil:
		return err
	}
	for _, a := range l.all() {
		r.persons.Delete(AccountKey(t, a))
	}
	key := LedgerKey(t, l.keep.Person)
	r.nudges.add(key)
	r.nudges.add(linkedKey(t, id))
	r.Log.Info().Str("tenant", string(t)).Str("person", key.ID).Str("command", string(id)).Int("events", len(events)).
		Str("account", string(l.second)).Msg("accounts linked")
	return nil
}

// all are the accounts of both.
func (l *linking) all() []access.Account { return slices.Concat(l.keep.Accounts, l.gone.Accounts) }

// readLinking reads both sides, and refuses accounts that may not act.
func (r *Runtime) readLinking(ctx context.Context, t access.TenantID, first, second access.Account) (*linking, error) {
	for _, a := range []access.Account{first, second} {
		if _, err := r.human(ctx, t, access.PersonID(a)); err != nil {
			return nil, err
		}
	}
	l := &linking{first: first, second: second, recs: map[Key]Record{}}
	if err := l.load(ctx, r, AccountKey(t, first), AccountKey(t, second)); err != nil {
		return nil, err
	}
	var err error
	if l.keep, err = accountIn(l.recs[AccountKey(t, first)], first); err != nil {
		return nil, err
	}
	if l.gone, err = accountIn(l.recs[AccountKey(t, second)], second); err != nil {
		return nil, err
	}
	if l.keep.Unlinked && !l.gone.Unlinked { // what it left stays where it is
		l.first, l.second, l.keep, l.gone = l.second, l.first, l.gone, l.keep
	}
	if l.keep.Unlinked {
		return nil, access.Refuse(access.Forbidden, "accountUnlinked")
	}
	if l.gone.Unlinked { // it comes alone
		l.gone = accountRecord{Person: access.PersonID(l.second), Accounts: []access.Account{l.second}, Parted: l.gone.Parted}
	}
	if l.keep.Person == l.gone.Person {
		return nil, access.Refuse(access.Refused, "linkedAlready")
	}
	keys := []Key{SettingsKey(t), LedgerKey(t, l.keep.Person), LedgerKey(t, l.gone.Person)}
	for _, a := range l.all() {
		keys = append(keys, AccountKey(t, a))
	}
	return l, l.load(ctx, r, keys...)
}

func (l *linking) load(ctx context.Context, r *Runtime, keys ...Key) error {
	recs, err := r.Store.Load(ctx, keys...)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	for _, rec := range recs {
		l.recs[rec.Key] = rec
	}
	return nil
}

// accounts writes whose they all are now.
func (l *linking) accounts(c *Change) error {
	one := accountRecord{Person: l.keep.Person, Accounts: l.all(), Parted: slices.Concat(l.keep.Parted, l.gone.Parted)}
	one.Parted = slices.DeleteFunc(one.Parted, func(a access.Account) bool { return slices.Contains(one.Accounts, a) })
	for _, a := range one.Accounts {
		write, err := one.write(l.recs[AccountKey(c.Tenant, a)])
		if err != nil {
			return err
		}
		c.Writes = append(c.Writes, write)
	}
	return nil
}

// mergeLedgers puts the merger of both ledgers into the change.
func (r *Runtime) mergeLedgers(ctx context.Context, t access.TenantID, l *linking, meta engine.Meta, c *Change) ([]engine.Event, error) {
	settings := l.recs[SettingsKey(t)]
	keep, err := r.openLedger(l.recs[LedgerKey(t, l.keep.Person)], settings)
	if err != nil {
		return nil, err
	}
	gone, err := r.openLedger(l.recs[LedgerKey(t, l.gone.Person)], settings)
	if err != nil && !isMoved(err) { // moved: it was linked before, and left its ledger where that went
		return nil, err
	}
	if err := l.load(ctx, r, formerKeys(t, gone.ledger)...); err != nil {
		return nil, err
	}
	both := engine.NeedsOf(keep.ledger, nil).With(engine.NeedsOf(gone.ledger, nil))
	world, reads, err := r.world(ctx, settings, both)
	if err != nil {
		return nil, err
	}
	keep.world, keep.reads = world, reads
	merged, err := engine.Merge(keep.ledger, gone.ledger, meta, world)
	if err != nil {
		return nil, err
	}
	change, _, err := changeOf(keep, meta, merged.Kept)
	if err != nil {
		return nil, err
	}
	c.join(change)
	return merged.Kept.Events, l.forward(c, gone.ledger, merged.Gone)
}

func formerKeys(t access.TenantID, l access.Ledger) []Key {
	var keys []Key
	for _, f := range l.Former {
		keys = append(keys, LedgerKey(t, f.Person))
	}
	return keys
}

// join adds what another change of the same command writes.
func (c *Change) join(o Change) {
	c.Writes, c.Reads, c.Wakes = append(c.Writes, o.Writes...), append(c.Reads, o.Reads...), append(c.Wakes, o.Wakes...)
	c.Index, c.Audit = append(c.Index, o.Index...), append(c.Audit, o.Audit...)
}

// forward writes the ledgers that are only forwards now, and takes the one that
// was merged out of its indexes.
func (l *linking) forward(c *Change, before access.Ledger, gone []access.Ledger) error {
	for _, to := range gone {
		own, err := l.ownNow(c.Tenant, to.Person, before.Person)
		if err != nil {
			return err
		}
		if own {
			continue
		}
		data, err := engine.Encode(to)
		if err != nil {
			return fmt.Errorf("encode the ledger of %s: %w", to.Person, err)
		}
		key := LedgerKey(c.Tenant, to.Person)
		c.Writes = append(c.Writes, Write{Key: key, Revision: l.recs[key].Revision, Data: data})
		c.Wakes = append(c.Wakes, Wake{Key: key})
	}
	for _, k := range engine.Indexes(before) {
		entry := IndexEntry{Index: k.Index, Member: k.Member}
		if !slices.Contains(c.Index, entry) { // the merged ledger is in it under the same name
			entry.Remove = true
			c.Index = append(c.Index, entry)
		}
	}
	return nil
}

// ownNow reports whether somebody whose ledger was merged into gone's once has
// one of their own again: it is not part of gone's.
func (l *linking) ownNow(t access.TenantID, p, gone access.PersonID) (bool, error) {
	rec := l.recs[LedgerKey(t, p)]
	if p == gone || rec.Revision == 0 {
		return false, nil
	}
	old, err := engine.Decode(rec.Data)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", rec.Key, err)
	}
	return old.Forward == nil || old.Forward.To != gone, nil
}

// linkedRecord are persons that turned out to be one human; the ledgers of
// others that they have to do with have yet to be told.
type linkedRecord struct {
	Persons []access.PersonID `json:"persons"`
}

func linkedKey(t access.TenantID, id engine.CommandID) Key { return Key{t, KindLinked, string(id)} }

func (l *linking) tellOthers(c *Change, t access.TenantID, id engine.CommandID) error {
	data, err := json.Marshal(linkedRecord{Persons: persons(l.all())})
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	key := linkedKey(t, id)
	c.Writes = append(c.Writes, Write{Key: key, Data: data})
	c.Wakes = append(c.Wakes, Wake{Key: key, At: c.At})
	return nil
}

// followLinked tells the ledgers of others that some persons are one human.
// What is done twice changes nothing the second time.
func (r *Runtime) followLinked(ctx context.Context, key Key) error {
	recs, err := r.Store.Load(ctx, key)
	if err != nil || recs[0].Revision == 0 {
		return err
	}
	linked, err := decoded[linkedRecord](recs[0])
	if err != nil {
		return err
	}
	for _, p := range linked.Persons {
		for _, index := range []string{engine.IndexDecided, engine.IndexAsked, engine.IndexWaiting} {
			if err := r.tellLinked(ctx, key, index+string(p), linked.Persons); err != nil {
				return err
			}
		}
	}
	return r.saveOwn(ctx, Change{
		Tenant: key.Tenant, Command: engine.CommandID("linked/" + r.NewID()), At: r.now(),
		Writes: []Write{{Key: key, Revision: recs[0].Revision}}, Wakes: []Wake{{Key: key}},
	})
}

func (r *Runtime) tellLinked(ctx context.Context, key Key, index string, persons []access.PersonID) error {
	for batch, err := range r.batches(ctx, key.Tenant, index, "", batchSize) {
		if err != nil {
			return err
		}
		for _, m := range batch {
			holder, _, _ := engine.ParseMember(m)
			id := engine.CommandID("linked/" + key.ID + "/" + string(holder))
			err := r.system(ctx, LedgerKey(key.Tenant, holder), id, func(m engine.Meta) engine.Command {
				return engine.Linked{Meta: m, Persons: persons}
			})
			if err != nil && !isMoved(err) {
				return fmt.Errorf("tell the ledger of %s: %w", holder, err)
			}
		}
	}
	return nil
}
