package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// hosted is usher serve in a chat, wired as in production but for the clock and
// the addresses of the chat.
type hosted struct {
	t     *testing.T
	chat  string // its name
	kind  string // what it is: slack or discord
	clock *movable
	env   []string
	conf  config.Config
	run   *app.ServeRun
	halt  func()
	// reachable tells the chat where Usher is, when it calls.
	reachable func(http string) error
}

// movable is the real time and more, as much as a story says.
type movable struct {
	mu   sync.Mutex
	more time.Duration
}

func (m *movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Add(m.more)
}

func (m *movable) forward(by time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.more += by
}

// configure reads the configuration from the environment of the story.
func (o *hosted) configure() {
	o.t.Helper()
	var err error
	if o.conf, err = app.LoadConfig(config.Sources{Env: o.env}); err != nil {
		o.t.Fatal(err)
	}
}

// stored is where a story keeps its data.
func stored(t *testing.T, kind string) string {
	if kind == "redis" {
		return "REDIS_URL=" + redisURL(t)
	}
	return "USHER_DATA=" + t.TempDir()
}

// start runs usher serve in this process until the test ends, or until stop.
func (o *hosted) start() {
	o.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	run, err := app.OpenServe(ctx, app.ServeOptions{
		Common: common(o.t), Config: o.conf, Clock: o.clock,
	})
	if err != nil {
		cancel()
		o.t.Fatal(err)
	}
	o.run = run
	ended := make(chan error, 1)
	go func() { ended <- run.Run(ctx) }()
	o.halt = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			o.t.Errorf("usher serve ended with: %v", err)
		}
	})
	o.t.Cleanup(o.halt)
	if run.HTTP != "" {
		if err := o.reachable("http://" + run.HTTP); err != nil {
			o.t.Fatal(err)
		}
	}
	o.eventually(func() error { return o.asks("/readyz", "ready") })
}

func (o *hosted) defineFrom(file string) {
	o.t.Helper()
	name := filepath.Join("testdata", file)
	data, err := os.ReadFile(name)
	if err != nil {
		o.t.Fatal(err)
	}
	all, err := config.ParseDefinitions(name, data, o.clock.Now(), time.UTC)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.run.Runtime.Apply(o.t.Context(), o.conf.Tenant, access.SystemActor().Person, engine.CommandID("define "+file), all); err != nil {
		o.t.Fatal(err)
	}
}

// asks checks what a page for those who watch says.
func (o *hosted) asks(page, want string) error {
	resp, err := http.Get("http://" + o.run.Watch + page)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
		return fmt.Errorf("%s: %s, %v, without %q", page, resp.Status, err, want)
	}
	return nil
}

func (o *hosted) eventually(check func() error) {
	o.t.Helper()
	(&stage{t: o.t}).eventually(check)
}

// decisions counts the decisions on somebody's first request.
func (o *hosted) decisions(user string) int {
	o.t.Helper()
	n := 0
	for _, stage := range o.ledger(user).Requests[0].Stages {
		n += len(stage.Decisions)
	}
	return n
}

// process runs usher serve as a process of its own, and returns what kills it
// as a power cut would; when calm says so, not before it has nothing to write.
func (o *hosted) process(calm func() bool) (kill func()) {
	o.t.Helper()
	path, err := binary()
	if err != nil {
		o.t.Fatal(err)
	}
	cmd := exec.Command(path, "serve")
	cmd.Env = append(append(os.Environ(), "REDIS_URL="), o.env...)
	cmd.Stderr = o.t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		o.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	ended, watch := false, ""
	kill = func() {
		if !ended {
			ended = true
			if !o.t.Failed() && watch != "" && calm() {
				o.quiet(watch)
			}
			_ = cmd.Process.Kill()
			_ = cmd.Wait() // it was killed
		}
	}
	o.t.Cleanup(kill)
	lines := bufio.NewScanner(out)
	if lines.Scan() {
		_, watch, _ = strings.Cut(strings.TrimSuffix(lines.Text(), "."), "http://")
	}
	for o.conf.HTTP.Addr != "" && lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "Chats call on "); ok {
			err = o.reachable(strings.TrimSuffix(addr, "."))
			break
		}
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return kill
}

// quiet waits until a process has written nothing for a while: what it is
// killed in the middle of is repeated only when its lease is over, half a
// minute later, which other stories tell with a clock to move.
func (o *hosted) quiet(watch string) {
	o.t.Helper()
	last, same := "", 0
	o.eventually(func() error {
		resp, err := http.Get("http://" + watch + "/metrics")
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		now := strings.Join(commits.FindAllString(string(body), -1), " ")
		if same++; now != last {
			last, same = now, 0
		}
		if same < 15 {
			return fmt.Errorf("it still writes: %s", now)
		}
		return nil
	})
}

var commits = regexp.MustCompile(`usher_store_seconds_count\{call="commit".*`)

// stop shuts usher serve down in good order.
func (o *hosted) stop() { o.halt() }
