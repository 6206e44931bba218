package config

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Run with -update after a sentence was changed on purpose.
var update = flag.Bool("update", false, "rewrite the expected texts")

func monday() time.Time { return time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC) }

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Each testdata/bad/*.yaml has beside it what is said about it.
func TestBadFilesAreExplained(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 15 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, problem := ParseDefinitions(filepath.Base(file), data, monday(), berlin(t))
			if problem == nil {
				t.Fatalf("nothing is said about it; it is read as %+v", d)
			}
			if !reflect.DeepEqual(d, runtime.Definitions{}) {
				t.Error("something was taken from a file that is wrong")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", problem.Error()+"\n")
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

const everything = `
settings:
  name: Demo
  admins: [person: a/olga, {group: a/root}]
  auditors: [{group: a/audit}]
  locale: de
  zone: Europe/Berlin
  stageLimit: 4
  takeFound: true
  restore: true
  cards: {channels: [a/approvals, slack/C0123], only: true}
catalogs:
  - id: design
    name: Design
    description: Things to draw with.
    owners: [person: a/olga]
    readers: [group: a/staff]
    packageManagers: [person: a/ben]
    assignmentManagers: [person: a/ada]
    cards: {channels: [a/design]}
resources:
  - id: site
    catalog: design
    name: Site
    description: The site.
    connector: manual
    target: the site
    hands: [person: a/ben, manager]
    roles:
      - {id: reader, name: Reader, can: Read}
packages:
  - id: all
    catalog: design
    name: All
    description: |
      Everything.
    roles: [site/reader, other/role]
    hidden: true
    cards: {channels: []}
    incompatible: [nothing]
    terms: {de: Sei nett., en: Be kind., fr: Soyez gentil.}
    policies:
      - id: one
        name: One
        description: First.
        requestors: [members, outsiders, person: a/carla, group: a/staff]
        closed: true
        onBehalf: [managers, person: a/ben, group: a/leads]
        choosable: true
        justification: true
        questions:
          - {id: t, kind: short text, label: {fr: Ticket, text: Case}, required: true, pattern: "[0-9]+", editable: true}
          - id: c
            kind: choices
            label: C
            options:
              - {value: x, label: X}
              - {value: 2, label: {de: Zwei, de-at: Zwoa}}
          - {id: y, kind: yes/no, label: Y}
        stages:
          - approvers: [person: a/ada, group: a/leads, manager, package owners, owners]
          - approvers: [tenant admins]
            quorum: 2
            within: 3 days
            reasonRequired: true
            alternates: [catalog owners]
            alternatesAfter: 12h
            fallbacks: [person: a/olga]
        ends: after 30 days
        ownTimes: true
        extend: with approval
      - {id: two, name: Two, ends: never}
      - {id: three, name: Three, ends: 2026-12-31, extend: yes}
      - {id: four, name: Four, ends: 31 Dec 2026 18:00, extend: no}
      - {id: five, name: Five, ends: +30 days, extend: true}
      - {id: six, name: Six, ends: 2026-12-31T18:00:00Z}
`

func TestEverythingThatCanBeWritten(t *testing.T) {
	t.Parallel()
	got, err := ParseDefinitions("all.yaml", []byte(everything), monday(), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	olga, day := access.SomePerson("a/olga"), 24*time.Hour
	owners := access.Subject{Kind: access.SubjectCatalogOwners}
	policy := func(id access.PolicyID, name string, l access.Lifecycle) access.Policy {
		return access.Policy{ID: id, Name: name, Lifecycle: l}
	}
	want := runtime.Definitions{
		Settings: &access.Settings{
			Name: "Demo", Admins: []access.Subject{olga, access.SomeGroup("a/root")}, Auditors: []access.Subject{access.SomeGroup("a/audit")},
			Locale: "de", Zone: "Europe/Berlin", StageLimit: 4, TakeFound: true, Restore: true,
			Routing: access.Routing{Channels: []access.Channel{"a/approvals", "slack/C0123"}, ChannelOnly: true},
		},
		Catalogs: []access.Catalog{{ID: "design", Name: "Design", Description: "Things to draw with.", Routing: access.Routing{Channels: []access.Channel{"a/design"}}, Roles: []access.RoleHolder{
			{Role: access.CatalogOwner, Who: olga}, {Role: access.CatalogReader, Who: access.SomeGroup("a/staff")},
			{Role: access.PackageManager, Who: access.SomePerson("a/ben")}, {Role: access.AssignmentManager, Who: access.SomePerson("a/ada")},
		}}},
		Resources: []access.Resource{{
			ID: "site", Catalog: "design", Name: "Site", Description: "The site.", Connector: "manual", Target: "the site",
			Roles: []access.ResourceRole{{ID: "reader", Name: "Reader", Can: access.Say("Read")}},
			Hands: []access.Subject{access.SomePerson("a/ben"), {Kind: access.SubjectManager}},
		}},
		Packages: []access.Package{{
			ID: "all", Catalog: "design", Name: "All", Description: "Everything.", Hidden: true, Incompatible: []access.PackageID{"nothing"},
			Roles: []access.RoleRef{{Resource: "site", Role: "reader"}, {Resource: "other", Role: "role"}},
			Terms: &access.Terms{Text: access.Words{Text: "Be kind.", In: map[string]string{"de": "Sei nett.", "fr": "Soyez gentil."}}},
			Policies: []access.Policy{
				{
					ID: "one", Name: "One", Description: "First.", Closed: true, Choosable: true, Justification: true, ExtensionApproval: true,
					Requestors: access.Scope{Members: true, Outsiders: true, People: []access.PersonID{"a/carla"}, Groups: []access.GroupID{"a/staff"}},
					OnBehalf:   access.OnBehalf{Managers: true, People: []access.PersonID{"a/ben"}, Groups: []access.GroupID{"a/leads"}},
					Questions: []access.Question{
						{ID: "t", Kind: access.ShortText, Label: access.Words{Text: "Case", In: map[string]string{"fr": "Ticket"}}, Required: true, Pattern: "[0-9]+", Editable: true},
						{ID: "c", Kind: access.Choices, Label: access.Say("C"), Options: []access.Option{
							{Value: "x", Label: access.Say("X")},
							{Value: "2", Label: access.Words{Text: "Zwei", In: map[string]string{"de-at": "Zwoa"}}},
						}},
						{ID: "y", Kind: access.YesNo, Label: access.Say("Y")},
					},
					Stages: []access.Stage{
						{Approvers: []access.Subject{access.SomePerson("a/ada"), access.SomeGroup("a/leads"), {Kind: access.SubjectManager}, {Kind: access.SubjectPackageOwner}, owners}},
						{
							Approvers: []access.Subject{{Kind: access.SubjectTenantAdmins}}, Quorum: 2, Within: 3 * day, ReasonRequired: true,
							Alternates: []access.Subject{owners}, AlternatesAfter: 12 * time.Hour, Fallbacks: []access.Subject{olga},
						},
					},
					Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 30 * day, OwnTimes: true, Extend: true},
				},
				policy("two", "Two", access.Lifecycle{Ends: access.EndsNever}),
				policy("three", "Three", access.Lifecycle{Ends: access.EndsOnDate, On: time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC), Extend: true}),
				policy("four", "Four", access.Lifecycle{Ends: access.EndsOnDate, On: time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)}),
				// It is the 24th in Berlin by now.
				policy("five", "Five", access.Lifecycle{Ends: access.EndsOnDate, On: time.Date(2026, 12, 24, 22, 59, 0, 0, time.UTC), Extend: true}),
				policy("six", "Six", access.Lifecycle{Ends: access.EndsOnDate, On: time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC)}),
			},
		}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestFileExplainsWhatApplyingFinds(t *testing.T) {
	t.Parallel()
	text := "packages:\n  - id: a\n    name: A\n    roles:\n      - site/reader\n      - moon/king\n    policies:\n      - {id: p, name: P, requestors: [members, person: a/b], ends: never}\n"
	file, err := ReadDefinitions("a.yaml", []byte(text), monday(), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	known := access.Known{Resources: map[access.ResourceID]access.Resource{
		"site": {ID: "site", Catalog: "general", Roles: []access.ResourceRole{{ID: "reader"}}},
	}}
	got := file.Explain(access.Set(file.Definitions).Validate(known, 0).Err())
	want := "a.yaml:6:9: there is no resource \"moon\" (packages[0].roles[1])\n     4 |     roles:\n     5 |       - site/reader\n>    6 |       - moon/king\n       |         ^"
	if got == nil || got.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
	person := access.Refuse(access.NotFound, "unknownRole").At("packages[0].policies[0].requestors.people[0]")
	if got := file.Explain(person).Error(); !strings.HasPrefix(got, "a.yaml:8:") || !strings.Contains(got, "requestors[1]") {
		t.Errorf("got %s", got)
	}
	if other := os.ErrClosed; file.Explain(other) != other {
		t.Error("an error of another kind was changed")
	}
}

func TestFilesThatAreNoFilesForPeople(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		strings.Repeat("[", 101):                           "x.yaml: this file is nested too deeply, or has a line that is far too long",
		strings.Repeat("{a: [\n", 51):                      "x.yaml: this file is nested too deeply, or has a line that is far too long",
		"a: " + strings.Repeat("x", 65534):                 "x.yaml: this file is nested too deeply, or has a line that is far too long",
		strings.Repeat("a: b\n", 60_000):                   "x.yaml: this file is larger than 262144 bytes",
		"packages: [" + strings.Repeat(" ", 300) + "ä: 1]": "x.yaml:1:312: \"ä\" is not known here\n>    1 | " + strings.Repeat(" ", 79) + "ä: 1]\n       | " + strings.Repeat(" ", 79) + "^",
	} {
		if _, err := ParseDefinitions("x.yaml", []byte(text), monday(), time.UTC); err == nil || err.Error() != want {
			t.Errorf("got\n%v\nwant\n%s", err, want)
		}
	}
}

// Every code of core/access has a sentence that uses its data and no other.
func TestEveryCodeHasASentence(t *testing.T) {
	t.Parallel()
	for code, names := range access.InvalidCodes() {
		text, ok := sentences()[code]
		if !ok {
			t.Errorf("%s has no sentence", code)
		}
		for _, name := range names {
			text = strings.ReplaceAll(text, "{"+name+"}", "")
		}
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%s speaks of data that it does not get: %s", code, text)
		}
	}
	if got := Sentence(access.Refuse(access.Invalid, "noSuchCode")); got != "noSuchCode" {
		t.Errorf("got %q", got)
	}
}

func FuzzParseDefinitions(f *testing.F) {
	f.Add([]byte(everything))
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDefinitions("fuzz.yaml", data, monday(), time.UTC)
		if err != nil {
			if !reflect.DeepEqual(d, runtime.Definitions{}) || err.Error() == "" {
				t.Fatalf("%v with %+v", err, d)
			}
			return
		}
		if problems := access.Set(d).Validate(nil, 0); problems != nil {
			t.Fatal(problems)
		}
	})
}
