package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
	"github.com/usher-dev/usher/storage/redis"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// A tenant of a size that few have.
const (
	manyPackages = 10_000
	manyPeople   = 20_000
	eachHolds    = 5 // 100,000 assignments
)

type manyStore interface {
	runtime.Store
	runtime.Importer
}

// BenchmarkMany reads in a tenant with 10,000 packages and 100,000 assignments
// by 20,000 people, and 300,000 lines of audit: what a chat waits for.
func BenchmarkMany(b *testing.B) {
	stores := map[string]func(*testing.B) manyStore{
		"redis": func(b *testing.B) manyStore {
			s, err := redis.Open(b.Context(), redis.Options{URL: redistest.Start(b), Mode: storage.Serve})
			if err != nil {
				b.Fatal(err)
			}
			return s
		},
		"bolt": func(b *testing.B) manyStore {
			s, err := bolt.Open(filepath.Join(b.TempDir(), "usher.db"), bolt.Options{Mode: storage.Serve})
			if err != nil {
				b.Fatal(err)
			}
			return s
		},
	}
	for _, name := range []string{"redis", "bolt"} {
		b.Run(name, func(b *testing.B) {
			s := stores[name](b)
			b.Cleanup(func() { _ = s.Close() })
			now := time.Now().UTC().Truncate(time.Second)
			fillMany(b, s, now)
			benchMany(b, s, now)
		})
	}
}

// benchMany measures each question on a process that was asked before, and the
// first search of one that was not.
func benchMany(b *testing.B, s runtime.Store, now time.Time) {
	dir := &people{known: map[access.PersonID]access.Profile{}}
	dir.set(access.Profile{Person: person(olga), Standing: access.Member})
	fresh := func() *runtime.Runtime {
		return runtime.New(runtime.Options{Store: s, Directory: dir, Messenger: &wall{}, Clock: &clock{}, Log: zerolog.Nop()})
	}
	r, olgas := fresh(), admin(olga)
	if _, _, err := r.Packages(b.Context(), tenant, "", "", 1); err != nil {
		b.Fatal(err)
	}
	list := func(ctx context.Context, r *runtime.Runtime, query string, max int) error {
		_, ids, err := r.Packages(ctx, tenant, query, "", max)
		if err == nil && len(ids) == 0 {
			err = fmt.Errorf("nothing is called %q", query)
		}
		return err
	}
	held := func(q runtime.HeldQuery) func(context.Context) (int, runtime.Gap, error) {
		return func(ctx context.Context) (int, runtime.Gap, error) {
			rep, err := r.WhoHas(ctx, tenant, olgas, q)
			return len(rep.Rows), rep.Gap, err
		}
	}
	for _, c := range []struct {
		name string
		do   func(context.Context) (int, runtime.Gap, error)
	}{
		{"search, cold", func(ctx context.Context) (int, runtime.Gap, error) {
			return 1, runtime.Gap{}, list(ctx, fresh(), "9999", 25)
		}},
		{"search", func(ctx context.Context) (int, runtime.Gap, error) { return 1, runtime.Gap{}, list(ctx, r, "9999", 25) }},
		{"page of 100", func(ctx context.Context) (int, runtime.Gap, error) { return 1, runtime.Gap{}, list(ctx, r, "", 100) }},
		{"package", func(ctx context.Context) (int, runtime.Gap, error) {
			_, err := r.World(ctx, tenant, "p07777")
			return 1, runtime.Gap{}, err
		}},
		{"why", func(ctx context.Context) (int, runtime.Gap, error) {
			_, err := r.Ledger(ctx, tenant, olgas, "play/p777")
			return 1, runtime.Gap{}, err
		}},
		{"who has a package", held(runtime.HeldQuery{Package: "p00077"})},
		{"what a person has", held(runtime.HeldQuery{Person: "play/p777"})},
		{"who has a resource", held(runtime.HeldQuery{Resource: "r077"})},
		{"who has what", held(runtime.HeldQuery{})},
		{"who had what a month ago", held(runtime.HeldQuery{At: now.AddDate(0, -1, 0)})},
		{"what ends in 14 days", held(runtime.HeldQuery{Ends: now.AddDate(0, 0, 14)})},
		{"what waits", func(ctx context.Context) (int, runtime.Gap, error) {
			rep, err := r.WaitingFor(ctx, tenant, olgas, "")
			return rep.Requests, rep.Gap, err
		}},
		{"outcomes of 90 days", func(ctx context.Context) (int, runtime.Gap, error) {
			rep, err := r.Outcomes(ctx, tenant, olgas, runtime.SpanQuery{From: now.AddDate(0, 0, -90), To: now})
			return len(rep.Rows), rep.Gap, err
		}},
		{"unused packages", func(ctx context.Context) (int, runtime.Gap, error) {
			rep, err := r.Unused(ctx, tenant, olgas)
			return len(rep.Rows), rep.Gap, err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				n, gap, err := c.do(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				cut := 0.0 // 1: the machine was too busy for the whole report
				if !gap.None() {
					cut = 1
				}
				b.ReportMetric(float64(n), "rows")
				b.ReportMetric(cut, "cut")
			}
		})
	}
}

