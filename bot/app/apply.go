package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// source is a file of definitions.
type source struct {
	name string
	data []byte
}

// Apply writes definitions from files into a store: all files together in one
// step, or nothing. It shows first what it would do, and then asks, unless it
// is told not to; with DryRun it stops there.
func Apply(ctx context.Context, o ApplyOptions) error {
	files, all, err := definitionsOf(o.Files)
	if err != nil {
		return err
	}
	where, err := storeOrDemos(o.Config, o.Demo)
	if err != nil {
		return err
	}
	mode, err := modeOf(ctx, where, o.Demo)
	if err != nil {
		return err
	}
	if err := connectorsKnown(files, all, o.Config, mode); err != nil {
		return err
	}
	a, done, err := newApplier(ctx, o, where, mode)
	if err != nil {
		return err
	}
	a.files = files
	fmt.Fprintf(o.Out, "Read %s. Comparing with %s.\n", counted(all), where.where())
	return errors.Join(a.run(ctx, all), done())
}

// applier is one apply on its way.
type applier struct {
	ApplyOptions
	files  []definitionFile
	r      *runtime.Runtime // of what is compared with
	tenant access.TenantID
	// begin makes the store, if there is none yet; nil if there is one.
	begin func() (store, error)
}

// newApplier opens the store to compare with: where there is none yet, an empty
// one, which done throws away. So a plan that is refused, not wanted or only to
// be looked at leaves nothing behind.
func newApplier(ctx context.Context, o ApplyOptions, where StoreOptions, mode storage.Mode) (a applier, done func() error, err error) {
	a = applier{ApplyOptions: o, tenant: tenantOf(mode, o.Config)}
	mark, err := markOf(ctx, where)
	if err != nil {
		return a, nil, err
	}
	clean := func() error { return nil }
	if mark == "" {
		dir, err := os.MkdirTemp("", "usher-")
		if err != nil {
			return a, nil, trouble(err, "A folder to try the plan in cannot be made: %s.", plain(err))
		}
		own := where
		a.begin = func() (store, error) { return openStore(ctx, own, mode) }
		where, clean = StoreOptions{Data: dir}, func() error { return os.RemoveAll(dir) }
	}
	s, err := openStore(ctx, where, mode)
	if err != nil {
		return a, nil, errors.Join(err, clean())
	}
	a.r = runtimeOf(s)
	return a, func() error { return errors.Join(s.Close(), clean()) }, nil
}

func runtimeOf(s store) *runtime.Runtime {
	return runtime.New(runtime.Options{Store: s, Directory: directories{}, Clock: realClock{}, Log: zerolog.Nop()})
}

// write carries a plan out.
func (a applier) write(ctx context.Context, what string, p plan) ([]runtime.Defined, error) {
	id := engine.CommandID(fmt.Sprintf("%s/%d/%s", what, time.Now().UnixNano(), a.r.NewID()))
	if a.begin == nil {
		return a.r.Edit(ctx, a.tenant, access.SystemActor().Person, id, p.edit)
	}
	s, err := a.begin()
	if err != nil {
		return nil, err
	}
	done, err := runtimeOf(s).Edit(ctx, a.tenant, access.SystemActor().Person, id, p.edit)
	if closing := s.Close(); err == nil {
		err = closing
	}
	return done, err
}

func (a applier) run(ctx context.Context, all runtime.Definitions) error {
	p, err := a.plan(ctx, all)
	if err != nil {
		return err
	}
	p.print(a.Out)
	if p.empty() {
		a.results(p.done)
		return nil
	}
	if a.DryRun {
		fmt.Fprintln(a.Out, "Nothing was changed: this was a dry run.")
		return nil
	}
	if err := a.confirm(p); err != nil {
		return err
	}
	began := time.Now()
	fmt.Fprintf(a.Out, "Writing %d definition(s) in one step.\n", len(p.done)-p.count(runtime.Unchanged))
	done, err := a.write(ctx, "apply", p)
	if err != nil {
		return a.refused(err, p)
	}
	a.results(done)
	fmt.Fprintf(a.Out, "Applied in %.1f s.\n", time.Since(began).Seconds())
	return nil
}

// results says what was done, one definition a line.
func (a applier) results(done []runtime.Defined) {
	for _, one := range done {
		fmt.Fprintln(a.Out, strings.TrimSpace(fmt.Sprintf("%-9s %s %s", one.Action, one.Key.Kind, one.Key.ID)))
	}
}

// refused explains why nothing was applied.
func (a applier) refused(err error, p plan) error {
	if problems, ok := access.AsProblems(err); ok {
		err = explain(a.files, config.Meant(problems, p.before, p.edit.Definitions))
	}
	return trouble(err, "The definitions were not applied: %s", inSentence(err))
}

// connectorsKnown finds resources whose connector is none of those that the
// bot has: they could never be given. Files, if there are any, are where the
// definitions are from.
func connectorsKnown(files []definitionFile, all runtime.Definitions, c config.Config, mode storage.Mode) error {
	known := connectorNames(c, mode)
	var problems access.Problems
	for i, r := range all.Resources {
		if !slices.Contains(known, r.Connector) {
			e := access.Refuse(access.Invalid, "fileConnector", "id", r.ID, "value", r.Connector, "want", strings.Join(known, ", "), "hint", chatMissing(r.Connector, c))
			problems = append(problems, e.At(fmt.Sprintf("resources[%d].connector", i)))
		}
	}
	if len(problems) == 0 {
		return nil
	}
	err := explain(files, problems)
	return trouble(err, "%s", inSentence(err))
}

