package runtime_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// An approval stays counted when the request times out later, whose terms
// nobody accepted, and it is known who approved.
func TestADecisionCountsWhateverBecomesOfTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		lab := pack("lab", labRoles(), access.Stage{Approvers: []access.Subject{some(ada), some(ben)}})
		lab.Terms = &access.Terms{Text: access.Say("Behave.")}
		w.define(runtime.Definitions{Packages: []access.Package{lab}})
		defer w.run(w.r)()
		start := w.clock.Now()
		w.ask(mina, "lab")
		w.ask(carla, "lab")
		settle()
		w.later(3 * time.Hour)
		_, err := w.r.Do(t.Context(), tenant, ada, person(mina), w.id("decide"), func(m engine.Meta) engine.Command {
			return engine.Decide{Meta: m, Request: 1, Face: 1 << 30, Verdict: access.Approve, Reason: "fine"}
		})
		if err != nil {
			t.Fatal(err)
		}
		w.later(20 * day)
		rows := func(from, to time.Time) []string {
			rep, err := w.r.Outcomes(t.Context(), tenant, admin(olga), runtime.SpanQuery{From: from, To: to})
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, o := range rep.Rows {
				out = append(out, fmt.Sprint(o.Person, " ", o.State, " after ", o.Took().Round(time.Hour), " ", o.By, " ", o.Reason, " ", o.Code))
			}
			return out
		}
		all := []string{
			"play/mina timedOut after 339h0m0s play/ada fine termsNotAccepted",
			"play/carla timedOut after 336h0m0s   undecided",
			"play/mina approved after 3h0m0s play/ada fine ",
		}
		wantEqual(t, "all", rows(start, w.clock.Now()), all)
		wantEqual(t, "after the decision", rows(start.Add(day), w.clock.Now()), all[:2])
		wantEqual(t, "before it timed out", rows(start, start.Add(day)), all[2:])
	})
}

// What is told of the past names a package that is deleted as it was called
// last, and one that took its id by its own name.
func TestADeletedPackageKeepsItsName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		vault := pack("vault", []access.RoleRef{{Resource: "vault", Role: "member"}})
		vault.Name = "The vault"
		w.define(runtime.Definitions{Packages: []access.Package{vault}})
		w.ask(mina, "vault")
		settle()
		held := w.clock.Now()
		w.later(time.Hour)
		w.release(mina)
		for _, name := range []string{"The vault", "The new vault"} {
			vault.Name = name
			w.define(runtime.Definitions{Packages: []access.Package{vault}})
			if _, err := w.edit(runtime.Edit{Delete: []runtime.Key{runtime.PackageKey(tenant, "vault")}}); err != nil {
				t.Fatal(err)
			}
			gone, err := w.r.Gone(t.Context(), tenant, "vault", "never", "lab")
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, "gone", gone, map[access.PackageID]access.Package{"vault": {ID: "vault", Name: name, Catalog: access.General}})
			rep, err := w.r.WhoHas(t.Context(), tenant, admin(olga), runtime.HeldQuery{At: held})
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, "rows", len(rep.Rows), 1)
			wantEqual(t, "name", rep.World.Packages["vault"].Name, name)
		}
	})
}