// fillMany writes the tenant past the engine.
func fillMany(b *testing.B, s runtime.Importer, now time.Time) {
	b.Helper()
	var changes []runtime.Change
	put := func(c runtime.Change) {
		c.Tenant, c.At = tenant, now
		if changes = append(changes, c); len(changes) == 50 {
			if err := s.Import(b.Context(), changes); err != nil {
				b.Fatal(err)
			}
			changes = nil
		}
	}
	record := func(key runtime.Key, v any, index string) runtime.Change {
		c := runtime.Change{Writes: []runtime.Write{{Key: key, Data: asJSON(b, v)}}}
		if index != "" {
			c.Index = []runtime.IndexEntry{{Index: index, Member: key.ID}}
		}
		return c
	}
	put(record(runtime.SettingsKey(tenant), access.Settings{Name: "Many", Admins: []access.Subject{some(olga)}}, ""))
	put(record(runtime.CatalogKey(tenant, access.General), access.Catalog{ID: access.General, Name: "General"}, "catalogs"))
	for i := range manyPackages / 10 {
		id := access.ResourceID(fmt.Sprintf("r%03d", i))
		put(record(runtime.ResourceKey(tenant, id), resource(id, "rooms"), "resources"))
	}
	for i := range manyPackages {
		p := pack(packageID(i), []access.RoleRef{{Resource: access.ResourceID(fmt.Sprintf("r%03d", i%(manyPackages/10))), Role: "member"}}, access.Stage{Approvers: []access.Subject{some(ada)}})
		p.Name, p.CreatedAt = fmt.Sprintf("Access package number %d", i), now.AddDate(-1, 0, 0)
		put(record(runtime.PackageKey(tenant, p.ID), p, "packages"))
	}
	for i := range manyPeople {
		put(ledgerOf(b, i, now))
	}
	if err := s.Import(b.Context(), changes); err != nil {
		b.Fatal(err)
	}
}

func packageID(i int) access.PackageID { return access.PackageID(fmt.Sprintf("p%05d", i)) }

// ledgerOf is a person who holds some packages, got over the last 200 days; one
// in a hundred waits for one more. Every package but the last hundred is held.
func ledgerOf(b *testing.B, i int, now time.Time) runtime.Change {
	b.Helper()
	p := access.PersonID(fmt.Sprintf("play/p%d", i))
	l := engine.New(tenant, p)
	key := runtime.LedgerKey(tenant, p)
	var c runtime.Change
	note := func(e engine.Event) {
		e.Person = p
		c.Audit = append(c.Audit, runtime.Entry{ID: int64(i*3*eachHolds + len(c.Audit) + 1), Key: key, At: e.At, Data: asJSON(b, e)})
	}
	at := now.AddDate(0, 0, -200*(manyPeople-i)/manyPeople)
	for n := range eachHolds {
		id := access.RequestID(n + 1)
		pkg := packageID((i*eachHolds + n) % (manyPackages - 100))
		req := access.Request{
			ID: id, Assignment: id, Kind: access.UserAdd, State: access.Delivered, Asker: p, At: at, Package: pkg, Justification: "I need it for my work.",
			Stages: []access.StageRun{{Opened: at, Due: at.AddDate(0, 0, 14), Closed: at.Add(time.Hour), Decisions: []access.Decision{
				{By: person(ada), Verdict: access.Approve, Reason: "Agreed.", At: at.Add(time.Hour)},
			}}},
		}
		l.Requests = append(l.Requests, req)
		l.Assignments = append(l.Assignments, access.Assignment{
			ID: id, Package: pkg, State: access.AssignmentActive, First: at.Add(time.Hour), Window: access.Window{End: at.AddDate(0, 0, 220)},
		})
		event := engine.Event{At: at, Type: engine.EventSubmitted, By: p, Package: pkg, Request: id, Kind: req.Kind, State: access.PendingApproval}
		note(event)
		event.At, event.Type, event.By = at.Add(time.Hour), engine.EventDecided, person(ada)
		note(event)
		event.Type, event.State = engine.EventState, access.Approved
		note(event)
	}
	l.Next = eachHolds + 1
	if i%100 == 0 {
		l.Requests = append(l.Requests, access.Request{
			ID: l.Next, Assignment: l.Next, Kind: access.UserAdd, State: access.PendingApproval, Asker: p, At: now, Package: packageID(i),
			Stages: []access.StageRun{{Opened: now, Due: now.AddDate(0, 0, 14), Asks: []access.Ask{{Found: []access.Found{{People: []access.PersonID{person(ada)}}}}}}},
		})
		l.Next++
	}
	data, err := engine.Encode(l)
	if err != nil {
		b.Fatal(err)
	}
	c.Writes = []runtime.Write{{Key: key, Data: data}}
	for _, k := range engine.Indexes(l) {
		c.Index = append(c.Index, runtime.IndexEntry{Index: k.Index, Member: k.Member})
	}
	return c
}

func asJSON(b *testing.B, v any) []byte {
	b.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	return data
}
