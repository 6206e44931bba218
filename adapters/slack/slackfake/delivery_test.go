package slackfake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

func TestAnAcknowledgementAfterThreeSecondsIsAnErrorThatIsSeen(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{}, func(w world) app {
		slow := func() any { w.clock.forward(3*time.Second + time.Millisecond); return nil }
		return app{
			command: func(slack.SlashCommand) any { return slow() },
			act:     func(slack.InteractionCallback) any { return slow() },
		}
	}, func(t *testing.T, w world) {
		mina := w.Person("UMINA")
		var seen *slackfake.Trouble
		if err := mina.Slash("/access", ""); !errors.As(err, &seen) || seen.Shown != `/access failed with the error "operation_timeout"` {
			t.Errorf("Slash: %v", err)
		}
		if err := mina.Shortcut("request_access"); !errors.As(err, &seen) {
			t.Errorf("Shortcut: %v", err)
		}
		_, err := w.api.OpenView(w.Trigger("UMINA"), slack.ModalViewRequest{
			Type: slack.VTModal, Title: plain("Sure?"), Submit: plain("Yes"), Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}},
		})
		must(t, err)
		if err := mina.Submit(); !errors.As(err, &seen) || seen.Shown != "We had some trouble connecting. Try again?" || mina.See().Modal == nil {
			t.Errorf("Submit: %v", err)
		}
		if n := len(mina.See().Troubles); n != 3 {
			t.Errorf("Mina saw %d troubles: %v", n, mina.See().Troubles)
		}
	})
}

func TestThreeSecondsPassWhileTheAppIsStillAtWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	at, release := make(chan struct{}), make(chan struct{})
	w.serve(t, app{command: func(slack.SlashCommand) any { close(at); <-release; return nil }})
	done := make(chan error, 1)
	go func() { done <- w.Person("UMINA").Slash("/access", "") }()
	<-at
	w.clock.forward(4 * time.Second)
	w.Poke()
	var seen *slackfake.Trouble
	if err := <-done; !errors.As(err, &seen) {
		t.Errorf("Slash: %v", err)
	}
	close(release)
}

func TestAnAppThatAnswersWithAnErrorIsDispatchFailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	w.DeliverTo(listen(t, func(rw http.ResponseWriter, r *http.Request) { http.Error(rw, "no", http.StatusUnauthorized) }))
	err := w.Person("UMINA").Slash("/access", "")
	var seen *slackfake.Trouble
	if !errors.As(err, &seen) || seen.Shown != `/access failed with the error "dispatch_failed"` {
		t.Errorf("Slash: %v", err)
	}
}

func TestCommandsSayWhoWhereAndWhat(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{}, func(world) app {
		return app{command: func(c slack.SlashCommand) any {
			if c.UserID != "UMINA" || c.Command != "/access" || c.TriggerID == "" || c.ResponseURL == "" {
				t.Errorf("the command is %+v", c)
			}
			return map[string]any{"text": c.ChannelID + ": " + c.Text}
		}}
	}, func(t *testing.T, w world) {
		mina := w.Person("UMINA")
		must(t, mina.Slash("/access", "request contractor for @ada in #team with @engineering", "CTEAM"))
		if _, err := mina.Read("CTEAM: request contractor for @Ada Lindqvist in #team with @engineering"); err != nil {
			t.Error(err)
		}
		must(t, mina.Slash("/access", ""))
		if _, err := mina.Read("DMINA: "); err != nil {
			t.Error(err)
		}
		if err := mina.Slash("/access", "", "CSECRET"); !errors.Is(err, slackfake.ErrNoSuch) {
			t.Errorf("in a channel that Mina is not in: %v", err)
		}
		var seen *slackfake.Trouble
		if err := w.Person("USTRANGE").Slash("/access", ""); !errors.As(err, &seen) {
			t.Errorf("a stranger has no commands of the app: %v", err)
		}
		if err := w.Person("UGONE").Slash("/access", ""); !errors.Is(err, slackfake.ErrNoSuch) {
			t.Errorf("somebody who left: %v", err)
		}
	})
}

