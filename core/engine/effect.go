package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// EffectKey names an effect within its ledger. The same effect has the same
// key at each attempt.
type EffectKey string

// Effect is one of ResolveEffect, CardEffect and RoleEffect: something that
// the outside world owes a ledger.
type Effect interface {
	Key() EffectKey
	// AttemptN is the number of this attempt, from 1.
	AttemptN() int
	effect()
}

// ResolveEffect asks the directory who the subjects of an ask, or the hands
// of a task, are at this moment.
type ResolveEffect struct {
	Attempt  int
	Request  access.RequestID // of an ask
	Stage    int
	Level    access.AskLevel
	Role     access.RoleRef // of a task; then Request is 0
	Subjects []access.Subject
}

// CardEffect posts a card (Ref empty) or redraws it.
type CardEffect struct {
	Attempt int
	Card    access.Card // Card.Ref is the message to edit
	Face    int         // the face that it is to be drawn with
}

// RoleEffect gives, takes or verifies one resource role of the ledger's person.
type RoleEffect struct {
	Attempt int
	Role    access.RoleRef
	Op      access.Op
}

// Result is what came of one attempt of an effect.
type Result struct {
	Key     EffectKey
	Attempt int
	// Fail is empty when it worked.
	Fail access.Failure
	// Code names the failure for people (locale key "failure.<Code>").
	Code string
	// RetryAt is when the other side asked to be tried again; zero: back-off.
	RetryAt time.Time

	// Of a CardEffect:
	Ref  string // of the posted message
	Face int    // that it was drawn with
	Gone bool   // the message to edit does not exist any more

	// Of a ResolveEffect:
	Found []access.Found

	// Of a RoleEffect:
	Pending bool           // accepted, not done: look again (verify) at RetryAt
	Task    bool           // a human has to do it
	Before  bool           // grant: it was there already
	Account access.Account // grant: whom it was given to; empty: not known
	Had     access.Had     // verify
}

func (ResolveEffect) effect() {}
func (CardEffect) effect()    {}
func (RoleEffect) effect()    {}

// AttemptN implements Effect.
func (e ResolveEffect) AttemptN() int { return e.Attempt }
func (e CardEffect) AttemptN() int    { return e.Attempt }
func (e RoleEffect) AttemptN() int    { return e.Attempt }
