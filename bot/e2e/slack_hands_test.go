package e2e

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/engine"
)

// wrong is one press of somebody who may not decide.
type wrong struct {
	name, by string
	press    func(clerk) error
	says     string // the one private sentence has this in it
	code     string // of the one line in the audit about Mina; "" for none
}

// Whoever may not decide and presses anyway, on whatever they got hold of, is
// told so in one private sentence. An attempt to decide is on record, and
// nothing else has changed.
func TestPressesOfTheWrongHandsInSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, o *office) {
		o.outsiders()
		mina, ada, ben, nora := o.person("mina"), o.person("ada"), o.person("ben"), o.person("nora")
		mina.ask("meet", "Meet", nil)
		meet := nora.card("Request: Meet", "[Approve]")
		o.refuse(among(meet))
		nora.decide(meet, "Deny", "There is no room")

		mina.ask("payroll", "Payroll", map[string]any{"Why is it needed?": "I move to payroll"})
		first := ada.card("Request: Payroll", "[Approve]")
		ben.ask("production", "Production", map[string]any{"Why is it needed?": "On call"})
		other := nora.card("Request: Production", "[Approve]")
		o.refuse(copies(first))
		o.refuse(tokens(first, other))
		o.refuse(strangers(first))

		// The first stage is over: its buttons are of no use to anybody.
		ada.press(first, "Approve")
		olga := o.person("olga")
		second := olga.card("Request: Payroll", "[Approve]")
		ada.card("Request: Payroll", "Decided so far")
		o.refuse(stages(first, second))

		// Nobody can press on what is over, wherever it is kept.
		mina.press(mina.card("Payroll", "[Withdraw]"), "Withdraw")
		olga.card("Request: Payroll", "ithdrawn")
		o.gone("U0MINA")
		o.refuse(archived(first, second))
	})
}

// outsiders are people who never decide, and a channel that is shared.
func (o *office) outsiders() {
	for _, u := range []slackfake.User{
		{ID: "U0GUS", Name: "gus", RealName: "Gus Guest", Guest: slackfake.SingleChannel},
		{ID: "U0ROBO", Name: "robo", RealName: "Robo", Bot: true},
		{ID: "U0DEE", Name: "dee", RealName: "Dee Parted", Deleted: true},
		{ID: "U0SAM", Name: "sam", RealName: "Sam Stranger", Team: "T0THEIRS", Stranger: true},
	} {
		o.fake.AddUser(u)
	}
	o.fake.AddChannel(slackfake.Channel{ID: "C0SHARED", Name: "shared", Shared: true, Bot: true, Members: []string{"U0GUS", "U0ROBO", "U0DEE", "U0SAM", "U0ADA", "U0NORA"}})
}

// among are people in a channel whose members are asked, who never decide all
// the same.
func among(card slackfake.Message) []wrong {
	shared := card
	shared.Channel, shared.TS = "C0SHARED", "1700000000.000400"
	return []wrong{
		{"a stranger in the channel that is asked", "sam", forge(shared, "Approve", nil), "You cannot decide this request", "notApprover"},
		{"a program in the channel that is asked", "robo", forge(shared, "Approve", nil), "Programs cannot do this", ""},
		{"somebody who left, in the channel that is asked", "dee", forge(shared, "Deny", nil), "This account is deactivated", ""},
	}
}

// copies press the right token at a wrong place. Who may not read the request
// and does not press on its own card is told no more than that.
func copies(card slackfake.Message) []wrong {
	elsewhere := card
	elsewhere.Channel, elsewhere.TS = "C0LOBBY", "1700000000.000100"
	forwarded := func(p map[string]any) {
		p["container"] = map[string]any{
			"type": "message_attachment", "channel_id": "C0LOBBY", "message_ts": "1700000000.000200", "attachment_id": 1, "is_ephemeral": false, "is_app_unfurl": false,
		}
		p["channel"] = map[string]any{"id": "C0LOBBY", "name": "lobby"}
		delete(p, "message")
	}
	nowhere := func(p map[string]any) { delete(p, "container"); delete(p, "channel"); delete(p, "message") }
	return []wrong{
		{"a copy in another channel", "nora", forge(elsewhere, "Approve", nil), "There is no such request", "notApprover"},
		{"a copy in another channel, Deny", "nora", forge(elsewhere, "Deny", nil), "There is no such request", "notApprover"},
		{"a forwarded card", "nora", forge(card, "Approve", forwarded), "There is no such request", "notApprover"},
		{"a card that is nowhere", "nora", forge(card, "Approve", nowhere), "There is no such request", "notApprover"},
		{"somebody else's card", "nora", forge(card, "Approve", nil), "You cannot decide this request", "notApprover"},
		{"an approver of a later stage", "olga", forge(card, "Approve", nil), "You cannot decide this request", "notApprover"},
		{"the requestor", "mina", forge(elsewhere, "Approve", nil), "Nobody decides on what they asked for", "ownRequest"},
	}
}

