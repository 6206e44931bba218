package runtime

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// HeldQuery asks who has what. What is empty does not narrow it.
type HeldQuery struct {
	Package  access.PackageID
	Person   access.PersonID
	Resource access.ResourceID // packages that give a role of it
	// At is a moment in the past; zero: now.
	At time.Time
	// Ends: only what ends by then.
	Ends time.Time
}

// Held is one assignment of which at least one role was delivered by the
// moment of the report and that was not over by then.
type Held struct {
	Person  access.PersonID
	Package access.PackageID
	// Request is the number of the request that made the assignment.
	Request access.RequestID
	// State and Window are as of today, also in a report about the past.
	State  access.AssignmentState
	Window access.Window
	First  time.Time // when the first role was delivered
	Ended  time.Time // zero while it is not over
	// Roles are those that it gave at any time.
	Roles []access.RoleRef
}

// HeldReport is who had what at a moment, in the order of packages, people and
// requests. World has the packages that the reader may know of, with catalogs
// and resources.
type HeldReport struct {
	At    time.Time
	Rows  []Held
	World engine.World
	Gap   Gap
}

// WhoHas reports who has what, now or at a moment in the past, as far as the
// actor may read it. The present comes from the ledgers of those whom the index
// of holders names; for the past the audit names what has ended since, which is
// read from the archive.
func (r *Runtime) WhoHas(ctx context.Context, t access.TenantID, a access.Actor, q HeldQuery) (HeldReport, error) {
	ctx, over, cancel := inTime(ctx)
	defer cancel()
	s, err := r.survey(ctx, t, a, q.Package)
	if err != nil {
		return HeldReport{}, r.forPeople(err)
	}
	w := &holding{survey: s, query: q, over: over, seen: map[string]bool{}}
	w.at, w.past = q.At, !q.At.IsZero() && q.At.Before(r.now())
	if !w.past {
		w.at = r.now()
	}
	people, err := w.people(ctx)
	if err == nil {
		err = w.ledgers(ctx, people)
	}
	if err == nil && w.past {
		err = w.ended(ctx)
	}
	if err != nil {
		return HeldReport{}, r.forPeople(err)
	}
	if err := s.remember(ctx, packagesOf(w.rows, func(h Held) access.PackageID { return h.Package })); err != nil && !over(err) {
		return HeldReport{}, r.forPeople(err)
	}
	slices.SortFunc(w.rows, func(x, y Held) int {
		return cmp.Or(cmp.Compare(x.Package, y.Package), cmp.Compare(x.Person, y.Person), cmp.Compare(x.Request, y.Request))
	})
	return HeldReport{At: w.at, Rows: w.rows, World: s.world, Gap: w.gap}, nil
}

// holding is a report on its way.
type holding struct {
	*survey
	query HeldQuery
	over  func(error) bool
	at    time.Time
	past  bool

	mu   sync.Mutex
	seen map[string]bool
	rows []Held
	gap  Gap
}

// people are those whose ledgers refer to the packages, each once.
func (w *holding) people(ctx context.Context) ([]access.PersonID, error) {
	if w.query.Person != "" {
		return []access.PersonID{w.query.Person}, nil
	}
	var asked []Query
	for _, id := range w.packages {
		if w.mayGive(id) {
			asked = append(asked, Query{Tenant: w.tenant, Index: engine.IndexHeld + string(id), Max: maxPage})
		}
	}
	all := map[string]bool{}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(reportReaders)
	for batch := range slices.Chunk(asked, listsAtOnce) {
		g.Go(func() error { return w.referring(gctx, batch, all) })
	}
	err := g.Wait()
	out := make([]access.PersonID, 0, len(all))
	for p := range all {
		out = append(out, access.PersonID(p))
	}
	slices.Sort(out)
	return out, err
}

// referring adds to all who is in one of some indexes. What is not looked at
// is noted.
func (w *holding) referring(ctx context.Context, asked []Query, all map[string]bool) error {
	for len(asked) > 0 {
		found, err := w.r.lists(ctx, asked)
		if err != nil && !w.over(err) {
			return err
		}
		w.mu.Lock()
		full := len(all) >= maxReportPeople
		if full || err != nil {
			w.gap.Packages += len(asked)
			w.mu.Unlock()
			return nil
		}
		var rest []Query
		for i, list := range found {
			for _, p := range list {
				all[p] = true
			}
			if len(list) == asked[i].Max {
				next := asked[i]
				next.After = list[len(list)-1]
				rest = append(rest, next)
			}
		}
		w.mu.Unlock()
		asked = rest
	}
	return nil
}

// mayGive reports whether the package can have given what is asked for. What a
// package gave in the past only its assignments know.
func (w *holding) mayGive(id access.PackageID) bool {
	if w.query.Resource == "" || w.past {
		return true
	}
	return gives(w.world.Packages[id].Roles, w.query.Resource)
}

func gives(roles []access.RoleRef, id access.ResourceID) bool {
	return slices.ContainsFunc(roles, func(ref access.RoleRef) bool { return ref.Resource == id })
}

