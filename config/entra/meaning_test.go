package entra

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
)

// policyOf reads one policy of a package that is not described.
func policyOf(t *testing.T, m Map, properties string) (access.Policy, *Import) {
	t.Helper()
	im := imported(t, m, Stored{}, Source{"policy.json", []byte(`{"displayName": "P", "accessPackageId": "p1", ` + properties + `}`)})
	if len(im.Definitions.Packages) != 1 || len(im.Definitions.Packages[0].Policies) != 1 {
		t.Fatalf("%s became %+v", properties, im.Definitions.Packages)
	}
	return im.Definitions.Packages[0].Policies[0], im
}

const asked = `"requestorSettings": {"scopeType": "AllExistingDirectorySubjects", "acceptRequests": true}`

func TestWhatUsherCannotSayGetsNarrower(t *testing.T) {
	t.Parallel()
	everybody := access.Scope{Members: true, Outsiders: true}
	catalogOwners := []access.Stage{{Approvers: []access.Subject{{Kind: access.SubjectCatalogOwners}}}}
	for properties, want := range map[string]access.Policy{
		asked: {Requestors: everybody},
		`"requestorSettings": {"scopeType": "AllExistingDirectorySubjects"}`:                                                                                                          {Requestors: everybody, Closed: true},
		`"allowedTargetScope": "allMemberUsers"`:                                                                                                                                      {Requestors: access.Scope{Members: true}, Closed: true},
		`"allowedTargetScope": "ALLExternalUsers", "requestorSettings": {"acceptRequests": "True"}`:                                                                                   {Requestors: access.Scope{Outsiders: true}},
		`"allowedTargetScope": "allPenguins", "requestorSettings": {"acceptRequests": true}`:                                                                                          {},
		`"requestorSettings": {"scopeType": "AllConfiguredConnectedOrganizationSubjects"}`:                                                                                            {Closed: true},
		`"requestorSettings": {"scopeType": "SpecificDirectorySubjects", "acceptRequests": true, "allowedRequestors": [{"@odata.type": "#microsoft.graph.singleUser", "id": "who"}]}`: {},
		asked + `, "requestApprovalSettings": {"isApprovalRequired": true}`:                                                                                                           {Requestors: everybody, Stages: catalogOwners},
		asked + `, "requestApprovalSettings": {"isApprovalRequired": true, "approvalStages": [{"primaryApprovers": [{"@odata.type": "#microsoft.graph.externalSponsors"}]}]}`: {
			Requestors: everybody, Stages: catalogOwners,
		},
		asked + `, "requestApprovalSettings": null`:                                              {Requestors: everybody},
		asked + `, "expiration": {"type": "whenTheMoonIsFull"}`:                                  {Requestors: everybody, Closed: true},
		asked + `, "expiration": {"type": "afterDuration", "duration": "30 days"}`:               {Requestors: everybody, Closed: true},
		asked + `, "expiration": {"type": "afterDuration", "duration": "P1M"}`:                   {Requestors: everybody, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 28 * day}},
		asked + `, "expiration": {"type": "afterDuration", "duration": "PT90M"}, "canExtend": 1`: {Requestors: everybody, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: time.Hour, Extend: true}},
		asked + `, "durationInDays": "365"`:                                                      {Requestors: everybody, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 365 * day}},
		asked + `, "expiration": {"type": "afterDuration", "duration": "PT30M"}`:                 {Requestors: everybody, Closed: true},
		asked + `, "durationInDays": -1`:                                                         {Requestors: everybody, Closed: true},
		asked + `, "expirationDateTime": "2030-01-31T00:00:00.1234567Z"`: {Requestors: everybody, Lifecycle: access.Lifecycle{
			Ends: access.EndsOnDate, On: time.Date(2030, 1, 31, 0, 0, 0, 123456700, time.UTC),
		}},
	} {
		got, _ := policyOf(t, noMap(), properties)
		want.ID, want.Name = "p", "P"
		if want.Lifecycle.Ends == "" {
			want.Lifecycle.Ends = access.EndsNever
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nbecame %+v\nwant   %+v", properties, got, want)
		}
	}
}

