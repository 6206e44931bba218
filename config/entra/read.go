package entra

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Stored is what a store has already: an import adds to it.
type Stored struct {
	Definitions runtime.Definitions
	Kept        []access.Kept
}

// Import is what became of files: what is to be applied, and the report.
type Import struct {
	Definitions runtime.Definitions
	Report      Report
	// places are where the definitions come from, by the path that their
	// problems have.
	places map[string]node
}

// item is one object of the files.
type item struct {
	node
	kind  kind
	ident string // tells it from others of its kind
	// owner is the ident of the catalog or package that it was found in.
	owner string
	// within: it is a part of another object, which is kept whole.
	within bool
}

// Read turns files into definitions that add to what is stored. Errors are a
// config.Report: files that are no JSON, values of another kind than Graph
// documents, and definitions that Usher refuses.
func Read(sources []Source, m Map, stored Stored) (*Import, error) {
	earlier, err := records(stored.Kept)
	if err != nil {
		return nil, err
	}
	b := newBuilder(m.clone(), stored.Definitions, earlier)
	var items []item
	said := map[string]bool{}
	for _, s := range sources {
		value, twice, err := parse(s)
		if err != nil {
			return nil, err
		}
		wordsIn(value, said)
		root := node{tree{}, s.Name, "$", &b.problems}
		for _, path := range twice {
			b.report.ignore(node{file: s.Name, path: path}, "the key is there twice, and the last one counts")
		}
		items = append(items, b.collect(root, value, hintOf(s.Name), "")...)
	}
	b.report.Objects = len(items)
	for _, one := range b.once(items) {
		b.read(one)
	}
	b.finish()
	b.unused(m, said)
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return b.result(), nil
}

// Explain gives problems of the definitions their files and JSON paths.
func (im *Import) Explain(err error) error {
	problems, ok := access.AsProblems(err)
	if !ok {
		return err
	}
	var all config.Report
	for _, p := range problems {
		place := p.Field
		for place != "" && im.places[place].file == "" {
			place = place[:max(strings.LastIndexAny(place, ".["), 0)]
		}
		if n, ok := im.places[place]; ok {
			all = append(all, config.Problem{Source: n.file, Err: p.At(n.path + ", as " + p.Field)})
			continue
		}
		all = append(all, config.Problem{Err: p})
	}
	return all
}

var contextForm = regexp.MustCompile(`(?i)(accessPackages|catalogs|accessPackageCatalogs)\('([^']+)'\)/([A-Za-z]+)`)

// collect finds the objects of a value: one, a list, or lists within.
func (b *builder) collect(root node, value any, hint kind, owner string) []item {
	switch v := value.(type) {
	case []any:
		return b.collectList(root, v, hint, owner)
	case tree:
		n := node{v, root.file, root.path, root.problems}
		if context, ok := v["@odata.context"].(string); ok {
			if found := contextForm.FindStringSubmatch(context); found != nil {
				owner = found[2]
			}
			hint = hintOfContext(context, hint)
		}
		list, isList := v["value"].([]any)
		if inner, ok := v["value"].(tree); ok {
			list, isList = []any{inner}, true
		}
		if b.answersNothing(n) {
			return nil
		}
		if isList {
			b.ignoreOData(n)
			root.path += ".value"
			return b.collectList(root, list, hint, owner)
		}
		return b.object(n, hint, owner)
	}
	root.bad(root.path, "an object or a list")
	return nil
}

func (b *builder) collectList(root node, list []any, hint kind, owner string) []item {
	var items []item
	for i, v := range list {
		at := root
		at.path = fmt.Sprintf("%s[%d]", root.path, i)
		items = append(items, b.collect(at, v, hint, owner)...)
	}
	return items
}

// answersNothing notes that something is not all that was asked for, and
// reports whether it holds no object at all.
func (b *builder) answersNothing(n node) bool {
	for key := range n.tree {
		if strings.HasSuffix(key, "@odata.nextLink") {
			b.report.note(n, "This is one page of several: fetch what "+key+" names, and import it too.")
		}
	}
	if problem, ok := n.tree["error"].(tree); ok && !n.has("id") {
		b.report.note(n, fmt.Sprintf("Graph answered with an error (%v) instead of objects.", problem["code"]))
		return true
	}
	if v, there := n.tree["value"]; there && v == nil {
		b.report.note(n, "The value is null: there are no objects in this answer.")
		return true
	}
	return false
}

