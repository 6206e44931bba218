package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// Decision is what a Step decided.
type Decision struct {
	Next   access.Ledger
	Events []Event
	// Started are the effects that a Tick marked as started. They may leave
	// once Next is committed, not before.
	Started []Effect
	// Archived are the cases that left the ledger.
	Archived []access.Case
	// Request is the number of the request that the command made, else 0.
	Request access.RequestID
}

// step is one Step under way.
type step struct {
	l   access.Ledger
	w   World
	m   Meta
	now time.Time
	dec *Decision
}
