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

// Defined says what Apply did with one definition.
type Defined struct {
	Key    Key
	Action string // "created", "changed", "unchanged"
}
