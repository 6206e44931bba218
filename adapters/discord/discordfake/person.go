package discordfake

import (
	"errors"
	"fmt"
)

// Person drives one person at one place: a channel, a thread, or their direct
// messages with the app. What they do returns when the app has given its first
// answer; what the app does afterwards is waited for with Await, Until or Read.
// Errors are a *Trouble when Discord would show one to the person, and ErrNoSuch
// when there is nothing like that to press or fill in.
type Person struct {
	f  *Fake
	id string
	at string // channel; "" is the first channel of the first server
}

// Trouble is what Discord shows to a person when an app did not do its part.
type Trouble struct {
	Shown string // what the person reads
	Cause error
}

func (t *Trouble) Error() string { return fmt.Sprintf("%s (%v)", t.Shown, t.Cause) }
func (t *Trouble) Unwrap() error { return t.Cause }

// ErrNoSuch: the person does not see what they were told to use.
var ErrNoSuch = errors.New("discordfake: no such thing")

func noSuch(kind, name string) error { return fmt.Errorf("%w: %s %q", ErrNoSuch, kind, name) }

// Person finds a person by id or name, in the first channel of the first
// server.
func (f *Fake) Person(who string) *Person {
	f.mu.Lock()
	defer f.mu.Unlock()
	return &Person{f: f, id: f.userID(who)}
}

// ID is the person's user id.
func (p *Person) ID() string { return p.id }

// In is the same person in a channel or thread.
func (p *Person) In(channel string) *Person { return &Person{f: p.f, id: p.id, at: channel} }

// InDM is the same person in their direct messages with the app.
func (p *Person) InDM() *Person {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return &Person{f: p.f, id: p.id, at: p.f.direct(p.id).ID}
}
