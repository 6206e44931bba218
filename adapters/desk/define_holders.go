package desk

import (
	"maps"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// mostAffected is how many of those who have a package are counted exactly
// when an edit of it is shown.
const mostAffected = 100

// affects says what edits of packages mean for those who have them or wait
// for them: what a package gives changes for its holders as well; what a
// request pins, policies and terms, does not.
func (c *call) affects(done []runtime.Defined) ([]chat.Block, error) {
	var afters []any
	for _, d := range done {
		afters = append(afters, d.After)
	}
	var out []chat.Block
	for _, d := range done {
		before, was := d.Before.(access.Package)
		after, is := d.After.(access.Package)
		if !was || !is || d.Action == runtime.Deleting {
			continue
		}
		lines, err := c.affectsHolders(before, after, afters)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			out = append(out, chat.Block{Text: line})
		}
	}
	return out, nil
}

func (c *call) affectsHolders(before, after access.Package, along []any) ([]chat.Text, error) {
	s := c.telling(append(along, before, after)...)
	gained, lost := less(s.roleBits(after), s.roleBits(before)), less(s.roleBits(before), s.roleBits(after))
	later := !maps.Equal(s.pinned(before), s.pinned(after))
	if len(gained)+len(lost) == 0 && !later {
		return nil, nil
	}
	views, err := c.core.LedgersOf(c.ctx, c.from.Tenant, after.ID, mostAffected+1)
	if err != nil {
		return nil, err
	}
	have, asked := referring(after.ID, views)
	var out []chat.Text
	switch is := []any{"gained", s.bits(gained), "lost", s.bits(lost)}; {
	case len(gained)+len(lost) == 0 || len(have) == 0:
	case len(views) > mostAffected:
		out = append(out, s.text("affects.rolesMany", append(is, "count", len(have)-1)...))
	default:
		out = append(out, s.count("affects.roles", len(have), is...))
	}
	if later && len(have)+len(asked) > 0 {
		out = append(out, s.text("affects.pinned"))
	}
	return out, nil
}

// pinned is what a request made now would pin of a package: its policies, but
// for what they are called, and its terms. By the facet, in raw form.
func (s scene) pinned(p access.Package) map[string]string {
	out := map[string]string{}
	for _, f := range s.facets(p, false) {
		_, last, _ := strings.Cut(f.key, "/")
		isPolicy := strings.HasPrefix(f.of, "policy.") && last != "name" && last != "description"
		if isPolicy || f.key == "/policies" || last == "terms" || strings.HasPrefix(last, "terms.") {
			out[f.key] = f.raw()
		}
	}
	return out
}
