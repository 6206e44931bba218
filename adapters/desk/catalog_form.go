package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// catalogToEdit is the catalog of an address, or (no Arg) a new one, if the
// person may write it.
func (c *call) catalogToEdit(t chat.Token) (access.Catalog, error) {
	if t.Arg == "" {
		w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
		if err == nil && !engine.TenantAdmin(w, c.actor) {
			err = access.Refuse(access.Forbidden, "notTenantAdmin")
		}
		return access.Catalog{}, err
	}
	w, cat, err := c.catalogNamed(exactly + t.Arg)
	if err != nil {
		return cat, err
	}
	return cat, engine.MayDefine(w, c.actor, cat, cat)
}

// editCatalog opens the form of a catalog as it is now, or of a new one.
func (c *call) editCatalog(t chat.Token) (chat.Reply, error) {
	cat, err := c.catalogToEdit(t)
	if err != nil {
		return nil, err
	}
	if t.Arg == "" {
		return c.open(t, nil)
	}
	return over(c, t, cat, cat.Revision, cat.Name, c.catalogFields)
}

// catalogFields ask for all of a catalog.
func (c *call) catalogFields(cat access.Catalog) []form.Field {
	fields := []form.Field{
		{ID: "name", Kind: form.Line, Label: c.plain("label.name"), Required: true, Max: access.MaxName, Value: filled(cat.Name)},
		{ID: "description", Kind: form.Area, Label: c.plain("field.description"), Max: access.MaxDescription, Value: filled(cat.Description)},
	}
	for _, role := range catalogRoles() {
		f := c.subjectField(roleField(role), holding(cat, role), false)
		f.Label, f.Hint = c.plain("role."+string(role)), c.plain("hint.role."+string(role))
		fields = append(fields, f)
	}
	return append(fields, c.routingFields(cat.Routing, "hint.channels")...)
}

// roleField is the field for those who have a role in a catalog.
func roleField(role access.CatalogRole) string { return "role." + strings.ToLower(string(role)) }

func (c *call) catalogForm(t chat.Token, d *draft) (*sheet, error) {
	cat, err := c.catalogToEdit(t)
	if err != nil {
		return nil, err
	}
	title := "catalog.editTitle"
	if t.Arg == "" {
		title = "catalog.newTitle"
	}
	return &sheet{
		form:   form.Form{Title: c.plain(title), Submit: c.plain("form.next"), Fields: c.catalogFields(cat)},
		alias:  catalogField,
		search: c.searchCatalog,
		keeps:  true,
		submit: func(v form.Values) (chat.Reply, error) { return c.proposeCatalog(t, d, v, cat) },
	}, nil
}

// searchCatalog finds people and groups, or channels.
func (c *call) searchCatalog(field, query string) ([]form.Option, error) {
	if field == "channels" {
		return c.channelOptions(query), nil
	}
	return c.searchSubjects(field, query)
}

// catalogField is the form's field for a field of a refusal:
// "catalogs[0].routing.channels[1]" is asked as "channels".
func catalogField(field string) string {
	if _, rest, ok := strings.Cut(field, "]."); ok && strings.HasPrefix(field, "catalogs[") {
		field = rest
	}
	return routingField(field)
}

func (c *call) proposeCatalog(t chat.Token, d *draft, v form.Values, before access.Catalog) (chat.Reply, error) {
	if t.Stage != int(before.Revision) {
		return c.overtakenForm(t, d, v)
	}
	after := before
	after.Name, after.Description, after.Roles = one(v, "name"), one(v, "description"), nil
	for _, role := range catalogRoles() {
		list, e := c.readSubjects(v, roleField(role), holding(before, role))
		if e != nil {
			return nil, e
		}
		for _, who := range list {
			after.Roles = append(after.Roles, access.RoleHolder{Role: role, Who: who})
		}
	}
	var e *access.Error
	if after.Routing, e = c.readRouting(v, before.Routing); e != nil {
		return nil, e
	}
	if after.ID == "" {
		w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
		if err != nil {
			return nil, err
		}
		after.ID = access.CatalogID(slugOf(after.Name, "catalog", func(id string) bool {
			_, taken := w.Catalogs[access.CatalogID(id)]
			return taken
		}))
	}
	return c.proposeForm(t, runtime.Edit{
		Definitions: runtime.Definitions{Catalogs: []access.Catalog{after}},
		Bases:       []runtime.Base{{Key: runtime.CatalogKey(c.from.Tenant, after.ID), Revision: before.Revision}},
	})
}
