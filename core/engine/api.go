package engine

import (
	"time"

	"github.com/usher-dev/usher/core/access"
)

// New is the empty ledger of a person.
func New(t access.TenantID, p access.PersonID) access.Ledger {
	return access.Ledger{Schema: access.LedgerSchema, Tenant: t, Person: p, Next: 1}
}

// Step applies a command to a ledger. The ledger is never changed; a refusal
// is an *access.Error and no Decision.
func Step(l access.Ledger, c Command, w World) (Decision, error) { panic("soon") }

// Due lists what the outside world owes the ledger at now, and when to look
// again (zero: never by itself).
func Due(l access.Ledger, w World, now time.Time) ([]Effect, time.Time) { panic("soon") }

// Check states what must always hold of a ledger.
func Check(l access.Ledger) error { panic("soon") }

// Encode and Decode are the ledger's stored form. Decode refuses a ledger of a
// newer schema and unknown fields never fail it.
func Encode(l access.Ledger) ([]byte, error)    { panic("soon") }
func Decode(data []byte) (access.Ledger, error) { panic("soon") }

// Needs names the definitions that a World must hold for a ledger and a
// command (nil: for Due, drawing and reading).
type Needs struct {
	Packages []access.PackageID
	Policies []access.PolicyRef
	Terms    []access.TermsRef
	// Resources are those of the ledger's roles; those of the packages' own
	// roles and the packages' catalogs are needed as well.
	Resources []access.ResourceID
}

// NeedsOf lists them, each once.
func NeedsOf(l access.Ledger, c Command) Needs { panic("soon") }

// IndexKey is one member of one index that a ledger belongs to.
type IndexKey struct{ Index, Member string }

// Indexes lists the index members of a ledger. What changed between two
// revisions is the difference between their lists. See index.go for names.
func Indexes(l access.Ledger) []IndexKey { panic("soon") }

// RefusedEvent is the audit line of a refused attempt to decide; false for
// commands whose refusal is not kept.
func RefusedEvent(l access.Ledger, c Command, err error) (Event, bool) { panic("soon") }

// Fitting lists the policies of a package through which target may get it, in
// order, when asker (target itself, or somebody on behalf) asks; the first is
// the one that counts, the others only if Choosable. Empty: not allowed.
func Fitting(p access.Package, target, asker access.Actor) []access.Policy { panic("soon") }

// MaySee reports whether the actor may know that the package exists, when they
// come by its name; a package that is not hidden is also listed to them.
func MaySee(p access.Package, w World, a access.Actor) bool { panic("soon") }

// MayRead reports whether the actor may read a request: requestor, asker,
// approvers so far, the catalog's roles, tenant admins and auditors.
func MayRead(l access.Ledger, w World, r access.Request, a access.Actor) bool { panic("soon") }

// MayDecide is nil when the actor may decide in the request's open stage now,
// else the refusal.
func MayDecide(l access.Ledger, w World, r access.Request, a access.Actor) error { panic("soon") }

// TenantAdmin reports whether the actor is an admin of the tenant.
func TenantAdmin(w World, a access.Actor) bool { panic("soon") }

// Auditor reports whether the actor may read everything.
func Auditor(w World, a access.Actor) bool { panic("soon") }

// HasRole reports whether the actor has one of the roles in the catalog.
// Owners have every role; tenant admins are owners everywhere.
func HasRole(w World, c access.CatalogID, a access.Actor, roles ...access.CatalogRole) bool {
	panic("soon")
}

// FaceOf is the face that a card shows of the ledger as it is.
func FaceOf(l access.Ledger, c access.Card) int { panic("soon") }
