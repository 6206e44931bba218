package app

import (
	"context"
	"errors"
	"fmt"
	"os"
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

// Apply writes definitions from files into a store: all files together, or
// nothing.
func Apply(ctx context.Context, o ApplyOptions) error {
	sources, err := readFiles(o.Files)
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
	if err := connectorsKnown(sources, connectorNames(o.Config, mode)); err != nil {
		return err
	}
	s, err := openStore(ctx, where, mode)
	if err != nil {
		return err
	}
	tenant := tenantOf(mode, o.Config)
	r := runtime.New(runtime.Options{Store: s, Directory: directories{}, Clock: realClock{}, Log: zerolog.Nop()})
	if err := adminsFirst(ctx, r, o.Config, tenant, sources); err != nil {
		return errors.Join(err, s.Close())
	}
	done, err := apply(ctx, r, tenant, access.SystemActor().Person, sources, time.Now())
	for _, one := range done {
		fmt.Fprintln(o.Out, strings.TrimSpace(fmt.Sprintf("%-9s %s %s", one.Action, one.Key.Kind, one.Key.ID)))
	}
	return errors.Join(err, s.Close())
}

// adminsFirst lets definitions be applied before the first usher serve: where
// neither the store nor the files say who the admins are, the configuration
// does.
func adminsFirst(ctx context.Context, r *runtime.Runtime, c config.Config, t access.TenantID, sources []source) error {
	_, all, err := readDefinitions(sources, time.Now())
	if err != nil || all.Settings != nil {
		return err
	}
	return firstAdminsOf(ctx, r, c, t)
}

// apply reads and checks all files, then writes what differs in one step.
func apply(ctx context.Context, r *runtime.Runtime, t access.TenantID, by access.PersonID, sources []source, now time.Time) ([]runtime.Defined, error) {
	files, all, err := readDefinitions(sources, now)
	if err != nil {
		return nil, err
	}
	id := engine.CommandID(fmt.Sprintf("apply/%d/%s", now.UnixNano(), r.NewID()))
	done, err := r.Apply(ctx, t, by, id, all)
	if err != nil {
		return nil, trouble(err, "The definitions were not applied: %s", inSentence(explain(files, err)))
	}
	return done, nil
}

// connectorsKnown finds resources whose connector is none of those that the
// bot has: they could never be given.
func connectorsKnown(sources []source, known []string) error {
	_, all, err := readDefinitions(sources, time.Now())
	if err != nil {
		return err
	}
	for _, r := range all.Resources {
		if !slices.Contains(known, r.Connector) {
			return trouble(nil, "The resource %s names the connector %q, and there is none of that name here: %s.", r.ID, r.Connector, strings.Join(known, ", "))
		}
	}
	return nil
}

// readDefinitions joins the definitions of several files.
func readDefinitions(sources []source, now time.Time) ([]definitionFile, runtime.Definitions, error) {
	var files []definitionFile
	var all runtime.Definitions
	for _, s := range sources {
		f, err := config.ReadDefinitions(s.name, s.data, now, time.UTC)
		if err != nil {
			return nil, all, trouble(err, "%s", inSentence(err))
		}
		if f.Definitions.Settings != nil && all.Settings != nil {
			return nil, all, trouble(nil, "%s: settings are in another file as well: keep one of them.", s.name)
		}
		if f.Definitions.Settings != nil {
			all.Settings = f.Definitions.Settings
		}
		before := all
		all.Catalogs = append(all.Catalogs, f.Definitions.Catalogs...)
		all.Resources = append(all.Resources, f.Definitions.Resources...)
		all.Packages = append(all.Packages, f.Definitions.Packages...)
		files = append(files, newDefinitionFile(f, before, all))
	}
	return files, all, nil
}

func readFiles(names []string) ([]source, error) {
	var sources []source
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, trouble(err, "%s cannot be read: %s.", name, plain(err))
		}
		sources = append(sources, source{name, data})
	}
	return sources, nil
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
