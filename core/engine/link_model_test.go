package engine_test

import (
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// TestMergedLives plays random lives of two ledgers, merges them at some
// moment and plays on. Check holds all the time, the arguments of Merge are
// unchanged, and after the faults end the outside is what the assignments of
// the one ledger say, every card shows its face, and the audit of both names
// tells the same story.
func TestMergedLives(t *testing.T) {
	t.Parallel()
	merged := 0
	rapid.Check(t, func(t *rapid.T) {
		a := &model{play: newPlay("mina"), t: t}
		b := &model{play: newPlay(rapid.SampledFrom([]string{"carla", "ida", "ada"}).Draw(t, "other")), t: t}
		b.w, b.out.name = a.w, "b/"
		a.lives(30)
		b.now = a.now
		b.lives(30)
		a.now = b.now
		if !a.merge(b) {
			return
		}
		merged++
		a.lives(30)
		a.settleDown()
		a.checkOutside()
		a.checkAudit()
	})
	if merged == 0 {
		t.Error("no two ledgers could be merged")
	}
}

// lives plays a number of random turns.
func (m *model) lives(most int) {
	for range rapid.IntRange(0, most).Draw(m.t, "length") {
		switch rapid.IntRange(0, 5).Draw(m.t, "turn") {
		case 0, 1:
			m.person()
		case 2:
			m.nature()
		default:
			m.worker()
		}
	}
}

// merge takes over another ledger with all that was outside; false when that
// is refused. What is under way ends in a minute at most.
func (m *model) merge(b *model) bool {
	before, _ := engine.Encode(m.l)
	gone, _ := engine.Encode(b.l)
	all, err := engine.Merge(m.l, b.l, m.meta(cast("mina")), m.w)
	if access.IsCode(err, "linkBusy") {
		m.now = m.now.Add(time.Minute)
		m.flying, b.flying = nil, nil
		all, err = engine.Merge(m.l, b.l, m.meta(cast("mina")), m.w)
	}
	if after, _ := engine.Encode(m.l); string(after) != string(before) {
		m.t.Fatal("Merge changed the ledger that it kept")
	}
	if after, _ := engine.Encode(b.l); string(after) != string(gone) {
		m.t.Fatal("Merge changed the ledger that went")
	}
	if _, refusal := access.AsError(err); refusal && !access.IsCode(err, "linkBusy") {
		return false
	}
	if err != nil {
		m.t.Fatal(err)
	}
	for _, l := range append(all.Gone, all.Kept.Next) {
		if err := engine.Check(l); err != nil {
			m.t.Fatalf("after the merger: %v", err)
		}
	}
	m.l = all.Kept.Next
	m.takeOver(b, all.Gone[0].Forward.Shift, all.Kept)
	return true
}

// takeOver puts together what both had outside of their ledgers.
func (m *model) takeOver(b *model, shift access.RequestID, d engine.Decision) {
	for _, e := range b.events {
		e.Request += shift
		if e.Assignment != 0 {
			e.Assignment += shift
		}
		m.events = append(m.events, e)
	}
	m.events = append(m.events, d.Events...)
	for _, c := range b.archived {
		m.archived = append(m.archived, engine.TakenOver(c, m.l.Person, shift))
	}
	m.archived = append(m.archived, d.Archived...)
	for ref, has := range b.out.held {
		m.out.held[ref] = m.out.held[ref] || has
	}
	maps.Copy(m.out.drawn, b.out.drawn)
	maps.Copy(m.out.gone, b.out.gone)
}
