package desk

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// questioned is a house whose contractors are asked more, and where Olga and
// Ben decide; Carla has asked.
func questioned(t *testing.T, caps form.Caps) *house {
	t.Helper()
	h := newHouse(t, caps)
	p := h.w.Packages["contractor"]
	policy := &p.Policies[0]
	policy.Questions[0].Editable = true
	policy.Questions = append(policy.Questions,
		access.Question{ID: "ticket", Kind: access.ShortText, Label: words2("Ticket", "Ticket"), Pattern: "[A-Z]+-[0-9]+", Editable: true},
		access.Question{ID: "contact", Kind: access.PersonAsk, Label: words2("Contact", "Ansprechperson"), Editable: true},
		access.Question{ID: "firm", Kind: access.ShortText, Label: words2("Company", "Firma")},
	)
	policy.Stages[0].Approvers = []access.Subject{access.SomePerson(olga), access.SomePerson(ben), access.SomePerson(rita)}
	h.w.Policies[p.Ref(*policy)] = *policy
	r := h.types(carla, "/access request contractor")
	values := form.Values{
		"justification": val("The site."), "answer.country": val("de"), "answer.ticket": val("WEB-1"),
		"answer.contact": val(string(mina)), "answer.firm": val("ACME"),
	}
	for range 3 {
		if _, more := r.(chat.Show); more {
			r = h.fills(carla, r, values)
		}
		if tell, ok := r.(chat.Tell); ok && len(tell.Card.Buttons) == 1 {
			r = h.taps(carla, r, tell.Card.Buttons[0].Label)
		}
	}
	return h
}

func TestAnApproverCorrectsAnswers(t *testing.T) {
	t.Parallel()
	for name, caps := range map[string]form.Caps{"modal": chattest.Modal(), "pages": chattest.Pages()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := questioned(t, caps)
			mine, old := h.last(olga, "asks for"), h.last(ben, "asks for")
			h.last(rita, "[Genehmigen] [Ablehnen] [Ich kümmere mich] [Antworten korrigieren]")
			page := h.presses(olga, mine, "Correct answers")
			var asked []string
			for _, f := range h.shown(page).Page.Fields {
				asked = append(asked, f.ID+"="+strings.Join(f.Value, ","))
			}
			if want := []string{"answer.country=de", "answer.ticket=WEB-1", "answer.contact=play/mina"}; !slices.Equal(asked, want) {
				t.Errorf("asked %v, want %v", asked, want)
			}
			page = h.wrong(h.fills(olga, page, form.Values{"answer.ticket": val("web")}), "answer.ticket",
				"This does not have the expected form. Help: it must match [A-Z]+-[0-9]+.")
			h.says(h.fills(olga, page, form.Values{"answer.country": val("jp"), "answer.ticket": nil, "answer.contact": val(string(ada))}),
				"The answers are corrected. Please decide on the card as it is now.")

			r := h.ledgers[carla].Requests[0]
			want := access.Answers{"country": {"jp"}, "contact": {string(ada)}, "firm": {"ACME"}}
			if !maps.EqualFunc(r.Answers, want, slices.Equal) {
				t.Errorf("answers %v, want %v", r.Answers, want)
			}
			for who, text := range map[access.PersonID]string{olga: "Where do you work?: Japan", rita: "Wo arbeitest du?: Japan"} {
				if card := cardText(h.last(who, text).Card); strings.Contains(card, "WEB-1") || !strings.Contains(card, "Ada Lindqvist") {
					t.Errorf("%s reads old answers:\n%s", who, card)
				}
			}
			if i := slices.IndexFunc(h.audit, func(l runtime.Line) bool { return l.Event.Type == engine.EventAmended }); i < 0 || h.audit[i].Event.By != olga {
				t.Error("the audit lacks the correction")
			}

			const changed = "The request has changed since this card was shown. Please read it again and decide then."
			h.says(h.presses(ben, old, "Correct answers"), changed)
			h.says(h.fills(ben, h.presses(ben, old, "Deny"), form.Values{"reason": val("No.")}), changed)
			h.says(h.fills(ben, h.presses(ben, h.last(ben, "asks for"), "Approve"), form.Values{"reason": val("Yes.")}), "You approved the request of Carla Contreras.")
			if text := cardText(h.last(olga, "External contractor").Card); strings.Contains(text, "[Correct answers]") {
				t.Errorf("a decided request can be corrected:\n%s", text)
			}
			h.says(h.presses(olga, mine, "Correct answers"), refusalOf(h, olga, mine))
		})
	}
}

// refusalOf is what a press on Approve of the same card is told.
func refusalOf(h *house, who access.PersonID, m chattest.Posted) string {
	return h.told(h.presses(who, m, "Approve")).Blocks[0].Text.Plain()
}

func TestCorrectingChangesNothingWhenNothingIsDifferent(t *testing.T) {
	t.Parallel()
	h := questioned(t, chattest.Modal())
	before := h.ledgers[carla].Requests[0].Face
	h.says(h.fills(olga, h.presses(olga, h.last(olga, "asks for"), "Correct answers"), nil), "Nothing was changed.")
	if got := h.ledgers[carla].Requests[0].Face; got != before {
		t.Errorf("the face went from %d to %d", before, got)
	}
}

// Two have the form open; the second would put old answers back.
func TestTheSecondToCorrectReadsFirst(t *testing.T) {
	t.Parallel()
	h := questioned(t, chattest.Modal())
	first := h.presses(olga, h.last(olga, "asks for"), "Correct answers")
	second := h.presses(ben, h.last(ben, "asks for"), "Correct answers")
	h.fills(olga, first, form.Values{"answer.country": val("jp")})
	h.says(h.fills(ben, second, form.Values{"answer.ticket": val("WEB-2")}),
		"The request has changed since this card was shown. Please read it again and decide then.")
	if got := h.ledgers[carla].Requests[0].Answers; got["country"][0] != "jp" || got["ticket"][0] != "WEB-1" {
		t.Errorf("answers %v", got)
	}
}

func TestOnlyWhoDecidesCorrects(t *testing.T) {
	t.Parallel()
	h := questioned(t, chattest.Modal())
	card := h.last(olga, "asks for")
	for who, want := range map[access.PersonID]string{
		mina:  "There is no such request, or you may not see it.",
		carla: "Über eigene Anträge und den eigenen Zugriff entscheidet niemand selbst.",
	} {
		h.says(h.presses(who, card, "Correct answers"), want)
	}
	plain, approver := asked(t)
	if text := cardText(approver.Card); strings.Contains(text, "[Correct answers]") {
		t.Errorf("nothing is editable, but:\n%s", text)
	}
	token, err := chat.ParseToken(plain.button(approver.Card, "Approve"))
	if err != nil {
		t.Fatal(err)
	}
	token.Verb = verbAmend
	forged, err := token.Encode()
	if err != nil {
		t.Fatal(err)
	}
	plain.says(plain.does(chat.Pressed{Who: plain.who(olga), ID: plain.id(), Token: forged}), "This answer cannot be changed.")
}
