package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sebdah/goldie/v2"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// snap compares a card of a ledger, in every language, with its golden file.
// Rewrite them with: go test ./adapters/desk -update
func (h *house) snap(name string, l access.Ledger, card access.Card) {
	h.t.Helper()
	for lang, zone := range map[string]string{"en": "Europe/London", "de": "Europe/Berlin"} {
		g := h.desk.texts.in(zone, lang)
		c := h.desk.scene(context.Background(), g, l, h.w, h.at, card.Place.Person).draw(card)
		h.golden(name+"."+lang, c)
	}
}

func (h *house) golden(name string, c chat.Card) {
	h.t.Helper()
	if err := chat.Check(c); err != nil {
		h.t.Errorf("%s: %v", name, err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(c); err != nil {
		h.t.Fatal(err)
	}
	h.wordsOnly(c)
	goldie.New(h.t, goldie.WithNameSuffix(".json")).Assert(h.t, name, b.Bytes())
}

// reply compares a private answer with its golden file.
func (h *house) reply(name string, r chat.Reply) {
	h.t.Helper()
	h.golden(name, h.told(r))
}

func place(kind access.CardKind, request access.RequestID, p access.PersonID) access.Card {
	c := access.Card{Kind: kind, Request: request, Place: access.Place{Person: p}}
	switch kind {
	case access.CardReminder, access.CardNobody:
		c.Mark = "1"
	}
	return c
}

func TestContractorScreens(t *testing.T) {
	t.Parallel()
	h, card := asked(t)
	at := func(name string, kind access.CardKind, who access.PersonID) {
		h.t.Helper()
		h.snap(name, h.ledgers[carla], place(kind, 1, who))
	}
	at("requestor-pending", access.CardRequestor, carla)
	at("approver-pending", access.CardApprover, olga)
	at("approver-channel", access.CardApprover, "")
	at("reminder", access.CardReminder, olga)
	at("nobody", access.CardNobody, olga)
	h.presses(olga, card, "I'm on it")
	at("approver-claimed", access.CardApprover, olga)
	h.fills(olga, h.presses(olga, h.last(olga, "On it"), "Approve"), form.Values{"reason": val("Agreed with design.")})
	at("requestor-terms", access.CardRequestor, carla)
	result := place(access.CardResult, 1, carla)
	result.Mark = string(access.PendingTerms)
	h.snap("result-terms", h.ledgers[carla], result)
	at("approver-approved", access.CardApprover, olga)
	terms := h.presses(carla, h.last(carla, "[Bedingungen lesen]"), "Bedingungen lesen")
	h.reply("terms.de", terms)
	h.rooms[role("site", "visitor")] = "roomBroken"
	h.taps(carla, terms, "Annehmen")
	at("requestor-partly", access.CardRequestor, carla)
	at("ready-partly", access.CardReady, carla)
	at("failure", access.CardFailure, olga)
	delete(h.rooms, role("site", "visitor"))
	h.presses(olga, h.last(olga, "[Try again]"), "Try again")
	at("failure-solved", access.CardFailure, olga)
	at("requestor-active", access.CardRequestor, carla)
	at("approver-active", access.CardApprover, olga)
	at("ready", access.CardReady, carla)
	h.snap("result-accepted", h.ledgers[carla], result)
	at("reminder-later", access.CardReminder, olga)
	at("nobody-later", access.CardNobody, olga)
	left := place(access.CardLeft, 1, olga)
	left.Role = role("site", "visitor")
	h.snap("left", h.ledgers[carla], left)
	h.reply("home-holder.de", h.types(carla, "/access"))
	h.pass(29 * day)
	active := h.ledgers[carla]
	soon := place(access.CardEndsSoon, 1, carla)
	soon.Mark = active.Assignments[0].Warned.Format("2006-01-02T15:04")
	h.snap("ends-soon", active, soon)
	older := soon
	older.Mark = "2026-09-01T00:00"
	h.snap("ends-soon-newer", active, older)
	h.pass(10 * day)
	l := h.past(active)
	h.snap("requestor-over", l, place(access.CardRequestor, 1, carla))
	h.snap("approver-over", l, place(access.CardApprover, 1, olga))
	h.snap("over", l, place(access.CardOver, 1, carla))
	h.snap("over-approver", l, place(access.CardOver, 1, olga))
	h.snap("ends-soon-over", l, soon)
	h.snap("gone", active, place(access.CardRequestor, 77, carla))
}

// past is the ledger with the archived cases put back: as it was for the last
// edits.
func (h *house) past(l access.Ledger) access.Ledger {
	l.Requests, l.Assignments = nil, nil
	for _, c := range h.cases {
		l.Requests = append(l.Requests, c.Requests...)
		if c.Assignment != nil {
			l.Assignments = append(l.Assignments, *c.Assignment)
		}
	}
	return l
}

func TestStageScreens(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("Release night."), "start": val("2026-09-03 08:00")})
	h.presses(ada, h.last(ada, "asks for"), "Approve")
	h.snap("requestor-stage", h.ledgers[mina], place(access.CardRequestor, 1, mina))
	h.snap("approver-quorum", h.ledgers[mina], place(access.CardApprover, 1, ben))
	h.reply("approvals.en", h.types(ben, "/access approvals"))
	h.reply("home-approver.en", h.types(ben, "/access"))
	h.reply("status.en", h.types(mina, "/access status"))
	h.reply("pending.en", h.types(olga, "/access-admin pending"))
	h.presses(ben, h.last(ben, "asks for"), "Approve")
	h.snap("approver-second-stage", h.ledgers[mina], place(access.CardApprover, 1, olga))
	h.presses(olga, h.last(olga, "asks for"), "Approve")
	h.snap("requestor-scheduled", h.ledgers[mina], place(access.CardRequestor, 1, mina))
	h.snap("result-scheduled", h.ledgers[mina], place(access.CardResult, 1, mina))
	h.pass(3 * day)
	h.fills(mina, h.types(mina, "/access extend production"), form.Values{"end": val("10 days"), "justification": val("Another release.")})
	h.snap("requestor-extension", h.ledgers[mina], place(access.CardRequestor, 2, mina))
	h.snap("approver-extension", h.ledgers[mina], place(access.CardApprover, 2, ada))
	h.fills(ada, h.presses(ada, h.last(ada, "asks for more time"), "Deny"), nil)
	h.reply("mine.en", h.types(mina, "/access mine"))
	before := h.ledgers[mina]
	h.taps(mina, h.types(mina, "/access release"), "Give back")
	l := h.past(before)
	h.snap("result-extension-denied", l, place(access.CardResult, 2, mina))
	h.snap("requestor-released", l, place(access.CardRequestor, 1, mina))
	h.reply("audit.en", h.types(olga, "/access-admin audit"))
}

