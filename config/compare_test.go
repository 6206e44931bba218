package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-dev/usher/core/access"
)

func TestDifferencesAreReadable(t *testing.T) {
	t.Parallel()
	d, err := ParseDefinitions("everything.yaml", []byte(everything), monday(), berlin(t))
	if err != nil {
		t.Fatal(err)
	}
	before := d.Packages[0]
	after := before
	after.Name, after.Hidden = "All of it", false
	after.Roles = append(after.Roles[:1:1], access.RoleRef{Resource: "hall", Role: "guest"})
	after.Policies = append([]access.Policy(nil), before.Policies[:5]...)
	after.Policies[0].Stages = append([]access.Stage(nil), before.Policies[0].Stages...)
	after.Policies[0].Stages[1].Within = 24 * time.Hour
	after.Policies[2].Lifecycle.On = after.Policies[2].Lifecycle.On.Add(-time.Hour)
	long := strings.Repeat("Please read this with care. ", 5)
	before.Description, after.Description = long+"Then go.", long+"Then stay."
	var said []string
	for _, one := range Compare(before, after, berlin(t)) {
		said = append(said, one.String())
	}
	want := []string{
		"name: All → All of it",
		"description: …his with care. Then go. → …his with care. Then stay.",
		"roles: [site/reader, other/role] → [site/reader, hall/guest]",
		"policies[one].stages[1].within: 3 days → 1 day",
		`policies[three].ends: 2026-12-31 → "2026-12-31T22:59:00+01:00"`,
		"policies: [one, two, three, four, five, six] → [one, two, three, four, five]",
		"hidden: true → (none)",
		"policies[six].id: six → (none)",
		"policies[six].name: Six → (none)",
		`policies[six].ends: "2026-12-31T19:00:00+01:00" → (none)`,
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	if same := Compare(after, after, time.UTC); same != nil {
		t.Errorf("it differs from itself: %v", same)
	}
}
