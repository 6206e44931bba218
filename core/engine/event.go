package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// Event is one line of the audit. The events of a ledger alone rebuild every
// state, decision and window (see Rebuild). It carries no answers to
// questions and nothing secret.
type Event struct {
	At   time.Time       `json:"at"`
	Type EventType       `json:"type"`
	By   access.PersonID `json:"by"`
	// Command is the id of the command that caused it.
	Command CommandID `json:"command,omitempty"`

	Person     access.PersonID        `json:"person,omitempty"` // whose ledger
	Package    access.PackageID       `json:"package,omitempty"`
	Request    access.RequestID       `json:"request,omitempty"`
	Kind       access.RequestKind     `json:"kind,omitempty"`
	State      access.RequestState    `json:"state,omitempty"` // new state of the request
	Assignment access.RequestID       `json:"assignment,omitempty"`
	Standing   access.AssignmentState `json:"standing,omitempty"` // new state of the assignment
	Window     *access.Window         `json:"window,omitempty"`   // new window
	Stage      int                    `json:"stage,omitempty"`    // from 1
	Decision   *access.Decision       `json:"decision,omitempty"`
	Role       *access.RoleRef        `json:"role,omitempty"`
	Op         access.Op              `json:"op,omitempty"`
	Had        access.Had             `json:"had,omitempty"`
	Level      access.AskLevel        `json:"level,omitempty"`
	People     []access.PersonID      `json:"people,omitempty"`
	Reason     string                 `json:"reason,omitempty"` // what a person gave as reason
	Code       string                 `json:"code,omitempty"`   // refusal or failure
	// Before and After are the definitions that an admin's edit changed.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// EventType says what happened. Locale key "event.<type>".
type EventType string

const (
	EventSubmitted     EventType = "submitted"
	EventStageOpened   EventType = "stageOpened"
	EventAsked         EventType = "asked"       // people were found for a stage
	EventUnreachable   EventType = "unreachable" // too few people can decide
	EventClaimed       EventType = "claimed"
	EventReleasedClaim EventType = "releasedClaim"
	EventAmended       EventType = "amended"
	EventDecided       EventType = "decided"
	EventRefused       EventType = "refused" // an attempt to decide was refused
	EventState         EventType = "state"   // request and/or assignment moved
	EventWindow        EventType = "window"
	EventReminded      EventType = "reminded"
	EventForwarded     EventType = "forwarded" // to alternates or fallbacks
	EventTermsAccepted EventType = "termsAccepted"
	EventTermsRefused  EventType = "termsRefused"
	EventStarted       EventType = "started" // a grant, revoke was started
	EventRole          EventType = "role"    // what is known of a role changed
	EventFailed        EventType = "failed"  // an attempt failed
	EventRetried       EventType = "retried" // by an admin
	EventRemarked      EventType = "remarked"
	EventLinked        EventType = "linked"    // two accounts turned out to be one human's
	EventUnlinked      EventType = "unlinked"  // an admin took an account away from its person
	EventConfirmed     EventType = "confirmed" // an admin confirmed that an account is somebody's only one
	EventVoided        EventType = "voided"    // a decision does not count any more
	EventLeft          EventType = "left"      // the person left the tenant
	EventDrifted       EventType = "drifted"   // a role was taken away by hand
	EventEndsSoon      EventType = "endsSoon"
	EventFollowed      EventType = "followed" // the package's contents changed
	EventArchived      EventType = "archived"
	EventDefined       EventType = "defined" // catalog, resource, package, policy, settings
)
