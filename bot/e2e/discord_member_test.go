package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// member is somebody in front of Discord whose every step has to succeed.
type member struct {
	*discordfake.Person
	s *server
	// done are the private messages whose button was pressed.
	done map[string]bool
}

func (s *server) member(name string) *member {
	return &member{s.fake.Person(discordUser(name)).In(discordLobby), s, map[string]bool{}}
}

func (m *member) must(err error) {
	m.s.t.Helper()
	if err != nil {
		m.s.t.Fatalf("%s: %v\n%s", m.ID(), err, m.See())
	}
}

func onCard(c discordfake.Message) paper {
	return paper{body: c.Body, text: c.Text, raw: c.JSON(), private: c.Private, in: c}
}

func ofDiscord(p paper) discordfake.Message { return p.in.(discordfake.Message) }

func (m *member) card(words ...string) paper {
	m.s.t.Helper()
	return onCard(m.find(fmt.Sprintf("a message with %q", words), func(c discordfake.Message) bool { return !c.Private && contains(c.Body, words...) }))
}

func (m *member) read(words string) paper {
	m.s.t.Helper()
	return onCard(m.find("a message with "+words, func(c discordfake.Message) bool { return c.Has(words) }))
}

// find waits for the latest message that is wanted.
func (m *member) find(what string, want func(discordfake.Message) bool) discordfake.Message {
	m.s.t.Helper()
	var found discordfake.Message
	_, err := m.Until(what, func(s discordfake.Sight) bool {
		for _, c := range slices.Backward(s.Messages) {
			if want(c) {
				found = c
				return true
			}
		}
		return false
	})
	m.must(err)
	return found
}

// fresh is a private message with a button that was not pressed yet.
func (m *member) fresh(s discordfake.Sight, button string) (discordfake.Message, bool) {
	for _, c := range slices.Backward(s.Messages) {
		if c.Private && !m.done[c.ID] && slices.Contains(c.Buttons, button) {
			return c, true
		}
	}
	return discordfake.Message{}, false
}

// press presses, and says yes when asked whether that is meant.
func (m *member) press(on paper, button string) {
	m.s.t.Helper()
	m.must(m.Press(ofDiscord(on), button))
	if question, ok := m.fresh(m.See(), "Yes"); ok {
		m.done[question.ID] = true
		m.must(m.Press(question, "Yes"))
	}
}

func (m *member) pressOld(on paper, button string) error { return m.PressOld(ofDiscord(on), button) }

// tries sends a press that no client would send: on a card that somebody else
// has. Over HTTP the answer is what comes back; over the gateway only its effect
// can be looked for.
func (m *member) tries(on paper, button, says string) {
	m.s.t.Helper()
	before := m.s.counted()["taken"]
	status, said := m.s.interact(m.s.pressOf(m.ID(), ofDiscord(on), button))
	if m.s.conf.HTTP.Addr != "" && (status != http.StatusOK || !strings.Contains(said, says)) {
		m.s.t.Errorf("%s is told %d %q, not %q", m.ID(), status, said, says)
	}
	m.s.eventually(func() error {
		if n := m.s.counted()["taken"]; n <= before {
			return fmt.Errorf("%d interactions were taken", n)
		}
		return nil
	})
}

func (m *member) decide(on paper, button, reason string) {
	m.s.t.Helper()
	m.press(on, button)
	m.fill("", map[string]any{"Reason": reason})
}

func (m *member) sendsEmpty(on paper, button string) bool {
	m.s.t.Helper()
	m.press(on, button)
	_, err := m.ReadModal("")
	m.must(err)
	return m.Submit(nil) == nil
}

func (m *member) ask(pkg, title string, values map[string]any) {
	m.s.t.Helper()
	m.must(m.Slash("access request", discordfake.Opt{Name: "package", Value: pkg}))
	m.fill(title, values)
}

func (m *member) askFor(pkg, title, name string) {
	m.s.t.Helper()
	m.must(m.Slash("access request", discordfake.Opt{Name: "package", Value: pkg}, discordfake.Opt{Name: "for", Value: name}))
	m.fill(title, nil)
}

// fill fills in and sends a form, page by page.
func (m *member) fill(title string, values map[string]any) {
	m.s.t.Helper()
	left := map[string]any{}
	for label, v := range values {
		left[label] = v
	}
	m.turn()
	for first := true; first || m.turn(); first = false {
		modal, err := m.ReadModal(map[bool]string{true: title}[first])
		m.must(err)
		page := map[string]any{}
		for label, v := range left {
			if strings.Contains(modal.Body, label) {
				page[label] = v
				delete(left, label)
			}
		}
		m.must(m.Submit(page))
	}
	if len(left) > 0 {
		m.s.t.Fatalf("%s: nobody asks for %v", m.ID(), left)
	}
}

// turn opens the next page, when there is one. What was asked for may be
// answered late, which shows as thinking.
func (m *member) turn() bool {
	m.s.t.Helper()
	s, err := m.Until("an answer", func(s discordfake.Sight) bool {
		return !slices.ContainsFunc(s.Messages, func(c discordfake.Message) bool { return c.Loading })
	})
	m.must(err)
	next, ok := m.fresh(s, "Continue")
	if ok {
		m.done[next.ID] = true
		m.must(m.Press(next, "Continue"))
	}
	return ok
}

func (m *member) hears(text string) {
	m.s.t.Helper()
	_, err := m.Until("a private answer with "+text, func(discordfake.Sight) bool { return m.heard(text) })
	m.must(err)
}

func (m *member) heard(text string) bool {
	s := m.See()
	return s.Modal != nil && strings.Contains(s.Modal.Body, text) ||
		slices.ContainsFunc(s.Messages, func(c discordfake.Message) bool { return c.Private && c.Has(text) })
}

func (m *member) all() []paper {
	var out []paper
	for _, c := range m.See().Messages {
		out = append(out, onCard(c))
	}
	return out
}

func (m *member) home(words string) {
	m.s.t.Helper()
	m.must(m.Slash("access home"))
	m.hears(words)
}

func (m *member) mine() paper {
	m.s.t.Helper()
	m.must(m.Slash("access mine"))
	return m.read("# What you have")
}

func (m *member) cards(text string) int {
	n := 0
	for _, c := range m.See().Messages {
		if !c.Private && c.Has(text) {
			n++
		}
	}
	return n
}

// customID is what a button of a message sends.
func customID(c discordfake.Message, label string) string {
	var all []any
	if err := json.Unmarshal([]byte(c.JSON()), &all); err != nil {
		return err.Error()
	}
	return buttonIn(all, label)
}

func buttonIn(list []any, label string) string {
	for _, one := range list {
		o, ok := one.(map[string]any)
		if !ok {
			continue
		}
		if id, ok := o["custom_id"].(string); ok && o["label"] == label {
			return id
		}
		inner, _ := o["components"].([]any)
		if id := buttonIn(append(inner, o["accessory"]), label); id != "" {
			return id
		}
	}
	return ""
}
