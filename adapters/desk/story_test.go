package desk

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// moments are the ends of moments that a card shows behind a label.
func moments(c chat.Card, label string) []time.Time {
	var out []time.Time
	for _, b := range c.Blocks {
		for _, f := range b.Fields {
			for _, s := range f.Value {
				if f.Label == label && s.Kind == chat.Moment {
					out = append(out, s.At)
				}
			}
		}
	}
	return out
}

func TestContractorStory(t *testing.T) {
	t.Parallel()
	bothCaps(t, func(t *testing.T, h *house) {
		end := time.Date(2026, 10, 1, 21, 59, 0, 0, time.UTC)
		page := h.types(carla, "/access request contractor")
		if intro := h.shown(page).Intro.Plain(); !strings.Contains(intro, "Wie lange: bis 1. Oktober 2026, 21:59 UTC") {
			t.Errorf("intro %q", intro)
		}
		page = h.fills(carla, page, form.Values{"justification": val("Ich baue die neue Seite.")})
		h.wrong(page, "answer.country", "Bitte füll das aus.")
		typed := h.shown(page).Page.Fields[0].Value
		if len(typed) != 1 || typed[0] != "Ich baue die neue Seite." {
			t.Errorf("what was typed is lost: %v", typed)
		}
		h.says(h.fills(carla, page, form.Values{"justification": typed, "answer.country": val("de")}),
			"Dein Antrag auf External contractor ist unterwegs. Eine eigene Nachricht hält dich auf dem Laufenden.")

		card := h.last(olga, "Carla Contreras asks for External contractor")
		for _, want := range []string{
			"Why: Ich baue die neue Seite.", "Where do you work?: Germany", "- Design team, member: read and write its files",
			"How long: until 1 October 2026, 21:59 UTC", "Who decides: Olga Petrov", "Needed: One approval (0 so far)",
			"To be decided by: 15 September 2026, 09:00 UTC", "[Approve] [Deny] [I'm on it]",
		} {
			if !strings.Contains(cardText(card.Card), want) {
				t.Errorf("the approver's card does not say %q:\n%s", want, cardText(card.Card))
			}
		}
		mine := h.last(carla, "Wartet auf eine Entscheidung von Olga Petrov.")

		h.nothing(h.presses(olga, card, "I'm on it"))
		reason := h.presses(olga, h.last(olga, "On it: Olga Petrov"), "Approve")
		reason = h.fills(olga, reason, nil)
		h.wrong(reason, "reason", "Please fill this in.")
		h.says(h.fills(olga, reason, form.Values{"reason": val("Agreed with design.")}), "You approved the request of Carla Contreras.")

		h.last(carla, "Genehmigt. Bitte lies die Bedingungen")
		now, _ := h.chat.Message(mine.Ref)
		terms := h.presses(carla, now, "Bedingungen lesen")
		if text := cardText(h.told(terms)); !strings.Contains(text, "Behalte es für dich.") {
			t.Errorf("terms: %s", text)
		}
		h.says(h.taps(carla, terms, "Annehmen"), "Du hast die Bedingungen angenommen. Der Zugriff wird eingerichtet.")

		ready := h.last(carla, "Du hast jetzt External contractor: bis 1. Oktober 2026, 21:59 UTC.")
		for name, c := range map[string]chat.Card{
			"approver": must(t, h, card.Ref), "requestor": must(t, h, mine.Ref),
		} {
			label := map[string]string{"approver": "How long", "requestor": "Wie lange"}[name]
			if got := moments(c, label); len(got) != 1 || !got[0].Equal(end) {
				t.Errorf("%s shows the end %v", name, got)
			}
		}
		if got := ready.Card.Blocks[0].Text; !got[len(got)-2].At.Equal(end) {
			t.Errorf("notice shows the end %v", got)
		}
		home := cardText(h.told(h.types(carla, "/access")))
		if !strings.Contains(home, "External contractor: bis 1. Oktober 2026, 21:59 UTC\n[Zurückgeben]") {
			t.Errorf("home:\n%s", home)
		}

		h.pass(29*day + 13*time.Hour)
		h.last(carla, "Dein Zugriff auf External contractor endet bald", "[Zurückgeben]")
		h.last(carla, "Eine neuere Nachricht sagt, wann dein Zugriff auf External contractor endet.")
		h.pass(11 * day)
		h.last(carla, "Dein Zugriff auf External contractor ist zu Ende.")
		h.last(olga, "The access of Carla Contreras to External contractor is over. The access ended on 1 October 2026, 21:59 UTC.")
		h.last(carla, "Dein Zugriff auf External contractor ist vorbei. Der Zugriff endete am 1. Oktober 2026, 21:59 UTC.")
		if text := cardText(must(t, h, card.Ref)); !strings.Contains(text, "The access ended on 1 October 2026, 21:59 UTC.") ||
			!strings.Contains(text, "Olga Petrov approved on 1 September 2026, 09:00 UTC: Agreed with design.") {
			t.Errorf("the approver's card at the end:\n%s", text)
		}
		h.says(h.does(chat.Pressed{Who: h.who(olga), ID: h.id(), Token: h.button(card.Card, "Approve")}),
			"That is over: External contractor. The access ended on 1 October 2026, 21:59 UTC. Olga Petrov approved it on 1 September 2026, 09:00 UTC.")
	})
}

