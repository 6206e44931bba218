package desk

import (
	"maps"
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// nameable are the packages that the person may mean by a name: those they
// look after or at, also hidden ones and those that are to be deleted; unless
// it is an admin who asks, those that are listed to them as well.
func (c *call) nameable(query string, admin bool) (engine.World, []access.PackageID, error) {
	return c.listedWhere(query, maxListed, func(w engine.World, p access.Package) bool {
		listed := engine.MaySee(p, w, c.actor) && !p.Hidden && !p.Deleting
		return engine.AnyRole(w, p.Catalog, c.actor) || engine.Auditor(w, c.actor) || !admin && listed
	})
}

// packageHint is what is said of a package in a choice.
func (c *call) packageHint(p access.Package) string {
	return cut(oneLine(c.flat(c.short(p.Description, p.Deleting))), 100)
}

// shownHolders is how many holders a refusal names.
const shownHolders = 5

// deletePackage deletes a package that nobody has. Of one that is held it says
// by whom, and offers to delete it as soon as nobody has it.
func (c *call) deletePackage(id access.PackageID) (chat.Reply, error) {
	w, p, err := c.lookedAfter(id)
	if err == nil {
		err = engine.MayDefine(w, c.actor, p, nil)
	}
	if err != nil {
		return nil, err
	}
	n, err := c.core.Holders(c.ctx, c.from.Tenant, id)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		return c.heldCard(p, n)
	}
	return c.proposeDelete(p, false)
}

func (c *call) proposeDelete(p access.Package, whenFree bool) (chat.Reply, error) {
	key := runtime.PackageKey(c.from.Tenant, p.ID)
	return c.propose(proposal{
		Edit: runtime.Edit{Delete: []runtime.Key{key}, WhenFree: whenFree, Bases: []runtime.Base{{Key: key, Revision: p.Revision}}},
		Back: c.token(verbPage, string(p.ID)), Drop: []string{c.workName(p.ID)},
	})
}

// heldCard says who has a package that is to be deleted, or asked for it.
func (c *call) heldCard(p access.Package, n int) (chat.Reply, error) {
	people, err := c.core.Held(c.ctx, c.from.Tenant, p.ID, shownHolders)
	if err != nil {
		return nil, err
	}
	card := chat.Card{Summary: c.plain("delete.held.summary", "package", p.Name), Tone: chat.ToneBad}
	card.Blocks = []chat.Block{{Text: c.text("delete.held", "package", strong(p.Name), "people", c.few(people, n))}, {Small: true, Text: c.text("delete.whenFree")}}
	card.Buttons = c.blank().button(nil, verbWhenFree, chat.StyleDanger, chat.Token{Arg: string(p.ID)})
	return chat.Tell{Card: fit(card)}, nil
}

// few names the first of n people and counts the others.
func (c *call) few(people []access.PersonID, n int) chat.Text {
	people = people[:min(len(people), shownHolders)]
	s := c.scene(runtime.View{}, people...)
	var names []chat.Text
	for _, who := range people {
		names = append(names, s.who(who))
	}
	if n > len(people) {
		names = append(names, s.count("people.more", n-len(people)))
	}
	return s.join(names)
}

// deleteWhenFree shows what deleting it later means, to be confirmed.
func (c *call) deleteWhenFree(t chat.Token) (chat.Reply, error) {
	_, p, err := c.lookedAfter(access.PackageID(t.Arg))
	if err != nil {
		return nil, err
	}
	return c.proposeDelete(p, true)
}

// goes says for whom the deletion of a package waits; key is the sentence
// about those who have it. Nothing where nobody refers to it any more.
func (c *call) goes(key string, id access.PackageID) ([]chat.Text, error) {
	views, err := c.core.LedgersOf(c.ctx, c.from.Tenant, id, pageLedgers)
	if err != nil || len(views) == 0 {
		return nil, err
	}
	have, asked := referring(id, views)
	n := len(have)
	if len(views) == pageLedgers { // there may be more
		all, err := c.core.Holders(c.ctx, c.from.Tenant, id)
		if err != nil {
			return nil, err
		}
		n = max(n, all-len(asked))
	}
	var out []chat.Text
	if n > 0 {
		out = append(out, c.count(key, n, "people", c.few(have, n)))
	}
	if len(asked) > 0 {
		out = append(out, c.count("goes.asked", len(asked), "people", c.few(asked, len(asked))))
	}
	if len(out) == 0 {
		out = append(out, c.text("goes.soon"))
	}
	return out, nil
}

