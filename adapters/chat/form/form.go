// Package form is the neutral model of what Usher asks in a chat: a straight
// list of fields, where a branch is data (When), and a planner that turns a
// form, the answers so far and the abilities of a chat (Caps) into the next
// page.
package form

// Kind is the kind of a field.
type Kind string

const (
	Line   Kind = "line"   // one line of text
	Area   Kind = "area"   // several lines
	One    Kind = "one"    // one of Options
	Many   Kind = "many"   // several of Options
	Flag   Kind = "flag"   // "yes" or "no"; Options may give the two their labels
	Number Kind = "number" // a decimal number
	Date   Kind = "date"   // YYYY-MM-DD, or as people write it
	Moment Kind = "moment" // a date with an optional time, as people write it
	Person Kind = "person" // a person of the chat
)

// Values are answers by field id; a field without an answer is absent.
type Values = map[string][]string

// Form is what is to be asked.
type Form struct {
	// ID names the form and what it is about; at most 100 bytes, so that it
	// fits where a chat can keep it. Whoever made it can make it anew from it.
	ID     string `json:"id"`
	Title  string `json:"title"`
	Submit string `json:"submit"` // label of the last button
	// Next is the label of the button below a page that is not the last;
	// empty: Submit.
	Next   string  `json:"next,omitempty"`
	Fields []Field `json:"fields"`
}

// Field is one thing to be asked. Texts are plain and already in the reader's
// language.
type Field struct {
	ID          string   `json:"id"` // [a-z0-9._-], at most 60 bytes
	Kind        Kind     `json:"kind"`
	Label       string   `json:"label"`
	Hint        string   `json:"hint,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Required    bool     `json:"required,omitempty"`
	Options     []Option `json:"options,omitempty"`
	// Search: the options are too many to list; the chat asks as the person
	// types (chat.Searched).
	Search bool `json:"search,omitempty"`
	// Open: Options are some of those that there are, such as what is chosen
	// already. The field is searched or typed, never listed, and whoever made
	// the form checks what comes back.
	Open bool `json:"open,omitempty"`
	Max  int  `json:"max,omitempty"` // characters; 0: the chat's own limit
	// Value is what the field comes with. In a Page it is what is known by then.
	Value []string `json:"value,omitempty"`
	// Live is set by Plan for a live chat: others depend on this field, so the
	// chat tells at once when it changes (chat.Filled.Live).
	Live bool `json:"live,omitempty"`
	// When shows the field only if an earlier field has one of the values.
	When *When `json:"when,omitempty"`
}

// When is a branch: the field is asked only if Field has one of In.
type When struct {
	Field string   `json:"field"` // must come earlier in the form
	In    []string `json:"in"`
}

// Option is one value to choose.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Hint  string `json:"hint,omitempty"`
}

// Caps is what the forms of a chat can do, as data.
type Caps struct {
	// Live: the chat tells at once when a field that others depend on
	// changes, so a whole form is one page that is planned again. Without it
	// a page ends before the first field that depends on one of its own.
	Live bool `json:"live"`
	// PageFields is the largest number of fields on a page; 0: no limit.
	PageFields int `json:"pageFields"`
	// Kinds are the kinds that the chat has an own element for. Others are
	// asked as Line and understood from text.
	Kinds []Kind `json:"kinds"`
	// MaxOptions is the largest number of options of One and Many that can be
	// listed (0: no limit); with more, the field is searched if Search is
	// set, else asked as Line.
	MaxOptions int  `json:"maxOptions"`
	Search     bool `json:"search"`
	// Echo: times are typed here, so what was understood of them is shown in
	// the reader's own way before it counts.
	Echo bool `json:"echo,omitempty"`
	// AreaMax is how many characters an Area takes; 0: as many as anybody types.
	AreaMax int `json:"areaMax,omitempty"`
	// TitleMax, LabelMax, HintMax are lengths in characters that the chat
	// cuts at; 0: no limit.
	TitleMax int `json:"titleMax"`
	LabelMax int `json:"labelMax"`
	HintMax  int `json:"hintMax"`
}

// Page is what is asked at once.
type Page struct {
	Form   string            `json:"form"`
	Number int               `json:"number"` // from 1
	Title  string            `json:"title"`
	Submit string            `json:"submit"`           // label of the button
	Fields []Field           `json:"fields"`           // kinds as the chat can show them, Value filled with what is known
	Last   bool              `json:"last"`             // as far as the answers so far can tell
	Errors map[string]string `json:"errors,omitempty"` // by field, in the reader's language; the planner leaves it empty
}
