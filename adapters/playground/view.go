package playground

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// shown is how many messages of each place a person sees.
const shown = 100

// view is what a person has before them.
type view struct {
	Seq      int64         `json:"seq"` // number of the last change, of anything
	Now      time.Time     `json:"now"`
	Person   personView    `json:"person"`
	Messages []messageView `json:"messages"` // oldest first
	Form     *formView     `json:"form"`
	Private  *messageView  `json:"private"` // what answered the last thing they did
	Reader   reader        `json:"-"`
}

type personView struct {
	ID       string          `json:"id"`
	Account  access.Account  `json:"account"`
	Name     string          `json:"name"`
	Standing access.Standing `json:"standing"`
	Locale   string          `json:"locale"`
	Zone     string          `json:"zone"`
	Time     string          `json:"time"` // theirs, in words
	Email    string          `json:"email,omitempty"`
	Manager  string          `json:"manager,omitempty"`
	Groups   []string        `json:"groups"`
	Forms    string          `json:"forms"`
	Badge    string          `json:"-"`
	Part     string          `json:"-"` // what they are for, of those who were there at first
	Short    string          `json:"-"` // Time, as short as it can be
}

type messageView struct {
	ID      string       `json:"id"`
	At      time.Time    `json:"at"`
	When    string       `json:"when"` // At in the reader's words
	Edited  bool         `json:"edited"`
	Version int          `json:"version"` // counts the drawings from 1
	Channel string       `json:"channel,omitempty"`
	Private bool         `json:"private"`
	Asked   string       `json:"asked,omitempty"` // the command that a private message answers
	Card    cardView     `json:"card"`
	Buttons []buttonView `json:"buttons"` // all of them, in the order in which they are shown
	Files   []fileView   `json:"files,omitempty"`
	seq     int64
}

type cardView struct {
	Summary string      `json:"summary"`
	Title   string      `json:"title,omitempty"`
	Tone    chat.Tone   `json:"tone,omitempty"`
	Text    string      `json:"text"` // everything below the title, in plain words
	Blocks  []blockView `json:"blocks"`
	// Links and Mentions are what is behind texts of the card.
	Links    []linkView       `json:"links,omitempty"`
	Mentions []access.Account `json:"mentions,omitempty"`
	// Own are the buttons below the blocks.
	Own []buttonView `json:"-"`
}

type blockView struct {
	Heading string       `json:"heading,omitempty"`
	Text    string       `json:"text,omitempty"`
	Moments []time.Time  `json:"moments,omitempty"`
	Fields  []factView   `json:"fields,omitempty"`
	Items   []string     `json:"items,omitempty"`
	Divider bool         `json:"divider,omitempty"`
	Small   bool         `json:"small,omitempty"`
	Buttons []buttonView `json:"buttons,omitempty"`
	Spans   []spanView   `json:"-"`
	Rows    [][]spanView `json:"-"`
}

type factView struct {
	Label   string      `json:"label"`
	Value   string      `json:"value"`
	Moments []time.Time `json:"moments,omitempty"` // those in Value, in UTC
	Spans   []spanView  `json:"-"`
}

type linkView struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

type buttonView struct {
	Label   string           `json:"label"`
	Token   string           `json:"token"`
	Style   chat.ButtonStyle `json:"style,omitempty"`
	Confirm string           `json:"confirm,omitempty"`
}

type spanView struct {
	Kind    chat.SpanKind
	Text    string
	URL     string
	At      string         // RFC 3339, of a moment
	Account access.Account // of a mention of somebody on this page
}

// look reads what a person sees now.
func (a *Adapter) look(ctx context.Context, id string) (view, error) {
	p, ok, err := a.vault.Person(ctx, id)
	if err != nil {
		return view{}, err
	}
	if !ok {
		return view{}, unknownPerson(id)
	}
	seq := a.hub.pulse().Seq
	r := a.readerFor(p)
	v := view{Seq: seq, Now: r.now, Person: a.personView(p, r), Messages: []messageView{}, Reader: r}
	for _, place := range a.places(p) {
		list, err := a.vault.Messages(ctx, place, shown)
		if err != nil {
			return view{}, err
		}
		for _, m := range list {
			if !m.Deleted {
				v.Messages = append(v.Messages, r.message(m))
			}
		}
	}
	for _, m := range p.Private {
		one := r.private(m)
		one.Files = fileViews(p.ID, m)
		v.Messages = append(v.Messages, one)
		if m.ID == p.Answer {
			v.Private = &one
		}
	}
	slices.SortStableFunc(v.Messages, func(x, y messageView) int { return cmp.Compare(x.seq, y.seq) })
	if p.Open != nil {
		if v.Form, err = a.formView(ctx, p, r); err != nil {
			return view{}, err
		}
	}
	return v, nil
}