// chatMissing says of a connector that a chat brings along that the chat is not
// configured, if it is not.
func chatMissing(connector string, c config.Config) string {
	chat, _, _ := strings.Cut(connector, "-")
	if tokenOf(chat) == "" || slices.ContainsFunc(c.Chats, func(one config.Chat) bool { return one.Name == chat }) {
		return ""
	}
	return fmt.Sprintf(" The chat %s is not configured%s.", chat, tokenOf(chat))
}

// definitionsOf reads the definitions of files, and of all files in folders.
func definitionsOf(names []string) ([]definitionFile, runtime.Definitions, error) {
	sources, err := readFiles(names)
	if err != nil {
		return nil, runtime.Definitions{}, err
	}
	files, all, err := readDefinitions(sources, time.Now())
	if err == nil && all.Settings == nil && len(all.Catalogs)+len(all.Resources)+len(all.Packages) == 0 {
		err = trouble(nil, "%s: nothing is defined there.", strings.Join(names, ", "))
	}
	return files, all, err
}

// readDefinitions joins the definitions of several files. What is wrong with
// them is told of all files at once.
func readDefinitions(sources []source, now time.Time) ([]definitionFile, runtime.Definitions, error) {
	var files []definitionFile
	var all runtime.Definitions
	var wrong config.Report
	places := map[thing]string{}
	for _, s := range sources {
		f, err := config.ReadDefinitions(s.name, s.data, now, time.UTC)
		var report config.Report
		switch {
		case errors.As(err, &report):
			wrong = append(wrong, report...)
			continue
		case err != nil:
			return nil, all, trouble(err, "%s", inSentence(err))
		}
		wrong = append(wrong, twice(f, places)...)
		if f.Definitions.Settings != nil {
			all.Settings = f.Definitions.Settings
		}
		before := all
		all.Catalogs = append(all.Catalogs, f.Definitions.Catalogs...)
		all.Resources = append(all.Resources, f.Definitions.Resources...)
		all.Packages = append(all.Packages, f.Definitions.Packages...)
		files = append(files, newDefinitionFile(f, before, all))
	}
	if len(wrong) > 0 {
		return nil, runtime.Definitions{}, trouble(wrong, "%s", inSentence(wrong))
	}
	return files, all, nil
}

// twice finds what an earlier file defines too, and adds to places where this
// one defines something.
func twice(f *config.File, places map[thing]string) config.Report {
	var problems access.Problems
	see := func(kind runtime.Kind, id, field string) {
		one := thing{kind, id}
		if place, there := places[one]; there {
			named := strings.TrimSpace(string(kind) + " " + id)
			problems = append(problems, access.Refuse(access.Invalid, "fileTwice", "value", named, "place", place).At(field))
			return
		}
		places[one] = f.Place(field)
	}
	if f.Definitions.Settings != nil {
		see(runtime.KindSettings, "", "settings")
	}
	for i, c := range f.Definitions.Catalogs {
		see(runtime.KindCatalog, string(c.ID), fmt.Sprintf("catalogs[%d].id", i))
	}
	for i, r := range f.Definitions.Resources {
		see(runtime.KindResource, string(r.ID), fmt.Sprintf("resources[%d].id", i))
	}
	for i, p := range f.Definitions.Packages {
		see(runtime.KindPackage, string(p.ID), fmt.Sprintf("packages[%d].id", i))
	}
	var report config.Report
	if len(problems) > 0 {
		errors.As(f.Explain(problems), &report)
	}
	return report
}

// readFile reads a file, and stops one byte after the most that it may have:
// who looks at it refuses it for that.
func readFile(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

// readFiles reads files, and in folders every .yaml and .yml that does not
// begin with a dot, in the order of their names.
func readFiles(names []string) ([]source, error) {
	var sources []source
	for _, name := range names {
		files, err := filesIn(name)
		if err == nil && len(files) == 0 {
			return nil, trouble(nil, "The folder %s has no .yaml files.", name)
		}
		for _, file := range files {
			var data []byte
			if data, err = readFile(file, config.MaxFile); err != nil {
				break
			}
			sources = append(sources, source{file, data})
		}
		if err != nil {
			return nil, trouble(err, "%s cannot be read: %s.", name, plain(err))
		}
	}
	return sources, nil
}

// filesIn is the file itself, or the files of definitions in a folder.
func filesIn(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil || !info.IsDir() {
		return []string{name}, err
	}
	var files []string
	err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != name && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return filepath.SkipDir
			}
		case !d.IsDir() && slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(path)):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// tenantOf says which tenant a command is about.
func tenantOf(mode storage.Mode, c config.Config) access.TenantID {
	if mode == storage.Demo {
		return DemoTenant
	}
	return c.Tenant
}

// realClock is the time of day.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }
