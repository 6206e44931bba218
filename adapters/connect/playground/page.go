package rooms

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// List returns all rooms in the order of their ids, each with its members in
// the order in which they came.
func (r *Rooms) List(ctx context.Context) ([]Room, error) {
	var rooms []Room
	err := r.each(ctx, func(room record) {
		room.settle(r.clock.Now())
		slices.SortStableFunc(room.Members, func(a, b Member) int {
			return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Account, b.Account))
		})
		rooms = append(rooms, room.Room)
	})
	return rooms, err
}

// each goes through all rooms in the order of their ids, as they are stored.
func (r *Rooms) each(ctx context.Context, do func(record)) error {
	after := ""
	for {
		ids, err := r.store.List(ctx, runtime.Query{Tenant: r.tenant, Index: index, After: after, Max: 1000})
		if err != nil || len(ids) == 0 {
			return err
		}
		keys := make([]runtime.Key, len(ids))
		for i, id := range ids {
			keys[i] = r.key(id)
		}
		found, err := r.store.Load(ctx, keys...)
		if err != nil {
			return err
		}
		for i, rec := range found {
			room, err := decode(ids[i], rec)
			if err != nil {
				return err
			}
			do(room)
		}
		after = ids[len(ids)-1]
	}
}

// SetMode changes how a room behaves from now on. access.Invalid (code
// "unknownMode") for a mode that there isn't; access.NotFound (code
// "unknownRoom") for a room that there isn't.
func (r *Rooms) SetMode(ctx context.Context, id string, mode Mode) error {
	if !slices.Contains(Modes(), mode) {
		return access.Refuse(access.Invalid, "unknownMode", "mode", string(mode)).At("mode")
	}
	return r.existing(ctx, id, func(room *record, _ time.Time) bool {
		changed := room.Mode != mode
		room.Mode = mode
		return changed
	})
}

// Put puts an account into a room by hand, past Usher. access.NotFound (code
// "unknownRoom").
func (r *Rooms) Put(ctx context.Context, id string, a access.Account, role string) error {
	return r.existing(ctx, id, func(room *record, now time.Time) bool {
		m := Member{Account: a, Name: string(a), Role: role, Since: now, ByHand: true}
		return room.apply(access.OpGrant, m)
	})
}

// Remove takes an account out of a room by hand. access.NotFound (code
// "unknownRoom").
func (r *Rooms) Remove(ctx context.Context, id string, a access.Account, role string) error {
	return r.existing(ctx, id, func(room *record, _ time.Time) bool {
		return room.apply(access.OpRevoke, Member{Account: a, Role: role})
	})
}

// existing changes a room that exists.
func (r *Rooms) existing(ctx context.Context, id string, f func(*record, time.Time) bool) error {
	found, err := r.store.Load(ctx, r.key(id))
	if err != nil {
		return err
	}
	if found[0].Revision == 0 {
		return access.Refuse(access.NotFound, "unknownRoom", "room", id)
	}
	return r.change(ctx, id, f)
}

// Ensure makes the rooms of resources appear before their first use, and keeps
// their names and roles up to date. Which resources are rooms is for the caller to know.
func (r *Rooms) Ensure(ctx context.Context, resources []access.Resource) error {
	for _, resource := range resources {
		if resource.Target == "" {
			continue
		}
		if err := r.change(ctx, resource.Target, func(room *record, _ time.Time) bool {
			changed := room.fresh || room.Name != resource.Name || !reflect.DeepEqual(room.Roles, resource.Roles)
			room.Name, room.Roles = resource.Name, resource.Roles
			return changed
		}); err != nil {
			return err
		}
	}
	return nil
}
