package desk

import (
	"encoding/json"
	"testing"

	"github.com/usher-dev/usher/core/access"
)

// What each changed alone is kept, and where both changed the same, mine counts.
func TestEditsAreMergedByWhatTheyChanged(t *testing.T) {
	t.Parallel()
	policy := func(id, name string, outside bool) access.Policy {
		return access.Policy{ID: access.PolicyID(id), Name: name, Requestors: access.Scope{Members: true, Outsiders: outside}, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}
	}
	base := access.Package{
		ID: "p", Name: "P", Description: "Old.", Roles: []access.RoleRef{role("a", "r"), role("b", "r")},
		Policies: []access.Policy{policy("one", "One", false), policy("two", "Two", false), policy("three", "Three", false)},
	}
	theirs, mine := base, base
	theirs.Name, theirs.Description, theirs.Hidden = "Theirs", "Theirs.", true
	theirs.Roles = []access.RoleRef{role("b", "r"), role("c", "r")}
	theirs.Policies = []access.Policy{policy("one", "First", false), policy("two", "Two", false), policy("four", "Four", false)}
	mine.Description, mine.Terms = "Mine.", &access.Terms{Text: access.Say("Mine.")}
	mine.Roles = []access.RoleRef{role("a", "r"), role("b", "r"), role("d", "r")}
	mine.Policies = []access.Policy{policy("two", "Two", true), policy("one", "One", true), policy("three", "Three", false)}

	want := base
	want.Name, want.Description, want.Hidden, want.Terms = "Theirs", "Mine.", true, mine.Terms
	want.Roles = []access.RoleRef{role("b", "r"), role("c", "r"), role("d", "r")}
	want.Policies = []access.Policy{policy("two", "Two", true), policy("one", "First", true), policy("four", "Four", false)}
	got, err := mergeDefinitions(base, theirs, mine)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.MarshalIndent(got, "", " ")
	b, _ := json.MarshalIndent(want, "", " ")
	if string(a) != string(b) {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
}

// Lists whose entries have no name of their own are not mixed.
func TestListsWithoutNamesAreTakenWhole(t *testing.T) {
	t.Parallel()
	stage := func(people ...access.PersonID) access.Policy {
		s := access.Stage{}
		for _, p := range people {
			s.Approvers = append(s.Approvers, access.SomePerson(p))
		}
		return access.Policy{ID: "one", Name: "One", Stages: []access.Stage{s}}
	}
	base, theirs, mine := stage(ada), stage(ada, ben), stage(mina)
	got, err := mergeDefinitions(base, theirs, mine)
	if err != nil || len(got.Stages[0].Approvers) != 1 || got.Stages[0].Approvers[0] != access.SomePerson(mina) {
		t.Errorf("%+v, %v", got.Stages, err)
	}
}

func TestIdsAreMadeOfNames(t *testing.T) {
	t.Parallel()
	taken := func(ids ...string) func(string) bool {
		return func(id string) bool {
			for _, other := range ids {
				if other == id {
					return true
				}
			}
			return false
		}
	}
	for _, c := range []struct {
		name, want string
		taken      []string
	}{
		{"External contractor", "external-contractor", nil},
		{"  Größe: Übermut & Café!  ", "groesse-uebermut-cafe", nil},
		{"Wiki", "wiki-3", []string{"wiki", "wiki-2"}},
		{"日本", "thing", nil},
		{"A name that is much longer than forty bytes are", "a-name-that-is-much-longer-than-forty-by", nil},
		{"A name that is much longer than forty bytes are", "a-name-that-is-much-longer-than-forty-2", []string{"a-name-that-is-much-longer-than-forty-by"}},
	} {
		if got := slugOf(c.name, "thing", taken(c.taken...)); got != c.want || access.ValidateSlug(got).Err() != nil {
			t.Errorf("%q is %q, want %q", c.name, got, c.want)
		}
	}
}
