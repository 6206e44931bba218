package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat/form"
)

func verbRows() []verbRow {
	return slices.Concat(askRows(), holdRows(), adminRows(), linkRows(), packageRows(), catalogRows(), lookRows())
}

// askRows are the buttons of requests. Whoever may read a request is told that
// they may not do that; for others it is not there, as long as they do not press
// on its card: see TestPressOnACardThatIsThere.
func askRows() []verbRow {
	because := typed("reason", "Because.")
	decides := "done: approver; ownRequest: requestor; unknownRequest: holder member guest; notApprover: rest"
	decidesNot := "notApprover: admin auditor; unknownRequest: rest"
	amends := "notEditable: approver; ownRequest: requestor; unknownRequest: holder member guest; notApprover: rest"
	own, ownNot := "done: requestor; unknownRequest: holder member guest; notYours: rest", "notYours: admin auditor; unknownRequest: rest"
	ownTerms := "done: requestor; unknownRequest: approver holder member guest; notYours: rest"
	return []verbRow{
		{verb: verbApprove, at: atAsked, own: decides, foreign: decidesNot, fills: because, sentOwn: decides, sentForeign: decidesNot},
		{
			verb: verbDeny, at: atAsked, own: "form: approver; ownRequest: requestor; unknownRequest: holder member guest; notApprover: rest", foreign: decidesNot,
			fills: because, sentOwn: decides, sentForeign: decidesNot,
		},
		{verb: verbClaim, at: atAsked, own: decides, foreign: decidesNot},
		{verb: verbAmend, at: atAsked, own: amends, foreign: decidesNot, sentOwn: amends, sentForeign: decidesNot},
		{verb: verbDetails, at: atAsked, own: "unknownRequest: holder member guest; card: rest", foreign: "card: admin auditor; unknownRequest: rest"},
		{verb: verbWithdraw, at: atAsked, own: own, foreign: ownNot},
		{
			verb: verbTerms, at: atTerms, own: "card: requestor; unknownRequest: approver holder member guest; notYours: rest",
			foreign: "notYours: admin auditor; unknownRequest: rest",
		},
		{verb: verbAccept, at: atTerms, own: ownTerms, foreign: ownNot},
		{verb: verbRefuse, at: atTerms, own: ownTerms, foreign: ownNot},
		{
			verb: verbCancel, at: atAsked, own: "unknownRequest: holder member guest; form: admin owner assigner; notAdmin: rest",
			foreign: "form: admin; notAdmin: auditor; unknownRequest: rest", fills: because,
			sentOwn:     "done: admin owner assigner; unknownRequest: holder member guest; notAdmin: rest",
			sentForeign: "done: admin; notAdmin: auditor; unknownRequest: rest",
		},
	}
}

// holdRows are the buttons of assignments and tasks.
func holdRows() []verbRow {
	because := typed("reason", "Because.")
	hidden := "unknownRequest: requestor member guest; "
	return []verbRow{
		{
			verb: verbExtend, at: atHeld, own: hidden + "form: holder; notYours: rest", foreign: "notYours: admin auditor; unknownRequest: rest",
			sentOwn: hidden + "done: holder; notYours: rest", sentForeign: "notYours: admin auditor; unknownRequest: rest",
		},
		{verb: verbRelease, at: atHeld, own: hidden + "done: holder; notYours: rest", foreign: "notYours: admin auditor; unknownRequest: rest"},
		{
			verb: verbRevoke, at: atHeld, own: hidden + "form: admin owner assigner approver; notAdmin: rest",
			foreign: "form: admin; notAdmin: auditor; unknownRequest: rest", fills: because,
			sentOwn:     hidden + "done: admin owner assigner approver; notAdmin: rest",
			sentForeign: "done: admin; notAdmin: auditor; unknownRequest: rest",
		},
		{
			verb: verbRetry, at: atFailed, own: "unknownRequest: approver requestor member guest; done: admin owner assigner; notAdmin: rest",
			foreign: "done: admin; notAdmin: auditor; unknownRequest: rest",
		},
		{verb: verbDone, at: atTask, own: "done: admin owner assigner approver; noTask: rest", foreign: "done: admin; noTask: rest"},
		{
			verb: verbCannot, at: atTask, own: "form: admin owner assigner approver; noTask: rest", foreign: "form: admin; noTask: rest", fills: because,
			sentOwn: "done: admin owner assigner approver; noTask: rest", sentForeign: "done: admin; noTask: rest",
		},
	}
}

