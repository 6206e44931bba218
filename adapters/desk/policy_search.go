package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// offerPoliciesOr offers the policies of the package that was typed, or
// packages as long as none was.
func (c *call) offerPoliciesOr(cmd Command, typed string) (chat.Reply, error) {
	starts := nameStarts(cmd, typed)
	for n := len(starts) - 1; n > 0; n-- {
		options, err := c.offerPolicies(typed[starts[0]:starts[n]], typed[starts[n]:])
		if err != nil {
			return nil, err
		}
		if len(options) > 0 {
			return behind(typed[:starts[n]], options), nil
		}
	}
	return c.offerNames(cmd, typed, func(query string) ([]form.Option, error) { return c.offerPackages(cmd, query) })
}

// offerPolicies are those policies of a package, by its whole id or name, that
// have the query in their names. Of packages that the person does not look
// after or at there are none.
func (c *call) offerPolicies(name, query string) ([]form.Option, error) {
	name = strings.Trim(strings.TrimSpace(name), `"`)
	w, all, err := c.packagesCalled(name, true)
	if err != nil {
		return nil, err
	}
	f := form.Field{}
	for _, m := range alike(idTyped(name), all) {
		for _, p := range w.Packages[access.PackageID(m.ID)].Policies {
			f.Options = append(f.Options, form.Option{Value: string(p.ID), Label: first(p.Name, string(p.ID)), Hint: cut(oneLine(p.Description), 100)})
		}
	}
	return form.Match(f, query, maxOffered), nil
}
