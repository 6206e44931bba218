package playground

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Beat is how often a process looks for what other processes changed.
const Beat = 300 * time.Millisecond

// Options says what a playground is made of. Store and Tenant are needed, the
// rest has defaults.
type Options struct {
	Store  runtime.Store
	Tenant access.TenantID
	// Name is the chat's name, the part of an account before the slash:
	// "playground" by default.
	Name string
	// Base is what the clock's offset is added to: by default the real time.
	Base runtime.Clock
	// IDs makes ids that are never the same twice.
	IDs func() string
	Log zerolog.Logger
	// People are put into a new store: by default those of Cast.
	People []NewPerson
	// Channels that cards can be posted to, without the chat's name: by
	// default "general" and "approvals".
	Channels []string
	// Hints are sentences on the page that say what to try.
	Hints []string
	// Token must be shown by whoever uses the page. Without one the page
	// answers on loopback only.
	Token string
	// Beats replaces the ticks that come every Beat, for tests.
	Beats <-chan time.Time
	Ports
}

// Ports are what the page shows of the rest of the bot. Each may be nil; they
// may be set later with Wire, for they are often made of what needs the
// playground's clock and directory.
type Ports struct {
	Rooms Rooms
	Audit AuditSource
	// OnJump is called after the clock was put forward, so that what fell due
	// is done at once.
	OnJump func(ctx context.Context)
	// OnLeft is called after somebody left the chat, each time that is said,
	// so that they lose at once what they had.
	OnLeft func(ctx context.Context, who access.PersonID)
}

// Rooms are the resources that people can get into, and their switches.
type Rooms interface {
	Rooms(ctx context.Context) ([]Room, error)
	// SetMode switches a resource; *access.Error for an unknown id or mode.
	SetMode(ctx context.Context, id, mode string) error
}

// Room is one resource of the outside world.
type Room struct {
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	Mode  string     `json:"mode"`  // how it behaves now
	Modes []string   `json:"modes"` // what can be chosen
	Roles []RoomRole `json:"roles"`
}

// RoomRole is one role on a resource, with the people who have it.
type RoomRole struct {
	Role   string            `json:"role"`
	People []access.PersonID `json:"people"`
}

// AuditSource reads what happened.
type AuditSource interface {
	// Lines returns at most max lines, oldest first: those that come next
	// after number after, or, with latest, the last ones there are.
	Lines(ctx context.Context, after int64, latest bool, max int) ([]AuditLine, error)
}

// AuditLine is one event in words.
type AuditLine struct {
	ID     int64           `json:"id"`
	At     time.Time       `json:"at"`
	Kind   string          `json:"kind"`             // of the event, e.g. "decided"
	Person access.PersonID `json:"person,omitempty"` // whose ledger
	Actor  access.PersonID `json:"actor,omitempty"`  // who did it
	Text   string          `json:"text"`             // a sentence in English
}

// Adapter is the playground. It implements chat.Adapter, runtime.Directory and
// runtime.Clock; Handler is the page.
type Adapter struct {
	Options
	vault   Vault
	shelf   shelf
	texts   texts
	pages   *template.Template
	hub     *hub
	handler atomic.Pointer[chat.Handler]
	ports   atomic.Pointer[Ports]
	ready   chan struct{}
	readily sync.Once // closes ready
}

var (
	_ chat.Adapter      = (*Adapter)(nil)
	_ runtime.Directory = (*Adapter)(nil)
	_ runtime.Clock     = (*Adapter)(nil)
)

// New opens the playground in a store, and puts people into it if there are
// none.
func New(ctx context.Context, o Options) (*Adapter, error) {
	if o.Store == nil || o.Tenant == "" {
		return nil, errors.New("playground: a store and a tenant are needed")
	}
	o = o.withDefaults()
	a := &Adapter{Options: o, vault: NewVault(o.Store, o.Tenant, o.Name), hub: newHub(), ready: make(chan struct{})}
	a.Wire(o.Ports)
	var err error
	if a.texts, err = loadTexts(); err != nil {
		return nil, err
	}
	if a.pages, err = loadPages(); err != nil {
		return nil, err
	}
	if err := a.refresh(ctx); err != nil {
		return nil, fmt.Errorf("open the playground: %w", err)
	}
	if err := a.seed(ctx); err != nil {
		return nil, fmt.Errorf("fill the playground: %w", err)
	}
	return a, nil
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = "playground"
	}
	if o.Base == nil {
		o.Base = realClock{}
	}
	if o.IDs == nil {
		o.IDs = rand.Text
	}
	if o.People == nil {
		o.People = Cast()
	}
	if o.Channels == nil {
		o.Channels = []string{"general", "approvals"}
	}
	if o.Hints == nil {
		o.Hints = defaultHints()
	}
	return o
}

func defaultHints() []string {
	return []string{
		"As Carla, type /access and choose what to ask for.",
		"As Olga, read the card and approve with a reason.",
		"Then put the clock forward and watch the access end.",
		"The other packages show a quorum, two stages, questions, fallbacks and access that people hand out.",
		"The contractor's package ends on a fixed day: after it nobody can ask for it any more. Start with --fresh to begin anew.",
	}
}

// Wire sets what the page shows of the rest of the bot.
func (a *Adapter) Wire(p Ports) { a.ports.Store(&p) }

// Name implements chat.Adapter.
func (a *Adapter) Name() string { return a.Options.Name }

// Ready is closed once Run takes intents.
func (a *Adapter) Ready() <-chan struct{} { return a.ready }

// Run takes intents until ctx ends, and watches for what other processes
// change in the same store.
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error {
	a.handler.Store(&h)
	defer a.handler.Store(nil)
	a.readily.Do(func() { close(a.ready) })
	beats := a.Beats
	if beats == nil {
		t := time.NewTicker(Beat)
		defer t.Stop()
		beats = t.C
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-beats:
			if err := a.watch(ctx); err != nil && ctx.Err() == nil {
				a.Log.Warn().Err(err).Msg("playground: cannot look for changes")
			}
		}
	}
}

// watch looks for changes of other processes and of the audit.
func (a *Adapter) watch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := a.refresh(ctx); err != nil {
		return err
	}
	source := a.ports.Load().Audit
	if source == nil || !a.hub.watched() {
		return nil
	}
	head := a.hub.auditHead()
	lines, err := source.Lines(ctx, head, head == 0, 200)
	if err != nil || len(lines) == 0 {
		return err
	}
	a.hub.setAudit(lines[len(lines)-1].ID)
	return nil
}

func (a *Adapter) refresh(ctx context.Context) error {
	p, err := a.vault.Pulse(ctx)
	if err == nil {
		a.hub.set(p)
	}
	return err
}

// change makes a change durable and tells those who watch.
func (a *Adapter) change(ctx context.Context, person, ref string, edit func(*Draft) error) error {
	p, err := a.vault.Change(ctx, person, ref, edit)
	if err == nil {
		a.hub.set(p)
	}
	return err
}
