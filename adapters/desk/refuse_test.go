package desk

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// The bad input of the specification, one by one: each gets a private plain
// sentence, and nothing is changed.
func TestBadInput(t *testing.T) {
	t.Parallel()
	production := func(h *house, values form.Values) chat.Reply {
		return h.fills(mina, h.types(mina, "/access request production"), values)
	}
	long := func(h *house, ticket string) chat.Reply {
		r := h.types(mina, "/access request wiki")
		r = h.does(chat.Filled{Who: h.who(mina), ID: h.id(), Form: h.shown(r).Page.Form, Page: 1, Live: true, Values: form.Values{"policy": val("long")}})
		return h.fills(mina, r, form.Values{"policy": val("long"), "justification": val("x"), "answer1.ticket": val(ticket)})
	}
	for name, c := range map[string]struct {
		do    func(*house) chat.Reply
		field string
		want  string
	}{
		"a wrong date": {
			func(h *house) chat.Reply { return production(h, form.Values{"start": val("2026-02-30")}) },
			"start", "2026-02-30: there is no such day or time. Please look at the calendar again.",
		},
		"a date that means two days": {
			func(h *house) chat.Reply { return production(h, form.Values{"end": val("3/4/2026")}) },
			"end", "3/4/2026 can mean two different days. Please write the month as a word, or the date like 2026-10-01.",
		},
		"no date at all": {
			func(h *house) chat.Reply { return production(h, form.Values{"end": val("next friday")}) },
			"end", "next friday is neither a date nor a length of time. Please write it like 2026-10-01 or 10 days.",
		},
		"an end in the past": {
			func(h *house) chat.Reply { return production(h, form.Values{"end": val("2026-08-01")}) },
			"end", "This is in the past. Please choose a later date.",
		},
		"too long": {
			func(h *house) chat.Reply { return production(h, form.Values{"end": val("31 days")}) },
			"end", "This is too long. The longest is 30 days.",
		},
		"an unknown package": {
			func(h *house) chat.Reply { return h.types(mina, "/access request prodction access") },
			"", "There is no package prodction access that you can see. Did you mean Production access? /access show lists them.",
		},
		"a package that the person may not see": {
			func(h *house) chat.Reply { return h.types(carla, "/access request secret") },
			"", "Es gibt kein Paket secret, das du sehen kannst. /access show zeigt alle.",
		},
		"a package that is not for the person, by its form": {
			func(h *house) chat.Reply {
				form := h.shown(h.types(mina, "/access request secret")).Page.Form
				return h.does(chat.Filled{Who: h.who(carla), ID: h.id(), Form: form, Page: 1})
			},
			"", "Es gibt kein Paket secret, das du sehen kannst. /access show zeigt alle.",
		},
		"new requests are off": {
			func(h *house) chat.Reply { return h.types(mina, "/access request closed") },
			"", "Closed takes no new requests at the moment.",
		},
		"an answer that breaks its pattern": {
			func(h *house) chat.Reply { return long(h, "none") },
			"answer1.ticket", "This does not have the expected form. Help: it must match [A-Z]+-[0-9]+.",
		},
		"a choice that is not on the list": {
			func(h *house) chat.Reply {
				return h.fills(carla, h.types(carla, "/access request contractor"), form.Values{"justification": val("x"), "answer.country": val("fr")})
			},
			"answer.country", "„fr“ steht nicht auf der Liste. Bitte wähl etwas von der Liste.",
		},
		"a mandatory field left out": {
			func(h *house) chat.Reply {
				return h.fills(carla, h.types(carla, "/access request contractor"), form.Values{"answer.country": val("de")})
			},
			"justification", "Bitte füll das aus.",
		},
		"pending already": {
			func(h *house) chat.Reply {
				h.fills(carla, h.types(carla, "/access request contractor"), form.Values{"justification": val("x"), "answer.country": val("de")})
				return h.types(carla, "/access request contractor")
			},
			"", "Es gibt schon einen offenen Antrag auf External contractor. /access status zeigt ihn.",
		},
		"held already": {
			func(h *house) chat.Reply {
				h.fills(mina, h.types(mina, "/access request audit"), nil)
				return h.types(mina, "/access request audit")
			},
			"", "Audit is held already, without an end date.",
		},
		"incompatible": {
			func(h *house) chat.Reply {
				h.fills(mina, h.types(mina, "/access request audit"), nil)
				return h.fills(mina, h.types(mina, "/access request production"), nil)
			},
			"", "Production access does not go together with Audit, which you have or asked for. Give that back or withdraw it first.",
		},
		"an unknown person": {
			func(h *house) chat.Reply { return production(h, form.Values{"person": val("play/nobody")}) },
			"person", "@nobody is not known here. Please choose somebody from this chat.",
		},
		"on behalf of somebody else's report": {
			func(h *house) chat.Reply { return production(h, form.Values{"person": val("play/ben")}) },
			"person", "You cannot ask for Production access for Ben Tanaka.",
		},
		"an unknown command": {
			func(h *house) chat.Reply { return h.types(mina, "/access reqest production") },
			"", "reqest production is not a command. Did you mean /access request?",
		},
		"nonsense": {
			func(h *house) chat.Reply { return h.types(mina, "/access "+strings.Repeat("🦆", 500)) },
			"", strings.Repeat("🦆", 59) + "… is not a command. /access help lists all of them.",
		},
		"what is done with files": {
			func(h *house) chat.Reply { return h.types(olga, "/access-admin import") },
			"", "Files are for whoever runs Usher: usher apply FILE takes one in (/access-admin export gives you what is defined), usher import entra FILE what comes from Microsoft Entra.",
		},
		"a slip of the pen near a deletion": {
			func(h *house) chat.Reply { return h.types(olga, "/access-admin catalog delte") },
			"", "catalog delte is not a command. /access-admin help lists all of them.",
		},
		"a program": {
			func(h *house) chat.Reply { return h.types(robot, "/access") },
			"", "Programs and deactivated accounts cannot do this.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, chattest.Modal())
			r := c.do(h)
			if c.field != "" {
				h.wrong(r, c.field, c.want)
			} else {
				h.says(r, c.want)
			}
			for p, l := range h.ledgers {
				if len(l.Requests) > 1 {
					t.Errorf("%s has %d requests", p, len(l.Requests))
				}
			}
		})
	}
}

