package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

// few is up to how many options of one are shown at once.
const few = 5

// caps is what a modal can ask.
func caps() form.Caps {
	return form.Caps{
		Live: true, Search: true, MaxOptions: maxOptions, TitleMax: maxViewTitle, LabelMax: maxInputLabel, HintMax: maxHint, AreaMax: maxInputText,
		Kinds: []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Person},
	}
}

// memo is what a modal carries in private_metadata, so that whatever comes
// back can be understood by any process.
type memo struct {
	Form string `json:"form"`
	Page int    `json:"page"`
}

// form draws a page of a form. A field's block_id and action_id are its id, so
// that Slack keeps what was typed when the page is drawn again.
func (p painter) form(s chat.Show) api.ModalViewRequest {
	d := drawing{painter: p}
	d.paragraph(s.Intro, false)
	shown := map[string]bool{}
	for _, f := range s.Page.Fields {
		d.add(p.field(f))
		shown[f.ID] = true
		if text := s.Page.Errors[f.ID]; text != "" {
			d.paragraph(chat.Say("⚠ "+text), false)
		}
	}
	for _, id := range sortedKeys(s.Page.Errors) {
		if !shown[id] {
			d.paragraph(chat.Say("⚠ "+s.Page.Errors[id]), false)
		}
	}
	if len(d.blocks) == 0 {
		d.paragraph(chat.Say(s.Page.Title), false)
	}
	v := p.modal(s.Page.Title, d.blocks)
	v.Submit = plainObject(s.Page.Submit, maxViewTitle)
	kept, _ := json.Marshal(memo{Form: s.Page.Form, Page: s.Page.Number}) // strings and ints always encode
	v.PrivateMetadata = string(kept)
	v.CallbackID = "form"
	return v
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (p painter) field(f form.Field) *api.InputBlock {
	var hint *api.TextBlockObject
	if f.Hint != "" {
		hint = plainObject(f.Hint, maxHint)
	}
	b := api.NewInputBlock(f.ID, plainObject(orElse(f.Label, f.ID), maxInputLabel), hint, p.element(f))
	b.Optional, b.DispatchAction = !f.Required, f.Live
	return b
}

func orElse(s, other string) string {
	if strings.TrimSpace(chat.Straight(s)) == "" {
		return other
	}
	return s
}

func (p painter) element(f form.Field) api.BlockElement {
	switch f.Kind {
	case form.One:
		return p.one(f)
	case form.Many:
		return p.many(f)
	case form.Flag:
		return p.radio(f, p.flagOptions(f))
	case form.Number:
		e := api.NewNumberInputBlockElement(p.placeholder(f, ""), f.ID, true)
		if _, err := strconv.ParseFloat(value(f), 64); err == nil {
			e.InitialValue = value(f)
		}
		return e
	case form.Date:
		e := api.NewDatePickerBlockElement(f.ID)
		e.Placeholder = p.placeholder(f, "")
		if _, err := time.Parse(time.DateOnly, value(f)); err == nil {
			e.InitialDate = value(f)
		}
		return e
	case form.Person:
		e := api.NewOptionsSelectBlockElement(api.OptTypeUser, p.placeholder(f, p.words["choose"]), f.ID)
		e.InitialUser = userOf(p.chat, value(f))
		return e
	}
	e := api.NewPlainTextInputBlockElement(p.placeholder(f, ""), f.ID)
	e.Multiline = f.Kind == form.Area
	e.InitialValue = chat.Cut(chat.Straight(value(f)), maxInputText)
	if f.Max > 0 {
		e.MaxLength = min(f.Max, maxInputText)
	}
	if f.Live {
		e.DispatchActionConfig = &api.DispatchActionConfig{TriggerActionsOn: []string{"on_enter_pressed"}}
	}
	return e
}

func value(f form.Field) string {
	if len(f.Value) == 0 {
		return ""
	}
	return f.Value[0]
}

func (p painter) placeholder(f form.Field, other string) *api.TextBlockObject {
	if text := orElse(f.Placeholder, other); text != "" {
		return plainObject(text, maxPlaceholder)
	}
	return nil
}

func (p painter) flagOptions(f form.Field) []form.Option {
	if len(f.Options) > 0 {
		return f.Options
	}
	return []form.Option{{Value: "yes", Label: p.words["flag.yes"]}, {Value: "no", Label: p.words["flag.no"]}}
}

// one shows few options that must be answered at once; a choice that may be
// left open is a menu, since radio buttons cannot be taken back.
func (p painter) one(f form.Field) api.BlockElement {
	if !f.Search && f.Required && len(f.Options) <= few {
		return p.radio(f, f.Options)
	}
	kind := api.OptTypeStatic
	if f.Search {
		kind = api.OptTypeExternal
	}
	e := api.NewOptionsSelectBlockElement(kind, p.placeholder(f, p.words["choose"]), f.ID)
	all := options(f.Options)
	if chosen := pick(all, f.Value); len(chosen) > 0 {
		e.InitialOption = chosen[0]
	}
	if f.Search {
		e.MinQueryLength = new(int)
	} else {
		e.Options = all
	}
	return e
}

func (p painter) radio(f form.Field, list []form.Option) api.BlockElement {
	all := options(list)
	e := api.NewRadioButtonsBlockElement(f.ID, all...)
	if chosen := pick(all, f.Value); len(chosen) > 0 {
		e.InitialOption = chosen[0]
	}
	return e
}

func (p painter) many(f form.Field) api.BlockElement {
	all := options(f.Options)
	if !f.Search && len(all) <= maxGroupOptions {
		e := api.NewCheckboxGroupsBlockElement(f.ID, all...)
		e.InitialOptions = pick(all, f.Value)
		return e
	}
	kind := api.MultiOptTypeStatic
	if f.Search {
		kind = api.MultiOptTypeExternal
	}
	e := api.NewOptionsMultiSelectBlockElement(kind, p.placeholder(f, p.words["choose"]), f.ID)
	e.InitialOptions = pick(all, f.Value)
	if f.Search {
		e.MinQueryLength = new(int)
	} else {
		e.Options = all
	}
	return e
}

func options(list []form.Option) []*api.OptionBlockObject {
	var out []*api.OptionBlockObject
	for _, o := range list {
		b := api.NewOptionBlockObject(o.Value, plainObject(orElse(o.Label, o.Value), maxOptionText), nil)
		if strings.TrimSpace(o.Hint) != "" {
			b.Description = plainObject(o.Hint, maxOptionText)
		}
		out = append(out, b)
	}
	return out
}

func pick(all []*api.OptionBlockObject, values []string) []*api.OptionBlockObject {
	var out []*api.OptionBlockObject
	for _, o := range all {
		if slices.Contains(values, o.Value) {
			out = append(out, o)
		}
	}
	return out
}

// offered answers a search.
type offered struct {
	Options []*api.OptionBlockObject `json:"options"`
}

// offer leaves out what Slack would refuse the whole answer for.
func offer(list []form.Option) offered {
	out := offered{Options: []*api.OptionBlockObject{}}
	seen := map[string]bool{}
	for _, o := range options(list) {
		if o.Value != "" && len(o.Value) <= maxOptionValue && !seen[o.Value] && len(out.Options) < maxOptions {
			out.Options = append(out.Options, o)
		}
		seen[o.Value] = true
	}
	return out
}

// values reads what was typed and chosen in a modal, by field.
func (v view) values(chatName string) form.Values {
	out := form.Values{}
	for block, actions := range v.State.Values {
		for _, e := range actions {
			if got := e.read(chatName); len(got) > 0 {
				out[block] = got
			}
		}
	}
	return out
}

// read is the answer in one element, whatever its kind.
func (e element) read(chatName string) []string {
	var out []string
	for _, s := range []string{mentions(chatName, string(e.Value)), e.SelectedDate} {
		if s != "" {
			out = append(out, s)
		}
	}
	if e.SelectedUser != "" {
		out = append(out, string(accountOf(chatName, e.SelectedUser)))
	}
	if e.SelectedOption != nil {
		out = append(out, e.SelectedOption.Value)
	}
	for _, o := range e.SelectedOptions {
		out = append(out, o.Value)
	}
	return out
}

// readMemo understands private_metadata of ours.
func readMemo(s string) (memo, error) {
	var m memo
	if err := json.Unmarshal([]byte(s), &m); err != nil || m.Form == "" || m.Page < 1 {
		return memo{}, fmt.Errorf("a form without its name")
	}
	return m, nil
}

// errorsAt are the sentences at the fields of an open modal; false when the
// modal would not show them all, for it has other fields than the page.
func errorsAt(page form.Page, open view) (map[string]string, bool) {
	fields := open.fields()
	same := len(fields) == len(page.Fields) && len(page.Errors) > 0
	for _, f := range page.Fields {
		same = same && fields[f.ID]
	}
	for id := range page.Errors {
		same = same && fields[id]
	}
	return page.Errors, same
}

// fields are the ids of what an open modal asks.
func (v view) fields() map[string]bool {
	out := map[string]bool{}
	for _, b := range v.Blocks {
		if b.Type == string(api.MBTInput) {
			out[b.BlockID] = true
		}
	}
	return out
}
