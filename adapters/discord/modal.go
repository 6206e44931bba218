package discord

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// few is up to how many options of one are shown at once.
const few = 5

// caps is what a modal can ask. Numbers, dates and moments are typed; menus
// that search as people type are not to be had in modals.
func caps() form.Caps {
	return form.Caps{
		Echo: true, PageFields: maxModalFields, MaxOptions: maxOptions, TitleMax: maxModalTitle, LabelMax: maxLabel, HintMax: maxHint, AreaMax: maxInput,
		Kinds: []form.Kind{
			form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person,
		},
	}
}

// form draws a page of a form as a modal. The intro stands above the first
// page, if there is room for it.
func (p painter) form(s chat.Show) modal {
	m := modal{
		CustomID: modalID(s.Page.Form, s.Page.Number),
		Title:    plain(s.Page.Title, maxModalTitle, "Usher"),
	}
	if intro := p.intro(s); intro != "" && hasRoom(s) {
		m.Components = append(m.Components, component{Type: kindText, Content: intro})
	}
	for _, f := range s.Page.Fields {
		m.Components = append(m.Components, p.field(f, s.Page.Errors[f.ID]))
	}
	if len(m.Components) == 0 {
		m.Components = []component{{Type: kindText, Content: escape(m.Title)}}
	}
	return m
}

// intro is what stands above the first page of a form.
func (p painter) intro(s chat.Show) string {
	if s.Page.Number > 1 {
		return ""
	}
	t := strings.TrimSpace(fit(p.markdown(s.Intro), maxText, p.words["more"]))
	if blank(t) {
		return ""
	}
	return t
}

// hasRoom reports whether an intro has a place in the modal of a page.
func hasRoom(s chat.Show) bool { return len(s.Page.Fields) < maxModalFields }

// field draws one field. A mistake that is known stands in place of the hint.
func (p painter) field(f form.Field, wrong string) component {
	hint := f.Hint
	if wrong != "" {
		hint = "⚠ " + wrong
	}
	e := p.element(f)
	e.CustomID = f.ID
	if !f.Required { // Discord takes it for granted
		e.Required = new(bool)
	}
	return component{
		Type: kindLabel, Label: plain(f.Label, maxLabel, f.ID), Description: plain(hint, maxHint, ""), Component: &e,
	}
}

func (p painter) element(f form.Field) component {
	switch f.Kind {
	case form.One:
		return p.one(f)
	case form.Many:
		return p.many(f)
	case form.Flag:
		if len(f.Options) == 0 {
			f.Options = []form.Option{{Value: "yes", Label: p.words["flag.yes"]}, {Value: "no", Label: p.words["flag.no"]}}
		}
		return p.one(f)
	case form.Person:
		e := component{Type: kindUserSelect, Placeholder: p.choose(f), MinValues: atLeast(f), MaxValues: 1}
		if id := userOf(p.chat, value(f)); id != "" {
			e.Defaults = []defaultValue{{ID: id, Type: "user"}}
		}
		return e
	}
	return p.input(f)
}

// input draws what is typed. Dates come with an example.
func (p painter) input(f form.Field) component {
	e := component{Type: kindTextInput, Style: styleShort, Value: chat.Cut(value(f), maxInput), MaxLength: maxInput}
	if f.Kind == form.Area || strings.Contains(e.Value, "\n") {
		e.Style = styleParagraph
	}
	if f.Max > 0 {
		e.MaxLength = max(min(f.Max, maxInput), chat.Length(e.Value))
	}
	e.Placeholder = plain(orElse(f.Placeholder, p.words["example."+string(f.Kind)]), maxPlaceholder, "")
	return e
}

func value(f form.Field) string {
	if len(f.Value) == 0 {
		return ""
	}
	return f.Value[0]
}

// atLeast is how few may be chosen: Discord takes 1 for granted.
func atLeast(f form.Field) *int {
	if f.Required {
		return nil
	}
	return new(int)
}

func (p painter) choose(f form.Field) string {
	return plain(orElse(f.Placeholder, p.words["choose"]), maxChoose, "")
}

// one shows few options that must be answered at once; a choice that may be
// left open is a menu, since radio buttons cannot be taken back.
func (p painter) one(f form.Field) component {
	if n := len(f.Options); f.Required && n >= minRadio && n <= few {
		return component{Type: kindRadio, Options: choices(f, 1)}
	}
	return component{Type: kindStringSelect, Placeholder: p.choose(f), Options: choices(f, 1), MinValues: atLeast(f), MaxValues: 1}
}

func (p painter) many(f form.Field) component {
	n := len(f.Options)
	e := component{Type: kindCheckboxes, Options: choices(f, n), MinValues: atLeast(f), MaxValues: n}
	if n > maxGroup {
		e.Type, e.Placeholder = kindStringSelect, p.choose(f)
	}
	return e
}

// choices are the options, of which at most most are chosen already.
func choices(f form.Field, most int) []choice {
	var out []choice
	for _, o := range f.Options {
		c := choice{Value: o.Value, Label: plain(o.Label, maxOption, o.Value), Description: plain(o.Hint, maxOption, "")}
		if slices.Contains(f.Value, o.Value) && most > 0 {
			c.Default = true
			most--
		}
		out = append(out, c)
	}
	return out
}

// answersIn reads what was typed and chosen in a modal, by field.
func answersIn(list []held, chatName string) form.Values {
	out := form.Values{}
	for _, h := range list {
		if got := h.read(chatName); h.CustomID != "" && len(got) > 0 {
			out[h.CustomID] = got
		}
	}
	return out
}

// read is the answer in one element. What kinds say that Usher does not draw
// is no answer.
func (h held) read(chatName string) []string {
	switch h.Type {
	case kindTextInput:
		if s := text(h.Value); s != "" {
			return []string{mentions(chatName, s)}
		}
	case kindRadio:
		if s := text(h.Value); s != "" {
			return []string{s}
		}
	case kindStringSelect, kindCheckboxes:
		return texts(h.Values)
	case kindUserSelect:
		var out []string
		for _, id := range texts(h.Values) {
			if snowflake.MatchString(id) {
				out = append(out, string(accountOf(chatName, id)))
			}
		}
		return out
	}
	return nil
}

// texts reads a list of JSON strings; anything else counts as empty.
func texts(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// A modal's custom_id is the id of its form, which is all that Discord keeps
// of it. Of other pages than the first, the number of the page goes into the
// first letter: an id has at most 100 bytes and the custom_id room for 100
// characters, so nothing is left out. Ids of forms begin with a letter of
// ASCII.
const (
	pageBase = 0x4E00 // of CJK Unified Ideographs, none of which is in an id
	pageSize = 1 << 7 // letters of ASCII
	maxPage  = 160    // they end at 0x9FFF
)

// modalID is the custom_id for a page.
func modalID(id string, page int) string {
	if id == "" || id[0] >= pageSize || page < 2 || page > maxPage {
		return id
	}
	return string(rune(pageBase+(page-1)*pageSize+int(id[0]))) + id[1:]
}

// readModalID is its inverse.
func readModalID(s string) (id string, page int, ok bool) {
	first, n := utf8.DecodeRuneInString(s)
	if first < pageBase || first >= pageBase+maxPage*pageSize {
		return s, 1, s != "" && first < pageSize
	}
	mark := int(first) - pageBase
	page = mark/pageSize + 1
	return string(rune(mark%pageSize)) + s[n:], page, page > 1
}
