package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Indexes of definitions; members are their ids.
const (
	indexPackages  = "packages"
	indexCatalogs  = "catalogs"
	indexResources = "resources"
	indexKept      = "kept"
)

// What Apply or Edit did with a definition.
const (
	Created   = "created"
	Changed   = "changed"
	Unchanged = "unchanged"
	Deleted   = "deleted"
	Deleting  = "deleting" // to be deleted when nobody has it any more
)

// Apply validates definitions against what is stored and each other, and
// writes those that differ in one commit, with a new version of each policy
// and terms that changed, and before and after in the audit. The catalog
// General is made if it is not there. It asks nothing about the rights of by.
func (r *Runtime) Apply(ctx context.Context, t access.TenantID, by access.PersonID, id engine.CommandID, d Definitions) ([]Defined, error) {
	return r.Edit(ctx, t, by, id, Edit{Definitions: d})
}

// Edit is Apply that also deletes. Deleting marks first, in the same commit;
// what nobody has is then gone when Edit returns ("deleted"), the rest as soon
// as nobody has it ("deleting"). Refusals, of which nothing is written:
// stillHeld, stillNamed, generalStays for what cannot be deleted,
// definitionsMoved when they changed since Seen, and those of validation.
func (r *Runtime) Edit(ctx context.Context, t access.TenantID, by access.PersonID, id engine.CommandID, e Edit) ([]Defined, error) {
	return r.edit(ctx, t, editor{Actor: access.Actor{Person: by}}, id, e)
}

// editor is who edits. What a checked one may do is asked of the engine.
type editor struct {
	access.Actor
	checked bool
}

func (r *Runtime) edit(ctx context.Context, t access.TenantID, by editor, id engine.CommandID, e Edit) ([]Defined, error) {
	var done []Defined
	err := r.repeat(ctx, "apply "+string(id), func() (err error) {
		done, err = r.define(ctx, t, by, id, e)
		return err
	})
	if err == nil && len(e.Delete) > 0 {
		done, err = r.deleteNow(ctx, t, done)
	}
	if err != nil {
		return nil, r.forPeople(err)
	}
	return done, nil
}

// Plan says what Apply would do, and does nothing.
func (r *Runtime) Plan(ctx context.Context, t access.TenantID, by access.PersonID, d Definitions) ([]Defined, error) {
	return r.PlanEdit(ctx, t, by, Edit{Definitions: d})
}

// PlanEdit says what Edit would do, and does nothing. What it would delete is
// "deleting", whether or not somebody has it.
func (r *Runtime) PlanEdit(ctx context.Context, t access.TenantID, by access.PersonID, e Edit) ([]Defined, error) {
	a, err := r.prepare(ctx, t, editor{Actor: access.Actor{Person: by}}, "plan", e)
	if err != nil {
		return nil, r.forPeople(err)
	}
	return a.done, nil
}

// prepare makes the one Change of an Edit.
func (r *Runtime) prepare(ctx context.Context, t access.TenantID, by editor, id engine.CommandID, e Edit) (*applying, error) {
	a := &applying{
		r: r, t: t, d: e.Definitions, checked: by.checked,
		meta: engine.Meta{ID: id, At: r.now(), Actor: by.Actor},
		recs: map[Key]Record{},
	}
	if err := a.load(ctx, e); err != nil {
		return nil, err
	}
	for _, base := range e.Bases {
		moved, err := a.moved(base)
		if err != nil {
			return nil, err
		}
		if moved {
			return nil, access.Refuse(access.TooLate, "definitionChanged", "name", base.Key.ID)
		}
	}
	if e.Seen != 0 && e.Seen != a.recs[SettingsKey(t)].Revision {
		return nil, access.Refuse(access.TooLate, "definitionsMoved")
	}
	if err := a.validate(); err != nil {
		return nil, err
	}
	if err := a.fits(ctx); err != nil {
		return nil, err
	}
	if err := a.all(ctx); err != nil {
		return nil, err
	}
	return a, a.deletions(ctx, e)
}

