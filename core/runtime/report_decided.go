package runtime

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// SpanQuery asks what happened in a span of time: from From up to To.
type SpanQuery struct {
	Package  access.PackageID // "": all
	From, To time.Time
}

// Outcome is a request that was decided by people, or timed out.
type Outcome struct {
	Person  access.PersonID
	Package access.PackageID
	Request access.RequestID
	Kind    access.RequestKind
	// State is Approved, Denied or TimedOut.
	State access.RequestState
	Asked time.Time
	At    time.Time
	// By gave the last decision that counts, with Reason; empty if nobody did.
	By     access.PersonID
	Reason string
	// Code says why a request timed out: undecided, termsNotAccepted, endPassed
	// or assignmentEnded.
	Code string

	approved time.Time // when a request that timed out later was approved
	voided   bool      // a decision was voided: only the request knows which count
}

// Took is how long it was from asking to the last decision.
func (o Outcome) Took() time.Duration { return o.At.Sub(o.Asked) }

// OutcomeReport has the outcomes of a span, newest first.
type OutcomeReport struct {
	Rows  []Outcome
	World engine.World
	Gap   Gap
}

// Outcomes reports what was approved by people, denied or timed out in a span
// of time, as far as the actor may read it. It comes from the audit. What a
// policy approved by itself, or an admin assigned, is not in it: nobody decided.
// What was approved and timed out later is in it twice, as each.
func (r *Runtime) Outcomes(ctx context.Context, t access.TenantID, a access.Actor, q SpanQuery) (OutcomeReport, error) {
	ctx, over, cancel := inTime(ctx)
	defer cancel()
	s, err := r.survey(ctx, t, a, q.Package)
	if err != nil {
		return OutcomeReport{}, r.forPeople(err)
	}
	w := &deciding{survey: s, query: q, open: map[caseName]*Outcome{}, done: map[caseName]bool{}}
	w.gap.Before, err = auditBack(ctx, r, over, t, q.From, w.take)
	if err == nil {
		err = w.complete(ctx, over)
	}
	if err != nil {
		return OutcomeReport{}, r.forPeople(err)
	}
	if err := s.remember(ctx, packagesOf(w.rows, func(o Outcome) access.PackageID { return o.Package })); err != nil && !over(err) {
		return OutcomeReport{}, r.forPeople(err)
	}
	slices.SortFunc(w.rows, func(x, y Outcome) int {
		return cmp.Or(y.At.Compare(x.At), cmp.Compare(x.Person, y.Person), cmp.Compare(x.Request, y.Request))
	})
	return OutcomeReport{Rows: w.rows, World: s.world, Gap: w.gap}, nil
}

// deciding is such a report on its way. The audit comes newest first: of each
// request its end, then who decided, then when it was asked for.
type deciding struct {
	*survey
	query SpanQuery
	open  map[caseName]*Outcome
	done  map[caseName]bool // what came to an end otherwise, or is complete
	rows  []Outcome
	gap   Gap
}

// decided is what such a report reads of an event.
type decided struct {
	At      time.Time
	Type    engine.EventType
	By      access.PersonID
	Person  access.PersonID
	Package access.PackageID
	Request access.RequestID
	Kind    access.RequestKind
	State   access.RequestState
	Reason  string
	Code    string
}

func (w *deciding) take(ev decided) bool {
	name := caseName{ev.Person, ev.Request}
	if ev.Request == 0 || ev.Type == engine.EventRefused || w.done[name] {
		return true
	}
	o := w.open[name]
	switch {
	case ev.Type == engine.EventState && o == nil && outcome(ev.State):
		w.begin(name, ev)
	case ev.Type == engine.EventState && o != nil && ev.State == access.Approved && o.approved.IsZero():
		o.approved = ev.At
	case ev.Type == engine.EventVoided && o != nil:
		o.voided = true
	case ev.Type == engine.EventDecided && o != nil && o.By == "" && !o.voided:
		o.By, o.Reason = ev.By, ev.Reason
	case ev.Type == engine.EventSubmitted && o != nil && !o.voided:
		o.Asked = ev.At
		w.keep(name, *o)
	}
	return true
}

