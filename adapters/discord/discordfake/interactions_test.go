package discordfake_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

func modalOf(components ...any) object {
	return object{"type": 9, "data": object{"custom_id": "m", "title": "Title", "components": components}}
}

func labelled(component object) object {
	return object{"type": 18, "label": "Label", "component": component}
}

// with is a copy with other fields; nil takes one away.
func with(o object, more ...any) object {
	out := object{}
	for k, v := range o {
		out[k] = v
	}
	for i := 0; i < len(more); i += 2 {
		if out[more[i].(string)] = more[i+1]; more[i+1] == nil {
			delete(out, more[i].(string))
		}
	}
	return out
}

func TestAModalIsTakenOnlyAsTheDocumentsSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	line := object{"type": 4, "custom_id": "a", "style": 1}
	data := func(more ...any) object {
		return object{"type": 9, "data": with(modalOf(labelled(line))["data"].(object), more...)}
	}
	one := func(component object) object { return modalOf(labelled(component)) }
	input := func(more ...any) object { return one(with(line, more...)) }
	group := func(kind, n int, more ...any) object {
		return one(with(object{"type": kind, "custom_id": "g", "options": choices(n)}, more...))
	}
	inner := []any{"data", "components", "0", "component"}
	at := func(field ...any) []any { return append(slices.Clone(inner), field...) }
	lines := func(n int) []any {
		var out []any
		for i := range n {
			out = append(out, labelled(with(line, "custom_id", fmt.Sprint(i))))
		}
		return out
	}
	for name, c := range map[string]refused{
		"one line":               {input(), 0, nil, ""},
		"title of 45":            {data("title", x(45)), 0, nil, ""},
		"title of 46":            {data("title", x(46)), 50035, []any{"data", "title"}, "BASE_TYPE_BAD_LENGTH"},
		"no title":               {data("title", nil), 50035, []any{"data", "title"}, "BASE_TYPE_REQUIRED"},
		"custom id of 101":       {data("custom_id", x(101)), 50035, []any{"data", "custom_id"}, "BASE_TYPE_BAD_LENGTH"},
		"five":                   {modalOf(lines(5)...), 0, nil, ""},
		"six":                    {modalOf(lines(6)...), 50035, []any{"data", "components"}, "BASE_TYPE_BAD_LENGTH"},
		"none":                   {data("components", []any{}), 50035, []any{"data", "components"}, "BASE_TYPE_BAD_LENGTH"},
		"the same id twice":      {modalOf(labelled(line), labelled(line)), 50035, []any{"data", "components", "1", "component", "custom_id"}, "COMPONENT_CUSTOM_ID_DUPLICATED"},
		"a text display":         {modalOf(say("Read this."), labelled(line)), 0, nil, ""},
		"a button":               {one(press("a")), 50035, at("type"), "UNION_TYPE_CHOICES"},
		"a bare input":           {modalOf(line), 50035, []any{"data", "components", "0", "type"}, "UNION_TYPE_CHOICES"},
		"a row of an input":      {modalOf(object{"type": 1, "components": []any{with(line, "label", "Old")}}), 0, nil, ""},
		"a row without a label":  {modalOf(object{"type": 1, "components": []any{line}}), 50035, []any{"data", "components", "0", "components", "0", "label"}, "BASE_TYPE_REQUIRED"},
		"a row of a select":      {modalOf(object{"type": 1, "components": []any{menu(3, 1)}}), 50035, []any{"data", "components", "0", "components", "0", "type"}, "UNION_TYPE_CHOICES"},
		"label of 46":            {modalOf(with(labelled(line), "label", x(46))), 50035, []any{"data", "components", "0", "label"}, "BASE_TYPE_BAD_LENGTH"},
		"description of 100":     {modalOf(with(labelled(line), "description", x(100))), 0, nil, ""},
		"description of 101":     {modalOf(with(labelled(line), "description", x(101))), 50035, []any{"data", "components", "0", "description"}, "BASE_TYPE_MAX_LENGTH"},
		"two labels":             {input("label", "x"), 50035, at("label"), "TEXT_INPUT_LABEL_IN_LABEL"},
		"value of 4,001":         {input("value", x(4001)), 50035, at("value"), "BASE_TYPE_MAX_LENGTH"},
		"a value too long":       {input("value", "four", "max_length", 3), 50035, at("value"), "BASE_TYPE_BAD_LENGTH"},
		"placeholder of 101":     {input("placeholder", x(101)), 50035, at("placeholder"), "BASE_TYPE_MAX_LENGTH"},
		"a style of three":       {input("style", 3), 50035, at("style"), "BASE_TYPE_CHOICES"},
		"longer than it is long": {input("min_length", 3, "max_length", 2), 50035, at("min_length"), "TEXT_INPUT_MIN_LENGTH_INVALID"},
		"a select":               {one(menu(3, 25)), 0, nil, ""},
		"a disabled select":      {one(menu(3, 2, "disabled", false)), 50035, at("disabled"), "COMPONENT_DISABLED_IN_MODAL"},
		"none of a must":         {one(menu(3, 2, "min_values", 0)), 50035, at("min_values"), "SELECT_COMPONENT_MIN_VALUES_REQUIRED"},
		"none of a may":          {one(menu(3, 2, "min_values", 0, "required", false)), 0, nil, ""},
		"a channel select":       {one(menu(8, 0, "channel_types", []any{0})), 0, nil, ""},
		"two radio buttons":      {group(21, 2), 0, nil, ""},
		"one radio button":       {group(21, 1), 50035, at("options"), "BASE_TYPE_BAD_LENGTH"},
		"eleven radio buttons":   {group(21, 11), 50035, at("options"), "BASE_TYPE_BAD_LENGTH"},
		"two that are chosen":    {group(21, 2, "options", []any{object{"label": "a", "value": "a", "default": true}, object{"label": "b", "value": "b", "default": true}}), 50035, at("options"), "RADIO_GROUP_TOO_MANY_DEFAULTS"},
		"min_values of a radio":  {group(21, 2, "min_values", 1), 50035, at("min_values"), "UNKNOWN_FIELD"},
		"ten boxes":              {group(22, 10, "min_values", 2, "max_values", 10), 0, nil, ""},
		"eleven boxes":           {group(22, 11), 50035, at("options"), "BASE_TYPE_BAD_LENGTH"},
		"no boxes of a must":     {group(22, 2, "min_values", 0), 50035, at("min_values"), "SELECT_COMPONENT_MIN_VALUES_REQUIRED"},
		"more than the boxes":    {group(22, 2, "max_values", 3), 50035, at("max_values"), "CHECKBOX_GROUP_COUNTS_INVALID"},
		"a checkbox":             {one(object{"type": 23, "custom_id": "c", "default": true}), 0, nil, ""},
		"a required checkbox":    {one(object{"type": 23, "custom_id": "c", "required": true}), 50035, at("required"), "UNKNOWN_FIELD"},
		"an emoji on a radio":    {group(21, 2, "options", []any{object{"label": "a", "value": "a", "emoji": object{"name": "x"}}, object{"label": "b", "value": "b"}}), 50035, at("options", "0", "emoji"), "UNKNOWN_FIELD"},
	} {
		answered := make(chan answer, 1)
		w.serve(func(i object) any {
			path := fmt.Sprintf("/interactions/%s/%s/callback", i["id"], i["token"])
			got := w.webhook("POST", path, c.body)
			answered <- got
			if got.status != http.StatusNoContent {
				w.webhook("POST", path, object{"type": 4, "data": object{"content": "x"}})
			}
			return nil
		})
		must(t, w.Person("mina").Slash("access help"))
		c.check(t, name, <-answered)
	}
}

