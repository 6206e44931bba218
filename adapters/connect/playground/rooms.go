// Package rooms is the connector of the playground: resources that one can
// look at, and make misbehave the way real ones do. Rooms are durable records
// of the store, so several processes see the same ones.
package rooms

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Mode is how a room behaves towards the connector.
type Mode string

const (
	Normal  Mode = "normal"
	Failing Mode = "failing" // does not answer: fault "roomFailing", retry
	Broken  Mode = "broken"  // refuses changes: fault "roomBroken", human; can be looked at
	Slow    Mode = "slow"    // answers after Options.Delay, or not within the context: "timeout", retry
	Lying   Mode = "lying"   // says done and does nothing
	Losing  Mode = "losing"  // does it, but the reply is lost: fault "replyLost", retry
	Pending Mode = "pending" // accepts, and does it after Options.PendingFor
)

// Modes lists all modes in the order in which a page offers them.
func Modes() []Mode { return []Mode{Normal, Failing, Broken, Slow, Lying, Losing, Pending} }

// Member is one role that somebody has in a room.
type Member struct {
	Account access.Account `json:"account"`
	Name    string         `json:"name"`
	Role    string         `json:"role"`
	Since   time.Time      `json:"since"`
	// ByHand: put there past Usher.
	ByHand bool `json:"byHand,omitempty"`
}

// Room is what can be seen of a room. ID is the resource's Target.
type Room struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Mode    Mode     `json:"mode"`
	Members []Member `json:"members"`
}

// record is how a room is stored.
type record struct {
	Room
	// Roles are those of the resource that the room was made for.
	Roles []access.ResourceRole `json:"roles,omitempty"`
	// Waiting are changes that a pending room accepted. They count from At on,
	// whether or not anybody has written so by then.
	Waiting []waiting `json:"waiting,omitempty"`
	// fresh: nobody has used the room yet; it is not stored.
	fresh bool
}

type waiting struct {
	Member Member    `json:"member"`
	Op     access.Op `json:"op"`
	At     time.Time `json:"at"`
}

// Options are the parts that tests replace. Zero values have defaults.
type Options struct {
	// Delay is how long a slow room takes; it returns the context's error
	// when that ends first. Default: 5 seconds.
	Delay func(context.Context) error
	// PendingFor is how long a pending room takes. Default: 2 minutes.
	PendingFor time.Duration
}

// Rooms implements runtime.Connector, runtime.Finder and runtime.Keeper for one tenant. It is safe for
// concurrent use.
type Rooms struct {
	store  runtime.Store
	tenant access.TenantID
	clock  runtime.Clock
	opt    Options
}

// New makes the connector of a tenant's rooms.
func New(store runtime.Store, tenant access.TenantID, clock runtime.Clock, opt Options) *Rooms {
	if opt.Delay == nil {
		opt.Delay = func(ctx context.Context) error { return wait(ctx, 5*time.Second) }
	}
	if opt.PendingFor == 0 {
		opt.PendingFor = 2 * time.Minute
	}
	return &Rooms{store: store, tenant: tenant, clock: clock, opt: opt}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// index lists the rooms of a tenant.
const index = "rooms"

// attempts is how often a change is tried anew when others write the same room.
const attempts = 50

var errBusy = errors.New("too many others change the same room")

func (r *Rooms) key(id string) runtime.Key {
	return runtime.Key{Tenant: r.tenant, Kind: runtime.KindChat, ID: "room/" + id}
}

// load reads a room with everything counted that is due by now; a room that
// does not exist yet is an empty normal one with revision 0.
func (r *Rooms) load(ctx context.Context, id string) (record, int64, error) {
	found, err := r.store.Load(ctx, r.key(id))
	if err != nil {
		return record{}, 0, err
	}
	room, err := decode(id, found[0])
	if err != nil {
		return record{}, 0, err
	}
	room.settle(r.clock.Now())
	return room, found[0].Revision, nil
}

func decode(id string, rec runtime.Record) (record, error) {
	room := record{Room: Room{ID: id, Name: id, Mode: Normal, Members: []Member{}}}
	if rec.Revision == 0 {
		room.fresh = true
		return room, nil
	}
	err := json.Unmarshal(rec.Data, &room)
	return room, err
}

// change loads, changes and writes a room, again when somebody else was
// faster. Nothing is written when f reports false.
func (r *Rooms) change(ctx context.Context, id string, f func(*record, time.Time) bool) error {
	for range attempts {
		room, revision, err := r.load(ctx, id)
		if err != nil {
			return err
		}
		if !f(&room, r.clock.Now()) {
			return nil
		}
		data, err := json.Marshal(room)
		if err != nil {
			return err
		}
		c := runtime.Change{Tenant: r.tenant, At: r.clock.Now(), Writes: []runtime.Write{{Key: r.key(id), Revision: revision, Data: data}}}
		if revision == 0 {
			c.Index = []runtime.IndexEntry{{Index: index, Member: id}}
		}
		if err = r.store.Commit(ctx, c); !errors.Is(err, runtime.ErrConflict) {
			return err
		}
	}
	return errBusy
}

// settle carries out what a pending room accepted and is due by now.
func (r *record) settle(now time.Time) {
	var later []waiting
	for _, w := range r.Waiting {
		if now.Before(w.At) {
			later = append(later, w)
			continue
		}
		w.Member.Since = w.At
		r.apply(w.Op, w.Member)
	}
	r.Waiting = later
}

// apply adds or removes a member and reports whether that changed anything.
func (r *record) apply(op access.Op, m Member) bool {
	i := r.find(m.Account, m.Role)
	switch {
	case op == access.OpGrant && i < 0:
		r.Members = append(r.Members, m)
	case op == access.OpRevoke && i >= 0:
		r.Members = slices.Delete(r.Members, i, i+1)
	default:
		return false
	}
	return true
}

func (r *record) find(a access.Account, role string) int {
	return slices.IndexFunc(r.Members, func(m Member) bool { return m.Account == a && m.Role == role })
}
