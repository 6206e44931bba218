package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// shownContents is how many resources, and how many packages, the card of a
// catalog names.
const shownContents = 10

// catalogRoles are the roles in a catalog, in the order in which they are told.
func catalogRoles() []access.CatalogRole {
	return []access.CatalogRole{access.CatalogOwner, access.PackageManager, access.AssignmentManager, access.CatalogReader}
}

// holding are those who have a role in a catalog.
func holding(cat access.Catalog, role access.CatalogRole) []access.Subject {
	var out []access.Subject
	for _, holder := range cat.Roles {
		if holder.Role == role {
			out = append(out, holder.Who)
		}
	}
	return out
}

// catalogCard is a catalog as a page: who has which role in it, and what is in
// it.
func (c *call) catalogCard(w engine.World, cat access.Catalog) (chat.Reply, error) {
	var people []access.PersonID
	for _, holder := range cat.Roles {
		people = append(people, holder.Who.Person)
	}
	s := c.scene(viewOf(w), people...)
	card := chat.Card{Title: cat.Name, Summary: c.plain("catalog.summary", "catalog", cat.Name), Tone: chat.ToneNeutral}
	card.Blocks = c.preface(cat.Description, cat.ManagedBy, cat.Deleting)
	var list []chat.Fact
	for _, role := range catalogRoles() {
		who := s.subjects(holding(cat, role))
		if len(who) == 0 && role == access.CatalogOwner {
			who = c.text("catalog.noOwner")
		}
		list = append(list, s.fact("role."+string(role), who)...)
	}
	list = append(list, s.fact("label.routing", s.routed(cat.Routing, "routing.asTenant"))...)
	card.Blocks = append(card.Blocks, facts(list)...)
	for _, kind := range []runtime.Kind{runtime.KindResource, runtime.KindPackage} {
		blocks, err := c.inCatalog(cat.ID, kind)
		if err != nil {
			return nil, err
		}
		card.Blocks = append(card.Blocks, blocks...)
	}
	card.Buttons = c.catalogButtons(w, cat)
	return chat.Tell{Card: fit(card)}, nil
}

// preface is what is said first of a definition: what it is, that a file
// manages it, that it is about to go.
func (c *call) preface(description, managedBy string, deleting bool) []chat.Block {
	var blocks []chat.Block
	if description != "" {
		blocks = append(blocks, chat.Block{Text: chat.Say(description)})
	}
	if deleting {
		blocks = append(blocks, chat.Block{Text: c.text("define.isDeleting")})
	}
	if managedBy == access.ManagedByFile {
		blocks = append(blocks, chat.Block{Small: true, Text: c.text("define.byFile")})
	}
	return blocks
}

// inCatalog names what is in a catalog, and how much it is.
func (c *call) inCatalog(id access.CatalogID, kind runtime.Kind) ([]chat.Block, error) {
	ids, err := c.core.Within(c.ctx, c.from.Tenant, id, kind)
	if err != nil {
		return nil, err
	}
	heading := "catalog.has." + string(kind)
	b := chat.Block{Heading: c.count(heading, len(ids)).Plain()}
	if len(ids) == 0 {
		b.Text = c.text("catalog.hasNone")
		return []chat.Block{b}, nil
	}
	var resources, packages []string
	command := "/access-admin resource list"
	if resources = ids; kind == runtime.KindPackage {
		resources, packages, command = nil, ids, "/access-admin package list"
	}
	if b.Items, err = c.contents(resources, packages, shownContents); err != nil {
		return nil, err
	}
	if rest := len(ids) - len(b.Items); rest > 0 {
		b.Items = append(b.Items, c.count("list.more", rest, "command", code(command)))
	}
	return []chat.Block{b}, nil
}

// catalogButtons are what the person may do with a catalog.
func (c *call) catalogButtons(w engine.World, cat access.Catalog) []chat.Button {
	var b []chat.Button
	s, at := c.blank(), chat.Token{Arg: string(cat.ID)}
	if cat.Deleting {
		return nil
	}
	if engine.MayDefine(w, c.actor, cat, cat) == nil {
		b = s.button(b, verbCatalogEdit, chat.StylePlain, at)
	}
	if engine.HasRole(w, cat.ID, c.actor) {
		b = append(b, c.labelled("resource.new", verbThing, at)...)
	}
	if engine.MayDefine(w, c.actor, cat, nil) == nil && cat.ID != access.General {
		b = s.button(b, verbCatalogDrop, chat.StyleDanger, at)
	}
	return b
}

// routed says where the cards of approvers go; otherwise is the key of what is
// said where no channel is named.
func (s scene) routed(r access.Routing, otherwise string) chat.Text {
	switch {
	case len(r.Channels) == 0:
		return s.text(otherwise)
	case r.ChannelOnly:
		return s.text("routing.only", "channels", s.channelNames(r.Channels))
	}
	return s.text("routing.both", "channels", s.channelNames(r.Channels))
}

func (s scene) channelNames(list []access.Channel) chat.Text {
	var names []chat.Text
	for _, ch := range list {
		names = append(names, chat.Text{code(channelName(ch))})
	}
	return s.join(names)
}

// channelName is how people write a channel.
func channelName(ch access.Channel) string {
	_, name, ok := strings.Cut(string(ch), "/")
	if !ok {
		name = string(ch)
	}
	return "#" + name
}