// ended runs a request for production to its end and gives the ledger back.
func (h *house) ended(end func()) access.Ledger {
	h.t.Helper()
	h.fills(ada, h.types(ada, "/access request production for @play/mina"), form.Values{"justification": val("She is new.")})
	before := h.ledgers[mina]
	end()
	return h.past(before)
}

func TestEndScreens(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*house){
		"denied": func(h *house) {
			h.fills(ben, h.presses(ben, h.last(ben, "asks for"), "Deny"), form.Values{"reason": val("Not yet.")})
		},
		"withdrawn": func(h *house) { h.presses(mina, h.last(mina, "[Withdraw]"), "Withdraw") },
		"canceled": func(h *house) {
			h.fills(olga, h.taps(olga, h.types(olga, "/access-admin cancel"), "Cancel the request"), nil)
		},
		"timedout": func(h *house) { h.pass(30 * day) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, chattest.Modal())
			l := h.ended(func() { end(h) })
			h.snap("requestor-"+name, l, place(access.CardRequestor, 1, mina))
			h.snap("asker-"+name, l, place(access.CardRequestor, 1, ada))
			h.snap("approver-"+name, l, place(access.CardApprover, 1, ben))
			h.snap("result-"+name, l, place(access.CardResult, 1, ada))
			h.snap("reminder-"+name, l, place(access.CardReminder, 1, ben))
		})
	}
}

