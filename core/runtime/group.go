package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// groupRecord is a change of a group that open requests have yet to follow.
type groupRecord struct {
	// Pass is another for each change: a ledger is refreshed once in a pass.
	Pass  string    `json:"pass"`
	At    time.Time `json:"at"`    // when the pass begins
	After string    `json:"after"` // the last member of the index that it did
}

// groupPause is how long a change waits for others of the same group: a team
// that joins a channel is one question to the directory, not two hundred.
const groupPause = time.Second

func groupKey(t access.TenantID, g access.GroupID) Key { return Key{t, KindGroup, string(g)} }

// GroupChanged is to be called as soon as a chat tells that somebody joined or
// left a group: a second later the directory is asked anew about every open
// request whose approvers are found through it, also as owners or fallbacks.
// What is to be done is stored before it returns, and costs one read where no
// request asks for the group. It may be called again at any time, and should
// be after an error.
func (r *Runtime) GroupChanged(ctx context.Context, t access.TenantID, g access.GroupID) error {
	asked, err := r.Store.List(ctx, Query{Tenant: t, Index: engine.IndexAsks + string(g), Max: 1})
	if err != nil {
		return fmt.Errorf("list who asks for %s: %w", g, err)
	}
	if len(asked) == 0 {
		return nil
	}
	r.profiles.forgetAll(t)
	for n := 0; n < attempts; n++ {
		if err = r.planPass(ctx, groupKey(t, g)); !errors.Is(err, ErrConflict) {
			return err
		}
		if err := r.pause(ctx, n); err != nil {
			return err
		}
	}
	return fmt.Errorf("plan to follow %s: %w", g, err)
}

// planPass writes that the ledgers of a group have to be gone through. A pass
// that has not begun will see this change as well; one under way starts anew.
func (r *Runtime) planPass(ctx context.Context, key Key) error {
	rec, at, err := r.groupPass(ctx, key)
	if err != nil {
		return err
	}
	now := r.now()
	if rec.Revision > 0 && now.Before(at.At) {
		return nil
	}
	at = groupRecord{Pass: r.NewID(), At: now.Add(groupPause)}
	return r.savePass(ctx, rec, &at, now)
}

func (r *Runtime) groupPass(ctx context.Context, key Key) (Record, groupRecord, error) {
	recs, err := r.Store.Load(ctx, key)
	if err != nil {
		return Record{}, groupRecord{}, fmt.Errorf("load: %w", err)
	}
	if recs[0].Revision == 0 {
		return recs[0], groupRecord{}, nil
	}
	at, err := decoded[groupRecord](recs[0])
	return recs[0], at, err
}

// savePass stores how far a pass is, and wakes it for the rest; nil ends it.
func (r *Runtime) savePass(ctx context.Context, rec Record, at *groupRecord, now time.Time) error {
	c := Change{
		Tenant: rec.Key.Tenant, Command: engine.CommandID("group/" + r.NewID()), At: now,
		Writes: []Write{{Key: rec.Key, Revision: rec.Revision}}, Wakes: []Wake{{Key: rec.Key}},
	}
	if at != nil {
		data, err := json.Marshal(at)
		if err != nil {
			return fmt.Errorf("encode %s: %w", rec.Key, err)
		}
		c.Writes[0].Data, c.Wakes[0].At = data, at.At
	}
	return r.saveOwn(ctx, c)
}

// followGroup refreshes the next batch of ledgers that ask for a group. One
// that is done twice changes nothing the second time.
func (r *Runtime) followGroup(ctx context.Context, key Key) error {
	rec, at, err := r.groupPass(ctx, key)
	now := r.now()
	if err != nil || rec.Revision == 0 || now.Before(at.At) {
		return err
	}
	members, err := r.Store.List(ctx, Query{Tenant: key.Tenant, Index: engine.IndexAsks + key.ID, After: at.After, Max: batchSize})
	if err != nil {
		return fmt.Errorf("list who asks for %s: %w", key.ID, err)
	}
	if err := r.refreshBatch(ctx, key.Tenant, members, engine.CommandID("group/"+at.Pass)); err != nil {
		return err
	}
	r.Log.Info().Str("tenant", string(key.Tenant)).Str("group", key.ID).Int("requests", len(members)).Msg("open requests follow a changed group")
	if len(members) < batchSize {
		return r.savePass(ctx, rec, nil, now)
	}
	at.After = members[batchSize-1]
	if err := r.savePass(ctx, rec, &at, now); err != nil {
		return err
	}
	r.nudges.add(key)
	return nil
}
