package runtime

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Wish is a request that somebody might make.
type Wish struct {
	Asker   access.Account
	Holder  access.PersonID // who would get it; empty: the asker
	Package access.PackageID
	Policy  access.PolicyID // empty: the first that fits
	Start   time.Time       // own times, as in engine.Submit
	End     time.Time
	For     time.Duration
}

// Simulation is what would become of a Wish, as of one moment.
type Simulation struct {
	// World has the definitions as they are.
	World engine.World
	// Fitting are the policies that it can be asked through, as
	// engine.Fitting lists them.
	Fitting []access.Policy
	// Refused is what the request would be refused with; nil when it would be
	// taken. What people answer is not looked at.
	Refused *access.Error
	// Supposed: it would be refused because of what the holder has or asked
	// for, and all that follows is as if that were not so.
	Supposed bool
	// Ledger is the holder's as it would be when all who are asked approve
	// and accepting the terms is next; Request is the number of the request
	// in it, 0 when there would be none.
	Ledger  access.Ledger
	Request access.RequestID
	// Stages are the stages that would be gone through, in order: not those
	// behind a stage in which too few can decide.
	Stages []SimulatedStage
}

// SimulatedStage is one stage as it would stand once its people are known.
type SimulatedStage struct {
	// Run of a later stage is counted from now as well: only how long it
	// takes means something.
	Run access.StageRun
	// Places are where the cards to decide on would go.
	Places []access.Place
	// LeftOut are among those who are to be asked, and are not: they are the
	// requestor or the asker.
	LeftOut []access.PersonID
	// Unable are asked and could not decide, with the code of the refusal.
	Unable map[access.PersonID]string
	// Passes: enough people can decide.
	Passes bool
}

// Simulate says what would become of a request if it were made now: it runs
// the engine's own steps on a copy of the ledger, with approvers as the
// directory finds them, and keeps nothing. No card leaves, nothing is stored
// and nothing is in the audit. It checks no rights of whoever wants to know:
// callers do.
func (r *Runtime) Simulate(ctx context.Context, t access.TenantID, w Wish) (Simulation, error) {
	s, err := r.suppose(ctx, t, w)
	if err != nil {
		return Simulation{}, r.forPeople(err)
	}
	err = s.submit()
	if e, ok := access.AsError(err); ok {
		s.sim.Refused, s.sim.Supposed = e, true
		s.ledger = engine.New(t, s.ledger.Person)
		if again := s.submit(); again != nil {
			s.sim.Supposed = false
			return s.sim, nil
		}
		err = nil
	}
	for err == nil && s.more() {
		err = s.stage(ctx)
	}
	if err != nil {
		return Simulation{}, r.forPeople(err)
	}
	s.sim.Ledger = s.ledger
	return s.sim, nil
}

// supposing is a simulation on its way.
type supposing struct {
	r      *Runtime
	key    Key
	cmd    engine.Submit
	ledger access.Ledger
	// world is that of the simulation, but its policies ask nothing.
	world engine.World
	sim   Simulation
}

// suppose reads what a request would be decided from, as Do does.
func (r *Runtime) suppose(ctx context.Context, t access.TenantID, w Wish) (*supposing, error) {
	_, asker, err := r.Who(ctx, t, w.Asker)
	if err != nil {
		return nil, err
	}
	if w.Holder == "" {
		w.Holder = asker.Person
	}
	at, err := r.loadLedger(ctx, LedgerKey(t, w.Holder))
	if err != nil {
		return nil, err
	}
	cmd, err := r.withTarget(ctx, t, w.Holder, engine.Submit{
		Meta: engine.Meta{ID: "simulation", At: r.now(), Actor: asker}, Package: w.Package, Policy: w.Policy,
		Start: w.Start, End: w.End, For: w.For, Target: asker,
	})
	if err != nil {
		return nil, err
	}
	if err := r.need(ctx, &at, cmd); err != nil {
		return nil, err
	}
	s := &supposing{r: r, key: at.key, ledger: at.ledger, world: unasked(at.world, w.Package)}
	s.cmd = cmd.(engine.Submit)
	s.sim = Simulation{World: at.world, Fitting: engine.Fitting(at.world.Packages[w.Package], s.cmd.Target, s.cmd.Actor)}
	return s, nil
}

// unasked is a world in which a package's policies ask nothing: what somebody
// would answer is not known, and changes nothing but whether the form is taken.
func unasked(w engine.World, id access.PackageID) engine.World {
	p, ok := w.Packages[id]
	if !ok {
		return w
	}
	p.Policies = slices.Clone(p.Policies)
	w.Packages, w.Policies = maps.Clone(w.Packages), maps.Clone(w.Policies)
	for i := range p.Policies {
		p.Policies[i].Justification, p.Policies[i].Questions = false, nil
		w.Policies[p.Ref(p.Policies[i])] = p.Policies[i]
	}
	w.Packages[id] = p
	return w
}

