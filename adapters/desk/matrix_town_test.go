package desk

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// The roles of product.md, as columns of the matrix. All of them are roles in
// the garden; nobody of them has anything to do with the zoo but who looks
// after everything.
const (
	asAdmin     = "admin"
	asOwner     = "owner"
	asReader    = "reader"
	asPackager  = "packager" // package manager
	asAssigner  = "assigner" // assignment manager
	asApprover  = "approver" // of the stage of rose; also carries out the task of daisy
	asRequestor = "requestor"
	asHolder    = "holder"
	asAuditor   = "auditor"
	asMember    = "member" // has nothing, and may ask for rose
	asGuest     = "guest"  // a stranger
)

func matrixRoles() []string {
	return []string{asAdmin, asOwner, asReader, asPackager, asAssigner, asApprover, asRequestor, asHolder, asAuditor, asMember, asGuest}
}

// half is one of the two catalogs, and what is in it. Every name in it has the
// mark, and no id has: who reads the mark was told a name.
type half struct {
	catalog                      access.CatalogID
	mark                         string
	package1, terms, fails, task access.PackageID
	resource                     access.ResourceID
	asks, holds                  access.PersonID
}

func ownHalf() half {
	return half{"garden", "Tulip", "p1", "p2", "p3", "p4", "r1", "play/requestor", "play/holder"}
}

func foreignHalf() half {
	return half{"zoo", "Zebra", "q1", "q2", "q3", "q4", "s1", "play/zara", "play/zeno"}
}

// nowhereHalf is what does not exist, spelled as long as what does.
func nowhereHalf() half {
	return half{"nix", "Nothing", "x1", "x2", "x3", "x4", "y1", "play/zara", "play/zeno"}
}

// townClock stands still.
type townClock struct{}

func (townClock) Now() time.Time { return time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC) }

// townPeople is the directory: everybody is named like their account, in
// capitals.
type townPeople struct{}

func (townPeople) Profile(_ context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	name := userOf(access.Account(p))
	if !slices.Contains(townNames(), name) {
		return access.Profile{}, access.Refuse(access.NotFound, "unknownPerson")
	}
	profile := access.Profile{Person: p, Account: access.Account(p), Name: strings.ToUpper(name), Standing: access.Member, Zone: "UTC", Locale: "en"}
	if name == asGuest {
		profile.Standing = access.External
	}
	return profile, nil
}

func townNames() []string {
	return append(matrixRoles(), "zara", "zeno", "zack", "zoe", "second", "newcomer")
}

func (townPeople) Members(context.Context, access.TenantID, access.GroupID) ([]access.PersonID, error) {
	return nil, access.Refuse(access.NotFound, "unknownGroup")
}

func (d townPeople) Search(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	var out []access.Profile
	for _, name := range townNames() {
		if p, err := d.Profile(ctx, t, access.PersonID("play/"+name)); err == nil && strings.Contains(name, query) && len(out) < max {
			out = append(out, p)
		}
	}
	return out, nil
}

// townRooms is a connector: what is called "broken" cannot be given, what is
// called "hand" is a task.
type townRooms struct{}

func (townRooms) Grant(_ context.Context, j runtime.Job) (runtime.Answer, error) {
	switch j.Resource.Target {
	case "broken":
		return runtime.Answer{}, &access.Fault{Failure: access.FailHuman, Code: "forbidden"}
	case "hand":
		return runtime.Answer{Task: true}, nil
	}
	return runtime.Answer{}, nil
}

func (townRooms) Revoke(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}

func (townRooms) Verify(context.Context, runtime.Job) (access.Had, error) { return access.Unknown, nil }

func (townRooms) Find(_ context.Context, _ access.TenantID, _ []access.Account, query string, _ int) ([]runtime.Thing, error) {
	if !strings.Contains("free room", strings.ToLower(query)) {
		return nil, nil
	}
	return []runtime.Thing{{Target: "free", Name: "Free room", Kind: "channel", Roles: []access.ResourceRole{{ID: "member", Name: "Member"}}}}, nil
}

// townWall is a messenger that takes every card.
type townWall struct{}

func (townWall) Post(_ context.Context, d runtime.Delivery) (string, error) { return "m-" + d.ID, nil }
func (townWall) Edit(context.Context, string, runtime.Delivery) error       { return nil }

func townRuntime(store runtime.Store) *runtime.Runtime {
	rooms := townRooms{}
	return runtime.New(runtime.Options{
		Store: store, Directory: townPeople{}, Messenger: townWall{}, Clock: townClock{}, Log: zerolog.Nop(),
		Connectors: map[string]runtime.Connector{"rooms": rooms, access.ManualConnector: rooms},
	})
}

