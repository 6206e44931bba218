package slack

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
)

func reader() parser {
	return parser{chat: "slack", tenant: "demo", teams: []string{"T0DEMO", "E0ORG"}, bot: "U0USHER"}
}

func whoIs(user string) chat.Who { return chat.Who{Tenant: "demo", Account: accountOf("slack", user)} }

func TestCommands(t *testing.T) {
	t.Parallel()
	base := "team_id=T0DEMO&user_id=U1&trigger_id=1.2.3&response_url=https%3A%2F%2Fr.example%2F1&channel_id=C1"
	for text, want := range map[string]string{
		"": "", " request  contractor ": "request  contractor",
		"request contractor for <@U2|ada>": "request contractor for @slack/U2", "delegate <@W2>": "delegate @slack/W2",
		"package post x <#C7|general>": "package post x #C7|general", "why <#C7>": "why #C7", "a &lt;b&gt; &amp;amp; c": "a <b> &amp; c",
		"see <https://x.example/?a=1&amp;b=2|x>": "see https://x.example/?a=1&b=2", "<mailto:a@x.example|a@x.example>": "a@x.example",
		"<!subteam^S1|@security> <!here> <!channel|everyone>": "@security here everyone",
	} {
		v, _ := url.ParseQuery(base + "&command=%2Faccess&text=" + url.QueryEscape(text))
		got, err := reader().command(readCommand(v))
		wantAct := act{
			Surface: onCommand, User: "U1", Trigger: "1.2.3", ResponseURL: "https://r.example/1", Channel: "C1",
			Intent: chat.Invoked{Who: whoIs("U1"), ID: "1.2.3", Command: "access", Text: want},
		}
		if err != nil || !reflect.DeepEqual(got, wantAct) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for query, want := range map[string]error{
		strings.Replace(base, "T0DEMO", "T0OTHER", 1) + "&command=%2Faccess":               errTeam,
		strings.Replace(base, "T0DEMO", "", 1) + "&command=%2Faccess":                      errMalformed,
		strings.Replace(base, "T0DEMO", "nonsense", 1) + "&command=%2Faccess":              errMalformed,
		strings.Replace(base, "U1", "ada", 1) + "&command=%2Faccess":                       errMalformed,
		strings.Replace(base, "1.2.3", "", 1) + "&command=%2Faccess":                       errMalformed,
		strings.Replace(base, "T0DEMO", "T9&enterprise_id=E0ORG", 1) + "&command=%2Fother": nil,
		"ssl_check=1": nil,
	} {
		v, _ := url.ParseQuery(query)
		if got, err := reader().command(readCommand(v)); !errors.Is(err, want) || got.Intent != nil || want == nil && got.Ignored == "" {
			t.Errorf("%s: %+v, %v", query, got, err)
		}
	}
}

const (
	from  = `"trigger_id":"1.2.3","response_url":"https://r.example/1","team":{"id":"T0DEMO","domain":"demo"},"user":{"id":"U1","team_id":"T0DEMO"}`
	modal = `"view":{"id":"V1","type":"modal","hash":"h","private_metadata":"{\"form\":\"f~1\",\"page\":2}","blocks":[{"type":"input","block_id":"why"},{"type":"section","block_id":"x"}],"state":{"values":{
		"why":{"why":{"type":"plain_text_input","value":"because"}},"empty":{"empty":{"type":"plain_text_input","value":null}},
		"one":{"one":{"type":"static_select","selected_option":{"text":{},"value":"v1"}}},"none":{"none":{"type":"radio_buttons","selected_option":null}},
		"many":{"many":{"type":"checkboxes","selected_options":[{"value":"a"},{"value":"b"}]}},"n":{"n":{"type":"number_input","value":"3.5"}},
		"day":{"day":{"type":"datepicker","selected_date":"2026-09-17"}},"who":{"who":{"type":"users_select","selected_user":"U2"}},
		"rich":{"rich":{"type":"rich_text_input","rich_text_value":{},"value":{"a":1}}}}}}`
)

func typedIn() form.Values {
	return form.Values{
		"why": {"because"}, "one": {"v1"}, "many": {"a", "b"}, "n": {"3.5"}, "day": {"2026-09-17"}, "who": {"slack/U2"},
	}
}

func TestInteractions(t *testing.T) {
	t.Parallel()
	press := chat.Pressed{Who: whoIs("U1"), ID: "1.2.3", Token: "approve~"}
	onCard := press
	onCard.Ref = "C1/1700000000.000100"
	filled := chat.Filled{Who: whoIs("U1"), ID: "1.2.3", Form: "f~1", Page: 2, Values: typedIn()}
	live := filled
	live.Live = true
	asked := chat.Invoked{Who: whoIs("U1"), ID: "1.2.3", Command: "access", Text: "request"}
	linked, threaded := asked, asked
	linked.Link = "https://demo.slack.com/archives/C1/p1700000000000100"
	threaded.Link = "https://demo.slack.com/archives/C1/p1700000000000100?thread_ts=1600000000.000001&cid=C1"
	const button = `"actions":[{"type":"button","action_id":"~button1","block_id":"~row1","value":"approve~"}]`
	for payload, want := range map[string]act{
		`{"type":"block_actions",` + from + `,"container":{"type":"message","channel_id":"C1","message_ts":"1700000000.000100"},` + button + `}`:                               {Surface: onMessage, Channel: "C1", Intent: onCard},
		`{"type":"block_actions",` + from + `,"container":{},"channel":{"id":"C1"},"message":{"ts":"1700000000.000100","blocks":[{"type":"from_the_future"}]},` + button + `}`: {Surface: onMessage, Channel: "C1", Intent: onCard},
		`{"type":"block_actions",` + from + `,"container":{"type":"message","channel_id":"C1","message_ts":"1.1","is_ephemeral":true},` + button + `}`:                         {Surface: onMessage, Channel: "C1", Intent: press},
		`{"type":"block_actions",` + from + `,"view":{"id":"V2","type":"home"},` + button + `}`:                                                                                {Surface: onHome, Intent: press},
		`{"type":"block_actions",` + from + `,` + modal + `,` + button + `}`:                                                                                                   {Surface: onModal, Intent: press},
		`{"type":"block_actions",` + from + `,` + modal + `,"actions":[{"type":"static_select","block_id":"one"}]}`:                                                            {Surface: onLive, Intent: live},
		`{"type":"view_submission",` + from + `,` + modal + `}`:                                                                                                                {Surface: onSubmit, Intent: filled},
		`{"type":"block_suggestion",` + from + `,` + modal + `,"block_id":"package","action_id":"package","value":"co&lt;n"}`:                                                  {Surface: onSearch, Intent: chat.Searched{Who: whoIs("U1"), Form: "f~1", Field: "package", Query: "co<n"}},
		`{"type":"shortcut",` + from + `,"callback_id":"request_access"}`:                                                                                                      {Surface: onGlobal, Intent: asked},
		`{"type":"message_action",` + from + `,"callback_id":"ask_about_message","channel":{"id":"C1"},"message":{"ts":"1700000000.000100"}}`:                                  {Surface: onGlobal, Intent: linked},
		`{"type":"message_action",` + from + `,"callback_id":"ask_about_message","channel":{"id":"C1"},"message":{"ts":"1700000000.000100","thread_ts":"1600000000.000001"}}`:  {Surface: onGlobal, Intent: threaded},
	} {
		want.User, want.Trigger, want.ResponseURL = "U1", "1.2.3", "https://r.example/1"
		got, err := reader().interaction([]byte(payload))
		if d := cmp.Diff(want, got, cmpopts.IgnoreFields(act{}, "View"), cmpopts.IgnoreUnexported(act{})); err != nil || d != "" {
			t.Errorf("%s: %v\n%s", payload, err, d)
		}
		if needsView := want.Surface == onModal || want.Surface == onLive || want.Surface == onSubmit; needsView != (got.View.ID == "V1") {
			t.Errorf("%s has the view %q", payload, got.View.ID)
		}
	}
}

func TestInteractionsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	other := strings.Replace(from, "T0DEMO", "T0OTHER", 1)
	for payload, want := range map[string]error{
		`{"type":"block_actions",` + from + `}`:                                                            errMalformed,
		`{"type":"block_actions",` + from + `,"actions":[{"type":"button"}]}`:                              nil,
		`{"type":"block_actions",` + from + `,"actions":[{"type":"overflow","selected_option":null}]}`:     nil,
		`{"type":"block_actions",` + from + `,"actions":[{"type":"from_the_future","value":[[1]]}]}`:       nil,
		`{"type":"block_actions",` + other + `,"actions":[{"type":"button","value":"x"}]}`:                 errTeam,
		`{"type":"view_submission",` + other + `,` + modal + `}`:                                           errTeam,
		`{"type":"view_submission",` + from + `}`:                                                          errMalformed,
		`{"type":"view_submission",` + from + `,"view":{"id":"V1","type":"modal","private_metadata":"x"}}`: nil,
		`{"type":"view_submission",` + from + `,"view":{"id":"V1","private_metadata":"{\"form\":\"f\"}"}}`: nil,
		`{"type":"view_closed",` + from + `}`:                                                              nil,
		`{"type":"block_suggestion",` + from + `,"value":"x"}`:                                             nil,
		`{"type":"shortcut",` + from + `,"callback_id":"other"}`:                                           nil,
		`{"type":"interactive_message",` + from + `}`:                                                      nil,
		`{"type":"dialog_submission",` + from + `}`:                                                        nil,
		`{"type":"workflow_step_edit",` + from + `}`:                                                       nil,
		`{"type":"dialog_cancellation"}`:                                                                   nil,
		`{"type":"block_actions","team":{"id":"T0DEMO"},"user":{"id":"nobody"}}`:                           errMalformed,
		`{"type":"block_actions","team":null,"user":{"id":"U1"}}`:                                          errMalformed,
		`{}`: errMalformed, `[]`: errMalformed, ``: errMalformed, `{"type":1}`: errMalformed, `null`: errMalformed,
		strings.Repeat(`{"view":`, 20000): errMalformed,
		strings.Repeat(`[`, 100000):       errMalformed,
	} {
		got, err := reader().interaction([]byte(payload))
		if !errors.Is(err, want) || got.Intent != nil || want == nil && got.Ignored == "" {
			t.Errorf("%.100s: %+v, %v; want %v", payload, got, err, want)
		}
	}
}

