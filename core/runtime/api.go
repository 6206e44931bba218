package runtime

import (
	"context"

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

// Do carries out a command on the ledger of holder ("" for the actor's own):
// it finds out who the account is at this moment, loads, steps, commits, and
// starts over on a conflict. make gets the Meta to put into the command. A
// refusal is an *access.Error; a refused attempt to decide is in the audit by
// then. A command id that was seen before changes nothing and is no error.
func (r *Runtime) Do(ctx context.Context, t access.TenantID, who access.Account, holder access.PersonID, id engine.CommandID, make func(engine.Meta) engine.Command) (View, error) {
	panic("soon")
}

// Who finds out who an account is at this moment (at most 60 s old).
func (r *Runtime) Who(ctx context.Context, t access.TenantID, who access.Account) (access.Profile, access.Actor, error) {
	panic("soon")
}

// Profile reads a person from the directory (at most 60 s old).
func (r *Runtime) Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	panic("soon")
}

// SearchPeople lists people whose name or id begins with or contains query.
func (r *Runtime) SearchPeople(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	panic("soon")
}

// Ledger reads a person's ledger. It checks no rights: callers ask
// engine.MayRead for each request before they show it.
func (r *Runtime) Ledger(ctx context.Context, t access.TenantID, who access.Actor, p access.PersonID) (View, error) {
	panic("soon")
}

// World reads packages with their catalogs and resources, and the settings.
// Packages that do not exist are missing in it.
func (r *Runtime) World(ctx context.Context, t access.TenantID, packages ...access.PackageID) (engine.World, error) {
	panic("soon")
}

// Packages lists packages after the one named after, in the order of their
// ids, that contain query in id or name ("" for all).
func (r *Runtime) Packages(ctx context.Context, t access.TenantID, query string, after access.PackageID, max int) (engine.World, []access.PackageID, error) {
	panic("soon")
}

// Waiting lists open requests that wait for this actor's decision.
func (r *Runtime) Waiting(ctx context.Context, t access.TenantID, a access.Actor, max int) ([]Item, error) {
	panic("soon")
}

// Asked lists requests that the person made for others and that are not over.
func (r *Runtime) Asked(ctx context.Context, t access.TenantID, p access.PersonID, max int) ([]Item, error) {
	panic("soon")
}

// Open lists all open requests and failed deliveries of the tenant.
func (r *Runtime) Open(ctx context.Context, t access.TenantID, max int) ([]Item, error) {
	panic("soon")
}

// Case reads an archived case by the number of any of its requests;
// access.NotFound (code "unknownRequest") when there is none.
func (r *Runtime) Case(ctx context.Context, t access.TenantID, p access.PersonID, id access.RequestID) (access.Case, error) {
	panic("soon")
}

// History lists a person's archived cases, newest first.
func (r *Runtime) History(ctx context.Context, t access.TenantID, p access.PersonID, max int) ([]access.Case, error) {
	panic("soon")
}

// Audit reads events of the tenant, or of one person's ledger.
func (r *Runtime) Audit(ctx context.Context, t access.TenantID, p access.PersonID, after int64, newest bool, max int) ([]Line, error) {
	panic("soon")
}

// Definitions is a set of things that admins define, as files or chat commands
// give them.
type Definitions struct {
	Settings  *access.Settings
	Catalogs  []access.Catalog
	Resources []access.Resource
	Packages  []access.Package
}

// Defined says what Apply did with one definition.
type Defined struct {
	Key    Key
	Action string // "created", "changed", "unchanged"
}

// Apply validates definitions against what is stored and each other, and
// writes those that differ in one commit, with a new version of each policy
// and terms that changed, and before and after in the audit. It asks nothing
// about the rights of by.
func (r *Runtime) Apply(ctx context.Context, t access.TenantID, by access.PersonID, id engine.CommandID, d Definitions) ([]Defined, error) {
	panic("soon")
}

// Runtime is the shell around the engine.
type Runtime struct{}