// buildTown makes the store that every cell of the matrix begins with, and
// returns its file: in each half a request that waits, terms to accept, access
// that is on, a delivery that failed and a task.
func buildTown(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "usher.db")
	synctest.Test(t, func(t *testing.T) {
		store, err := bolt.Open(path, bolt.Options{Mode: storage.Demo})
		if err != nil {
			t.Fatal(err)
		}
		r := townRuntime(store)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		if _, err := r.Apply(ctx, tenant, "play/admin", "define", townDefinitions()); err != nil {
			t.Fatal(err)
		}
		furnish(t, r, ownHalf(), "play/approver")
		furnish(t, r, foreignHalf(), "play/zack")
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	})
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// townSettles lets the workers do all that is owed.
func townSettles() {
	<-time.After(5 * time.Second) // of the bubble
	synctest.Wait()
}

// furnish makes requests and assignments in one half of the town.
func furnish(t *testing.T, r *runtime.Runtime, h half, approver access.Account) {
	t.Helper()
	do := func(who access.Account, holder access.PersonID, id engine.CommandID, cmd func(engine.Meta) engine.Command) {
		t.Helper()
		if _, err := r.Do(t.Context(), tenant, who, holder, id, cmd); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		townSettles()
	}
	ask := func(who access.PersonID, p access.PackageID) {
		t.Helper()
		do(access.Account(who), "", engine.CommandID("ask-"+string(who)+string(p)), func(m engine.Meta) engine.Command {
			return engine.Submit{Meta: m, Package: p, Justification: h.mark + " wish"}
		})
	}
	ask(h.asks, h.package1)
	ask(h.asks, h.terms)
	ask(h.holds, h.package1)
	do(approver, h.holds, engine.CommandID("approve-"+string(h.catalog)), func(m engine.Meta) engine.Command {
		return engine.Decide{Meta: m, Request: 1, Face: 1, Verdict: access.Approve, Reason: h.mark + " reason"}
	})
	ask(h.holds, h.fails)
	ask(h.holds, h.task)
}

func townDefinitions() runtime.Definitions {
	people := func(names ...string) []access.Subject {
		var out []access.Subject
		for _, name := range names {
			out = append(out, access.SomePerson(access.PersonID("play/"+name)))
		}
		return out
	}
	d := runtime.Definitions{Settings: &access.Settings{
		Name: "Town", Admins: people(asAdmin, "second"), Auditors: people(asAuditor), Locale: "en", Zone: "UTC",
	}}
	holders := map[access.CatalogID]map[access.CatalogRole]string{
		"garden": {access.CatalogOwner: asOwner, access.CatalogReader: asReader, access.PackageManager: asPackager, access.AssignmentManager: asAssigner},
		"zoo":    {access.CatalogOwner: "zoe"},
	}
	for h, names := range map[half][2]string{ownHalf(): {asApprover, asMember}, foreignHalf(): {"zack", "zoe"}} {
		g := access.Catalog{ID: h.catalog, Name: h.mark + " catalog"}
		for _, role := range []access.CatalogRole{access.CatalogOwner, access.CatalogReader, access.PackageManager, access.AssignmentManager} {
			if who := holders[h.catalog][role]; who != "" {
				g.Roles = append(g.Roles, access.RoleHolder{Role: role, Who: people(who)[0]})
			}
		}
		d.Catalogs = append(d.Catalogs, g)
		townHalf(&d, h, people(names[0]), access.PersonID("play/"+names[1]))
	}
	return d
}

// townHalf adds the resources and packages of one half.
func townHalf(d *runtime.Definitions, h half, approver []access.Subject, more access.PersonID) {
	for i, p := range []access.PackageID{h.package1, h.terms, h.fails, h.task} {
		res := access.Resource{
			ID: access.ResourceID("s" + string(p)), Catalog: h.catalog, Name: h.mark + " thing " + string(p), Connector: "rooms",
			Target: []string{"room", "room2", "broken", "hand"}[i] + string(h.catalog[0]),
			Roles:  []access.ResourceRole{{ID: "member", Name: h.mark + " member", Can: access.Say(h.mark + " things")}},
		}
		if i == 0 {
			res.ID = h.resource
		}
		if i == 2 {
			res.Target = "broken"
		}
		if i == 3 {
			res.Connector, res.Target, res.Hands = access.ManualConnector, "hand", approver
		}
		policy := access.Policy{
			ID: "all", Name: h.mark + " policy", Requestors: access.Scope{People: []access.PersonID{h.asks, h.holds}},
			Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 30 * day, Extend: true},
		}
		pack := access.Package{ID: p, Catalog: h.catalog, Name: h.mark + " package " + string(p), Roles: []access.RoleRef{{Resource: res.ID, Role: "member"}}}
		switch i {
		case 0:
			policy.Stages = []access.Stage{{Approvers: approver}}
			policy.Requestors.People = append(policy.Requestors.People, more)
		case 2:
			pack.Hidden = true
		case 1:
			pack.Terms = &access.Terms{Version: 1, Text: access.Say(h.mark + " terms")}
		}
		pack.Policies = []access.Policy{policy}
		d.Resources, d.Packages = append(d.Resources, res), append(d.Packages, pack)
	}
}
