package rooms

import (
	"context"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/connect/things"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// chat is whose accounts may hand out rooms.
const chat = "playground"

// Find lists the rooms that there are, and some that nobody has used yet, so
// that a package can be built of what is in no catalog. Everybody may know of
// them. Faults: "timeout", "storeFailed" (retry).
func (r *Rooms) Find(ctx context.Context, t access.TenantID, _ []access.Account, query string, max int) ([]runtime.Thing, error) {
	if err := ctx.Err(); err != nil {
		return nil, fault(err)
	}
	if t != r.tenant {
		return nil, nil
	}
	all, err := r.all(ctx)
	if err != nil {
		return nil, fault(err)
	}
	return things.Pick(all, query, max), nil
}

// all are the rooms that are stored, and the empty ones that are not.
func (r *Rooms) all(ctx context.Context) ([]runtime.Thing, error) {
	found := empty()
	err := r.each(ctx, func(room record) {
		i := slices.IndexFunc(found, func(t runtime.Thing) bool { return t.Target == room.ID })
		if i < 0 {
			i, found = len(found), append(found, runtime.Thing{Target: room.ID, Kind: "room", Roles: member(room.Name)})
		}
		found[i].Name = room.Name
		if len(room.Roles) > 0 {
			found[i].Roles = room.Roles
		}
	})
	return found, err
}

func member(name string) []access.ResourceRole {
	return []access.ResourceRole{things.Role("member", "Member", "Be in "+name, "In "+name+" sein")}
}

// empty are rooms that nobody has used yet.
func empty() []runtime.Thing {
	return []runtime.Thing{
		{Target: "launch-channel", Name: "#launch", Kind: "channel", Roles: []access.ResourceRole{
			things.Role("member", "Member", "Read and write in #launch", "In #launch lesen und schreiben"),
		}},
		{Target: "translators", Name: "@translators", Kind: "group", Roles: []access.ResourceRole{
			things.Role("member", "Member", "Be counted as one of the translators", "Zu den Übersetzern gehören"),
		}},
		{Target: "photo-archive", Name: "Photo archive", Kind: "room", Roles: []access.ResourceRole{
			things.Role("reader", "Reader", "Look at the team's photos", "Die Fotos des Teams ansehen"),
			things.Role("editor", "Editor", "Add photos and throw them away", "Fotos hinzufügen und wegwerfen"),
		}},
	}
}

// MayHand lets everybody who has an account of the playground: it has no rights
// of its own. Faults as for Find.
func (r *Rooms) MayHand(ctx context.Context, t access.TenantID, accounts []access.Account, res access.Resource) error {
	if err := ctx.Err(); err != nil {
		return fault(err)
	}
	here := func(a access.Account) bool { in, id, _ := strings.Cut(string(a), "/"); return in == chat && id != "" }
	if t != r.tenant || !slices.ContainsFunc(accounts, here) {
		return things.NotYours(res)
	}
	all, err := r.all(ctx)
	if err != nil {
		return fault(err)
	}
	if !slices.ContainsFunc(all, func(t runtime.Thing) bool { return t.Target == res.Target }) {
		return things.Unknown(res)
	}
	return nil
}
