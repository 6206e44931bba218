package runtime

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// UnusedReport has the packages that nobody ever asked for or was given, in the
// order of their ids.
type UnusedReport struct {
	Rows  []access.PackageID
	World engine.World
	Gap   Gap
}

// Unused reports packages that were never used, as far as the actor may read
// about them: nobody's ledger refers to them, and the audit since the first of
// them was made knows of no request.
func (r *Runtime) Unused(ctx context.Context, t access.TenantID, a access.Actor) (UnusedReport, error) {
	ctx, over, cancel := inTime(ctx)
	defer cancel()
	s, err := r.survey(ctx, t, a, "")
	if err != nil {
		return UnusedReport{}, r.forPeople(err)
	}
	out := UnusedReport{World: s.world}
	left, err := s.unheld(ctx, over, &out.Gap)
	if err != nil {
		return UnusedReport{}, r.forPeople(err)
	}
	if len(left) > 0 {
		out.Gap.Before, err = auditBack(ctx, r, over, t, s.oldest(left), func(ev used) bool {
			if ev.Request != 0 {
				delete(left, ev.Package)
			}
			return len(left) > 0
		})
	}
	for _, id := range s.packages {
		if left[id] {
			out.Rows = append(out.Rows, id)
		}
	}
	return out, r.forPeople(err)
}

// used is what such a report reads of an event.
type used struct {
	Package access.PackageID
	Request access.RequestID
}

// unheld are the packages that no ledger refers to.
func (s *survey) unheld(ctx context.Context, over func(error) bool, gap *Gap) (map[access.PackageID]bool, error) {
	left := map[access.PackageID]bool{}
	var mu sync.Mutex
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(reportReaders)
	for batch := range slices.Chunk(s.packages, listsAtOnce) {
		g.Go(func() error {
			asked := make([]Query, len(batch))
			for i, id := range batch {
				asked[i] = Query{Tenant: s.tenant, Index: engine.IndexHeld + string(id), Max: 1}
			}
			held, err := s.r.lists(gctx, asked)
			mu.Lock()
			defer mu.Unlock()
			if over(err) {
				gap.Packages += len(batch)
				return nil
			}
			for i, people := range held {
				if len(people) == 0 {
					left[batch[i]] = true
				}
			}
			return err
		})
	}
	return left, g.Wait()
}

// oldest is when the first of the packages was made.
func (s *survey) oldest(ids map[access.PackageID]bool) time.Time {
	first := s.r.now()
	for id := range ids {
		if at := s.world.Packages[id].CreatedAt; at.Before(first) {
			first = at
		}
	}
	return first
}
