package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// Addresses of what is defined in each half.
func atStep(n int) func(half) chat.Token {
	return func(h half) chat.Token { return chat.Token{Arg: string(h.package1), Stage: n} }
}

func atPolicyOf(h half) chat.Token {
	return chat.Token{Arg: string(h.package1), Face: markOf("all")}
}

func atArg(arg string) func(half) chat.Token {
	return func(half) chat.Token { return chat.Token{Arg: arg} }
}

func inCatalog(h half) form.Values {
	return valuesOf("name", "New", "catalog", string(h.catalog), "copy", string(h.package1))
}

// packageRows are the buttons and forms in which packages and policies are made
// and edited. A card is what is under construction: it is not written yet.
func packageRows() []verbRow {
	pick := func(h half) form.Values { return valuesOf("package", string(h.package1)) }
	others := "unknownPackage: people; notPackageManager: rest"
	cards, cardsNot := "card: admin owner packager; "+others, "card: admin; notPackageManager: auditor; unknownPackage: rest"
	forms, formsNot := "form: admin owner packager; "+others, "form: admin; notPackageManager: auditor; unknownPackage: rest"
	makes, picks := "form: admin owner packager; noCatalog: rest", "form: admin owner packager; nothingToEdit: rest"
	return []verbRow{
		{verb: verbStep, at: atStep(stepName), own: forms, foreign: formsNot, fills: typed("name", "New"), sentOwn: cards, sentForeign: cardsNot},
		{verb: verbStep, own: makes, foreign: makes, fills: inCatalog, sentOwn: strings.Replace(makes, "form", "card", 1), sentForeign: "card: admin; form!notOption: owner packager; noCatalog: rest"},
		{verb: verbStep, at: atStep(stepGives), own: forms, foreign: formsNot, sentOwn: cards, sentForeign: cardsNot},
		{ // a resource of a catalog that is none of theirs
			verb: verbStep, at: atStep(stepGives), own: forms, foreign: formsNot, fills: typed("gives", "s1/member"),
			sentOwn: "form!notOption: admin owner packager; " + others, sentForeign: cardsNot,
		},
		{verb: verbStep, at: atStep(stepStages), own: forms, foreign: formsNot, sentOwn: cards, sentForeign: cardsNot},
		{verb: verbStart, own: makes, foreign: makes},
		{verb: verbWork, at: atPackage, own: cards, foreign: cardsNot},
		{verb: verbMake, at: atPackage, own: cards, foreign: cardsNot},
		{verb: verbForget, at: atPackage, own: cards, foreign: cardsNot},
		{
			verb: verbPick, at: atArg("edit"), own: picks, foreign: picks, fills: pick,
			sentOwn: "card: admin owner packager; nothingToEdit: rest", sentForeign: "card: admin; form!notOption: owner packager; nothingToEdit: rest",
		},
		{
			verb: verbPick, at: atArg("hide"), own: picks, foreign: picks, fills: pick,
			sentOwn: "proposal: admin owner packager; nothingToEdit: rest", sentForeign: "proposal: admin; form!notOption: owner packager; nothingToEdit: rest",
		},
		{verb: verbKeep, at: atPackage, own: "notDeleting: admin owner packager; unknownPackage: people; notPackageManager: rest", foreign: "notDeleting: admin; notPackageManager: auditor; unknownPackage: rest"},
		{verb: verbWhenFree, at: atPackage, own: "proposal: admin owner packager; unknownPackage: people; notPackageManager: rest", foreign: "proposal: admin; notPackageManager: auditor; unknownPackage: rest"},
		{verb: verbPolicies, at: atPackage, own: cards, foreign: cardsNot},
		{verb: verbPolicy, at: atPolicyOf, own: cards, foreign: cardsNot},
		{verb: verbPolicyNew, at: atPackage, own: forms, foreign: formsNot, fills: typed("policy.name", "New"), sentOwn: cards, sentForeign: cardsNot},
		{verb: verbPolicyName, at: atPolicyOf, own: forms, foreign: formsNot, fills: typed("policy.name", "New"), sentOwn: cards, sentForeign: cardsNot},
		{verb: verbPolicyDrop, at: atPolicyOf, own: cards, foreign: cardsNot},
		{verb: verbPart, at: atPolicyOf, own: forms, foreign: formsNot, fills: typed("part", "who"), sentOwn: forms, sentForeign: formsNot},
		{verb: verbPart, at: atPackage, own: forms, foreign: formsNot, fills: typed("part", "policies"), sentOwn: cards, sentForeign: cardsNot},
		{verb: verbQuestion, at: atPolicyOf, own: forms, foreign: formsNot, fills: typed("question.label", "Why?"), sentOwn: cards, sentForeign: cardsNot},
	}
}

