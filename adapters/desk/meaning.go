package desk

import (
	"iter"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// exactly goes before an id that means itself and never a name: where several
// have the same name, "id:wiki-2" is one of them.
const exactly = "id:"

// meaning is something that a name may stand for.
type meaning struct {
	ID, Name string
	// In is the name of the catalog that it is in; a catalog is in none.
	In string
}

// idTyped is the id that was typed, if it was one.
func idTyped(typed string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(typed), exactly))
}

// part is what to look for in names and ids to find all that may be meant.
func part(typed string) string { return strings.TrimPrefix(idTyped(typed), "#") }

// pick is the one of all that is meant by what was typed, by its id or its
// name, with "#" or without; or the only one there is, where all have it as a
// part of theirs. It is severalNamed when several have that id or name: which
// of them is never guessed. False when none is meant.
func (c *call) pick(kind runtime.Kind, typed string, all []meaning) (string, bool, error) {
	return c.pickFrom(kind, typed, alike(typed, all), all)
}

// pickFrom is pick where those that are equal to what was typed are known.
func (c *call) pickFrom(kind runtime.Kind, typed string, equal, all []meaning) (string, bool, error) {
	id, sure := strings.CutPrefix(strings.TrimSpace(typed), exactly)
	if chosen, ok := c.meant[meantKey(kind, typed)]; ok {
		id, sure = chosen, true
	}
	if sure {
		n := slices.IndexFunc(all, func(m meaning) bool { return sameText(m.ID, id) })
		return strings.ToLower(strings.TrimSpace(id)), n >= 0, nil
	}
	switch {
	case len(equal) > 1:
		return "", false, several(c.tongue, kind, typed, equal)
	case len(equal) == 1:
		return equal[0].ID, true, nil
	case len(all) == 1:
		return all[0].ID, true, nil
	}
	return "", false, nil
}

// alike are those with that id or name; where there is none, those that differ
// from it only by a "#".
func alike(typed string, all []meaning) []meaning {
	bare := func(s string) string { return strings.TrimPrefix(strings.TrimSpace(s), "#") }
	for _, same := range []func(string) bool{
		func(s string) bool { return sameText(s, typed) },
		func(s string) bool { return sameText(bare(s), bare(typed)) },
	} {
		found := slices.DeleteFunc(slices.Clone(all), func(m meaning) bool { return !same(m.ID) && !same(m.Name) })
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// several refuses to guess, and says how each can be typed.
func several(g tongue, kind runtime.Kind, typed string, equal []meaning) *access.Error {
	var items []chat.Text
	for _, m := range equal[:min(len(equal), listRows)] {
		items = append(items, g.text("which.item", "typed", code(exactly+m.ID), "name", m.Name, "in", m.In))
	}
	return access.Refuse(access.Invalid, "severalNamed", "name", cut(typed, 60), "others", g.join(items), "kind", kind, "typed", typed, "all", equal).At(string(kind))
}

// packagesCalled are the packages that may be meant by a name, as far as the
// person may see them; for an admin those that they look after or at.
func (c *call) packagesCalled(typed string, admin bool) (engine.World, []meaning, error) {
	id := access.PackageID(idTyped(typed))
	own, err := c.core.World(c.ctx, c.from.Tenant, id)
	if err != nil {
		return own, nil, err
	}
	w, ids, err := c.nameable(part(typed), admin)
	if err != nil {
		return w, nil, err
	}
	w = merged(own, w)
	if p, ok := own.Packages[id]; ok && !admin && engine.MaySee(p, own, c.actor) && !slices.Contains(ids, id) {
		ids = append(ids, id)
	}
	var all []meaning
	for _, id := range ids {
		all = append(all, packageMeaning(w, id))
	}
	return w, all, nil
}

func packageMeaning(w engine.World, id access.PackageID) meaning {
	p := w.Packages[id]
	return meaning{ID: string(id), Name: first(p.Name, string(id)), In: w.Catalogs[p.Catalog].Name}
}

// ofPackages tells packages with one name apart in a choice.
func ofPackages(w engine.World) func(id string) meaning {
	return func(id string) meaning { return packageMeaning(w, access.PackageID(id)) }
}

// toldApart names the options that have the same label after what tells them
// apart: their catalog and id. Of the others nothing changes.
func toldApart(options []form.Option, of func(id string) meaning) []form.Option {
	count := map[string]int{}
	for _, o := range options {
		count[strings.ToLower(o.Label)]++
	}
	for i, o := range options {
		if count[strings.ToLower(o.Label)] < 2 {
			continue
		}
		m := of(o.Value)
		end := " (" + strings.TrimPrefix(m.In+" · "+m.ID, " · ") + ")"
		options[i].Label = cut(o.Label, max(access.MaxName-len([]rune(end)), 20)) + end
	}
	return options
}

// exact tells options apart whose values are going to be typed: those that
// others are called like mean nothing else then.
func exact(options []form.Option, of func(id string) meaning) []form.Option {
	named := toldApart(slices.Clone(options), of)
	for i := range named {
		if named[i].Label != options[i].Label {
			named[i].Value = exactly + named[i].Value
		}
	}
	return named
}

// amongMeanings finds what is told apart by its id.
func amongMeanings(all []meaning) func(id string) meaning {
	return func(id string) meaning {
		n := slices.IndexFunc(all, func(m meaning) bool { return m.ID == id })
		if n < 0 {
			return meaning{ID: id}
		}
		return all[n]
	}
}

// spellings are what was typed and, for a channel that was mentioned, its name:
// to be looked for one after the other.
func (c *call) spellings(typed string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(typed) {
			return
		}
		if name, ok := c.channelCalled(typed); ok && name != typed {
			yield(name)
		}
	}
}

// channelCalled is the name of a channel that was mentioned by its id, as the
// chat said it along or a connector lists it. False for what is no mention.
func (c *call) channelCalled(typed string) (string, bool) {
	mention, ok := strings.CutPrefix(typed, "#")
	id, name, said := strings.Cut(mention, "|")
	switch {
	case !ok || id == "":
		return "", false
	case said:
		return "#" + name, name != ""
	}
	for _, thing := range c.core.ThingsFor(c.ctx, c.from.Tenant, c.from.Account, id, maxListed) {
		if name := strings.TrimPrefix(thing.Name, "#"); thing.Kind == "channel" && lastPart(thing.Target) == id && name != id {
			return "#" + name, true
		}
	}
	return "", false
}
