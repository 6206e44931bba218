package runtime_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// yard is a connector that lists what it could give and knows whose it is.
type yard struct {
	*rooms
	mu    sync.Mutex
	lists []runtime.Thing
	fails error
	whose map[string]access.Account // by target
	asked []string
	saw   []access.Account
	meet  func() // is called by Find
}

func (y *yard) Find(_ context.Context, _ access.TenantID, accounts []access.Account, query string, max int) ([]runtime.Thing, error) {
	if y.meet != nil {
		y.meet()
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.saw = accounts
	var found []runtime.Thing
	for _, t := range y.lists {
		if strings.Contains(t.Name, query) && len(found) < max {
			found = append(found, t)
		}
	}
	return found, y.fails
}

func (y *yard) MayHand(_ context.Context, _ access.TenantID, accounts []access.Account, res access.Resource) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.asked = append(y.asked, res.Target)
	if y.fails != nil {
		return y.fails
	}
	if !slices.Contains(accounts, y.whose[res.Target]) {
		return access.Refuse(access.Forbidden, "notYourThing", "resource", res.Name)
	}
	return nil
}

func (y *yard) questions() []string {
	y.mu.Lock()
	defer y.mu.Unlock()
	out := y.asked
	y.asked = nil
	return out
}

// yardAbroad is one of another tenant's chat.
type yardAbroad struct{ *yard }

func (yardAbroad) Chat() string { return "abroad" }

// newYard is a town where ada owns the catalog "studio", with a resource in it.
func newYard(t *testing.T) (*town, *yard) {
	y := &yard{rooms: &rooms{in: map[string]bool{}}, whose: map[string]access.Account{"kiln": ada, "wheel": ada, "oven": ben}}
	w := newTown(t, func(o *runtime.Options) {
		o.Chats = map[string]access.TenantID{"play": tenant, "other": tenant, "abroad": "elsewhere"}
		o.Connectors["yard"] = y
	})
	w.define(runtime.Definitions{
		Catalogs:  []access.Catalog{{ID: "studio", Name: "Studio", Roles: []access.RoleHolder{{Role: access.CatalogOwner, Who: some(ada)}}}},
		Resources: []access.Resource{inStudio("kiln", "kiln")},
	})
	return w, y
}

func inStudio(id access.ResourceID, target string) access.Resource {
	res := resource(id, "yard")
	res.Catalog, res.Target = "studio", target
	return res
}

func (w *town) editAs(who access.Account, e runtime.Edit) ([]runtime.Defined, error) {
	return w.r.EditAs(w.t.Context(), tenant, who, w.id("edit"), e)
}

func resources(all ...access.Resource) runtime.Edit {
	return runtime.Edit{Definitions: runtime.Definitions{Resources: all}}
}

func (w *town) revision(k runtime.Key) int64 { return w.store.record(k).Revision }

// An owner plans an edit; before it is confirmed, they are owner no more.
func TestARightThatWasLostSinceThePlanIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := newYard(t)
		e := resources(inStudio("wheel", "wheel"))
		done, err := w.r.PlanAs(t.Context(), tenant, ada, e)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "planned", bare(done), []runtime.Defined{{Key: runtime.ResourceKey(tenant, "wheel"), Action: runtime.Created}})
		wantEqual(t, "written by the plan", w.revision(runtime.ResourceKey(tenant, "wheel")), 0)
		w.define(runtime.Definitions{Catalogs: []access.Catalog{{ID: "studio", Name: "Studio"}}})
		_, err = w.editAs(ada, e)
		wantCode(t, err, "notCatalogOwner")
		wantEqual(t, "written", w.revision(runtime.ResourceKey(tenant, "wheel")), 0)
	})
}

// The role is lost between the load and the commit: the second try sees it.
func TestARightThatIsLostDuringTheCommitIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := newYard(t)
		once := sync.OnceFunc(func() {
			w.define(runtime.Definitions{Catalogs: []access.Catalog{{ID: "studio", Name: "Studio"}}})
		})
		w.store.failing(func(c runtime.Change) error {
			if strings.HasPrefix(string(c.Command), "edit") {
				once()
			}
			return nil
		}, nil)
		_, err := w.editAs(ada, resources(inStudio("wheel", "wheel")))
		wantCode(t, err, "notCatalogOwner")
		wantEqual(t, "written", w.revision(runtime.ResourceKey(tenant, "wheel")), 0)
	})
}

