package chattest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

func postTests() map[string]func(*testing.T, *stage) {
	return map[string]func(*testing.T, *stage){
		"name and abilities are sane":              sane,
		"a card is posted and redrawn":             postThenEdit,
		"a repeated post is one message":           repeatedPost,
		"a post to the channel is read there":      postToChannel,
		"a redraw may be repeated":                 editTwice,
		"a message that is gone is said to be":     gone,
		"what people write stays what they wrote":  noInjection,
		"links, mentions and moments are rendered": spans,
		"cards at the limits arrive whole":         limits,
		"many posts at once are many messages":     manyPosts,
		"a place that is none is refused":          wrongPlaces,
		"channels that it reaches are told apart":  scouted,
		"a context that ended stops a post":        endedContext,
		"errors are faults and carry no secret":    secrets,
	}
}

func sane(t *testing.T, s *stage) {
	name := s.adapter.Name()
	if name == "" || strings.ContainsAny(name, "/ ~") {
		t.Errorf("the name is %q", name)
	}
	known := []form.Kind{form.Line, form.Area, form.One, form.Many, form.Flag, form.Number, form.Date, form.Moment, form.Person}
	for n := range 2 {
		who := s.Who(n)
		if !strings.HasPrefix(string(who.Account), name+"/") || len(who.Account) > 48 || who.Tenant == "" {
			t.Errorf("person %d is %+v", n, who)
		}
		c := s.adapter.Caps(who.Account)
		if c.PageFields < 0 || c.MaxOptions < 0 || c.TitleMax < 0 || c.LabelMax < 0 || c.HintMax < 0 {
			t.Errorf("an ability is negative: %+v", c)
		}
		if !slices.Contains(c.Kinds, form.Line) {
			t.Error("the chat cannot ask for a line of text")
		}
		for _, kind := range c.Kinds {
			if !slices.Contains(known, kind) {
				t.Errorf("unknown kind %q", kind)
			}
		}
	}
	if s.Who(0).Account == s.Who(1).Account {
		t.Error("the two people are the same")
	}
}

func postThenEdit(t *testing.T, s *stage) {
	before := card("Before", "b")
	ref := s.post(t, "one", s.home(), before)
	shows(t, s.see(t, ref), before)
	after := card("After", "a", "second")
	if err := s.adapter.Edit(t.Context(), ref, after); err != nil {
		t.Fatal(err)
	}
	m := s.see(t, ref)
	shows(t, m, after)
	if strings.Contains(m.Text, "Before") {
		t.Errorf("the redrawn card still says %q", m.Text)
	}
	if n := len(s.Messages(t, s.home())); n != 1 {
		t.Errorf("%d messages after one post and one redraw", n)
	}
}

func repeatedPost(t *testing.T, s *stage) {
	first := s.post(t, "same", s.home(), card("Same", "x"))
	again := s.post(t, "same", s.home(), card("Same", "x"))
	other := s.post(t, "other", s.home(), card("Other", "y"))
	if other == first || other == again {
		t.Error("another effect got the same message")
	}
	if s.Twins() {
		return
	}
	if again != first {
		t.Errorf("the repeat got %q, the first %q", again, first)
	}
	if n := len(s.Messages(t, s.home())); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { _, _ = s.adapter.Post(t.Context(), "together", s.home(), card("Together", "z")) })
	}
	group.Wait()
	if n := len(s.Messages(t, s.home())); n != 3 {
		t.Errorf("%d messages after four posts of one effect at once, want 3", n)
	}
}

func postToChannel(t *testing.T, s *stage) {
	if s.Channel() == "" {
		return
	}
	to := chat.Address{Channel: s.Channel()}
	shows(t, s.see(t, s.post(t, "one", to, card("For all", "x"))), card("For all", "x"))
	if here, home := len(s.Messages(t, to)), len(s.Messages(t, s.home())); here != 1 || home != 0 {
		t.Errorf("%d messages in the channel, %d with the person", here, home)
	}
}

