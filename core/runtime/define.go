package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
)

// pack puts a package into the change, with versions for its policies and
// terms, and makes its holders follow if what it contains is another.
func (a *applying) pack(ctx context.Context, p access.Package) error {
	old, there := a.stored.Packages[p.ID]
	p = tidy(p)
	if err := a.policies(ctx, old, &p); err != nil {
		return err
	}
	if err := a.terms(ctx, old, &p); err != nil {
		return err
	}
	p.CreatedBy, p.CreatedAt = old.CreatedBy, old.CreatedAt
	p.EditedBy, p.EditedAt, p.Revision = old.EditedBy, old.EditedAt, old.Revision
	old = tidy(old)
	alike, err := sameText(old, p)
	switch {
	case err != nil:
		return fmt.Errorf("encode package %s: %w", p.ID, err)
	case !there:
		p.CreatedBy, p.CreatedAt = a.meta.Actor.Person, a.meta.At
	case !alike:
		p.EditedBy, p.EditedAt = a.meta.Actor.Person, a.meta.At
	}
	written, err := a.put(PackageKey(a.t, p.ID), indexPackages, old, p)
	if err != nil || !written || !there || sameContents(old, p) {
		return err
	}
	return a.startWalk(p.ID)
}

// tidy brings a package into the form that its stored form is read back in.
func tidy(p access.Package) access.Package {
	p.Roles = orNil(p.Roles)
	p.Incompatible = orNil(p.Incompatible)
	p.Routing.Channels = orNil(p.Routing.Channels)
	p.Policies = orNil(slices.Clone(p.Policies))
	for i := range p.Policies {
		on := &p.Policies[i].Lifecycle.On
		if !on.IsZero() {
			*on = on.UTC()
		}
	}
	return p
}

// byRole puts a catalog's roles into the order in which files list them: it
// means nothing.
func byRole(c access.Catalog) access.Catalog {
	order := []access.CatalogRole{access.CatalogOwner, access.CatalogReader, access.PackageManager, access.AssignmentManager}
	c.Roles = slices.Clone(c.Roles)
	slices.SortStableFunc(c.Roles, func(a, b access.RoleHolder) int {
		return slices.Index(order, a.Role) - slices.Index(order, b.Role)
	})
	return c
}

func orNil[V any](list []V) []V {
	if len(list) == 0 {
		return nil
	}
	return list
}

// sameContents reports whether holders have nothing to follow, and cards
// nothing to show anew.
func sameContents(a, b access.Package) bool {
	return a.Name == b.Name && a.Description == b.Description && a.Catalog == b.Catalog &&
		a.Deleting == b.Deleting && slices.Equal(a.Roles, b.Roles)
}

// startWalk makes the worker wake the package's holders. A walk that is under
// way starts anew.
func (a *applying) startWalk(id access.PackageID) error {
	key := walkKey(a.t, id)
	data, err := json.Marshal(walkRecord{})
	if err != nil {
		return fmt.Errorf("encode %s: %w", key, err)
	}
	a.change.Writes = append(a.change.Writes, Write{key, a.recs[key].Revision, data})
	a.change.Wakes = append(a.change.Wakes, Wake{key, a.meta.At})
	return nil
}

// policies gives each policy its version: the stored one when it says the
// same, else the next that was never used.
func (a *applying) policies(ctx context.Context, old access.Package, p *access.Package) error {
	for i := range p.Policies {
		policy := &p.Policies[i]
		before, _ := old.Policy(policy.ID)
		alike, err := sameText(unstamped(before), unstamped(*policy))
		if err != nil {
			return err
		}
		if alike {
			*policy = before
			continue
		}
		policy.EditedBy, policy.EditedAt = a.meta.Actor.Person, a.meta.At
		policy.Version, err = a.unused(ctx, before.Version+1, func(v int) Key {
			return PolicyKey(a.t, access.PolicyRef{Package: p.ID, Policy: policy.ID, Version: v})
		})
		if err != nil {
			return err
		}
		if err := writeOnce(&a.change, PolicyKey(a.t, p.Ref(*policy)), *policy); err != nil {
			return err
		}
	}
	return nil
}

func unstamped(p access.Policy) access.Policy {
	p.Version, p.EditedBy, p.EditedAt = 0, "", time.Time{}
	return p
}

// terms gives the terms their version, in the same way.
func (a *applying) terms(ctx context.Context, old access.Package, p *access.Package) error {
	if p.Terms == nil {
		return nil
	}
	from := 1
	if old.Terms != nil {
		alike, err := sameText(old.Terms.Text, p.Terms.Text)
		if err != nil {
			return err
		}
		if alike {
			p.Terms = old.Terms
			return nil
		}
		from = old.Terms.Version + 1
	}
	fresh := access.Terms{Text: p.Terms.Text}
	var err error
	fresh.Version, err = a.unused(ctx, from, func(v int) Key {
		return TermsKey(a.t, access.TermsRef{Package: p.ID, Version: v})
	})
	if err != nil {
		return err
	}
	p.Terms = &fresh
	return writeOnce(&a.change, TermsKey(a.t, p.TermsRef()), fresh)
}

// unused finds the first version from which on none was written. A policy
// that was removed and comes back must not take a version that requests pin.
func (a *applying) unused(ctx context.Context, from int, key func(version int) Key) (int, error) {
	for {
		recs, err := a.r.Store.Load(ctx, key(from))
		if err != nil {
			return 0, fmt.Errorf("look for a version: %w", err)
		}
		if recs[0].Revision == 0 {
			return from, nil
		}
		from++
	}
}

// sameText reports whether two values are stored alike.
func sameText(a, b any) (bool, error) {
	x, y, err := texts(a, b)
	return x == y, err
}
