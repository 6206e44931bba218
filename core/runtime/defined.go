package runtime

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Indexes of what refers to a definition.
const (
	indexWithin = "within/" // + catalog: what is in it, as "<kind>/<id>"
	indexGiving = "giving/" // + resource: the packages that give a role of it
)

// AllCatalogs reads all catalogs and the settings, and nothing that is in them.
func (r *Runtime) AllCatalogs(ctx context.Context, t access.TenantID) (engine.World, error) {
	var n engine.Needs
	for batch, err := range r.batches(ctx, t, indexCatalogs, "", batchSize) {
		if err != nil {
			return engine.World{}, r.forPeople(err)
		}
		for _, id := range batch {
			n.Catalogs = append(n.Catalogs, access.CatalogID(id))
		}
	}
	return r.look(ctx, t, n)
}

// Resources reads resources with their catalogs, and the settings. What does
// not exist is missing.
func (r *Runtime) Resources(ctx context.Context, t access.TenantID, ids ...access.ResourceID) (engine.World, error) {
	return r.look(ctx, t, engine.Needs{Resources: ids})
}

// FindResources lists at most max resources that contain query in id or name
// ("" for all) and that keep says yes to, in the order of their ids.
func (r *Runtime) FindResources(ctx context.Context, t access.TenantID, query string, max int, keep func(engine.World, access.Resource) bool) ([]access.Resource, error) {
	var found []access.Resource
	for batch, err := range r.batches(ctx, t, indexResources, "", batchSize) {
		if err != nil {
			return nil, r.forPeople(err)
		}
		ids := make([]access.ResourceID, len(batch))
		for i, id := range batch {
			ids[i] = access.ResourceID(id)
		}
		w, err := r.Resources(ctx, t, ids...)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			res, ok := w.Resources[id]
			if !ok || !called(query, string(id), res.Name) || !keep(w, res) {
				continue
			}
			if found = append(found, res); len(found) == max {
				return found, nil
			}
		}
	}
	return found, nil
}

// Within lists the ids of all packages (KindPackage) or resources
// (KindResource) in a catalog, or in any (""), in their order. Nothing of them
// is read.
func (r *Runtime) Within(ctx context.Context, t access.TenantID, c access.CatalogID, kind Kind) ([]string, error) {
	if c == "" {
		return r.members(ctx, t, map[Kind]string{KindPackage: indexPackages, KindResource: indexResources}[kind], "")
	}
	return r.members(ctx, t, indexWithin+string(c), string(kind)+"/")
}

// Giving lists the packages that give a role of a resource.
func (r *Runtime) Giving(ctx context.Context, t access.TenantID, id access.ResourceID) ([]access.PackageID, error) {
	list, err := r.members(ctx, t, indexGiving+string(id), "")
	return idsOf(list), err
}

// members lists all members of an index that begin with prefix, without it.
func (r *Runtime) members(ctx context.Context, t access.TenantID, index, prefix string) ([]string, error) {
	var all []string
	for after := ""; ; {
		list, err := r.Store.List(ctx, Query{Tenant: t, Index: index, Prefix: prefix, After: after, Max: maxPage})
		if err != nil {
			return nil, r.forPeople(err)
		}
		for _, m := range list {
			all = append(all, strings.TrimPrefix(m, prefix))
		}
		if len(list) < maxPage {
			return all, nil
		}
		after = list[len(list)-1]
	}
}

// look reads definitions as of one revision of the settings.
func (r *Runtime) look(ctx context.Context, t access.TenantID, n engine.Needs) (engine.World, error) {
	recs, err := r.Store.Load(ctx, SettingsKey(t))
	if err != nil {
		return engine.World{}, r.forPeople(err)
	}
	w, _, err := r.world(ctx, recs[0], n)
	return w, r.forPeople(err)
}

// called reports whether something is meant by a part of its id or name.
func called(query, id, name string) bool {
	query = strings.ToLower(query)
	return strings.Contains(id, query) || strings.Contains(strings.ToLower(name), query)
}

