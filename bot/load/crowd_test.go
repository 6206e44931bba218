package load

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/core/access"
)

const (
	tenant = "acme"

	rooms      = 16 // packages, each with a place and an approver of its own
	bystanders = 500
	early      = 200 // requests that are decided before it begins
)

// The kinds of interactions, out of twenty.
const (
	approve  = "press: approve"
	late     = "press: decided already"
	stranger = "press: may not decide"
	command  = "command: opens a form"
	submit   = "form: a new request"
	mistake  = "form: wrong at a field"
)

func mix() []string {
	return []string{
		approve, command, submit, approve, stranger, command, approve, submit, late, command,
		approve, mistake, submit, approve, command, stranger, approve, late, submit, command,
	}
}

// hands make the interactions of a platform.
type hands interface {
	// press presses Approve on the card of somebody's request. name and k tell
	// it apart from other presses.
	press(b *testing.B, what, holder string, n int, presser, name string, k int) job
	// command types /access request.
	command(who string, n int) job
	// submit sends the form for a room, mistake one with a mistake.
	submit(who string, n int) job
	mistake(n int) job
}

// crowd is the people who want something of usher at once.
type crowd struct {
	hands
	chat     string                          // its name
	person   func(kind string, n int) string // their ids
	approver func(room int) string

	all     []job
	decided []string // who was let in
	asked   []string // who sent a form that was right
	waiting []string // who still waits
	wrong   []string // who sent a form that was not
}

// definitions are a package for each room. target is what a room is.
func definitions(connector, admin string, target, approver func(room int) string) string {
	var resources, packages strings.Builder
	chat, _, _ := strings.Cut(admin, "/")
	for i := range rooms {
		fmt.Fprintf(&resources, `
  - {id: room-%[1]d, name: Room %[1]d, connector: %[2]s, target: "%[3]s", roles: [{id: member, name: Member, can: Read and write in room %[1]d}]}`, i, connector, target(i))
		fmt.Fprintf(&packages, `
  - id: room-%[1]d
    name: Room %[1]d
    description: What is needed to work in room %[1]d.
    roles: [room-%[1]d/member]
    policies:
      - id: all
        name: Everybody
        requestors: [members]
        justification: true
        questions: [{id: ticket, kind: short text, required: true, label: Ticket, pattern: '[A-Z]{2,5}-[0-9]{1,6}'}]
        stages: [{approvers: [person: %[3]s/%[2]s], within: 14 days}]
        ends: after 30 days`, i, approver(i), chat)
	}
	return "settings: {name: Load, admins: [person: " + admin + "]}\nresources:" + resources.String() + "\npackages:" + packages.String() + "\n"
}

// ask lets people ask, so that there is something to decide.
func (c *crowd) ask(b *testing.B, base string, jobs int) {
	b.Helper()
	approvals := 0
	for i := range jobs {
		if mix()[i%len(mix())] == approve {
			approvals++
		}
	}
	people := map[string]int{"HOLDER": approvals, "EARLY": early, "WAITS": bystanders}
	var asking []job
	for _, kind := range slices.Sorted(maps.Keys(people)) {
		for n := range people[kind] {
			asking = append(asking, c.submit(kind, n))
		}
	}
	run(b, base, asking)
}

// begin decides some of it, and makes the jobs.
func (c *crowd) begin(b *testing.B, base string, jobs int) {
	b.Helper()
	var first []job
	for n := range early {
		first = append(first, c.press(b, approve, "EARLY", n, c.approver(n), "FIRST", n))
	}
	run(b, base, first)
	c.plan(b, jobs)
}

// plan makes the jobs.
func (c *crowd) plan(b *testing.B, jobs int) {
	n := map[string]int{}
	for i := range jobs {
		what := mix()[i%len(mix())]
		k := n[what]
		n[what]++
		switch what {
		case approve:
			c.all = append(c.all, c.press(b, what, "HOLDER", k, c.approver(k), "PRESS", k))
			c.decided = append(c.decided, c.person("HOLDER", k))
		case late:
			c.all = append(c.all, c.press(b, what, "EARLY", k%early, c.approver(k%early), "LATE", k))
		case stranger:
			c.all = append(c.all, c.press(b, what, "WAITS", k%bystanders, c.person("OTHER", k), "NOTYOU", k))
		case command:
			c.all = append(c.all, c.command("LOOKS", k))
		case submit:
			c.all = append(c.all, c.submit("ASKS", k))
			c.asked = append(c.asked, c.person("ASKS", k))
		case mistake:
			c.all = append(c.all, c.mistake(k))
			c.wrong = append(c.wrong, c.person("ERRS", k))
		}
	}
	for k := range bystanders {
		c.waiting = append(c.waiting, c.person("WAITS", k))
	}
}

func (c *crowd) jobs() []job { return c.all }

// run sends jobs some at a time and wants every one to be answered right.
func run(b *testing.B, base string, jobs []job) {
	b.Helper()
	var wg sync.WaitGroup
	next := make(chan job)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	defer client.CloseIdleConnections()
	for range 16 {
		wg.Go(func() {
			for j := range next {
				status, body, err := do(client, j, base)
				if err == nil {
					err = j.right(status, body)
				}
				if err != nil {
					b.Errorf("%s: %v", j.what, err)
				}
			}
		})
	}
	for _, j := range jobs {
		next <- j
	}
	close(next)
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

// prove: whoever was let in has one approval, and the request is in the state
// given; who only asked waits, undecided; who sent a wrong form has no request.
func (c *crowd) prove(b *testing.B, store books, state ...access.RequestState) {
	b.Helper()
	for i, p := range c.decided {
		l := store.of(c.known(p))
		if len(l.Requests) != 1 || !slices.Contains(state, l.Requests[0].State) || !c.approvedBy(l.Requests[0], c.approver(i)) {
			b.Fatalf("%s was let in, but the store says %+v", p, l.Requests)
		}
	}
	for _, p := range slices.Concat(c.asked, c.waiting) {
		l := store.of(c.known(p))
		if len(l.Requests) != 1 || l.Requests[0].State != access.PendingApproval || len(l.Requests[0].Stages[0].Decisions) != 0 {
			b.Fatalf("%s waits, but the store says %+v", p, l.Requests)
		}
	}
	for _, p := range c.wrong {
		if l := store.of(c.known(p)); len(l.Requests) != 0 {
			b.Fatalf("%s sent a wrong form, but the store says %+v", p, l.Requests)
		}
	}
	fmt.Printf("in the store: %d decisions, %d new requests, %d still waiting, %d wrong forms without a request\n", len(c.decided), len(c.asked), len(c.waiting), len(c.wrong))
}

func (c *crowd) known(id string) access.PersonID { return access.PersonID(c.chat + "/" + id) }

func (c *crowd) approvedBy(r access.Request, user string) bool {
	d := r.Stages[0].Decisions
	return len(d) == 1 && d[0].Verdict == access.Approve && d[0].By == c.known(user)
}
