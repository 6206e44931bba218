package runtime

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Ledger reads a person's ledger. It checks no rights: callers ask
// engine.MayRead for each request before they show it.
func (r *Runtime) Ledger(ctx context.Context, t access.TenantID, who access.Actor, p access.PersonID) (View, error) {
	at, err := r.loadLedger(ctx, LedgerKey(t, p))
	if err == nil {
		err = r.need(ctx, &at, nil)
	}
	if err != nil {
		return View{}, r.forPeople(err)
	}
	return View{Ledger: at.ledger, World: at.world, Actor: who}, nil
}

// World reads packages with their catalogs and resources, and the settings.
// Packages that do not exist are missing in it.
func (r *Runtime) World(ctx context.Context, t access.TenantID, packages ...access.PackageID) (engine.World, error) {
	recs, err := r.Store.Load(ctx, SettingsKey(t))
	if err != nil {
		return engine.World{}, r.forPeople(fmt.Errorf("load settings: %w", err))
	}
	w, _, err := r.world(ctx, recs[0], engine.Needs{Packages: packages})
	return w, r.forPeople(err)
}

// Case reads an archived case by the number of any of its requests;
// access.NotFound (code "unknownRequest") when there is none. What was archived
// before the ledger was merged into p's is told as p's, with its number there.
func (r *Runtime) Case(ctx context.Context, t access.TenantID, p access.PersonID, id access.RequestID) (access.Case, error) {
	found, err := r.ownCase(ctx, t, p, id)
	if !isNotFound(err) {
		return found, err
	}
	former, lost := r.former(ctx, t, p)
	if lost != nil {
		return access.Case{}, r.forPeople(lost)
	}
	for _, f := range former {
		if id <= f.Shift || id > f.Shift+f.Last {
			continue
		}
		if past, lost := r.ownCase(ctx, t, f.Person, id-f.Shift); !isNotFound(lost) {
			return engine.TakenOver(past, p, f.Shift), lost
		}
	}
	return found, err
}

// former are the persons whose ledgers were merged into a person's: what was
// archived before stays under their names and numbers.
func (r *Runtime) former(ctx context.Context, t access.TenantID, p access.PersonID) ([]access.Former, error) {
	recs, err := r.Store.Load(ctx, LedgerKey(t, p))
	if err != nil || recs[0].Revision == 0 {
		return nil, err
	}
	l, err := r.decoded.decode(recs[0])
	return l.Former, err
}

func (r *Runtime) ownCase(ctx context.Context, t access.TenantID, p access.PersonID, id access.RequestID) (access.Case, error) {
	for hop := 0; hop < 2; hop++ {
		recs, err := r.Store.Load(ctx, CaseKey(t, p, id))
		if err != nil {
			return access.Case{}, r.forPeople(fmt.Errorf("load case: %w", err))
		}
		found, err := decoded[caseRecord](recs[0])
		switch {
		case err != nil:
			return access.Case{}, r.forPeople(err)
		case found.Case != nil:
			return *found.Case, nil
		case found.In == 0:
			return access.Case{}, access.Refuse(access.NotFound, "unknownRequest")
		}
		id = found.In
	}
	return access.Case{}, r.forPeople(fmt.Errorf("case %s points nowhere", engine.MemberOf(p, id)))
}

// History lists a person's archived cases, newest first.
func (r *Runtime) History(ctx context.Context, t access.TenantID, p access.PersonID, max int) ([]access.Case, error) {
	former, err := r.former(ctx, t, p)
	if err != nil {
		return nil, r.forPeople(err)
	}
	cases, err := r.ownHistory(ctx, t, p, max)
	if len(former) == 0 {
		return cases, err
	}
	for _, f := range former {
		if err != nil {
			return nil, err
		}
		var more []access.Case
		more, err = r.ownHistory(ctx, t, f.Person, max)
		for _, past := range more {
			cases = append(cases, engine.TakenOver(past, p, f.Shift))
		}
	}
	slices.SortStableFunc(cases, func(a, b access.Case) int { return b.Closed.Compare(a.Closed) })
	return cases[:min(len(cases), max)], err
}

