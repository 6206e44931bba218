// Package connecttest is the suite that every connector passes. A connector's
// own test is a Fixture and a call of Run.
package connecttest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Fixture is a connector with the other side that it talks to, fresh for each
// test. Hooks that are nil say that the other side has no such thing; the
// tests that need them do not run.
type Fixture struct {
	Connector runtime.Connector
	// Job is for a person, a resource and a role that exist. The person does
	// not have the role yet.
	Job runtime.Job
	// Other is for another person in the same resource; its ID differs.
	Other runtime.Job

	// Blind: Verify cannot see anything and answers Unknown.
	Blind bool
	// Tasks: Grant and Revoke answer Task, a human does the rest.
	Tasks bool
	// Remembers: the connector knows what it gave itself, so the repeat of a
	// grant does not say Before. One that doesn't may say it.
	Remembers bool

	// Look reads the other side past the connector.
	Look func(*testing.T, runtime.Job) access.Had
	// Give puts the role there by hand, past the connector.
	Give func(*testing.T, runtime.Job)
	// Settle makes done what was answered with LookAt.
	Settle func(*testing.T)
	// Fail makes the other side fail from now on, with all of Secrets in
	// what it says, if it can say anything.
	Fail func(*testing.T)
	// Secrets are what the connector was given to prove who it is, and must
	// not be in any error.
	Secrets []string
	// Bad are jobs that cannot be done, by what is wrong with them. At least
	// one for the person, the resource and the role.
	Bad map[string]Bad
}

// Bad is a job that cannot be done and what must be said about it.
type Bad struct {
	Job     runtime.Job
	Failure access.Failure
	Code    string
}

