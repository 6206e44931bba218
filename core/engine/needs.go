package engine

import (
	"github.com/usher-dev/usher/core/access"
)

// Needs names the definitions that a World must hold for a ledger and a
// command (nil: for Due, drawing and reading).
type Needs struct {
	Packages []access.PackageID
	Policies []access.PolicyRef
	Terms    []access.TermsRef
	// Catalogs are those that are looked at by themselves.
	Catalogs []access.CatalogID
	// Resources are those of the ledger's roles; those of the packages' own
	// roles and the packages' catalogs are needed as well.
	Resources []access.ResourceID
}

// NeedsOf lists them, each once, in the order of the ledger.
func NeedsOf(l access.Ledger, c Command) Needs {
	var n Needs
	for i := range l.Requests {
		r := &l.Requests[i]
		n.Packages = addOnce(n.Packages, r.Package)
		if r.Policy.Version > 0 {
			n.Policies = addOnce(n.Policies, r.Policy)
		}
		if r.Terms.Version > 0 {
			n.Terms = addOnce(n.Terms, r.Terms)
		}
	}
	switch c := c.(type) {
	case Submit:
		n.Packages = addOnce(n.Packages, c.Package)
	case Assign:
		n.Packages = addOnce(n.Packages, c.Package)
	}
	for i := range l.Assignments {
		for _, ref := range l.Assignments[i].Roles {
			n.Resources = addOnce(n.Resources, ref.Resource)
		}
	}
	for _, ref := range sortedRoles(l.Roles) {
		n.Resources = addOnce(n.Resources, ref.Resource)
	}
	return n
}

// With adds what another ledger needs.
func (n Needs) With(o Needs) Needs {
	for _, id := range o.Packages {
		n.Packages = addOnce(n.Packages, id)
	}
	for _, ref := range o.Policies {
		n.Policies = addOnce(n.Policies, ref)
	}
	for _, ref := range o.Terms {
		n.Terms = addOnce(n.Terms, ref)
	}
	for _, id := range o.Catalogs {
		n.Catalogs = addOnce(n.Catalogs, id)
	}
	for _, id := range o.Resources {
		n.Resources = addOnce(n.Resources, id)
	}
	return n
}

func addOnce[T comparable](list []T, x T) []T {
	if contains(list, x) {
		return list
	}
	return append(list, x)
}
