package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// groupWord goes before the id of a group where people and groups stand in one
// list: "group:chat/name".
const groupWord = "group:"

// maxGroups is how many groups are looked through for a name.
const maxGroups = 1000

// relations are the entries of a list of approvers that name nobody.
func relations() []access.SubjectKind {
	return []access.SubjectKind{access.SubjectManager, access.SubjectPackageOwner, access.SubjectCatalogOwners, access.SubjectTenantAdmins}
}

// subjectField asks for people, groups and, for approvers, relations. It is
// searched where the chat can (sheet.search: searchSubjects), else typed: names
// or accounts with commas between them. A chat's own choice of people would
// take neither groups nor people of the tenant's other chats.
func (c *call) subjectField(id string, list []access.Subject, relations bool) form.Field {
	f := form.Field{ID: id, Kind: form.Many, Open: true, Label: c.plain("policy.field." + tail(id)), Hint: c.hint("policy.hint." + tail(id))}
	for _, sub := range list {
		f.Options = append(f.Options, form.Option{Value: subjectWord(sub), Label: c.subjectName(sub)})
		f.Value = append(f.Value, subjectWord(sub))
	}
	if relations {
		for _, o := range c.relationOptions() {
			if !slices.Contains(f.Value, o.Value) {
				f.Options = append(f.Options, o)
			}
		}
	}
	return f
}

// tail is a field's id without what comes before the dot.
func tail(id string) string { return id[strings.LastIndexByte(id, '.')+1:] }

// hint is a text that may not be there.
func (c *call) hint(key string) string {
	if !c.has(key) {
		return ""
	}
	return c.plain(key)
}

func (c *call) relationOptions() []form.Option {
	var out []form.Option
	for _, kind := range relations() {
		out = append(out, form.Option{Value: string(kind), Label: c.plain("policy.subject." + string(kind))})
	}
	return out
}

// subjectWord is a subject as the value of an option.
func subjectWord(s access.Subject) string {
	switch s.Kind {
	case access.SubjectPerson:
		return string(s.Person)
	case access.SubjectGroup:
		return groupWord + string(s.Group)
	}
	return string(s.Kind)
}

// subjectName is what people call a subject.
func (c *call) subjectName(s access.Subject) string {
	switch s.Kind {
	case access.SubjectPerson:
		return cut(c.flat(c.mention(s.Person)), access.MaxName)
	case access.SubjectGroup:
		return cut(c.plain("subject.group", "group", c.groupName(s.Group)), access.MaxName)
	}
	return c.plain("policy.subject." + string(s.Kind))
}

// group is a group that can be listed.
type group struct {
	id   access.GroupID
	name string
}

// groups are the groups of the tenant's chats that connectors can list.
func (c *call) groups(query string, max int) []group {
	var out []group
	for _, thing := range c.core.ThingsFor(c.ctx, c.from.Tenant, c.from.Account, query, max) {
		if id, ok := groupOf(thing); ok {
			out = append(out, group{id, thing.Name})
		}
	}
	return out
}

// groupOf is the group that a thing is. A Discord role's target may have its
// server before it.
func groupOf(thing runtime.Thing) (access.GroupID, bool) {
	if thing.Chat == "" || thing.Kind != "group" && thing.Kind != "role" {
		return "", false
	}
	id := access.GroupID(thing.Chat + "/" + thing.Target[strings.LastIndexByte(thing.Target, '/')+1:])
	return id, len(id.Validate()) == 0
}

// groupName is what people call a group, or the end of its id.
func (c *call) groupName(id access.GroupID) string {
	for _, g := range c.groups("", maxGroups) {
		if g.id == id && g.name != "" {
			return g.name
		}
	}
	_, name, _ := strings.Cut(string(id), "/")
	return name
}

// searchSubjects offers people, groups and, where a field takes them,
// relations: what sheet.search wants for the fields of a policy. What is
// exactly a value is found as well, so that what was chosen keeps its name.
func (c *call) searchSubjects(field, query string) ([]form.Option, error) {
	var out []form.Option
	if stageList(field) {
		out = form.Match(form.Field{Options: c.relationOptions()}, query, maxOffered)
	}
	if id, ok := strings.CutPrefix(query, groupWord); ok && len(access.GroupID(id).Validate()) == 0 {
		sub := access.SomeGroup(access.GroupID(id))
		return []form.Option{{Value: query, Label: c.subjectName(sub)}}, nil
	}
	if len(access.Account(query).Validate()) == 0 {
		if profile, actor, err := c.person(query); err == nil {
			return []form.Option{{Value: string(actor.Person), Label: profile.Name, Hint: query}}, nil
		}
	}
	people, err := c.core.SearchPeople(c.ctx, c.from.Tenant, strings.TrimPrefix(query, "@"), maxOffered)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		out = append(out, form.Option{Value: string(p.Person), Label: p.Name, Hint: string(p.Person)})
	}
	for _, g := range c.groups(strings.TrimPrefix(query, "@"), maxOffered) {
		out = append(out, form.Option{Value: groupWord + string(g.id), Label: cut(c.plain("subject.group", "group", g.name), access.MaxName)})
	}
	return out[:min(len(out), maxOffered)], nil
}