func editTwice(t *testing.T, s *stage) {
	ref := s.post(t, "one", s.home(), card("Before", "b"))
	for range 3 {
		if err := s.adapter.Edit(t.Context(), ref, card("After", "a")); err != nil {
			t.Fatal(err)
		}
	}
	shows(t, s.see(t, ref), card("After", "a"))
	if n := len(s.Messages(t, s.home())); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func gone(t *testing.T, s *stage) {
	ref := s.post(t, "one", s.home(), card("Gone", "b"))
	s.Remove(t, ref)
	for _, r := range []string{ref, "nonsense", ""} {
		if err := s.adapter.Edit(t.Context(), r, card("After", "a")); !errors.Is(err, access.ErrGone) {
			t.Errorf("Edit of %q says %v, want access.ErrGone", r, err)
		}
	}
	if n := len(s.Messages(t, s.home())); n != 0 {
		t.Errorf("%d messages after the only one was removed", n)
	}
}

// Hostile are texts that some chat or page could take for more than text.
func Hostile() []string {
	return []string{
		"<!channel> <!here> <!everyone> @everyone @here", "<@U0001> <#C0001> <@&123> <@!123>",
		"<https://evil.example|your bank>", "[your bank](https://evil.example)",
		"*bold* _italic_ ~struck~ **bold** __under__ ||spoiler||", "`code` ```block```", "> quoted", "# heading", "- item",
		"&lt;b&gt; &amp;", `<script>alert("x")</script><img src=x onerror=alert(1)>`, `\*not bold\*`, "<t:1700000000:R> <!date^1^{date}|x>", ":smile: <:x:1>",
	}
}

func noInjection(t *testing.T, s *stage) {
	for i, evil := range Hostile() {
		c := chat.Card{
			Summary: evil, Title: evil,
			Blocks: []chat.Block{
				{Heading: evil, Text: chat.Say("1 " + evil).Say(" ").Strong(evil).Say(" end")},
				{Fields: []chat.Fact{{Label: evil, Value: chat.Say(evil)}}},
				{Items: []chat.Text{chat.Say(evil)}, Small: true},
				{Text: chat.Say("by ").Mention("elsewhere/nobody", evil)},
			},
			Buttons: []chat.Button{{Label: evil[:min(len(evil), 70)], Token: "x~~~~~~", Confirm: evil}},
		}
		m := s.see(t, s.post(t, chat.EffectID(fmt.Sprint("evil", i)), s.home(), c))
		// Title, heading, two spans, label, value, item and name.
		if !strings.Contains(m.Text, "1 "+evil+" "+evil) || strings.Count(m.Text, evil) < 8 {
			t.Errorf("%q was posted, people read %q", evil, m.Text)
		}
		if len(m.Links) > 0 || len(m.Mentions) > 0 {
			t.Errorf("%q made links %q and mentions %q", evil, m.Links, m.Mentions)
		}
	}
}

func spans(t *testing.T, s *stage) {
	other := s.Who(1).Account
	at := time.Date(2026, 9, 17, 18, 0, 0, 0, time.UTC)
	c := chat.Card{Summary: "Spans", Blocks: []chat.Block{{
		Text: chat.Say("See ").Link("the terms", "https://example.org/terms?a=1&b=2").Say(" of ").
			Mention(access.PersonID(other), "Somebody").Say(" until ").At(at, chat.DateOnly).Say(".\nAnd ").Code("a-b").Strong("!"),
	}}}
	m := s.see(t, s.post(t, "spans", s.home(), c))
	for _, want := range []string{"See the terms of ", "2026", "\nAnd a-b!"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("people read %q, without %q", m.Text, want)
		}
	}
	if !reflect.DeepEqual(m.Links, []string{"https://example.org/terms?a=1&b=2"}) {
		t.Errorf("links: %q", m.Links)
	}
	if !reflect.DeepEqual(m.Mentions, []access.Account{other}) {
		t.Errorf("mentions: %q", m.Mentions)
	}
}

