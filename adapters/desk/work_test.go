package desk

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// workshop is a house with the real runtime on a real store, in which people
// define things: olga is admin of the tenant; of the catalog "lab" ada is
// owner, ben package manager, rita reader; mina is a member and carla from
// outside. What can be handed out is on the shelves of the connector "rooms".
type workshop struct {
	*house
	r     *runtime.Runtime
	store *bolt.Store
	rooms *workRooms
}

func openWorkshop(t *testing.T, caps form.Caps) *workshop {
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
	w := &workshop{house: &house{t: t, log: &bytes.Buffer{}, at: time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC), people: cast()}, store: store, rooms: &workRooms{}}
	w.chat = chattest.NewChat("play", caps, []access.Channel{"play/all", "play/approvals"})
	w.there = chattest.NewChat("games", caps, nil)
	w.r = runtime.New(runtime.Options{
		Store: store, Directory: directory{w}, Clock: w.house, Log: zerolog.New(w.log),
		Connectors: w.connectors(),
	})
	w.desk, err = New(Parts{Scratch: store, Clock: w.house, Chats: []chat.Adapter{w.chat}, Log: zerolog.New(w.log), Export: config.WriteDefinitions})
	if err != nil {
		t.Fatal(err)
	}
	w.desk.Use(w.r)
	w.r.SetMessenger(w.desk)
	w.furnish()
	return w
}

// edits presses Edit, in either language, and chooses what.
func (w *workshop) edits(p access.PersonID, r chat.Reply, part string) chat.Reply {
	w.t.Helper()
	label := "Edit"
	for _, b := range w.told(r).Buttons {
		if b.Label == "Bearbeiten" {
			label = b.Label
		}
	}
	return w.through(p, w.taps(p, r, label), form.Values{"part": val(part)})
}

func (w *workshop) connectors() map[string]runtime.Connector {
	return map[string]runtime.Connector{"rooms": w.rooms, access.ManualConnector: w.rooms.byHand()}
}

