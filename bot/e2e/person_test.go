package e2e

import (
	"fmt"
	"net/http"
	"strings"
)

// person is somebody in front of the page.
type person struct {
	s  *stage
	id string
}

func (s *stage) person(id string) person { return person{s, id} }

func (p person) path(what string) string { return "/api/people/" + p.id + "/" + what }

// see is what the person has before them.
func (p person) see() view {
	p.s.t.Helper()
	var v view
	p.s.call(http.MethodGet, p.path("messages"), nil, &v)
	return v
}

// command types a slash command.
func (p person) command(text string) view {
	p.s.t.Helper()
	var v view
	p.s.call(http.MethodPost, p.path("command"), map[string]string{"text": text}, &v)
	return v
}

// press presses the button of a message.
func (p person) press(m message, label string) view {
	p.s.t.Helper()
	v, err := p.tryPress(m, label)
	if err != nil {
		p.s.t.Fatal(err)
	}
	return v
}

func (p person) tryPress(m message, label string) (view, error) {
	for _, b := range m.Buttons {
		if b.Label == label {
			var v view
			err := p.s.try(http.MethodPost, p.path("press"), map[string]string{"message": m.ID, "token": b.Token}, &v)
			return v, err
		}
	}
	return view{}, fmt.Errorf("%s finds no button %q on %q, only %v", p.id, label, m.text(), m.Buttons)
}

// answers are by field id.
type answers map[string][]string

// fill answers the page of the form that is open and sends it.
func (p person) fill(a answers) view {
	p.s.t.Helper()
	v := p.see()
	if v.Form == nil {
		p.s.t.Fatalf("%s has no form open; the last answer was %s", p.id, said(v))
	}
	return p.submit(v.Form.ID, a)
}

// set changes the profile of the person: "locale", "zone", "standing".
func (p person) set(name, value string) person {
	p.s.t.Helper()
	p.s.call(http.MethodPost, p.path("profile"), map[string]string{name: value}, nil)
	return p
}

func (p person) submit(form string, a answers) view {
	p.s.t.Helper()
	var v view
	p.s.call(http.MethodPost, p.path("submit"), map[string]any{"form": form, "answers": a}, &v)
	return v
}

// said is the private answer to the last thing that somebody did.
func said(v view) string {
	if v.Private == nil {
		return ""
	}
	return v.Private.text()
}

// find is the latest message that is no private reply and contains all words.
func (v view) find(words ...string) (message, bool) {
	for i := len(v.Messages) - 1; i >= 0; i-- {
		if m := v.Messages[i]; !m.Private && contains(m.text(), words...) {
			return m, true
		}
	}
	return message{}, false
}

func contains(text string, words ...string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// card waits for the latest message that contains all words.
func (p person) card(words ...string) message {
	p.s.t.Helper()
	var found message
	p.s.eventually(func() error {
		v := p.see()
		m, ok := v.find(words...)
		if !ok {
			return fmt.Errorf("%s sees no message with %q but%s", p.id, words, v.all())
		}
		found = m
		return nil
	})
	return found
}

// cardWith waits for the latest message that has a button and all words.
func (p person) cardWith(label string, words ...string) message {
	p.s.t.Helper()
	var found message
	p.s.eventually(func() error {
		v := p.see()
		for i := len(v.Messages) - 1; i >= 0; i-- {
			m := v.Messages[i]
			if !m.Private && m.has(label) && contains(m.text(), words...) {
				found = m
				return nil
			}
		}
		return fmt.Errorf("%s sees no message with a button %q and %q but%s", p.id, label, words, v.all())
	})
	return found
}

func (m message) has(label string) bool {
	for _, b := range m.Buttons {
		if b.Label == label {
			return true
		}
	}
	return false
}

// acceptTerms reads the terms of a package and accepts them.
func (p person) acceptTerms(packageName string) {
	p.s.t.Helper()
	v := p.press(p.cardWith("Read the terms", packageName), "Read the terms")
	if v.Private == nil {
		p.s.t.Fatalf("%s is not shown the terms: %s", p.id, v.all())
	}
	p.press(*v.Private, "Accept")
}

// all is everything somebody sees, for failures.
func (v view) all() string {
	out := ""
	for _, m := range v.Messages {
		out += fmt.Sprintf("\n  --- %s v%d private=%v buttons=%v\n  %s", m.ID, m.Version, m.Private, m.labels(), strings.ReplaceAll(m.text(), "\n", "\n  "))
	}
	if v.Form != nil {
		out += fmt.Sprintf("\n  --- form %s %q %v", v.Form.ID, v.Form.Title, v.Form.Fields)
	}
	return out
}

func (m message) labels() []string {
	var list []string
	for _, b := range m.Buttons {
		list = append(list, b.Label)
	}
	return list
}
