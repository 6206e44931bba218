// Package redistest starts real redis-server processes for tests: on free
// ports, with a folder of their own, gone when the test or its process is.
package redistest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// patience is how long a server may take to answer.
const patience = 20 * time.Second

// Server is one redis-server process. Its methods fail the test.
type Server struct {
	t    testing.TB
	dir  string
	conf []string
	file string // a sentinel's configuration, instead of conf
	port int
	bus  int // the Cluster's own port
	pid  int
	hold io.WriteCloser // the keeper's input
	done chan error
}

// Start starts a server that keeps everything on disk (appendonly) and returns
// its URL. conf are more settings, as on redis-server's command line
// ("--maxmemory", "1mb"). It ends with the test. Without redis-server the test
// fails.
func Start(t testing.TB, conf ...string) (url string) {
	t.Helper()
	return New(t, conf...).URL()
}

// New is Start for tests that stop, kill or restart the server.
func New(t testing.TB, conf ...string) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is missing: install Debian's package redis-server (7.0 or newer)")
	}
	return start(t, &Server{t: t, conf: conf})
}

// start gives the server a folder and ports, and starts it.
func start(t testing.TB, s *Server) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "usher-redis")
	if err != nil {
		t.Fatal(err)
	}
	s.dir = dir
	t.Cleanup(func() {
		s.Kill()
		_ = os.RemoveAll(dir)
	})
	for range 10 { // somebody else may take the port first
		s.port, s.bus = freePort(t), freePort(t)
		if s.run() == nil {
			return s
		}
		s.Kill()
	}
	t.Fatalf("redis-server does not start:\n%s", s.log())
	return nil
}

// URL is the server's address, redis://127.0.0.1:PORT.
func (s *Server) URL() string { return "redis://" + s.Addr() }

// Addr is 127.0.0.1:PORT.
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// Client connects to the server, until the end of the test.
func (s *Server) Client() *goredis.Client {
	c := s.dial()
	s.t.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *Server) dial() *goredis.Client {
	return goredis.NewClient(&goredis.Options{Addr: s.Addr(), DialTimeout: time.Second, DialerRetries: 1, MaxRetries: -1})
}

// Kill ends the server at once (kill -9), with whatever it had not written.
// Killing it twice is fine.
func (s *Server) Kill() {
	if s.hold == nil {
		return
	}
	_ = syscall.Kill(s.pid, syscall.SIGKILL)
	_, _ = io.WriteString(s.hold, "stop\n")
	_ = s.hold.Close()
	<-s.done
	s.hold = nil
}

// Restart starts a killed server again, on the same port and files.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	if err := s.run(); err != nil {
		s.t.Fatalf("redis-server does not start again: %v\n%s", err, s.log())
	}
}

// keeper runs the server, with its folder as $0, and kills it when it is told
// to, or when its own input ends, which it does when this process does, however
// it ends. Then nobody else takes the folder away.
const keeper = `redis-server "$@" </dev/null >/dev/null 2>&1 & pid=$!
echo $pid
read -r word || gone=yes
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
if [ "$gone" ]; then rm -rf "$0"; fi`

func (s *Server) run() error {
	cmd := exec.Command("sh", append([]string{"-c", keeper, s.dir}, s.args()...)...)
	hold, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	s.hold, s.done = hold, make(chan error, 1)
	go func() { s.done <- cmd.Wait() }()
	if err != nil {
		return err
	}
	if s.pid, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
		return err
	}
	return s.answers()
}

func (s *Server) args() []string {
	if s.file != "" {
		return []string{s.file, "--sentinel", "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--logfile", filepath.Join(s.dir, "log")}
	}
	return append([]string{
		"--port", strconv.Itoa(s.port), "--cluster-port", strconv.Itoa(s.bus), "--bind", "127.0.0.1",
		"--dir", s.dir, "--logfile", filepath.Join(s.dir, "log"),
		"--save", "", "--appendonly", "yes", "--appendfsync", "everysec",
	}, s.conf...)
}

// answers waits until this very server answers and has read its files.
func (s *Server) answers() error {
	alive := func() bool { return syscall.Kill(s.pid, 0) == nil }
	if err := until(s.listens, alive); err != nil { // go-redis would log each failure
		return err
	}
	c := s.dial()
	defer func() { _ = c.Close() }()
	return until(func(ctx context.Context) error {
		info, err := c.Info(ctx).Result()
		if goredis.HasErrorPrefix(err, "NOAUTH") {
			return nil
		}
		if err != nil {
			return err
		}
		if !strings.Contains(info, fmt.Sprintf("process_id:%d\r", s.pid)) {
			return errOther
		}
		if s.file == "" && !strings.Contains(info, "loading:0\r") {
			return errLoading
		}
		return nil
	}, alive)
}

func (s *Server) listens(ctx context.Context) error {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", s.Addr())
	if err != nil {
		return err
	}
	return c.Close()
}

func (s *Server) log() string {
	text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return string(text)
}

// until repeats ask until it succeeds, for as long as there is hope.
func until(ask func(context.Context) error, hope func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ask(ctx)
		if err == nil || err == errOther || !hope() {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}
