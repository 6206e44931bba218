package desk

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// Definitions gives the settings and the catalogs.
func (h *house) Definitions(context.Context, access.TenantID) (runtime.Definitions, error) {
	d := runtime.Definitions{Settings: &h.w.Settings}
	for _, c := range h.w.Catalogs {
		d.Catalogs = append(d.Catalogs, c)
	}
	return d, h.broken
}

// AllCatalogs gives all there is.
func (h *house) AllCatalogs(context.Context, access.TenantID) (engine.World, error) {
	return h.w, h.broken
}

// Resources gives all there is.
func (h *house) Resources(context.Context, access.TenantID, ...access.ResourceID) (engine.World, error) {
	return h.w, h.broken
}

func (h *house) FindResources(_ context.Context, _ access.TenantID, query string, max int, keep func(engine.World, access.Resource) bool) ([]access.Resource, error) {
	var out []access.Resource
	for _, id := range slices.Sorted(maps.Keys(h.w.Resources)) {
		res := h.w.Resources[id]
		if strings.Contains(strings.ToLower(string(id)+res.Name), strings.ToLower(query)) && len(out) < max && keep(h.w, res) {
			out = append(out, res)
		}
	}
	return out, h.broken
}

func (h *house) Within(_ context.Context, _ access.TenantID, c access.CatalogID, kind runtime.Kind) ([]string, error) {
	var out []string
	for id, p := range h.w.Packages {
		if kind == runtime.KindPackage && (c == "" || p.Catalog == c) {
			out = append(out, string(id))
		}
	}
	for id, res := range h.w.Resources {
		if kind == runtime.KindResource && (c == "" || res.Catalog == c) {
			out = append(out, string(id))
		}
	}
	slices.Sort(out)
	return out, h.broken
}

func (h *house) Giving(_ context.Context, _ access.TenantID, id access.ResourceID) ([]access.PackageID, error) {
	var out []access.PackageID
	for _, p := range slices.Sorted(maps.Keys(h.w.Packages)) {
		if slices.ContainsFunc(h.w.Packages[p].Roles, func(ref access.RoleRef) bool { return ref.Resource == id }) {
			out = append(out, p)
		}
	}
	return out, h.broken
}

// Things lists nothing, and nobody edits here.

func (h *house) ThingsFor(context.Context, access.TenantID, access.Account, string, int) []runtime.Thing {
	return nil
}

func (h *house) Kinds(access.TenantID) []string { return nil }

func (h *house) PlanAs(context.Context, access.TenantID, access.Account, runtime.Edit) ([]runtime.Defined, error) {
	return nil, access.Refuse(access.Forbidden, "notTenantAdmin")
}

func (h *house) EditAs(context.Context, access.TenantID, access.Account, engine.CommandID, runtime.Edit) ([]runtime.Defined, error) {
	return nil, access.Refuse(access.Forbidden, "notTenantAdmin")
}
