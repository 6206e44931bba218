package access

import "time"

// Had is what is known of a resource role in the outside world.
type Had string

const (
	Absent  Had = "absent"
	Present Had = "present"
	// Unknown counts as present for taking away and as absent for giving.
	Unknown Had = "unknown"
)

// Op is what is done to a resource role.
type Op string

const (
	OpGrant  Op = "grant"
	OpRevoke Op = "revoke"
	OpVerify Op = "verify"
)

// Holding is one resource role of one person, as far as Usher has to do with it.
type Holding struct {
	Had Had `json:"had"`
	Op  Op  `json:"op,omitempty"` // last one started
	// Said is the operation that the connector last confirmed and that is not
	// verified yet.
	Said Op `json:"said,omitempty"`
	// Before: it was there before Usher gave it.
	Before bool `json:"before,omitempty"`
	// Clear: it was known not to be there when the last grant was started.
	Clear bool `json:"clear,omitempty"`
	// Blind: the connector cannot see it; its word has to do.
	Blind bool `json:"blind,omitempty"`
	// Account is the one that it was given to, of a person who has several.
	Account Account `json:"account,omitempty"`
	// Doubt: a late result came in while another attempt was under way, so
	// whatever that one finds is not certain.
	Doubt bool `json:"doubt,omitempty"`
	Try   Try  `json:"try,omitzero"`
	// Task is set while a human has to do it.
	Task *Task `json:"task,omitempty"`
	// Failed is the code of the error that stopped the attempts (locale key
	// "failure.<code>"); an admin's retry clears it. A removal is tried on
	// all the same.
	Failed   string    `json:"failed,omitempty"`
	FailedAt time.Time `json:"failedAt,omitzero"`
	// FailedBy and FailedReason say who said that it cannot be done by hand,
	// and why.
	FailedBy     PersonID  `json:"failedBy,omitempty"`
	FailedReason string    `json:"failedReason,omitempty"`
	Since        time.Time `json:"since,omitzero"` // present since
	Seen         time.Time `json:"seen,omitzero"`  // last verified to be present
}

// Task is what a human is asked to do for the manual connector.
type Task struct {
	Op    Op        `json:"op"`
	Hands []Subject `json:"hands"`
	// People are the hands as the directory found them.
	People []PersonID `json:"people,omitempty"`
	At     time.Time  `json:"at"`
	// Mark tells this task from earlier ones for the same role; it is the
	// Mark of its cards. Request is the request that it is done for.
	Mark    string    `json:"mark"`
	Request RequestID `json:"request"`
}

// Try counts the attempts of one effect. While Open, an attempt is under way
// and its result is unknown from Until on; otherwise Until is when to try
// again.
type Try struct {
	N     int       `json:"n,omitempty"`     // attempts so far
	Fails int       `json:"fails,omitempty"` // failures in a row
	Until time.Time `json:"until,omitzero"`
	Open  bool      `json:"open,omitempty"`
	Error string    `json:"error,omitempty"` // code of the last failure
}

// CardKind says what a card is for.
type CardKind string

const (
	CardRequestor CardKind = "requestor" // the living card of who asked, from received to over
	CardApprover  CardKind = "approver"  // decide; stays, redrawn, until the assignment is over
	CardTask      CardKind = "task"      // a human gives or takes a resource role
	CardFailure   CardKind = "failure"   // to admins: delivery or removal failed
	// The following are short notices. Those that ask for something are redrawn
	// once, when there is nothing to ask any more.
	CardReminder CardKind = "reminder" // approvers, at half-time
	CardResult   CardKind = "result"   // requestor: approved, denied, timed out, canceled, terms to accept
	CardReady    CardKind = "ready"    // requestor: delivered, or what failed
	CardEndsSoon CardKind = "endsSoon" // holder, with Extend
	CardOver     CardKind = "over"     // holder: access is over
	CardNobody   CardKind = "nobody"   // admins: nobody can decide this request
	CardLeft     CardKind = "left"     // owners: a role that was there before was left alone
)

// Notice reports whether a card of this kind says one thing once.
func (k CardKind) Notice() bool {
	switch k {
	case CardRequestor, CardApprover, CardTask, CardFailure:
		return false
	}
	return true
}

// Place is where a card goes: to one person, or to a channel.
type Place struct {
	Person  PersonID `json:"person,omitempty"`
	Channel Channel  `json:"channel,omitempty"`
}

