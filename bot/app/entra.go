package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/config/entra"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// EntraOptions are those of ImportEntra, whose Files are JSON or folders of it,
// and of ExportEntra, which writes to Dir. Maps are YAML files that say who and
// what object ids are in the chats.
type EntraOptions struct {
	ApplyOptions
	Maps []string
	Dir  string
}

// ImportEntra reads what Microsoft Graph says of entitlement management, shows
// what would be created and changed and what becomes of everything else, asks
// once and writes it in one step, or nothing. What it makes can be edited in
// chat.
func ImportEntra(ctx context.Context, o EntraOptions) error {
	sources, err := entraSources(o.Files)
	if err != nil {
		return err
	}
	m, err := entraMaps(o.Maps)
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
	a, done, err := newApplier(ctx, o.ApplyOptions, where, mode)
	if err != nil {
		return err
	}
	return errors.Join(a.entra(ctx, sources, m, mode), done())
}

// entra plans an import, shows it, asks and writes it.
func (a applier) entra(ctx context.Context, sources []entra.Source, m entra.Map, mode storage.Mode) error {
	stored, err := entraStored(ctx, a.r, a.tenant)
	if err != nil {
		return err
	}
	im, err := entra.Read(sources, m, stored)
	if err == nil {
		err = connectorsKnown(nil, im.Definitions, a.Config, mode)
	}
	if err != nil {
		return trouble(err, "Nothing was imported: %s", inSentence(err))
	}
	p, err := a.entraPlan(ctx, im, stored.Definitions)
	if err != nil {
		return err
	}
	now := time.Now()
	for _, pack := range im.Definitions.Packages {
		for _, says := range over(pack, now) {
			im.Report.Notes = append(im.Report.Notes, entra.Remark{Says: "Package " + string(pack.ID) + ", " + says})
		}
	}
	entraReport(a.Out, im.Report, a.Verbose)
	shown := p
	shown.done = slices.DeleteFunc(slices.Clone(p.done), func(d runtime.Defined) bool { return d.Key.Kind == runtime.KindKept })
	shown.print(a.Out)
	switch {
	case p.empty():
		return nil
	case a.DryRun:
		fmt.Fprintln(a.Out, "Nothing was changed: this was a dry run.")
		return nil
	}
	if err := a.confirm(p); err != nil {
		return err
	}
	if _, err := a.write(ctx, "import", p); err != nil {
		return trouble(err, "Nothing was imported: %s", inSentence(im.Explain(err)))
	}
	fmt.Fprintln(a.Out, "Imported.")
	return nil
}

// entraPlan compares an import with what is stored. In a new store it brings
// the admins of the configuration.
func (a applier) entraPlan(ctx context.Context, im *entra.Import, before runtime.Definitions) (plan, error) {
	p := plan{before: before, edit: runtime.Edit{Definitions: im.Definitions}, zone: time.UTC}
	if before.Settings != nil {
		p.edit.Seen = before.Settings.Revision
	} else {
		first, err := withAdmins(access.Settings{}, a.Config, a.tenant)
		if err != nil {
			return p, err
		}
		p.edit.Settings = &first
	}
	done, err := a.r.PlanEdit(ctx, a.tenant, access.SystemActor().Person, p.edit)
	if err != nil {
		return p, trouble(err, "Nothing was imported: %s", inSentence(im.Explain(err)))
	}
	p.done = done
	return p, nil
}

func entraMaps(names []string) (entra.Map, error) {
	files, err := readFiles(names)
	if err != nil {
		return entra.Map{}, err
	}
	var sources []entra.Source
	for _, f := range files {
		sources = append(sources, entra.Source{Name: f.name, Data: f.data})
	}
	m, err := entra.ReadMaps(sources)
	if err != nil {
		return m, trouble(err, "%s", inSentence(err))
	}
	return m, nil
}

// entraSources reads files, and the JSON files of folders and what is in them,
// in the order of their names.
func entraSources(paths []string) ([]entra.Source, error) {
	var sources []entra.Source
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || name != path && !strings.EqualFold(filepath.Ext(name), ".json") {
				return err
			}
			data, err := readFile(name, entra.MaxFile)
			sources = append(sources, entra.Source{Name: name, Data: data})
			return err
		})
		if err != nil {
			return nil, trouble(err, "%s cannot be read: %s.", path, plain(err))
		}
	}
	if len(sources) == 0 {
		return nil, trouble(nil, "There is no JSON file in %s.", strings.Join(paths, ", "))
	}
	return sources, nil
}

