package discord

import (
	"fmt"
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
)

// The limits of messages, modals and commands, in characters unless said
// otherwise; a character is a unit of UTF-16, the strictest reading ("Component
// Reference"; "Receiving and Responding to Interactions"; "Application
// Commands").
const (
	maxComponents  = 40   // of a message, with all that is in them
	maxText        = 4000 // of all texts of a message together
	maxRow         = 5    // buttons in a row
	maxButton      = 80
	maxCustomID    = 100
	maxOptions     = 25  // of a menu
	maxGroup       = 10  // of a radio or checkbox group
	minRadio       = 2   // of a radio group
	maxOption      = 100 // of its label, its value and its description
	maxPlaceholder = 100 // of a text input
	maxChoose      = 150 // placeholder of a menu
	maxInput       = 4000
	maxModalTitle  = 45
	maxModalFields = 5
	maxLabel       = 45
	maxHint        = 100 // description of a label
	maxChoices     = 25  // of a completion
	maxChoice      = 100 // of its name and its value
	maxPictures    = 10  // of a gallery
)

// checkMessage reports the first thing that Discord would refuse in a message.
// Errors name places and numbers, never texts.
func checkMessage(m message) error {
	c := limitCheck{at: "message", ids: map[string]bool{}}
	if m.Flags&flagComponentsV2 == 0 || m.Mentions.Parse == nil {
		c.fail("is not one of components, or may call people")
	}
	c.list("components", m.Components, kindText, kindContainer, kindSection, kindSeparator, kindRow, kindGallery, kindFile)
	c.at = "message"
	c.between("components in all", c.components, 1, maxComponents)
	c.between("characters in all", c.characters, 1, maxText)
	return c.err
}

// checkModal reports the first thing that Discord would refuse in a modal.
func checkModal(m modal) error {
	c := limitCheck{at: "modal", ids: map[string]bool{}}
	c.id(m.CustomID)
	c.text("title", m.Title, maxModalTitle)
	c.between("components", len(m.Components), 1, maxModalFields)
	c.list("components", m.Components, kindLabel, kindText)
	c.at = "modal"
	c.between("characters in all", c.characters, 0, maxText)
	return c.err
}

type limitCheck struct {
	at         string
	err        error
	ids        map[string]bool
	components int
	characters int // of texts
}

func (c *limitCheck) fail(what string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%s: %s", c.at, fmt.Sprintf(what, args...))
	}
}

func (c *limitCheck) between(what string, n, least, most int) {
	if n < least || n > most {
		c.fail("%d %s, not %d to %d", n, what, least, most)
	}
}

func (c *limitCheck) chars(what, s string, most int) {
	if n := chat.Length(s); n > most {
		c.fail("%s has %d characters, at most %d", what, n, most)
	}
}

func (c *limitCheck) text(what, s string, most int) {
	if blank(s) {
		c.fail("%s is empty", what)
	}
	c.chars(what, s, most)
}

func (c *limitCheck) id(id string) {
	if id == "" || c.ids[id] {
		c.fail("its custom_id is empty or there twice")
	}
	c.ids[id] = true
	c.chars("custom_id", id, maxCustomID)
}

// list checks components, which must be of these kinds.
func (c *limitCheck) list(name string, all []component, kinds ...kind) {
	at := c.at
	for i, x := range all {
		c.at = fmt.Sprintf("%s.%s[%d]", at, name, i)
		c.one(x, kinds...)
	}
	c.at = at
}

func (c *limitCheck) one(x component, kinds ...kind) {
	if !slices.Contains(kinds, x.Type) {
		c.fail("type %d does not belong here", x.Type)
	}
	c.components++
	switch x.Type {
	case kindText:
		c.text("text", x.Content, maxText)
		c.characters += chat.Length(x.Content)
	case kindContainer:
		c.between("components", len(x.Components), 1, maxComponents)
		c.list("components", x.Components, kindText, kindSection, kindSeparator, kindRow)
	case kindSection:
		c.section(x)
	case kindRow:
		c.between("buttons", len(x.Components), 1, maxRow)
		c.list("components", x.Components, kindButton)
	case kindButton:
		c.id(x.CustomID)
		c.text("label", x.Label, maxButton)
		c.between("style", x.Style, stylePrimary, styleDanger)
	case kindLabel:
		c.label(x)
	case kindSeparator:
	case kindGallery:
		c.between("pictures", len(x.Items), 1, maxPictures)
	case kindFile:
		if x.File == nil {
			c.fail("has no file")
		}
	default:
		c.input(x)
	}
}

func (c *limitCheck) section(x component) {
	c.between("texts", len(x.Components), 1, 3)
	c.list("components", x.Components, kindText)
	if x.Accessory == nil {
		c.fail("has no accessory")
		return
	}
	c.list("accessory", []component{*x.Accessory}, kindButton)
}

func (c *limitCheck) label(x component) {
	c.text("label", x.Label, maxLabel)
	c.chars("description", x.Description, maxHint)
	if x.Component == nil {
		c.fail("has no component")
		return
	}
	c.list("component", []component{*x.Component}, kindTextInput, kindStringSelect, kindUserSelect, kindRadio, kindCheckboxes)
}

// input checks what is filled in.
func (c *limitCheck) input(x component) {
	c.id(x.CustomID)
	switch x.Type {
	case kindTextInput:
		c.between("style", x.Style, styleShort, styleParagraph)
		c.chars("value", x.Value, maxInput)
		c.chars("placeholder", x.Placeholder, maxPlaceholder)
		c.between("characters at most", max(x.MaxLength, 1), 1, maxInput)
	case kindStringSelect:
		c.chars("placeholder", x.Placeholder, maxChoose)
		c.options(x, 1, maxOptions)
	case kindRadio:
		c.options(x, minRadio, maxGroup)
	case kindCheckboxes:
		c.options(x, 1, maxGroup)
	case kindUserSelect:
		c.chars("placeholder", x.Placeholder, maxChoose)
		c.between("people chosen", len(x.Defaults), 0, 1)
	}
	if x.Required != nil && *x.Required && x.MinValues != nil && *x.MinValues < 1 {
		c.fail("is required and may have none")
	}
}

func (c *limitCheck) options(x component, least, most int) {
	c.between("options", len(x.Options), least, most)
	seen, chosen := map[string]bool{}, 0
	for _, o := range x.Options {
		c.text("option", o.Label, maxOption)
		c.chars("description", o.Description, maxOption)
		if c.chars("value", o.Value, maxOption); o.Value == "" || seen[o.Value] {
			c.fail("an option's value is empty or there twice")
		}
		seen[o.Value] = true
		if o.Default {
			chosen++
		}
	}
	if x.Type != kindCheckboxes {
		c.between("options chosen", chosen, 0, max(x.MaxValues, 1))
	}
}