// Two admins edit the same: the second is told, and nothing of theirs is written.
func TestTheSecondEditorIsToldThatSomethingChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := newYard(t)
		key := runtime.ResourceKey(tenant, "kiln")
		bases := []runtime.Base{{Key: key, Revision: w.revision(key)}, {Key: runtime.ResourceKey(tenant, "wheel")}}
		first, second := inStudio("kiln", "kiln"), inStudio("kiln", "kiln")
		first.Description, second.Description = "Hot", "Very hot"
		one, two := resources(first), resources(second, inStudio("wheel", "wheel"))
		one.Bases, two.Bases = bases[:1], bases
		if _, err := w.editAs(ada, one); err != nil {
			t.Fatal(err)
		}
		for _, try := range []func() error{
			func() error { _, err := w.r.PlanAs(t.Context(), tenant, ada, two); return err },
			func() error { _, err := w.editAs(ada, two); return err },
		} {
			err := try()
			wantCode(t, err, "definitionChanged")
			if refusal, _ := access.AsError(err); refusal == nil || refusal.Data["name"] != "kiln" || refusal.Kind != access.TooLate {
				t.Errorf("it says %v", err)
			}
		}
		wantEqual(t, "kiln", w.revision(key), bases[0].Revision+1)
		wantEqual(t, "wheel", w.revision(runtime.ResourceKey(tenant, "wheel")), 0)
		two.Bases = []runtime.Base{{Key: key, Revision: bases[0].Revision + 1}, bases[1]}
		if _, err := w.editAs(ada, two); err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "kiln, drawn anew", w.revision(key), bases[0].Revision+2)
	})
}

func TestTheConnectorIsAskedOfWhatIsNewOrAnotherThing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, y := newYard(t)
		same, moved := inStudio("kiln", "kiln"), inStudio("kiln", "wheel")
		same.Description = "Hot"
		elsewhere := same
		elsewhere.Connector = "rooms" // which knows nobody's rights
		for _, step := range []struct {
			what  string
			edit  runtime.Edit
			asked []string
			code  string
		}{
			{"described", resources(same), nil, ""},
			{"retargeted", resources(moved), []string{"wheel"}, ""},
			{"retargeted to somebody else's", resources(inStudio("kiln", "oven")), []string{"oven"}, "notYourThing"},
			{"new, and one as before", resources(inStudio("oven", "oven"), moved), []string{"oven"}, "notYourThing"},
			{"to a connector without rights", resources(elsewhere), nil, ""},
			{"and back", resources(same), []string{"kiln"}, ""},
			{"to no connector", resources(func() access.Resource { r := same; r.Connector = "nothing"; return r }()), nil, "unknownConnector"},
		} {
			y.questions()
			if _, err := w.r.PlanAs(t.Context(), tenant, ada, step.edit); step.code != "" {
				wantCode(t, err, step.code)
			}
			wantEqual(t, step.what+", planned", y.questions(), step.asked)
			before := w.revision(runtime.ResourceKey(tenant, "kiln"))
			_, err := w.editAs(ada, step.edit)
			wantEqual(t, step.what, y.questions(), step.asked)
			if step.code == "" && err != nil {
				t.Errorf("%s: %v", step.what, err)
			}
			if step.code != "" {
				wantCode(t, err, step.code)
				wantEqual(t, step.what+" wrote", w.revision(runtime.ResourceKey(tenant, "kiln")), before)
			}
		}
		wantEqual(t, "oven", w.revision(runtime.ResourceKey(tenant, "oven")), 0)
	})
}

// Whoever may not edit learns nothing of what there is on the other side.
func TestTheConnectorIsNotAskedForSomebodyWithoutTheRole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, y := newYard(t)
		for _, who := range []access.Account{mina, ben, carla} {
			_, err := w.editAs(who, resources(inStudio("oven", "oven")))
			wantCode(t, err, "notCatalogOwner")
		}
		wantEqual(t, "asked", y.questions(), []string(nil))
	})
}

// A linked person has the rights of all their accounts.
func TestTheConnectorHearsAllAccounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, y := newYard(t)
		w.dir.set(access.Profile{Person: person(carlo), Name: "Carlo", Standing: access.Member})
		w.link(ada, carlo)
		y.whose["loom"] = carlo
		if _, err := w.editAs(ada, resources(inStudio("loom", "loom"))); err != nil {
			t.Errorf("the other account's right does not count: %v", err)
		}
		w.r.ThingsFor(t.Context(), tenant, carlo, "", 5)
		wantEqual(t, "accounts", y.saw, []access.Account{ada, carlo})
	})
}

