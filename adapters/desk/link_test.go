package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// benThere is Ben's account in the other chat.
const benThere = access.PersonID("games/ben")

// strangers is a house in which somebody else is in the other chat as well.
func strangers(t *testing.T) *house {
	t.Helper()
	h := inTwo(t)
	p := h.people[ben]
	p.Person, p.Account = benThere, access.Account(benThere)
	h.people[benThere] = p
	return h
}

// firstCode is what the house's chance makes of its first code.
const firstCode = "0410-6105"

func TestLinkingByACode(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	h.prepare("production")
	for lang, locale := range map[string]string{"en": "en-GB", "de": "de"} {
		h.locale(locale, mina, minaThere)
		shown := h.types(mina, "/access link")
		code := codeOf(t, h.told(shown))
		h.golden("link-code."+lang, masked(h.told(shown), code))
		label := map[string]string{"en": "I have typed it", "de": "Ich habe ihn eingegeben"}[lang]
		h.golden("link-waiting."+lang, masked(h.told(h.taps(mina, shown, label)), code))
		typed := h.types(minaThere, "/access link "+code)
		h.golden("link-typed."+lang, masked(h.told(typed), code))
		h.golden("link-confirm."+lang, masked(h.told(h.taps(mina, shown, label)), code))
	}
	h.locale("en", mina, minaThere)
	shown := h.types(mina, "/access link")
	h.types(minaThere, "/access link "+strings.ToLower(strings.ReplaceAll(codeOf(t, h.told(shown)), "-", " ")))
	asks := h.taps(mina, shown, "I have typed it")
	once := chat.Pressed{Who: h.who(mina), ID: "once", Token: h.button(h.told(asks), "Confirm")}
	for range 2 { // a repeat gets the same answer
		h.says(h.does(once), "These accounts are one person now: Mina Okafor (play, mina) and Mina in Games (games, mina).")
	}
	if l := h.ledgers[mina]; len(l.Requests) != 1 || h.ledgers[minaThere].Forward == nil {
		t.Errorf("%+v", l)
	}
	h.says(h.taps(mina, asks, "Confirm"), "This code is not valid any more. /access link shows a new one.")
	h.golden("link-linked.en", h.told(h.types(minaThere, "/access link")))
	fresh := codeOf(t, h.told(h.types(mina, "/access link")))
	h.says(h.types(minaThere, "/access link "+fresh), "These accounts are linked already.")
}

// locale sets in which language people read.
func (h *house) locale(locale string, people ...access.PersonID) {
	for _, p := range people {
		profile := h.people[p]
		profile.Locale = locale
		h.people[p] = profile
	}
}

// codeOf is the code that a card shows.
func codeOf(t *testing.T, c chat.Card) string {
	t.Helper()
	_, rest, ok := strings.Cut(cardText(c), "/access link ")
	if !ok || len(rest) < 9 {
		t.Fatalf("no code on\n%s", cardText(c))
	}
	return rest[:9]
}

// masked is a card with a code that is always the same.
func masked(c chat.Card, code string) chat.Card {
	mask := strings.NewReplacer(code, firstCode, strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(firstCode, "-", "")).Replace
	c.Blocks, c.Buttons = slices.Clone(c.Blocks), slices.Clone(c.Buttons) // the card itself is still to be pressed
	for i := range c.Blocks {
		c.Blocks[i].Text = slices.Clone(c.Blocks[i].Text)
		for j := range c.Blocks[i].Text {
			c.Blocks[i].Text[j].Text = mask(c.Blocks[i].Text[j].Text)
		}
	}
	for i := range c.Buttons {
		c.Buttons[i].Token = mask(c.Buttons[i].Token)
	}
	return c
}

const (
	wrongCode = "This code is not valid: it is mistyped, expired, or was used. /access link in your other chat shows a new one."
	overCode  = "This code is not valid any more. /access link shows a new one."
	notLinked = "Nothing is linked, and the code is not valid any more."
)

func TestACodeIsForTenMinutesAndOneUse(t *testing.T) {
	t.Parallel()
	h := strangers(t)
	shown := h.types(mina, "/access link")
	h.says(h.types(mina, "/access link "+firstCode), "This is the account that the code was shown to. Type it in the other chat.")
	h.pass(10*time.Minute - time.Second)
	if got := spell(h.types(minaThere, "/access link "+firstCode)); !strings.Contains(got, "Mina Okafor") {
		t.Errorf("in time: %s", got)
	}
	h.says(h.types(benThere, "/access link "+firstCode), wrongCode) // somebody else has typed it
	if got := spell(h.types(minaThere, "/access link "+firstCode)); !strings.Contains(got, "Mina Okafor") {
		t.Errorf("typed again: %s", got)
	}
	h.pass(time.Second)
	h.says(h.taps(mina, shown, "I have typed it"), overCode)
	h.says(h.types(minaThere, "/access link "+firstCode), wrongCode)
}

