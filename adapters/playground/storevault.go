package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

const (
	recentNotes = 64  // changes that a watcher may be behind before it has to look at everything
	maxAttempts = 200 // of one change, all of them lost to other processes
	maxPeople   = 100
)

// errUnchanged ends a change without writing anything.
var errUnchanged = errors.New("unchanged")

// storeVault keeps everything in records of runtime.KindChat:
//
//	<chat>/pulse           Pulse; its revision is the number of the last change
//	<chat>/person/<id>     Person
//	<chat>/message/<ref>   Message
//
// and the indexes "<chat>/people" (members "<seq>/<id>") and "<chat>/<place>"
// (members "<inverted seq>/<ref>", so that the latest come first).
type storeVault struct {
	store  runtime.Store
	tenant access.TenantID
	chat   string
	// one keeps the changes of this process from disturbing each other; those
	// of other processes are found by their revisions.
	one sync.Mutex
}

// NewVault keeps a playground in a store. Several playgrounds share a store
// under different chat names.
func NewVault(s runtime.Store, t access.TenantID, chat string) Vault {
	return &storeVault{store: s, tenant: t, chat: chat}
}

func (v *storeVault) key(parts ...string) runtime.Key {
	return runtime.Key{Tenant: v.tenant, Kind: runtime.KindChat, ID: v.chat + "/" + strings.Join(parts, "/")}
}

func (v *storeVault) Pulse(ctx context.Context) (Pulse, error) {
	recs, err := v.store.Load(ctx, v.key("pulse"))
	if err != nil {
		return Pulse{}, err
	}
	return readPulse(recs[0])
}

func readPulse(r runtime.Record) (Pulse, error) {
	p := Pulse{}
	if r.Revision > 0 {
		if err := json.Unmarshal(r.Data, &p); err != nil {
			return p, fmt.Errorf("read %s: %w", r.Key, err)
		}
	}
	p.Seq = r.Revision
	return p, nil
}

// decode reads a record that may be unknown.
func decode[T any](r runtime.Record) (*T, error) {
	if r.Revision == 0 {
		return nil, nil
	}
	out := new(T)
	if err := json.Unmarshal(r.Data, out); err != nil {
		return nil, fmt.Errorf("read %s: %w", r.Key, err)
	}
	return out, nil
}

func loadOne[T any](ctx context.Context, v *storeVault, k runtime.Key) (T, bool, error) {
	var none T
	recs, err := v.store.Load(ctx, k)
	if err != nil {
		return none, false, err
	}
	out, err := decode[T](recs[0])
	if err != nil || out == nil {
		return none, false, err
	}
	return *out, true, nil
}

func (v *storeVault) Person(ctx context.Context, id string) (Person, bool, error) {
	return loadOne[Person](ctx, v, v.key("person", id))
}

func (v *storeVault) Message(ctx context.Context, ref string) (Message, bool, error) {
	return loadOne[Message](ctx, v, v.key("message", ref))
}

func (v *storeVault) People(ctx context.Context) ([]Person, error) {
	return listed[Person](ctx, v, "people", "person", maxPeople)
}

func (v *storeVault) Messages(ctx context.Context, place string, max int) ([]Message, error) {
	out, err := listed[Message](ctx, v, place, "message", max)
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out, err
}

// listed loads the records of one kind whose ids are in an index.
func listed[T any](ctx context.Context, v *storeVault, index, kind string, max int) ([]T, error) {
	members, err := v.store.List(ctx, runtime.Query{Tenant: v.tenant, Index: v.chat + "/" + index, Max: max})
	if err != nil || len(members) == 0 {
		return nil, err
	}
	keys := make([]runtime.Key, len(members))
	for i, m := range members {
		_, id, _ := strings.Cut(m, "/")
		keys[i] = v.key(kind, id)
	}
	recs, err := v.store.Load(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var out []T
	for _, r := range recs {
		one, err := decode[T](r)
		if err != nil {
			return nil, err
		}
		if one != nil {
			out = append(out, *one)
		}
	}
	return out, nil
}

func (v *storeVault) Change(ctx context.Context, person, ref string, edit func(*Draft) error) (Pulse, error) {
	v.one.Lock()
	defer v.one.Unlock()
	for range maxAttempts {
		p, err := v.attempt(ctx, person, ref, edit)
		if !errors.Is(err, runtime.ErrConflict) {
			return p, err
		}
	}
	return Pulse{}, fmt.Errorf("%d attempts: %w", maxAttempts, runtime.ErrConflict)
}

func (v *storeVault) attempt(ctx context.Context, person, ref string, edit func(*Draft) error) (Pulse, error) {
	if err := ctx.Err(); err != nil {
		return Pulse{}, err
	}
	keys := []runtime.Key{v.key("pulse"), v.key("person", person), v.key("message", ref)}
	recs, err := v.store.Load(ctx, keys...)
	if err != nil {
		return Pulse{}, err
	}
	pulse, err := readPulse(recs[0])
	if err != nil {
		return Pulse{}, err
	}
	d := Draft{Seq: pulse.Seq + 1, Offset: pulse.Offset}
	if d.Person, err = decode[Person](recs[1]); err != nil {
		return Pulse{}, err
	}
	if d.Message, err = decode[Message](recs[2]); err != nil {
		return Pulse{}, err
	}
	if err := edit(&d); errors.Is(err, errUnchanged) {
		return pulse, nil
	} else if err != nil {
		return Pulse{}, err
	}
	next := Pulse{Seq: d.Seq, Offset: d.Offset, Recent: append(pulse.Recent, Note{d.Seq, d.About})}
	if extra := len(next.Recent) - recentNotes; extra > 0 {
		next.Recent = next.Recent[extra:]
	}
	c, err := v.change(d, next, recs)
	if err != nil {
		return Pulse{}, err
	}
	if err := v.store.Commit(ctx, c); err != nil {
		return Pulse{}, err
	}
	return next, nil
}

// change writes the pulse always, and the person and the message if the change
// is about one.
func (v *storeVault) change(d Draft, next Pulse, recs []runtime.Record) (runtime.Change, error) {
	c := runtime.Change{Tenant: v.tenant}
	put := func(r runtime.Record, value any) error {
		data, err := json.Marshal(value)
		if err == nil {
			c.Writes = append(c.Writes, runtime.Write{Key: r.Key, Revision: r.Revision, Data: data})
		}
		return err
	}
	if err := put(recs[0], next); err != nil {
		return c, err
	}
	if d.Person != nil {
		if err := put(recs[1], d.Person); err != nil {
			return c, err
		}
		if recs[1].Revision == 0 {
			c.Index = append(c.Index, v.entry("people", d.Seq, d.Person.ID))
		}
	}
	if d.Message != nil {
		if err := put(recs[2], d.Message); err != nil {
			return c, err
		}
		if recs[2].Revision == 0 {
			c.Index = append(c.Index, v.entry(d.Message.Place, math.MaxInt64-d.Seq, d.Message.Ref))
		}
	}
	return c, nil
}

func (v *storeVault) entry(index string, order int64, id string) runtime.IndexEntry {
	return runtime.IndexEntry{Index: v.chat + "/" + index, Member: fmt.Sprintf("%019d/%s", order, id)}
}
