//go:build peers

package peers

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// A trigger opens one modal within three seconds. Whoever comes too late is
// told, in private.
func TestTriggers(t *testing.T) {
	w := opened(t)
	mina := w.person("mina")
	used, old := w.slack.trigger(mina.id), w.slack.trigger(mina.id)
	mina.sees("views.open", func() { mina.slash(used, "request visit") })
	over := time.Now().Add(4 * time.Second)
	eventually(t, func() error {
		if left := time.Until(over); left > 0 {
			return fmt.Errorf("the trigger is good for %v", left)
		}
		return nil
	})
	for want, trigger := range map[string]string{
		"exchanged_trigger_id": used, "expired_trigger_id": old, "invalid_trigger_id": "1.2.3",
	} {
		sorry := mina.hears(func() { mina.slash(trigger, "request visit") })
		if !contains(sorry.Text, "Slack did not let the form open in time") {
			t.Errorf("%s: Mina hears %q", want, sorry.Text)
		}
		if got := w.front.errors("views.open"); len(got) == 0 || got[len(got)-1] != want {
			t.Errorf("emulate answers %q, want %q", got, want)
		}
	}
	w.fails("views.open", object{"status": 500})
	if sorry := mina.hears(func() { mina.slash(w.slack.trigger(mina.id), "request visit") }); !contains(sorry.Text, "Slack did not let the form open in time") {
		t.Errorf("after a 500 Mina hears %q", sorry.Text)
	}
}

// What somebody chose before is overtaken by what they chose since: Slack
// refuses the older page, and Usher leaves the newer one as it is.
func TestTheHashOfAModal(t *testing.T) {
	w := opened(t)
	mina := w.person("mina")
	form := mina.asks("request visit")
	wider := mina.sees("views.update", func() { form.change("Which way?", "Work with us") })
	if wider.Hash == form.Hash {
		t.Errorf("the hash is still %s", wider.Hash)
	}
	form.change("Which way?", "Have a look") // of the page that is gone
	eventually(t, func() error {
		if got := w.front.errors("views.update"); !slices.Equal(got, []string{"hash_conflict"}) {
			return fmt.Errorf("emulate answers %q", got)
		}
		return nil
	})
	if err := w.slack.keeps(wider.ID, wider.Hash); err != nil {
		t.Error(err)
	}
	// What is chosen when the form is sent counts, not what the page was made for.
	wider.fill("Which way?", "Have a look")
	wider.goesThrough()
	w.waitIn(mina, true, false)
	if said := w.front.answers(whispered); len(said) != 0 {
		t.Errorf("Mina hears %s", said)
	}
}

// Without a permission nothing is given; the admins are told what is missing.
func TestAMissingScope(t *testing.T) {
	w := opened(t, "channels:manage")
	mina, olga := w.person("mina"), w.person("olga")
	form := mina.asks("request visit")
	form.fill("Which way?", "Have a look")
	form.goesThrough()
	olga.card("Try again", "Delivery failed", "Visit")
	if got := w.front.errors("conversations.invite"); !slices.Equal(got, []string{"missing_scope"}) {
		t.Errorf("emulate answers %q", got)
	}
	w.waitIn(mina, false, false)
}
