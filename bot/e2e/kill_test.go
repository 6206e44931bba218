package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/bot/app"
)

// act is one thing that somebody does in the contractor's story.
type act struct {
	name string
	do   func(s *stage)
}

// contractorActs is the contractor's story act by act. Each begins with what
// is on the page, so that it can be played after a new start.
func contractorActs() []act {
	return []act{
		{"Carla types the command", func(s *stage) {
			s.person("carla").set("locale", "en").command("/access request contractor")
		}},
		{"Carla sends the form", func(s *stage) {
			s.person("carla").fill(answers{"justification": {"The new website"}, "answer.work": {"website"}})
		}},
		{"Olga presses Approve", func(s *stage) {
			olga := s.person("olga")
			olga.press(olga.cardWith("Approve", "External contractor"), "Approve")
		}},
		{"Olga gives a reason", func(s *stage) { s.person("olga").fill(answers{"reason": {"Known"}}) }},
		{"Carla accepts the terms", func(s *stage) {
			s.person("carla").card("Your request for External contractor was approved")
			s.person("carla").acceptTerms("External contractor")
		}},
		{"the access is there", func(s *stage) {
			s.waitRooms("carla", contractorRooms...)
			s.person("carla").card("You now have External contractor")
		}},
		{"the month passes", func(s *stage) { s.fastForward("32 days") }},
	}
}

func TestKilledAfterEachStepItEndsTheSame(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"bolt", "redis"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			acts := contractorActs()
			want := play(t, demoOn(t, kind), acts, -1)
			t.Logf("without a kill:\n%s", want)
			for i, a := range acts {
				t.Run(strings.ReplaceAll(a.name, " ", "_"), func(t *testing.T) {
					t.Parallel()
					o := demoOn(t, kind)
					p := playOn(t, o, acts, i)
					p.endsAs(want)
				})
			}
		})
	}
}

func demoOn(t testing.TB, kind string) app.DemoOptions {
	t.Helper()
	o := place(t)
	if kind == "redis" {
		o = onRedis(o, redisURL(t))
	}
	return o
}

// play plays the story to its end, and returns how it ended.
func play(t *testing.T, o app.DemoOptions, acts []act, killAfter int) string {
	t.Helper()
	p := playOn(t, o, acts, killAfter)
	p.over()
	return p.summary()
}

// playOn plays the acts, kills the process right after one of them is
// answered, whatever is still under way, and goes on with a new one.
func playOn(t *testing.T, o app.DemoOptions, acts []act, killAfter int) *process {
	t.Helper()
	p := launch(t, o)
	for i, a := range acts {
		a.do(p.stage)
		if i == killAfter {
			p.kill()
			p = relaunch(t, o)
		}
	}
	return p
}

// relaunch starts again after a kill. What was under way then has an unknown
// result until its time is up: the clock is put forward past that.
func relaunch(t *testing.T, o app.DemoOptions) *process {
	t.Helper()
	p := launch(t, o)
	p.fastForward("1h")
	return p
}

// over waits until the contractor's story is over for everybody.
func (s *stage) over() {
	s.t.Helper()
	s.waitRooms("carla")
	s.person("carla").card("Your access to External contractor is over")
	s.eventually(func() error {
		for _, id := range []string{"carla", "olga"} {
			if v := s.person(id).see(); !v.has("The access ended on") || v.has("taken away") {
				return fmt.Errorf("%s still sees%s", id, v.all())
			}
		}
		return nil
	})
}

// has reports whether a posted message contains a text.
func (v view) has(text string) bool {
	_, ok := v.find(text)
	return ok
}

var digits = regexp.MustCompile(`[0-9]+`)

// summary is everything that was posted to anybody, and who is in which room,
// without the moments, which differ from run to run.
func (s *stage) summary() string {
	s.t.Helper()
	var lines []string
	for _, id := range []string{"carla", "mina", "ada", "ben", "olga"} {
		for _, m := range s.person(id).see().Messages {
			if !m.Private {
				lines = append(lines, id+": "+digits.ReplaceAllString(strings.ReplaceAll(m.text(), "\n", " / "), "#")+" "+strings.Join(m.labels(), "|"))
			}
		}
		lines = append(lines, id+" is in "+strings.Join(s.rooms(id), " "))
	}
	slices.Sort(lines) // messages of one moment come in any order
	return strings.Join(lines, "\n")
}

// endsAs waits until the story ended like another one.
func (s *stage) endsAs(want string) {
	s.t.Helper()
	s.eventually(func() error {
		if got := s.summary(); got != want {
			return fmt.Errorf("it ended with\n%s\nand without a kill with\n%s", got, want)
		}
		return nil
	})
}

func TestKilledInTheMiddleOfADelivery(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"bolt", "redis"} {
		for _, mode := range []string{"slow", "losing", "pending"} {
			t.Run(kind+"/"+mode, func(t *testing.T) {
				t.Parallel()
				acts := contractorActs()
				want := play(t, demoOn(t, kind), acts, -1)

				o := demoOn(t, kind)
				p := launch(t, o)
				p.mode("team-site", mode)
				for _, a := range acts[:5] {
					a.do(p.stage)
				}
				p.eventually(func() error {
					if !slices.ContainsFunc(p.audit(), func(l auditLine) bool {
						return l.Kind == "started" && strings.Contains(l.Text, "team-site")
					}) {
						return fmt.Errorf("the delivery has not started: %q", p.history())
					}
					return nil
				})
				p.kill()

				p = relaunch(t, o)
				p.mode("team-site", "normal")
				for _, a := range acts[5:] {
					a.do(p.stage)
				}
				p.endsAs(want)
			})
		}
	}
}
