package runtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// sweepEvery is how often it is looked again whether somebody still has what is
// to be deleted.
const sweepEvery = time.Hour

func sweepKey(t access.TenantID) Key { return Key{t, KindSweep, ""} }

// leftKey is due when a ledger let go of a package that is to be deleted.
func leftKey(t access.TenantID, id access.PackageID) Key { return Key{t, KindSweep, string(id)} }

// freed wakes the packages that are to be deleted and that a ledger refers to
// no more with a change. It costs the change nothing: the packages were read
// for it anyway.
func freed(index []IndexEntry, at loaded, now time.Time) []Wake {
	var wakes []Wake
	for _, e := range index {
		id, held := strings.CutPrefix(e.Index, engine.IndexHeld)
		if p := access.PackageID(id); held && e.Remove && at.world.Packages[p].Deleting {
			wakes = append(wakes, Wake{leftKey(at.key.Tenant, p), now})
		}
	}
	return wakes
}

// left deletes a package that a ledger let go of if it was the last one. Its
// wake-up goes before it is counted: who lets go meanwhile wakes it again.
func (r *Runtime) left(ctx context.Context, key Key) error {
	err := r.saveOwn(ctx, Change{
		Tenant: key.Tenant, Command: engine.CommandID("left/" + r.NewID()), At: r.now(), Wakes: []Wake{{Key: key}},
	})
	if err != nil {
		return err
	}
	still, err := r.Held(ctx, key.Tenant, access.PackageID(key.ID), 1)
	if err != nil || len(still) > 0 {
		return err
	}
	return r.sweep(ctx, key.Tenant)
}

// deletions marks what an Edit deletes, if it may be deleted.
func (a *applying) deletions(ctx context.Context, e Edit) error {
	if len(e.Delete) == 0 {
		return nil
	}
	all, err := a.r.definitions(ctx, a.t)
	if err != nil {
		return err
	}
	if err := a.mayDelete(ctx, e, all); err != nil {
		return err
	}
	for _, key := range e.Delete {
		if err := a.mark(key, all); err != nil {
			return err
		}
	}
	a.change.Wakes = append(a.change.Wakes, Wake{sweepKey(a.t), a.meta.At})
	return nil
}

// mark writes a definition as one that is to be deleted.
func (a *applying) mark(key Key, all Definitions) (err error) {
	for _, c := range all.Catalogs {
		a.world.Catalogs[c.ID] = c
	}
	for _, c := range all.Catalogs {
		if key == CatalogKey(a.t, c.ID) {
			before := c
			c.Deleting = true
			return a.remark(key, c.Revision, before, c)
		}
	}
	for _, res := range all.Resources {
		if key == ResourceKey(a.t, res.ID) {
			before := res
			res.Deleting = true
			return a.remark(key, res.Revision, before, res)
		}
	}
	for _, p := range all.Packages {
		if key == PackageKey(a.t, p.ID) {
			before := p
			p.Deleting, p.EditedBy, p.EditedAt = true, a.meta.Actor.Person, a.meta.At
			return a.remark(key, p.Revision, before, p)
		}
	}
	code := map[Kind]string{KindCatalog: "unknownCatalog", KindResource: "unknownResource"}[key.Kind]
	if code == "" {
		code = "unknownPackage"
	}
	return access.Refuse(access.NotFound, code, "value", key.ID)
}

func (a *applying) remark(key Key, revision int64, before, after any) error {
	a.recs[key] = Record{Key: key, Revision: revision}
	if err := a.may(before, nil); err != nil {
		return err
	}
	if _, err := a.put(key, "", before, after); err != nil {
		return err
	}
	last := &a.done[len(a.done)-1]
	last.Action, last.After = Deleting, nil
	return nil
}

