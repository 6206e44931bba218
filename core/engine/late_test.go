package engine_test

import (
	"slices"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// grantStarted is mina's wiki with both grants on their way.
func grantStarted(t *testing.T) (*play, engine.Effect) {
	t.Helper()
	p := newPlay("mina")
	if _, err := p.step(engine.Submit{Meta: p.meta(cast("mina")), Package: "wiki"}); err != nil {
		t.Fatal(err)
	}
	for _, e := range p.tick() {
		if r, ok := e.(engine.RoleEffect); ok && r.Role == ref("wiki/editor") {
			return p, e
		}
	}
	t.Fatal("no grant was started")
	return nil, nil
}

// A grant that comes through after everything was taken and forgotten is found
// by its late reply.
func TestLateGrantIsTakenAway(t *testing.T) {
	t.Parallel()
	p, grant := grantStarted(t)
	if _, err := p.step(engine.Cancel{Meta: p.meta(cast("max")), Request: 1}); err != nil {
		t.Fatal(err)
	}
	p.until(p.now.Add(time.Hour))
	if len(p.l.Roles) != 0 {
		t.Fatalf("roles are left: %v", p.l.Roles)
	}
	p.done(p.out.do(grant))
	if !p.out.held[ref("wiki/editor")] {
		t.Fatal("the grant did not come through")
	}
	p.until(p.now.Add(time.Minute))
	if p.out.held[ref("wiki/editor")] {
		t.Error("what came through late is still held")
	}
}

// A late reply while a look is under way makes the look worthless: another one
// follows.
func TestLateReplyDuringALook(t *testing.T) {
	t.Parallel()
	p, grant := grantStarted(t)
	p.now = p.now.Add(time.Minute) // past its time: unknown, so it is looked at
	var look engine.Effect
	for _, e := range p.tick() {
		if r, ok := e.(engine.RoleEffect); ok && r.Role == ref("wiki/editor") {
			look = e
		}
	}
	seen := p.out.do(look) // absent
	p.done(p.out.do(grant))
	p.done(seen)
	owed, _ := engine.Due(p.l, p.w, p.now)
	for _, e := range owed {
		if r, ok := e.(engine.RoleEffect); ok && r.Role == ref("wiki/editor") {
			if r.Op != access.OpVerify {
				t.Errorf("owed %s, want another look", r.Op)
			}
			return
		}
	}
	t.Error("nothing is owed for a role in doubt")
}

// Of two times that fall together, the end of the access comes before the
// deadline of its decision: both time the request out, with the reason that
// people understand.
func TestEndComesBeforeDeadline(t *testing.T) {
	t.Parallel()
	p := newPlay("carla")
	p.now = date("2026-09-17 00:00") // the deadline of 14 days is the end
	ask := engine.Submit{Meta: p.meta(cast("carla")), Package: "contractor", Justification: "x", Answers: access.Answers{"country": {"de"}}}
	if _, err := p.step(ask); err != nil {
		t.Fatal(err)
	}
	p.l.Requests[0].Stages[0].Due = p.l.Requests[0].Window.End
	p.now = date("2026-10-02 00:00")
	p.tick()
	if got := p.l.Request(1); got == nil || got.State != access.TimedOut || got.EndCode != "endPassed" {
		t.Errorf("%+v", got)
	}
}

// Nothing is archived before the owners were told of a role that was left.
func TestNoArchiveBeforeAllAreTold(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	p.out.held[ref("wiki/editor")], p.out.own[ref("wiki/editor")] = true, true
	if _, err := p.step(engine.Submit{Meta: p.meta(cast("mina")), Package: "wiki", For: time.Hour}); err != nil {
		t.Fatal(err)
	}
	p.work()
	p.now = p.now.Add(2 * time.Hour)
	for range 20 {
		for _, e := range p.tick() {
			if _, resolve := e.(engine.ResolveEffect); !resolve {
				p.done(p.out.do(e))
			}
		}
	}
	if len(p.archived) > 0 || p.l.Request(1) == nil {
		t.Error("archived although the owners were not told")
	}
	p.until(p.now.Add(time.Hour))
	if len(p.archived) != 1 {
		t.Errorf("%d cases archived after all were told", len(p.archived))
	}
}

func TestWhoeverAsksToWaitSaysHowLong(t *testing.T) {
	t.Parallel()
	p := newPlay("carla")
	p.must(t, engine.Submit{Meta: p.meta(cast("carla")), Package: "wiki"})
	first := p.tick()
	at := p.now.Add(3 * time.Second)
	for _, e := range first {
		r := p.out.do(e)
		if _, card := e.(engine.CardEffect); card {
			r = engine.Result{Key: e.Key(), Attempt: e.AttemptN(), Fail: access.FailRetry, Code: "busy", RetryAt: at}
		}
		p.done(r)
	}
	owed := func(now time.Time) bool {
		list, _ := engine.Due(p.l, p.w, now)
		return slices.ContainsFunc(list, func(e engine.Effect) bool {
			c, ok := e.(engine.CardEffect)
			return ok && c.Card.Kind == access.CardRequestor
		})
	}
	if owed(at.Add(-time.Millisecond)) || !owed(at) {
		t.Error("the card is not due again when the chat asked for it")
	}
}

// Whoever is asked to do something until a deadline has until the end of the
// access at most, and it is told which of the two steps was not taken.
func TestNoDeadlineLiesAfterTheEnd(t *testing.T) {
	t.Parallel()
	for code, approves := range map[string]bool{"endPassed": false, "endBeforeTerms": true} {
		p := newPlay("carla")
		p.now = date("2026-09-25 00:00")
		end := date("2026-10-01 00:00")
		p.must(t, engine.Submit{Meta: p.meta(cast("carla")), Package: "contractor", Justification: "x", Answers: access.Answers{"country": {"de"}}})
		if run, _ := p.l.Request(1).Open(); !run.Due.Equal(end) || !run.RemindAt.Equal(date("2026-09-28 00:00")) {
			t.Errorf("to be decided by %v, reminded at %v", run.Due, run.RemindAt)
		}
		p.work()
		if approves {
			p.must(t, engine.Decide{Meta: p.meta(cast("olga")), Request: 1, Stage: 0, Face: p.l.Request(1).Face, Verdict: access.Approve, Reason: "ok"})
			if due := p.l.Request(1).TermsDue; !due.Equal(end) {
				t.Errorf("to be accepted by %v", due)
			}
		}
		p.now = end
		p.tick()
		if r := p.l.Request(1); r.State != access.TimedOut || r.EndCode != code {
			t.Errorf("%s, %s, want %s", r.State, r.EndCode, code)
		}
	}
}

// An extension is to be decided before the end that holds now.
func TestNoExtensionIsDueAfterThePresentEnd(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	w := p.w.Packages["wiki"]
	p.must(t, engine.Submit{Meta: p.meta(cast("mina")), Package: "wiki"})
	p.work()
	end := p.l.Assignments[0].Window.End
	w.Policies[0].ExtensionApproval, w.Policies[0].Version = true, 2
	w.Policies[0].Stages = []access.Stage{{Approvers: []access.Subject{access.SomePerson("ida")}}}
	put(&p.w, w)
	p.must(t, engine.Extend{Meta: p.meta(cast("mina")), Assignment: 1})
	if run, _ := p.l.Request(2).Open(); !run.Due.Equal(end) || !p.l.Request(2).Window.End.After(end) {
		t.Errorf("to be decided by %v, the access ends %v", run.Due, end)
	}
}