// adminRows are the forms of those who look after people's access.
func adminRows() []verbRow {
	newcomer := func(h half) form.Values { return valuesOf("person", "play/newcomer", "package", string(h.package1)) }
	holder := func(h half) form.Values { return valuesOf("person", string(h.holds), "package", string(h.package1)) }
	place := func(h half) form.Values { return valuesOf("place", "#all", "package", string(h.package1)) }
	list := func(h half) form.Values { return valuesOf("list", "@newcomer", "package", string(h.package1)) }
	person := func(h half) form.Values { return valuesOf("person", string(h.holds)) }
	// Who may not do it anywhere gets no form, and nobody gets one for a package
	// of a catalog that they may not do it in.
	acts := func(word string) string { return word + ": admin owner assigner; notAdmin: rest" }
	actsNot := func(word, other string) string {
		return word + ": admin; " + other + ": owner assigner; notAdmin: rest"
	}
	posts := func(word string) string { return word + ": admin owner packager assigner; notAdmin: rest" }
	postsNot := func(word, other string) string {
		return word + ": admin; " + other + ": owner packager assigner; notAdmin: rest"
	}
	opens, opensNot, admins := acts("form"), actsNot("form", "unknownPackage"), "form: admin; notAdmin: rest"
	asks := "alreadyPending: requestor; alreadyHeld: holder; unknownPackage: approver guest; "
	asksNot := "notRequestable: admin auditor; unknownPackage: rest"
	return []verbRow{
		{verb: verbPackage, at: atPackage, own: "unknownPackage: approver guest; card: rest", foreign: "card: admin auditor; unknownPackage: rest"},
		{
			verb: verbRequest, at: atPackage, own: asks + "form: member; notRequestable: rest", foreign: asksNot,
			sentOwn: asks + "done: member; notRequestable: rest", sentForeign: asksNot,
		},
		{verb: verbAssign, own: opens, foreign: opens, fills: newcomer, sentOwn: acts("done"), sentForeign: actsNot("done", "form!notOption")},
		{
			verb: verbAssign, at: atPackage, own: opens, foreign: opensNot, fills: newcomer,
			sentOwn: acts("done"), sentForeign: actsNot("done", "unknownPackage"),
		},
		{verb: verbRemove, own: opens, foreign: opens, fills: holder, sentOwn: acts("done"), sentForeign: actsNot("done", "form!notOption")},
		{
			verb: verbRemove, at: atPackage, own: opens, foreign: opensNot, fills: holder,
			sentOwn: acts("done"), sentForeign: actsNot("done", "unknownPackage"),
		},
		{verb: verbPost, own: posts("form"), foreign: posts("form"), fills: place, sentOwn: posts("done"), sentForeign: postsNot("done", "form!notOption")},
		{
			verb: verbPost, at: atPackage, own: posts("form"), foreign: postsNot("form", "unknownPackage"), fills: place,
			sentOwn: posts("done"), sentForeign: postsNot("done", "unknownPackage"),
		},
		{verb: verbBulk, own: opens, foreign: opens, fills: list, sentOwn: acts("card"), sentForeign: actsNot("card", "form!notOption")},
		{
			verb: verbBulk, at: atPackage, own: opens, foreign: opensNot, fills: list,
			sentOwn: acts("card"), sentForeign: actsNot("card", "unknownPackage"),
		},
		{
			verb: verbUnlink, own: admins, foreign: admins, fills: person,
			sentOwn: "form!notLinked: admin; notAdmin: rest", sentForeign: "form!notLinked: admin; notAdmin: rest",
		},
		{
			verb: verbVouch, own: admins, foreign: admins, fills: person,
			sentOwn: "done: admin; notAdmin: rest", sentForeign: "done: admin; notAdmin: rest",
		},
	}
}

// linkRows are the buttons that go by a code or by what the same person was
// shown: nobody has one of somebody else's.
func linkRows() []verbRow {
	return []verbRow{
		{verb: verbLinkTyped, own: "linkOver", foreign: "linkOver"},
		{verb: verbLinkConfirm, own: "linkOver", foreign: "linkOver"},
		{verb: verbLinkNotMe, own: "linkOver", foreign: "linkOver"},
		{verb: verbDefine, own: "proposalOver", foreign: "proposalOver"},
		{verb: verbOnTop, own: "proposalOver", foreign: "proposalOver"},
		{verb: verbWhich, own: "whichOver", foreign: "whichOver"},
		{verb: verbBulkGoOn, own: "bulkOver", foreign: "bulkOver"},
		{verb: verbBulkChange, own: "bulkOver", foreign: "bulkOver"},
		{verb: verbBulkFile, own: "bulkOver", foreign: "bulkOver"},
		{verb: verbBack, own: "proposalOver", foreign: "proposalOver"},
	}
}
