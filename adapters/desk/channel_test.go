package desk

import (
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// inChannel are the messages of a channel.
func inChannel(c *chattest.Chat, name access.Channel) []chattest.Posted {
	return c.Messages(chat.Address{Channel: name})
}

func TestACardInAChannelSpeaksTheTenantsLanguageAndSaysWhoDecides(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.w.Settings.Locale, h.w.Settings.Zone = "de", "Europe/Berlin"
	h.w.Settings.Routing = access.Routing{Channels: []access.Channel{"play/all"}, ChannelOnly: true}
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("Release night.")})
	for _, who := range []access.PersonID{ada, ben} {
		if got := len(h.cards(who)); got != 0 {
			t.Errorf("%s has %d messages", who, got)
		}
	}
	posted := inChannel(h.chat, "play/all")
	if len(posted) != 1 {
		t.Fatalf("%d messages in the channel", len(posted))
	}
	card := posted[0]
	for _, want := range []string{
		"Mina Okafor beantragt Production access", "Wer entscheidet: Ada Lindqvist und Ben Tanaka",
		"Zu entscheiden bis: 5. September 2026, 09:00 UTC", "[Genehmigen] [Ablehnen] [Ich kümmere mich]",
	} {
		if !strings.Contains(cardText(card.Card), want) {
			t.Errorf("the channel does not read %q:\n%s", want, cardText(card.Card))
		}
	}
	h.says(h.presses(carla, card, "Genehmigen"), "Du kannst über diesen Antrag nicht entscheiden.")
	h.says(h.presses(mina, card, "Genehmigen"), "Nobody decides on what they asked for, or get, themselves.")
	h.nothing(h.presses(ada, card, "Genehmigen"))
	h.nothing(h.presses(ben, inChannel(h.chat, "play/all")[0], "Genehmigen"))

	posted = inChannel(h.chat, "play/all")
	if len(posted) != 2 || strings.Contains(cardText(posted[0].Card), "[Genehmigen]") || !strings.Contains(cardText(posted[1].Card), "Wer entscheidet: Olga Petrov") {
		t.Errorf("the next stage: %d messages, first\n%s", len(posted), cardText(posted[0].Card))
	}
	h.writes(ada, posted[1].Ref, "Fine with security.")
	h.nothing(h.presses(olga, inChannel(h.chat, "play/all")[1], "Genehmigen"))
	if got := cardText(inChannel(h.chat, "play/all")[1].Card); !strings.Contains(got, "Ada Lindqvist am 1. September 2026, 09:00 UTC: Fine with security.") || !strings.Contains(got, "1. Oktober 2026, 11:00 CEST") {
		t.Errorf("what was written in the channel, or the end in the tenant's zone, is not on the card:\n%s", got)
	}
}

func TestAChannelIsReachedThroughItsOwnChat(t *testing.T) {
	t.Parallel()
	h, _ := asked(t)
	other := chattest.NewChat("other", chattest.Modal(), []access.Channel{"other/room"})
	d, err := New(Parts{Scratch: scratch{h}, Clock: h, Chats: []chat.Adapter{h.chat, other}, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	d.Use(h)
	in := runtime.Delivery{ID: "one", Tenant: tenant, Ledger: h.ledgers[carla], World: h.w, Now: h.at}
	in.Card = access.Card{Kind: access.CardApprover, Request: 1, Place: access.Place{Channel: "other/room"}, Mark: "1"}
	ref, err := d.Post(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Edit(t.Context(), ref, in); err != nil {
		t.Error(err)
	}
	if got := inChannel(other, "other/room"); len(got) != 1 || !strings.Contains(cardText(got[0].Card), "Carla Contreras asks for") {
		t.Errorf("the other chat has %v", got)
	}
	if got := inChannel(h.chat, "play/all"); len(got) != 0 {
		t.Errorf("the first chat has %v", got)
	}
	in.Card.Place.Channel = "gone/room"
	if _, err := d.Post(t.Context(), in); access.AsFault(err).Code != "noChat" {
		t.Errorf("a chat that is not there: %v", err)
	}
}

// A group that is too large to be listed is named.
func TestAChannelNamesAGroupThatIsAskedWhole(t *testing.T) {
	t.Parallel()
	h := newHouse(t, chattest.Modal())
	h.fills(mina, h.types(mina, "/access request production"), nil)
	l := h.ledgers[mina]
	l.Requests = slices.Clone(l.Requests)
	stage := l.Requests[0].Stages[0]
	stage.Asks = []access.Ask{{Level: access.AskApprovers, Subjects: stage.Asks[0].Subjects, Found: []access.Found{{Subject: access.SomeGroup("play/security"), Whole: true}}}}
	l.Requests[0].Stages = []access.StageRun{stage}
	g := h.desk.texts.in("UTC", "en")
	c := h.desk.scene(t.Context(), g, l, h.w, h.at, "").draw(access.Card{Kind: access.CardApprover, Request: 1, Place: access.Place{Channel: "play/all"}, Mark: "1"})
	if text := cardText(c); !strings.Contains(text, "Who decides: ") || !strings.Contains(text, "security") {
		t.Errorf("the card does not say who decides:\n%s", text)
	}
}

// Two organisations in one process: neither gets a card of the other.
func TestNoCardGoesIntoAChatOfAnotherTenant(t *testing.T) {
	t.Parallel()
	h, _ := asked(t)
	other := chattest.NewChat("other", chattest.Modal(), []access.Channel{"other/room"})
	d, err := New(Parts{
		Scratch: scratch{h}, Clock: h, Chats: []chat.Adapter{h.chat, other}, Log: zerolog.Nop(),
		Tenants: map[string]access.TenantID{"play": tenant, "other": "them"},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Use(h)
	h.people["other/zoe"] = access.Profile{Person: "other/zoe", Account: "other/zoe", Name: "Zoe", Standing: access.Member}
	for _, place := range []access.Place{{Channel: "other/room"}, {Person: "other/zoe"}} {
		in := runtime.Delivery{ID: "one", Tenant: tenant, Ledger: h.ledgers[carla], World: h.w, Now: h.at}
		in.Card = access.Card{Kind: access.CardApprover, Request: 1, Place: place, Mark: "1"}
		if _, err := d.Post(t.Context(), in); access.AsFault(err).Code != "noChat" {
			t.Errorf("posted to %v: %v", place, err)
		}
		if err := d.Edit(t.Context(), "other/1", in); access.AsFault(err).Code != "noChat" {
			t.Errorf("redrawn in %v: %v", place, err)
		}
	}
	if got := inChannel(other, "other/room"); len(got) != 0 {
		t.Errorf("the other's channel has %v", got)
	}
	in := runtime.Delivery{ID: "two", Tenant: tenant, Ledger: h.ledgers[carla], World: h.w, Now: h.at}
	in.Card = access.Card{Kind: access.CardApprover, Request: 1, Place: access.Place{Channel: "play/all"}, Mark: "1"}
	if _, err := d.Post(t.Context(), in); err != nil {
		t.Errorf("the tenant's own chat: %v", err)
	}
}
