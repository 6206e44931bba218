package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// recorded is a command with the world that it was decided in.
type recorded struct {
	c engine.Command
	w engine.World
}

// model plays random commands, faults and times on one ledger.
type model struct {
	*play
	t        *rapid.T
	recorded []recorded
	flying   []engine.Effect // started, result not in yet
	late     []engine.Result // results whose reply came after their time
}

var names = []string{"carla", "mina", "ada", "ben", "ida", "olga", "max", "root", "kim"}

func (m *model) do(c engine.Command) error {
	w := m.w
	w.Packages = maps.Clone(m.w.Packages)
	_, err := m.step(c)
	if err == nil {
		m.recorded = append(m.recorded, recorded{c, w})
	} else if _, refusal := access.AsError(err); !refusal {
		m.t.Fatalf("%T failed with what is no refusal: %v", c, err)
	}
	return err
}

func (m *model) by(label string) engine.Meta {
	a := cast(rapid.SampledFrom(names).Draw(m.t, label))
	a.ManagerOf = a.Person == "max"
	return m.meta(a)
}

func (m *model) id() access.RequestID {
	return access.RequestID(rapid.IntRange(0, int(m.l.Next)).Draw(m.t, "id"))
}

// person lets somebody do something, sensible or not.
func (m *model) person() {
	t, meta := m.t, m.by("who")
	holder := rapid.Float64().Draw(t, "own") < 0.5
	if holder {
		meta.Actor = cast(string(m.l.Person))
	}
	id := m.id()
	stage, face := m.shown(id)
	pkg := rapid.SampledFrom([]access.PackageID{"contractor", "production", "wiki", "audit", "badge", "none"}).Draw(t, "package")
	length := time.Duration(rapid.IntRange(0, 400).Draw(t, "hours")) * time.Hour
	end := time.Time{}
	if rapid.Bool().Draw(t, "with end") {
		end = m.now.Add(length)
	}
	reason := rapid.SampledFrom([]string{"", "because"}).Draw(t, "reason")
	verdict := rapid.SampledFrom([]access.Verdict{access.Approve, access.Approve, access.Deny}).Draw(t, "verdict")
	answers := access.Answers{"country": {"de"}}
	if pkg != "contractor" {
		answers = nil
	}
	commands := []engine.Command{
		engine.Submit{Meta: meta, Package: pkg, Justification: reason, Answers: answers, Target: cast(string(m.l.Person)), End: end},
		engine.Submit{Meta: meta, Package: pkg, Justification: "why", Answers: answers, Target: cast(string(m.l.Person))},
		engine.Decide{Meta: meta, Request: id, Stage: stage, Face: face, Verdict: verdict, Reason: reason},
		engine.Decide{Meta: meta, Request: id, Stage: stage, Face: face, Verdict: access.Approve, Reason: "yes"},
		engine.Claim{Meta: meta, Request: id, Stage: stage},
		engine.Withdraw{Meta: meta, Request: id}, engine.Cancel{Meta: meta, Request: id, Reason: reason},
		engine.AnswerTerms{Meta: meta, Request: id, Accept: verdict == access.Approve},
		engine.Release{Meta: meta, Assignment: id}, engine.Revoke{Meta: meta, Assignment: id},
		engine.Extend{Meta: meta, Assignment: id, Justification: "more", End: end},
		engine.Assign{Meta: meta, Package: pkg, End: end}, engine.Retry{Meta: meta, Assignment: id},
		engine.TaskAnswer{Meta: meta, Role: ref("badge/holder"), Op: access.OpGrant, Done: verdict == access.Approve, Reason: reason},
		engine.TaskAnswer{Meta: meta, Role: ref("badge/holder"), Op: access.OpRevoke, Done: true},
		engine.Amend{Meta: meta, Request: id, Stage: stage, Answers: access.Answers{"country": {"jp"}}},
		engine.Refresh{Meta: meta},
	}
	_ = m.do(rapid.SampledFrom(commands).Draw(t, "command"))
}

