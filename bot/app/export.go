package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// schemaFile is what an export calls the schema for editors.
const schemaFile = "usher.schema.json"

// Export writes the definitions of a store as YAML that Apply reads: into a
// folder, a file for the settings and one or more for each catalog, or without
// one to Out, in one piece. Applied again it changes nothing.
func Export(ctx context.Context, o ExportOptions) error {
	d, err := stored(ctx, o)
	if err != nil {
		return err
	}
	if o.Dir == "" {
		_, err := o.Out.Write(oneFile(d))
		return err
	}
	return exportInto(o, d)
}

// oneFile is an export in one piece.
func oneFile(d runtime.Definitions) []byte {
	return append(heading(""), config.WriteDefinitions(d)...)
}

// stored reads all definitions of a store that is there.
func stored(ctx context.Context, o ExportOptions) (runtime.Definitions, error) {
	where, err := storeOrDemos(o.Config, o.Demo)
	if err != nil {
		return runtime.Definitions{}, err
	}
	mark, err := markOf(ctx, where)
	if err != nil {
		return runtime.Definitions{}, err
	}
	if mark == "" {
		return runtime.Definitions{}, trouble(nil, "%s holds no data yet: there is nothing to export.", where.where())
	}
	mode, err := modeOf(ctx, where, o.Demo)
	if err != nil {
		return runtime.Definitions{}, err
	}
	s, err := openStore(ctx, where, mode)
	if err != nil {
		return runtime.Definitions{}, err
	}
	r := runtimeOf(s)
	d, err := r.Definitions(ctx, tenantOf(mode, o.Config))
	if err := errors.Join(err, s.Close()); err != nil {
		return d, trouble(err, "%s cannot be read: %s", where.where(), inSentence(err))
	}
	return d, nil
}

// heading stands at the top of an exported file.
func heading(schema string) []byte {
	var b bytes.Buffer
	if schema != "" {
		fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\n", schema)
	}
	fmt.Fprintln(&b, "# Written by usher export. \"usher apply\" takes it back; what it manages cannot be")
	fmt.Fprintln(&b, "# edited in chat. What says \"managedBy: chat\" can: take that line out to manage it here.")
	fmt.Fprintln(&b)
	return b.Bytes()
}

// exported is one file of an export.
type exported struct {
	name string
	data []byte
}

func exportInto(o ExportOptions, d runtime.Definitions) error {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return trouble(err, "The folder %s cannot be made: %s.", o.Dir, plain(err))
	}
	files := exportFiles(d)
	written := []string{}
	for _, f := range append(files, exported{schemaFile, config.Schema()}) {
		path := filepath.Join(o.Dir, f.name)
		if err := os.WriteFile(path, f.data, 0o644); err != nil {
			return trouble(err, "%s cannot be written: %s.", path, plain(err))
		}
		written = append(written, path)
		fmt.Fprintln(o.Out, "wrote "+path)
	}
	there, err := filesIn(o.Dir)
	if err != nil {
		return trouble(err, "The folder %s cannot be read: %s.", o.Dir, plain(err))
	}
	for _, path := range there {
		if !slices.Contains(written, path) {
			fmt.Fprintf(o.Out, "%s was there before and is no part of this export: delete it before you apply the folder.\n", path)
		}
	}
	return nil
}

// exportFiles divides definitions: names with an underscore are no ids of
// catalogs.
func exportFiles(d runtime.Definitions) []exported {
	var files []exported
	if d.Settings != nil {
		files = append(files, exported{"_settings.yaml", fileOf(runtime.Definitions{Settings: d.Settings})})
	}
	for _, c := range catalogsOf(d) {
		n := 0
		for _, part := range divided(c) {
			name := string(c.id) + ".yaml"
			if n++; n > 1 {
				name = fmt.Sprintf("%s_%d.yaml", c.id, n)
			}
			files = append(files, exported{name, fileOf(part)})
		}
	}
	return files
}

func fileOf(d runtime.Definitions) []byte {
	return append(heading(schemaFile), config.WriteDefinitions(d)...)
}

// catalogOf is a catalog with what is in it.
type catalogOf struct {
	id access.CatalogID
	in runtime.Definitions
}

// catalogsOf gathers what is in each catalog, in the order of their ids.
func catalogsOf(d runtime.Definitions) []catalogOf {
	byID := map[access.CatalogID]*catalogOf{}
	in := func(id access.CatalogID) *runtime.Definitions {
		if byID[id] == nil {
			byID[id] = &catalogOf{id: id}
		}
		return &byID[id].in
	}
	for _, c := range d.Catalogs {
		if !c.Deleting {
			in(c.ID).Catalogs = append(in(c.ID).Catalogs, c)
		}
	}
	for _, r := range d.Resources {
		if !r.Deleting {
			in(r.Catalog).Resources = append(in(r.Catalog).Resources, r)
		}
	}
	for _, p := range d.Packages {
		if !p.Deleting {
			in(p.Catalog).Packages = append(in(p.Catalog).Packages, p)
		}
	}
	var all []catalogOf
	for _, c := range byID {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b catalogOf) int { return cmp.Compare(a.id, b.id) })
	return all
}

// divided splits a catalog so that no file is larger than one that is read.
func divided(c catalogOf) []runtime.Definitions {
	const room = config.MaxFile - 4<<10 // beside the heading
	all := []runtime.Definitions{{Catalogs: c.in.Catalogs}}
	used := len(config.WriteDefinitions(all[0]))
	add := func(one runtime.Definitions) {
		size := len(config.WriteDefinitions(one))
		if used+size > room {
			all, used = append(all, runtime.Definitions{}), 0
		}
		last := &all[len(all)-1]
		last.Resources, last.Packages = append(last.Resources, one.Resources...), append(last.Packages, one.Packages...)
		used += size
	}
	for _, r := range c.in.Resources {
		add(runtime.Definitions{Resources: []access.Resource{r}})
	}
	for _, p := range c.in.Packages {
		add(runtime.Definitions{Packages: []access.Package{p}})
	}
	return all
}
