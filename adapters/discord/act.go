package discord

import (
	"fmt"

	"github.com/usher-dev/usher/adapters/chat"
)

// surface is where somebody did something; it decides how they are answered.
type surface string

const (
	onPing    surface = "ping"    // Discord asks whether we are there
	onCommand surface = "command" // a slash command
	onMenu    surface = "menu"    // of a person or of a message
	onMessage surface = "message" // a button
	onAsk     surface = "ask"     // a button that has to ask first whether they are sure
	onYes     surface = "yes"     // the Yes below that question: a press like any other
	onNo      surface = "no"      // the No below it
	onSubmit  surface = "submit"  // a modal was sent
	onSearch  surface = "search"  // something is being typed after a command
)

// act is one interaction, understood.
type act struct {
	Surface surface
	// Intent is nil for onPing, onAsk and onNo, which painter.own answers, and
	// for what is ignored.
	Intent  chat.Intent
	Ignored string // why

	ID      string  // of the interaction
	Token   string  // to answer with, for 15 minutes; not the token of a button
	App     string  // the application that it is for
	User    string  // Discord's id of who did it
	Guild   string  // the server; empty in a direct message
	Channel string  // where they did it
	Message string  // on which message, if on one
	Private bool    // the message is one that only they see
	Locale  string  // of the person, as "de" or "en-US"
	Member  *member // who they are in the server; nil in a direct message

	asked sure // of onAsk
}

// sure is what a button that has to ask first says and means.
type sure struct {
	label string // of the button; empty when it is not known
	token string
}

// ignore keeps who and where, so that they can be told.
func (a act) ignore(why string, args ...any) act {
	a.Intent, a.Ignored = nil, fmt.Sprintf(why, args...)
	return a
}
