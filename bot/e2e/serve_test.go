package e2e

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// usher serve answers those who watch over it, says that it has no chat, and
// ends with 0 when it is asked to.
func TestServe(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "serve", "--data", t.TempDir(), "--health-addr", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "REDIS_URL=", "USHER_ADMINS=slack:T012AB3CD/U045EF6GH")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	lines.Scan()
	_, addr, ok := strings.Cut(strings.TrimSuffix(lines.Text(), "."), "http://")
	if !ok {
		t.Fatalf("it does not say where it is watched: %q", lines.Text())
	}
	if lines.Scan(); !strings.Contains(lines.Text(), "No chat is configured") {
		t.Errorf("it does not say that it has no chat: %q", lines.Text())
	}
	for page, want := range map[string]string{"/livez": "alive", "/readyz": "ready", "/metrics": "usher_store_seconds"} {
		resp, err := http.Get("http://" + addr + page)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s, %v, without %q", page, resp.Status, err, want)
		}
	}
	health := exec.Command(path, "health")
	health.Env = append(os.Environ(), "USHER_HEALTH_ADDR="+addr)
	if out, err := health.CombinedOutput(); err != nil {
		t.Errorf("health: %v %s", err, out)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// A demo that is asked to stop ends with 0 and goes on where it was.
func TestStopAndGoOn(t *testing.T) {
	t.Parallel()
	o := place(t)
	p := launch(t, o)
	p.contractorInEnglish()
	before := p.summary()
	if err := p.terminate(); err != nil {
		t.Fatalf("it ended with %v: %s", err, p.errs)
	}
	p = launch(t, o)
	p.endsAs(before)
}

func (s *stage) contractorInEnglish() {
	s.t.Helper()
	s.person("carla").set("locale", "en")
	s.contractor()
	s.person("carla").card("You now have External contractor")
	s.person("carla").cardWith("Give back", "The access is on")
	s.person("olga").card("Request: External contractor", "The access is on")
}