func must(t *testing.T, h *house, ref string) chat.Card {
	t.Helper()
	m, ok := h.chat.Message(ref)
	if !ok {
		t.Fatalf("message %s is gone", ref)
	}
	return m.Card
}

func TestQuorumStagesAndDuration(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request Production access"), form.Values{"justification": val("Release night.")})
	first, second := h.last(ada, "Mina Okafor asks for"), h.last(ben, "Mina Okafor asks for")
	if text := cardText(first.Card); !strings.Contains(text, "How long: for 30 days from delivery") || !strings.Contains(text, "Stage: stage 1 of 2") {
		t.Errorf("card:\n%s", text)
	}
	h.nothing(h.presses(ada, first, "Approve"))
	h.says(h.does(chat.Pressed{Who: h.who(ada), ID: h.id(), Token: h.button(first.Card, "Approve")}), "You have decided already: approved, on 1 September 2026, 09:00 UTC.")
	again, _ := h.chat.Message(second.Ref)
	if text := cardText(again.Card); !strings.Contains(text, "2 approvals (1 so far)") || !strings.Contains(text, "Ada Lindqvist approved in stage 1 of 2") {
		t.Errorf("ben sees:\n%s", text)
	}
	h.nothing(h.presses(ben, again, "Approve"))
	h.says(h.does(chat.Pressed{Who: h.who(ben), ID: h.id(), Token: h.button(again.Card, "Deny")}),
		"You have decided already: approved, on 1 September 2026, 09:00 UTC.")
	h.nothing(h.presses(olga, h.last(olga, "Stage: stage 2 of 2"), "Approve"))
	end := h.at.Add(30 * day)
	for who, label := range map[access.PersonID]string{mina: "How long", ada: "How long", olga: "How long"} {
		m := h.last(who, "The access is on")
		if got := moments(m.Card, label); len(got) != 1 || !got[0].Equal(end) {
			t.Errorf("%s sees the end %v, want %v", who, got, end)
		}
	}
	h.last(mina, "You now have Production access: until 1 October 2026, 09:00 UTC.")
}

func TestTwoPressAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	p := h.w.Packages["production"]
	policy := p.Policies[0]
	policy.Version, policy.Stages = 2, policy.Stages[:1]
	policy.Stages[0].Quorum = 1
	p.Policies = []access.Policy{policy}
	h.w.Packages[p.ID], h.w.Policies[p.Ref(policy)] = p, policy
	h.fills(mina, h.types(mina, "/access request production"), nil)
	first, second := h.last(ada, "asks for"), h.last(ben, "asks for")
	h.says(h.fills(ada, h.presses(ada, first, "Deny"), form.Values{"reason": val("Not tonight.")}), "You denied the request of Mina Okafor.")
	h.says(h.does(chat.Pressed{Who: h.who(ben), ID: h.id(), Token: h.button(second.Card, "Approve")}),
		"That is over: Production access. Denied by Ada Lindqvist on 1 September 2026, 09:00 UTC: Not tonight.")
	h.last(mina, "Your request for Production access was denied by Ada Lindqvist on 1 September 2026, 09:00 UTC: Not tonight.")
	h.pass(60 * day)
	h.says(h.does(chat.Pressed{Who: h.who(mina), ID: h.id(), Token: h.button(second.Card, "Approve")}),
		"That is over: Production access. Denied by Ada Lindqvist on 1 September 2026, 09:00 UTC: Not tonight.")
}

