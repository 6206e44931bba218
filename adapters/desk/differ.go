package desk

import (
	"reflect"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// facet is one thing that a definition says, in words of people.
type facet struct {
	key   string // what tells it from the others of the definition
	of    string // the part that it belongs to: a policy, a stage; "" for the whole
	label string
	// bits are its values; a facet that is no list has one, or none.
	bits []bit
	list bool
	// usual is the raw form of what holds where nothing is said.
	usual string
	// none is the key of what an empty one is called.
	none string
	// named: a list of the parts names it, so of a new part it need not be told.
	named bool
}

// bit is one value: raw is what makes it another one, text how people read it.
// One that is long is shown around what changed of it.
type bit struct {
	raw  string
	text chat.Text
	long bool
}

func (f facet) raw() string {
	var out []string
	for _, b := range f.bits {
		out = append(out, b.raw)
	}
	return strings.Join(out, "\x00")
}

// differences say what two versions of a definition have different: an
// access.Settings, Catalog, Resource or Package each, before nil where it is
// new. Who wrote a version, when and how often is no difference, nor whether a
// file manages it.
func (c *call) differences(before, after any, along ...any) []chat.Text {
	return c.telling(slices.Concat(along, []any{before, after})...).differences(before, after)
}

// telling is a scene that knows the names of all that definitions refer to; a
// name that cannot be read is replaced by the id.
func (c *call) telling(definitions ...any) scene {
	refs := referred(definitions)
	w, err := c.core.AllCatalogs(c.ctx, c.from.Tenant)
	if err == nil && len(refs.resources) > 0 {
		var known engine.World
		known, err = c.core.Resources(c.ctx, c.from.Tenant, refs.resources...)
		w = merged(known, w)
	}
	if err == nil && len(refs.packages) > 0 {
		var known engine.World
		known, err = c.core.World(c.ctx, c.from.Tenant, refs.packages...)
		w = merged(known, w)
	}
	if err != nil {
		c.log.Warn().Err(err).Msg("names for a difference cannot be read")
	}
	w = merged(engine.World{}, w)
	for _, d := range definitions {
		if r, ok := d.(access.Resource); ok && w.Resources[r.ID].ID == "" {
			w.Resources[r.ID] = r
		}
	}
	return c.scene(viewOf(w), refs.people...)
}

// references are what definitions refer to.
type references struct {
	people    []access.PersonID
	resources []access.ResourceID
	packages  []access.PackageID
}

func referred(definitions []any) references {
	var out references
	for _, d := range definitions {
		switch d := d.(type) {
		case access.Settings:
			out.people = append(out.people, peopleIn(d.Admins, d.Auditors)...)
		case access.Catalog:
			for _, holder := range d.Roles {
				out.people = append(out.people, holder.Who.Person)
			}
		case access.Resource:
			out.people = append(out.people, peopleIn(d.Hands)...)
		case access.Package:
			out.people = append(out.people, policyPeople(d)...)
			out.packages = append(out.packages, d.Incompatible...)
			for _, ref := range d.Roles {
				out.resources = append(out.resources, ref.Resource)
			}
		}
	}
	return out
}

// differences draws them from the names that the scene knows.
func (s scene) differences(before, after any) []chat.Text {
	s.admin = true
	many := policiesIn(before) > 1 || policiesIn(after) > 1
	old, now := s.facets(before, many), s.facets(after, many)
	var out []chat.Text
	for _, f := range now {
		n := slices.IndexFunc(old, func(o facet) bool { return o.key == f.key })
		switch {
		case n >= 0 && old[n].raw() != f.raw():
			out = append(out, s.changed(old[n], f))
		case n >= 0 || f.raw() == f.usual:
		case before != nil && holds(old, f.of):
			was := f
			was.bits = nil
			out = append(out, s.changed(was, f))
		case !f.named:
			_, value := s.shortened(facet{}, f)
			out = append(out, s.text("define.lineNew", "field", strong(f.label), "after", value))
		}
	}
	for _, f := range old {
		if after != nil && f.raw() != f.usual && holds(now, f.of) && !slices.ContainsFunc(now, func(n facet) bool { return n.key == f.key }) {
			is := f
			is.bits = nil
			out = append(out, s.changed(f, is))
		}
	}
	return out
}

func policiesIn(v any) int {
	p, _ := v.(access.Package)
	return len(p.Policies)
}

// holds reports whether there is such a part.
func holds(list []facet, part string) bool {
	return part == "" || slices.ContainsFunc(list, func(f facet) bool { return f.of == part })
}

// changed says what a value was and is. Of a long list it says what came and
// went.
func (s scene) changed(before, after facet) chat.Text {
	if after.list && max(len(before.bits), len(after.bits)) > shownPeople {
		came, went := less(after.bits, before.bits), less(before.bits, after.bits)
		key := "differ.list"
		if len(came)+len(went) == 0 {
			key = "differ.order"
		}
		return s.text(key, "field", strong(after.label), "added", s.bits(came), "removed", s.bits(went))
	}
	was, is := s.shortened(before, after)
	if reflect.DeepEqual(was, is) { // two things that are called the same
		was, is = told(was, before), told(is, after)
	}
	return s.text("define.line", "field", strong(after.label), "before", was, "after", is)
}

// told adds what tells a value from another that reads the same.
func told(t chat.Text, f facet) chat.Text {
	if f.raw() == "" {
		return t
	}
	return slices.Concat(t, chat.Say(" ("), chat.Text{code(cut(strings.ReplaceAll(f.raw(), "\x00", ", "), 60))}, chat.Say(")"))
}

// less are the bits that another list has not.
func less(list, other []bit) []bit {
	return slices.DeleteFunc(slices.Clone(list), func(b bit) bool {
		return slices.ContainsFunc(other, func(o bit) bool { return o.raw == b.raw })
	})
}

func (s scene) bits(list []bit) chat.Text {
	var items []chat.Text
	for _, b := range list {
		items = append(items, b.text)
	}
	items = s.clip(items, 2*shownPeople)
	if slices.ContainsFunc(items, func(t chat.Text) bool { return strings.Contains(t.Plain(), ", ") }) {
		return semicolons(items)
	}
	return s.join(items)
}

// semicolons joins items that have commas of their own.
func semicolons(items []chat.Text) chat.Text {
	var out chat.Text
	for i, item := range items {
		if i > 0 {
			out = append(out, chat.Span{Kind: chat.Plain, Text: "; "})
		}
		out = append(out, item...)
	}
	return merge(out)
}

// shortened are two values as they are shown: of long ones what they have
// different, and a little around it.
func (s scene) shortened(before, after facet) (was, is chat.Text) {
	was, is = s.whole(before), s.whole(after)
	if longs(before) || longs(after) {
		a, b := excerpts(was.Plain(), is.Plain())
		was, is = s.or(chat.Say(a), before, after), s.or(chat.Say(b), after, before)
	}
	return s.or(was, before, after), s.or(is, after, before)
}

func longs(f facet) bool { return len(f.bits) > 0 && f.bits[0].long }

func (s scene) whole(f facet) chat.Text {
	if !f.list && len(f.bits) == 1 {
		return f.bits[0].text
	}
	return s.bits(f.bits)
}

// or is the text, or what an empty one is called.
func (s scene) or(t chat.Text, f, other facet) chat.Text {
	if t.Plain() != "" {
		return t
	}
	return s.text(first(f.none, other.none, "differ.nothing"))
}

// How much of a long text is shown, in characters.
const (
	wholeText = 80  // all of it
	aroundIt  = 20  // beside what changed
	itsEdges  = 15  // of its beginning and end
	mostOfIt  = 120 // of what changed
)

// excerpts are two texts, where one is long cut down to what they have
// different, with "…" for what is left out.
func excerpts(a, b string) (string, string) {
	x, y := []rune(a), []rune(b)
	if max(len(x), len(y)) <= wholeText {
		return a, b
	}
	head, tail := 0, 0
	for head < min(len(x), len(y)) && x[head] == y[head] {
		head++
	}
	for tail < min(len(x), len(y))-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	return excerpt(x, head, len(x)-tail), excerpt(y, head, len(y)-tail)
}

// excerpt is the part of a text from one place to another, with its
// surroundings.
func excerpt(x []rune, from, to int) string {
	from, to = max(from-aroundIt, 0), min(to+aroundIt, len(x))
	if from <= itsEdges+3 {
		from = 0
	}
	if to >= len(x)-itsEdges-3 {
		to = len(x)
	}
	out := strings.TrimSpace(string(x[from:to]))
	if n := to - from; n > mostOfIt {
		out = string(x[from:from+mostOfIt/2]) + " … " + string(x[to-mostOfIt/2:to])
	}
	if from > 0 {
		out = strings.TrimSpace(string(x[:itsEdges])) + " … " + out
	}
	if to < len(x) {
		out += " … " + strings.TrimSpace(string(x[len(x)-itsEdges:]))
	}
	return out
}
