package desk

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// Whoever names somebody is never left with a form for themselves.
func TestAPersonWhoIsNamedIsNeverDropped(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	for text, want := range map[string]string{
		"/access request wiki for @mina":         "You cannot ask for Wiki for Mina Okafor.",
		"/access request audit @mina":            "You cannot ask for Audit for Mina Okafor.",
		"/access request production for @rita":   "You cannot ask for Production access for Rita Sommer.",
		"/access request wiki for @nobody":       "@nobody is not known here. Please choose somebody from this chat.",
		"/access request production for @nobody": "@nobody is not known here. Please choose somebody from this chat.",
		"/access request for @nobody":            "@nobody is not known here. Please choose somebody from this chat.",
	} {
		h.says(h.types(ada, text), want)
	}
}

// What was typed for one person or package shows up in no form of another.
func TestADraftStaysWithWhatItIsFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Pages())
	typed := func(r chat.Reply) chat.Reply {
		page := h.shown(r).Page
		return h.does(chat.Filled{Who: h.who(olga), ID: h.id(), Form: page.Form, Page: 1, Values: form.Values{
			"person": val(string(first(value(page, "person"), string(ben)))), "package": val("audit"),
			"end": val("nonsense"), "reason": val("For Mina only."),
		}})
	}
	h.wrong(typed(h.types(olga, "/access-admin assign @mina audit")), "end", "nonsense is neither a date nor a length of time. Please write it like 2026-10-01 or 10 days.")
	for _, text := range []string{"assign @ben audit", "assign @mina wiki", "assign", "remove @mina audit"} {
		page := h.shown(h.types(olga, "/access-admin "+text)).Page
		if got := value(page, "reason") + value(page, "end"); got != "" {
			t.Errorf("%s: %q is there already", text, got)
		}
	}
	page := h.shown(h.types(olga, "/access-admin assign @mina audit")).Page
	if got := value(page, "reason"); got != "For Mina only." {
		t.Errorf("the draft is lost: %q", got)
	}
	h.told(h.does(chat.Filled{Who: h.who(olga), ID: h.id(), Form: page.Form, Page: 1, Values: form.Values{
		"person": val(string(mina)), "package": val("audit"), "end": val(""), "reason": val("For Mina only."),
	}}))
	if h.ledgers[mina].Assignments[0].Package != access.PackageID("audit") {
		t.Error("not assigned")
	}
	if got := value(h.shown(h.types(olga, "/access-admin assign @mina audit")).Page, "reason"); got != "" {
		t.Errorf("a draft outlived its form: %q", got)
	}
}

// value is what a field of a page comes with.
func value(p form.Page, field string) string {
	n := slices.IndexFunc(p.Fields, func(f form.Field) bool { return f.ID == field })
	if n < 0 || len(p.Fields[n].Value) == 0 {
		return ""
	}
	return p.Fields[n].Value[0]
}

// What never came is not said to be in order, nor to have ended.
func TestWhatWasNeverSetUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.rooms[role("team", "member")] = "roomBroken"
	h.told(h.fills(mina, h.types(mina, "/access request audit"), form.Values{"justification": val("x")}))
	failure := h.last(olga, "Audit could not be set up for Mina Okafor.")
	delete(h.rooms, role("team", "member"))
	before := h.ledgers[mina]
	before.Assignments = slices.Clone(before.Assignments)
	before.Requests = slices.Clone(before.Requests)
	a := &before.Assignments[0]
	a.State, a.Ended, a.Removal = access.AssignmentExpired, h.at, 0
	before.Roles = nil
	card := h.desk.scene(context.Background(), h.desk.texts.in("UTC", "en"), before, h.w, h.at, olga).draw(place(access.CardFailure, 1, olga))
	if text := cardText(card); !strings.Contains(text, "Audit was never set up for Mina Okafor. It was given up on 1 September 2026, 09:00 UTC.") ||
		!strings.Contains(text, "Status: The access was never set up. It was given up on 1 September 2026, 09:00 UTC.") || strings.Contains(text, "in order") {
		t.Errorf("failure:\n%s", text)
	}
	card = h.desk.scene(context.Background(), h.desk.texts.in("UTC", "en"), before, h.w, h.at, mina).draw(place(access.CardOver, 1, mina))
	if got, want := card.Blocks[0].Text.Plain(), "Your request for Audit has come to an end. The access was never set up. It was given up on 1 September 2026, 09:00 UTC."; got != want {
		t.Errorf("over: %s", got)
	}
	h.fills(olga, h.presses(olga, failure, "Cancel the request"), nil)
	h.last(olga, "Audit was never set up for Mina Okafor.")
	h.pass(time.Minute)
	h.last(olga, "Audit was never set up for Mina Okafor. It was given up on 1 September 2026, 09:00 UTC.")
}