// worker starts what is owed, or brings results, or loses them.
func (m *model) worker() {
	switch rapid.IntRange(0, 4).Draw(m.t, "worker") {
	case 0:
		d, err := engine.Step(m.l, engine.Tick{Meta: m.meta(access.SystemActor())}, m.w)
		if err == nil {
			tick := engine.Tick{Meta: engine.Meta{ID: engine.CommandID(fmt.Sprintf("c%d", m.n)), At: m.now, Actor: access.SystemActor()}}
			_ = m.do(tick)
			m.flying = append(m.flying, d.Started...)
		}
	case 1: // done, and the reply is lost or comes late
		if len(m.flying) > 0 {
			m.late = append(m.late, m.out.do(m.pluck()))
		}
	case 2:
		if len(m.late) > 0 {
			r := m.late[0]
			m.late = m.late[1:]
			_ = m.do(engine.Done{Meta: m.meta(access.SystemActor()), Results: []engine.Result{r}})
		}
	default:
		if len(m.flying) > 0 {
			_ = m.do(engine.Done{Meta: m.meta(access.SystemActor()), Results: []engine.Result{m.out.do(m.pluck())}})
		}
	}
}

func (m *model) pluck() engine.Effect {
	i := rapid.IntRange(0, len(m.flying)-1).Draw(m.t, "effect")
	e := m.flying[i]
	m.flying = slices.Delete(m.flying, i, i+1)
	return e
}

// nature changes times, connectors, groups and packages.
func (m *model) nature() {
	t := m.t
	switch rapid.IntRange(0, 5).Draw(t, "nature") {
	case 0, 1, 2:
		m.now = m.now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "pass")) * rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour}).Draw(t, "unit"))
		// An effect ends after 10 seconds: what was started is done by now and
		// its reply is late, or it was lost with the process.
		for _, e := range m.flying {
			if rapid.Bool().Draw(t, "late") {
				m.late = append(m.late, m.out.do(e))
			}
		}
		m.flying = nil
	case 3:
		role := rapid.SampledFrom([]string{"site/reader", "wiki/editor", "prod/operator", "team/member"}).Draw(t, "role")
		m.out.mode[ref(role)] = rapid.SampledFrom([]string{"", "", "failing", "broken", "losing", "blind"}).Draw(t, "mode")
	case 4:
		m.out.people["group security"] = rapid.SampledFrom([][]access.PersonID{{"ada", "ben"}, {"ada"}, nil, {"ada", "ben", "ida"}}).Draw(t, "group")
	case 5:
		p := m.w.Packages["wiki"]
		p.Revision++
		p.Roles = rapid.SampledFrom([][]access.RoleRef{{ref("site/reader"), ref("wiki/editor")}, {ref("wiki/editor")}, {ref("forum/member"), ref("site/reader")}}).Draw(t, "roles")
		put(&m.w, p)
	}
}

// TestModel plays random lives of a ledger. After every command Check holds
// and the ledger that went in is unchanged (play.step). Then all faults end,
// the outside becomes what the assignments say, and the recorded commands and
// the audit each tell the same story again.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, life)
}

// FuzzStep is the same, steered by coverage.
func FuzzStep(f *testing.F) { f.Fuzz(rapid.MakeFuzz(life)) }

func life(t *rapid.T) {
	m := &model{play: newPlay(rapid.SampledFrom([]string{"carla", "mina"}).Draw(t, "holder")), t: t}
	for range rapid.IntRange(5, 80).Draw(t, "length") {
		switch rapid.IntRange(0, 5).Draw(t, "turn") {
		case 0, 1:
			m.person()
		case 2:
			m.nature()
		default:
			m.worker()
		}
	}
	m.settleDown()
	m.checkOutside()
	m.checkAudit()
	m.checkReplay()
}

