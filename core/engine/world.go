package engine

import "github.com/usher-dev/usher/core/access"

// World is what a ledger needs to know of others: the shell reads it and the
// store makes sure, at the commit, that it had not changed.
type World struct {
	Settings  access.Settings
	Catalogs  map[access.CatalogID]access.Catalog
	Resources map[access.ResourceID]access.Resource
	Packages  map[access.PackageID]access.Package
	// Policies and Terms hold every version that the ledger pins.
	Policies map[access.PolicyRef]access.Policy
	Terms    map[access.TermsRef]access.Terms
}
