package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rs/zerolog"
	"pgregory.net/rapid"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// back writes definitions and reads them, at another time.
func back(t rapid.TB, d runtime.Definitions) runtime.Definitions {
	data := WriteDefinitions(d)
	read, err := ParseDefinitions("written.yaml", data, monday().AddDate(1, 0, 0), time.UTC)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return read
}

// alike leaves out what means the same: a nil list and an empty one, moments in
// two zones, no owner and "chat".
func alike() cmp.Options {
	return cmp.Options{
		cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0),
		cmp.Transformer("managed", func(p access.Package) pkg { p.ManagedBy = byFile(p.ManagedBy); return pkg(p) }),
		cmp.Transformer("managed", func(r access.Resource) res { r.ManagedBy = byFile(r.ManagedBy); return res(r) }),
		cmp.Transformer("managed", func(c access.Catalog) cat { c.ManagedBy = byFile(c.ManagedBy); return cat(c) }),
		cmp.Transformer("managed", func(s access.Settings) set { s.ManagedBy = byFile(s.ManagedBy); return set(s) }),
	}
}

type (
	pkg access.Package
	res access.Resource
	cat access.Catalog
	set access.Settings
)

// byFile is who manages what a file says this of.
func byFile(said string) string {
	if said == access.ManagedByChat {
		return ""
	}
	return access.ManagedByFile
}

// chats gives everything to the chats, as what no file manages is stored.
func chats(d runtime.Definitions) runtime.Definitions {
	if d.Settings != nil {
		d.Settings.ManagedBy = access.ManagedByChat
	}
	for i := range d.Catalogs {
		d.Catalogs[i].ManagedBy = access.ManagedByChat
	}
	for i := range d.Resources {
		d.Resources[i].ManagedBy = access.ManagedByChat
	}
	for i := range d.Packages {
		d.Packages[i].ManagedBy = access.ManagedByChat
	}
	return d
}

func TestWhatIsWrittenReadsTheSame(t *testing.T) {
	t.Parallel()
	demo, err := os.ReadFile("sample/demo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"demo": string(demo), "everything": everything} {
		d, err := ParseDefinitions(name, []byte(text), monday(), berlin(t))
		if err != nil {
			t.Fatal(err)
		}
		d = chats(d)
		if diff := cmp.Diff(d, back(t, d), alike()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		golden(t, "testdata/written/"+name+".yaml", string(WriteDefinitions(d)))
	}
}

func TestWhatIsToBeDeletedIsNotWritten(t *testing.T) {
	t.Parallel()
	d := runtime.Definitions{
		Catalogs:  []access.Catalog{{ID: "a", Deleting: true}},
		Resources: []access.Resource{{ID: "b", Deleting: true}},
		Packages:  []access.Package{{ID: "c", Deleting: true}, {ID: "d", Name: "D", ManagedBy: access.ManagedByFile}},
	}
	if got := string(WriteDefinitions(d)); got != "packages:\n  - id: d\n    name: D\n" {
		t.Errorf("it wrote\n%s", got)
	}
}

// hostile are texts that look like something else in YAML.
func hostile(t *rapid.T, name string) string {
	odd := []string{"yes", "null", "~", "2026-12-31", "1e3", "- x", "a: b", "a #b", "'", `"`, "{x}", "[x", "&a", "*a", "!t", "| x", "> x", "%x", "@x", "`x", "ü", "🙂", "\\n", "---", "...", "=", "<<", "no", "a,b", "0x1f", "„so“", "don't"}
	words := rapid.SliceOfN(rapid.SampledFrom(odd), 1, 4).Draw(t, name)
	return strings.Join(words, rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "between"))
}

// page is a text of several lines.
func page(t *rapid.T, name string) string {
	n := rapid.IntRange(1, 3).Draw(t, "lines")
	var lines []string
	for range n {
		lines = append(lines, hostile(t, name))
	}
	end := rapid.SampledFrom([]string{"", "\n", "\n\n", " ", "  \n"}).Draw(t, "end")
	return strings.Join(lines, rapid.SampledFrom([]string{"\n", "\n\n", "\n  ", " \n"}).Draw(t, "break")) + end
}

