package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// proposalTTL is how long an edit waits to be confirmed.
const proposalTTL = 24 * time.Hour

// proposal is an edit that was shown and waits to be confirmed.
type proposal struct {
	Edit runtime.Edit `json:"edit"`
	// Before are the definitions that it was drawn from.
	Before runtime.Definitions `json:"before"`
	// Back is the form or card that it was made in.
	Back chat.Token `json:"back"`
	// Drop names what is in the scratch and is done with once this is confirmed.
	Drop []string `json:"drop,omitempty"`
}

func (c *call) proposalName(face int) string {
	return "proposal/" + string(c.from.Tenant) + "/" + string(c.from.Account) + "/" + strconv.Itoa(face)
}

// propose shows what an edit would change, with a button that carries it out
// and one that goes back. What would be refused is refused at once. Of each
// definition, p.Edit.Bases has the revision that it was drawn from.
func (c *call) propose(p proposal) (chat.Reply, error) {
	p, done, err := c.plan(p)
	if access.IsCode(err, "definitionChanged") {
		return c.overtaken(p)
	}
	if err != nil {
		return nil, err
	}
	for _, d := range done {
		keepBefore(&p.Before, d.Before)
	}
	done = slices.DeleteFunc(done, func(d runtime.Defined) bool { return d.Action == runtime.Unchanged })
	if len(done) == 0 {
		return c.say("define.nothing"), nil
	}
	face, err := c.keepProposal(p)
	if err != nil {
		return nil, err
	}
	already, use, err := c.twins(done)
	if err != nil {
		return nil, err
	}
	affects, err := c.affects(done)
	if err != nil {
		return nil, err
	}
	s := c.blank()
	card := chat.Card{Title: c.plain("define.title"), Summary: c.plain("define.title"), Tone: chat.ToneWaiting, Blocks: slices.Concat(already, affects, c.changes(done, p.Edit.WhenFree))}
	style := chat.StylePrimary
	if slices.ContainsFunc(done, func(d runtime.Defined) bool { return d.Action == runtime.Deleting }) {
		style = chat.StyleDanger
	}
	card.Buttons = s.button(card.Buttons, verbDefine, style, chat.Token{Face: face})
	card.Buttons = append(s.button(card.Buttons, verbBack, chat.StylePlain, chat.Token{Face: face}), use...)
	return chat.Tell{Card: fit(card)}, nil
}

// keepProposal keeps an edit until it is confirmed; its face names it.
func (c *call) keepProposal(p proposal) (face int, err error) {
	data, err := json.Marshal(p)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(data)
	face = int(binary.BigEndian.Uint32(sum[:]) >> 1)
	return face, c.scratch.Put(c.ctx, c.proposalName(face), data, c.now, proposalTTL)
}

// plan is what an edit would do. One that was overtaken by nothing that
// matters to it is drawn from what there is now.
func (c *call) plan(p proposal) (proposal, []runtime.Defined, error) {
	done, err := c.core.PlanAs(c.ctx, c.from.Tenant, c.from.Account, p.Edit)
	if !access.IsCode(err, "definitionChanged") {
		return p, done, err
	}
	now, news, lost := c.rebased(p)
	if lost != nil || len(news) > 0 {
		return p, nil, errors.Join(lost, err)
	}
	done, err = c.core.PlanAs(c.ctx, c.from.Tenant, c.from.Account, now.Edit)
	return now, done, err
}

func keepBefore(d *runtime.Definitions, v any) {
	switch v := v.(type) {
	case access.Settings:
		d.Settings = &v
	case access.Catalog:
		d.Catalogs = append(d.Catalogs, v)
	case access.Resource:
		d.Resources = append(d.Resources, v)
	case access.Package:
		d.Packages = append(d.Packages, v)
	}
}