// Run runs the suite. fresh is called once for each test of it.
func Run(t *testing.T, fresh func(*testing.T) Fixture) {
	for name, test := range map[string]func(*testing.T, Fixture){
		"a role is given and taken":             givenAndTaken,
		"the second time does no harm":          secondTime,
		"what was there before is told":         thereBefore,
		"verify changes nothing":                verifyChangesNothing,
		"people do not get in each other's way": twoPeople,
		"what cannot be done is named":          badJobs,
		"the context is honoured":               contextEnds,
		"errors carry no secret":                noSecrets,
		"a task is asked for each time":         tasks,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

func givenAndTaken(t *testing.T, f Fixture) {
	f.want(t, f.Job, access.Absent)
	f.grant(t, f.Job)
	f.want(t, f.Job, access.Present)
	f.revoke(t, f.Job)
	f.want(t, f.Job, access.Absent)
}

func secondTime(t *testing.T, f Fixture) {
	f.revoke(t, f.Job) // of what was never there
	f.want(t, f.Job, access.Absent)
	if first := f.grant(t, f.Job); first.Before {
		t.Error("Grant says Before of a role that was not there")
	}
	if again := f.grant(t, f.Job); again.Before && f.Remembers {
		t.Error("the repeat of a grant says Before of what the grant itself gave")
	}
	f.want(t, f.Job, access.Present)
	f.revoke(t, f.Job)
	f.revoke(t, f.Job)
	f.want(t, f.Job, access.Absent)
}

func thereBefore(t *testing.T, f Fixture) {
	if f.Give == nil || f.Tasks {
		return
	}
	f.Give(t, f.Job)
	f.want(t, f.Job, access.Present)
	for range 2 {
		if !f.grant(t, f.Job).Before {
			t.Error("Grant does not say Before of a role that was given by hand")
		}
	}
	f.want(t, f.Job, access.Present)
	f.revoke(t, f.Job)
	f.want(t, f.Job, access.Absent)
}

func verifyChangesNothing(t *testing.T, f Fixture) {
	for range 3 {
		f.want(t, f.Job, access.Absent)
	}
	f.grant(t, f.Job)
	for range 3 {
		f.want(t, f.Job, access.Present)
	}
}

func twoPeople(t *testing.T, f Fixture) {
	f.grant(t, f.Job)
	f.want(t, f.Other, access.Absent)
	f.grant(t, f.Other)
	f.revoke(t, f.Job)
	f.want(t, f.Job, access.Absent)
	f.want(t, f.Other, access.Present)
}

func badJobs(t *testing.T, f Fixture) {
	if len(f.Bad) < 3 {
		t.Fatalf("the fixture has %d bad jobs: want one for the person, the resource and the role", len(f.Bad))
	}
	for name, bad := range f.Bad {
		for op, err := range f.tryAll(t.Context(), bad.Job) {
			got := f.fault(t, name+": "+op, err)
			if got.Failure != bad.Failure || got.Code != bad.Code {
				t.Errorf("%s: %s says %s %q, want %s %q", name, op, got.Failure, got.Code, bad.Failure, bad.Code)
			}
		}
	}
	f.want(t, f.Job, access.Absent)
}

func contextEnds(t *testing.T, f Fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for op, err := range f.tryAll(ctx, f.Job) {
		if got := f.fault(t, op, err); got.Failure != access.FailRetry || !errors.Is(err, context.Canceled) {
			t.Errorf("%s after the context ended says %v (%s)", op, err, got.Failure)
		}
	}
	f.want(t, f.Job, access.Absent)
}

func noSecrets(t *testing.T, f Fixture) {
	if f.Fail == nil {
		return
	}
	f.Fail(t)
	for op, err := range f.tryAll(t.Context(), f.Job) {
		f.fault(t, op, err)
	}
}

func tasks(t *testing.T, f Fixture) {
	if !f.Tasks {
		return
	}
	for range 2 {
		for op, do := range f.ops() {
			answer, err := do(t.Context(), f.Job)
			if err != nil || answer != (runtime.Answer{Task: true}) {
				t.Errorf("%s = %+v, %v; want a task and nothing else", op, answer, err)
			}
		}
	}
}

func (f Fixture) ops() map[string]func(context.Context, runtime.Job) (runtime.Answer, error) {
	return map[string]func(context.Context, runtime.Job) (runtime.Answer, error){
		"Grant": f.Connector.Grant, "Revoke": f.Connector.Revoke,
	}
}

// tryAll calls every method and returns the errors.
func (f Fixture) tryAll(ctx context.Context, j runtime.Job) map[string]error {
	errs := map[string]error{}
	for op, do := range f.ops() {
		_, errs[op] = do(ctx, j)
	}
	_, errs["Verify"] = f.Connector.Verify(ctx, j)
	return errs
}

// fault wants err to be a fault that carries no secret.
func (f Fixture) fault(t *testing.T, op string, err error) *access.Fault {
	t.Helper()
	var fault *access.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("%s returned %v, want an *access.Fault", op, err)
	}
	if fault.Failure == access.FailNone || fault.Code == "" {
		t.Errorf("%s: a fault with failure %q and code %q", op, fault.Failure, fault.Code)
	}
	for i, secret := range f.Secrets {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error carries secret %d of the fixture", op, i+1)
		}
	}
	return fault
}

func (f Fixture) grant(t *testing.T, j runtime.Job) runtime.Answer {
	t.Helper()
	return f.do(t, "Grant", j)
}

func (f Fixture) revoke(t *testing.T, j runtime.Job) runtime.Answer {
	t.Helper()
	return f.do(t, "Revoke", j)
}

// do calls an operation that must work, and settles what is pending.
func (f Fixture) do(t *testing.T, op string, j runtime.Job) runtime.Answer {
	t.Helper()
	answer, err := f.ops()[op](t.Context(), j)
	if err != nil {
		t.Fatalf("%s: %v", op, err)
	}
	if answer.Task != f.Tasks {
		t.Errorf("%s says Task %v, the fixture says %v", op, answer.Task, f.Tasks)
	}
	if !answer.LookAt.IsZero() {
		if f.Settle == nil {
			t.Fatalf("%s is pending and the fixture cannot settle it", op)
		}
		f.Settle(t)
	}
	return answer
}

// want holds the connector's Verify and the other side against what is so.
// With tasks nothing ever changes by the connector.
func (f Fixture) want(t *testing.T, j runtime.Job, had access.Had) {
	t.Helper()
	got, err := f.Connector.Verify(t.Context(), j)
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	if f.Blind {
		if got != access.Unknown {
			t.Errorf("a blind connector's Verify says %s", got)
		}
	} else if got != had {
		t.Errorf("Verify says %s, want %s", got, had)
	}
	if f.Look != nil && !f.Tasks {
		if seen := f.Look(t, j); seen != had {
			t.Errorf("the other side has it %s, want %s", seen, had)
		}
	}
}