func words(t *rapid.T) access.Words {
	w := access.Say(page(t, "text"))
	for _, tag := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"de", "en", "no", "de-at"}), rapid.ID[string]).Draw(t, "tags") {
		if w.In == nil {
			w.In = map[string]string{}
		}
		w.In[tag] = page(t, tag)
	}
	return w
}

// short is a text for an option: those have 75 characters at most.
func short(t *rapid.T) access.Words {
	return access.Words{Text: hostile(t, "text"), In: map[string]string{"de": hostile(t, "de")}}
}

func people(t *rapid.T, relations bool) []access.Subject {
	all := []access.Subject{access.SomePerson("a/olga"), access.SomePerson("slack/U0.1_2-3"), access.SomeGroup("a/123"), access.SomeGroup("b/ops")}
	if relations {
		for _, kind := range []access.SubjectKind{access.SubjectManager, access.SubjectPackageOwner, access.SubjectCatalogOwners, access.SubjectTenantAdmins} {
			all = append(all, access.Subject{Kind: kind})
		}
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, 5, rapid.ID[access.Subject]).Draw(t, "people")
}

func either(t *rapid.T, name string) bool { return rapid.Bool().Draw(t, name) }

func somePolicy(t *rapid.T, n int) access.Policy {
	p := access.Policy{
		ID: access.PolicyID(fmt.Sprintf("p%d", n)), Name: hostile(t, "name"), Description: strings.TrimSpace(page(t, "description")),
		Requestors: access.Scope{Members: either(t, "members"), Outsiders: either(t, "outsiders"), People: []access.PersonID{"a/b"}, Groups: []access.GroupID{"a/g"}},
		OnBehalf:   access.OnBehalf{Managers: either(t, "managers"), Groups: []access.GroupID{"a/g"}},
		Closed:     either(t, "closed"), Choosable: either(t, "choosable"), Justification: either(t, "justification"),
		Lifecycle: access.Lifecycle{Ends: access.EndsNever, OwnTimes: either(t, "own")},
	}
	hours := time.Duration(rapid.IntRange(1, 2000).Draw(t, "hours"))
	switch rapid.IntRange(0, 3).Draw(t, "ends") {
	case 1:
		p.Lifecycle.Ends, p.Lifecycle.For = access.EndsDuration, hours*time.Hour
	case 2:
		p.Lifecycle.Ends, p.Lifecycle.On = access.EndsOnDate, monday().Add(hours*time.Hour+time.Duration(hours)*7*time.Second)
	case 3:
		p.Lifecycle.Ends, p.Lifecycle.On = access.EndsOnDate, access.EndOfDay(monday().Add(hours*time.Hour), zoneOf(access.Settings{Zone: "Europe/Berlin"}))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "stages") {
		p.Stages = append(p.Stages, access.Stage{
			Approvers: people(t, true), Quorum: min(i, 1), Within: hours * time.Hour, ReasonRequired: either(t, "reason"), Fallbacks: people(t, true),
		})
	}
	if p.Lifecycle.Ends != access.EndsNever {
		p.Lifecycle.Extend = either(t, "extend")
		p.ExtensionApproval = p.Lifecycle.Extend && len(p.Stages) > 0
	}
	p.Questions = []access.Question{
		{ID: "t", Kind: access.ShortText, Label: words(t), Pattern: "[a-z]+ #: '\"", Required: either(t, "required")},
		{ID: "c", Kind: access.Choice, Label: words(t), Editable: true, Options: []access.Option{{Value: hostile(t, "value") + "1", Label: short(t)}, {Value: "no", Label: short(t)}}},
		{ID: "y", Kind: access.YesNo, Label: words(t)},
	}
	return p
}

