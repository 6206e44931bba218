package desk

import (
	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// actField is a choice among the packages of the catalogs that the person has
// one of the roles in. Who has none is refused, and so is who may not act on
// the package that the form was asked for with.
func (c *call) actField(t chat.Token, d *draft, roles ...access.CatalogRole) (form.Field, error) {
	if err := c.acts(roles...); err != nil {
		return form.Field{}, err
	}
	if t.Arg != "" {
		if err := c.actsOn(access.PackageID(t.Arg), roles...); err != nil {
			return form.Field{}, err
		}
	}
	presetPackage(t, d)
	options, err := c.actable("", maxListed, roles)
	if err == nil && len(options) == 0 {
		err = access.Refuse(access.NotFound, "noPackages")
	}
	return c.chooseAmong(options, d, func(w engine.World, p access.Package) bool {
		return engine.HasRole(w, p.Catalog, c.actor, roles...)
	}), err
}

// actSearch finds the packages that an actField offers.
func (c *call) actSearch(roles ...access.CatalogRole) func(field, query string) ([]form.Option, error) {
	return func(field, query string) ([]form.Option, error) {
		if field != "package" {
			return nil, nil
		}
		return c.actable(query, maxOffered, roles)
	}
}

func (c *call) actable(query string, limit int, roles []access.CatalogRole) ([]form.Option, error) {
	w, ids, err := c.listedWhere(query, limit, func(w engine.World, p access.Package) bool {
		return engine.HasRole(w, p.Catalog, c.actor, roles...)
	})
	var out []form.Option
	for _, id := range ids {
		p := w.Packages[id]
		out = append(out, form.Option{Value: string(id), Label: p.Name, Hint: c.packageHint(p)})
	}
	return toldApart(out, ofPackages(w)), err
}
