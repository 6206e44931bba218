package discordfake_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

// refused is a body and what Discord says to it: the code of the error, where
// it stands and the code there ("" when there is none).
type refused struct {
	body any
	code int
	path []any
	at   string
}

func (r refused) check(t *testing.T, name string, a answer) {
	t.Helper()
	at, _ := dig(a.body["errors"], append(slices.Clone(r.path), "_errors", 0, "code")...).(string)
	if a.code != r.code || at != r.at || (r.code == 0) != (a.status < 300) {
		t.Errorf("%s: answered with %d %s; want %d with %q at %v", name, a.status, a.raw, r.code, r.at, r.path)
	}
}

func x(n int) string { return strings.Repeat("x", n) }

func times(n int, v any) []any { return slices.Repeat([]any{v}, n) }

// row is an action row of a message without components v2.
func row(children ...any) object {
	return object{"components": []any{object{"type": 1, "components": children}}}
}

func press(id string, more ...any) object {
	o := object{"type": 2, "style": 1, "label": "Go", "custom_id": id}
	for i := 0; i < len(more); i += 2 {
		if o[more[i].(string)] = more[i+1]; more[i+1] == nil {
			delete(o, more[i].(string))
		}
	}
	return o
}

func buttons(from, n int) []any {
	var out []any
	for i := range n {
		out = append(out, press(fmt.Sprint("b", from+i)))
	}
	return out
}

func menu(kind, options int, more ...any) object {
	o := object{"type": kind, "custom_id": "menu"}
	if kind == 3 {
		o["options"] = choices(options)
	}
	for i := 0; i < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}

func choices(n int) []any {
	out := []any{}
	for i := range n {
		out = append(out, object{"label": fmt.Sprint("Option ", i), "value": fmt.Sprint(i)})
	}
	return out
}

func v2(components ...any) object { return object{"flags": 1 << 15, "components": components} }

func say(words string) object { return object{"type": 10, "content": words} }