func someDefinitions(t *rapid.T) runtime.Definitions {
	owner := func() string {
		return rapid.SampledFrom([]string{access.ManagedByFile, access.ManagedByChat}).Draw(t, "managed")
	}
	d := runtime.Definitions{
		Catalogs: []access.Catalog{{ID: "design", Name: hostile(t, "name"), Description: page(t, "description"), ManagedBy: owner()}},
		Resources: []access.Resource{{
			ID: "site", Catalog: "design", Name: hostile(t, "name"), Connector: "manual", Target: hostile(t, "target"), Hands: people(t, true), ManagedBy: owner(),
			Roles: []access.ResourceRole{{ID: "reader", Name: hostile(t, "name"), Can: words(t)}},
		}},
	}
	if either(t, "settings") {
		d.Settings = &access.Settings{
			Name: hostile(t, "name"), Admins: people(t, false), Zone: rapid.SampledFrom([]string{"", "Europe/Berlin", "America/St_Johns"}).Draw(t, "zone"),
			TakeFound: either(t, "take"), Routing: access.Routing{Channels: []access.Channel{"a/c"}, ChannelOnly: either(t, "only")}, ManagedBy: owner(),
		}
	}
	for _, role := range catalogRoles() {
		for _, who := range people(t, false) {
			d.Catalogs[0].Roles = append(d.Catalogs[0].Roles, access.RoleHolder{Role: role.role, Who: who})
		}
	}
	p := access.Package{
		ID: "all", Catalog: "design", Name: hostile(t, "name"), Description: strings.TrimSpace(page(t, "description")), Hidden: either(t, "hidden"),
		Roles: []access.RoleRef{{Resource: "site", Role: "reader"}}, Incompatible: []access.PackageID{"no", "other"}, ManagedBy: owner(),
		Terms: &access.Terms{Text: words(t)},
	}
	for n := range rapid.IntRange(0, 2).Draw(t, "policies") {
		p.Policies = append(p.Policies, somePolicy(t, n))
	}
	d.Packages = []access.Package{p}
	return d
}

func TestAnyDefinitionsAreWrittenAndReadTheSame(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	rapid.Check(t, func(t *rapid.T) {
		d := someDefinitions(t)
		if diff := cmp.Diff(d, back(t, d), alike()); diff != "" {
			t.Fatalf("%s\n%s", diff, WriteDefinitions(d))
		}
		if err := fits(t, s, WriteDefinitions(d)); err != nil {
			t.Fatalf("the schema refuses it: %v\n%s", err, WriteDefinitions(d))
		}
	})
}

// asApplied is what usher apply makes of what a file says.
func asApplied(d runtime.Definitions) runtime.Definitions {
	own := func(by *string) { *by = byFile(*by) }
	if d.Settings != nil {
		own(&d.Settings.ManagedBy)
	}
	for i := range d.Catalogs {
		own(&d.Catalogs[i].ManagedBy)
	}
	for i := range d.Resources {
		own(&d.Resources[i].ManagedBy)
	}
	for i := range d.Packages {
		own(&d.Packages[i].ManagedBy)
	}
	return d
}

// noon is a clock that stands still.
type noon struct{}

func (noon) Now() time.Time { return monday() }

// Whatever is in a store: what is written of it and applied again changes
// nothing.
func TestWhatIsWrittenOfAStoreChangesNothingInIt(t *testing.T) {
	t.Parallel()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "usher.db"), bolt.Options{Mode: storage.Serve})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	r := runtime.New(runtime.Options{Store: store, Clock: noon{}, Log: zerolog.Nop()})
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		tenant := access.TenantID(fmt.Sprintf("t%d", n))
		d := asApplied(someDefinitions(rt))
		d.Packages[0].Incompatible = nil
		slices.Reverse(d.Catalogs[0].Roles) // chats list them in any order
		if d.Settings == nil {
			d.Settings = &access.Settings{Name: "T", Admins: people(rt, false)}
		}
		if _, err := r.Apply(t.Context(), tenant, "chat/olga", "apply", d); err != nil {
			rt.Fatal(err)
		}
		stored, err := r.Definitions(t.Context(), tenant)
		if err != nil {
			rt.Fatal(err)
		}
		done, err := r.Plan(t.Context(), tenant, "chat/olga", asApplied(back(rt, stored)))
		if err != nil || len(done) != 5 {
			rt.Fatal(done, err)
		}
		for _, one := range done {
			if one.Action != runtime.Unchanged {
				rt.Fatalf("%s is %s\n%s", one.Key, one.Action, WriteDefinitions(stored))
			}
		}
	})
}