// changes are what is done to each definition, with the values that differ.
func (c *call) changes(done []runtime.Defined, whenFree bool) []chat.Block {
	var blocks []chat.Block
	var afters []any
	for _, d := range done {
		afters = append(afters, d.After)
	}
	for _, d := range done {
		b := chat.Block{Heading: cut(oneLine(c.plain(c.ofKind("define."+actionOf(d), d.Key.Kind), "kind", c.plain("kind."+string(d.Key.Kind)), "name", nameOf(d))), chat.MaxHeading)}
		switch {
		case d.Action == runtime.Deleting:
			b.Text = c.willDelete(d.Key, whenFree)
		case actionOf(d) == actionKept:
			b.Text = c.willKeep(d)
		default:
			b.Items = c.blank().clip(c.differences(d.Before, d.After, afters...), chat.MaxItems)
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// ofKind is the key of a text of its own for a kind of definitions, if there is
// one: settings are many.
func (g tongue) ofKind(key string, kind runtime.Kind) string {
	if own := key + "." + string(kind); g.has(own) {
		return own
	}
	return key
}

// nameOf is what people call a definition.
func nameOf(d runtime.Defined) string {
	v := d.After
	if v == nil {
		v = d.Before
	}
	switch v := v.(type) {
	case access.Settings:
		return v.Name
	case access.Catalog:
		return v.Name
	case access.Resource:
		return v.Name
	case access.Package:
		return v.Name
	}
	return d.Key.ID
}

// proposed reads what was shown; it is over after a day, or once it was done.
func (c *call) proposed(t chat.Token) (proposal, error) {
	var p proposal
	data, err := c.scratch.Get(c.ctx, c.proposalName(t.Face), c.now)
	if err != nil {
		return p, err
	}
	if len(bytes.TrimSpace(data)) == 0 || json.Unmarshal(data, &p) != nil {
		return p, access.Refuse(access.TooLate, "proposalOver")
	}
	return p, nil
}

// define carries out an edit that was shown. Pressed twice, also at once, both
// get the same answer.
func (c *call) define(t chat.Token) (chat.Reply, error) {
	if done := c.repeated(); done != nil {
		return done, nil
	}
	name := c.proposalName(t.Face)
	shown, err := c.proposed(t)
	if access.IsCode(err, "proposalOver") {
		if d, ok := c.finished(name); ok {
			return chat.Tell{Card: d.Card}, nil
		}
	}
	if err != nil {
		return nil, err
	}
	p, _, err := c.plan(shown)
	var done []runtime.Defined
	if err == nil {
		done, err = c.core.EditAs(c.ctx, c.from.Tenant, c.from.Account, c.id, p.Edit)
	}
	if err == nil && unchanged(done) || access.IsCode(err, "definitionChanged") || access.IsCode(err, "beingDeleted") {
		in, made, lost := c.already(shown)
		switch {
		case made || lost != nil:
			done, err = in, lost
		case access.IsCode(err, "definitionChanged"):
			return c.overtaken(p)
		}
	}
	if err != nil {
		return nil, err
	}
	reply := c.defined(done)
	c.finish(reply, "", append(p.Drop, name)...)
	return reply, nil
}

// unchanged reports whether an edit did nothing: it was in already.
func unchanged(done []runtime.Defined) bool {
	return !slices.ContainsFunc(done, func(d runtime.Defined) bool { return d.Action != runtime.Unchanged })
}

// defined says what was done to each definition.
func (c *call) defined(done []runtime.Defined) chat.Reply {
	card := chat.Card{Tone: chat.ToneGood}
	var items []chat.Text
	for _, d := range done {
		if d.Action == runtime.Unchanged {
			continue
		}
		items = append(items, c.text(c.ofKind("define.done."+actionOf(d), d.Key.Kind), "the", c.plain("the."+string(d.Key.Kind)), "name", strong(nameOf(d))))
		if d.Key.Kind == runtime.KindPackage && d.Action != runtime.Deleted && len(card.Buttons) < 3 {
			card.Buttons = c.blank().button(card.Buttons, verbPage, chat.StylePlain, chat.Token{Arg: d.Key.ID})
		}
	}
	if len(items) == 0 {
		return c.say("define.nothing")
	}
	if len(items) == 1 {
		card.Blocks = []chat.Block{{Text: items[0]}}
	} else {
		card.Blocks = []chat.Block{{Items: c.blank().clip(items, chat.MaxItems)}}
	}
	card.Summary = c.flat(items[0])
	return chat.Tell{Card: fit(card)}
}

// back goes to where an edit was made; what was typed is still there.
func (c *call) goBack(t chat.Token) (chat.Reply, error) {
	p, err := c.proposed(t)
	if err != nil {
		return nil, err
	}
	if r := c.routes[p.Back.Verb]; r.press != nil {
		return r.press(c, p.Back)
	}
	return c.open(p.Back, nil)
}
