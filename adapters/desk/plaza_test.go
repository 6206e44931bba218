package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/sebdah/goldie/v2"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// plaza is the desk on the real runtime and a real store, in a bubble of time.
type plaza struct {
	t     *testing.T
	store *bolt.Store
	desk  *Desk
	chat  *chattest.Chat
	r     *runtime.Runtime
	*registry
	started time.Time
	skipped atomic.Int64
	n       int
	stop    func()
}

// registry is a Directory of the cast.
type registry struct {
	mu     sync.Mutex
	known  map[access.PersonID]access.Profile
	looked int
	slow   func(ctx context.Context) error // called at each look, if set
}

func (d *registry) Profile(ctx context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	d.mu.Lock()
	d.looked++
	profile, ok := d.known[p]
	slow := d.slow
	d.mu.Unlock()
	if slow != nil {
		if err := slow(ctx); err != nil {
			return access.Profile{}, err
		}
	}
	if !ok {
		return access.Profile{}, access.Refuse(access.NotFound, "unknownPerson")
	}
	return profile, nil
}

func (d *registry) Members(_ context.Context, _ access.TenantID, g access.GroupID) ([]access.PersonID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []access.PersonID
	for _, id := range slices.Sorted(maps.Keys(d.known)) {
		if slices.Contains(d.known[id].Groups, g) {
			out = append(out, id)
		}
	}
	return out, nil
}

func (d *registry) Search(_ context.Context, _ access.TenantID, query string, max int) ([]access.Profile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []access.Profile
	for _, id := range slices.Sorted(maps.Keys(d.known)) {
		p := d.known[id]
		if p.Standing.Human() && len(out) < max && strings.Contains(strings.ToLower(p.Name+" "+string(id)), strings.ToLower(query)) {
			out = append(out, p)
		}
	}
	return out, nil
}

func (d *registry) ByEmail(_ context.Context, _ access.TenantID, email string) ([]access.PersonID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []access.PersonID
	for _, id := range slices.Sorted(maps.Keys(d.known)) {
		if strings.EqualFold(d.known[id].Email, email) {
			out = append(out, id)
		}
	}
	return out, nil
}

// gates lets everybody in.
type gates struct{}

func (gates) Grant(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}
func (gates) Revoke(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}
func (gates) Verify(_ context.Context, j runtime.Job) (access.Had, error) { return access.Unknown, nil }

// openPlaza makes one; call it within a bubble.
func openPlaza(t *testing.T) *plaza {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "usher.db"), bolt.Options{Mode: storage.Demo})
	if err != nil {
		t.Fatal(err)
	}
	p := &plaza{t: t, store: store, registry: &registry{known: cast()}, started: time.Now(), chat: chattest.NewChat("play", chattest.Modal(), []access.Channel{"play/approvals"})}
	p.open()
	t.Cleanup(p.close)
	p.define()
	p.settle()
	return p
}

// Now is the engine's time: the first of September of 2026, and what went by.
func (p *plaza) Now() time.Time {
	return time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC).Add(time.Since(p.started) + time.Duration(p.skipped.Load()))
}

// pass moves the clock on.
func (p *plaza) pass(d time.Duration) {
	p.skipped.Add(int64(d))
	p.r.Wake()
	p.settle()
}

// open starts a process on the store.
func (p *plaza) open() {
	p.t.Helper()
	d, err := New(Parts{Scratch: p.store, Clock: p, Chats: []chat.Adapter{p.chat}, Log: zerolog.Nop()})
	if err != nil {
		p.t.Fatal(err)
	}
	p.r = runtime.New(runtime.Options{
		Store: p.store, Directory: p.registry, Clock: p, Messenger: d, Log: zerolog.Nop(), Connectors: map[string]runtime.Connector{"rooms": gates{}},
	})
	d.Use(p.r)
	p.desk = d
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.r.Run(ctx) }()
	p.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			p.t.Error(err)
		}
	}
}

func (p *plaza) close() {
	p.stop()
	if err := p.store.Close(); err != nil {
		p.t.Error(err)
	}
}

