package discordfake_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

func TestPeopleChooseInSelects(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	mina := w.Person("mina")
	inRow := func(o object) object { return object{"type": 1, "components": []any{o}} }
	w.do("POST", "/channels/"+w.general+"/messages", v2(say("Choose"),
		inRow(menu(3, 3, "custom_id", "text", "placeholder", "Days", "max_values", 2)),
		inRow(menu(5, 0, "custom_id", "people")),
		inRow(menu(6, 0, "custom_id", "roles")),
		inRow(menu(8, 0, "custom_id", "channels", "channel_types", []any{0})),
		inRow(menu(3, 3, "custom_id", "off", "disabled", true))))
	message, err := mina.Read("Choose")
	must(t, err)
	var got object
	w.serve(func(i object) any {
		got = i["data"].(object)
		return object{"type": 6}
	})
	for name, c := range map[string]struct {
		options, values []string
		kind            float64
		resolved        string
	}{
		"Days":     {[]string{"Option 2", "0"}, []string{"2", "0"}, 3, ""},
		"people":   {[]string{"Ada the Owner"}, []string{w.user("ada")}, 5, "members"},
		"roles":    {[]string{"@Painters"}, []string{w.low}, 6, "roles"},
		"channels": {[]string{"#general"}, []string{w.general}, 8, "channels"},
	} {
		must(t, mina.Select(message, name, c.options...))
		var values []string
		for _, v := range dig(got, "values").([]any) {
			values = append(values, v.(string))
		}
		resolved := dig(got, "resolved", c.resolved, c.values[0])
		if !slices.Equal(values, c.values) || got["component_type"] != c.kind || (c.resolved != "") != (resolved != nil) {
			t.Errorf("%s: the app gets %v", name, got)
		}
	}
	for name, options := range map[string][]string{
		"Days": {"0", "1", "2"}, "people": {"stranger"}, "roles": {"nothing"}, "channels": {"secret"}, "off": {"0"}, "nowhere": {"0"}, "text": {},
	} {
		if err := mina.Select(message, name, options...); !errors.Is(err, discordfake.ErrNoSuch) {
			t.Errorf("%s of %s can be chosen: %v", options, name, err)
		}
	}
}

func TestAPersonWhoIsTimedOutStillPressesButTypesNoCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	w.do("POST", "/channels/"+w.general+"/messages", card("Card", "Go"))
	w.ChangeMember("", "mina", func(m *discordfake.Member) { m.TimedOutUntil = w.clock.Now().Add(time.Hour) })
	mina := w.Person("mina")
	message, err := mina.Read("Card")
	must(t, err)
	var until any
	w.serve(func(i object) any {
		until = dig(i, "member", "communication_disabled_until")
		return object{"type": 6}
	})
	if err := mina.Slash("access help"); !errors.Is(err, discordfake.ErrNoSuch) {
		t.Errorf("a command: %v", err)
	}
	if err := mina.Write("Hello"); !errors.Is(err, discordfake.ErrNoSuch) {
		t.Errorf("a message: %v", err)
	}
	must(t, mina.Press(message, "Go"))
	if until != "2026-11-23T10:00:00.000000+00:00" {
		t.Errorf("the app is told %v", until)
	}
}

func TestWhatPeopleRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	post := func(body object) { w.do("POST", "/channels/"+w.general+"/messages", body) }
	post(object{"content": `Until <t:1798675200:D>, <@` + w.user("ada") + `> in <#` + w.general + `> as <@&` + w.low + `>: 5 \* 3 \_x\_`})
	post(object{"embeds": []any{object{"title": "T", "description": "D", "fields": []any{object{"name": "n", "value": "v"}}, "footer": object{"text": "F"}}}})
	post(v2(say("Head"), object{"type": 14},
		object{"type": 9, "components": []any{say("Body")}, "accessory": press("a", "label", "More")},
		object{"type": 1, "components": []any{
			press("b", "label", "Off", "disabled", true), press("c", "custom_id", nil, "style", 5, "url", "https://example.org", "label", "Web"),
		}}))
	for i, want := range []string{
		"Until 2026-12-31, @Ada Lindqvist in #general as @Painters: 5 * 3 _x_", "T\nD\nn: v\nF", "Head\n---\nBody\n[More]\n[Off (disabled)] [Web]",
	} {
		if got := w.Messages("general")[i].Body; got != want {
			t.Errorf("%q is read, want %q", got, want)
		}
	}
	message := w.Messages("general")[2]
	if message.Text != "Head" || !strings.Contains(message.JSON(), `"content": "Head"`) {
		t.Errorf("%+v", message)
	}
	for _, name := range []string{"Off", "Web"} {
		if err := w.Person("mina").Press(message, name); !errors.Is(err, discordfake.ErrNoSuch) {
			t.Errorf("%s can be pressed: %v", name, err)
		}
	}
}

