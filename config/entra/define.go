package entra

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// catalogOf finds the catalog of an id in Entra; General for one that nobody
// described.
func (b *builder) catalogOf(id string) access.CatalogID {
	if r, ok := b.records[keptID(catalogKind, id)]; ok && id != "" && r.As != "" {
		return access.CatalogID(r.As)
	}
	return access.General
}

func (b *builder) catalog(one item) {
	rec := b.begin(one, shape{})
	old := b.records[keptID(one.kind, one.ident)]
	id := access.CatalogID(cmp.Or(old.As, slug(one.text("displayName"), "catalog", func(s string) bool { return b.catalogs[access.CatalogID(s)] != nil })))
	c := b.catalogs[id]
	if c == nil {
		c = &access.Catalog{ID: id}
		b.catalogs[id] = c
	}
	if one.has("displayName") || c.Name == "" {
		c.Name = line(one.text("displayName"), "Catalog")
	}
	if one.has("description") {
		c.Description = clip(one.text("description"), access.MaxDescription)
	}
	rec.As = string(id)
	b.given["catalog "+rec.As] = one.node
	if state := one.text("state", "catalogStatus"); state != "" && !strings.EqualFold(state, "published") {
		b.report.note(one.node, "Usher's catalogs are all published: packages of this one can be asked for. Hide them if that is too early.")
	}
	b.settle(one, rec, func(*writer) tree { return writeCatalog(*c, *rec) })
}

func writeCatalog(c access.Catalog, r record) tree {
	return plain(tree{"id": cmp.Or(r.ID, string(c.ID)), "displayName": c.Name, "description": c.Description}).(tree)
}

// pack reads a package without its policies, which are items of their own.
func (b *builder) pack(one item) {
	rec := b.begin(one, shape{Beta: one.has("catalogId", "accessPackageResourceRoleScopes")})
	old := b.records[keptID(one.kind, one.ident)]
	p := b.packages[access.PackageID(old.As)]
	if p == nil {
		p = b.newPackage(line(one.text("displayName"), "Package"))
	}
	if one.has("displayName") {
		p.Name = line(one.text("displayName"), "Package")
	}
	if one.has("description") {
		p.Description = clip(one.text("description"), access.MaxDescription)
	}
	if one.has("isHidden") || old.Made {
		p.Hidden = one.flag("isHidden")
	}
	if id := cmp.Or(refOf(one.node), one.owner); id != "" {
		p.Catalog = b.catalogOf(id)
	}
	rec.As = string(p.ID)
	b.given["package "+rec.As] = one.node
	if len(one.list("incompatibleGroups")) > 0 {
		b.report.note(one.node, "Usher does not hold groups against people: who is in one of the incompatible groups can ask.")
	}
	if one.has("resourceRoleScopes", "accessPackageResourceRoleScopes") {
		p.Roles = nil
		for _, s := range one.list("resourceRoleScopes", "accessPackageResourceRoleScopes") {
			b.give(p, s)
		}
	}
	b.later = append(b.later, func() { b.incompatible(one, p) })
	b.settle(one, rec, func(w *writer) tree { return w.pack(*p, *rec, b.resourcesOf(p)) })
}

func (b *builder) newPackage(name string) *access.Package {
	id := access.PackageID(slug(name, "package", func(s string) bool { return b.packages[access.PackageID(s)] != nil }))
	p := &access.Package{ID: id, Name: name, Catalog: access.General}
	b.packages[id] = p
	return p
}

func (b *builder) incompatible(one item, p *access.Package) {
	if one.has("incompatibleAccessPackages") {
		p.Incompatible = nil
	}
	for _, other := range one.list("incompatibleAccessPackages") {
		if r, ok := b.records[keptID(packageKind, other.text("id"))]; ok && r.As != "" {
			exclude(p, access.PackageID(r.As))
		} else {
			b.report.note(other, "This package is not among the files: that it is incompatible is kept, and not held against anybody.")
		}
	}
	for _, other := range one.list("accessPackagesIncompatibleWith") {
		if r, ok := b.records[keptID(packageKind, other.text("id"))]; ok && b.packages[access.PackageID(r.As)] != nil {
			exclude(b.packages[access.PackageID(r.As)], p.ID)
		}
	}
}

