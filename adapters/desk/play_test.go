package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

func (h *house) who(p access.PersonID) chat.Who {
	return chat.Who{Tenant: tenant, Account: access.Account(p)}
}

// id is a fresh intent id.
func (h *house) id() string {
	h.n++
	return fmt.Sprint("i", h.n)
}

// does hands an intent to the desk and looks at the reply.
func (h *house) does(in chat.Intent) chat.Reply {
	h.t.Helper()
	reply := h.desk.Handle(context.Background(), in)
	h.wordsOnly(reply)
	switch r := reply.(type) {
	case nil:
		h.t.Fatal("no reply")
	case chat.Tell:
		if err := chat.Check(r.Card); err != nil {
			h.t.Errorf("reply: %v", err)
		}
	case chat.Offer:
		if len(r.Options) > 25 {
			h.t.Errorf("%d options offered", len(r.Options))
		}
	}
	return reply
}

// wordsOnly looks for keys of texts in what people read.
func (h *house) wordsOnly(what any) {
	h.t.Helper()
	data, err := json.Marshal(what)
	if err != nil {
		h.t.Fatal(err)
	}
	if key := textKey.Find(data); key != nil {
		h.t.Errorf("%s is a key, not a sentence, in %s", key, data)
	}
}

var textKey = regexp.MustCompile(`\b(state|standing|status|error|failure|event|level|notice|window|end)\.[a-z][a-zA-Z]+`)

// types types a command.
func (h *house) types(p access.PersonID, text string) chat.Reply {
	h.t.Helper()
	name, rest, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	return h.does(chat.Invoked{Who: h.who(p), ID: h.id(), Command: name, Text: rest})
}

// cards are the messages that a person sees.
func (h *house) cards(p access.PersonID) []chattest.Posted {
	if chatOf(p) == h.there.Name() {
		return h.there.Messages(chat.Address{Account: access.Account(p)})
	}
	return h.chat.Messages(chat.Address{Account: access.Account(p)})
}

// last is the newest message of a person whose text contains all the words.
func (h *house) last(p access.PersonID, containing ...string) chattest.Posted {
	h.t.Helper()
	for _, m := range slices.Backward(h.cards(p)) {
		text := cardText(m.Card)
		if !slices.ContainsFunc(containing, func(w string) bool { return !strings.Contains(text, w) }) {
			return m
		}
	}
	var all []string
	for _, m := range h.cards(p) {
		all = append(all, cardText(m.Card))
	}
	h.t.Fatalf("%s sees no card with %q, but:\n%s", p, containing, strings.Join(all, "\n---\n"))
	return chattest.Posted{}
}

// cardText is all that a card says.
func cardText(c chat.Card) string {
	out := []string{c.Summary, c.Title}
	for _, b := range c.Blocks {
		out = append(out, b.Heading, b.Text.Plain())
		for _, f := range b.Fields {
			out = append(out, f.Label+": "+f.Value.Plain())
		}
		for _, item := range b.Items {
			out = append(out, "- "+item.Plain())
		}
		out = append(out, buttonText(b.Buttons))
	}
	out = append(out, buttonText(c.Buttons))
	return strings.Join(slices.DeleteFunc(out, func(s string) bool { return s == "" }), "\n")
}

func buttonText(buttons []chat.Button) string {
	var out []string
	for _, b := range buttons {
		out = append(out, "["+b.Label+"]")
	}
	return strings.Join(out, " ")
}

// button finds a button of a card by its label.
func (h *house) button(c chat.Card, label string) string {
	h.t.Helper()
	all := slices.Clone(c.Buttons)
	for _, b := range c.Blocks {
		all = append(all, b.Buttons...)
	}
	for _, b := range all {
		if b.Label == label {
			return b.Token
		}
	}
	h.t.Fatalf("no button %q on:\n%s", label, cardText(c))
	return ""
}

// presses presses a button of a message.
func (h *house) presses(p access.PersonID, m chattest.Posted, label string) chat.Reply {
	h.t.Helper()
	return h.does(chat.Pressed{Who: h.who(p), ID: h.id(), Token: h.button(m.Card, label), Ref: m.Ref})
}

// taps presses a button of a private answer.
func (h *house) taps(p access.PersonID, r chat.Reply, label string) chat.Reply {
	h.t.Helper()
	return h.does(chat.Pressed{Who: h.who(p), ID: h.id(), Token: h.button(h.told(r), label)})
}

func (h *house) told(r chat.Reply) chat.Card {
	h.t.Helper()
	tell, ok := r.(chat.Tell)
	if !ok {
		h.t.Fatalf("reply is %s", spell(r))
	}
	return tell.Card
}

func (h *house) shown(r chat.Reply) chat.Show {
	h.t.Helper()
	show, ok := r.(chat.Show)
	if !ok {
		h.t.Fatalf("reply is %s", spell(r))
	}
	return show
}

// spell is a reply for a failure's message.
func spell(r chat.Reply) string {
	if tell, ok := r.(chat.Tell); ok {
		return "Tell: " + cardText(tell.Card)
	}
	data, _ := json.Marshal(r)
	return fmt.Sprintf("%T %s", r, data)
}

// says expects a private sentence.
func (h *house) says(r chat.Reply, want string) {
	h.t.Helper()
	if got := h.told(r).Blocks[0].Text.Plain(); got != want {
		h.t.Errorf("said %q\nwant %q", got, want)
	}
}

// fills sends the page that is shown.
func (h *house) fills(p access.PersonID, r chat.Reply, values form.Values) chat.Reply {
	h.t.Helper()
	page := h.shown(r).Page
	sent := form.Values{}
	for _, f := range page.Fields {
		if v, ok := values[f.ID]; ok {
			sent[f.ID] = v
		} else if len(f.Value) > 0 {
			sent[f.ID] = f.Value
		}
	}
	return h.does(chat.Filled{Who: h.who(p), ID: h.id(), Form: page.Form, Page: page.Number, Values: sent})
}

// wrong expects a page that is shown again with a sentence at a field.
func (h *house) wrong(r chat.Reply, field, want string) chat.Show {
	h.t.Helper()
	show := h.shown(r)
	if got := show.Page.Errors[field]; got != want || len(show.Page.Errors) != 1 {
		h.t.Errorf("errors %q\nwant %s: %q", show.Page.Errors, field, want)
	}
	return show
}

// nothing expects that the cards say it all.
func (h *house) nothing(r chat.Reply) {
	h.t.Helper()
	if _, ok := r.(chat.Nothing); !ok {
		h.t.Errorf("reply is %s", spell(r))
	}
}

func val(v ...string) []string { return v }

// bothCaps runs a test with either kind of forms.
func bothCaps(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	for name, caps := range map[string]form.Caps{"modal": chattest.Modal(), "pages": chattest.Pages()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newHouse(t, caps))
		})
	}
}
