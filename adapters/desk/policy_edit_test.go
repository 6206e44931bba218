package desk

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
)

// saved saves what is under construction and confirms the difference.
func (w *workshop) saved(p access.PersonID, r chat.Reply) chat.Reply {
	w.t.Helper()
	return w.taps(p, w.taps(p, r, "Save"), "Confirm")
}

// policies are the ids of a package's policies in order, with their versions.
func (w *workshop) policies(id access.PackageID) []access.PolicyRef {
	var out []access.PolicyRef
	p := w.pack(id)
	for _, policy := range p.Policies {
		out = append(out, p.Ref(policy))
	}
	return out
}

const threeStages = `
packages:
  - id: wiki
    name: Team wiki
    roles: [design-team/member]
    policies:
      - id: operators
        name: Operators
        description: For those on call.
        requestors: [outsiders, {person: play/mina}, {group: play/security}]
        closed: true
        onBehalf: [managers, {person: play/ada}]
        choosable: true
        justification: true
        stages:
          - approvers: [manager]
          - approvers: [{person: play/ada}, {person: play/ben}, {group: play/security}]
            quorum: 2
            within: 4 days 6 hours
            reasonRequired: true
            alternates: [package owners, {person: play/olga}]
            alternatesAfter: 36 hours
            fallbacks: [catalog owners]
          - approvers: [tenant admins]
            fallbacks: [{person: play/olga}]
        questions:
          - id: where-do-you-work
            kind: choice
            label: {en: Where do you work?, de: Wo arbeitest du?}
            required: true
            editable: true
            options: [{value: de, label: {en: Germany, de: Deutschland}}, {value: elsewhere, label: Elsewhere}]
          - {id: ticket, kind: long text, label: Ticket, pattern: "[A-Z]+-[0-9]+"}
        ends: after 90 days
        ownTimes: true
        extend: with approval
`