// Only who was shown a code goes on with it, only for the account that they
// were shown, and either side can end it.
func TestOnlyBothSidesTogetherLink(t *testing.T) {
	t.Parallel()
	h := strangers(t)
	shown := h.types(mina, "/access link")
	typed := h.types(minaThere, "/access link "+firstCode)
	asks := h.taps(mina, shown, "I have typed it")
	for _, label := range []string{"Confirm", "Not me"} {
		h.says(h.taps(ben, asks, label), overCode)
	}
	h.says(h.taps(minaThere, asks, "Confirm"), overCode)
	h.says(h.taps(minaThere, typed, "Not me"), notLinked)
	h.says(h.taps(mina, asks, "Confirm"), overCode)
	h.says(h.types(minaThere, "/access link "+firstCode), wrongCode)

	second := h.types(mina, "/access link")
	code := codeOf(t, h.told(second))
	h.types(benThere, "/access link "+code)
	other := h.taps(mina, second, "I have typed it")
	swapped := strings.Replace(h.button(h.told(other), "Confirm"), chat.Digest(string(benThere)), chat.Digest(string(minaThere)), 1)
	h.says(h.does(chat.Pressed{Who: h.who(mina), ID: h.id(), Token: swapped}), overCode)
	h.says(h.taps(mina, other, "Not me"), notLinked)
	if len(h.linked) > 0 {
		t.Errorf("linked are %v", h.linked)
	}
}

func TestFiveWrongCodesAndThenNoMore(t *testing.T) {
	t.Parallel()
	h := strangers(t)
	h.types(mina, "/access link")
	for range linkTries {
		h.says(h.types(minaThere, "/access link 0000-0000"), wrongCode)
	}
	h.says(h.types(minaThere, "/access link "+firstCode), "Those were too many wrong codes. Please try again after 1 September 2026, 09:10 UTC.")
	if got := spell(h.types(benThere, "/access link "+firstCode)); !strings.Contains(got, "Mina Okafor") {
		t.Errorf("somebody else's try: %s", got)
	}
	h.pass(10 * time.Minute)
	code := codeOf(t, h.told(h.types(mina, "/access link")))
	if got := spell(h.types(minaThere, "/access link "+code)); !strings.Contains(got, "Mina Okafor") {
		t.Errorf("ten minutes later: %s", got)
	}
}

func TestCodesOfAnotherTenantAreWrong(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	h.types(mina, "/access link")
	there := h.who(minaThere)
	there.Tenant = "elsewhere"
	h.says(h.does(chat.Invoked{Who: there, ID: h.id(), Command: "access", Text: "link " + firstCode}), wrongCode)
}

// While nothing can be kept or read nothing is linked, and nobody can guess on.
func TestWithoutMemoryNothingIsLinked(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	c := &call{Desk: h.desk, ctx: context.Background(), from: h.who(minaThere), now: h.at, tongue: h.desk.texts.in("", "en")}
	h.broken = errors.New("the store is away")
	for name, err := range map[string]error{
		"a code": second(c.link(words{})), "a try": second(c.typed("00000000")), "a confirmation": second(c.linkConfirm(chat.Token{Arg: "00000000.x"})),
	} {
		if err == nil {
			t.Errorf("%s is taken", name)
		} else if _, refusal := access.AsError(err); refusal {
			t.Errorf("%s is refused with %v", name, err)
		}
	}
}

func second(_ chat.Reply, err error) error { return err }

// What is kept tells nobody a code or an account, and the log neither.
func TestACodeIsInNoNameAndNoLog(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	h.types(mina, "/access link")
	h.types(minaThere, "/access link 2222-2222")
	for name := range h.scratch {
		if strings.Contains(name, "04106105") || strings.HasPrefix(name, "link/") && strings.Contains(name, "mina") {
			t.Errorf("kept under %s", name)
		}
	}
	if log := h.log.String(); strings.Contains(log, "0410") || strings.Contains(log, "2222") {
		t.Errorf("the log says %s", log)
	}
}

func TestAnUnlinkedAccountCanOnlyBeLinkedAgain(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	h.links()
	card := h.last(mina, "Door badge")
	h.says(h.types(olga, "/access-admin unlink @games/mina"), "The account games/mina is unlinked.")
	h.says(h.types(olga, "/access-admin unlink @games/mina"), "This account is not linked with another one.")
	const refused = "An admin unlinked this account. Link it again with /access link, or ask an admin."
	for _, text := range []string{"", "mine", "request wiki", "approvals", "linker"} {
		h.says(h.types(minaThere, strings.TrimSpace("/access "+text)), refused)
	}
	h.says(h.types(minaThere, "/access-admin link"), refused)
	h.says(h.presses(minaThere, card, "Give back"), refused)
	if got := spell(h.types(minaThere, "/access help")); !strings.Contains(got, "/access link") {
		t.Errorf("help: %s", got)
	}
	shown := h.types(minaThere, "/access link")
	h.types(mina, "/access link "+codeOf(t, h.told(shown)))
	asks := h.taps(minaThere, shown, "I have typed it")
	if got := spell(h.taps(minaThere, asks, "Confirm")); !strings.Contains(got, "These accounts are one person now") {
		t.Errorf("confirmed: %s", got)
	}
}

