package load

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// restAPI stands in for Discord's REST API: it answers at once and refuses
// nothing. adapters/discord/discordfake is the one that refuses what Discord
// refuses.
type restAPI struct {
	url string

	mu      sync.Mutex
	serial  int
	calls   int
	late    int                 // answers that were given after a first one without words
	roles   map[string][]string // by user
	unknown map[string]bool     // calls that nobody expected
}

func newRESTAPI(b *testing.B) *restAPI {
	b.Helper()
	r := &restAPI{roles: map[string][]string{}, unknown: map[string]bool{}}
	server := httptest.NewServer(r)
	b.Cleanup(server.Close)
	r.url = server.URL + "/api/v10"
	return r
}

func (r *restAPI) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.calls++
	out := r.answer(req.Method, strings.Split(strings.TrimPrefix(req.URL.Path, "/api/v10/"), "/"), req)
	r.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

// answer carries out a call. r.mu is held.
func (r *restAPI) answer(method string, path []string, req *http.Request) any {
	at := func(i int) string {
		if i < len(path) {
			return path[i]
		}
		return ""
	}
	switch {
	case at(0) == "applications" && at(1) == "@me":
		return object{"id": application, "bot": object{"id": application}}
	case at(0) == "applications": // the commands
		return []any{}
	case at(0) == "users" && at(2) == "channels":
		var in struct {
			Whose string `json:"recipient_id"`
		}
		_ = json.NewDecoder(req.Body).Decode(&in)
		return object{"id": "7" + in.Whose, "type": 1}
	case at(0) == "users":
		return object{"id": application, "username": "usher", "bot": true}
	case at(0) == "channels" && at(2) == "messages":
		return object{"id": r.snowflake()}
	case at(0) == "webhooks": // what is said later than Discord waits
		r.late++
		return object{"id": r.snowflake()}
	case at(0) == "guilds" && at(2) == "members" && at(4) == "roles":
		if method == http.MethodPut {
			r.roles[at(3)] = append(r.roles[at(3)], at(5))
		}
		return object{}
	case at(0) == "guilds" && at(2) == "members" && at(3) != "":
		return r.member(at(3))
	case at(0) == "guilds" && at(2) == "members":
		return []any{}
	case at(0) == "guilds" && at(2) == "":
		return object{"id": guild, "name": "Load", "owner_id": application, "roles": guildRoles()}
	case at(0) == "guilds" && at(2) == "roles":
		return guildRoles()
	}
	r.unknown[method+" "+req.URL.Path] = true
	return object{}
}

// snowflake is an id of this moment.
func (r *restAPI) snowflake() string {
	r.serial++
	return fmt.Sprint((time.Now().UnixMilli()-1420070400000)<<22 | int64(r.serial&(1<<22-1)))
}

func (r *restAPI) member(id string) object {
	m := member(id)
	m["roles"] = append([]string{}, r.roles[id]...)
	if id == application {
		m["roles"] = []string{botRole}
	}
	return m
}

func member(id string) object {
	return object{"user": object{"id": id, "username": "person" + id, "global_name": "Person " + id}, "roles": []string{}, "pending": false, "joined_at": "2026-01-01T00:00:00Z"}
}

// guildRoles are that of everybody, those of the rooms, and the bot's above.
func guildRoles() []any {
	all := []any{
		object{"id": guild, "name": "@everyone", "position": 0, "permissions": "1024"},
		object{"id": botRole, "name": "Usher", "position": rooms + 1, "permissions": "8", "managed": true},
	}
	for i := range rooms {
		all = append(all, object{"id": roleOf(i), "name": fmt.Sprint("Room ", i), "position": i + 1, "permissions": "0"})
	}
	return all
}

// called is how often Discord was called, and how often for a late answer.
func (r *restAPI) called() (all, late int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls, r.late
}
