package runtime_test

import (
	"testing"
	"testing/synctest"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// refusals are the refused attempts to decide on somebody's requests.
func (w *town) refusals(who access.Account) []engine.Event {
	w.t.Helper()
	lines, err := w.r.Audit(w.t.Context(), tenant, person(who), 0, false, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	var found []engine.Event
	for _, l := range lines {
		if l.Event.Type == engine.EventRefused {
			found = append(found, l.Event)
		}
	}
	return found
}

func TestARefusedAttemptOnAnArchivedRequestSaysWhatItWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		_, err := w.r.Do(t.Context(), tenant, mina, "", w.id("withdraw"), func(m engine.Meta) engine.Command {
			return engine.Withdraw{Meta: m, Request: 1}
		})
		if err != nil {
			t.Fatal(err)
		}
		settle()
		wantEqual(t, "requests", len(w.store.ledgerOf(person(mina)).Requests), 0)
		for range 2 {
			if _, err := w.decide(w.r, ada, mina, "press"); !access.IsCode(err, "unknownRequest") {
				t.Errorf("refused with %v", err)
			}
		}
		_, err = w.r.Do(t.Context(), tenant, ada, person(mina), "stray", func(m engine.Meta) engine.Command {
			return engine.Decide{Meta: m, Request: 7, Verdict: access.Approve}
		})
		if !access.IsCode(err, "unknownRequest") {
			t.Errorf("refused with %v", err)
		}
		got := w.refusals(mina)
		wantEqual(t, "refusals", len(got), 2)
		wantEqual(t, "package", got[0].Package, "lab")
		wantEqual(t, "kind", got[0].Kind, access.UserAdd)
		wantEqual(t, "state", got[0].State, access.Withdrawn)
		wantEqual(t, "package of none", got[1].Package, "")
		stop()
	})
}
