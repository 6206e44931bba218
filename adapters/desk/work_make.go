package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// makeWork makes the package that is under construction: its card showed all
// of it. What changes of one that is there already is shown first. Pressed
// twice, also at once, both get the same answer.
func (c *call) makeWork(t chat.Token) (chat.Reply, error) {
	if done := c.repeated(); done != nil {
		return done, nil
	}
	id := access.PackageID(t.Arg)
	if _, begun, err := c.loadWork(id); err == nil && !begun {
		if d, ok := c.finished(c.workName(id)); ok {
			return chat.Tell{Card: d.Card}, nil
		}
	}
	w, err := c.workOn(id)
	if err != nil {
		return nil, err
	}
	if w, err = c.settleThings(w); err != nil {
		return nil, err
	}
	if !w.fresh() {
		return c.orShow(w)(c.proposeWork(w))
	}
	return c.create(w)
}

// create makes a new package. One that another press made just now is there.
func (c *call) create(w work) (chat.Reply, error) {
	begun := c.workName(w.Package.ID)
	made, err := c.madeBy(w)
	if d, ok := c.finished(begun); made && ok {
		return chat.Tell{Card: d.Card}, nil
	}
	if err == nil && !made {
		if w, err = c.settleID(w); err != nil {
			return nil, err
		}
		_, err = c.core.EditAs(c.ctx, c.from.Tenant, c.from.Account, c.id, c.edit(w))
		if access.IsCode(err, "definitionChanged") {
			if again, lost := c.madeBy(w); again || lost != nil {
				err = lost
			}
		}
	}
	if err != nil {
		return c.orShow(w)(nil, err)
	}
	reply := c.created(w)
	c.finish(reply, w.Package.Name, begun)
	return reply, nil
}

// created says that a package is there, with what was made on the way.
func (c *call) created(w work) chat.Reply {
	var done []runtime.Defined
	for _, thing := range w.Things {
		done = append(done, runtime.Defined{Key: runtime.ResourceKey(c.from.Tenant, thing.ID), Action: runtime.Created, After: thing})
	}
	done = append(done, runtime.Defined{Key: runtime.PackageKey(c.from.Tenant, w.Package.ID), Action: runtime.Created, After: w.Package})
	reply := c.defined(done)
	if tell, ok := reply.(chat.Tell); ok {
		next := c.text("work.made", "post", code("/"+AccessAdmin+" package post "+string(w.Package.ID)))
		if unaskable(w.Package) {
			next = c.text("work.madeForNobody", "assign", code("/"+AccessAdmin+" assign"))
		}
		tell.Card.Blocks = append(tell.Card.Blocks, chat.Block{Small: true, Text: next})
		reply = chat.Tell{Card: fit(tell.Card)}
	}
	return reply
}

// orShow answers a refusal with the work and what is wrong with it, so that it
// can be put right at once.
func (c *call) orShow(w work) func(chat.Reply, error) (chat.Reply, error) {
	return func(r chat.Reply, err error) (chat.Reply, error) {
		if e, ok := access.AsError(err); ok {
			return c.workCard(w, e)
		}
		return r, err
	}
}

// proposeWork shows what a work changes of its package, to be confirmed.
func (c *call) proposeWork(w work) (chat.Reply, error) {
	return c.propose(proposal{
		Edit: c.edit(w), Before: runtime.Definitions{Packages: []access.Package{w.Before}},
		Back: c.token(verbWork, string(w.Package.ID)), Drop: []string{c.workName(w.Package.ID)},
	})
}

// settleThings makes room for what others made meanwhile: a new resource whose
// id is taken by now gets another, and a thing that came into the catalog is
// taken from there.
func (c *call) settleThings(w work) (work, error) {
	s := step{call: c, w: w}
	all, err := s.shelf("")
	if err != nil {
		return w, err
	}
	for i, thing := range slices.Clone(w.Things) {
		n := slices.IndexFunc(all.own, func(r access.Resource) bool { return r.Connector == thing.Connector && r.Target == thing.Target })
		if n >= 0 {
			w = renamed(w, thing.ID, all.own[n].ID)
			continue
		}
		known, err := c.core.Resources(c.ctx, c.from.Tenant, thing.ID)
		if err != nil {
			return w, err
		}
		if _, taken := known.Resources[thing.ID]; taken {
			id := all.freeResource(w, thing.Name)
			w = renamed(w, thing.ID, id)
			w.Things[i].ID = id
		}
	}
	w.Things = slices.DeleteFunc(slices.Clone(w.Things), func(r access.Resource) bool {
		return slices.ContainsFunc(all.own, func(own access.Resource) bool { return own.Connector == r.Connector && own.Target == r.Target })
	})
	return w, nil
}

// settleID gives a new package another id where its own is taken by now.
func (c *call) settleID(w work) (work, error) {
	now, err := c.core.World(c.ctx, c.from.Tenant, w.Package.ID)
	if _, taken := now.Packages[w.Package.ID]; err == nil && taken {
		w.Package.ID, err = c.freePackage(w.Package.Name)
	}
	return w, err
}

// renamed is the work with another resource in the place of one.
func renamed(w work, from, to access.ResourceID) work {
	w.Things = slices.Clone(w.Things)
	w.Package.Roles = slices.Clone(w.Package.Roles)
	for i, ref := range w.Package.Roles {
		if ref.Resource == from {
			w.Package.Roles[i].Resource = to
		}
	}
	return w
}

// forget drops what is under construction; the package stays as it is.
func (c *call) forget(t chat.Token) (chat.Reply, error) {
	id := access.PackageID(t.Arg)
	w, begun, err := c.loadWork(id)
	if err != nil {
		return nil, err
	}
	if d, ok := c.finished(c.workName(id)); !begun && ok {
		return chat.Tell{Card: d.Card}, nil
	}
	if !begun { // a press of somebody else's, or after a week
		if _, err := c.workOn(id); err != nil {
			return nil, err
		}
	}
	reply := c.say("work.forgotten", "package", strong(first(w.Package.Name, string(id))))
	if begun {
		c.finish(reply, w.Package.Name, c.workName(id))
	}
	return reply, nil
}
