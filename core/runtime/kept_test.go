package runtime_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

func TestWhatIsKeptComesBackAndStaysOutOfTheAudit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		write := func(data, want string) {
			t.Helper()
			d := runtime.Definitions{Kept: []access.Kept{{ID: "entra/x/1", Data: json.RawMessage(data)}}}
			plan, err := w.r.Plan(t.Context(), tenant, person(olga), d)
			if err != nil {
				t.Fatal(err)
			}
			done, err := w.r.Apply(t.Context(), tenant, person(olga), w.id("import"), d)
			if err != nil {
				t.Fatal(err)
			}
			key := runtime.Key{Tenant: tenant, Kind: runtime.KindKept, ID: "entra/x/1"}
			wantEqual(t, "done", bare(done), []runtime.Defined{{Key: key, Action: want}})
			wantEqual(t, "the plan", plan, done)
		}
		write(`{"url": "https://example.org/?sig=secret"}`, runtime.Created)
		lines, err := w.r.Audit(t.Context(), tenant, "", 0, true, 1)
		if err != nil || len(lines) != 1 {
			t.Fatalf("%d lines: %v", len(lines), err)
		}
		wantEqual(t, "the audit", [3]string{lines[0].Event.Code, lines[0].Event.Before, lines[0].Event.After}, [3]string{"kept/entra/x/1", "", ""})
		write(`{"url":"https://example.org/?sig=secret"}`, runtime.Unchanged)
		write(`{"url":"https://example.org/?sig=other"}`, runtime.Changed)
		kept, err := w.r.Kept(t.Context(), tenant)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "kept", kept, []access.Kept{{ID: "entra/x/1", Data: json.RawMessage(`{"url":"https://example.org/?sig=other"}`)}})
	})
}
