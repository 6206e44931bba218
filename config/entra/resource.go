package entra

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// resource reads something that access is given to. What the map does not
// place is handed out by the tenant's admins.
func (b *builder) resource(one item) {
	rec := b.begin(one, shape{})
	res := b.resourceOf(one.node, one.ident, one.owner)
	rec.As, rec.Origin = string(res.ID), one.text("originId")
	for _, role := range one.list("roles", "accessPackageResourceRoles") {
		b.role(res, role)
	}
	b.given["resource "+rec.As] = one.node
	key := keptID(one.kind, one.ident)
	if other, there := b.described[res.ID]; there && other != key {
		b.again(one, rec)
		return
	}
	b.described[res.ID] = key
	b.settle(one, rec, func(*writer) tree { return writeResource(*res, *rec) })
}

// again keeps another object of a resource that one object described already,
// such as its entry in another catalog.
func (b *builder) again(one item, rec *record) {
	if !one.within {
		b.report.keep(one.node, "the whole "+string(one.kind))
		rec.Whole = encode(one.tree)
	} else {
		rec.Made = true
	}
	id := keptID(one.kind, one.ident)
	b.touched[id] = true
	b.records[id] = *rec
}

// resourceOf finds or makes the resource of an id or originId.
func (b *builder) resourceOf(n node, ident, catalog string) *access.Resource {
	origin := n.text("originId")
	id := access.ResourceID(b.records[keptID(resourceKind, ident)].As)
	if id == "" && origin != "" {
		id = b.origins[strings.ToLower(origin)]
	}
	res := b.resources[id]
	if res == nil {
		res = b.newResource(cmp.Or(n.text("displayName"), origin, ident), cmp.Or(origin, ident))
	}
	if n.has("displayName") {
		res.Name = line(n.text("displayName"), res.Name)
	}
	if n.has("description") {
		res.Description = clip(n.text("description"), access.MaxDescription)
	}
	if in := cmp.Or(refOf(n), catalog); in != "" {
		res.Catalog, b.placed[res.ID] = b.catalogOf(in), true
	}
	if origin != "" {
		b.origins[strings.ToLower(origin)] = res.ID
	}
	b.put(res, n.text("id"), origin, ident)
	return res
}

// put makes a resource be given the way that the map says.
func (b *builder) put(res *access.Resource, names ...string) {
	for _, name := range names {
		if place, ok := b.m.Resources[strings.ToLower(name)]; ok && name != "" {
			b.places[res.ID] = place
			res.Connector, res.Target = place.Connector, place.Target
			if res.Connector != access.ManualConnector {
				res.Hands = nil
			}
			return
		}
	}
}

// newResource makes a resource that the tenant's admins hand out.
func (b *builder) newResource(name, target string) *access.Resource {
	id := access.ResourceID(slug(name, "resource", func(s string) bool { return b.resources[access.ResourceID(s)] != nil }))
	res := &access.Resource{
		ID: id, Catalog: access.General, Name: line(name, "Resource"), Connector: access.ManualConnector,
		Target: clip(strings.Join(strings.Fields(target), " "), access.MaxTarget),
		Hands:  []access.Subject{{Kind: access.SubjectTenantAdmins}},
	}
	b.resources[id] = res
	return res
}

// role finds or adds a role of a resource.
func (b *builder) role(res *access.Resource, n node) access.RoleRef {
	name := line(n.text("displayName"), "Member")
	place := b.places[res.ID]
	id := cmp.Or(place.Roles[n.text("originId")], place.Roles[n.text("displayName")])
	i := slices.IndexFunc(res.Roles, func(r access.ResourceRole) bool { return r.Name == name || id != "" && r.ID == id })
	if i < 0 {
		if id == "" {
			id = slug(name, "member", func(s string) bool { _, there := res.Role(s); return there })
		}
		can := cmp.Or(clip(n.text("description"), access.MaxDescription), name+" of "+res.Name)
		res.Roles = append(res.Roles, access.ResourceRole{ID: id, Name: name, Can: access.Say(can)})
		i = len(res.Roles) - 1
	}
	return access.RoleRef{Resource: res.ID, Role: res.Roles[i].ID}
}

