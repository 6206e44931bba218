package desk

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

const (
	// linkTTL is how long a code is good for, and how long an account waits
	// that typed too many wrong ones.
	linkTTL = 10 * time.Minute
	// linkTries is how many wrong codes an account may type in that time.
	linkTries = 5
	// codeLetters are those of Crockford's base32: none looks like another.
	codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeBytes   = 5 // of chance, so 8 letters
)

// offer is a code that was shown to one account, and typed by another. It is
// kept until it runs out, is used or is dropped.
type offer struct {
	First access.Account `json:"first"`
	Typed access.Account `json:"typed,omitempty"`
	Until time.Time      `json:"until"`
}

// tries are the wrong codes that an account typed.
type tries struct {
	N     int       `json:"n"`
	Until time.Time `json:"until"`
}

// link shows a code to type in another chat, or takes the one that was typed.
func (c *call) link(in words) (chat.Reply, error) {
	if in.pkg != "" {
		return c.typed(plainCode(in.pkg))
	}
	code, err := c.newCode()
	if err != nil {
		return nil, err
	}
	o := offer{First: c.from.Account, Until: c.now.Add(linkTTL)}
	if err := c.keepOffer(code, o); err != nil {
		return nil, err
	}
	return c.codeCard("link.how", code, o)
}

// newCode is one that nobody can guess.
func (c *call) newCode() (string, error) {
	chance := make([]byte, codeBytes)
	if _, err := io.ReadFull(c.chance, chance); err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return base32.NewEncoding(codeLetters).EncodeToString(chance), nil
}

// plainCode is a code as it was made, however it was typed.
func plainCode(typed string) string {
	return strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
}

// linkCommand is what to type, with the code in two halves.
func linkCommand(code string) string {
	half := len(code) / 2
	return "/access link " + code[:half] + "-" + code[half:]
}

// codeCard shows a code, and the accounts that are linked already.
func (c *call) codeCard(key, name string, o offer) (chat.Reply, error) {
	card := chat.Card{Summary: c.plain("link.title"), Title: c.plain("link.title"), Tone: chat.ToneWaiting, Blocks: []chat.Block{
		{Text: c.text(key, "command", code(linkCommand(name)), "until", o.Until)},
		{Small: true, Text: c.text("link.mind")},
	}}
	accounts, err := c.core.Accounts(c.ctx, c.from.Tenant, c.from.Account)
	if err != nil {
		return nil, err
	}
	if len(accounts) > 1 {
		card.Blocks = append(card.Blocks, chat.Block{Heading: c.plain("link.accounts"), Items: c.accounts(accounts)})
	}
	card.Buttons = c.blank().button(nil, verbLinkTyped, chat.StylePrimary, chat.Token{Arg: name})
	return chat.Tell{Card: fit(card)}, nil
}

// accounts names accounts so that people recognise them.
func (c *call) accounts(all []access.Account) []chat.Text {
	var out []chat.Text
	for _, a := range all {
		out = append(out, c.text("link.account", "name", c.accountName(a), "chat", chatOf(a), "account", userOf(a)))
	}
	return out
}

// accountName is how somebody is called in the chat of an account.
func (c *call) accountName(a access.Account) string {
	if p, err := c.core.Profile(c.ctx, c.from.Tenant, access.PersonID(a)); err == nil && p.Name != "" {
		return p.Name
	}
	return userOf(a)
}

func userOf(a access.Account) string {
	_, user, _ := strings.Cut(string(a), "/")
	return user
}

// typed takes a code that was typed in the other chat: whoever shows it has to
// confirm.
func (c *call) typed(name string) (chat.Reply, error) {
	c.typing.Lock() // so that nobody tries many at a time
	defer c.typing.Unlock()
	before, err := c.tries()
	if err != nil {
		return nil, err
	}
	if before.N >= linkTries {
		return nil, access.Refuse(access.Refused, "linkTries", "until", before.Until)
	}
	o, err := c.offer(name)
	switch {
	case err != nil:
		return nil, err
	case o == nil, o.Typed != "" && o.Typed != c.from.Account:
		return nil, c.wrong(before)
	case o.First == c.from.Account:
		return nil, access.Refuse(access.Refused, "linkSelf")
	}
	mine, err := c.core.Accounts(c.ctx, c.from.Tenant, c.from.Account)
	if err != nil {
		return nil, err
	}
	if slices.Contains(mine, o.First) {
		return nil, access.Refuse(access.Refused, "linkedAlready")
	}
	o.Typed = c.from.Account
	if err := c.keepOffer(name, *o); err != nil {
		return nil, err
	}
	return c.otherCard("link.typed", *o, o.First, chat.Token{Arg: name}), nil
}

// wrong counts a wrong code.
func (c *call) wrong(t tries) error {
	if t.N++; t.N == 1 || t.N == linkTries {
		t.Until = c.now.Add(linkTTL)
	}
	if err := c.keep(c.linkName("tries", string(c.from.Account)), t, t.Until); err != nil {
		return err
	}
	return access.Refuse(access.Invalid, "linkCode")
}

