//go:build peers

package peers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long anything may take before a test gives up. Usher waits
// ten seconds after a failure, twenty after the second in a row.
const patience = 2 * time.Minute

// folderVariable is where TestMain says which folder it throws away at the end.
const folderVariable = "PEERS_FOLDER"

// binary builds usher once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(os.Getenv(folderVariable), "usher")
	out, err := exec.Command("go", "build", "-o", path, "github.com/usher-dev/usher/bot").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

func TestMain(m *testing.M) {
	if _, err := os.Stat(inModules(".package-lock.json")); err != nil {
		fmt.Fprintln(os.Stderr, "The counterparts are not installed: run make test-peers.")
		os.Exit(1)
	}
	dir, err := os.MkdirTemp("", "usher-peers")
	if err == nil {
		err = os.Setenv(folderVariable, dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// inModules is the path of something that npm installed.
func inModules(parts ...string) string {
	return filepath.Join(append([]string{"node_modules"}, parts...)...)
}

// node is a command of the Node that is installed with the counterparts; for
// other systems than Linux there is none, and the machine's has to be of 24.
func node(args ...string) *exec.Cmd {
	own := inModules(".bin", "node")
	if _, err := os.Stat(own); err != nil {
		own = "node"
	}
	return exec.Command(own, args...)
}

// guard ends a program as soon as the standard input ends, which it does
// however the tests end.
const guard = `"$@" & cat >/dev/null; kill -9 $!`

// start runs a program in the background, until it is ended or the tests are
// over. What it says goes to out, which may be nil.
func start(cmd *exec.Cmd, out io.Writer) (end func(), err error) {
	guarded := exec.Command("sh", append([]string{"-c", guard, "sh", cmd.Path}, cmd.Args[1:]...)...)
	guarded.Env, guarded.Stdout, guarded.Stderr = cmd.Env, cmd.Stdout, out
	life, err := guarded.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := guarded.Start(); err != nil {
		return nil, err
	}
	return sync.OnceFunc(func() {
		_ = life.Close()
		_ = guarded.Wait() // it was killed
	}), nil
}

// freePort is a port of loopback that nobody listens on at this moment.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// until asks until it is so, or until patience ends.
func until(check func() error) error {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		err := check()
		if err == nil {
			return nil
		}
		select {
		case <-deadline.C:
			return fmt.Errorf("still so after %v: %w", patience, err)
		case <-ticker.C:
		}
	}
}

func eventually(t testing.TB, check func() error) {
	t.Helper()
	if err := until(check); err != nil {
		t.Fatal(err)
	}
}

// callJSON posts a value, or gets when there is none, and reads the answer
// into out, which may be nil.
func callJSON(url string, in, out any, headers ...string) error {
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if in != nil {
		var body []byte
		if body, err = json.Marshal(in); err != nil {
			return err
		}
		r, err = http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	}
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	body, err := read(http.DefaultClient.Do(r))
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(body, out)
}

// read reads an answer, which has to be a good one.
func read(resp *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %s: %s", resp.Request.URL, resp.Status, body)
	}
	return body, err
}

// object is JSON.
type object = map[string]any

// contains reports whether all words are in a text.
func contains(text string, words ...string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}
