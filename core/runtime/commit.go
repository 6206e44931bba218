package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// loaded is a ledger as it was read, with what it was read together with.
type loaded struct {
	key      Key
	revision int64
	ledger   access.Ledger
	settings Record
	world    engine.World
	reads    []Read
}

// openLedger reads the ledger and settings records of one Load; *Moved
// when it was merged into another.
func (r *Runtime) openLedger(rec, settings Record) (loaded, error) {
	at := loaded{key: rec.Key, revision: rec.Revision, settings: settings}
	if rec.Revision == 0 {
		at.ledger = engine.New(rec.Key.Tenant, access.PersonID(rec.Key.ID))
		return at, nil
	}
	var err error
	if at.ledger, err = r.decoded.decode(rec); err != nil {
		return at, fmt.Errorf("read %s: %w", rec.Key, err)
	}
	if to := at.ledger.Forward; to != nil {
		return at, &Moved{From: at.ledger.Person, To: to.To, Shift: to.Shift}
	}
	return at, nil
}

// need fills in the world that the ledger and the command need.
func (r *Runtime) need(ctx context.Context, at *loaded, c engine.Command) error {
	var err error
	at.world, at.reads, err = r.world(ctx, at.settings, engine.NeedsOf(at.ledger, c))
	return err
}

// dueAt is when a ledger wants to be looked at: now when something is owed
// already, else the engine's moment (zero: never by itself).
func dueAt(l access.Ledger, w engine.World, now time.Time) time.Time {
	owed, next := engine.Due(l, w, now)
	if len(owed) > 0 {
		return now
	}
	return next
}

// changeOf makes the Change that stores a decision: the ledger, its wake-up,
// what moved in the indexes, the audit and the archived cases.
func changeOf(at loaded, m engine.Meta, dec engine.Decision) (Change, time.Time, error) {
	data, err := engine.Encode(dec.Next)
	if err != nil {
		return Change{}, time.Time{}, fmt.Errorf("encode %s: %w", at.key, err)
	}
	wake := dueAt(dec.Next, at.world, m.At)
	c := Change{
		Tenant:  at.key.Tenant,
		Command: m.ID,
		At:      m.At,
		Writes:  []Write{{at.key, at.revision, data}},
		Reads:   at.reads,
		Wakes:   []Wake{{at.key, wake}},
		Index:   indexDiff(engine.Indexes(at.ledger), engine.Indexes(dec.Next)),
	}
	c.Wakes = append(c.Wakes, freed(c.Index, at, m.At)...)
	if c.Audit, err = entries(at.key, m, dec.Events); err != nil {
		return Change{}, time.Time{}, err
	}
	for _, done := range dec.Archived {
		if err := archive(&c, done); err != nil {
			return Change{}, time.Time{}, err
		}
	}
	return c, wake, nil
}

// indexDiff lists what has to be put into indexes and taken out of them.
func indexDiff(before, after []engine.IndexKey) []IndexEntry {
	var diff []IndexEntry
	for _, k := range before {
		if !slices.Contains(after, k) {
			diff = append(diff, IndexEntry{Index: k.Index, Member: k.Member, Remove: true})
		}
	}
	for _, k := range after {
		if !slices.Contains(before, k) {
			diff = append(diff, IndexEntry{Index: k.Index, Member: k.Member})
		}
	}
	return diff
}

// entries makes audit entries of events.
func entries(key Key, m engine.Meta, events []engine.Event) ([]Entry, error) {
	list := make([]Entry, 0, len(events))
	for _, ev := range events {
		if ev.Command == "" {
			ev.Command = m.ID
		}
		data, err := json.Marshal(ev)
		if err != nil {
			return nil, fmt.Errorf("encode an event of %s: %w", key, err)
		}
		list = append(list, Entry{Key: key, At: ev.At, Data: data})
	}
	return list, nil
}

// caseRecord is stored under KindCase: the case itself under its own number,
// a pointer under the numbers of its other requests.
type caseRecord struct {
	Case *access.Case     `json:"case,omitempty"`
	In   access.RequestID `json:"in,omitempty"`
}

// CaseKey names the archived case, or the pointer to it, of a request.
func CaseKey(t access.TenantID, p access.PersonID, id access.RequestID) Key {
	return Key{t, KindCase, engine.MemberOf(p, id)}
}

// archive adds a case to a change, once and for all.
func archive(c *Change, done access.Case) error {
	if err := writeOnce(c, CaseKey(done.Tenant, done.Person, done.ID), caseRecord{Case: &done}); err != nil {
		return err
	}
	for _, req := range done.Requests {
		if req.ID == done.ID {
			continue
		}
		if err := writeOnce(c, CaseKey(done.Tenant, done.Person, req.ID), caseRecord{In: done.ID}); err != nil {
			return err
		}
	}
	c.Index = append(c.Index, IndexEntry{Index: historyIndex(done.Person), Member: historyMember(done.ID)})
	return nil
}

func writeOnce(c *Change, key Key, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", key, err)
	}
	c.Writes = append(c.Writes, Write{Key: key, Data: data})
	return nil
}

// save commits a change. When the store could not be asked the result is
// unknown, so the very same change is tried again: its command id tells
// whether the first try got in, and ours then means success. ErrConflict,
// ErrDuplicate of somebody else's and ErrTooBig come back as they are.
func (r *Runtime) save(ctx context.Context, c Change) error {
	unknown := false
	for n := 0; ; n++ {
		err := r.Store.Commit(ctx, c)
		switch {
		case err == nil, unknown && errors.Is(err, ErrDuplicate):
			return nil
		case errors.Is(err, ErrConflict), errors.Is(err, ErrDuplicate), errors.Is(err, ErrTooBig):
			return err
		case n+1 == saves || c.Command == "":
			return fmt.Errorf("commit: %w", err)
		}
		unknown = true
		r.Log.Warn().Err(err).Str("command", string(c.Command)).Int("try", n+1).Msg("result of a commit is unknown")
		if err := r.pause(ctx, n); err != nil {
			return err
		}
	}
}

// saveOwn commits a change whose command id nobody else ever has: that it is
// in already means that this very commit was sent twice on its way.
func (r *Runtime) saveOwn(ctx context.Context, c Change) error {
	if err := r.save(ctx, c); !errors.Is(err, ErrDuplicate) {
		return err
	}
	return nil
}
