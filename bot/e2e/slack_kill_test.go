package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// launch runs usher serve as a process of its own, and returns what kills it
// as a power cut would. Killing it twice is fine.
func (o *office) launch() (kill func()) {
	o.t.Helper()
	path, err := binary()
	if err != nil {
		o.t.Fatal(err)
	}
	before := o.fake.Opened()
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
			if !o.t.Failed() && watch != "" {
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
			o.fake.DeliverTo(strings.TrimSuffix(addr, "."))
			break
		}
	}
	if o.conf.HTTP.Addr == "" {
		err = o.fake.Await("a connection", func() bool { return o.fake.Opened() > before })
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return kill
}

// quiet waits until a process has written nothing for a while: what it is
// killed in the middle of is repeated only when its lease is over, half a
// minute later, which other stories tell with a clock to move.
func (o *office) quiet(watch string) {
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

// Usher is killed while cards wait to be pressed: their buttons work after it.
func TestButtonsFromBeforeAKillWorkInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		carla, olga := o.person("carla"), o.person("olga")
		o.stop()
		kill := o.launch()
		carla.ask("contractor", "External contractor", map[string]any{
			"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
		})
		asked := olga.card("Request: External contractor", "[Approve]")
		kill()

		kill = o.launch()
		olga.decide(asked, "Approve", "Known")
		terms := carla.card("External contractor", "[Read the terms]")
		kill()

		o.launch()
		carla.press(terms, "Read the terms")
		shown, err := carla.Read("[Accept]")
		carla.must(err)
		carla.press(shown, "Accept")
		o.waitIn("U0CARLA", "C0DESIGN", "C0SITE")
		carla.card("External contractor", "[Give back]")
	})
}
