package runtime_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

const day = 24 * time.Hour

func admin(a access.Account) access.Actor {
	return access.Actor{Person: person(a), Account: a, Standing: access.Member}
}

// held is what one moment looked like: "person package" of each assignment.
type held struct {
	at  time.Time
	had []string
}

// life is a random life of a few people, with a look at it after each act.
type life struct {
	*town
	rnd  *rand.Rand
	seen []held
	as   map[access.PersonID]access.PersonID // who became whom
}

func (l *life) people() []access.Account { return []access.Account{carla, mina, ben, carlo} }

func (l *life) name(p access.PersonID) access.PersonID {
	if to, ok := l.as[p]; ok {
		return to
	}
	return p
}

func (l *life) look() {
	had := []string{}
	for _, a := range l.people() {
		ledger := l.store.ledgerOf(person(a))
		for _, as := range ledger.Assignments {
			if !as.First.IsZero() && as.Ended.IsZero() {
				had = append(had, fmt.Sprint(ledger.Person, " ", as.Package))
			}
		}
	}
	l.seen = append(l.seen, held{l.clock.Now(), had})
}

// act does something; what is refused is no matter.
func (l *life) act() {
	who := l.people()[l.rnd.IntN(4)]
	p := []access.PackageID{"open", "vault", "cellar"}[l.rnd.IntN(3)]
	ledger := l.store.ledgerOf(l.name(person(who)))
	do := func(by access.Account, holder access.PersonID, make func(engine.Meta) engine.Command) {
		_, _ = l.r.Do(l.t.Context(), tenant, by, holder, l.id("act"), make)
	}
	switch l.rnd.IntN(4) {
	case 0:
		do(who, "", func(m engine.Meta) engine.Command { return engine.Submit{Meta: m, Package: p} })
	case 1:
		length := time.Duration(1+l.rnd.IntN(20)) * day
		do(olga, ledger.Person, func(m engine.Meta) engine.Command { return engine.Assign{Meta: m, Package: p, For: length} })
	case 2:
		if n := len(ledger.Assignments); n > 0 {
			id := ledger.Assignments[l.rnd.IntN(n)].ID
			do(who, "", func(m engine.Meta) engine.Command { return engine.Release{Meta: m, Assignment: id} })
		}
	case 3:
		if n := len(ledger.Assignments); n > 0 {
			id := ledger.Assignments[l.rnd.IntN(n)].ID
			do(olga, ledger.Person, func(m engine.Meta) engine.Command { return engine.Revoke{Meta: m, Assignment: id} })
		}
	}
	settle()
}

// Every day of a life is told afterwards as it was, with what is archived long
// since and what was had under a name that was merged into another.
func TestAPastDayIsToldAsItWas(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { replay(t, seed) })
		})
	}
}

func replay(t *testing.T, seed uint64) {
	l := &life{town: newTwoChats(t), rnd: rand.New(rand.NewPCG(seed, 0)), as: map[access.PersonID]access.PersonID{}}
	defer l.run(l.r)()
	for n := range 60 {
		l.act()
		if n == 40 && l.r.Link(t.Context(), tenant, mina, carlo, l.id("link")) == nil {
			l.as[person(carlo)] = person(mina)
			settle()
		}
		l.look()
		l.later(time.Duration(1+l.rnd.IntN(9)) * day / 2)
	}
	archived := 0
	for _, then := range l.seen {
		rep, err := l.r.WhoHas(t.Context(), tenant, admin(olga), runtime.HeldQuery{At: then.at})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, row := range rep.Rows {
			got = append(got, fmt.Sprint(row.Person, " ", row.Package))
			if !row.Ended.IsZero() {
				archived++
			}
		}
		want := slices.Clone(then.had)
		for i, s := range want {
			var p, pack string
			_, _ = fmt.Sscan(s, &p, &pack)
			want[i] = fmt.Sprint(l.name(access.PersonID(p)), " ", pack)
		}
		slices.Sort(got)
		slices.Sort(want)
		wantEqual(t, "held at "+then.at.Format(time.RFC3339), got, want)
		wantEqual(t, "left out", rep.Gap, runtime.Gap{})
	}
	if archived < 20 {
		t.Errorf("only %d of what was told is over by now: the life is too dull", archived)
	}
}

