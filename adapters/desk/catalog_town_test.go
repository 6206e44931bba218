package desk

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/connect/manual"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// shop is a house whose desk stands before the real runtime on bolt: Olga is
// admin, Ada owns the catalog Design, Ben makes its packages, Rita audits.
type shop struct {
	*house
	r *runtime.Runtime
}

// shopPeople is the directory of a shop.
type shopPeople struct{ h *house }

func (d shopPeople) Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	return d.h.Profile(ctx, t, p)
}

func (d shopPeople) Members(context.Context, access.TenantID, access.GroupID) ([]access.PersonID, error) {
	return nil, nil
}

func (d shopPeople) Search(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	return d.h.SearchPeople(ctx, t, query, max)
}

// racks is a connector that lists things and says who has a right over them:
// nobody but Olga has one over the vault.
type racks struct{ things []runtime.Thing }

func (s *racks) Find(_ context.Context, _ access.TenantID, _ []access.Account, query string, max int) ([]runtime.Thing, error) {
	var out []runtime.Thing
	for _, thing := range s.things {
		if strings.Contains(strings.ToLower(thing.Name+"\n"+thing.Target), strings.ToLower(query)) && len(out) < max {
			out = append(out, thing)
		}
	}
	return out, nil
}

func (s *racks) MayHand(_ context.Context, _ access.TenantID, accounts []access.Account, res access.Resource) error {
	if res.Target == "vault" && !slices.Contains(accounts, access.Account(olga)) {
		return access.Refuse(access.Forbidden, "notYourThing", "resource", res.Name)
	}
	return nil
}

func (s *racks) Chat() string { return "play" }

// wires is a connector of which nobody can list anything.
type wires struct{}

func (wires) Grant(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}
func (wires) Revoke(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}
func (wires) Verify(context.Context, runtime.Job) (access.Had, error) { return access.Unknown, nil }

type rackConnector struct {
	wires
	*racks
}

func openShop(t *testing.T, caps form.Caps, more ...runtime.Thing) *shop {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "usher.db"), bolt.Options{Mode: storage.Demo})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	h := newHouse(t, caps)
	connector := rackConnector{racks: &racks{things: append(shopThings(), more...)}}
	r := runtime.New(runtime.Options{
		Store: store, Directory: shopPeople{h}, Clock: h, Log: zerolog.Nop(),
		Connectors: map[string]runtime.Connector{"rooms": connector, "hooks": wires{}, access.ManualConnector: manual.New()},
	})
	h.desk, err = New(Parts{
		Scratch: store, Clock: h, Chats: []chat.Adapter{h.chat, h.there}, Log: zerolog.New(h.log),
		Tenants: map[string]access.TenantID{"play": tenant, "games": tenant},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.desk.Use(r)
	s := &shop{house: h, r: r}
	s.define(shopDefinitions())
	return s
}

func shopThings() []runtime.Thing {
	member := []access.ResourceRole{{ID: "member", Name: "Member", Can: words2("read and write there", "dort lesen und schreiben")}}
	return []runtime.Thing{
		{Target: "design", Name: "#design", Kind: "channel", Roles: member},
		{Target: "approvals", Name: "#approvals", Kind: "channel", Roles: member},
		{Target: "vault", Name: "Vault", Kind: "role", Roles: append(slices.Clone(member), access.ResourceRole{ID: "keeper", Name: "Keeper"})},
		{Target: "security", Name: "security", Kind: "group", Roles: member},
	}
}

func shopDefinitions() runtime.Definitions {
	some := access.SomePerson
	return runtime.Definitions{
		Settings: &access.Settings{Name: "Demo", Admins: []access.Subject{some(olga)}, Auditors: []access.Subject{some(rita)}},
		Catalogs: []access.Catalog{{ID: access.General, Name: "General"}, {
			ID: "design", Name: "Design", Description: "What designers need.", Roles: []access.RoleHolder{
				{Role: access.CatalogOwner, Who: some(ada)}, {Role: access.CatalogOwner, Who: access.SomeGroup("play/leads")},
				{Role: access.PackageManager, Who: some(ben)},
			},
			Routing: access.Routing{Channels: []access.Channel{"play/approvals"}},
		}},
		Resources: []access.Resource{
			{
				ID: "files", Catalog: "design", Name: "Design files", Description: "All sketches.", Connector: "rooms", Target: "design",
				Roles: []access.ResourceRole{{ID: "member", Name: "Member", Can: words2("read and write", "lesen und schreiben")}, {ID: "guest", Name: "Guest", Can: access.Say("read")}},
			},
			{
				ID: "badge", Catalog: access.General, Name: "Badge", Connector: access.ManualConnector, Target: "Badge", Hands: []access.Subject{some(rita)},
				Roles: []access.ResourceRole{{ID: "holder", Name: "Holder", Can: access.Say("open the door")}},
			},
		},
		Packages: []access.Package{{
			ID: "sketches", Catalog: "design", Name: "Sketches", Roles: []access.RoleRef{{Resource: "files", Role: "member"}},
			Policies: []access.Policy{{ID: "all", Name: "All", Requestors: access.Scope{Members: true}, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}},
		}},
	}
}

func (s *shop) define(d runtime.Definitions) {
	s.t.Helper()
	if _, err := s.r.Apply(s.t.Context(), tenant, olga, engine.CommandID(s.id()), d); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) resource(id access.ResourceID) access.Resource {
	s.t.Helper()
	w, err := s.r.Resources(s.t.Context(), tenant, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Resources[id]
}

func (s *shop) catalog(id access.CatalogID) access.Catalog {
	s.t.Helper()
	w, err := s.r.AllCatalogs(s.t.Context(), tenant)
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Catalogs[id]
}

// reads types a command and returns all that the answer says.
func (s *shop) reads(p access.PersonID, text string) string {
	s.t.Helper()
	return cardText(s.told(s.types(p, text)))
}

// has expects parts of a text, in any order.
func (s *shop) has(text string, parts ...string) {
	s.t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			s.t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

// hasNot expects that none of the parts is there.
func (s *shop) hasNot(text string, parts ...string) {
	s.t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			s.t.Errorf("%q is in:\n%s", part, text)
		}
	}
}

// pages fills in a form page by page.
func (s *shop) pages(p access.PersonID, r chat.Reply, values form.Values) chat.Reply {
	s.t.Helper()
	for range 9 {
		show, ok := r.(chat.Show)
		if !ok || len(show.Page.Errors) > 0 {
			return r
		}
		r = s.fills(p, r, values)
	}
	s.t.Fatal("a form without end")
	return nil
}

// confirms expects a difference with these parts, and confirms it.
func (s *shop) confirms(p access.PersonID, r chat.Reply, parts ...string) string {
	s.t.Helper()
	s.has(cardText(s.told(r)), parts...)
	return cardText(s.told(s.taps(p, r, "Confirm")))
}

func manyResources(n int) []access.Resource {
	var out []access.Resource
	for i := range n {
		id := fmt.Sprintf("room-%03d", i)
		out = append(out, access.Resource{
			ID: access.ResourceID(id), Catalog: access.General, Name: fmt.Sprintf("Room %03d", i), Connector: "hooks", Target: id,
			Roles: []access.ResourceRole{{ID: "member", Name: "Member", Can: access.Say("come in")}},
		})
	}
	return out
}