// entraStored is what an import adds to, and what an export gives.
func entraStored(ctx context.Context, r *runtime.Runtime, t access.TenantID) (entra.Stored, error) {
	d, err := r.Definitions(ctx, t)
	if err != nil {
		return entra.Stored{}, trouble(err, "The definitions cannot be read: %s", inSentence(err))
	}
	kept, err := r.Kept(ctx, t)
	if err != nil {
		return entra.Stored{}, trouble(err, "What was kept of earlier imports cannot be read: %s", inSentence(err))
	}
	return entra.Stored{Definitions: d, Kept: kept}, nil
}

// entraReport prints what becomes of everything that was in the files.
func entraReport(out io.Writer, r entra.Report, verbose bool) {
	most := 10 // places of one thing
	if verbose {
		most = math.MaxInt
	}
	fmt.Fprintf(out, "%d objects were read. Usher says %d of their values itself; %d properties are kept.\n", r.Objects, r.Represented, len(r.Kept))
	remarks(out, "To know:", r.Notes, most)
	remarks(out, "Kept, not yet acted on:", r.Kept, most)
	remarks(out, "Ignored, because", r.Ignored, most)
	unmatched(out, "People whom no map names:", r.People)
	unmatched(out, "Groups that no map names:", r.Groups)
	fmt.Fprintln(out)
}

// remarks prints what was said, each once, with the first of the places it is
// about.
func remarks(out io.Writer, title string, list []entra.Remark, most int) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", title)
	places := map[string][]string{}
	var says []string
	for _, r := range list {
		if _, there := places[r.Says]; !there {
			says = append(says, r.Says)
		}
		places[r.Says] = append(places[r.Says], strings.TrimSpace(r.File+" "+r.Path))
	}
	for _, s := range says {
		fmt.Fprintf(out, "  %s\n", s)
		for i, place := range slices.Compact(places[s]) {
			if i == most {
				fmt.Fprintf(out, "      and %d more: --verbose lists them\n", len(places[s])-most)
				break
			}
			if place != "" {
				fmt.Fprintf(out, "      %s\n", place)
			}
		}
	}
}

func unmatched(out io.Writer, title string, list map[string][]string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", title)
	for _, id := range slices.Sorted(maps.Keys(list)) {
		fmt.Fprintf(out, "  %s\n      %s\n", cmp.Or(id, "(no id)"), strings.Join(slices.Compact(list[id]), "\n      "))
	}
}

// ExportEntra writes all definitions in the words of Microsoft Graph into the
// files of a folder. A file that is there is not overwritten.
func ExportEntra(ctx context.Context, o EntraOptions) error {
	m, err := entraMaps(o.Maps)
	if err != nil {
		return err
	}
	where, err := storeOrDemos(o.Config, o.Demo)
	if err != nil {
		return err
	}
	mark, err := markOf(ctx, where)
	if err == nil && mark == "" {
		err = trouble(nil, "%s holds no data yet: there is nothing to export.", where.where())
	}
	if err != nil {
		return err
	}
	s, err := openStore(ctx, where, mark)
	if err != nil {
		return err
	}
	stored, err := entraStored(ctx, runtimeOf(s), tenantOf(mark, o.Config))
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	out, err := entra.Write(stored, m)
	if err != nil {
		return trouble(err, "The definitions cannot be said in Graph's words: %v.", err)
	}
	if err := entraFiles(o, out.Files); err != nil {
		return err
	}
	if len(out.Lost) > 0 {
		fmt.Fprintf(o.Out, "\nGraph has no word for:\n  %s\n", strings.Join(out.Lost, "\n  "))
	}
	return nil
}

func entraFiles(o EntraOptions, files []entra.Source) error {
	o.Dir = cmp.Or(o.Dir, ".")
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return trouble(err, "The folder %s cannot be made: %s.", o.Dir, plain(err))
	}
	for _, f := range files {
		path := filepath.Join(o.Dir, f.Name)
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err == nil {
			_, err = file.Write(f.Data)
			err = errors.Join(err, file.Close())
		}
		if err != nil {
			return trouble(err, "%s cannot be written: %s.", path, plain(err))
		}
		fmt.Fprintln(o.Out, "wrote "+path)
	}
	return nil
}
