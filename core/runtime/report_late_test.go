package runtime_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// overAt puts into the store what is left of an assignment that is long over.
func overAt(t *testing.T, p access.PersonID, first, ended time.Time) (runtime.Write, runtime.Entry) {
	t.Helper()
	past := access.Case{
		Tenant: tenant, Person: p, ID: 1, Closed: ended,
		Assignment: &access.Assignment{ID: 1, Package: "open", State: access.AssignmentExpired, First: first, Ended: ended},
	}
	data, err := json.Marshal(map[string]any{"case": past})
	if err != nil {
		t.Fatal(err)
	}
	event, err := json.Marshal(engine.Event{
		At: ended, Type: engine.EventState, Person: p, Package: "open", Request: 1, Assignment: 1, Standing: access.AssignmentExpired,
	})
	if err != nil {
		t.Fatal(err)
	}
	key := runtime.CaseKey(tenant, p, 1)
	return runtime.Write{Key: key, Data: data}, runtime.Entry{Key: key, At: ended, Data: event}
}

// What happened while no process ran is written down later, behind what
// happened after it: that hides nothing.
func TestWhatIsWrittenDownLateHidesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		start := w.clock.Now()
		w.clock.skip(20 * day)
		onTime, first := overAt(t, "play/zoe", start, start.Add(12*day))
		late, second := overAt(t, "play/yan", start, start.Add(10*day))
		err := w.store.Commit(t.Context(), runtime.Change{
			Tenant: tenant, Command: "late", At: w.clock.Now(),
			Writes: []runtime.Write{onTime, late}, Audit: []runtime.Entry{first, second},
		})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "had on the 11th day", rowsOf(t, w, admin(olga), runtime.HeldQuery{At: start.Add(11 * day)}), []string{"play/zoe open"})
	})
}
