package runtime

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// EditAs is Edit by somebody in a chat, who may do what engine.MayDefine says,
// at the moment of the commit. For a resource that is new, or means something
// else now, the connector is asked as well (Keeper).
func (r *Runtime) EditAs(ctx context.Context, t access.TenantID, who access.Account, id engine.CommandID, e Edit) ([]Defined, error) {
	by, err := r.editor(ctx, t, who, e)
	if err != nil {
		return nil, r.forPeople(err)
	}
	return r.edit(ctx, t, by, id, e)
}

// PlanAs refuses what EditAs would refuse and says what it would do.
func (r *Runtime) PlanAs(ctx context.Context, t access.TenantID, who access.Account, e Edit) ([]Defined, error) {
	by, err := r.editor(ctx, t, who, e)
	if err != nil {
		return nil, r.forPeople(err)
	}
	a, err := r.prepare(ctx, t, by, "plan", e)
	if err != nil {
		return nil, r.forPeople(err)
	}
	return a.done, nil
}

// Things is ThingsFor nobody: what everybody may know of.
func (r *Runtime) Things(ctx context.Context, t access.TenantID, query string, max int) []Thing {
	return r.things(ctx, t, nil, query, max)
}

// ThingsFor lists what connectors could give, by name, as far as who may know
// of it there. What one connector cannot tell now is left out and logged.
func (r *Runtime) ThingsFor(ctx context.Context, t access.TenantID, who access.Account, query string, max int) []Thing {
	_, actor, err := r.Who(ctx, t, who)
	if err != nil {
		r.Log.Warn().Err(err).Str("tenant", string(t)).Msg("what only some may know of is not listed")
		return r.things(ctx, t, nil, query, max)
	}
	return r.things(ctx, t, accountsOf(actor), query, max)
}

func (r *Runtime) things(ctx context.Context, t access.TenantID, accounts []access.Account, query string, max int) []Thing {
	var all []Thing
	for _, name := range slices.Sorted(maps.Keys(r.Connectors)) {
		finder, ok := r.Connectors[name].(Finder)
		if !ok || !r.serves(t, r.Connectors[name]) {
			continue
		}
		found, err := finder.Find(ctx, t, accounts, query, max)
		if err != nil {
			r.Log.Warn().Err(err).Str("tenant", string(t)).Str("connector", name).Msg("what there is to give cannot be listed")
			continue
		}
		within, inChat := r.Connectors[name].(InChat)
		for _, thing := range found {
			thing.Connector = name
			if inChat {
				thing.Chat = within.Chat()
			}
			all = append(all, thing)
		}
	}
	slices.SortStableFunc(all, func(a, b Thing) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all[:min(len(all), max)]
}

// Kinds are the connectors that a tenant can use, by name.
func (r *Runtime) Kinds(t access.TenantID) []string {
	names := slices.Sorted(maps.Keys(r.Connectors))
	return slices.DeleteFunc(names, func(name string) bool { return !r.serves(t, r.Connectors[name]) })
}

// serves reports whether a connector is not that of another tenant's chat.
func (r *Runtime) serves(t access.TenantID, c Connector) bool {
	within, ok := c.(InChat)
	if !ok || r.Chats == nil {
		return true
	}
	return r.Chats[within.Chat()] == t
}

// editor is who edits, once the connectors have been asked.
func (r *Runtime) editor(ctx context.Context, t access.TenantID, who access.Account, e Edit) (editor, error) {
	_, actor, err := r.Who(ctx, t, who)
	if err != nil {
		return editor{}, err
	}
	for _, res := range e.Resources {
		if err := r.mayHand(ctx, t, actor, res); err != nil {
			return editor{}, err
		}
	}
	return editor{Actor: actor, checked: true}, nil
}

func (r *Runtime) mayHand(ctx context.Context, t access.TenantID, actor access.Actor, res access.Resource) error {
	recs, err := r.Store.Load(ctx, ResourceKey(t, res.ID))
	if err != nil {
		return err
	}
	before, err := decoded[access.Resource](recs[0])
	if err != nil || before.Connector == res.Connector && before.Target == res.Target {
		return err
	}
	connector, ok := r.Connectors[res.Connector]
	if !ok || !r.serves(t, connector) {
		return access.Refuse(access.Invalid, "unknownConnector", "value", res.Connector).At("connector")
	}
	keeper, ok := connector.(Keeper)
	if !ok {
		return nil
	}
	err = keeper.MayHand(ctx, t, accountsOf(actor), res)
	var fault *access.Fault
	if errors.As(err, &fault) {
		r.Log.Warn().Err(err).Str("tenant", string(t)).Str("connector", res.Connector).Msg("a right cannot be asked for")
		return access.Refuse(access.Unavailable, "rightUnknown", "resource", res.Name)
	}
	return err
}

// accountsOf are all accounts of a person.
func accountsOf(a access.Actor) []access.Account {
	accounts := []access.Account{access.Account(a.Person)}
	for _, p := range append(slices.Clone(a.Also), access.PersonID(a.Account)) {
		if !slices.Contains(accounts, access.Account(p)) {
			accounts = append(accounts, access.Account(p))
		}
	}
	return accounts
}

// may asks the engine whether the actor may make one definition of another.
func (a *applying) may(before, after any) error {
	if !a.checked {
		return nil
	}
	return engine.MayDefine(a.world, a.meta.Actor, before, after)
}
