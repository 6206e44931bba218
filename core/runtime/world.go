package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// SettingsKey names a tenant's settings. Every change of a definition raises
// this record's revision, so that one revision tells whether all definitions
// in memory are current.
func SettingsKey(t access.TenantID) Key { return Key{t, KindSettings, ""} }

// PackageKey, CatalogKey, ResourceKey, PolicyKey and TermsKey name definitions.
func PackageKey(t access.TenantID, id access.PackageID) Key { return Key{t, KindPackage, string(id)} }
func CatalogKey(t access.TenantID, id access.CatalogID) Key { return Key{t, KindCatalog, string(id)} }
func ResourceKey(t access.TenantID, id access.ResourceID) Key {
	return Key{t, KindResource, string(id)}
}
func PolicyKey(t access.TenantID, ref access.PolicyRef) Key { return Key{t, KindPolicy, ref.String()} }
func TermsKey(t access.TenantID, ref access.TermsRef) Key   { return Key{t, KindTerms, ref.String()} }

// definitions are those of a tenant as of one revision of its settings. What
// is in it never changes; more may be added.
type definitions struct {
	revision int64
	settings access.Settings

	mu    sync.RWMutex
	known map[Key]any // access.Package, Catalog, Resource, Policy or Terms

	names names
}

// defsCache holds the newest definitions of each tenant.
type defsCache struct{ tenants sync.Map }

// at returns the definitions as of a settings record. Policies and terms are
// written once, so they stay known when the revision moves.
func (c *defsCache) at(rec Record) (*definitions, error) {
	old, _ := c.tenants.Load(rec.Key.Tenant)
	before, _ := old.(*definitions)
	if before != nil && before.revision == rec.Revision {
		return before, nil
	}
	fresh := &definitions{revision: rec.Revision, known: map[Key]any{}}
	var err error
	if fresh.settings, err = decoded[access.Settings](rec); err != nil {
		return nil, err
	}
	fresh.settings.Revision = rec.Revision
	if before != nil {
		before.mu.RLock()
		for key, v := range before.known {
			if key.Kind == KindPolicy || key.Kind == KindTerms {
				fresh.known[key] = v
			}
		}
		before.mu.RUnlock()
	}
	c.tenants.Store(rec.Key.Tenant, fresh)
	return fresh, nil
}

// add takes records that were loaded together with the settings.
func (d *definitions) add(recs []Record) error {
	read := make(map[Key]any, len(recs))
	for _, rec := range recs {
		if rec.Revision == 0 {
			continue
		}
		v, err := definition(rec)
		if err != nil {
			return err
		}
		read[rec.Key] = v
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.Copy(d.known, read)
	return nil
}

// world picks what is needed. Missing are the keys that are not known, or not
// known to be wanted yet.
func (d *definitions) world(t access.TenantID, n engine.Needs) (engine.World, []Key) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	p := picker{d: d, t: t, w: emptyWorld(d.settings)}
	for _, id := range n.Packages {
		p.pack(id)
	}
	for _, ref := range n.Policies {
		p.policy(ref)
	}
	for _, ref := range n.Terms {
		p.terms(ref)
	}
	for _, id := range n.Catalogs {
		p.catalog(id)
	}
	for _, id := range n.Resources {
		p.resource(id)
	}
	return p.w, p.missing
}

func emptyWorld(s access.Settings) engine.World {
	return engine.World{
		Settings:  s,
		Catalogs:  map[access.CatalogID]access.Catalog{},
		Resources: map[access.ResourceID]access.Resource{},
		Packages:  map[access.PackageID]access.Package{},
		Policies:  map[access.PolicyRef]access.Policy{},
		Terms:     map[access.TermsRef]access.Terms{},
	}
}

type picker struct {
	d       *definitions
	t       access.TenantID
	w       engine.World
	missing []Key
}

// pick finds a definition, or notes that it is missing.
func pick[V any](p *picker, key Key) (V, bool) {
	v, ok := p.d.known[key].(V)
	if !ok && !slices.Contains(p.missing, key) {
		p.missing = append(p.missing, key)
	}
	return v, ok
}

