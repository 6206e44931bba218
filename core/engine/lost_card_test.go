package engine_test

import (
	"slices"
	"testing"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// workWithout lets the worker run; cards for somebody cannot be delivered.
func (p *play) workWithout(who access.PersonID) {
	for range 20 {
		for _, e := range p.tick() {
			r := p.out.do(e)
			if c, ok := e.(engine.CardEffect); ok && c.Card.Place.Person == who {
				r = engine.Result{Key: e.Key(), Attempt: e.AttemptN(), Fail: access.FailHuman, Code: "closed"}
			}
			p.done(r)
		}
	}
}

func (p *play) hasCard(kind access.CardKind, who access.PersonID) bool {
	return slices.ContainsFunc(p.l.Cards, func(c access.Card) bool {
		return c.Kind == kind && c.Place.Person == who && c.Ref != ""
	})
}

func TestWhenNoApproverGetsTheCardOthersAreAsked(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	p.must(t, engine.Submit{Meta: p.meta(cast("mina")), Package: "audit"})
	p.workWithout("max") // her manager
	if !p.hasCard(access.CardApprover, "olga") {
		t.Errorf("the owner was not asked: %+v", p.l.Request(1).Stages[0].Asks)
	}
	p.must(t, engine.Decide{Meta: p.meta(cast("max")), Request: 1, Verdict: access.Approve, Face: p.l.Request(1).Face})
}

func TestWhenNobodyAtAllGetsTheCardItIsOnRecord(t *testing.T) {
	t.Parallel()
	p := newPlay("carla")
	p.must(t, engine.Submit{Meta: p.meta(cast("carla")), Package: "contractor", Justification: "x", Answers: access.Answers{"country": {"de"}}})
	p.workWithout("olga") // approver, and the only owner
	if !p.hasCard(access.CardApprover, "root") {
		t.Errorf("the tenant admin was not asked: %+v", p.l.Request(1).Stages[0].Asks)
	}
}

func TestWhoCanReadTheCardInAChannelIsReached(t *testing.T) {
	t.Parallel()
	p := newPlay("mina")
	pack := p.w.Packages["audit"]
	pack.Routing = access.Routing{Channels: []access.Channel{"play/approvals"}}
	put(&p.w, pack)
	p.must(t, engine.Submit{Meta: p.meta(cast("mina")), Package: "audit"})
	p.workWithout("max")
	if p.hasCard(access.CardApprover, "olga") {
		t.Error("others are asked though the card is in the channel")
	}
}
