package access

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// ManualConnector is the connector whose resources are given by people: such a
// resource needs Hands.
const ManualConnector = "manual"

// Largest numbers of things in one thing.
const (
	MaxRoles     = 100 // of a package, of a resource, of a catalog
	MaxPolicies  = 20
	MaxQuestions = 20
	MaxSubjects  = 50 // in one list of people
)

// Lookup finds definitions that others refer to: the whole store, or Known.
type Lookup interface {
	Catalog(CatalogID) (Catalog, bool)
	Resource(ResourceID) (Resource, bool)
	Package(PackageID) (Package, bool)
}

// Known is a Lookup of maps.
type Known struct {
	Catalogs  map[CatalogID]Catalog
	Resources map[ResourceID]Resource
	Packages  map[PackageID]Package
}

// Catalog finds a catalog.
func (k Known) Catalog(id CatalogID) (Catalog, bool) { c, ok := k.Catalogs[id]; return c, ok }

// Resource finds a resource.
func (k Known) Resource(id ResourceID) (Resource, bool) { r, ok := k.Resources[id]; return r, ok }

// Package finds a package.
func (k Known) Package(id PackageID) (Package, bool) { p, ok := k.Packages[id]; return p, ok }

// Set is a set of definitions that come together, as from a file. It has the
// fields of core/runtime's Definitions, so that one converts to the other.
type Set struct {
	Settings  *Settings
	Catalogs  []Catalog
	Resources []Resource
	Packages  []Package
	Kept      []Kept
}

// Kept is what another system says of something and Usher does not act on: it
// is stored beside the definitions and given back on export. The ID is whoever
// imports it to choose, Data is JSON.
type Kept struct {
	ID   string
	Data json.RawMessage
}

// Validate checks each definition, that ids are unique in the set, and that
// everything that is referred to is in the set or in stored. With a nil stored
// references that lead out of the set are taken on trust. stageLimit counts
// unless the set brings settings; 0 is DefaultStageLimit. Fields begin with
// "settings", "catalogs[0]", "resources[0]" or "packages[0]".
func (s Set) Validate(stored Lookup, stageLimit int) Problems {
	c := newCheck()
	known := s.over(stored)
	if s.Settings != nil {
		c.in("settings").take(s.Settings.Validate())
		stageLimit = s.Settings.StageLimit
	}
	seen := map[string]bool{}
	for i, catalog := range s.Catalogs {
		at := c.in("catalogs").nth(i)
		at.unique(seen, "catalog ", string(catalog.ID))
		at.take(catalog.Validate())
	}
	for i, resource := range s.Resources {
		at := c.in("resources").nth(i)
		at.unique(seen, "resource ", string(resource.ID))
		at.take(resource.Validate(known))
	}
	for i, pack := range s.Packages {
		at := c.in("packages").nth(i)
		at.unique(seen, "package ", string(pack.ID))
		at.take(pack.Validate(known, stageLimit))
	}
	return c.done()
}

func (s Set) over(stored Lookup) Lookup {
	k := Known{map[CatalogID]Catalog{}, map[ResourceID]Resource{}, map[PackageID]Package{}}
	for _, c := range s.Catalogs {
		k.Catalogs[c.ID] = c
	}
	for _, r := range s.Resources {
		k.Resources[r.ID] = r
	}
	for _, p := range s.Packages {
		k.Packages[p.ID] = p
	}
	return layered{k, stored}
}

// layered looks into the set first, then into what is stored.
type layered struct {
	set    Known
	stored Lookup // nil: whatever is asked for is taken to be there
}

func (l layered) Catalog(id CatalogID) (Catalog, bool) {
	if c, ok := l.set.Catalog(id); ok || l.stored == nil {
		return c, true
	}
	return l.stored.Catalog(id)
}

// Resource answers with a Resource without ID for one that is taken on trust.
func (l layered) Resource(id ResourceID) (Resource, bool) {
	if r, ok := l.set.Resource(id); ok || l.stored == nil {
		return r, true
	}
	return l.stored.Resource(id)
}

func (l layered) Package(id PackageID) (Package, bool) {
	if p, ok := l.set.Package(id); ok || l.stored == nil {
		return p, true
	}
	return l.stored.Package(id)
}

// Validate checks the settings of a tenant.
func (s Settings) Validate() Problems {
	c := newCheck()
	c.in("name").name(s.Name)
	if len(s.Admins) == 0 {
		c.in("admins").add("noAdmins")
	}
	c.in("admins").named(s.Admins)
	c.in("auditors").named(s.Auditors)
	c.in("locale").locale(s.Locale)
	c.in("zone").zone(s.Zone)
	if s.StageLimit < 0 || s.StageLimit > 100 {
		c.in("stageLimit").add("tooMany", "max", 100)
	}
	c.in("routing").take(s.Routing.Validate())
	return c.done()
}

