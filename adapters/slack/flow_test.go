package slack

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/slack/slackfake"
	"github.com/usher-dev/usher/core/access"
)

// town is an adapter at work in a fake workspace.
type town struct {
	*fixture
	t *testing.T

	mu     sync.Mutex
	got    []chat.Intent
	answer func(context.Context, chat.Intent) chat.Reply
}

func newTown(t *testing.T, way string, change ...func(*Adapter)) *town {
	t.Helper()
	w := &town{fixture: newFixture(t, way), t: t}
	w.answer = func(context.Context, chat.Intent) chat.Reply { return chat.Nothing{} }
	newAlarms().into(w.a) // a busy machine is no slow answer
	for _, c := range change {
		c(w.a)
	}
	w.run(w.a)
	return w
}

func (w *town) run(a *Adapter) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, w) }()
	w.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("Run ended with %v", err)
		}
	})
	w.await(w.t)
}

func (w *town) Handle(ctx context.Context, in chat.Intent) chat.Reply {
	w.mu.Lock()
	w.got = append(w.got, in)
	answer := w.answer
	w.mu.Unlock()
	return answer(ctx, in)
}

func (w *town) reply(r chat.Reply) {
	w.by(func(context.Context, chat.Intent) chat.Reply { return r })
}

func (w *town) by(f func(context.Context, chat.Intent) chat.Reply) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = f
}

func (w *town) taken() []chat.Intent {
	w.mu.Lock()
	defer w.mu.Unlock()
	got := w.got
	w.got = nil
	return got
}

func (w *town) mina() *slackfake.Person { return w.fake.Person("U0MINA") }

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func small(says string, tokens ...string) chat.Card {
	c := chat.Card{Summary: says, Title: says, Blocks: []chat.Block{{Text: chat.Say(says + ".")}}}
	for _, token := range tokens {
		c.Buttons = append(c.Buttons, chat.Button{Label: token, Token: token})
	}
	return c
}

// post posts a card to Mina and returns it as she sees it.
func (w *town) post(id chat.EffectID, c chat.Card) slackfake.Message {
	w.t.Helper()
	ref, err := w.a.Post(w.t.Context(), id, chat.Address{Account: "slack/U0MINA"}, c)
	w.must(err)
	m, ok := w.find(w.mina(), func(m slackfake.Message) bool { return m.Channel+"/"+m.TS == ref })
	if !ok {
		w.t.Fatalf("no message %q", ref)
	}
	return m
}

func reason() chat.Show {
	f := form.Form{ID: "deny~1", Title: "Deny", Submit: "Deny", Fields: []form.Field{{ID: "reason", Kind: form.Area, Label: "Reason", Required: true}}}
	page, _ := form.Plan(f, nil, caps(), 1)
	return chat.Show{Page: page}
}

func TestAPanicGetsASentence(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"socket", "http"} {
		w := newTown(t, way)
		w.by(func(context.Context, chat.Intent) chat.Reply { panic("a secret detail") })
		w.must(w.mina().Slash("/access", ""))
		m, err := w.mina().Read("Something broke")
		if err != nil || !m.Private || strings.Contains(m.JSON(), "secret detail") {
			t.Errorf("%s: %v %s", way, err, m.JSON())
		}
		if w.a.Counts()["panic"] != 1 {
			t.Errorf("counted %v", w.a.Counts())
		}
	}
}

func TestAFormThatSlackDoesNotOpenIsSaid(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	m := w.post("one", small("Decide", "deny"))
	w.reply(reason())
	w.fake.Fail(slackfake.Fault{Method: "views.open", Error: "expired_trigger_id"})
	w.must(w.mina().Press(m, "deny"))
	if m, err := w.mina().Read("did not let the form open"); err != nil || !m.Private {
		t.Error(err)
	}
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	w := newTown(t, "socket")
	w.reply(reason())
	w.must(w.mina().Shortcut(shortcutRequest))
	if _, err := w.mina().ReadModal("Reason"); err != nil {
		t.Fatal(err)
	}
	w.must(w.mina().Close())
	w.must(w.mina().Write("C0GENERAL", "Who may see the plans?"))
	m, err := w.mina().Read("Who may see the plans?")
	w.must(err)
	w.reply(chat.Tell{Card: small("Nothing to ask for")})
	w.must(w.mina().MessageShortcut(m, shortcutMessage))
	if _, err := w.mina().ReadModal("Nothing to ask for."); err != nil {
		t.Fatal(err)
	}
	link := "https://demo.slack.com/archives/C0GENERAL/p" + strings.Replace(m.TS, ".", "", 1)
	var links []string
	for _, in := range w.taken() {
		if do, ok := in.(chat.Invoked); ok && do.Command == "access" && do.Text == "request" {
			links = append(links, do.Link)
		}
	}
	if !reflect.DeepEqual(links, []string{"", link}) {
		t.Errorf("links %q, want none and %q", links, link)
	}
}

