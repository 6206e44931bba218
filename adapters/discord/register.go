package discord

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// registerAgain is how long to wait after a registration that failed. Discord
// takes 200 new commands a day and server ("Application Commands", Creating).
const registerAgain = time.Minute

// register tells Discord of the commands, if it has others. It tries on until
// ctx ends or trying again cannot help.
func (a *Adapter) register(ctx context.Context) {
	for ctx.Err() == nil {
		err := a.registerOnce(ctx)
		if err == nil {
			return
		}
		a.o.Log.Warn().Str("why", a.scrub(err)).Msg("discord: the commands are not registered")
		if isFatal(err) {
			return
		}
		a.wait(ctx, registerAgain)
	}
}

func (a *Adapter) registerOnce(ctx context.Context) error {
	if len(a.o.Commands) == 0 {
		return nil
	}
	wanted, err := definitions(a.o.Commands, !a.o.PerServer)
	if err != nil {
		return err
	}
	places, err := a.commandPlaces(ctx)
	if err != nil {
		return err
	}
	for _, place := range places {
		has, err := a.registered(ctx, place)
		if err != nil {
			return err
		}
		if same(has, wanted) {
			continue
		}
		if err := a.call(ctx, errand{method: http.MethodPut, url: place, way: "commands", in: wanted}, nil); err != nil {
			return err
		}
		a.count("registered")
		a.o.Log.Info().Int("commands", len(wanted)).Msg("discord: the commands were registered")
	}
	return nil
}

// commandPlaces are where commands are registered.
func (a *Adapter) commandPlaces(ctx context.Context) ([]string, error) {
	id, err := a.whoami(ctx)
	if err != nil {
		return nil, err
	}
	if !a.o.PerServer {
		return []string{discordgo.EndpointApplicationGlobalCommands(id.app)}, nil
	}
	var out []string
	for _, guild := range id.guilds {
		out = append(out, discordgo.EndpointApplicationGuildCommands(id.app, guild))
	}
	return out, nil
}

func (a *Adapter) registered(ctx context.Context, place string) (has []definition, err error) {
	err = a.call(ctx, errand{method: http.MethodGet, url: place + "?with_localizations=true", way: "commands"}, &has)
	return has, err
}

// same compares definitions, in whatever order they are. What Discord fills in
// by itself for commands of one server does not count.
func same(has, wanted []definition) bool {
	return hashOf(ordered(has, wanted)) == hashOf(ordered(wanted, wanted))
}

func ordered(list, wanted []definition) []definition {
	out := slices.Clone(list)
	for i := range out {
		if len(wanted) > 0 && wanted[0].Contexts == nil {
			out[i].Contexts, out[i].IntegrationTypes = nil, nil
		}
	}
	slices.SortFunc(out, func(x, y definition) int {
		return cmp.Or(cmp.Compare(x.Type, y.Type), strings.Compare(x.Name, y.Name))
	})
	return out
}
