package app

import (
	"context"
	"slices"

	"github.com/usher-dev/usher/adapters/connect/playground"
	"github.com/usher-dev/usher/adapters/desk"
	page "github.com/usher-dev/usher/adapters/playground"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// roomsOnPage shows the rooms of the connector on the playground's page: two
// adapters that do not know each other.
type roomsOnPage struct{ rooms *rooms.Rooms }

func (r roomsOnPage) Rooms(ctx context.Context) ([]page.Room, error) {
	list, err := r.rooms.List(ctx)
	if err != nil {
		return nil, err
	}
	var modes []string
	for _, m := range rooms.Modes() {
		modes = append(modes, string(m))
	}
	var out []page.Room
	for _, one := range list {
		out = append(out, page.Room{ID: one.ID, Name: one.Name, Mode: string(one.Mode), Modes: modes, Roles: rolesOf(one)})
	}
	return out, nil
}

// rolesOf groups the members of a room by role, in the order of the roles'
// names.
func rolesOf(room rooms.Room) []page.RoomRole {
	var roles []page.RoomRole
	for _, m := range room.Members {
		i := slices.IndexFunc(roles, func(r page.RoomRole) bool { return r.Role == m.Role })
		if i < 0 {
			i = len(roles)
			roles = append(roles, page.RoomRole{Role: m.Role})
		}
		roles[i].People = append(roles[i].People, access.PersonID(m.Account))
	}
	slices.SortFunc(roles, func(a, b page.RoomRole) int {
		if a.Role < b.Role {
			return -1
		}
		return 1
	})
	return roles
}

func (r roomsOnPage) SetMode(ctx context.Context, id, mode string) error {
	return r.rooms.SetMode(ctx, id, rooms.Mode(mode))
}

// auditOnPage shows the audit on the playground's page, in the desk's words.
type auditOnPage struct {
	runtime *runtime.Runtime
	desk    *desk.Desk
	tenant  access.TenantID
}

func (a auditOnPage) Lines(ctx context.Context, after int64, latest bool, max int) ([]page.AuditLine, error) {
	lines, err := a.runtime.Audit(ctx, a.tenant, "", after, latest, max)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	if latest {
		slices.Reverse(lines)
	}
	events := make([]engine.Event, len(lines))
	for i, l := range lines {
		events[i] = l.Event
	}
	out := make([]page.AuditLine, len(lines))
	for i, text := range a.desk.Trail(ctx, a.tenant, events) {
		l := lines[i]
		out[i] = page.AuditLine{ID: l.ID, At: l.Event.At, Kind: string(l.Event.Type), Person: l.Event.Person, Actor: l.Event.By, Text: text}
	}
	return out, nil
}

// leaver ends at once what somebody had who left the playground.
func leaver(r *runtime.Runtime, t access.TenantID) func(context.Context, access.PersonID) {
	return func(ctx context.Context, who access.PersonID) {
		if err := r.Left(ctx, t, who); err != nil {
			r.Log.Error().Err(err).Str("person", string(who)).Msg("somebody left, but not all of it could be ended")
		}
	}
}

// regrouper makes open requests follow a group whose members changed.
func regrouper(r *runtime.Runtime, t access.TenantID) func(context.Context, access.GroupID) {
	return func(ctx context.Context, group access.GroupID) {
		if err := r.GroupChanged(ctx, t, group); err != nil {
			r.Log.Error().Err(err).Str("group", string(group)).Msg("a group changed, but open requests do not follow yet; the daily look will")
		}
	}
}
