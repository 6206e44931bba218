package desk

import "slices"

// Groups of roles that a row may name instead of each: staff look after
// something, people do not.
const (
	groupStaff  = "staff"
	groupPeople = "people"
)

func matrixGroups() map[string][]string {
	return map[string][]string{
		groupStaff:  {asAdmin, asOwner, asReader, asPackager, asAssigner, asAuditor},
		groupPeople: {asApprover, asRequestor, asHolder, asMember, asGuest},
	}
}

func matrixRows() []commandRow {
	return slices.Concat(peopleRows(), workRows(), lookupRows(), packageCommands(), policyCommands(), catalogCommands())
}

// peopleRows are the commands of everybody.
func peopleRows() []commandRow {
	// What is said of a package: who may ask for it or looks after it sees it.
	seen, foreign := "unknownPackage: approver guest; card: rest", "card: admin auditor; unknownPackage: rest"
	return []commandRow{
		{"access home", "card", "nonsense", "card", "", "", ""},
		{"access mine", "card", "nonsense", "card", "", "", ""},
		{"access approvals", "card", "nonsense", "card", "", "", ""},
		{"access help", "card", "nonsense", "card", "", "", ""},
		{"access link", "card", "nonsense", "linkCode", "", "", ""},
		{"access show", "card", "nonsense", "unknownPackage", "{package}", seen, foreign},
		{"access status", "card", "nonsense", "unknownPackage", "{package}", seen, foreign},
		{"access withdraw", "card", "nonsense", "unknownPackage", "{package}", seen, foreign},
		{"access release", "card", "nonsense", "unknownPackage", "{package}", seen, foreign},
		{
			"access extend", "card", "nonsense", "unknownPackage", "{package}",
			"unknownPackage: approver guest; form: holder; card: rest", foreign,
		},
		{
			"access request", "form: requestor holder member; nothingToRequest: rest", "nonsense", "unknownPackage", "{package}",
			"unknownPackage: approver guest; alreadyPending: requestor; alreadyHeld: holder; form: member; notRequestable: rest",
			"notRequestable: admin auditor; unknownPackage: rest",
		},
	}
}

// workRows are the commands of those who look after people's access.
func workRows() []commandRow {
	unknown := "notAdmin: people; unknownPackage: rest"
	list := "notAdmin: people; card: rest"
	foreign := "notAdmin: people; card: admin auditor; unknownPackage: rest"
	// Who may not do it anywhere is refused before anything is asked.
	acts := func(word string) string { return word + ": admin owner assigner; notAdmin: rest" }
	actsNot := func(word string) string { return word + ": admin; unknownPackage: owner assigner; notAdmin: rest" }
	form, foreignForm, noPackage := acts("form"), actsNot("form"), acts("unknownPackage")
	return []commandRow{
		{"access-admin help", "card", "nonsense", "card", "", "", ""},
		{"access-admin assign", form, "nonsense", noPackage, "{holds} {package}", form, foreignForm},
		{"access-admin remove", form, "nonsense", noPackage, "{holds} {package}", form, foreignForm},
		{"access-admin bulk", form, "nonsense", noPackage, "{package}", form, foreignForm},
		{"access-admin pending", list, "nonsense", unknown, "{package}", list, foreign},
		{"access-admin cancel", acts("card"), "nonsense", noPackage, "{asks} {package}", form, foreignForm},
		{"access-admin retry", acts("card"), "nonsense", noPackage, "{holds} {fails}", acts("done"), actsNot("done")},
		{
			"access-admin audit", "card: admin auditor; notAdmin: rest", "nonsense", "unknownPackage: admin auditor; notAdmin: rest", "{holds} {package}",
			"card: admin auditor; notAdmin: rest", "card: admin auditor; notAdmin: rest",
		},
		{"access-admin unlink", "form: admin; notAdmin: rest", "@nobody", "notLinked: admin; notAdmin: rest", "{holds}", "notLinked: admin; notAdmin: rest", "notLinked: admin; notAdmin: rest"},
		{"access-admin confirm", "form: admin; notAdmin: rest", "@nobody", "unknownPerson: admin; notAdmin: rest", "{holds}", "done: admin; notAdmin: rest", "done: admin; notAdmin: rest"},
	}
}

// lookupRows are the commands that only say something.
func lookupRows() []commandRow {
	form, card, unknown := "notAdmin: people; form: rest", "notAdmin: people; card: rest", "notAdmin: people; unknownPackage: rest"
	foreign := "notAdmin: people; card: admin auditor; unknownPackage: rest"
	foreignThing := "notAdmin: people; card: admin auditor; unknownResource: rest"
	return []commandRow{
		{"access-admin report", form, "nonsense", "notAdmin: people; unknownReport: rest", "packages {package}", card, foreign},
		{name: "access-admin report", right: "resources {resource}", own: card, foreign: foreignThing},
		{name: "access-admin report", right: "people {holds}", own: card, foreign: card},
		{name: "access-admin report", right: "ends {package}", own: card, foreign: foreign},
		{name: "access-admin report", right: "approvers {package}", own: card, foreign: foreign},
		{name: "access-admin report", right: "times {package}", own: card, foreign: foreign},
		{name: "access-admin report", right: "refused {package}", own: card, foreign: foreign},
		{name: "access-admin report", right: "unused", own: card, foreign: card},
		{"access-admin why", form, "nonsense", "notAdmin: people; form!unknownResource: rest", "{holds} {resource}", card, foreignThing},
		{"access-admin package list", card, "nonsense", card, "", "", ""},
		{"access-admin package show", card, "nonsense", unknown, "{package}", card, foreign},
		{"access-admin package simulate", form, "nonsense", unknown, "@newcomer {package}", card, foreign},
		{"access-admin catalog list", card, "nonsense", card, "", "", ""},
		{"access-admin catalog show", card, "nonsense", "notAdmin: people; unknownCatalog: rest", "{catalog}", card, "notAdmin: people; card: admin auditor; unknownCatalog: rest"},
		{"access-admin resource list", card, "nonsense", card, "", "", ""},
		{"access-admin resource show", card, "nonsense", "notAdmin: people; unknownResource: rest", "{resource}", card, foreignThing},
	}
}