func TestAModalOfOursMayBeFilledInByAStranger(t *testing.T) {
	t.Parallel()
	payload := `{"type":"view_submission",` + strings.Replace(from, "T0DEMO", "T0OTHER", 1) + `,` + strings.Replace(modal, `"id":"V1"`, `"id":"V1","app_installed_team_id":"T0DEMO"`, 1) + `}`
	if got, err := reader().interaction([]byte(payload)); err != nil || got.Surface != onSubmit {
		t.Errorf("%+v, %v", got, err)
	}
}

func envelopeWith(event string) []byte {
	return []byte(`{"type":"event_callback","team_id":"T0DEMO","event_id":"Ev1","event":` + event + `}`)
}

func TestEvents(t *testing.T) {
	t.Parallel()
	reply := chat.Replied{Who: whoIs("U1"), ID: "Ev1", Ref: "C1/1.1", Text: "see @slack/U2 <now>"}
	const message = `{"type":"message","channel":"C1","user":"U1","text":"see <@U2> &lt;now&gt;","ts":"2.2","thread_ts":"1.1"`
	for payload, want := range map[string]act{
		message + `}`: {Surface: onEvent, User: "U1", Channel: "C1", Intent: reply},
		message + `,"parent_user_id":"U0USHER","subtype":"thread_broadcast"}`: {Surface: onEvent, User: "U1", Channel: "C1", Intent: reply},
		`{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}`: {
			Channel: "D1",
			Surface: onOpened, User: "U1", Intent: chat.Invoked{Who: whoIs("U1"), ID: "Ev1", Command: "access", Text: "home"},
		},
		`{"type":"user_change","user":{"id":"U1","deleted":true}}`:                  {Surface: onEvent, Left: "slack/U1"},
		`{"type":"subteam_updated","subteam":{"id":"S1"}}`:                          {Surface: onEvent, Group: "slack/S1"},
		`{"type":"subteam_members_changed","subteam_id":"S1","added_users":["U1"]}`: {Surface: onEvent, Group: "slack/S1"},
		`{"type":"member_joined_channel","user":"U1","channel":"C1"}`:               {Surface: onEvent, Group: "slack/C1"},
		`{"type":"member_left_channel","user":"U1","channel":"G1"}`:                 {Surface: onEvent, Group: "slack/G1"},
	} {
		want.EventID = "Ev1"
		if got, err := reader().event(envelopeWith(payload)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", payload, got, err)
		}
	}
	for _, payload := range []string{
		message + `,"bot_id":"B1"}`, message + `,"subtype":"message_changed"}`, message + `,"parent_user_id":"U9"}`,
		strings.Replace(message, `"1.1"`, `"2.2"`, 1) + `}`, strings.Replace(message, `"thread_ts":"1.1"`, `"x":1`, 1) + `}`,
		strings.Replace(message, `"U1"`, `"U0USHER"`, 1) + `}`, strings.Replace(message, `"U1"`, `null`, 1) + `}`,
		strings.Replace(message, `"text":"see`, `"text":"","x":"see`, 1) + `}`,
		`{"type":"app_home_opened","user":"U1","tab":"messages"}`, `{"type":"user_change","user":{"id":"U1"}}`, `{"type":"user_change","user":"U1"}`,
		`{"type":"subteam_updated"}`, `{"type":"reaction_added"}`, `{"type":"member_joined_channel","channel":{"x":1}}`,
	} {
		if got, err := reader().event(envelopeWith(payload)); err != nil || got.Intent != nil || got.Ignored == "" || got.Group != "" || got.Left != "" {
			t.Errorf("%s: %+v, %v", payload, got, err)
		}
	}
}

func TestDeliveriesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]error{
		`{"type":"event_callback","team_id":"T0OTHER","event_id":"Ev1","event":{"type":"user_change"}}`:                            errTeam,
		`{"type":"event_callback","team_id":"T0DEMO","context_team_id":"T0OTHER","event_id":"Ev1","event":{"type":"message"}}`:     errTeam,
		`{"type":"event_callback","team_id":"T0DEMO","event":{"type":"message"}}`:                                                  errMalformed,
		`{"type":"event_callback","team_id":"T0DEMO","event_id":"Ev1"}`:                                                            errMalformed,
		`{"type":"event_callback","team_id":"T0DEMO","event_id":"Ev1","event":7}`:                                                  errMalformed,
		`{"type":"app_rate_limited","team_id":"T0DEMO"}`:                                                                           nil,
		`{"type":"event_callback","team_id":"T0OTHER","context_team_id":"T0DEMO","event_id":"Ev1","event":{"type":"from_future"}}`: nil,
		``: errMalformed,
	} {
		if got, err := reader().event([]byte(payload)); !errors.Is(err, want) || got.Intent != nil {
			t.Errorf("%s: %+v, %v", payload, got, err)
		}
	}
}

// sound fails for an intent that no handler should ever see.
func sound(t *testing.T, got act, err error) {
	t.Helper()
	if err != nil {
		if got.Intent != nil || !errors.Is(err, errMalformed) && !errors.Is(err, errTeam) {
			t.Errorf("%+v with %v", got, err)
		}
		return
	}
	if got.Ignored == "" && got.Intent == nil && got.Left == "" && got.Group == "" {
		t.Errorf("neither taken nor ignored: %+v", got)
	}
	if got.Intent == nil {
		return
	}
	if !userForm.MatchString(got.User) || got.Surface == "" {
		t.Errorf("from nobody: %+v", got)
	}
	if p, ok := got.Intent.(chat.Pressed); ok && (p.Token == "" || p.ID == "") {
		t.Errorf("pressed %+v", p)
	}
	if f, ok := got.Intent.(chat.Filled); ok && (f.Form == "" || f.Page < 1 || f.ID == "") {
		t.Errorf("filled %+v", f)
	}
}

