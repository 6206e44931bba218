//go:build peers

package peers

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// team is the workspace that emulate always has.
const team = "T000000001"

// workspace is a Slack with the real usher in it, called over HTTP:
//
//	usher ──▶ front ──▶ WireMock ──▶ emulate
//
// The story is the people.
type workspace struct {
	t     *testing.T
	name  string
	mock  *mock
	slack *emulate
	front *front
	env   []string
	app   string // where Usher is called
	watch string // and where it is watched
	// The channels that packages give: design is public, site private.
	design, site string
}

// newWorkspace has Carla, a guest; Mina, a member; and Olga, who decides. Usher
// does not run yet, and its token has the scopes of its own manifest but those
// in without.
func newWorkspace(t *testing.T, without ...string) *workspace {
	t.Helper()
	m, err := wiremock()
	if err != nil {
		t.Fatal(err)
	}
	w := &workspace{t: t, name: t.Name(), mock: m}
	w.slack = startEmulate(t, w.scopes(without...), "carla", "mina", "olga")
	w.front = newFront(t, m.url, w.name)
	w.proxy(w.slack.url)
	w.design, w.site = w.slack.channel("design", false), w.slack.channel("site", true)
	// emulate knows neither guests nor user groups.
	carla := w.slack.user("carla")
	w.answers("users.info", object{"ok": true, "user": object{
		"id": carla, "team_id": team, "name": "carla", "real_name": "Carla Contreras", "is_restricted": true, "locale": "en-US", "tz": "Europe/Berlin",
		"profile": object{"real_name": "Carla Contreras", "email": "carla@elsewhere.test"},
	}}, "user="+carla)
	w.answers("usergroups.list", object{"ok": true, "usergroups": []object{}})
	w.env = append(os.Environ(),
		"REDIS_URL=", "USHER_DATA="+t.TempDir(), "USHER_TENANT=acme", "USHER_ADMINS=slack:"+team+"/"+w.slack.user("olga"),
		"USHER_HEALTH_ADDR=127.0.0.1:0", "USHER_HTTP_ADDR=127.0.0.1:0", "USHER_SLACK_API_URL="+w.front.URL+"/api/",
		"SLACK_BOT_TOKEN="+botToken, "SLACK_SIGNING_SECRET="+ourSecret, "SLACK_APP_TOKEN=")
	return w
}

// usher runs a command of the binary to its end.
func (w *workspace) usher(args ...string) string {
	w.t.Helper()
	path, err := binary()
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = w.env
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		w.t.Fatalf("usher %s: %v\n%s%s", strings.Join(args, " "), err, out, said.Bytes())
	}
	return string(out)
}

// scopes are those of the manifest, but some.
func (w *workspace) scopes(without ...string) []string {
	w.t.Helper()
	var manifest struct {
		OAuth struct {
			Scopes struct{ Bot []string }
		} `yaml:"oauth_config"`
	}
	if err := yaml.Unmarshal([]byte(w.usher("slack", "manifest", "--http", "https://usher.example.org")), &manifest); err != nil {
		w.t.Fatal(err)
	}
	var with []string
	for _, scope := range manifest.OAuth.Scopes.Bot {
		if !slices.Contains(without, scope) {
			with = append(with, scope)
		}
	}
	if len(with) != len(manifest.OAuth.Scopes.Bot)-len(without) {
		w.t.Fatalf("the manifest asks for %q, not for all of %q", manifest.OAuth.Scopes.Bot, without)
	}
	return with
}

// define applies the definitions of testdata, with the ids of this workspace
// in them.
func (w *workspace) define() {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "packages.yaml"))
	if err != nil {
		w.t.Fatal(err)
	}
	text := strings.NewReplacer("C0DESIGN", w.design, "C0SITE", w.site, "U0OLGA", w.slack.user("olga")).Replace(string(data))
	file := filepath.Join(w.t.TempDir(), "packages.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.usher("apply", "--yes", file)
}

// serve starts usher serve and waits until it can be called. What it writes to
// its log is shown with the test.
func (w *workspace) serve() (end func()) {
	w.t.Helper()
	path, err := binary()
	if err != nil {
		w.t.Fatal(err)
	}
	r, out, err := os.Pipe()
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(path, "serve")
	cmd.Env, cmd.Stdout = w.env, out
	end, err = start(cmd, w.t.Output())
	_ = out.Close()
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		end()
		_ = r.Close()
	})
	lines := bufio.NewScanner(r)
	for (w.app == "" || w.watch == "") && lines.Scan() {
		where, address, _ := strings.Cut(strings.TrimSuffix(lines.Text(), "."), "http://")
		switch {
		case strings.HasPrefix(where, "Chats call on"):
			w.app = "http://" + address
		case address != "" && w.watch == "":
			w.watch = "http://" + address
		}
	}
	eventually(w.t, func() error {
		_, err := read(http.Get(w.watch + "/readyz"))
		return err
	})
	return end
}

// metric is a line of /metrics.
func (w *workspace) metric(line string) error {
	page, err := read(http.Get(w.watch + "/metrics"))
	if err == nil && !contains(string(page), line) {
		err = fmt.Errorf("no metric %s", line)
	}
	return err
}

// waitIn waits until a person is in exactly these channels.
func (w *workspace) waitIn(p *person, design, site bool) {
	w.t.Helper()
	eventually(w.t, func() error {
		if d, s := w.slack.isIn(p.id, w.design), w.slack.isIn(p.id, w.site); d != design || s != site {
			return fmt.Errorf("in design: %v, in site: %v", d, s)
		}
		return nil
	})
}
