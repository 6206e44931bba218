package desk

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// proposeForm proposes what a form asks for. Back leads to the form, with what
// was typed.
func (c *call) proposeForm(t chat.Token, e runtime.Edit) (chat.Reply, error) {
	id, err := t.Encode()
	if err != nil {
		return nil, err
	}
	return c.propose(proposal{Edit: e, Back: t, Drop: []string{c.draftName(id)}})
}

// dropped proposes to delete a definition. What cannot go because something
// else refers to it is told by the names that people know.
func (c *call) dropped(key runtime.Key, revision int64, name string, back chat.Token) (chat.Reply, error) {
	r, err := c.propose(proposal{Back: back, Edit: runtime.Edit{
		Delete: []runtime.Key{key}, Bases: []runtime.Base{{Key: key, Revision: revision}},
	}})
	if access.IsCode(err, "stillNamed") {
		return nil, c.stillIn(key, name)
	}
	return r, err
}

// namedRefs is how many of those that refer to something are named.
const namedRefs = 5

// stillIn says what still refers to a catalog or resource.
func (c *call) stillIn(key runtime.Key, name string) error {
	var things, packages []string
	var err error
	if key.Kind == runtime.KindCatalog {
		id := access.CatalogID(key.ID)
		if things, err = c.core.Within(c.ctx, c.from.Tenant, id, runtime.KindResource); err != nil {
			return err
		}
		packages, err = c.core.Within(c.ctx, c.from.Tenant, id, runtime.KindPackage)
	} else {
		var giving []access.PackageID
		giving, err = c.core.Giving(c.ctx, c.from.Tenant, access.ResourceID(key.ID))
		packages = idsAs[string](giving)
	}
	if err != nil {
		return err
	}
	by, err := c.namesOf(things, packages, namedRefs)
	if err != nil {
		return err
	}
	code := "catalogNotEmpty"
	if key.Kind == runtime.KindResource {
		code = "resourceInPackages"
	}
	return access.Refuse(access.Refused, code, "name", name, "by", by)
}

// namesOf names resources and packages, and counts those beyond most.
func (c *call) namesOf(resources, packages []string, most int) (chat.Text, error) {
	names, err := c.contents(resources, packages, most)
	if err != nil {
		return nil, err
	}
	if rest := len(resources) + len(packages) - len(names); rest > 0 {
		names = append(names, c.count("people.more", rest))
	}
	return c.join(names), nil
}

// contents are the names of the first resources and packages.
func (c *call) contents(resources, packages []string, most int) ([]chat.Text, error) {
	var out []chat.Text
	resources = resources[:min(len(resources), most)]
	packages = packages[:min(len(packages), most-len(resources))]
	if len(resources) > 0 {
		w, err := c.core.Resources(c.ctx, c.from.Tenant, idsAs[access.ResourceID](resources)...)
		if err != nil {
			return nil, err
		}
		for _, id := range resources {
			out = append(out, chat.Text{strong(first(w.Resources[access.ResourceID(id)].Name, id))})
		}
	}
	if len(packages) > 0 {
		w, err := c.core.World(c.ctx, c.from.Tenant, idsAs[access.PackageID](packages)...)
		if err != nil {
			return nil, err
		}
		for _, id := range packages {
			out = append(out, chat.Text{strong(first(w.Packages[access.PackageID(id)].Name, id))})
		}
	}
	return out, nil
}

// baseTTL is how long it is known what a form was drawn from.
const baseTTL = 24 * time.Hour

func (c *call) baseName(form string) string { return c.draftName("base/" + form) }

// over opens a form over a definition as it is now. Where the address is that
// of a form over an older version, what was typed there is carried over, and
// it is told what somebody else changed meanwhile. shape draws the form's
// fields with the values of a version.
func over[D any](c *call, t chat.Token, now D, revision int64, name string, shape func(D) []form.Field) (chat.Reply, error) {
	next := t
	next.Stage = int(revision)
	if t.Stage != 0 && t.Stage != next.Stage {
		reply, err := overtook(c, t, next, now, name, shape)
		if reply != nil || err != nil {
			return reply, err
		}
	}
	id, err := next.Encode()
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(now)
	if err == nil {
		err = c.scratch.Put(c.ctx, c.baseName(id), data, c.now, baseTTL)
	}
	if err != nil {
		c.log.Warn().Err(err).Msg("what a form was drawn from cannot be kept")
	}
	if t.Stage == 0 {
		return c.openAnew(next)
	}
	return c.open(next, nil)
}

// openAnew opens a form with what is. What was typed into it before and never
// sent, or refused, is forgotten: it would come back unannounced. Whoever wants
// it has the button that goes on with the form.
func (c *call) openAnew(t chat.Token) (chat.Reply, error) {
	id, err := t.Encode()
	if err != nil {
		return nil, err
	}
	c.drop(id)
	return c.open(t, nil)
}

// overtook carries what was typed into an older form over to the next one; nil
// when nothing was typed. What was not touched is as it is now.
func overtook[D any](c *call, t, next chat.Token, now D, name string, shape func(D) []form.Field) (chat.Reply, error) {
	id, err := t.Encode()
	if err != nil {
		return nil, err
	}
	d := c.load(id)
	data, err := c.scratch.Get(c.ctx, c.baseName(id), c.now)
	var old D
	if err != nil || len(d.Values) == 0 || json.Unmarshal(data, &old) != nil {
		return nil, err
	}
	values := rebased(d.Values, form.Start(form.Form{Fields: shape(old)}), form.Start(form.Form{Fields: shape(now)}))
	if id, err = next.Encode(); err != nil {
		return nil, err
	}
	c.save(id, &draft{Values: values, Page: 1})
	card := chat.Card{Title: c.plain("define.overtaken"), Summary: c.plain("define.overtaken"), Tone: chat.ToneBad}
	card.Blocks = []chat.Block{{Text: c.text("define.overtakenText", "name", strong(name))}}
	if items := c.differences(old, now); len(items) > 0 {
		card.Blocks = append(card.Blocks, chat.Block{Heading: c.plain("define.meanwhile"), Items: c.blank().clip(items, chat.MaxItems)})
	}
	card.Buttons = c.labelled("define.goOn", next.Verb, next)
	return chat.Tell{Card: fit(card)}, nil
}

// rebased are the values as they are now, with those that were typed where
// they differ from what the form came with.
func rebased(typed, was, now form.Values) form.Values {
	out := maps.Clone(now)
	for field, v := range typed {
		if !slices.Equal(v, was[field]) {
			out[field] = v
		}
	}
	for field := range was {
		if len(typed[field]) == 0 {
			delete(out, field) // emptied
		}
	}
	return out
}
