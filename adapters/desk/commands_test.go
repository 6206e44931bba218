package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// An end is understood with and without "until", and a wrong one is said at
// once, with the form open.
func TestAssignUnderstandsItsEnd(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"@ben wiki 2026-12-01":               "2026-12-01",
		"@ben wiki until 2026-12-01":         "2026-12-01",
		"wiki 10 days @ben":                  "10 days",
		"@ben wiki for 10 days":              "10 days",
		"wiki until 10 days @ben":            "10 days",
		`@ben "Wiki" 10 days`:                "10 days",
		"@ben WIKI UNTIL 1 Dec 2026":         "1 Dec 2026",
		"@ben „Production access“ 5 days":    "5 days",
		"@ben production access":             "",
		"@ben production until 5 Dec 2026":   "5 Dec 2026",
		"@ben Production access 17 Sep 2026": "17 Sep 2026",
	} {
		h := newHouse(t, chattest.Modal())
		page := h.shown(h.types(olga, "/access-admin assign "+text)).Page
		pkg := "wiki"
		if strings.Contains(strings.ToLower(text), "production") {
			pkg = "production"
		}
		if got := value(page, "end"); got != want || value(page, "package") != pkg || value(page, "person") != string(ben) || len(page.Errors) > 0 {
			t.Errorf("%s: until %q, package %q, person %q, errors %v", text, got, value(page, "package"), value(page, "person"), page.Errors)
		}
	}
	h := newHouse(t, chattest.Modal())
	h.wrong(h.types(olga, "/access-admin assign @ben wiki 2026-02-30"), "end",
		"2026-02-30: there is no such day or time. Please look at the calendar again.")
	h.wrong(h.types(olga, "/access-admin assign @ben wiki until whenever"), "end",
		"whenever is neither a date nor a length of time. Please write it like 2026-10-01 or 10 days.")
	h.wrong(h.types(olga, "/access-admin assign @nobody wiki"), "person", "@nobody is not known here. Please choose somebody from this chat.")
	h.says(h.types(olga, "/access-admin assign @ben wikki"), "There is no package wikki that you can see. Did you mean Wiki? /access-admin package list lists them.")
}

// Commands of admins say first that they are for admins.
func TestAdminCommandsAreForAdmins(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	for _, text := range []string{"assign @ben wiki", "assign @ben nonsense", "remove @ben wiki", "pending", "cancel wiki", "retry @ben", "audit", "unlink @ben", "confirm @ben", "package list", "package show wiki", "package post wiki #all"} {
		h.says(h.types(mina, "/access-admin "+text), "Only admins who look after this can do that.")
	}
}

// A package that is named is the one that is meant, and no other.
func TestCommandsHonourThePackage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request audit"), form.Values{"justification": val("x")})
	h.fills(mina, h.types(mina, "/access request wiki"), form.Values{"justification": val("x")})
	h.fills(ben, h.types(ben, "/access request production"), form.Values{"justification": val("x")})
	for text, want := range map[string]string{
		"release wikki": "There is no package wikki that you can see. Did you mean Wiki? /access show lists them.",
		"release badge": "You do not have Door badge.",
		"extend audit":  "Audit cannot be extended now.",
		"withdraw wiki": "You have no request for Wiki that can be withdrawn.",
		"withdraw wkii": "There is no package wkii that you can see. Did you mean Wiki? /access show lists them.",
		"status wiki":   "You have no open request for Wiki.",
		"status prod":   "You have no open request for Production access.",
	} {
		h.says(h.types(mina, "/access "+text), want)
	}
	if text := cardText(h.told(h.types(mina, `/access release "Wiki"`))); strings.Contains(text, "Audit") || strings.Count(text, "[Give back]") != 1 {
		t.Errorf("release:\n%s", text)
	}
	if page := h.shown(h.types(mina, "/access extend WIKI")).Page; page.Title != "More time for Wiki" {
		t.Errorf("extend: %s", page.Title)
	}
	if text := cardText(h.told(h.types(ben, "/access withdraw production"))); strings.Count(text, "[Withdraw]") != 1 {
		t.Errorf("withdraw:\n%s", text)
	}
	if text := cardText(h.told(h.types(ben, "/access status production access"))); strings.Count(text, "[Withdraw]") != 1 {
		t.Errorf("status:\n%s", text)
	}
	if text := cardText(h.told(h.types(olga, "/access-admin audit wiki"))); strings.Contains(text, "Audit") || !strings.Contains(text, "Wiki") {
		t.Errorf("audit:\n%s", text)
	}
	h.says(h.types(olga, "/access-admin cancel wiki"), "There is no such open request for Wiki.")
	h.says(h.types(olga, "/access-admin cancel @rita"), "There is no such open request.")
	h.says(h.types(olga, "/access-admin retry wiki"), "Nothing of that has failed with Wiki.")
	h.says(h.types(olga, "/access-admin retry wikki"), "There is no package wikki that you can see. Did you mean Wiki? /access-admin package list lists them.")
	h.says(h.fills(olga, h.types(olga, "/access-admin cancel @ben production"), nil), "The request of Ben Tanaka for Production access is canceled.")
}

func TestRetryOfWhatIsNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.rooms[role("team", "member")] = "roomBroken"
	h.fills(mina, h.types(mina, "/access request audit"), form.Values{"justification": val("x")})
	h.fills(ben, h.types(ben, "/access request audit"), form.Values{"justification": val("x")})
	delete(h.rooms, role("team", "member"))
	h.says(h.types(olga, "/access-admin retry @mina audit"), "It is being tried again.")
	h.last(mina, "You now have Audit")
	if a := h.ledgers[ben].Assignments[0]; a.State != access.AssignmentDelivering {
		t.Errorf("ben's: %s", a.State)
	}
}

// A slip of the pen leads to nothing that takes something away, and what there
// is not yet is said plainly.
func TestSuggestionsAreHarmless(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	for text, want := range map[string]string{
		"/access relese wiki":             "relese wiki is not a command. /access help lists all of them.",
		"/access withdrw":                 "withdrw is not a command. /access help lists all of them.",
		"/access delegate @ben":           "delegate is not available yet. /access help lists what there is.",
		"/access-admin reviews":           "reviews is not available yet. /access-admin help lists what there is.",
		"/access-admin remov @mina audit": "remov @mina audit is not a command. /access-admin help lists all of them.",
		"/access-admin audti":             "audti is not a command. Did you mean /access-admin audit?",
	} {
		h.says(h.types(olga, text), want)
	}
}

// More time is offered only to who can have it.
func TestHeldAlready(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	for _, pkg := range []string{"wiki", "badge"} {
		h.fills(mina, h.types(mina, "/access request "+pkg), form.Values{"justification": val("x")})
	}
	h.says(h.types(mina, "/access request wiki"), "Wiki is held already, until 8 September 2026, 09:00 UTC. /access extend asks for more time.")
	h.says(h.types(mina, "/access request badge"), "Door badge is held already, for 5 days from delivery.")
}