func (r *Runtime) define(ctx context.Context, t access.TenantID, by editor, id engine.CommandID, e Edit) ([]Defined, error) {
	a, err := r.prepare(ctx, t, by, id, e)
	if err != nil {
		return nil, err
	}
	if len(a.change.Writes) == 0 {
		return a.done, nil
	}
	if err := a.raise(); err != nil {
		return nil, err
	}
	a.change.Tenant, a.change.Command, a.change.At = t, id, a.meta.At
	if err := r.save(ctx, a.change); err != nil && !errors.Is(err, ErrDuplicate) {
		return nil, err
	}
	for _, w := range a.change.Wakes {
		r.nudges.add(w.Key)
	}
	for _, one := range a.done {
		r.Log.Info().Str("tenant", string(t)).Str("command", string(id)).Str("by", string(by.Person)).
			Stringer("definition", one.Key).Msg(one.Action)
	}
	return a.done, nil
}

// applying is one Apply on its way to one Change.
type applying struct {
	r        *Runtime
	t        access.TenantID
	d        Definitions
	meta     engine.Meta
	recs     map[Key]Record
	settings access.Settings
	world    engine.World // settings and catalogs as they are
	checked  bool         // whether the actor may is asked
	stored   access.Known
	change   Change
	done     []Defined
}

// load reads everything that is defined anew or referred to.
func (a *applying) load(ctx context.Context, e Edit) error {
	keys := a.keys(e)
	recs, err := a.r.Store.Load(ctx, keys...)
	if err != nil {
		return fmt.Errorf("load definitions: %w", err)
	}
	a.stored = access.Known{
		Catalogs:  map[access.CatalogID]access.Catalog{},
		Resources: map[access.ResourceID]access.Resource{},
		Packages:  map[access.PackageID]access.Package{},
	}
	for _, rec := range recs {
		a.recs[rec.Key] = rec
		if err := a.know(rec); err != nil {
			return err
		}
	}
	a.world = engine.World{Settings: a.settings, Catalogs: maps.Clone(a.stored.Catalogs)}
	if a.recs[CatalogKey(a.t, access.General)].Revision == 0 && !a.gives(access.General) {
		a.d.Catalogs = append([]access.Catalog{{ID: access.General, Name: "General"}}, a.d.Catalogs...)
	}
	return nil
}

func (a *applying) gives(id access.CatalogID) bool {
	for _, c := range a.d.Catalogs {
		if c.ID == id {
			return true
		}
	}
	return false
}

// keys names the records that load reads, each once.
func (a *applying) keys(e Edit) []Key {
	keys := []Key{SettingsKey(a.t), CatalogKey(a.t, access.General)}
	for _, base := range e.Bases {
		keys = append(keys, base.Key)
	}
	for _, c := range a.d.Catalogs {
		keys = append(keys, CatalogKey(a.t, c.ID))
	}
	for _, res := range a.d.Resources {
		keys = append(keys, ResourceKey(a.t, res.ID), CatalogKey(a.t, res.Catalog))
	}
	for _, p := range a.d.Packages {
		keys = append(keys, PackageKey(a.t, p.ID), walkKey(a.t, p.ID), CatalogKey(a.t, p.Catalog))
		for _, role := range p.Roles {
			keys = append(keys, ResourceKey(a.t, role.Resource))
		}
		for _, other := range p.Incompatible {
			keys = append(keys, PackageKey(a.t, other))
		}
	}
	for _, k := range a.d.Kept {
		keys = append(keys, keptKey(a.t, k.ID))
	}
	seen := map[Key]bool{}
	once := keys[:0]
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			once = append(once, k)
		}
	}
	return once
}

func (a *applying) know(rec Record) error {
	if rec.Revision == 0 || rec.Key.Kind == KindWalk || rec.Key.Kind == KindKept {
		return nil
	}
	if rec.Key.Kind == KindSettings {
		var err error
		a.settings, err = decoded[access.Settings](rec)
		return err
	}
	v, err := definition(rec)
	switch v := v.(type) {
	case access.Catalog:
		a.stored.Catalogs[v.ID] = v
	case access.Resource:
		a.stored.Resources[v.ID] = v
	case access.Package:
		a.stored.Packages[v.ID] = v
	}
	return err
}