// held is an interaction that the app keeps for the test to answer.
type held struct {
	w         world
	id, token string
}

// hold runs do on a person and returns the interaction that the app got; done
// waits for the person.
func (w world) hold(do func() error) (held, func() error) {
	w.t.Helper()
	got := make(chan object, 1)
	w.serve(func(i object) any {
		got <- i
		return nil
	})
	ended := make(chan error, 1)
	go func() { ended <- do() }()
	i := <-got
	h := held{w, i["id"].(string), i["token"].(string)}
	return h, func() error { return <-ended }
}

func (h held) callback(body any) answer {
	return h.w.webhook("POST", "/interactions/"+h.id+"/"+h.token+"/callback", body)
}

func (h held) message(method, which string, body any) answer {
	return h.w.webhook(method, "/webhooks/"+h.w.AppID()+"/"+h.token+"/messages/"+which, body)
}

func (h held) follow(body any) answer {
	return h.w.webhook("POST", "/webhooks/"+h.w.AppID()+"/"+h.token, body)
}

func TestAnInteractionIsAnsweredOnceAndInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	mina := w.Person("mina")
	help := func() error { return mina.Slash("access help") }
	hello := object{"type": 4, "data": object{"content": "Hello"}}

	h, done := w.hold(help)
	if a := h.message("PATCH", "@original", object{"content": "x"}); a.code != 10015 {
		t.Errorf("an answer is edited before there is one: %s", a.raw)
	}
	if a := w.webhook("POST", "/interactions/"+h.id+"/wrong/callback", hello); a.code != 50027 || a.status != 401 {
		t.Errorf("a wrong token: %s", a.raw)
	}
	if a := w.webhook("POST", "/interactions/77/"+h.token+"/callback", hello); a.code != 10062 {
		t.Errorf("an unknown interaction: %s", a.raw)
	}
	if a := h.callback(object{"type": 4, "data": object{}}); a.code != 50006 {
		t.Errorf("an empty answer: %s", a.raw)
	}
	if a := h.callback(hello); a.status != http.StatusNoContent {
		t.Errorf("the answer: %s", a.raw)
	}
	must(t, done())
	if a := h.callback(hello); a.code != 40060 || a.status != 400 {
		t.Errorf("a second answer: %s", a.raw)
	}
	w.clock.forward(15*time.Minute + time.Second)
	if a := h.message("PATCH", "@original", object{"content": "x"}); a.code != 50027 {
		t.Errorf("an old token: %s", a.raw)
	}

	h, done = w.hold(help)
	w.clock.forward(3*time.Second + time.Millisecond)
	if a := h.callback(hello); a.code != 10062 || a.status != 404 {
		t.Errorf("a late answer: %s", a.raw)
	}
	w.Poke()
	var trouble *discordfake.Trouble
	if err := done(); !errors.As(err, &trouble) || trouble.Shown != "The application did not respond" {
		t.Errorf("mina is told %v", err)
	}
	if !strings.Contains(mina.See().String(), "!! The application did not respond") {
		t.Error("the trouble is not seen")
	}
}

