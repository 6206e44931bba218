package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// asked lists the groups under which the ledger is found when one changes.
func (p *play) asked() []string {
	var in []string
	for _, k := range engine.Indexes(p.l) {
		if strings.HasPrefix(k.Index, engine.IndexAsks) {
			in = append(in, k.Index+" "+k.Member)
		}
	}
	return in
}

func wantAsked(t *testing.T, p *play, want ...string) {
	t.Helper()
	if got := p.asked(); !slices.Equal(got, want) {
		t.Errorf("found under %q, want %q", got, want)
	}
}

// lookUps are those that a worker starts now.
func (p *play) lookUps(t *testing.T) []engine.ResolveEffect {
	t.Helper()
	var all []engine.ResolveEffect
	for _, e := range p.tick() {
		if look, ok := e.(engine.ResolveEffect); ok {
			all = append(all, look)
		}
	}
	return all
}

func TestAnOpenStageIsFoundByItsGroupsAsLongAsItIsOpen(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	wantAsked(t, p)
	if err := p.act(t, words(`mina requests production ""`)); err != nil {
		t.Fatal(err)
	}
	wantAsked(t, p, "asks/security mina#1") // before anybody was found
	look := p.lookUps(t)[0]
	result := p.out.do(look)
	result.Found[0].Through = []access.GroupID{"leads", "security"} // as of owners
	p.done(result)
	wantAsked(t, p, "asks/leads mina#1", "asks/security mina#1")
	for _, line := range []string{"ada approves 1", "ben approves 1"} {
		if err := p.act(t, words(line)); err != nil {
			t.Fatal(err)
		}
	}
	wantAsked(t, p) // the second stage asks the owners, who are no group
}

// A ledger that was stored before Through existed joins the index when its
// people are looked up again, so that the difference of two revisions has it.
func TestAStoredStageJoinsTheIndexWhenItIsLookedUp(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	if err := p.act(t, words(`mina requests production ""`)); err != nil {
		t.Fatal(err)
	}
	p.done(p.out.do(p.lookUps(t)[0])) // without Through
	wantAsked(t, p)
	p.now = p.now.AddDate(0, 0, 1)
	result := p.out.do(p.lookUps(t)[0])
	result.Found[0].Through = []access.GroupID{"security"}
	p.done(result)
	wantAsked(t, p, "asks/security mina#1")
}

func TestALookUpFromBeforeAGroupChangedDoesNotCount(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	if err := p.act(t, words(`mina requests production ""`)); err != nil {
		t.Fatal(err)
	}
	old := p.out.do(p.lookUps(t)[0])
	p.out.people["group security"] = []access.PersonID{"ben", "nora"}
	if err := p.act(t, words("usher hears that the group changed")); err != nil {
		t.Fatal(err)
	}
	p.done(old)
	run, _ := p.l.Request(1).Open()
	if got := run.People(); len(got) != 0 {
		t.Errorf("found %q from before the change", got)
	}
	again := p.lookUps(t)
	if len(again) != 1 || again[0].Attempt != old.Attempt+1 {
		t.Fatalf("looked up again: %v", again)
	}
	p.done(old, p.out.do(again[0]))
	run, _ = p.l.Request(1).Open()
	if got := run.People(); !slices.Equal(got, []access.PersonID{"ben", "nora"}) {
		t.Errorf("found %q", got)
	}
}