// Card is one message that Usher keeps or sent, and how far it got.
type Card struct {
	Kind    CardKind  `json:"kind"`
	Request RequestID `json:"request"`
	Role    RoleRef   `json:"role,omitzero"` // CardTask, CardLeft
	Place   Place     `json:"place"`
	// Mark tells several notices of one kind apart (stage number, moment).
	Mark string `json:"mark,omitempty"`
	// Ref is the adapter's name for the posted message; empty until it is posted.
	Ref string `json:"ref,omitempty"`
	// Drawn is the face it was last drawn with.
	Drawn int `json:"drawn,omitempty"`
	// Round is raised when the message vanished and is posted anew.
	Round int `json:"round,omitempty"`
	// Done: nothing more is owed for it (a notice that was posted, a place
	// that cannot be reached, a message that was given up).
	Done bool `json:"done,omitempty"`
	Try  Try  `json:"try,omitzero"`
}

// Key names the card within its ledger.
func (c Card) Key() CardKey {
	return CardKey{Kind: c.Kind, Request: c.Request, Role: c.Role, Place: c.Place, Mark: c.Mark}
}

// CardKey names a card within its ledger.
type CardKey struct {
	Kind    CardKind
	Request RequestID
	Role    RoleRef
	Place   Place
	Mark    string
}

// Ledger is everything that one person asked for and holds, with what the
// outside world still owes them. It is one record with one revision.
type Ledger struct {
	Schema      int                  `json:"schema"`
	Tenant      TenantID             `json:"tenant"`
	Person      PersonID             `json:"person"`
	Last        time.Time            `json:"last"` // latest time it has seen; never goes back
	Next        RequestID            `json:"next"` // number of the next request
	Requests    []Request            `json:"requests,omitempty"`
	Assignments []Assignment         `json:"assignments,omitempty"`
	Roles       map[RoleRef]*Holding `json:"roles,omitempty"`
	Cards       []Card               `json:"cards,omitempty"`
	// Asking holds the attempts of directory look-ups, by effect key, while
	// they are owed.
	Asking map[string]Try `json:"asking,omitempty"`
	// Former are the persons whose ledgers were merged into this one.
	Former []Former `json:"former,omitempty"`
	// Forward, when set, is all that there is: the ledger was merged into
	// another, which is never a forward itself.
	Forward *Forward `json:"forward,omitempty"`
}

// Forward says where the ledger of somebody went who turned out to be the same
// human as somebody else: request n is n+Shift there. What was archived before
// stays under the old name and number.
type Forward struct {
	To    PersonID  `json:"to"`
	Shift RequestID `json:"shift"`
}

// Former is the other side of a Forward: requests from Shift+1 to Shift+Last
// were made as Person, before At.
type Former struct {
	Person PersonID  `json:"person"`
	Shift  RequestID `json:"shift"`
	Last   RequestID `json:"last"`
	At     time.Time `json:"at"`
}

// LedgerSchema is the version of the ledger's encoding.
const LedgerSchema = 1

// Request finds a request by number, or nil.
func (l *Ledger) Request(id RequestID) *Request {
	for i := range l.Requests {
		if l.Requests[i].ID == id {
			return &l.Requests[i]
		}
	}
	return nil
}

// Assignment finds an assignment by number, or nil.
func (l *Ledger) Assignment(id RequestID) *Assignment {
	for i := range l.Assignments {
		if l.Assignments[i].ID == id {
			return &l.Assignments[i]
		}
	}
	return nil
}

// Holds finds the assignment of a package that is not over, or nil.
func (l *Ledger) Holds(p PackageID) *Assignment {
	for i := range l.Assignments {
		if a := &l.Assignments[i]; a.Package == p && !a.State.Over() {
			return a
		}
	}
	return nil
}

// Case is what is archived together: an adding request with its assignment,
// its extensions and removals, and the cards that showed them; or a request
// that came to nothing. It is written once.
type Case struct {
	Tenant     TenantID    `json:"tenant"`
	Person     PersonID    `json:"person"`
	ID         RequestID   `json:"id"`
	Requests   []Request   `json:"requests"`
	Assignment *Assignment `json:"assignment,omitempty"`
	Cards      []Card      `json:"cards,omitempty"`
	Closed     time.Time   `json:"closed"`
}

// Request finds a request of the case by number, or nil.
func (c *Case) Request(id RequestID) *Request {
	for i := range c.Requests {
		if c.Requests[i].ID == id {
			return &c.Requests[i]
		}
	}
	return nil
}
