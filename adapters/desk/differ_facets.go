package desk

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// facets are all that a definition says, in the order of its page. many: its
// policies are told apart by name.
func (s scene) facets(definition any, many bool) []facet {
	f := &facets{scene: s}
	switch d := definition.(type) {
	case access.Settings:
		f.settings(d)
	case access.Catalog:
		f.catalog(d)
	case access.Resource:
		f.resource(d)
	case access.Package:
		f.pack(d, many)
	}
	return f.all
}

// facets collects what a definition says. What is added belongs to the part of.
type facets struct {
	scene
	of  string
	all []facet
}

func (f *facets) add(v facet) {
	v.of, v.key = f.of, f.of+"/"+v.key
	f.all = append(f.all, v)
}

// word adds a value that is shown as it is.
func (f *facets) word(key, label, raw string, text chat.Text, usual string) {
	f.add(facet{key: key, label: label, bits: []bit{{raw: raw, text: text}}, usual: usual})
}

// letters adds a value that is read letter by letter.
func (f *facets) letters(key, label, value string) {
	if value == "" {
		f.word(key, label, "", nil, "")
		return
	}
	f.word(key, label, value, chat.Text{code(cut(oneLine(value), wholeText))}, "")
}

// yes adds what holds or does not.
func (f *facets) yes(key, label string, on bool) {
	f.word(key, label, yesNo(on), chat.Say(lowerFirst(f.plain("answer."+yesNo(on)))), "no")
}

// prose adds a text.
func (f *facets) prose(key, label, text string) {
	f.add(facet{key: key, label: label, bits: []bit{prose(text)}})
}

func prose(text string) bit {
	return bit{raw: text, long: true, text: chat.Say(strings.ReplaceAll(strings.ReplaceAll(text, "\r", ""), "\n", " ↵ "))}
}

// words adds a text in each of its languages; label makes the label of one.
func (f *facets) words(key string, label func(lang string) string, w access.Words) {
	f.prose(key, label(""), w.Text)
	for _, lang := range slices.Sorted(maps.Keys(w.In)) {
		f.prose(key+"."+lang, label(lang), w.In[lang])
	}
}

// names adds a list.
func (f *facets) names(key, label, none string, bits []bit) {
	f.add(facet{key: key, label: label, bits: bits, list: true, none: none})
}

// subjectsAre adds a list of people.
func (f *facets) subjectsAre(key, label string, list []access.Subject) {
	f.names(key, label, "differ.nobody", f.subjectBits(list))
}

func (s scene) subjectBits(list []access.Subject) []bit {
	var out []bit
	for _, sub := range list {
		out = append(out, bit{raw: sub.String(), text: s.subject(sub)})
	}
	return out
}

// routing adds where approvers are asked; usual is the key of what holds
// where no channel is named.
func (f *facets) routing(r access.Routing, usual string) {
	raw := ""
	if len(r.Channels) > 0 || r.ChannelOnly {
		raw = yesNo(r.ChannelOnly)
	}
	for _, channel := range r.Channels {
		raw += " " + string(channel)
	}
	f.word("routing", f.plain("label.routing"), raw, f.routed(r, usual), "")
}

func (f *facets) settings(set access.Settings) {
	f.prose("name", f.plain("differ.name"), set.Name)
	f.subjectsAre("admins", f.plain("differ.admins"), set.Admins)
	f.subjectsAre("auditors", f.plain("differ.auditors"), set.Auditors)
	f.routing(set.Routing, "routing.direct")
	f.letters("locale", f.plain("differ.locale"), first(set.Locale, "en"))
	f.letters("zone", f.plain("differ.zone"), first(set.Zone, "UTC"))
	f.choice("restore", "settings.tell", "settings.restore", set.Restore)
	f.choice("takeFound", "settings.leave", "settings.take", set.TakeFound)
	f.number("stageLimit", f.plain("differ.stageLimit"), stageLimit(set), access.DefaultStageLimit)
}