// pack takes a package with all that it refers to. Its current policies and
// terms need no loading of their own.
func (p *picker) pack(id access.PackageID) {
	pack, ok := pick[access.Package](p, PackageKey(p.t, id))
	if !ok {
		return
	}
	p.w.Packages[id] = pack
	for _, policy := range pack.Policies {
		p.w.Policies[pack.Ref(policy)] = policy
	}
	if pack.Terms != nil {
		p.w.Terms[pack.TermsRef()] = *pack.Terms
	}
	p.catalog(pack.Catalog)
	for _, role := range pack.Roles {
		p.resource(role.Resource)
	}
}

func (p *picker) catalog(id access.CatalogID) {
	if _, ok := p.w.Catalogs[id]; ok {
		return
	}
	if c, ok := pick[access.Catalog](p, CatalogKey(p.t, id)); ok {
		p.w.Catalogs[id] = c
	}
}

func (p *picker) resource(id access.ResourceID) {
	if _, ok := p.w.Resources[id]; ok {
		return
	}
	if res, ok := pick[access.Resource](p, ResourceKey(p.t, id)); ok {
		p.w.Resources[id] = res
		p.catalog(res.Catalog)
	}
}

func (p *picker) policy(ref access.PolicyRef) {
	if _, ok := p.w.Policies[ref]; ok {
		return
	}
	if policy, ok := pick[access.Policy](p, PolicyKey(p.t, ref)); ok {
		p.w.Policies[ref] = policy
	}
}

func (p *picker) terms(ref access.TermsRef) {
	if _, ok := p.w.Terms[ref]; ok || ref.Version == 0 {
		return
	}
	if terms, ok := pick[access.Terms](p, TermsKey(p.t, ref)); ok {
		p.w.Terms[ref] = terms
	}
}

// world reads what is needed, as of one revision of the settings. When all of
// it is in memory and the settings record is current, nothing is loaded. The
// Reads make sure at the commit that it still was.
func (r *Runtime) world(ctx context.Context, settings Record, n engine.Needs) (engine.World, []Read, error) {
	asked := map[Key]bool{}
	for {
		defs, err := r.defs.at(settings)
		if err != nil {
			return engine.World{}, nil, err
		}
		w, missing := defs.world(settings.Key.Tenant, n)
		missing = slices.DeleteFunc(missing, func(k Key) bool { return asked[k] })
		if len(missing) == 0 {
			return w, readsOf(settings, w), nil
		}
		recs, err := r.Store.Load(ctx, append([]Key{settings.Key}, missing...)...)
		if err != nil {
			return engine.World{}, nil, fmt.Errorf("load definitions: %w", err)
		}
		if recs[0].Revision != settings.Revision {
			settings, asked = recs[0], map[Key]bool{}
			continue
		}
		for _, k := range missing {
			asked[k] = true
		}
		if err := defs.add(recs[1:]); err != nil {
			return engine.World{}, nil, err
		}
	}
}

// readsOf names the settings and the packages that a decision relies on.
func readsOf(settings Record, w engine.World) []Read {
	reads := []Read{{settings.Key, settings.Revision}}
	for _, id := range slices.Sorted(maps.Keys(w.Packages)) {
		reads = append(reads, Read{PackageKey(settings.Key.Tenant, id), w.Packages[id].Revision})
	}
	return reads
}

// definition reads a stored definition.
func definition(rec Record) (any, error) {
	switch rec.Key.Kind {
	case KindPackage:
		v, err := decoded[access.Package](rec)
		v.Revision = rec.Revision
		return v, err
	case KindCatalog:
		v, err := decoded[access.Catalog](rec)
		v.Revision = rec.Revision
		return v, err
	case KindResource:
		v, err := decoded[access.Resource](rec)
		v.Revision = rec.Revision
		return v, err
	case KindPolicy:
		return decoded[access.Policy](rec)
	case KindTerms:
		return decoded[access.Terms](rec)
	}
	return nil, fmt.Errorf("%s is no definition", rec.Key)
}

// decoded reads a record's JSON; a record that does not exist is a zero V.
func decoded[V any](rec Record) (V, error) {
	var v V
	if rec.Revision == 0 {
		return v, nil
	}
	if err := json.Unmarshal(rec.Data, &v); err != nil {
		return v, fmt.Errorf("read %s: %w", rec.Key, err)
	}
	return v, nil
}
