package access

import "time"

// RequestKind says what a request is for and who made it.
type RequestKind string

const (
	UserAdd      RequestKind = "userAdd"      // a person asks for themselves
	OnBehalfAdd  RequestKind = "onBehalfAdd"  // a person asks for another
	AdminAdd     RequestKind = "adminAdd"     // an admin assigns
	SystemAdd    RequestKind = "systemAdd"    // a rule assigns
	UserExtend   RequestKind = "userExtend"   // a holder asks for more time
	UserRemove   RequestKind = "userRemove"   // a holder gives it back
	AdminRemove  RequestKind = "adminRemove"  // an admin or approver revokes
	SystemRemove RequestKind = "systemRemove" // the end came
)

// Adds reports whether the request leads to a new assignment.
func (k RequestKind) Adds() bool {
	return k == UserAdd || k == OnBehalfAdd || k == AdminAdd || k == SystemAdd
}

// Removes reports whether the request is the record of a removal.
func (k RequestKind) Removes() bool {
	return k == UserRemove || k == AdminRemove || k == SystemRemove
}

// RequestState is where a request stands. doc.go of core/engine draws it.
type RequestState string

const (
	PendingApproval    RequestState = "pendingApproval"
	Approved           RequestState = "approved" // passing; never the state between two commands
	PendingTerms       RequestState = "pendingTerms"
	Scheduled          RequestState = "scheduled"
	Delivering         RequestState = "delivering"
	Delivered          RequestState = "delivered"
	PartiallyDelivered RequestState = "partiallyDelivered"
	DeliveryFailed     RequestState = "deliveryFailed"
	Denied             RequestState = "denied"
	TimedOut           RequestState = "timedOut"
	Withdrawn          RequestState = "withdrawn"
	Canceled           RequestState = "canceled"
)

// WithoutAccess reports whether the request ended without giving anything.
func (s RequestState) WithoutAccess() bool {
	return s == Denied || s == TimedOut || s == Withdrawn || s == Canceled
}

// Waiting reports whether the request can still be withdrawn: delivery has not
// started and nothing is final.
func (s RequestState) Waiting() bool {
	return s == PendingApproval || s == Approved || s == PendingTerms || s == Scheduled
}

// Final reports whether deciding and delivering are over. A failed or partial
// delivery is final until an admin retries it.
func (s RequestState) Final() bool {
	return s.WithoutAccess() || s == Delivered || s == PartiallyDelivered || s == DeliveryFailed
}

// Verdict is what an approver says.
type Verdict string

const (
	Approve Verdict = "approve"
	Deny    Verdict = "deny"
)

// Decision is one approver's verdict in a stage.
type Decision struct {
	By      PersonID  `json:"by"`
	Verdict Verdict   `json:"verdict"`
	Reason  string    `json:"reason,omitempty"`
	At      time.Time `json:"at"`
	// Void marks a decision that does not count any more; Why says why.
	Void string `json:"void,omitempty"`
}

// AskLevel says in which capacity people are asked to decide.
type AskLevel string

const (
	AskApprovers    AskLevel = "approvers"
	AskAlternates   AskLevel = "alternates"    // nobody acted in time
	AskFallbacks    AskLevel = "fallbacks"     // too few approvers could be found
	AskOwners       AskLevel = "catalogOwners" // too few fallbacks either
	AskTenantAdmins AskLevel = "tenantAdmins"  // too few owners either
	// AskTell is not a stage's: these people are only to be told (Telling).
	AskTell AskLevel = "tell"
)

// Found is what the directory found for one Subject of an Ask.
type Found struct {
	Subject Subject    `json:"subject"`
	People  []PersonID `json:"people,omitempty"`
	// Whole marks a group of more than 100 people: it is not listed but asked
	// in a channel, and membership is read at each press.
	Whole bool `json:"whole,omitempty"`
	// Through are the groups that were read to find them: the subject itself,
	// or groups among owners. When one of them changes, this is out of date.
	Through []GroupID `json:"through,omitempty"`
}

