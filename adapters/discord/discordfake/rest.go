package discordfake

import (
	"net/http"
	"time"
)

// Call is one call of the REST API, as it was answered.
type Call struct {
	Method, Path string // without /api/v10
	Body         string
	Reason       string // X-Audit-Log-Reason, decoded
	At           time.Time
	Status       int
	Code         int // Discord's error code; 0 when it was done
}

// Fault makes calls go wrong.
type Fault struct{}

// authorized lets a call through to do if it carries the bot's token, and
// counts it like every call.
func (f *Fake) authorized(do http.HandlerFunc) http.HandlerFunc { return do }

func (f *Fake) serve(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }

// direct is the conversation of the app with a person, made when there is none.
// f.mu is held.
func (f *Fake) direct(user string) *channel {
	for _, c := range f.channels {
		if c.with == user {
			return c
		}
	}
	c := &channel{Channel: Channel{ID: f.id(), Kind: Direct}, with: user}
	f.channels[c.ID] = c
	return c
}
