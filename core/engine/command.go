package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// CommandID makes a command idempotent: the store remembers it for 24 hours.
type CommandID string

// Meta is in every command.
type Meta struct {
	ID    CommandID
	At    time.Time
	Actor access.Actor
}

// Command is one of the sealed types below: everything that can happen to a
// ledger. People's commands come from the desk, the others from core/runtime.
type Command interface {
	meta() Meta
	apply(*step) error
}

func (m Meta) meta() Meta { return m }

// Submit asks for a package. The actor asks for the ledger's person: for
// themselves, or on behalf of another when they are not that person.
type Submit struct {
	Meta
	Package       access.PackageID
	Policy        access.PolicyID // empty: the first that fits
	Justification string
	Answers       access.Answers
	// Start, End and For are own times: zero where the policy's are wanted.
	Start time.Time
	End   time.Time
	For   time.Duration
	// Target is how the ledger's person stands at this moment; the policy has
	// to fit them. Only read when the actor asks on behalf of another.
	Target access.Actor
	Link   string // the message that it is about, if it was asked from one
}

// Extend asks for more time for an assignment that is on.
type Extend struct {
	Meta
	Assignment    access.RequestID
	Justification string
	Answers       access.Answers
	End           time.Time // zero: as long as the policy gives
}

// Decide is an approver's press on Approve or Deny.
type Decide struct {
	Meta
	Request access.RequestID
	Stage   int // as named by the button; another stage than the open one is refused
	Face    int // as named by the button
	Verdict access.Verdict
	Reason  string
}

// Claim is an approver's "I'm on it"; pressing again lets go.
type Claim struct {
	Meta
	Request access.RequestID
	Stage   int
}

// Amend is an approver's correction of editable answers.
type Amend struct {
	Meta
	Request access.RequestID
	Stage   int
	Answers access.Answers
}

// Withdraw takes a request back before delivery starts.
type Withdraw struct {
	Meta
	Request access.RequestID
	Reason  string
}

// Cancel is an admin's end of a request that is not delivered yet. What was
// given already is taken away.
type Cancel struct {
	Meta
	Request access.RequestID
	Reason  string
}

// AnswerTerms accepts or refuses the terms that the request pins.
type AnswerTerms struct {
	Meta
	Request access.RequestID
	Accept  bool
}

// Release is the holder giving an assignment back.
type Release struct {
	Meta
	Assignment access.RequestID
	Reason     string
}

// Revoke takes an assignment away; by an approver of it or an admin.
type Revoke struct {
	Meta
	Assignment access.RequestID
	Reason     string
}

// Assign gives a package directly, without approval; by an admin, never to
// themselves.
type Assign struct {
	Meta
	Package access.PackageID
	Policy  access.PolicyID // whose lifecycle counts; empty: the first
	Start   time.Time
	End     time.Time // zero: as the policy says
	For     time.Duration
	Reason  string
}

// Retry makes failed deliveries or removals of an assignment due at once.
type Retry struct {
	Meta
	Assignment access.RequestID
}

// TaskAnswer is a human's Done or Cannot for a manual resource role.
type TaskAnswer struct {
	Meta
	Role   access.RoleRef
	Op     access.Op // as named by the button
	Done   bool
	Reason string
}

// Remark keeps what somebody who may read a request wrote below a card of it.
type Remark struct {
	Meta
	Request access.RequestID
	Text    string
}

// Left ends everything of a person who left: open requests, and assignments
// with all that they gave.
type Left struct{ Meta }

// Refresh makes the directory be asked again for all open stages: somebody
// left or a group changed.
type Refresh struct{ Meta }

// Tick applies what fell due and marks every owed effect as started; the
// effects are in Decision.Started. It is committed before anything leaves.
type Tick struct{ Meta }

// Done brings results of started effects.
type Done struct {
	Meta
	Results []Result
}
