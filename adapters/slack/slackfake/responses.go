package slackfake

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// A response_url takes five answers in thirty minutes
// (docs.slack.dev/interactivity/handling-user-interaction#message_responses).
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

type responseURL struct {
	user, channel string
	source        *message // what was pressed; nil for commands
	at            time.Time
	uses          int
}

// newResponseURL makes a response_url. f.mu is held.
func (f *Fake) newResponseURL(user, channel string, source *message) string {
	id := secret()
	f.urls[id] = &responseURL{user: user, channel: channel, source: source, at: f.clock.Now()}
	return strings.TrimSuffix(f.URL, "api/") + "respond/" + id
}

// serveResponse takes an answer at a response_url: "ok", or an error with 404
// when it is used up or expired.
func (f *Fake) serveResponse(w http.ResponseWriter, r *http.Request) {
	const name = "response_url"
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var values object
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	bad := kind != "application/json" || json.Unmarshal(body, &values) != nil
	a := args{values: values}
	fault := f.takeFault(name, a)
	if f.hold(r.Context(), fault) != nil {
		panic(http.ErrAbortHandler)
	}
	if fault.before() {
		f.fail(w, name, a, fault)
		return
	}
	status, code := http.StatusBadRequest, "invalid_payload"
	if !bad {
		status, code = f.respond(r.PathValue("id"), &a)
	}
	if fault != nil && fault.After {
		f.fail(w, name, a, fault)
		return
	}
	f.note(name, a, status, code)
	if code == "" {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte("ok"))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(object{"ok": false, "error": code})
}

func (f *Fake) respond(id string, a *args) (status int, code string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a.at = f.clock.Now()
	u := f.urls[id]
	switch {
	case u == nil || a.at.Sub(u.at) > responseLife:
		return http.StatusNotFound, "expired_url"
	case u.uses >= responseUses:
		return http.StatusNotFound, "used_url"
	}
	if err := f.answer(u, *a); err != nil {
		return http.StatusBadRequest, err.Error()
	}
	u.uses++
	f.touch()
	return http.StatusOK, ""
}

// answer shows what was sent to a response_url or in answer to a command.
func (f *Fake) answer(u *responseURL, a args) error {
	if a.flag("delete_original") && u.source != nil {
		f.drop(u.source)
		return nil
	}
	if a.flag("replace_original") && u.source != nil {
		next := *u.source
		next.edited = true
		if err := f.content(&next, a, 40_000); err != nil {
			return err
		}
		*u.source = next
		return nil
	}
	m := &message{channel: u.channel, user: BotUser, only: u.user, thread: a.text("thread_ts")}
	if err := f.content(m, a, 40_000); err != nil {
		return err
	}
	m.ts = f.ts()
	if a.text("response_type") == "in_channel" {
		m.only = ""
		f.messages[m.channel] = append(f.messages[m.channel], m)
		return nil
	}
	who := f.users[u.user]
	who.ephemeral = append(who.ephemeral, m)
	return nil
}

func (f *Fake) drop(m *message) {
	if m.only == "" {
		f.remove(m)
		return
	}
	who := f.users[m.only]
	kept := who.ephemeral[:0]
	for _, e := range who.ephemeral {
		if e != m {
			kept = append(kept, e)
		}
	}
	who.ephemeral = kept
}
