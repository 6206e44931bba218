package runtime_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// two chats: carla has a second account, which nobody knows of.
const carlo = access.Account("other/carlo")

func newTwoChats(t *testing.T) *town {
	w := newTown(t, func(o *runtime.Options) {
		o.Chats = map[string]access.TenantID{"play": tenant, "other": tenant, "abroad": "elsewhere"}
		o.Connectors["there"] = inOther{o.Connectors["rooms"].(*rooms)}
	})
	w.dir.set(access.Profile{Person: person(carlo), Name: "Carlo", Standing: access.Member})
	w.define(runtime.Definitions{
		Resources: []access.Resource{resource("cellar", "there")},
		Packages:  []access.Package{pack("cellar", []access.RoleRef{{Resource: "cellar", Role: "member"}})},
	})
	return w
}

// inOther is a connector that needs an account in the chat "other".
type inOther struct{ *rooms }

func (inOther) Chat() string { return "other" }

func (w *town) link(first, second access.Account) {
	w.t.Helper()
	if err := w.r.Link(w.t.Context(), tenant, first, second, w.id("link")); err != nil {
		w.t.Fatal(err)
	}
	settle()
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if refusal, ok := access.AsError(err); !ok || refusal.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestLinkedAccountsAreOneLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.ask(mina, "lab")
		w.ask(carlo, "open")
		settle()
		w.link(mina, carlo)
		l := w.store.ledgerOf(person(mina))
		if len(l.Requests) != 2 || l.Requests[1].Package != "open" {
			t.Fatalf("%+v", l.Requests)
		}
		_, err := w.submit(carlo, "", "lab", w.id("ask"))
		wantCode(t, err, "alreadyPending")
		_, err = w.r.Ledger(t.Context(), tenant, access.Actor{}, person(carlo))
		var moved *runtime.Moved
		if !errors.As(err, &moved) || moved.To != person(mina) || moved.Shift != 1 {
			t.Errorf("the old name: %v", err)
		}
		accounts, err := w.r.Accounts(t.Context(), tenant, carlo)
		wantEqual(t, "accounts", accounts, []access.Account{mina, carlo})
		if err != nil {
			t.Error(err)
		}
		wantCode(t, w.r.Link(t.Context(), tenant, mina, carlo, w.id("link")), "linkedAlready")
	})
}

func TestALinkIsDoneOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		w.ask(carlo, "lab")
		id := w.id("link")
		for range 2 {
			if err := w.r.Link(t.Context(), tenant, mina, carlo, id); err != nil {
				refusal, ok := access.AsError(err)
				if !ok || refusal.Code != "linkedAlready" {
					t.Fatal(err)
				}
			}
		}
		if n := count(w.events(mina), engine.EventLinked); n != 1 {
			t.Errorf("linked %d times", n)
		}
	})
}

func TestNobodyDecidesForThemselvesByAnotherAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.ask(carlo, "lab")
		settle()
		w.link(ada, carlo)
		_, err := w.r.Do(t.Context(), tenant, ada, person(ada), w.id("press"), func(m engine.Meta) engine.Command {
			return engine.Decide{Meta: m, Request: 1, Face: 1 << 30, Verdict: access.Approve}
		})
		wantCode(t, err, "ownRequest")
	})
}

func TestAnAccountMustBeProvenToDecide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.ask(mina, "lab")
		settle()
		_, err := w.decide(w.r, ada, mina, w.id("press"))
		wantCode(t, err, "accountUnproven")
		wantCode(t, w.r.Confirm(t.Context(), tenant, ada, ada, w.id("confirm")), "notAdmin")
		if err := w.r.Confirm(t.Context(), tenant, olga, ada, w.id("confirm")); err != nil {
			t.Fatal(err)
		}
		if _, err := w.decide(w.r, ada, mina, w.id("press")); err != nil {
			t.Error(err)
		}
		if n := count(w.events(ada), engine.EventConfirmed); n != 1 {
			t.Errorf("%d lines in the audit", n)
		}
	})
}

func TestOtherLedgersHearThatTwoAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		for _, a := range []access.Account{ada, ben} {
			if err := w.r.Confirm(t.Context(), tenant, olga, a, w.id("confirm")); err != nil {
				t.Fatal(err)
			}
		}
		p := pack("two", []access.RoleRef{{Resource: "lab", Role: "member"}}, access.Stage{
			Approvers: []access.Subject{some(ada), some(ben), some(olga)}, Quorum: 3,
		})
		w.define(runtime.Definitions{Packages: []access.Package{p}})
		w.ask(mina, "two")
		settle()
		for _, a := range []access.Account{ada, ben} {
			if _, err := w.decide(w.r, a, mina, w.id("press")); err != nil {
				t.Fatal(err)
			}
		}
		w.link(ada, ben)
		pass(time.Second)
		run := w.store.ledgerOf(person(mina)).Requests[0].Stages[0]
		if run.Approvals() != 1 || run.Decisions[1].Void != "twice" {
			t.Errorf("%+v", run.Decisions)
		}
	})
}

func TestWhatIsInAnotherChatIsGivenToTheAccountThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.ask(mina, "cellar")
		pass(time.Second)
		if h := w.store.ledgerOf(person(mina)).Roles[access.RoleRef{Resource: "cellar", Role: "member"}]; h.Failed != engine.NoAccount {
			t.Fatalf("%+v", h)
		}
		w.link(mina, carlo)
		pass(time.Minute)
		h := w.store.ledgerOf(person(mina)).Roles[access.RoleRef{Resource: "cellar", Role: "member"}]
		if h.Had != access.Present || h.Account != carlo {
			t.Fatalf("%+v", h)
		}
		if err := w.r.Unlink(t.Context(), tenant, olga, carlo, w.id("unlink")); err != nil {
			t.Fatal(err)
		}
		_, err := w.r.Do(t.Context(), tenant, mina, "", w.id("release"), func(m engine.Meta) engine.Command {
			return engine.Release{Meta: m, Assignment: 1}
		})
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		if w.rooms.has("play/mina cellar/member") || !slices.Contains(w.rooms.accounts("revoke"), carlo) {
			t.Errorf("taken from %v", w.rooms.accounts("revoke"))
		}
	})
}

func TestAnUnlinkedAccountStandsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		w.ask(carlo, "lab")
		w.link(mina, carlo)
		wantCode(t, w.r.Unlink(t.Context(), tenant, olga, mina, w.id("unlink")), "unlinkFirst")
		wantCode(t, w.r.Unlink(t.Context(), tenant, ben, carlo, w.id("unlink")), "notAdmin")
		if err := w.r.Unlink(t.Context(), tenant, olga, carlo, w.id("unlink")); err != nil {
			t.Fatal(err)
		}
		_, _, err := w.r.Who(t.Context(), tenant, carlo)
		wantCode(t, err, "accountUnlinked")
		_, actor, err := w.r.Who(t.Context(), tenant, mina)
		if err != nil || !actor.Is(person(carlo)) || actor.Owns(person(carlo)) || !actor.Unproven {
			t.Errorf("%+v, %v", actor, err)
		}
		if l := w.store.ledgerOf(person(mina)); len(l.Requests) != 1 {
			t.Error("the ledger did not stay")
		}
		w.link(mina, carlo)
		if _, actor, err = w.r.Who(t.Context(), tenant, carlo); err != nil || actor.Person != person(mina) {
			t.Errorf("linked again: %+v, %v", actor, err)
		}
	})
}

func TestWhoLeavesWithASecondAccountLosesOnlyThat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.ask(mina, "open")
		pass(time.Second)
		w.link(mina, carlo)
		if err := w.r.Left(t.Context(), tenant, person(carlo)); err != nil {
			t.Fatal(err)
		}
		_, _, err := w.r.Who(t.Context(), tenant, carlo)
		wantCode(t, err, "accountUnlinked")
		if a := w.store.ledgerOf(person(mina)).Assignments[0]; a.State != access.AssignmentActive {
			t.Error(a.State)
		}
	})
}

func TestWhatWasArchivedStaysToBeFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.ask(mina, "lab")
		w.ask(carlo, "lab")
		settle()
		_, err := w.r.Do(t.Context(), tenant, carlo, "", w.id("withdraw"), func(m engine.Meta) engine.Command {
			return engine.Withdraw{Meta: m, Request: 1}
		})
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		w.link(mina, carlo)
		past, err := w.r.Case(t.Context(), tenant, person(mina), 2)
		if err != nil || past.Person != person(mina) || past.ID != 2 || past.Request(2).Asker != person(mina) {
			t.Errorf("%+v, %v", past, err)
		}
		history, err := w.r.History(t.Context(), tenant, person(mina), 10)
		if err != nil || len(history) != 1 || history[0].ID != 2 {
			t.Errorf("%+v, %v", history, err)
		}
		lines, err := w.r.Audit(t.Context(), tenant, person(mina), 0, true, 100)
		if err != nil || lines[0].Event.Type != engine.EventLinked || !slices.IsSortedFunc(lines, func(a, b runtime.Line) int { return int(b.ID - a.ID) }) {
			t.Errorf("audit %+v, %v", lines, err)
		}
		for _, p := range []access.PersonID{person(mina), person(carlo)} {
			if !slices.ContainsFunc(lines, func(l runtime.Line) bool { return l.Event.Type == engine.EventSubmitted && l.Event.Person == p }) {
				t.Errorf("the audit does not say that %s asked", p)
			}
		}
	})
}

// mustSubmit asks for a package and says the request's number.
func (w *town) mustSubmit(who access.Account, p access.PackageID) access.RequestID {
	w.t.Helper()
	v, err := w.submit(who, "", p, w.id("ask"))
	if err != nil {
		w.t.Fatal(err)
	}
	return v.Request
}

// Somebody who was linked by mistake begins anew when an admin vouches for
// them, decides nothing on the other's requests, and loses nothing when the
// other is linked with a third account.
func TestWhoWasUnlinkedBeginsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		w.mustSubmit(carlo, "lab")
		w.link(mina, carlo)
		for _, err := range []error{
			w.r.Unlink(t.Context(), tenant, olga, carlo, w.id("unlink")),
			w.r.Confirm(t.Context(), tenant, olga, carlo, w.id("confirm")),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		_, actor, err := w.r.Who(t.Context(), tenant, carlo)
		if err != nil || actor.Person != person(carlo) || !actor.Is(person(mina)) || actor.Owns(person(mina)) || actor.Unproven {
			t.Errorf("%+v, %v", actor, err)
		}
		if n := w.mustSubmit(carlo, "lab"); n != 2 {
			t.Errorf("their new request is number %d", n)
		}
		w.link(ben, mina)
		if l := w.store.ledgerOf(person(carlo)); l.Forward != nil || len(l.Requests) != 1 {
			t.Errorf("carlo's ledger: %+v", l)
		}
		_, err = w.r.Do(t.Context(), tenant, carlo, person(ben), w.id("press"), func(m engine.Meta) engine.Command {
			return engine.Decide{Meta: m, Request: 1, Face: 1 << 30, Verdict: access.Approve}
		})
		wantCode(t, err, "ownRequest")
	})
}

// An account that is linked again brings nothing along, and what it left stays
// to be found; which side shows the code makes no difference.
func TestALinkIsMendedFromEitherSide(t *testing.T) {
	for name, order := range map[string][2]access.Account{"code here": {mina, carlo}, "code there": {carlo, mina}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newTwoChats(t)
				w.mustSubmit(mina, "open")
				w.mustSubmit(carlo, "lab")
				w.link(mina, carlo)
				if err := w.r.Unlink(t.Context(), tenant, olga, carlo, w.id("unlink")); err != nil {
					t.Fatal(err)
				}
				w.link(order[0], order[1])
				_, actor, err := w.r.Who(t.Context(), tenant, carlo)
				if err != nil || actor.Person != person(mina) {
					t.Errorf("%+v, %v", actor, err)
				}
				var moved *runtime.Moved
				_, err = w.r.Ledger(t.Context(), tenant, access.Actor{}, person(carlo))
				if !errors.As(err, &moved) || *moved != (runtime.Moved{From: person(carlo), To: person(mina), Shift: 1}) {
					t.Errorf("the old name: %v", err)
				}
				if l := w.store.ledgerOf(person(mina)); len(l.Requests) != 2 || engine.Check(l) != nil {
					t.Errorf("%d requests, %v", len(l.Requests), engine.Check(l))
				}
			})
		})
	}
}

func TestNobodyVouchesForThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		if err := w.r.Confirm(t.Context(), tenant, olga, olga, w.id("confirm")); err != nil {
			t.Errorf("the only admin: %v", err)
		}
		w.define(runtime.Definitions{Settings: &access.Settings{Name: "Town", Admins: []access.Subject{some(olga), some(ben)}}})
		wantCode(t, w.r.Confirm(t.Context(), tenant, ben, ben, w.id("confirm")), "vouchSelf")
		if err := w.r.Confirm(t.Context(), tenant, olga, ben, w.id("confirm")); err != nil {
			t.Error(err)
		}
	})
}

func TestWhoLeftAfterBeingUnlinkedIsNoFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		w.link(mina, carlo)
		for range 2 {
			if err := w.r.Left(t.Context(), tenant, person(carlo)); err != nil {
				t.Error(err)
			}
		}
	})
}

// People who have yet to prove who they are see what waits for them, and
// admins see that they have to.
func TestWhoIsUnprovenIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.ask(mina, "lab")
		settle()
		_, actor, err := w.r.Who(t.Context(), tenant, ada)
		if err != nil {
			t.Fatal(err)
		}
		waiting, err := w.r.Waiting(t.Context(), tenant, actor, 10)
		if err != nil || len(waiting) != 1 {
			t.Errorf("%d wait, %v", len(waiting), err)
		}
		if err := w.r.Confirm(t.Context(), tenant, olga, ben, w.id("confirm")); err != nil {
			t.Fatal(err)
		}
		unproven, err := w.r.Unproven(t.Context(), tenant, []access.PersonID{person(ada), person(ben)})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "unproven", unproven, []access.PersonID{person(ada)})
	})
}

// A resource that names a connector of a chat of another tenant gives nothing.
func TestNothingIsGivenInAnotherTenantsChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		w.r.Connectors["abroad"] = abroad{w.r.Connectors["rooms"].(*rooms)}
		defer w.run(w.r)()
		w.define(runtime.Definitions{
			Resources: []access.Resource{resource("den", "abroad")},
			Packages:  []access.Package{pack("den", []access.RoleRef{{Resource: "den", Role: "member"}})},
		})
		w.ask(mina, "den")
		pass(time.Second)
		h := w.store.ledgerOf(person(mina)).Roles[access.RoleRef{Resource: "den", Role: "member"}]
		if h.Failed != "otherTenant" || len(w.rooms.accounts("grant")) > 0 {
			t.Errorf("%+v", h)
		}
	})
}

// abroad is a connector of a chat of another tenant.
type abroad struct{ *rooms }

func (abroad) Chat() string { return "abroad" }

// Whoever asked from an account that they do not have any more hears of it at
// the one that they are named after.
func TestWhatIsStillToBeToldGoesToAnAccountThatIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.mustSubmit(carlo, "lab")
		synctest.Wait()
		w.link(mina, carlo)
		if err := w.r.Unlink(t.Context(), tenant, olga, carlo, w.id("unlink")); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		var told []access.PersonID
		posts, _ := w.wall.of(access.CardRequestor)
		for _, d := range posts {
			told = append(told, d.Card.Place.Person)
		}
		wantEqual(t, "cards of the requestor", told, []access.PersonID{person(carlo), person(mina)})
		if n := count(w.events(mina), engine.EventUnlinked); n != 1 {
			t.Errorf("%d lines in the audit", n)
		}
	})
}

// A manager may be known in another chat than the one that a person is named
// after.
func TestTheManagerOfAnyAccountDecides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTwoChats(t)
		defer w.run(w.r)()
		w.dir.set(access.Profile{Person: person(carlo), Name: "Carlo", Standing: access.Member, Manager: person(ada)})
		w.define(runtime.Definitions{Packages: []access.Package{pack("managed", []access.RoleRef{{Resource: "lab", Role: "member"}}, access.Stage{
			Approvers: []access.Subject{{Kind: access.SubjectManager}},
		})}})
		w.link(ben, carlo)
		w.mustSubmit(ben, "managed")
		pass(time.Second)
		l := w.store.ledgerOf(person(ben))
		wantEqual(t, "asked are", l.Requests[0].Stages[0].People(), []access.PersonID{person(ada)})
	})
}
