package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/engine"
)

// call is a call to usher serve that may be anybody's.
type call struct {
	body    string
	sign    func(*http.Request, []byte) // nil: as Discord
	status  int
	counted string // the result in /metrics; "" for none
}

func encoded(p fields) string {
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // of the test's own making
	}
	return string(body)
}

// ofMina is a command of Mina's, with more or other fields.
func (s *server) ofMina(kind int, data, more fields) string {
	return encoded(s.interaction(discordUser("mina"), kind, data, more))
}

// forgeries are not Discord's, or not Discord's any more ("Validating Security
// Request Headers").
func (s *server) forgeries() map[string]call {
	typed := func() string { return s.ofMina(2, fields{"type": 1, "name": "access"}, nil) }
	other := func(r *http.Request, body []byte) { s.fake.Sign(r, s.clock.Now(), append(body, ' ')) }
	shape := func(signature string) func(*http.Request, []byte) {
		return func(r *http.Request, body []byte) {
			s.signed(0)(r, body)
			r.Header.Set("X-Signature-Ed25519", signature)
		}
	}
	return map[string]call{
		"no signature":               {typed(), func(*http.Request, []byte) {}, 401, "unsigned"},
		"a signature of another key": {typed(), shape(strings.Repeat("0123456789abcdef", 8)), 401, "unsigned"},
		"a signature that is short":  {typed(), shape("00"), 401, "unsigned"},
		"a signature that is none":   {typed(), shape("signed, Discord"), 401, "unsigned"},
		"of another body":            {typed(), other, 401, "unsigned"},
		"of yesterday":               {typed(), s.signed(-24 * time.Hour), 401, "stale"},
		"of tomorrow":                {typed(), s.signed(24 * time.Hour), 401, "stale"},
		"ten megabytes":              {strings.Repeat("x", 10<<20), nil, 413, "tooBig"},
		"nothing":                    {"", nil, 400, "malformed"},
		"no JSON":                    {"\xff\xfe\x00", nil, 400, "malformed"},
		"a list":                     {"[]", nil, 400, "malformed"},
		"half of it":                 {typed()[:60], nil, 400, "malformed"},
		"a bomb of lists":            {strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), nil, 400, "malformed"},
		"a bomb of objects":          {strings.Repeat(`{"data":`, 100_000), nil, 400, "malformed"},
		"nobody":                     {s.ofMina(2, fields{"type": 1, "name": "access"}, fields{"member": nil}), nil, 400, "malformed"},
		"no data":                    {s.ofMina(2, nil, nil), nil, 400, "malformed"},
		"a person whose id is none":  {encoded(s.interaction("mina", 2, fields{"type": 1, "name": "access"}, nil)), nil, 400, "malformed"},
	}
}

// unknown is Discord's, or could be one day, and of no use: each is answered,
// counted and changes nothing.
func (s *server) unknown() map[string]call {
	deep := any("x")
	for range 2000 {
		deep = []any{deep}
	}
	on := fields{"message": fields{"id": "1", "channel_id": discordLobby}}
	return map[string]call{
		"an interaction from the future":  {s.ofMina(17, fields{}, nil), nil, 200, "ignored"},
		"a command that is not Usher's":   {s.ofMina(2, fields{"type": 1, "name": "deploy"}, nil), nil, 200, "ignored"},
		"a menu that is not Usher's":      {s.ofMina(2, fields{"type": 2, "name": "Wave", "target_id": "1"}, nil), nil, 200, "ignored"},
		"a command of a kind to come":     {s.ofMina(2, fields{"type": 9, "name": "access"}, nil), nil, 200, "ignored"},
		"a component from the future":     {s.ofMina(3, fields{"component_type": 99, "custom_id": "approve"}, on), nil, 200, "ignored"},
		"a press without a token":         {s.ofMina(3, fields{"component_type": 2, "custom_id": "x"}, on), nil, 200, "taken"},
		"a modal with deep components":    {s.ofMina(5, fields{"custom_id": "x", "components": deep}, nil), nil, 200, "taken"},
		"a command in another server":     {s.ofMina(2, fields{"type": 1, "name": "access"}, fields{"guild_id": "700000000000000009"}), nil, 200, "otherGuild"},
		"options that are no list of any": {s.ofMina(2, fields{"type": 1, "name": "access", "options": 7}, nil), nil, 400, "malformed"},
	}
}

// Whatever comes over HTTP and is not Discord's, or of no use, is refused with
// the right status or ignored, and counted. After all of it the story goes on.
func TestMisuseOverHTTPInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "bolt", "http")
	s.start()
	s.define()
	s.try(s.forgeries())
	s.try(s.unknown())
	if lines := s.trail("mina"); len(lines) != 0 {
		t.Errorf("in the audit are %v", lines)
	}
	if n := s.counted()["panic"]; n != 0 {
		t.Errorf("%d panics", n)
	}
	if status, said := s.post(encoded(fields{"type": 1, "id": "1", "application_id": s.fake.AppID(), "token": "t"}), s.signed(0)); status != 200 || !strings.Contains(said, `"type":1`) {
		t.Errorf("a PING is answered with %d %s", status, said)
	}
	s.member("mina").ask("lab", "Lab", nil)
	nora := s.member("nora")
	nora.press(nora.card("Request: Lab", "[Approve]"), "Approve")
	s.waitHas("mina", "design")
}

// try makes all calls, one after the other: each must have its status and be
// counted once.
func (s *server) try(list map[string]call) {
	s.t.Helper()
	for name, c := range list {
		before, sign := s.counted(), c.sign
		if sign == nil {
			sign = s.signed(0)
		}
		status, said := s.post(c.body, sign)
		if status != c.status {
			s.t.Errorf("%s: status %d, want %d; %.200s", name, status, c.status, said)
		}
		after := s.counted()
		before[c.counted]++
		delete(before, "left")
		delete(after, "left") // of a server that is left at the same time
		if fmt.Sprint(before) != fmt.Sprint(after) {
			s.t.Errorf("%s: counted %v, want %v", name, after, before)
		}
	}
}

// An interaction that was recorded and is sent again, with its own body and
// signature, changes nothing, also after a restart and on another process.
func TestAReplayChangesNothingInDiscord(t *testing.T) {
	t.Parallel()
	s := newServer(t, "redis", "http")
	s.start()
	s.define()
	mina, nora := s.member("mina"), s.member("nora")
	mina.ask("lab", "Lab", nil)
	press := encoded(s.pressOf(nora.ID(), ofDiscord(nora.card("Request: Lab", "[Approve]")), "Approve"))
	for n, want := range []int{200, 409, 409} {
		if status, said := s.post(press, s.signed(0)); status != want {
			t.Errorf("%d: %d %s", n, status, said)
		}
	}
	s.waitHas("mina", "design")
	s.stop()
	s.start()
	if status, said := s.post(press, s.signed(0)); status != 200 {
		t.Errorf("on another process: %d %s", status, said)
	}
	if decided, refused := who(s.trail("mina"), engine.EventDecided), who(s.trail("mina"), engine.EventRefused); len(decided) != 1 || len(refused) != 0 {
		t.Errorf("decided have %q, refused were %q", decided, refused)
	}
}
