package playground_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/playground"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/storage"
	"github.com/usher-dev/usher/storage/bolt"
)

func to(account string) chat.Address { return chat.Address{Account: access.Account(account)} }

func hello(text string) chat.Card {
	return chat.Card{Summary: text, Title: text, Blocks: []chat.Block{{Text: chat.Say(text)}}}
}

func titles(s seen) []string {
	out := []string{}
	for _, m := range s.Messages {
		out = append(out, m.Card.Title)
	}
	return out
}

func TestPostWithTheSameEffectIsOneMessage(t *testing.T) {
	t.Parallel()
	store := newMemory()
	one, two := open(t, options(store), nil), open(t, options(store), nil)
	refs := make([]string, 20)
	var all sync.WaitGroup
	for i := range refs {
		all.Go(func() {
			a := []*world{one, two}[i%2].a
			ref, err := a.Post(t.Context(), "card/7", to("playground/carla"), hello("Hello"))
			if err != nil {
				t.Error(err)
			}
			refs[i] = ref
		})
	}
	all.Wait()
	if len(slices.Compact(refs)) != 1 {
		t.Errorf("refs %v, want one", refs)
	}
	if got := titles(one.look("carla")); len(got) != 1 {
		t.Errorf("messages %v, want one", got)
	}
	if other := one.put("card/8", "playground/carla", hello("Hello")); other == refs[0] {
		t.Error("another effect got the same message")
	}
}

func TestPostToNowhereIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	w.post(200, "ben/profile", `{"leave":true}`)
	for _, address := range []chat.Address{
		to("playground/nobody"), to("slack/carla"), to(""), {Channel: "playground/unknown"}, {Channel: "slack/general"},
	} {
		_, err := w.a.Post(t.Context(), "x", address, hello("x"))
		if f := access.AsFault(err); err == nil || f.Failure != access.FailNever || f.Code != "noSuchPlace" {
			t.Errorf("%+v: %v", address, err)
		}
	}
	_, err := w.a.Post(t.Context(), "x", to("playground/ben"), hello("x"))
	if f := access.AsFault(err); err == nil || f.Failure != access.FailNever || f.Code != "personGone" {
		t.Errorf("to somebody who left: %v", err)
	}
}

func TestPostSaysWhenTheStoreIsAway(t *testing.T) {
	t.Parallel()
	store := newMemory()
	w := open(t, options(store), nil)
	store.fail(errors.New("no store"))
	_, err := w.a.Post(t.Context(), "x", to("playground/carla"), hello("x"))
	var f *access.Fault
	if !errors.As(err, &f) || f.Failure != access.FailRetry {
		t.Errorf("post: %v, want a fault to be tried again", err)
	}
	if err := w.a.Edit(t.Context(), "x", hello("x")); !errors.As(err, &f) || f.Failure != access.FailRetry {
		t.Errorf("edit: %v, want a fault to be tried again", err)
	}
	if err := w.a.Advance(t.Context(), time.Hour); err == nil {
		t.Error("the clock went forward without a store")
	}
	if code, data := w.send("GET", "/api/people", ""); code != 500 {
		t.Errorf("people: %d %s", code, data)
	}
	store.fail(nil)
}

func TestEdit(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	ref := w.put("e", "playground/mina", hello("first"))
	for range 2 {
		if err := w.a.Edit(t.Context(), ref, hello("second")); err != nil {
			t.Fatal(err)
		}
	}
	m := w.look("mina").Messages[0]
	if m.Card.Title != "second" || m.Version != 2 || !m.Edited {
		t.Errorf("%+v, want the second drawing once", m)
	}
	if err := w.a.Edit(t.Context(), "m-unknown", hello("x")); !errors.Is(err, access.ErrGone) {
		t.Errorf("edit of an unknown message: %v, want ErrGone", err)
	}
}

