package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// makeWork makes the package that is under construction: its card showed all
// of it. What changes of one that is there already is shown first.
func (c *call) makeWork(t chat.Token) (chat.Reply, error) {
	if done := c.repeated(); done != nil {
		return done, nil
	}
	w, err := c.workOn(access.PackageID(t.Arg))
	if err != nil {
		return nil, err
	}
	settled, err := c.settle(w)
	if err != nil {
		return nil, err
	}
	if !w.fresh() {
		return c.orShow(settled)(c.proposeWork(settled))
	}
	done, err := c.core.EditAs(c.ctx, c.from.Tenant, c.from.Account, c.id, c.edit(settled))
	if err != nil {
		return c.orShow(settled)(nil, err)
	}
	if err := c.dropWork(w.Package.ID); err != nil {
		c.log.Warn().Err(err).Msg("what is done with cannot be dropped")
	}
	reply := c.defined(done)
	if tell, ok := reply.(chat.Tell); ok {
		next := c.text("work.made", "post", code("/"+AccessAdmin+" package post "+string(settled.Package.ID)))
		if unaskable(settled.Package) {
			next = c.text("work.madeForNobody", "assign", code("/"+AccessAdmin+" assign"))
		}
		tell.Card.Blocks = append(tell.Card.Blocks, chat.Block{Small: true, Text: next})
		reply = chat.Tell{Card: fit(tell.Card)}
	}
	c.remember(reply)
	return reply, nil
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

// settle makes room for what others made meanwhile: a new package or resource
// whose id is taken by now gets another, and a thing that came into the
// catalog is taken from there.
func (c *call) settle(w work) (work, error) {
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
	if !w.fresh() {
		return w, nil
	}
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
	if err == nil && begun {
		err = c.dropWork(id)
	}
	if err != nil {
		return nil, err
	}
	return c.say("work.forgotten", "package", strong(first(w.Package.Name, string(id)))), nil
}