// tokens press a right card with a wrong token.
func tokens(first, other slackfake.Message) []wrong {
	token := first.Value("Approve")
	unknown := reworded(token, func(t *chat.Token) { t.Request = 99 })
	elsewhere := reworded(token, func(t *chat.Token) { t.Tenant = "games" })
	return []wrong{
		{"the token of another request", "nora", forge(other, "Approve", withToken(token)), "There is no such request", "notApprover"},
		{"a request that there is not", "nora", forge(other, "Approve", withToken(unknown)), "There is no such request", "unknownRequest"},
		{"another tenant", "ada", forge(first, "Approve", withToken(elsewhere)), "There is no such request", ""},
		{"a made-up token", "nora", forge(other, "Approve", withToken("approve~acme~slack=2FU0MINA")), "This button is not known any more", ""},
		{"a token in another spelling", "ada", forge(first, "Approve", withToken(strings.ToUpper(token))), "This button is not known any more", ""},
		{"a made-up verb", "ada", forge(first, "Approve", withToken(strings.Replace(token, "approve~", "grant~", 1))), "This button is not known any more", ""},
		{"very much", "ada", forge(first, "Approve", withToken(strings.Repeat("approve~", 200))), "This button is not known any more", ""},
	}
}

// reworded is a token with something else in it, well formed.
func reworded(token string, change func(*chat.Token)) string {
	t, err := chat.ParseToken(token)
	if err != nil {
		return err.Error()
	}
	change(&t)
	out, err := t.Encode()
	if err != nil {
		return err.Error()
	}
	return out
}

// strangers press who they are not to be.
func strangers(card slackfake.Message) []wrong {
	shared := card
	shared.Channel, shared.TS = "C0SHARED", "1700000000.000300"
	return []wrong{
		{"a guest", "gus", forge(shared, "Approve", nil), "There is no such request", "notApprover"},
		{"a stranger", "sam", forge(shared, "Approve", nil), "There is no such request", "notApprover"},
		{"a program", "robo", forge(shared, "Approve", nil), "Programs cannot do this", ""},
		{"somebody who left", "dee", forge(shared, "Approve", nil), "This account is deactivated", ""},
	}
}

func stages(first, second slackfake.Message) []wrong {
	return []wrong{
		{"the stage that they decided", "ada", forge(first, "Deny", nil), "You have decided already", "stageOver"},
		{"the stage before theirs", "olga", forge(second, "Approve", withToken(first.Value("Approve"))), "This stage is over. @Ada Lindqvist approved it", "stageOver"},
		{"the stage after theirs", "ada", forge(first, "Approve", withToken(second.Value("Approve"))), "This stage is over", "stageOver"},
	}
}

func archived(first, second slackfake.Message) []wrong {
	return []wrong{
		{"an approver of what is archived", "olga", forge(second, "Approve", nil), "That is over: *Payroll*. Withdrawn by @Mina Okafor", "unknownRequest"},
		{"who decided on what is archived", "ada", forge(first, "Deny", nil), "That is over: *Payroll*. Withdrawn by @Mina Okafor", "unknownRequest"},
		{"somebody else on what is archived", "nora", forge(first, "Approve", nil), "There is no such request", "unknownRequest"},
	}
}

func forge(m slackfake.Message, button string, change func(map[string]any)) func(clerk) error {
	return func(c clerk) error { return c.Forge(m, button, change) }
}

// withToken puts another token into a press.
func withToken(token string) func(map[string]any) {
	return func(p map[string]any) { p["actions"].([]any)[0].(map[string]any)["value"] = token }
}

// refuse carries out presses that have to be refused, when nothing else goes
// on.
func (o *office) refuse(all []wrong) {
	o.t.Helper()
	o.quiet(o.run.Watch)
	for _, w := range all {
		o.refuses(w)
	}
}

// refuses carries out a press that has to be refused.
func (o *office) refuses(w wrong) {
	o.t.Helper()
	c := o.person(w.by)
	heard, lines, before := len(c.answers()), len(o.audit("U0MINA")), o.ledger("U0MINA")
	if err := w.press(c); err != nil {
		o.t.Fatalf("%s: %v", w.name, err)
	}
	_, err := c.Until("an answer to: "+w.name, func(slackfake.Sight) bool { return len(c.answers()) > heard })
	c.must(err)
	if got := c.answers()[heard:]; len(got) != 1 || !strings.Contains(got[0], w.says) {
		o.t.Errorf("%s: told is %q, want %q", w.name, got, w.says)
	}
	want := []string{}
	if w.code != "" {
		want = append(want, fmt.Sprintf("%s %s %s", engine.EventRefused, c.ID(), w.code))
	}
	got := []string{}
	for _, e := range o.audit("U0MINA")[lines:] {
		got = append(got, fmt.Sprintf("%s %s %s", e.Type, strings.TrimPrefix(string(e.By), "slack/"), e.Code))
	}
	if !slices.Equal(got, want) {
		o.t.Errorf("%s: on record are %q, want %q", w.name, got, want)
	}
	if after := o.ledger("U0MINA"); !reflect.DeepEqual(before.Requests, after.Requests) || !reflect.DeepEqual(before.Assignments, after.Assignments) {
		o.t.Errorf("%s: it changed\n%+v\nto\n%+v", w.name, before.Requests, after.Requests)
	}
}

// gone waits until everything of a person is in the archive.
func (o *office) gone(user string) {
	o.t.Helper()
	o.eventually(func() error {
		if l := o.ledger(user); len(l.Requests) > 0 {
			return fmt.Errorf("%d requests are not in the archive", len(l.Requests))
		}
		return nil
	})
}
