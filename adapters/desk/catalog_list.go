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

// cmdCatalogList lists the catalogs that the person may look into.
func (c *call) cmdCatalogList(words) (chat.Reply, error) { return c.catalogsFrom("") }

func (c *call) catalogsFrom(after string) (chat.Reply, error) {
	w, ids, err := c.looked()
	if err != nil {
		return nil, err
	}
	l := listing{kind: runtime.KindCatalog, title: "catalogs.title"}
	for _, id := range ids {
		l.ids = append(l.ids, string(id))
	}
	l.rows = func(ids []string) ([]chat.Block, error) { return c.catalogRows(w, ids), nil }
	if engine.TenantAdmin(w, c.actor) {
		l.buttons = c.labelled("catalog.new", verbCatalogEdit, chat.Token{})
	}
	return c.paged(l, after)
}

func (c *call) catalogRows(w engine.World, ids []string) []chat.Block {
	var rows []chat.Block
	for _, id := range ids {
		cat := w.Catalogs[access.CatalogID(id)]
		rows = append(rows, chat.Block{
			Text:    c.text("row.package", "package", strong(cat.Name), "id", code(id), "description", c.short(cat.Description, cat.Deleting)),
			Buttons: c.blank().button(nil, verbCatalog, chat.StylePlain, chat.Token{Arg: id}),
		})
	}
	return rows
}

// short is a description in a list, or that it is about to go.
func (c *call) short(description string, deleting bool) chat.Text {
	if deleting {
		return c.text("define.isDeleting")
	}
	return said(cut(oneLine(description), 120))
}

// labelled is a button with a label of its own.
func (c *call) labelled(key string, verb chat.Verb, t chat.Token) []chat.Button {
	b := c.blank().button(nil, verb, chat.StylePlain, t)
	for i := range b {
		b[i].Label = c.plain(key)
	}
	return b
}

// catalogNamed finds the catalog that is meant by an id or a name, among those
// that the person may look into.
func (c *call) catalogNamed(typed string) (engine.World, access.Catalog, error) {
	w, ids, err := c.looked()
	if err != nil {
		return w, access.Catalog{}, err
	}
	for name := range c.spellings(typed) {
		id, ok, err := c.pick(runtime.KindCatalog, name, catalogsCalled(w, ids, name))
		if ok || err != nil {
			return w, w.Catalogs[access.CatalogID(id)], err
		}
		typed = strings.TrimPrefix(name, exactly)
	}
	names := func(yield func(id, name string) bool) {
		for _, id := range ids {
			if !yield(string(id), w.Catalogs[id].Name) {
				return
			}
		}
	}
	e := access.Refuse(access.NotFound, "unknownCatalog", "value", cut(typed, 60)).At("catalog")
	return w, access.Catalog{}, meant(e, typed, names)
}

// catalogsCalled are those of the catalogs that may be meant by an id or a name.
func catalogsCalled(w engine.World, ids []access.CatalogID, typed string) []meaning {
	var all []meaning
	for _, id := range ids {
		name := first(w.Catalogs[id].Name, string(id))
		if strings.Contains(strings.ToLower(string(id)+"\n"+name), part(typed)) {
			all = append(all, meaning{ID: string(id), Name: name})
		}
	}
	return all
}

// meant adds to a refusal what is spelled nearly like what was typed.
func meant(e *access.Error, typed string, names func(yield func(id, name string) bool)) *access.Error {
	best, distance := "", 4
	for id, name := range names {
		for _, spelled := range []string{id, name} {
			if d := editDistance(strings.ToLower(typed), strings.ToLower(spelled)); d < distance {
				best, distance = name, d
			}
		}
	}
	if best != "" {
		e.Data["meant"] = chat.Text{strong(best)}
	}
	return e
}

// cmdCatalogShow shows a catalog, or asks which.
func (c *call) cmdCatalogShow(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.catalogsFrom("")
	}
	w, cat, err := c.catalogNamed(in.pkg)
	if err != nil {
		return nil, err
	}
	return c.catalogCard(w, cat)
}

