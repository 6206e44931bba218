package desk

import (
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// minaThere is Mina's account in the other chat. Nobody knows that it is hers.
const minaThere = access.PersonID("games/mina")

// inTwo is a house in which Mina has two accounts and a badge.
func inTwo(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, chattest.Modal())
	p := h.people[mina]
	p.Person, p.Account, p.Name = minaThere, access.Account(minaThere), "Mina in Games"
	h.people[minaThere] = p
	return h
}

// links makes both accounts one person: her request of the badge keeps its
// number, and those of the other account get new ones.
func (h *house) links() {
	h.t.Helper()
	if h.ledger(mina).Next == 1 {
		h.fills(mina, h.types(mina, "/access request badge"), form.Values{"justification": val("x")})
	}
	if err := h.Link(h.t.Context(), tenant, access.Account(mina), access.Account(minaThere), "link"); err != nil {
		h.t.Fatal(err)
	}
}

// old presses the old button of a request of Mina's other account.
func (h *house) old(who access.PersonID, verb chat.Verb, face int) chat.Reply {
	h.t.Helper()
	return h.does(chat.Pressed{Who: h.who(who), ID: h.id(), Token: h.oldToken(verb, face)})
}

func (h *house) oldToken(verb chat.Verb, face int) string {
	h.t.Helper()
	t := chat.Token{Verb: verb, Tenant: tenant, Person: minaThere, Request: 1, Face: face}
	if verb == verbDone || verb == verbCannot {
		t.Stage, t.Arg = taskGrant, chat.Digest("badge/holder")
	}
	out, err := t.Encode()
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// Every button that names a request of an account which was linked since does
// what it says.
func TestOldButtonsKeepWorkingAfterALink(t *testing.T) {
	t.Parallel()
	for verb, is := range map[chat.Verb]struct {
		pkg  string
		by   access.PersonID
		want string // the answer, the title of the form, or nothing
		then form.Values
		says string
	}{
		verbApprove:  {pkg: "production", by: ada, want: "You approved the request of Mina Okafor."},
		verbDeny:     {pkg: "production", by: ada, want: "Deny", then: form.Values{"reason": val("no")}, says: "You denied the request of Mina Okafor."},
		verbClaim:    {pkg: "production", by: ada, want: "Noted."},
		verbAmend:    {pkg: "production", by: ada, want: "This answer cannot be changed."},
		verbDetails:  {pkg: "production", by: ada, want: "Request: Production access"},
		verbWithdraw: {pkg: "production", by: minaThere, want: "The request is withdrawn."},
		verbCancel:   {pkg: "production", by: olga, want: "Cancel a request", says: "The request of Mina Okafor for Production access is canceled."},
		verbTerms:    {pkg: "contractor", by: minaThere, want: "Keep it to yourself."},
		verbAccept:   {pkg: "contractor", by: mina, want: "You accepted the terms."},
		verbRefuse:   {pkg: "contractor", by: minaThere, want: "You refused the terms."},
		verbExtend:   {pkg: "wiki", by: minaThere, want: "More time for Wiki", says: "You have more time"},
		verbRelease:  {pkg: "wiki", by: mina, want: "You gave Wiki back."},
		verbRevoke:   {pkg: "wiki", by: olga, want: "Take access away", says: "Wiki is being taken away from Mina Okafor."},
		verbRetry:    {pkg: "audit", by: olga, want: "It is being tried again."},
		verbDone:     {pkg: "badge", by: rita, want: "Danke, das ist notiert."},
		verbCannot:   {pkg: "badge", by: rita, want: "Es geht nicht", then: form.Values{"reason": val("no door")}, says: "Ist notiert."},
	} {
		t.Run(string(verb), func(t *testing.T) {
			t.Parallel()
			h := inTwo(t)
			face := h.prepare(is.pkg)
			h.links()
			r := h.old(is.by, verb, face)
			if got := spell(r); !strings.Contains(got, is.want) {
				t.Fatalf("pressed: %s\nwant %q", got, is.want)
			}
			if is.says == "" {
				return
			}
			if got := spell(h.fills(is.by, r, is.then)); !strings.Contains(got, is.says) {
				t.Errorf("filled in: %s\nwant %q", got, is.says)
			}
		})
	}
}

// prepare lets Mina's other account get as far as the button needs it. It
// returns the face that the request has.
func (h *house) prepare(pkg string) int {
	h.t.Helper()
	if pkg == "badge" { // so that the first account asks for something else
		h.fills(mina, h.types(mina, "/access request wiki"), form.Values{"justification": val("x")})
	}
	if pkg == "audit" {
		h.rooms[role("team", "member")] = "roomBroken"
	}
	outside := h.people[minaThere]
	if pkg == "contractor" {
		outside.Standing, outside.Manager = access.External, ""
		h.people[minaThere] = outside
	}
	h.fills(minaThere, h.types(minaThere, "/access request "+pkg), form.Values{"justification": val("x"), "answer.country": val("de")})
	if pkg == "contractor" {
		h.fills(olga, h.presses(olga, h.last(olga, "asks for"), "Approve"), form.Values{"reason": val("yes")})
	}
	if r := h.request(minaThere, 1); r != nil {
		return r.Face
	}
	h.t.Fatal("nothing was asked")
	return 0
}

// request is a request of somebody's ledger, or nil.
func (h *house) request(p access.PersonID, id access.RequestID) *access.Request {
	l := h.ledgers[p]
	return l.Request(id)
}

// What was typed into a form before the link is there after it, also when the
// form goes on.
func TestAFormThatIsOpenSurvivesALink(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	face := h.prepare("production")
	open := h.old(ada, verbDeny, face)
	h.fills(ada, open, form.Values{"reason": val(strings.Repeat("y", 5000))})
	h.links()
	if kept := h.shown(h.old(ada, verbDeny, face)).Page.Fields[0].Value; len(kept) != 1 || kept[0] != strings.Repeat("y", 5000) {
		t.Errorf("what was typed before the link is lost: %d values", len(kept))
	}
	page := h.fills(ada, open, form.Values{"reason": val(strings.Repeat("x", 5000))})
	typed := h.wrong(page, "reason", "This is too long. At most 3000 characters.").Page.Fields[0].Value
	if len(typed) != 1 || len(typed[0]) != 5000 {
		t.Errorf("what was typed is lost: %v", typed)
	}
	h.says(h.fills(ada, page, form.Values{"reason": val("no")}), "You denied the request of Mina Okafor.")
	past := h.cases[len(h.cases)-1]
	if d, denied := past.Request(2).Denial(); past.Person != mina || !denied || d.By != ada || d.Reason != "no" {
		t.Errorf("%+v", past)
	}
}

func TestWhatWasArchivedBeforeALinkIsShown(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	face := h.prepare("production")
	h.old(minaThere, verbWithdraw, face)
	h.pass(day)
	if h.request(minaThere, 1) != nil {
		t.Fatal("it is not archived")
	}
	h.links()
	for _, who := range []access.PersonID{mina, minaThere} {
		if got := spell(h.old(who, verbDetails, face)); !strings.Contains(got, "Withdrawn by Mina in Games") {
			t.Errorf("%s reads %s", who, got)
		}
	}
	h.says(h.old(ada, verbApprove, face), "That is over: Production access. Withdrawn by Mina in Games on 1 September 2026, 09:00 UTC.")
}

// The cards that are there go on: what is written below them is kept, and they
// are drawn to the human that reads them.
func TestCardsKeepWorkingAfterALink(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	h.prepare("production")
	card, own := h.last(ada, "asks for Production access"), h.last(minaThere, "Waiting for a decision")
	h.links()
	h.writes(ada, card.Ref, "Which release?")
	if n := len(h.request(mina, 2).Remarks); n != 1 {
		t.Errorf("%d remarks are kept", n)
	}
	h.nothing(h.presses(ada, h.last(ada, "asks for Production access"), "Approve"))
	h.nothing(h.presses(ben, h.last(ben, "asks for Production access"), "Approve"))
	h.fills(olga, h.presses(olga, h.last(olga, "Request: Production access"), "Deny"), form.Values{"reason": val("Later.")})
	now, _ := h.there.Message(own.Ref)
	if got := cardText(now.Card); !strings.Contains(got, "Denied by Olga Petrov") || strings.Contains(got, "For: ") {
		t.Errorf("the card of the account that asked:\n%s", got)
	}
	h.last(minaThere, "Your request for Production access was denied by Olga Petrov")
}

// Whoever names an account names the person whose it is.
func TestAnAccountThatIsNamedStandsForItsPerson(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	h.prepare("production")
	h.links()
	h.says(h.fills(olga, h.types(olga, "/access-admin assign @games/mina wiki"), nil), "Wiki is assigned to Mina Okafor.")
	if h.request(mina, 3) == nil || h.request(minaThere, 1) != nil {
		t.Error("it is not in her ledger")
	}
	if got := cardText(h.told(h.types(olga, "/access-admin pending @games/mina"))); !strings.Contains(got, "Production access") {
		t.Errorf("pending:\n%s", got)
	}
	if got := spell(h.fills(olga, h.types(olga, "/access-admin remove @games/mina wiki"), nil)); !strings.Contains(got, "Wiki is being taken away from Mina Okafor.") {
		t.Errorf("remove: %s", got)
	}
}
