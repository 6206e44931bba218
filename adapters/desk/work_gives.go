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

// most is how many resources of a catalog, and how many things that connectors
// list, are looked through at once.
const (
	mostResources = 1000
	mostThings    = 100
)

// shelf is all that a package can be made of: the resources of its catalog,
// those that are made along with it, and what connectors list besides. The
// last two are for catalog owners.
type shelf struct {
	step
	own    []access.Resource // of the catalog
	things []runtime.Thing   // that are not in the catalog
	owner  bool
}

// shelf looks for query in names; "" for all.
func (s step) shelf(query string) (shelf, error) {
	out := shelf{step: s}
	w, err := s.core.AllCatalogs(s.ctx, s.from.Tenant)
	if err != nil {
		return out, err
	}
	out.owner = engine.HasRole(w, s.w.Package.Catalog, s.actor)
	out.own, err = s.core.FindResources(s.ctx, s.from.Tenant, "", mostResources, func(_ engine.World, r access.Resource) bool {
		return r.Catalog == s.w.Package.Catalog && !r.Deleting
	})
	if err != nil || !out.owner {
		return out, err
	}
	known := append(slices.Clone(out.own), s.w.Things...)
	for _, t := range s.core.ThingsFor(s.ctx, s.from.Tenant, s.from.Account, query, mostThings) {
		if !slices.ContainsFunc(known, func(r access.Resource) bool { return r.Connector == t.Connector && r.Target == t.Target }) {
			out.things = append(out.things, t)
		}
	}
	return out, nil
}

// kept are the resources that there are, or will be with this package.
func (s shelf) kept() []access.Resource { return append(slices.Clone(s.own), s.w.Things...) }

// thingMark goes before the value of a choice that is not in the catalog yet.
const thingMark = "+"

func thingValue(t runtime.Thing, role string) string {
	return thingMark + t.Connector + thingMark + t.Target + thingMark + role
}

// maxValue is the longest value of an option in bytes ("Select Option
// Structure" of Discord: 100 characters).
const maxValue = 100

// options are the roles to choose, as "resource, role".
func (s shelf) options() (own, other []form.Option) {
	for _, r := range s.kept() {
		for _, role := range r.Roles {
			own = append(own, s.option(access.RoleRef{Resource: r.ID, Role: role.ID}.String(), r.Name, role, len(r.Roles)))
		}
	}
	there := s.thereAlready()
	for _, t := range s.things {
		for _, role := range t.Roles {
			o := s.option(thingValue(t, role.ID), t.Name, role, len(t.Roles))
			if len(o.Value) <= maxValue {
				o.Hint = cut(oneLine(first(there(t), s.plain("gives.new", "kind", s.thingKind(t), "can", o.Hint))), 100)
				other = append(other, o)
			}
		}
	}
	return own, other
}

func (s shelf) option(value, name string, role access.ResourceRole, of int) form.Option {
	label := name
	if of > 1 {
		label = cut(name, access.MaxName-20) + ", " + role.Name
	}
	return form.Option{Value: value, Label: cut(oneLine(label), access.MaxName), Hint: cut(oneLine(role.Can.For(s.locale)), 100)}
}

// thingKind is what people call the kind of a thing.
func (s shelf) thingKind(t runtime.Thing) string {
	if key := "thing." + t.Kind; s.has(key) {
		return s.plain(key)
	}
	return t.Kind
}

// givesSheet asks what a package gives.
func (s step) givesSheet(d *draft) (*sheet, error) {
	all, err := s.shelf("")
	if err != nil {
		return nil, err
	}
	return &sheet{
		form:   form.Form{Fields: all.fields(d)},
		intro:  s.text("gives.intro"),
		search: s.findGives,
		check: func(v form.Values) map[string]*access.Error {
			_, errs := all.read(v)
			return errs
		},
		submit: func(v form.Values) (chat.Reply, error) {
			w, errs := all.read(v)
			for _, e := range errs {
				return nil, e
			}
			if err := s.mayHand(w); err != nil {
				return nil, err
			}
			return s.done(w)
		},
	}, nil
}

// fields are one choice of everything; where that is more than the chat can
// list or search, one of what is in the catalog and one of what could be.
func (s shelf) fields(d *draft) []form.Field {
	own, other := s.options()
	caps := form.Caps{}
	if a, ok := s.adapter(s.from.Account); ok {
		caps = a.Caps(s.from.Account)
	}
	var fields []form.Field
	if n := len(own) + len(other); caps.Search || caps.MaxOptions == 0 || n <= caps.MaxOptions {
		fields = append(fields, s.choice("gives", append(own, other...), caps, d))
	} else {
		fields = append(fields, s.choice("gives", own, caps, d), s.choice("givesnew", other, caps, d))
	}
	if s.owner {
		fields = append(fields, form.Field{ID: "byhand", Kind: form.Line, Label: s.plain("field.byHand"), Hint: s.plain("hint.byHand"), Max: access.MaxName})
	}
	return slices.DeleteFunc(fields, func(f form.Field) bool { return len(f.Options) == 0 && f.Kind == form.Many && !f.Open })
}

// choice is a field for some of the options. What was found by searching is
// among them as long as it is chosen.
func (s shelf) choice(id string, options []form.Option, caps form.Caps, d *draft) form.Field {
	f := form.Field{ID: id, Kind: form.Many, Label: s.plain("field." + id), Hint: s.plain("hint." + id), Options: options}
	f.Open = caps.MaxOptions > 0 && len(options) > caps.MaxOptions || len(s.things) == mostThings && len(options) > 0
	for _, ref := range s.w.Package.Roles {
		if slices.ContainsFunc(options, func(o form.Option) bool { return o.Value == ref.String() }) {
			f.Value = append(f.Value, ref.String())
		}
	}
	for _, v := range d.Values[id] {
		if slices.ContainsFunc(options, func(o form.Option) bool { return o.Value == v }) {
			continue
		}
		if t, role, ok := s.thing(v); ok {
			f.Options = append(f.Options, s.option(v, t.Name, role, len(t.Roles)))
		}
	}
	return f
}

// thing finds what a value that is not in the catalog stands for.
func (s shelf) thing(value string) (runtime.Thing, access.ResourceRole, bool) {
	rest, ok := strings.CutPrefix(value, thingMark)
	connector, rest, ok2 := strings.Cut(rest, thingMark)
	end := strings.LastIndex(rest, thingMark)
	if !ok || !ok2 || end < 0 || !s.owner {
		return runtime.Thing{}, access.ResourceRole{}, false
	}
	target, id := rest[:end], rest[end+1:]
	is := func(t runtime.Thing) bool { return t.Connector == connector && t.Target == target }
	list := s.things
	n := slices.IndexFunc(list, is)
	if n < 0 {
		list = s.core.ThingsFor(s.ctx, s.from.Tenant, s.from.Account, target, mostThings)
		n = slices.IndexFunc(list, is)
	}
	if n < 0 {
		return runtime.Thing{}, access.ResourceRole{}, false
	}
	role, ok := (access.Resource{Roles: list[n].Roles}).Role(id)
	return list[n], role, ok
}

// findGives answers a search in the field.
func (s step) findGives(_, query string) ([]form.Option, error) {
	found, err := s.shelf(query)
	if err != nil {
		return nil, err
	}
	own, other := found.options()
	return form.Match(form.Field{Options: append(own, other...)}, query, maxOffered), nil
}

// read takes what was chosen: the work with these roles and the resources that
// are new with them, or what is wrong by field.
func (s shelf) read(v form.Values) (work, map[string]*access.Error) {
	w, errs := s.w, map[string]*access.Error{}
	w.Package.Roles, w.Things = nil, slices.Clone(s.w.Things)
	for _, field := range []string{"gives", "givesnew"} {
		for _, value := range v[field] {
			ref, ok := s.chosen(&w, value)
			if !ok {
				errs[field] = access.Refuse(access.NotFound, "unknownThing", "value", cut(value, 60)).At(field)
				continue
			}
			w.Package.Roles = addRole(w.Package.Roles, ref)
		}
	}
	if name := one(v, "byhand"); name != "" {
		w.Package.Roles = addRole(w.Package.Roles, s.byHand(&w, name))
	}
	w.Things = slices.DeleteFunc(w.Things, func(r access.Resource) bool {
		return !slices.ContainsFunc(w.Package.Roles, func(ref access.RoleRef) bool { return ref.Resource == r.ID })
	})
	if len(w.Package.Roles) == 0 && len(errs) == 0 {
		errs["gives"] = access.Refuse(access.Invalid, "givesNothing").At("gives")
	}
	return w, errs
}

