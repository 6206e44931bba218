package e2e

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/desk"
	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// onBothStores tells a story on the embedded store and on a real Redis.
func onBothStores(t *testing.T, story func(*testing.T, *stage)) {
	t.Helper()
	t.Parallel()
	t.Run("bolt", func(t *testing.T) {
		t.Parallel()
		story(t, start(t, place(t)))
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		story(t, start(t, onRedis(place(t), redisURL(t))))
	})
}

// place is where a new demo keeps its data.
func place(t testing.TB) app.DemoOptions {
	return app.DemoOptions{
		Common:       common(t),
		StoreOptions: app.StoreOptions{Data: t.TempDir()},
		Addr:         "127.0.0.1:0",
	}
}

// texts are loaded once for all stories.
var texts = sync.OnceValues(desk.LoadTexts)

// common is the same for all that is started here. A machine that is busy with
// many stories at once is no directory that does not answer.
func common(t testing.TB) app.Common {
	t.Helper()
	words, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	return app.Common{Version: "test", Out: io.Discard, Err: t.Output(), Texts: words, DirectoryWait: time.Minute}
}

func onRedis(o app.DemoOptions, url string) app.DemoOptions {
	o.Redis = url
	return o
}

// start runs a demo in this process until the test ends, or until stop.
func start(t testing.TB, o app.DemoOptions) *stage {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d, err := app.OpenDemo(ctx, o)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	s := &stage{t: t, base: strings.TrimSuffix(d.URL, "/"), behind: d.Runtime}
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with: %v", err)
		}
		s.stop = func() {}
	}
	t.Cleanup(func() { s.stop() })
	s.awake()
	// Carla speaks German; most stories press her buttons in English.
	s.person("carla").set("locale", "en")
	return s
}

// awake shows that what people do is answered from the first request on.
func (s *stage) awake() {
	s.t.Helper()
	s.person("olga").command("/access help")
}

// ledger looks into the store behind the scenes.
func (s *stage) ledger(person string) access.Ledger {
	s.t.Helper()
	v, err := s.behind.Ledger(context.Background(), app.DemoTenant, access.SystemActor(), access.PersonID("playground/"+person))
	if err != nil {
		s.t.Fatal(err)
	}
	return v.Ledger
}

// archived are the cases that left the ledger, newest first.
func (s *stage) archived(person string) []access.Case {
	s.t.Helper()
	list, err := s.behind.History(context.Background(), app.DemoTenant, access.PersonID("playground/"+person), 20)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

func redisURL(t testing.TB) string {
	t.Helper()
	return redistest.Start(t)
}

// ahead is the real time and more: a computer that was off for a while.
type ahead time.Duration

func (a ahead) Now() time.Time { return time.Now().Add(time.Duration(a)) }
