package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// pageRounds are fewer than those of the crowd at the runtimes: here each
// press goes all the way, and each approver has a card that is posted and
// redrawn.
const pageRounds = 5

// 64 approvers press at once through the pages of two processes on one Redis,
// half of them Approve, the others Send on the form of a denial: one decision,
// and the private answer of everybody else names who decided.
func TestACrowdOnTwoPagesIsToldWhoDecided(t *testing.T) {
	t.Parallel()
	url := redisURL(t)
	here, there := launch(t, onRedis(place(t), url)), launch(t, onRedis(place(t), url))
	define(t, url, crowdPackages(pageRounds))
	pages := []*stage{here.stage, there.stage}
	var approvers []person
	for i := range crowd {
		here.add(fmt.Sprintf("approver-%02d", i), approverName(i), "crowd")
		approvers = append(approvers, pages[i/2%2].person(fmt.Sprintf("approver-%02d", i)))
	}
	for round := range pageRounds {
		id := fmt.Sprintf("asker-%02d", round)
		here.add(id, "Asker "+id).command(fmt.Sprintf("/access request door-%02d", round))
		if v := here.person(id).see(); v.Form != nil {
			here.person(id).fill(answers{})
		}
		told := pressAtOnce(t, ready(approvers, fmt.Sprintf("Door %02d", round)))
		winner := here.onlyDecision(id)
		for i, text := range told {
			if i != winner && !strings.Contains(text, approverName(winner)) {
				t.Errorf("round %d: %s decided, and %s was told %q", round, approverName(winner), approverName(i), text)
			}
		}
		// Whose card is redrawn needs no sentence; whoever sent a form gets one.
		thanks := []string{"", "You denied the request of Asker " + id + "."}[winner%2]
		if got := told[winner]; !strings.Contains(got, thanks) || thanks == "" && got != "" {
			t.Errorf("round %d: %s decided and was told %q, want %q", round, approverName(winner), got, thanks)
		}
	}
}

func approverName(i int) string { return fmt.Sprintf("Approver %02d", i) }

// ready waits until every approver has the card; every other one opens the
// form of a denial. It returns what each has yet to press.
func ready(approvers []person, door string) []func() (view, error) {
	presses := make([]func() (view, error), len(approvers))
	for i, p := range approvers {
		card := p.cardWith("Approve", door)
		presses[i] = func() (view, error) { return p.tryPress(card, "Approve") }
		if i%2 == 1 {
			form := p.press(card, "Deny").Form
			presses[i] = func() (v view, err error) {
				body := map[string]any{"form": form.ID, "answers": answers{"reason": {"pressed"}}}
				err = p.s.try(http.MethodPost, p.path("submit"), body, &v)
				return v, err
			}
		}
	}
	return presses
}

// pressAtOnce has all press at the same moment, and returns what each was told.
func pressAtOnce(t *testing.T, presses []func() (view, error)) []string {
	t.Helper()
	told, begin := make([]string, len(presses)), make(chan struct{})
	var group sync.WaitGroup
	for i, press := range presses {
		group.Go(func() {
			<-begin
			v, err := press()
			if err != nil {
				t.Errorf("%s: %v", approverName(i), err)
			}
			told[i] = said(v)
		})
	}
	close(begin)
	group.Wait()
	return told
}

// onlyDecision is the number of the approver who decided what somebody asked
// for, as the audit has it. There must be one decision, and an attempt of
// everybody else.
func (s *stage) onlyDecision(asker string) int {
	s.t.Helper()
	var winners []int
	attempts := 0
	for _, l := range s.audit() {
		if l.Person != "playground/"+asker {
			continue
		}
		switch l.Kind {
		case "decided":
			n := -1
			if _, err := fmt.Sscanf(l.Actor, "playground/approver-%d", &n); err != nil {
				s.t.Fatalf("%q decided: %v", l.Actor, err)
			}
			winners = append(winners, n)
		case "refused":
			attempts++
		}
	}
	if len(winners) != 1 || attempts != crowd-1 {
		s.t.Fatalf("%s: the audit has the decisions of %v and %d refused attempts, want one and %d", asker, winners, attempts, crowd-1)
	}
	return winners[0]
}
