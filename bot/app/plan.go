package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// plan is what an apply would do.
type plan struct {
	edit   runtime.Edit
	done   []runtime.Defined // as PlanEdit says
	before runtime.Definitions
	// held says how many people's ledgers refer to a package to be deleted.
	held map[runtime.Key]int
	// strays are managed by a file and in none of the files.
	strays []runtime.Key
	zone   *time.Location
	now    time.Time // zero: what has ended is told elsewhere
}

// plan compares the definitions of files with those of the store.
func (a applier) plan(ctx context.Context, all runtime.Definitions) (plan, error) {
	before, err := a.r.Definitions(ctx, a.tenant)
	if err != nil {
		return plan{}, trouble(err, "The definitions cannot be read: %s", inSentence(err))
	}
	p := plan{before: before, edit: runtime.Edit{Definitions: owned(all), WhenFree: a.WhenFree}, held: map[runtime.Key]int{}, zone: time.UTC, now: time.Now()}
	if before.Settings != nil {
		p.edit.Seen = before.Settings.Revision
		if zone, err := time.LoadLocation(before.Settings.Zone); err == nil {
			p.zone = zone
		}
	} else if all.Settings == nil {
		first, err := withAdmins(access.Settings{}, a.Config, a.tenant)
		if err != nil {
			return plan{}, err
		}
		p.edit.Settings = &first
	}
	p.strays = strays(a.tenant, before, all)
	if a.Prune {
		p.edit.Delete, p.strays = p.strays, nil
	}
	for _, key := range p.edit.Delete {
		if key.Kind != runtime.KindPackage {
			continue
		}
		if p.held[key], err = a.r.Holders(ctx, a.tenant, access.PackageID(key.ID)); err != nil {
			return plan{}, trouble(err, "The holders of %s cannot be counted: %s", key.ID, inSentence(err))
		}
	}
	if p.done, err = a.r.PlanEdit(ctx, a.tenant, access.SystemActor().Person, p.edit); err != nil {
		return plan{}, a.refused(err, p)
	}
	return p, nil
}

