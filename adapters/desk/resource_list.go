package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// cmdResourceList lists the resources of the catalogs that the person may look
// into.
func (c *call) cmdResourceList(words) (chat.Reply, error) { return c.resourcesFrom("") }

func (c *call) resourcesFrom(after string) (chat.Reply, error) {
	ids, err := c.lookedIn(runtime.KindResource)
	if err != nil {
		return nil, err
	}
	l := listing{kind: runtime.KindResource, title: "resources.title", ids: ids, rows: c.resourceRows}
	if _, _, err := c.ownCatalogs(); err == nil {
		l.buttons = c.labelled("resource.new", verbThing, chat.Token{})
	}
	return c.paged(l, after)
}

func (c *call) resourceRows(ids []string) ([]chat.Block, error) {
	w, err := c.core.Resources(c.ctx, c.from.Tenant, idsAs[access.ResourceID](ids)...)
	if err != nil {
		return nil, err
	}
	var rows []chat.Block
	for _, id := range ids {
		res := w.Resources[access.ResourceID(id)]
		rows = append(rows, chat.Block{
			Text: c.text("row.resource", "resource", strong(first(res.Name, id)), "id", code(id),
				"catalog", w.Catalogs[res.Catalog].Name, "description", c.short(res.Description, res.Deleting)),
			Buttons: c.blank().button(nil, verbResource, chat.StylePlain, chat.Token{Arg: id}),
		})
	}
	return rows, nil
}

// mayLook reports whether the person may know a resource.
func (c *call) mayLook(w engine.World, res access.Resource) bool {
	return engine.AnyRole(w, res.Catalog, c.actor) || engine.Auditor(w, c.actor)
}

// resourceNamed finds the resource that is meant by an id or a name, among
// those that the person may know.
func (c *call) resourceNamed(typed string) (engine.World, access.Resource, error) {
	if _, _, err := c.looked(); err != nil {
		return engine.World{}, access.Resource{}, err
	}
	for name := range c.spellings(typed) {
		id, ok, err := c.pickResource(name)
		if err != nil {
			return engine.World{}, access.Resource{}, err
		}
		if ok {
			w, err := c.core.Resources(c.ctx, c.from.Tenant, access.ResourceID(id))
			return w, w.Resources[access.ResourceID(id)], err
		}
		typed = name
	}
	return engine.World{}, access.Resource{}, c.unknownResource(typed)
}

// pickResource is the resource that is meant by an id, a name or the channel
// that it stands for.
func (c *call) pickResource(typed string) (string, bool, error) {
	all, err := c.resourcesCalled(typed)
	if err != nil {
		return "", false, err
	}
	equal := alike(typed, all)
	if len(equal) == 0 {
		if equal, err = c.ofChannel(typed); err != nil {
			return "", false, err
		}
	}
	return c.pickFrom(runtime.KindResource, typed, equal, all)
}

// resourcesCalled are the resources that may be meant by an id or a name, as
// far as the person may know them.
func (c *call) resourcesCalled(typed string) ([]meaning, error) {
	id := access.ResourceID(idTyped(typed))
	w, err := c.core.Resources(c.ctx, c.from.Tenant, id)
	if err != nil {
		return nil, err
	}
	found, err := c.core.FindResources(c.ctx, c.from.Tenant, part(typed), maxListed, c.mayLook)
	if own, ok := w.Resources[id]; ok && c.mayLook(w, own) && !slices.ContainsFunc(found, func(r access.Resource) bool { return r.ID == id }) {
		found = append(found, own)
	}
	if err != nil {
		return nil, err
	}
	return c.resourceMeanings(found)
}

// resourceMeanings are resources with the names of their catalogs.
func (c *call) resourceMeanings(found []access.Resource) ([]meaning, error) {
	if len(found) == 0 {
		return nil, nil
	}
	w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	var all []meaning
	for _, res := range found {
		all = append(all, meaning{ID: string(res.ID), Name: first(res.Name, string(res.ID)), In: w.Catalogs[res.Catalog].Name})
	}
	return all, err
}

