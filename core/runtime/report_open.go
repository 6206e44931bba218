package runtime

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Waits is one request that waits for one approver, or for a group that is
// asked as a whole.
type Waits struct {
	For     access.PersonID // empty: Group, or nobody who can be reached
	Group   access.GroupID
	Person  access.PersonID
	Package access.PackageID
	Request access.RequestID
	Stage   int // from 1
	Asked   time.Time
	Opened  time.Time // the stage
	Due     time.Time
}

// WaitsReport has what waits, by approver, the longest first.
type WaitsReport struct {
	Rows []Waits
	// Requests is how many different requests wait.
	Requests int
	World    engine.World
	Gap      Gap
}

// WaitingFor reports which requests wait for whose decision, as far as the
// actor may read it. It goes through the index of open requests.
func (r *Runtime) WaitingFor(ctx context.Context, t access.TenantID, a access.Actor, one access.PackageID) (WaitsReport, error) {
	ctx, over, cancel := inTime(ctx)
	defer cancel()
	s, err := r.survey(ctx, t, a, one)
	if err != nil {
		return WaitsReport{}, r.forPeople(err)
	}
	out := WaitsReport{World: s.world}
	for batch, err := range r.batches(ctx, t, engine.IndexOpen, "", batchSize) {
		var found []Waits
		var n int
		if err == nil {
			found, n, err = s.waits(ctx, one, batch)
		}
		if over(err) || len(out.Rows)+len(found) > MaxReportRows {
			out.Gap.Cut = true
			break
		}
		if err != nil {
			return WaitsReport{}, r.forPeople(err)
		}
		out.Rows, out.Requests = append(out.Rows, found...), out.Requests+n
	}
	slices.SortFunc(out.Rows, func(x, y Waits) int {
		return cmp.Or(cmp.Compare(x.For, y.For), cmp.Compare(x.Group, y.Group), x.Opened.Compare(y.Opened),
			cmp.Compare(x.Person, y.Person), cmp.Compare(x.Request, y.Request))
	})
	return out, nil
}

// waits reads members of the index of open requests.
func (s *survey) waits(ctx context.Context, one access.PackageID, members []string) ([]Waits, int, error) {
	var keys []Key
	var names []caseName
	for _, m := range members {
		if p, id, ok := engine.ParseMember(m); ok {
			keys, names = append(keys, LedgerKey(s.tenant, p)), append(names, caseName{p, id})
		}
	}
	recs, err := s.r.Store.Load(ctx, keys...)
	if err != nil {
		return nil, 0, err
	}
	var out []Waits
	n := 0
	for i, rec := range recs {
		if rec.Revision == 0 {
			continue
		}
		l, err := engine.Decode(rec.Data)
		if err != nil {
			return nil, 0, err
		}
		req := l.Request(names[i].id)
		if req == nil || !s.about(req.Package, one) {
			continue
		}
		if found := waitsOf(names[i].person, req); len(found) > 0 {
			out, n = append(out, found...), n+1
		}
	}
	return out, n, nil
}

// waitsOf are those who can still decide in the open stage of a request.
func waitsOf(p access.PersonID, req *access.Request) []Waits {
	run, stage := req.Open()
	if run == nil {
		return nil
	}
	row := Waits{
		Person: p, Package: req.Package, Request: req.ID, Stage: stage + 1,
		Asked: req.At, Opened: run.Opened, Due: run.Due,
	}
	var out []Waits
	for _, who := range run.People() {
		decided := slices.ContainsFunc(run.Decisions, func(d access.Decision) bool { return d.By == who && d.Void == "" })
		if !decided && who != p && who != req.Asker {
			row.For = who
			out = append(out, row)
		}
	}
	row.For = ""
	for _, ask := range run.Asks {
		for _, f := range ask.Found {
			if f.Whole {
				row.Group = f.Subject.Group
				out = append(out, row)
			}
		}
	}
	if len(out) == 0 {
		out = append(out, row)
	}
	return out
}