// showCatalog is the same, by a button.
func (c *call) showCatalog(t chat.Token) (chat.Reply, error) {
	return c.cmdCatalogShow(words{pkg: exactly + t.Arg})
}

// cmdCatalogCreate opens the form of a new catalog.
func (c *call) cmdCatalogCreate(in words) (chat.Reply, error) {
	t := c.token(verbCatalogEdit, "")
	if _, err := c.catalogToEdit(t); err != nil || in.pkg == "" {
		return c.editCatalog(t)
	}
	return c.open(t, form.Values{"name": {in.pkg}})
}

// cmdCatalogEdit opens the form of a catalog, or asks which.
func (c *call) cmdCatalogEdit(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.catalogsFrom("")
	}
	w, cat, err := c.catalogNamed(in.pkg)
	if access.IsCode(err, "severalNamed") && !c.editsCatalogs(w) {
		return nil, access.Refuse(access.Forbidden, "notAdmin")
	}
	if err != nil {
		return nil, err
	}
	return c.editCatalog(c.token(verbCatalogEdit, string(cat.ID)))
}

// cmdCatalogDelete asks to confirm that a catalog goes, or asks which.
func (c *call) cmdCatalogDelete(in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.catalogsFrom("")
	}
	_, cat, err := c.catalogNamed(in.pkg)
	if err != nil {
		return nil, err
	}
	return c.dropCatalog(c.token(verbCatalogDrop, string(cat.ID)))
}

func (c *call) dropCatalog(t chat.Token) (chat.Reply, error) {
	w, cat, err := c.catalogNamed(exactly + t.Arg)
	if err == nil {
		err = engine.MayDefine(w, c.actor, cat, nil)
	}
	if err != nil {
		return nil, err
	}
	return c.dropped(runtime.CatalogKey(c.from.Tenant, cat.ID), cat.Revision, cat.Name, c.token(verbCatalog, t.Arg))
}

// ownCatalogs are the catalogs that the person owns, to put things into, by
// name.
func (c *call) ownCatalogs() (engine.World, []form.Option, error) {
	w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	if err != nil {
		return w, nil, err
	}
	var out []form.Option
	for id, cat := range w.Catalogs {
		if engine.HasRole(w, id, c.actor) && !cat.Deleting {
			out = append(out, form.Option{Value: string(id), Label: cat.Name, Hint: cut(oneLine(cat.Description), 100)})
		}
	}
	slices.SortFunc(out, func(a, b form.Option) int {
		return strings.Compare(strings.ToLower(a.Label)+"\n"+a.Value, strings.ToLower(b.Label)+"\n"+b.Value)
	})
	if len(out) == 0 {
		return w, nil, access.Refuse(access.Forbidden, "ownsNoCatalog")
	}
	return w, toldApart(out, aCatalog), nil
}

// offerCatalogs lists catalogs for what is typed in a command.
func (c *call) offerCatalogs(query string) ([]form.Option, error) {
	w, ids, err := c.looked()
	if err != nil {
		return nil, err
	}
	f := form.Field{}
	for _, id := range ids {
		f.Options = append(f.Options, form.Option{Value: string(id), Label: w.Catalogs[id].Name, Hint: cut(oneLine(w.Catalogs[id].Description), 100)})
	}
	return exact(form.Match(f, query, maxOffered), aCatalog), nil
}

// aCatalog tells catalogs with one name apart in a choice.
func aCatalog(id string) meaning { return meaning{ID: id} }

// behind offers options as the text of a command that goes on with them.
func behind(before string, options []form.Option) chat.Offer {
	for i := range options {
		options[i].Value = before + options[i].Value
	}
	return chat.Offer{Options: options}
}

// editsCatalogs reports whether the person may edit any of the catalogs.
func (c *call) editsCatalogs(w engine.World) bool {
	for _, cat := range w.Catalogs {
		if engine.MayDefine(w, c.actor, cat, cat) == nil {
			return true
		}
	}
	return false
}