// packageCommands are the commands that edit packages: owners and package
// managers may.
func packageCommands() []commandRow {
	pick := "notAdmin: people; form: admin owner packager; nothingToEdit: rest"
	makes := "notAdmin: people; form: admin owner packager; noCatalog: rest"
	unknown := "notAdmin: people; unknownPackage: rest"
	may := func(word string) string {
		return "notAdmin: people; " + word + ": admin owner packager; notPackageManager: rest"
	}
	mayNot := func(word string) string {
		return "notAdmin: people; " + word + ": admin; notPackageManager: auditor; unknownPackage: rest"
	}
	return []commandRow{
		{"access-admin package create", makes, "nonsense", makes, "", "", ""},
		{"access-admin package edit", pick, "nonsense", unknown, "{package}", may("card"), mayNot("card")},
		{"access-admin package copy", pick, "nonsense", unknown, "{package}", makes, "notAdmin: people; form: admin; noCatalog: auditor; unknownPackage: rest"},
		{"access-admin package hide", pick, "nonsense", unknown, "{package}", may("proposal"), mayNot("proposal")},
		{"access-admin package unhide", pick, "nonsense", unknown, "{fails}", may("proposal"), mayNot("proposal")},
		{"access-admin package delete", pick, "nonsense", unknown, "{package}", may("card"), mayNot("card")}, // it is held
		{
			"access-admin package post", "form: admin owner packager assigner; notAdmin: rest", "nonsense", "unknownPackage: admin owner packager assigner; notAdmin: rest", "{package} #all",
			"done: admin owner packager assigner; notAdmin: rest", "done: admin; unknownPackage: owner packager assigner; notAdmin: rest",
		},
	}
}

// policyCommands are the commands that edit policies.
func policyCommands() []commandRow {
	pick := "notAdmin: people; form: admin owner packager; nothingToEdit: rest"
	unknown := "notAdmin: people; unknownPackage: rest"
	may := func(word string) string {
		return "notAdmin: people; " + word + ": admin owner packager; notPackageManager: rest"
	}
	mayNot := func(word string) string {
		return "notAdmin: people; " + word + ": admin; notPackageManager: auditor; unknownPackage: rest"
	}
	return []commandRow{
		{
			"access-admin policy list", pick, "nonsense", unknown, "{package}",
			"notAdmin: people; card: rest", "notAdmin: people; card: admin auditor; unknownPackage: rest",
		},
		{"access-admin policy add", pick, "nonsense", unknown, "{package}", may("form"), mayNot("form")},
		{"access-admin policy edit", pick, "nonsense", unknown, "{package} all", may("card"), mayNot("card")},
		{"access-admin policy move", pick, "nonsense", unknown, "{package} all", may("form"), mayNot("form")},
		{"access-admin policy delete", pick, "nonsense", unknown, "{package} all", may("proposal"), mayNot("proposal")},
		{"access-admin policy questions", pick, "nonsense", unknown, "{package} all", may("card"), mayNot("card")},
	}
}

// catalogCommands are the commands that edit catalogs and resources: owners
// may; settings, and which catalogs there are, are for tenant admins.
func catalogCommands() []commandRow {
	list := "notAdmin: people; card: rest"
	noCatalog, noThing := "notAdmin: people; unknownCatalog: rest", "notAdmin: people; unknownResource: rest"
	admins := "notAdmin: people; form: admin; notTenantAdmin: rest"
	owners := func(word string) string { return "notAdmin: people; " + word + ": admin owner; notCatalogOwner: rest" }
	ownersNot := func(word, unknown string) string {
		return "notAdmin: people; " + word + ": admin; notCatalogOwner: auditor; " + unknown + ": rest"
	}
	adds := "notAdmin: people; form: admin owner; ownsNoCatalog: rest"
	return []commandRow{
		{
			"access-admin settings", "notAdmin: people; card: admin auditor; notTenantAdmin: rest", "nonsense",
			"notAdmin: people; card: admin auditor; notTenantAdmin: rest", "", "", "",
		},
		{
			"access-admin export", "notAdmin: people; card: admin auditor; notTenantAdmin: rest", "nonsense",
			"notAdmin: people; card: admin auditor; notTenantAdmin: rest", "", "", "",
		},
		{"access-admin catalog create", admins, "nonsense", admins, "", "", ""},
		{"access-admin catalog edit", list, "nonsense", noCatalog, "{catalog}", owners("form"), ownersNot("form", "unknownCatalog")},
		{
			"access-admin catalog delete", list, "nonsense", noCatalog, "{catalog}",
			"notAdmin: people; catalogNotEmpty: admin; notTenantAdmin: owner; notCatalogOwner: rest", ownersNot("catalogNotEmpty", "unknownCatalog"),
		},
		{
			"access-admin resource create", adds, "nonsense", "unknownCatalog: admin owner; notAdmin: people; ownsNoCatalog: rest", "{catalog}",
			adds, "form: admin; unknownCatalog: owner; notAdmin: people; ownsNoCatalog: rest",
		},
		{"access-admin resource edit", list, "nonsense", noThing, "{resource}", owners("form"), ownersNot("form", "unknownResource")},
		{
			"access-admin resource delete", list, "nonsense", noThing, "{resource}",
			owners("resourceInPackages"), ownersNot("resourceInPackages", "unknownResource"),
		},
	}
}
