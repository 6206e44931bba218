package discord

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/chat/words"
)

func reader() parser {
	return parser{chat: "discord", tenant: "demo", guilds: []string{"700", "701"}, app: "900"}
}

func whoIs(user string) chat.Who {
	return chat.Who{Tenant: "demo", Account: accountOf("discord", user), Locale: "de"}
}

const (
	head   = `"id":"1","application_id":"900","token":"tok","channel_id":"500","locale":"de","version":1,`
	server = `"guild_id":"700","member":{"user":{"id":"42","username":"carla","global_name":null},"nick":null,"roles":["600"],"pending":false,"communication_disabled_until":null,"flags":0},`
	direct = `"user":{"id":"42","username":"carla"},"context":1,`
)

func inServer(kind, data string) []byte {
	return []byte(`{"type":` + kind + `,` + head + server + `"data":` + data + `}`)
}

// on is the message that was pressed on.
func on(flags, components string) string {
	return `"message":{"id":"300","channel_id":"500","flags":` + flags + `,"message_reference":{"message_id":"301","channel_id":"501"},"components":` + components + `},`
}

func TestCommands(t *testing.T) {
	t.Parallel()
	sub := func(name, options string) string {
		return `{"type":1,"name":"` + name + `","options":[` + options + `]}`
	}
	const forAda, pkg = `{"type":6,"name":"for","value":"43"}`, `{"type":3,"name":"package","value":"contractor"}`
	for data, want := range map[string]chat.Invoked{
		`"access","options":[` + sub("request", pkg+`,`+forAda) + `]`: {Command: "access", Text: "request contractor for @discord/43"},
		`"access","options":[` + sub("request", forAda+`,`+pkg) + `]`: {Command: "access", Text: "request contractor for @discord/43"},
		`"access","options":[` + sub("request", forAda) + `]`:         {Command: "access", Text: "request for @discord/43"},
		`"access","options":[{"type":1,"name":"home"}]`:               {Command: "access", Text: "home"},
		`"access"`: {Command: "access"},
		`"access","options":[` + sub("show", `{"type":3,"name":"package","value":" Badge  for @all until #1 "}`) + `]`:                             {Command: "access", Text: `show Badge "for" "@all" "until" "#1"`},
		`"access","options":[` + sub("show", `{"type":3,"name":"package","value":"<#501> room"}`) + `]`:                                            {Command: "access", Text: `show "#501" room`},
		`"access-admin","options":[{"type":2,"name":"package","options":[` + sub("post", pkg+`,{"type":7,"name":"channel","value":"501"}`) + `]}]`: {Command: "access-admin", Text: "package post contractor #501"},
		`"access-admin","options":[{"type":2,"name":"package","options":[` + sub("post", `{"type":6,"name":"person","value":"43"}`) + `]}]`:        {Command: "access-admin", Text: "package post @discord/43"},
		`"access-admin","options":[` + sub("assign", `{"type":3,"name":"until","value":"3 days"},{"type":6,"name":"person","value":"43"},`+pkg) + `]`: {
			Command: "access-admin", Text: "assign contractor @discord/43 until 3 days"},
		`"access","options":[` + sub("show", `{"type":3,"name":"package","value":7},{"type":6,"name":"for","value":"me"},{"type":99,"name":"new","value":{}}`) + `]`: {Command: "access", Text: "show"},
	} {
		want.Who, want.ID = whoIs("42"), "1"
		got, err := reader().interaction(inServer("2", `{"id":"8","type":1,"name":`+data+`}`))
		if d := cmp.Diff(chat.Intent(want), got.Intent); err != nil || d != "" || got.Surface != onCommand {
			t.Errorf("%s: %v\n%s", data, err, d)
		}
	}
}

func TestWhoAndWhere(t *testing.T) {
	t.Parallel()
	const home = `"data":{"type":1,"name":"access"}}`
	got, err := reader().interaction([]byte(`{"type":2,` + head + server + home))
	want := act{
		Surface: onCommand, ID: "1", Token: "tok", App: "900", User: "42", Guild: "700", Channel: "500", Locale: "de",
		Member: &member{User: user{ID: "42", Name: "carla"}, Roles: []string{"600"}},
		Intent: chat.Invoked{Who: whoIs("42"), ID: "1", Command: "access"},
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(act{})); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	want.Guild, want.Member = "", nil
	got, err = reader().interaction([]byte(`{"type":2,` + head + direct + home))
	if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(act{})); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	timedOut := strings.Replace(server, `"communication_disabled_until":null`, `"communication_disabled_until":"2026-11-23T10:00:00.000000+00:00","nick":"Carla"`, 1)
	timedOut = strings.Replace(timedOut, `"pending":false`, `"pending":true`, 1)
	got, err = reader().interaction([]byte(`{"type":2,` + head + timedOut + home))
	if err != nil || !got.Member.Pending || got.Member.TimedOut != "2026-11-23T10:00:00.000000+00:00" || got.Member.Nick != "Carla" {
		t.Errorf("%+v, %v", got.Member, err)
	}
}

