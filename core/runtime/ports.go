package runtime

import (
	"context"
	"errors"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// Kind is the kind of a record.
type Kind string

const (
	KindLedger   Kind = "ledger"   // ID: PersonID
	KindCase     Kind = "case"     // ID: "<PersonID>#<RequestID>"; written once
	KindPackage  Kind = "package"  // ID: PackageID
	KindPolicy   Kind = "policy"   // ID: PolicyRef; written once
	KindTerms    Kind = "terms"    // ID: TermsRef; written once
	KindCatalog  Kind = "catalog"  // ID: CatalogID
	KindResource Kind = "resource" // ID: ResourceID
	KindSettings Kind = "settings" // ID: ""; its revision is raised by every change of a definition
	KindAccount  Kind = "account"  // ID: Account
	KindLinked   Kind = "linked"   // ID: a command; persons that are one human, of which other ledgers have yet to hear
	KindWalk     Kind = "walk"     // ID: PackageID; how far its holders were woken after a change
	KindSweep    Kind = "sweep"    // ID: "", or PackageID once a ledger lets go of it; has a wake-up and no data while definitions are to be deleted
	KindGroup    Kind = "group"    // ID: GroupID; how far the ledgers that it is asked for were refreshed after a change
	KindGone     Kind = "gone"     // ID: PackageID; what a package that was deleted was called
	KindKept     Kind = "kept"     // ID: access.Kept.ID; what was imported and is not acted on
	KindChat     Kind = "chat"     // an adapter's own records (the playground's messages, resources, clock)
)

// Key names a record. All records of a tenant are in one partition.
type Key struct {
	Tenant access.TenantID
	Kind   Kind
	ID     string
}

// String is "tenant/kind/id".
func (k Key) String() string { return string(k.Tenant) + "/" + string(k.Kind) + "/" + k.ID }

// LedgerKey names a person's ledger.
func LedgerKey(t access.TenantID, p access.PersonID) Key { return Key{t, KindLedger, string(p)} }

// Record is what is stored under a key. Revision counts the writes from 1; a
// record that does not exist has revision 0 and no data.
type Record struct {
	Key      Key
	Revision int64
	Data     []byte
}

// Write puts Data under Key if the record has Revision now (0: must not
// exist). Afterwards it has Revision+1. Nil Data deletes; a deleted record is
// unknown again.
type Write struct {
	Key      Key
	Revision int64
	Data     []byte
}

// Read is a record that the change relies on: it must still have Revision.
type Read struct {
	Key      Key
	Revision int64
}

// Wake sets when a record is due next; the zero time takes the wake-up away.
type Wake struct {
	Key Key
	At  time.Time
}

// IndexEntry is one member of one index of a tenant. Members of an index are
// listed in byte order.
type IndexEntry struct {
	Index  string
	Member string
	Remove bool
}

// Entry is one line of the audit. ID rises within a tenant; it is given by the
// store at the commit.
type Entry struct {
	ID   int64
	Key  Key // the record that it belongs to
	At   time.Time
	Data []byte
}

// Change is what Commit makes durable: all of it or nothing.
type Change struct {
	Tenant access.TenantID
	// Command makes the change happen once in 24 hours; empty: no such memory.
	Command engine.CommandID
	// At is the time of the change, for the memory of commands.
	At     time.Time
	Writes []Write
	Reads  []Read
	Wakes  []Wake
	Index  []IndexEntry
	Audit  []Entry
}

// Errors of a Store. Anything else means that the store could not be asked,
// and for Commit that the result is unknown: repeat it with the same Command.
var (
	// ErrConflict: a record did not have the revision that was named.
	ErrConflict = errors.New("conflict: a record changed in the meantime")
	// ErrDuplicate: a change with this command id is in already. It is
	// checked before revisions.
	ErrDuplicate = errors.New("duplicate: this command is done already")
	// ErrTooBig: a record is larger than the store takes (4 MiB).
	ErrTooBig = errors.New("too big: a record is larger than the store takes")
)

// Store is the only door for durable state. Implementations pass
// storage/storetest. All methods are safe for concurrent use. Time comes as an
// argument; a store never asks a clock.
type Store interface {
	// Load reads records in the order of keys; unknown ones come as zero
	// Records with their Key. Keys of one tenant cost one round trip.
	Load(ctx context.Context, keys ...Key) ([]Record, error)
	// Commit makes a change durable in one atomic step.
	Commit(ctx context.Context, c Change) error
	// Claim returns at most max keys whose wake-up is due at now, earliest
	// first as far as partitions allow, and moves their wake-up to now+lease,
	// so that nobody else claims them meanwhile. With only, just those keys
	// are claimed, if they are due.
	Claim(ctx context.Context, now time.Time, lease time.Duration, max int, only ...Key) ([]Key, error)
	// List returns at most max members of an index that begin with prefix and
	// come after the member after ("" from the start), in byte order.
	List(ctx context.Context, q Query) ([]string, error)
	// Audit returns entries in the order of their ids.
	Audit(ctx context.Context, q AuditQuery) ([]Entry, error)
	// Close lets go of the store. Commits that returned are durable.
	Close() error
}

// Query asks for members of an index.
type Query struct {
	Tenant access.TenantID
	Index  string
	Prefix string
	After  string
	Max    int // 1 to 1000
}

// AuditQuery asks for audit entries of a tenant, or of one of its records.
type AuditQuery struct {
	Tenant access.TenantID
	Record *Key  // nil: the whole tenant
	After  int64 // ids greater than this; with Newest: ids less than this (0: from the end)
	Newest bool  // newest first
	Max    int   // 1 to 1000
}

// Lister is an optional ability of a Store: several questions of one tenant to
// List in one round trip. The answers are in their order. A store that is
// asked without one needs none.
type Lister interface {
	Lists(ctx context.Context, asked []Query) ([][]string, error)
}

// Importer is an optional ability of a Store: load many changes at once,
// without conflicts, command ids or atomicity between them. For set-up, tests
// and restoring; never beside a running bot.
type Importer interface {
	Import(ctx context.Context, changes []Change) error
}

// Scratch keeps small values for a while: drafts of forms, links waiting to be
// confirmed. Losing one is a nuisance, never a fault.
type Scratch interface {
	Put(ctx context.Context, name string, data []byte, now time.Time, ttl time.Duration) error
	// Get returns nil without error for what is unknown or has run out.
	Get(ctx context.Context, name string, now time.Time) ([]byte, error)
	Drop(ctx context.Context, name string) error
}

// Leases elects one holder of a name among all processes on a store.
type Leases interface {
	// Lease takes or renews the name for holder until now+ttl; false when
	// another holds it.
	Lease(ctx context.Context, name, holder string, now time.Time, ttl time.Duration) (bool, error)
	// Release lets go if holder holds it.
	Release(ctx context.Context, name, holder string) error
}

// Clock tells the time of the engine.
type Clock interface{ Now() time.Time }

// ErrUnlisted says that a group is there, and who is in it cannot be listed.
var ErrUnlisted = errors.New("the members of this group cannot be listed")

// Directory knows the people and groups of the chats.
type Directory interface {
	// Profile reads a person as they are now. access.NotFound (code
	// "unknownPerson") when the chat knows no such person.
	Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error)
	// Members lists who is in a group now, without bots and people who left.
	// access.NotFound (code "unknownGroup") when the group is gone.
	// ErrUnlisted, as an error or in a fault, when the chat does not let its
	// members be listed: then it is asked as a whole, like one that is too large.
	Members(ctx context.Context, t access.TenantID, g access.GroupID) ([]access.PersonID, error)
}