func TestDeletedMessagesAreGone(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	ref := w.put("e", "playground/mina", hello("first"))
	if got := w.post(404, "ada/delete", `{"message":"`+ref+`"}`); got.Error.Code != "unknownMessage" {
		t.Errorf("a message of another: %+v", got.Error)
	}
	if got := w.post(200, "mina/delete", `{"message":"`+ref+`"}`); len(got.Messages) != 0 {
		t.Errorf("mina sees %+v", got.Messages)
	}
	w.post(404, "mina/delete", `{"message":"`+ref+`"}`)
	w.post(404, "mina/press", `{"message":"`+ref+`","token":"x"}`)
	if err := w.a.Edit(t.Context(), ref, hello("x")); !errors.Is(err, access.ErrGone) {
		t.Errorf("edit: %v, want ErrGone", err)
	}
	if again := w.put("e", "playground/mina", hello("first")); again != ref || len(w.look("mina").Messages) != 0 {
		t.Error("a repeated post brought the message back")
	}
}

func TestChannelsAreForThoseInside(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	if _, err := w.a.Post(t.Context(), "c", chat.Address{Channel: "playground/approvals"}, hello("Look")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"mina", "ada", "ben", "olga"} {
		if got := w.look(id).Messages; len(got) != 1 || got[0].Channel != "approvals" {
			t.Errorf("%s sees %+v", id, got)
		}
	}
	if got := w.look("carla").Messages; len(got) != 0 {
		t.Errorf("carla, from outside, sees %+v", got)
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	ctx := t.Context()
	got, err := w.a.Profile(ctx, "demo", "playground/mina")
	want := access.Profile{
		Person: "playground/mina", Account: "playground/mina", Name: "Mina Okafor", Standing: access.Member, Locale: "en-GB",
		Zone: "Europe/London", Email: "mina@example.org", Manager: "playground/ada", Groups: []access.GroupID{"playground/engineering"},
	}
	if err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v %s", err, cmp.Diff(want, got))
	}
	for _, p := range []access.PersonID{"playground/nobody", "slack/mina", "mina", ""} {
		if _, err := w.a.Profile(ctx, "demo", p); !access.IsCode(err, "unknownPerson") {
			t.Errorf("%q: %v", p, err)
		}
	}
	if _, err := w.a.Profile(ctx, "other", "playground/mina"); !access.IsCode(err, "unknownPerson") {
		t.Errorf("in another tenant: %v", err)
	}
	members := func(want ...access.PersonID) {
		t.Helper()
		got, err := w.a.Members(ctx, "demo", "playground/security")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("members %v %v, want %v", got, err, want)
		}
	}
	members("playground/ada", "playground/ben")
	w.post(200, "ada/profile", `{"leave":true}`)
	members("playground/ben")
	w.post(200, "ben/profile", `{"standing":"gone"}`)
	members()
	w.post(200, "ada/profile", `{"standing":"member"}`)
	members("playground/ada")
	if _, err := w.a.Members(ctx, "demo", "playground/nothing"); !access.IsCode(err, "unknownGroup") {
		t.Errorf("unknown group: %v", err)
	}
	found, err := w.a.Search(ctx, "demo", "TANAKA", 5)
	if err != nil || len(found) != 0 {
		t.Errorf("ben has left, but was found: %v %v", found, err)
	}
	if people, err := w.a.ByEmail(ctx, "demo", "Ada@Example.org"); err != nil || !slices.Equal(people, []access.PersonID{"playground/ada"}) {
		t.Errorf("%v, %v", people, err)
	}
	if people, err := w.a.ByEmail(ctx, "demo", "ben@example.org"); err != nil || len(people) > 0 {
		t.Errorf("%v, %v", people, err)
	}
	if found, err = w.a.Search(ctx, "demo", "a", 2); err != nil || len(found) != 2 {
		t.Errorf("two at most: %v %v", found, err)
	}
}