// owned gives to the file what does not say that it is the chats'.
func owned(d runtime.Definitions) runtime.Definitions {
	d.Catalogs, d.Resources, d.Packages = slices.Clone(d.Catalogs), slices.Clone(d.Resources), slices.Clone(d.Packages)
	own := func(by *string) {
		switch *by {
		case "":
			*by = access.ManagedByFile
		case access.ManagedByChat:
			*by = ""
		}
	}
	if d.Settings != nil {
		settings := *d.Settings
		own(&settings.ManagedBy)
		d.Settings = &settings
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

// strays are what files manage and none of these files has: packages first,
// then what they refer to.
func strays(t access.TenantID, before, now runtime.Definitions) []runtime.Key {
	there := map[runtime.Key]bool{runtime.CatalogKey(t, access.General): true}
	for _, p := range now.Packages {
		there[runtime.PackageKey(t, p.ID)] = true
	}
	for _, r := range now.Resources {
		there[runtime.ResourceKey(t, r.ID)] = true
	}
	for _, c := range now.Catalogs {
		there[runtime.CatalogKey(t, c.ID)] = true
	}
	var keys []runtime.Key
	add := func(key runtime.Key, by string, deleting bool) {
		if by == access.ManagedByFile && !deleting && !there[key] {
			keys = append(keys, key)
		}
	}
	for _, p := range before.Packages {
		add(runtime.PackageKey(t, p.ID), p.ManagedBy, p.Deleting)
	}
	for _, r := range before.Resources {
		add(runtime.ResourceKey(t, r.ID), r.ManagedBy, r.Deleting)
	}
	for _, c := range before.Catalogs {
		add(runtime.CatalogKey(t, c.ID), c.ManagedBy, c.Deleting)
	}
	return keys
}

// count says how many definitions something happens to.
func (p plan) count(action string) int {
	n := 0
	for _, one := range p.done {
		if one.Action == action {
			n++
		}
	}
	return n
}

func (p plan) empty() bool { return p.count(runtime.Unchanged) == len(p.done) }

// print shows the plan: what is created, changed with each value that differs,
// and deleted.
func (p plan) print(out io.Writer) {
	words := map[string]string{runtime.Created: "create", runtime.Changed: "change", runtime.Deleting: "delete"}
	old, now := byKey(p.before), byKey(p.edit.Definitions)
	for _, one := range p.done {
		word, ok := words[one.Action]
		if !ok {
			continue
		}
		line := strings.TrimSpace(fmt.Sprintf("%s %s %s", word, one.Key.Kind, one.Key.ID))
		switch n := p.held[one.Key]; {
		case n > 0:
			line += fmt.Sprintf(" when nobody holds it any more (%s; no new requests from now on)", people(n))
		case one.Key.Kind == runtime.KindResource && one.Action == runtime.Deleting:
			line += " as soon as nobody has it through Usher"
		}
		fmt.Fprintln(out, line)
		id := thing{one.Key.Kind, one.Key.ID}
		if pack, ok := now[id].(access.Package); ok {
			for _, says := range over(pack, p.now) {
				fmt.Fprintf(out, "    %s\n", says)
			}
		}
		if one.Action != runtime.Changed {
			continue
		}
		for _, d := range config.Compare(old[id], now[id], p.zone) {
			fmt.Fprintf(out, "    %s\n", d)
		}
	}
	fmt.Fprintf(out, "Plan: %d to create, %d to change, %d to delete, %d unchanged.\n",
		p.count(runtime.Created), p.count(runtime.Changed), p.count(runtime.Deleting), p.count(runtime.Unchanged))
	if len(p.strays) > 0 {
		fmt.Fprintf(out, "Left alone, since --prune is not given: managed by a file, and in none of these: %s.\n", named(p.strays))
	}
}

// over says of policies whose end is over what that means.
func over(p access.Package, now time.Time) []string {
	var says []string
	for _, policy := range p.Policies {
		if l := policy.Lifecycle; l.Ends == access.EndsOnDate && !l.On.After(now) {
			says = append(says, "policies["+string(policy.ID)+"].ends: this is in the past: nobody can ask")
		}
	}
	return says
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// named lists definitions by name, the first few.
func named(keys []runtime.Key) string {
	const most = 10
	var names []string
	for i, key := range keys {
		if i == most {
			return strings.Join(names, ", ") + fmt.Sprintf(" and %d more", len(keys)-most)
		}
		names = append(names, string(key.Kind)+" "+key.ID)
	}
	return strings.Join(names, ", ")
}

// thing names a definition of one tenant.
type thing struct {
	kind runtime.Kind
	id   string
}

func byKey(d runtime.Definitions) map[thing]any {
	all := map[thing]any{}
	if d.Settings != nil {
		all[thing{runtime.KindSettings, ""}] = *d.Settings
	}
	for _, c := range d.Catalogs {
		all[thing{runtime.KindCatalog, string(c.ID)}] = c
	}
	for _, r := range d.Resources {
		all[thing{runtime.KindResource, string(r.ID)}] = r
	}
	for _, p := range d.Packages {
		all[thing{runtime.KindPackage, string(p.ID)}] = p
	}
	return all
}

// confirm asks at the terminal. Where there is nobody to ask, only what
// creates and changes nothing goes without --yes.
func (a applier) confirm(p plan) error {
	creates := p.count(runtime.Created)+p.count(runtime.Unchanged) == len(p.done)
	switch {
	case a.Yes, !a.Terminal && creates:
		return nil
	case !a.Terminal:
		return trouble(nil, "Nothing was changed: the plan changes or deletes what is there, and nobody can be asked here. Look at it, and apply it with --yes.")
	}
	fmt.Fprint(a.Out, "Apply this? [y/N] ")
	answer, err := bufio.NewReader(a.In).ReadString('\n')
	if err != nil && answer == "" || !slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(answer))) {
		return trouble(nil, "Nothing was changed.")
	}
	return nil
}

// counted says how much there is.
func counted(d runtime.Definitions) string {
	return fmt.Sprintf("%d catalog(s), %d resource(s), %d package(s)", len(d.Catalogs), len(d.Resources), len(d.Packages))
}
