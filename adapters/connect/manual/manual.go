// Package manual is the connector for what only a human can give and take. It
// answers that a task is needed; the engine keeps the task in the ledger,
// shows it to the resource's hands and takes their Done or Cannot as the
// result. The connector itself keeps nothing.
package manual

import (
	"context"
	"errors"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Connector implements runtime.Connector.
type Connector struct{}

// New makes the connector.
func New() Connector { return Connector{} }

// Grant asks for a task. Faults: "noHands" (human) when the resource names
// nobody to carry it out, "unknownRole", "unknownResource", "unknownPerson"
// (never), "timeout" (retry).
func (Connector) Grant(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	return task(ctx, j)
}

// Revoke asks for a task, with the same faults.
func (Connector) Revoke(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	return task(ctx, j)
}

// Verify always answers Unknown: only the human knows.
func (Connector) Verify(ctx context.Context, j runtime.Job) (access.Had, error) {
	if err := check(ctx, j); err != nil {
		return access.Unknown, err
	}
	return access.Unknown, nil
}

func task(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	if err := check(ctx, j); err != nil {
		return runtime.Answer{}, err
	}
	if len(j.Resource.Hands) == 0 {
		return runtime.Answer{}, &access.Fault{
			Failure: access.FailHuman, Code: "noHands",
			Err: errors.New("the resource names nobody who carries out its tasks"),
		}
	}
	return runtime.Answer{Task: true}, nil
}

func check(ctx context.Context, j runtime.Job) error {
	if err := ctx.Err(); err != nil {
		return &access.Fault{Failure: access.FailRetry, Code: "timeout", Err: err}
	}
	if j.Person.Person == "" {
		return &access.Fault{Failure: access.FailNever, Code: "unknownPerson"}
	}
	if j.Resource.ID == "" {
		return &access.Fault{Failure: access.FailNever, Code: "unknownResource"}
	}
	if _, ok := j.Resource.Role(j.Role.ID); !ok {
		return &access.Fault{Failure: access.FailNever, Code: "unknownRole"}
	}
	return nil
}
