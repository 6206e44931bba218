package runtime

import (
	"context"
	"fmt"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// LedgersOf reads the ledgers that refer to a package, because its person has
// it, asked for it, or did until lately: of at most max people (1 to 1000), in
// the order of their ids. It checks no rights: callers ask engine.MayRead
// before they show a request.
func (r *Runtime) LedgersOf(ctx context.Context, t access.TenantID, id access.PackageID, max int) ([]View, error) {
	people, err := r.Store.List(ctx, Query{Tenant: t, Index: engine.IndexHeld + string(id), Max: page(max)})
	if err != nil {
		return nil, r.forPeople(fmt.Errorf("list who refers to a package: %w", err))
	}
	keys := []Key{SettingsKey(t)}
	for _, p := range people {
		keys = append(keys, LedgerKey(t, access.PersonID(p)))
	}
	recs, err := r.Store.Load(ctx, keys...)
	if err != nil {
		return nil, r.forPeople(fmt.Errorf("load ledgers: %w", err))
	}
	var out []View
	for _, rec := range recs[1:] {
		at, err := r.openLedger(rec, recs[0])
		if isMoved(err) {
			continue // merged just now: it is in the index under its new name
		}
		if err == nil {
			err = r.need(ctx, &at, nil)
		}
		if err != nil {
			return nil, r.forPeople(err)
		}
		out = append(out, View{Ledger: at.ledger, World: at.world})
	}
	return out, nil
}
