package runtime_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const tenant = access.TenantID("demo")

// clock is the bubble's clock, moved on by what was skipped.
type clock struct{ skipped atomic.Int64 }

func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.skipped.Load())) }

func (c *clock) skip(d time.Duration) { c.skipped.Add(int64(d)) }

// people is a Directory.
type people struct {
	mu      sync.Mutex
	known   map[access.PersonID]access.Profile
	groups  map[access.GroupID][]access.PersonID
	reads   int
	failing error
	hang    chan struct{} // when set, reads wait for it whatever their context says
}

func (d *people) Profile(_ context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	d.mu.Lock()
	d.reads++
	profile, ok := d.known[p]
	failing, hang := d.failing, d.hang
	d.mu.Unlock()
	if hang != nil {
		<-hang
	}
	if failing != nil {
		return access.Profile{}, failing
	}
	if !ok {
		return access.Profile{}, access.Refuse(access.NotFound, "unknownPerson")
	}
	return profile, nil
}

func (d *people) Members(_ context.Context, _ access.TenantID, g access.GroupID) ([]access.PersonID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	members, ok := d.groups[g]
	if !ok {
		return nil, access.Refuse(access.NotFound, "unknownGroup")
	}
	return members, d.failing
}

func (d *people) set(p access.Profile) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p.Account = access.Account(p.Person)
	d.known[p.Person] = p
}

func (d *people) change(f func(*people)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(d)
}

// wall is a Messenger: it keeps what was posted and redrawn.
type wall struct {
	mu    sync.Mutex
	posts []runtime.Delivery
	edits []runtime.Delivery
	// posting is called before each post, editing before each edit.
	posting, editing func(runtime.Delivery) error
}