// Who has yet to prove that they have no second account is told before they
// press, and admins see it.
func TestWhoMayNotDecideYetIsToldSo(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	h.unproven[ada] = true
	h.fills(mina, h.types(mina, "/access request production"), form.Values{"justification": val("x")})
	const why = "Usher does not know yet whether you have another account here. Link your accounts with /access link, or ask an admin to confirm that this is your only one; then you can decide."
	for _, text := range []string{"/access", "/access approvals"} {
		if got := cardText(h.told(h.types(ada, text))); !strings.Contains(got, why) || !strings.Contains(got, "Mina Okafor asks for Production access") {
			t.Errorf("%s:\n%s", text, got)
		}
		if got := cardText(h.told(h.types(ben, text))); strings.Contains(got, why) {
			t.Errorf("%s of somebody proven:\n%s", text, got)
		}
	}
	h.says(h.presses(ada, h.last(ada, "asks for"), "Approve"), why)
	h.says(h.presses(ada, h.last(ada, "asks for"), "Deny"), why)
	pending := cardText(h.told(h.types(olga, "/access-admin pending")))
	if !strings.Contains(pending, "Cannot decide yet: Ada Lindqvist. They link their accounts with /access link, or an admin confirms") {
		t.Errorf("pending:\n%s", pending)
	}
	h.says(h.types(olga, "/access-admin confirm @ada"), "Ada Lindqvist may decide now.")
	h.says(h.types(olga, "/access-admin confirm @ada"), "This account is confirmed or linked already.")
	h.says(h.types(olga, "/access-admin confirm @nobody"), "@nobody is not known here. Please choose somebody from this chat.")
	if got := cardText(h.told(h.types(olga, "/access-admin pending"))); strings.Contains(got, "Cannot decide yet") {
		t.Errorf("pending:\n%s", got)
	}
	h.nothing(h.presses(ada, h.last(ada, "asks for"), "Approve"))
}

func TestAdminsAreAskedWhichAccount(t *testing.T) {
	t.Parallel()
	h := inTwo(t)
	h.unproven[ada] = true
	h.links()
	h.says(h.fills(olga, h.types(olga, "/access-admin confirm"), form.Values{"person": val(string(ada))}), "Ada Lindqvist may decide now.")
	page := h.types(olga, "/access-admin unlink")
	h.wrong(h.fills(olga, page, form.Values{"person": val(string(ada))}), "person", "This account is not linked with another one.")
	h.says(h.fills(olga, page, form.Values{"person": val(string(minaThere))}), "The account games/mina is unlinked.")
	// A button that somebody made up opens nothing for others.
	for _, verb := range []chat.Verb{verbUnlink, verbVouch} {
		token, err := (chat.Token{Verb: verb, Tenant: tenant}).Encode()
		if err != nil {
			t.Fatal(err)
		}
		h.says(h.does(chat.Pressed{Who: h.who(ben), ID: h.id(), Token: token}), "Only admins who look after this can do that.")
	}
}

// A human is the same on every screen, by whichever account they look.
func TestAnotherAccountIsTheSameReader(t *testing.T) {
	t.Parallel()
	h := strangers(t)
	h.prepare("production")
	h.presses(ben, h.last(ben, "asks for"), "I'm on it")
	h.linked = append(h.linked, []access.Account{access.Account(benThere), access.Account(ben)})
	l := h.ledgers[minaThere]
	for p, want := range map[access.PersonID][]string{
		ben: {"[Approve] [Deny] [Let go]"}, benThere: {"[Approve] [Deny] [Let go]"}, ada: {"[Approve] [Deny]\n"},
	} {
		at := place(access.CardApprover, 1, p)
		in := h.delivery(l, at)
		card, err := h.desk.render(t.Context(), in, h.desk.texts.in("", "en"))
		if err != nil {
			t.Fatal(err)
		}
		if got := cardText(card) + "\n"; slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(got, w) }) {
			t.Errorf("%s reads\n%s", p, got)
		}
	}
	h.nothing(h.presses(ben, h.last(ben, "asks for"), "Approve"))
	h.says(h.presses(benThere, chattest.Posted{Card: h.last(ada, "asks for").Card}, "Approve"),
		"You have decided already: approved, on 1 September 2026, 09:00 UTC.")
	h.broken = errors.New("the store is away")
	_, err := h.desk.render(t.Context(), h.delivery(l, place(access.CardApprover, 1, ben)), h.desk.texts.in("", "en"))
	if fault := access.AsFault(err); fault.Failure != access.FailRetry || fault.Code != "storeFailed" {
		t.Errorf("drawn without knowing who reads: %v", err)
	}
}

// delivery is a card as the runtime hands it over.
func (h *house) delivery(l access.Ledger, card access.Card) runtime.Delivery {
	return runtime.Delivery{Tenant: tenant, Ledger: l, World: h.w, Card: card, Now: h.at}
}