func TestAMessageIsTakenOnlyAsTheDocumentsSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	rows := []any{}
	for i := range 6 {
		rows = append(rows, object{"type": 1, "components": buttons(i*5, 5)})
	}
	for name, c := range map[string]refused{
		"content":                 {object{"content": x(2000)}, 0, nil, ""},
		"a long content":          {object{"content": x(2001)}, 50035, []any{"content"}, "BASE_TYPE_MAX_LENGTH"},
		"nothing":                 {object{}, 50006, nil, ""},
		"white space":             {object{"content": " \n"}, 50006, nil, ""},
		"a number as content":     {object{"content": 5}, 50035, []any{"content"}, "STRING_TYPE_CONVERT"},
		"an unknown field":        {object{"content": "x", "text": "x"}, 50035, []any{"text"}, "UNKNOWN_FIELD"},
		"an ephemeral flag":       {object{"content": "x", "flags": 64}, 50035, []any{"flags"}, "MESSAGE_FLAGS_INVALID"},
		"what discordgo leaves":   {object{"content": "x", "embeds": nil, "tts": false, "components": nil, "sticker_ids": nil}, 0, nil, ""},
		"ten embeds":              {object{"embeds": times(10, object{"title": "x"})}, 0, nil, ""},
		"eleven embeds":           {object{"embeds": times(11, object{"title": "x"})}, 50035, []any{"embeds"}, "BASE_TYPE_BAD_LENGTH"},
		"a long description":      {object{"embeds": []any{object{"description": x(4097)}}}, 50035, []any{"embeds", "0", "description"}, "BASE_TYPE_BAD_LENGTH"},
		"embeds of 6,001":         {object{"embeds": times(3, object{"description": x(2001)})}, 50035, []any{"embeds"}, "MAX_EMBED_SIZE_EXCEEDED"},
		"26 fields":               {object{"embeds": []any{object{"fields": times(26, object{"name": "n", "value": "v"})}}}, 50035, []any{"embeds", "0", "fields"}, "BASE_TYPE_BAD_LENGTH"},
		"five buttons":            {row(buttons(0, 5)...), 0, nil, ""},
		"six buttons":             {row(buttons(0, 6)...), 50035, []any{"components", "0", "components"}, "BASE_TYPE_BAD_LENGTH"},
		"five rows":               {object{"components": rows[:5]}, 0, nil, ""},
		"six rows":                {object{"components": rows}, 50035, []any{"components"}, "BASE_TYPE_BAD_LENGTH"},
		"a button outside a row":  {object{"components": buttons(0, 1)}, 50035, []any{"components", "0", "type"}, "UNION_TYPE_CHOICES"},
		"an empty row":            {row(), 50035, []any{"components", "0", "components"}, "BASE_TYPE_REQUIRED"},
		"a text without the flag": {object{"components": []any{say("x")}}, 50035, []any{"components", "0", "type"}, "UNION_TYPE_CHOICES"},
		"a label in a message":    {v2(object{"type": 18, "label": "x"}), 50035, []any{"components", "0", "type"}, "UNION_TYPE_CHOICES"},
		"a text input":            {row(object{"type": 4, "custom_id": "x", "style": 1}), 50035, []any{"components", "0", "components", "0", "type"}, "UNION_TYPE_CHOICES"},
		"label of 80":             {row(press("a", "label", x(80))), 0, nil, ""},
		"label of 81":             {row(press("a", "label", x(81))), 50035, []any{"components", "0", "components", "0", "label"}, "BASE_TYPE_BAD_LENGTH"},
		"no label":                {row(press("a", "label", nil)), 50035, []any{"components", "0", "components", "0"}, "BUTTON_COMPONENT_LABEL_REQUIRED"},
		"custom id of 100":        {row(press(x(100))), 0, nil, ""},
		"custom id of 101":        {row(press(x(101))), 50035, []any{"components", "0", "components", "0", "custom_id"}, "BASE_TYPE_BAD_LENGTH"},
		"an empty custom id":      {row(press("")), 50035, []any{"components", "0", "components", "0", "custom_id"}, "BASE_TYPE_REQUIRED"},
		"the same id twice":       {row(press("a"), press("a")), 50035, []any{"components", "0", "components", "1", "custom_id"}, "COMPONENT_CUSTOM_ID_DUPLICATED"},
		"a link":                  {row(press("a", "custom_id", nil, "style", 5, "url", "https://example.org")), 0, nil, ""},
		"a link with an id":       {row(press("a", "style", 5, "url", "https://example.org")), 50035, []any{"components", "0", "components", "0", "custom_id"}, "BUTTON_COMPONENT_INVALID_FIELD"},
		"a link of javascript":    {row(press("a", "custom_id", nil, "style", 5, "url", "javascript://x")), 50035, []any{"components", "0", "components", "0", "url"}, "URL_TYPE_INVALID_SCHEME"},
		"an unknown style":        {row(press("a", "style", 7)), 50035, []any{"components", "0", "components", "0", "style"}, "NUMBER_TYPE_MAX"},
		"25 options":              {row(menu(3, 25)), 0, nil, ""},
		"26 options":              {row(menu(3, 26)), 50035, []any{"components", "0", "components", "0", "options"}, "BASE_TYPE_BAD_LENGTH"},
		"no options":              {row(menu(3, 0)), 50035, []any{"components", "0", "components", "0", "options"}, "BASE_TYPE_BAD_LENGTH"},
		"the same value twice":    {row(menu(3, 1, "options", append(choices(1), choices(1)...))), 50035, []any{"components", "0", "components", "0", "options", "1", "value"}, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
		"placeholder of 151":      {row(menu(3, 1, "placeholder", x(151))), 50035, []any{"components", "0", "components", "0", "placeholder"}, "BASE_TYPE_MAX_LENGTH"},
		"more than the options":   {row(menu(3, 2, "max_values", 3)), 50035, []any{"components", "0", "components", "0", "max_values"}, "SELECT_COMPONENT_MAX_VALUES_INVALID"},
		"a user select":           {row(menu(5, 0, "max_values", 3)), 0, nil, ""},
		"options for users":       {row(menu(5, 0, "options", choices(1))), 50035, []any{"components", "0", "components", "0", "options"}, "UNKNOWN_FIELD"},
		"a role among users":      {row(menu(5, 0, "default_values", []any{object{"id": "1", "type": "role"}})), 50035, []any{"components", "0", "components", "0", "default_values", "0", "type"}, "BASE_TYPE_CHOICES"},
		"a select and a button":   {row(menu(3, 1), press("a")), 50035, []any{"components", "0", "components"}, "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
		"a disabled select":       {row(menu(3, 1, "disabled", true)), 0, nil, ""},
		"components v2":           {card("x", "Go"), 0, nil, ""},
		"v2 with content":         {object{"flags": 1 << 15, "content": "x", "components": []any{say("x")}}, 50035, []any{"content"}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
		"v2 with embeds":          {object{"flags": 1 << 15, "embeds": []any{object{"title": "x"}}, "components": []any{say("x")}}, 50035, []any{"embeds"}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
		"v2 with nothing":         {v2(), 50006, nil, ""},
		"forty components":        {v2(times(40, say("x"))...), 0, nil, ""},
		"forty-one":               {v2(container("x"), object{"type": 17, "components": times(38, say("x"))}), 50035, []any{"components"}, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"},
		"4,000 characters":        {v2(say(x(2000)), say(x(2000))), 0, nil, ""},
		"4,001 characters":        {v2(say(x(2000)), say(x(2001))), 50035, []any{"components"}, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"},
		"an empty text":           {v2(say("")), 50035, []any{"components", "0", "content"}, "BASE_TYPE_REQUIRED"},
		"a container inside":      {v2(object{"type": 17, "components": []any{container("x")}}), 50035, []any{"components", "0", "components", "0", "type"}, "UNION_TYPE_CHOICES"},
		"a section":               {v2(object{"type": 9, "components": times(3, say("x")), "accessory": press("a")}), 0, nil, ""},
		"a section of four":       {v2(object{"type": 9, "components": times(4, say("x")), "accessory": press("a")}), 50035, []any{"components", "0", "components"}, "BASE_TYPE_BAD_LENGTH"},
		"a section of nothing":    {v2(object{"type": 9, "components": times(1, say("x"))}), 50035, []any{"components", "0", "accessory"}, "BASE_TYPE_REQUIRED"},
		"a colour too many":       {v2(object{"type": 17, "accent_color": 1 << 24, "components": []any{say("x")}}), 50035, []any{"components", "0", "accent_color"}, "NUMBER_TYPE_MAX"},
		"a separator":             {v2(say("x"), object{"type": 14, "spacing": 2, "divider": false}), 0, nil, ""},
		"a wide separator":        {v2(say("x"), object{"type": 14, "spacing": 3}), 50035, []any{"components", "1", "spacing"}, "BASE_TYPE_CHOICES"},
		"the same number twice":   {v2(object{"type": 10, "id": 7, "content": "x"}, object{"type": 10, "id": 7, "content": "y"}), 50035, []any{"components", "1", "id"}, "COMPONENT_DUPLICATED_ID"},
		"an unknown component":    {v2(object{"type": 99}), 50035, []any{"components", "0", "type"}, "UNION_TYPE_CHOICES"},
		"parse and users":         {object{"content": "x", "allowed_mentions": object{"parse": []any{"users"}, "users": []any{"1"}}}, 50035, []any{"allowed_mentions", "parse"}, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
		"parse and no users":      {object{"content": "x", "allowed_mentions": object{"parse": []any{"users"}, "users": []any{}}}, 0, nil, ""},
		"an unknown mention":      {object{"content": "x", "allowed_mentions": object{"parse": []any{"all"}}}, 50035, []any{"allowed_mentions", "parse", "0"}, "BASE_TYPE_CHOICES"},
		"101 users":               {object{"content": "x", "allowed_mentions": object{"users": times(101, "1")}}, 50035, []any{"allowed_mentions", "users"}, "BASE_TYPE_BAD_LENGTH"},
		"a nonce of 26":           {object{"content": "x", "nonce": x(26)}, 50035, []any{"nonce"}, "NONCE_TYPE_TOO_LONG"},
		"an answer to nothing":    {object{"content": "x", "message_reference": object{"message_id": "5"}}, 50035, []any{"message_reference"}, "REPLIES_UNKNOWN_MESSAGE"},
	} {
		c.check(t, name, w.do("POST", "/channels/"+w.general+"/messages", c.body))
	}
}

func TestWhoPings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	loud := w.AddRole(discordfake.Role{Name: "Loud", Mentionable: true})
	mina, ada := w.user("mina"), w.user("ada")
	words := fmt.Sprintf("@everyone <@%s> <@!%s> <@&%s> <@&%s>", mina, ada, loud, w.low)
	for name, c := range map[string]struct {
		allowed any
		pinged  []string
	}{
		"by default":       {nil, []string{mina, ada, loud}},
		"nobody":           {object{"parse": []any{}}, []string{}},
		"an empty object":  {object{}, []string{}},
		"users":            {object{"parse": []any{"users"}}, []string{mina, ada}},
		"one":              {object{"users": []any{ada, "1"}}, []string{ada}},
		"a role":           {object{"roles": []any{loud}}, []string{loud}},
		"an unloud role":   {object{"roles": []any{w.low}}, []string{}},
		"who is not there": {object{"users": []any{w.user("carla")}}, []string{}},
	} {
		w.do("POST", "/channels/"+w.general+"/messages", object{"content": words, "allowed_mentions": c.allowed})
		all := w.Messages("general")
		if got := all[len(all)-1].Pinged; !slices.Equal(got, c.pinged) {
			t.Errorf("%s: %v are pinged, want %v", name, got, c.pinged)
		}
	}
}

func TestWhereTheBotMayWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	mute := w.AddChannel(discordfake.Channel{Name: "mute", Overwrites: []discordfake.Overwrite{{ID: w.BotRole(""), Deny: discordfake.SendMessages}}})
	category := w.AddChannel(discordfake.Channel{Name: "rooms", Kind: discordfake.Category})
	archived := w.AddChannel(discordfake.Channel{Name: "old", Kind: discordfake.PublicThread, Parent: w.general, Archived: true})
	hidden := w.AddChannel(discordfake.Channel{Name: "hidden", Kind: discordfake.PrivateThread, Parent: w.secret})
	elsewhere := w.AddChannel(discordfake.Channel{Guild: w.AddGuild(discordfake.Guild{Name: "Elsewhere", NoBot: true}), Name: "elsewhere"})
	for name, c := range map[string]struct {
		channel string
		code    int
	}{
		"general": {w.general, 0}, "mute": {mute, 50013}, "secret": {w.secret, 50001}, "a category": {category, 50008}, "unknown": {"77", 10003},
		"no id": {"abc", 50035}, "another server": {elsewhere, 10003}, "a hidden thread": {hidden, 50001}, "an archived thread": {archived, 0},
		"a private channel": {w.private, 0},
	} {
		if a := w.do("POST", "/channels/"+c.channel+"/messages", object{"content": "x"}); a.code != c.code {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
	if a := w.do("GET", "/channels/"+archived, nil); dig(a.body, "thread_metadata", "archived") != false {
		t.Errorf("a message does not open an archived thread: %s", a.raw)
	}
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.ChangeUser("carla", func(u *discordfake.User) { u.DMsClosed = true })
	for name, code := range map[string]int{"mina": 0, "carla": 50007, "stranger": 50278, "robot": 50007} {
		open := w.do("POST", "/users/@me/channels", object{"recipient_id": w.user(name)})
		if again := w.do("POST", "/users/@me/channels", object{"recipient_id": w.user(name)}); again.text("id") != open.text("id") || open.status != http.StatusOK {
			t.Errorf("%s: a second conversation is opened: %s", name, again.raw)
		}
		a := w.do("POST", "/channels/"+open.text("id")+"/messages", object{"content": "Hello " + name})
		if a.code != code {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
	if got := w.DMs("mina"); len(got) != 1 || got[0].Text != "Hello mina" || len(w.DMs("carla")) != 0 {
		t.Errorf("mina has %v", got)
	}
	for _, id := range []string{"5", w.AppID()} {
		if a := w.do("POST", "/users/@me/channels", object{"recipient_id": id}); a.code != 50033 {
			t.Errorf("%s", a.raw)
		}
	}
}

func TestANonceMakesOneMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	post := func(body object) string {
		return w.do("POST", "/channels/"+w.general+"/messages", body).text("id")
	}
	first := post(object{"content": "a", "nonce": "n1", "enforce_nonce": true})
	if again := post(object{"content": "b", "nonce": "n1", "enforce_nonce": true}); again != first {
		t.Error("the same nonce made a second message")
	}
	if other := post(object{"content": "b", "nonce": "n1"}); other == first {
		t.Error("a nonce that is not enforced is looked for")
	}
	if other := post(object{"content": "b", "nonce": "n2", "enforce_nonce": true}); other == first {
		t.Error("another nonce finds the message")
	}
	w.clock.forward(6 * time.Minute)
	if later := post(object{"content": "b", "nonce": "n1", "enforce_nonce": true}); later == first {
		t.Error("a nonce is kept for ever")
	}
	if n := len(w.Messages("general")); n != 4 {
		t.Errorf("there are %d messages", n)
	}
}

func TestAnEditChangesWhatItSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	at := "/channels/" + w.general + "/messages/"
	plain := func() string { return w.do("POST", strings.TrimSuffix(at, "/"), object{"content": "a"}).text("id") }
	modern := func() string { return w.do("POST", strings.TrimSuffix(at, "/"), card("a", "Go")).text("id") }
	must(t, w.Person("mina").Write("mine"))
	all := w.Messages("general")
	theirs := all[len(all)-1].ID
	for name, c := range map[string]struct {
		id string
		refused
	}{
		"content":            {plain(), refused{object{"content": "b"}, 0, nil, ""}},
		"what discordgo has": {plain(), refused{object{"content": "b", "ID": "x", "Channel": "y"}, 0, nil, ""}},
		"nothing left":       {plain(), refused{object{"content": nil}, 50006, nil, ""}},
		"over to v2":         {plain(), refused{object{"content": nil, "flags": 1 << 15, "components": []any{say("b")}}, 0, nil, ""}},
		"content left over":  {plain(), refused{object{"flags": 1 << 15, "components": []any{say("b")}}, 50035, []any{"content"}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}},
		"v2":                 {modern(), refused{object{"components": []any{say("b")}}, 0, nil, ""}},
		"v2 taken off":       {modern(), refused{object{"flags": 0, "components": []any{say("b")}}, 50035, []any{"flags"}, "MESSAGE_COMPONENTS_V2_CANNOT_BE_REMOVED"}},
		"content into v2":    {modern(), refused{object{"content": "b"}, 50035, []any{"content"}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}},
		"another's":          {theirs, refused{object{"content": "b"}, 50005, nil, ""}},
		"gone":               {"5", refused{object{"content": "b"}, 10008, nil, ""}},
	} {
		c.check(t, name, w.do("PATCH", at+c.id, c.body))
	}
	thread := w.AddChannel(discordfake.Channel{Name: "old", Kind: discordfake.PublicThread, Parent: w.general})
	id := w.do("POST", "/channels/"+thread+"/messages", object{"content": "a"}).text("id")
	w.ChangeChannel(thread, func(c *discordfake.Channel) { c.Archived = true })
	if a := w.do("PATCH", "/channels/"+thread+"/messages/"+id, object{"content": "b"}); a.code != 50083 {
		t.Errorf("a message of an archived thread is edited: %s", a.raw)
	}
}

func TestWhatIsReadBack(t *testing.T) {
	t.Parallel()
	for intents, content := range map[int]string{0: "", discordfake.IntentContent: "mine"} {
		w := newWorld(t, discordfake.Options{Intents: intents})
		var ids []string
		for i := range 5 {
			ids = append(ids, w.do("POST", "/channels/"+w.general+"/messages", object{"content": fmt.Sprint(i)}).text("id"))
		}
		must(t, w.Person("mina").Write("mine"))
		at := "/channels/" + w.general + "/messages"
		newest := w.do("GET", at+"?limit=2", nil).list
		if dig(newest, 0, "content") != content || dig(newest, 1, "content") != "4" || len(newest) != 2 {
			t.Errorf("intents %d: the newest are %v", intents, newest)
		}
		for query, want := range map[string]string{"before=" + ids[2]: "10", "after=" + ids[3]: "4", "around=" + ids[2] + "&limit=3": "321"} {
			got := ""
			for _, m := range w.do("GET", at+"?"+query, nil).list {
				if dig(m, "author", "id") == w.AppID() {
					got += fmt.Sprint(dig(m, "content"))
				}
			}
			if got != want {
				t.Errorf("%s gives %s, want %s", query, got, want)
			}
		}
		if a := w.do("GET", at+"?before="+ids[0]+"&after="+ids[1], nil); a.code != 50035 {
			t.Errorf("before and after are mixed: %s", a.raw)
		}
	}
}