// catalogRows are the buttons and forms in which catalogs and resources are
// made and edited.
func catalogRows() []verbRow {
	role1 := func(h half) chat.Token { return chat.Token{Arg: string(h.resource), Request: 1, Stage: 1} }
	thing := func(h half) form.Values { return valuesOf("thing", "rooms/free", "catalog", string(h.catalog)) }
	look, lookNot := "notAdmin: people; card: rest", "notAdmin: people; card: admin auditor; unknownCatalog: rest"
	things, thingsNot := "notAdmin: people; card: rest", "notAdmin: people; card: admin auditor; unknownResource: rest"
	owners := func(word string) string { return word + ": admin owner; notAdmin: people; notCatalogOwner: rest" }
	ownersNot := func(word, unknown string) string {
		return word + ": admin; notCatalogOwner: auditor; notAdmin: people; " + unknown + ": rest"
	}
	admins := func(word string) string { return word + ": admin; notTenantAdmin: rest" }
	adds := func(word string) string { return word + ": admin owner; ownsNoCatalog: rest" }
	return []verbRow{
		{verb: verbCatalog, at: atCatalog, own: look, foreign: lookNot},
		{
			verb: verbCatalogEdit, at: atCatalog, own: owners("form"), foreign: ownersNot("form", "unknownCatalog"), fills: typed("name", "New"),
			sentOwn: owners("proposal"), sentForeign: ownersNot("proposal", "unknownCatalog"),
		},
		{verb: verbCatalogEdit, own: admins("form"), foreign: admins("form"), fills: typed("name", "New"), sentOwn: admins("proposal"), sentForeign: admins("proposal")},
		{
			verb: verbCatalogDrop, at: atCatalog, own: "catalogNotEmpty: admin; notTenantAdmin: owner; notAdmin: people; notCatalogOwner: rest",
			foreign: ownersNot("catalogNotEmpty", "unknownCatalog"),
		},
		{verb: verbThing, at: atCatalog, own: adds("form"), foreign: adds("form"), fills: thing, sentOwn: adds("form"), sentForeign: adds("form")},
		{verb: verbResourceNew, own: adds("formOver"), foreign: adds("formOver"), fills: thing, sentOwn: adds("formOver"), sentForeign: adds("formOver")},
		{verb: verbResource, at: atThing, own: things, foreign: thingsNot},
		{
			verb: verbResourceEdit, at: atThing, own: owners("form"), foreign: ownersNot("form", "unknownResource"), fills: typed("name", "New"),
			sentOwn: owners("proposal"), sentForeign: ownersNot("proposal", "unknownResource"),
		},
		{ // into a catalog that is none of theirs
			verb: verbResourceEdit, at: atThing, own: owners("form"), foreign: ownersNot("form", "unknownResource"), fills: typed("catalog", "zoo"),
			sentOwn:     "form!resourceGiven: admin; form!notOption: owner; notAdmin: people; notCatalogOwner: rest",
			sentForeign: ownersNot("card", "unknownResource"),
		},
		{verb: verbResourceDrop, at: atThing, own: owners("resourceInPackages"), foreign: ownersNot("resourceInPackages", "unknownResource")},
		{
			verb: verbRole, at: role1, own: owners("form"), foreign: ownersNot("form", "unknownResource"), fills: typed("role", "New", "can", "come in"),
			sentOwn: owners("proposal"), sentForeign: ownersNot("proposal", "unknownResource"),
		},
		{verb: verbRoleDrop, at: role1, own: owners("noRoles"), foreign: ownersNot("noRoles", "unknownResource")},
	}
}

// lookRows are the buttons that only show something.
func lookRows() []verbRow {
	way := func(h half) chat.Token { return chat.Token{Person: "play/newcomer", Arg: string(h.package1)} }
	simulate := func(h half) form.Values { return valuesOf("person", "play/newcomer", "package", string(h.package1)) }
	held := func(h half) form.Values { return valuesOf("report", reportPackages, "package", string(h.package1)) }
	why := func(h half) form.Values { return valuesOf("person", string(h.holds), "resource", string(h.resource)) }
	look, lookNot := "card: staff; unknownPackage: rest", "card: admin auditor; unknownPackage: rest"
	admins := "form: admin; notTenantAdmin: rest"
	forms, lists := "notAdmin: people; form: rest", "notAdmin: people; card: rest"
	sent := "notAdmin: people; card: admin auditor; form!notOption: rest"
	return []verbRow{
		{verb: verbPage, at: atPackage, own: look, foreign: lookNot},
		{verb: verbSimulate, own: forms, foreign: forms, fills: simulate, sentOwn: lists, sentForeign: sent},
		{verb: verbSimWay, at: way, own: look, foreign: lookNot},
		{verb: verbPendingPage, own: lists, foreign: lists},
		{verb: verbPendingFilter, own: forms, foreign: forms, fills: simulate, sentOwn: lists, sentForeign: sent},
		{verb: verbReport, own: forms, foreign: forms, fills: typed("report", reportPackages), sentOwn: lists, sentForeign: lists},
		{verb: verbReport, own: forms, foreign: forms, fills: held, sentOwn: lists, sentForeign: sent},
		{verb: verbReport, own: forms, foreign: forms, fills: typed("report", reportApprovers), sentOwn: lists, sentForeign: lists},
		{verb: verbReport, own: forms, foreign: forms, fills: typed("report", reportTimes), sentOwn: lists, sentForeign: lists},
		{verb: verbReport, own: forms, foreign: forms, fills: typed("report", reportUnused), sentOwn: lists, sentForeign: lists},
		{verb: verbWhy, own: forms, foreign: forms, fills: why, sentOwn: lists, sentForeign: "notAdmin: people; card: admin auditor; form!unknownResource: rest"},
		{verb: verbEvent, at: atArg("1"), own: "card: admin auditor; notAdmin: rest", foreign: "card: admin auditor; notAdmin: rest"},
		{verb: verbSettings, own: "card: admin auditor; notTenantAdmin: rest", foreign: "card: admin auditor; notTenantAdmin: rest"},
		{verb: verbSettingsEdit, at: atArg(partPeople), own: admins, foreign: admins, sentOwn: admins, sentForeign: admins},
		{verb: verbRest, at: atArg("package/"), own: lists, foreign: lists},
		{verb: verbRest, at: atArg("menu/"), own: "card", foreign: "card"},
		{verb: verbRest, at: atArg("resource/"), own: lists, foreign: lists},
		{verb: verbRest, at: atArg("catalog/"), own: lists, foreign: lists},
	}
}