// referred are the index entries of what a definition refers to.
func referred(v any) []IndexEntry {
	switch v := v.(type) {
	case access.Resource:
		return []IndexEntry{{Index: indexWithin + string(v.Catalog), Member: string(KindResource) + "/" + string(v.ID)}}
	case access.Package:
		entries := []IndexEntry{{Index: indexWithin + string(v.Catalog), Member: string(KindPackage) + "/" + string(v.ID)}}
		seen := map[access.ResourceID]bool{}
		for _, role := range v.Roles {
			if !seen[role.Resource] {
				seen[role.Resource] = true
				entries = append(entries, IndexEntry{Index: indexGiving + string(role.Resource), Member: string(v.ID)})
			}
		}
		return entries
	}
	return nil
}

// refer brings the indexes of references from one version of a definition to
// the next; nil for none.
func (c *Change) refer(before, after any) {
	old, now := map[IndexEntry]bool{}, map[IndexEntry]bool{}
	for _, e := range referred(before) {
		old[e] = true
	}
	for _, e := range referred(after) {
		now[e] = true
		if !old[e] {
			c.Index = append(c.Index, e)
		}
	}
	for _, e := range referred(before) {
		if !now[e] {
			e.Remove = true
			c.Index = append(c.Index, e)
		}
	}
}

// fits refuses to take a role away from a resource, or the resource to another
// catalog, while a package that stays as it is gives it.
func (a *applying) fits(ctx context.Context) error {
	var problems access.Problems
	for i, res := range a.d.Resources {
		before, ok := a.stored.Resources[res.ID]
		if !ok || before.Catalog == res.Catalog && len(lost(before, res)) == 0 {
			continue
		}
		at := fmt.Sprintf("resources[%d]", i)
		packages, err := a.giving(ctx, res.ID)
		if err != nil {
			return err
		}
		for _, p := range packages {
			problems = append(problems, unfit(p, before, res, at)...)
		}
	}
	return problems.Err()
}

// lost are the roles that a resource had and has no more.
func lost(before, after access.Resource) []access.ResourceRole {
	var out []access.ResourceRole
	for _, role := range before.Roles {
		if _, ok := after.Role(role.ID); !ok {
			out = append(out, role)
		}
	}
	return out
}

func unfit(p access.Package, before, after access.Resource, at string) access.Problems {
	var problems access.Problems
	if p.Catalog != after.Catalog {
		problems = append(problems, access.Refuse(access.Refused, "resourceGiven", "resource", after.Name, "by", p.Name).At(at+".catalog"))
	}
	for _, role := range lost(before, after) {
		if slices.Contains(p.Roles, access.RoleRef{Resource: after.ID, Role: role.ID}) {
			problems = append(problems, access.Refuse(access.Refused, "roleGiven", "role", role.Name, "by", p.Name).At(at+".roles"))
		}
	}
	return problems
}

// giving reads the packages that give a role of a resource and are not edited
// as well.
func (a *applying) giving(ctx context.Context, id access.ResourceID) ([]access.Package, error) {
	ids, err := a.r.Giving(ctx, a.t, id)
	if err != nil {
		return nil, err
	}
	var out []access.Package
	for batch := range slices.Chunk(ids, batchSize) {
		w, err := a.r.World(ctx, a.t, batch...)
		if err != nil {
			return nil, err
		}
		for _, id := range batch {
			edited := slices.ContainsFunc(a.d.Packages, func(p access.Package) bool { return p.ID == id })
			if p, ok := w.Packages[id]; ok && !edited {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// moved reports whether a definition is another than an edit was drawn from.
func (a *applying) moved(base Base) (bool, error) {
	if base.Settings == nil {
		return a.recs[base.Key].Revision != base.Revision, nil
	}
	alike, err := sameText(a.settings, *base.Settings)
	return !alike, err
}