// A policy with everything that there is, built through the forms, is the one
// that the same words in a file make.
func TestPolicyBuiltInFormsIsTheOneOfTheFile(t *testing.T) {
	t.Parallel()
	inPolicyShops(t, func(t *testing.T, w *workshop) {
		r := w.through(olga, w.types(olga, "/access-admin policy add Team wiki"), form.Values{"policy.name": val("Operators"), "policy.description": val("For those on call.")})
		edit := func(label string, values form.Values) {
			t.Helper()
			w.through(olga, w.edits(olga, r, label), values)
			r = w.types(olga, "/access-admin policy edit wiki Operators")
		}
		edit("who", form.Values{
			"who.may": val("outsiders", "named"), "who.people": val("Mina Okafor", "group:security"), "who.justification": val("yes"), "who.open": val("no"),
			"who.more": val("yes"), "who.behalf": val("managers", "named"), "who.askers": val("@ada"), "who.choosable": val("yes"),
		})
		edit("stages", form.Values{
			"stages.count": val("3"), "stage1.approvers": val("manager"),
			"stage2.approvers": val("play/ada", "play/ben", "group:play/security"), "stage2.quorum": val("2"), "stage2.within": val("4 days 6 hours"), "stage2.reason": val("yes"),
			"stage2.more": val("yes"), "stage2.alternates": val("package owners", "@olga"), "stage2.after": val("36h"), "stage2.fallbacks": val("catalogOwners"),
			"stage3.approvers": val("tenant admins"), "stage3.more": val("yes"), "stage3.fallbacks": val("olga"),
		})
		edit("life", form.Values{"life.ends": val("duration"), "life.length": val("90 days"), "life.own": val("yes"), "life.extend": val("approval")})
		r = w.through(olga, w.taps(olga, w.edits(olga, r, "asked"), "New question"), form.Values{
			"question.label": val("en: Where do you work?\nde: Wo arbeitest du?"), "question.kind": val("choice"), "question.required": val("yes"), "question.editable": val("yes"),
			"question.options": val("de = Germany | de: Deutschland\nElsewhere"),
		})
		r = w.through(olga, w.taps(olga, r, "New question"), form.Values{
			"question.label": val("Ticket"), "question.kind": val("longText"), "question.pattern": val("[A-Z]+-[0-9]+"), "question.try": val("OPS-1"),
		})
		w.says(r, "OPS-1 matches the pattern [A-Z]+-[0-9]+.")
		w.says(w.saved(olga, r), "The package Team wiki is changed.")
		d, err := config.ParseDefinitions("usher.yaml", []byte(threeStages), w.at, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := w.pack("wiki").Policies[2]
		written := cmpopts.IgnoreFields(access.Policy{}, "Version", "EditedBy", "EditedAt")
		if diff := cmp.Diff(d.Packages[0].Policies[0], got, written, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
		if got.Version != 1 || got.EditedBy != olga {
			t.Errorf("version %d by %s", got.Version, got.EditedBy)
		}
	})
}

func TestPoliciesMoveAndGoAndAreCopied(t *testing.T) {
	t.Parallel()
	inPolicyShops(t, func(t *testing.T, w *workshop) {
		r := w.through(olga, w.types(olga, "/access-admin policy move wiki For good"), form.Values{"policy.place": val("1")})
		w.saved(olga, r)
		if got, want := w.policies("wiki"), []access.PolicyRef{{Package: "wiki", Policy: "long", Version: 1}, {Package: "wiki", Policy: "short", Version: 1}}; !slices.Equal(got, want) {
			t.Errorf("moved: %v, want %v", got, want)
		}
		r = w.through(olga, w.types(olga, "/access-admin policy add wiki"), form.Values{"policy.name": val("A week"), "policy.copy": val("long")})
		w.saved(olga, r)
		p := w.pack("wiki")
		want := p.Policies[0]
		want.ID, want.Name = "a-week", "A week"
		if diff := cmp.Diff(want, p.Policies[2], cmpopts.IgnoreFields(access.Policy{}, "Version", "EditedBy", "EditedAt")); diff != "" {
			t.Error(diff)
		}
		r = w.types(olga, "/access-admin policy delete Team wiki short")
		w.says(w.taps(olga, r, "Confirm"), "The package Team wiki is changed.")
		if got, want := w.policies("wiki"), []access.PolicyRef{{Package: "wiki", Policy: "long", Version: 1}, {Package: "wiki", Policy: "a-week", Version: 1}}; !slices.Equal(got, want) {
			t.Errorf("deleted: %v, want %v", got, want)
		}
	})
}

// Pressed twice, a button takes one policy away.
func TestTakeAwayPressedTwiceTakesOneAway(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chats()["slack"])
	w.applies(wikiFile)
	card := w.types(olga, "/access-admin policy edit wiki short")
	w.taps(olga, card, "Delete")
	w.says(w.taps(olga, card, "Delete"), "This policy is not there any more. Please begin again with the command.")
	w.saved(olga, w.types(olga, "/access-admin policy list wiki"))
	if got := w.policies("wiki"); len(got) != 1 || got[0].Policy != "long" {
		t.Errorf("left: %v", got)
	}
}

func TestQuestionsAreChangedMovedAndTakenAway(t *testing.T) {
	t.Parallel()
	inPolicyShops(t, func(t *testing.T, w *workshop) {
		r := w.types(olga, "/access-admin policy questions wiki long")
		r = w.through(olga, w.taps(olga, r, "New question"), form.Values{"question.label": val("Ticket"), "question.kind": val("number")})
		r = w.through(olga, w.taps(olga, r, "Edit"), form.Values{"question.required": val("no"), "question.place": val("3"), "question.pattern": val("")})
		r = w.through(olga, w.taps(olga, r, "Edit"), form.Values{"question.place": val("drop")})
		w.saved(olga, r)
		want := []access.Question{
			{ID: "ticket-2", Kind: access.Number, Label: access.Say("Ticket")},
			{ID: "ticket", Kind: access.ShortText, Label: access.Say("Ticket")},
		}
		if diff := cmp.Diff(want, w.pack("wiki").Policies[1].Questions); diff != "" {
			t.Error(diff)
		}
	})
}

// A request keeps the policy that it was made under.
func TestEditedPolicyLeavesOpenRequestsAlone(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chats()["slack"])
	w.applies(wikiFile)
	w.through(mina, w.types(mina, "/access request wiki"), form.Values{"policy": val("long"), "justification": val("Docs."), "answer1.ticket": val("OPS-1")})
	r := w.through(olga, w.edits(olga, w.types(olga, "/access-admin policy edit wiki long"), "life"), form.Values{"life.ends": val("duration"), "life.length": val("5 days"), "life.extend": val("yes")})
	w.saved(olga, r)
	view, err := w.r.Ledger(context.Background(), tenant, access.Actor{Person: olga, Account: access.Account(olga), Standing: access.Member}, mina)
	if err != nil {
		t.Fatal(err)
	}
	made := view.Ledger.Requests[0]
	if pinned := view.World.Policies[made.Policy]; made.Policy.Version != 1 || pinned.Lifecycle.Ends != access.EndsNever || made.Window != (access.Window{}) {
		t.Errorf("the request has %v: %+v", made.Policy, pinned.Lifecycle)
	}
	if got, _ := w.pack("wiki").Policy("long"); got.Version != 2 || got.Lifecycle.For != 5*day || got.EditedBy != olga {
		t.Errorf("the package has %+v", got)
	}
}

func TestWhoMayEditPolicies(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chats()["slack"])
	w.applies(wikiFile)
	for who, want := range map[access.PersonID]string{
		ada: "Bench", ben: "Bench",
	} {
		if card := w.told(w.types(who, "/access-admin policy edit bench")); card.Title != "All, a policy of "+want {
			t.Errorf("%s sees %s", who, cardText(card))
		}
	}
	w.says(w.types(rita, "/access-admin policy edit bench"), "Das können nur Besitzer und Paketmanager des Katalogs Lab.")
	if card := w.told(w.types(rita, "/access-admin policy list bench")); card.Title != "Bench" {
		t.Errorf("a reader sees %s", cardText(card))
	}
	w.says(w.types(mina, "/access-admin policy edit bench"), "Only admins who look after this can do that.")
	w.says(w.types(ben, "/access-admin policy edit wiki"), "There is no package wiki that you can see. /access-admin package list lists them.")
	w.says(w.types(olga, "/access-admin policy edit wiki short term"), "Team wiki has no policy called short term. It has: A week, For good.")
}

func TestPolicyScreens(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chats()["slack"])
	w.applies(wikiFile)
	w.applies(threeStages)
	w.reply("policy.en", w.types(olga, "/access-admin policy edit wiki"))
	w.applies(wikiFile)
	w.reply("policies.en", w.types(olga, "/access-admin policy list wiki"))
	r := w.types(olga, "/access-admin policy questions wiki long")
	w.reply("questions.en", r)
	w.taps(olga, w.types(olga, "/access-admin policy edit wiki short"), "Delete")
	w.reply("policies-changed.en", w.types(olga, "/access-admin policy list wiki"))
}
