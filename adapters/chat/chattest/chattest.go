// Package chattest is the suite that every chat adapter passes, and Chat, an
// adapter in memory for tests of what stands behind one.
//
// An adapter's own test implements Fixture (the adapter, and a stand-in for
// its platform that says what people do and tells what they see) and calls
// Run.
package chattest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// Fixture is an adapter with a stand-in for its platform, fresh for each test.
// The suite runs the adapter; hooks that need it running wait until it is.
type Fixture interface {
	Adapter() chat.Adapter
	// Who is one of two people of the chat, 0 or 1. Both can be written to.
	Who(n int) chat.Who
	// Channel is a place that both read; empty when the chat has none.
	Channel() access.Channel
	// Do lets a person do something on the platform, the way the platform
	// would report it (signed, with what it adds and leaves out), and returns
	// what the person got to see in answer. Two intents with the same ID are
	// one that the platform repeats; the fixture may translate the ID. What
	// needs a form to be open (Filled, Searched with a form) comes after a
	// Show of it; a Filled before its next page comes after that page's Show.
	Do(t *testing.T, in chat.Intent) Seen
	// See reads a message as people see it; false when it is not there.
	See(t *testing.T, ref string) (Message, bool)
	// Messages are those in a place, oldest first, without private replies.
	Messages(t *testing.T, to chat.Address) []Message
	// Files are those that a person has got in private so far, oldest first;
	// it waits until there are n.
	Files(t *testing.T, who chat.Who, n int) []chat.File
	// Remove deletes a message past the adapter.
	Remove(t *testing.T, ref string)
	// Twins: the platform cannot recognise a repeated post, so a repeat may
	// make a second message.
	Twins() bool
	// Fail makes the platform fail from now on, with Secrets in what it says
	// if it can say anything.
	Fail(t *testing.T)
	// Secrets are what the adapter was given and must not be in any error.
	Secrets() []string
}

// Forger is for fixtures of chats that people reach over a network.
type Forger interface {
	// Forge sends in as somebody without the platform's keys would: unsigned,
	// with a wrong signature, and signed but too old. It returns how many of
	// them were taken, which must be none.
	Forge(t *testing.T, in chat.Intent) (taken int)
}

// Completer is for fixtures of chats that complete a command as it is typed.
type Completer interface {
	// Complete lets a person type Query after Command and returns what is
	// offered. in has no Form.
	Complete(t *testing.T, in chat.Searched) Seen
}

// Message is what can be seen of a message.
type Message struct {
	// Text is all that is readable, marked up or not, as plain text without
	// the marks.
	Text    string
	Buttons []chat.Button
	// Links are the addresses behind texts that are not the address itself.
	// Mentions are who is named or pinged by mark-up; a broadcast
	// ("everyone") counts as the account "*".
	Links    []string
	Mentions []access.Account
}

// SeenKind is the kind of what somebody got to see.
type SeenKind string

const (
	SeenNothing SeenKind = "nothing"
	SeenTell    SeenKind = "tell"
	SeenShow    SeenKind = "show"
	SeenOffer   SeenKind = "offer"
)

// Seen is what somebody got to see in answer to what they did.
type Seen struct {
	Kind SeenKind
	// Message is the private message of SeenTell; of SeenShow, all that is
	// readable around the fields.
	Message Message
	// Fields are the ids on the page of SeenShow, in order; Errors what is
	// said at them.
	Fields []string
	Errors map[string]string
	// Options are the values of SeenOffer.
	Options []string
}

// Run runs the suite. fresh is called once for each test of it.
func Run(t *testing.T, fresh func(*testing.T) Fixture) {
	for _, tests := range []map[string]func(*testing.T, *stage){postTests(), replyTests(), fileTests()} {
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, newStage(t, fresh(t)))
			})
		}
	}
}

// stage is a fixture with its adapter running and a handler that records.
type stage struct {
	Fixture
	adapter chat.Adapter

	mu     sync.Mutex
	got    []chat.Intent
	answer func(chat.Intent) chat.Reply
}

func newStage(t *testing.T, f Fixture) *stage {
	t.Helper()
	s := &stage{Fixture: f, adapter: f.Adapter(), answer: func(chat.Intent) chat.Reply { return chat.Nothing{} }}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.adapter.Run(ctx, s) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && ctx.Err() == nil {
			t.Errorf("Run ended with %v", err)
		}
	})
	return s
}

// Handle implements chat.Handler.
func (s *stage) Handle(_ context.Context, in chat.Intent) chat.Reply {
	s.mu.Lock()
	s.got = append(s.got, in)
	answer := s.answer
	s.mu.Unlock()
	return answer(in)
}

// reply sets what the handler answers from now on.
func (s *stage) reply(r chat.Reply) { s.replyBy(func(chat.Intent) chat.Reply { return r }) }

func (s *stage) replyBy(f func(chat.Intent) chat.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

// taken returns the intents that arrived since it was last asked.
func (s *stage) taken() []chat.Intent {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := slices.Clone(s.got)
	s.got = nil
	return got
}

// home is the direct place of person 0.
func (s *stage) home() chat.Address { return chat.Address{Account: s.Who(0).Account} }

// post posts a card that must arrive.
func (s *stage) post(t *testing.T, id chat.EffectID, to chat.Address, c chat.Card) string {
	t.Helper()
	ref, err := s.adapter.Post(t.Context(), id, to, c)
	if err != nil || ref == "" {
		t.Fatalf("Post = %q, %v", ref, err)
	}
	return ref
}

// see reads a message that must be there.
func (s *stage) see(t *testing.T, ref string) Message {
	t.Helper()
	m, ok := s.See(t, ref)
	if !ok {
		t.Fatalf("message %q is not there", ref)
	}
	return m
}
