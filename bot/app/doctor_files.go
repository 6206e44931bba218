package app

import (
	"context"
	"errors"
	"slices"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// files reads files of definitions as one set, and compares it with the store
// as a dry run of apply does: with an empty one where there is none yet. When
// the store cannot be read, what they refer to is not looked at.
func (d *doctor) files(ctx context.Context) (string, error) {
	files, all, err := definitionsOf(d.Files)
	if err != nil {
		return "", err
	}
	if err := connectorsKnown(files, all, d.Config, d.mode()); err != nil {
		return "", err
	}
	if !d.sound {
		return counted(all) + "; references were not looked at, as the store cannot be read", nil
	}
	if err := d.fits(ctx, files, all); err != nil {
		return "", err
	}
	return "in order; " + counted(all), nil
}

// fits plans an apply and throws the plan away.
func (d *doctor) fits(ctx context.Context, files []definitionFile, all runtime.Definitions) error {
	o := ApplyOptions{Common: d.Common, Config: d.Config, Files: d.Files, Demo: d.Demo, DryRun: true}
	tenant := tenantOf(d.mode(), d.Config)
	if len(adminsOf(d.Config, tenant)) == 0 { // which is said of the configuration
		o.Config.Admins = append(slices.Clone(o.Config.Admins), access.Account("doctor/doctor"))
	}
	where, err := storeOrDemos(d.Config, d.Demo)
	if err != nil {
		return err
	}
	a, done, err := newApplier(ctx, o, where, d.mode())
	if err != nil {
		return err
	}
	a.files = files
	_, err = a.plan(ctx, all)
	var report config.Report
	if errors.As(err, &report) {
		err = trouble(report, "%s", inSentence(report))
	}
	return errors.Join(err, done())
}