func (a *applying) validate() error {
	if a.d.Settings == nil && a.recs[SettingsKey(a.t)].Revision == 0 {
		return access.Refuse(access.Invalid, "noAdmins").At("settings.admins")
	}
	return access.Set(a.d).Validate(a.stored, a.settings.StageLimit).Err()
}

// all puts every definition into the change that differs from what is stored.
func (a *applying) all(ctx context.Context) error {
	if a.d.Settings != nil {
		if _, err := a.put(SettingsKey(a.t), "", a.settings, *a.d.Settings); err != nil {
			return err
		}
		a.settings = *a.d.Settings
	}
	for _, c := range a.d.Catalogs {
		if _, err := a.put(CatalogKey(a.t, c.ID), indexCatalogs, byRole(a.stored.Catalogs[c.ID]), byRole(c)); err != nil {
			return err
		}
	}
	for _, res := range a.d.Resources {
		if _, err := a.put(ResourceKey(a.t, res.ID), indexResources, a.stored.Resources[res.ID], res); err != nil {
			return err
		}
	}
	for _, p := range a.d.Packages {
		if err := a.pack(ctx, p); err != nil {
			return err
		}
	}
	for _, k := range a.d.Kept {
		key := keptKey(a.t, k.ID)
		before := json.RawMessage(a.recs[key].Data) // nil is "null"
		if _, err := a.put(key, indexKept, before, k.Data); err != nil {
			return err
		}
	}
	return nil
}

// put writes a definition if its stored form is another, and reports whether
// it did.
func (a *applying) put(key Key, index string, before, after any) (bool, error) {
	rec := a.recs[key]
	old, new, err := texts(before, after)
	if err != nil {
		return false, fmt.Errorf("encode %s: %w", key, err)
	}
	if rec.Revision == 0 {
		before = nil
	}
	switch {
	case rec.Revision == 0:
		old = ""
		a.done = append(a.done, Defined{key, Created, nil, after})
		if index != "" {
			a.change.Index = append(a.change.Index, IndexEntry{Index: index, Member: key.ID})
		}
	case old == new:
		a.done = append(a.done, Defined{key, Unchanged, before, after})
		return false, nil
	default:
		a.done = append(a.done, Defined{key, Changed, before, after})
	}
	if err := a.may(before, after); err != nil {
		return false, err
	}
	data, err := json.Marshal(after)
	if err != nil {
		return false, fmt.Errorf("encode %s: %w", key, err)
	}
	a.change.Writes = append(a.change.Writes, Write{key, rec.Revision, data})
	a.change.refer(before, after)
	if key.Kind == KindKept {
		old, new = "", "" // nobody here knows what is in it: it may hold a secret, which the audit must not
	}
	return true, a.note(key, old, new)
}

// texts writes two definitions so that people can compare them.
func texts(before, after any) (string, string, error) {
	old, err := json.MarshalIndent(before, "", " ")
	if err != nil {
		return "", "", err
	}
	new, err := json.MarshalIndent(after, "", " ")
	return string(old), string(new), err
}

// note puts a definition's change into the audit. Code names the definition;
// people are those who asked for what Usher itself does.
func (a *applying) note(key Key, before, after string, people ...access.PersonID) error {
	ev := engine.Event{
		At: a.meta.At, Type: engine.EventDefined, By: a.meta.Actor.Person,
		Code: string(key.Kind), Before: before, After: after, People: people,
	}
	if key.ID != "" {
		ev.Code += "/" + key.ID
	}
	if key.Kind == KindPackage {
		ev.Package = access.PackageID(key.ID)
	}
	lines, err := entries(key, a.meta, []engine.Event{ev})
	a.change.Audit = append(a.change.Audit, lines...)
	return err
}

// raise makes sure that the settings record is written, since its revision
// tells every process that definitions changed.
func (a *applying) raise() error {
	key := SettingsKey(a.t)
	for _, w := range a.change.Writes {
		if w.Key == key {
			return nil
		}
	}
	data, err := json.Marshal(a.settings)
	if err != nil {
		return fmt.Errorf("encode %s: %w", key, err)
	}
	a.change.Writes = append(a.change.Writes, Write{key, a.recs[key].Revision, data})
	return nil
}