func TestTheHomeFollowsItsOwner(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	says := "Nothing waits"
	w.by(func(_ context.Context, in chat.Intent) chat.Reply {
		w.mu.Lock()
		defer w.mu.Unlock()
		switch in := in.(type) {
		case chat.Invoked:
			return chat.Tell{Card: small(says, "request", "withdraw")}
		case chat.Pressed:
			if in.Token == "request" {
				return reason()
			}
			says = "Withdrawn"
		}
		return chat.Nothing{}
	})
	w.must(w.mina().OpenHome())
	if _, err := w.mina().ReadHome("Nothing waits."); err != nil {
		t.Fatal(err)
	}
	w.must(w.mina().PressAtHome("request"))
	if _, err := w.mina().ReadModal("Reason"); err != nil {
		t.Fatal(err)
	}
	w.must(w.mina().Close())
	w.must(w.mina().PressAtHome("withdraw"))
	if _, err := w.mina().ReadHome("Withdrawn."); err != nil {
		t.Fatal(err)
	}
}

func TestAButtonInAModalAnswersThere(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.must(w.mina().Shortcut("other")) // ignored
	w.reply(chat.Tell{Card: small("Details", "deny")})
	w.must(w.mina().Shortcut(shortcutRequest))
	w.reply(reason())
	w.must(w.mina().PressInModal("deny"))
	m, err := w.mina().ReadModal("Reason")
	if err != nil || m.Depth != 1 {
		t.Error(err, m.Depth)
	}
	if w.a.Counts()["ignored"] != 1 {
		t.Errorf("counted %v", w.a.Counts())
	}
}

func TestAnOlderRedrawGivesWay(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	live := form.Form{ID: "f", Title: "Live", Submit: "Send", Fields: []form.Field{
		{ID: "sure", Kind: form.Flag, Label: "Sure?"},
		{ID: "why", Kind: form.Line, Label: "Why?", When: &form.When{Field: "sure", In: []string{"yes"}}},
	}}
	page, _ := form.Plan(live, nil, caps(), 1)
	w.reply(chat.Show{Page: page})
	w.must(w.mina().Slash("/access", ""))
	page, _ = form.Plan(live, form.Values{"sure": {"yes"}}, caps(), 1)
	w.reply(chat.Show{Page: page})
	w.fake.Fail(slackfake.Fault{Method: "views.update", Error: "hash_conflict"})
	w.must(w.mina().Fill(map[string]any{"Sure?": "Yes"}))
	if m := w.mina().See().Modal; m == nil || strings.Contains(m.Body, "Why?") {
		t.Errorf("the modal is %+v", m)
	}
	w.must(w.mina().Fill(map[string]any{"Sure?": "Yes", "Why?": "I am"}))
	for _, c := range w.fake.Calls("views.update") {
		if c.Args["hash"] == "" {
			t.Error("a live redraw went out without the hash")
		}
	}
}

func TestRepliesBelowACard(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	m := w.post("one", small("Decide", "deny"))
	w.must(w.mina().ReplyIn(m, "Wait for <Ada> & *me*"))
	w.must(w.mina().Write("C0GENERAL", "No reply at all"))
	mine, err := w.mina().Read("No reply at all")
	w.must(err)
	w.must(w.mina().ReplyIn(mine, "A reply to myself"))
	got := w.taken()
	if len(got) != 1 {
		t.Fatalf("%d intents: %+v", len(got), got)
	}
	in, ok := got[0].(chat.Replied)
	if !ok || in.Ref != m.Channel+"/"+m.TS || in.Text != "Wait for <Ada> & *me*" || in.Who.Account != "slack/U0MINA" || in.ID == "" {
		t.Errorf("arrived as %+v", got[0])
	}
}

