package desk

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// sharedTTL is how long it is known which message shows a package that was
// shared.
const sharedTTL = 365 * 24 * time.Hour

func (c *call) sharedName(ref string) string {
	return "shared/" + string(c.from.Tenant) + "/" + ref
}

// noteShared remembers which message shows the package.
func (c *call) noteShared(ref string, id access.PackageID) {
	data, err := json.Marshal(id)
	if err == nil {
		err = c.scratch.Put(c.ctx, c.sharedName(ref), data, c.now, sharedTTL)
	}
	if err != nil {
		c.log.Warn().Err(err).Msg("where a package was shared cannot be kept")
	}
}

// untoldPackage is the refusal for who may not see a package: the same as if
// there were none, unless they pressed on its card, which was shared where they
// read it. Then they are told for whom it is.
func (c *call) untoldPackage(id access.PackageID, refusal error) error {
	if c.ref == "" || !access.IsCode(refusal, "unknownPackage") {
		return refusal
	}
	data, err := c.scratch.Get(c.ctx, c.sharedName(c.ref), c.now)
	if err != nil {
		return err
	}
	var shown access.PackageID
	if len(data) == 0 || json.Unmarshal(data, &shown) != nil || shown != id {
		return refusal
	}
	w, err := c.core.World(c.ctx, c.from.Tenant, id)
	if err != nil {
		return err
	}
	p, ok := w.Packages[id]
	if !ok {
		return refusal
	}
	return access.Refuse(access.Forbidden, "notForYou", "package", p.Name, "who", c.isFor(p))
}

// isFor says for whom a package is, without names.
func (c *call) isFor(p access.Package) chat.Text {
	some := func(who func(access.Scope) bool) bool {
		return slices.ContainsFunc(p.Policies, func(policy access.Policy) bool { return !policy.Closed && who(policy.Requestors) })
	}
	members, outsiders := some(func(s access.Scope) bool { return s.Members }), some(func(s access.Scope) bool { return s.Outsiders })
	switch {
	case members && !outsiders:
		return c.text("isFor.members")
	case outsiders && !members:
		return c.text("isFor.outsiders")
	}
	return c.text("isFor.chosen")
}

// cannotAsk warns whoever shared a package with a person who cannot ask for
// it, or in a channel where it is only for people from outside; nothing where
// that is not so, or not known.
func (c *call) cannotAsk(p access.Package, to chat.Address, reached access.PersonID) chat.Text {
	if to.Account == "" {
		return c.onlyOutsiders(p)
	}
	_, actor, err := c.core.Who(c.ctx, c.from.Tenant, to.Account)
	if err != nil {
		return nil
	}
	if len(lasting(engine.Fitting(p, actor, actor), c.now)) > 0 || mayAskForOthers(p, actor, c.now) {
		return nil
	}
	return c.text("post.cannotAsk", "person", c.mention(reached), "package", strong(p.Name), "who", c.isFor(p))
}

// onlyOutsiders says so of a package that only people from outside can ask for.
func (c *call) onlyOutsiders(p access.Package) chat.Text {
	outsiders := false
	for _, policy := range p.Policies {
		of, behalf := policy.Requestors, policy.OnBehalf
		switch {
		case policy.Closed:
		case of.Members || len(of.People)+len(of.Groups)+len(behalf.People)+len(behalf.Groups) > 0 || behalf.Managers:
			return nil
		default:
			outsiders = outsiders || of.Outsiders
		}
	}
	if !outsiders {
		return nil
	}
	return c.text("post.onlyOutsiders", "package", strong(p.Name))
}

// warned is an answer with a warning below it, if there is one.
func (c *call) warned(r chat.Reply, warning chat.Text) chat.Reply {
	tell, ok := r.(chat.Tell)
	if !ok || len(warning) == 0 {
		return r
	}
	tell.Card.Tone = chat.ToneWaiting
	tell.Card.Blocks = append(tell.Card.Blocks, chat.Block{Text: warning})
	return tell
}