func TestWhichAnswerFitsWhichInteraction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	mina := w.Person("mina")
	w.do("POST", "/channels/"+w.general+"/messages", card("Card", "Go"))
	message, err := mina.Read("Card")
	must(t, err)
	submit := func() error {
		w.serve(func(object) any { return modalOf(labelled(object{"type": 4, "custom_id": "a", "style": 1})) })
		must(t, mina.Press(message, "Go"))
		_, err := mina.ReadModal("Title")
		return err
	}
	modal := modalOf(labelled(object{"type": 4, "custom_id": "a", "style": 1}))
	bodies := map[int]object{
		1: {"type": 1}, 4: {"type": 4, "data": object{"content": "x"}}, 5: {"type": 5}, 6: {"type": 6}, 7: {"type": 7, "data": card("Card", "Go")},
		8: {"type": 8, "data": object{"choices": []any{}}}, 9: modal, 10: {"type": 10}, 12: {"type": 12},
	}
	for name, c := range map[string]struct {
		do   func() error
		fine []int
	}{
		"command":      {func() error { return mina.Slash("access help") }, []int{4, 5, 9}},
		"button":       {func() error { return mina.Press(message, "Go") }, []int{4, 5, 6, 7, 9}},
		"autocomplete": {func() error { _, err := mina.Autocomplete("access request", "package", ""); return err }, []int{8}},
		"modal":        {func() error { return mina.Submit(map[string]any{"Label": "x"}) }, []int{4, 5}},
	} {
		for kind, body := range bodies {
			if name == "modal" {
				must(t, submit())
			}
			h, done := w.hold(c.do)
			a := h.callback(body)
			fits := slices.Contains(c.fine, kind)
			if fits != (a.status == http.StatusNoContent) || !fits && a.code != 50035 {
				t.Errorf("a %s is answered with %d: %s", name, kind, a.raw)
			}
			if !fits {
				h.callback(bodies[c.fine[0]])
			}
			must(t, done())
		}
	}
}

func TestAnAnswerThatComesLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	mina, ada := w.Person("mina"), w.Person("ada")
	h, done := w.hold(func() error { return mina.Slash("access help") })
	if a := h.callback(object{"type": 5, "data": object{"flags": 64 | 1<<15}}); a.code != 50035 {
		t.Errorf("a deferred answer with other flags: %s", a.raw)
	}
	if a := h.callback(object{"type": 5, "data": object{"flags": 64}}); a.status != http.StatusNoContent {
		t.Fatal(a.raw)
	}
	must(t, done())
	if m, err := mina.Read("Usher is thinking..."); err != nil || !m.Loading || !m.Private {
		t.Errorf("%v %+v", err, m)
	}
	if a := h.callback(modalOf(labelled(object{"type": 4, "custom_id": "a", "style": 1}))); a.code != 40060 {
		t.Errorf("a modal after a deferred answer: %s", a.raw)
	}
	w.clock.forward(10 * time.Minute)
	if a := h.message("PATCH", "@original", card("Ready", "Go")); a.status != http.StatusOK || dig(a.body, "flags") != float64(64|1<<15) {
		t.Fatal(a.raw)
	}
	if m, err := mina.Read("Ready"); err != nil || m.Loading || !m.Private {
		t.Errorf("%v %+v", err, m)
	}
	if a := h.follow(object{"content": "One more"}); a.status != http.StatusOK {
		t.Fatal(a.raw)
	}
	if m, err := ada.Read("One more"); err != nil || m.Private {
		t.Errorf("%v %+v", err, m)
	}
	secret := h.follow(object{"content": "Another", "flags": 64})
	if a := h.message("DELETE", secret.text("id"), nil); a.status != http.StatusNoContent {
		t.Error(a.raw)
	}
	if a := h.message("GET", secret.text("id"), nil); a.code != 10008 {
		t.Error(a.raw)
	}
	if a := h.message("DELETE", "@original", nil); a.status != http.StatusNoContent || strings.Contains(mina.See().String(), "Ready") {
		t.Error(a.raw)
	}
	if a := w.do("PATCH", "/channels/"+w.general+"/messages/"+secret.text("id"), object{"content": "x"}); a.code != 10008 {
		t.Errorf("an ephemeral message is a message of the channel: %s", a.raw)
	}
}

func TestTheFirstFollowUpFillsADeferredAnswerIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	h, done := w.hold(func() error { return w.Person("mina").Slash("access help") })
	h.callback(object{"type": 5, "data": object{"flags": 64}})
	must(t, done())
	if a := h.follow(object{"content": "Public?", "flags": 0}); a.body["flags"] != 64.0 {
		t.Error(a.raw)
	}
	m, err := w.Person("mina").Read("Public?")
	if err != nil || !m.Private || len(w.Messages("general")) != 0 {
		t.Errorf("%v %+v", err, m)
	}
}

func TestASilentDeferLetsTheCardBeEditedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	mina := w.Person("mina")
	w.do("POST", "/channels/"+w.general+"/messages", card("Card", "Go"))
	message, err := mina.Read("Card")
	must(t, err)
	h, done := w.hold(func() error { return mina.Press(message, "Go") })
	h.callback(object{"type": 6})
	must(t, done())
	if a := h.message("PATCH", "@original", object{"components": []any{say("Done")}}); a.text("id") != message.ID {
		t.Error(a.raw)
	}
	now, there := w.Message(message)
	if !there || now.Body != "Done" || !now.Edited {
		t.Errorf("%+v", now)
	}
	w.DeleteMessage(now)
	if _, there := w.Message(message); there {
		t.Error("the message is still there")
	}
}

func TestWhatTheAppIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	var got object
	w.serve(func(i object) any {
		got = i
		return object{"type": 4, "data": object{"content": "Hello <@" + w.user("ada") + "> @everyone", "flags": 64}}
	})
	carla := w.Person("carla")
	check := func(name string, want any, path ...any) {
		t.Helper()
		if v := dig(got, path...); fmt.Sprint(v) != fmt.Sprint(want) {
			t.Errorf("%s: %v is %v, want %v", name, path, v, want)
		}
	}
	must(t, carla.Slash("access request", discordfake.Opt{Name: "package", Value: "x"}, discordfake.Opt{Name: "for", Value: "Ada the Owner"}))
	check("slash", "request", "data", "options", 0, "name")
	check("slash", "x", "data", "options", 0, "options", 0, "value")
	check("slash", "Ada Lindqvist", "data", "resolved", "users", w.user("ada"), "global_name")
	check("slash", "Ada the Owner", "data", "resolved", "members", w.user("ada"), "nick")
	check("slash", w.user("carla"), "member", "user", "id")
	check("slash", nil, "user")
	check("slash", "de", "locale")
	check("slash", "en-US", "guild_locale")
	check("slash", w.GuildID(), "guild_id")
	check("slash", "0", "context")
	if m, _ := carla.Read("Hello"); !slices.Equal(m.Pinged, []string{w.user("ada")}) {
		t.Errorf("an answer pings %v", m.Pinged)
	}
	must(t, carla.UserMenu("Request access", "mina"))
	check("user menu", w.user("mina"), "data", "target_id")
	check("user menu", "mina", "data", "resolved", "users", w.user("mina"), "username")
	must(t, w.Person("mina").Write("Look at this"))
	m, err := carla.Read("Look at this")
	must(t, err)
	must(t, carla.MessageMenu("Ask about this", m))
	check("message menu", "Look at this", "data", "resolved", "messages", m.ID, "content")
	if err := carla.InDM().UserMenu("Request access", "carla"); !errors.Is(err, discordfake.ErrNoSuch) {
		t.Errorf("a command of servers is used in direct messages: %v", err)
	}
	must(t, carla.InDM().Slash("access help"))
	check("direct message", w.user("carla"), "user", "id")
	check("direct message", nil, "member")
	check("direct message", nil, "guild_id")
	check("direct message", "1", "context")
}

func TestWhoCanUseACommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(object{"name": "all", "description": "x"}, object{"name": "admins", "description": "x", "default_member_permissions": "0"},
		object{"name": "managers", "description": "x", "default_member_permissions": discordfake.ManageRoles.String()})
	w.serve(func(object) any { return object{"type": 4, "data": object{"content": "x", "flags": 64}} })
	managers := w.AddRole(discordfake.Role{Name: "Managers", Permissions: discordfake.ManageRoles})
	w.GiveRole("", "carla", managers)
	w.AddMember(discordfake.Member{User: "stranger", TimedOutUntil: w.clock.Now().Add(time.Hour)})
	for name, can := range map[string][]string{"mina": {"all"}, "ada": {"all", "admins", "managers"}, "carla": {"all", "managers"}, "stranger": nil} {
		for _, command := range []string{"all", "admins", "managers", "nothing"} {
			if err := w.Person(name).Slash(command); slices.Contains(can, command) != (err == nil) {
				t.Errorf("%s and /%s: %v", name, command, err)
			}
		}
	}
}

func TestAnOldClickStillReachesTheApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	mina := w.Person("mina")
	id := w.do("POST", "/channels/"+w.general+"/messages", card("Card", "Go")).text("id")
	message, err := mina.Read("Card")
	must(t, err)
	w.do("PATCH", "/channels/"+w.general+"/messages/"+id, object{"components": []any{say("Over")}})
	var custom, seen any
	w.serve(func(i object) any {
		custom, seen = dig(i, "data", "custom_id"), dig(i, "message", "components", 0, "components", 0, "content")
		return object{"type": 6}
	})
	if err := mina.Press(message, "Go"); !errors.Is(err, discordfake.ErrNoSuch) {
		t.Errorf("a button that is gone was pressed: %v", err)
	}
	must(t, mina.PressOld(message, "Go"))
	if custom != "token of Go" || seen != "Card" {
		t.Errorf("the app is told %v %v", custom, seen)
	}
}

func TestABadBodyOverHTTPIsSeenByThePersonAndTheTest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.register(definitions()...)
	w.serve(func(object) any { return object{"type": 4, "data": object{"content": x(2001)}} })
	var trouble *discordfake.Trouble
	if err := w.Person("mina").Slash("access help"); !errors.As(err, &trouble) || trouble.Shown != "This interaction failed" {
		t.Errorf("mina is told %v", err)
	}
	if calls := w.Calls("RESPONSE"); len(calls) != 1 || calls[0].Code != 50035 || calls[0].Status != 400 {
		t.Errorf("%+v", calls)
	}
}
