// Package components draws messages and modals of Discord's components as HTML
// that looks like Discord's dark theme, so that every card and form can be
// looked at without Discord. The pictures in docs/discord are made of it
// (bot/gallery).
//
// It knows the components that Usher uses ("Component Reference") and refuses
// all others, so that nothing is left out of a picture in silence. Whatever
// stands in a payload is text and never HTML.
package components

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"time"
)

//go:embed discord.html
var files embed.FS

// Look says how a payload is to be seen.
type Look struct {
	// Name gives what people, roles and channels are called, by id; nil or "":
	// the id.
	Name func(id string) string
	// Zone is the reader's, in which moments are shown; nil: UTC.
	Zone *time.Location
	// At is when a message was posted, and the moment at which it is read.
	At time.Time
	// Typed is what somebody typed into the inputs of a modal or chose in it,
	// by custom_id; of an option its value.
	Typed map[string]string
}

// Types of answers to an interaction ("Interaction Response Object").
const (
	answerMessage = 4
	answerUpdate  = 7
	answerModal   = 9
)

// flagPrivate marks a message that one person sees alone.
const flagPrivate = 1 << 6

// Draw draws a message or a modal, by itself or as an answer to an interaction,
// as a whole page. It fails for what is neither and for every type that it does
// not know.
func Draw(payload []byte, look Look) ([]byte, error) {
	var in struct {
		surface
		Type int      `json:"type"`
		Data *surface `json:"data"`
	}
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, fmt.Errorf("components: %w", err)
	}
	s := in.surface
	switch in.Type {
	case 0:
	case answerMessage, answerUpdate, answerModal:
		if in.Data == nil {
			return nil, fmt.Errorf("components: the answer of type %d has no data", in.Type)
		}
		s = *in.Data
	default:
		return nil, fmt.Errorf("components: there is no picture for the answer of type %d", in.Type)
	}
	return look.draw(s)
}

func (l Look) draw(s surface) ([]byte, error) {
	if l.Zone == nil {
		l.Zone = time.UTC
	}
	p := &page{Look: l}
	t, err := template.New("discord.html").Funcs(template.FuncMap{
		"draw": p.draw, "say": p.say, "clock": p.clock, "colour": colour, "typed": p.typed, "chosen": p.chosen, "labels": p.labels,
	}).ParseFS(files, "discord.html")
	if err != nil {
		return nil, fmt.Errorf("components: %w", err)
	}
	p.templates = t
	name := "message"
	if s.Title != "" {
		name = "modal"
	}
	var body, out bytes.Buffer
	if err := t.ExecuteTemplate(&body, name, s); err != nil {
		return nil, err
	}
	err = t.ExecuteTemplate(&out, "page", template.HTML(body.String())) // the template has escaped it
	return out.Bytes(), err
}

// surface is a message or, with a title, a modal.
type surface struct {
	Flags      int         `json:"flags"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// Private reports whether only one person sees the message.
func (s surface) Private() bool { return s.Flags&flagPrivate != 0 }

// component is any component. Which fields count depends on its type.
type component struct {
	Type        int         `json:"type"`
	CustomID    string      `json:"custom_id"`
	Style       int         `json:"style"`
	Label       string      `json:"label"`
	Description string      `json:"description"`
	Content     string      `json:"content"`
	Placeholder string      `json:"placeholder"`
	Value       string      `json:"value"`
	Required    *bool       `json:"required"`
	Options     []option    `json:"options"`
	Defaults    []defaulted `json:"default_values"`
	Accent      *int        `json:"accent_color"`
	Component   *component  `json:"component"`
	Components  []component `json:"components"`
	Accessory   *component  `json:"accessory"`
}

// Needed reports whether a field has to be filled in. Discord says so unless it
// is told otherwise ("Component Reference", required).
func (c component) Needed() bool {
	return c.Component != nil && (c.Component.Required == nil || *c.Component.Required)
}

// Paragraph reports whether a text input has several lines.
func (c component) Paragraph() bool { return c.Style == 2 }

type option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description"`
	Default     bool   `json:"default"`
}

type defaulted struct {
	ID string `json:"id"`
}

// page is one drawing under way.
type page struct {
	Look
	templates *template.Template
}

// draw draws one component by the template of its type, and a button by that of
// its style too.
func (p *page) draw(c component) (template.HTML, error) {
	name := fmt.Sprintf("component %d", c.Type)
	if c.Type == 2 {
		name = fmt.Sprintf("button %d", c.Style)
	}
	if p.templates.Lookup(name) == nil {
		return "", fmt.Errorf("components: there is no picture for the %s", name)
	}
	var out bytes.Buffer
	err := p.templates.ExecuteTemplate(&out, name, c)
	return template.HTML(out.String()), err // the template has escaped it
}

// label is what a person, a role or a channel is called.
func (p *page) label(id string) string {
	if p.Name != nil {
		if name := p.Name(id); name != "" {
			return name
		}
	}
	return id
}

// clock is when the message was posted.
func (p *page) clock() string { return p.At.In(p.Zone).Format("1/2/06, 3:04 PM") }

// colour is the stripe of a container, which may have none.
func colour(accent *int) template.CSS {
	if accent == nil {
		return "transparent"
	}
	return template.CSS(fmt.Sprintf("#%06x", *accent&0xffffff))
}

func (p *page) typed(c component) string {
	if s := p.Typed[c.CustomID]; s != "" {
		return s
	}
	return c.Value
}

// chosen reports whether an option is set.
func (p *page) chosen(c component, o option) bool {
	if s := p.Typed[c.CustomID]; s != "" {
		return s == o.Value
	}
	return o.Default
}

// labels are those of all that is chosen in a menu.
func (p *page) labels(c component) []string {
	var out []string
	for _, o := range c.Options {
		if p.chosen(c, o) {
			out = append(out, o.Label)
		}
	}
	for _, d := range c.Defaults {
		out = append(out, "@"+p.label(d.ID))
	}
	return out
}
