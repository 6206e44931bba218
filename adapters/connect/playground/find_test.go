package rooms_test

import (
	"errors"
	"testing"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	rooms "github.com/usher-dev/usher/adapters/connect/playground"
	"github.com/usher-dev/usher/core/access"
)

func resource(target string) access.Resource {
	return access.Resource{ID: "new", Name: "Something new", Connector: "playground", Target: target}
}

func TestThings(t *testing.T) {
	t.Parallel()
	connecttest.RunThings(t, func(t *testing.T) connecttest.Things {
		r := newRoom(t, rooms.Normal, rooms.Options{})
		// A room of a package, with roles in two languages.
		site := access.Resource{Name: "Team site", Target: "team-site", Roles: []access.ResourceRole{
			{ID: "reader", Name: "Reader", Can: access.Words{Text: "Read", In: map[string]string{"de": "Lesen"}}},
			{ID: "editor", Name: "Editor", Can: access.Words{Text: "Write", In: map[string]string{"de": "Schreiben"}}},
		}}
		// One that a delivery made, and one that is listed while it is empty.
		design := job("").Resource
		design.Roles = nil
		if err := r.Ensure(t.Context(), []access.Resource{site, design}); err != nil {
			t.Fatal(err)
		}
		j := job("playground/mina")
		j.Resource = access.Resource{Name: "Launch", Target: "launch-channel", Roles: []access.ResourceRole{member}}
		if _, err := r.Grant(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		owner := []access.Account{"playground/olga"}
		return connecttest.Things{
			Fixture:  connecttest.Fixture{Connector: r, Job: job("playground/carla"), Fail: func(*testing.T) { r.store.failWith(errors.New("connection refused")) }},
			Accounts: owner,
			Names:    []string{"@translators", "Design channel", "Launch", "Photo archive", "Team site"},
			Hands: map[string]connecttest.Hand{
				"owner":                           {Accounts: owner, Resource: resource("team-site"), May: true},
				"member":                          {Accounts: []access.Account{"playground/mina"}, Resource: resource("launch-channel"), May: true},
				"somebody, of a room never used":  {Accounts: []access.Account{"playground/mina"}, Resource: resource("photo-archive"), May: true},
				"stranger":                        {Accounts: []access.Account{"slack/U1"}, Resource: resource("team-site")},
				"somebody without a proper name ": {Accounts: []access.Account{"playground/"}, Resource: resource("team-site")},
			},
			Gone: resource("nowhere"),
		}
	})
}

// Rooms are of one tenant.
func TestAnotherTenantFindsNothing(t *testing.T) {
	t.Parallel()
	r := newRoom(t, rooms.Normal, rooms.Options{})
	if found, err := r.Find(t.Context(), "other", nil, "", 10); err != nil || len(found) > 0 {
		t.Errorf("found %v, %v", found, err)
	}
	if err := r.MayHand(t.Context(), "other", []access.Account{"playground/olga"}, resource("design")); !access.IsCode(err, "notYourThing") {
		t.Errorf("got %v", err)
	}
}
