package entra

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/usher-dev/usher/core/access"
)

// examples are the pages' JSON examples that are published for Graph.
func examples(t *testing.T) []Source {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "examples", "*.json"))
	if err != nil || len(names) < 100 {
		t.Fatalf("found %d examples: %v", len(names), err)
	}
	var all []Source
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Source{filepath.Base(name), data})
	}
	return all
}

func noMap() Map { m, _ := ReadMaps(nil); return m }

// imported reads files and validates what comes of them.
func imported(t *testing.T, m Map, stored Stored, sources ...Source) *Import {
	t.Helper()
	im, err := Read(sources, m, stored)
	if err != nil {
		t.Fatalf("%s: %v", sources[0].Name, err)
	}
	known := access.Known{Catalogs: map[access.CatalogID]access.Catalog{}, Resources: map[access.ResourceID]access.Resource{}, Packages: map[access.PackageID]access.Package{}}
	for _, c := range stored.Definitions.Catalogs {
		known.Catalogs[c.ID] = c
	}
	for _, r := range stored.Definitions.Resources {
		known.Resources[r.ID] = r
	}
	for _, p := range stored.Definitions.Packages {
		known.Packages[p.ID] = p
	}
	if err := im.Explain(access.Set(im.Definitions).Validate(known, 0).Err()); err != nil {
		t.Fatalf("%s: %v", sources[0].Name, err)
	}
	return im
}

// exported gives back what was imported, by the name of the file.
func exported(t *testing.T, im *Import) map[string][]any {
	t.Helper()
	out, err := Write(Stored{im.Definitions, im.Definitions.Kept}, noMap())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]any{}
	for _, f := range out.Files {
		v, _, err := parse(f)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = v.(tree)["value"].([]any)
	}
	return all
}

// objects are those of a kind in a file.
func objects(t *testing.T, s Source, k kind) []tree {
	t.Helper()
	b := newBuilder(noMap(), Stored{}.Definitions, map[string]record{})
	value, _, err := parse(s)
	if err != nil {
		t.Fatal(err)
	}
	var all []tree
	for _, one := range b.collect(node{tree{}, s.Name, "$", &b.problems}, value, hintOf(s.Name), "") {
		if one.kind == k {
			all = append(all, one.tree)
		}
	}
	return all
}

func TestEveryPolicyThatIsPublishedComesBackAsItWas(t *testing.T) {
	t.Parallel()
	n := 0
	for _, s := range examples(t) {
		came := objects(t, s, policyKind)
		if len(came) == 0 {
			continue
		}
		got := exported(t, imported(t, noMap(), Stored{}, s))["assignmentPolicies.json"]
		if len(got) != len(came) {
			t.Errorf("%s: %d policies came back of %d", s.Name, len(got), len(came))
			continue
		}
		for i := range came {
			n++
			if d := difference(came[i], got[i], nil); len(d) > 0 {
				t.Errorf("%s: %s", s.Name, encode(d))
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d policies were compared", n)
	}
}

func TestOnlyWhatUsherHasNoWordForIsKept(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"v1.0-entitlementmanagement-post-assignmentpolicies-8.json": {
			"questions[].isAnswerEditable",
			"requestApprovalSettings.isApprovalRequiredForUpdate",
			"requestApprovalSettings.stages[].primaryApprovers", // whom no map names
			"requestorSettings.enableTargetsToSelfUpdateAccess", // what does not end is not extended
		},
		"beta-tutorial-access-package-api-11.json": {
			"createdBy", "createdDateTime", "modifiedBy", "modifiedDateTime", "requestorSettings.allowedRequestors", "requestorSettings.scopeType",
		},
		"v1.0-entitlementmanagement-post-assignmentpolicies-1.json": {"automaticRequestSettings", "specificAllowedTargets", "allowedTargetScope"},
	} {
		data, err := os.ReadFile(filepath.Join("testdata", "examples", name))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, k := range imported(t, noMap(), Stored{}, Source{name, data}).Report.Kept {
			got = append(got, k.Says)
		}
		got = slices.Compact(slices.Sorted(slices.Values(got)))
		slices.Sort(want)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s keeps %q, want %q", name, got, want)
		}
	}
}

func TestAllThatIsPublishedImportsAtOnceAndOneByOne(t *testing.T) {
	t.Parallel()
	all := examples(t)
	im := imported(t, noMap(), Stored{}, all...)
	if im.Report.Objects < len(all) {
		t.Errorf("%d objects in %d files", im.Report.Objects, len(all))
	}
	for _, s := range all {
		imported(t, noMap(), Stored{}, s)
	}
}

func TestTheSameImportAgainChangesNothing(t *testing.T) {
	t.Parallel()
	all := examples(t)
	first := imported(t, noMap(), Stored{}, all...)
	second := imported(t, noMap(), Stored{first.Definitions, first.Definitions.Kept}, all...)
	before := map[string]string{}
	for name, now := range byName(first) {
		before[name] = now
	}
	for name, now := range byName(second) {
		if now != before[name] {
			t.Errorf("%s was\n%s\nand is\n%s", name, before[name], now)
		}
	}
	if len(second.Definitions.Packages) < 5 || len(second.Definitions.Kept) < 50 {
		t.Errorf("the second import has %d packages and %d kept", len(second.Definitions.Packages), len(second.Definitions.Kept))
	}
}

// byName are the definitions of an import as text.
func byName(im *Import) map[string]string {
	all := map[string]string{}
	for _, c := range im.Definitions.Catalogs {
		all["catalog "+string(c.ID)] = string(encode(c))
	}
	for _, r := range im.Definitions.Resources {
		all["resource "+string(r.ID)] = string(encode(r))
	}
	for _, p := range im.Definitions.Packages {
		all["package "+string(p.ID)] = string(encode(p))
	}
	for _, k := range im.Definitions.Kept {
		all["kept "+k.ID] = string(k.Data)
	}
	return all
}
