package desk

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// newForm asks for the name of a new package, its catalog where there are
// several, and one to copy from.
func (c *call) newForm(d *draft) (*sheet, error) {
	catalogs, err := c.myCatalogs()
	if err != nil {
		return nil, err
	}
	fields := c.nameFields(access.Package{})
	if len(catalogs) > 1 {
		f := form.Field{ID: "catalog", Kind: form.One, Label: c.plain("field.catalog"), Required: true, Value: []string{string(catalogs[0].ID)}}
		for _, g := range catalogs {
			f.Options = append(f.Options, form.Option{Value: string(g.ID), Label: g.Name, Hint: cut(oneLine(g.Description), 100)})
		}
		fields = append(fields, f)
	}
	options, err := c.packageOptions("", maxListed, true)
	if err != nil {
		return nil, err
	}
	if len(options) > 0 {
		f := c.chooseField(options, &draft{Values: form.Values{"package": d.Values["copy"]}})
		f.ID, f.Required, f.Label, f.Hint = "copy", false, c.plain("field.copy"), c.plain("hint.copy")
		fields = append(fields, f)
	}
	intro := c.text("step.new")
	if from := access.PackageID(one(d.Values, "copy")); from != "" {
		if _, p, err := c.lookedAfter(from); err == nil {
			intro = c.text("step.copy", "package", strong(p.Name))
		}
	}
	return &sheet{
		form:   form.Form{Title: c.plain("step.title.new"), Submit: c.plain("step.submit.next"), Fields: fields},
		intro:  intro,
		search: func(_, query string) ([]form.Option, error) { return c.packageOptions(query, maxOffered, true) },
		submit: func(v form.Values) (chat.Reply, error) { return c.begun(v, catalogs) },
	}, nil
}

// begun begins with a new package, or goes on with one of that name that was
// begun just now.
func (c *call) begun(v form.Values, catalogs []access.Catalog) (chat.Reply, error) {
	p, err := c.basis(one(v, "copy"))
	if err != nil {
		return nil, err
	}
	p.Name, p.Description = one(v, "name"), first(one(v, "description"), p.Description)
	from := p.Catalog
	p.Catalog = catalogs[0].ID
	if chosen := one(v, "catalog"); chosen != "" {
		p.Catalog = access.CatalogID(chosen)
	}
	if from != "" && from != p.Catalog {
		p.Roles = nil // what it gives is in another catalog
	}
	begun, err := c.works()
	if err != nil {
		return nil, err
	}
	copied := one(v, "copy") != ""
	for _, w := range begun {
		if w.fresh() && (w.Step == stepGives || copied && w.Step == stepReady) && w.Package.Name == p.Name && w.Package.Catalog == p.Catalog {
			return c.goOn(w)
		}
	}
	if p.ID, err = c.freePackage(p.Name); err != nil {
		return nil, err
	}
	w := work{Package: p, Step: stepName}
	if err := c.mayWork(w, access.Package{}, false); err != nil {
		return nil, err
	}
	if copied {
		w.Step = stepReady // all is known of it
	}
	if copied && len(w.Package.Roles) == 0 {
		if err := c.keepWork(w); err != nil {
			return nil, err
		}
		return c.open(c.stepToken(p.ID, stepGives, 0), nil)
	}
	return step{call: c, n: stepName}.done(w)
}

// basis is what a new package begins with: what another one says, or members
// who ask, the one who makes it who decides, and thirty days.
func (c *call) basis(from string) (access.Package, error) {
	if from == "" {
		return access.Package{Policies: []access.Policy{c.firstPolicy()}}, nil
	}
	_, p, err := c.chosenPackage(from)
	if e, ok := access.AsError(err); ok {
		return p, e.At("copy")
	}
	if err == nil {
		p, err = duplicate(p)
	}
	for i := range p.Policies {
		policy := &p.Policies[i]
		policy.Version, policy.EditedBy, policy.EditedAt = 0, "", time.Time{}
	}
	if p.Terms != nil {
		p.Terms.Version = 0
	}
	return access.Package{
		Catalog: p.Catalog, Description: p.Description, Roles: p.Roles, Policies: p.Policies, Incompatible: p.Incompatible, Terms: p.Terms, Routing: p.Routing,
	}, err
}

func (c *call) firstPolicy() access.Policy {
	return access.Policy{
		ID: "standard", Name: c.plain("says.standard"), Requestors: access.Scope{Members: true},
		Stages:    []access.Stage{{Approvers: []access.Subject{access.SomePerson(c.actor.Person)}}},
		Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 30 * 24 * time.Hour},
	}
}

// freePackage is an id for a package of that name that no package has, nor one
// that the account has under construction.
func (c *call) freePackage(name string) (access.PackageID, error) {
	var broken error
	id := slugOf(name, "package", func(id string) bool {
		w, err := c.core.World(c.ctx, c.from.Tenant, access.PackageID(id))
		_, there := w.Packages[access.PackageID(id)]
		_, begun, lost := c.loadWork(access.PackageID(id))
		broken = errors.Join(broken, err, lost)
		return broken == nil && (there || begun)
	})
	return access.PackageID(id), broken
}

// myCatalogs are those in which the person may make packages, General first.
func (c *call) myCatalogs() ([]access.Catalog, error) {
	w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	if err != nil {
		return nil, err
	}
	var out []access.Catalog
	for _, id := range slices.Sorted(maps.Keys(w.Catalogs)) {
		if g := w.Catalogs[id]; engine.HasRole(w, id, c.actor, access.PackageManager) && !g.Deleting {
			out = append(out, g)
		}
	}
	if len(out) == 0 {
		return nil, access.Refuse(access.Forbidden, "noCatalog")
	}
	slices.SortStableFunc(out, func(a, b access.Catalog) int { return rank(a) - rank(b) })
	return out, nil
}

func rank(g access.Catalog) int {
	if g.ID == access.General {
		return 0
	}
	return 1
}