// stageList reports whether a field takes relations too.
func stageList(field string) bool {
	return slices.Contains([]string{"approvers", "alternates", "fallbacks"}, tail(field))
}

// readSubjects reads a list of people. Whoever stands in it already need not
// be found any more.
func (c *call) readSubjects(v form.Values, field string, before []access.Subject) ([]access.Subject, *access.Error) {
	var out []access.Subject
	for _, word := range v[field] {
		sub, e := c.readSubject(word, before, stageList(field))
		if e != nil {
			return nil, e.At(field)
		}
		if !slices.Contains(out, sub) {
			out = append(out, sub)
		}
	}
	if len(out) > access.MaxSubjects {
		return nil, access.Refuse(access.Invalid, "tooMany", "max", access.MaxSubjects).At(field)
	}
	return out, nil
}

func (c *call) readSubject(word string, before []access.Subject, relations bool) (access.Subject, *access.Error) {
	for _, sub := range before {
		if subjectWord(sub) == word {
			return sub, nil
		}
	}
	if relations {
		for _, o := range c.relationOptions() {
			if sameText(o.Value, word) || sameText(o.Label, word) {
				return access.Subject{Kind: access.SubjectKind(o.Value)}, nil
			}
		}
	}
	if id, ok := strings.CutPrefix(word, groupWord); ok {
		return c.typedGroup(strings.TrimSpace(id))
	}
	found, e := c.called(word)
	switch {
	case e != nil:
		return access.Subject{}, e
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return access.Subject{}, access.Refuse(access.Invalid, "severalSubjects", "value", shortWord(word))
	}
	return access.Subject{}, access.Refuse(access.NotFound, "unknownSubject", "value", shortWord(word))
}

func shortWord(word string) string { return cut(oneLine(word), 60) }

// typedGroup is a group by its id, with or without its chat, or by its name. An
// id is taken on trust: not every chat lists its groups.
func (c *call) typedGroup(typed string) (access.Subject, *access.Error) {
	for _, g := range c.groups("", maxGroups) {
		if sameText(g.name, typed) {
			return access.SomeGroup(g.id), nil
		}
	}
	id := access.GroupID(c.accountOf(typed))
	if _, ok := c.chats[chatOf(id)]; !ok || len(id.Validate()) > 0 || !c.here(chatOf(id)) {
		return access.Subject{}, access.Refuse(access.NotFound, "unknownSubject", "value", shortWord(typed))
	}
	return access.SomeGroup(id), nil
}

// here reports whether a chat is the tenant's.
func (c *call) here(name string) bool {
	return len(c.tenants) == 0 || c.tenants[name] == c.from.Tenant
}

// called is everybody and everything that a word may name: the person with
// that account, else people and groups of that name.
func (c *call) called(word string) ([]access.Subject, *access.Error) {
	if len(access.Account(c.accountOf(word)).Validate()) == 0 {
		_, actor, err := c.person(c.accountOf(word))
		if err == nil && actor.Standing.Human() {
			return []access.Subject{access.SomePerson(actor.Person)}, nil
		}
		if e, ok := access.AsError(err); err != nil && (!ok || e.Kind == access.Unavailable) {
			return nil, access.Refuse(access.Unavailable, "tryAgain")
		}
	}
	name := strings.TrimPrefix(word, "@")
	people, err := c.core.SearchPeople(c.ctx, c.from.Tenant, name, maxOffered)
	if err != nil {
		return nil, access.Refuse(access.Unavailable, "tryAgain")
	}
	var out []access.Subject
	for _, p := range people {
		if sameText(p.Name, name) {
			out = append(out, access.SomePerson(p.Person))
		}
	}
	for _, g := range c.groups("", maxGroups) {
		if sameText(g.name, name) || sameText(string(g.id), name) || sameText(c.subjectName(access.SomeGroup(g.id)), word) {
			out = append(out, access.SomeGroup(g.id))
		}
	}
	return out, nil
}

// everyone are people and groups as one list.
func everyone(people []access.PersonID, groups []access.GroupID) []access.Subject {
	var out []access.Subject
	for _, p := range people {
		out = append(out, access.SomePerson(p))
	}
	for _, g := range groups {
		out = append(out, access.SomeGroup(g))
	}
	return out
}

// apart is the inverse of everyone.
func apart(list []access.Subject) (people []access.PersonID, groups []access.GroupID) {
	for _, sub := range list {
		if sub.Kind == access.SubjectGroup {
			groups = append(groups, sub.Group)
		} else {
			people = append(people, sub.Person)
		}
	}
	return people, groups
}
