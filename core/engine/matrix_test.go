package engine_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// The roles of product.md, as columns of the matrix: roles in the catalog
// "own"; nobody of them has anything to do with the catalog "foreign" but the
// admin and the auditor, who are so everywhere.
func matrixRoles() []string {
	return []string{"admin", "owner", "reader", "packager", "assigner", "approver", "requestor", "holder", "auditor", "member", "guest"}
}

func matrixActor(role string) access.Actor {
	a := access.Actor{Person: access.PersonID(role), Account: access.Account(role), Standing: access.Member}
	if role == "guest" {
		a.Standing = access.External
	}
	return a
}

// matrixHalf are the people of one of the two catalogs.
type matrixHalf struct {
	catalog               access.CatalogID
	asks, holds, approves string
}

func (h matrixHalf) pack(name string) access.PackageID {
	return access.PackageID(string(h.catalog) + "-" + name)
}

func (h matrixHalf) role(name string) access.RoleRef {
	return access.RoleRef{Resource: access.ResourceID(string(h.catalog) + "-" + name), Role: "member"}
}

func matrixOwn() matrixHalf { return matrixHalf{"own", "requestor", "holder", "approver"} }
func matrixForeign() matrixHalf {
	return matrixHalf{"foreign", "zara", "zeno", "zack"}
}

// matrixWorld has in each catalog a package that is approved, one with terms,
// one that cannot be delivered and one that a human hands out. The first has a
// question whose answer may be corrected.
func matrixWorld() engine.World {
	person := func(name string) []access.Subject {
		return []access.Subject{access.SomePerson(access.PersonID(name))}
	}
	w := engine.World{
		Settings: access.Settings{Admins: person("admin"), Auditors: person("auditor")},
		Catalogs: map[access.CatalogID]access.Catalog{
			"own": {ID: "own", Roles: []access.RoleHolder{
				{Role: access.CatalogOwner, Who: person("owner")[0]}, {Role: access.CatalogReader, Who: person("reader")[0]},
				{Role: access.PackageManager, Who: person("packager")[0]}, {Role: access.AssignmentManager, Who: person("assigner")[0]},
			}},
			"foreign": {ID: "foreign", Roles: []access.RoleHolder{{Role: access.CatalogOwner, Who: person("zoe")[0]}}},
		},
		Resources: map[access.ResourceID]access.Resource{}, Packages: map[access.PackageID]access.Package{},
		Policies: map[access.PolicyRef]access.Policy{}, Terms: map[access.TermsRef]access.Terms{},
	}
	for _, h := range []matrixHalf{matrixOwn(), matrixForeign()} {
		for _, name := range []string{"asked", "terms", "fails", "task"} {
			policy := access.Policy{
				ID: "all", Version: 1, Requestors: access.Scope{People: []access.PersonID{access.PersonID(h.asks), access.PersonID(h.holds)}},
				Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 240 * time.Hour, Extend: true},
			}
			p := access.Package{ID: h.pack(name), Catalog: h.catalog, Name: name, Revision: 1, Roles: []access.RoleRef{h.role(name)}}
			switch name {
			case "asked":
				policy.Stages = []access.Stage{{Approvers: person(h.approves)}}
				policy.Questions = []access.Question{{ID: "why", Kind: access.ShortText, Label: access.Say("Why"), Editable: true}}
				if h.catalog == "own" {
					policy.Requestors.People = append(policy.Requestors.People, "member")
				}
			case "terms":
				p.Terms = &access.Terms{Version: 1, Text: access.Say("Behave.")}
			}
			p.Policies = []access.Policy{policy}
			put(&w, p)
			res := w.Resources[h.role(name).Resource]
			res.Catalog, res.Hands = h.catalog, person(h.approves)
			w.Resources[res.ID] = res
		}
	}
	return w
}

