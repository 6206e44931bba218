package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

const (
	crowd  = 64
	rounds = 50
	askers = 25 // take turns, so that no ledger holds the cards of all rounds
)

func asker(round int) string { return fmt.Sprintf("asker-%02d", round%askers) }

// 64 approvers press at once on one request, half of them in one process and
// half in another, on one Redis: one decision each time, and everybody else is
// told who decided. The presses go to the runtimes of the two processes,
// without the page in between.
func TestACrowdOverTwoProcessesDecidesOnce(t *testing.T) {
	t.Parallel()
	url := redisURL(t)
	here := start(t, onRedis(place(t), url))
	define(t, url, crowdPackages(rounds))
	for i := range crowd {
		here.add(fmt.Sprintf("approver-%02d", i), fmt.Sprintf("Approver %02d", i), "crowd")
	}
	for i := range askers {
		here.add(asker(i), "Asker "+asker(i))
	}
	there := otherProcess(t, onRedis(place(t), url))
	for round := range rounds {
		request := here.askForDoor(round)
		answers := make(chan []heard, 1)
		go func() { answers <- there.press(order{asker(round), request, crowd / 2, crowd}) }()
		mine := pressAll(here, order{asker(round), request, 0, crowd / 2})
		oneDecision(t, round, append(mine, <-answers...))
	}
	decided, refused := 0, 0
	for i := range askers {
		for _, e := range here.events(asker(i)) {
			switch e.Type {
			case engine.EventDecided:
				decided++
			case engine.EventRefused:
				refused++
			}
		}
	}
	if decided != rounds || refused != rounds*(crowd-1) {
		t.Errorf("the audit has %d decisions and %d refused attempts, want %d and %d", decided, refused, rounds, rounds*(crowd-1))
	}
}

// askForDoor has somebody ask for a package, and waits until the crowd is asked.
func (s *stage) askForDoor(round int) access.RequestID {
	s.t.Helper()
	id := access.PackageID(fmt.Sprintf("door-%02d", round))
	v, err := s.behind.Do(context.Background(), app.DemoTenant, access.Account("playground/"+asker(round)), "", engine.CommandID("ask/"+id),
		func(m engine.Meta) engine.Command { return engine.Submit{Meta: m, Package: id} })
	if err != nil {
		s.t.Fatal(err)
	}
	s.eventually(func() error {
		l := s.ledger(asker(round))
		if stage, _ := l.Request(v.Request).Open(); len(stage.People()) != crowd {
			return fmt.Errorf("%d people are asked, want %d", len(stage.People()), crowd)
		}
		return nil
	})
	return v.Request
}

// heard is what one approver was told: nothing, or who decided already.
type heard struct {
	Approver string
	Code     string
	By       string
}

// pressAll has the approvers From..To press at the same moment, every other
// one Deny.
func pressAll(s *stage, o order) []heard {
	list, begin := make([]heard, o.To-o.From), make(chan struct{})
	holder := access.PersonID("playground/" + o.Asker)
	var group sync.WaitGroup
	for i := o.From; i < o.To; i++ {
		group.Go(func() {
			name := fmt.Sprintf("playground/approver-%02d", i)
			verdict := []access.Verdict{access.Approve, access.Deny}[i%2]
			<-begin
			_, err := s.behind.Do(context.Background(), app.DemoTenant, access.Account(name), holder,
				engine.CommandID(fmt.Sprintf("press/%s/%d/%s", o.Asker, o.Request, name)), func(m engine.Meta) engine.Command {
					return engine.Decide{Meta: m, Request: o.Request, Face: 1 << 20, Verdict: verdict, Reason: "pressed"}
				})
			list[i-o.From] = s.told(name, holder, o.Request, err)
		})
	}
	close(begin)
	group.Wait()
	return list
}

