package access

// Validate checks a package with its policies. Its catalog, resource roles and
// incompatible packages must be known; resources must be in its catalog.
// stageLimit is Settings.StageLimit; 0 is DefaultStageLimit.
func (p Package) Validate(known Lookup, stageLimit int) Problems {
	c := newCheck()
	c.in("id").slug(string(p.ID), MaxSlug)
	c.in("catalog").catalog(p.Catalog, known)
	c.in("name").name(p.Name)
	c.in("description").text(p.Description, MaxDescription)
	c.in("roles").packageRoles(p, known)
	c.in("incompatible").incompatible(p, known)
	if p.Terms != nil {
		c.in("terms").take(p.Terms.Validate())
	}
	c.in("routing").take(p.Routing.Validate())
	atMost(c.in("policies"), p.Policies, MaxPolicies)
	seen := map[string]bool{}
	for i, policy := range p.Policies {
		at := c.in("policies").nth(i)
		at.in("id").unique(seen, "", string(policy.ID))
		at.take(policy.Validate(stageLimit))
	}
	return c.done()
}

// Validate checks one version of the terms. Version 0 is one that is not
// numbered yet.
func (t Terms) Validate() Problems {
	c := newCheck()
	if t.Version < 0 {
		c.in("version").add("badVersion")
	}
	c.in("text").words(t.Text, MaxTerms)
	return c.done()
}

func (c check) packageRoles(p Package, known Lookup) {
	if len(p.Roles) == 0 {
		c.add("noRoles")
	}
	atMost(c, p.Roles, MaxRoles)
	seen := map[string]bool{}
	for i, ref := range p.Roles {
		at := c.nth(i)
		at.unique(seen, "", ref.String())
		resource, ok := known.Resource(ref.Resource)
		switch {
		case !ok:
			at.missing("unknownResource", "value", clip(string(ref.Resource)))
			continue
		case resource.ID == "": // on trust
			at.slug(string(ref.Resource), MaxSlug)
			at.slug(ref.Role, MaxSlug)
			continue
		case resource.Catalog != p.Catalog:
			at.add("resourceElsewhere", "resource", string(ref.Resource), "catalog", clip(string(resource.Catalog)))
		}
		if _, ok := resource.Role(ref.Role); !ok {
			at.missing("unknownRole", "role", clip(ref.Role), "resource", string(ref.Resource))
		}
	}
}

func (c check) incompatible(p Package, known Lookup) {
	seen := map[string]bool{}
	for i, id := range p.Incompatible {
		at := c.nth(i)
		at.unique(seen, "", string(id))
		if id == p.ID {
			at.add("selfIncompatible")
			continue
		}
		if _, ok := known.Package(id); !ok {
			at.missing("unknownPackage", "value", clip(string(id)))
		}
	}
}
