package engine

import "github.com/usher-dev/usher/core/access"

// MayDefine refuses what the actor may not write: a definition that is to be
// another, made (before is nil) or deleted (after is nil). Both are an
// access.Settings, Catalog, Resource or Package; w has the settings and the
// catalogs as they are. Settings, and which catalogs there are, are for tenant
// admins; a catalog and its resources for its owners; packages for its owners
// and package managers. What a file manages is edited there: managedByFile.
// What is to be deleted is only kept after all: beingDeleted.
func MayDefine(w World, a access.Actor, before, after any) error {
	for _, v := range []any{before, after} {
		if err := mayWrite(w, a, v); err != nil {
			return err
		}
	}
	if (isCatalog(before) && after == nil || before == nil && isCatalog(after)) && !TenantAdmin(w, a) {
		return access.Refuse(access.Forbidden, "notTenantAdmin")
	}
	if by, name := managedBy(before); by == access.ManagedByFile {
		return access.Refuse(access.Refused, "managedByFile", "name", name)
	}
	if deleting(before) && (after == nil || deleting(after)) {
		_, name := managedBy(before)
		return access.Refuse(access.Refused, "beingDeleted", "name", name)
	}
	return nil
}

// deleting reports whether a definition is to be deleted.
func deleting(v any) bool {
	switch v := v.(type) {
	case access.Catalog:
		return v.Deleting
	case access.Resource:
		return v.Deleting
	case access.Package:
		return v.Deleting
	}
	return false
}

func isCatalog(v any) bool {
	_, ok := v.(access.Catalog)
	return ok
}

func mayWrite(w World, a access.Actor, v any) error {
	switch v := v.(type) {
	case nil:
	case access.Catalog:
		if !HasRole(w, v.ID, a) {
			return access.Refuse(access.Forbidden, "notCatalogOwner", "catalog", named(w, v.ID))
		}
	case access.Resource:
		if !HasRole(w, v.Catalog, a) {
			return access.Refuse(access.Forbidden, "notCatalogOwner", "catalog", named(w, v.Catalog))
		}
	case access.Package:
		if !HasRole(w, v.Catalog, a, access.PackageManager) {
			return access.Refuse(access.Forbidden, "notPackageManager", "catalog", named(w, v.Catalog))
		}
	default: // settings, and what has no other owner
		if !TenantAdmin(w, a) {
			return access.Refuse(access.Forbidden, "notTenantAdmin")
		}
	}
	return nil
}

// named is what people call a catalog.
func named(w World, id access.CatalogID) string {
	if c := w.Catalogs[id]; c.Name != "" {
		return c.Name
	}
	return string(id)
}

func managedBy(v any) (by, name string) {
	switch v := v.(type) {
	case access.Settings:
		return v.ManagedBy, v.Name
	case access.Catalog:
		return v.ManagedBy, v.Name
	case access.Resource:
		return v.ManagedBy, v.Name
	case access.Package:
		return v.ManagedBy, v.Name
	}
	return "", ""
}