// told is what an approver is told. A request that was denied is soon in the
// archive: then, as the desk does, the decision is read there.
func (s *stage) told(name string, holder access.PersonID, request access.RequestID, err error) heard {
	h := heard{Approver: name}
	if access.IsCode(err, "unknownRequest") {
		if c, err := s.behind.Case(context.Background(), app.DemoTenant, holder, request); err == nil {
			denial, _ := c.Request(request).Denial()
			return heard{name, "alreadyDecided", string(denial.By)}
		}
	}
	if e, ok := access.AsError(err); ok {
		h.Code, h.By = e.Code, fmt.Sprint(e.Data["by"])
	} else if err != nil {
		h.Code = err.Error()
	}
	return h
}

// oneDecision checks that one decided, and that all others were told who.
func oneDecision(t *testing.T, round int, all []heard) {
	t.Helper()
	won := ""
	for _, h := range all {
		if h.Code == "" && won != "" {
			t.Errorf("round %d: both %s and %s decided", round, won, h.Approver)
		}
		if h.Code == "" {
			won = h.Approver
		}
	}
	for _, h := range all {
		if h.Approver != won && (h.Code != "alreadyDecided" || h.By != won) {
			t.Errorf("round %d: %s decided, and %s was told %q by %q", round, won, h.Approver, h.Code, h.By)
		}
	}
}

// other is this test binary once more, as a second process on the same Redis.
type other struct {
	t   *testing.T
	in  *json.Encoder
	out *bufio.Scanner
}

// order has approvers press on a request.
type order struct {
	Asker    string
	Request  access.RequestID
	From, To int
}

// otherVariable makes the test binary a second process: its value is the
// options of the demo.
const otherVariable = "USHER_E2E_OTHER"

func otherProcess(t *testing.T, o app.DemoOptions) *other {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), otherVariable+"="+o.Data+" "+o.Redis)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // it ends when its input does
		_ = cmd.Wait()
	})
	return &other{t, json.NewEncoder(in), bufio.NewScanner(out)}
}

func (p *other) press(o order) []heard {
	if err := p.in.Encode(o); err != nil {
		p.t.Errorf("the other process is gone: %v", err)
	}
	var list []heard
	p.out.Scan()
	if err := json.Unmarshal(p.out.Bytes(), &list); err != nil {
		p.t.Errorf("the other process says %q: %v", p.out.Text(), err)
	}
	return list
}

// beOther is the second process: it runs a demo and presses as it is told.
func beOther(options string) error {
	data, url, _ := strings.Cut(options, " ")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d, err := app.OpenDemo(ctx, app.DemoOptions{
		Common:       app.Common{Out: os.Stderr, Err: os.Stderr},
		StoreOptions: app.StoreOptions{Data: data, Redis: url}, Addr: "127.0.0.1:0",
	})
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	orders, replies := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var o order
		if orders.Decode(&o) != nil {
			cancel()
			return <-ended
		}
		if err := replies.Encode(pressAll(&stage{behind: d.Runtime}, o)); err != nil {
			return err
		}
	}
}

// crowdPackages are one package for each round, decided by one of the crowd.
func crowdPackages(rounds int) string {
	var b strings.Builder
	b.WriteString("packages:\n")
	for i := range rounds {
		fmt.Fprintf(&b, `  - id: door-%02d
    name: Door %02d
    roles: [handbook/reader]
    policies:
      - id: all
        name: All
        requestors: [members]
        stages: [{approvers: [{group: playground/crowd}]}]
        ends: never
`, i, i)
	}
	return b.String()
}

// define applies definitions to a demo's Redis with the real command, beside
// the running bot.
func define(t testing.TB, url, yaml string) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "packages.yaml")
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(path, "apply", "--yes", "--demo", "--redis", url, file).CombinedOutput(); err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}
}

// events are all events of a person's ledger.
func (s *stage) events(person string) []engine.Event {
	s.t.Helper()
	var events []engine.Event
	for after := int64(0); ; {
		lines, err := s.behind.Audit(context.Background(), app.DemoTenant, access.PersonID("playground/"+person), after, false, 500)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(lines) == 0 {
			return events
		}
		for _, l := range lines {
			events = append(events, l.Event)
		}
		after = lines[len(lines)-1].ID
	}
}
