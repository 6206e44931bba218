// Package things is what connectors have in common that list what they could
// give (runtime.Finder) and know who has a right over it (runtime.Keeper).
package things

import (
	"cmp"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Pick is what runtime.Finder asks for: at most max of the things whose name or
// target contains query, letters in either case, by name.
func Pick(all []runtime.Thing, query string, max int) []runtime.Thing {
	query = strings.ToLower(strings.TrimSpace(query))
	var out []runtime.Thing
	for _, t := range all {
		if strings.Contains(strings.ToLower(t.Name), query) || strings.Contains(strings.ToLower(t.Target), query) {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b runtime.Thing) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Target, b.Target))
	})
	return out[:min(len(out), max)]
}

// Role is a role of a thing, with what it lets somebody do in English and
// German.
func Role(id, name, en, de string) access.ResourceRole {
	return access.ResourceRole{ID: id, Name: name, Can: access.Words{Text: en, In: map[string]string{"de": de}}}
}

// NotYours refuses somebody who has no right over a resource.
func NotYours(r access.Resource) error {
	return access.Refuse(access.Forbidden, "notYourThing", "resource", r.Name)
}

// Unknown refuses a resource whose target is not there.
func Unknown(r access.Resource) error {
	return access.Refuse(access.NotFound, "unknownTarget", "value", r.Target)
}
