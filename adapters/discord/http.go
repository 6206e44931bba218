package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	// Interactions is the path of the interactions endpoint.
	Interactions = "/discord/interactions"
	// maxBody is the largest body that is taken, in bytes.
	maxBody = 1 << 20
	// signedWithin is how old a signature may be, or how far ahead. Discord
	// names no time; five minutes are what Slack asks for.
	signedWithin = 5 * time.Minute
)

// Handler takes Discord's interactions over HTTP at Interactions. Every one
// must be signed with the application's key over the time and its very body, at
// most five minutes ago ("Interactions Overview", Validating Security Request
// Headers). Without a public key there is no such place: everything is 404.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	if a.key != nil {
		mux.HandleFunc("POST "+Interactions, a.serve)
	}
	return mux
}

func (a *Adapter) serve(w http.ResponseWriter, r *http.Request) {
	defer a.survive("http")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		a.refuse(w, "tooBig", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		a.refuse(w, "malformed", http.StatusBadRequest)
		return
	}
	if why := a.verify(r.Header, body); why != "" {
		a.refuse(w, why, http.StatusUnauthorized)
		return
	}
	a.answer(w, r, body)
}

// verify checks the signature; "" when it is good, else "stale" or "unsigned".
func (a *Adapter) verify(h http.Header, body []byte) string {
	at := h.Get("X-Signature-Timestamp")
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	if err != nil || len(signature) != ed25519.SignatureSize || at == "" {
		return "unsigned"
	}
	if !ed25519.Verify(a.key, append([]byte(at), body...), signature) {
		return "unsigned"
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	if age := a.now().Sub(time.Unix(seconds, 0)); err != nil || age > signedWithin || age < -signedWithin {
		return "stale"
	}
	return ""
}

func (a *Adapter) refuse(w http.ResponseWriter, why string, status int) {
	a.count(why)
	w.WriteHeader(status)
}

// answer carries out an interaction and writes its first answer. A repeated one
// is refused: its answer was given. Until it is known whose bot this is,
// Discord is told that nobody is there.
func (a *Adapter) answer(w http.ResponseWriter, r *http.Request, body []byte) {
	answer := make(chan response, 1)
	why := a.receive(r.Context(), body, func(_ act, r response) error {
		answer <- r
		return nil
	})
	select {
	case first := <-answer:
		a.write(w, first)
		return
	default:
	}
	switch why {
	case "repeated":
		w.WriteHeader(http.StatusConflict)
	case "unknown":
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
}

func (a *Adapter) write(w http.ResponseWriter, first response) {
	data, err := encoded(first)
	if err != nil {
		a.o.Log.Error().Err(err).Msg("discord: an answer cannot be written")
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(data); err != nil {
		a.o.Log.Warn().Err(err).Msg("discord: an answer could not be sent")
	}
}