func TestTwoProcessesOnOneStore(t *testing.T) {
	t.Parallel()
	store := newMemory()
	jumps := make(chan struct{}, 1)
	o := options(store)
	o.OnJump = func(context.Context) { jumps <- struct{}{} }
	one, two := open(t, o, nil), open(t, options(store), nil)

	ref := one.put("e", "playground/ben", hello("from one"))
	if err := two.a.Edit(t.Context(), ref, hello("from two")); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(one.look("ben").Messages, two.look("ben").Messages); d != "" {
		t.Error(d)
	}
	one.do(200, "POST", "/api/clock", `{"advance":"36h"}`)
	<-jumps
	two.beat()
	want := start.Add(36 * time.Hour)
	if a, b := one.a.Now(), two.a.Now(); !a.Equal(want) || !b.Equal(want) {
		t.Errorf("clocks at %v and %v, want %v", a, b, want)
	}
	two.post(200, "carla/caps", `{"forms":"pages"}`)
	if caps := one.a.Caps("playground/carla"); caps.PageFields != 5 || caps.Live {
		t.Errorf("caps %+v", caps)
	}
	if caps := one.a.Caps("playground/nobody"); !caps.Live {
		t.Errorf("caps of nobody %+v", caps)
	}
}

func TestEverythingIsThereAfterARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "playground.db")
	openFile := func() *bolt.Store {
		store, err := bolt.Open(file, bolt.Options{Mode: storage.Demo})
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	store := openFile()
	page := form.Page{Form: "request", Number: 1, Title: "Ask", Submit: "Send", Last: true, Fields: []form.Field{{ID: "why", Kind: form.Line, Label: "Why"}}}
	answer := func(in chat.Intent) chat.Reply {
		if in.(chat.Invoked).Text == "form" {
			return chat.Show{Page: page, Intro: chat.Say("Please")}
		}
		return chat.Tell{Card: hello("private")}
	}
	before := open(t, options(store), answer)
	before.put("e", "playground/carla", hello("posted"))
	before.post(200, "carla/command", `{"text":"/access mine"}`)
	before.post(200, "carla/command", `{"text":"/access form"}`)
	before.do(200, "POST", "/api/people", `{"name":"Zoë Ünal","standing":"guest","zone":"Asia/Kolkata"}`)
	before.do(200, "POST", "/api/clock", `{"advance":"3 days"}`)
	was := before.look("carla")
	before.close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	store = openFile()
	t.Cleanup(func() { _ = store.Close() })
	after := open(t, options(store), nil)
	now := after.look("carla")
	if d := cmp.Diff(was, now); d != "" {
		t.Error(d)
	}
	if now.Form == nil || now.Form.Intro != "Please" || len(now.Messages) != 2 {
		t.Errorf("%+v", now)
	}
	if got := after.a.Now(); !got.Equal(start.Add(72 * time.Hour)) {
		t.Errorf("the clock is at %v", got)
	}
	if got := after.look("zo-nal"); got.Person.Name != "Zoë Ünal" || got.Person.Time != "21 August 2026, 15:00 IST" {
		t.Errorf("%+v", got.Person)
	}
}

func TestMessagesComeInTheirOrder(t *testing.T) {
	t.Parallel()
	w := open(t, options(newMemory()), nil)
	want := []string{}
	for i := range 130 {
		title := fmt.Sprintf("card %d", i)
		w.put(title, "playground/olga", hello(title))
		want = append(want, title)
	}
	if d := cmp.Diff(want[30:], titles(w.look("olga"))); d != "" {
		t.Error(d)
	}
}

func TestNewRefusesWhatItCannotWorkWith(t *testing.T) {
	t.Parallel()
	if _, err := playground.New(t.Context(), playground.Options{}); err == nil {
		t.Error("a playground without a store")
	}
	store := newMemory()
	store.fail(errors.New("no store"))
	if _, err := playground.New(t.Context(), options(store)); err == nil {
		t.Error("a playground on a store that is away")
	}
}

func TestLeavingIsToldEachTime(t *testing.T) {
	t.Parallel()
	var left []access.PersonID
	o := options(newMemory())
	o.OnLeft = func(_ context.Context, who access.PersonID) { left = append(left, who) }
	w := open(t, o, nil)
	w.post(200, "ben/profile", `{"leave":true}`)
	w.post(200, "ben/profile", `{"standing":"gone"}`)
	w.post(200, "ben/profile", `{"standing":"member"}`)
	w.post(200, "ben/profile", `{"zone":"UTC"}`)
	w.post(404, "nobody/profile", `{"leave":true}`)
	if d := cmp.Diff([]access.PersonID{"playground/ben", "playground/ben"}, left); d != "" {
		t.Error(d)
	}
}
