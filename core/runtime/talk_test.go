package runtime_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

func TestACardLeadsToItsRequestWhileThatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		var refs []string
		for _, c := range w.store.ledgerOf(person(mina)).Cards {
			if c.Kind == access.CardApprover || c.Kind == access.CardRequestor {
				refs = append(refs, c.Ref)
			}
		}
		wantEqual(t, "cards", len(refs), 3)
		for _, ref := range refs {
			p, id, ok, err := w.r.CardOf(t.Context(), tenant, ref)
			if p != person(mina) || id != 1 || !ok || err != nil {
				t.Errorf("%s shows %s#%d, %v, %v", ref, p, id, ok, err)
			}
		}
		for _, odd := range []string{"", "message", refs[0] + "0", strings.TrimSuffix(refs[0], refs[0][len(refs[0])-1:])} {
			if _, _, ok, err := w.r.CardOf(t.Context(), tenant, odd); ok || err != nil {
				t.Errorf("%q shows something: %v", odd, err)
			}
		}
		if _, err := w.decide(w.r, ada, mina, w.id("press")); err != nil {
			t.Fatal(err)
		}
		settle()
		w.wantState(mina, access.Delivered)
		if _, _, ok, _ := w.r.CardOf(t.Context(), tenant, refs[0]); ok {
			t.Error("a card of a decided request is still in the index")
		}
		for _, key := range engine.Indexes(w.store.ledgerOf(person(mina))) {
			if key.Index == engine.IndexCards {
				t.Errorf("the index still has %s", key.Member)
			}
		}
		stop()
	})
}

func TestAMessageOfAnyNameLeadsBack(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"T1/C1/1700000000.000100", "a b", "#", "m-abc"} {
		m := engine.CardMember(ref, "play/mina", 12)
		p, id, ok := engine.ParseCardMember(m)
		if p != "play/mina" || id != 12 || !ok || !strings.HasPrefix(m, engine.CardPrefix(ref)) {
			t.Errorf("%q leads to %s#%d, %v", m, p, id, ok)
		}
	}
	if _, _, ok := engine.ParseCardMember(""); ok {
		t.Error("nothing leads somewhere")
	}
	l := access.Ledger{Person: "play/mina", Requests: []access.Request{{ID: 1, State: access.Scheduled}, {ID: 2, State: access.Delivered}}}
	l.Cards = []access.Card{
		{Kind: access.CardApprover, Request: 1, Ref: "shown"}, {Kind: access.CardApprover, Request: 1},
		{Kind: access.CardReminder, Request: 1, Ref: "reminder"}, {Kind: access.CardRequestor, Request: 2, Ref: "done"},
		{Kind: access.CardRequestor, Request: 3, Ref: "lost"},
	}
	want := engine.IndexKey{Index: engine.IndexCards, Member: "shown play/mina#1"}
	got := slices.DeleteFunc(engine.Indexes(l), func(k engine.IndexKey) bool { return k.Index != engine.IndexCards })
	wantEqual(t, "index", got, []engine.IndexKey{want})
}