func TestEventsAreRepeatedUntilTheyAreAcknowledged(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"Socket Mode", "HTTP"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slackfake.Options{})
			var mu sync.Mutex
			var attempts []int
			ids := map[string]bool{}
			a := app{event: func(outer map[string]any, attempt int) int {
				mu.Lock()
				defer mu.Unlock()
				attempts = append(attempts, attempt)
				ids[outer["event_id"].(string)] = true
				if attempt < 3 {
					w.clock.forward(4 * time.Second) // for Socket Mode, where there is no other way to say no
					w.Poke()
					return http.StatusInternalServerError
				}
				return http.StatusOK
			}}
			if transport == "HTTP" {
				w.serve(t, a)
			} else {
				w.connect(t, a)
			}
			if err := w.Deactivate("UMINA"); err == nil {
				t.Error("the first two attempts count as acknowledged")
			}
			for _, wait := range []time.Duration{time.Minute, 5 * time.Minute} {
				must(t, w.Await("an attempt that is planned", func() bool { return w.Unacknowledged() == 1 }))
				w.clock.forward(wait)
				w.Poke()
			}
			err := w.Await("the last attempt", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return len(attempts) == 4
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("%v; attempts %v", err, attempts)
			}
			if !slices.Equal(attempts, []int{0, 1, 2, 3}) || len(ids) != 1 {
				t.Errorf("attempts %v with the event ids %v", attempts, ids)
			}
			if slices.Contains(w.Members("CTEAM"), "UMINA") {
				t.Error("somebody who left is still in a channel")
			}
		})
	}
}

func TestEventsComeWithTheirScopeOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	var mu sync.Mutex
	var kinds []string
	w.serve(t, app{event: func(outer map[string]any, _ int) int {
		mu.Lock()
		defer mu.Unlock()
		kinds = append(kinds, outer["event"].(map[string]any)["type"].(string))
		return http.StatusOK
	}})
	mina := w.Person("UMINA")
	all := func() {
		must(t, mina.OpenHome())
		must(t, mina.Write("CTEAM", "hello"))
		must(t, w.ChangeUser("UADA", func(u *slackfake.User) { u.TZ = "Asia/Tokyo" }))
		must(t, w.Join("CTEAM", "UCARLA"))
		must(t, w.Leave("CTEAM", "UCARLA"))
		must(t, w.ChangeGroup("SENG", func(g *slackfake.Group) { g.Users = []string{"UADA"} }))
		must(t, w.Event(map[string]any{"type": "app_uninstalled"}))
	}
	all()
	want := []string{"app_home_opened", "message", "user_change", "member_joined_channel", "member_left_channel", "subteam_updated", "subteam_members_changed", "app_uninstalled"}
	if !slices.Equal(kinds, want) {
		t.Errorf("events %v", kinds)
	}
	kinds = nil
	w.SetScopes("chat:write")
	all()
	if want := []string{"app_home_opened", "app_uninstalled"}; !slices.Equal(kinds, want) {
		t.Errorf("without scopes: %v", kinds)
	}
}

// dial opens a Socket Mode connection by hand.
func (w world) dial(t *testing.T) *websocket.Conn {
	t.Helper()
	_, link, err := slack.New("", slack.OptionAPIURL(w.URL), slack.OptionAppLevelToken(w.AppToken())).StartSocketModeContext(t.Context())
	must(t, err)
	ws, resp, err := websocket.DefaultDialer.Dial(link, nil)
	must(t, err)
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	if _, resp, err := websocket.DefaultDialer.Dial(link, nil); err == nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("the link works twice: %v", err)
	}
	return ws
}

func read(t *testing.T, ws *websocket.Conn) map[string]any {
	t.Helper()
	var frame map[string]any
	must(t, ws.SetReadDeadline(time.Now().Add(10*time.Second)))
	must(t, ws.ReadJSON(&frame))
	return frame
}

func TestEachEnvelopeGoesToOneOfTenConnections(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	got := make(chan int, 10)
	for i := range 10 {
		ws := w.dial(t)
		if hello := read(t, ws); hello["type"] != "hello" || hello["num_connections"] != float64(i+1) {
			t.Errorf("hello is %v", hello)
		}
		go func() {
			for {
				var e map[string]any
				if ws.ReadJSON(&e) != nil {
					return
				}
				got <- i
				_ = ws.WriteJSON(map[string]any{"envelope_id": e["envelope_id"]})
			}
		}()
	}
	must(t, w.AwaitSockets(10))
	if frame := read(t, w.dial(t)); frame["type"] != "disconnect" || frame["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh connection says %v", frame)
	}
	var served []int
	for range 10 {
		must(t, w.Person("UMINA").Shortcut("request_access"))
		served = append(served, <-got)
	}
	slices.Sort(served)
	if !slices.Equal(served, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("served by %v", served)
	}
	if len(got) != 0 {
		t.Error("an envelope went to more than one connection")
	}
}