// Validate checks a catalog by itself.
func (g Catalog) Validate() Problems {
	c := newCheck()
	c.in("id").slug(string(g.ID), MaxSlug)
	c.in("name").name(g.Name)
	c.in("description").text(g.Description, MaxDescription)
	atMost(c.in("roles"), g.Roles, MaxRoles)
	seen := map[string]bool{}
	for i, holder := range g.Roles {
		at := c.in("roles").nth(i)
		switch holder.Role {
		case CatalogOwner, CatalogReader, PackageManager, AssignmentManager:
		default:
			at.in("role").add("unknownKind", "value", clip(string(holder.Role)))
		}
		at.in("who").subject(holder.Who, true)
		at.unique(seen, string(holder.Role)+" ", holder.Who.String())
	}
	c.in("routing").take(g.Routing.Validate())
	return c.done()
}

// Validate checks a resource; its catalog must be known. General always is.
func (r Resource) Validate(known Lookup) Problems {
	c := newCheck()
	c.in("id").slug(string(r.ID), MaxSlug)
	c.in("catalog").catalog(r.Catalog, known)
	c.in("name").name(r.Name)
	c.in("description").text(r.Description, MaxDescription)
	c.in("connector").slug(r.Connector, MaxSlug)
	c.in("target").line(r.Target, MaxTarget)
	if len(r.Roles) == 0 {
		c.in("roles").add("noRoles")
	}
	atMost(c.in("roles"), r.Roles, MaxRoles)
	seen := map[string]bool{}
	for i, role := range r.Roles {
		at := c.in("roles").nth(i)
		at.in("id").slug(role.ID, MaxSlug)
		at.in("id").unique(seen, "", role.ID)
		at.in("name").name(role.Name)
		at.in("can").words(role.Can, MaxDescription)
	}
	if r.Connector == ManualConnector && len(r.Hands) == 0 {
		c.in("hands").add("noHands")
	}
	c.in("hands").subjects(r.Hands)
	return c.done()
}

// Validate checks what a chat's directory says of a person.
func (p Profile) Validate() Problems {
	c := newCheck()
	c.in("person").account(string(p.Person))
	c.in("account").account(string(p.Account))
	c.in("name").name(p.Name)
	switch p.Standing {
	case Member, Guest, External, Limited, Bot, Gone:
	default:
		c.in("standing").add("unknownKind", "value", clip(string(p.Standing)))
	}
	c.in("locale").locale(p.Locale)
	c.in("zone").zone(p.Zone)
	c.in("email").text(p.Email, 254)
	if p.Manager != "" {
		c.in("manager").account(string(p.Manager))
	}
	for i, g := range p.Groups {
		c.in("groups").nth(i).account(string(g))
	}
	return c.done()
}

func (c check) catalog(id CatalogID, known Lookup) {
	if id == "" {
		c.add("required")
		return
	}
	if _, ok := known.Catalog(id); !ok && id != General {
		c.missing("unknownCatalog", "value", clip(string(id)))
	}
}

// Validate checks one entry of a list of people.
func (s Subject) Validate() Problems {
	c := newCheck()
	c.subject(s, false)
	return c.done()
}

// subject checks one entry of a list of people; with named, only people and
// groups will do.
func (c check) subject(s Subject, named bool) {
	switch s.Kind {
	case SubjectPerson:
		c.in("person").account(string(s.Person))
	case SubjectGroup:
		c.in("group").account(string(s.Group))
	case SubjectManager, SubjectPackageOwner, SubjectCatalogOwners, SubjectTenantAdmins:
		if named {
			c.add("namedOnly")
		}
	default:
		c.in("kind").add("unknownKind", "value", clip(string(s.Kind)))
	}
}

func (c check) subjects(list []Subject) { c.people(list, false) }
func (c check) named(list []Subject)    { c.people(list, true) }

func (c check) people(list []Subject, named bool) {
	atMost(c, list, MaxSubjects)
	seen := map[string]bool{}
	for i, s := range list {
		c.nth(i).subject(s, named)
		c.nth(i).unique(seen, "", s.String())
	}
}

// unique complains about the second of its name in a namespace.
func (c check) unique(seen map[string]bool, namespace, id string) {
	if id == "" {
		return
	}
	if seen[namespace+id] {
		c.add("duplicate", "value", clip(id))
	}
	seen[namespace+id] = true
}

func atMost[T any](c check, list []T, limit int) {
	if len(list) > limit {
		c.add("tooMany", "max", limit)
	}
}

func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
