package runtime_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// Whatever the policies, the people and what is held: what a simulation says is
// what becomes of the request that is then made.
func TestASimulationSaysWhatThenHappens(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for seed := range uint64(12) {
		synctest.Test(t, func(t *testing.T) {
			m := &maybe{town: newTown(t), rand: rand.New(rand.NewPCG(seed, 1)), seen: seen}
			m.known()
			defer m.run(m.r)()
			for n := range 25 {
				m.once(n)
			}
		})
	}
	for _, what := range []string{
		"taken", "alreadyHeld", "alreadyPending", "incompatible", "newRequestsOff", "policyOver", "notRequestable", "notOnBehalf",
		"unknownPackage", "stuck", "second stage", "left out", "unable", "fallbacks", "channel", "pendingTerms", "scheduled", "supposed", "whole",
	} {
		if seen[what] == 0 {
			t.Errorf("no case had %q: %v", what, seen)
		}
	}
}

// maybe makes up packages and requests for them.
type maybe struct {
	*town
	rand *rand.Rand
	seen map[string]int
}

const (
	lotte = access.Account("play/lotte") // may decide nothing for now
	gone  = access.Account("play/gone")  // unknown to the directory
	dora  = access.Account("play/dora")  // in the crowd
	emil  = access.Account("play/emil")  // as well
)

func (m *maybe) known() {
	m.dir.set(access.Profile{Person: person(lotte), Name: "Lotte", Standing: access.Limited})
	crowd := []access.PersonID{person(dora), person(emil)}
	for _, p := range []access.Account{dora, emil} {
		m.dir.set(access.Profile{Person: person(p), Name: "C", Standing: access.Member, Groups: []access.GroupID{"play/crowd"}})
	}
	for i := range 120 {
		crowd = append(crowd, access.PersonID(fmt.Sprintf("play/p%d", i)))
	}
	m.dir.set(access.Profile{Person: person(ben), Name: "Ben", Standing: access.Member, Groups: []access.GroupID{"play/security"}, SameAs: []access.PersonID{person(mina)}})
	m.dir.change(func(d *people) {
		d.groups["play/crowd"] = crowd
		d.groups["play/empty"] = nil
	})
}

func some1[V any](m *maybe, list ...V) V { return list[m.rand.IntN(len(list))] }

func (m *maybe) sometimes(percent int) bool { return m.rand.IntN(100) < percent }

func (m *maybe) subjects() []access.Subject {
	all := []access.Subject{
		some(ada), some(ben), some(olga), some(mina), some(lotte), some(gone), access.SomeGroup("play/security"), access.SomeGroup("play/empty"),
		access.SomeGroup("play/crowd"), access.SomeGroup("play/unknown"), {Kind: access.SubjectManager}, {Kind: access.SubjectCatalogOwners}, {Kind: access.SubjectPackageOwner},
	}
	m.rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+m.rand.IntN(3)]
}

func (m *maybe) stages() []access.Stage {
	var out []access.Stage
	for range m.rand.IntN(3) {
		s := access.Stage{Approvers: m.subjects(), Within: some1(m, 0, 4*24*time.Hour), ReasonRequired: m.sometimes(30)}
		s.Quorum = some1(m, 0, min(2, len(s.Approvers)))
		if m.sometimes(40) {
			s.Fallbacks = m.subjects()
		}
		out = append(out, s)
	}
	return out
}

func (m *maybe) policy(id access.PolicyID) access.Policy {
	now := m.clock.Now()
	return access.Policy{
		ID: id, Name: string(id), Closed: m.sometimes(10), Choosable: m.sometimes(50), Justification: m.sometimes(30), Stages: m.stages(),
		Requestors: some1(m, access.Scope{Members: true}, access.Scope{Outsiders: true}, access.Scope{Groups: []access.GroupID{"play/security"}}, access.Scope{Members: true, Outsiders: true}),
		OnBehalf:   some1(m, access.OnBehalf{}, access.OnBehalf{Managers: true}),
		Questions:  some1(m, nil, []access.Question{{ID: "why", Kind: access.ShortText, Label: access.Say("Why?"), Required: true, Pattern: "[A-Z]+"}}),
		Lifecycle: some1(m, access.Lifecycle{Ends: access.EndsNever}, access.Lifecycle{Ends: access.EndsDuration, For: 240 * time.Hour, OwnTimes: true},
			access.Lifecycle{Ends: access.EndsOnDate, On: now.Add(90 * 24 * time.Hour).UTC()}, access.Lifecycle{Ends: access.EndsOnDate, On: now.Add(-time.Hour).UTC()}),
	}
}