// give adds a resource role scope to a package.
func (b *builder) give(p *access.Package, n node) {
	role, _ := n.node("role", "accessPackageResourceRole")
	scope, _ := n.node("scope", "accessPackageResourceScope")
	of, _ := role.node("resource", "accessPackageResource")
	if !of.has("originId") && scope.text("originId") != "" {
		of.tree["originId"] = scope.text("originId")
		defer delete(of.tree, "originId")
	}
	if scope.has("isRootScope") && !scope.flag("isRootScope") {
		of = scope // a part of the resource is a resource of its own
	}
	ident := cmp.Or(of.text("id"), of.text("originId"), role.text("originId"))
	if ident == "" {
		b.report.note(n, "This role names no resource: it is kept, and the package does not give it.")
		return
	}
	res := b.resourceOf(of, ident, "")
	if !b.placed[res.ID] {
		res.Catalog, b.placed[res.ID] = p.Catalog, true
	}
	key := keptID(resourceKind, ident)
	if _, there := b.records[key]; !there {
		b.touched[key] = true
		b.records[key] = record{Kind: resourceKind, ID: of.text("id"), Origin: of.text("originId"), As: string(res.ID), Made: true}
	}
	if _, there := b.given["resource "+string(res.ID)]; !there {
		b.given["resource "+string(res.ID)] = n
	}
	res = b.neighbour(res, p.Catalog)
	if ref := b.role(res, role); !slices.Contains(p.Roles, ref) {
		p.Roles = append(p.Roles, ref)
	}
}

// neighbour is the same resource in another catalog: in Entra each catalog has
// its own entry of it, and in Usher a resource is in one catalog.
func (b *builder) neighbour(res *access.Resource, in access.CatalogID) *access.Resource {
	if res.Catalog == in {
		return res
	}
	for _, id := range slices.Sorted(maps.Keys(b.resources)) {
		if r := b.resources[id]; r.Catalog == in && r.Connector == res.Connector && r.Target == res.Target {
			return r
		}
	}
	twin := *res
	twin.ID = access.ResourceID(slug(string(res.ID), "resource", func(s string) bool { return b.resources[access.ResourceID(s)] != nil }))
	twin.Catalog, twin.Roles = in, slices.Clone(res.Roles)
	b.resources[twin.ID], b.placed[twin.ID], b.places[twin.ID] = &twin, true, b.places[res.ID]
	return &twin
}

// loneScope reads a resource role scope that stands by itself: its package is
// in the context of the answer, or nobody knows it.
func (b *builder) loneScope(one item) {
	_, described := one.node.node("role", "accessPackageResourceRole")
	r, known := b.records[keptID(packageKind, one.owner)]
	if !described || !known || one.owner == "" || b.packages[access.PackageID(r.As)] == nil {
		b.whole(one, "Nothing says which package gives this role: it is kept.")
		return
	}
	p := b.packages[access.PackageID(r.As)]
	p.Roles = slices.Clone(p.Roles)
	b.give(p, one.node)
	b.whole(one, "")
}

func writeResource(res access.Resource, r record) tree {
	m := tree{"id": cmp.Or(r.ID, string(res.ID)), "displayName": res.Name, "description": res.Description}
	if res.Connector == access.ManualConnector {
		m["originId"] = res.Target
	}
	roles := []any{}
	for _, role := range res.Roles {
		roles = append(roles, tree{"displayName": role.Name, "description": role.Can.Text})
	}
	m["roles"] = roles
	return plain(m).(tree)
}

// resourcesOf are the resources that a package gives roles of.
func (b *builder) resourcesOf(p *access.Package) map[access.ResourceID]access.Resource {
	all := map[access.ResourceID]access.Resource{}
	for _, ref := range p.Roles {
		if res := b.resources[ref.Resource]; res != nil {
			all[ref.Resource] = *res
		}
	}
	return all
}

// pack writes a package in the shape of its record.
func (w *writer) pack(p access.Package, r record, resources map[access.ResourceID]access.Resource) tree {
	scopes := []any{}
	for _, ref := range p.Roles {
		res := resources[ref.Resource]
		role, _ := res.Role(ref.Role)
		of := tree{"displayName": res.Name, "description": res.Description}
		if res.Connector == access.ManualConnector {
			of["originId"] = res.Target
		}
		scopes = append(scopes, betaScopeNames(tree{"role": tree{"displayName": role.Name, "resource": of}}, r.Shape.Beta))
	}
	others := []any{}
	for _, other := range p.Incompatible {
		others = append(others, tree{"id": cmp.Or(w.packages[other], string(other))})
	}
	m := tree{
		"id": cmp.Or(r.ID, string(p.ID)), "displayName": p.Name, "description": p.Description, "isHidden": p.Hidden,
		"incompatibleAccessPackages": others,
	}
	catalog := cmp.Or(w.catalogs[p.Catalog], string(p.Catalog))
	if r.Shape.Beta {
		m["catalogId"], m["accessPackageResourceRoleScopes"] = catalog, scopes
	} else {
		m["catalog"], m["resourceRoleScopes"] = tree{"id": catalog}, scopes
	}
	if p.Terms != nil {
		w.lost("terms")
	}
	return plain(m).(tree)
}

// betaScopeNames gives a resource role scope beta's names.
func betaScopeNames(m tree, beta bool) tree {
	if !beta {
		return m
	}
	role := m["role"].(tree)
	role["accessPackageResource"] = role["resource"]
	delete(role, "resource")
	return tree{"accessPackageResourceRole": role}
}
