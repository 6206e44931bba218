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

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// serving is usher serve as a process of its own.
type serving struct {
	t     *testing.T
	cmd   *exec.Cmd
	path  string
	store []string // the flag that names its store
	addr  string   // of /livez and so on
	lines *bufio.Scanner
}

// serve starts usher serve on a store and waits until it says where it is
// watched.
func serve(t *testing.T, store ...string) *serving {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{t: t, path: path, store: store}
	s.cmd = s.command(append([]string{"serve", "--health-addr", "127.0.0.1:0"}, store...)...)
	s.cmd.Stderr = t.Output()
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait() // it has nothing more to say in this test
	})
	s.lines = bufio.NewScanner(out)
	_, addr, ok := strings.Cut(strings.TrimSuffix(s.line(), "."), "http://")
	if !ok {
		t.Fatalf("it does not say where it is watched: %q", s.lines.Text())
	}
	s.addr = addr
	return s
}

// command is a command of usher with what serve needs in its environment.
func (s *serving) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.path, args...)
	cmd.Env = append(os.Environ(), "REDIS_URL=", "USHER_ADMINS=slack:T012AB3CD/U045EF6GH", "USHER_HEALTH_ADDR="+s.addr)
	return cmd
}

// line is the next line that it prints.
func (s *serving) line() string {
	s.lines.Scan()
	return s.lines.Text()
}

// shows checks what a page of its watch says.
func (s *serving) shows(page, want string) {
	s.t.Helper()
	resp, err := http.Get("http://" + s.addr + page)
	if err != nil {
		s.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
		s.t.Errorf("%s: %s, %v, without %q", page, resp.Status, err, want)
	}
}

// ends asks it to stop, which has to end with 0.
func (s *serving) ends() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("it ended with %v", err)
	}
}

// usher serve answers those who watch over it, says that it has no chat, and
// ends with 0 when it is asked to.
func TestServe(t *testing.T) {
	t.Parallel()
	s := serve(t, "--data", t.TempDir())
	if line := s.line(); !strings.Contains(line, "No chat is configured") {
		t.Errorf("it does not say that it has no chat: %q", line)
	}
	s.shows("/livez", "alive")
	s.shows("/readyz", "ready")
	s.shows("/metrics", "usher_store_seconds")
	if out, err := s.command("health").CombinedOutput(); err != nil {
		t.Errorf("health: %v %s", err, out)
	}
	s.ends()
}

// Sentinel and Cluster are a matter of the address alone.
func TestServeAndDoctorOnEveryKindOfRedis(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{
		"one server": func(t testing.TB) string { return redistest.Start(t) },
		"Cluster":    redistest.StartCluster,
		"Sentinel":   func(t testing.TB) string { return redistest.StartSentinel(t).URL },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, "--redis", url(t))
			s.shows("/readyz", "ready")
			doctor := s.command(append([]string{"doctor"}, s.store...)...)
			doctor.Env = append(doctor.Env, contentWith(slackfake.New(t, slackfake.Options{}))...)
			out, err := doctor.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "store: in order; Redis at 127.0.0.1:") {
				t.Errorf("doctor: %v\n%s", err, out)
			}
			s.ends()
		})
	}
}

// contentWith is the environment of a process that is content with its Slack.
func contentWith(fake *slackfake.Fake) []string {
	fake.AddUser(slackfake.User{ID: "U0OLGA", Name: "olga", RealName: "Olga Petrov", Admin: true})
	return []string{
		"USHER_ADMINS=slack:" + fake.Team() + "/U0OLGA", "SLACK_BOT_TOKEN=" + fake.BotToken(), "SLACK_APP_TOKEN=" + fake.AppToken(),
		"USHER_SLACK_API_URL=" + fake.URL,
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