func (m *maybe) pack(n int) access.Package {
	p := access.Package{
		ID: access.PackageID(fmt.Sprintf("p%d", n%7)), Catalog: access.General, Name: "P", Roles: []access.RoleRef{{Resource: "lab", Role: "member"}},
		Policies: []access.Policy{m.policy("one")},
		Routing:  some1(m, access.Routing{}, access.Routing{Channels: []access.Channel{"play/approvals"}, ChannelOnly: m.sometimes(50)}),
	}
	if m.sometimes(50) {
		p.Policies = append(p.Policies, m.policy("two"))
	}
	if m.sometimes(30) {
		p.Terms = &access.Terms{Text: access.Say("Be kind.")}
	}
	if m.sometimes(20) && p.ID != "p0" {
		p.Incompatible = []access.PackageID{"p0"}
	}
	return p
}

// once makes up a case, simulates it, and then does it.
func (m *maybe) once(n int) {
	m.t.Helper()
	p := m.pack(n)
	if n == 0 {
		p.ID = "p0"
	}
	if _, err := m.r.Apply(m.t.Context(), tenant, person(some1(m, olga, mina)), m.id("define"), runtime.Definitions{Packages: []access.Package{p}}); err != nil {
		m.t.Fatal(err)
	}
	w := runtime.Wish{Asker: some1(m, mina, carla, ada, olga), Package: p.ID, Policy: some1(m, "", "", "", access.PolicyID("two"))}
	if m.sometimes(20) {
		w.Asker, w.Holder = ada, person(mina)
	}
	if m.sometimes(20) {
		w.Start = m.clock.Now().Add(24 * time.Hour)
	}
	m.store.counts()
	sim, err := m.r.Simulate(m.t.Context(), tenant, w)
	if err != nil {
		m.t.Fatal(err)
	}
	if _, commits := m.store.counts(); commits != 0 {
		m.t.Errorf("a simulation wrote %d times", commits)
	}
	m.same(w, sim, p)
}

// same makes the request and compares.
func (m *maybe) same(w runtime.Wish, sim runtime.Simulation, p access.Package) {
	m.t.Helper()
	holder := w.Holder
	if holder == "" {
		holder = person(w.Asker)
	}
	v, err := m.r.Do(m.t.Context(), tenant, w.Asker, holder, m.id("ask"), func(meta engine.Meta) engine.Command {
		return engine.Submit{Meta: meta, Package: w.Package, Policy: w.Policy, Start: w.Start, Justification: "J", Answers: m.answers(p, sim, w)}
	})
	e, _ := access.AsError(err)
	if fmt.Sprint(e) != fmt.Sprint(sim.Refused) {
		m.t.Fatalf("refused with %v, simulated %v", e, sim.Refused)
	}
	if sim.Supposed {
		m.seen["supposed"]++
	}
	if e != nil {
		m.seen[e.Code]++
		return
	}
	m.seen["taken"]++
	settle()
	want := sim.Ledger.Request(sim.Request)
	for n, stage := range sim.Stages {
		m.sameStage(holder, v.Request, n, stage)
	}
	got := m.now(holder, v.Request)
	if len(got.Stages) != len(sim.Stages) || got.Policy != want.Policy || !got.Window.Equal(want.Window) && !got.Window.Equal(want.Window.From(m.clock.Now())) && want.Window.For == 0 {
		m.t.Errorf("%d stages, policy %v, %v; simulated %d, %v, %v", len(got.Stages), got.Policy, got.Window, len(sim.Stages), want.Policy, want.Window)
	}
	if plain(got.State) != plain(want.State) {
		m.t.Errorf("it is %s, simulated %s", got.State, want.State)
	}
	m.seen[string(got.State)]++
}

// plain is a state without how far delivery got.
func plain(s access.RequestState) access.RequestState {
	if s == access.Delivered {
		return access.Delivering
	}
	return s
}

// answers are for the policy that counts.
func (m *maybe) answers(p access.Package, sim runtime.Simulation, w runtime.Wish) access.Answers {
	for _, policy := range sim.Fitting {
		if (w.Policy == "" || w.Policy == policy.ID) && len(policy.Questions) > 0 {
			return access.Answers{"why": {"YES"}}
		}
		if w.Policy == "" {
			return nil
		}
	}
	return nil
}

// now is a request as it stands.
func (m *maybe) now(p access.PersonID, id access.RequestID) access.Request {
	m.t.Helper()
	l := m.store.ledgerOf(p)
	r := l.Request(id)
	if r == nil {
		m.t.Fatalf("request %d of %s is gone", id, p)
	}
	return *r
}

