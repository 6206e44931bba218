//go:build !race

package desk

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// With the race detector this takes ten times as long; make test runs it without.

// Five hundred lines take longer than any chat waits, and the process dies on
// the way: nobody is assigned twice, nobody is left out.
func TestALongListIsGoneOnWithAfterARestart(t *testing.T) {
	t.Parallel()
	inPlaza(t, func(p *plaza) {
		p.define(vault())
		crowd := p.crowd(500)
		var list strings.Builder
		for _, who := range crowd {
			fmt.Fprintf(&list, "@%s\n", who)
		}
		card := p.told(p.lists("vault", list.String()))
		ctx, kill := context.WithCancel(p.t.Context())
		p.desk.Use(slowly{p.r, &atomic.Int64{}, func(n int64) {
			if n == 77 {
				kill() // what is committed by now is not known to the list yet
			}
		}})
		begun := p.desk.Handle(ctx, chat.Pressed{Who: p.who(olga), ID: p.id(), Token: p.house().button(card, "Assign to 500 people")})
		p.settle()
		p.stop()
		p.open()
		shown := p.house().last(olga, "Assigning The vault", "50 of 500 lines are done with, 450 are left: “Go on” does them, and nobody twice. Assigned: 50.")
		if len(shown.Card.Buttons) != 2 || shown.Card.Buttons[0].Label != "Go on" {
			t.Fatalf("what is left of the process that died: %s\n%+v", cardText(shown.Card), begun)
		}
		p.desk.Use(slowly{p.r, &atomic.Int64{}, func(int64) {}})
		var last chat.Card
		for n := 0; ; n++ {
			last = p.told(p.taps(olga, shown.Card, "Go on"))
			if last.Tone == chat.ToneGood {
				break
			}
			if n > 10 || !strings.Contains(cardText(last), "of 500 lines are done with") {
				t.Fatalf("it does not go on:\n%s", cardText(last))
			}
		}
		if got := last.Summary; got != "Assigned: 500. Refused: 0. Left out: 0." {
			t.Errorf("at the end: %s", cardText(last))
		}
		final := p.house().last(olga, "Assigning The vault")
		if final.Ref != shown.Ref || final.Edits < 5 || cardText(final.Card) != cardText(last) {
			t.Errorf("the message that shows progress was edited %d times:\n%s", final.Edits, cardText(final.Card))
		}
		for _, who := range crowd {
			v, err := p.r.Ledger(p.t.Context(), tenant, access.Actor{}, who)
			if err != nil || len(v.Ledger.Requests) != 1 || v.Ledger.Requests[0].Kind != access.AdminAdd {
				t.Errorf("%s: %d requests, %v", who, len(v.Ledger.Requests), err)
			}
		}
	})
}
