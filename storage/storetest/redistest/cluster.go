package redistest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

var (
	errOther   = errors.New("another server answers on this port")
	errLoading = errors.New("the server still reads its files")
	errUnmet   = errors.New("the nodes do not know each other yet")
)

const slotCount = 16384

// StartCluster starts a Cluster of three masters and returns its URL, as
// storage/redis reads it (redis+cluster://...).
func StartCluster(t testing.TB) (url string) {
	t.Helper()
	const nodes = 3
	servers := make([]*Server, nodes)
	for i := range servers {
		servers[i] = New(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "5000")
	}
	for i, s := range servers {
		s.join(servers[0], i, slotCount*i/nodes, slotCount*(i+1)/nodes-1)
	}
	for _, s := range servers {
		c := s.Client()
		err := until(func(ctx context.Context) error { return complete(ctx, c, nodes) }, func() bool { return true })
		if err != nil {
			t.Fatalf("the Cluster does not come up: %v\n%s", err, s.log())
		}
	}
	return fmt.Sprintf("redis+cluster://%s?addr=%s&addr=%s", servers[0].Addr(), servers[1].Addr(), servers[2].Addr())
}

// join gives the node its slots and tells it of the first one.
func (s *Server) join(first *Server, number, from, to int) {
	s.t.Helper()
	ctx, c := s.t.Context(), s.Client()
	steps := [][]any{
		{"CLUSTER", "SET-CONFIG-EPOCH", number + 1},
		{"CLUSTER", "ADDSLOTSRANGE", from, to},
	}
	if s != first {
		steps = append(steps, []any{"CLUSTER", "MEET", "127.0.0.1", first.port, first.bus})
	}
	for _, step := range steps {
		if err := c.Do(ctx, step...).Err(); err != nil {
			s.t.Fatalf("%v: %v", step, err)
		}
	}
}

func complete(ctx context.Context, c *goredis.Client, nodes int) error {
	info, err := c.ClusterInfo(ctx).Result()
	if err != nil {
		return err
	}
	for _, want := range []string{"cluster_state:ok", fmt.Sprintf("cluster_known_nodes:%d", nodes), fmt.Sprintf("cluster_size:%d", nodes)} {
		if !strings.Contains(info, want) {
			return errUnmet
		}
	}
	return nil
}