// matrixScene is both ledgers of one half: who asks has a request that waits
// (1) and terms to accept (2); who holds has access (1), a delivery that failed
// (2) and one that waits for a human (3).
func matrixScene(t *testing.T, h matrixHalf) (asks, holds access.Ledger) {
	t.Helper()
	a, b := newPlay(h.asks), newPlay(h.holds)
	for _, p := range []*play{a, b} {
		p.w = matrixWorld()
		p.out.mode[h.role("fails")], p.out.mode[h.role("task")] = "broken", "manual"
	}
	ask := func(p *play, who, name string) {
		t.Helper()
		if _, err := p.step(engine.Submit{Meta: p.meta(matrixActor(who)), Package: h.pack(name)}); err != nil {
			t.Fatal(err)
		}
		p.work()
	}
	ask(a, h.asks, "asked")
	ask(a, h.asks, "terms")
	ask(b, h.holds, "asked")
	if _, err := b.step(engine.Decide{Meta: b.meta(matrixActor(h.approves)), Request: 1, Face: b.l.Requests[0].Face, Verdict: access.Approve}); err != nil {
		t.Fatal(err)
	}
	b.work()
	ask(b, h.holds, "fails")
	ask(b, h.holds, "task")
	return a.l, b.l
}

// matrixRow is one thing that can be done: to the ledger of who asks, of who
// holds (holds), to one's own (own), or to that of somebody who has nothing.
// What must come is "ok: admin owner; notAdmin: rest".
type matrixRow struct {
	ledger       string
	do           func(engine.Meta, matrixHalf, access.Ledger) engine.Command
	own, foreign string
}

// shellCommands are made by core/runtime alone, never for a person, so the
// engine asks for no right.
func shellCommands() []string { return []string{"Left", "Refresh", "Tick", "Done", "Linked", "Parted"} }

func matrixRows() []matrixRow {
	face := func(l access.Ledger) int { return l.Requests[0].Face }
	admins, nobody := "ok: admin owner assigner; notAdmin: rest", "ok: admin; notAdmin: rest"
	approver, noApprover := "ok: approver; ownRequest: requestor; notApprover: rest", "notApprover: rest"
	decide := func(verdict access.Verdict) func(engine.Meta, matrixHalf, access.Ledger) engine.Command {
		return func(m engine.Meta, _ matrixHalf, l access.Ledger) engine.Command {
			return engine.Decide{Meta: m, Request: 1, Face: face(l), Verdict: verdict, Reason: "Because."}
		}
	}
	task := func(done bool) func(engine.Meta, matrixHalf, access.Ledger) engine.Command {
		return func(m engine.Meta, h matrixHalf, _ access.Ledger) engine.Command {
			return engine.TaskAnswer{Meta: m, Role: h.role("task"), Op: access.OpGrant, Done: done, Reason: "Because."}
		}
	}
	terms := func(accept bool) func(engine.Meta, matrixHalf, access.Ledger) engine.Command {
		return func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.AnswerTerms{Meta: m, Request: 2, Accept: accept}
		}
	}
	tasks, noTasks := "ok: admin owner assigner approver; notYourTask: rest", "ok: admin; notYourTask: rest"
	return []matrixRow{
		{"own", func(m engine.Meta, h matrixHalf, _ access.Ledger) engine.Command {
			return engine.Submit{Meta: m, Package: h.pack("asked")}
		}, "ok: member; alreadyPending: requestor; alreadyHeld: holder; unknownPackage: approver guest; notRequestable: rest",
			"notRequestable: admin auditor; unknownPackage: rest"},
		{"nobody", func(m engine.Meta, h matrixHalf, _ access.Ledger) engine.Command { // on behalf
			return engine.Submit{Meta: m, Package: h.pack("asked"), Target: matrixActor("member")}
		}, "ok: member; unknownPackage: approver guest; notOnBehalf: rest",
			"notOnBehalf: admin auditor; unknownPackage: rest"},
		{"asks", decide(access.Approve), approver, noApprover},
		{"asks", decide(access.Deny), approver, noApprover},
		{"asks", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Claim{Meta: m, Request: 1}
		}, approver, noApprover},
		{"asks", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Amend{Meta: m, Request: 1, Answers: access.Answers{"why": {"Because."}}}
		}, approver, noApprover},
		{"asks", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Withdraw{Meta: m, Request: 1}
		}, "ok: requestor; notYours: rest", "notYours: rest"},
		{"asks", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Cancel{Meta: m, Request: 1}
		}, admins, nobody},
		{"asks", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Remark{Meta: m, Request: 1, Text: "Soon?"}
		}, "notYours: holder member guest; auditorReads: auditor; ok: rest", "ok: admin; auditorReads: auditor; notYours: rest"},
		{"asks", terms(true), "ok: requestor; notYours: rest", "notYours: rest"},
		{"asks", terms(false), "ok: requestor; notYours: rest", "notYours: rest"},
		{"holds", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Extend{Meta: m, Assignment: 1}
		}, "ok: holder; notYours: rest", "notYours: rest"},
		{"holds", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Release{Meta: m, Assignment: 1}
		}, "ok: holder; notYours: rest", "notYours: rest"},
		{"holds", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Revoke{Meta: m, Assignment: 1}
		}, "ok: admin owner assigner approver; notAdmin: rest", nobody},
		{"holds", func(m engine.Meta, _ matrixHalf, _ access.Ledger) engine.Command {
			return engine.Retry{Meta: m, Assignment: 2}
		}, admins, nobody},
		{"holds", task(true), tasks, noTasks},
		{"holds", task(false), tasks, noTasks},
		{"nobody", func(m engine.Meta, h matrixHalf, _ access.Ledger) engine.Command {
			return engine.Assign{Meta: m, Package: h.pack("asked")}
		}, admins, nobody},
		{"own", func(m engine.Meta, h matrixHalf, _ access.Ledger) engine.Command { // to oneself
			return engine.Assign{Meta: m, Package: h.pack("asked")}
		}, "selfAssign: admin owner assigner; notAdmin: rest", "selfAssign: admin; notAdmin: rest"},
	}
}

