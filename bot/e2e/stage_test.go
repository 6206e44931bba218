package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/runtime"
)

// patience is how long anything that has to happen may take. It is long
// because the machine may be slow; nothing waits that long when all is well.
const patience = 45 * time.Second

// stage is one running Usher with its playground.
type stage struct {
	t    testing.TB
	base string // address of the page, without a slash at the end
	// Of a demo in this process:
	behind *runtime.Runtime
	stop   func()
}

// view, message, and so on are what API.md of the playground describes.
type view struct {
	Seq      int64     `json:"seq"`
	Now      time.Time `json:"now"`
	Messages []message `json:"messages"`
	Form     *formPage `json:"form"`
	Private  *message  `json:"private"`
}

type message struct {
	ID      string   `json:"id"`
	Channel string   `json:"channel"`
	Private bool     `json:"private"`
	Edited  bool     `json:"edited"`
	Version int      `json:"version"`
	Card    card     `json:"card"`
	Buttons []button `json:"buttons"`
}

type card struct {
	Summary string  `json:"summary"`
	Title   string  `json:"title"`
	Tone    string  `json:"tone"`
	Text    string  `json:"text"`
	Blocks  []block `json:"blocks"`
}

type block struct {
	Heading string      `json:"heading"`
	Text    string      `json:"text"`
	Moments []time.Time `json:"moments"`
	Fields  []fact      `json:"fields"`
}

type fact struct {
	Label   string      `json:"label"`
	Value   string      `json:"value"`
	Moments []time.Time `json:"moments"`
}

type button struct {
	Label string `json:"label"`
	Token string `json:"token"`
}

type formPage struct {
	ID     string            `json:"id"`
	Page   int               `json:"page"`
	Last   bool              `json:"last"`
	Title  string            `json:"title"`
	Intro  string            `json:"intro"`
	Submit string            `json:"submit"`
	Fields []field           `json:"fields"`
	Errors map[string]string `json:"errors"`
}

type field struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Label    string   `json:"label"`
	Required bool     `json:"required"`
	Value    []string `json:"value"`
	Options  []struct {
		Value string `json:"value"`
		Label string `json:"label"`
	} `json:"options"`
}

type resource struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Mode  string   `json:"mode"`
	Modes []string `json:"modes"`
	Roles []struct {
		Role   string   `json:"role"`
		People []string `json:"people"`
	} `json:"roles"`
}

type auditLine struct {
	ID     int64  `json:"id"`
	Kind   string `json:"kind"`
	Person string `json:"person"`
	Actor  string `json:"actor"`
	Text   string `json:"text"`
}

// text is everything on a message.
func (m message) text() string { return m.Card.Title + "\n" + m.Card.Summary + "\n" + m.Card.Text }

// call speaks to the API. An answer other than 200 fails the test.
func (s *stage) call(method, path string, body, into any) {
	s.t.Helper()
	if err := s.try(method, path, body, into); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) try(method, path string, body, into any) error {
	var reader io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(data)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, reader)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, bytes.TrimSpace(data))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s %s: %w in %.300s", method, path, err, data)
	}
	return nil
}

// eventually asks again and again until check is content, or patience ends.
func (s *stage) eventually(check func() error) {
	s.t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-deadline.C:
			s.t.Fatalf("still so after %v: %v", patience, err)
		case <-ticker.C:
		}
	}
}

// fastForward puts the clock forward ("31 days", "36h").
func (s *stage) fastForward(by string) {
	s.t.Helper()
	s.call(http.MethodPost, "/api/clock", map[string]string{"advance": by}, nil)
}

func (s *stage) now() time.Time {
	s.t.Helper()
	var clock struct {
		Now time.Time `json:"now"`
	}
	s.call(http.MethodGet, "/api/clock", nil, &clock)
	return clock.Now
}

func (s *stage) resources() []resource {
	s.t.Helper()
	var list struct {
		Resources []resource `json:"resources"`
	}
	s.call(http.MethodGet, "/api/resources", nil, &list)
	return list.Resources
}

// rooms lists where somebody is in, as "resource/role".
func (s *stage) rooms(person string) []string {
	s.t.Helper()
	in := []string{}
	for _, r := range s.resources() {
		for _, role := range r.Roles {
			for _, p := range role.People {
				if p == "playground/"+person {
					in = append(in, r.ID+"/"+role.Role)
				}
			}
		}
	}
	return in
}

// waitRooms waits until somebody is in exactly these.
func (s *stage) waitRooms(person string, want ...string) {
	s.t.Helper()
	s.eventually(func() error {
		if got := s.rooms(person); strings.Join(got, " ") != strings.Join(want, " ") {
			return fmt.Errorf("%s is in %q, want %q", person, got, want)
		}
		return nil
	})
}

// audit lists what happened, oldest first: at most the latest 500 lines.
func (s *stage) audit() []auditLine {
	s.t.Helper()
	var list struct {
		Lines []auditLine `json:"lines"`
	}
	s.call(http.MethodGet, "/api/audit", nil, &list)
	return list.Lines
}

// mode makes a resource behave in another way.
func (s *stage) mode(resource, mode string) {
	s.t.Helper()
	s.call(http.MethodPost, "/api/resources/"+resource, map[string]string{"mode": mode}, nil)
}

// add puts somebody onto the page.
func (s *stage) add(id, name string, groups ...string) person {
	s.t.Helper()
	s.call(http.MethodPost, "/api/people", map[string]any{"id": id, "name": name, "groups": groups}, nil)
	return s.person(id)
}
