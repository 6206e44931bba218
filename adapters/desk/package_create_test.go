package desk

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// inWorkshops runs a test in a live chat and in one with pages.
func inWorkshops(t *testing.T, test func(*testing.T, *workshop)) {
	t.Helper()
	for name, caps := range map[string]form.Caps{"live": chattest.Modal(), "pages": chattest.Pages()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, openWorkshop(t, caps))
		})
	}
}

// Only what has no default is said: the rest is sensible.
func TestEnterEnterEnterMakesAWorkingPackage(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		r := w.types(olga, "/access-admin package create Wiki writers")
		r = w.through(olga, r, nil)
		r = w.through(olga, r, form.Values{"gives": val("design-team/member")})
		for range stepTerms - stepWho + 1 {
			r = w.through(olga, r, nil)
		}
		w.says(w.taps(olga, r, "Create"), "The package Wiki writers is there.")
		p := w.pack("wiki-writers")
		policy := p.Policies[0]
		if !policy.Requestors.Members || policy.Requestors.Outsiders || len(policy.Stages) != 1 || policy.Stages[0].Approvers[0] != access.SomePerson(olga) ||
			policy.Lifecycle != (access.Lifecycle{Ends: access.EndsDuration, For: 30 * 24 * time.Hour}) || p.Terms != nil || len(p.Roles) != 1 {
			t.Errorf("%+v", p)
		}
		if begun, _ := w.call(olga).works(); len(begun) != 0 {
			t.Errorf("it is still under construction: %+v", begun)
		}
	})
}

// contractorFile is the package of the story as a file.
const contractorFile = `
resources:
  - {id: project-site, name: Project site, connector: rooms, target: site, roles: [{id: visitor, name: visitor, can: see the pages}]}
  - id: door-badge
    name: Door badge
    connector: manual
    target: Door badge
    hands: [{person: play/olga}]
    roles: [{id: holder, name: holder, can: {en: gets it handed out, de: bekommt es ausgehändigt}}]
packages:
  - id: contractor
    name: External contractor
    description: What a contractor needs.
    roles: [design-team/member, project-site/visitor, door-badge/holder]
    terms: {en: Keep it to yourself., de: Behalte es für dich.}
    policies:
      - id: standard
        name: Standard
        requestors: [outsiders]
        justification: true
        questions:
          - id: where-do-you-work
            kind: choice
            required: true
            label: {en: "Where do you work?", de: "Wo arbeitest du?"}
            options:
              - {value: de, label: {en: Germany, de: Deutschland}}
              - {value: jp, label: {en: Japan, de: Japan}}
        stages:
          - approvers: [{person: play/olga}]
            reasonRequired: true
        ends: 2026-10-01
`

// contractorSteps are the answers to each form of the story.
func contractorSteps() []form.Values {
	return []form.Values{
		{"name": val("External contractor"), "description": val("What a contractor needs.")},
		{"gives": val("design-team/member", "+rooms+site+visitor"), "byhand": val("Door badge")},
		{"who.may": val("outsiders"), "who.justification": val("yes")},
		{"stage1.reason": val("yes")},
		{"life.ends": val("date"), "life.date": val("2026-10-01")},
		{"asked": val("new")},
		{
			"question.label": val("Where do you work?\nde: Wo arbeitest du?"), "question.kind": val("choice"), "question.required": val("yes"),
			"question.options": val("de = Germany | de: Deutschland\njp = Japan | de: Japan"),
		},
		{"asked": val("done")},
		{"terms": val("Keep it to yourself.\nde: Behalte es für dich.")},
	}
}

// The contractor package built in chat is the one from the file.
func TestTheContractorPackageIsBuiltInChat(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		r := w.types(olga, "/access-admin package create")
		for _, values := range contractorSteps() {
			r = w.through(olga, r, values)
		}
		w.taps(olga, r, "Create")
		w.sameAsFile("external-contractor", "contractor", contractorFile)
	})
}

// Whoever stops after any step goes on there, with all that was typed.
func TestEveryStepCanBeLeftAndResumed(t *testing.T) {
	t.Parallel()
	inWorkshops(t, func(t *testing.T, w *workshop) {
		r := w.types(olga, "/access-admin package create")
		for n, values := range contractorSteps() {
			if n > 0 && values["question.label"] == nil { // a question is asked from the list of them
				w.at = w.at.Add(6 * 24 * time.Hour)
				r = w.taps(olga, w.types(olga, "/access-admin package create"), "Go on")
			}
			r = w.through(olga, r, values)
		}
		w.taps(olga, w.taps(olga, w.types(olga, "/access-admin package create"), "Go on"), "Create")
		w.sameAsFile("external-contractor", "contractor", contractorFile)
	})
}

// sameAsFile compares a package that was made in chat, and the resources that
// it gives, with those of a file.
func (w *workshop) sameAsFile(id, of access.PackageID, file string) {
	w.t.Helper()
	defs, err := config.ParseDefinitions("contractor.yaml", []byte(file), w.Now(), time.UTC)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.r.Apply(w.t.Context(), tenant, olga, "file", defs); err != nil {
		w.t.Fatal(err)
	}
	got, want := bare(w.pack(id)), bare(w.pack(of))
	if got != want {
		w.t.Errorf("in chat\n%s\nfrom the file\n%s", got, want)
	}
	lines, err := w.r.Audit(w.t.Context(), tenant, "", 0, true, 10)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, line := range lines { // the file changed no resource but to say that a file manages it
		if string(line.Event.Code) == string(runtime.KindResource)+"/project-site" && line.Event.Before != "" {
			w.t.Errorf("the file says another resource:\n%s\n%s", line.Event.Before, line.Event.After)
		}
	}
}

// bare is a package without its id, its author, its times and its revisions.
func bare(p access.Package) string {
	p.ID, p.ManagedBy, p.CreatedBy, p.CreatedAt, p.EditedBy, p.EditedAt = "", "", "", time.Time{}, "", time.Time{}
	var policies []access.Policy
	for _, policy := range p.Policies {
		policy.Version, policy.EditedBy, policy.EditedAt = 0, "", time.Time{}
		policies = append(policies, policy)
	}
	p.Policies = policies
	data, _ := json.MarshalIndent(p, "", " ")
	return string(data)
}

// call is somebody at the desk.
func (w *workshop) call(p access.PersonID) *call {
	return &call{Desk: w.desk, ctx: w.t.Context(), from: w.who(p), now: w.Now(), tongue: w.desk.texts.in("UTC", "en")}
}

// What is wrong is said at its field, and nothing goes on.
func TestWrongValuesOfStepsAreToldAtTheirFields(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	r := w.through(olga, w.types(olga, "/access-admin package create Wiki"), nil)
	w.wrong(w.through(olga, r, nil), "gives", "Choose at least one thing, or name something that a person hands out.")
	w.rooms.forbidden = "site"
	w.wrong(w.through(olga, r, form.Values{"gives": val("+rooms+site+visitor")}), "gives",
		"You have no right over Project site where it lives, so you cannot put it into a catalog. Ask somebody who looks after it there.")
	w.wrong(w.through(olga, r, form.Values{"gives": val("design-team/boss")}), "gives",
		"“design-team/boss” is not on the list. Please choose one from the list.")
}
