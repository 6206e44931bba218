package runtime

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// EditAs is Edit by somebody in a chat, who may do what engine.MayDefine says,
// at the moment of the commit. For a resource that is new, or means something
// else now, the connector is asked as well (Keeper), once the engine allows it.
func (r *Runtime) EditAs(ctx context.Context, t access.TenantID, who access.Account, id engine.CommandID, e Edit) ([]Defined, error) {
	by, _, err := r.editor(ctx, t, who, e)
	if err != nil {
		return nil, r.forPeople(err)
	}
	return r.edit(ctx, t, by, id, e)
}

// PlanAs refuses what EditAs would refuse and says what it would do.
func (r *Runtime) PlanAs(ctx context.Context, t access.TenantID, who access.Account, e Edit) ([]Defined, error) {
	_, done, err := r.editor(ctx, t, who, e)
	if err != nil {
		return nil, r.forPeople(err)
	}
	return done, nil
}

// ThingsFor lists what connectors could give, by name, as far as who may know
// of it there; what everybody may know of, when nobody knows who that is. What
// one connector cannot tell now is left out and logged.
func (r *Runtime) ThingsFor(ctx context.Context, t access.TenantID, who access.Account, query string, max int) []Thing {
	_, actor, err := r.Who(ctx, t, who)
	if err != nil {
		r.Log.Warn().Err(err).Str("tenant", string(t)).Msg("what only some may know of is not listed")
		return r.things(ctx, t, nil, query, max)
	}
	return r.things(ctx, t, accountsOf(actor), query, max)
}

// things asks all connectors at once: one that hangs takes no time from others.
func (r *Runtime) things(ctx context.Context, t access.TenantID, accounts []access.Account, query string, max int) []Thing {
	names := r.Kinds(t)
	found := make([][]Thing, len(names))
	var asked sync.WaitGroup
	for i, name := range names {
		asked.Go(func() { found[i] = r.thingsOf(ctx, t, name, accounts, query, max) })
	}
	asked.Wait()
	all := slices.Concat(found...)
	slices.SortStableFunc(all, func(a, b Thing) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all[:min(len(all), max)]
}

// thingsOf asks one connector.
func (r *Runtime) thingsOf(ctx context.Context, t access.TenantID, name string, accounts []access.Account, query string, max int) []Thing {
	finder, ok := r.Connectors[name].(Finder)
	if !ok {
		return nil
	}
	found, err := func() (found []Thing, err error) {
		defer recovered(&err)
		return finder.Find(ctx, t, accounts, query, max)
	}()
	if err != nil {
		r.Log.Warn().Err(err).Str("tenant", string(t)).Str("connector", name).Msg("what there is to give cannot be listed")
		return nil
	}
	for i := range found {
		found[i].Connector = name
	}
	return found
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

// editor is who edits, and what that would do, once the engine and then the
// connectors were asked: whoever has no right here is told nothing of what is
// there.
func (r *Runtime) editor(ctx context.Context, t access.TenantID, who access.Account, e Edit) (editor, []Defined, error) {
	_, actor, err := r.Who(ctx, t, who)
	if err != nil {
		return editor{}, nil, err
	}
	by := editor{Actor: actor, checked: true}
	var a *applying
	err = r.repeat(ctx, "plan", func() (err error) {
		a, err = r.prepare(ctx, t, by, "plan", e)
		return err
	})
	if err != nil {
		return editor{}, nil, err
	}
	for _, res := range e.Resources {
		if err := r.mayHand(ctx, t, actor, a.stored.Resources[res.ID], res); err != nil {
			return editor{}, nil, err
		}
	}
	return by, a.done, nil
}

// mayHand asks the connector of a resource that is new or another thing now.
func (r *Runtime) mayHand(ctx context.Context, t access.TenantID, actor access.Actor, before, res access.Resource) error {
	if before.Connector == res.Connector && before.Target == res.Target {
		return nil
	}
	connector, ok := r.Connectors[res.Connector]
	if !ok || !r.serves(t, connector) {
		return access.Refuse(access.Invalid, "unknownConnector", "value", res.Connector).At("connector")
	}
	keeper, ok := connector.(Keeper)
	if !ok {
		return nil
	}
	err := keeper.MayHand(ctx, t, accountsOf(actor), res)
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
