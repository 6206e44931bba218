package runtime_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// BenchmarkClick presses "I'm on it" on one of 256 pending requests after the
// other: the whole of Do, from the account to the commit. In memory it is what
// the engine and the runtime themselves cost.
func BenchmarkClick(b *testing.B) {
	stores := map[string]func(*testing.B) runtime.Store{
		"memory": func(*testing.B) runtime.Store { return newMemory() },
		"bolt": func(b *testing.B) runtime.Store {
			s, err := bolt.Open(filepath.Join(b.TempDir(), "usher.db"), bolt.Options{Mode: storage.Serve})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = s.Close() })
			return s
		},
	}
	for _, name := range []string{"memory", "bolt"} {
		for _, at := range []int{1, 32} {
			b.Run(fmt.Sprintf("%s, %d at a time", name, at), func(b *testing.B) { benchClick(b, stores[name](b), at) })
		}
	}
}

func benchClick(b *testing.B, store runtime.Store, at int) {
	const ledgers = 256
	dir := &people{known: map[access.PersonID]access.Profile{}}
	dir.set(access.Profile{Person: person(ada), Standing: access.Member})
	r := runtime.New(runtime.Options{Store: store, Directory: dir, Messenger: &wall{}, Clock: &clock{}, Log: zerolog.Nop()})
	_, err := r.Apply(b.Context(), tenant, person(olga), "define", runtime.Definitions{
		Settings:  &access.Settings{Name: "Demo", Admins: []access.Subject{some(olga)}},
		Resources: []access.Resource{resource("lab", "rooms")},
		Packages:  []access.Package{pack("lab", labRoles(), access.Stage{Approvers: []access.Subject{some(ada)}})},
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := range ledgers {
		who := holder(i)
		dir.set(access.Profile{Person: person(who), Standing: access.Member})
		_, err := r.Do(b.Context(), tenant, who, "", engine.CommandID("ask/"+who), func(m engine.Meta) engine.Command {
			return engine.Submit{Meta: m, Package: "lab"}
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	for pending := 0; pending < ledgers; {
		found, err := r.Waiting(b.Context(), tenant, access.Actor{Person: person(ada), Standing: access.Member}, 1000)
		if err != nil {
			b.Fatal(err)
		}
		pending = len(found)
		<-time.After(10 * time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	clickAll(b, r, at, ledgers)
}

func holder(i int) access.Account { return access.Account(fmt.Sprintf("play/p%d", i)) }

func clickAll(b *testing.B, r *runtime.Runtime, at, ledgers int) {
	var n atomic.Int64
	b.ResetTimer()
	var g errgroup.Group
	for range at {
		g.Go(func() error {
			for {
				i := int(n.Add(1))
				if i > b.N {
					return nil
				}
				id := engine.CommandID(fmt.Sprintf("claim/%d", i))
				_, err := r.Do(b.Context(), tenant, ada, person(holder(i%ledgers)), id, func(m engine.Meta) engine.Command {
					return engine.Claim{Meta: m, Request: 1}
				})
				if err != nil {
					return err
				}
			}
		})
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "clicks/s")
}
