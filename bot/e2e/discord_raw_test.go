package e2e

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/discord"
	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// fields are those of a JSON object.
type fields = map[string]any

// interaction is one of a member in the lobby, of a kind, with more or other
// fields; nil takes one away.
func (s *server) interaction(user string, kind int, data fields, more fields) fields {
	id := strconv.FormatInt((s.clock.Now().UnixMilli()-1420070400000)<<22|s.serial.Add(1), 10)
	p := fields{
		"id": id, "application_id": s.fake.AppID(), "type": kind, "token": "raw-" + id, "version": 1, "guild_id": discordGuild, "channel_id": discordLobby,
		"member": fields{"user": fields{"id": user, "username": "x"}, "roles": []any{}}, "locale": "en-US", "data": data,
	}
	maps.Copy(p, more)
	maps.DeleteFunc(p, func(_ string, v any) bool { return v == nil })
	return p
}

// pressOf is a press of a button of a message, which may be somebody else's.
func (s *server) pressOf(user string, m discordfake.Message, button string) fields {
	return s.interaction(user, 3, fields{"component_type": 2, "custom_id": customID(m, button)}, fields{"message": fields{"id": m.ID, "channel_id": m.Channel}})
}

// interact sends an interaction over the way that this server has.
func (s *server) interact(p fields) (status int, said string) {
	s.t.Helper()
	if s.conf.HTTP.Addr == "" {
		s.fake.Gateway().Tell(discordGuild, "INTERACTION_CREATE", p)
		return 0, ""
	}
	body, err := json.Marshal(p)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.post(string(body), s.signed(0))
}

// signed signs as Discord does, at another time.
func (s *server) signed(more time.Duration) func(*http.Request, []byte) {
	return func(r *http.Request, body []byte) { s.fake.Sign(r, s.clock.Now().Add(more), body) }
}

// post calls usher serve.
func (s *server) post(body string, sign func(*http.Request, []byte)) (status int, said string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://"+s.run.HTTP+discord.Interactions, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	sign(r, []byte(body))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatalf("it does not answer: %v", err)
	}
	data, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}
