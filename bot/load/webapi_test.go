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

// webAPI stands in for Slack's Web API: it answers at once, refuses nothing,
// and remembers what jobs have to know. adapters/slack/slackfake is the one
// that refuses what Slack refuses; here it would be what is measured.
type webAPI struct {
	url string

	mu      sync.Mutex
	serial  int
	last    time.Time
	members map[string]map[string]bool // by channel
	cards   map[string]card            // with an Approve button, by the requestor's id
	modals  map[string]json.RawMessage // by trigger
	told    map[string]string          // privately, by the name in the response_url
	unknown map[string]bool            // methods that nobody expected
}

// card is a message that waits for a decision.
type card struct {
	channel, ts, token string
	blocks             json.RawMessage
}

func newWebAPI(b *testing.B) *webAPI {
	b.Helper()
	w := &webAPI{
		last: time.Now(), members: map[string]map[string]bool{}, cards: map[string]card{},
		modals: map[string]json.RawMessage{}, told: map[string]string{}, unknown: map[string]bool{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.call)
	mux.HandleFunc("/respond/{name}", w.respond)
	server := httptest.NewServer(mux)
	b.Cleanup(server.Close)
	w.url = server.URL
	return w
}

type object = map[string]any

func (w *webAPI) call(rw http.ResponseWriter, r *http.Request) {
	form := r.FormValue
	var sent struct {
		Trigger string          `json:"trigger_id"`
		View    json.RawMessage `json:"view"`
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.NewDecoder(r.Body).Decode(&sent)
	}
	w.mu.Lock()
	w.last = time.Now()
	out := w.answer(r.PathValue("method"), form, sent.Trigger, sent.View)
	w.mu.Unlock()
	out["ok"] = true
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(out)
}

// answer carries out a method. w.mu is held.
func (w *webAPI) answer(method string, form func(string) string, trigger string, view json.RawMessage) object {
	switch method {
	case "auth.test":
		return object{"team_id": team, "user_id": "U0USHER", "bot_id": "B0USHER"}
	case "users.info":
		return object{"user": user(form("user"))}
	case "users.list":
		return object{"members": []any{}}
	case "usergroups.list":
		return object{"usergroups": []any{}}
	case "users.conversations", "conversations.history":
		return object{"channels": []any{}, "messages": []any{}}
	case "conversations.open":
		return object{"channel": object{"id": "D" + form("users")}}
	case "conversations.members":
		return w.membersOf(form("channel"), form("cursor"))
	case "conversations.invite":
		w.join(form("channel"), form("users"))
		return object{"channel": object{"id": form("channel")}}
	case "chat.postMessage":
		return w.post(form("channel"), form("blocks"))
	case "chat.update":
		return object{"channel": form("channel"), "ts": form("ts")}
	case "views.open":
		w.modals[trigger] = view
		return object{"view": object{"id": "V" + trigger, "hash": "1"}}
	case "views.update":
		return object{"view": object{"id": "V", "hash": "1"}}
	}
	w.unknown[method] = true
	return object{}
}

func user(id string) object {
	return object{
		"id": id, "team_id": team, "name": strings.ToLower(id), "real_name": "Person " + id, "tz": "Europe/Berlin", "locale": "en-US",
		"profile": object{"display_name": "Person " + id, "real_name": "Person " + id},
	}
}

// membersOf pages as Slack does: 200 at a time.
func (w *webAPI) membersOf(channel, cursor string) object {
	const page = 200
	from := 0
	_, _ = fmt.Sscan(cursor, &from)
	ids := make([]string, 0, page)
	n, next := 0, ""
	for id := range w.members[channel] {
		if n >= from && len(ids) < page {
			ids = append(ids, id)
		}
		n++
	}
	if from+page < n {
		next = fmt.Sprint(from + page)
	}
	return object{"members": ids, "response_metadata": object{"next_cursor": next}}
}

func (w *webAPI) join(channel, id string) {
	if w.members[channel] == nil {
		w.members[channel] = map[string]bool{}
	}
	w.members[channel][id] = true
}

// post remembers a card on which somebody can be let in.
func (w *webAPI) post(channel, blocks string) object {
	w.serial++
	ts := fmt.Sprintf("1790000000.%06d", w.serial)
	if _, rest, ok := strings.Cut(blocks, `"value":"approve~`); ok {
		rest, _, _ = strings.Cut(rest, `"`)
		requestor, _, _ := strings.Cut(strings.TrimPrefix(rest, tenant+"~slack:"), "~")
		w.cards[requestor] = card{channel, ts, "approve~" + rest, json.RawMessage(blocks)}
	}
	return object{"channel": channel, "ts": ts}
}

// respond takes what is said to one person.
func (w *webAPI) respond(_ http.ResponseWriter, r *http.Request) {
	var said struct{ Text string }
	_ = json.NewDecoder(r.Body).Decode(&said)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = time.Now()
	w.told[r.PathValue("name")] = said.Text
}

func (w *webAPI) heard(name string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told[name]
}

func (w *webAPI) modal(trigger string) json.RawMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.modals[trigger]
}

func (w *webAPI) cardOf(requestor string) (card, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, ok := w.cards[requestor]
	return c, ok
}

func (w *webAPI) settled() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}