func TestMenus(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]chat.Invoked{
		`{"type":2,"name":"Request access for them","target_id":"43"}`:    {Text: "request for @discord/43"},
		`{"type":3,"name":"Ask for access about this","target_id":"301"}`: {Text: "request", Link: "https://discord.com/channels/700/500/301"},
	} {
		want.Who, want.ID, want.Command = whoIs("42"), "1", "access"
		got, err := reader().interaction(inServer("2", data))
		if err != nil || got.Intent != chat.Intent(want) || got.Surface != onMenu {
			t.Errorf("%s: %+v, %v", data, got, err)
		}
	}
	got, err := reader().interaction([]byte(`{"type":2,` + head + direct + `"data":{"type":3,"name":"Ask for access about this","target_id":"301"}}`))
	if in, ok := got.Intent.(chat.Invoked); err != nil || !ok || in.Link != "https://discord.com/channels/@me/500/301" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSearches(t *testing.T) {
	t.Parallel()
	typing := func(value string) string { return `{"type":3,"name":"package","value":"` + value + `","focused":true}` }
	for data, want := range map[string]string{
		`"access","options":[{"type":1,"name":"request","options":[` + typing("con") + `]}]`:                                                                                                                               "request @ con",
		`"access","options":[{"type":1,"name":"request","options":[` + typing("") + `]}]`:                                                                                                                                  "request @ ",
		`"access","options":[{"type":1,"name":"request","options":[{"type":6,"name":"for","value":"43"},` + typing("Human @re") + `]}]`:                                                                                    "request @ re",
		`"access-admin","options":[{"type":2,"name":"package","options":[{"type":1,"name":"show","options":[` + typing("x ") + `]}]}]`:                                                                                     "package show @ x",
		`"access-admin","options":[{"type":2,"name":"policy","options":[{"type":1,"name":"edit","options":[{"type":3,"name":"package","value":"wiki-2"},{"type":3,"name":"policy","value":"from out","focused":true}]}]}]`: "policy edit @ wiki-2 out",
	} {
		got, err := reader().interaction(inServer("4", `{"type":1,"name":`+data+`}`))
		in, ok := got.Intent.(chat.Searched)
		if err != nil || !ok || in.Query != want || in.Form != "" || !strings.HasPrefix(in.Command, "access") || in.Who != whoIs("42") || got.Surface != onSearch {
			t.Errorf("%s: %+v, %v", data, got, err)
		}
	}
}

