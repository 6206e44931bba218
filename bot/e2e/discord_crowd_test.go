package e2e

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
	"github.com/usher-dev/usher/core/engine"
)

// Twenty approvers press at once on one card in a channel, half of them
// Approve and half Deny on a form that they had open: one decides, all others
// are told who it was, and the card shows it. On Redis two processes share the
// server.
func TestACrowdInAChannelInDiscordDecidesOnce(t *testing.T) {
	inDiscord(t, func(t *testing.T, s *server) {
		if s.conf.Storage.Redis != "" && s.conf.HTTP.Addr == "" {
			s.start() // another, which stands by and works
		}
		var keepers []*member
		for i := range gatekeepers {
			name := fmt.Sprintf("keeper%02d", i)
			s.join(name, fmt.Sprintf("Keeper %02d", i), discordStaff, discordCrowd)
			keepers = append(keepers, s.member(name))
		}
		s.member("mina").ask("gate", "Gate", nil)
		asked := keepers[0].card("Request: Gate", "Mina Okafor", "[Approve]")
		for _, k := range keepers[:10] {
			k.press(asked, "Deny")
			_, err := k.ReadModal("Reason")
			k.must(err)
		}
		begin := make(chan struct{})
		var group sync.WaitGroup
		for i, k := range keepers {
			group.Go(func() {
				<-begin
				var err error
				if i < 10 {
					err = k.Submit(map[string]any{"Reason": "pressed"})
				} else {
					err = k.pressOld(asked, "Approve")
				}
				if err != nil {
					t.Errorf("%s: %v", k.ID(), err)
				}
			})
		}
		close(begin)
		group.Wait()
		s.oneDecided(keepers)
	})
}

// oneDecided checks what is left when all have had their answers.
func (s *server) oneDecided(keepers []*member) {
	s.t.Helper()
	decided := who(s.trail("mina"), engine.EventDecided)
	if len(decided) != 1 {
		s.t.Fatalf("decided have %q", decided)
	}
	winner := slices.IndexFunc(keepers, func(k *member) bool { return k.ID() == decided[0] })
	name := fmt.Sprintf("Keeper %02d", winner)
	var others []string
	for i, k := range keepers {
		if i != winner {
			others = append(others, k.ID())
			k.hears(name)
		}
	}
	if got := who(s.trail("mina"), engine.EventRefused); !slices.Equal(got, others) {
		s.t.Errorf("the attempts of %q are on record, want one of each but %s", got, decided[0])
	}
	s.eventually(func() error {
		cards := slices.DeleteFunc(s.fake.Messages(discordGate), func(m discordfake.Message) bool { return m.From != s.fake.AppID() })
		if len(cards) != 1 || !contains(cards[0].Body, name) || slices.Contains(cards[0].Buttons, "Approve") {
			return fmt.Errorf("in the channel are %d cards: %+v", len(cards), cards)
		}
		return nil
	})
}