// otherCard shows the account at the other side, and lets the person say that
// it is not theirs.
func (c *call) otherCard(key string, o offer, other access.Account, t chat.Token, first ...chat.Button) chat.Reply {
	card := chat.Card{Summary: c.plain("link.title"), Title: c.plain("link.title"), Tone: chat.ToneWaiting, Buttons: first}
	card.Blocks = []chat.Block{{Text: c.text(key, "until", o.Until)}, {Fields: []chat.Fact{
		{Label: c.plain("label.name"), Value: chat.Text{strong(c.accountName(other))}},
		{Label: c.plain("label.chat"), Value: chat.Say(chatOf(other))},
		{Label: c.plain("label.account"), Value: chat.Say(userOf(other))},
	}}}
	card.Buttons = c.blank().button(card.Buttons, verbLinkNotMe, chat.StyleDanger, t)
	return chat.Tell{Card: fit(card)}
}

// linkTyped goes on at the side that shows the code: who typed it?
func (c *call) linkTyped(t chat.Token) (chat.Reply, error) {
	o, err := c.ownOffer(t.Arg)
	if err != nil {
		return nil, err
	}
	if o.Typed == "" {
		return c.codeCard("link.waiting", t.Arg, *o)
	}
	confirm := chat.Token{Arg: t.Arg + "." + chat.Digest(string(o.Typed))}
	return c.otherCard("link.confirm", *o, o.Typed, t, c.blank().button(nil, verbLinkConfirm, chat.StylePrimary, confirm)...), nil
}

// linkConfirm links the account that was shown, and no other.
func (c *call) linkConfirm(t chat.Token) (chat.Reply, error) {
	if done := c.repeated(); done != nil {
		return done, nil
	}
	name, shown, _ := strings.Cut(t.Arg, ".")
	o, err := c.ownOffer(name)
	if err != nil {
		return nil, err
	}
	if o.Typed == "" || chat.Digest(string(o.Typed)) != shown {
		return nil, access.Refuse(access.TooLate, "linkOver")
	}
	if err := c.core.Link(c.ctx, c.from.Tenant, o.First, o.Typed, c.id); err != nil {
		return nil, err
	}
	c.dropOffer(name)
	all, err := c.core.Accounts(c.ctx, c.from.Tenant, o.First)
	if err != nil {
		return nil, err
	}
	reply := c.say("done.link", "accounts", c.join(c.accounts(all)))
	c.remember(reply)
	return reply, nil
}

// linkNotMe makes a code useless, at either side.
func (c *call) linkNotMe(t chat.Token) (chat.Reply, error) {
	o, err := c.offer(t.Arg)
	if err != nil {
		return nil, err
	}
	if o == nil || o.First != c.from.Account && o.Typed != c.from.Account {
		return nil, access.Refuse(access.TooLate, "linkOver")
	}
	c.dropOffer(t.Arg)
	return c.say("done.linkDropped"), nil
}

// ownOffer is a code that was shown to this account.
func (c *call) ownOffer(code string) (*offer, error) {
	o, err := c.offer(code)
	if err == nil && (o == nil || o.First != c.from.Account) {
		err = access.Refuse(access.TooLate, "linkOver")
	}
	return o, err
}

// linkName is where something about linking is kept. It tells nothing.
func (c *call) linkName(kind, what string) string {
	sum := sha256.Sum256([]byte(string(c.from.Tenant) + "\x00" + what))
	return "link/" + kind + "/" + hex.EncodeToString(sum[:])
}

// offer is a code that is good, or nil.
func (c *call) offer(code string) (*offer, error) {
	var o offer
	found, err := c.kept(c.linkName("code", code), &o)
	if err != nil || !found || !c.now.Before(o.Until) {
		return nil, err
	}
	return &o, nil
}

func (c *call) keepOffer(code string, o offer) error {
	return c.keep(c.linkName("code", code), o, o.Until)
}

func (c *call) dropOffer(code string) {
	if err := c.scratch.Drop(c.ctx, c.linkName("code", code)); err != nil {
		c.log.Warn().Err(err).Msg("a code cannot be dropped; it runs out by itself")
	}
}

// tries are the wrong codes of this account that count now.
func (c *call) tries() (tries, error) {
	var t tries
	found, err := c.kept(c.linkName("tries", string(c.from.Account)), &t)
	if err != nil || !found || !c.now.Before(t.Until) {
		return tries{}, err
	}
	return t, nil
}

// kept reads what was kept under a name. Without it nothing is certain, so an
// error is one for the person as well.
func (c *call) kept(name string, v any) (bool, error) {
	data, err := c.scratch.Get(c.ctx, name, c.now)
	if err != nil {
		return false, fmt.Errorf("read what was kept: %w", err)
	}
	if len(data) == 0 {
		return false, nil
	}
	if err := json.Unmarshal(data, v); err != nil {
		return false, fmt.Errorf("read what was kept: %w", err)
	}
	return true, nil
}

func (c *call) keep(name string, v any, until time.Time) error {
	data, err := json.Marshal(v)
	if err == nil {
		err = c.scratch.Put(c.ctx, name, data, c.now, until.Sub(c.now))
	}
	if err != nil {
		return fmt.Errorf("keep it: %w", err)
	}
	return nil
}
