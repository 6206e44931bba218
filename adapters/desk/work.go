package desk

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// workTTL is how long a package under construction waits to be gone on with.
const workTTL = 7 * 24 * time.Hour

// work is a package under construction, with the resources that are made on
// the way. It is kept by account and package, so that it can be left and gone
// on with, also from another of the chat's devices.
type work struct {
	Package access.Package `json:"package"`
	// Things are resources of the package that are not in its catalog yet.
	Things []access.Resource `json:"things,omitempty"`
	// Base is the revision that it was drawn from; 0: a new package.
	Base int64 `json:"base,omitempty"`
	// Before is the package as it was then.
	Before access.Package `json:"before,omitzero"`
	// Step is the step that is asked next; stepReady once all were asked.
	Step int `json:"step"`
}

// fresh reports whether the package is not there yet.
func (w work) fresh() bool { return w.Base == 0 }

func (c *call) workName(id access.PackageID) string {
	return "work/" + string(c.from.Tenant) + "/" + string(c.from.Account) + "/" + string(id)
}

// loadWork reads what is under construction; false: nothing is. What cannot be
// read is as good as nothing. It asks nothing about rights: workOn does.
func (c *call) loadWork(id access.PackageID) (work, bool, error) {
	var w work
	data, err := c.scratch.Get(c.ctx, c.workName(id), c.now)
	if err != nil || len(data) == 0 || json.Unmarshal(data, &w) != nil {
		return work{}, false, err
	}
	return w, true, nil
}

// keepWork keeps it for another seven days.
func (c *call) keepWork(w work) error {
	data, err := json.Marshal(w)
	if err == nil {
		err = c.scratch.Put(c.ctx, c.workName(w.Package.ID), data, c.now, workTTL)
	}
	if err == nil {
		err = c.noteWork(w.Package.ID)
	}
	return err
}

func (c *call) worksName() string {
	return "works/" + string(c.from.Tenant) + "/" + string(c.from.Account)
}

// maxWorks is how many packages under construction are remembered by an
// account; the one that was left alone longest is forgotten first.
const maxWorks = 10

// noteWork remembers that a package is under construction, the latest first.
func (c *call) noteWork(id access.PackageID) error {
	ids, err := c.noted()
	if err != nil {
		return err
	}
	ids = slices.Insert(slices.DeleteFunc(ids, func(other access.PackageID) bool { return other == id }), 0, id)
	data, err := json.Marshal(ids[:min(len(ids), maxWorks)])
	if err != nil {
		return err
	}
	return c.scratch.Put(c.ctx, c.worksName(), data, c.now, workTTL)
}

func (c *call) noted() ([]access.PackageID, error) {
	var ids []access.PackageID
	data, err := c.scratch.Get(c.ctx, c.worksName(), c.now)
	if err != nil || len(data) == 0 || json.Unmarshal(data, &ids) != nil {
		return nil, err
	}
	return ids, nil
}

// works are the packages that the account has under construction, the latest
// first.
func (c *call) works() ([]work, error) {
	ids, err := c.noted()
	if err != nil {
		return nil, err
	}
	var out []work
	for _, id := range ids {
		w, ok, err := c.loadWork(id)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, w)
		}
	}
	return out, nil
}

// workOn goes on with what is under construction of a package, or begins with
// the package as it is. Whether the person may edit it is asked of the engine
// at each step.
func (c *call) workOn(id access.PackageID) (work, error) {
	w, begun, err := c.loadWork(id)
	if err != nil {
		return w, err
	}
	now, err := c.core.World(c.ctx, c.from.Tenant, id)
	if err != nil {
		return w, err
	}
	p, there := now.Packages[id]
	switch {
	case there && !engine.AnyRole(now, p.Catalog, c.actor) && !engine.Auditor(now, c.actor), !there && !(begun && w.fresh()):
		return w, c.workGone(id)
	case !begun:
		mine, err := duplicate(p)
		if err != nil {
			return w, err
		}
		w = work{Package: mine, Base: p.Revision, Before: p, Step: stepReady}
	}
	return w, c.mayWork(w, p, there)
}

// mayWork refuses what the person may not make or edit, and what a file
// manages.
func (c *call) mayWork(w work, now access.Package, there bool) error {
	world, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	if err != nil {
		return err
	}
	if !there || w.fresh() {
		return engine.MayDefine(world, c.actor, nil, w.Package)
	}
	return engine.MayDefine(world, c.actor, now, w.Package)
}

// edit is the work as what it changes.
func (c *call) edit(w work) runtime.Edit {
	t := c.from.Tenant
	e := runtime.Edit{
		Definitions: runtime.Definitions{Resources: w.Things, Packages: []access.Package{w.Package}},
		Bases:       []runtime.Base{{Key: runtime.PackageKey(t, w.Package.ID), Revision: w.Base}},
	}
	for _, thing := range w.Things {
		e.Bases = append(e.Bases, runtime.Base{Key: runtime.ResourceKey(t, thing.ID)})
	}
	return e
}