func (w *wall) Post(_ context.Context, d runtime.Delivery) (string, error) {
	w.mu.Lock()
	f := w.posting
	w.mu.Unlock()
	if f != nil {
		if err := f(d); err != nil {
			return "", err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.posts = append(w.posts, d)
	return fmt.Sprintf("message-%d", len(w.posts)), nil
}

func (w *wall) Edit(_ context.Context, _ string, d runtime.Delivery) error {
	w.mu.Lock()
	f := w.editing
	w.mu.Unlock()
	if f != nil {
		if err := f(d); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.edits = append(w.edits, d)
	return nil
}

// of lists the cards of a kind that were posted, and how often such were redrawn.
func (w *wall) of(kind access.CardKind) (posts []runtime.Delivery, edits int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.posts {
		if d.Card.Kind == kind {
			posts = append(posts, d)
		}
	}
	for _, d := range w.edits {
		if d.Card.Kind == kind {
			edits++
		}
	}
	return posts, edits
}

// rooms is a Connector: who is in which room.
type rooms struct {
	mu   sync.Mutex
	in   map[string]bool
	jobs []string
	who  map[string][]access.Account // by operation
	// before and after are called around each grant and revoke.
	before, after func(op access.Op, j runtime.Job) error
}

func (c *rooms) change(op access.Op, j runtime.Job, in bool) (runtime.Answer, error) {
	c.mu.Lock()
	before, after := c.before, c.after
	c.mu.Unlock()
	if before != nil {
		if err := before(op, j); err != nil {
			return runtime.Answer{}, err
		}
	}
	c.mu.Lock()
	name := place(j)
	was := c.in[name]
	c.in[name] = in
	c.jobs = append(c.jobs, string(op)+" "+name)
	if c.who == nil {
		c.who = map[string][]access.Account{}
	}
	c.who[string(op)] = append(c.who[string(op)], j.Person.Account)
	c.mu.Unlock()
	if after != nil {
		if err := after(op, j); err != nil {
			return runtime.Answer{}, err
		}
	}
	return runtime.Answer{Before: was && in}, nil
}

func place(j runtime.Job) string {
	return string(j.Person.Person) + " " + string(j.Resource.ID) + "/" + j.Role.ID
}

func (c *rooms) Grant(_ context.Context, j runtime.Job) (runtime.Answer, error) {
	return c.change(access.OpGrant, j, true)
}

func (c *rooms) Revoke(_ context.Context, j runtime.Job) (runtime.Answer, error) {
	return c.change(access.OpRevoke, j, false)
}

func (c *rooms) Verify(_ context.Context, j runtime.Job) (access.Had, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.in[place(j)] {
		return access.Present, nil
	}
	return access.Absent, nil
}

func (c *rooms) accounts(op string) []access.Account {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.who[op]
}

func (c *rooms) has(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.in[name]
}

// town is a runtime with everything around it.
type town struct {
	t     *testing.T
	store *memory
	clock *clock
	dir   *people
	wall  *wall
	rooms *rooms
	slow  *rooms
	r     *runtime.Runtime
	ids   atomic.Int64
}

const (
	carla = access.Account("play/carla")
	mina  = access.Account("play/mina")
	ada   = access.Account("play/ada")
	ben   = access.Account("play/ben")
	olga  = access.Account("play/olga")
)

func person(a access.Account) access.PersonID { return access.PersonID(a) }

func some(a access.Account) access.Subject { return access.SomePerson(person(a)) }

func newTown(t *testing.T, with ...func(*runtime.Options)) *town {
	t.Helper()
	w := &town{
		t: t, store: newMemory(), clock: &clock{}, wall: &wall{},
		rooms: &rooms{in: map[string]bool{}}, slow: &rooms{in: map[string]bool{}},
		dir: &people{known: map[access.PersonID]access.Profile{}, groups: map[access.GroupID][]access.PersonID{
			"play/security": {person(ada), person(ben)},
		}},
	}
	w.dir.set(access.Profile{Person: person(carla), Name: "Carla", Standing: access.External})
	w.dir.set(access.Profile{Person: person(mina), Name: "Mina", Standing: access.Member, Manager: person(ada)})
	w.dir.set(access.Profile{Person: person(ada), Name: "Ada", Standing: access.Member, Groups: []access.GroupID{"play/security"}})
	w.dir.set(access.Profile{Person: person(ben), Name: "Ben", Standing: access.Member, Groups: []access.GroupID{"play/security"}})
	w.dir.set(access.Profile{Person: person(olga), Name: "Olga", Standing: access.Member})
	w.r = w.another(with...)
	w.define(runtime.Definitions{
		Settings:  &access.Settings{Name: "Demo", Admins: []access.Subject{some(olga)}},
		Catalogs:  []access.Catalog{{ID: access.General, Name: "General", Roles: []access.RoleHolder{{Role: access.CatalogOwner, Who: some(olga)}}}},
		Resources: []access.Resource{resource("lab", "rooms"), resource("attic", "rooms"), resource("vault", "slow")},
		Packages: []access.Package{
			pack("lab", []access.RoleRef{{Resource: "lab", Role: "member"}}, access.Stage{Approvers: []access.Subject{some(ada), some(ben)}}),
			pack("open", []access.RoleRef{{Resource: "lab", Role: "member"}}),
			pack("vault", []access.RoleRef{{Resource: "vault", Role: "member"}}),
		},
	})
	return w
}

// another is one more process on the same store.
func (w *town) another(with ...func(*runtime.Options)) *runtime.Runtime {
	o := runtime.Options{
		Store: w.store, Directory: w.dir, Messenger: w.wall, Clock: w.clock, Log: zerolog.Nop(),
		Connectors: map[string]runtime.Connector{"rooms": w.rooms, "slow": w.slow},
		Rand:       func() float64 { return 0.5 },
		NewID:      func() string { return fmt.Sprintf("id-%d", w.ids.Add(1)) },
	}
	for _, f := range with {
		f(&o)
	}
	return runtime.New(o)
}

func resource(id access.ResourceID, connector string) access.Resource {
	return access.Resource{
		ID: id, Catalog: access.General, Name: string(id), Connector: connector, Target: string(id),
		Roles: []access.ResourceRole{{ID: "member", Name: "Member", Can: access.Say("come in")}},
	}
}

// pack is a package that everybody may ask for, for thirty days.
func pack(id access.PackageID, roles []access.RoleRef, stages ...access.Stage) access.Package {
	return access.Package{
		ID: id, Catalog: access.General, Name: string(id), Roles: roles,
		Policies: []access.Policy{{
			ID: "all", Name: "All", Requestors: access.Scope{Members: true, Outsiders: true}, Stages: stages,
			OnBehalf:  access.OnBehalf{Managers: true},
			Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 30 * 24 * time.Hour, Extend: true},
		}},
	}
}

func (w *town) define(d runtime.Definitions) []runtime.Defined {
	w.t.Helper()
	done, err := w.r.Apply(w.t.Context(), tenant, person(olga), w.id("define"), d)
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

func (w *town) id(what string) engine.CommandID {
	return engine.CommandID(fmt.Sprintf("%s-%d", what, w.ids.Add(1)))
}

// ask submits a request for oneself.
func (w *town) ask(who access.Account, p access.PackageID) runtime.View {
	w.t.Helper()
	v, err := w.submit(who, "", p, w.id("ask"))
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *town) submit(who access.Account, holder access.PersonID, p access.PackageID, id engine.CommandID) (runtime.View, error) {
	return w.r.Do(w.t.Context(), tenant, who, holder, id, func(m engine.Meta) engine.Command {
		return engine.Submit{Meta: m, Package: p}
	})
}

func (w *town) decide(r *runtime.Runtime, who access.Account, holder access.Account, id engine.CommandID) (runtime.View, error) {
	return r.Do(w.t.Context(), tenant, who, person(holder), id, func(m engine.Meta) engine.Command {
		return engine.Decide{Meta: m, Request: 1, Face: 1 << 30, Verdict: access.Approve, Reason: "fine"}
	})
}

// run starts the worker. The returned function stops it and waits.
func (w *town) run(r *runtime.Runtime) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	settle()
	return func() {
		w.t.Helper()
		cancel()
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	}
}

// pass lets time go by in the bubble.
func pass(d time.Duration) {
	<-time.After(d)
	settle()
}

// settle waits until nothing more comes of what happened: each round of effects
// gathers its results for a moment before they are stored.
func settle() {
	synctest.Wait()
	<-time.After(200 * time.Millisecond)
	synctest.Wait()
}

// later moves the engine's clock on, as the playground does.
func (w *town) later(d time.Duration) {
	w.clock.skip(d)
	w.r.Wake()
	settle()
}

func (w *town) state(who access.Account) access.RequestState {
	w.t.Helper()
	l := w.store.ledgerOf(person(who))
	if r := l.Request(1); r != nil {
		return r.State
	}
	c, err := w.r.Case(w.t.Context(), tenant, person(who), 1)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Request(1).State
}

func (w *town) wantState(who access.Account, want access.RequestState) {
	w.t.Helper()
	if got := w.state(who); got != want {
		w.t.Errorf("request of %s is %s, want %s", who, got, want)
	}
}

// events lists the types of a ledger's events.
func (w *town) events(who access.Account) []engine.EventType {
	w.t.Helper()
	lines, err := w.r.Audit(w.t.Context(), tenant, person(who), 0, false, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	var types []engine.EventType
	for _, l := range lines {
		types = append(types, l.Event.Type)
	}
	return types
}

func count[V comparable](list []V, v V) int {
	n := 0
	for _, x := range list {
		if x == v {
			n++
		}
	}
	return n
}

func wantEqual[V any](t *testing.T, what string, got, want V) {
	t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}
