package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// works runs a command and returns what it prints.
func works(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, &out, &errs); code != 0 {
		t.Fatalf("usher %s ended with %d:\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	return out.String()
}

// lacks checks that something is not said.
func lacks(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(said, w) {
			t.Errorf("%q says %q", said, w)
		}
	}
}

// written puts a file into a folder.
func written(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const laboratory = `
catalogs: [{id: design, name: Design}]
resources:
  - {id: lab, catalog: design, name: Lab, connector: manual, target: t, hands: [person: slack/U1], roles: [{id: member, name: Member, can: Come in}]}
packages:
  - id: lab
    catalog: design
    name: Lab
    roles: [lab/member]
    policies:
      - {id: all, name: All, requestors: [members], ends: never}
`

// alone sets the environment of a store of one's own, and returns its folder.
func alone(t *testing.T) string {
	t.Helper()
	t.Setenv("REDIS_URL", "")
	t.Setenv("USHER_ADMINS", "slack:T012AB3CD/U045EF6GH")
	dir := filepath.Join(t.TempDir(), "data")
	t.Setenv("USHER_DATA", dir)
	return dir
}

func TestADryRunMakesNothing(t *testing.T) {
	dir := alone(t)
	file := written(t, t.TempDir(), "a.yaml", laboratory)
	said := works(t, "apply", "--dry-run", file)
	wants(t, said, "create package lab", "Plan: 5 to create, 0 to change, 0 to delete, 0 unchanged.", "dry run")
	if _, err := os.Stat(dir); err == nil {
		t.Error("it made a store")
	}
	works(t, "apply", file)
	said = works(t, "apply", "--dry-run", written(t, t.TempDir(), "a.yaml", strings.Replace(laboratory, "ends: never", "ends: after 9 days", 1)))
	wants(t, said, "change package lab\n    policies[all].ends: never → after 9 days\nPlan: 0 to create, 1 to change, 0 to delete, 2 unchanged.")
	lacks(t, works(t, "export"), "9 days")
}

func TestWhatIsThereIsChangedOnlyWhenSomebodySaysSo(t *testing.T) {
	dir := alone(t)
	folder := t.TempDir()
	file := written(t, folder, "a.yaml", laboratory)
	works(t, "apply", file) // only creates: nobody has to say yes
	written(t, folder, "a.yaml", strings.Replace(laboratory, "name: Lab\n", "name: Laboratory\n", 1))
	wants(t, usher(t, "apply", file), "Nothing was changed", "--yes")
	c, err := app.LoadConfig(config.Sources{Env: []string{"USHER_DATA=" + dir, "USHER_ADMINS=slack:T012AB3CD/U045EF6GH"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{"", "\n", "n\n", "yep\n"} {
		var out bytes.Buffer
		err := app.Apply(t.Context(), app.ApplyOptions{
			Common: app.Common{Out: &out, Err: io.Discard}, Config: c, Files: []string{file}, In: strings.NewReader(answer), Terminal: true,
		})
		if err == nil || err.Error() != "Nothing was changed." || !strings.HasSuffix(out.String(), "Apply this? [y/N] ") {
			t.Errorf("%q: %v\n%s", answer, err, out.String())
		}
	}
	lacks(t, works(t, "export"), "Laboratory")
	err = app.Apply(t.Context(), app.ApplyOptions{
		Common: app.Common{Out: io.Discard, Err: io.Discard}, Config: c, Files: []string{file}, In: strings.NewReader("Yes\n"), Terminal: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, works(t, "export"), "Laboratory")
}

// unchanged applies what was exported and expects that it says what is there.
func unchanged(t *testing.T, where ...string) {
	t.Helper()
	folder := t.TempDir()
	works(t, append([]string{"export", "-o", folder}, where...)...)
	file := written(t, t.TempDir(), "one.yaml", works(t, append([]string{"export"}, where...)...))
	for _, from := range []string{folder, file} {
		said := works(t, append([]string{"apply", "--prune", from}, where...)...)
		wants(t, said, "Plan: 0 to create, 0 to change, 0 to delete, ")
		lacks(t, said, "changed   ", "created   ", "deleted   ")
	}
}

func TestAnExportChangesNothingWhenItIsApplied(t *testing.T) {
	alone(t)
	wants(t, usher(t, "export"), "holds no data yet")
	works(t, "apply", written(t, t.TempDir(), "a.yaml", laboratory))
	unchanged(t)

	dir := t.TempDir()
	begunAnew(t, dir)
	unchanged(t, "--data", dir)
	adopted := written(t, t.TempDir(), "demo.yaml", strings.ReplaceAll(works(t, "export", "--data", dir), "managedBy: chat\n", "managedBy: file\n"))
	wants(t, works(t, "apply", "--yes", "--data", dir, adopted), "managedBy: chat → (none)")
	lacks(t, works(t, "export", "--data", dir), "managedBy: chat\n    ")
	unchanged(t, "--data", dir)
}

func TestAnExportOfARunningDemoOnRedis(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	url := redistest.Start(t)
	demo(t, app.StoreOptions{Redis: url})
	unchanged(t, "--redis", url)
}

func TestAnExportNamesWhatIsNoPartOfIt(t *testing.T) {
	alone(t)
	works(t, "apply", written(t, t.TempDir(), "a.yaml", laboratory))
	folder := t.TempDir()
	old := written(t, folder, "old.yaml", laboratory)
	wants(t, works(t, "export", "-o", folder), "wrote "+filepath.Join(folder, "design.yaml"), old+" was there before")
}

func TestPruneDeletesWhatNoFileHas(t *testing.T) {
	alone(t)
	works(t, "apply", written(t, t.TempDir(), "a.yaml", laboratory))
	other := written(t, t.TempDir(), "b.yaml", "catalogs: [{id: other, name: Other}]\n")
	wants(t, works(t, "apply", other), "Left alone", "package lab", "resource lab", "catalog design")
	lacks(t, works(t, "apply", other), "catalog general") // nobody wrote it into a file
	wants(t, usher(t, "apply", "--prune", other), "--yes")
	wants(t, works(t, "apply", "--prune", "--yes", other), "delete package lab\n", "deleted   package lab\n", "deleted   resource lab\n", "deleted   catalog design\n")
	lacks(t, works(t, "export"), "lab", "design")
	wants(t, usher(t, "apply", "--when-free", other), "--prune")
}

func TestWhatIsHeldIsNotDeletedUnlessTold(t *testing.T) {
	t.Setenv("REDIS_URL", "")
	url := redistest.Start(t)
	d, err := app.OpenDemo(t.Context(), app.DemoOptions{
		Common: app.Common{Out: io.Discard, Err: io.Discard}, StoreOptions: app.StoreOptions{Data: t.TempDir(), Redis: url}, Addr: "127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	ask := func(who access.Account) error {
		_, err := d.Runtime.Do(t.Context(), app.DemoTenant, who, "", engine.CommandID("ask-"+string(who)), func(m engine.Meta) engine.Command {
			return engine.Submit{Meta: m, Package: "lab"}
		})
		return err
	}
	if err := ask("playground/ada"); err != nil {
		t.Fatal(err)
	}
	all := strings.ReplaceAll(works(t, "export", "--redis", url), "managedBy: chat\n", "managedBy: file\n")
	works(t, "apply", "--yes", "--redis", url, written(t, t.TempDir(), "all.yaml", all))
	start := strings.Index(all, "  - id: lab\n    name: Lab\n    description: Try")
	end := strings.Index(all, "  - id: payroll\n    name: Payroll\n    description:")
	less := written(t, t.TempDir(), "less.yaml", all[:start]+all[end:])
	wants(t, usher(t, "apply", "--prune", "--yes", "--redis", url, less), `"lab" is held or asked for by 1 and cannot be deleted`, "--when-free")
	said := works(t, "apply", "--prune", "--when-free", "--yes", "--redis", url, less)
	wants(t, said, "delete package lab when nobody holds it any more (1 person; no new requests from now on)", "deleting  package lab")
	if err := ask("playground/ben"); !access.IsCode(err, "packageGoes") {
		t.Errorf("somebody could still ask: %v", err)
	}
	wants(t, works(t, "apply", "--prune", "--redis", url, less), "0 to delete")
	lacks(t, works(t, "export", "--redis", url), "Try out what is not announced yet.")
	works(t, "apply", "--yes", "--redis", url, written(t, t.TempDir(), "all.yaml", all)) // it may be asked for again
	if err := ask("playground/ben"); err != nil {
		t.Error(err)
	}
}

func TestEverythingThatIsWrongIsToldAtOnce(t *testing.T) {
	alone(t)
	folder := t.TempDir()
	written(t, folder, "a.yaml", strings.ReplaceAll(laboratory, "requestors:", "requestor:"))
	written(t, folder, "b.yaml", "catalogs:\n  - id: other\n    nam: Other\n    ownr: []\n")
	wants(t, failing(t, folder), "a.yaml:11:30: ", `"requestor" is not known here. Did you mean "requestors"?`,
		"b.yaml:3:5: ", `Did you mean "name"?`, "b.yaml:4:5: ", `Did you mean "owners"?`, "> ", "^")

	written(t, folder, "a.yaml", strings.Replace(laboratory, "roles: [lab/member]", "roles: [lab/membr]", 1))
	wants(t, failing(t, folder), `resource "lab" has no role "membr". Did you mean "member"?`, "a.yaml:9:13")

	written(t, folder, "a.yaml", strings.Replace(laboratory, "roles: [lab/member]", "roles: [lbb/member]", 1))
	written(t, folder, "b.yaml", "packages: [{id: x, name: X, catalog: desgn, roles: [lab/member], policies: []}]\n")
	wants(t, failing(t, folder), `no resource "lbb". Did you mean "lab"?`, `no catalog "desgn". Did you mean "design"?`, "a.yaml:9:13", "b.yaml:1:")
}

// failing applies files that are wrong, and returns what is said.
func failing(t *testing.T, files string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run([]string{"apply", files}, &out, &errs); code != 1 {
		t.Fatalf("it ended with %d", code)
	}
	return errs.String()
}

func TestTheSchemaIsPrinted(t *testing.T) {
	t.Parallel()
	if said := works(t, "schema"); said != string(config.Schema()) {
		t.Error(said)
	}
}

// fails runs a command that must fail, and returns all that it says.
func fails(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, &out, &errs); code != 1 {
		t.Fatalf("usher %s ended with %d:\n%s", strings.Join(args, " "), code, out.String())
	}
	return errs.String()
}

func TestFilesThatDefineNothingDeleteNothing(t *testing.T) {
	alone(t)
	works(t, "apply", written(t, t.TempDir(), "a.yaml", laboratory))
	nothing := written(t, t.TempDir(), "none.yaml", "packages:\n")
	wants(t, fails(t, "apply", "--prune", "--yes", nothing), "none.yaml: nothing is defined there")
	wants(t, works(t, "export"), "id: lab")
}

func TestWhatTwoFilesDefineIsToldWithBothPlaces(t *testing.T) {
	alone(t)
	folder := t.TempDir()
	settings := "settings: {name: A, admins: [person: slack/U1]}\n"
	written(t, folder, "a.yaml", settings+laboratory)
	written(t, folder, "b.yaml", settings+"catalogs:\n  - {id: design, name: Other}\n")
	a := filepath.Join(folder, "a.yaml")
	wants(t, failing(t, folder), "b.yaml:1:11: \"settings\" is also in another file, "+a+":1:11; keep one of them",
		"b.yaml:3:10: \"catalog design\" is also in another file, "+a+":3:", ">    3 |   - {id: design")
}

func TestWhatIsTypedWrongIsToldInASentence(t *testing.T) {
	alone(t)
	wants(t, fails(t, "exprot"), "there is no command `usher exprot`. Did you mean `usher export`?")
	wants(t, fails(t, "import", "entar"), "Did you mean `usher import entra`?")
	wants(t, fails(t, "penguins"), "there is no command `usher penguins`; `usher --help` lists what there is")
	wants(t, fails(t, "export", "there"), "`usher export` takes nothing but flags, and \"there\" is none")
	wants(t, fails(t, "export", "--redis", "redis://x", "--data", "y"), "--redis and --data are two places for the data: choose one")
}

func TestAnEndInThePastIsToldInThePlan(t *testing.T) {
	alone(t)
	file := written(t, t.TempDir(), "a.yaml", strings.Replace(laboratory, "ends: never", "ends: 2020-01-31", 1))
	wants(t, works(t, "apply", "--dry-run", file), "create package lab\n    policies[all].ends: this is in the past: nobody can ask\n")
}

func TestAFileWithoutEndIsReadUpToTheLimit(t *testing.T) {
	alone(t)
	wants(t, fails(t, "apply", "/dev/zero"), "larger than 262144 bytes")
}

func TestWhatIsRefusedLeavesNoStore(t *testing.T) {
	dir := alone(t)
	folder := t.TempDir()
	fails(t, "apply", written(t, folder, "a.yaml", strings.Replace(laboratory, "[lab/member]", "[lab/nobody]", 1)))
	fails(t, "import", "entra", written(t, folder, "bad.json", `{"value": [{"accessPackageId": "p", "requestorSettings": 7}]}`))
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("there is a store: %v", err)
	}
}

// thousand writes a folder of definitions with 1,000 packages.
func thousand(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("base.yaml", strings.ReplaceAll(laboratory[:strings.Index(laboratory, "packages:")], "name: Lab", "name: Laboratory"))
	for part := range 10 {
		var b strings.Builder
		b.WriteString("packages:\n")
		for n := range 100 {
			fmt.Fprintf(&b, `  - id: p%d
    catalog: design
    name: Package %d
    roles: [lab/member]
    terms: {en: Be kind., de: Sei nett.}
    policies:
      - id: all
        name: All
        requestors: [members, outsiders]
        questions:
          - {id: why, kind: choice, label: {en: Why?, de: Warum?}, options: [{value: a, label: A}, {value: b, label: B}]}
        stages: [{approvers: [manager], within: 5 days, fallbacks: [catalog owners]}]
        ends: after 60 days
`, part*100+n, part*100+n)
		}
		put(fmt.Sprintf("p%d.yaml", part), b.String())
	}
	return folder
}

// A set of 1,000 packages: created in a new store, then found unchanged.
func BenchmarkApplyAThousandPackages(b *testing.B) {
	b.Setenv("USHER_ADMINS", "slack:T012AB3CD/U045EF6GH")
	b.Setenv("REDIS_URL", "")
	folder := thousand(b)
	for _, kind := range []string{"bolt", "redis"} {
		b.Run(kind, func(b *testing.B) {
			for range b.N {
				where := []string{"--data", b.TempDir()}
				if kind == "redis" {
					where = []string{"--redis", redistest.Start(b)}
				}
				b.ResetTimer()
				for range 2 {
					if code := run(append([]string{"apply", folder}, where...), io.Discard, os.Stderr); code != 0 {
						b.Fatalf("it ended with %d", code)
					}
				}
			}
		})
	}
}
