package desk

import (
	"fmt"
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// overtaking is a definition that somebody else changed since an edit was
// drawn from it. Base, theirs and mine are nil for what is not there.
type overtaking struct {
	key                runtime.Key
	base, theirs, mine any
}

// overtaken tells what somebody else changed since the edit was drawn, and
// offers to put the edit on top of it. What was typed is kept.
func (c *call) overtaken(p proposal) (chat.Reply, error) {
	_, news, err := c.rebased(p)
	if err != nil {
		return nil, err
	}
	card := chat.Card{Title: c.plain("overtaken.title"), Summary: c.plain("overtaken.title"), Tone: chat.ToneWaiting}
	possible := true
	for _, n := range news {
		name := nameOf(runtime.Defined{Key: n.key, Before: n.base, After: n.theirs})
		b := chat.Block{Text: c.text(c.ofKind("overtaken.changed", n.key.Kind), "the", c.plain("the."+string(n.key.Kind)), "name", strong(name), "by", c.editor(n.theirs))}
		switch {
		case n.theirs == nil:
			b.Text, possible = c.text("overtaken.gone", "the", c.plain("the."+string(n.key.Kind)), "name", strong(name)), false
		case n.base == nil:
			b.Text, possible = c.text("overtaken.taken", "kind", c.plain("kind."+string(n.key.Kind)), "name", strong(name)), false
		}
		card.Blocks = append(card.Blocks, b)
		if n.theirs != nil && n.base != nil {
			card.Blocks = append(card.Blocks, chat.Block{Items: c.blank().clip(c.differences(n.base, n.theirs), chat.MaxItems)})
		}
	}
	face, err := c.keepProposal(p)
	if err != nil {
		return nil, err
	}
	if possible {
		card.Blocks = append(card.Blocks, chat.Block{Small: true, Text: c.text("overtaken.kept")})
		card.Buttons = c.blank().button(card.Buttons, verbOnTop, chat.StylePrimary, chat.Token{Face: face})
	}
	card.Buttons = c.blank().button(card.Buttons, verbBack, chat.StylePlain, chat.Token{Face: face})
	return chat.Tell{Card: fit(card)}, nil
}

// editor is who edited a definition last, where it says so.
func (c *call) editor(v any) chat.Text {
	if p, ok := v.(access.Package); ok && p.EditedBy != "" {
		return c.mention(p.EditedBy)
	}
	return nil
}

// onTop shows the difference that an overtaken edit makes now, to be
// confirmed.
func (c *call) onTop(t chat.Token) (chat.Reply, error) {
	p, err := c.proposed(t)
	if err != nil {
		return nil, err
	}
	now, _, err := c.rebased(p)
	if err != nil {
		return nil, err
	}
	for _, pack := range now.Edit.Packages {
		if err := c.rebaseWork(now, pack); err != nil {
			return nil, err
		}
	}
	return c.propose(now)
}

// rebaseWork draws a package that is under construction from what there is now
// as well.
func (c *call) rebaseWork(p proposal, pack access.Package) error {
	w, begun, err := c.loadWork(pack.ID)
	if err != nil || !begun || w.fresh() {
		return err
	}
	w.Package = pack
	for _, b := range p.Edit.Bases {
		if b.Key == runtime.PackageKey(c.from.Tenant, pack.ID) {
			w.Base = b.Revision
		}
	}
	for _, before := range p.Before.Packages {
		if before.ID == pack.ID {
			w.Before = before
		}
	}
	return c.keepWork(w)
}

// rebased is an edit on top of what there is now, and what others changed of
// its definitions since it was drawn.
func (c *call) rebased(p proposal) (proposal, []overtaking, error) {
	var news []overtaking
	out := p
	out.Edit.Bases = slices.Clone(p.Edit.Bases)
	out.Before = runtime.Definitions{}
	out.Edit.Definitions = cloned(p.Edit.Definitions)
	for i, base := range p.Edit.Bases {
		theirs, revision, err := c.stored(base.Key)
		if err != nil {
			return p, nil, err
		}
		n := overtaking{key: base.Key, base: find(p.Before, base.Key), theirs: theirs, mine: find(p.Edit.Definitions, base.Key)}
		out.Edit.Bases[i].Revision = revision
		if set, ok := theirs.(access.Settings); ok && base.Settings != nil {
			out.Edit.Bases[i].Settings = &set
		}
		keepBefore(&out.Before, theirs)
		if base.Revision == revision {
			continue
		}
		if n.base == nil || n.theirs == nil || len(c.differences(n.base, n.theirs)) > 0 {
			news = append(news, n)
		}
		if err := replace(&out.Edit.Definitions, n); err != nil {
			return p, nil, err
		}
	}
	return out, news, nil
}

// cloned shares no list with the definitions that it was made of.
func cloned(d runtime.Definitions) runtime.Definitions {
	d.Catalogs, d.Resources, d.Packages = slices.Clone(d.Catalogs), slices.Clone(d.Resources), slices.Clone(d.Packages)
	return d
}

// stored is a definition as it is now; nil and 0 when it is not there.
func (c *call) stored(key runtime.Key) (any, int64, error) {
	switch key.Kind {
	case runtime.KindPackage:
		w, err := c.core.World(c.ctx, c.from.Tenant, access.PackageID(key.ID))
		v, ok := w.Packages[access.PackageID(key.ID)]
		return orNone(v, ok), v.Revision, err
	case runtime.KindResource:
		w, err := c.core.Resources(c.ctx, c.from.Tenant, access.ResourceID(key.ID))
		v, ok := w.Resources[access.ResourceID(key.ID)]
		return orNone(v, ok), v.Revision, err
	}
	w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	if key.Kind == runtime.KindSettings {
		return w.Settings, w.Settings.Revision, err
	}
	v, ok := w.Catalogs[access.CatalogID(key.ID)]
	return orNone(v, ok), v.Revision, err
}

func orNone[V any](v V, ok bool) any {
	if !ok {
		return nil
	}
	return v
}

// find is the definition with a key, or nil.
func find(d runtime.Definitions, key runtime.Key) any {
	switch key.Kind {
	case runtime.KindSettings:
		if d.Settings != nil {
			return *d.Settings
		}
	case runtime.KindCatalog:
		return among(d.Catalogs, func(v access.Catalog) bool { return string(v.ID) == key.ID })
	case runtime.KindResource:
		return among(d.Resources, func(v access.Resource) bool { return string(v.ID) == key.ID })
	case runtime.KindPackage:
		return among(d.Packages, func(v access.Package) bool { return string(v.ID) == key.ID })
	}
	return nil
}

func among[V any](list []V, is func(V) bool) any {
	n := slices.IndexFunc(list, is)
	if n < 0 {
		return nil
	}
	return list[n]
}

// replace puts mine on top of theirs.
func replace(d *runtime.Definitions, n overtaking) (err error) {
	if n.mine == nil || n.base == nil || n.theirs == nil {
		return nil // deleted, or nothing to merge with
	}
	switch mine := n.mine.(type) {
	case access.Settings:
		var v access.Settings
		v, err = mergeDefinitions(n.base.(access.Settings), n.theirs.(access.Settings), mine)
		d.Settings = &v
	case access.Catalog:
		err = put(d.Catalogs, n, mine, func(v access.Catalog) bool { return string(v.ID) == n.key.ID })
	case access.Resource:
		err = put(d.Resources, n, mine, func(v access.Resource) bool { return string(v.ID) == n.key.ID })
	case access.Package:
		err = put(d.Packages, n, mine, func(v access.Package) bool { return string(v.ID) == n.key.ID })
	default:
		err = fmt.Errorf("nothing merges a %T", mine)
	}
	return err
}

func put[V any](list []V, n overtaking, mine V, is func(V) bool) error {
	v, err := mergeDefinitions(n.base.(V), n.theirs.(V), mine)
	if err == nil {
		list[slices.IndexFunc(list, is)] = v
	}
	return err
}
