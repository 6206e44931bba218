package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/storetest"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// BenchmarkBare sends the same two calls as a click of BenchmarkStore, with
// keys and arguments made beforehand: what the server and the wire alone cost.
func BenchmarkBare(b *testing.B) {
	const ledgers = 1000
	s := benchStore(b)
	storetest.Seed(b, s, ledgers, 0)
	for _, at := range []int{1, 32} {
		b.Run(fmt.Sprint(at, " at a time"), func(b *testing.B) {
			calls := make([][]bareClick, at)
			for w := range calls {
				for i := w; i < ledgers/at*at; i += at {
					calls[w] = append(calls[w], s.bare(b, i))
				}
			}
			run := strconv.FormatInt(time.Now().UnixNano(), 10)
			storetest.Parallel(b, at, func(worker, n int) error {
				mine := calls[worker]
				return mine[n%len(mine)].do(b.Context(), s, fmt.Sprintf("acme/%s-%d-%d", run, worker, n))
			})
		})
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