func exclude(p *access.Package, other access.PackageID) {
	if other != p.ID && !slices.Contains(p.Incompatible, other) {
		p.Incompatible = append(p.Incompatible, other)
	}
}

// packageOf finds the package of an id in Entra, or makes a hidden one if
// nobody described it.
func (b *builder) packageOf(one item, id string) *access.Package {
	key := keptID(packageKind, id)
	if r, ok := b.records[key]; ok && b.packages[access.PackageID(r.As)] != nil {
		return b.packages[access.PackageID(r.As)]
	}
	p := b.newPackage(line("Entra package "+id[:min(len(id), 8)], "Package"))
	p.Hidden = true
	b.touched[key] = true
	b.records[key] = record{Kind: packageKind, ID: id, As: string(p.ID), Made: true}
	b.report.note(one.node, "Its package "+id+" is not among the files: a hidden package "+string(p.ID)+" stands in for it.")
	return p
}

// policy reads an assignment policy into its package.
func (b *builder) policy(one item) {
	id := cmp.Or(refOf(one.node), one.owner)
	if id == "" {
		b.whole(one, "This policy names no package: it is kept, and nobody can ask through it.")
		return
	}
	pack := b.packageOf(one, id)
	rec := b.begin(one, shapeOf(one.node))
	policy := reading{b.m, &b.report, rec}.policy(one.node)
	old := b.records[keptID(one.kind, one.ident)]
	i := slices.IndexFunc(pack.Policies, func(p access.Policy) bool { return string(p.ID) == old.Policy && old.As == string(pack.ID) })
	if i >= 0 {
		policy.ID, policy.Choosable = pack.Policies[i].ID, pack.Policies[i].Choosable
		pack.Policies[i] = policy
	} else {
		policy.ID = access.PolicyID(slug(policy.Name, "policy", func(s string) bool { _, there := pack.Policy(access.PolicyID(s)); return there }))
		pack.Policies = append(pack.Policies, policy)
	}
	rec.As, rec.Policy = string(pack.ID), string(policy.ID)
	b.given["policy "+rec.As+"/"+rec.Policy] = one.node
	b.settle(one, rec, func(w *writer) tree { return w.policy(*pack, policy, *rec) })
}

// standIns gives each package that gives nothing a role that people hand out,
// since in Usher every package gives something, and takes it away once there is
// another.
func (b *builder) standIns() {
	for _, id := range slices.Sorted(maps.Keys(b.packages)) {
		p := b.packages[id]
		key := keptID(resourceKind, "by hand "+string(id))
		stand := access.ResourceID(b.records[key].As)
		if len(p.Roles) > 1 && stand != "" {
			p.Roles = slices.DeleteFunc(slices.Clone(p.Roles), func(r access.RoleRef) bool { return r.Resource == stand })
		}
		if len(p.Roles) > 0 && p.Roles[0].Resource != stand {
			continue
		}
		if stand == "" {
			stand = access.ResourceID(slug(clip(string(id), 30)+" by hand", "by-hand", func(s string) bool { return b.resources[access.ResourceID(s)] != nil }))
		}
		b.resources[stand] = &access.Resource{
			ID: stand, Catalog: p.Catalog, Name: clip("By hand: "+p.Name, access.MaxName), Connector: access.ManualConnector, Target: string(id),
			Roles: []access.ResourceRole{{ID: "access", Name: "Access", Can: access.Say("What " + p.Name + " gives")}},
			Hands: []access.Subject{{Kind: access.SubjectTenantAdmins}},
		}
		p.Roles = []access.RoleRef{{Resource: stand, Role: "access"}}
		b.touched[key] = true
		b.records[key] = record{Kind: resourceKind, As: string(stand), Made: true}
		b.report.note(b.given["package "+string(id)], "The files do not say what "+p.Name+" gives: the tenant's admins get a task for it.")
	}
}