func TestPolicyChoiceExtendAndRelease(t *testing.T) {
	t.Parallel()
	bothCaps(t, func(t *testing.T, h *house) {
		page := h.types(mina, "/access request")
		page = h.fills(mina, page, form.Values{"package": val("wiki")})
		for range 5 {
			if _, ok := page.(chat.Show); !ok {
				break
			}
			page = h.fills(mina, page, form.Values{"policy": val("short")})
		}
		h.last(mina, "You now have Wiki: until 8 September 2026, 09:00 UTC.")
		page = h.types(mina, "/access extend wiki")
		page = h.wrong(h.fills(mina, page, form.Values{"end": val("03/04/2026")}), "end",
			"03/04/2026 can mean two different days. Please write the month as a word, or the date like 2026-10-01.")
		page = h.wrong(h.fills(mina, page, form.Values{"end": val("60 days")}), "end", "This is too late. The latest is 15 September 2026, 10:00 BST.")
		h.says(h.fills(mina, page, form.Values{"end": val("10 September 2026 18:00")}), "You have more time: until 10 September 2026, 17:00 UTC.")
		h.last(mina, "Your access to Wiki is extended: until 10 September 2026, 17:00 UTC.")
		h.says(h.taps(mina, h.types(mina, "/access release"), "Give back"), "You gave Wiki back.")
		h.last(mina, "Given back by Mina Okafor on 1 September 2026, 09:00 UTC.")
		h.says(h.types(mina, "/access release"), "You have nothing to give back.")
	})
}

func TestOnBehalf(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Pages())
	page := h.types(ada, "/access request production for @play/mina")
	h.says(h.fills(ada, page, form.Values{"justification": val("She is new.")}),
		"Your request for Production access is on its way. A message of its own keeps you up to date.")
	h.last(ben, "Ada Lindqvist asks for Production access for Mina Okafor")
	h.last(mina, "Asked by: Ada Lindqvist")
	h.last(ada, "For: Mina Okafor")
	h.says(h.presses(ada, h.last(ada, "For: Mina Okafor"), "Withdraw"), "The request is withdrawn.")
}

