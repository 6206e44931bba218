package entra

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/usher-dev/usher/core/access"
)

var update = flag.Bool("update", false, "rewrite the table in docs/entra.md")

// typed is what the CSDL says of a type.
type typed struct {
	base  string
	props []property
}

type property struct{ name, of string } // of: another type, "" for a value

var (
	typeForm     = regexp.MustCompile(`^(?:ComplexType|EntityType) (\w+)(?: : graph\.(\w+))?`)
	propertyForm = regexp.MustCompile(`^   [-~] (\w+): (?:Collection\()?(?:graph\.|Edm\.|microsoft\.\S*?)(\w+)`)
)

// csdl reads the extract of the published schema.
func csdl(t *testing.T) map[string]typed {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "csdl-v1.0.txt"))
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]typed{}
	name := ""
	for text := range strings.SplitSeq(string(data), "\n") {
		if m := typeForm.FindStringSubmatch(text); m != nil {
			name = m[1]
			types[name] = typed{base: m[2]}
		} else if m := propertyForm.FindStringSubmatch(text); m != nil {
			in := types[name]
			in.props = append(in.props, property{m[1], m[2]})
			types[name] = in
		}
	}
	if len(types["accessPackageAssignmentPolicy"].props) != 16 {
		t.Fatalf("the schema was not read: %v", types["accessPackageAssignmentPolicy"])
	}
	return types
}

// coverage goes through objects with the types of the schema.
type coverage struct {
	types map[string]typed
	got   map[string]map[string]string // type, property: "represented" or "kept"
}

// walk notes what became of each property of an object. kept says of a path
// whether it, or something around it, is in a change.
func (c coverage) walk(v any, name string, path []string, kept func([]string) bool) {
	m, ok := v.(tree)
	if !ok {
		return
	}
	if actual := (node{tree: m}).odata(); actual != "" {
		name = actual
	}
	for ; name != ""; name = c.types[name].base {
		for _, p := range c.types[name].props {
			value, there := m[p.name]
			if !there || empty(value) && value != "" {
				continue
			}
			at := step(path, p.name)
			if c.got[name] == nil {
				c.got[name] = map[string]string{}
			}
			if !kept(at) {
				c.got[name][p.name] = "represented"
			} else if c.got[name][p.name] == "" {
				c.got[name][p.name] = "kept"
			}
			list, isList := value.([]any)
			for i, element := range list {
				c.walk(element, p.of, step(at, strconv.Itoa(i)), kept)
			}
			if !isList {
				c.walk(value, p.of, at, kept)
			}
		}
		if c.types[name].base == "entity" {
			c.id(m, name, path, kept)
		}
	}
}

// id is the one property that all entities have from elsewhere.
func (c coverage) id(m tree, name string, path []string, kept func([]string) bool) {
	if _, there := m["id"]; !there {
		return
	}
	if c.got[name] == nil {
		c.got[name] = map[string]string{}
	}
	if !kept(step(path, "id")) {
		c.got[name]["id"] = "represented"
	} else if c.got[name]["id"] == "" {
		c.got[name]["id"] = "kept"
	}
}

// parts are the types of the table: what a policy is made of, and the rest.
func parts() (policy, rest []string) {
	return []string{
			"accessPackageAssignmentPolicy", "accessPackageAssignmentRequestorSettings", "accessPackageAssignmentApprovalSettings",
			"accessPackageApprovalStage", "expirationPattern", "accessPackageQuestion", "accessPackageTextInputQuestion",
			"accessPackageMultipleChoiceQuestion", "accessPackageAnswerChoice", "accessPackageLocalizedText",
			"singleUser", "groupMembers", "requestorManager", "targetManager", "attributeRuleMembers", "connectedOrganizationMembers",
			"singleServicePrincipal", "accessPackageAssignmentReviewSettings", "entitlementManagementSchedule", "patternedRecurrence",
			"recurrencePattern", "recurrenceRange", "accessPackageAutomaticRequestSettings", "accessPackageNotificationSettings",
			"customExtensionStageSetting",
		}, []string{
			"accessPackage", "accessPackageCatalog", "accessPackageResource", "accessPackageResourceRoleScope", "accessPackageResourceRole",
			"accessPackageResourceScope", "accessPackageAssignment",
		}
}