func (r *Runtime) ownHistory(ctx context.Context, t access.TenantID, p access.PersonID, max int) ([]access.Case, error) {
	members, err := r.Store.List(ctx, Query{Tenant: t, Index: historyIndex(p), Max: page(max)})
	if err != nil {
		return nil, r.forPeople(fmt.Errorf("list history: %w", err))
	}
	keys := make([]Key, len(members))
	for i, m := range members {
		keys[i] = CaseKey(t, p, historyRequest(m))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	recs, err := r.Store.Load(ctx, keys...)
	if err != nil {
		return nil, r.forPeople(fmt.Errorf("load history: %w", err))
	}
	var cases []access.Case
	for _, rec := range recs {
		found, err := decoded[caseRecord](rec)
		if err != nil {
			return nil, r.forPeople(err)
		}
		if found.Case != nil {
			cases = append(cases, *found.Case)
		}
	}
	return cases, nil
}

// Audit reads events of the tenant, or of one person: of their ledger, and of
// those that were merged into it.
func (r *Runtime) Audit(ctx context.Context, t access.TenantID, p access.PersonID, after int64, newest bool, max int) ([]Line, error) {
	records := []*Key{nil}
	if p != "" {
		former, err := r.former(ctx, t, p)
		if err != nil {
			return nil, r.forPeople(fmt.Errorf("load ledger: %w", err))
		}
		key := LedgerKey(t, p)
		records[0] = &key
		for _, f := range former {
			key := LedgerKey(t, f.Person)
			records = append(records, &key)
		}
	}
	var lines []Line
	for _, record := range records {
		more, err := r.lines(ctx, AuditQuery{Tenant: t, Record: record, After: after, Newest: newest, Max: page(max)})
		if err != nil {
			return nil, r.forPeople(err)
		}
		lines = append(lines, more...)
	}
	slices.SortStableFunc(lines, func(a, b Line) int {
		if newest {
			a, b = b, a
		}
		return cmp.Compare(a.ID, b.ID)
	})
	lines = slices.CompactFunc(lines, func(a, b Line) bool { return a.ID == b.ID })
	return lines[:min(len(lines), page(max))], nil
}

// lines reads the audit of the tenant, or of one record.
func (r *Runtime) lines(ctx context.Context, q AuditQuery) ([]Line, error) {
	found, err := r.Store.Audit(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read audit: %w", err)
	}
	lines := make([]Line, len(found))
	for i, e := range found {
		lines[i].ID = e.ID
		if lines[i].Event, err = eventOf(e); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func eventOf(e Entry) (engine.Event, error) {
	var ev engine.Event
	if err := json.Unmarshal(e.Data, &ev); err != nil {
		return ev, fmt.Errorf("read audit %d: %w", e.ID, err)
	}
	return ev, nil
}

// CardOf finds whose request a posted message shows, by the adapter's name for
// it; false when it is none, or the request does not wait any more.
func (r *Runtime) CardOf(ctx context.Context, t access.TenantID, ref string) (access.PersonID, access.RequestID, bool, error) {
	found, err := r.Store.List(ctx, Query{Tenant: t, Index: engine.IndexCards, Prefix: engine.CardPrefix(ref), Max: batchSize})
	if err != nil {
		return "", 0, false, r.forPeople(fmt.Errorf("list cards: %w", err))
	}
	for _, m := range found {
		if p, id, ok := engine.ParseCardMember(m); ok && m == engine.CardMember(ref, p, id) {
			return p, id, true, nil
		}
	}
	return "", 0, false, nil
}

// page is a number of entries to ask a store for.
func page(n int) int { return min(max(n, 1), maxPage) }