func TestAModalCanBeClosedAndBroken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	w.serve(func(i object) any {
		if i["type"] == 5.0 {
			return object{"type": 4, "data": object{}}
		}
		return modalOf(labelled(object{"type": 4, "custom_id": "a", "style": 1, "value": "as before", "required": false}))
	})
	mina := w.Person("mina")
	must(t, mina.Slash("access help"))
	must(t, mina.Close())
	if mina.See().Modal != nil || !errors.Is(mina.Submit(nil), discordfake.ErrNoSuch) {
		t.Error("a closed modal is still there")
	}
	must(t, mina.Slash("access help"))
	if m, err := mina.ReadModal("Label (optional): {as before}"); err != nil || !strings.Contains(m.JSON(), `"custom_id": "m"`) {
		t.Error(err)
	}
	var trouble *discordfake.Trouble
	if err := mina.Submit(nil); !errors.As(err, &trouble) || trouble.Shown != "Something went wrong. Try again." || mina.See().Modal == nil {
		t.Errorf("an answer that Discord refuses: %v", err)
	}
}

func TestAConnectionThatBreaksIsNotAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.Fail(discordfake.Fault{Drop: true, After: true})
	req, err := http.NewRequest("GET", w.URL+"/users/@me", nil)
	must(t, err)
	if resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req); err == nil {
		_ = resp.Body.Close()
		t.Errorf("it is answered with %d", resp.StatusCode)
	}
	if calls := w.Calls("GET /users/@me"); len(calls) != 1 || calls[0].Status != 0 {
		t.Errorf("%+v", calls)
	}
}

func TestAServerThatTheBotLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	second := w.AddGuild(discordfake.Guild{Name: "Second"})
	if got := w.do("GET", "/users/@me/guilds", nil).list; len(got) != 2 {
		t.Errorf("the bot is in %v", got)
	}
	if a := w.do("DELETE", "/users/@me/guilds/"+second, nil); a.status != http.StatusNoContent {
		t.Error(a.raw)
	}
	if a := w.do("GET", "/guilds/"+second, nil); a.code != 10004 || len(w.do("GET", "/users/@me/guilds", nil).list) != 1 {
		t.Error(a.raw)
	}
	w.RemoveBot(w.GuildID())
	if a := w.do("GET", "/channels/"+w.general, nil); a.code != 10003 {
		t.Error(a.raw)
	}
	if err := w.Person("mina").Slash("access help"); !errors.Is(err, discordfake.ErrNoSuch) {
		t.Errorf("a command of an app that is not there: %v", err)
	}
}

func TestTheAuditLogIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{BotPermissions: discordfake.DefaultBot | discordfake.ViewAuditLog})
	w.do("PUT", "/guilds/"+w.GuildID()+"/members/"+w.user("mina")+"/roles/"+w.low, nil, "X-Audit-Log-Reason", "why")
	a := w.do("GET", "/guilds/"+w.GuildID()+"/audit-logs?action_type=25", nil)
	if dig(a.body, "audit_log_entries", 0, "reason") != "why" || dig(a.body, "audit_log_entries", 0, "target_id") != w.user("mina") {
		t.Error(a.raw)
	}
}

func TestAnAnswerToAChannelThatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	room := w.AddChannel(discordfake.Channel{Name: "room"})
	h, done := w.hold(func() error { return w.Person("mina").In(room).Slash("access help") })
	w.DeleteChannel(room)
	if a := h.callback(object{"type": 4, "data": object{"content": "x"}}); a.code != 10003 {
		t.Error(a.raw)
	}
	w.clock.forward(4 * time.Second)
	w.Poke()
	if done() == nil {
		t.Error("mina is answered")
	}
}
