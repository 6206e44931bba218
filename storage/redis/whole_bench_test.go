package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// BenchmarkWholeClick compares whole clicks (an approver's "I'm on it" through
// runtime.Do: who it is, load, decode, Step, Due, encode, commit) with bare
// ones, which send the very same keys and bytes without thinking. Both take
// turns on one server and one machine, so the ratio says what deciding costs.
func BenchmarkWholeClick(b *testing.B) {
	const ledgers, round = 256, 256
	for _, at := range []int{1, 32} {
		b.Run(fmt.Sprint(at, " at a time"), func(b *testing.B) {
			s := benchStore(b)
			rec := &recorder{Store: s}
			r := pendingRequests(b, rec, 2*ledgers) // each kind has its own
			bare := make([]*replay, ledgers)
			for i := range bare {
				if err := claim(b.Context(), r, i, fmt.Sprint("first-", i)); err != nil {
					b.Fatal(err)
				}
				bare[i] = newReplay(b, s, rec)
			}
			rec.off = true
			var took [2]time.Duration
			for n := 0; b.Loop(); n++ {
				for kind := range took {
					begin := time.Now()
					clickRound(b, at, round, func(i int) error {
						id := fmt.Sprintf("%d-%d-%d", kind, n, i)
						if kind == 0 {
							return bare[i%ledgers].do(b.Context(), s, id)
						}
						return claim(b.Context(), r, ledgers+i%ledgers, id)
					})
					took[kind] += time.Since(begin)
				}
			}
			clicks := float64(round * b.N)
			b.ReportMetric(clicks/took[0].Seconds(), "bare/s")
			b.ReportMetric(clicks/took[1].Seconds(), "clicks/s")
			b.ReportMetric(100*took[0].Seconds()/took[1].Seconds(), "%ofbare")
		})
	}
}

// recorder remembers the last two calls of a click.
type recorder struct {
	*Store
	off    bool
	keys   []runtime.Key
	change runtime.Change
}

func (r *recorder) Load(ctx context.Context, keys ...runtime.Key) ([]runtime.Record, error) {
	if !r.off {
		r.keys = keys
	}
	return r.Store.Load(ctx, keys...)
}

func (r *recorder) Commit(ctx context.Context, c runtime.Change) error {
	if !r.off {
		r.change = c
	}
	return r.Store.Commit(ctx, c)
}

// replay is a recorded click that is sent again with the present revision.
type replay struct {
	loads  []string
	keys   []string
	args   []any
	ledger int // place among loads
}

func newReplay(b *testing.B, s *Store, rec *recorder) *replay {
	b.Helper()
	h := s.keys.home(rec.change.Tenant)
	p := &replay{ledger: -1}
	for i, k := range rec.keys {
		p.loads = append(p.loads, h.record(k))
		if k == rec.change.Writes[0].Key {
			p.ledger = i
		}
	}
	p.keys, p.args = s.commitCall(rec.change)
	if p.ledger < 0 || len(rec.change.Writes) != 1 {
		b.Fatalf("a click loads %v and writes %v", rec.keys, rec.change.Writes)
	}
	return p
}

func (p *replay) do(ctx context.Context, s *Store, command string) error {
	got, err := s.client.MGet(ctx, p.loads...).Result()
	if err != nil {
		return err
	}
	stored, _ := got[p.ledger].(string)
	head, _, _ := strings.Cut(stored, ":")
	revision, err := strconv.Atoi(head)
	if err != nil {
		return err
	}
	args := append([]any(nil), p.args...)
	bytes := args[10].([]byte)
	args[0], args[9] = "acme/"+command, head+":"
	args[10] = append(strconv.AppendInt(nil, int64(revision+1), 10), bytes[strings.IndexByte(string(bytes), ':'):]...)
	answer, err := s.scripts.commit.EvalSha(ctx, s.client, p.keys, args...).Int()
	if err == nil && answer != answerDone {
		err = fmt.Errorf("answered %d", answer)
	}
	return err
}

const benchTenant = "acme"