func outcome(s access.RequestState) bool {
	return s == access.Approved || s == access.Denied || s == access.TimedOut
}

func (w *deciding) begin(name caseName, ev decided) {
	if !ev.At.Before(w.query.To) && ev.State == access.TimedOut {
		return // it may have been approved before
	}
	if ev.At.Before(w.query.From) || !ev.At.Before(w.query.To) || !w.about(ev.Package, w.query.Package) {
		w.done[name] = true
		return
	}
	if len(w.open)+len(w.rows) >= MaxReportRows {
		w.gap.Rows++
		w.done[name] = true
		return
	}
	w.open[name] = &Outcome{
		Person: ev.Person, Package: ev.Package, Request: ev.Request, Kind: ev.Kind, State: ev.State, At: ev.At, Code: ev.Code,
	}
}

// keep takes what is known to be complete. Approved without anybody who
// decided: the policy did.
func (w *deciding) keep(name caseName, o Outcome) {
	delete(w.open, name)
	w.done[name] = true
	if o.By != "" || o.State == access.TimedOut {
		w.rows = append(w.rows, o)
	}
	if o.State == access.TimedOut && o.By != "" && !o.approved.Before(w.query.From) && !o.approved.IsZero() {
		o.State, o.At, o.Code = access.Approved, o.approved, ""
		w.rows = append(w.rows, o)
	}
}

// complete reads from ledgers and archive what the audit does not tell within
// the span: requests that are older, or were made before accounts were linked.
func (w *deciding) complete(ctx context.Context, over func(error) bool) error {
	left := make([]caseName, 0, len(w.open))
	for name := range w.open {
		left = append(left, name)
	}
	for batch := range slices.Chunk(left, batchSize) {
		found, err := w.r.requests(ctx, w.tenant, batch)
		if over(err) {
			w.gap.People += len(batch)
			continue
		}
		if err != nil {
			return err
		}
		for name, req := range found {
			o := w.open[name]
			o.Asked = req.At
			if d, ok := lastDecision(req); ok && o.By == "" {
				o.By, o.Reason = d.By, d.Reason
			}
			w.keep(name, *o)
		}
	}
	return nil
}

func lastDecision(r access.Request) (last access.Decision, found bool) {
	for _, run := range r.Stages {
		for _, d := range run.Decisions {
			if d.Void == "" {
				last, found = d, true
			}
		}
	}
	return last, found
}

// requests reads requests wherever they are now: in a ledger, in the archive,
// or under another name after a merge. What is nowhere is missing.
func (r *Runtime) requests(ctx context.Context, t access.TenantID, list []caseName) (map[caseName]access.Request, error) {
	keys := make([]Key, 0, 2*len(list))
	for _, n := range list {
		keys = append(keys, LedgerKey(t, n.person), CaseKey(t, n.person, n.id))
	}
	recs, err := r.Store.Load(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("load requests: %w", err)
	}
	found := map[caseName]access.Request{}
	for i, n := range list {
		req, err := r.requestIn(ctx, t, n, recs[2*i], recs[2*i+1])
		if err != nil {
			return nil, err
		}
		if req != nil {
			found[n] = *req
		}
	}
	return found, nil
}

// requestIn finds a request in its ledger or its archive record. The few whose
// case has another number, or whose ledger was merged, cost a look of their own.
func (r *Runtime) requestIn(ctx context.Context, t access.TenantID, n caseName, ledger, archived Record) (*access.Request, error) {
	if archived.Revision > 0 {
		past, err := r.ownCase(ctx, t, n.person, n.id)
		return past.Request(n.id), err
	}
	if ledger.Revision == 0 {
		return nil, nil
	}
	l, err := engine.Decode(ledger.Data)
	if err != nil || l.Forward == nil {
		return l.Request(n.id), err
	}
	found, err := r.requests(ctx, t, []caseName{{l.Forward.To, n.id + l.Forward.Shift}})
	for _, req := range found {
		return &req, err
	}
	return nil, err
}