// define applies the sample packages, and lets Rita audit.
func (p *plaza) define(more ...access.Package) {
	p.t.Helper()
	w := sampleWorld()
	d := runtime.Definitions{Settings: &w.Settings, Packages: append(samplePackages(), more...)}
	d.Settings.Auditors = []access.Subject{access.SomePerson(rita)}
	for _, id := range slices.Sorted(maps.Keys(w.Catalogs)) {
		d.Catalogs = append(d.Catalogs, w.Catalogs[id])
	}
	for _, id := range slices.Sorted(maps.Keys(w.Resources)) {
		res := w.Resources[id]
		res.Target, res.Connector, res.Hands = string(id), "rooms", nil
		res.Roles = slices.Clone(res.Roles)
		if res.Roles[0].Can.Text == "" {
			res.Roles[0].Can = words2("hold it", "haben")
		}
		d.Resources = append(d.Resources, res)
	}
	for i := range d.Packages {
		d.Packages[i].Catalog = access.General
		if first := &d.Packages[i].Policies[0]; first.Name == "" {
			first.Name = "Usual"
		}
	}
	if _, err := p.r.Apply(p.t.Context(), tenant, olga, engine.CommandID("define"+p.id()), d); err != nil {
		p.t.Fatal(err)
	}
}

// settle waits until nothing more comes of what happened.
func (p *plaza) settle() {
	synctest.Wait()
	<-time.After(time.Second) // of the bubble: a conflict is tried again in milliseconds
	synctest.Wait()
}

func (p *plaza) does(in chat.Intent) chat.Reply {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 30*time.Second) // as the chats give it
	defer cancel()
	reply := p.desk.Handle(ctx, in)
	if tell, ok := reply.(chat.Tell); ok {
		if err := chat.Check(tell.Card); err != nil {
			p.t.Errorf("reply: %v", err)
		}
	}
	p.settle()
	return reply
}

func (p *plaza) who(who access.PersonID) chat.Who {
	return chat.Who{Tenant: tenant, Account: access.Account(who)}
}

func (p *plaza) id() string {
	p.n++
	return fmt.Sprint("i", p.n)
}

func (p *plaza) types(who access.PersonID, text string) chat.Reply {
	p.t.Helper()
	name, rest, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	return p.does(chat.Invoked{Who: p.who(who), ID: p.id(), Command: name, Text: rest})
}

// told is the card of a private answer.
func (p *plaza) told(r chat.Reply) chat.Card {
	p.t.Helper()
	tell, ok := r.(chat.Tell)
	if !ok {
		p.t.Fatalf("no card but %+v", r)
	}
	return tell.Card
}

// taps presses a button of a card.
func (p *plaza) taps(who access.PersonID, c chat.Card, label string) chat.Reply {
	p.t.Helper()
	return p.does(chat.Pressed{Who: p.who(who), ID: p.id(), Token: p.house().button(c, label)})
}

// fills sends a form.
func (p *plaza) fills(who access.PersonID, r chat.Reply, values form.Values) chat.Reply {
	p.t.Helper()
	show, ok := r.(chat.Show)
	if !ok {
		p.t.Fatalf("no form but %+v", r)
	}
	all := form.Values{}
	for _, f := range show.Page.Fields {
		if len(f.Value) > 0 {
			all[f.ID] = f.Value
		}
	}
	maps.Copy(all, values)
	return p.does(chat.Filled{Who: p.who(who), ID: p.id(), Form: show.Page.Form, Page: show.Page.Number, Values: all})
}

// asks files a request that nobody minds.
func (p *plaza) asks(who access.PersonID, pkg string, values form.Values) {
	p.t.Helper()
	got := p.fills(who, p.types(who, "/access request "+pkg), values)
	if tell, ok := got.(chat.Tell); !ok || tell.Card.Tone != chat.ToneGood {
		p.t.Fatalf("%s asks for %s: %+v", who, pkg, got)
	}
}

// house is one for what it can look for on cards.
func (p *plaza) house() *house {
	return &house{t: p.t, chat: p.chat, there: chattest.NewChat("games", chattest.Modal(), nil)}
}

// golden compares a private answer with its golden file.
func (p *plaza) golden(name string, r chat.Reply) {
	p.t.Helper()
	c := p.told(r)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(c); err != nil {
		p.t.Fatal(err)
	}
	p.house().wordsOnly(c)
	// When exactly within the first minutes something was done hangs on how
	// results are gathered.
	data := seconds.ReplaceAll(b.Bytes(), []byte("$1:00Z"))
	goldie.New(p.t, goldie.WithNameSuffix(".json")).Assert(p.t, name, data)
}

var seconds = regexp.MustCompile(`(T\d\d:\d\d):\d\d(\.\d+)?Z`)

// both are a private answer in English (Olga's) and in German (Rita's, who
// audits).
func (p *plaza) both(name, command string) {
	p.t.Helper()
	p.golden(name+".en", p.types(olga, command))
	p.golden(name+".de", p.types(rita, command))
}
