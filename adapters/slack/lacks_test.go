package slack

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/words"
	"github.com/usher-dev/usher/core/access"
)

// notebook remembers what was said, as a store does.
type notebook struct {
	mu   sync.Mutex
	said map[string]time.Duration
}

func (n *notebook) once(_ context.Context, name string, while time.Duration) (bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, told := n.said[name]
	n.said[name] = while
	return !told, nil
}

// withAdmin makes Mina the one who is told of missing scopes.
func withAdmin(n *notebook) func(*Adapter) {
	return func(a *Adapter) {
		a.o.Scopes = []Scope{{Name: "usergroups:write", Reason: "change who is in a user group", Without: "membership of user groups is not given or taken"}}
		a.o.Admins = func(context.Context) ([]access.PersonID, error) { return []access.PersonID{"slack/U0MINA"}, nil }
		a.o.Once = n.once
	}
}

func (w *town) told() int {
	told := 0
	for _, m := range w.mina().See().Messages {
		if strings.Contains(m.Body, "Usher lacks permissions in Slack") {
			told++
		}
	}
	return told
}

func TestAdminsAreToldOnceOfScopesThatAreMissingFromTheStart(t *testing.T) {
	t.Parallel()
	n := &notebook{said: map[string]time.Duration{}}
	w := &town{fixture: newFixture(t, "http"), t: t}
	w.fake.DropScope("usergroups:write")
	w.fake.DropScope("channels:history")
	withAdmin(n)(w.a)
	w.reply(chat.Tell{Card: small("Home")})
	w.run(w.a)
	card, err := w.mina().Read("Usher lacks permissions in Slack")
	w.must(err)
	for _, want := range []string{"usergroups:write", "membership of user groups is not given or taken", "channels:history", "replies in public channels are not kept", "installs the app again"} {
		if !card.Has(want) {
			t.Errorf("the admin does not read %q:\n%s", want, card.Body)
		}
	}
	if card.Has("im:history") {
		t.Errorf("a scope is named that is there:\n%s", card.Body)
	}
	if n.said["slack/scope/slack/usergroups:write"] != 24*time.Hour || len(n.said) != 2 {
		t.Errorf("remembered %v", n.said)
	}
	w.a.tellAdmins(w.a.lacks()) // as another process would
	if got := w.told(); got != 1 {
		t.Errorf("told %d times", got)
	}
	w.must(w.mina().OpenHome())
	if _, err := w.mina().ReadHome("usergroups:write"); err != nil {
		t.Error(err)
	}
	w.must(w.fake.Person("U0ADA").OpenHome())
	if _, err := w.fake.Person("U0ADA").ReadHome("Home"); err != nil {
		t.Error(err)
	}
	if seen := w.fake.Person("U0ADA").See().String(); strings.Contains(seen, "usergroups:write") {
		t.Errorf("somebody else reads it:\n%s", seen)
	}
}

func TestAScopeThatIsTakenAwayIsNoticedAndOneThatIsGivenTooIs(t *testing.T) {
	t.Parallel()
	n := &notebook{said: map[string]time.Duration{}}
	w := newTown(t, "http", withAdmin(n))
	w.reply(chat.Tell{Card: small("Home")})
	w.fake.DropScope("channels:read")
	if _, err := w.a.Members(t.Context(), "demo", "slack/C0GENERAL"); access.AsFault(err).Code != "slackScope" {
		t.Fatalf("members without the scope: %v", err)
	}
	card, err := w.mina().Read("Usher lacks permissions in Slack")
	w.must(err)
	if !card.Has("channels:read") || !card.Has("public channels are no groups") {
		t.Errorf("the admin reads\n%s", card.Body)
	}

	w.fake.SetScopes(append(names(each(append(Scopes(false), w.a.o.Scopes...))), "users.profile:read")...)
	w.a.scopeLooks.SetLimit(rate.Inf)
	asked := len(w.fake.Calls("auth.test"))
	w.must(w.mina().OpenHome())
	w.must(w.fake.Await("the scopes to be asked for", func() bool { return len(w.fake.Calls("auth.test")) > asked }))
	w.a.jobs.End() // waits for the answer to be taken
	w.a.jobs.Begin()
	if lacks := w.a.lacks(); len(lacks) > 0 {
		t.Fatalf("still missing: %+v", lacks)
	}
	w.must(w.mina().OpenHome())
	w.must(w.fake.Await("a home without it", func() bool {
		home := w.mina().See().Home
		return home != "" && !strings.Contains(home, "channels:read")
	}))
}

// What admins read in chat is what usher doctor says, and in every language.
func TestEveryScopeSaysWhatDoesNotWorkWithoutIt(t *testing.T) {
	t.Parallel()
	all, err := words.Load(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Scopes(true) {
		if got := all["en"]["without."+s.Name]; got != s.Without {
			t.Errorf("%s: %q in chat, %q in the doctor", s.Name, got, s.Without)
		}
	}
	for lang := range all {
		p := painter{chat: "slack", words: all[lang]}
		if err := chat.Check(p.lacks(Scopes(true))); err != nil {
			t.Errorf("%s: %v", lang, err)
		}
	}
	for _, name := range append(names(Scopes(true)), "channels:manage", "groups:write", "usergroups:write") {
		for lang, w := range all {
			if w["without."+name] == "" {
				t.Errorf("nothing is said of %s in %s", name, lang)
			}
		}
	}
}
