package runtime_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func labRoles() []access.RoleRef { return []access.RoleRef{{Resource: "lab", Role: "member"}} }

func apply(w *town, p access.Package) ([]runtime.Defined, error) {
	return w.r.Apply(w.t.Context(), tenant, person(olga), w.id("apply"), runtime.Definitions{Packages: []access.Package{p}})
}

func TestApplyingTheSameAgainWritesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		p := pack("terms", labRoles())
		p.Terms = &access.Terms{Text: access.Say("Behave.")}
		p.Policies[0].Lifecycle = access.Lifecycle{Ends: access.EndsOnDate, On: time.Date(2030, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600))}
		for _, want := range []string{runtime.Created, runtime.Unchanged} {
			w.store.counts()
			done, err := apply(w, p)
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, "done", bare(done), []runtime.Defined{{Key: runtime.PackageKey(tenant, "terms"), Action: want}})
			_, commits := w.store.counts()
			wantEqual(t, "commits", commits, map[string]int{runtime.Created: 1}[want])
		}
	})
}

func TestAnEditMakesTheNextVersionOfWhatItChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		p := pack("lab", labRoles(), access.Stage{Approvers: []access.Subject{some(ada), some(ben)}})
		p.Policies = append(p.Policies, p.Policies[0])
		p.Policies[1].ID = "second"
		p.Terms = &access.Terms{Text: access.Say("Behave.")}
		before := w.store.record(runtime.SettingsKey(tenant)).Revision
		if _, err := apply(w, p); err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "settings raised", w.store.record(runtime.SettingsKey(tenant)).Revision, before+1)
		p.Policies[1].Justification = true
		p.Terms = &access.Terms{Text: access.Say("Behave well.")}
		if _, err := apply(w, p); err != nil {
			t.Fatal(err)
		}
		stored := w.stored("lab")
		wantEqual(t, "versions", []int{stored.Policies[0].Version, stored.Policies[1].Version, stored.Terms.Version}, []int{1, 2, 2})
		wantEqual(t, "edited by", stored.EditedBy, person(olga))
		for _, v := range []int{1, 2} {
			ref := access.PolicyRef{Package: "lab", Policy: "second", Version: v}
			wantEqual(t, ref.String(), w.store.record(runtime.PolicyKey(tenant, ref)).Revision, 1)
			terms := access.TermsRef{Package: "lab", Version: v}
			wantEqual(t, terms.String(), w.store.record(runtime.TermsKey(tenant, terms)).Revision, 1)
		}
	})
}

func TestAPolicyThatComesBackTakesAFreshVersion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		with, without := pack("lab", labRoles()), pack("lab", labRoles())
		without.Policies[0].ID = "other"
		for _, p := range []access.Package{without, with} {
			if _, err := apply(w, p); err != nil {
				t.Fatal(err)
			}
		}
		wantEqual(t, "version", w.stored("lab").Policies[0].Version, 2)
	})
}

// stored is a package as it is stored.
func (w *town) stored(id access.PackageID) access.Package {
	var p access.Package
	if err := json.Unmarshal(w.store.record(runtime.PackageKey(tenant, id)).Data, &p); err != nil {
		w.t.Fatal(err)
	}
	return p
}

func TestTheAuditShowsADefinitionBeforeAndAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		p := w.stored("open")
		p.Description = "A room for all"
		if _, err := apply(w, p); err != nil {
			t.Fatal(err)
		}
		lines, err := w.r.Audit(t.Context(), tenant, "", 0, true, 1)
		if err != nil || len(lines) != 1 {
			t.Fatal(lines, err)
		}
		ev := lines[0].Event
		wantEqual(t, "event", []any{ev.Type, ev.By, ev.Package, ev.Code}, []any{engine.EventDefined, person(olga), "open", "package/open"})
		if strings.Contains(ev.Before, "A room for all") || !strings.Contains(ev.After, "A room for all") {
			t.Errorf("before %s\nafter %s", ev.Before, ev.After)
		}
	})
}

func TestBadDefinitionsAreRefusedWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		good, bad := pack("good", labRoles()), pack("bad", []access.RoleRef{{Resource: "cellar", Role: "member"}})
		bad.Name = ""
		_, err := w.r.Apply(t.Context(), tenant, person(olga), "apply", runtime.Definitions{Packages: []access.Package{good, bad}})
		problems, ok := access.AsProblems(err)
		if !ok || len(problems) != 2 {
			t.Errorf("got %v", err)
		}
		wantEqual(t, "good one written", w.store.record(runtime.PackageKey(tenant, "good")).Revision, 0)
	})
}

func TestTheFirstDefinitionsNeedAnAdminAndMakeGeneral(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		if _, err := w.r.Apply(t.Context(), "other", "x/y", "one", runtime.Definitions{}); !access.IsCode(err, "noAdmins") {
			t.Errorf("got %v, want noAdmins", err)
		}
		done, err := w.r.Apply(t.Context(), "other", "x/y", "two", runtime.Definitions{
			Settings: &access.Settings{Name: "Other", Admins: []access.Subject{access.SomePerson("x/y")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "done", bare(done), []runtime.Defined{
			{Key: runtime.SettingsKey("other"), Action: runtime.Created}, {Key: runtime.CatalogKey("other", access.General), Action: runtime.Created},
		})
	})
}

func TestApplyingSurvivesConflictsAndLostAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		var once, lost sync.Once
		w.store.failing(func(c runtime.Change) error {
			if c.Command == "mine" {
				once.Do(func() {
					if _, err := apply(w, pack("theirs", labRoles())); err != nil {
						t.Error(err)
					}
				})
			}
			return nil
		}, func(c runtime.Change) (err error) {
			if c.Command == "mine" {
				lost.Do(func() { err = errors.New("connection lost") })
			}
			return err
		})
		_, err := w.r.Apply(t.Context(), tenant, person(olga), "mine", runtime.Definitions{Packages: []access.Package{pack("mine", labRoles())}})
		if err != nil {
			t.Fatal(err)
		}
		_, ids, err := w.r.Packages(t.Context(), tenant, "", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "packages", ids, []access.PackageID{"lab", "mine", "open", "theirs", "vault"})
	})
}

func TestHoldersFollowAChangedPackageInBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stop := w.run(w.r)
		const holders = 250
		for i := range holders {
			who := access.Account(fmt.Sprintf("play/p%d", i))
			w.dir.set(access.Profile{Person: person(who), Standing: access.Member})
			w.ask(who, "open")
		}
		pass(time.Minute)
		done, err := apply(w, pack("open", []access.RoleRef{{Resource: "attic", Role: "member"}}))
		if err != nil || done[0].Action != runtime.Changed {
			t.Fatal(done, err)
		}
		settle()
		walk := runtime.Key{Tenant: tenant, Kind: runtime.KindWalk, ID: "open"}
		wantEqual(t, "cursor is kept", strings.HasPrefix(string(w.store.record(walk).Data), `{"after":"play/p`), true)
		pass(time.Minute)
		for i := range holders {
			name := fmt.Sprintf("play/p%d ", i)
			if w.rooms.has(name+"lab/member") || !w.rooms.has(name+"attic/member") {
				t.Fatalf("%s did not follow", name)
			}
		}
		wantEqual(t, "walk is over", []any{w.store.record(walk).Revision, w.store.wake(walk)}, []any{0, time.Time{}})
		stop()
	})
}

func TestAHolderFollowsAChangeDuringTheDelivery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		given, hold := make(chan struct{}, 10), make(chan struct{})
		w.rooms.before = func(access.Op, runtime.Job) error { given <- struct{}{}; <-hold; return nil }
		stop := w.run(w.r)
		w.ask(mina, "open")
		<-given
		if _, err := apply(w, pack("open", []access.RoleRef{{Resource: "attic", Role: "member"}})); err != nil {
			t.Fatal(err)
		}
		settle()
		close(hold)
		pass(time.Minute)
		wantEqual(t, "lab, attic", []bool{w.rooms.has("play/mina lab/member"), w.rooms.has("play/mina attic/member")}, []bool{false, true})
		stop()
	})
}

// bare is what was done to which definition, without what it says.
func bare(done []runtime.Defined) []runtime.Defined {
	out := slices.Clone(done)
	for i := range out {
		out[i].Before, out[i].After = nil, nil
	}
	return out
}
