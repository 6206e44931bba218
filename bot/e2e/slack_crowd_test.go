package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/engine"
)

// gatekeepers is how many press on one card in a channel.
const gatekeepers = 20

// Twenty approvers press at once on one card in a channel, half of them
// Approve and half Deny, some on a form that they had open, while Slack asks
// to wait with all that Usher answers by. On Redis two processes share the
// workspace.
func TestACrowdInAChannelInSlackDecidesOnce(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		if o.conf.Storage.Redis != "" {
			o.another()
		}
		keepers := o.keepers()
		o.person("mina").ask("gate", "Gate", nil)
		asked := keepers[0].card("Request: Gate", "Mina Okafor", "[Approve]")
		o.limit("views.open", 1)
		for _, k := range keepers[:5] {
			k.openDenial(asked)
		}
		o.limit("chat.update", 2)
		o.limit("chat.postEphemeral", 4)
		o.limit("response_url", 8)
		o.atOnce(keepers, func(n int, k clerk) error {
			switch {
			case n < 5:
				return k.Submit()
			case n < 10:
				return k.PressOld(asked, "Deny")
			}
			return k.PressOld(asked, "Approve")
		})
		winner := o.oneOf(keepers)
		for _, k := range keepers {
			if k != winner {
				k.toldBy(winner)
			}
		}
		o.settled(keepers, winner)
	})
}

// limit makes Slack ask to wait for a second with the next calls of a method.
func (o *office) limit(method string, times int) {
	o.fake.Fail(slackfake.Fault{Method: method, Times: times, Status: http.StatusTooManyRequests, RetryAfter: 1})
}

// openDenial opens the form of a denial and fills it in. Whoever is asked to
// try again does so a little later.
func (c clerk) openDenial(asked slackfake.Message) {
	c.o.t.Helper()
	c.press(asked, "Deny")
	s, err := c.Until("a form or an answer", func(s slackfake.Sight) bool { return s.Modal != nil || len(c.answers()) > 0 })
	c.must(err)
	if s.Modal == nil {
		c.hears("Please try again")
		c.o.forward(2 * time.Second)
		c.press(asked, "Deny")
	}
	_, err = c.ReadModal("Reason")
	c.must(err)
	c.must(c.Fill(map[string]any{"Reason": "pressed"}))
}

// toldBy waits until somebody who came late knows who was first. Whoever was
// shown a form in time sends it.
func (c clerk) toldBy(winner clerk) {
	c.o.t.Helper()
	s, err := c.Until("an answer", func(s slackfake.Sight) bool { return s.Modal != nil || naming(c.answers(), winner.name()) > 0 })
	c.must(err)
	if s.Modal != nil && s.Modal.Submit != "" {
		c.must(c.Fill(map[string]any{"Reason": "pressed"}))
		c.must(c.Submit())
	}
	_, err = c.Until("who decided", func(slackfake.Sight) bool { return naming(c.answers(), winner.name()) > 0 })
	c.must(err)
}

// keepers are the people who may decide, all in one channel.
func (o *office) keepers() []clerk {
	var ids []string
	for i := range gatekeepers {
		id := fmt.Sprintf("U0KEEPER%02d", i)
		ids = append(ids, id)
		o.fake.AddUser(slackfake.User{ID: id, Name: strings.ToLower(id), RealName: fmt.Sprintf("Keeper %02d", i)})
	}
	o.fake.AddGroup(slackfake.Group{ID: "S0CROWD", Name: "Crowd", Handle: "crowd", Users: ids})
	o.fake.AddChannel(slackfake.Channel{ID: "C0GATE", Name: "gate", Bot: true, Members: ids})
	var all []clerk
	for i := range gatekeepers {
		all = append(all, o.person(fmt.Sprintf("keeper%02d", i)))
	}
	return all
}

// atOnce has everybody do something at the same moment.
func (o *office) atOnce(all []clerk, do func(int, clerk) error) {
	o.t.Helper()
	begin := make(chan struct{})
	var group sync.WaitGroup
	for i, c := range all {
		group.Go(func() {
			<-begin
			if err := do(i, c); err != nil {
				o.t.Errorf("%s: %v", c.ID(), err)
			}
		})
	}
	close(begin)
	group.Wait()
}

// oneOf is who decided on Mina's request: exactly one of the keepers.
func (o *office) oneOf(keepers []clerk) clerk {
	o.t.Helper()
	o.eventually(func() error {
		if len(who(o.audit("U0MINA"), engine.EventDecided)) == 0 {
			return fmt.Errorf("nobody has decided")
		}
		return nil
	})
	deciders := who(o.audit("U0MINA"), engine.EventDecided)
	for _, k := range keepers {
		if slices.Equal(deciders, []string{k.ID()}) {
			return k
		}
	}
	o.t.Fatalf("decided have %q", deciders)
	return clerk{}
}

// name is how cards call the person.
func (c clerk) name() string { return "Keeper " + strings.TrimPrefix(c.ID(), "U0KEEPER") }

// settled checks what is left when all have had their answers: one decision,
// one attempt and one answer of everybody else, one card that shows it.
func (o *office) settled(keepers []clerk, winner clerk) {
	o.t.Helper()
	var others []string
	for _, k := range keepers {
		if k == winner {
			continue
		}
		others = append(others, k.ID())
		if n := naming(k.answers(), winner.name()); n != 1 {
			o.t.Errorf("%s has %d answers that name %s, want one:\n%s", k.ID(), n, winner.name(), k.See())
		}
	}
	if got := who(o.audit("U0MINA"), engine.EventDecided); !slices.Equal(got, []string{winner.ID()}) {
		o.t.Errorf("decided have %q, want %s alone", got, winner.ID())
	}
	if got := who(o.audit("U0MINA"), engine.EventRefused); !slices.Equal(got, others) {
		o.t.Errorf("the attempts of %q are on record, want one of each other than %s", got, winner.ID())
	}
	shown := "The access is on"
	if len(o.ledger("U0MINA").Assignments) == 0 {
		shown = "Denied"
	}
	o.forward(15 * time.Second) // past the back-off
	for _, method := range []string{"views.open", "chat.update", "chat.postEphemeral", "response_url"} {
		if !slices.ContainsFunc(o.fake.Calls(method), func(c slackfake.Call) bool { return c.Status == http.StatusTooManyRequests }) {
			o.t.Errorf("Slack never asked to wait with %s", method)
		}
	}
	o.eventually(func() error {
		cards := o.cardsIn("C0GATE")
		if len(cards) != 1 || !contains(cards[0].Body, winner.name(), shown) || slices.Contains(cards[0].Buttons, "Approve") || slices.Contains(cards[0].Buttons, "Deny") {
			return fmt.Errorf("in the channel are %d cards: %+v", len(cards), cards)
		}
		return nil
	})
}

// another runs usher serve once more on the same store, beside the first:
// Slack's deliveries go to both in turn.
func (o *office) another() {
	o.t.Helper()
	first := o.run
	o.start()
	if first.HTTP == "" {
		if err := o.fake.AwaitSockets(2); err != nil {
			o.t.Fatal(err)
		}
		return
	}
	var turn atomic.Int64
	bases := []string{first.HTTP, o.run.HTTP}
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: bases[turn.Add(1)%2]})
	}})
	o.t.Cleanup(front.Close)
	o.fake.DeliverTo(front.URL)
}
