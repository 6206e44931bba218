package entra

import (
	"slices"
	"testing"
)

// noted are the notes of an import, each with its place.
func noted(t *testing.T, m Map, text string) []string {
	t.Helper()
	var all []string
	for _, n := range imported(t, m, Stored{}, Source{"f.json", []byte(text)}).Report.Notes {
		all = append(all, n.File+" "+n.Path+": "+n.Says)
	}
	return all
}

func TestAnswersThatAreNotAllAreNoted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"value": [], "@odata.nextLink": "https://graph.microsoft.com/next"}`: "f.json $: This is one page of several: fetch what @odata.nextLink names, and import it too.",
		`{"error": {"code": "Forbidden", "message": "no"}}`:                    "f.json $: Graph answered with an error (Forbidden) instead of objects.",
		`{"@odata.context": "x", "value": null}`:                               "f.json $: The value is null: there are no objects in this answer.",
		`{"id": "p", "isHidden": true, "resourceRoleScopes": [{"role": {"displayName": "A", "resource": {"id": "r"}}}], "resourceRoleScopes@odata.nextLink": "n"}`: "f.json $: This is one page of several: fetch what resourceRoleScopes@odata.nextLink names, and import it too.",
	} {
		if got := noted(t, noMap(), text); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: noted %q, want %q", text, got, want)
		}
	}
	if im := imported(t, noMap(), Stored{}, Source{"f.json", []byte(`{"error": {"code": "x"}}`)}); im.Report.Objects != 0 || len(im.Definitions.Kept) != 0 {
		t.Errorf("an error was taken for an object: %+v", im.Definitions.Kept)
	}
}

func TestEntriesOfAMapThatNameNothingAreNoted(t *testing.T) {
	t.Parallel()
	m, err := ReadMaps([]Source{{"map.yaml", []byte(`
people: {AAAA: slack/U1, typo: slack/U2, team: slack/U3}
groups: {who: slack/S1}
resources: {Site: {connector: manual, target: x}, nowhere: {connector: manual, target: y}}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	text := `{"value": [
		{"id": "p", "isHidden": true, "resourceRoleScopes": [{"role": {"displayName": "A", "resource": {"originId": "site"}}}]},
		{"id": "q", "accessPackageId": "p", "canExtend": true, "requestorSettings": {"scopeType": "SpecificDirectorySubjects", "acceptRequests": true, "allowedRequestors": [
			{"@odata.type": "#microsoft.graph.singleUser", "id": "aaaa"},
			{"@odata.type": "#microsoft.graph.singleUser", "id": "who"},
			{"@odata.type": "#microsoft.graph.groupMembers", "id": "team"}]}}]}`
	want := []string{
		" people.team: In the map under people, but in the files it is a group:",
		" people.typo: In the map, but in no file:",
		" groups.who: In the map under groups, but in the files it is a person:",
		" resources.nowhere: In the map, but in no file:",
	}
	if got := noted(t, m, text); !slices.Equal(got, want) {
		t.Errorf("noted %q\nwant  %q", got, want)
	}
}
