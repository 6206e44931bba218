package rooms

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Grant puts the person into the room that Resource.Target names; a room that
// nobody has used yet appears. Before is true only for somebody who was put
// there by hand.
//
// Faults, besides those of the modes: "unknownPerson", "unknownResource" (no
// target, or another tenant's), "unknownRole" (all never); "timeout" and
// "storeFailed" (retry).
func (r *Rooms) Grant(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	return r.act(ctx, access.OpGrant, j)
}

// Revoke takes the person out of the room, also one put there by hand. Faults
// as for Grant.
func (r *Rooms) Revoke(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	return r.act(ctx, access.OpRevoke, j)
}

// Verify looks who is in the room. Faults as for Grant.
func (r *Rooms) Verify(ctx context.Context, j runtime.Job) (access.Had, error) {
	if err := r.known(ctx, j); err != nil {
		return access.Unknown, err
	}
	room, _, err := r.load(ctx, j.Resource.Target)
	if err == nil {
		err = r.answers(ctx, room.Mode)
	}
	if err != nil {
		return access.Unknown, fault(err)
	}
	if room.find(j.Person.Account, j.Role.ID) < 0 {
		return access.Absent, nil
	}
	return access.Present, nil
}

func (r *Rooms) act(ctx context.Context, op access.Op, j runtime.Job) (runtime.Answer, error) {
	if err := r.known(ctx, j); err != nil {
		return runtime.Answer{}, err
	}
	room, _, err := r.load(ctx, j.Resource.Target)
	if err == nil {
		err = r.answers(ctx, room.Mode)
	}
	if err == nil && room.Mode == Broken {
		err = &access.Fault{Failure: access.FailHuman, Code: "roomBroken"}
	}
	if err != nil {
		return runtime.Answer{}, fault(err)
	}
	answer, err := r.carryOut(ctx, op, j)
	if err == nil && room.Mode == Losing {
		err = &access.Fault{Failure: access.FailRetry, Code: "replyLost"}
	}
	if err != nil {
		return runtime.Answer{}, fault(err)
	}
	return answer, nil
}

// answers reports how a room of this mode fails to answer at all.
func (r *Rooms) answers(ctx context.Context, mode Mode) error {
	switch mode {
	case Failing:
		return &access.Fault{Failure: access.FailRetry, Code: "roomFailing"}
	case Slow:
		return r.opt.Delay(ctx)
	}
	return nil
}

func (r *Rooms) carryOut(ctx context.Context, op access.Op, j runtime.Job) (runtime.Answer, error) {
	var answer runtime.Answer
	err := r.change(ctx, j.Resource.Target, func(room *record, now time.Time) bool {
		answer = runtime.Answer{}
		if room.fresh && j.Resource.Name != "" {
			room.Name = j.Resource.Name
		}
		m := Member{Account: j.Person.Account, Name: j.Person.Name, Role: j.Role.ID, Since: now}
		if i := room.find(m.Account, m.Role); op == access.OpGrant && i >= 0 {
			answer.Before = room.Members[i].ByHand
		}
		switch room.Mode {
		case Lying:
			return false
		case Pending:
			var changed bool
			answer.LookAt, changed = room.accept(op, m, now.Add(r.opt.PendingFor))
			return changed
		}
		forgotten := room.forget(m)
		return room.apply(op, m) || forgotten
	})
	return answer, err
}

// accept notes a change to be done at the time at and returns when it will be
// done: the zero time when nothing is to do, the earlier time when it was
// accepted before.
func (r *record) accept(op access.Op, m Member, at time.Time) (done time.Time, changed bool) {
	for _, w := range r.Waiting {
		if w.Op == op && w.Member.Account == m.Account && w.Member.Role == m.Role {
			return w.At, false
		}
	}
	forgotten := r.forget(m)
	if there := r.find(m.Account, m.Role) >= 0; there == (op == access.OpGrant) {
		return time.Time{}, forgotten
	}
	r.Waiting = append(r.Waiting, waiting{Member: m, Op: op, At: at})
	return at, true
}

// forget drops what was accepted for a member and is overtaken.
func (r *record) forget(m Member) bool {
	n := len(r.Waiting)
	r.Waiting = slices.DeleteFunc(r.Waiting, func(w waiting) bool {
		return w.Member.Account == m.Account && w.Member.Role == m.Role
	})
	return len(r.Waiting) < n
}

// known refuses a job that no room could do.
func (r *Rooms) known(ctx context.Context, j runtime.Job) error {
	if err := ctx.Err(); err != nil {
		return fault(err)
	}
	never := func(code string) error { return &access.Fault{Failure: access.FailNever, Code: code} }
	if j.Person.Account == "" {
		return never("unknownPerson")
	}
	if j.Resource.Target == "" || j.Tenant != r.tenant {
		return never("unknownResource")
	}
	if _, ok := j.Resource.Role(j.Role.ID); !ok {
		return never("unknownRole")
	}
	return nil
}

// fault makes an *access.Fault of any error.
func fault(err error) error {
	var f *access.Fault
	if errors.As(err, &f) {
		return f
	}
	code := "storeFailed"
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		code = "timeout"
	}
	return &access.Fault{Failure: access.FailRetry, Code: code, Err: err}
}
