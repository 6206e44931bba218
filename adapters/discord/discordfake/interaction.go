package discordfake

import "time"

// Interaction types (Interactions: Receiving and Responding).
const (
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeModal        = 5
)

// How long an interaction waits for its first response, and how long its token
// is good afterwards.
const (
	answerWithin = 3 * time.Second
	tokenLasts   = 15 * time.Minute
)

// interaction is one that was sent to the app.
type interaction struct {
	id, token string
	kind      int
	user      string
	channel   string
	guild     string
	at        time.Time
	source    *message // for components, and modals that came from one
}

// modal is a form that a person has before them.
type modal struct {
	body   object
	values map[string]any
	source *message
}

// message is a message, ephemeral ones too.
type message struct {
	id, channel, author string
	content             string
	embeds, components  []any
	flags               int
	mentions            mentions
	nonce               string
	edited              time.Time
	only                string // ephemeral: the one person who sees it
	via                 *interaction
	reply               string
}

// mentions are those that ping.
type mentions struct {
	everyone     bool
	users, roles []string
}
