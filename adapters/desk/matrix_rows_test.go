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

func matrixRows() []commandRow { return slices.Concat(peopleRows(), workRows()) }

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
	form := "notAdmin: people; form: rest"
	foreignForm := "notAdmin: people; form: admin auditor; unknownPackage: rest"
	return []commandRow{
		{"access-admin help", "card", "nonsense", "card", "", "", ""},
		{"access-admin assign", form, "nonsense", unknown, "{holds} {package}", form, foreignForm},
		{"access-admin remove", form, "nonsense", unknown, "{holds} {package}", form, foreignForm},
		{"access-admin bulk", form, "nonsense", unknown, "{package}", form, foreignForm},
		{"access-admin pending", list, "nonsense", unknown, "{package}", list, foreign},
		{"access-admin cancel", list, "nonsense", unknown, "{asks} {package}", form, foreignForm},
		{"access-admin retry", list, "nonsense", unknown, "{holds} {fails}", "done: admin owner assigner; notAdmin: rest", "done: admin; notAdmin: auditor people; unknownPackage: rest"},
		{
			"access-admin audit", "card: admin auditor; notAdmin: rest", "nonsense", "unknownPackage: admin auditor; notAdmin: rest", "{holds} {package}",
			"card: admin auditor; notAdmin: rest", "card: admin auditor; notAdmin: rest",
		},
		{"access-admin unlink", "form: admin; notAdmin: rest", "@nobody", "notLinked: admin; notAdmin: rest", "{holds}", "notLinked: admin; notAdmin: rest", "notLinked: admin; notAdmin: rest"},
		{"access-admin confirm", "form: admin; notAdmin: rest", "@nobody", "unknownPerson: admin; notAdmin: rest", "{holds}", "done: admin; notAdmin: rest", "done: admin; notAdmin: rest"},
		{"access-admin package list", list, "nonsense", list, "", "", ""},
		{"access-admin package show", list, "nonsense", unknown, "{package}", list, foreign},
		{"access-admin package simulate", form, "nonsense", unknown, "{holds} {package}", list, foreign},
		{
			"access-admin package post", form, "nonsense", unknown, "{package} #all",
			"done: admin owner packager assigner; notAdmin: rest", "done: admin; notAdmin: auditor people; unknownPackage: rest",
		},
	}
}