func TestAnswersOf20KiBAreDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{Patience: 300 * time.Millisecond})
	ws := w.dial(t)
	read(t, ws)
	must(t, w.AwaitSockets(1))
	done := make(chan error, 1)
	go func() { done <- w.Person("UMINA").Slash("/access", "") }()
	e := read(t, ws)
	must(t, ws.WriteJSON(map[string]any{"envelope_id": e["envelope_id"], "payload": map[string]any{"text": strings.Repeat("x", 20*1024)}}))
	if err := <-done; err == nil {
		t.Error("an answer of more than 20 KiB was taken")
	}
}

func TestConnectionsAreRefreshedAndBroken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	w.connect(t, app{command: func(slack.SlashCommand) any { return map[string]any{"text": "here"} }})
	mina := w.Person("UMINA")
	for _, end := range []func() error{
		func() error { return w.Refresh("refresh_requested") },
		func() error { return w.Refresh("warning") },
		func() error { w.Cut(); return nil },
	} {
		before := w.Opened()
		must(t, end())
		must(t, w.Await("a new connection", func() bool { return w.Opened() > before && w.Sockets() == 1 }))
		must(t, mina.Slash("/access", ""))
	}
	must(t, w.SwitchSocketMode(false))
	if n := w.Sockets(); n != 0 {
		t.Errorf("%d connections with Socket Mode off", n)
	}
}

func TestAStaleClickAndOneThatNobodyCanMake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	pressed := make(chan slack.InteractionCallback, 1)
	w.serve(t, app{act: func(i slack.InteractionCallback) any { pressed <- i; return nil }})
	channel, ts, err := w.api.PostMessage("CTEAM", card("Card", "Approve")...)
	must(t, err)
	mina := w.Person("UMINA")
	before, err := mina.Read("Card")
	must(t, err)
	_, _, _, err = w.api.UpdateMessage(channel, ts, slack.MsgOptionText("Over", false), slack.MsgOptionBlocks(slack.NewDividerBlock()))
	must(t, err)
	must(t, mina.PressOld(before, "Approve"))
	if i := <-pressed; i.ActionCallback.BlockActions[0].Value != "token of Approve" || i.Container.MessageTs != ts || i.Channel.ID != "CTEAM" {
		t.Errorf("the app got %+v", i)
	}
	if err := w.Person("UCARLA").PressOld(before, "Approve"); !errors.Is(err, slackfake.ErrNoSuch) {
		t.Errorf("somebody who is not in the channel: %v", err)
	}
	body, err := w.Person("UCARLA").Interact(map[string]any{"type": "block_actions", "actions": []any{map[string]any{
		"block_id": "act", "action_id": "do:Approve", "value": "forged", "type": "button",
	}}})
	if i := <-pressed; err != nil || len(body) != 0 || i.User.ID != "UCARLA" || i.ActionCallback.BlockActions[0].Value != "forged" {
		t.Errorf("the forged click: %v %q %+v", err, body, i)
	}
}

func TestTwentyPressAtOnce(t *testing.T) {
	t.Parallel()
	overBoth(t, slackfake.Options{}, func(w world) app {
		return app{act: func(i slack.InteractionCallback) any {
			_, _ = w.api.PostEphemeral(i.Channel.ID, i.User.ID, slack.MsgOptionText("You were one of many.", false))
			return nil
		}}
	}, func(t *testing.T, w world) {
		_, _, err := w.api.PostMessage("CTEAM", card("Card", "Approve")...)
		must(t, err)
		var all sync.WaitGroup
		for i := range 20 {
			id := fmt.Sprintf("UMANY%d", i)
			p := w.AddUser(slackfake.User{ID: id})
			must(t, w.Join("CTEAM", id))
			m, err := p.Read("Card")
			must(t, err)
			all.Go(func() {
				if err := p.Press(m, "Approve"); err != nil {
					t.Error(err)
				}
				if _, err := p.Read("You were one of many."); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestRequestsAreSignedAsOfTheTimeTheyAreToldTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{SignedAt: time.Now, SigningSecret: "shh"})
	verified := make(chan error, 1)
	w.DeliverTo(listen(t, func(rw http.ResponseWriter, r *http.Request) {
		v, err := slack.NewSecretsVerifier(r.Header, "shh")
		if err == nil {
			body, _ := io.ReadAll(r.Body)
			_, _ = v.Write(body)
			err = v.Ensure()
		}
		verified <- err
	}))
	must(t, w.Person("UMINA").Slash("/access", ""))
	if err := <-verified; err != nil {
		t.Errorf("slack-go's verifier: %v", err)
	}
}

func TestTheFakeEndsWithItsTest(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("inside", func(t *testing.T) { url = newWorld(t, slackfake.Options{}).URL })
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url+"auth.test", nil)
	must(t, err)
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Error("the fake still answers")
	}
}
