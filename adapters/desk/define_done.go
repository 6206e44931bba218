package desk

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// doneWith is what came of something in the scratch that is done with: a
// proposal, a package under construction. Whoever presses one of its buttons
// once more gets the same answer.
type doneWith struct {
	Name string    `json:"name,omitempty"` // of the package
	Card chat.Card `json:"card"`
}

// finish keeps the answer for all of what it was about, and drops that. In this
// order: whoever does not find the one finds the other.
func (c *call) finish(r chat.Reply, name string, about ...string) {
	c.finishFor(workTTL, r, name, about...)
}

// finishFor is finish with the time for which the answer is kept.
func (c *call) finishFor(ttl time.Duration, r chat.Reply, name string, about ...string) {
	tell, ok := r.(chat.Tell)
	data, err := json.Marshal(doneWith{Name: name, Card: tell.Card})
	for _, from := range about {
		if ok && err == nil {
			err = c.scratch.Put(c.ctx, "done/"+from, data, c.now, ttl)
		}
		if err != nil {
			c.log.Warn().Err(err).Msg("an answer cannot be kept")
		}
		if err := c.scratch.Drop(c.ctx, from); err != nil {
			c.log.Warn().Err(err).Msg("what is done with cannot be dropped")
		}
	}
	c.remember(r)
}

// finished is what came of something that is not in the scratch any more; false
// when that is not known.
func (c *call) finished(from string) (doneWith, bool) {
	var d doneWith
	data, err := c.scratch.Get(c.ctx, "done/"+from, c.now)
	if err != nil {
		c.log.Warn().Err(err).Msg("an answer cannot be read")
	}
	return d, err == nil && len(data) > 0 && json.Unmarshal(data, &d) == nil
}

// already says what an edit did that is in by now: because the same button was
// pressed twice at once, or somebody wanted the very same. False when something
// is another than was wanted.
func (c *call) already(p proposal) ([]runtime.Defined, bool, error) {
	var done []runtime.Defined
	for _, base := range p.Edit.Bases {
		now, _, err := c.stored(base.Key)
		if err != nil {
			return nil, false, err
		}
		d := runtime.Defined{Key: base.Key, Before: find(p.Before, base.Key), After: now}
		if !c.wanted(p.Edit, &d) {
			return nil, false, nil
		}
		done = append(done, d)
	}
	return done, len(done) > 0, nil
}

// wanted reports whether a definition is as an edit wanted it, and completes
// what was done with it.
func (c *call) wanted(e runtime.Edit, d *runtime.Defined) bool {
	if slices.Contains(e.Delete, d.Key) {
		going := isDeleting(d.After)
		if d.Action = runtime.Deleted; going && (e.WhenFree || d.Key.Kind != runtime.KindPackage) {
			d.Action = runtime.Deleting // else nobody had it when it was marked, so it is gone now
		}
		gone := d.After == nil
		d.After = nil
		return going || gone
	}
	mine := find(e.Definitions, d.Key)
	if d.Action = runtime.Changed; d.Before == nil {
		d.Action = runtime.Created
	}
	return mine != nil && d.After != nil && isDeleting(mine) == isDeleting(d.After) && len(c.differences(d.After, mine)) == 0
}

// madeBy is the package that a work is about when somebody made it already just
// as it is there: with another press on the same button.
func (c *call) madeBy(w work) (bool, error) {
	now, err := c.core.World(c.ctx, c.from.Tenant, w.Package.ID)
	if err != nil {
		return false, err
	}
	p, there := now.Packages[w.Package.ID]
	return there && c.actor.Owns(p.CreatedBy) && len(c.differences(p, w.Package)) == 0, nil
}

// workGone says what became of a package that is neither there nor under
// construction any more.
func (c *call) workGone(id access.PackageID) error {
	if d, ok := c.finished(c.workName(id)); ok {
		return access.Refuse(access.TooLate, "workGone", "package", first(d.Name, string(id)))
	}
	return access.Refuse(access.NotFound, "unknownPackage", "name", string(id)).At("package")
}