// hintOfContext says of which kind the objects are that an answer names.
func hintOfContext(context string, hint kind) kind {
	name := context[strings.LastIndexByte(context, '#')+1:]
	name = strings.TrimSuffix(name, "/$entity")
	name = name[strings.LastIndexByte(name, '/')+1:]
	if i := strings.IndexByte(name, '('); i >= 0 {
		name = name[:i]
	}
	switch strings.ToLower(name) {
	case "assignmentpolicies", "accesspackageassignmentpolicies":
		return policyKind
	case "catalogs", "accesspackagecatalogs":
		return catalogKind
	case "accesspackages", "incompatibleaccesspackages", "accesspackagesincompatiblewith":
		return packageKind
	case "resourcerolescopes", "accesspackageresourcerolescopes":
		return roleScopeKind
	case "assignments", "accesspackageassignments":
		return assignmentKind
	}
	return hint
}

// children are the lists in an object whose elements are objects of their own.
func children(k kind) []string {
	switch k {
	case catalogKind:
		return []string{"accessPackages", "resources", "accessPackageResources"}
	case packageKind:
		return []string{"assignmentPolicies", "accessPackageAssignmentPolicies"}
	}
	return nil
}

// object makes an item of an object, and items of those in it.
func (b *builder) object(n node, hint kind, owner string) []item {
	one := item{node: n, kind: kindOf(n, hint), owner: owner}
	one.ident = cmp.Or(n.text("id"), identOf(n, owner))
	items := []item{one}
	for _, name := range children(one.kind) {
		inner := map[string]kind{"accessPackages": packageKind, "resources": resourceKind, "accessPackageResources": resourceKind}[name]
		for _, child := range n.list(name) {
			items = append(items, b.object(child, cmp.Or(inner, policyKind), one.ident)...)
		}
		delete(n.tree, name)
	}
	if one.kind == resourceRequestKind {
		items = append(items, b.requested(n)...)
	}
	return items
}

// requested is the resource that a request puts into a catalog.
func (b *builder) requested(n node) []item {
	res, ok := n.node("resource", "accessPackageResource")
	if !ok || !strings.EqualFold(n.text("requestType"), "adminAdd") {
		return nil
	}
	items := b.object(res, resourceKind, refOf(n))
	items[0].within = true
	return items
}

// identOf tells an object without an id from others by all that it says: two
// that have a name in common may be different objects.
func identOf(n node, owner string) string {
	sum := sha256.Sum256(append([]byte(owner+"|"), encode(n.tree)...))
	return strings.TrimSpace(n.text("displayName", "originId") + " " + hex.EncodeToString(sum[:8]))
}

// refOf is the id of the package or catalog that an object names.
func refOf(n node) string {
	for _, name := range []string{"accessPackage", "catalog"} {
		if id := n.text(name + "Id"); id != "" {
			return id
		}
		if ref, ok := n.tree[name].(tree); ok {
			if id, ok := ref["id"].(string); ok {
				return id
			}
		}
	}
	return ""
}

// once sorts items in the order to read them, each object once: of several
// that are the same the fullest counts, and of those the last.
func (b *builder) once(items []item) []item {
	best := map[string]int{}
	for i, one := range items {
		id := keptID(one.kind, one.ident)
		if j, there := best[id]; !there || leaves(one.tree) >= leaves(items[j].tree) {
			best[id] = i
		}
	}
	var rest []item
	for i, one := range items {
		winner := items[best[keptID(one.kind, one.ident)]]
		if best[keptID(one.kind, one.ident)] == i {
			rest = append(rest, one)
			continue
		}
		b.report.ignore(one.node, fmt.Sprintf("%s %s says the same object more fully or later", winner.file, winner.path))
	}
	slices.SortStableFunc(rest, func(x, y item) int { return cmp.Compare(x.kind.order(), y.kind.order()) })
	return rest
}

func leaves(v any) int {
	n := 1
	switch v := v.(type) {
	case tree:
		for _, x := range v {
			n += leaves(x)
		}
	case []any:
		for _, x := range v {
			n += leaves(x)
		}
	}
	return n
}

func (b *builder) ignoreOData(n node) {
	for key := range n.tree {
		if strings.HasPrefix(key, "@odata.") {
			b.odata++
		} else if key != "value" {
			b.report.ignore(node{file: n.file, path: n.path + "." + key}, "it stands beside a list and says nothing of its objects")
		}
	}
}