// referring are those who have a package, and those who asked for it and wait.
func referring(id access.PackageID, views []runtime.View) (have, asked []access.PersonID) {
	for _, v := range views {
		waits := slices.ContainsFunc(v.Ledger.Requests, func(r access.Request) bool { return r.Package == id && r.State.Waiting() })
		switch {
		case v.Ledger.Holds(id) != nil:
			have = append(have, v.Ledger.Person)
		case waits:
			asked = append(asked, v.Ledger.Person)
		}
	}
	return have, asked
}

// willDelete says what is lost, and for a package that somebody has when.
func (c *call) willDelete(key runtime.Key, whenFree bool) chat.Text {
	if whenFree && key.Kind == runtime.KindPackage {
		waits, err := c.goes("goes.when", access.PackageID(key.ID))
		if err != nil {
			c.log.Warn().Err(err).Msg("for whom a deletion waits cannot be read")
		}
		if len(waits) > 0 {
			return inLines(append(waits, c.text("goes.until")))
		}
	}
	return c.text("define.willDelete")
}

// inLines puts each sentence on a line of its own.
func inLines(items []chat.Text) chat.Text {
	var out chat.Text
	for i, item := range items {
		if i > 0 {
			out = append(out, chat.Span{Kind: chat.Plain, Text: "\n"})
		}
		out = append(out, item...)
	}
	return merge(out)
}

// deletion says on the page of a package that it goes, and when.
func (c *call) deletion(p access.Package) ([]chat.Block, error) {
	if !p.Deleting {
		return nil, nil
	}
	waits, err := c.goes("goes.page", p.ID)
	if len(waits) == 0 {
		waits = []chat.Text{c.text("goes.soon")}
	}
	return []chat.Block{{Text: inLines(waits)}}, err
}

// actionKept is what was done with a definition that was to be deleted and is not.
const actionKept = "kept"

// actionOf is what is said that was done.
func actionOf(d runtime.Defined) string {
	if isDeleting(d.Before) && d.After != nil && !isDeleting(d.After) {
		return actionKept
	}
	return d.Action
}

// keepPackage shows that the deletion of a package is called off, to be
// confirmed. What the package needs and is to be deleted as well is kept too.
func (c *call) keepPackage(t chat.Token) (chat.Reply, error) {
	w, p, err := c.lookedAfter(access.PackageID(t.Arg))
	if err != nil {
		return nil, err
	}
	stays := p
	stays.Deleting = false
	if err := engine.MayDefine(w, c.actor, p, stays); err != nil {
		return nil, err
	}
	if !p.Deleting {
		return nil, access.Refuse(access.TooLate, "notDeleting", "name", p.Name)
	}
	e := runtime.Edit{
		Definitions: runtime.Definitions{Packages: []access.Package{stays}},
		Bases:       []runtime.Base{{Key: runtime.PackageKey(c.from.Tenant, p.ID), Revision: p.Revision}},
	}
	if cat := w.Catalogs[p.Catalog]; cat.Deleting {
		cat.Deleting = false
		e.Catalogs = append(e.Catalogs, cat)
		e.Bases = append(e.Bases, runtime.Base{Key: runtime.CatalogKey(c.from.Tenant, cat.ID), Revision: cat.Revision})
	}
	for _, id := range slices.Sorted(maps.Keys(w.Resources)) {
		if res := w.Resources[id]; res.Deleting {
			res.Deleting = false
			e.Resources = append(e.Resources, res)
			e.Bases = append(e.Bases, runtime.Base{Key: runtime.ResourceKey(c.from.Tenant, id), Revision: res.Revision})
		}
	}
	return c.propose(proposal{Edit: e, Back: c.token(verbPage, string(p.ID))})
}

// willKeep says what keeping a definition means.
func (c *call) willKeep(d runtime.Defined) chat.Text {
	if d.Key.Kind == runtime.KindPackage {
		return c.text("define.willKeep")
	}
	return c.text("define.willKeepInside")
}
