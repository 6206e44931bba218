package desk

import (
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// acts refuses whoever has none of the roles in any catalog, so that nobody
// fills in a form that only ends in a refusal. The engine asks again when it is
// sent.
func (c *call) acts(roles ...access.CatalogRole) error {
	w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	if err != nil || engine.TenantAdmin(w, c.actor) {
		return err
	}
	for id := range w.Catalogs {
		if engine.HasRole(w, id, c.actor, roles...) {
			return nil
		}
	}
	return access.Refuse(access.Forbidden, "notAdmin")
}

// actsOn refuses whoever has none of the roles in the catalog of a package; no
// roles: any will do. To those who may not even look at it, it does not exist.
func (c *call) actsOn(id access.PackageID, roles ...access.CatalogRole) error {
	w, p, err := c.lookedAfter(id)
	if err == nil && len(roles) > 0 && !engine.HasRole(w, p.Catalog, c.actor, roles...) {
		err = access.Refuse(access.Forbidden, "notAdmin")
	}
	return err
}

// refusal tries a command without what a form would ask for, and returns what
// would be refused whatever is typed; nil for nothing. Nothing is written.
func (c *call) refusal(v runtime.View, would func(engine.Meta) engine.Command) *access.Error {
	_, err := engine.Step(v.Ledger, would(engine.Meta{ID: "look", At: c.now, Actor: c.actor}), v.World)
	if e, ok := access.AsError(err); ok && e.Kind != access.Invalid {
		return e
	}
	return nil
}
