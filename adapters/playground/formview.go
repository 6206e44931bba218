package playground

import (
	"context"

	"github.com/usher-dev/usher/adapters/chat/form"
)

// formView is a page of a form as a person sees it.
type formView struct {
	ID     string            `json:"id"`
	Page   int               `json:"page"`
	Last   bool              `json:"last"`
	Title  string            `json:"title"`
	Intro  string            `json:"intro,omitempty"`
	Submit string            `json:"submit"`
	Fields []fieldView       `json:"fields"`
	Errors map[string]string `json:"errors"` // by field id
	Spans  []spanView        `json:"-"`
	Seq    int64             `json:"-"` // of the change that drew it
}

type fieldView struct {
	ID          string        `json:"id"`
	Kind        form.Kind     `json:"kind"`
	Label       string        `json:"label"`
	Hint        string        `json:"hint,omitempty"`
	Placeholder string        `json:"placeholder,omitempty"`
	Required    bool          `json:"required"`
	Search      bool          `json:"search,omitempty"` // options come from GET …/options
	Max         int           `json:"max,omitempty"`
	Options     []form.Option `json:"options"`
	Value       []string      `json:"value"`
	Live        bool          `json:"live,omitempty"` // other fields depend on it: send it with "live"
	Error       string        `json:"error,omitempty"`
}

// Has reports whether a value is chosen.
func (f fieldView) Has(value string) bool {
	for _, v := range f.Value {
		if v == value {
			return true
		}
	}
	return false
}

// First is the only value of a field that has one.
func (f fieldView) First() string {
	if len(f.Value) == 0 {
		return ""
	}
	return f.Value[0]
}

// Chosen is the label of the only value, for fields that are searched.
func (f fieldView) Chosen() string {
	for _, o := range f.Options {
		if o.Value == f.First() {
			return o.Label
		}
	}
	return f.First()
}

func (a *Adapter) formView(ctx context.Context, p Person, r reader) (*formView, error) {
	o := p.Open
	v := &formView{
		ID: o.Page.Form, Page: o.Page.Number, Last: o.Page.Last, Title: o.Page.Title, Submit: o.Page.Submit,
		Fields: []fieldView{}, Errors: map[string]string{}, Seq: o.Seq,
	}
	v.Spans, v.Intro, _ = r.spans(o.Intro)
	for id, text := range o.Page.Errors {
		v.Errors[id] = text
	}
	for _, f := range o.Page.Fields {
		fv := fieldView{
			ID: f.ID, Kind: f.Kind, Label: f.Label, Hint: f.Hint, Placeholder: f.Placeholder, Required: f.Required,
			Search: f.Search, Max: f.Max, Live: f.Live, Options: append([]form.Option{}, f.Options...), Value: append([]string{}, f.Value...),
			Error: v.Errors[f.ID],
		}
		if f.Kind == form.Person && len(f.Options) == 0 {
			people, err := a.vault.People(ctx)
			if err != nil {
				return nil, err
			}
			fv.Options, fv.Search = a.personOptions(people), false
		}
		v.Fields = append(v.Fields, fv)
	}
	return v, nil
}

// personOptions are the people that a person field offers: a chat's own way
// to pick somebody.
func (a *Adapter) personOptions(people []Person) []form.Option {
	var out []form.Option
	for _, p := range people {
		if p.Standing.Human() {
			out = append(out, form.Option{Value: a.account(p.ID), Label: p.Name})
		}
	}
	return out
}
