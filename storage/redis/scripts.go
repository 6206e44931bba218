package redis

import (
	"context"
	_ "embed"

	goredis "github.com/redis/go-redis/v9"
)

var (
	//go:embed lua/commit.lua
	commitLua string
	//go:embed lua/claim.lua
	claimLua string
	//go:embed lua/trail.lua
	trailLua string
	//go:embed lua/schema.lua
	schemaLua string
	//go:embed lua/lease.lua
	leaseLua string
	//go:embed lua/release.lua
	releaseLua string
)

// scripts are sent by their hash. Run sends the source again when a server
// does not know it (restarted, failed over, SCRIPT FLUSH); a pipeline cannot,
// so those that go through one are loaded at start.
type scripts struct {
	commit, claim, trail, schema, lease, release *goredis.Script
}

func newScripts() scripts {
	return scripts{
		commit: goredis.NewScript(commitLua), claim: goredis.NewScript(claimLua), trail: goredis.NewScript(trailLua),
		schema: goredis.NewScript(schemaLua), lease: goredis.NewScript(leaseLua), release: goredis.NewScript(releaseLua),
	}
}

// load puts all scripts on every master.
func (s scripts) load(ctx context.Context, c goredis.UniversalClient) error {
	for _, script := range []*goredis.Script{s.commit, s.claim, s.trail, s.schema, s.lease, s.release} {
		if err := script.Load(ctx, c).Err(); err != nil {
			return err
		}
	}
	return nil
}
