package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// Doctor looks whether the configuration, the store and files of definitions
// are in order, and says so line by line. It makes no store and changes none.
func Doctor(ctx context.Context, o DoctorOptions) error {
	d := &doctor{DoctorOptions: o}
	d.look("configuration", d.configuration)
	if !o.Demo {
		d.strangers()
	}
	d.look("store", func() (string, error) {
		found, err := d.store(ctx)
		d.sound = err == nil
		return found, err
	})
	if !o.Demo {
		d.chats(ctx)
	}
	if len(o.Files) > 0 {
		d.look(strings.Join(o.Files, ", "), func() (string, error) { return d.files(ctx) })
	}
	if d.ill > 0 {
		return trouble(nil, "%d of %d things need attention.", d.ill, d.looked)
	}
	return nil
}

type doctor struct {
	DoctorOptions
	looked, ill int
	sound       bool // the store can be read, or made
	seen        seen // in the definitions of the store
}

// chats looks at each chat: one line for each finding.
func (d *doctor) chats(ctx context.Context) {
	chats, err := openChats(setting{Common: d.Common, config: d.Config, clock: realClock{}, log: zerolog.Nop(), behind: &behind{}, seen: d.seen})
	if err != nil {
		d.look("chats", func() (string, error) { return "", err })
		return
	}
	for _, c := range chats {
		for _, f := range c.kind.diagnose(ctx, d.Config, c.adapter) {
			d.look(c.kind.name+" chat "+c.Name, func() (string, error) {
				if !f.ok {
					return "", trouble(nil, "%s. %s.", f.what, f.fix)
				}
				return f.what, nil
			})
		}
	}
}

// mode is what is being looked after: doctor says it when the store is marked
// for the other.
func (d *doctor) mode() storage.Mode {
	if d.Demo {
		return storage.Demo
	}
	return storage.Serve
}

// look prints one line: what was looked at, and what was found.
func (d *doctor) look(name string, at func() (string, error)) {
	d.looked++
	found, err := at()
	if err != nil {
		d.ill++
		found = "NOT IN ORDER: " + err.Error()
	}
	fmt.Fprintf(d.Out, "%s: %s\n", name, found)
}

func (d *doctor) configuration() (string, error) {
	if d.Demo {
		return "in order (a demo needs none)", nil
	}
	if err := d.Config.CheckServe(); err != nil {
		return "", trouble(err, "%s", inSentence(err))
	}
	return fmt.Sprintf("in order; tenant %s, %d admin(s). %s", d.Config.Tenant, len(d.Config.Admins), chatsInWords(d.Config)), nil
}

// strangers names admins of chats that there are none of: nobody can act as
// them.
func (d *doctor) strangers() {
	for _, admin := range d.Config.Admins {
		chat, _, _ := strings.Cut(string(admin), "/")
		if slices.ContainsFunc(d.Config.Chats, func(c config.Chat) bool { return c.Name == chat }) {
			continue
		}
		d.look("admin "+string(admin), func() (string, error) {
			return "", trouble(nil, "No chat %q is configured%s.", chat, tokenOf(chat))
		})
	}
}

// tokenOf says how the chat that a kind of chats gives its name to comes about;
// "" when the name is none of a kind.
func tokenOf(chat string) string {
	if _, known := chatKinds()[chat]; !known {
		return ""
	}
	return ": set " + strings.ToUpper(chat) + "_BOT_TOKEN"
}

func (d *doctor) store(ctx context.Context) (string, error) {
	o, err := storeOrDemos(d.Config, d.Demo)
	if err != nil {
		return "", err
	}
	mark, err := markOf(ctx, o)
	if err != nil {
		return "", err
	}
	if mark == "" {
		return unmade(ctx, o, d.mode())
	}
	mode := d.mode()
	tenant := tenantOf(mode, d.Config)
	s, err := openStore(ctx, o, mode)
	if err != nil {
		return "", err
	}
	r := runtime.New(runtime.Options{Store: s, Directory: directories{}, Clock: realClock{}, Log: zerolog.Nop()})
	world, err := everything(ctx, r, tenant)
	if err == nil && !d.Demo {
		err = d.read(ctx, r)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return "", trouble(err, "%s cannot be read: %s", o.where(), inSentence(err))
	}
	return fmt.Sprintf("in order; %s, layout %d, marked %s, %d package(s)", o.where(), storage.Version, mode, len(world.Packages)), nil
}

// read notes what the definitions of all tenants speak of.
func (d *doctor) read(ctx context.Context, r *runtime.Runtime) error {
	for _, t := range tenants(d.Config) {
		world, err := everything(ctx, r, t)
		if err != nil {
			return err
		}
		d.seen.channels = append(d.seen.channels, namesIn[access.Channel](world)...)
		d.seen.resources = slices.AppendSeq(d.seen.resources, maps.Values(world.Resources))
	}
	return nil
}
