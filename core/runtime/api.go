package runtime

import (
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// View is a ledger with what it refers to, as of one moment.
type View struct {
	Ledger access.Ledger
	World  engine.World
	// Actor is who looked or acted.
	Actor access.Actor
	// Request is the number of the request that the command made, else 0.
	Request access.RequestID
}

// Item is one request of some ledger in a list.
type Item struct {
	View    View
	Request access.RequestID
}

// Line is one event of the audit with its number.
type Line struct {
	ID    int64
	Event engine.Event
}

// Definitions is a set of things that admins define, as files or chat commands
// give them.
type Definitions struct {
	Settings  *access.Settings
	Catalogs  []access.Catalog
	Resources []access.Resource
	Packages  []access.Package
	Kept      []access.Kept
}

// Edit is definitions to write and others to delete, in one step.
type Edit struct {
	Definitions
	// Delete names packages, resources and catalogs. What it names must not be
	// referred to by anything that stays.
	Delete []Key
	// WhenFree deletes a package that somebody holds as soon as nobody does;
	// nobody can ask for it from now on. Without it such a package is refused.
	WhenFree bool
	// Seen is the revision of the settings that the edit was planned with:
	// when definitions changed since, it is refused. 0: whatever there is.
	Seen int64
	// Bases are the revisions of the definitions that the edit was drawn from,
	// 0 for what is to be new: definitionChanged when one is another by now.
	// For people in a chat, who do not mind what others edit elsewhere.
	Bases []Base
}

// Base is the revision of a definition that an edit was drawn from.
type Base struct {
	Key      Key
	Revision int64
	// Settings are what the tenant's settings were. They count instead of the
	// revision, which every edit of a definition raises.
	Settings *access.Settings
}

// Thing is something that a connector could give.
type Thing struct {
	Connector string
	Chat      string // the chat that it is in, if it is in one
	Target    string // the connector's own name for it, as in access.Resource
	Name      string // what people call it
	Kind      string // "channel", "group", "role": what it is, for people
	Roles     []access.ResourceRole
}

// Defined says what Apply or Edit did with one definition.
type Defined struct {
	Key    Key
	Action string // "created", "changed", "unchanged", "deleted", "deleting"
	// Before and After are an access.Settings, Catalog, Resource or Package, to
	// be compared; nil where there is none, or nothing that can be read.
	Before, After any
}
