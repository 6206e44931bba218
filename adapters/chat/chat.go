// Package chat is the neutral language between Usher and the chats: texts and
// cards that go out, intents that come in, replies, and the port that every
// chat adapter implements. Nothing in it knows a platform.
package chat

import (
	"context"
	"time"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// SpanKind is the kind of a piece of text.
type SpanKind string

const (
	Plain   SpanKind = "plain"
	Strong  SpanKind = "strong"
	Code    SpanKind = "code"
	Link    SpanKind = "link"    // Text shown, URL behind it
	Mention SpanKind = "mention" // Person; Text is the name, for where no mention can be made
	Moment  SpanKind = "moment"  // At, shown in the reader's zone; Text is the fallback in UTC
)

// MomentStyle says how a moment is shown.
type MomentStyle string

const (
	DateTime MomentStyle = "dateTime" // 17 September 2026, 18:00
	DateOnly MomentStyle = "date"     // 17 September 2026
	Relative MomentStyle = "relative" // in 3 days
)

// Span is a piece of text. Each renderer escapes Text for its own chat.
type Span struct {
	Kind   SpanKind        `json:"kind"`
	Text   string          `json:"text,omitempty"`
	URL    string          `json:"url,omitempty"`
	Person access.PersonID `json:"person,omitempty"`
	At     time.Time       `json:"at,omitzero"`
	Style  MomentStyle     `json:"style,omitempty"`
}

// Text is a run of spans; never a markup string. "\n" breaks a line.
type Text []Span

// Say makes a plain Text.
func Say(s string) Text { return Text{{Kind: Plain, Text: s}} }

// Plain is the text without any mark-up: for notifications, logs and tests.
func (t Text) Plain() string {
	out := ""
	for _, s := range t {
		out += s.Text
	}
	return out
}

// Tone is the mood of a card: a colour, an icon.
type Tone string

const (
	ToneNeutral Tone = "neutral"
	ToneWaiting Tone = "waiting" // somebody has to do something
	ToneGood    Tone = "good"
	ToneBad     Tone = "bad"
	ToneOver    Tone = "over" // finished, nothing to do any more
)

// Card is a message.
type Card struct {
	// Summary is one plain line for notifications and screen readers.
	Summary string   `json:"summary"`
	Title   string   `json:"title,omitempty"`
	Tone    Tone     `json:"tone,omitempty"`
	Blocks  []Block  `json:"blocks,omitempty"`
	Buttons []Button `json:"buttons,omitempty"`
}

// Block is one part of a card: exactly one of Text, Fields, Items, Divider is
// set. Small is for what is said by the way.
type Block struct {
	Heading string `json:"heading,omitempty"`
	Text    Text   `json:"text,omitempty"`
	Fields  []Fact `json:"fields,omitempty"`
	Items   []Text `json:"items,omitempty"`
	Divider bool   `json:"divider,omitempty"`
	Small   bool   `json:"small,omitempty"`
	// Buttons belong to this block (a row of a list).
	Buttons []Button `json:"buttons,omitempty"`
}

// Fact is a label with a value.
type Fact struct {
	Label string `json:"label"`
	Value Text   `json:"value"`
}

// ButtonStyle is how a button looks.
type ButtonStyle string

const (
	StylePlain   ButtonStyle = ""
	StylePrimary ButtonStyle = "primary"
	StyleDanger  ButtonStyle = "danger"
)

// Button is something to press. Token is an address, never a permission.
type Button struct {
	Label string      `json:"label"`
	Token string      `json:"token"`
	Style ButtonStyle `json:"style,omitempty"`
	// Confirm, when set, is asked before the press counts.
	Confirm string `json:"confirm,omitempty"`
}

// Who is an authenticated account in an authenticated tenant. Only an adapter
// makes one, from what its platform has proven.
type Who struct {
	Tenant  access.TenantID
	Account access.Account
	// Locale and Zone as the platform tells them with the intent; empty where
	// it doesn't.
	Locale string
	Zone   string
}

// Intent is what a person did: Invoked, Pressed, Filled, Searched or Replied. ID is the
// platform's own id for it, the same when the platform repeats it.
type Intent interface{ intent() }

// Invoked: a slash command ("access" or "access-admin") with what was typed
// after it, or a shortcut.
type Invoked struct {
	Who     Who
	ID      string
	Command string
	Text    string // mentions of people are written as "@<account>"
	Link    string // the message that it was invoked on
}

// Pressed: a button.
type Pressed struct {
	Who   Who
	ID    string
	Token string
	Ref   string // of the message with the button
}

// Filled: a page of a form, sent; or, with Live, a changed field of it.
type Filled struct {
	Who    Who
	ID     string
	Form   string
	Page   int
	Values form.Values
	Live   bool
}

// Searched: a person is typing into a searching field, or (Form empty) after a
// slash command. The reply is Offer.
type Searched struct {
	Who     Who
	Form    string
	Field   string
	Command string
	Query   string
}

// Replied: somebody wrote below a card (in its thread). It is kept with the
// request and shown to later approvers. The reply is Nothing, and what cannot be
// kept is ignored; Tell when the person should know that it is not, where a chat
// can say so to them alone.
type Replied struct {
	Who  Who
	ID   string
	Ref  string // of the card
	Text string
}

func (Replied) intent()  {}
func (Invoked) intent()  {}
func (Pressed) intent()  {}
func (Filled) intent()   {}
func (Searched) intent() {}

// Reply is what an intent is answered with: Nothing, Tell, Show or Offer. It is
// private to whoever did it.
type Reply interface{ reply() }

type (
	// Nothing: the cards say it.
	Nothing struct{}
	// Tell is a private message, with files that only the same person gets.
	Tell struct {
		Card  Card
		Files []File
	}
	// Show is a page of a form. Intro stands above the fields. Continue is the
	// token that asks for the same page again, for chats that need a press
	// between two pages. With Page.Errors it is a rejection: the fields keep
	// what was typed. Kept is how long what was filled in is kept.
	Show struct {
		Page     form.Page
		Intro    Text
		Continue string
		Kept     time.Duration
	}
	// Offer answers Searched; at most 25 options.
	Offer struct{ Options []form.Option }
)

// File is something to keep or to look at: a table (text/csv), a picture
// (image/png).
type File struct {
	Name string // with an extension: "who-has-what.csv"
	Type string // a media type
	Data []byte // at most MaxFile
}

// MaxFile is the largest file in bytes: Discord takes 10 MiB from bots in
// servers without boosts ("Uploading Files", File Limits), Slack more.
const MaxFile = 8 << 20

func (Nothing) reply() {}
func (Tell) reply()    {}
func (Show) reply()    {}
func (Offer) reply()   {}

// Handler takes intents; adapters/desk implements it. It never panics and
// never returns nil; it answers within the context's deadline.
type Handler interface {
	Handle(ctx context.Context, in Intent) Reply
}

// EffectID is the same at each attempt to post the same card.
type EffectID string

// Adapter is one chat. Implementations pass chattest.
type Adapter interface {
	// Name is the configured name of the chat, the part of an Account before
	// the slash.
	Name() string
	// Caps is what its forms can do for this account. An adapter whose people
	// all have the same ignores the argument.
	Caps(access.Account) form.Caps
	// Run takes intents until ctx ends.
	Run(ctx context.Context, h Handler) error
	// Post puts a card into a place and returns a name for the message. A
	// repeat with the same id returns the same message where the platform
	// can tell. Errors are *access.Fault.
	Post(ctx context.Context, id EffectID, to Address, c Card) (ref string, err error)
	// Edit redraws a message. Idempotent. access.ErrGone or *access.Fault.
	Edit(ctx context.Context, ref string, c Card) error
}

// Address is where a card goes: exactly one of the two is set.
type Address struct {
	Account access.Account
	Channel access.Channel
}
