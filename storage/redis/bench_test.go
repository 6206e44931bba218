package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/storetest"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// BenchmarkClick compares clicks through the Store with bare ones, which send
// the same two calls with keys and arguments made beforehand: what the server
// and the wire alone cost. Both take turns on one server, so that whatever
// else the machine does slows both.
func BenchmarkClick(b *testing.B) {
	const ledgers, round = 1024, 256
	for _, at := range []int{1, 32} {
		b.Run(fmt.Sprint(at, " at a time"), func(b *testing.B) {
			s := benchStore(b)
			storetest.Seed(b, s, ledgers, 0)
			bare := make([]bareClick, ledgers)
			for i := range bare {
				bare[i] = s.bare(b, i)
			}
			var took [2]time.Duration
			for n := 0; b.Loop(); n++ {
				for kind := range took {
					begin := time.Now()
					clickRound(b, at, round, func(i int) error {
						id := fmt.Sprintf("%d-%d-%d", kind, n, i)
						i = (n*round + i) % ledgers
						if kind == 0 {
							return bare[i].do(b.Context(), s, "acme/"+id)
						}
						return storetest.Click(b, s, i, id)
					})
					took[kind] += time.Since(begin)
				}
			}
			clicks := float64(round * b.N)
			b.ReportMetric(clicks/took[0].Seconds(), "bare/s")
			b.ReportMetric(clicks/took[1].Seconds(), "clicks/s")
			b.ReportMetric(100*took[0].Seconds()/took[1].Seconds(), "%ofbare")
		})
	}
}

// clickRound makes n calls with so many at a time.
func clickRound(b *testing.B, at, n int, call func(i int) error) {
	b.Helper()
	var g errgroup.Group
	for worker := range at {
		g.Go(func() error {
			for i := worker; i < n; i += at {
				if err := call(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
}

type bareClick struct {
	loads []string
	keys  []string
	args  []any
	head  int // index of the head in args
}

func (s *Store) bare(b *testing.B, i int) bareClick {
	loads, c := storetest.ClickOf(i)
	h := s.keys.home(c.Tenant)
	var click bareClick
	for _, k := range loads {
		click.loads = append(click.loads, h.record(k))
	}
	click.keys, click.args = s.commitCall(c)
	click.head = 9
	if click.args[click.head] != storage.Head(c.Writes[0].Revision) {
		b.Fatal("the head is elsewhere")
	}
	return click
}

func (c bareClick) do(ctx context.Context, s *Store, command string) error {
	got, err := s.client.MGet(ctx, c.loads...).Result()
	if err != nil {
		return err
	}
	stored, _ := got[0].(string)
	head, _, _ := strings.Cut(stored, ":")
	c.args[0], c.args[c.head] = command, head+":"
	revision, err := strconv.Atoi(head)
	if err != nil {
		return err
	}
	bytes := c.args[c.head+1].([]byte)
	c.args[c.head+1] = append(strconv.AppendInt(nil, int64(revision+1), 10), bytes[strings.IndexByte(string(bytes), ':'):]...)
	answer, err := s.scripts.commit.EvalSha(ctx, s.client, c.keys, c.args...).Int()
	if err == nil && answer != answerDone {
		err = fmt.Errorf("answered %d", answer)
	}
	return err
}

// BenchmarkMemory says what a ledger costs in the server's memory: a record of
// storetest.DataSize bytes with its wake-up, two index members and one audit
// entry of 200 bytes.
func BenchmarkMemory(b *testing.B) {
	server := redistest.New(b)
	s, err := Open(b.Context(), Options{URL: server.URL(), Mode: storage.Serve})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	used := func() int {
		f, err := info(b.Context(), server.Client())
		if err != nil {
			b.Fatal(err)
		}
		n, err := strconv.Atoi(f["used_memory_dataset"])
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	n := storetest.Ledgers()
	before := used()
	storetest.Seed(b, s, n, 0)
	all := used() - before
	loads, _ := storetest.ClickOf(0)
	record := server.Client().MemoryUsage(b.Context(), s.keys.home(loads[0].Tenant).record(loads[0])).Val()
	for b.Loop() {
		_ = n // measured once
	}
	b.ReportMetric(float64(all)/float64(n), "B/ledger")
	b.ReportMetric(float64(record), "B/record")
}

// BenchmarkIdleClaim is a heartbeat that finds nothing, with so many tenants.
func BenchmarkIdleClaim(b *testing.B) {
	for _, tenants := range []int{1, 1000} {
		b.Run(fmt.Sprint(tenants, " tenants"), func(b *testing.B) {
			s := benchStore(b)
			for i := range tenants {
				k := runtime.LedgerKey(access.TenantID(fmt.Sprint("tenant-", i)), "x")
				c := runtime.Change{Tenant: k.Tenant, Wakes: []runtime.Wake{{Key: k, At: storetest.Start().Add(time.Hour)}}}
				if err := s.Commit(b.Context(), c); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				keys, err := s.Claim(b.Context(), storetest.Start(), time.Minute, 64)
				if err != nil || len(keys) != 0 {
					b.Fatalf("%v %v", keys, err)
				}
			}
		})
	}
}

func benchStore(b *testing.B) *Store {
	b.Helper()
	s, err := Open(b.Context(), Options{URL: redistest.Start(b), Mode: storage.Serve})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}
