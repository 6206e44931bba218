package connecttest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Things is a connector that is a runtime.Finder and a runtime.Keeper, with the
// other side that it talks to. Of its Fixture, Job is for somebody who has
// none of the things; Other and Bad are not used.
type Things struct {
	Fixture
	// Accounts are whose search it is.
	Accounts []access.Account
	// Names are what the search for everything finds, in order: at least two.
	Names []string
	// Private are those of Names that are found with these accounts only.
	Private []string
	// Hands are people and what they may hand out: at least an "owner" who
	// may, a "member" and a "stranger".
	Hands map[string]Hand
	// Gone is a resource that means nothing that is there. The owner asks.
	Gone access.Resource
	// Calls counts what was asked of the other side so far; nil when to ask
	// costs nothing. Forward moves the connector's clock.
	Calls   func() int
	Forward func(time.Duration)
}

// Hand is somebody and a resource.
type Hand struct {
	Accounts []access.Account
	Resource access.Resource
	May      bool
}

// RunThings runs the suite for connectors that list what they could give and
// know who has a right over it. fresh is called once for each test of it.
func RunThings(t *testing.T, fresh func(*testing.T) Things) {
	for name, test := range map[string]func(*testing.T, Things){
		"everything that can be given is found":   allFound,
		"what is found can be given":              foundGiven,
		"no more than asked for is found":         atMost,
		"a search looks at names and targets":     searched,
		"what is private is found by who may":     privately,
		"who has a right may hand out":            rights,
		"who is not known there has no right":     noAccount,
		"what is not there is told":               goneTarget,
		"a search with every letter is one read":  oneRead,
		"when nothing can be asked it is a fault": faults,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

func (f Things) find(t *testing.T, query string, max int) []runtime.Thing {
	t.Helper()
	found, err := f.Connector.(runtime.Finder).Find(t.Context(), f.Job.Tenant, f.Accounts, query, max)
	if err != nil {
		t.Fatalf("Find: %v", err)
	}
	return found
}

// plenty is more than any fixture has.
const plenty = 1000

func named(found []runtime.Thing) []string {
	var names []string
	for _, t := range found {
		names = append(names, t.Name)
	}
	return names
}

func allFound(t *testing.T, f Things) {
	found := f.find(t, "", plenty)
	if got := named(found); len(got) < 2 || !slices.Equal(got, f.Names) {
		t.Fatalf("found are %q, want %q", got, f.Names)
	}
	targets := map[string]bool{}
	for _, one := range found {
		if one.Connector != "" || one.Target == "" || one.Kind == "" || targets[one.Target] || len(one.Roles) == 0 {
			t.Errorf("%+v: want a target of its own, a kind and roles, and no connector", one)
		}
		targets[one.Target] = true
		for _, role := range one.Roles {
			if role.ID == "" || role.Name == "" || role.Can.For("en") == "" || role.Can.For("de") == role.Can.For("en") {
				t.Errorf("%s: %+v: want an id, a name and what it allows in both languages", one.Name, role)
			}
		}
	}
}

func foundGiven(t *testing.T, f Things) {
	for _, one := range f.find(t, "", plenty) {
		for _, role := range one.Roles {
			j := f.Job
			j.ID += "/" + one.Target + "/" + role.ID
			j.Resource = access.Resource{ID: "found", Name: one.Name, Target: one.Target, Roles: one.Roles}
			j.Role = role
			f.want(t, j, access.Absent)
			f.grant(t, j)
			f.want(t, j, access.Present)
			f.revoke(t, j)
			f.want(t, j, access.Absent)
		}
	}
}

func atMost(t *testing.T, f Things) {
	for max := range len(f.Names) + 1 {
		if got := named(f.find(t, "", max)); !slices.Equal(got, f.Names[:max]) {
			t.Errorf("at most %d: found are %q, want %q", max, got, f.Names[:max])
		}
	}
}

func searched(t *testing.T, f Things) {
	for _, one := range f.find(t, "", plenty) {
		for _, query := range []string{strings.ToUpper(one.Name), strings.ToLower(one.Name), one.Name[1:], strings.ToLower(one.Target)} {
			if !slices.Contains(named(f.find(t, query, plenty)), one.Name) {
				t.Errorf("%q does not find %q", query, one.Name)
			}
		}
		for _, other := range f.find(t, one.Name, plenty) {
			if !strings.Contains(strings.ToLower(other.Name), strings.ToLower(one.Name)) {
				t.Errorf("%q finds %q", one.Name, other.Name)
			}
		}
	}
	if found := f.find(t, "nothing is called like this", plenty); len(found) > 0 {
		t.Errorf("found are %q", named(found))
	}
}

func privately(t *testing.T, f Things) {
	open := slices.DeleteFunc(slices.Clone(f.Names), func(name string) bool { return slices.Contains(f.Private, name) })
	for range 2 { // before and after somebody looked who may
		found, err := f.Connector.(runtime.Finder).Find(t.Context(), f.Job.Tenant, nil, "", plenty)
		if got := named(found); err != nil || !slices.Equal(got, open) {
			t.Errorf("nobody in particular finds %q, %v; want %q", got, err, open)
		}
		f.find(t, "", plenty)
	}
}

// mayHand wants an answer of the connector: "" when somebody may.
func (f Things) mayHand(t *testing.T, who string, accounts []access.Account, r access.Resource, kind access.Kind, code string) {
	t.Helper()
	err := f.Connector.(runtime.Keeper).MayHand(t.Context(), f.Job.Tenant, accounts, r)
	var refused *access.Error
	switch errors.As(err, &refused); {
	case code == "" && err != nil:
		t.Errorf("%s may not hand out %s: %v", who, r.Target, err)
	case code != "" && (refused == nil || refused.Kind != kind || refused.Code != code):
		t.Errorf("%s, %s: got %v, want %s %s", who, r.Target, err, kind, code)
	case code == "notYourThing" && refused.Data["resource"] != r.Name, code == "unknownTarget" && refused.Data["value"] != r.Target:
		t.Errorf("%s, %s: the refusal says %v", who, r.Target, refused.Data)
	}
}

func rights(t *testing.T, f Things) {
	for _, must := range []string{"owner", "member", "stranger"} {
		if _, ok := f.Hands[must]; !ok {
			t.Errorf("the fixture has no %s", must)
		}
	}
	if !f.Hands["owner"].May || f.Hands["stranger"].May {
		t.Error("the fixture's owner has no right, or its stranger has one")
	}
	for who, h := range f.Hands {
		code := "notYourThing"
		if h.May {
			code = ""
		}
		f.mayHand(t, who, h.Accounts, h.Resource, access.Forbidden, code)
	}
}

func noAccount(t *testing.T, f Things) {
	owner := f.Hands["owner"]
	var others []access.Account
	for _, a := range owner.Accounts {
		_, id, _ := strings.Cut(string(a), "/")
		others = append(others, access.Account("elsewhere/"+id))
	}
	f.mayHand(t, "nobody", nil, owner.Resource, access.Forbidden, "notYourThing")
	f.mayHand(t, "somebody of another chat", others, owner.Resource, access.Forbidden, "notYourThing")
	f.mayHand(t, "both together", append(others, owner.Accounts...), owner.Resource, access.Forbidden, "")
}

func goneTarget(t *testing.T, f Things) {
	f.mayHand(t, "the owner", f.Hands["owner"].Accounts, f.Gone, access.NotFound, "unknownTarget")
	nothing := f.Gone
	nothing.Target = ""
	f.mayHand(t, "the owner", f.Hands["owner"].Accounts, nothing, access.NotFound, "unknownTarget")
}

func oneRead(t *testing.T, f Things) {
	if f.Calls == nil {
		return
	}
	before := f.Calls()
	f.find(t, "", plenty)
	once := f.Calls() - before
	for _, query := range []string{"d", "de", "des", ""} {
		f.find(t, query, 5)
	}
	f.Forward(59 * time.Second)
	f.find(t, "", plenty)
	if got := f.Calls() - before; got != once {
		t.Errorf("a minute of searching cost %d calls, want the %d of the first", got, once)
	}
	f.Forward(2 * time.Second)
	f.find(t, "", plenty)
	if f.Calls()-before == once {
		t.Error("after more than a minute the list is not read anew")
	}
}

func faults(t *testing.T, f Things) {
	owner := f.Hands["owner"]
	try := func(ctx context.Context) map[string]error {
		_, err := f.Connector.(runtime.Finder).Find(ctx, f.Job.Tenant, f.Accounts, "", plenty)
		return map[string]error{"Find": err, "MayHand": f.Connector.(runtime.Keeper).MayHand(ctx, f.Job.Tenant, owner.Accounts, owner.Resource)}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for op, err := range try(ctx) {
		if got := f.fault(t, op, err); got.Failure != access.FailRetry || !errors.Is(err, context.Canceled) {
			t.Errorf("%s after the context ended says %v (%s)", op, err, got.Failure)
		}
	}
	if f.Fail == nil {
		return
	}
	f.Fail(t)
	for op, err := range try(t.Context()) {
		f.fault(t, op, err)
	}
}
