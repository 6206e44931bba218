package slackfake_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/usher-dev/usher/adapters/slack/slackfake"
)

// raw calls a method without slack-go, with a form.
func (w world) raw(t *testing.T, method, token string, args url.Values) (answer map[string]any, header http.Header) {
	t.Helper()
	args.Set("token", token)
	resp, err := http.PostForm(w.URL+method, args)
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	must(t, json.NewDecoder(resp.Body).Decode(&answer))
	return answer, resp.Header
}

func TestWhatSlackRefusesIsRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 40_001)
	for name, test := range map[string]struct {
		method string
		args   url.Values
		opt    slackfake.Options
		want   string
	}{
		"unknown method":          {method: "chat.shout", want: "unknown_method"},
		"app token's method":      {method: "apps.connections.open", want: "not_allowed_token_type"},
		"missing argument":        {method: "users.info", want: "invalid_arguments"},
		"unknown user":            {method: "users.info", args: url.Values{"user": {"UNOBODY"}}, want: "user_not_found"},
		"unknown e-mail":          {method: "users.lookupByEmail", args: url.Values{"email": {"x@example.org"}}, want: "users_not_found"},
		"bad cursor":              {method: "users.list", args: url.Values{"cursor": {"abc"}}, want: "invalid_cursor"},
		"bad limit":               {method: "users.list", args: url.Values{"limit": {"1000"}}, want: "invalid_limit"},
		"bad types":               {method: "conversations.list", args: url.Values{"types": {"rooms"}}, want: "invalid_types"},
		"private, bot outside":    {method: "conversations.info", args: url.Values{"channel": {"CSECRET"}}, want: "channel_not_found"},
		"DM with a bot":           {method: "conversations.open", args: url.Values{"users": {slackfake.BotUser}}, want: "cannot_dm_bot"},
		"DM with a leaver":        {method: "conversations.open", args: url.Values{"users": {"UGONE"}}, want: "user_disabled"},
		"DM with nobody":          {method: "conversations.open", want: "users_list_not_supplied"},
		"join private":            {method: "conversations.join", args: url.Values{"channel": {"CSECRET"}}, want: "channel_not_found"},
		"join archived":           {method: "conversations.join", args: url.Values{"channel": {"COLD"}}, want: "is_archived"},
		"history outside":         {method: "conversations.history", args: url.Values{"channel": {"COPEN"}}, want: "not_in_channel"},
		"no such thread":          {method: "conversations.replies", args: url.Values{"channel": {"CTEAM"}, "ts": {"1.2"}}, want: "thread_not_found"},
		"invite oneself":          {method: "conversations.invite", args: url.Values{"channel": {"CTEAM"}, "users": {slackfake.BotUser}}, want: "cant_invite_self"},
		"invite twice":            {method: "conversations.invite", args: url.Values{"channel": {"CTEAM"}, "users": {"UMINA"}}, want: "already_in_channel"},
		"invite a leaver":         {method: "conversations.invite", args: url.Values{"channel": {"CTEAM"}, "users": {"UGONE"}}, want: "cant_invite"},
		"invite from outside":     {method: "conversations.invite", args: url.Values{"channel": {"COPEN"}, "users": {"UADA"}}, want: "not_in_channel"},
		"invite a crowd":          {method: "conversations.invite", args: url.Values{"channel": {"CTEAM"}, "users": {strings.Repeat("UADA,", 101)}}, want: "too_many_users"},
		"kick from general":       {method: "conversations.kick", args: url.Values{"channel": {"CGENERAL"}, "user": {"UMINA"}}, want: "cant_kick_from_general"},
		"kick oneself":            {method: "conversations.kick", args: url.Values{"channel": {"CTEAM"}, "user": {slackfake.BotUser}}, want: "cant_kick_self"},
		"kick who is not there":   {method: "conversations.kick", args: url.Values{"channel": {"CTEAM"}, "user": {"UCARLA"}}, want: "not_in_channel"},
		"post without text":       {method: "chat.postMessage", args: url.Values{"channel": {"CTEAM"}}, want: "no_text"},
		"post blocks only":        {method: "chat.postMessage", args: url.Values{"channel": {"CTEAM"}, "blocks": {`[{"type":"divider"}]`}}, want: "no_text"},
		"post too much":           {method: "chat.postMessage", args: url.Values{"channel": {"CTEAM"}, "text": {long}}, want: "msg_too_long"},
		"post no JSON":            {method: "chat.postMessage", args: url.Values{"channel": {"CTEAM"}, "text": {"x"}, "blocks": {`{`}}, want: "invalid_blocks_format"},
		"post bad blocks":         {method: "chat.postMessage", args: url.Values{"channel": {"CTEAM"}, "text": {"x"}, "blocks": {`[{"type":"button"}]`}}, want: "invalid_blocks"},
		"post bad metadata":       {method: "chat.postMessage", args: url.Values{"channel": {"CTEAM"}, "text": {"x"}, "metadata": {`{"event_type":"a"}`}}, want: "invalid_metadata_format"},
		"post into the unseen":    {method: "chat.postMessage", args: url.Values{"channel": {"CSECRET"}, "text": {"x"}}, want: "channel_not_found"},
		"post into the archived":  {method: "chat.postMessage", args: url.Values{"channel": {"COLD"}, "text": {"x"}}, want: "is_archived"},
		"post to a leaver":        {method: "chat.postMessage", args: url.Values{"channel": {"UGONE"}, "text": {"x"}}, want: "channel_not_found"},
		"post without the tab":    {method: "chat.postMessage", args: url.Values{"channel": {"UMINA"}, "text": {"x"}}, opt: slackfake.Options{NoMessagesTab: true}, want: "messages_tab_disabled"},
		"whisper to the absent":   {method: "chat.postEphemeral", args: url.Values{"channel": {"CTEAM"}, "user": {"UCARLA"}, "text": {"x"}}, want: "user_not_in_channel"},
		"whisper outside":         {method: "chat.postEphemeral", args: url.Values{"channel": {"COPEN"}, "user": {"UMINA"}, "text": {"x"}}, want: "not_in_channel"},
		"edit nothing":            {method: "chat.update", args: url.Values{"channel": {"CTEAM"}, "ts": {"1.2"}, "text": {"x"}}, want: "message_not_found"},
		"delete nothing":          {method: "chat.delete", args: url.Values{"channel": {"CTEAM"}, "ts": {"1.2"}}, want: "message_not_found"},
		"open without trigger":    {method: "views.open", args: url.Values{"view": {"{}"}}, want: "invalid_trigger_id"},
		"update no view":          {method: "views.update", args: url.Values{"view": {"{}"}, "view_id": {"V1"}}, want: "not_found"},
		"publish without home":    {method: "views.publish", args: url.Values{"view": {"{}"}, "user_id": {"UMINA"}}, opt: slackfake.Options{NoHomeTab: true}, want: "not_enabled"},
		"unknown group":           {method: "usergroups.users.list", args: url.Values{"usergroup": {"S1"}}, want: "no_such_subteam"},
		"groups on the free plan": {method: "usergroups.list", opt: slackfake.Options{FreePlan: true}, want: "plan_upgrade_required"},
		"empty a group":           {method: "usergroups.users.update", args: url.Values{"usergroup": {"SENG"}, "users": {","}}, want: "no_users_provided"},
		"guest into a group":      {method: "usergroups.users.update", args: url.Values{"usergroup": {"SENG"}, "users": {"UCARLA"}}, want: "invalid_users"},
		"enable twice":            {method: "usergroups.enable", args: url.Values{"usergroup": {"SENG"}}, want: "already_enabled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, test.opt)
			if test.args == nil {
				test.args = url.Values{}
			}
			answer, _ := w.raw(t, test.method, w.BotToken(), test.args)
			if answer["ok"] != false || answer["error"] != test.want {
				t.Errorf("answered %v, want %s", answer, test.want)
			}
			calls := w.Calls(test.method)
			if len(calls) != 1 || calls[0].Error != test.want {
				t.Errorf("noted are %+v", calls)
			}
		})
	}
}

func TestTokensAndScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{Scopes: []string{"channels:read", "chat:write"}})
	for token, want := range map[string]string{"": "not_authed", "xoxb-stolen": "invalid_auth", w.AppToken(): "not_allowed_token_type"} {
		if answer, _ := w.raw(t, "auth.test", token, url.Values{}); answer["error"] != want {
			t.Errorf("token %q: %v, want %s", token, answer["error"], want)
		}
	}
	answer, header := w.raw(t, "users.info", w.BotToken(), url.Values{"user": {"UMINA"}})
	if answer["error"] != "missing_scope" || answer["needed"] != "users:read" || answer["provided"] != "channels:read,chat:write" {
		t.Errorf("answered %v", answer)
	}
	if header.Get("X-OAuth-Scopes") != "channels:read,chat:write" || header.Get("X-Accepted-OAuth-Scopes") != "users:read" {
		t.Errorf("headers %v", header)
	}
	_, err := w.api.GetUserInfo("UMINA")
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Needed != "users:read" {
		t.Errorf("slack-go reads %v", err)
	}
	if _, _, err := w.api.PostMessage("COPEN", slack.MsgOptionText("x", false)); err == nil || err.Error() != "not_in_channel" {
		t.Errorf("posted into a public channel without chat:write.public: %v", err)
	}
}

func TestPeopleAreAsSlackDescribesThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{PageSize: 3, NoEvents: true})
	w.AddField(slackfake.ProfileField{ID: "XfBOSS", Label: "Manager", Kind: "user"})
	must(t, w.ChangeUser("UMINA", func(u *slackfake.User) { u.Fields = map[string]string{"Manager": "UADA"} }))
	mina, err := w.api.GetUserInfo("UMINA", slack.GetUserInfoOptionIncludeLocale(true))
	must(t, err)
	if mina.Locale != "en-GB" || mina.TZ != "Europe/London" || mina.Profile.Email != "mina@example.org" || mina.IsRestricted || mina.TeamID != "T0DEMO" {
		t.Errorf("Mina is %+v", mina)
	}
	for id, want := range map[string][4]bool{"UCARLA": {true}, "USOLO": {true, true}, "USTRANGE": {false, false, true}, "UGONE": {false, false, false, true}} {
		u, err := w.api.GetUserInfo(id)
		must(t, err)
		if got := [4]bool{u.IsRestricted, u.IsUltraRestricted, u.IsStranger, u.Deleted}; got != want {
			t.Errorf("%s is %v, want %v", id, got, want)
		}
	}
	profile, err := w.api.GetUserProfile(&slack.GetUserProfileParameters{UserID: "UMINA", IncludeLabels: true})
	must(t, err)
	if f := profile.FieldsMap()["XfBOSS"]; f.Value != "UADA" || f.Label != "Manager" {
		t.Errorf("the manager is %+v", f)
	}
	all, err := w.api.GetUsers(slack.GetUsersOptionLimit(2))
	must(t, err)
	if len(all) != 7 {
		t.Errorf("the pages hold %d users", len(all))
	}
	if u, err := w.api.GetUserByEmail("MINA@example.org"); err != nil || u.ID != "UMINA" {
		t.Errorf("by e-mail: %v, %v", u, err)
	}
	w.DropScope("users:read.email")
	if mina, _ = w.api.GetUserInfo("UMINA"); mina.Profile.Email != "" {
		t.Error("the e-mail is shown without its scope")
	}
}

func TestConversationsAreAsSlackDescribesThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{PageSize: 1})
	info, err := w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "CTEAM"})
	must(t, err)
	if info.Name != "team" || !info.IsMember || info.IsPrivate || info.IsArchived {
		t.Errorf("the channel is %+v", info)
	}
	im, _, _, err := w.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"UMINA"}, ReturnIM: true})
	must(t, err)
	if im.ID != "DMINA" || im.User != "UMINA" {
		t.Errorf("the direct message is %+v", im)
	}
	var names []string
	cursor := ""
	for {
		page, next, err := w.api.GetConversationsForUser(&slack.GetConversationsForUserParameters{UserID: "UMINA", Cursor: cursor, Types: []string{"public_channel", "private_channel", "im"}})
		must(t, err)
		for _, c := range page {
			names = append(names, c.ID)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if want := []string{"CGENERAL", "COPEN", "CTEAM", "DMINA"}; !slices.Equal(names, want) {
		t.Errorf("Mina is in %v, want %v", names, want)
	}
	if _, err := w.api.InviteUsersToConversation("CTEAM", "UCARLA"); err != nil || !slices.Contains(w.Members("CTEAM"), "UCARLA") {
		t.Errorf("invited: %v, %v", err, w.Members("CTEAM"))
	}
	must(t, w.api.KickUserFromConversation("CTEAM", "UCARLA"))
	if _, _, _, err := w.api.JoinConversation("COPEN"); err != nil || !slices.Contains(w.Members("COPEN"), slackfake.BotUser) {
		t.Errorf("joined: %v", err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	post := func() error {
		_, _, err := w.api.PostMessage("CTEAM", slack.MsgOptionText("hello", false))
		return err
	}
	w.Fail(slackfake.Fault{Method: "chat.postMessage", Status: http.StatusTooManyRequests, RetryAfter: 7})
	var limited *slack.RateLimitedError
	if err := post(); !errors.As(err, &limited) || limited.RetryAfter != 7*time.Second {
		t.Errorf("429 is read as %v", err)
	}
	w.Fail(slackfake.Fault{Status: http.StatusInternalServerError, Times: 2})
	for range 2 {
		if err := post(); err == nil || !strings.Contains(err.Error(), "500") {
			t.Errorf("500 is read as %v", err)
		}
	}
	w.Fail(slackfake.Fault{Method: "chat.postMessage", Error: "fatal_error"})
	if err := post(); err == nil || err.Error() != "fatal_error" {
		t.Errorf("an error is read as %v", err)
	}
	w.Fail(slackfake.Fault{Drop: true})
	if err := post(); err == nil {
		t.Error("a dropped call is read as done")
	}
	if n := len(w.Messages("CTEAM")); n != 0 {
		t.Errorf("%d messages are there although no call was done", n)
	}
	w.Fail(slackfake.Fault{Drop: true, After: true})
	if err := post(); err == nil || len(w.Messages("CTEAM")) != 1 {
		t.Errorf("a lost reply: %v, %d messages", err, len(w.Messages("CTEAM")))
	}
	w.Fail(slackfake.Fault{Method: "users.info", Error: "fatal_error", Times: -1})
	w.Heal()
	if _, err := w.api.GetUserInfo("UMINA"); err != nil {
		t.Errorf("after Heal: %v", err)
	}
}

func TestASlowCallWaitsToBeLetGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	hold := make(chan struct{})
	w.Fail(slackfake.Fault{Method: "auth.test", Hold: hold})
	done := make(chan error, 1)
	go func() { _, err := w.api.AuthTestContext(context.Background()); done <- err }()
	must(t, w.Await("the slow call", func() bool { return w.Holding() == 1 }))
	select {
	case err := <-done:
		t.Fatalf("it was answered: %v", err)
	default:
	}
	close(hold)
	must(t, <-done)
}

func TestRateTiersFollowTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{RateLimits: true})
	var limited *slack.RateLimitedError
	post := func(channel string) error {
		_, _, err := w.api.PostMessage(channel, slack.MsgOptionText("x", false))
		return err
	}
	must(t, post("CTEAM"))
	must(t, post("CGENERAL"))
	if err := post("CTEAM"); !errors.As(err, &limited) || limited.RetryAfter != time.Second {
		t.Errorf("the second message within a second: %v", err)
	}
	w.clock.forward(time.Second)
	must(t, post("CTEAM"))
	for range 20 {
		_, err := w.api.GetUserGroups()
		must(t, err)
	}
	w.clock.forward(20 * time.Second)
	if _, err := w.api.GetUserGroups(); !errors.As(err, &limited) || limited.RetryAfter != 40*time.Second {
		t.Errorf("the 21st call of tier 2 in a minute: %v", err)
	}
	w.clock.forward(40 * time.Second)
	if _, err := w.api.GetUserGroups(); err != nil {
		t.Errorf("after the time that Slack named: %v", err)
	}
}

func TestUserGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{})
	g, err := w.api.UpdateUserGroupMembers("SENG", "UMINA,UADA")
	must(t, err)
	if !slices.Equal(g.Users, []string{"UMINA", "UADA"}) {
		t.Errorf("the list is %v", g.Users)
	}
	if _, err := w.api.DisableUserGroup("SENG"); err != nil {
		t.Fatal(err)
	}
	if on, err := w.api.GetUserGroups(); err != nil || len(on) != 0 {
		t.Errorf("enabled groups are %v, %v", on, err)
	}
	all, err := w.api.GetUserGroups(slack.GetUserGroupsOptionIncludeDisabled(true), slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(all) != 1 || all[0].DateDelete == 0 || len(all[0].Users) != 2 {
		t.Errorf("all groups are %+v, %v", all, err)
	}
	if _, err := w.api.EnableUserGroup("SENG"); err != nil {
		t.Fatal(err)
	}
	if users, err := w.api.GetUserGroupMembers("SENG"); err != nil || len(users) != 2 {
		t.Errorf("members are %v, %v", users, err)
	}
}
