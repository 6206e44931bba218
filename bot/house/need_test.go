package house

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// machine is a computer on which only these programs are found; each is a
// shell script.
func machine(t *testing.T, programs map[string]string) (path string) {
	t.Helper()
	path = t.TempDir()
	for name, script := range programs {
		if err := os.WriteFile(filepath.Join(path, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"cat", "rm", "mktemp"} {
		real, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(real, filepath.Join(path, name)); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// need runs .ci/need on a machine.
func need(t *testing.T, path string, programs ...string) (said string, code int) {
	t.Helper()
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(shell, append([]string{filepath.Join("..", "..", ".ci", "need")}, programs...)...)
	cmd.Env = []string{"PATH=" + path}
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func TestWhatTheTestsNeedIsInstalledOrAskedFor(t *testing.T) {
	t.Parallel()
	root, somebody := "echo 0", "echo 1000"
	calls := filepath.Join(t.TempDir(), "calls")
	noted := `echo "$*" >>` + calls + "\n"
	for name, c := range map[string]struct {
		programs map[string]string
		says     string
		code     int
		calls    string
	}{
		"all there":     {map[string]string{"redis-server": "", "chromium": ""}, "", 0, ""},
		"not root":      {map[string]string{"id": somebody, "apt-get": noted, "chromium": ""}, "The tests need redis-server: install them first (on Debian: sudo apt-get install redis-server).\n", 1, ""},
		"not Debian":    {map[string]string{"id": root}, "The tests need redis-server chromium: install them first (on Debian: sudo apt-get install redis-server chromium).\n", 1, ""},
		"root":          {map[string]string{"id": root, "apt-get": noted}, "Installing redis-server chromium with apt-get.\n", 0, "install -y --no-install-recommends redis-server chromium\n"},
		"old lists":     {map[string]string{"id": root, "apt-get": noted + `[ "$(cat ` + calls + `)" != "$*" ]`, "redis-server": ""}, "Installing chromium with apt-get.\n", 0, "install -y --no-install-recommends chromium\nupdate\ninstall -y --no-install-recommends chromium\n"},
		"no connection": {map[string]string{"id": root, "apt-get": "echo no route; exit 100", "redis-server": ""}, "Installing chromium with apt-get.\nno route\nno route\nThe tests need chromium, and apt-get could not install them (see above).\n", 1, ""},
	} {
		if err := os.WriteFile(calls, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		said, code := need(t, machine(t, c.programs), "redis-server", "chromium")
		done, err := os.ReadFile(calls)
		if err != nil {
			t.Fatal(err)
		}
		if said != c.says || code != c.code || strings.TrimSpace(string(done)) != strings.TrimSpace(c.calls) {
			t.Errorf("%s: it says %q, ends with %d and calls apt-get with %q; want %q, %d, %q", name, said, code, done, c.says, c.code, c.calls)
		}
	}
}

func TestAPackageMayHaveAnotherNameThanItsProgram(t *testing.T) {
	t.Parallel()
	lacking := machine(t, map[string]string{"id": "echo 1000", "npm": ""})
	if said, code := need(t, lacking, "npm", "java=default-jre-headless"); code != 1 || said != "The tests need default-jre-headless: install them first (on Debian: sudo apt-get install default-jre-headless).\n" {
		t.Errorf("it says %q and ends with %d", said, code)
	}
	if said, code := need(t, machine(t, map[string]string{"java": ""}), "java=default-jre-headless"); code != 0 || said != "" {
		t.Errorf("it says %q and ends with %d", said, code)
	}
}