// choice adds one of two sentences.
func (f *facets) choice(key, off, on string, is bool) {
	word := off
	if is {
		word = on
	}
	f.word(key, f.plain("differ."+key), yesNo(is), f.text(word), "no")
}

// number adds a number.
func (f *facets) number(key, label string, n, usual int) {
	f.word(key, label, strconv.Itoa(n), chat.Say(strconv.Itoa(n)), strconv.Itoa(usual))
}

func (f *facets) catalog(g access.Catalog) {
	f.prose("name", f.plain("differ.name"), g.Name)
	f.prose("description", f.plain("differ.description"), g.Description)
	for _, role := range []access.CatalogRole{access.CatalogOwner, access.CatalogReader, access.PackageManager, access.AssignmentManager} {
		var who []access.Subject
		for _, holder := range g.Roles {
			if holder.Role == role {
				who = append(who, holder.Who)
			}
		}
		f.subjectsAre(string(role), f.plain("role."+string(role)), who)
	}
	f.routing(g.Routing, "routing.asTenant")
}

func (f *facets) resource(r access.Resource) {
	f.inCatalog(r.Catalog)
	f.prose("name", f.plain("differ.name"), r.Name)
	f.prose("description", f.plain("differ.description"), r.Description)
	f.letters("connector", f.plain("differ.connector"), r.Connector)
	f.letters("target", f.plain("differ.target"), r.Target)
	f.subjectsAre("hands", f.plain("label.handsOut"), r.Hands)
	var roles []bit
	for _, role := range r.Roles {
		roles = append(roles, bit{raw: role.ID, text: chat.Say(first(role.Name, role.ID))})
	}
	f.names("roles", f.plain("differ.roles"), "", roles)
	for _, role := range r.Roles {
		f.of = "role." + role.ID
		f.add(facet{key: "name", label: f.plain("differ.roleName"), bits: []bit{prose(role.Name)}, named: true})
		f.words("can", func(lang string) string {
			return f.plain("differ.can", "role", first(role.Name, role.ID), "lang", lang)
		}, role.Can)
		f.of = ""
	}
}

func (f *facets) inCatalog(id access.CatalogID) {
	f.word("catalog", f.plain("differ.catalog"), string(id), chat.Say(first(f.w.Catalogs[id].Name, string(id))), "")
}

// roleBits are the roles of a package.
func (s scene) roleBits(p access.Package) []bit {
	var out []bit
	for _, ref := range p.Roles {
		out = append(out, bit{raw: ref.String(), text: s.roleName(ref)})
	}
	return out
}

func (f *facets) pack(p access.Package, many bool) {
	f.inCatalog(p.Catalog)
	f.prose("name", f.plain("differ.name"), p.Name)
	f.prose("description", f.plain("differ.description"), p.Description)
	var others, policies []bit
	for _, id := range p.Incompatible {
		others = append(others, bit{raw: string(id), text: chat.Text{f.pkg(id)}})
	}
	for _, policy := range p.Policies {
		policies = append(policies, bit{raw: string(policy.ID), text: chat.Say(first(policy.Name, string(policy.ID)))})
	}
	f.names("gives", f.plain("differ.gives"), "", f.roleBits(p))
	f.names("policies", f.plain("differ.policies"), "", policies)
	for _, policy := range p.Policies {
		f.of = "policy." + string(policy.ID)
		f.policy(policy, many)
		f.of = ""
	}
	var terms access.Words
	if p.Terms != nil {
		terms = p.Terms.Text
	}
	f.words("terms", func(lang string) string { return f.plain("differ.terms", "lang", lang) }, terms)
	f.names("incompatible", f.plain("show.incompatible"), "", others)
	f.word("listed", f.plain("differ.listed"), yesNo(!p.Hidden), chat.Say(lowerFirst(f.plain("answer."+yesNo(!p.Hidden)))), "yes")
	f.routing(p.Routing, "differ.asCatalog")
}
