package runtime

import (
	"context"
	"fmt"
	"iter"
	"strconv"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

const (
	maxPage   = 1000
	batchSize = 200
	maxLooked = 2000
)

// historyIndex lists a person's archived cases, newest first.
func historyIndex(p access.PersonID) string { return "history/" + string(p) }

// newestCase is above every number of a case: members are the distance to it.
const newestCase = 9_999_999_999

func historyMember(id access.RequestID) string { return fmt.Sprintf("%010d", newestCase-int64(id)) }

// historyRequest is the inverse of historyMember.
func historyRequest(m string) access.RequestID {
	n, err := strconv.ParseInt(m, 10, 64)
	if err != nil {
		return 0
	}
	return access.RequestID(newestCase - n)
}

// batches goes through an index from after on, size members at a time.
func (r *Runtime) batches(ctx context.Context, t access.TenantID, index, after string, size int) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for {
			list, err := r.Store.List(ctx, Query{Tenant: t, Index: index, After: after, Max: size})
			if err != nil {
				yield(nil, fmt.Errorf("list %s: %w", index, err))
				return
			}
			if len(list) == 0 || !yield(list, nil) || len(list) < size {
				return
			}
			after = list[len(list)-1]
		}
	}
}

// listsAtOnce is how many questions one trip to a store has at most.
const listsAtOnce = 200

// lists asks for members of several indexes, in one trip where the store can.
// The answers are in the order of the questions.
func (r *Runtime) lists(ctx context.Context, asked []Query) ([][]string, error) {
	if l, ok := r.Store.(Lister); ok {
		found, err := l.Lists(ctx, asked)
		if err != nil {
			return nil, fmt.Errorf("list several: %w", err)
		}
		return found, nil
	}
	found := make([][]string, len(asked))
	for i, q := range asked {
		var err error
		if found[i], err = r.Store.List(ctx, q); err != nil {
			return nil, fmt.Errorf("list %s: %w", q.Index, err)
		}
	}
	return found, nil
}

// Waiting lists open requests that wait for this actor's decision, also while
// the actor has yet to prove who they are.
func (r *Runtime) Waiting(ctx context.Context, t access.TenantID, a access.Actor, max int) ([]Item, error) {
	indexes := ofAll(engine.IndexWaiting, a)
	for _, g := range a.Groups {
		indexes = append(indexes, engine.IndexWaitingGroup+string(g))
	}
	decider := a
	decider.Unproven = false
	return r.items(ctx, t, a, max, indexes, func(v View, req access.Request) bool {
		return req.State == access.PendingApproval && engine.MayDecide(v.Ledger, v.World, req, decider) == nil
	})
}

// Asked lists requests that the actor made for others and that are not over.
func (r *Runtime) Asked(ctx context.Context, t access.TenantID, a access.Actor, max int) ([]Item, error) {
	return r.items(ctx, t, a, max, ofAll(engine.IndexAsked, a), func(v View, req access.Request) bool {
		return !a.Owns(v.Ledger.Person) && notOver(v, req)
	})
}

// ofAll names an index of each person that the actor is.
func ofAll(index string, a access.Actor) []string {
	indexes := []string{index + string(a.Person)}
	for _, p := range a.Also {
		indexes = append(indexes, index+string(p))
	}
	return indexes
}

// notOver: the request waits, or what it gave is still held.
func notOver(v View, req access.Request) bool {
	if req.State.WithoutAccess() {
		return false
	}
	a := v.Ledger.Assignment(req.Assignment)
	return a == nil || !a.State.Over()
}

// Open lists those open requests and failed deliveries of the tenant that keep
// says yes to.
func (r *Runtime) Open(ctx context.Context, t access.TenantID, max int, keep func(View, access.Request) bool) ([]Item, error) {
	return r.items(ctx, t, access.Actor{}, max, []string{engine.IndexOpen}, keep)
}

// items lists the requests of indexes that keep says yes to, each once. It
// looks at no more than maxLooked of them, so that no question costs more the
// more there is.
func (r *Runtime) items(ctx context.Context, t access.TenantID, a access.Actor, max int, indexes []string, keep func(View, access.Request) bool) ([]Item, error) {
	var found []Item
	seen := map[string]bool{}
	looked := 0
	for _, index := range indexes {
		for batch, err := range r.batches(ctx, t, index, "", page(2*max)) {
			if err != nil {
				return nil, r.forPeople(err)
			}
			some, err := r.views(ctx, t, a, batch)
			if err != nil {
				return nil, r.forPeople(err)
			}
			for _, item := range some {
				req := item.View.Ledger.Request(item.Request)
				name := engine.MemberOf(item.View.Ledger.Person, item.Request)
				if req == nil || seen[name] || !keep(item.View, *req) {
					continue
				}
				seen[name] = true
				if found = append(found, item); len(found) == max {
					return found, nil
				}
			}
			if looked += len(batch); looked >= maxLooked {
				return found, nil
			}
		}
	}
	return found, nil
}

// views reads the ledgers of members in one round trip.
func (r *Runtime) views(ctx context.Context, t access.TenantID, a access.Actor, members []string) ([]Item, error) {
	keys := []Key{SettingsKey(t)}
	var items []Item
	for _, m := range members {
		if p, id, ok := engine.ParseMember(m); ok {
			keys = append(keys, LedgerKey(t, p))
			items = append(items, Item{Request: id})
		}
	}
	recs, err := r.Store.Load(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("load ledgers: %w", err)
	}
	for i := range items {
		at, err := r.openLedger(recs[i+1], recs[0])
		if isMoved(err) {
			continue // merged just now: it is in the index under its new name
		}
		if err != nil {
			return nil, err
		}
		if err := r.need(ctx, &at, nil); err != nil {
			return nil, err
		}
		items[i].View = View{Ledger: at.ledger, World: at.world, Actor: a}
	}
	return items, nil
}
