package discordchannel

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Store is what the connector needs of runtime.Store, for its notes: what an
// overwrite was before Usher changed it.
type Store interface {
	Load(ctx context.Context, keys ...runtime.Key) ([]runtime.Record, error)
	Commit(ctx context.Context, c runtime.Change) error
}

// note is kept for a person in a channel as long as Usher gives them something
// there. It is written before the overwrite is first changed.
type note struct {
	Roles []string `json:"roles"` // that Usher gives now
	Allow int64    `json:"allow"` // what the overwrite allowed before the first of them
	Deny  int64    `json:"deny"`  // and what it denied

	revision int64
}

func (n note) gives(role string) bool { return slices.Contains(n.Roles, role) }

func (n note) with(role string) note {
	n.Roles = append(slices.Clone(n.Roles), role)
	return n
}

func (n note) without(role string) note {
	n.Roles = slices.DeleteFunc(slices.Clone(n.Roles), func(r string) bool { return r == role })
	return n
}

func keyOf(j runtime.Job) runtime.Key {
	return runtime.Key{Tenant: j.Tenant, Kind: runtime.KindChat, ID: "overwrite/" + string(j.Person.Account) + "/" + j.Resource.Target}
}

func (c *Connector) load(ctx context.Context, j runtime.Job) (n note, err error) {
	found, err := c.store.Load(ctx, keyOf(j))
	if err == nil && found[0].Revision != 0 {
		err = json.Unmarshal(found[0].Data, &n)
		n.revision = found[0].Revision
	}
	return n, storeFault(err)
}

// keep writes a note over the one of the same revision; one without roles
// deletes it. Fault: "busy" (retry) when somebody else was faster.
func (c *Connector) keep(ctx context.Context, j runtime.Job, n note) error {
	w := runtime.Write{Key: keyOf(j), Revision: n.revision}
	if len(n.Roles) > 0 {
		data, err := json.Marshal(n)
		if err != nil {
			return storeFault(err)
		}
		w.Data = data
	}
	err := c.store.Commit(ctx, runtime.Change{Tenant: j.Tenant, At: c.clock.Now(), Writes: []runtime.Write{w}})
	if errors.Is(err, runtime.ErrConflict) {
		return c.overtaken()
	}
	return storeFault(err)
}

// overtaken: another role of the same person in the same channel is changed at
// this moment. The repeat sees what came of it.
func (c *Connector) overtaken() error {
	return &access.Fault{
		Failure: access.FailRetry, Code: "busy", RetryAt: c.clock.Now().Add(time.Second), Err: errors.New("the overwrite is changed by another job"),
	}
}

func storeFault(err error) error {
	if err == nil {
		return nil
	}
	return &access.Fault{Failure: access.FailRetry, Code: "storeFailed", Err: err}
}