func TestTaskAndFailure(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request badge"), nil)
	task := h.last(rita, "Bitte gib Mina Okafor Folgendes: Badge, holder")
	h.says(h.does(chat.Pressed{Who: h.who(ben), ID: h.id(), Token: h.button(task.Card, "Erledigt"), Ref: task.Ref}), "This task is for somebody else.")
	h.fills(rita, h.presses(rita, task, "Geht nicht"), form.Values{"reason": val("Keine Karten mehr.")})
	h.last(mina, "Door badge was approved but could not be set up for you.")
	failure := h.last(olga, "Door badge could not be set up for Mina Okafor.")
	if text := cardText(failure.Card); !strings.Contains(text, "Badge, holder – Rita Sommer said that it cannot be done by hand: Keine Karten mehr.") {
		t.Errorf("failure:\n%s", text)
	}
	h.last(rita, "Laut Rita Sommer ging das am 1. September 2026, 09:00 UTC für Mina Okafor nicht: Badge, holder – Keine Karten mehr.")
	h.nothing(h.presses(olga, failure, "Try again"))
	h.nothing(h.presses(rita, h.last(rita, "Bitte gib Mina Okafor"), "Erledigt"))
	h.last(rita, "Erledigt für Mina Okafor: Badge, holder")
	h.last(mina, "You now have Door badge: until 6 September 2026, 09:00 UTC.")
	h.last(olga, "is in order now")
	h.says(h.does(chat.Pressed{Who: h.who(rita), ID: h.id(), Token: h.button(task.Card, "Erledigt")}),
		"Hier ist nichts mehr zu tun: Die Aufgabe wurde beantwortet oder zurückgenommen. "+
			"Wenn du etwas ausgegeben hast, nachdem sie zurückgenommen war, nimm es bitte wieder zurück.")
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	page := h.types(olga, "/access-admin assign @play/mina production until 10 days")
	h.says(h.fills(olga, page, form.Values{"reason": val("On call.")}), "Production access is assigned to Mina Okafor.")
	h.last(mina, "You now have Production access: until 11 September 2026, 09:00 UTC.")
	h.says(h.fills(olga, h.types(olga, "/access-admin assign @play/olga production"), nil),
		"Nobody assigns a package to themselves. Please ask another admin.")
	h.says(h.fills(olga, h.types(olga, "/access-admin remove @play/mina production"), form.Values{"reason": val("Done.")}),
		"Production access is being taken away from Mina Okafor.")
	h.last(mina, "Your access to Production access is over. Taken away by Olga Petrov on 1 September 2026, 09:00 UTC: Done.")
	h.wrong(h.fills(olga, h.types(olga, "/access-admin remove @play/mina production"), nil), "package", "Mina Okafor does not have this package.")

	h.fills(mina, h.types(mina, "/access request production"), nil)
	pending := h.types(olga, "/access-admin pending")
	h.says(h.fills(olga, h.taps(olga, pending, "Cancel the request"), form.Values{"reason": val("Wrong one.")}),
		"The request of Mina Okafor for Production access is canceled.")
	h.last(mina, "Canceled by Olga Petrov on 1 September 2026, 09:00 UTC: Wrong one.")
	h.says(h.types(olga, "/access-admin pending"), "There are no open requests.")

	audit := cardText(h.told(h.types(olga, "/access-admin audit @mina")))
	if !strings.Contains(audit, "Olga Petrov: the request is canceled · Production access · Mina Okafor") {
		t.Errorf("audit:\n%s", audit)
	}
	h.says(h.types(olga, "/access-admin package post contractor @play/carla"), "The card of External contractor was sent to Carla Contreras.")
	link := h.last(carla, "Zugriffspaket: External contractor")
	if show := h.shown(h.presses(carla, link, "Beantragen")); show.Page.Title != "External contractor bea…" {
		t.Errorf("title %q", show.Page.Title)
	}
	for _, command := range []string{"pending", "cancel", "retry", "audit", "package list", "assign", "remove", "package post"} {
		h.says(h.types(ben, "/access-admin "+command), "Only admins who look after this can do that.")
	}
}

func TestRepeatedIntentChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	page := h.shown(h.types(mina, "/access request badge")).Page
	in := chat.Filled{Who: h.who(mina), ID: "same", Form: page.Form, Page: 1}
	want := h.does(in)
	if got := h.does(in); spell(got) != spell(want) {
		t.Errorf("second answer %s, first %s", spell(got), spell(want))
	}
	if n := len(h.ledgers[mina].Requests); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestReminderAndTimeOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("Release night.")})
	card := h.last(ada, "asks for")
	h.pass(2*day + time.Hour)
	h.last(ada, "Reminder: Mina Okafor asks for Production access. Please decide by 5 September 2026, 09:00 UTC.")
	h.pass(2 * day)
	h.last(mina, "Your request for Production access: Nobody decided in time. The request ended on 5 September 2026, 09:00 UTC.")
	h.says(h.does(chat.Pressed{Who: h.who(ada), ID: h.id(), Token: h.button(card.Card, "Approve")}), "That is over: Production access. Nobody decided in time. The request ended on 5 September 2026, 09:00 UTC.")
}

func TestDraftOutlivesABrokenSubmit(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	page := h.types(mina, "/access request production")
	h.broken = context.DeadlineExceeded
	r := h.fills(mina, page, form.Values{"justification": val("Long text.")})
	h.says(r, "That did not work just now, and nothing was changed. Please try again in a moment.")
	h.broken = nil
	h.fills(mina, page, form.Values{"justification": val("Long text."), "end": val("nonsense")})
	again := h.shown(h.types(mina, "/access request production"))
	for _, f := range again.Page.Fields {
		if f.ID == "justification" && (len(f.Value) != 1 || f.Value[0] != "Long text.") {
			t.Errorf("what was typed is lost: %v", f.Value)
		}
	}
	for _, secret := range []string{"Long text.", page.(chat.Show).Page.Form} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log contains %q", secret)
		}
	}
}
