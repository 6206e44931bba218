package runtime_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

func TestARequestKeepsThePolicyAndTermsItWasMadeUnder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		p := pack("lab", labRoles(), access.Stage{Approvers: []access.Subject{some(ada), some(ben)}})
		p.Terms = &access.Terms{Text: access.Say("Behave.")}
		w.define(runtime.Definitions{Packages: []access.Package{p}})
		pinned := w.stored("lab").Policies[0].Version
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		p.Terms = &access.Terms{Text: access.Say("Behave well.")}
		p.Policies = pack("lab", labRoles()).Policies
		w.define(runtime.Definitions{Packages: []access.Package{p}})
		fresh := w.another() // knows nothing yet
		v, err := fresh.Ledger(t.Context(), tenant, access.SystemActor(), person(mina))
		if err != nil {
			t.Fatal(err)
		}
		request := v.Ledger.Requests[0]
		wantEqual(t, "pinned policy", request.Policy.Version, pinned)
		wantEqual(t, "stages of the pinned policy", len(v.World.Policies[request.Policy].Stages), 1)
		wantEqual(t, "pinned terms", v.World.Terms[request.Terms].Text.Text, "Behave.")
		if _, err := w.decide(fresh, ada, mina, "press"); err != nil {
			t.Fatal(err)
		}
		w.wantState(mina, access.PendingTerms)
		stop()
	})
}

func TestWhatIsOwedToAFullLaneAloneIsNotStarted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, func(o *runtime.Options) { o.Lane, o.Queue = 1, 1 })
		stuck := make(chan struct{})
		w.slow.before = func(access.Op, runtime.Job) error { <-stuck; return nil }
		stop := w.run(w.r)
		for _, who := range []access.Account{mina, carla, ben, ada} {
			w.ask(who, "vault")
			pass(time.Second)
		}
		pass(time.Minute)
		for _, l := range []access.Ledger{w.store.ledgerOf(person(ben)), w.store.ledgerOf(person(ada))} {
			h := l.Roles[access.RoleRef{Resource: "vault", Role: "member"}]
			wantEqual(t, "failures of "+string(l.Person), []any{h.Try.Fails, h.Try.N < 4}, []any{0, true})
		}
		close(stuck)
		pass(10 * time.Minute)
		for _, who := range []access.Account{mina, carla, ben, ada} {
			wantEqual(t, "in the vault", w.slow.has(string(who)+" vault/member"), true)
		}
		stop()
	})
}

// journal is a log in memory.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func TestTheLogNamesRequestsAndCommandsButNoAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		w := newTown(t, func(o *runtime.Options) { o.Log = zerolog.New(log) })
		w.rooms.before = func(access.Op, runtime.Job) error { panic("broken") }
		stop := w.run(w.r)
		_, err := w.r.Do(t.Context(), tenant, mina, "", "ask-1", func(m engine.Meta) engine.Command {
			return engine.Submit{Meta: m, Package: "lab", Justification: "my private reason"}
		})
		if err != nil {
			t.Fatal(err)
		}
		settle()
		_, err = w.r.Do(t.Context(), tenant, ada, person(mina), "press-1", func(m engine.Meta) engine.Command {
			return engine.Decide{Meta: m, Request: 1, Face: 1 << 30, Verdict: access.Approve, Reason: "ada's private reason"}
		})
		if err != nil {
			t.Fatal(err)
		}
		settle()
		stop()
		text := log.buf.String()
		if strings.Contains(text, "private") {
			t.Errorf("the log tells what people wrote:\n%s", text)
		}
		told := map[string]bool{}
		for line := range strings.Lines(text) {
			var fields struct {
				Message, Command string
				Request          int
			}
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if fields.Request == 1 {
				told[fields.Message+" "+fields.Command] = true
			}
		}
		wantEqual(t, "told", []bool{told["submitted ask-1"], told["decided press-1"]}, []bool{true, true})
	})
}

func TestAConnectorThatNeverComesBackIsLeftBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		stuck := make(chan struct{})
		w.slow.before = func(access.Op, runtime.Job) error { <-stuck; return nil }
		stop := w.run(w.r)
		w.ask(mina, "vault")
		pass(12 * time.Second)
		h := w.store.ledgerOf(person(mina)).Roles[access.RoleRef{Resource: "vault", Role: "member"}]
		wantEqual(t, "the first attempt", []any{h.Try.Open, h.Try.Error}, []any{false, "timeout"})
		close(stuck)
		pass(5 * time.Minute)
		w.wantState(mina, access.Delivered)
		stop()
	})
}

func TestWithoutAConnectorAHumanIsNeeded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, func(o *runtime.Options) { o.Connectors = nil })
		stop := w.run(w.r)
		w.ask(mina, "open")
		settle()
		w.wantState(mina, access.DeliveryFailed)
		h := w.store.ledgerOf(person(mina)).Roles[access.RoleRef{Resource: "lab", Role: "member"}]
		wantEqual(t, "failed with", h.Failed, "noConnector")
		stop()
	})
}

func TestTheMessengerMayComeAfterNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, func(o *runtime.Options) { o.Messenger = nil })
		if err := w.r.Run(t.Context()); err == nil {
			t.Error("ran without a messenger")
		}
		w.r.SetMessenger(w.wall)
		stop := w.run(w.r)
		w.ask(mina, "lab")
		settle()
		posts, _ := w.wall.of(access.CardApprover)
		wantEqual(t, "approver's cards", len(posts), 2)
		stop()
	})
}

func TestADamagedLedgerIsTryAgainAndStopsNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		err := w.store.Commit(t.Context(), runtime.Change{
			Tenant: tenant, Writes: []runtime.Write{{Key: runtime.LedgerKey(tenant, person(mina)), Data: []byte("{")}},
			Wakes: []runtime.Wake{{Key: runtime.LedgerKey(tenant, person(mina)), At: w.clock.Now()}},
		})
		if err != nil {
			t.Fatal(err)
		}
		stop := w.run(w.r)
		if _, err := w.submit(mina, "", "lab", "ask"); !access.IsCode(err, "tryAgain") {
			t.Errorf("got %v, want tryAgain", err)
		}
		w.ask(ben, "open")
		settle()
		w.wantState(ben, access.Delivered)
		wantEqual(t, "damaged record", string(w.store.record(runtime.LedgerKey(tenant, person(mina))).Data), "{")
		stop()
	})
}
