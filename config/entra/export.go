package entra

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/usher-dev/usher/core/access"
)

// Export is definitions in Graph's words. Lost says, for each object, what
// Graph has no word for.
type Export struct {
	Files []Source
	Lost  []string
}

// Write says definitions in the words of Microsoft Graph: each in the shape in
// which it came, v1.0 for those that were made in Usher, and gives back what
// was kept. Object ids of people and groups are those that they were imported
// with, or the map's.
func Write(s Stored, m Map) (*Export, error) {
	all, err := records(s.Kept)
	if err != nil {
		return nil, err
	}
	m = m.clone()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		m.with(all[id])
	}
	o := output{w: writerOf(m, all), records: all, lists: map[kind][]any{}, resources: map[access.ResourceID]access.Resource{}}
	o.index()
	for _, c := range s.Definitions.Catalogs {
		r := o.of(catalogKind, string(c.ID), "")
		o.add(catalogKind, writeCatalog(c, r), r)
	}
	for _, res := range s.Definitions.Resources {
		o.resources[res.ID] = res
		if r := o.of(resourceKind, string(res.ID), ""); !r.Made {
			o.add(resourceKind, writeResource(res, r), r)
		}
	}
	for _, p := range s.Definitions.Packages {
		o.pack(p)
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if r := all[id]; r.Whole != nil {
			o.lists[r.Kind] = append(o.lists[r.Kind], decode(r.Whole))
		}
	}
	return o.export()
}

// output is an export in the making.
type output struct {
	w         *writer
	records   map[string]record
	twins     map[string]record // by kind, definition and policy
	resources map[access.ResourceID]access.Resource
	lists     map[kind][]any
	lost      []string
}

func (o *output) index() {
	o.twins = map[string]record{}
	for _, id := range slices.Sorted(maps.Keys(o.records)) {
		r := o.records[id]
		name := fmt.Sprint(r.Kind, " ", r.As, " ", r.Policy)
		if other, there := o.twins[name]; r.Whole == nil && (!there || other.Made) {
			o.twins[name] = r
		}
	}
}

func (o *output) of(k kind, as, policy string) record {
	return o.twins[fmt.Sprint(k, " ", as, " ", policy)]
}

func (o *output) pack(p access.Package) {
	r := o.of(packageKind, string(p.ID), "")
	if !r.Made {
		o.add(packageKind, o.writer(r, string(p.ID)).pack(p, r, o.resources), r)
	}
	for _, policy := range p.Policies {
		r := o.of(policyKind, string(p.ID), string(policy.ID))
		o.add(policyKind, o.writer(r, string(p.ID)+"/"+string(policy.ID)).policy(p, policy, r), r)
	}
}

// writer tells what gets lost of an object that was made or edited in Usher.
func (o *output) writer(r record, name string) *writer {
	return o.w.of(r, func(says string) {
		line := name + ": " + says
		if !slices.Contains(r.Lost, says) && !slices.Contains(o.lost, line) {
			o.lost = append(o.lost, line)
		}
	})
}

func (o *output) add(k kind, m tree, r record) {
	o.lists[k] = append(o.lists[k], restore(m, r.Changes))
}

// fileOf is the name of the file for a kind: that of Graph's collection.
func fileOf(k kind) string {
	name := map[kind]string{
		catalogKind: "catalogs", resourceKind: "resources", packageKind: "accessPackages", policyKind: "assignmentPolicies",
		roleScopeKind: "resourceRoleScopes", requestKind: "assignmentRequests", assignmentKind: "assignments",
		resourceRequestKind: "resourceRequests",
	}[k]
	return cmp.Or(name, string(k)) + ".json"
}

func (o *output) export() (*Export, error) {
	e := &Export{Lost: o.lost}
	for _, k := range slices.Sorted(maps.Keys(o.lists)) {
		data, err := json.MarshalIndent(tree{"value": o.lists[k]}, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", k, err)
		}
		e.Files = append(e.Files, Source{fileOf(k), append(data, '\n')})
	}
	return e, nil
}
