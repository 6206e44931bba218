package discord

import (
	"encoding/json"
	"slices"
)

// kind is the type of a component ("Component Reference", Component Types).
type kind int

const (
	kindRow           kind = 1
	kindButton        kind = 2
	kindStringSelect  kind = 3
	kindTextInput     kind = 4
	kindUserSelect    kind = 5
	kindRoleSelect    kind = 6
	kindAnySelect     kind = 7 // users and roles
	kindChannelSelect kind = 8
	kindSection       kind = 9
	kindText          kind = 10
	kindGallery       kind = 12
	kindFile          kind = 13
	kindSeparator     kind = 14
	kindContainer     kind = 17
	kindLabel         kind = 18
	kindRadio         kind = 21
	kindCheckboxes    kind = 22
	kindCheckbox      kind = 23
)

// Types of interactions ("Receiving and Responding to Interactions").
const (
	typePing         = 1
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeSubmit       = 5
)

// Types of commands and of their options ("Application Commands").
const (
	commandSlash   = 1
	commandUser    = 2
	commandMessage = 3

	optionSub     = 1
	optionGroup   = 2
	optionString  = 3
	optionUser    = 6
	optionChannel = 7
)

// Flags of messages ("Message Resource").
const (
	flagPrivate      = 1 << 6 // EPHEMERAL
	flagComponentsV2 = 1 << 15
)

// What Usher reads of an interaction. Types of the library decode whole
// messages and fail on components that are newer than it; what is here takes
// anything in the places that Usher does not use.
type interaction struct {
	ID      string          `json:"id"`
	App     string          `json:"application_id"`
	Type    int             `json:"type"`
	Token   string          `json:"token"`
	Guild   string          `json:"guild_id"`
	Channel string          `json:"channel_id"`
	Member  *member         `json:"member"` // in a server
	User    *user           `json:"user"`   // in a direct message
	Locale  string          `json:"locale"`
	Context *int            `json:"context"`
	Message *seenMessage    `json:"message"` // of components and of modals that they opened
	Data    json.RawMessage `json:"data"`
}

// user is somebody, or a program.
type user struct {
	ID         string `json:"id"`
	Name       string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

// member is somebody in a server.
type member struct {
	User     user     `json:"user"`
	Nick     string   `json:"nick"`
	Roles    []string `json:"roles"`
	Pending  bool     `json:"pending"`
	TimedOut string   `json:"communication_disabled_until"` // ISO 8601, or empty
}

// seenMessage is the message that somebody did something on.
type seenMessage struct {
	ID        string `json:"id"`
	Channel   string `json:"channel_id"`
	Flags     int    `json:"flags"`
	Reference *struct {
		Message string `json:"message_id"`
		Channel string `json:"channel_id"`
	} `json:"message_reference"`
	Components json.RawMessage `json:"components"`
}

// commandData is the data of a command and of its autocompletion.
type commandData struct {
	Name    string        `json:"name"`
	Type    int           `json:"type"`
	Target  string        `json:"target_id"`
	Options []givenOption `json:"options"`
}

// givenOption is an option that was filled in, a subcommand or a group.
type givenOption struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []givenOption   `json:"options"`
	Focused bool            `json:"focused"`
}

// componentData is the data of a press or of a choice in a menu.
type componentData struct {
	CustomID string   `json:"custom_id"`
	Kind     kind     `json:"component_type"`
	Values   []string `json:"values"`
}

// submitData is the data of a modal that was sent.
type submitData struct {
	CustomID   string          `json:"custom_id"`
	Components json.RawMessage `json:"components"`
}

// held is a component of a modal that was sent, or of a message that was
// pressed on, with what it holds. What is raw has another shape in each kind.
type held struct {
	Type       kind            `json:"type"`
	CustomID   string          `json:"custom_id"`
	Label      json.RawMessage `json:"label"`
	Value      json.RawMessage `json:"value"`
	Values     json.RawMessage `json:"values"`
	Component  json.RawMessage `json:"component"`
	Components json.RawMessage `json:"components"`
	Accessory  json.RawMessage `json:"accessory"`
}

// maxDepth is how deep components are read: container, section, accessory.
// Discord nests no deeper.
const maxDepth = 4

