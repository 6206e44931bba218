package slack

import (
	"errors"
	"fmt"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
)

// The limits of Block Kit, in characters unless said otherwise; a character is
// a unit of UTF-16, the strictest reading ("Block Kit
// reference", "Views", chat.postMessage).
const (
	maxMessageBlocks   = 50
	maxViewBlocks      = 100
	maxHeader          = 150
	maxSection         = 3000
	maxFields          = 10
	maxField           = 2000
	maxContextElements = 10
	maxActions         = 25
	maxButtonText      = 75
	maxButtonValue     = 2000
	maxID              = 255 // of action_id and block_id
	maxOptions         = 100
	maxGroupOptions    = 10 // of radio buttons and checkboxes
	maxOptionText      = 75
	maxOptionValue     = 150
	maxPlaceholder     = 150
	maxConfirmTitle    = 100
	maxConfirmText     = 300
	maxConfirmButton   = 30
	maxInputText       = 3000
	maxInputLabel      = 2000
	maxHint            = 2000
	maxViewTitle       = 24 // and submit and close
	maxMetadata        = 3000
	maxText            = 4000 // of a message, for notifications
	maxSocketAnswer    = 19 << 10
)

// clip leaves away blocks in the middle, and says so, until they are at most
// limit. The last tail blocks stay: they hold the buttons.
func (p painter) clip(blocks []api.Block, tail, limit int) []api.Block {
	if len(blocks) <= limit {
		return blocks
	}
	more := api.NewContextBlock("", mrkdwnObject(p.words["more"]))
	head := append([]api.Block{}, blocks[:limit-tail-1]...)
	return append(append(head, more), blocks[len(blocks)-tail:]...)
}

// checkBlocks reports the first thing that Slack would refuse. Errors name
// places and numbers, never texts.
func checkBlocks(blocks []api.Block, limit int) error {
	c := limitCheck{ids: map[string]bool{}}
	c.count("blocks", len(blocks), limit)
	for i, b := range blocks {
		c.at = fmt.Sprintf("blocks[%d]", i)
		c.unique("block_id", b.ID())
		c.block(b)
	}
	return c.err
}

// checkModal checks a modal with its blocks.
func checkModal(v api.ModalViewRequest) error {
	c := limitCheck{at: "view"}
	c.text("title", v.Title, maxViewTitle)
	for name, text := range map[string]*api.TextBlockObject{"submit": v.Submit, "close": v.Close} {
		if text != nil {
			c.text(name, text, maxViewTitle)
		}
	}
	c.chars("private_metadata", v.PrivateMetadata, maxMetadata)
	return errors.Join(c.err, checkBlocks(v.Blocks.BlockSet, maxViewBlocks))
}

type limitCheck struct {
	at  string
	err error
	ids map[string]bool
}

func (c *limitCheck) fail(what string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%s: %s", c.at, fmt.Sprintf(what, args...))
	}
}

func (c *limitCheck) count(what string, n, limit int) {
	if n > limit {
		c.fail("%d %s, at most %d", n, what, limit)
	}
}

func (c *limitCheck) chars(what, s string, limit int) {
	if n := chat.Length(s); n > limit {
		c.fail("%s has %d characters, at most %d", what, n, limit)
	}
}

func (c *limitCheck) text(what string, t *api.TextBlockObject, limit int) {
	if t == nil || t.Text == "" {
		c.fail("%s is empty", what)
		return
	}
	c.chars(what, t.Text, limit)
}

func (c *limitCheck) unique(what, id string) {
	if id == "" {
		return
	}
	if c.chars(what, id, maxID); c.ids[what+id] {
		c.fail("%s %q is there twice", what, id)
	}
	c.ids[what+id] = true
}

func (c *limitCheck) block(b api.Block) {
	switch b := b.(type) {
	case *api.HeaderBlock:
		c.text("header", b.Text, maxHeader)
	case *api.SectionBlock:
		c.section(b)
	case *api.ContextBlock:
		c.count("elements", len(b.ContextElements.Elements), maxContextElements)
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*api.TextBlockObject); ok {
				c.text("context", t, maxSection)
			}
		}
	case *api.ActionBlock:
		c.count("elements", len(b.Elements.ElementSet), maxActions)
		for _, e := range b.Elements.ElementSet {
			c.element(e)
		}
	case *api.InputBlock:
		c.text("label", b.Label, maxInputLabel)
		if b.Hint != nil {
			c.text("hint", b.Hint, maxHint)
		}
		c.element(b.Element)
	case *api.RichTextBlock:
		c.count("empty texts", 1-min(len(b.Elements), 1), 0)
	case *api.DividerBlock:
	default:
		c.fail("%s is not a block of ours", b.BlockType())
	}
}

func (c *limitCheck) section(b *api.SectionBlock) {
	if b.Text != nil || len(b.Fields) == 0 {
		c.text("section", b.Text, maxSection)
	}
	c.count("fields", len(b.Fields), maxFields)
	for _, f := range b.Fields {
		c.text("field", f, maxField)
	}
	if b.Accessory != nil && b.Accessory.ButtonElement != nil {
		c.element(b.Accessory.ButtonElement)
	}
}

func (c *limitCheck) element(e api.BlockElement) {
	switch e := e.(type) {
	case *api.ButtonBlockElement:
		c.unique("action_id", e.ActionID)
		c.text("button", e.Text, maxButtonText)
		c.chars("value", e.Value, maxButtonValue)
		if e.Confirm != nil {
			c.text("confirm title", e.Confirm.Title, maxConfirmTitle)
			c.text("confirm text", e.Confirm.Text, maxConfirmText)
			c.text("confirm", e.Confirm.Confirm, maxConfirmButton)
			c.text("deny", e.Confirm.Deny, maxConfirmButton)
		}
	case *api.SelectBlockElement:
		c.unique("action_id", e.ActionID)
		c.options(e.Options, maxOptions)
	case *api.MultiSelectBlockElement:
		c.unique("action_id", e.ActionID)
		c.options(e.Options, maxOptions)
	case *api.RadioButtonsBlockElement:
		c.unique("action_id", e.ActionID)
		c.options(e.Options, maxGroupOptions)
	case *api.CheckboxGroupsBlockElement:
		c.unique("action_id", e.ActionID)
		c.options(e.Options, maxGroupOptions)
	case *api.PlainTextInputBlockElement:
		c.unique("action_id", e.ActionID)
		c.count("characters at most", e.MaxLength, maxInputText)
		c.chars("initial_value", e.InitialValue, maxInputText)
	case *api.NumberInputBlockElement:
		c.unique("action_id", e.ActionID)
	case *api.DatePickerBlockElement:
		c.unique("action_id", e.ActionID)
	default:
		c.fail("%T is not an element of ours", e)
	}
}

func (c *limitCheck) options(list []*api.OptionBlockObject, limit int) {
	c.count("options", len(list), limit)
	seen := map[string]bool{}
	for _, o := range list {
		c.text("option", o.Text, maxOptionText)
		if o.Description != nil {
			c.text("description", o.Description, maxOptionText)
		}
		if c.chars("option value", o.Value, maxOptionValue); o.Value == "" || seen[o.Value] {
			c.fail("an option's value is empty or there twice")
		}
		seen[o.Value] = true
	}
}