// Searcher is an optional ability of a Directory: people by the beginning of,
// or a part of, their name or account. At most max, the best first; no bots
// and nobody who left.
type Searcher interface {
	Search(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error)
}

// Mailer is an optional ability of a Directory: who has an e-mail address.
// Letters count in either case.
type Mailer interface {
	ByEmail(ctx context.Context, t access.TenantID, email string) ([]access.PersonID, error)
}

// Delivery is a card to be drawn from the state of this moment.
type Delivery struct {
	// ID is the same at each attempt to post the same card: an adapter that
	// can recognise a repeat does.
	ID     string
	Tenant access.TenantID
	Ledger access.Ledger
	World  engine.World
	Card   access.Card
	Now    time.Time
}

// Messenger puts cards into chats. adapters/desk implements it. Errors are
// access.ErrGone (Edit only) or an *access.Fault.
type Messenger interface {
	Post(ctx context.Context, d Delivery) (ref string, err error)
	Edit(ctx context.Context, ref string, d Delivery) error // idempotent
}

// Job is one thing to do to one resource role of one person.
type Job struct {
	ID       string // the same at each attempt of the same grant or revoke
	Tenant   access.TenantID
	Person   access.Profile
	Resource access.Resource
	Role     access.ResourceRole
	Reason   string // for the other side's own audit log: package and request
}

// Answer is what a connector says to a Grant or Revoke that it took.
type Answer struct {
	// Before: the role was there before the grant.
	Before bool
	// LookAt: accepted, not done yet; Verify then.
	LookAt time.Time
	// Task: a human has to do it (Resource.Hands) and will press Done or Cannot.
	Task bool
}

// InChat is an optional ability of a Connector: what it gives is in one chat,
// so that it needs an account there.
type InChat interface{ Chat() string }

// Connector gives and takes resource roles of one kind. Every method is
// idempotent; errors are *access.Fault. Implementations pass
// adapters/connect/connecttest.
type Connector interface {
	Grant(ctx context.Context, j Job) (Answer, error)
	Revoke(ctx context.Context, j Job) (Answer, error)
	// Verify changes nothing. Unknown means that the connector cannot see it.
	Verify(ctx context.Context, j Job) (access.Had, error)
}

// Finder is an optional ability of a Connector: to list what it could give, so
// that nobody has to type the other side's ids.
type Finder interface {
	// Find lists at most max things whose name or target contains query
	// (letters in either case; "" for all), by name. What not everybody there
	// may know of, such as a private channel, is listed if one of the accounts
	// may. Thing.Connector stays empty; the list is the caller's. Errors are
	// *access.Fault.
	Find(ctx context.Context, t access.TenantID, accounts []access.Account, query string, max int) ([]Thing, error)
}

// Keeper is an optional ability of a Connector: to say who has a right over
// what it gives. Without it everybody who may edit the catalog has.
type Keeper interface {
	// MayHand asks whether the person with these accounts may hand out the
	// resource in the other side's own terms: access.Forbidden (code
	// "notYourThing", data "resource") when not, *access.Fault when it cannot be
	// asked. A thing that is not there is access.NotFound (code
	// "unknownTarget", data "value").
	MayHand(ctx context.Context, t access.TenantID, accounts []access.Account, res access.Resource) error
}
