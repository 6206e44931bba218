package desk

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/config"
)

// exampleNames are commands of the documents that name a catalog, resource or package.
var exampleNames = regexp.MustCompile(`/access-admin (?:catalog (?:show|edit|delete)|resource (?:show|edit|delete)|(?:package|policy) (?:show|edit|copy|hide|unhide|delete|post|list|add|questions|move)|(?:package simulate|assign|remove|cancel|retry|why|audit) @[a-z]+|bulk|report packages) ([a-z][a-z-]*)`)

// Whoever tries an example of the documents in the demo finds what it names.
// What an example makes itself is there for those after it.
func TestExamplesOfTheDocumentsAreInTheDemo(t *testing.T) {
	t.Parallel()
	demo, err := os.ReadFile("../../config/sample/demo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, err := config.ParseDefinitions("demo.yaml", demo, time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"design", "external-contractor"}
	for _, g := range d.Catalogs {
		known = append(known, string(g.ID))
	}
	for _, r := range d.Resources {
		known = append(known, string(r.ID))
	}
	for _, p := range d.Packages {
		known = append(known, string(p.ID))
	}
	for _, file := range []string{"../../README.md", "../../docs/admins.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := exampleNames.FindAllStringSubmatch(string(text), -1)
		if len(found) == 0 {
			t.Errorf("%s names nothing", file)
		}
		for _, m := range found {
			if !slices.Contains(known, m[1]) && !strings.HasPrefix(m[1], "until") {
				t.Errorf("%s: %q is not in the demo", file, m[0])
			}
		}
	}
}
