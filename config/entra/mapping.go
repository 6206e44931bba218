package entra

import (
	"maps"
	"slices"
	"strings"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
)

// Map says who and what the directory's objects are in the chats. Keys are
// object ids; of resources their id or originId.
type Map struct {
	People    map[string]access.PersonID `yaml:"people"`
	Groups    map[string]access.GroupID  `yaml:"groups"`
	Resources map[string]Place           `yaml:"resources"`
}

// Place is what gives a resource in Usher. Roles are the connector's names of
// roles by originId or displayName; a role that is not named gets its
// displayName.
type Place struct {
	Connector string            `yaml:"connector"`
	Target    string            `yaml:"target"`
	Roles     map[string]string `yaml:"roles"`
}

// ReadMaps reads the YAML files of a map. Later ones count more. Errors are a
// config.Report.
func ReadMaps(sources []Source) (Map, error) {
	all := Map{map[string]access.PersonID{}, map[string]access.GroupID{}, map[string]Place{}}
	var wrong config.Report
	for _, s := range sources {
		var one Map
		at, err := config.Decode(s.Name, s.Data, &one)
		if err != nil {
			return all, err
		}
		for _, id := range slices.Sorted(maps.Keys(one.People)) {
			for _, e := range one.People[id].Validate() {
				wrong = append(wrong, at(e.At("people."+id), "people", id))
			}
			all.People[strings.ToLower(id)] = one.People[id]
		}
		for _, id := range slices.Sorted(maps.Keys(one.Groups)) {
			for _, e := range one.Groups[id].Validate() {
				wrong = append(wrong, at(e.At("groups."+id), "groups", id))
			}
			all.Groups[strings.ToLower(id)] = one.Groups[id]
		}
		for id, place := range one.Resources {
			all.Resources[strings.ToLower(id)] = place
		}
	}
	if len(wrong) > 0 {
		return all, wrong
	}
	return all, nil
}

// unused notes entries of the map that name nothing in the files, or something
// of another kind. said are all texts of the files, in lower case.
func (b *builder) unused(m Map, said map[string]bool) {
	for _, id := range slices.Sorted(maps.Keys(m.People)) {
		b.entry("people", id, said, b.report.Groups, "a group")
	}
	for _, id := range slices.Sorted(maps.Keys(m.Groups)) {
		b.entry("groups", id, said, b.report.People, "a person")
	}
	for _, id := range slices.Sorted(maps.Keys(m.Resources)) {
		b.entry("resources", id, said, nil, "")
	}
}

func (b *builder) entry(list, id string, said map[string]bool, others map[string][]string, what string) {
	n := node{path: list + "." + id}
	if _, other := others[id]; other {
		b.report.note(n, "In the map under "+list+", but in the files it is "+what+":")
	} else if !said[id] {
		b.report.note(n, "In the map, but in no file:")
	}
}

// wordsIn adds the texts in a value, in lower case.
func wordsIn(v any, said map[string]bool) {
	switch v := v.(type) {
	case string:
		said[strings.ToLower(v)] = true
	case tree:
		for _, x := range v {
			wordsIn(x, said)
		}
	case []any:
		for _, x := range v {
			wordsIn(x, said)
		}
	}
}

// with adds what earlier imports knew; what the files of today say counts more.
func (m Map) with(r record) {
	for id, name := range r.People {
		if _, there := m.People[id]; !there {
			m.People[id] = access.PersonID(name)
		}
	}
	for id, name := range r.Groups {
		if _, there := m.Groups[id]; !there {
			m.Groups[id] = access.GroupID(name)
		}
	}
}

// clone is a map that may be added to.
func (m Map) clone() Map {
	c := Map{map[string]access.PersonID{}, map[string]access.GroupID{}, maps.Clone(m.Resources)}
	maps.Copy(c.People, m.People)
	maps.Copy(c.Groups, m.Groups)
	return c
}