// places are where a person reads: their own messages, and the channels for
// those who belong to the organisation.
func (a *Adapter) places(p Person) []string {
	out := []string{"person/" + p.ID}
	if p.Standing != access.Member {
		return out
	}
	for _, c := range a.Channels {
		out = append(out, "channel/"+c)
	}
	return out
}

func (a *Adapter) personView(p Person, r reader) personView {
	groups := append([]string{}, p.Groups...)
	return personView{
		ID: p.ID, Account: access.Account(a.account(p.ID)), Name: p.Name, Standing: p.Standing, Locale: p.Locale, Zone: p.Zone,
		Time: r.dateTime(r.now), Email: p.Email, Manager: p.Manager, Groups: groups, Forms: p.Forms,
		Badge: r.say("standing." + string(p.Standing)), Part: a.part(p.ID, r), Short: r.short(r.now) + " " + p.Zone,
	}
}

func (r reader) message(m Message) messageView {
	v := messageView{ID: m.Ref, At: m.At, When: r.short(m.At), Edited: m.Version > 1, Version: m.Version, seq: m.Seq}
	if name, ok := strings.CutPrefix(m.Place, "channel/"); ok {
		v.Channel = name
	}
	v.Card, v.Buttons = r.card(m.Card)
	return v
}

func (r reader) private(m Private) messageView {
	v := messageView{ID: m.ID, At: m.At, When: r.short(m.At), Version: 1, Private: true, Asked: m.Asked, seq: m.Seq}
	v.Card, v.Buttons = r.card(m.Card)
	return v
}

// card puts a card into the reader's words; the second result are all of its
// buttons.
func (r reader) card(c chat.Card) (cardView, []buttonView) {
	v := cardView{Summary: c.Summary, Title: c.Title, Tone: c.Tone, Blocks: []blockView{}, Own: buttons(c.Buttons)}
	all := []buttonView{}
	var lines []string
	for _, b := range c.Blocks {
		bv, text := r.block(b)
		v.Blocks = append(v.Blocks, bv)
		all = append(all, bv.Buttons...)
		lines = append(lines, text...)
	}
	v.Text = strings.Join(lines, "\n")
	v.behind()
	return v, append(all, v.Own...)
}

// behind collects the links and mentions of all blocks.
func (v *cardView) behind() {
	look := func(spans []spanView) {
		for _, s := range spans {
			if s.URL != "" {
				v.Links = append(v.Links, linkView{s.Text, s.URL})
			}
			if s.Account != "" {
				v.Mentions = append(v.Mentions, s.Account)
			}
		}
	}
	for _, b := range v.Blocks {
		look(b.Spans)
		for _, f := range b.Fields {
			look(f.Spans)
		}
		for _, row := range b.Rows {
			look(row)
		}
	}
}

func (r reader) block(b chat.Block) (blockView, []string) {
	v := blockView{Heading: b.Heading, Divider: b.Divider, Small: b.Small, Buttons: buttons(b.Buttons)}
	var lines []string
	if b.Heading != "" {
		lines = append(lines, b.Heading)
	}
	if len(b.Text) > 0 {
		v.Spans, v.Text, v.Moments = r.spans(b.Text)
		lines = append(lines, v.Text)
	}
	for _, f := range b.Fields {
		fv := factView{Label: f.Label}
		fv.Spans, fv.Value, fv.Moments = r.spans(f.Value)
		v.Fields = append(v.Fields, fv)
		lines = append(lines, f.Label+": "+fv.Value)
	}
	for _, it := range b.Items {
		spans, text, _ := r.spans(it)
		v.Rows, v.Items = append(v.Rows, spans), append(v.Items, text)
		lines = append(lines, "- "+text)
	}
	return v, lines
}

func buttons(list []chat.Button) []buttonView {
	var out []buttonView
	for _, b := range list {
		out = append(out, buttonView(b))
	}
	return out
}

// spans shows a text: as pieces, in plain words, and the moments in it.
func (r reader) spans(t chat.Text) ([]spanView, string, []time.Time) {
	var out []spanView
	var moments []time.Time
	plain := ""
	for _, s := range t {
		v := spanView{Kind: s.Kind, Text: s.Text}
		switch {
		case s.Kind == chat.Link && webAddress(s.URL):
			v.URL = s.URL
		case s.Kind == chat.Mention && strings.HasPrefix(string(s.Person), r.chat+"/"):
			v.Account = access.Account(s.Person)
		case s.Kind == chat.Moment && !s.At.IsZero():
			v.Text, v.At = r.moment(s), s.At.UTC().Format(time.RFC3339)
			moments = append(moments, s.At.UTC())
		}
		out = append(out, v)
		plain += v.Text
	}
	return out, plain, moments
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func (r reader) moment(s chat.Span) string {
	switch s.Style {
	case chat.DateOnly:
		return r.date(s.At)
	case chat.Relative:
		return r.relative(s.At)
	default:
		return r.dateTime(s.At)
	}
}