// When it cannot be asked, the answer is no, and says so; the fault is for the log.
func TestARightThatCannotBeAskedForIsNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, y := newYard(t)
		y.fails = &access.Fault{Failure: access.FailRetry, Code: "down", Err: errors.New("xoxb-secret")}
		_, err := w.editAs(ada, resources(inStudio("wheel", "wheel")))
		wantCode(t, err, "rightUnknown")
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("it says %v", err)
		}
		wantEqual(t, "written", w.revision(runtime.ResourceKey(tenant, "wheel")), 0)
	})
}

// The connector of another tenant's chat is not there.
func TestAnotherTenantsConnectorIsUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, y := newYard(t)
		w.r.Connectors["abroad"] = yardAbroad{y}
		far := inStudio("wheel", "wheel")
		far.Connector = "abroad"
		_, err := w.editAs(ada, resources(far))
		wantCode(t, err, "unknownConnector")
		wantEqual(t, "asked", y.questions(), []string(nil))
		wantEqual(t, "kinds", w.r.Kinds(tenant), []string{"rooms", "slow", "yard"})
		wantEqual(t, "kinds there", w.r.Kinds("elsewhere"), []string{"abroad", "rooms", "slow", "yard"})
	})
}

// What a file manages is edited there, whoever asks.
func TestWhatAFileManagesIsEditedThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := newYard(t)
		filed := inStudio("kiln", "kiln")
		filed.ManagedBy = access.ManagedByFile
		w.define(runtime.Definitions{Resources: []access.Resource{filed}})
		free := inStudio("kiln", "kiln")
		key := runtime.ResourceKey(tenant, "kiln")
		for name, e := range map[string]runtime.Edit{
			"changed": resources(free), "deleted": {Delete: []runtime.Key{key}},
		} {
			for _, who := range []access.Account{ada, olga} {
				before := w.revision(key)
				_, err := w.editAs(who, e)
				wantCode(t, err, "managedByFile")
				wantEqual(t, name, w.revision(key), before)
			}
		}
	})
}

// What connectors list is one list, by name, with what can be listed now.
func TestThingsOfAllConnectorsAreOneList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, y := newYard(t)
		thing := func(name string) runtime.Thing { return runtime.Thing{Target: name, Name: name} }
		y.lists = []runtime.Thing{thing("apple"), thing("Cherry"), thing("same")}
		w.r.Connectors["attic"] = &yard{lists: []runtime.Thing{thing("Banana"), thing("same")}}
		w.r.Connectors["broken"] = &yard{lists: []runtime.Thing{thing("aaa")}, fails: errors.New("down")}
		w.r.Connectors["crash"] = &yard{meet: func() { panic("oops") }}
		w.r.Connectors["abroad"] = yardAbroad{&yard{lists: []runtime.Thing{thing("aab")}}}
		wantThings(t, w.r.ThingsFor(t.Context(), tenant, ada, "", 9), "yard apple", "attic Banana", "yard Cherry", "attic same", "yard same")
		wantThings(t, w.r.ThingsFor(t.Context(), tenant, ada, "", 2), "yard apple", "attic Banana")
		wantThings(t, w.r.ThingsFor(t.Context(), tenant, ada, "an", 9), "attic Banana")
		wantThings(t, w.r.ThingsFor(t.Context(), tenant, ada, "", 0))
		wantThings(t, w.r.ThingsFor(t.Context(), "elsewhere", ada, "aa", 9), "abroad aab")
	})
}

func wantThings(t *testing.T, got []runtime.Thing, want ...string) {
	t.Helper()
	var names []string
	for _, thing := range got {
		names = append(names, thing.Connector+" "+thing.Name)
	}
	wantEqual(t, "things", names, want)
}

// Each is asked while the others are: they all come to meet.
func TestConnectorsAreAskedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, y := newYard(t)
		var met sync.WaitGroup
		met.Add(2)
		meet := func() { met.Done(); met.Wait() }
		y.meet = meet
		w.r.Connectors["attic"] = &yard{meet: meet}
		w.r.ThingsFor(t.Context(), tenant, ada, "", 5)
	})
}

// Things are looked for with the accounts of whoever looks, and with none when
// nobody knows who that is.
func TestThingsAreForWhoLooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, y := newYard(t)
		w.r.ThingsFor(t.Context(), tenant, ada, "", 5)
		wantEqual(t, "ada's accounts", y.saw, []access.Account{ada})
		w.r.ThingsFor(t.Context(), tenant, "play/nobody", "", 5)
		wantEqual(t, "nobody's accounts", y.saw, []access.Account(nil))
	})
}