func TestPeopleAndGroupsAreThoseOfTheMap(t *testing.T) {
	t.Parallel()
	im := imported(t, fullMap(t), Stored{}, fullSample(t))
	i := slices.IndexFunc(im.Definitions.Packages, func(p access.Package) bool { return p.ID == "design" })
	got := im.Definitions.Packages[i]
	carla, olga, designers := access.PersonID("slack/T1-U1"), access.PersonID("slack/T1-U2"), access.GroupID("slack/S1")
	want := access.Policy{
		ID: "designers", Name: "Designers", Description: "Whoever draws",
		Requestors:    access.Scope{People: []access.PersonID{carla}, Groups: []access.GroupID{designers}},
		OnBehalf:      access.OnBehalf{Managers: true, People: []access.PersonID{olga}},
		Justification: true, ExtensionApproval: true,
		Lifecycle: access.Lifecycle{Ends: access.EndsOnDate, On: time.Date(2030, 1, 31, 0, 0, 0, 0, time.UTC), OwnTimes: true, Extend: true},
		Stages: []access.Stage{{
			Approvers: []access.Subject{{Kind: access.SubjectManager}}, Within: 7 * day, ReasonRequired: true,
			Alternates: []access.Subject{access.SomeGroup(designers)}, AlternatesAfter: 2 * day,
			Fallbacks: []access.Subject{access.SomePerson(olga)},
		}},
		Questions: []access.Question{
			{
				ID: "90000000-0000-4000-8000-000000000001", Kind: access.Choice, Required: true,
				Label: access.Words{Text: "Where do you work?", In: map[string]string{"de": "Wo arbeiten Sie?"}},
				Options: []access.Option{
					{Value: "KE", Label: access.Words{Text: "Kenya", In: map[string]string{"de": "Kenia"}}},
					{Value: "JP", Label: access.Say("Japan")},
				},
			},
			{ID: "90000000-0000-4000-8000-000000000002", Kind: access.ShortText, Label: access.Say("What for?"), Pattern: "[a-zA-Z ]+"},
		},
	}
	if !reflect.DeepEqual(got.Policies[0], want) {
		t.Errorf("got  %+v\nwant %+v", got.Policies[0], want)
	}
	role := []access.RoleRef{{Resource: "designers", Role: "member"}}
	if !got.Hidden || got.Catalog != "marketing" || !slices.Equal(got.Roles, role) || !slices.Equal(got.Incompatible, []access.PackageID{"newsletter"}) {
		t.Errorf("the package is %+v", got)
	}
	if len(im.Report.People)+len(im.Report.Groups) != 0 {
		t.Errorf("unmatched: %v %v", im.Report.People, im.Report.Groups)
	}
}

func TestWhoIsNotInTheMapIsListedWithThePlace(t *testing.T) {
	t.Parallel()
	_, im := policyOf(t, noMap(), `"requestApprovalSettings": {"isApprovalRequired": true, "approvalStages": [{"primaryApprovers": [
		{"@odata.type": "#microsoft.graph.singleUser", "id": "U-1", "description": "Ada"}, {"@odata.type": "microsoft.graph.groupMembers", "id": "g-1"}]}]}`)
	want := map[string][]string{"u-1": {"policy.json $.requestApprovalSettings.approvalStages[0].primaryApprovers[0] (Ada)"}}
	if !reflect.DeepEqual(im.Report.People, want) || len(im.Report.Groups["g-1"]) != 1 {
		t.Errorf("people %v, groups %v", im.Report.People, im.Report.Groups)
	}
}

