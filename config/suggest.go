package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// nearest names the Data of a problem that holds what was probably meant.
const nearest = "nearest"

// suggest adds to a problem what was probably meant instead of value: the
// candidate that differs in the fewest letters, if those are few, or else the
// last one that the value is the second word of.
func suggest(e *access.Error, value string, candidates []string) *access.Error {
	best, distance := "", 1+min(max(len(value)/2, 1), 3)
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if value != "" && strings.HasSuffix(c, " "+strings.ToLower(value)) {
			best = c
		}
		if d := levenshtein.ComputeDistance(strings.ToLower(value), strings.ToLower(c)); d < distance {
			best, distance = c, d
		}
	}
	if best == "" {
		return e
	}
	with := *e
	with.Data = maps.Clone(e.Data)
	with.Data[nearest] = best
	return &with
}

// Meant adds to references that lead nowhere what was probably meant, of what
// the sets define.
func Meant(problems access.Problems, sets ...runtime.Definitions) access.Problems {
	ids, roles := map[string][]string{}, map[string][]string{}
	for _, d := range sets {
		for _, c := range d.Catalogs {
			ids["unknownCatalog"] = append(ids["unknownCatalog"], string(c.ID))
		}
		for _, p := range d.Packages {
			ids["unknownPackage"] = append(ids["unknownPackage"], string(p.ID))
		}
		for _, r := range d.Resources {
			ids["unknownResource"] = append(ids["unknownResource"], string(r.ID))
			for _, role := range r.Roles {
				roles[string(r.ID)] = append(roles[string(r.ID)], role.ID)
			}
		}
	}
	out := make(access.Problems, len(problems))
	for i, e := range problems {
		value, _ := e.Data["value"].(string)
		out[i] = suggest(e, value, ids[e.Code])
		if e.Code == "unknownRole" {
			value, _ = e.Data["role"].(string)
			resource, _ := e.Data["resource"].(string)
			out[i] = suggest(e, value, roles[resource])
		}
	}
	return out
}