// TestMatrixOfCommands: every command by every role, in the own and in a
// foreign catalog.
func TestMatrixOfCommands(t *testing.T) {
	t.Parallel()
	tried := shellCommands()
	for _, h := range []matrixHalf{matrixOwn(), matrixForeign()} {
		asks, holds := matrixScene(t, h)
		for _, row := range matrixRows() {
			want := row.own
			if h.catalog == "foreign" {
				want = row.foreign
			}
			for _, role := range matrixRoles() {
				l := matrixLedger(row.ledger, role, asks, holds)
				c := row.do(engine.Meta{ID: "try", At: date("2026-09-01 10:00"), Actor: matrixActor(role)}, h, l)
				_, err := engine.Step(l, c, matrixWorld())
				if got, want := matrixOutcome(err), matrixWant(t, want, role); got != want {
					t.Errorf("%T of %s in the %s catalog: %s, want %s", c, role, h.catalog, got, want)
				}
				tried = append(tried, strings.TrimPrefix(fmt.Sprintf("%T", c), "engine."))
			}
		}
	}
	for _, name := range commandTypes(t) {
		if !slices.Contains(tried, name) {
			t.Errorf("%s is missing in the matrix", name)
		}
	}
}

// matrixLedger is what a row is done to.
func matrixLedger(which, role string, asks, holds access.Ledger) access.Ledger {
	switch {
	case which == "asks", which == "own" && string(asks.Person) == role:
		return asks
	case which == "holds", which == "own" && string(holds.Person) == role:
		return holds
	case which == "own":
		return engine.New("demo", access.PersonID(role))
	}
	return engine.New("demo", "member")
}

func matrixOutcome(err error) string {
	if err == nil {
		return "ok"
	}
	if e, ok := access.AsError(err); ok {
		return e.Code
	}
	return err.Error()
}

func matrixWant(t *testing.T, spec, role string) string {
	t.Helper()
	rest := ""
	for part := range strings.SplitSeq(spec, ";") {
		word, roles, _ := strings.Cut(strings.TrimSpace(part), ":")
		named := strings.Fields(roles)
		if slices.Contains(named, role) {
			return word
		}
		if slices.Contains(named, "rest") {
			rest = word
		}
	}
	if rest == "" {
		t.Fatalf("%q does not say what must come for %s", spec, role)
	}
	return rest
}

// commandTypes are all types of the package that can be applied to a ledger.
func commandTypes(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "apply" && f.Recv != nil {
				out = append(out, f.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	if len(out) < len(shellCommands()) {
		t.Fatalf("only %v were found", out)
	}
	return out
}