// asked is a house with a request of carla's that olga may decide.
func asked(t *testing.T) (*house, chattest.Posted) {
	t.Helper()
	h := newHouse(t, chattest.Modal())
	h.fills(carla, h.types(carla, "/access request contractor"), form.Values{"justification": val("Top secret reason."), "answer.country": val("de")})
	return h, h.last(olga, "asks for External contractor")
}

func TestWhoMayNotDecideIsRefusedAndAudited(t *testing.T) {
	t.Parallel()
	for label, who := range map[string]access.PersonID{"Approve": mina, "Deny": ben} {
		h, card := asked(t)
		before := len(h.audit)
		h.says(h.presses(who, card, label), "You cannot decide this request.")
		last := h.audit[len(h.audit)-1].Event
		if len(h.audit) != before+1 || last.Type != engine.EventRefused || last.By != who {
			t.Errorf("%s: audit %+v", label, last)
		}
	}
	h, card := asked(t)
	h.says(h.presses(carla, card, "Approve"), "Über eigene Anträge und den eigenen Zugriff entscheidet niemand selbst.")
}

// Nobody reads a request by knowing its address.
func TestStrangersReadNothing(t *testing.T) {
	t.Parallel()
	h, card := asked(t)
	address, err := chat.ParseToken(h.button(card.Card, "Approve"))
	if err != nil {
		t.Fatal(err)
	}
	for verb := range h.desk.routes {
		for _, arg := range []string{"", "contractor", "secret"} {
			forged := address
			forged.Verb, forged.Arg = verb, arg
			for _, id := range []access.RequestID{1, 2, 99} {
				forged.Request = id
				strangerSees(t, h, forged)
				forged.Verb = more + verb
				strangerSees(t, h, forged)
				forged.Verb = verb
			}
		}
	}
	if r := h.ledgers[carla].Requests[0]; r.State != access.PendingApproval || len(h.ledgers) != 1 {
		t.Errorf("something changed: %+v", r)
	}
}

func strangerSees(t *testing.T, h *house, forged chat.Token) {
	t.Helper()
	token, err := forged.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]chat.Intent{
		"press":  chat.Pressed{Who: h.who(ben), ID: h.id(), Token: token},
		"submit": chat.Filled{Who: h.who(ben), ID: h.id(), Form: token, Page: 1, Values: form.Values{"reason": val("x")}},
		"search": chat.Searched{Who: h.who(ben), Form: token, Field: "person", Query: "carla"},
	} {
		said := spell(h.does(in))
		if strings.Contains(said, "Top secret reason.") || strings.Contains(said, "Secret project") {
			t.Errorf("%s of %s shows a stranger: %s", name, forged.Verb, said)
		}
		if strings.Contains(said, "Something went wrong") {
			t.Errorf("%s of %s broke: %s", name, forged.Verb, h.log)
		}
	}
}