// Ask is one set of people asked in a stage. Found is empty until the
// directory has answered; At says when it last did.
type Ask struct {
	Level    AskLevel  `json:"level"`
	Subjects []Subject `json:"subjects"`
	Found    []Found   `json:"found,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// StageRun is one stage of one request while it runs and after.
type StageRun struct {
	Opened    time.Time  `json:"opened"`
	Due       time.Time  `json:"due"`                // times out then
	RemindAt  time.Time  `json:"remindAt,omitzero"`  // zero once done or not wanted
	ForwardAt time.Time  `json:"forwardAt,omitzero"` // to alternates; zero once done or none
	Reminded  time.Time  `json:"reminded,omitzero"`  // when the reminder fell due
	Asks      []Ask      `json:"asks"`
	ClaimedBy PersonID   `json:"claimedBy,omitempty"` // "I'm on it"
	Decisions []Decision `json:"decisions,omitempty"`
	Closed    time.Time  `json:"closed,omitzero"`
	// Owners marks a stage that the policy does not have: the requestor was
	// the last to edit a policy without approval, so other owners decide.
	Owners bool `json:"owners,omitempty"`
}

// Approvals counts the approvals that count.
func (s StageRun) Approvals() int {
	n := 0
	for _, d := range s.Decisions {
		if d.Verdict == Approve && d.Void == "" {
			n++
		}
	}
	return n
}

// People lists, once each and in order, everybody who was found for the stage.
func (s StageRun) People() []PersonID {
	var people []PersonID
	seen := map[PersonID]bool{}
	for _, ask := range s.Asks {
		for _, found := range ask.Found {
			for _, p := range found.People {
				if !seen[p] {
					seen[p] = true
					people = append(people, p)
				}
			}
		}
	}
	return people
}

// Request is one person's wish to get or extend an assignment, or the record
// of adding or removing one.
type Request struct {
	ID    RequestID    `json:"id"`
	Kind  RequestKind  `json:"kind"`
	State RequestState `json:"state"`
	// Face is raised whenever something shown on a card changes. Shape is the
	// face at which window, roles, answers or person last changed: a button
	// older than that may not decide.
	Face  int `json:"face"`
	Shape int `json:"shape"`

	Asker   PersonID  `json:"asker"`         // who asked: the holder, or somebody on behalf
	Via     Account   `json:"via,omitempty"` // the account it was asked from
	At      time.Time `json:"at"`
	Package PackageID `json:"package"`
	Policy  PolicyRef `json:"policy,omitzero"` // pinned
	Terms   TermsRef  `json:"terms,omitzero"`  // pinned
	// Assignment is the one that this request makes (own id), extends or removes.
	Assignment    RequestID `json:"assignment"`
	Justification string    `json:"justification,omitempty"` // or the reason of a removal
	Answers       Answers   `json:"answers,omitempty"`
	Window        Window    `json:"window"` // asked for; the same value as the assignment's once there is one
	Link          string    `json:"link,omitempty"`

	Stages        []StageRun `json:"stages,omitempty"` // the last one is open while pendingApproval
	TermsDue      time.Time  `json:"termsDue,omitzero"`
	TermsAccepted time.Time  `json:"termsAccepted,omitzero"`
	// EndedBy and EndReason say who ended it (withdrawn, canceled, terms
	// refused) and why; EndCode is a locale key when Usher did.
	EndedBy   PersonID  `json:"endedBy,omitempty"`
	EndReason string    `json:"endReason,omitempty"`
	EndCode   string    `json:"endCode,omitempty"`
	Ended     time.Time `json:"ended,omitzero"`
	// Roles are what the package gives, as the cards of an open request show it.
	Roles []RoleRef `json:"roles,omitempty"`
	// Remarks are what was written below its cards, oldest first.
	Remarks []Remark `json:"remarks,omitempty"`
	// Tell are messages for admins that wait until it is known who they are.
	Tell []Telling `json:"tell,omitempty"`
}

// Remark is what somebody wrote below a card of a request.
type Remark struct {
	By   PersonID  `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Telling is a card for the owners of a package's catalog, or for the tenant
// admins where there are none, whose people the directory has yet to find.
type Telling struct {
	Kind CardKind `json:"kind"`
	Role RoleRef  `json:"role,omitzero"`
	Mark string   `json:"mark,omitempty"`
	Ask  Ask      `json:"ask"`
}

// Open returns the open stage and its number (from 0), or nil.
func (r *Request) Open() (*StageRun, int) {
	if r.State != PendingApproval || len(r.Stages) == 0 {
		return nil, -1
	}
	n := len(r.Stages) - 1
	return &r.Stages[n], n
}

// Denial returns the decision that denied the request.
func (r *Request) Denial() (Decision, bool) {
	for _, stage := range r.Stages {
		for _, d := range stage.Decisions {
			if d.Verdict == Deny && d.Void == "" {
				return d, true
			}
		}
	}
	return Decision{}, false
}

// AssignmentState is where an assignment stands.
type AssignmentState string

const (
	AssignmentScheduled  AssignmentState = "scheduled"
	AssignmentDelivering AssignmentState = "delivering"
	AssignmentActive     AssignmentState = "active"
	AssignmentEnding     AssignmentState = "ending"
	AssignmentExpired    AssignmentState = "expired"
	AssignmentReleased   AssignmentState = "released"
	AssignmentRevoked    AssignmentState = "revoked"
)

// On reports whether the assignment wants its roles to be held now.
func (s AssignmentState) On() bool { return s == AssignmentDelivering || s == AssignmentActive }

// Over reports whether the assignment is final.
func (s AssignmentState) Over() bool {
	return s == AssignmentExpired || s == AssignmentReleased || s == AssignmentRevoked
}

// Assignment is a package held by a person.
type Assignment struct {
	ID      RequestID       `json:"id"` // of the request that made it
	Package PackageID       `json:"package"`
	State   AssignmentState `json:"state"`
	Window  Window          `json:"window"`
	First   time.Time       `json:"first,omitzero"` // first role delivered
	Ended   time.Time       `json:"ended,omitzero"` // when it became expired, released or revoked
	// Goal is the state that an ending assignment reaches when the removal is
	// confirmed; Removal is the request that is its record.
	Goal    AssignmentState `json:"goal,omitempty"`
	Removal RequestID       `json:"removal,omitempty"`
	// Roles are those it gave at any time, so that the end knows what to wait for.
	Roles    []RoleRef `json:"roles,omitempty"`
	Followed int64     `json:"followed,omitempty"` // package revision last followed
	// FailedAt is when delivery failed for good with nothing delivered.
	FailedAt time.Time `json:"failedAt,omitzero"`
	// Notices are the moments of "ends soon" that are still to come, latest
	// first; Warned is when the last one fell due.
	Notices []time.Time `json:"notices,omitempty"`
	Warned  time.Time   `json:"warned,omitzero"`
}