func addRole(refs []access.RoleRef, ref access.RoleRef) []access.RoleRef {
	if slices.Contains(refs, ref) {
		return refs
	}
	return append(refs, ref)
}

// chosen is the role that a value stands for; one that is not in the catalog
// becomes a resource of the work. In chats where names are typed, the name of
// one that was found nowhere else will do.
func (s shelf) chosen(w *work, value string) (access.RoleRef, bool) {
	if t, role, ok := s.thing(value); ok {
		return s.add(w, t, role.ID), true
	}
	var ref access.RoleRef
	if ref.UnmarshalText([]byte(value)) == nil {
		n := slices.IndexFunc(s.kept(), func(r access.Resource) bool { return r.ID == ref.Resource })
		if n >= 0 {
			_, ok := s.kept()[n].Role(ref.Role)
			return ref, ok
		}
	}
	found, err := s.findGives("", value)
	if err != nil {
		return ref, false
	}
	found = slices.DeleteFunc(found, func(o form.Option) bool { return !sameText(o.Label, value) })
	if len(found) != 1 || found[0].Value == value {
		return ref, false
	}
	return s.chosen(w, found[0].Value)
}

// add makes a resource of a thing, once for all its roles.
func (s shelf) add(w *work, t runtime.Thing, role string) access.RoleRef {
	for _, r := range w.Things {
		if r.Connector == t.Connector && r.Target == t.Target {
			return access.RoleRef{Resource: r.ID, Role: role}
		}
	}
	r := access.Resource{
		ID: s.freeResource(*w, t.Name), Catalog: w.Package.Catalog, Name: cut(oneLine(t.Name), access.MaxName),
		Connector: t.Connector, Target: t.Target, Roles: t.Roles,
	}
	w.Things = append(w.Things, r)
	return access.RoleRef{Resource: r.ID, Role: role}
}

// byHand is something that a person hands out: the one who makes the package.
func (s shelf) byHand(w *work, name string) access.RoleRef {
	for _, r := range s.kept() {
		if r.Connector == access.ManualConnector && sameText(r.Name, name) && len(r.Roles) > 0 {
			return access.RoleRef{Resource: r.ID, Role: r.Roles[0].ID}
		}
	}
	r := access.Resource{
		ID: s.freeResource(*w, name), Catalog: w.Package.Catalog, Name: name, Connector: access.ManualConnector, Target: name,
		Roles: []access.ResourceRole{{ID: "holder", Name: s.plain("byHand.role"), Can: s.everywhere("byHand.can")}},
		Hands: []access.Subject{access.SomePerson(s.actor.Person)},
	}
	w.Things = append(w.Things, r)
	return access.RoleRef{Resource: r.ID, Role: "holder"}
}

// everywhere is a text in every language that there is.
func (c *call) everywhere(key string) access.Words {
	out := access.Words{In: map[string]string{}}
	for lang, text := range c.texts.Everywhere(key) {
		if lang == "en" {
			out.Text = text
			continue
		}
		out.In[lang] = text
	}
	return out
}

// freeResource is an id that no resource has, nor one of the work.
func (s shelf) freeResource(w work, name string) access.ResourceID {
	return access.ResourceID(slugOf(name, "thing", func(id string) bool {
		known, err := s.core.Resources(s.ctx, s.from.Tenant, access.ResourceID(id))
		_, there := known.Resources[access.ResourceID(id)]
		return err == nil && there || slices.ContainsFunc(w.Things, func(r access.Resource) bool { return string(r.ID) == id })
	}))
}

// mayHand asks the connectors at once whether what is new may be handed out by
// whoever makes the package.
func (s step) mayHand(w work) error {
	if len(w.Things) == 0 {
		return nil
	}
	_, err := s.core.PlanAs(s.ctx, s.from.Tenant, s.from.Account, runtime.Edit{Definitions: runtime.Definitions{Resources: w.Things}})
	if e, ok := access.AsError(err); ok {
		return e.At("gives")
	}
	return err
}
