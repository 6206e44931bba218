package e2e

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// inOffice is an office as a venue for the stories of all chats.
type inOffice struct{ *office }

// inSlackAs are the names of what is given.
func inSlackAs(what string) string {
	return map[string]string{"design": "C0DESIGN", "pay": "C0PAY", "site": "C0SITE", "oncall": "S0ONCALL"}[what]
}

func slackUser(name string) string { return "U0" + strings.ToUpper(name) }

func (o inOffice) moment(at time.Time) string       { return fmt.Sprintf("!date^%d^", at.Unix()) }
func (o inOffice) person(name string) player        { return atDesk{o.office.person(name)} }
func (o inOffice) record(name string) access.Ledger { return o.ledger(slackUser(name)) }
func (o inOffice) trail(name string) []engine.Event { return o.audit(slackUser(name)) }
func (o inOffice) taken() int                       { return len(o.fake.Calls("conversations.kick")) }
func (o inOffice) heal()                            { o.fake.Heal() }

func (o inOffice) await(what string, cond func() bool) error { return o.fake.Await(what, cond) }

func (o inOffice) waitHas(name string, want ...string) {
	o.t.Helper()
	var ids []string
	for _, w := range want {
		ids = append(ids, inSlackAs(w))
	}
	o.waitIn(slackUser(name), ids...)
}

func (o inOffice) refuseGiving(what string) {
	o.fake.Fail(slackfake.Fault{Method: "conversations.invite", Times: -1, Error: "cant_invite", Only: func(args map[string]string) bool {
		return args["channel"] == inSlackAs(what)
	}})
}

func (o inOffice) refuseTaking(what string) {
	o.fake.Fail(slackfake.Fault{Method: "conversations.kick", Times: -1, Status: 500, Only: func(args map[string]string) bool {
		return args["channel"] == inSlackAs(what)
	}})
}

func (o inOffice) leaves(name string) {
	o.t.Helper()
	if err := o.fake.Deactivate(slackUser(name)); err != nil {
		o.t.Fatal(err)
	}
}

// atDesk is a clerk as a player of the stories of all chats.
type atDesk struct{ clerk }

func onPaper(m slackfake.Message) paper {
	return paper{body: m.Body, text: m.Text, raw: m.JSON(), private: m.Private, in: m}
}

func ofSlack(p paper) slackfake.Message { return p.in.(slackfake.Message) }

func (c atDesk) card(words ...string) paper { c.o.t.Helper(); return onPaper(c.clerk.card(words...)) }

func (c atDesk) read(words string) paper {
	c.o.t.Helper()
	m, err := c.Read(words)
	c.must(err)
	return onPaper(m)
}

func (c atDesk) press(on paper, button string) { c.o.t.Helper(); c.clerk.press(ofSlack(on), button) }

func (c atDesk) pressOld(on paper, button string) error { return c.PressOld(ofSlack(on), button) }

func (c atDesk) tries(on paper, button, says string) {
	c.o.t.Helper()
	c.must(c.Forge(ofSlack(on), button, nil))
	c.hears(says)
}

func (c atDesk) decide(on paper, button, reason string) {
	c.o.t.Helper()
	c.clerk.decide(ofSlack(on), button, reason)
}

func (c atDesk) sendsEmpty(on paper, button string) bool {
	c.o.t.Helper()
	c.press(on, button)
	_, err := c.ReadModal("")
	c.must(err)
	return c.Submit() == nil
}

func (c atDesk) fill(title string, values map[string]any) {
	c.o.t.Helper()
	c.clerk.fill(title, values)
	c.shut()
}

func (c atDesk) askFor(pkg, title, name string) {
	c.o.t.Helper()
	c.must(c.Slash("/access", "request "+pkg+" for @"+name))
	c.fill(title, nil)
}

func (c atDesk) heard(text string) bool { return wasTold(c.See(), text) }

func (c atDesk) all() []paper {
	var out []paper
	for _, m := range c.See().Messages {
		out = append(out, onPaper(m))
	}
	return slices.Clip(out)
}

func (c atDesk) home(words string) {
	c.o.t.Helper()
	c.must(c.OpenHome())
	_, err := c.ReadHome(words)
	c.must(err)
}

func (c atDesk) mine() paper {
	c.o.t.Helper()
	c.must(c.Slash("/access", "mine"))
	return c.read("# What you have")
}

// hears waits for a private answer with a text in it.
func (c clerk) hears(text string) {
	c.o.t.Helper()
	_, err := c.Until("a private answer with "+text, func(s slackfake.Sight) bool { return wasTold(s, text) })
	c.must(err)
}

// wasTold reports whether a private answer has a text in it.
func wasTold(s slackfake.Sight, text string) bool {
	for _, m := range s.Messages {
		if m.Private && m.Has(text) {
			return true
		}
	}
	return s.Modal != nil && strings.Contains(s.Modal.Body, text)
}