// ofChannel are the resources that stand for a channel that was mentioned:
// "#" and its id, as chats write a mention, with "|" and its name or without.
func (c *call) ofChannel(typed string) ([]meaning, error) {
	mention, ok := strings.CutPrefix(typed, "#")
	id, _, _ := strings.Cut(mention, "|")
	if !ok || id == "" {
		return nil, nil
	}
	found, err := c.core.FindResources(c.ctx, c.from.Tenant, "", maxListed, func(w engine.World, res access.Resource) bool {
		return res.Connector != access.ManualConnector && lastPart(res.Target) == id && c.mayLook(w, res)
	})
	if err != nil {
		return nil, err
	}
	return c.resourceMeanings(found)
}

// lastPart is the id of a channel in a target.
func lastPart(target string) string { return target[strings.LastIndexByte(target, '/')+1:] }

// oneResource is resourceNamed by an id alone.
func (c *call) oneResource(id string) (engine.World, access.Resource, error) {
	return c.resourceNamed(exactly + id)
}

func (c *call) unknownResource(typed string) error {
	typed = strings.TrimPrefix(typed, exactly)
	e := access.Refuse(access.NotFound, "unknownResource", "value", cut(typed, 60)).At("resource")
	all, err := c.core.FindResources(c.ctx, c.from.Tenant, "", maxListed, c.mayLook)
	if err != nil {
		return e
	}
	return meant(e, typed, func(yield func(id, name string) bool) {
		for _, res := range all {
			if !yield(string(res.ID), res.Name) {
				return
			}
		}
	})
}

// cmdResourceShow shows a resource, or asks which.
func (c *call) cmdResourceShow(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.resourcesFrom("")
	}
	w, res, err := c.resourceNamed(in.pkg)
	if err != nil {
		return nil, err
	}
	return c.resourceCard(w, res, 0)
}

// showResource is the same, by a button; Stage is the first role that is shown.
func (c *call) showResource(t chat.Token) (chat.Reply, error) {
	w, res, err := c.oneResource(t.Arg)
	if err != nil {
		return nil, err
	}
	return c.resourceCard(w, res, t.Stage)
}

// cmdResourceCreate asks what is to be added, to the catalog that was named.
func (c *call) cmdResourceCreate(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.open(c.token(verbThing, ""), nil)
	}
	if _, _, err := c.ownCatalogs(); err != nil {
		return nil, err
	}
	w, cat, err := c.catalogNamed(in.pkg)
	if err == nil {
		err = engine.MayDefine(w, c.actor, nil, access.Resource{Catalog: cat.ID})
	}
	if err != nil {
		return nil, err
	}
	return c.open(c.token(verbThing, string(cat.ID)), nil)
}

// cmdResourceEdit opens the form of a resource, or asks which.
func (c *call) cmdResourceEdit(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.resourcesFrom("")
	}
	_, res, err := c.resourceNamed(in.pkg)
	if err != nil {
		return nil, err
	}
	return c.editResource(c.token(verbResourceEdit, string(res.ID)))
}

// cmdResourceDelete asks to confirm that a resource goes, or asks which.
func (c *call) cmdResourceDelete(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.resourcesFrom("")
	}
	_, res, err := c.resourceNamed(in.pkg)
	if err != nil {
		return nil, err
	}
	return c.dropResource(c.token(verbResourceDrop, string(res.ID)))
}

func (c *call) dropResource(t chat.Token) (chat.Reply, error) {
	res, err := c.resourceToEdit(t.Arg)
	if err != nil {
		return nil, err
	}
	return c.dropped(runtime.ResourceKey(c.from.Tenant, res.ID), res.Revision, res.Name, c.token(verbResource, t.Arg))
}

// offerResources lists resources for what is typed in a command.
func (c *call) offerResources(query string) ([]form.Option, error) {
	if _, _, err := c.looked(); err != nil {
		return nil, err
	}
	found, err := c.core.FindResources(c.ctx, c.from.Tenant, query, maxOffered, c.mayLook)
	if err != nil {
		return nil, err
	}
	all, err := c.resourceMeanings(found)
	if err != nil {
		return nil, err
	}
	var out []form.Option
	for _, res := range found {
		out = append(out, form.Option{Value: string(res.ID), Label: res.Name, Hint: cut(oneLine(res.Description), 100)})
	}
	return exact(out, amongMeanings(all)), nil
}
