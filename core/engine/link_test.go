package engine_test

import (
	"slices"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// two ledgers of what turns out to be one human: mina's and carla's.
type pair struct {
	mina, carla *play
}

func newPair(t *testing.T) pair {
	t.Helper()
	p := pair{newPlay("mina"), newPlay("carla")}
	p.carla.w = p.mina.w
	return p
}

func (p pair) merge() (engine.Merged, error) {
	meta := p.mina.meta(cast("mina"))
	return engine.Merge(p.mina.l, p.carla.l, meta, p.mina.w)
}

func (p *play) must(t *testing.T, c engine.Command) {
	t.Helper()
	if _, err := p.step(c); err != nil {
		t.Fatal(err)
	}
}

// approve is an actor's press on Approve on the card as it is.
func approve(p *play, by access.Actor) engine.Command {
	return engine.Decide{Meta: p.meta(by), Request: 1, Verdict: access.Approve, Face: p.l.Request(1).Face}
}

func TestMergedLedgersKeepEverything(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.mina.must(t, engine.Submit{Meta: p.mina.meta(cast("mina")), Package: "production"})
	p.carla.must(t, engine.Submit{Meta: p.carla.meta(cast("carla")), Package: "wiki"})
	p.carla.work()
	held := len(p.carla.l.Roles)
	m, err := p.merge()
	if err != nil {
		t.Fatal(err)
	}
	l := m.Kept.Next
	if err := engine.Check(l); err != nil {
		t.Fatal(err)
	}
	if a := l.Assignment(2); a == nil || a.Package != "wiki" || a.State != access.AssignmentActive || len(l.Roles) != held || l.Next != 3 {
		t.Errorf("what carla held: %+v, %d roles of %d, next %d", a, len(l.Roles), held, l.Next)
	}
	if r := l.Request(2); r.Asker != "mina" || r.Via != "carla" {
		t.Errorf("asked by %s via %s", r.Asker, r.Via)
	}
	if len(m.Gone) != 1 || m.Gone[0].Person != "carla" || *m.Gone[0].Forward != (access.Forward{To: "mina", Shift: 1}) || engine.Check(m.Gone[0]) != nil {
		t.Errorf("gone: %+v", m.Gone)
	}
	if p.carla.l.Forward != nil || len(p.mina.l.Requests) != 1 {
		t.Error("an argument was changed")
	}
}

func TestAThirdLedgerForwardsInOneHop(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	first, err := p.merge()
	if err != nil {
		t.Fatal(err)
	}
	kim := newPlay("kim")
	kim.must(t, engine.Submit{Meta: kim.meta(cast("kim")), Package: "wiki"})
	m, err := engine.Merge(kim.l, first.Kept.Next, kim.meta(cast("kim")), kim.w)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []access.PersonID{"mina", "carla"} {
		if g := m.Gone[i]; g.Person != want || g.Forward.To != "kim" || g.Forward.Shift != 1 {
			t.Errorf("%d: %+v", i, g)
		}
	}
}

func TestMergeIsRefused(t *testing.T) {
	t.Parallel()
	ask := func(p *play, who string, pack access.PackageID) engine.Command {
		return engine.Submit{Meta: p.meta(cast(who)), Package: pack}
	}
	for code, prepare := range map[string]func(t *testing.T, p pair){
		"linkTwice": func(t *testing.T, p pair) {
			p.mina.must(t, ask(p.mina, "mina", "wiki"))
			p.carla.must(t, ask(p.carla, "carla", "wiki"))
			p.mina.work()
			p.carla.work()
		},
		"linkApart": func(t *testing.T, p pair) {
			p.carla.l.Person = "ida"
			p.mina.must(t, ask(p.mina, "mina", "production"))
			p.carla.must(t, ask(p.carla, "ida", "audit"))
			p.mina.work()
			p.carla.work()
		},
		"linkRole": func(t *testing.T, p pair) {
			p.carla.l.Person = "ida"
			p.carla.must(t, ask(p.carla, "ida", "audit"))
			p.carla.work()
			p.carla.must(t, approve(p.carla, cast("max")))
			p.carla.work()
			p.mina.must(t, ask(p.mina, "mina", "wiki"))
			p.mina.work()
		},
		"linkBusy": func(t *testing.T, p pair) {
			p.carla.must(t, ask(p.carla, "carla", "wiki"))
			p.carla.must(t, engine.Tick{Meta: p.carla.meta(access.SystemActor())})
		},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			prepare(t, p)
			_, err := p.merge()
			if refusal, ok := access.AsError(err); !ok || refusal.Code != code {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDecisionsOnWhatTurnsOutToBeOnesOwnAreVoid(t *testing.T) {
	t.Parallel()
	p := pair{newPlay("ada"), newPlay("mina")}
	p.carla.must(t, engine.Submit{Meta: p.carla.meta(cast("mina")), Package: "production"})
	p.carla.work()
	p.carla.must(t, approve(p.carla, cast("ada")))
	m, err := p.merge()
	if err != nil {
		t.Fatal(err)
	}
	l := m.Kept.Next
	run := l.Request(1).Stages[0]
	if run.Approvals() != 0 || run.Decisions[0].Void != "own" || l.Request(1).State != access.PendingApproval || engine.Check(l) != nil {
		t.Errorf("stage: %+v, %v", run, engine.Check(l))
	}
	ada := cast("ada")
	ada.Also = []access.PersonID{"mina"}
	again := engine.Decide{Meta: p.mina.meta(ada), Request: 1, Verdict: access.Approve, Face: l.Request(1).Face}
	_, err = engine.Step(l, again, p.mina.w)
	if refusal, _ := access.AsError(err); refusal == nil || refusal.Code != "ownRequest" {
		t.Errorf("decided again: %v", err)
	}
}

func TestAStagePassedByOneselfEndsTheRequest(t *testing.T) {
	t.Parallel()
	p := pair{newPlay("ada"), newPlay("mina")}
	p.carla.must(t, engine.Submit{Meta: p.carla.meta(cast("mina")), Package: "production"})
	p.carla.work()
	for _, who := range []string{"ada", "ben"} {
		p.carla.must(t, approve(p.carla, cast(who)))
	}
	p.carla.work()
	m, err := p.merge()
	if err != nil {
		t.Fatal(err)
	}
	if r := m.Kept.Next.Request(1); r.State != access.Canceled || r.EndCode != "decidedByOne" {
		t.Errorf("%s, %s", r.State, r.EndCode)
	}
}

func TestOneHumanCountsOnceInAStage(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	p.must(t, engine.Submit{Meta: p.meta(cast("mina")), Package: "production"})
	p.work()
	p.must(t, approve(p, cast("ada")))
	ben := cast("ben")
	ben.Also = []access.PersonID{"ada"}
	_, err := p.step(approve(p, ben))
	if refusal, _ := access.AsError(err); refusal == nil || refusal.Code != "decidedByYou" {
		t.Errorf("decided twice: %v", err)
	}
	p.must(t, approve(p, cast("ben")))
	p.must(t, engine.Linked{Meta: p.meta(access.SystemActor()), Persons: []access.PersonID{"ada", "ben"}})
	if r := p.l.Request(1); r.State != access.Canceled || r.Stages[0].Decisions[1].Void != "twice" {
		t.Errorf("%s, %+v", r.State, r.Stages[0].Decisions)
	}
}

func TestAnUnprovenAccountDecidesNothing(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	p.must(t, engine.Submit{Meta: p.meta(cast("mina")), Package: "production"})
	p.work()
	ada := cast("ada")
	ada.Unproven = true
	_, err := p.step(approve(p, ada))
	if refusal, _ := access.AsError(err); refusal == nil || refusal.Code != "accountUnproven" {
		t.Errorf("got %v", err)
	}
}

func TestWhatFailedForWantOfAnAccountIsTriedAgain(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.mina.must(t, engine.Submit{Meta: p.mina.meta(cast("mina")), Package: "wiki"})
	for _, e := range p.mina.tick() {
		r := p.mina.out.do(e)
		if role, ok := e.(engine.RoleEffect); ok && role.Role.Resource == "wiki" {
			r = engine.Result{Key: e.Key(), Attempt: e.AttemptN(), Fail: access.FailHuman, Code: engine.NoAccount}
		}
		p.mina.done(r)
	}
	p.mina.work()
	if s := p.mina.l.Request(1).State; s != access.PartiallyDelivered {
		t.Fatal(s)
	}
	m, err := p.merge()
	if err != nil {
		t.Fatal(err)
	}
	owed, _ := engine.Due(m.Kept.Next, p.mina.w, m.Kept.Next.Last.Add(time.Second))
	again := slices.ContainsFunc(owed, func(e engine.Effect) bool {
		role, ok := e.(engine.RoleEffect)
		return ok && role.Role.Resource == "wiki"
	})
	if !again || m.Kept.Next.Request(1).State != access.Delivering {
		t.Errorf("owed: %+v", owed)
	}
}
