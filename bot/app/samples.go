package app

import (
	"context"

	"github.com/usher-dev/usher/config/sample"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// fill applies the sample definitions to a store that has none, and makes
// their rooms appear. What was changed since then stays.
func (d *DemoRun) fill(ctx context.Context) error {
	world, err := d.Runtime.World(ctx, DemoTenant)
	if err != nil {
		return trouble(err, "The definitions cannot be read: %s", inSentence(err))
	}
	if world.Settings.Revision == 0 {
		if err := d.applySamples(ctx); err != nil {
			return err
		}
	}
	return d.showRooms(ctx)
}

// applySamples writes all samples in one step.
func (d *DemoRun) applySamples(ctx context.Context) error {
	definitions, err := sample.Definitions(d.page.Now())
	if err != nil {
		return trouble(err, "The samples cannot be read: %s", inSentence(err))
	}
	_, err = d.Runtime.Apply(ctx, DemoTenant, access.SystemActor().Person, engine.CommandID("samples"), definitions)
	if err != nil {
		return trouble(err, "The samples cannot be applied: %s", inSentence(err))
	}
	return nil
}

// showRooms makes the rooms of all packages appear before their first use.
func (d *DemoRun) showRooms(ctx context.Context) error {
	world, _, err := d.Runtime.Packages(ctx, DemoTenant, "", "", 1000)
	if err != nil {
		return trouble(err, "The packages cannot be read: %s", inSentence(err))
	}
	var shown []access.Resource
	for _, r := range world.Resources {
		if r.Connector == "playground" {
			shown = append(shown, r)
		}
	}
	if err := d.rooms.Ensure(ctx, shown); err != nil {
		return trouble(err, "The rooms cannot be made: %v.", err)
	}
	return nil
}