// mayDelete refuses to delete what something that stays refers to, and what
// somebody holds unless that was expected.
func (a *applying) mayDelete(ctx context.Context, e Edit, all Definitions) error {
	var problems access.Problems
	stays := a.staying(e, all)
	for _, key := range e.Delete {
		if key == CatalogKey(a.t, access.General) {
			problems = append(problems, access.Refuse(access.Refused, "generalStays"))
			continue
		}
		if by, ok := namedBy(key, stays); ok {
			problems = append(problems, access.Refuse(access.Refused, "stillNamed", "value", key.ID, "by", by))
		}
		if key.Kind != KindPackage || e.WhenFree {
			continue
		}
		n, err := a.r.Holders(ctx, a.t, access.PackageID(key.ID))
		if err != nil {
			return err
		}
		if n > 0 {
			problems = append(problems, access.Refuse(access.Refused, "stillHeld", "value", key.ID, "count", n))
		}
	}
	return problems.Err()
}

// staying is what is defined after an Edit, without what is to be deleted.
func (a *applying) staying(e Edit, all Definitions) Definitions {
	gone := map[Key]bool{}
	for _, key := range e.Delete {
		gone[key] = true
	}
	for _, res := range e.Resources {
		gone[ResourceKey(a.t, res.ID)] = true // in its former form
	}
	for _, p := range e.Packages {
		gone[PackageKey(a.t, p.ID)] = true
	}
	stays := Definitions{Resources: slices.Clone(e.Resources), Packages: slices.Clone(e.Packages)}
	for _, res := range all.Resources {
		if !res.Deleting && !gone[ResourceKey(a.t, res.ID)] {
			stays.Resources = append(stays.Resources, res)
		}
	}
	for _, p := range all.Packages {
		if !p.Deleting && !gone[PackageKey(a.t, p.ID)] {
			stays.Packages = append(stays.Packages, p)
		}
	}
	return stays
}

// namedBy finds a resource or package that refers to a definition.
func namedBy(key Key, in Definitions) (string, bool) {
	for _, res := range in.Resources {
		if key.Kind == KindCatalog && string(res.Catalog) == key.ID {
			return string(res.ID), true
		}
	}
	for _, p := range in.Packages {
		var named bool
		switch key.Kind {
		case KindCatalog:
			named = string(p.Catalog) == key.ID
		case KindResource:
			named = slices.ContainsFunc(p.Roles, func(ref access.RoleRef) bool { return string(ref.Resource) == key.ID })
		case KindPackage:
			named = slices.Contains(p.Incompatible, access.PackageID(key.ID))
		}
		if named {
			return string(p.ID), true
		}
	}
	return "", false
}

// deleteNow deletes what is marked and free, and says which it was.
func (r *Runtime) deleteNow(ctx context.Context, t access.TenantID, done []Defined) ([]Defined, error) {
	if err := r.repeat(ctx, "sweep", func() error { return r.sweep(ctx, t) }); err != nil {
		return nil, err
	}
	for i, one := range done {
		if one.Action != Deleting {
			continue
		}
		recs, err := r.Store.Load(ctx, one.Key)
		if err != nil {
			return nil, fmt.Errorf("load what was deleted: %w", err)
		}
		if recs[0].Revision == 0 {
			done[i].Action = Deleted
		}
	}
	return done, nil
}

// sweep deletes the definitions that are marked and that nobody has any more,
// and looks again later for the others.
//
// Nobody begins to have what is marked: a request reads its package's revision
// and is refused once the mark is in.
func (r *Runtime) sweep(ctx context.Context, t access.TenantID) error {
	all, err := r.definitions(ctx, t)
	if err != nil {
		return err
	}
	id := engine.CommandID("sweep/" + r.NewID())
	a := &applying{r: r, t: t, recs: map[Key]Record{}, meta: engine.Meta{ID: id, At: r.now(), Actor: access.SystemActor()}}
	if all.Settings != nil {
		a.settings = *all.Settings
		a.recs[SettingsKey(t)] = Record{Revision: all.Settings.Revision}
	}
	left, err := a.sweepAll(ctx, all)
	if err != nil {
		return err
	}
	wake := Wake{Key: sweepKey(t)}
	if left {
		wake.At = a.meta.At.Add(sweepEvery)
	}
	a.change.Wakes = []Wake{wake}
	a.change.Reads = []Read{{SettingsKey(t), a.recs[SettingsKey(t)].Revision}}
	if len(a.change.Writes) > 0 {
		a.change.Reads = nil
		if err := a.raise(); err != nil {
			return err
		}
	}
	a.change.Tenant, a.change.Command, a.change.At = t, id, a.meta.At
	return r.saveOwn(ctx, a.change)
}