// rowsOf are the rows of a report as "person package".
func rowsOf(t *testing.T, w *town, a access.Actor, q runtime.HeldQuery) []string {
	t.Helper()
	rep, err := w.r.WhoHas(t.Context(), tenant, a, q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range rep.Rows {
		out = append(out, fmt.Sprint(row.Person, " ", row.Package))
	}
	return out
}

func TestWhoHasWhatIsNarrowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		w.ask(carla, "open")
		w.ask(mina, "vault")
		w.ask(mina, "lab") // waits: not had
		settle()
		all := admin(olga)
		wantEqual(t, "everything", rowsOf(t, w, all, runtime.HeldQuery{}), []string{"play/carla open", "play/mina vault"})
		wantEqual(t, "a package", rowsOf(t, w, all, runtime.HeldQuery{Package: "open"}), []string{"play/carla open"})
		wantEqual(t, "a person", rowsOf(t, w, all, runtime.HeldQuery{Person: person(mina)}), []string{"play/mina vault"})
		wantEqual(t, "a resource", rowsOf(t, w, all, runtime.HeldQuery{Resource: "lab"}), []string{"play/carla open"})
		soon := w.clock.Now().Add(29 * day)
		wantEqual(t, "nothing ends", len(rowsOf(t, w, all, runtime.HeldQuery{Ends: soon})), 0)
		wantEqual(t, "all ends", len(rowsOf(t, w, all, runtime.HeldQuery{Ends: soon.Add(2 * day)})), 2)
		before := w.clock.Now().Add(-day)
		wantEqual(t, "the day before", len(rowsOf(t, w, all, runtime.HeldQuery{At: before})), 0)
		w.later(31 * day)
		wantEqual(t, "a month later", len(rowsOf(t, w, all, runtime.HeldQuery{})), 0)
		then := runtime.HeldQuery{At: before.Add(2 * day), Person: person(mina)}
		wantEqual(t, "what mina had", rowsOf(t, w, all, then), []string{"play/mina vault"})
	})
}

// apart puts "vault" into a catalog of its own, which ben may read.
func apart(w *town) {
	vault := pack("vault", []access.RoleRef{{Resource: "safe", Role: "member"}}, access.Stage{Approvers: []access.Subject{some(ada)}})
	vault.ID, vault.Name, vault.Catalog = "safe", "Safe", "bank"
	safe := resource("safe", "rooms")
	safe.Catalog = "bank"
	w.define(runtime.Definitions{
		Catalogs:  []access.Catalog{{ID: "bank", Name: "Bank", Roles: []access.RoleHolder{{Role: access.CatalogReader, Who: some(ben)}}}},
		Resources: []access.Resource{safe}, Packages: []access.Package{vault},
	})
}

// Who has a role in one catalog reads of its packages only; who has none
// nothing; an auditor everything.
func TestReportsAreForThoseWhoMayReadThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		apart(w)
		settings := access.Settings{Name: "Demo", Admins: []access.Subject{some(olga)}, Auditors: []access.Subject{some(carla)}}
		w.define(runtime.Definitions{Settings: &settings})
		stop := w.run(w.r)
		w.ask(mina, "open")
		w.ask(mina, "safe")
		w.ask(mina, "lab")
		settle()
		stop()
		packages := map[string][]int{}
		for name, a := range map[string]access.Actor{"olga": admin(olga), "carla": admin(carla), "ben": admin(ben)} {
			waits, err := w.r.WaitingFor(t.Context(), tenant, a, "")
			if err != nil {
				t.Fatal(err)
			}
			unused, err := w.r.Unused(t.Context(), tenant, a)
			if err != nil {
				t.Fatal(err)
			}
			packages[name] = []int{len(rowsOf(t, w, a, runtime.HeldQuery{})), waits.Requests, len(unused.Rows), len(unused.World.Packages)}
		}
		wantEqual(t, "rows", packages, map[string][]int{"olga": {1, 2, 1, 4}, "carla": {1, 2, 1, 4}, "ben": {0, 1, 0, 1}})
		_, err := w.r.WhoHas(t.Context(), tenant, admin(mina), runtime.HeldQuery{})
		wantCode(t, err, "notAdmin")
		_, err = w.r.WhoHas(t.Context(), tenant, admin(ben), runtime.HeldQuery{Package: "open"})
		wantCode(t, err, "notAdmin")
		_, err = w.r.Outcomes(t.Context(), tenant, admin(mina), runtime.SpanQuery{})
		wantCode(t, err, "notAdmin")
		_, err = w.r.WaitingFor(t.Context(), tenant, admin(mina), "")
		wantCode(t, err, "notAdmin")
		_, err = w.r.Unused(t.Context(), tenant, admin(mina))
		wantCode(t, err, "notAdmin")
	})
}

func TestWhatWaitsIsToldByApprover(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		w.ask(mina, "lab")
		pass(time.Hour)
		w.ask(ben, "lab")
		settle()
		rep, err := w.r.WaitingFor(t.Context(), tenant, admin(olga), "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range rep.Rows {
			got = append(got, fmt.Sprint(row.For, " ", row.Person, "#", row.Request, " ", row.Stage))
		}
		wantEqual(t, "waits", got, []string{"play/ada play/mina#1 1", "play/ada play/ben#1 1", "play/ben play/mina#1 1"})
		wantEqual(t, "requests", rep.Requests, 2)
	})
}

