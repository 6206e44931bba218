package e2e

import (
	"bufio"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// audit is what is on record about somebody, the oldest first.
func (o *hosted) audit(user string) []engine.Event {
	o.t.Helper()
	lines, err := o.run.Runtime.Audit(o.t.Context(), o.conf.Tenant, access.PersonID(o.chat+"/"+user), 0, false, 500)
	if err != nil {
		o.t.Fatal(err)
	}
	var events []engine.Event
	for _, l := range lines {
		events = append(events, l.Event)
	}
	return events
}

// who lists by whom events of a type are, without the chat, sorted.
func who(events []engine.Event, kind engine.EventType) []string {
	var names []string
	for _, e := range events {
		if e.Type == kind {
			_, user, _ := strings.Cut(string(e.By), "/")
			names = append(names, user)
		}
	}
	slices.Sort(names)
	return names
}

// ledger looks into the store behind the scenes.
func (o *hosted) ledger(user string) access.Ledger {
	o.t.Helper()
	v, err := o.run.Runtime.Ledger(o.t.Context(), o.conf.Tenant, access.SystemActor(), access.PersonID(o.chat+"/"+user))
	if err != nil {
		o.t.Fatal(err)
	}
	return v.Ledger
}

// counted is how often deliveries of this chat ended in each way, as /metrics
// has it.
func (o *hosted) counted() map[string]int {
	o.t.Helper()
	resp, err := http.Get("http://" + o.run.Watch + "/metrics")
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	counts := map[string]int{}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		result, n := "", 0
		_, rest, ours := strings.Cut(lines.Text(), `usher_`+o.kind+`_deliveries_total{chat="`+o.chat+`",result="`)
		if result, rest, _ = strings.Cut(rest, `"} `); !ours {
			continue
		}
		if _, err := fmt.Sscan(rest, &n); err != nil {
			o.t.Fatalf("%q: %v", lines.Text(), err)
		}
		counts[result] = n
	}
	return counts
}

// answers are the private messages of a person and, if open, their modal.
func (c clerk) answers() []string {
	s := c.See()
	var list []string
	for _, m := range s.Messages {
		if m.Private {
			list = append(list, m.Body)
		}
	}
	if s.Modal != nil {
		list = append(list, s.Modal.Body)
	}
	return list
}

// naming counts the texts with a name in them.
func naming(list []string, name string) int {
	n := 0
	for _, text := range list {
		if strings.Contains(text, name) {
			n++
		}
	}
	return n
}

// cardsIn are the messages of Usher in a conversation.
func (o *office) cardsIn(channel string) []slackfake.Message {
	return slices.DeleteFunc(o.fake.Messages(channel), func(m slackfake.Message) bool { return m.From != slackfake.BotUser })
}
