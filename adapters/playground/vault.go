package playground

import (
	"context"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// Vault keeps what the playground must not forget: people, messages, open
// forms and how far the clock was put forward. It is safe for concurrent use,
// also by several processes.
type Vault interface {
	// Pulse is the number of the last change, what the last changes were
	// about and the clock's offset; it is cheap.
	Pulse(ctx context.Context) (Pulse, error)
	// People lists everybody, in the order in which they joined.
	People(ctx context.Context) ([]Person, error)
	// Person returns false for an unknown id.
	Person(ctx context.Context, id string) (Person, bool, error)
	// Message returns false for an unknown ref.
	Message(ctx context.Context, ref string) (Message, bool, error)
	// Messages lists the latest messages of a place, oldest first.
	Messages(ctx context.Context, place string, max int) ([]Message, error)
	// Change loads the person and the message named ("" for none), lets edit
	// change the draft and makes it durable in one step, as one change with
	// its own number. edit is called again when somebody else was faster, so
	// it must work on the draft alone. An error of edit changes nothing; with
	// errUnchanged, Change returns no error. It returns the pulse afterwards.
	Change(ctx context.Context, person, ref string, edit func(*Draft) error) (Pulse, error)
}

// Draft is what a change works on.
type Draft struct {
	Seq     int64    // the number of this change
	Person  *Person  // nil: unknown
	Message *Message // nil: unknown
	Offset  time.Duration
	// About names what changed, for those who watch: "person/carla",
	// "channel/approvals", "people", "clock", "resources".
	About string
}

// Pulse is the heartbeat of a Vault.
type Pulse struct {
	Seq    int64         `json:"-"` // of the last change
	Offset time.Duration `json:"offset"`
	Recent []Note        `json:"recent"` // oldest first, without gaps up to Seq
}

// Note says what a change was about.
type Note struct {
	Seq   int64  `json:"seq"`
	About string `json:"about"`
}

// Person is somebody on the page. ID is the account without the chat's name.
type Person struct {
	ID       string          `json:"id"`
	Seq      int64           `json:"seq"` // of the change that added them
	Name     string          `json:"name"`
	Standing access.Standing `json:"standing"`
	Locale   string          `json:"locale"`
	Zone     string          `json:"zone"`
	Email    string          `json:"email,omitempty"`
	Manager  string          `json:"manager,omitempty"` // id
	Groups   []string        `json:"groups,omitempty"`  // without the chat's name
	Forms    string          `json:"forms"`             // name of a profile of form abilities
	Open     *OpenForm       `json:"open,omitempty"`
	Private  []Private       `json:"private,omitempty"` // oldest first
	// Answer is the id of the private message that answered the last thing
	// that they did; empty when it was answered in another way.
	Answer string `json:"answer,omitempty"`
	Sent   []Sent `json:"sent,omitempty"` // forms that went through, latest last
}

// Sent is a page of a form that went through. ID is that of the intent, Answer
// the id of the private message that answered it, if one did.
type Sent struct {
	ID     string `json:"id"`
	Form   string `json:"form"`
	Answer string `json:"answer,omitempty"`
}

// OpenForm is the page of a form that a person has before them.
type OpenForm struct {
	Seq   int64     `json:"seq"`
	Page  form.Page `json:"page"`
	Intro chat.Text `json:"intro,omitempty"`
}

// Private is a message that only one person sees. It is not kept for ever.
type Private struct {
	ID    string    `json:"id"`
	Seq   int64     `json:"seq"`
	At    time.Time `json:"at"`
	Asked string    `json:"asked,omitempty"` // the command that it answers
	Card  chat.Card `json:"card"`
	// Files are named here; their bytes are with the process that got them.
	Files []FileNote `json:"files,omitempty"`
}

// Message is a card that was posted. Place is "person/<id>" or "channel/<id>".
type Message struct {
	Ref     string    `json:"ref"`
	Seq     int64     `json:"seq"` // of the change that posted it
	Place   string    `json:"place"`
	At      time.Time `json:"at"`
	Edited  time.Time `json:"edited,omitzero"`
	Version int       `json:"version"` // counts the drawings from 1
	Deleted bool      `json:"deleted,omitempty"`
	Card    chat.Card `json:"card"`
	// Past are tokens of buttons that earlier drawings had, latest last. A
	// press may have been on its way when the card was redrawn, so it still
	// reaches the handler, as in every chat.
	Past []string `json:"past,omitempty"`
}
