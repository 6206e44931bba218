package runtime

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Bounds of a report. What is beyond them is left out, and the report's Gap
// says so.
const (
	// ReportWithin is how long a report may take, of real time: chats wait half
	// a minute for a handler.
	ReportWithin = 20 * time.Second
	// MaxReportRows is how many rows a report keeps in memory: some 300 bytes
	// each.
	MaxReportRows = 200_000
	// maxReportPeople is how many ledgers a report reads, one after the other.
	maxReportPeople = 500_000
	// reportReaders is how many batches are read from the store, or decoded, at
	// a time.
	reportReaders = 4
	// lateness is how much later than it happened something may get into the
	// audit: while no process of Usher runs, nothing does.
	lateness = 31 * 24 * time.Hour
)

// Gap says what a report left out when it reached a bound. The zero Gap:
// nothing.
type Gap struct {
	// Cut: what there is was not all looked at; nobody knows how much is left.
	Cut bool
	// Packages were not looked at, People not read, Rows found and not kept.
	Packages, People, Rows int
	// Before: what happened before that was not read. Zero: all was.
	Before time.Time
}

// None reports whether the report is whole.
func (g Gap) None() bool { return g == Gap{} }

// survey is what one reader's report is about.
type survey struct {
	r      *Runtime
	tenant access.TenantID
	// world has the packages with their catalogs and resources.
	world engine.World
	// packages are those that the reader may read about, in order.
	packages []access.PackageID
	// all: the reader may read about everything, also about packages that are
	// not there any more.
	all bool
}

// survey finds out what the actor may read reports about: tenant admins and
// auditors all, who has a role in a catalog its packages. Everybody else is
// refused (notAdmin). With one, it is about that package only.
func (r *Runtime) survey(ctx context.Context, t access.TenantID, a access.Actor, one access.PackageID) (*survey, error) {
	ids := []access.PackageID{one}
	if one == "" {
		_, list, err := r.names(ctx, t)
		if err != nil {
			return nil, err
		}
		ids = ids[:0]
		for _, n := range list {
			ids = append(ids, n.id)
		}
	}
	s := &survey{r: r, tenant: t, world: emptyWorld(access.Settings{})}
	for len(ids) > 0 || s.world.Settings.Revision == 0 {
		batch := ids[:min(len(ids), maxPage)]
		w, err := r.World(ctx, t, batch...)
		if err != nil {
			return nil, err
		}
		s.take(w, a, batch)
		ids = ids[len(batch):]
	}
	if !s.all && len(s.packages) == 0 {
		return nil, access.Refuse(access.Forbidden, "notAdmin")
	}
	return s, nil
}

func (s *survey) take(w engine.World, a access.Actor, ids []access.PackageID) {
	s.world.Settings = w.Settings
	s.all = engine.TenantAdmin(w, a) || engine.Auditor(w, a)
	maps.Copy(s.world.Catalogs, w.Catalogs)
	maps.Copy(s.world.Resources, w.Resources)
	for _, id := range ids {
		if p, ok := w.Packages[id]; ok && (s.all || engine.AnyRole(w, p.Catalog, a)) {
			s.world.Packages[id] = p
			s.packages = append(s.packages, id)
		}
	}
}

// about reports whether the report tells of a package.
func (s *survey) about(id, one access.PackageID) bool {
	if one != "" {
		return id == one
	}
	_, known := s.world.Packages[id]
	return known || s.all
}

// inTime is a context for a report. over tells a report that ran out of its
// time, which ends early and whole, from one whose reader went away.
func inTime(ctx context.Context) (limited context.Context, over func(error) bool, cancel context.CancelFunc) {
	limited, cancel = context.WithTimeout(ctx, ReportWithin)
	over = func(err error) bool {
		return err != nil && ctx.Err() == nil && (errors.Is(err, context.DeadlineExceeded) || limited.Err() != nil)
	}
	return limited, over, cancel
}

// begun is when the audit begins, if its older lines were taken out and those
// would have been read.
func begun(first int64, at, since time.Time) time.Time {
	if first > 1 && at.After(since) {
		return at
	}
	return time.Time{}
}
