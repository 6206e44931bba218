package redis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
)

// Options of Open.
type Options struct {
	// URL says where Redis is:
	//
	//	redis://user:password@host:6379/0            one server (rediss: with TLS, unix: a socket)
	//	redis+cluster://host:6379?addr=host2:6379    a Cluster (rediss+cluster)
	//	redis+sentinel://host:26379?master_name=m    Sentinel (rediss+sentinel); see goredis.ParseFailoverURL
	//
	// Its query may set go-redis's options (pool_size, read_timeout, ...).
	URL string
	// Mode marks a new store, and must be the mark of an existing one.
	Mode storage.Mode
	// Prefix begins every key, so that several stores can share a server;
	// "usher" when empty. Letters, digits, dash and underscore.
	Prefix string
	// AllowUnsafe opens a server that may forget what it acknowledged.
	AllowUnsafe bool
}

const (
	defaultPrefix = "usher"
	// openTimeout bounds all that Open does.
	openTimeout = 10 * time.Second
)

var errEntry = errors.New("redis: an audit entry is not stored as one")

// Store is a runtime.Store, Importer, Scratch and Leases in Redis 7 or newer.
type Store struct {
	client  goredis.UniversalClient
	scripts scripts
	keys    keyring
	where   string   // for people: host and port
	secrets []string // never shown
}

var (
	_ runtime.Store    = (*Store)(nil)
	_ runtime.Importer = (*Store)(nil)
	_ runtime.Lister   = (*Store)(nil)
	_ runtime.Scratch  = (*Store)(nil)
	_ runtime.Leases   = (*Store)(nil)
)

// Open connects to Redis and makes the store when there is none. Why it does
// not is a *storage.OpenError, without a secret; nothing was written then.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := connect(o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if err := s.start(ctx, o); err != nil {
		_ = s.client.Close()
		return nil, err
	}
	return s, nil
}

// connect makes the store without asking the server anything.
func connect(o Options) (*Store, error) {
	if o.Mode != storage.Demo && o.Mode != storage.Serve {
		return nil, storage.Refuse(storage.ErrSettings, fmt.Sprintf("A store is opened for demo or serve, not for %q.", o.Mode))
	}
	if o.Prefix == "" {
		o.Prefix = defaultPrefix
	}
	if strings.Trim(o.Prefix, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
		return nil, storage.Refuse(storage.ErrSettings, fmt.Sprintf("The prefix of the keys in Redis has letters, digits, dash and underscore only, unlike %q.", o.Prefix))
	}
	p, err := parse(o.URL)
	if err != nil {
		return nil, err
	}
	return &Store{
		client: p.client(), scripts: newScripts(), keys: keyring{o.Prefix, partitions},
		where: strings.Join(p.addrs, ", "), secrets: p.secrets,
	}, nil
}

func (s *Store) start(ctx context.Context, o Options) error {
	if err := s.fit(ctx, o); err != nil {
		return err
	}
	if err := s.mark(ctx, o.Mode); err != nil {
		return err
	}
	if err := s.scripts.load(ctx, s.client); err != nil {
		return s.unreachable(err)
	}
	return nil
}

// mark makes the schema record, or reads it and refuses what is not ours,
// newer, or made for the other mode.
func (s *Store) mark(ctx context.Context, mode storage.Mode) error {
	got, err := s.scripts.schema.Run(ctx, s.client, []string{s.keys.schema()}, storage.Version, partitions, string(mode)).Slice()
	if err != nil && strings.Contains(err.Error(), "WRONGTYPE") {
		return s.foreign()
	}
	if err != nil {
		return s.unreachable(err)
	}
	version, errV := strconv.Atoi(fmt.Sprint(got[0])) // nil when there is no such field
	parts, errP := strconv.Atoi(fmt.Sprint(got[1]))
	if errV != nil || errP != nil || parts < 1 {
		return s.foreign()
	}
	if version > storage.Version {
		return storage.Refuse(storage.ErrNewer, fmt.Sprintf("The store in Redis at %s was written by a newer version of Usher (layout %d, this one knows %d): use that version; nothing was changed.", s.where, version, storage.Version))
	}
	s.keys.partitions = parts
	return storage.CheckMode("Redis at "+s.where+" (keys "+s.keys.prefix+":*)", storage.Mode(fmt.Sprint(got[2])), mode)
}

func (s *Store) foreign() error {
	return storage.Refuse(storage.ErrForeign, fmt.Sprintf("The key %s in Redis at %s is not Usher's or is damaged: choose another key prefix; nothing was changed.", s.keys.schema(), s.where))
}

// Close implements runtime.Store.
func (s *Store) Close() error {
	if err := s.client.Close(); err != nil && !errors.Is(err, goredis.ErrClosed) {
		return s.fail("close", err)
	}
	return nil
}

// callError is an error of go-redis with what was being done and without
// secrets.
type callError struct {
	text  string
	cause error
}

func (e *callError) Error() string { return e.text }
func (e *callError) Unwrap() error { return e.cause }

// fail says what failed. A repeat may work.
func (s *Store) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	return &callError{"redis " + doing + ": " + s.clean(err.Error()), err}
}

// clean takes out whatever the URL has for secrets.
func (s *Store) clean(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return text
}