// flatten lists components with all that is in them. What cannot be read, of a
// kind that is newer than Usher, is left out.
func flatten(list json.RawMessage, depth int) []held {
	var raws []json.RawMessage
	if depth == 0 || json.Unmarshal(list, &raws) != nil {
		return nil
	}
	var out []held
	for _, raw := range raws {
		var h held
		if json.Unmarshal(raw, &h) != nil {
			continue
		}
		out = append(out, h)
		out = append(out, flatten(h.Components, depth-1)...)
		for _, one := range []json.RawMessage{h.Component, h.Accessory} {
			out = append(out, flatten(alone(one), depth-1)...)
		}
	}
	return out
}

// alone is a list of one.
func alone(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	return slices.Concat([]byte("["), raw, []byte("]"))
}

// text reads a JSON string; anything else counts as empty.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// component is a component as it is sent. Which fields count depends on its
// Type.
type component struct {
	Type        kind           `json:"type"`
	CustomID    string         `json:"custom_id,omitempty"`
	Style       int            `json:"style,omitempty"`
	Label       string         `json:"label,omitempty"`
	Description string         `json:"description,omitempty"`
	Content     string         `json:"content,omitempty"`
	Placeholder string         `json:"placeholder,omitempty"`
	Value       string         `json:"value,omitempty"`
	MinValues   *int           `json:"min_values,omitempty"`
	MaxValues   int            `json:"max_values,omitempty"`
	MaxLength   int            `json:"max_length,omitempty"`
	Required    *bool          `json:"required,omitempty"`
	Options     []choice       `json:"options,omitempty"`
	Defaults    []defaultValue `json:"default_values,omitempty"`
	Divider     *bool          `json:"divider,omitempty"`
	Spacing     int            `json:"spacing,omitempty"`
	Color       *int           `json:"accent_color,omitempty"`
	Component   *component     `json:"component,omitempty"`
	Components  []component    `json:"components,omitempty"`
	Accessory   *component     `json:"accessory,omitempty"`
	File        *media         `json:"file,omitempty"`
	Items       []picture      `json:"items,omitempty"`

	atoms []string // of Content, which may be cut between them
}

// media names a file of the message that it is in: "attachment://<name>".
type media struct {
	URL string `json:"url"`
}

// picture is shown in a gallery.
type picture struct {
	Media       media  `json:"media"`
	Description string `json:"description,omitempty"`
}

// attachment is a file that comes with a message: the part "files[<id>]" of the
// form that it is sent in ("API Reference", Uploading Files).
type attachment struct {
	ID          int    `json:"id"`
	Name        string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// choice is an option of a menu, a radio group or a checkbox group.
type choice struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// defaultValue is who is chosen already in a menu of people.
type defaultValue struct {
	ID   string `json:"id"`
	Type string `json:"type"` // "user"
}

// Styles of buttons and of text inputs.
const (
	stylePrimary   = 1
	styleSecondary = 2
	styleDanger    = 4

	styleShort     = 1
	styleParagraph = 2
)

// message is what a card is posted, edited or answered as.
type message struct {
	Flags      int             `json:"flags"`
	Components []component     `json:"components"`
	Mentions   allowedMentions `json:"allowed_mentions"`
	// Attachments are described here and sent beside it.
	Attachments []attachment `json:"attachments,omitempty"`
	// Nonce tells a repeated post from a new one; up to 25 characters. Only
	// for posts.
	Nonce        string `json:"nonce,omitempty"`
	EnforceNonce bool   `json:"enforce_nonce,omitempty"`
}

// allowedMentions says who is called. Usher calls nobody: a card names people,
// and reaches them in its own place.
type allowedMentions struct {
	Parse []string `json:"parse"`
}

// private is the message as an answer that only one person sees. The flag is
// for sending; an edit must not have it.
func (m message) private() message {
	m.Flags |= flagPrivate
	return m
}

// modal is a form that pops up.
type modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// response is the first answer to an interaction ("Interaction Response
// Object").
type response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"` // message, modal, offered or deferred
}

// Types of responses.
const (
	respondPong     = 1
	respondMessage  = 4
	respondLater    = 5 // with a message
	respondNothing  = 6 // the message stays as it is; an edit may follow
	respondUpdate   = 7 // of the message that was pressed on
	respondComplete = 8
	respondModal    = 9
)

// deferred is the data of respondLater.
type deferred struct {
	Flags int `json:"flags"`
}

// offered is the data of respondComplete.
type offered struct {
	Choices []offer `json:"choices"`
}

// offer is one value that completes what is being typed.
type offer struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