func TestPresses(t *testing.T) {
	t.Parallel()
	button := func(id string) string { return `{"component_type":2,"id":7,"custom_id":"` + id + `"}` }
	press := func(message, id string) []byte {
		return []byte(`{"type":3,` + head + server + message + `"data":` + button(id) + `}`)
	}
	const asking = `[{"type":17,"components":[{"type":1,"components":[{"type":2,"custom_id":"release~demo~"},{"type":2,"custom_id":"~no","label":"No"}]}]}]`
	const card = `[{"type":99,"components":7},{"type":17,"components":[{"type":9,"components":[],"accessory":{"type":2,"custom_id":"Release~demo~","label":"Give back"}}]}]`
	pressed := func(token, ref string) chat.Intent {
		return chat.Pressed{Who: whoIs("42"), ID: "1", Token: token, Ref: ref}
	}
	for name, c := range map[string]struct {
		payload []byte
		surface surface
		intent  chat.Intent
		asked   sure
	}{
		"a card":                {press(on("32768", "[]"), "approve~demo~"), onMessage, pressed("approve~demo~", "500/300"), sure{}},
		"the second of two":     {press(on("32768", "[]"), "approve~demo~|2"), onMessage, pressed("approve~demo~", "500/300"), sure{}},
		"an answer":             {press(on("32832", "[]"), "approve~demo~"), onMessage, pressed("approve~demo~", ""), sure{}},
		"a button that asks":    {press(on("32768", card), "Release~demo~"), onAsk, nil, sure{"Give back", "release~demo~"}},
		"one without its label": {press(on("32768", `{"x":1}`), "Release~demo~|2"), onAsk, nil, sure{"", "release~demo~"}},
		"yes":                   {press(on("32832", asking), "release~demo~"), onYes, pressed("release~demo~", "501/301"), sure{}},
		"yes on a card of all":  {press(on("32768", asking), "release~demo~"), onMessage, pressed("release~demo~", "500/300"), sure{}},
		"no":                    {press(on("32832", asking), "~no"), onNo, nil, sure{}},
	} {
		got, err := reader().interaction(c.payload)
		if err != nil || got.Surface != c.surface || got.Intent != c.intent || got.asked != c.asked || got.Ignored != "" || got.Message != "300" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// modalSent has an element of every kind, as the documents show them.
const modalSent = `{"custom_id":"f~1","components":[
	{"type":18,"id":1,"component":{"type":4,"id":2,"custom_id":"why","value":"because"}},
	{"type":18,"component":{"type":4,"custom_id":"empty","value":""}},
	{"type":18,"component":{"type":21,"custom_id":"one","value":"v1"}},
	{"type":18,"component":{"type":21,"custom_id":"none","value":null}},
	{"type":18,"component":{"type":22,"custom_id":"many","values":["a","b"]}},
	{"type":18,"component":{"type":3,"custom_id":"menu","values":["c"]}},
	{"type":18,"component":{"type":5,"custom_id":"who","values":["43","nobody"]}},
	{"type":18,"component":{"type":6,"custom_id":"role","values":["44"]}},
	{"type":18,"component":{"type":7,"custom_id":"any","values":["44"]}},
	{"type":18,"component":{"type":8,"custom_id":"place","values":["44"]}},
	{"type":18,"component":{"type":19,"custom_id":"file","values":["44"]}},
	{"type":18,"component":{"type":23,"custom_id":"check","value":true}},
	{"type":18,"component":{"type":99,"custom_id":"future","value":{"deep":[1]}}},
	{"type":18,"component":[1,2]},
	{"type":10,"id":9},
	{"type":1,"components":[{"type":4,"custom_id":"old","value":"row"}]},
	7
]}`

func TestModals(t *testing.T) {
	t.Parallel()
	want := chat.Filled{Who: whoIs("42"), ID: "1", Form: "f~1", Page: 1, Values: form.Values{
		"why": {"because"}, "one": {"v1"}, "many": {"a", "b"}, "menu": {"c"}, "who": {"discord/43"}, "old": {"row"},
	}}
	got, err := reader().interaction(inServer("5", modalSent))
	if d := cmp.Diff(chat.Intent(want), got.Intent); err != nil || d != "" || got.Surface != onSubmit {
		t.Errorf("%v\n%s", err, d)
	}
	want.Page, want.Form = 12, "request~demo~"
	again := strings.Replace(modalSent, "f~1", modalID("request~demo~", 12), 1)
	got, err = reader().interaction([]byte(`{"type":5,` + head + server + on("64", "[]") + `"data":` + again + `}`))
	if d := cmp.Diff(chat.Intent(want), got.Intent); err != nil || d != "" || !got.Private {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestInteractionsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	const home = `"data":{"type":1,"name":"access"}}`
	good := `{"type":2,` + head + server + home
	if _, err := reader().interaction([]byte(good)); err != nil {
		t.Fatal(err)
	}
	but := func(old, now string) string { return strings.Replace(good, old, now, 1) }
	for payload, want := range map[string]error{
		but(`"guild_id":"700"`, `"guild_id":"702"`):                                   errGuild,
		but(`"guild_id":"700"`, `"guild_id":"x"`):                                     errMalformed,
		but(`"guild_id":"700",`, ``):                                                  errMalformed, // a member of nothing
		`{"type":2,` + head + `"guild_id":"700",` + direct + home:                     errMalformed, // a server without a member
		but(`"application_id":"900"`, `"application_id":"901"`):                       errMalformed,
		but(`"id":"1"`, `"id":"../1"`):                                                errMalformed,
		but(`"token":"tok"`, `"token":""`):                                            errMalformed,
		but(`"id":"42"`, `"id":"carla"`):                                              errMalformed,
		but(`"channel_id":"500"`, `"channel_id":"a/b"`):                               errMalformed,
		but(`"roles":["600"]`, `"roles":7`):                                           errMalformed,
		but(`"name":"access"`, `"name":""`):                                           errMalformed,
		but(`"data"`, `"other"`):                                                      errMalformed,
		but(`"name":"access"`, `"name":"else"`):                                       nil,
		but(`"type":1,"name":"access"`, `"type":2,"name":"else","target_id":"4"`):     nil,
		but(`"type":1,"name":"access"`, `"type":2,"name":"else","target_id":"x"`):     errMalformed,
		but(`"type":1,"name":"access"`, `"type":4,"name":"launch"`):                   nil,
		but(`"locale"`, `"context":2,"locale"`):                                       nil,
		`{"type":6,` + head + server + home:                                           nil,
		`{"type":0,` + head + server + home:                                           errMalformed,
		string(inServer("3", `{"component_type":2,"custom_id":"x"}`)):                 errMalformed, // on no message
		`{"type":3,` + head + server + on("0", "[]") + `"data":{"component_type":2}}`: errMalformed,
		`{"type":3,` + head + server + on("0", "[]") + `"data":{"component_type":3,"custom_id":"x","values":["a"]}}`: nil,
		`{"type":3,` + head + server + on("0", "[]") + `"data":{"component_type":99,"custom_id":"x"}}`:               nil,
		string(inServer("4", `{"type":1,"name":"access"}`)):                                                          nil,
		string(inServer("4", `{"type":1,"name":"else","options":[{"focused":true}]}`)):                               nil,
		string(inServer("5", `{"custom_id":""}`)):                                                                    nil,
		string(inServer("5", `{"custom_id":"é~"}`)):                                                                  nil,
		string(inServer("5", `7`)):                                                                                   errMalformed,
		`{}`:                                                                                                         errMalformed, `[]`: errMalformed, ``: errMalformed, `null`: errMalformed, `{"type":"2"}`: errMalformed,
		strings.Repeat(`{"data":`, 20000): errMalformed, strings.Repeat(`[`, 100000): errMalformed,
	} {
		got, err := reader().interaction([]byte(payload))
		if !errors.Is(err, want) || got.Intent != nil || want == nil && (got.Ignored == "" || got.User != "42") {
			t.Errorf("%.300s: %+v, %v; want %v", payload, got, err, want)
		}
		if errors.Is(err, errGuild) && (got.User != "42" || got.Token != "tok" || got.Guild != "702") {
			t.Errorf("of another server nobody can be told: %+v", got)
		}
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	got, err := reader().interaction([]byte(`{"type":1,"id":"1","application_id":"900","token":"t","version":1}`))
	if err != nil || got.Surface != onPing || got.Intent != nil || got.Ignored != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A body of a megabyte that nests as deep as it can costs no more than reading
// it a few times.
func TestNestedComponentsAreReadToADepth(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`[{"type":17,"components":`, 4000) + `[]` + strings.Repeat(`}]`, 4000)
	if got := flatten([]byte(deep), maxDepth); len(got) != maxDepth {
		t.Errorf("%d components", len(got))
	}
}

func FuzzInteraction(f *testing.F) {
	f.Add(inServer("2", `{"type":1,"name":"access","options":[{"type":1,"name":"request","options":[{"type":3,"name":"package","value":"for @x"}]}]}`))
	f.Add(inServer("2", `{"type":3,"name":"Ask for access about this","target_id":"301"}`))
	f.Add(inServer("4", `{"type":1,"name":"access","options":[{"type":1,"name":"request","options":[{"type":3,"name":"package","value":"x","focused":true}]}]}`))
	f.Add([]byte(`{"type":3,` + head + direct + on("64", `[{"type":2,"custom_id":"~no"}]`) + `"data":{"component_type":2,"custom_id":"Release~"}}`))
	f.Add(inServer("5", modalSent))
	p := painter{chat: "discord", words: words.Words{}}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := reader().interaction(data)
		if err != nil {
			if got.Intent != nil || !errors.Is(err, errMalformed) && !errors.Is(err, errGuild) {
				t.Errorf("%+v with %v", got, err)
			}
			return
		}
		own, ok := p.own(got)
		if n := len(got.Ignored); n > 0 && got.Intent != nil || n == 0 && (got.Intent == nil) != ok {
			t.Errorf("taken and ignored, or neither: %+v, %+v", got, own)
		}
		switch in := got.Intent.(type) {
		case chat.Pressed:
			if in.ID == "" || in.Token == "" || in.Token[0] >= 'A' && in.Token[0] <= 'Z' {
				t.Errorf("pressed %+v", in)
			}
		case chat.Filled:
			if in.Form == "" || in.Page < 1 {
				t.Errorf("filled %+v", in)
			}
		}
		if got.Surface != onPing && !snowflake.MatchString(got.User) {
			t.Errorf("from nobody: %+v", got)
		}
	})
}
