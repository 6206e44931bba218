package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// says runs a command that is to go well, and returns what it prints.
func says(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, &out, &errs); code != 0 {
		t.Fatalf("usher %s ended with %d:\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	return out.String()
}

// graph are the objects of a file by their ids.
func graph(t *testing.T, file string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Value []map[string]any }
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	for _, one := range list.Value {
		all[one["id"].(string)] = one
	}
	return all
}

func TestImportFromEntraAndExportAgain(t *testing.T) {
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	t.Setenv("REDIS_URL", "")
	of := filepath.Join("..", "config", "entra", "testdata")
	sample, people := filepath.Join(of, "full.json"), filepath.Join(of, "map.yaml")
	data := filepath.Join(t.TempDir(), "data")
	args := []string{"import", "entra", sample, "--map", people, "--data", data}

	plan := says(t, append(args, "--dry-run")...)
	wants(t, plan, "create package design", "create resource designers", "create settings", "Kept, not yet acted on:", "reviewSettings", "full.json $.value[3]", "dry run")
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the dry run left a store: %v", err)
	}
	wants(t, says(t, append(args, "--yes")...), "create package design", "Imported.")
	wants(t, says(t, append(args, "--yes")...), "0 to create, 0 to change, 0 to delete")

	dir := t.TempDir()
	out := says(t, "export", "--format", "entra", "-o", dir, "--data", data)
	if strings.Contains(out, "no word") {
		t.Errorf("something is said to be lost: %s", out)
	}
	came, got := graph(t, sample), graph(t, filepath.Join(dir, "assignmentPolicies.json"))
	for _, id := range []string{"b0000000-0000-4000-8000-000000000001", "b0000000-0000-4000-8000-000000000002"} {
		if !reflect.DeepEqual(got[id], came[id]) {
			t.Errorf("policy %s came as\n%v\nand is\n%v", id, came[id], got[id])
		}
	}
	wants(t, usher(t, "export", "--format", "entra", "-o", dir, "--data", data), "accessPackages.json", "exists")
}

func TestAllPublishedExamplesGoThroughBothStores(t *testing.T) {
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	t.Setenv("REDIS_URL", "")
	examples := filepath.Join("..", "config", "entra", "testdata", "examples")
	came := objectsIn(t, examples, "*.json")
	for _, store := range [][]string{{"--data", t.TempDir()}, {"--redis", redistest.Start(t), "--allow-unsafe-redis"}} {
		args := append([]string{"import", "entra", examples, "--yes"}, store...)
		wants(t, says(t, args...), "create package", "Imported.")
		wants(t, says(t, args...), "0 to create, 0 to change, 0 to delete")
		dir := t.TempDir()
		says(t, append([]string{"export", "--format", "entra", "-o", dir}, store...)...)
		back := objectsIn(t, dir, "a*.json") // packages, policies, assignments, requests
		for text := range back {
			if !came[text] {
				t.Errorf("%s: nobody published this:\n%s", store[0], text)
			}
		}
		if len(back) < 50 {
			t.Errorf("%s: %d objects came back", store[0], len(back))
		}
	}
}

// objectsIn are the objects in files of a folder, as text.
func objectsIn(t *testing.T, dir, names string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, names))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var one map[string]any
		if err := json.Unmarshal(data, &one); err != nil {
			t.Fatal(err)
		}
		list, ok := one["value"].([]any)
		if !ok {
			list = []any{one}
		}
		for _, object := range list {
			text, err := json.Marshal(object)
			if err != nil {
				t.Fatal(err)
			}
			all[string(text)] = true
		}
	}
	return all
}

func TestImportFromEntraRefusesInASentence(t *testing.T) {
	t.Setenv("USHER_ADMINS", "slack:T12/U12")
	t.Setenv("REDIS_URL", "")
	dir, data := t.TempDir(), t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(bad, []byte(`{"value": [{"accessPackageId": "p", "requestorSettings": 7}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	wants(t, usher(t, "import", "entra"), "say which files", "usher import entra graph/")
	wants(t, usher(t, "import", "entra", bad, "--data", data), "bad.json", "$.value[0].requestorSettings")
	wants(t, usher(t, "import", "entra", t.TempDir(), "--data", data), "no JSON file")
	wants(t, usher(t, "export", "--format", "penguin", "--data", data), "penguin", "entra")
	connector := filepath.Join(dir, "map.yaml")
	if err := os.WriteFile(connector, []byte("resources: {d0000000-0000-4000-8000-000000000001: {connector: penguin, target: x}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	sample := filepath.Join("..", "config", "entra", "testdata", "full.json")
	wants(t, usher(t, "import", "entra", sample, "--map", connector, "--data", data), "penguin", "manual")
}

func TestAnImportTellsOfEndsThatAreOver(t *testing.T) {
	alone(t)
	file := written(t, t.TempDir(), "p.json", `{"accessPackageId": "p", "displayName": "P", "expirationDateTime": "2020-01-31T00:00:00Z", "requestorSettings": {"acceptRequests": true}}`)
	wants(t, works(t, "import", "entra", file, "--dry-run"), "To know:", "policies[p].ends: this is in the past: nobody can ask")
}
