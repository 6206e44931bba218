package entra

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sources are examples by name, or else JSON.
func sources(t *testing.T, names ...string) []Source {
	t.Helper()
	var all []Source
	for _, name := range names {
		if strings.HasPrefix(name, "{") {
			all = append(all, Source{"made.json", []byte(name)})
			continue
		}
		data, err := os.ReadFile(filepath.Join("testdata", "examples", name))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Source{name, data})
	}
	return all
}

const (
	scopesWithoutID = `{"value": [
		{"role": {"displayName": "A", "originId": "A", "resource": {"id": "r"}}, "scope": {"isRootScope": true}},
		{"role": {"displayName": "B", "originId": "B", "resource": {"id": "r"}}, "scope": {"isRootScope": true}},
		{"role": {"displayName": "C", "originId": "C", "resource": {"id": "r"}}, "scope": {"isRootScope": true}}]}`
	policiesWithoutID = `{"value": [
		{"displayName": "P", "accessPackageId": "p", "canExtend": true, "durationInDays": 1},
		{"displayName": "P", "accessPackageId": "p", "canExtend": true, "durationInDays": 2}]}`
	entriesOfOneResource = `{"value": [
		{"displayName": "Site", "originId": "o", "originSystem": "S", "url": "one"},
		{"displayName": "Site", "originId": "o", "originSystem": "S", "url": "two"},
		{"id": "r", "displayName": "Site", "originId": "o", "originSystem": "S"}]}`
	packagesWithoutID = `{"value": [
		{"displayName": "Same", "isHidden": true, "assignmentPolicies": [{"displayName": "All", "expiration": {"type": "noExpiration"}}]},
		{"displayName": "Same", "isHidden": false, "assignmentPolicies": [{"displayName": "All", "expiration": {"type": "noExpiration"}}]}]}`
)

func TestObjectsWithoutAnIDAreOneOnlyIfTheySayTheSame(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		files []string
		file  string
		want  int
	}{
		"scopes":           {[]string{scopesWithoutID}, "resourceRoleScopes.json", 3},
		"the same scopes":  {[]string{scopesWithoutID, scopesWithoutID}, "resourceRoleScopes.json", 3},
		"published scopes": {[]string{"v1.0-accesspackage-post-resourcerolescopes-1.json", "v1.0-accesspackage-post-resourcerolescopes-7.json"}, "resourceRoleScopes.json", 2},
		"published requests": {
			[]string{"v1.0-entitlementmanagement-post-resourcerequests-5.json", "v1.0-entitlementmanagement-post-resourcerequests-7.json"}, "resourceRequests.json", 2,
		},
		"policies":  {[]string{policiesWithoutID}, "assignmentPolicies.json", 2},
		"resources": {[]string{entriesOfOneResource}, "resources.json", 3},
		"packages":  {[]string{packagesWithoutID}, "accessPackages.json", 2},
		"their own": {[]string{packagesWithoutID}, "assignmentPolicies.json", 2},
	} {
		files := sources(t, one.files...)
		im := imported(t, noMap(), Stored{}, files...)
		if got := exported(t, im)[one.file]; len(got) != one.want {
			t.Errorf("%s: %d came back of %d: %s", name, len(got), one.want, encode(got))
		}
		again := imported(t, noMap(), Stored{im.Definitions, im.Definitions.Kept}, files...)
		before := byName(im)
		for id, now := range byName(again) {
			if now != before[id] {
				t.Errorf("%s: %s was\n%s\nand is\n%s", name, id, before[id], now)
			}
		}
	}
}

func TestAnEntryOfAResourceThatComesLaterIsKeptToo(t *testing.T) {
	t.Parallel()
	first := imported(t, noMap(), Stored{}, Source{"a.json", []byte(`{"id": "a", "displayName": "Site", "originId": "o", "originSystem": "S"}`)})
	second := imported(t, noMap(), Stored{first.Definitions, first.Definitions.Kept}, Source{"b.json", []byte(`{"id": "b", "displayName": "Site", "originId": "o", "originSystem": "S"}`)})
	second.Definitions.Kept = append(second.Definitions.Kept, first.Definitions.Kept...)
	second.Definitions.Resources = first.Definitions.Resources
	if got := exported(t, second)["resources.json"]; len(got) != 2 {
		t.Errorf("came back: %s", encode(got))
	}
}
