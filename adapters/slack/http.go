package slack

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	api "github.com/slack-go/slack"
)

// maxBody is the largest body that is taken, in bytes.
const maxBody = 1 << 20

// Handler takes Slack's deliveries over HTTP at /slack/commands,
// /slack/interactions and /slack/events. Every one must be signed with the
// signing secret, over its very body, at most five minutes ago; only the body
// counts, never the address ("Verifying requests from Slack"). Without a
// signing secret there is none: everything is 404.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	if a.o.SigningSecret != "" {
		mux.HandleFunc("POST /slack/commands", a.signed(contentForm, a.httpCommand))
		mux.HandleFunc("POST /slack/interactions", a.signed(contentForm, a.httpInteraction))
		mux.HandleFunc("POST /slack/events", a.signed(contentJSON, a.httpEvent))
	}
	return mux
}

// What Slack sends: forms to commands and interactions, JSON to events.
const (
	contentForm = "application/x-www-form-urlencoded"
	contentJSON = "application/json"
)

// signed reads the body and lets it through if it is Slack's and, as far as it
// says what it is, of the content type that is wanted.
func (a *Adapter) signed(content string, next func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer a.survive("http")
		if r.URL.RawQuery != "" {
			a.refuse(w, "malformed", http.StatusBadRequest)
			return
		}
		if said := r.Header.Get("Content-Type"); said != "" && !isContent(said, content) {
			a.refuse(w, "malformed", http.StatusUnsupportedMediaType)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooBig *http.MaxBytesError
		switch {
		case errors.As(err, &tooBig):
			a.refuse(w, "tooBig", http.StatusRequestEntityTooLarge)
		case err != nil:
			a.refuse(w, "malformed", http.StatusBadRequest)
		default:
			if why := a.verify(r.Header, body); why != "" {
				a.refuse(w, why, http.StatusUnauthorized)
				return
			}
			next(w, r, body)
		}
	}
}

func isContent(said, want string) bool {
	kind, _, err := mime.ParseMediaType(said)
	return err == nil && kind == want
}

// verify checks the signature with the library, which compares in constant
// time; "" when it is good, else "stale" or "unsigned".
func (a *Adapter) verify(h http.Header, body []byte) string {
	v, err := api.NewSecretsVerifier(h, string(a.o.SigningSecret))
	if errors.Is(err, api.ErrExpiredTimestamp) {
		return "stale"
	}
	if err != nil {
		return "unsigned"
	}
	if _, err := v.Write(body); err != nil || v.Ensure() != nil {
		return "unsigned"
	}
	return ""
}

func (a *Adapter) refuse(w http.ResponseWriter, why string, status int) {
	a.count(why)
	w.WriteHeader(status)
}

func (a *Adapter) httpCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	values, ok := readForm(body)
	if !ok {
		a.refuse(w, "malformed", http.StatusBadRequest)
		return
	}
	a.serve(w, r, func(p parser) (act, error) { return p.command(readCommand(values)) })
}

func (a *Adapter) httpInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	values, ok := readForm(body)
	if !ok || !values.Has("payload") {
		a.refuse(w, "malformed", http.StatusBadRequest)
		return
	}
	a.serve(w, r, func(p parser) (act, error) { return p.interaction([]byte(values.Get("payload"))) })
}

// readForm reads a body in which no field stands twice: it would not be certain
// which of them counts.
func readForm(body []byte) (url.Values, bool) {
	values, err := url.ParseQuery(string(body))
	for _, list := range values {
		if len(list) != 1 {
			return nil, false
		}
	}
	return values, err == nil
}

func (a *Adapter) httpEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	var d struct{ Type, Challenge string }
	if err := json.Unmarshal(body, &d); err != nil {
		a.refuse(w, "malformed", http.StatusBadRequest)
		return
	}
	if d.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, d.Challenge)
		return
	}
	a.serve(w, r, func(p parser) (act, error) { return p.event(body) })
}

// serve carries out a delivery and writes its answer. A delivery of another
// workspace is refused (a command with a sentence), one that is of no use gets
// an empty answer, so that Slack doesn't send it again. Until Run runs, Slack is told to come back.
func (a *Adapter) serve(w http.ResponseWriter, r *http.Request, understand func(parser) (act, error)) {
	p, err := a.parser(r.Context())
	if err != nil || a.running.Load() == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	in, err := understand(p)
	in, why := a.admit(r.Context(), in, err)
	switch why {
	case "malformed":
		w.WriteHeader(http.StatusBadRequest)
		return
	case "otherTeam":
		if sentence := a.notHere(in, why); sentence != nil {
			a.write(w, sentence)
		} else {
			w.WriteHeader(http.StatusForbidden)
		}
		return
	case "ignored", "repeated":
		return
	}
	answer := make(chan any, 1)
	a.take(in, func(payload any) { answer <- payload })
	a.write(w, <-answer)
}

func (a *Adapter) write(w http.ResponseWriter, payload any) {
	if payload != nil {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(payload); err != nil {
			a.o.Log.Warn().Err(err).Msg("slack: an answer could not be sent")
		}
	}
}
