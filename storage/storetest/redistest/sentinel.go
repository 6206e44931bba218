package redistest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Sentinel is a master, its replica, and the one sentinel that watches them.
type Sentinel struct {
	URL     string // as storage/redis reads it (redis+sentinel://...)
	Master  *Server
	Replica *Server
	watcher *Server
}

// StartSentinel starts a master with a replica under the care of a sentinel,
// which fails over two seconds after the master is gone.
func StartSentinel(t testing.TB) *Sentinel {
	t.Helper()
	s := &Sentinel{Master: New(t)}
	s.Replica = New(t, "--replicaof", "127.0.0.1", fmt.Sprint(s.Master.port), "--repl-diskless-sync-delay", "0")
	s.await(s.Replica, "replication", "master_link_status:up")
	conf := filepath.Join(t.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("sentinel monitor m 127.0.0.1 %d 1\nsentinel down-after-milliseconds m 2000\nsentinel failover-timeout m 10000\n", s.Master.port)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.watcher = start(t, &Server{t: t, file: conf})
	s.await(s.watcher, "sentinel", "slaves=1")
	s.URL = "redis+sentinel://" + s.watcher.Addr() + "?master_name=m"
	return s
}

// FailOver kills the master and waits until the replica has taken over.
func (s *Sentinel) FailOver() {
	s.Master.t.Helper()
	s.Master.Kill()
	s.await(s.Replica, "replication", "role:master")
	s.await(s.watcher, "sentinel", "address="+s.Replica.Addr())
}

// await waits until a section of a server's INFO has a text.
func (s *Sentinel) await(server *Server, section, want string) {
	t := server.t
	t.Helper()
	c := server.Client()
	err := until(func(ctx context.Context) error {
		info, err := c.Info(ctx, section).Result()
		if err == nil && !strings.Contains(info, want) {
			err = fmt.Errorf("%q is not in:\n%s", want, info)
		}
		return err
	}, func() bool { return true })
	if err != nil {
		t.Fatal(err)
	}
}
