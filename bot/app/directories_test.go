package app

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/usher-dev/usher/core/access"
)

// anyone is a directory that knows whoever it is asked for.
type anyone string

func (a anyone) Profile(_ context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	return access.Profile{Person: p}, nil
}

func (a anyone) Members(context.Context, access.TenantID, access.GroupID) ([]access.PersonID, error) {
	return []access.PersonID{access.PersonID(a + "/one")}, nil
}

func (a anyone) Search(context.Context, access.TenantID, string, int) ([]access.Profile, error) {
	return []access.Profile{{Person: access.PersonID(a + "/one")}}, nil
}

// Two organisations in one process do not know each other's people.
func TestAChatIsAskedOnlyForItsOwnTenant(t *testing.T) {
	t.Parallel()
	all := directories{"a": {anyone("a"), "acme"}, "b": {anyone("b"), "brand"}, "c": {anyone("c"), "acme"}}
	for _, c := range []struct {
		tenant access.TenantID
		chat   string
		known  bool
	}{{"acme", "a", true}, {"acme", "c", true}, {"brand", "b", true}, {"brand", "a", false}, {"acme", "b", false}, {"", "a", false}, {"acme", "d", false}} {
		_, err := all.Profile(t.Context(), c.tenant, access.PersonID(c.chat+"/one"))
		if (err == nil) != c.known || !c.known && !access.IsCode(err, "unknownPerson") {
			t.Errorf("%s asks for somebody of %s: %v", c.tenant, c.chat, err)
		}
		_, err = all.Members(t.Context(), c.tenant, access.GroupID(c.chat+"/group"))
		if (err == nil) != c.known || !c.known && !access.IsCode(err, "unknownGroup") {
			t.Errorf("%s asks for a group of %s: %v", c.tenant, c.chat, err)
		}
	}
	for tenant, want := range map[access.TenantID][]access.PersonID{"acme": {"a/one", "c/one"}, "brand": {"b/one"}, "else": nil} {
		found, err := all.Search(t.Context(), tenant, "one", 10)
		var got []access.PersonID
		for _, p := range found {
			got = append(got, p.Person)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s finds %q, %v", tenant, got, err)
		}
	}
}

// postman is a directory that knows e-mail addresses.
type postman struct {
	anyone
	mail string
	fail bool
	hang bool
}

func (p postman) Profile(_ context.Context, _ access.TenantID, id access.PersonID) (access.Profile, error) {
	return access.Profile{Person: id, Standing: access.Member, Email: p.mail}, nil
}

func (p postman) ByEmail(ctx context.Context, _ access.TenantID, email string) ([]access.PersonID, error) {
	if p.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if p.fail {
		return []access.PersonID{"never/used"}, errors.New("refused")
	}
	if email != p.mail {
		return nil, nil
	}
	return []access.PersonID{access.PersonID(p.anyone + "/same")}, nil
}

// The same e-mail address in two chats of a tenant counts as one person, and a
// chat that does not say who has it stands in nobody's way.
func TestTheSameMailIsNoticedAcrossATenantsChats(t *testing.T) {
	t.Parallel()
	all := directories{
		"a": {postman{anyone: "a", mail: "x@y"}, "acme"}, "b": {postman{anyone: "b", mail: "x@y"}, "brand"},
		"c": {postman{anyone: "c", mail: "x@y"}, "acme"}, "d": {anyone("d"), "acme"}, "e": {postman{anyone: "e", mail: "other"}, "acme"},
		"f": {postman{anyone: "f", mail: "x@y", fail: true}, "acme"}, "g": {postman{anyone: "g", mail: "x@y", hang: true}, "acme"},
		"h": {postman{anyone: "h"}, "acme"},
	}
	for id, want := range map[access.PersonID][]access.PersonID{"a/one": {"c/same"}, "c/one": {"a/same"}, "e/one": nil, "h/one": nil} {
		profile, err := all.Profile(t.Context(), "acme", id)
		if err != nil || !slices.Equal(profile.SameAs, want) {
			t.Errorf("%s is the same as %q, %v", id, profile.SameAs, err)
		}
	}
}
