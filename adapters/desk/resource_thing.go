package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// What can be chosen besides what connectors list.
const (
	thingByHand = "manual" // a person hands it out
	thingTyped  = "other"  // its connector and target are typed
)

// thingForm asks what is to become a resource: something that a connector
// lists, something that a person hands out, or something of which the address
// is known. The token's Arg is the catalog that it is for, if that is known.
func (c *call) thingForm(t chat.Token, d *draft) (*sheet, error) {
	if _, _, err := c.ownCatalogs(); err != nil {
		return nil, err
	}
	f := form.Field{ID: "thing", Kind: form.One, Label: c.plain("field.thing"), Hint: c.plain("hint.thing"), Required: true}
	f.Options = c.thingOptions("", maxListed)
	if len(f.Options) >= maxListed {
		f.Open = true
		f.Options = slices.DeleteFunc(f.Options, func(o form.Option) bool { return o.Value != d.value("thing") })
		f.Options = append(f.Options, c.otherThings(f.Options)...)
	}
	if len(f.Options) == 0 {
		return nil, access.Refuse(access.NotFound, "noConnectors")
	}
	return &sheet{
		form:   form.Form{Title: c.plain("resource.newTitle"), Submit: c.plain("form.next"), Fields: []form.Field{f}},
		search: func(_, query string) ([]form.Option, error) { return c.thingOptions(query, maxOffered), nil },
		submit: func(v form.Values) (chat.Reply, error) { return c.chosenThing(t, one(v, "thing")) },
	}, nil
}

// thingOptions are at most max things to choose from.
func (c *call) thingOptions(query string, max int) []form.Option {
	var out []form.Option
	there := c.thereAlready()
	for _, thing := range c.core.ThingsFor(c.ctx, c.from.Tenant, c.from.Account, query, max) {
		out = append(out, form.Option{Value: thingAt(thing), Label: thing.Name, Hint: cut(first(there(thing), c.thingHint(thing)), 100)})
	}
	others := form.Match(form.Field{Options: c.otherThings(nil)}, query, max)
	if len(out) == 0 {
		others = c.otherThings(nil)
	}
	return append(out[:min(len(out), max-len(others))], others...)
}

// thingAt names a thing in a form.
func thingAt(thing runtime.Thing) string { return thing.Connector + "/" + thing.Target }

// thingHint says what a thing is, so that two of one name can be told apart.
func (c *call) thingHint(thing runtime.Thing) string {
	kind := thing.Kind
	if c.has("thing." + kind) {
		kind = c.plain("thing." + kind)
	}
	return cut(strings.TrimPrefix(kind+" · "+thingAt(thing), " · "), 100)
}

// otherThings are the ways to add what nothing lists, without those that are
// there already.
func (c *call) otherThings(there []form.Option) []form.Option {
	var out []form.Option
	kinds := c.core.Kinds(c.from.Tenant)
	if slices.Contains(kinds, access.ManualConnector) {
		out = append(out, form.Option{Value: thingByHand, Label: c.plain("thing.byHand")})
	}
	if len(c.typedKinds()) > 0 {
		out = append(out, form.Option{Value: thingTyped, Label: c.plain("thing.typed")})
	}
	return slices.DeleteFunc(out, func(o form.Option) bool {
		return slices.ContainsFunc(there, func(x form.Option) bool { return x.Value == o.Value })
	})
}

// typedKinds are the connectors whose target can be typed.
func (c *call) typedKinds() []string {
	return slices.DeleteFunc(c.core.Kinds(c.from.Tenant), func(kind string) bool { return kind == access.ManualConnector })
}

// chosenThing goes on to the form of a new resource.
func (c *call) chosenThing(t chat.Token, value string) (chat.Reply, error) {
	_, catalogs, err := c.ownCatalogs()
	if err != nil {
		return nil, err
	}
	preset := form.Values{}
	if t.Arg != "" {
		preset["catalog"] = []string{t.Arg}
	} else if len(catalogs) == 1 {
		preset["catalog"] = []string{catalogs[0].Value}
	}
	for _, o := range c.otherThings(nil) {
		if value == o.Value || sameText(value, o.Label) {
			preset["thing"] = []string{o.Value}
			return c.open(c.token(verbResourceNew, ""), preset)
		}
	}
	thing, err := c.thing(value)
	if err != nil {
		return nil, err
	}
	preset["thing"], preset["name"] = []string{thingAt(thing)}, []string{cut(oneLine(thing.Name), access.MaxName)}
	same, err := c.sameThing(thing.Connector, thing.Target, "")
	if err != nil {
		return nil, err
	}
	if len(same) > 0 {
		return c.onceMore(thing, same, preset)
	}
	return c.open(c.token(verbResourceNew, ""), preset)
}

// onceMore asks before a thing becomes a resource that is one already.
func (c *call) onceMore(thing runtime.Thing, same []access.Resource, preset form.Values) (chat.Reply, error) {
	t, d, err := c.begin(c.token(verbResourceNew, ""), preset)
	if err != nil {
		return nil, err
	}
	id, err := t.Encode()
	if err != nil {
		return nil, err
	}
	c.save(id, d)
	items, buttons, err := c.alreadyThere(same, thing.Name)
	if err != nil {
		return nil, err
	}
	card := chat.Card{Title: c.plain("twin.ask"), Tone: chat.ToneWaiting, Blocks: []chat.Block{{Items: items}, {Text: c.text("twin.choose")}}, Buttons: buttons}
	card.Summary = card.Title
	for _, b := range c.blank().button(nil, verbResourceNew, chat.StylePlain, t) {
		b.Label = c.plain("twin.again")
		card.Buttons = append(card.Buttons, b)
	}
	return chat.Tell{Card: fit(card)}, nil
}

// thereAlready says of things which resource they are already, as far as the
// person may know of it; "" of those that are none.
func (c *call) thereAlready() func(runtime.Thing) string {
	said := map[string]string{}
	found, err := c.core.FindResources(c.ctx, c.from.Tenant, "", mostResources, func(w engine.World, res access.Resource) bool {
		return !res.Deleting && c.mayLook(w, res)
	})
	if err != nil {
		return func(runtime.Thing) string { return "" }
	}
	all, err := c.resourceMeanings(found)
	if err != nil {
		return func(runtime.Thing) string { return "" }
	}
	for i, res := range found {
		if at := res.Connector + "/" + res.Target; said[at] == "" {
			said[at] = c.plain("twin.mark", "resource", all[i].Name, "catalog", all[i].In)
		}
	}
	return func(t runtime.Thing) string { return said[thingAt(t)] }
}

// thing finds what a connector lists, by the value of an option or, where
// people type, by its name.
func (c *call) thing(value string) (runtime.Thing, error) {
	query := value
	connector, target, ok := strings.Cut(value, "/")
	if ok && slices.Contains(c.core.Kinds(c.from.Tenant), connector) {
		query = target
	}
	bare := func(s string) string { return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "#")) }
	var called []runtime.Thing
	for _, thing := range c.core.ThingsFor(c.ctx, c.from.Tenant, c.from.Account, strings.TrimPrefix(query, "#"), maxListed) {
		if thingAt(thing) == value {
			return thing, nil
		}
		if bare(thing.Name) == bare(value) {
			called = append(called, thing)
		}
	}
	switch len(called) {
	case 1:
		return called[0], nil
	case 0:
		return runtime.Thing{}, access.Refuse(access.NotFound, "unknownTarget", "value", cut(value, 60)).At("thing")
	}
	return runtime.Thing{}, access.Refuse(access.Invalid, "severalThings", "value", cut(value, 60), "other", thingAt(called[0])).At("thing")
}
