// Package blockkit draws Block Kit as HTML that looks like Slack's light theme,
// so that every card, modal and home can be looked at without Slack. The
// pictures in docs/slack are made of it (bot/gallery).
//
// It knows the blocks and elements that Usher uses (docs.slack.dev/reference/
// block-kit) and refuses all others, so that nothing is left out of a picture
// in silence. Whatever stands in a payload is text and never HTML.
package blockkit

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"time"
)

//go:embed slack.html
var files embed.FS

// Look says how a payload is to be seen.
type Look struct {
	// Name gives what people and channels are called, by id; nil or "": the id.
	Name func(id string) string
	// Zone is the reader's, in which moments are shown; nil: UTC.
	Zone *time.Location
	// At is when a message was posted.
	At time.Time
	// Private is a message that one person sees alone.
	Private bool
	// Errors are the sentences at the fields of a modal, by block id, as in the
	// answer to a view_submission.
	Errors map[string]string
}

// Draw draws a message ({"blocks": …}), a modal or a home as a whole page. It
// fails for what is no such payload and for every type that it does not know.
func Draw(payload []byte, look Look) ([]byte, error) {
	var root node
	if err := json.Unmarshal(payload, &root); err != nil {
		return nil, fmt.Errorf("block kit: %w", err)
	}
	if root.Type == "" {
		root.Type = "message"
	}
	if look.Zone == nil {
		look.Zone = time.UTC
	}
	p := &page{Look: look}
	t, err := template.New("slack.html").Funcs(template.FuncMap{
		"draw": p.draw, "say": p.say, "chosen": chosen, "label": p.label, "clock": p.clock, "wrong": p.wrong, "day": day, "private": p.private,
	}).ParseFS(files, "slack.html")
	if err != nil {
		return nil, fmt.Errorf("block kit: %w", err)
	}
	p.templates = t
	body, err := p.draw("surface", root)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.ExecuteTemplate(&out, "page", body)
	return out.Bytes(), err
}

// node is anything in Block Kit that has a type.
type node struct {
	Type           string   `json:"type"`
	Text           text     `json:"text"`
	Blocks         []node   `json:"blocks"`
	Elements       []node   `json:"elements"`
	Fields         []text   `json:"fields"`
	Accessory      *node    `json:"accessory"`
	BlockID        string   `json:"block_id"`
	Label          text     `json:"label"`
	Hint           text     `json:"hint"`
	Element        *node    `json:"element"`
	Optional       bool     `json:"optional"`
	Placeholder    text     `json:"placeholder"`
	Multiline      bool     `json:"multiline"`
	InitialValue   string   `json:"initial_value"`
	InitialDate    string   `json:"initial_date"`
	InitialUser    string   `json:"initial_user"`
	Options        []option `json:"options"`
	InitialOption  *option  `json:"initial_option"`
	InitialOptions []option `json:"initial_options"`
	Title          text     `json:"title"`
	Submit         text     `json:"submit"`
	Close          text     `json:"close"`
	ButtonStyle    string   `json:"style"`
}

type option struct {
	Value       string `json:"value"`
	Text        text   `json:"text"`
	Description text   `json:"description"`
}

// text is a text object. In a context and in rich text the text of an element
// is a string; its kind is the element's then.
type text struct {
	Kind string `json:"type"`
	Text string `json:"text"`
}

// UnmarshalJSON takes both forms.
func (t *text) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte(`"`)) {
		return json.Unmarshal(b, &t.Text)
	}
	type plain text
	return json.Unmarshal(b, (*plain)(t))
}

// page is one drawing under way.
type page struct {
	Look
	templates *template.Template
}

// draw draws one node by the template of its kind and type.
func (p *page) draw(kind string, n node) (template.HTML, error) {
	name := kind + " " + n.Type
	if p.templates.Lookup(name) == nil {
		return "", fmt.Errorf("block kit: there is no picture for the %s %q", kind, n.Type)
	}
	var out bytes.Buffer
	err := p.templates.ExecuteTemplate(&out, name, n)
	return template.HTML(out.String()), err // the template has escaped it
}

// label is what a person or a channel is called.
func (p *page) label(id string) string {
	if p.Name != nil {
		if name := p.Name(id); name != "" {
			return name
		}
	}
	return id
}

// clock is when the message was posted.
func (p *page) clock() string { return p.At.In(p.Zone).Format("3:04 PM") }

func (p *page) private() bool { return p.Private }

func (p *page) wrong(block string) string { return p.Errors[block] }

// chosen reports whether an option is set from the start.
func chosen(n node, o option) bool {
	if n.InitialOption != nil && n.InitialOption.Value == o.Value {
		return true
	}
	for _, i := range n.InitialOptions {
		if i.Value == o.Value {
			return true
		}
	}
	return false
}

// day is a date as a date picker shows it.
func day(iso string) string {
	if at, err := time.Parse(time.DateOnly, iso); err == nil {
		return at.Format("January 2, 2006")
	}
	return iso
}