// settleDown ends all faults and lets the worker run for three hours, with
// every task done.
func (m *model) settleDown() {
	m.flying = nil
	clear(m.out.mode)
	for _, r := range m.late {
		_ = m.do(engine.Done{Meta: m.meta(access.SystemActor()), Results: []engine.Result{r}})
	}
	stop := m.now.Add(3 * time.Hour)
	for range 2000 {
		effects, next := engine.Due(m.l, m.w, m.now)
		if len(effects) == 0 && (next.IsZero() || next.After(m.now)) {
			if h := m.l.Roles[ref("badge/holder")]; h != nil && h.Task != nil && h.Task.People != nil {
				_ = m.do(engine.TaskAnswer{Meta: m.meta(cast("ben")), Role: ref("badge/holder"), Op: h.Task.Op, Done: true})
				m.out.held[ref("badge/holder")] = h.Task.Op == access.OpGrant
				continue
			}
			if next.IsZero() || next.After(stop) {
				return
			}
			m.now = next
			continue
		}
		tick := engine.Tick{Meta: m.meta(access.SystemActor())}
		before := m.l
		_ = m.do(tick)
		d, _ := engine.Step(before, tick, m.w)
		var results []engine.Result
		for _, e := range d.Started {
			results = append(results, m.out.do(e))
		}
		_ = m.do(engine.Done{Meta: m.meta(access.SystemActor()), Results: results})
	}
	m.t.Fatalf("never comes to rest: %v", m.summary())
}

// checkOutside: holders have what assignments that are on say (apart from what
// failed for good and waits for an admin), and nothing more.
func (m *model) checkOutside() {
	want := map[access.RoleRef]bool{}
	for _, a := range m.l.Assignments {
		if !a.State.On() {
			continue
		}
		for _, r := range m.w.Packages[a.Package].Roles {
			want[r] = true
		}
	}
	for r, has := range m.out.held {
		if has && !want[r] && (m.l.Roles[r] == nil || m.l.Roles[r].Try.Fails == 0) {
			m.t.Fatalf("%s is held and nothing gives it: %v", r, m.summary())
		}
	}
	for r := range want {
		if h := m.l.Roles[r]; !m.out.held[r] && r.Resource != "badge" && (h == nil || h.Failed == "") {
			m.t.Fatalf("%s is wanted and not held: %v", r, m.summary())
		}
	}
	for _, c := range m.l.Cards {
		if face := engine.FaceOf(m.l, c); c.Ref != "" && !c.Done && c.Try.Fails == 0 && m.out.drawn[c.Ref] != face {
			m.t.Fatalf("card %v shows face %d, not %d", c.Key(), m.out.drawn[c.Ref], face)
		}
	}
}

// checkAudit: the audit alone says what the ledger and the archive say.
func (m *model) checkAudit() {
	told := engine.Rebuild(m.events)
	check := func(r access.Request, a *access.Assignment) {
		want := engine.Told{State: r.State, Window: r.Window}
		if a != nil && a.ID == r.ID {
			want.Standing = a.State
		}
		for _, run := range r.Stages {
			want.Decisions = append(want.Decisions, run.Decisions...)
		}
		if diff := cmp.Diff(want, told[r.ID]); diff != "" {
			m.t.Fatalf("the audit tells request %d otherwise (-ledger +audit):\n%s", r.ID, diff)
		}
		delete(told, r.ID)
	}
	for _, r := range m.l.Requests {
		check(r, m.l.Assignment(r.Assignment))
	}
	for _, c := range m.archived {
		for _, r := range c.Requests {
			check(r, c.Assignment)
		}
	}
	if len(told) > 0 {
		m.t.Fatalf("the audit tells of requests that are nowhere: %v", told)
	}
}

// checkReplay: the same commands in the same worlds lead to the same ledger.
func (m *model) checkReplay() {
	l := engine.New(m.l.Tenant, m.l.Person)
	for _, r := range m.recorded {
		d, err := engine.Step(l, r.c, r.w)
		if err != nil {
			m.t.Fatalf("replay refuses %T: %v", r.c, err)
		}
		coded, err := engine.Encode(d.Next)
		if err != nil {
			m.t.Fatal(err)
		}
		if l, err = engine.Decode(coded); err != nil {
			m.t.Fatal(err)
		}
	}
	want, _ := engine.Encode(m.l)
	got, _ := engine.Encode(l)
	if string(want) != string(got) {
		m.t.Fatalf("the replay ends elsewhere:\n%s\n%s", want, got)
	}
}
