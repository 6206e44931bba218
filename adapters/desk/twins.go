package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// twins warns of what is there already, as far as the person may know of it:
// others of the same name for what is new or gets another name, and resources
// that are the same thing outside. Both are allowed.
func (c *call) twins(done []runtime.Defined) ([]chat.Block, []chat.Button, error) {
	var items []chat.Text
	var same []access.Resource
	for _, d := range done {
		if d.After == nil || d.Before != nil && nameOf(d) == nameOf(runtime.Defined{Before: d.Before}) {
			continue
		}
		namesakes, err := c.namesakes(d.Key, nameOf(d))
		if err != nil {
			return nil, nil, err
		}
		for _, m := range namesakes[:min(len(namesakes), listRows)] {
			items = append(items, c.text("twin."+string(d.Key.Kind), "name", strong(m.Name), "id", code(m.ID), "in", m.In))
		}
		if res, ok := d.After.(access.Resource); ok && d.Before == nil {
			found, err := c.sameThing(res.Connector, res.Target, res.ID)
			if err != nil {
				return nil, nil, err
			}
			same = append(same, found...)
		}
	}
	said, buttons, err := c.alreadyThere(same, "")
	if err != nil {
		return nil, nil, err
	}
	if items = append(items, said...); len(items) == 0 {
		return nil, nil, nil
	}
	return []chat.Block{{Heading: c.plain("twin.heading"), Items: c.blank().clip(items, chat.MaxItems)}}, buttons, nil
}

// namesakes are the others of a kind that have a name, as far as the person may
// see them.
func (c *call) namesakes(key runtime.Key, name string) ([]meaning, error) {
	var all []meaning
	switch key.Kind {
	case runtime.KindPackage:
		for _, admin := range []bool{true, false} {
			_, found, err := c.packagesCalled(name, admin)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	case runtime.KindResource:
		found, err := c.resourcesCalled(name)
		if err != nil {
			return nil, err
		}
		all = found
	case runtime.KindCatalog:
		w, ids, err := c.looked()
		if err != nil {
			return nil, err
		}
		all = catalogsCalled(w, ids, name)
	}
	var out []meaning
	for _, m := range all {
		if m.ID != key.ID && sameText(m.Name, name) && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out, nil
}

// sameThing are the resources that are one thing outside, without the one that
// is looked for, as far as the person may know them.
func (c *call) sameThing(connector, target string, without access.ResourceID) ([]access.Resource, error) {
	if connector == access.ManualConnector {
		return nil, nil // its target is a name
	}
	return c.core.FindResources(c.ctx, c.from.Tenant, "", maxListed, func(w engine.World, res access.Resource) bool {
		return res.Connector == connector && res.Target == target && res.ID != without && !res.Deleting && c.mayLook(w, res)
	})
}

// alreadyThere says which resources a thing is already, with a button that
// goes on with each. The thing is called by its target where it has no name.
func (c *call) alreadyThere(same []access.Resource, thing string) ([]chat.Text, []chat.Button, error) {
	all, err := c.resourceMeanings(same)
	if err != nil {
		return nil, nil, err
	}
	var items []chat.Text
	var buttons []chat.Button
	for i, m := range all[:min(len(all), 3)] {
		items = append(items, c.text("twin.thing", "thing", strong(first(thing, c.thingName(same[i]))), "resource", strong(m.Name), "catalog", strong(m.In)))
		b := c.blank().button(nil, verbResource, chat.StylePlain, chat.Token{Arg: m.ID})
		for n := range b {
			b[n].Label = cut(oneLine(c.plain("twin.use", "resource", m.Name)), chat.MaxButtonLabel)
		}
		buttons = append(buttons, b...)
	}
	return items, buttons, nil
}

// thingName is what a connector calls the thing of a resource.
func (c *call) thingName(res access.Resource) string {
	thing, err := c.thing(res.Connector + "/" + res.Target)
	if err != nil {
		return res.Target
	}
	return thing.Name
}

// workTwins warns the same way of a package that is not there yet, and of what
// is made along with one.
func (c *call) workTwins(w work) ([]chat.Block, error) {
	var done []runtime.Defined
	if w.fresh() {
		done = append(done, runtime.Defined{Key: runtime.PackageKey(c.from.Tenant, w.Package.ID), After: w.Package})
	}
	for _, res := range w.Things {
		done = append(done, runtime.Defined{Key: runtime.ResourceKey(c.from.Tenant, res.ID), After: res})
	}
	blocks, _, err := c.twins(done)
	return blocks, err
}
