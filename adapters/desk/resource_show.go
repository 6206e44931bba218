package desk

import (
	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// shownRoles is how many roles of a resource a card shows with their buttons.
const shownRoles = 5

// resourceCard is a resource as a page: what it is, who hands it out, its
// roles from one on, and the packages that give them.
func (c *call) resourceCard(w engine.World, res access.Resource, from int) (chat.Reply, error) {
	var people []access.PersonID
	for _, hand := range res.Hands {
		people = append(people, hand.Person)
	}
	s := c.scene(viewOf(w), people...)
	card := chat.Card{Title: res.Name, Summary: c.plain("resource.summary", "resource", res.Name), Tone: chat.ToneNeutral}
	card.Blocks = c.preface(res.Description, res.ManagedBy, res.Deleting)
	list := s.fact("label.catalog", said(w.Catalogs[res.Catalog].Name))
	list = append(list, s.fact("label.handsOut", c.handsOut(s, res))...)
	card.Blocks = append(card.Blocks, facts(list)...)
	edit := engine.MayDefine(w, c.actor, res, res) == nil && !res.Deleting
	if from < 0 || from >= len(res.Roles) {
		from = 0
	}
	to := min(from+shownRoles, len(res.Roles))
	card.Blocks = append(card.Blocks, c.roleRows(res, from, to, edit)...)
	blocks, err := c.givenBy(res.ID)
	if err != nil {
		return nil, err
	}
	card.Blocks = append(card.Blocks, blocks...)
	if to < len(res.Roles) {
		card.Buttons = c.labelled("resource.moreRoles", verbResource, chat.Token{Arg: string(res.ID), Stage: to})
	}
	if edit {
		at := chat.Token{Arg: string(res.ID)}
		card.Buttons = s.button(card.Buttons, verbResourceEdit, chat.StylePlain, at)
		card.Buttons = append(card.Buttons, c.labelled("resource.newRole", verbRole, at)...)
		card.Buttons = s.button(card.Buttons, verbResourceDrop, chat.StyleDanger, at)
	}
	return chat.Tell{Card: fit(card)}, nil
}

// handsOut says who or what gives a resource.
func (c *call) handsOut(s scene, res access.Resource) chat.Text {
	if res.Connector == access.ManualConnector {
		return c.text("resource.byHand", "people", s.subjects(res.Hands))
	}
	return c.text("resource.byConnector", "connector", code(res.Connector), "target", code(res.Target))
}

// roleRows are roles with what their holder can do.
func (c *call) roleRows(res access.Resource, from, to int, edit bool) []chat.Block {
	var rows []chat.Block
	for i, role := range res.Roles[from:to] {
		row := chat.Block{Text: c.text("resource.role", "role", strong(role.Name), "can", role.Can.For(c.locale))}
		if edit {
			at := chat.Token{Arg: string(res.ID), Request: access.RequestID(from + i + 1), Stage: int(res.Revision)}
			row.Buttons = c.blank().button(nil, verbRole, chat.StylePlain, at)
			row.Buttons = c.blank().button(row.Buttons, verbRoleDrop, chat.StylePlain, at)
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		rows[0].Heading = c.count("resource.roles", len(res.Roles)).Plain()
	}
	return rows
}

// givenBy names the packages that give a resource.
func (c *call) givenBy(id access.ResourceID) ([]chat.Block, error) {
	ids, err := c.core.Giving(c.ctx, c.from.Tenant, id)
	if err != nil {
		return nil, err
	}
	b := chat.Block{Heading: c.plain("resource.packages")}
	if len(ids) == 0 {
		b.Text = c.text("resource.noPackage")
		return []chat.Block{b}, nil
	}
	if b.Items, err = c.contents(nil, idsAs[string](ids), shownContents); err != nil {
		return nil, err
	}
	if rest := len(ids) - len(b.Items); rest > 0 {
		b.Items = append(b.Items, c.count("people.more", rest))
	}
	return []chat.Block{b}, nil
}