// ledgers takes what people hold, or held and was not archived yet.
func (w *holding) ledgers(ctx context.Context, people []access.PersonID) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(reportReaders)
	for batch := range slices.Chunk(people, batchSize) {
		g.Go(func() error {
			err := w.readLedgers(gctx, batch)
			if w.over(err) {
				w.mu.Lock()
				w.gap.People += len(batch)
				w.mu.Unlock()
				return nil
			}
			return err
		})
	}
	return g.Wait()
}

// holdings is what a report reads of a ledger, which need not be decoded whole.
type holdings struct {
	Person      access.PersonID
	Assignments []access.Assignment
	Forward     *access.Forward
}

func (w *holding) readLedgers(ctx context.Context, people []access.PersonID) error {
	for hop := 0; len(people) > 0 && hop < 2; hop++ {
		keys := make([]Key, len(people))
		for i, p := range people {
			keys[i] = LedgerKey(w.tenant, p)
		}
		recs, err := w.r.Store.Load(ctx, keys...)
		if err != nil {
			return err
		}
		people = nil
		for _, rec := range recs {
			if rec.Revision == 0 {
				continue
			}
			l, err := decoded[holdings](rec)
			if err != nil {
				return err
			}
			if l.Forward != nil {
				people = append(people, l.Forward.To)
				continue
			}
			for i := range l.Assignments {
				w.take(l.Person, &l.Assignments[i])
			}
		}
	}
	return nil
}

// take keeps an assignment that the report is about, once.
func (w *holding) take(p access.PersonID, a *access.Assignment) {
	had := !a.First.IsZero() && !a.First.After(w.at) && (a.Ended.IsZero() || a.Ended.After(w.at))
	if !had || !w.about(a.Package, w.query.Package) || w.query.Person != "" && p != w.query.Person {
		return
	}
	if w.query.Resource != "" && !w.gave(a) {
		return
	}
	if ends := w.query.Ends; !ends.IsZero() && (a.Window.End.IsZero() || a.Window.End.After(ends)) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	name := engine.MemberOf(p, a.ID)
	switch {
	case w.seen[name]:
	case len(w.rows) >= MaxReportRows:
		w.gap.Rows++
	default:
		w.seen[name] = true
		w.rows = append(w.rows, Held{
			Person: p, Package: a.Package, Request: a.ID, State: a.State,
			Window: a.Window, First: a.First, Ended: a.Ended, Roles: a.Roles,
		})
	}
}

func (w *holding) gave(a *access.Assignment) bool {
	if w.past {
		return gives(a.Roles, w.query.Resource)
	}
	return gives(w.world.Packages[a.Package].Roles, w.query.Resource)
}

// stood is what such a report reads of an event.
type stood struct {
	Person     access.PersonID
	Package    access.PackageID
	Assignment access.RequestID
	Standing   access.AssignmentState
}

// ended takes what was over by now and not yet at the moment of the report.
func (w *holding) ended(ctx context.Context) error {
	if w.query.Person != "" {
		return w.endedOf(ctx, w.query.Person)
	}
	over := map[caseName]bool{}
	before, err := auditBack(ctx, w.r, w.over, w.tenant, w.at, func(ev stood) bool {
		if ev.Assignment != 0 && ev.Standing.Over() && w.about(ev.Package, w.query.Package) {
			over[caseName{ev.Person, ev.Assignment}] = true
		}
		return true
	})
	w.gap.Before = before
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(slices.Collect(maps.Keys(over)), batchSize) {
		err := w.takeCases(ctx, batch)
		if w.over(err) {
			w.gap.People += len(batch)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// endedOf takes what one person had, newest first.
func (w *holding) endedOf(ctx context.Context, p access.PersonID) error {
	cases, err := w.r.History(ctx, w.tenant, p, maxPage)
	if err != nil {
		return err
	}
	for _, past := range cases {
		if past.Assignment != nil {
			w.take(p, past.Assignment)
		}
	}
	if len(cases) == maxPage {
		w.gap.Before = cases[len(cases)-1].Closed
	}
	return nil
}

// caseName names an archived case as it was when it ended.
type caseName struct {
	person access.PersonID
	id     access.RequestID
}

// takeCases takes archived assignments. Whose ledger was merged into another's
// is told as that one.
func (w *holding) takeCases(ctx context.Context, list []caseName) error {
	keys := make([]Key, 0, 2*len(list))
	for _, c := range list {
		keys = append(keys, CaseKey(w.tenant, c.person, c.id), LedgerKey(w.tenant, c.person))
	}
	recs, err := w.r.Store.Load(ctx, keys...)
	if err != nil {
		return fmt.Errorf("load cases: %w", err)
	}
	var moved []caseName
	for i, c := range list {
		past, err := decoded[caseRecord](recs[2*i])
		if err != nil {
			return err
		}
		now, err := decoded[struct{ Forward *access.Forward }](recs[2*i+1])
		switch to := now.Forward; {
		case err != nil:
			return err
		case past.Case != nil && to != nil:
			told := engine.TakenOver(*past.Case, to.To, to.Shift)
			past.Case = &told
		case past.Case == nil && to != nil:
			moved = append(moved, caseName{to.To, c.id + to.Shift})
		}
		if past.Case != nil && past.Case.Assignment != nil {
			w.take(past.Case.Person, past.Case.Assignment)
		}
	}
	if len(moved) == 0 {
		return nil
	}
	return w.takeCases(ctx, moved) // a forward is never forwarded again
}
