package engine_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// TestOverlap: random packages over few roles, assigned for random times. At
// every moment the person has exactly the roles of the assignments that are
// on, so the end of one takes nothing that another still gives. The resource
// "twin" is in truth "a".
func TestOverlap(t *testing.T) {
	t.Parallel()
	roles := []access.RoleRef{ref("a/x"), ref("a/y"), ref("b/x"), ref("c/x"), ref("twin/x")}
	rapid.Check(t, func(t *rapid.T) {
		p := newPlay("mina")
		p.out.same[ref("twin/x")] = ref("a/x")
		gives := map[access.PackageID][]access.RoleRef{}
		for _, id := range []access.PackageID{"one", "two", "three", "four"} {
			gives[id] = rapid.SliceOfNDistinct(rapid.SampledFrom(roles), 1, 3, rapid.ID).Draw(t, string(id))
			put(&p.w, access.Package{
				ID: id, Name: string(id), Catalog: access.General, Roles: gives[id], Revision: 1,
				Policies: []access.Policy{{ID: "all", Version: 1, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}},
			})
		}
		for _, id := range []access.ResourceID{"a", "twin"} {
			resource := p.w.Resources[id]
			resource.Connector, resource.Target = "chat", "C1"
			p.w.Resources[id] = resource
		}
		for range rapid.IntRange(1, 12).Draw(t, "turns") {
			id := rapid.SampledFrom([]access.PackageID{"one", "two", "three", "four"}).Draw(t, "package")
			hours := time.Duration(rapid.IntRange(1, 30).Draw(t, "hours"))
			_, _ = p.step(engine.Assign{Meta: p.meta(cast("max")), Package: id, For: hours * time.Hour})
			p.work()
			p.until(p.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "pass")) * time.Hour))
			want := map[access.RoleRef]bool{}
			for _, a := range p.l.Assignments {
				if a.State != access.AssignmentActive || !p.now.Before(a.Window.End) {
					t.Fatalf("assignment %d is %s until %v at %v", a.ID, a.State, a.Window.End, p.now)
				}
				for _, r := range gives[a.Package] {
					want[p.out.truly(r)] = true
				}
			}
			for _, r := range roles[:4] {
				if p.out.held[r] != want[r] {
					t.Fatalf("%s: held %v, given by an assignment %v", r, p.out.held[r], want[r])
				}
			}
		}
		p.until(p.now.Add(100 * time.Hour))
		for r, held := range p.out.held {
			if held {
				t.Fatalf("%s is still held", r)
			}
		}
		for _, c := range p.archived {
			for _, card := range c.Cards {
				if card.Kind == access.CardLeft {
					t.Fatalf("%s is said to be left as it was before Usher", card.Role)
				}
			}
		}
		if len(p.l.Roles) > 0 {
			t.Fatalf("%d roles are still in the ledger", len(p.l.Roles))
		}
	})
}
