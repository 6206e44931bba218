package slack

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/desk"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/config/sample"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

// outside is what people get into: it gives and takes everything at once.
type outside struct {
	mu  sync.Mutex
	has map[string]bool
}

func (o *outside) name(j runtime.Job) string {
	return string(j.Person.Person) + " " + string(j.Resource.ID)
}

func (o *outside) Grant(_ context.Context, j runtime.Job) (runtime.Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.has[o.name(j)] = true
	return runtime.Answer{}, nil
}

func (o *outside) Revoke(_ context.Context, j runtime.Job) (runtime.Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.has, o.name(j))
	return runtime.Answer{}, nil
}

func (o *outside) Verify(_ context.Context, j runtime.Job) (access.Had, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.has[o.name(j)] {
		return access.Present, nil
	}
	return access.Absent, nil
}

// staged is the whole of Usher behind the adapter.
func staged(t *testing.T, way string) (*fixture, *outside) {
	t.Helper()
	f := newFixture(t, way)
	for _, u := range []slackfake.User{
		{ID: "U0CARLA", Name: "carla", RealName: "Carla Contreras", Guest: slackfake.SingleChannel},
		{ID: "U0OLGA", Name: "olga", RealName: "Olga Petrov"}, {ID: "U0BEN", Name: "ben", RealName: "Ben Tanaka"},
	} {
		f.fake.AddUser(u)
	}
	f.fake.AddGroup(slackfake.Group{ID: "S0SEC", Handle: "security", Name: "Security", Users: []string{"U0ADA", "U0BEN"}})
	store, err := bolt.Open(filepath.Join(t.TempDir(), "usher.db"), bolt.Options{Mode: storage.Serve})
	if err != nil {
		t.Fatal(err)
	}
	there := &outside{has: map[string]bool{}}
	r := runtime.New(runtime.Options{
		Store: store, Directory: f.a, Clock: realClock{}, Log: zerolog.Nop(), Connectors: map[string]runtime.Connector{"playground": there},
	})
	d, err := desk.New(desk.Parts{Scratch: store, Clock: realClock{}, Chats: []chat.Adapter{f.a}, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	d.Use(r)
	r.SetMessenger(d)
	text := strings.NewReplacer("playground/security", "slack/S0SEC", "playground/engineering", "slack/S0SEC", "playground/olga", "slack/U0OLGA",
		"playground/ada", "slack/U0ADA", "playground/ben", "slack/U0BEN", "playground/mina", "slack/U0MINA", "playground/carla", "slack/U0CARLA").Replace(string(sample.YAML()))
	all, err := config.ParseDefinitions("sample.yaml", []byte(text), time.Now(), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Apply(t.Context(), "demo", access.SystemActor().Person, "samples", all); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- r.Run(ctx) }()
	go func() { done <- f.a.Run(ctx, d) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	f.await(t)
	return f, there
}

func TestTheContractorsStory(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"socket", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			f, there := staged(t, way)
			w := &town{fixture: f, t: t}
			carla, olga := f.fake.Person("U0CARLA"), f.fake.Person("U0OLGA")

			w.must(carla.OpenHome())
			if _, err := carla.ReadHome("External contractor"); err != nil {
				t.Fatal(err)
			}
			w.must(carla.Slash("/access", "request contractor"))
			w.must(carla.Fill(map[string]any{"What will you mostly work on?": "A campaign", "Why is it needed?": "For *Q4* <now> & here"}))
			w.must(carla.Submit())

			card, err := olga.Read("Request: External contractor")
			w.must(err)
			for _, want := range []string{"Carla Contreras", "A campaign", "For *Q4* <now> & here", "Read and write in the design channel"} {
				if !card.Has(want) {
					t.Errorf("the approver's card is without %q:\n%s", want, card.Body)
				}
			}
			w.must(olga.Press(card, "Approve"))
			if err := olga.Submit(); err == nil {
				t.Error("a decision without a reason went through")
			}
			w.must(olga.Fill(map[string]any{"Reason": "Fits the plan"}))
			w.must(olga.Submit())

			w.must(carla.Close())
			notice, err := carla.Read("[Read the terms]")
			w.must(err)
			w.must(carla.Press(notice, "Read the terms"))
			terms, err := carla.Read("[Accept]")
			w.must(err)
			w.must(carla.Press(terms, "Accept"))
			if err := f.fake.Await("the access", func() bool { return f.has(there, "slack/U0CARLA design-channel") }); err != nil {
				t.Log(carla.See())
				t.Fatal(err)
			}
			if _, err := carla.Read("[Give back]"); err != nil {
				t.Fatal(err)
			}
			w.must(carla.OpenHome())
			if _, err := carla.ReadHome("[Give back]"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func (f *fixture) has(o *outside, what string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.has[what]
}
