package redis

import (
	"net/url"
	"slices"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/usher-dev/usher/storage"
)

// A person waits behind a call, for three seconds at most: short timeouts,
// few repeats.
const (
	dialTimeout = time.Second
	ioTimeout   = 2 * time.Second
	retries     = 2
)

// place is where Redis is, as the URL says.
type place struct {
	addrs   []string
	secrets []string
	client  func() goredis.UniversalClient
}

// parse reads a URL. What is wrong with it is not repeated: it may be a secret.
func parse(text string) (place, error) {
	refused := func(why string) (place, error) {
		return place{}, storage.Refuse(storage.ErrSettings, "The address of Redis "+why+": use redis://HOST:PORT, redis+cluster://HOST:PORT or redis+sentinel://HOST:PORT?master_name=NAME.")
	}
	u, err := url.Parse(text)
	if err != nil {
		return refused("cannot be read")
	}
	scheme, kind, _ := strings.Cut(u.Scheme, "+")
	u.Scheme = scheme
	var p place
	switch {
	case kind == "cluster":
		p, err = clusterPlace(u.String())
	case kind == "sentinel" && u.Query().Get("master_name") == "":
		return refused("names no master")
	case kind == "sentinel":
		p, err = sentinelPlace(u.String())
	case kind == "" && slices.Contains([]string{"redis", "rediss", "unix"}, scheme):
		p, err = singlePlace(u.String())
	default:
		return refused("has an unknown scheme")
	}
	if err != nil {
		return refused("has a part that is not understood")
	}
	p.secrets = secretsOf(u)
	return p, nil
}

func secretsOf(u *url.URL) []string {
	var secrets []string
	add := func(s string) {
		if s != "" {
			secrets = append(secrets, s)
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		add(password)
		if _, escaped, ok := strings.Cut(u.User.String(), ":"); ok {
			add(escaped)
		}
	}
	for _, name := range []string{"password", "sentinel_password"} {
		add(u.Query().Get(name))
	}
	return secrets
}

func singlePlace(text string) (place, error) {
	o, err := goredis.ParseURL(text)
	if err != nil {
		return place{}, err
	}
	o.ContextTimeoutEnabled = true
	o.DialerRetries = 1
	o.MaintNotificationsConfig = noMaintenance()
	defaults(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.MaxRetries)
	return place{addrs: []string{o.Addr}, client: func() goredis.UniversalClient { return goredis.NewClient(o) }}, nil
}

func clusterPlace(text string) (place, error) {
	o, err := goredis.ParseClusterURL(text)
	if err != nil {
		return place{}, err
	}
	o.ContextTimeoutEnabled = true
	o.DialerRetries = 1
	o.MaintNotificationsConfig = noMaintenance()
	// Only masters have what was just written.
	o.ReadOnly, o.RouteByLatency, o.RouteRandomly = false, false, false
	defaults(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.MaxRetries)
	return place{addrs: o.Addrs, client: func() goredis.UniversalClient { return goredis.NewClusterClient(o) }}, nil
}

func sentinelPlace(text string) (place, error) {
	o, err := goredis.ParseFailoverURL(text)
	if err != nil {
		return place{}, err
	}
	o.ContextTimeoutEnabled = true
	o.DialerRetries = 1
	o.ReplicaOnly, o.RouteByLatency, o.RouteRandomly = false, false, false
	defaults(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.MaxRetries)
	return place{addrs: o.SentinelAddrs, client: func() goredis.UniversalClient { return goredis.NewFailoverClient(o) }}, nil
}

// noMaintenance: Redis 7 does not know those notices.
func noMaintenance() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// defaults sets what the URL leaves open.
func defaults(dial, read, write *time.Duration, max *int) {
	for _, d := range []struct {
		at   *time.Duration
		want time.Duration
	}{{dial, dialTimeout}, {read, ioTimeout}, {write, ioTimeout}} {
		if *d.at == 0 {
			*d.at = d.want
		}
	}
	if *max == 0 {
		*max = retries
	}
}