// sameStage compares a stage and decides in it.
func (m *maybe) sameStage(holder access.PersonID, id access.RequestID, n int, sim runtime.SimulatedStage) {
	m.t.Helper()
	r := m.now(holder, id)
	run, open := r.Open()
	if run == nil || open != n {
		m.t.Fatalf("stage %d is open, simulated %d", open, n)
	}
	if run.Due.Sub(run.Opened) != sim.Run.Due.Sub(sim.Run.Opened) || n == 0 && run.Due.Sub(sim.Run.Due).Abs() > time.Second {
		m.t.Errorf("stage %d is due at %v, simulated %v", n, run.Due, sim.Run.Due)
	}
	got, want := asksOf(*run), asksOf(sim.Run)
	if diff := cmp.Diff(want, got); diff != "" {
		m.t.Errorf("stage %d asks others than simulated: %s", n, diff)
	}
	if diff := cmp.Diff(placesOf(sim.Places), placesOf(m.places(holder, id, n))); diff != "" {
		m.t.Errorf("stage %d goes elsewhere than simulated: %s", n, diff)
	}
	m.note(n, sim)
	for _, p := range slices.Sorted(maps.Keys(sim.Unable)) {
		_, err := m.approve(p, holder, id, n)
		if e, _ := access.AsError(err); e == nil || e.Code != sim.Unable[p] {
			m.t.Errorf("%s gets %v, simulated %s", p, err, sim.Unable[p])
		}
	}
	for _, p := range sim.LeftOut {
		if _, err := m.approve(p, holder, id, n); !access.IsCode(err, "ownRequest") {
			m.t.Errorf("%s, who is left out, gets %v", p, err)
		}
	}
	m.passes(holder, id, n, sim)
}

func (m *maybe) note(n int, sim runtime.SimulatedStage) {
	for what, is := range map[string]bool{
		"second stage": n == 1, "left out": len(sim.LeftOut) > 0, "unable": len(sim.Unable) > 0, "stuck": !sim.Passes,
		"channel":   slices.ContainsFunc(sim.Places, func(p access.Place) bool { return p.Channel != "" }),
		"fallbacks": slices.ContainsFunc(sim.Run.Asks, func(a access.Ask) bool { return a.Level == access.AskFallbacks }),
		"whole": slices.ContainsFunc(sim.Run.Asks, func(a access.Ask) bool {
			return slices.ContainsFunc(a.Found, func(f access.Found) bool { return f.Whole })
		}),
	} {
		if is {
			m.seen[what]++
		}
	}
}

// passes lets everybody approve until the stage is passed.
func (m *maybe) passes(holder access.PersonID, id access.RequestID, n int, sim runtime.SimulatedStage) {
	m.t.Helper()
	able := append(sim.Run.People(), person(dora), person(emil))
	for _, p := range able {
		r := m.now(holder, id)
		if _, open := r.Open(); open != n {
			break
		}
		if slices.Contains(sim.LeftOut, p) || sim.Unable[p] != "" {
			continue
		}
		if _, err := m.approve(p, holder, id, n); err != nil && slices.Contains(sim.Run.People(), p) && !access.IsCode(err, "decidedByYou") {
			m.t.Errorf("%s cannot decide: %v", p, err)
		}
	}
	settle()
	r := m.now(holder, id)
	_, open := r.Open()
	if (open != n) != sim.Passes {
		m.t.Errorf("stage %d passes: %v, simulated %v", n, open != n, sim.Passes)
	}
}

func (m *maybe) approve(p, holder access.PersonID, id access.RequestID, n int) (runtime.View, error) {
	return m.r.Do(m.t.Context(), tenant, access.Account(p), holder, m.id("decide"), func(meta engine.Meta) engine.Command {
		return engine.Decide{Meta: meta, Request: id, Stage: n, Face: 1 << 30, Verdict: access.Approve, Reason: "R"}
	})
}

// asksOf is who is asked, without when.
func asksOf(run access.StageRun) []access.Ask {
	out := slices.Clone(run.Asks)
	for i := range out {
		out[i].At = time.Time{}
	}
	return out
}

func (m *maybe) places(holder access.PersonID, id access.RequestID, n int) []access.Place {
	var out []access.Place
	for _, c := range m.store.ledgerOf(holder).Cards {
		if c.Kind == access.CardApprover && c.Request == id && c.Mark == fmt.Sprint(n+1) {
			out = append(out, c.Place)
		}
	}
	return out
}

func placesOf(list []access.Place) []string {
	var out []string
	for _, p := range list {
		out = append(out, string(p.Person)+string(p.Channel))
	}
	return out
}
