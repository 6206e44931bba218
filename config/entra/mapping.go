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
