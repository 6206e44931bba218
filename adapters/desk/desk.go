// Package desk is the conversation: it turns what people do in a chat into
// commands of the engine, and the state of the engine into cards, forms and
// sentences in the reader's language. It is the only place where chat and
// engine meet. It decides nothing: who may do what is asked of the engine each
// time, and nothing in a button or a form is trusted but as an address.
package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// Core is what the desk needs of core/runtime; see runtime/api.go for the
// contract of each method.
type Core interface {
	Do(ctx context.Context, t access.TenantID, who access.Account, holder access.PersonID, id engine.CommandID, make func(engine.Meta) engine.Command) (runtime.View, error)
	Who(ctx context.Context, t access.TenantID, who access.Account) (access.Profile, access.Actor, error)
	Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error)
	SearchPeople(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error)
	Ledger(ctx context.Context, t access.TenantID, who access.Actor, p access.PersonID) (runtime.View, error)
	World(ctx context.Context, t access.TenantID, packages ...access.PackageID) (engine.World, error)
	Packages(ctx context.Context, t access.TenantID, query string, after access.PackageID, max int) (engine.World, []access.PackageID, error)
	Waiting(ctx context.Context, t access.TenantID, a access.Actor, max int) ([]runtime.Item, error)
	Asked(ctx context.Context, t access.TenantID, a access.Actor, max int) ([]runtime.Item, error)
	Open(ctx context.Context, t access.TenantID, max int, keep func(runtime.View, access.Request) bool) ([]runtime.Item, error)
	Case(ctx context.Context, t access.TenantID, p access.PersonID, id access.RequestID) (access.Case, error)
	CardOf(ctx context.Context, t access.TenantID, ref string) (access.PersonID, access.RequestID, bool, error)
	Audit(ctx context.Context, t access.TenantID, p access.PersonID, after int64, newest bool, max int) ([]runtime.Line, error)
	Linker
	Definer
	Reporter
}

// Definer is what the desk needs of core/runtime for what admins define.
type Definer interface {
	Definitions(ctx context.Context, t access.TenantID) (runtime.Definitions, error)
	AllCatalogs(ctx context.Context, t access.TenantID) (engine.World, error)
	Resources(ctx context.Context, t access.TenantID, ids ...access.ResourceID) (engine.World, error)
	FindResources(ctx context.Context, t access.TenantID, query string, max int, keep func(engine.World, access.Resource) bool) ([]access.Resource, error)
	Within(ctx context.Context, t access.TenantID, c access.CatalogID, kind runtime.Kind) ([]string, error)
	Giving(ctx context.Context, t access.TenantID, id access.ResourceID) ([]access.PackageID, error)
	Held(ctx context.Context, t access.TenantID, p access.PackageID, max int) ([]access.PersonID, error)
	Holders(ctx context.Context, t access.TenantID, p access.PackageID) (int, error)
	EditAs(ctx context.Context, t access.TenantID, who access.Account, id engine.CommandID, e runtime.Edit) ([]runtime.Defined, error)
	PlanAs(ctx context.Context, t access.TenantID, who access.Account, e runtime.Edit) ([]runtime.Defined, error)
	Kinds(t access.TenantID) []string
	ThingsFor(ctx context.Context, t access.TenantID, who access.Account, query string, max int) []runtime.Thing
	LedgersOf(ctx context.Context, t access.TenantID, p access.PackageID, max int) ([]runtime.View, error)
	Simulate(ctx context.Context, t access.TenantID, w runtime.Wish) (runtime.Simulation, error)
}

// Linker is what the desk needs of core/runtime for people who have several
// accounts.
type Linker interface {
	Accounts(ctx context.Context, t access.TenantID, a access.Account) ([]access.Account, error)
	Unproven(ctx context.Context, t access.TenantID, people []access.PersonID) ([]access.PersonID, error)
	Link(ctx context.Context, t access.TenantID, first, second access.Account, id engine.CommandID) error
	Unlink(ctx context.Context, t access.TenantID, by, account access.Account, id engine.CommandID) error
	Confirm(ctx context.Context, t access.TenantID, by, account access.Account, id engine.CommandID) error
}

// draftTTL is how long what was typed into a form is kept.
const draftTTL = time.Hour

// Parts are what a Desk is made of. All but Tenants and Chance are needed;
// Export only where something is exported.
type Parts struct {
	Scratch runtime.Scratch
	Clock   runtime.Clock
	Chats   []chat.Adapter
	// Tenants says whose each chat is, by its name. With it no card of one
	// tenant ever goes into a chat of another; without it there is one tenant.
	Tenants map[string]access.TenantID
	// Chance is where codes come from that nobody can guess; nil: crypto/rand.
	Chance io.Reader
	// Export writes what is defined.
	Export Exporter
	// Texts are what people read; nil: LoadTexts. Several desks may share them.
	Texts *Texts
	Log   zerolog.Logger
}

// Desk implements chat.Handler and runtime.Messenger. It is safe for
// concurrent use once Use was called.
type Desk struct {
	core    Core
	scratch runtime.Scratch
	clock   runtime.Clock
	chats   map[string]chat.Adapter // by name
	tenants map[string]access.TenantID
	chance  io.Reader
	export  Exporter
	log     zerolog.Logger
	texts   *Texts
	routes  map[chat.Verb]route
	typing  sync.Mutex // of codes
}

var (
	_ chat.Handler      = (*Desk)(nil)
	_ runtime.Messenger = (*Desk)(nil)
	_ Core              = (*runtime.Runtime)(nil)
)

// New makes a Desk. The runtime needs the desk as its Messenger and the desk
// needs the runtime, so the latter comes with Use.
func New(p Parts) (*Desk, error) {
	texts := p.Texts
	if texts == nil {
		var err error
		if texts, err = LoadTexts(); err != nil {
			return nil, err
		}
	}
	d := &Desk{scratch: p.Scratch, clock: p.Clock, chats: map[string]chat.Adapter{}, tenants: p.Tenants, chance: p.Chance, export: p.Export, log: p.Log, texts: texts}
	if d.chance == nil {
		d.chance = rand.Reader
	}
	for _, c := range p.Chats {
		if d.chats[c.Name()] != nil {
			return nil, fmt.Errorf("two chats are called %q", c.Name())
		}
		d.chats[c.Name()] = c
	}
	d.routes = d.table()
	return d, nil
}

// Use gives the desk the runtime. Call it once, before the first intent and
// the first card.
func (d *Desk) Use(core Core) { d.core = core }

// chatOf is the chat that an account, channel or group belongs to.
func chatOf[T ~string](id T) string {
	name, _, _ := strings.Cut(string(id), "/")
	return name
}

// caps is what forms can do for an account.
func (d *Desk) adapter(a access.Account) (chat.Adapter, bool) {
	c, ok := d.chats[chatOf(a)]
	return c, ok
}