func TestTaskScreens(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request badge"), form.Values{"justification": val("I keep ringing.")})
	l := h.ledgers[mina]
	task := place(access.CardTask, 1, rita)
	task.Role, task.Mark = role("badge", "holder"), l.Roles[role("badge", "holder")].Task.Mark
	h.snap("task", l, task)
	h.snap("requestor-delivering", l, place(access.CardRequestor, 1, mina))
	h.presses(rita, h.last(rita, "Bitte gib"), "Erledigt")
	h.snap("task-over", h.ledgers[mina], task)
	h.fills(olga, h.types(olga, "/access-admin remove @mina badge"), nil)
	l = h.ledgers[mina]
	task.Mark = l.Roles[role("badge", "holder")].Task.Mark
	h.snap("task-revoke", l, task)
	h.snap("requestor-ending", l, place(access.CardRequestor, 1, mina))
	h.fills(rita, h.presses(rita, h.last(rita, "Bitte entzieh"), "Geht nicht"), form.Values{"reason": val("Verloren.")})
	h.snap("failure-ending", h.ledgers[mina], place(access.CardFailure, 1, olga))
	h.reply("failed.en", h.types(olga, "/access-admin retry"))
}

func TestPrivateScreens(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.reply("home-new.en", h.types(mina, "/access"))
	h.reply("home-new.de", h.types(carla, "/access"))
	h.reply("help.en", h.types(mina, "/access help"))
	h.reply("help.de", h.types(carla, "/access help"))
	h.reply("admin-help.en", h.types(olga, "/access-admin"))
	h.reply("package-contractor.de", h.types(carla, "/access show contractor"))
	h.reply("package-production.en", h.types(mina, "/access show production"))
	h.reply("package-wiki.en", h.types(mina, "/access show wiki"))
	h.reply("packages.en", h.types(olga, "/access-admin package list"))
}

// Long and many: a card never grows beyond what every chat takes.
func TestHugeCardsFit(t *testing.T) {
	t.Parallel()
	h, _ := asked(t)
	l := h.ledgers[carla]
	r := &l.Requests[0]
	r.Justification = string(bytes.Repeat([]byte("wörd "), 800))
	for range 60 {
		r.Stages[0].Decisions = append(r.Stages[0].Decisions, access.Decision{By: olga, Verdict: access.Approve, Reason: r.Justification, At: h.at})
		r.Roles = append(r.Roles, role("team", "member"))
		r.Stages[0].Asks[0].Found = append(r.Stages[0].Asks[0].Found, access.Found{People: []access.PersonID{ada, ben, rita, mina, "play/x", "play/y", "play/z"}})
	}
	for _, kind := range []access.CardKind{access.CardRequestor, access.CardApprover, access.CardReminder, access.CardResult, access.CardNobody} {
		g := h.desk.texts.in("UTC", "de")
		c := h.desk.scene(context.Background(), g, l, h.w, h.at, olga).draw(place(kind, 1, olga))
		if err := chat.Check(c); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestLongTermsAreShownWhole(t *testing.T) {
	t.Parallel()
	h, card := asked(t)
	text := string(bytes.Repeat([]byte("Ein Satz mit Wörtern.\n"), 450))
	for ref := range h.w.Terms {
		h.w.Terms[ref] = access.Terms{Version: ref.Version, Text: access.Say(text)}
	}
	h.fills(olga, h.presses(olga, card, "Approve"), form.Values{"reason": val("ok")})
	r := h.presses(carla, h.last(carla, "[Bedingungen lesen]"), "Bedingungen lesen")
	seen := ""
	for part := 2; ; part++ {
		c := h.told(r)
		seen += c.Blocks[0].Text.Plain() + "\n"
		if c.Buttons[0].Label == "Annehmen" {
			break
		}
		r = h.taps(carla, r, c.Buttons[0].Label)
	}
	if !slices.Equal(strings.Fields(seen), strings.Fields(text)) {
		t.Errorf("%d of %d characters are shown", len(seen), len(text))
	}
	h.says(h.taps(carla, r, "Nicht annehmen"), "Du hast die Bedingungen nicht angenommen. Der Antrag ist beendet.")
}

// The end is one value, whatever the reader's zone.
func TestTheEndIsOneValueInEveryZone(t *testing.T) {
	t.Parallel()
	h, _ := asked(t)
	end := time.Date(2026, 10, 1, 21, 59, 0, 0, time.UTC)
	for _, zone := range []string{"UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		for _, kind := range []access.CardKind{access.CardApprover, access.CardRequestor} {
			g := h.desk.texts.in(zone, "en")
			c := h.desk.scene(context.Background(), g, h.ledgers[carla], h.w, h.at, olga).draw(place(kind, 1, olga))
			if got := moments(c, "How long"); len(got) != 1 || !got[0].Equal(end) {
				t.Errorf("%s in %s: %v", kind, zone, got)
			}
		}
	}
}