// step carries a command out on the copy.
func (s *supposing) step(c engine.Command) (engine.Decision, error) {
	d, err := engine.Step(s.ledger, c, s.world)
	if err == nil {
		s.ledger = d.Next
	}
	return d, err
}

func (s *supposing) submit() error {
	d, err := s.step(s.cmd)
	s.sim.Request = d.Request
	return err
}

// system is what a step of Usher itself is made with.
func (s *supposing) system() engine.Meta {
	return engine.Meta{ID: s.cmd.ID, At: s.cmd.At, Actor: access.SystemActor()}
}

// more reports whether a stage is open, and the one before was passed.
func (s *supposing) more() bool {
	request := s.ledger.Request(s.sim.Request)
	if request == nil {
		return false
	}
	run, n := request.Open()
	return run != nil && n == len(s.sim.Stages)
}

// stage finds the people of the open stage and lets them approve.
func (s *supposing) stage(ctx context.Context) error {
	if err := s.lookUp(ctx); err != nil {
		return err
	}
	request := s.ledger.Request(s.sim.Request)
	run, n := request.Open()
	stage := SimulatedStage{Run: *run, Places: s.places(n), Unable: map[access.PersonID]string{}}
	able, err := s.able(ctx, *request, *run, &stage)
	if err != nil {
		return err
	}
	for _, a := range able {
		if _, open := s.ledger.Request(s.sim.Request).Open(); open != n {
			break
		}
		decide := engine.Decide{Request: s.sim.Request, Stage: n, Face: request.Face, Verdict: access.Approve, Reason: "simulation"}
		decide.Meta = engine.Meta{ID: s.cmd.ID, At: s.cmd.At, Actor: a}
		if _, err := s.step(decide); err != nil {
			return fmt.Errorf("simulate a decision: %w", err)
		}
	}
	_, open := s.ledger.Request(s.sim.Request).Open()
	stage.Passes = open != n
	s.sim.Stages = append(s.sim.Stages, stage)
	return nil
}

// lookUp asks the directory for the people of the request, until the engine
// wants to know nothing more.
func (s *supposing) lookUp(ctx context.Context) error {
	for {
		d, err := s.step(engine.Tick{Meta: s.system()})
		if err != nil {
			return err
		}
		var results []engine.Result
		for _, e := range d.Started {
			ask, ok := e.(engine.ResolveEffect)
			if !ok || ask.Request != s.sim.Request {
				continue
			}
			found, err := s.r.resolve(ctx, start{key: s.key, ledger: s.ledger, world: s.world, effect: ask}, ask)
			if err != nil {
				return err
			}
			found.Key, found.Attempt = ask.Key(), ask.Attempt
			results = append(results, found)
		}
		if len(results) == 0 {
			return nil
		}
		if _, err := s.step(engine.Done{Meta: s.system(), Results: results}); err != nil {
			return err
		}
	}
}

// places are where the approvers' cards of a stage go.
func (s *supposing) places(n int) []access.Place {
	var out []access.Place
	for _, c := range s.ledger.Cards {
		if c.Kind == access.CardApprover && c.Request == s.sim.Request && c.Mark == strconv.Itoa(n+1) {
			out = append(out, c.Place)
		}
	}
	return out
}

// able are those who could decide in a stage; the others are noted. Of a group
// that is too large to be listed, as many members as could be needed stand in.
func (s *supposing) able(ctx context.Context, request access.Request, run access.StageRun, stage *SimulatedStage) ([]access.Actor, error) {
	var able []access.Actor
	for _, p := range run.People() {
		if p == s.ledger.Person || p == request.Asker {
			stage.LeftOut = append(stage.LeftOut, p)
			continue
		}
		_, actor, err := s.r.Who(ctx, s.key.Tenant, access.Account(p))
		if err == nil {
			err = engine.MayDecide(s.ledger, s.world, request, actor)
		}
		e, refused := access.AsError(err)
		switch {
		case err == nil:
			able = append(able, actor)
		case refused && e.Kind != access.Unavailable:
			stage.Unable[p] = e.Code
		default:
			return nil, err
		}
	}
	return append(able, standIns(run)...), nil
}

// standIns are members of the groups of a stage that were left whole.
func standIns(run access.StageRun) []access.Actor {
	var out []access.Actor
	for _, ask := range run.Asks {
		for _, f := range ask.Found {
			for i := 0; f.Whole && i < wholeAbove; i++ {
				out = append(out, access.Actor{
					Person: access.PersonID(fmt.Sprintf("%s#%d", f.Subject.Group, i)), Standing: access.Member, Groups: []access.GroupID{f.Subject.Group},
				})
			}
		}
	}
	return out
}
