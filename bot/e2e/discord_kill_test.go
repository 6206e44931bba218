package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// Usher is killed while Discord lets somebody into a channel: not done yet, or
// done and the answer never read. After it they are in exactly once, the cards
// are right, and at the end they are out.
func TestKilledInTheMiddleOfADeliveryInDiscord(t *testing.T) {
	inDiscord(t, func(t *testing.T, s *server) {
		s.join("carlo", "Carlo Conti", discordOutside)
		s.killedWhileGiving("carla", "Carla Contreras", false)
		s.killedWhileGiving("carlo", "Carlo Conti", true)
		s.forward(32 * 24 * time.Hour)
		for _, name := range []string{"carla", "carlo"} {
			s.member(name).card("Your access to", "External contractor", "is over")
			s.waitHas(name)
		}
	})
}

func (s *server) killedWhileGiving(user, name string, arrived bool) {
	s.t.Helper()
	s.stop()
	kill := s.launch()
	carla, olga := s.member(user), s.member("olga")
	call := "PUT " + calling("site") + discordUser(user)
	s.fake.Fail(discordfake.Fault{Path: call, Hold: make(chan struct{})})
	carla.ask("contractor", "External contractor", map[string]any{
		"What will you mostly work on?": "The website", "Why is it needed?": "The new website",
	})
	olga.decide(olga.card("Request: External contractor", name, "[Approve]"), "Approve", "Known")
	carla.press(carla.card("External contractor", "[Read the terms]"), "Read the terms")
	carla.press(carla.read("[Accept]"), "Accept")
	if err := s.fake.Await("the call", func() bool { return s.fake.Holding() == 1 }); err != nil {
		s.t.Fatal(err)
	}
	if arrived {
		s.fake.SetOverwrite(discordSite, discordfake.Overwrite{ID: discordUser(user), Member: true, Allow: discordfake.ViewChannel})
	}
	kill()

	s.clock.forward(time.Minute) // past the time that a call may take
	s.start()
	s.waitHas(user, "design", "site")
	carla.card("You now have", "External contractor")
	carla.card("External contractor", "[Give back]")
	olga.card("Request: External contractor", name, "The access is on")
	s.settle()
	done := 0
	for _, c := range s.fake.Calls(call) {
		if c.Status == http.StatusNoContent {
			done++
		}
	}
	if want := map[bool]int{true: 0, false: 1}[arrived]; done != want {
		s.t.Errorf("%s was let in %d times, want %d", user, done, want)
	}
	for words, in := range map[string]*member{"You now have": carla, "[Give back]": carla, name + " asks for **": olga} {
		if n := in.cards(words); n != 1 {
			s.t.Errorf("%s has %d cards with %q, want one:\n%s", in.ID(), n, words, in.See())
		}
	}
}