func TestAnEditInUsherAndWhatWasKeptGoTogether(t *testing.T) {
	t.Parallel()
	sample := fullSample(t)
	im := imported(t, fullMap(t), Stored{}, sample)
	i := slices.IndexFunc(im.Definitions.Packages, func(p access.Package) bool { return p.ID == "design" })
	policy := &im.Definitions.Packages[i].Policies[0]
	policy.Description, policy.Stages[0].Within = "Edited", 3*day
	policy.Requestors.People = nil
	slices.Reverse(policy.Questions)
	im.Definitions.Packages[i].Policies[1].Stages[0].Approvers = []access.Subject{access.SomePerson("slack/T1-U2")}
	var got, other tree
	out, err := Write(Stored{im.Definitions, im.Definitions.Kept}, fullMap(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range objects(t, out.Files[slices.IndexFunc(out.Files, func(f Source) bool { return f.Name == "assignmentPolicies.json" })], policyKind) {
		if v["displayName"] == "Designers" {
			got = v
		} else {
			other = v
		}
	}
	stage := other["requestApprovalSettings"].(tree)["stages"].([]any)[0].(tree)
	who := []any{tree{"@odata.type": "#microsoft.graph.singleUser", "userId": "11111111-0000-4000-8000-000000000002"}}
	if !reflect.DeepEqual(stage["primaryApprovers"], who) {
		t.Errorf("the new approvers are %v", stage["primaryApprovers"])
	}
	if want := []any{tree{"@odata.type": "#microsoft.graph.groupMembers", "groupId": "22222222-0000-4000-8000-000000000001", "description": "Design"}}; !reflect.DeepEqual(got["specificAllowedTargets"], want) {
		t.Errorf("who may ask is %v, want %v", got["specificAllowedTargets"], want)
	}
	came := objects(t, sample, policyKind)[0]
	asked, now := came["questions"].([]any), got["questions"].([]any)
	for n := range asked {
		before, after := asked[n].(tree), now[1-n].(tree)
		delete(before, "sequence")
		delete(after, "sequence")
		if !reflect.DeepEqual(before, after) {
			t.Errorf("the question %v is %v", before, after)
		}
	}
	delete(came, "questions")
	delete(got, "questions")
	if want := came["reviewSettings"]; !reflect.DeepEqual(got["reviewSettings"], want) {
		t.Errorf("the review is %v", got["reviewSettings"])
	}
	var differ []string
	for _, c := range difference(came, got, nil) {
		differ = append(differ, strings.Join(c.Path, "/"))
	}
	want := []string{"description", "requestApprovalSettings/stages/0/durationBeforeAutomaticDenial", "specificAllowedTargets"}
	if !slices.Equal(differ, want) {
		t.Errorf("%v differ, want %v", differ, want)
	}
}

func TestErrorsNameFileAndPath(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{`:                                "f.json: ",
		"{\"displayName\": \"Z\xfcrich\"}": "f.json: this text has control characters or is not UTF-8 ($)",
		`[1]`:                              "f.json: an object or a list is expected here ($[0])",
		`{"value": [{"allowedTargetScope": 7, "accessPackageId": "p"}]}`:                                        "f.json: a text is expected here ($.value[0].allowedTargetScope)",
		`{"accessPackageId": "p", "requestApprovalSettings": {"isApprovalRequired": "perhaps"}}`:                "f.json: true or false is expected here ($.requestApprovalSettings.isApprovalRequired)",
		`{"accessPackageId": "p", "requestApprovalSettings": {"isApprovalRequired": true, "stages": "nobody"}}`: "f.json: a list is expected here ($.requestApprovalSettings.stages)",
		`{"accessPackageId": "p", "requestorSettings": "all"}`:                                                  "f.json: an object is expected here ($.requestorSettings)",
		strings.Repeat("[", 100): "f.json: more than 60 levels",
	} {
		_, err := Read([]Source{{"f.json", []byte(text)}}, noMap(), Stored{})
		var report config.Report
		if !errors.As(err, &report) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", text, err, want)
		}
	}
	twenty := `{"value": [` + strings.TrimSuffix(strings.Repeat(`{"displayName": "P%d", "accessPackageId": "p", "canExtend": false},`, 21), ",") + `]}`
	n := 0
	for strings.Contains(twenty, "%d") {
		n++
		twenty = strings.Replace(twenty, "%d", fmt.Sprint(n), 1)
	}
	im, err := Read([]Source{{"f.json", []byte(twenty)}}, noMap(), Stored{})
	if err != nil {
		t.Fatal(err)
	}
	err = access.Refuse(access.Invalid, "badPattern", "value", "(").At("packages[0].policies[20].questions[0].pattern")
	if got := im.Explain(err).Error(); !strings.Contains(got, "f.json: ") || !strings.Contains(got, "$.value[20], as packages[0].policies[20].questions[0].pattern") {
		t.Errorf("explained as %s", got)
	}
}

func TestNothingVanishesSilently(t *testing.T) {
	t.Parallel()
	_, im := policyOf(t, noMap(), `"penguins": {"many": true}, "description": "a", "description": "b", "accessReviewSettings": null, `+asked)
	want := []Remark{{"policy.json", "$", "penguins"}}
	if !reflect.DeepEqual(im.Report.Kept, want) {
		t.Errorf("kept: %v, want %v", im.Report.Kept, want)
	}
	ignored := []Remark{{"policy.json", "$.description", "the key is there twice, and the last one counts"}}
	if !reflect.DeepEqual(im.Report.Ignored, ignored) {
		t.Errorf("ignored: %v, want %v", im.Report.Ignored, ignored)
	}
}

func TestResourcesAreGivenAsTheMapSays(t *testing.T) {
	t.Parallel()
	m, err := ReadMaps([]Source{{"map.yaml", []byte(`
resources:
  D1000000-0000-4000-8000-000000000001:
    connector: slack-usergroup
    target: S0123
    roles: {Member: member-of-group}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	im := imported(t, m, Stored{}, fullSample(t))
	for _, r := range im.Definitions.Resources {
		if r.ID != "designers" {
			continue
		}
		if _, ok := r.Role("member-of-group"); !ok || r.Connector != "slack-usergroup" || r.Target != "S0123" || len(r.Hands) != 0 {
			t.Errorf("the resource is %+v", r)
		}
	}
	if _, err := ReadMaps([]Source{{"map.yaml", []byte("people: {a: nobody}")}}); err == nil || !strings.HasPrefix(err.Error(), "map.yaml:1:13: ") || !strings.Contains(err.Error(), "people.a") || !strings.HasSuffix(err.Error(), "^") {
		t.Errorf("a wrong map: %v", err)
	}
}

func TestAPolicyOfUshersOwnIsSaidInGraphsWordsAndWhatHasNoneIsListed(t *testing.T) {
	t.Parallel()
	pack := access.Package{ID: "p", Catalog: access.General, Name: "P", Policies: []access.Policy{{
		ID: "all", Name: "All", Requestors: access.Scope{Members: true}, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 30 * day},
		Stages:    []access.Stage{{Approvers: []access.Subject{access.SomePerson("slack/T1-U1"), access.SomePerson("slack/T1-U9")}, Quorum: 2}},
		Questions: []access.Question{{ID: "when", Kind: access.Date, Label: access.Say("When?")}},
	}}}
	var s Stored
	s.Definitions.Packages = []access.Package{pack}
	out, err := Write(s, fullMap(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"p/all: that several must approve in a stage", "p/all: slack/T1-U9, whose object id no map names", "p/all: that a question wants a date: it is a text"}
	if !slices.Equal(out.Lost, want) {
		t.Errorf("lost: %q, want %q", out.Lost, want)
	}
	im := imported(t, fullMap(t), Stored{}, Source{"policies.json", out.Files[1].Data})
	again := im.Definitions.Packages[0].Policies[0]
	if again.Lifecycle != pack.Policies[0].Lifecycle || !again.Requestors.Members || len(again.Stages[0].Approvers) != 1 {
		t.Errorf("read again it is %+v", again)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		`{"value": [{"accessPackageId": "p", "requestApprovalSettings": {"isApprovalRequired": true, "approvalStages": [{}]}}]}`,
		`{"@odata.type": "#microsoft.graph.accessPackage", "resourceRoleScopes": [{"role": {"originId": "x"}, "scope": {}}]}`,
		`{"catalogType": "x", "resources": [{"roles": [{}]}], "accessPackages": [{"assignmentPolicies": [{"questions": [{"choices": [{}, {}]}]}]}]}`,
		`{"requestType": "adminAdd", "resource": {"originId": "1"}, "catalog": {"id": "c"}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		im, err := Read([]Source{{"f.json", data}}, noMap(), Stored{})
		if err != nil {
			var report config.Report
			if !errors.As(err, &report) {
				t.Fatal(err)
			}
			return
		}
		out, err := Write(Stored{im.Definitions, im.Definitions.Kept}, noMap())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read([]Source{{"again.json", data}}, noMap(), Stored{im.Definitions, im.Definitions.Kept}); err != nil {
			t.Fatalf("a second time: %v", err)
		}
		for _, f := range out.Files {
			if _, _, err := parse(f); err != nil {
				t.Fatal(err)
			}
		}
	})
}