// elsewhere are properties that no object carries in a file by itself.
func elsewhere() map[string]string {
	return map[string]string{
		"accessPackage.assignmentPolicies":    "represented",
		"accessPackageCatalog.accessPackages": "represented",
		"accessPackageCatalog.resources":      "represented",
		"accessPackageResourceRole.resource":  "represented",
		"accessPackageResourceScope.resource": "ignored because the role names the same resource",
	}
}

func TestTheTableOfWhatIsRepresented(t *testing.T) {
	t.Parallel()
	c := coverage{csdl(t), map[string]map[string]string{}}
	s := fullSample(t)
	im := imported(t, fullMap(t), Stored{}, s)
	recs, err := records(im.Definitions.Kept)
	if err != nil {
		t.Fatal(err)
	}
	b := newBuilder(noMap(), Stored{}.Definitions, map[string]record{})
	value, _, err := parse(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range b.collect(node{tree{}, s.Name, "$", &b.problems}, value, unknownKind, "") {
		rec := recs[keptID(one.kind, one.ident)]
		c.walk(one.tree, string(one.kind), nil, func(path []string) bool { return rec.Whole != nil || inChange(rec.Changes, path) })
	}
	golden(t, filepath.Join("..", "..", "docs", "entra.md"), table(t, c))
}

func inChange(changes []change, path []string) bool {
	return slices.ContainsFunc(changes, func(c change) bool {
		return c.keeps() && len(c.Path) <= len(path) && slices.Equal(c.Path, path[:len(c.Path)])
	})
}

// table writes what was found as Markdown.
func table(t *testing.T, c coverage) string {
	t.Helper()
	var b strings.Builder
	policy, rest := parts()
	own := policy[:1]
	b.WriteString("| of | represented | kept | ignored |\n|---|---|---|---|\n")
	c.share(&b, t, "`accessPackageAssignmentPolicy` itself", own)
	c.share(&b, t, "it and all that it is made of", policy)
	c.share(&b, t, "packages, catalogs, resources, assignments", rest)
	b.WriteString("\n| property | |\n|---|---|\n")
	for _, name := range append(policy, rest...) {
		for _, p := range c.properties(name) {
			fmt.Fprintf(&b, "| %s.`%s` | %s |\n", name, p, c.status(t, name, p))
		}
	}
	return b.String()
}

func (c coverage) properties(name string) []string {
	var all []string
	if c.types[name].base == "entity" {
		all = append(all, "id")
	}
	for _, p := range c.types[name].props {
		all = append(all, p.name)
	}
	return all
}

// status is what becomes of a property. One that the sample does not have
// fails the test: the table would be silent about it.
func (c coverage) status(t *testing.T, name, p string) string {
	t.Helper()
	if s, ok := elsewhere()[name+"."+p]; ok {
		return s
	}
	s := c.got[name][p]
	if s == "" {
		t.Errorf("testdata/full.json has no %s.%s", name, p)
	}
	return s
}

func (c coverage) share(b *strings.Builder, t *testing.T, title string, names []string) {
	t.Helper()
	n := map[string]int{}
	all := 0
	for _, name := range names {
		for _, p := range c.properties(name) {
			word, _, _ := strings.Cut(c.status(t, name, p), " ")
			n[word]++
			all++
		}
	}
	cell := func(word string) string { return fmt.Sprintf("%d of %d (%d %%)", n[word], all, n[word]*100/all) }
	fmt.Fprintf(b, "| %s | %s | %s | %s |\n", title, cell("represented"), cell("kept"), cell("ignored"))
}

// golden compares the part of a document between two marks.
func golden(t *testing.T, file, want string) {
	t.Helper()
	const begin, end = "<!-- made by a test: go test ./config/entra -update -->\n", "<!-- end -->"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no marks for the table", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s is not what Usher does any more: look at it, and run the test with -update.\n%s", file, want)
	}
}

func fullSample(t *testing.T) Source {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "full.json"))
	if err != nil {
		t.Fatal(err)
	}
	return Source{"full.json", data}
}

func fullMap(t *testing.T) Map {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "map.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadMaps([]Source{{"map.yaml", data}})
	if err != nil {
		t.Fatal(err)
	}
	if m.People["11111111-0000-4000-8000-000000000001"] != access.PersonID("slack/T1-U1") {
		t.Fatalf("the map is %v", m)
	}
	return m
}