func TestOutcomesAreThoseOfPeopleAndOfTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		start := w.clock.Now()
		w.ask(mina, "lab")
		w.ask(carla, "lab")
		w.ask(ben, "lab")
		w.ask(mina, "vault") // by policy: nobody decides
		w.ask(olga, "open")  // she made it, so another owner has to decide, and there is none
		if err := w.r.Confirm(t.Context(), tenant, olga, ada, w.id("confirm")); err != nil {
			t.Fatal(err)
		}
		_, err := w.submit(carlo, "", "lab", w.id("ask"))
		if err != nil {
			t.Fatal(err)
		}
		settle()
		w.later(3 * time.Hour)
		decide := func(holder access.Account, id access.RequestID, v access.Verdict, why string) {
			t.Helper()
			_, err := w.r.Do(t.Context(), tenant, ada, person(holder), w.id("decide"), func(m engine.Meta) engine.Command {
				return engine.Decide{Meta: m, Request: id, Face: 1 << 30, Verdict: v, Reason: why}
			})
			if err != nil {
				t.Fatal(err)
			}
			settle()
		}
		decide(mina, 1, access.Approve, "fine")
		decide(carla, 1, access.Deny, "no room")
		w.link(olga, carlo) // what carlo asked for is olga's now
		w.later(2 * day)
		decide(olga, 2, access.Approve, "fine too")
		w.later(20 * day) // ben's times out
		rows := func(q runtime.SpanQuery) []string {
			rep, err := w.r.Outcomes(t.Context(), tenant, admin(olga), q)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, o := range rep.Rows {
				out = append(out, fmt.Sprint(o.Person, "#", o.Request, " ", o.State, " after ", o.Took().Round(time.Hour), " ", o.By, " ", o.Reason, o.Code))
			}
			return out
		}
		all := []string{
			"play/ben#1 timedOut after 336h0m0s  undecided",
			"play/olga#1 timedOut after 336h0m0s  undecided",
			"play/olga#2 approved after 51h0m0s play/ada fine too",
			"play/carla#1 denied after 3h0m0s play/ada no room",
			"play/mina#1 approved after 3h0m0s play/ada fine",
		}
		wantEqual(t, "all", rows(runtime.SpanQuery{From: start, To: w.clock.Now()}), all)
		wantEqual(t, "since yesterday's asking", rows(runtime.SpanQuery{From: start.Add(day), To: w.clock.Now()}), all[:3])
		wantEqual(t, "until tomorrow", rows(runtime.SpanQuery{From: start, To: start.Add(day)}), all[3:])
		wantEqual(t, "of another package", len(rows(runtime.SpanQuery{Package: "vault", From: start, To: w.clock.Now()})), 0)
	})
}

func TestUnusedIsWhatNobodyEverAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		defer w.run(w.r)()
		w.ask(mina, "open")
		w.ask(carla, "vault")
		settle()
		w.later(40 * day) // both are archived
		rep, err := w.r.Unused(t.Context(), tenant, admin(olga))
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "unused", rep.Rows, []access.PackageID{"lab"})
		names := slices.Sorted(maps.Keys(rep.World.Packages))
		wantEqual(t, "known", names, []access.PackageID{"lab", "open", "vault"})
	})
}

// What an admin edits is found by its new name at once.
func TestARenamedPackageIsFoundByItsNewName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		find := func(query string) []access.PackageID {
			_, ids, err := w.r.Packages(t.Context(), tenant, query, "", 10)
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		wantEqual(t, "before", [][]access.PackageID{find("LAB"), find("kitchen")}, [][]access.PackageID{{"lab"}, nil})
		p := pack("lab", labRoles())
		p.Name = "Kitchen"
		w.define(runtime.Definitions{Packages: []access.Package{p, pack("pantry", labRoles())}})
		wantEqual(t, "after", [][]access.PackageID{find("lab"), find("kitchen"), find("pant")}, [][]access.PackageID{{"lab"}, {"lab"}, {"pantry"}})
	})
}

// moving is a store in which something happens between two reads.
type moving struct {
	*memory
	once sync.Once
	then func()
}

func (m *moving) Load(ctx context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	if len(keys) > 1 && keys[1].Kind == runtime.KindPackage {
		m.once.Do(m.then)
	}
	return m.memory.Load(ctx, keys...)
}

// What is renamed while all packages are read is found by its new name only.
func TestAPackageRenamedMeanwhileIsFoundByItsNewName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		p := pack("lab", labRoles())
		p.Name = "Kitchen"
		s := &moving{memory: w.store, then: func() { w.define(runtime.Definitions{Packages: []access.Package{p, pack("attic", labRoles())}}) }}
		r := runtime.New(runtime.Options{Store: s, Directory: w.dir, Messenger: w.wall, Clock: w.clock, Log: zerolog.Nop()})
		for query, want := range map[string]int{"kitchen": 1, "attic": 1, "open": 1} {
			_, ids, err := r.Packages(t.Context(), tenant, query, "", 10)
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, query, len(ids), want)
		}
	})
}
