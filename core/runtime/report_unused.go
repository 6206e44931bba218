package runtime

import (
	"context"
	"fmt"
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
		out.Gap.Before, err = r.auditBack(ctx, over, t, s.oldest(left), func(ev engine.Event) bool {
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

// unheld are the packages that no ledger refers to.
func (s *survey) unheld(ctx context.Context, over func(error) bool, gap *Gap) (map[access.PackageID]bool, error) {
	left := map[access.PackageID]bool{}
	var mu sync.Mutex
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(reportReaders)
	for batch := range slices.Chunk(s.packages, batchSize) {
		g.Go(func() error {
			for _, id := range batch {
				held, err := s.r.Store.List(gctx, Query{Tenant: s.tenant, Index: engine.IndexHeld + string(id), Max: 1})
				mu.Lock()
				switch {
				case over(err):
					gap.Packages++
					err = nil
				case err == nil && len(held) == 0:
					left[id] = true
				}
				mu.Unlock()
				if err != nil {
					return fmt.Errorf("list holders: %w", err)
				}
			}
			return nil
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
