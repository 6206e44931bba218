package discordfake

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Person drives one person at one place: a channel, a thread, or their direct
// messages with the app. What they do returns when the app has given its first
// answer; what the app does afterwards is waited for with Until or Read.
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

// In is the same person in a channel or thread, by id or name.
func (p *Person) In(channel string) *Person { return &Person{f: p.f, id: p.id, at: channel} }

// InDM is the same person in their direct messages with the app.
func (p *Person) InDM() *Person {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return &Person{f: p.f, id: p.id, at: p.f.direct(p.id).ID}
}

// direct is the conversation of the app with a person, made when there is none.
// f.mu is held.
func (f *Fake) direct(user string) *channel {
	for _, c := range f.channels {
		if c.with == user {
			return c
		}
	}
	c := newChannel(Channel{ID: f.id(), Kind: Direct})
	c.with = user
	f.channels[c.ID] = c
	return c
}

// trouble shows something to the person and keeps it for See.
func (p *Person) trouble(shown string, cause error) error {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	u := p.f.users[p.id]
	u.sees = append(u.sees, shown)
	p.f.touch()
	return &Trouble{Shown: shown, Cause: cause}
}

// place is where the person is, if they can see it. f.mu is held.
func (p *Person) place() (*channel, error) {
	c := p.f.channels[p.at]
	if c == nil {
		c = p.f.channelNamed(p.at)
	}
	if c == nil || !p.f.canSee(c, p.id) {
		return nil, noSuch("channel", p.at)
	}
	return c, nil
}

// channelNamed finds the oldest channel of that name; "" is the oldest of the
// first server. f.mu is held.
func (f *Fake) channelNamed(name string) *channel {
	name = strings.TrimPrefix(name, "#")
	for _, id := range slices.SortedFunc(maps.Keys(f.channels), bySnowflake) {
		c := f.channels[id]
		if name != "" && c.Name == name || name == "" && c.Guild == f.opt.GuildID && c.Kind == Text {
			return c
		}
	}
	return nil
}

// usable is the place where the person can use the app at all: one that has it,
// and no archived thread (Threads, "Active & Archived Threads"). Whether members
// who are timed out or pending may press buttons is not documented: here they
// may, so that the app has to look. f.mu is held.
func (p *Person) usable(need Permissions) (*channel, error) {
	c, err := p.place()
	if err != nil {
		return nil, err
	}
	g := p.f.guilds[c.Guild]
	switch {
	case c.Archived:
		return nil, noSuch("open thread", c.Name)
	case g != nil && g.members[p.f.opt.AppID] == nil:
		return nil, noSuch("app in this server", g.Name)
	case !p.f.permissions(c, p.id).Has(need):
		return nil, noSuch("permission in channel", c.Name)
	}
	return c, nil
}

const (
	shownLate   = "The application did not respond"
	shownFailed = "This interaction failed"
	shownModal  = "Something went wrong. Try again."
)

// failed is the trouble of an interaction that was not answered.
func (p *Person) failed(err error, shown string) error {
	if errors.Is(err, errLate) || errors.Is(err, errNoReply) {
		shown = shownLate
	}
	return p.trouble(shown, err)
}

// begin starts an interaction where the person is. build makes its data and may
// look at the fake: it is called with f.mu held.
func (p *Person) begin(kind int, need Permissions, build func(*interaction, *channel) (object, error)) (*interaction, object, error) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	c, err := p.usable(need)
	if err != nil {
		return nil, nil, err
	}
	i := p.f.newInteraction(kind, p.id, c)
	data, err := build(i, c)
	if err != nil {
		delete(p.f.interactions, i.id)
		delete(p.f.tokens, i.token)
		return nil, nil, err
	}
	return i, p.f.payload(i, data), nil
}

// Interact sends any interaction of this person: for what no client would send.
// data is its data; the answer's type comes back.
func (p *Person) Interact(kind int, data map[string]any) (int, error) {
	i, payload, err := p.begin(kind, 0, func(*interaction, *channel) (object, error) { return data, nil })
	if err != nil {
		return 0, err
	}
	err = p.f.send(i, payload)
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	return i.response, err
}

// Write writes into the channel or thread where the person is.
func (p *Person) Write(words string) error {
	f := p.f
	f.mu.Lock()
	defer f.mu.Unlock()
	c, err := p.place()
	if err != nil {
		return err
	}
	need := SendMessages
	if c.isThread() {
		need = SendInThreads
	}
	if !f.permissions(c, p.id).Has(need) || c.Locked || length(words) > 2000 {
		return noSuch("right to write into", c.Name)
	}
	m := &message{channel: c.ID, author: p.id, content: words}
	m.mentions = f.pings(m, nil, door{})
	f.keep(m)
	f.touch()
	return nil
}

// Reply writes into a thread or another channel.
func (p *Person) Reply(thread, words string) error { return p.In(thread).Write(words) }
