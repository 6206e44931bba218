package load

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
	"github.com/usher-dev/usher/storage"
	redisstore "github.com/usher-dev/usher/storage/redis"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// platform makes a kind, and its bare handler.
type platform struct {
	make func(*testing.B) kind
	bare func() http.Handler
}

// bareVariable makes this binary the bare handler of a platform.
const bareVariable = "USHER_LOAD_BARE"

func TestMain(m *testing.M) {
	if name := os.Getenv(bareVariable); name != "" {
		if err := beBare(platforms()[name].bare()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	debug.SetGCPercent(400) // what measures should not be what is measured
	os.Exit(m.Run())
}

// beBare serves until the input ends, which it does with the parent.
func beBare(h http.Handler) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// startBare starts the bare handler in a process of its own.
func startBare(b *testing.B, name string) (base string) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), bareVariable+"="+name)
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out := start(b, cmd)
	b.Cleanup(func() { _ = in.Close() })
	return out.line()
}

// said is what a process prints.
type said struct {
	b     *testing.B
	lines *bufio.Scanner
}

func (s said) line() string {
	s.b.Helper()
	if !s.lines.Scan() {
		s.b.Fatal("a process ended too early")
	}
	return s.lines.Text()
}

// start starts a process that ends with the benchmark at the latest.
func start(b *testing.B, cmd *exec.Cmd) said {
	b.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil && cmd.ProcessState.Exited() {
			b.Errorf("%s ended with %v", filepath.Base(cmd.Path), err)
		}
	})
	return said{b, bufio.NewScanner(out)}
}

// redis is a server that writes each commit to its file, and the file to disk
// every second; USHER_BENCH_FSYNC=always waits for the disk at each commit.
func redis(b *testing.B) (url string) {
	b.Helper()
	return redistest.Start(b, "--appendfsync", cmp.Or(os.Getenv("USHER_BENCH_FSYNC"), "everysec"))
}

// trips counts what Redis was asked for so far, without what scripts ask.
func trips(b *testing.B, url string) map[string]int {
	b.Helper()
	o, err := goredis.ParseURL(url)
	if err != nil {
		b.Fatal(err)
	}
	c := goredis.NewClient(o)
	defer func() { _ = c.Close() }()
	info, err := c.InfoMap(b.Context(), "commandstats").Result()
	if err != nil {
		b.Fatal(err)
	}
	out := map[string]int{}
	for name, stat := range info["Commandstats"] {
		var calls int
		if _, err := fmt.Sscanf(stat, "calls=%d,", &calls); err != nil {
			b.Fatal(err)
		}
		out[strings.TrimPrefix(name, "cmdstat_")] = calls
	}
	return out
}

// served is usher serve in a process of its own.
type served struct{ base string }

// serve builds usher, applies the definitions and starts usher serve. Its log
// goes to a file, as it would in production.
func serve(b *testing.B, redis string, k kind) served {
	b.Helper()
	dir := b.TempDir()
	path := filepath.Join(dir, "usher")
	if out, err := exec.Command("go", "build", "-o", path, "github.com/usher-dev/usher/bot").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	defined := filepath.Join(dir, "packages.yaml")
	if err := os.WriteFile(defined, []byte(k.definitions()), 0o600); err != nil {
		b.Fatal(err)
	}
	env := append([]string{"REDIS_URL=" + redis, "USHER_HEALTH_ADDR=127.0.0.1:0", "USHER_HTTP_ADDR=127.0.0.1:0"}, k.environment()...)
	apply := exec.Command(path, "apply", defined)
	apply.Env = env
	if out, err := apply.CombinedOutput(); err != nil {
		b.Fatalf("usher apply: %v: %s", err, out)
	}
	cmd := exec.Command(path, "serve")
	cmd.Env = env
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = log.Close() })
	cmd.Stderr = log
	return served{base: awake(b, start(b, cmd))}
}

// awake reads where usher serve is, and waits until it is ready.
func awake(b *testing.B, out said) (base string) {
	b.Helper()
	_, watch, _ := strings.Cut(strings.TrimSuffix(out.line(), "."), "http://")
	for base == "" {
		if line := out.line(); strings.HasPrefix(line, "Chats call on ") {
			base = strings.TrimSuffix(strings.TrimPrefix(line, "Chats call on "), ".")
		}
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		if resp, err := http.Get("http://" + watch + "/readyz"); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return base
			}
		}
		<-tick.C
	}
	b.Fatal("usher serve does not get ready")
	return ""
}

// books reads ledgers from the store, past usher serve.
type books struct {
	of func(access.PersonID) access.Ledger
}

func openBooks(b *testing.B, url string) books {
	b.Helper()
	store, err := redisstore.Open(b.Context(), redisstore.Options{URL: url, Mode: storage.Serve})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	r := runtime.New(runtime.Options{Store: store, Directory: nobody{}, Clock: clock{}, Log: zerolog.Nop()})
	return books{func(p access.PersonID) access.Ledger {
		v, err := r.Ledger(b.Context(), tenant, access.SystemActor(), p)
		if err != nil {
			b.Fatal(err)
		}
		return v.Ledger
	}}
}

type clock struct{}

func (clock) Now() time.Time { return time.Now() }

// nobody is the directory of a reader, who asks nobody.
type nobody struct{}

func (nobody) Profile(_ context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	return access.Profile{}, access.Refuse(access.NotFound, "unknownPerson", "person", p)
}

func (nobody) Members(context.Context, access.TenantID, access.GroupID) ([]access.PersonID, error) {
	return nil, nil
}