func TestTokensOfOtherTenantsAndNonsense(t *testing.T) {
	t.Parallel()
	h, card := asked(t)
	address, _ := chat.ParseToken(h.button(card.Card, "Approve"))
	address.Tenant = "other"
	foreign, _ := address.Encode()
	h.says(h.does(chat.Pressed{Who: h.who(olga), ID: h.id(), Token: foreign}), "There is no such request, or you may not see it.")
	address.Tenant, address.Verb = tenant, "explode"
	unknown, _ := address.Encode()
	for _, token := range []string{unknown, "", "~", "approve~demo", strings.Repeat("x", 300), "\x00"} {
		h.says(h.does(chat.Pressed{Who: h.who(olga), ID: h.id(), Token: token}),
			"This button is not known any more. Type /access to see where things stand.")
		h.says(h.does(chat.Filled{Who: h.who(olga), ID: h.id(), Form: token, Page: -3, Values: form.Values{"": nil, "x": val("\x00")}}),
			"This button is not known any more. Type /access to see where things stand.")
	}
}

func TestTheDeskNeverPanics(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.desk.Use(nil)
	h.says(h.types(mina, "/access"), "Something went wrong inside Usher. Nothing was changed. Please try again; if it stays so, tell an admin.")
	if !strings.Contains(h.log.String(), "an intent broke the desk") {
		t.Errorf("log: %s", h.log)
	}
}

func TestWhatIsDownIsSaidAndLogged(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.broken = errors.New("dial 10.0.0.1: refused")
	said := h.types(mina, "/access")
	h.says(said, "That did not work just now, and nothing was changed. Please try again in a moment.")
	if !strings.Contains(h.log.String(), "dial 10.0.0.1") || strings.Contains(spell(said), "10.0.0.1") {
		t.Errorf("log %s, said %s", h.log, spell(said))
	}
	h.broken = access.Refuse(access.Unavailable, "tryAgain")
	h.says(h.types(carla, "/access"), "That did not work just now, and nothing was changed. Please try again in a moment.")
}

// Every command works without arguments, for everybody.
func TestEveryCommandWorksBare(t *testing.T) {
	t.Parallel()
	bothCaps(t, func(t *testing.T, h *house) {
		for _, cmd := range Commands() {
			for _, p := range []access.PersonID{carla, mina, ada, olga} {
				r := h.types(p, "/"+cmd.Root+" "+cmd.Name)
				if s := spell(r); strings.Contains(s, "Something went wrong") || strings.Contains(s, "ist kein Befehl") || s == "chat.Nothing {}" {
					t.Errorf("%s %s: %s", p, cmd.Name, s)
				}
			}
		}
		for _, root := range []string{"/access", "/access-admin"} {
			h.told(h.types(mina, root))
		}
	})
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	for _, c := range []struct {
		who     access.PersonID
		command string
		query   string
		want    string
	}{
		{mina, Access, "", "home|request |mine|status |approvals|show |withdraw |extend |release |link |help"},
		{mina, Access, "re", "request |release "},
		{mina, Access, "request", "request audit|request badge|request closed|request production|request wiki"},
		{mina, Access, "request w", "request wiki"},
		{carla, Access, "request ", "request contractor"},
		{mina, Access, "request production for mi", "request production for @play/mina"},
		{olga, AccessAdmin, "assign ol", "assign @play/olga"},
		{olga, AccessAdmin, "assign @play/mina sec", "assign @play/mina secret"},
		{mina, AccessAdmin, "assign @play/mina se", ""},
		{olga, AccessAdmin, "package s", "package show |package simulate "},
		{mina, Access, "nonsense ", ""},
	} {
		offer, ok := h.does(chat.Searched{Who: h.who(c.who), Command: c.command, Query: c.query}).(chat.Offer)
		var got []string
		for _, o := range offer.Options {
			got = append(got, o.Value)
		}
		if s := strings.Join(got, "|"); !ok || s != c.want {
			t.Errorf("%s %q: %q, want %q", c.command, c.query, s, c.want)
		}
	}
	page := h.shown(h.types(mina, "/access request production")).Page
	offer := h.does(chat.Searched{Who: h.who(mina), Form: page.Form, Field: "person", Query: "ben"}).(chat.Offer)
	if fmt.Sprint(offer.Options) != "[{play/ben Ben Tanaka play/ben}]" {
		t.Errorf("people: %v", offer.Options)
	}
}
