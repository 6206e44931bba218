package entra

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// reading turns one object into a definition.
type reading struct {
	m      Map
	report *Report
	rec    *record // of the object that is read
}

// subject finds who an entry of a list is; false when Usher has no word for
// it, or the map does not know it.
func (r reading) subject(n node) (access.Subject, bool) {
	switch strings.ToLower(n.odata()) {
	case "singleuser":
		p, ok := r.person(n, n.text("userId", "id"))
		return access.SomePerson(p), ok
	case "groupmembers":
		g, ok := r.group(n, n.text("groupId", "id"))
		return access.SomeGroup(g), ok
	case "requestormanager":
		return access.Subject{Kind: access.SubjectManager}, n.number("managerLevel") <= 1
	}
	return access.Subject{}, false
}

func (r reading) person(n node, id string) (access.PersonID, bool) {
	id = strings.ToLower(id)
	p, ok := r.m.People[id]
	if !ok {
		missing(r.report.People, id, n)
		return "", false
	}
	r.rec.People[id] = string(p)
	return p, true
}

func (r reading) group(n node, id string) (access.GroupID, bool) {
	id = strings.ToLower(id)
	g, ok := r.m.Groups[id]
	if !ok {
		missing(r.report.Groups, id, n)
		return "", false
	}
	r.rec.Groups[id] = string(g)
	return g, true
}

// subjects are those of a list that are found, each once.
func (r reading) subjects(list []node) []access.Subject {
	var all []access.Subject
	for _, n := range list {
		if s, ok := r.subject(n); ok && !slices.Contains(all, s) && len(all) < access.MaxSubjects {
			all = append(all, s)
		}
	}
	return all
}

// named are the people and groups among subjects.
func named(list []access.Subject) (people []access.PersonID, groups []access.GroupID) {
	for _, s := range list {
		switch s.Kind {
		case access.SubjectPerson:
			people = append(people, s.Person)
		case access.SubjectGroup:
			groups = append(groups, s.Group)
		}
	}
	return people, groups
}