// The state of something is said in words, never by its key.
func TestStatesAreSaidInWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	c := &call{Desk: h.desk, tongue: h.desk.texts.in("UTC", "en")}
	for state, want := range map[any]string{
		"expired": "This access is not on any more (expired).", "ending": "This access is not on any more (being taken away).",
		access.AssignmentRevoked: "This access is not on any more (taken away).", "strange": "This access is not on any more.",
		access.TimedOut: "This access is not on any more (timed out).",
	} {
		if got := c.flat(c.explain(access.Refuse(access.TooLate, "notActive", "state", state))); got != want {
			t.Errorf("%v: %s", state, got)
		}
	}
}

// What an admin gives is not called a request, and says who gave it and why.
func TestAssignmentsAreSaidAsSuch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(olga, h.types(olga, "/access-admin assign @mina wiki"), form.Values{"reason": val("On call.")})
	h.last(mina, "Olga Petrov assigned Wiki to you: On call.", "You now have Wiki: until 8 September 2026, 09:00 UTC.")
	h.last(mina, "Assigned by: Olga Petrov", "Why: On call.")
	h.fills(olga, h.types(olga, "/access-admin assign @ben wiki"), form.Values{"reason": val("Later."), "start": val("2026-09-05")})
	h.last(ben, "Olga Petrov assigned Wiki to you: Later. The access begins on 5 September 2026, 00:00 UTC.")
	h.fills(olga, h.types(olga, "/access-admin assign @carla contractor"), nil)
	h.last(carla, "Olga Petrov hat dir External contractor gegeben. Bitte lies die Bedingungen")
	for _, p := range []access.PersonID{mina, ben, carla} {
		for _, m := range h.cards(p) {
			if text := cardText(m.Card); strings.Contains(text, "Approved") || strings.Contains(text, "Genehmigt") || strings.Contains(text, "Your request") || strings.Contains(text, "Dein Antrag") {
				t.Errorf("%s reads:\n%s", p, text)
			}
		}
	}
}

// The button of whoever is on it lets go; nobody else can press it.
func TestClaimTogglesItsLabel(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("x")})
	h.nothing(h.presses(ada, h.last(ada, "Mina Okafor asks for"), "I'm on it"))
	if text := cardText(h.last(ben, "On it: Ada Lindqvist").Card); strings.Contains(text, "[I'm on it]") || strings.Contains(text, "[Let go]") {
		t.Errorf("ben:\n%s", text)
	}
	h.nothing(h.presses(ada, h.last(ada, "On it: Ada Lindqvist"), "Let go"))
	h.last(ada, "Mina Okafor asks for", "[I'm on it]")
}

// Why somebody was asked is said to them, and not to the approvers.
func TestAskedBecause(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	g := h.desk.texts.in("UTC", "en")
	found := func(level access.AskLevel, subject access.Subject, people ...access.PersonID) access.Ask {
		return access.Ask{Level: level, Subjects: []access.Subject{subject}, Found: []access.Found{{Subject: subject, People: people}}}
	}
	manager, group := access.Subject{Kind: access.SubjectManager}, access.SomeGroup("play/security")
	for _, c := range []struct {
		asks []access.Ask
		me   access.PersonID
		want string
	}{
		{[]access.Ask{found(access.AskApprovers, group, ada), found(access.AskAlternates, access.SomePerson(ben), ben)}, ada, ""},
		{[]access.Ask{found(access.AskApprovers, group, ada), found(access.AskAlternates, access.SomePerson(ben), ben)}, ben, "not enough people had decided in time"},
		{[]access.Ask{found(access.AskApprovers, manager), found(access.AskFallbacks, access.SomePerson(ben), ben)}, ben, "there is no manager who could decide"},
		{[]access.Ask{found(access.AskApprovers, group), found(access.AskFallbacks, access.SomePerson(ben), ben)}, ben, "too few approvers could be reached"},
	} {
		s := scene{tongue: g, me: c.me}
		got := ""
		if key := s.levelKey(access.StageRun{Asks: c.asks}); key != "" {
			got = s.plain("level." + key)
		}
		if got != c.want {
			t.Errorf("%s reads %q, want %q", c.me, got, c.want)
		}
	}
}

// What someone has and what they asked for agree on what failed.
func TestMineAndStatusAgreeOnFailures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.rooms[role("team", "member")] = "roomBroken"
	h.fills(mina, h.types(mina, "/access request audit"), form.Values{"justification": val("x")})
	for text, want := range map[string]string{
		"mine":   "Audit: could not be set up, the admins know",
		"status": "Audit (without an end date): The access could not be set up. The admins know.",
	} {
		if got := cardText(h.told(h.types(mina, "/access "+text))); !strings.Contains(got, want) {
			t.Errorf("%s:\n%s", text, got)
		}
	}
}

// Nobody fills in a form for something whose time is over.
func TestAPackageWhoseTimeIsOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.at = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	h.says(h.types(carla, "/access request contractor"),
		"Die Zeit von External contractor ist vorbei: Vorgesehen war es bis 1. Oktober 2026, 21:59 UTC. Bitte frag, wer dafür verantwortlich ist.")
}