func (w *workshop) furnish() {
	w.t.Helper()
	person := access.SomePerson
	_, err := w.r.Apply(context.Background(), tenant, olga, "furnish", runtime.Definitions{
		Settings: &access.Settings{Name: "Demo", Admins: []access.Subject{person(olga)}, Locale: "en", Zone: "UTC"},
		Catalogs: []access.Catalog{
			{ID: access.General, Name: "General"},
			{ID: "lab", Name: "Lab", Roles: []access.RoleHolder{
				{Role: access.CatalogOwner, Who: person(ada)}, {Role: access.PackageManager, Who: person(ben)}, {Role: access.CatalogReader, Who: person(rita)},
			}},
		},
		Resources: []access.Resource{
			{ID: "design-team", Catalog: access.General, Name: "Design team", Connector: "rooms", Target: "design", Roles: []access.ResourceRole{
				{ID: "member", Name: "member", Can: access.Say("read and write its files")}, {ID: "lead", Name: "lead", Can: access.Say("invite others")},
			}},
			{ID: "bench", Catalog: "lab", Name: "Bench", Connector: "rooms", Target: "bench", Roles: []access.ResourceRole{{ID: "user", Name: "user", Can: access.Say("use the bench")}}},
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.rooms.list = []runtime.Thing{
		{Target: "design", Name: "Design team", Kind: "group", Roles: []access.ResourceRole{{ID: "member", Name: "member", Can: access.Say("read and write its files")}}},
		{Target: "lounge", Name: "#lounge", Kind: "channel", Roles: []access.ResourceRole{{ID: "member", Name: "member", Can: access.Say("read and write in it")}}},
		{Target: "site", Name: "Project site", Kind: "role", Roles: []access.ResourceRole{{ID: "visitor", Name: "visitor", Can: access.Say("see the pages")}}},
	}
}

// directory knows the cast and one group.
type directory struct{ w *workshop }

func (d directory) Profile(_ context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	if profile, ok := d.w.people[p]; ok {
		return profile, nil
	}
	return access.Profile{}, access.Refuse(access.NotFound, "unknownPerson", "value", string(p))
}

func (d directory) Members(_ context.Context, _ access.TenantID, g access.GroupID) ([]access.PersonID, error) {
	var out []access.PersonID
	for id, p := range d.w.people {
		if slices.Contains(p.Groups, g) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out, nil
}

func (d directory) Search(_ context.Context, _ access.TenantID, query string, most int) ([]access.Profile, error) {
	var out []access.Profile
	for _, p := range d.w.people {
		if strings.Contains(strings.ToLower(p.Name), strings.ToLower(query)) && p.Standing.Human() {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b access.Profile) int { return strings.Compare(a.Name, b.Name) })
	return out[:min(len(out), most)], nil
}

// workRooms is a connector that gives at once and lists what it could give.
type workRooms struct {
	list      []runtime.Thing
	forbidden string // the target that nobody may hand out
}

func (*workRooms) Grant(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}
func (*workRooms) Revoke(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}
func (*workRooms) Verify(context.Context, runtime.Job) (access.Had, error) {
	return access.Unknown, nil
}

func (s *workRooms) MayHand(_ context.Context, _ access.TenantID, _ []access.Account, r access.Resource) error {
	if r.Target == s.forbidden {
		return access.Refuse(access.Forbidden, "notYourThing", "resource", r.Name)
	}
	return nil
}

func (s *workRooms) Find(_ context.Context, _ access.TenantID, _ []access.Account, query string, most int) ([]runtime.Thing, error) {
	var out []runtime.Thing
	for _, t := range s.list {
		if strings.Contains(strings.ToLower(t.Name+" "+t.Target), strings.ToLower(query)) && len(out) < most {
			out = append(out, t)
		}
	}
	return out, nil
}

// byHand is the connector for what people hand out.
func (s *workRooms) byHand() runtime.Connector { return struct{ runtime.Connector }{s} }

// through fills in all pages of a form, as one does in a live chat or in one
// with pages, and returns what comes after it. What is not given stays as the
// form comes.
func (w *workshop) through(p access.PersonID, r chat.Reply, values form.Values) chat.Reply {
	w.t.Helper()
	id := w.shown(r).Page.Form
	for range 20 {
		show, ok := r.(chat.Show)
		if !ok {
			return w.understood(p, r)
		}
		if show.Page.Form != id || len(show.Page.Errors) > 0 {
			return r
		}
		r = w.fills(p, w.lively(p, show, values), values)
	}
	w.t.Fatalf("a form without an end: %s", spell(r))
	return nil
}

// lively tells the fields that others depend on, as long as new ones come up.
func (w *workshop) lively(p access.PersonID, show chat.Show, values form.Values) chat.Reply {
	w.t.Helper()
	for range 5 {
		n := len(show.Page.Fields)
		if !slices.ContainsFunc(show.Page.Fields, func(f form.Field) bool { return f.Live }) {
			return show
		}
		sent := form.Values{}
		for _, f := range show.Page.Fields {
			if v, ok := values[f.ID]; ok {
				sent[f.ID] = v
			} else if len(f.Value) > 0 {
				sent[f.ID] = f.Value
			}
		}
		show = w.shown(w.does(chat.Filled{Who: w.who(p), ID: w.id(), Form: show.Page.Form, Page: show.Page.Number, Values: sent, Live: true}))
		if len(show.Page.Fields) == n {
			return show
		}
	}
	return show
}

// understood sends a form whose times were read back.
func (w *workshop) understood(p access.PersonID, r chat.Reply) chat.Reply {
	w.t.Helper()
	if tell, ok := r.(chat.Tell); ok && strings.Contains(cardText(tell.Card), "This is how Usher understands it") {
		return w.does(chat.Pressed{Who: w.who(p), ID: w.id(), Token: tell.Card.Buttons[0].Token})
	}
	return r
}

// pack is a package as it is stored.
func (w *workshop) pack(id access.PackageID) access.Package {
	w.t.Helper()
	world, err := w.r.World(context.Background(), tenant, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return world.Packages[id]
}