func limits(t *testing.T, s *stage) {
	for name, c := range Limits() {
		if err := chat.Check(c); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ref := s.post(t, chat.EffectID(name), s.home(), c)
		shows(t, s.see(t, ref), c)
		if err := s.adapter.Edit(t.Context(), ref, c); err != nil {
			t.Errorf("%s: Edit: %v", name, err)
		}
	}
}

func manyPosts(t *testing.T, s *stage) {
	var group sync.WaitGroup
	var mu sync.Mutex
	refs := map[string]bool{}
	for i := range 8 {
		group.Go(func() {
			ref, err := s.adapter.Post(t.Context(), chat.EffectID(fmt.Sprint("many", i)), s.home(), card("Many", "x"))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			refs[ref] = true
		})
	}
	group.Wait()
	if n := len(s.Messages(t, s.home())); len(refs) != 8 || n != 8 {
		t.Errorf("%d names for %d messages, want 8", len(refs), n)
	}
}

func wrongPlaces(t *testing.T, s *stage) {
	name := s.adapter.Name()
	for what, to := range map[string]chat.Address{
		"nowhere":        {},
		"another chat":   {Account: "elsewhere/" + s.Who(0).Account},
		"nobody":         {Account: access.Account(name + "/nobody-of-that-name")},
		"no such place":  {Channel: access.Channel(name + "/no-such-place")},
		"no name at all": {Account: access.Account(name + "/")},
	} {
		ref, err := s.adapter.Post(t.Context(), "wrong", to, card("Wrong", "x"))
		var f *access.Fault
		if !errors.As(err, &f) || f.Failure != access.FailNever && f.Failure != access.FailHuman || f.Code == "" || ref != "" {
			t.Errorf("Post to %s = %q, %v; want a fault that is not tried again", what, ref, err)
		}
	}
}

// scouted looks at the channels of a chat that can say which ones it reaches.
func scouted(t *testing.T, s *stage) {
	scout, ok := s.adapter.(chat.Scout)
	if !ok {
		return
	}
	if ch := s.Channel(); ch != "" {
		if err := scout.Reach(t.Context(), ch); err != nil {
			t.Errorf("Reach of the channel: %v", err)
		}
	}
	for _, ch := range []access.Channel{access.Channel(s.adapter.Name() + "/no-such-place"), "elsewhere/general", ""} {
		if err := scout.Reach(t.Context(), ch); !errors.Is(err, chat.ErrNoPlace) {
			t.Errorf("Reach of %q: %v", ch, err)
		}
	}
	if n := len(s.Messages(t, s.home())); n != 0 {
		t.Errorf("it posted %d messages", n)
	}
}

func endedContext(t *testing.T, s *stage) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.adapter.Post(ctx, "late", s.home(), card("Late", "x")); access.AsFault(err).Failure != access.FailRetry || err == nil {
		t.Errorf("Post says %v", err)
	}
	if n := len(s.Messages(t, s.home())); n != 0 {
		t.Errorf("%d messages", n)
	}
}

func secrets(t *testing.T, s *stage) {
	ref := s.post(t, "one", s.home(), card("Before", "b"))
	s.Fail(t)
	_, post := s.adapter.Post(t.Context(), "two", s.home(), card("After", "a"))
	edit := s.adapter.Edit(t.Context(), ref, card("After", "a"))
	for op, err := range map[string]error{"Post": post, "Edit": edit} {
		var f *access.Fault
		if !errors.As(err, &f) || f.Failure == access.FailNone || f.Code == "" {
			t.Errorf("%s says %v, want a fault", op, err)
			continue
		}
		for i, secret := range s.Secrets() {
			if strings.Contains(err.Error(), secret) || strings.Contains(fmt.Sprintf("%+v", f), secret) {
				t.Errorf("%s: the error carries secret %d of the fixture", op, i+1)
			}
		}
	}
}