func claim(ctx context.Context, r *runtime.Runtime, i int, id string) error {
	_, err := r.Do(ctx, benchTenant, "chat/ada", holderOf(i), engine.CommandID(id), func(m engine.Meta) engine.Command {
		return engine.Claim{Meta: m, Request: 1}
	})
	return err
}

func holderOf(i int) access.PersonID { return access.PersonID(fmt.Sprint("chat/p", i)) }

type benchPeople struct{}

func (benchPeople) Profile(_ context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	return access.Profile{Person: p, Account: access.Account(p), Standing: access.Member}, nil
}

func (benchPeople) Members(context.Context, access.TenantID, access.GroupID) ([]access.PersonID, error) {
	return nil, nil
}

type benchClock struct{}

func (benchClock) Now() time.Time { return time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC) }

// pendingRequests makes ledgers with one request each that waits for ada, its
// cards posted.
func pendingRequests(b *testing.B, store runtime.Store, ledgers int) *runtime.Runtime {
	b.Helper()
	r := runtime.New(runtime.Options{Store: store, Directory: benchPeople{}, Clock: benchClock{}, Log: zerolog.Nop()})
	defineLab(b, r, access.Stage{Approvers: []access.Subject{access.SomePerson("chat/ada")}})
	w, err := r.World(b.Context(), benchTenant, "lab")
	if err != nil {
		b.Fatal(err)
	}
	for i := range ledgers {
		pendingLedger(b, store, w, holderOf(i))
	}
	return r
}

// defineLab defines a package of one role with so many stages.
func defineLab(b *testing.B, r *runtime.Runtime, stages ...access.Stage) {
	b.Helper()
	_, err := r.Apply(b.Context(), benchTenant, "chat/olga", "define", runtime.Definitions{
		Settings: &access.Settings{Name: "Acme", Admins: []access.Subject{access.SomePerson("chat/olga")}},
		Resources: []access.Resource{{
			ID: "lab", Catalog: access.General, Name: "Lab", Connector: "rooms", Target: "lab",
			Roles: []access.ResourceRole{{ID: "member", Name: "Member", Can: access.Say("Work in the lab")}},
		}},
		Packages: []access.Package{{
			ID: "lab", Catalog: access.General, Name: "Lab", Roles: []access.RoleRef{{Resource: "lab", Role: "member"}},
			Policies: []access.Policy{{
				ID: "all", Name: "All", Requestors: access.Scope{Members: true}, Justification: true, Stages: stages,
				Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 240 * time.Hour},
			}},
		}},
	})
	if err != nil {
		b.Fatal(err)
	}
}

// pendingLedger plays a submit and the worker's part in memory and stores what
// came of it.
func pendingLedger(b *testing.B, store runtime.Store, w engine.World, p access.PersonID) {
	b.Helper()
	l := engine.New(benchTenant, p)
	do := func(c engine.Command) []engine.Effect {
		dec, err := engine.Step(l, c, w)
		if err != nil {
			b.Fatal(err)
		}
		l = dec.Next
		return dec.Started
	}
	now := benchClock{}.Now()
	meta := engine.Meta{At: now, Actor: access.Actor{Person: p, Standing: access.Member}}
	do(engine.Submit{Meta: meta, Package: "lab", Justification: "The analysis of the samples for the autumn report"})
	meta.Actor = access.SystemActor()
	for range 4 {
		var results []engine.Result
		for _, e := range do(engine.Tick{Meta: meta}) {
			res := engine.Result{Key: e.Key(), Attempt: e.AttemptN()}
			switch e := e.(type) {
			case engine.ResolveEffect:
				res.Found = []access.Found{{Subject: e.Subjects[0], People: []access.PersonID{"chat/ada"}}}
			case engine.CardEffect:
				res.Ref, res.Face = "C0123456789-1789000000.000100", e.Face
			}
			results = append(results, res)
		}
		do(engine.Done{Meta: meta, Results: results})
	}
	data, err := engine.Encode(l)
	if err != nil {
		b.Fatal(err)
	}
	write := runtime.Change{Tenant: benchTenant, At: now, Writes: []runtime.Write{{Key: runtime.LedgerKey(benchTenant, p), Data: data}}}
	if err := store.Commit(b.Context(), write); err != nil {
		b.Fatal(err)
	}
}
