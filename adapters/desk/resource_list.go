package desk

import (
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
	id := access.ResourceID(strings.ToLower(typed))
	w, err := c.core.Resources(c.ctx, c.from.Tenant, id)
	if err != nil {
		return w, access.Resource{}, err
	}
	if res, ok := w.Resources[id]; ok && c.mayLook(w, res) {
		return w, res, nil
	}
	like, err := c.core.FindResources(c.ctx, c.from.Tenant, typed, maxListed, c.mayLook)
	if err != nil {
		return w, access.Resource{}, err
	}
	for _, res := range like {
		if sameText(res.Name, typed) || len(like) == 1 {
			w, err := c.core.Resources(c.ctx, c.from.Tenant, res.ID)
			return w, res, err
		}
	}
	return w, access.Resource{}, c.unknownResource(typed)
}

func (c *call) unknownResource(typed string) error {
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
	w, res, err := c.resourceNamed(t.Arg)
	if err != nil {
		return nil, err
	}
	return c.resourceCard(w, res, t.Stage)
}

// cmdResourceCreate asks what is to be added.
func (c *call) cmdResourceCreate(words) (chat.Reply, error) {
	return c.open(c.token(verbThing, ""), nil)
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

// offerResources lists resources behind what was typed for a command.
func (c *call) offerResources(query, before string) (chat.Reply, error) {
	if _, _, err := c.looked(); err != nil {
		return nil, err
	}
	found, err := c.core.FindResources(c.ctx, c.from.Tenant, query, maxOffered, c.mayLook)
	if err != nil {
		return nil, err
	}
	var out []form.Option
	for _, res := range found {
		out = append(out, form.Option{Value: string(res.ID), Label: res.Name, Hint: cut(oneLine(res.Description), 100)})
	}
	return behind(before, out), nil
}
