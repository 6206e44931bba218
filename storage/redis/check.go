package redis

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/usher-dev/usher/storage"
)

// Check looks at the server, or at every master of a Cluster: it must be Redis
// 7 or newer, keep on disk what it acknowledged, and never drop keys to make
// room. The answer is a *storage.OpenError in one sentence. Open and Look call
// it.
func (s *Store) Check(ctx context.Context) error {
	return s.masters(ctx, func(ctx context.Context, c *goredis.Client) error {
		facts, err := s.facts(ctx, c)
		if err != nil {
			return err
		}
		where := s.nameOf(c)
		if err := s.kindRefusal(where, facts); err != nil {
			return err
		}
		return safetyRefusal(where, facts)
	})
}

// Look finds out whether Open would take the server, and writes nothing. It
// ignores Options.Mode; errors are those of Open.
func Look(ctx context.Context, o Options) error {
	o.Mode = storage.Serve
	s, err := connect(o)
	if err != nil {
		return err
	}
	defer func() { _ = s.client.Close() }()
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	return s.fit(ctx, o)
}

// fit reaches the server and looks at as much of it as the options want.
func (s *Store) fit(ctx context.Context, o Options) error {
	if err := s.reach(ctx); err != nil {
		return err
	}
	if o.AllowUnsafe {
		return s.checkKind(ctx)
	}
	return s.Check(ctx)
}

// checkKind is the part of Check that is not negotiable.
func (s *Store) checkKind(ctx context.Context) error {
	return s.masters(ctx, func(ctx context.Context, c *goredis.Client) error {
		facts, err := s.facts(ctx, c)
		if err != nil {
			return err
		}
		return s.kindRefusal(s.nameOf(c), facts)
	})
}

// masters asks every server that takes writes.
func (s *Store) masters(ctx context.Context, ask func(context.Context, *goredis.Client) error) error {
	var err error
	switch c := s.client.(type) {
	case *goredis.ClusterClient:
		err = c.ForEachMaster(ctx, ask)
	case *goredis.Client:
		err = ask(ctx, c)
	}
	var refusal *storage.OpenError
	if err == nil || errors.As(err, &refusal) {
		return err
	}
	return s.unreachable(err)
}

func (s *Store) nameOf(c *goredis.Client) string {
	if _, cluster := s.client.(*goredis.ClusterClient); cluster {
		return c.Options().Addr
	}
	return s.where
}

// facts are what a server says about itself: INFO, and of CONFIG what INFO
// does not have. Hosted servers often refuse CONFIG; "save" is missing then.
type facts map[string]string

// A server that has just started reads its files first, and says meanwhile
// that it keeps none (aof_enabled is 0 while it replays); that is waited for.
func (s *Store) facts(ctx context.Context, c *goredis.Client) (facts, error) {
	tick := time.NewTicker(loadingPause)
	defer tick.Stop()
	f, err := info(ctx, c)
	for err == nil && f["loading"] == "1" {
		select {
		case <-tick.C:
			f, err = info(ctx, c)
		case <-ctx.Done():
			err = errLoading
		}
	}
	if err != nil {
		return nil, err
	}
	if config, err := c.ConfigGet(ctx, "save").Result(); err == nil {
		f["save"] = config["save"]
	}
	return f, nil
}

const loadingPause = 50 * time.Millisecond

var errLoading = errors.New("it is still reading its files; try again later")

func info(ctx context.Context, c *goredis.Client) (facts, error) {
	text, err := c.Info(ctx).Result()
	if err != nil {
		return nil, err
	}
	f := facts{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			f[name] = value
		}
	}
	return f, nil
}

// kindRefusal: a version without #!lua, or a node of a Cluster that is taken
// for a single server, would fail later.
func (s *Store) kindRefusal(where string, f facts) error {
	major, _, _ := strings.Cut(f["redis_version"], ".")
	if n, err := strconv.Atoi(major); err != nil || n < 7 {
		return storage.Refuse(storage.ErrSettings, fmt.Sprintf("Redis at %s is version %s, and Usher needs 7 or newer.", where, f["redis_version"]))
	}
	if _, cluster := s.client.(*goredis.ClusterClient); !cluster && f["cluster_enabled"] == "1" {
		return storage.Refuse(storage.ErrSettings, fmt.Sprintf("Redis at %s is a node of a Cluster: begin its address with redis+cluster://.", where))
	}
	return nil
}

func safetyRefusal(where string, f facts) error {
	save, known := f["save"]
	if f["aof_enabled"] != "1" && save == "" {
		what := "keeps nothing on disk (appendonly no, no save points)"
		if !known {
			what = "does not say whether it keeps anything on disk (no appendonly, and CONFIG is refused)"
		}
		return storage.Refuse(storage.ErrUnsafe, fmt.Sprintf("Redis at %s %s, so a restart would forget who holds what: set appendonly yes, or allow it expressly.", where, what))
	}
	if policy := f["maxmemory_policy"]; f["maxmemory"] != "0" && policy != "noeviction" {
		return storage.Refuse(storage.ErrUnsafe, fmt.Sprintf("Redis at %s may drop keys when its memory is full (maxmemory-policy %s): set it to noeviction, or allow it expressly.", where, policy))
	}
	return nil
}

// reach answers at once, and without go-redis writing to the standard error,
// when nobody listens.
func (s *Store) reach(ctx context.Context) error {
	if c, ok := s.client.(*goredis.Client); ok && c.Options().Network == "unix" {
		return s.dial(ctx, "unix", c.Options().Addr)
	}
	var err error
	for _, addr := range strings.Split(s.where, ", ") {
		if err = s.dial(ctx, "tcp", addr); err == nil {
			return nil
		}
	}
	return err
}

func (s *Store) dial(ctx context.Context, network, addr string) error {
	d := net.Dialer{Timeout: dialTimeout}
	conn, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return s.unreachable(err)
	}
	return conn.Close()
}

func (s *Store) unreachable(err error) error {
	why := s.clean(err.Error())
	var missing *net.DNSError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		why = "nobody listens there"
	case errors.Is(err, os.ErrNotExist):
		why = "there is no such socket"
	case errors.As(err, &missing):
		why = "its name is not known"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		why = "no answer in time"
	case goredis.HasErrorPrefix(err, "NOAUTH"), goredis.HasErrorPrefix(err, "WRONGPASS"):
		why = "it wants another user name or password"
	}
	return storage.Refuse(storage.ErrUnreachable, fmt.Sprintf("Redis at %s cannot be used: %s.", s.where, strings.TrimSuffix(why, ".")))
}