// sweepAll puts into the change what can go, first packages, then what only
// they referred to. It reports whether something has to wait.
func (a *applying) sweepAll(ctx context.Context, all Definitions) (left bool, err error) {
	var stay Definitions
	for _, p := range all.Packages {
		n, err := 0, error(nil)
		if p.Deleting {
			n, err = a.r.Holders(ctx, a.t, p.ID)
		}
		if err != nil {
			return false, err
		}
		if p.Deleting && n == 0 {
			err = errors.Join(a.erase(PackageKey(a.t, p.ID), indexPackages, p.Revision, p), a.remember(ctx, p))
		} else {
			stay.Packages = append(stay.Packages, p)
			left = left || p.Deleting
		}
		if err != nil {
			return false, err
		}
	}
	had, err := a.had(ctx, all)
	for _, res := range all.Resources {
		key := ResourceKey(a.t, res.ID)
		_, named := namedBy(key, stay)
		if res.Deleting && !named && !had[res.ID] {
			err = errors.Join(err, a.erase(key, indexResources, res.Revision, res))
		} else {
			stay.Resources = append(stay.Resources, res)
			left = left || res.Deleting
		}
	}
	for _, c := range all.Catalogs {
		key := CatalogKey(a.t, c.ID)
		if _, named := namedBy(key, stay); c.Deleting && !named {
			err = errors.Join(err, a.erase(key, indexCatalogs, c.Revision, c))
		} else {
			left = left || c.Deleting
		}
	}
	return left, err
}

// erase deletes a definition. Versions of its policies and terms stay: what is
// archived refers to them.
func (a *applying) erase(key Key, index string, revision int64, was any) error {
	before, _, err := texts(was, nil)
	if err != nil {
		return fmt.Errorf("encode %s: %w", key, err)
	}
	a.change.Writes = append(a.change.Writes, Write{Key: key, Revision: revision})
	a.change.Index = append(a.change.Index, IndexEntry{Index: index, Member: key.ID, Remove: true})
	a.change.refer(was, nil)
	return a.note(key, before, "", askedBy(was)...)
}

// askedBy is who asked for a package to be deleted: nobody edits it after that.
func askedBy(was any) []access.PersonID {
	if p, ok := was.(access.Package); ok && p.EditedBy != "" {
		return []access.PersonID{p.EditedBy}
	}
	return nil
}

// had finds out which of the resources that are to be deleted somebody has, or
// may have, through Usher. It looks at every ledger that refers to a package,
// which is every ledger from which something could still have to be taken away.
func (a *applying) had(ctx context.Context, all Definitions) (map[access.ResourceID]bool, error) {
	open := map[access.ResourceID]bool{}
	for _, res := range all.Resources {
		if res.Deleting {
			open[res.ID] = true
		}
	}
	had := map[access.ResourceID]bool{}
	for _, p := range all.Packages {
		for people, err := range a.r.batches(ctx, a.t, engine.IndexHeld+string(p.ID), "", batchSize) {
			if err != nil || len(open) == len(had) {
				return had, err
			}
			if err := a.hadBy(ctx, people, open, had); err != nil {
				return nil, err
			}
		}
	}
	return had, nil
}

func (a *applying) hadBy(ctx context.Context, people []string, open, had map[access.ResourceID]bool) error {
	keys := make([]Key, len(people))
	for i, p := range people {
		keys[i] = LedgerKey(a.t, access.PersonID(p))
	}
	recs, err := a.r.Store.Load(ctx, keys...)
	if err != nil {
		return fmt.Errorf("load holders: %w", err)
	}
	for _, rec := range recs {
		if rec.Revision == 0 {
			continue
		}
		l, err := a.r.decoded.decode(rec)
		if err != nil {
			return fmt.Errorf("read %s: %w", rec.Key, err)
		}
		for ref, h := range l.Roles {
			if open[ref.Resource] && h.Had != access.Absent {
				had[ref.Resource] = true
			}
		}
	}
	return nil
}
