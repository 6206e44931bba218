package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/usher-dev/usher/bot/app"
)

// binary builds usher once for all tests; TestMain throws it away.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "usher-e2e")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "usher")
	out, err := exec.Command("go", "build", "-o", path, "github.com/usher-dev/usher/bot").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

func TestMain(m *testing.M) {
	app.SilenceRedis()
	if options, ok := os.LookupEnv(otherVariable); ok {
		if err := beOther(options); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// process is usher demo as a process of its own.
type process struct {
	*stage
	cmd   *exec.Cmd
	ended chan error
	errs  *strings.Builder
}

// launch starts usher demo and waits until it answers.
func launch(t testing.TB, o app.DemoOptions) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"demo", "--addr", o.Addr, "--data", o.Data}
	if o.Redis != "" {
		args = append(args, "--redis", o.Redis)
	}
	p := &process{stage: &stage{t: t}, cmd: exec.Command(path, args...), ended: make(chan error, 1), errs: &strings.Builder{}}
	p.cmd.Stderr = p.errs
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(out)
	for p.base == "" && lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "Usher is ready: "); ok {
			p.base = strings.TrimSuffix(url, "/")
		}
	}
	go func() {
		for lines.Scan() { // until it ends: what it prints must go somewhere
		}
		p.ended <- p.cmd.Wait()
	}()
	if p.base == "" {
		t.Fatalf("usher did not start: %s", p.errs)
	}
	p.awake()
	return p
}

// kill ends the process at once, as a power cut would. Killing it twice is
// fine.
func (p *process) kill() {
	if p.ended == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.ended
	p.ended = nil
}

// terminate asks the process to stop, and waits for it.
func (p *process) terminate() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	defer func() { p.ended = nil }()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(patience):
		return fmt.Errorf("it did not stop within %v", patience)
	}
}