func FuzzInteraction(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions",` + from + `,` + modal + `,"actions":[{"type":"button","value":"x"}]}`))
	f.Add([]byte(`{"type":"view_submission",` + from + `,` + modal + `}`))
	f.Add([]byte(`{"type":"message_action",` + from + `,"callback_id":"ask_about_message","channel":{"id":"C1"},"message":{"ts":"1.1"}}`))
	f.Add([]byte(`{"type":"block_suggestion",` + from + `,"value":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := reader().interaction(data)
		sound(t, got, err)
	})
}

func FuzzEvent(f *testing.F) {
	f.Add(envelopeWith(`{"type":"message","channel":"C1","user":"U1","text":"<@U2|x> <!here>","ts":"2.2","thread_ts":"1.1"}`))
	f.Add(envelopeWith(`{"type":"user_change","user":{"id":"U1","deleted":true}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := reader().event(data)
		sound(t, got, err)
	})
}

func FuzzCommand(f *testing.F) {
	f.Add("team_id=T0DEMO&user_id=U1&trigger_id=1&command=%2Faccess&text=%3C%40U2%7Cx%3E")
	f.Fuzz(func(t *testing.T, body string) {
		v, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		got, err := reader().command(readCommand(v))
		sound(t, got, err)
	})
}

// What people write can neither mention nor link nor call everyone, and comes
// out as it went in.
func FuzzText(f *testing.F) {
	f.Add("<!channel> *bold* & <https://x.example|y>", "strong")
	f.Add("> quote\n`code` :smile:", "plain")
	f.Fuzz(func(t *testing.T, s, kind string) {
		p := painter{chat: "slack"}
		text := chat.Text{{Kind: chat.SpanKind(kind), Text: s}}
		if !utf8.ValidString(s) || kind == string(chat.Link) || kind == string(chat.Moment) || p.risky(text) {
			return
		}
		got := strings.Join(p.mrkdwn(text), "")
		if inMarkup.MatchString(got) {
			t.Errorf("%q became %q", s, got)
		}
		if back := strings.Trim(unescaper.Replace(got), "*`"); back != s {
			t.Errorf("%q became %q", s, back)
		}
	})
}