func TestWhatIsNotKeptOfAReplyIsToldPrivately(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	m := w.post("one", small("Decide", "deny"))
	w.reply(chat.Tell{Card: small("Not kept")})
	w.must(w.mina().ReplyIn(m, "Wait"))
	if m, err := w.mina().Read("Not kept."); err != nil || !m.Private {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestARepeatedEventIsTakenOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	m := w.post("one", small("Decide", "deny"))
	e := w.fake.Envelope(map[string]any{
		"type": "message", "channel": m.Channel, "user": "U0MINA", "text": "hello", "ts": "9.9", "thread_ts": m.TS, "parent_user_id": slackfake.BotUser,
	})
	for range 3 {
		w.must(w.fake.Again(e))
	}
	if got := w.taken(); len(got) != 1 || w.a.Counts()["repeated"] != 2 {
		t.Errorf("%d intents, counted %v", len(got), w.a.Counts())
	}
}

func TestSomebodyWhoLeftAndAGroupThatChanged(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var told []string
	tell := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, s)
	}
	w := newTown(t, "socket", func(a *Adapter) {
		a.o.OnLeft = func(_ context.Context, p access.PersonID) { tell("left " + string(p)) }
		a.o.OnGroup = func(_ context.Context, g access.GroupID) { tell("group " + string(g)) }
	})
	w.fake.AddGroup(slackfake.Group{ID: "S0SEC", Name: "Security", Handle: "security", Users: []string{"U0ADA"}})
	w.must(w.fake.ChangeGroup("S0SEC", func(g *slackfake.Group) { g.Users = []string{"U0MINA"} }))
	w.must(w.fake.Leave("C0GENERAL", "U0ADA"))
	w.must(w.fake.Deactivate("U0ADA"))
	mu.Lock()
	defer mu.Unlock()
	seen := map[string]bool{}
	for _, s := range told {
		seen[s] = true
	}
	if !reflect.DeepEqual(seen, map[string]bool{"left slack/U0ADA": true, "group slack/S0SEC": true, "group slack/C0GENERAL": true}) {
		t.Errorf("told %q", told)
	}
}

func TestAStrangerMayPressButNotCommand(t *testing.T) {
	t.Parallel()
	w := newTown(t, "http")
	w.fake.AddUser(slackfake.User{ID: "U0SAM", Name: "sam", RealName: "Sam Stranger", Team: "T0THEIRS", Stranger: true})
	w.fake.AddChannel(slackfake.Channel{ID: "C0SHARED", Name: "shared", Shared: true, Members: []string{"U0SAM", "U0MINA"}, Bot: true})
	_, err := w.a.Post(t.Context(), "one", chat.Address{Channel: "slack/C0SHARED"}, small("Decide", "deny"))
	w.must(err)
	sam := w.fake.Person("U0SAM")
	m, err := sam.Read("Decide")
	w.must(err)
	w.reply(chat.Tell{Card: small("You may not")})
	w.must(sam.Press(m, "deny"))
	if m, err := sam.Read("You may not."); err != nil || !m.Private {
		t.Error(err)
	}
	if got := w.taken(); len(got) != 1 || got[0].(chat.Pressed).Who.Account != "slack/U0SAM" {
		t.Errorf("arrived %+v", got)
	}
	_, err = sam.Interact(map[string]any{"type": "shortcut", "callback_id": shortcutRequest})
	if err == nil || len(w.taken()) != 0 || w.a.Counts()["otherTeam"] != 1 {
		t.Errorf("a stranger's shortcut: %v, counted %v", err, w.a.Counts())
	}
}

func TestTheConnectionIsOpenedAgain(t *testing.T) {
	t.Parallel()
	w := newTown(t, "socket")
	w.must(w.fake.AwaitSockets(1))
	w.must(w.fake.Refresh("refresh_requested"))
	w.reply(chat.Tell{Card: small("Alive")})
	for w.mina().Slash("/access", "") != nil && t.Context().Err() == nil { // it may still go to the old one
		w.must(w.fake.AwaitSockets(1))
	}
	if _, err := w.mina().Read("Alive."); err != nil {
		t.Fatal(err)
	}
}

func TestARefusedTokenEndsRun(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"apps.connections.open", "auth.test"} {
		f := newFixture(t, "socket")
		f.fake.Fail(slackfake.Fault{Method: method, Times: -1, Error: "invalid_auth"})
		err := f.a.Run(t.Context(), nil)
		if fault := access.AsFault(err); err == nil || fault.Failure != access.FailHuman || fault.Code != "slackAuth" || !strings.Contains(err.Error(), method) {
			t.Errorf("%s: Run says %v", method, err)
		}
	}
}
