package redis

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// BenchmarkAssignmentMemory says what one delivered assignment costs in the
// server's memory, from a submit without approval to the last card: the ledger,
// its wake-up and indexes, and all of its audit.
func BenchmarkAssignmentMemory(b *testing.B) {
	const people = 300
	server := redistest.New(b)
	s, err := Open(b.Context(), Options{URL: server.URL(), Mode: storage.Serve})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	dataset := func() int {
		f, err := info(b.Context(), server.Client())
		if err != nil {
			b.Fatal(err)
		}
		n, _ := strconv.Atoi(f["used_memory_dataset"])
		return n
	}
	r := runtime.New(runtime.Options{
		Store: s, Directory: benchPeople{}, Clock: benchClock{}, Log: zerolog.Nop(), Messenger: silent{},
		Connectors: map[string]runtime.Connector{"rooms": willing{}},
	})
	defineLab(b, r)
	ctx, stop := context.WithCancel(b.Context())
	ran := make(chan error, 1)
	go func() { ran <- r.Run(ctx) }()
	before := dataset()
	for i := range people {
		_, err := r.Do(ctx, benchTenant, access.Account(holderOf(i)), "", engine.CommandID(fmt.Sprint("ask-", i)), func(m engine.Meta) engine.Command {
			return engine.Submit{Meta: m, Package: "lab", Justification: "The analysis of the samples for the autumn report"}
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for i := range people {
		for !delivered(b, r, holderOf(i)) {
			<-time.After(10 * time.Millisecond)
		}
	}
	stop()
	if err := <-ran; err != nil {
		b.Fatal(err)
	}
	all := dataset() - before
	for b.Loop() {
		_ = all // measured once
	}
	b.ReportMetric(float64(all)/people, "B/assignment")
}

// delivered reports whether the request is delivered and its cards are drawn.
func delivered(b *testing.B, r *runtime.Runtime, p access.PersonID) bool {
	b.Helper()
	v, err := r.Ledger(b.Context(), benchTenant, access.Actor{}, p)
	if err != nil {
		b.Fatal(err)
	}
	if len(v.Ledger.Requests) == 0 || v.Ledger.Requests[0].State != access.Delivered {
		return false
	}
	owed, _ := engine.Due(v.Ledger, v.World, benchClock{}.Now())
	return len(owed) == 0
}

type silent struct{}

func (silent) Post(_ context.Context, d runtime.Delivery) (string, error) {
	return "C0123456789-" + strconv.Itoa(d.Card.Drawn) + "1789000000.000100", nil
}

func (silent) Edit(context.Context, string, runtime.Delivery) error { return nil }

type willing struct{}

func (willing) Grant(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}

func (willing) Revoke(context.Context, runtime.Job) (runtime.Answer, error) {
	return runtime.Answer{}, nil
}
func (willing) Verify(context.Context, runtime.Job) (access.Had, error) { return access.Present, nil }
