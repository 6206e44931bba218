package discordfake_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

func TestWhichRolesTheBotMayGive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	level := w.AddRole(discordfake.Role{Name: "Beside", Position: 1000})
	strict := w.AddGuild(discordfake.Guild{Name: "Strict", TwoFactor: true})
	strictRole := w.AddRole(discordfake.Role{Guild: strict, Name: "x"})
	w.AddMember(discordfake.Member{Guild: strict, User: "mina"})
	elsewhere := w.AddGuild(discordfake.Guild{Name: "Elsewhere", NoBot: true})
	mina := w.user("mina")
	for name, c := range map[string]struct {
		guild, user, role string
		code              int
	}{
		"below the bot's":       {w.GuildID(), mina, w.low, 0},
		"above the bot's":       {w.GuildID(), mina, w.high, 50013},
		"beside the bot's":      {w.GuildID(), mina, level, 50013},
		"the bot's own":         {w.GuildID(), mina, w.BotRole(""), 50013},
		"managed":               {w.GuildID(), mina, w.managed, 50013},
		"everyone":              {w.GuildID(), mina, w.GuildID(), 50028},
		"gone":                  {w.GuildID(), mina, "5", 10011},
		"somebody elsewhere":    {w.GuildID(), w.user("stranger"), w.low, 10007},
		"nobody":                {w.GuildID(), "5", w.low, 10013},
		"without two factors":   {strict, mina, strictRole, 60003},
		"a server without us":   {elsewhere, mina, w.low, 10004},
		"a server that is none": {"5", mina, w.low, 10004},
	} {
		for _, method := range []string{"PUT", "DELETE"} {
			if a := w.do(method, "/guilds/"+c.guild+"/members/"+c.user+"/roles/"+c.role, nil); a.code != c.code || c.code == 0 && a.status != http.StatusNoContent {
				t.Errorf("%s, %s: %d %s", name, method, a.status, a.raw)
			}
		}
	}
	w.ChangeRole("", w.BotRole(""), func(r *discordfake.Role) { r.Permissions &^= discordfake.ManageRoles })
	if a := w.do("PUT", "/guilds/"+w.GuildID()+"/members/"+mina+"/roles/"+w.low, nil); a.code != 50013 || a.status != 403 {
		t.Errorf("without MANAGE_ROLES: %s", a.raw)
	}
}

func TestARoleIsGivenAndTakenWithItsReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{OwnerTwoFactor: true})
	at := "/guilds/" + w.GuildID() + "/members/" + w.user("mina") + "/roles/" + w.low
	why := "Für Carla: 100 % nötig"
	for range 2 {
		if a := w.do("PUT", at, nil, "X-Audit-Log-Reason", url.PathEscape(why)); a.status != http.StatusNoContent {
			t.Fatal(a.raw)
		}
	}
	if got := w.Roles("", "mina"); !slices.Equal(got, []string{w.low}) {
		t.Errorf("mina has %v", got)
	}
	if got := w.AuditReasons(""); !slices.Equal(got, []string{why}) {
		t.Errorf("the audit log has %q", got)
	}
	for _, bad := range []string{strings.Repeat("x", 513), "100%", "%ff%fe%zz"} {
		if a := w.do("DELETE", at, nil, "X-Audit-Log-Reason", bad); a.code != 50035 {
			t.Errorf("the reason %.10q: %s", bad, a.raw)
		}
	}
	if a := w.do("DELETE", at, nil, "X-Audit-Log-Reason", strings.Repeat("%C3%BC", 512)); a.status != http.StatusNoContent {
		t.Errorf("512 characters: %s", a.raw)
	}
	if got := w.Roles("", "mina"); len(got) != 0 {
		t.Errorf("mina still has %v", got)
	}
}

func TestMembersAreReadAndFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	w.AddMember(discordfake.Member{User: "stranger", Pending: true, TimedOutUntil: w.clock.Now().Add(time.Hour)})
	at := "/guilds/" + w.GuildID() + "/members"
	a := w.do("GET", at+"/"+w.user("stranger"), nil)
	if a.body["pending"] != true || a.body["communication_disabled_until"] != "2026-11-23T10:00:00.000000+00:00" {
		t.Error(a.raw)
	}
	for query, want := range map[string][]any{"ada": {"ada"}, "ADA+THE": {"ada"}, "Lind": nil, "carla+con": {"carla"}, "zzz": nil} {
		var got []any
		for _, m := range w.do("GET", at+"/search?limit=10&query="+query, nil).list {
			got = append(got, dig(m, "user", "username"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", query, got, want)
		}
	}
	if a := w.do("GET", at+"/search", nil); a.code != 50035 {
		t.Error(a.raw)
	}
	if a := w.do("GET", at+"?limit=1000", nil); a.code != 50001 {
		t.Errorf("members are listed without the intent: %s", a.raw)
	}
	w.RemoveMember("", "stranger")
	if a := w.do("GET", at+"/"+w.user("stranger"), nil); a.code != 10007 {
		t.Error(a.raw)
	}
}

func TestMembersAreListedWithTheIntentInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{Intents: discordfake.IntentMembers, PageSize: 2})
	at, after, seen := "/guilds/"+w.GuildID()+"/members?limit=1000&after=", "0", []string{}
	for {
		page := w.do("GET", at+after, nil).list
		if len(page) == 0 {
			break
		}
		for _, m := range page {
			after = dig(m, "user", "id").(string)
			seen = append(seen, dig(m, "user", "username").(string))
		}
	}
	if len(seen) != 6 || !slices.Contains(seen, "carla") {
		t.Errorf("seen are %v", seen)
	}
	app := w.do("GET", "/applications/@me", nil)
	if app.body["flags"] != float64(1<<15) || app.text("verify_key") != w.PublicKey() {
		t.Error(app.raw)
	}
}

func TestPermissionsOfAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	in := func(o ...discordfake.Overwrite) string { return w.AddChannel(discordfake.Channel{Overwrites: o}) }
	w.GiveRole("", "mina", w.low)
	everyone, mina := w.GuildID(), w.user("mina")
	view, send := discordfake.ViewChannel, discordfake.SendMessages
	for name, c := range map[string]struct {
		channel         string
		user            string
		view, send, tag bool
	}{
		"plain":               {in(), "mina", true, true, false},
		"denied to all":       {in(discordfake.Overwrite{ID: everyone, Deny: view}), "mina", false, false, false},
		"allowed to the role": {in(discordfake.Overwrite{ID: everyone, Deny: view}, discordfake.Overwrite{ID: w.low, Allow: view}), "mina", true, true, false},
		"denied to her":       {in(discordfake.Overwrite{ID: w.low, Allow: view}, discordfake.Overwrite{ID: mina, Member: true, Deny: view}), "mina", false, false, false},
		"allowed to her":      {in(discordfake.Overwrite{ID: w.low, Deny: view}, discordfake.Overwrite{ID: mina, Member: true, Allow: view}), "mina", true, true, false},
		"not writing":         {in(discordfake.Overwrite{ID: everyone, Deny: send, Allow: discordfake.MentionEveryone}), "mina", true, false, false},
		"an administrator":    {in(discordfake.Overwrite{ID: everyone, Deny: view}), "ada", true, true, true},
		"not there":           {in(), "stranger", false, false, false},
	} {
		p := w.Permissions(c.channel, c.user)
		if p.Has(view) != c.view || p.Has(send) != c.send || p.Has(discordfake.MentionEveryone) != c.tag {
			t.Errorf("%s: %d", name, p)
		}
	}
	w.ChangeMember("", "mina", func(m *discordfake.Member) { m.TimedOutUntil = w.clock.Now().Add(time.Minute) })
	if p := w.Permissions(w.general, "mina"); p != view|discordfake.ReadMessageHistory {
		t.Errorf("a timed-out member has %d", p)
	}
	w.clock.forward(2 * time.Minute)
	if p := w.Permissions(w.general, "mina"); !p.Has(send) {
		t.Errorf("a member whose time-out is over has %d", p)
	}
}

func TestWhichOverwritesTheBotMaySet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	own := w.AddChannel(discordfake.Channel{Name: "own", Overwrites: []discordfake.Overwrite{{ID: w.AppID(), Member: true, Allow: discordfake.ManageRoles}}})
	thread := w.AddChannel(discordfake.Channel{Name: "thread", Kind: discordfake.PublicThread, Parent: w.general})
	direct := w.do("POST", "/users/@me/channels", object{"recipient_id": w.user("mina")}).text("id")
	may, mayNot := discordfake.ViewChannel.String(), discordfake.BanMembers.String()
	for name, c := range map[string]struct {
		channel, target string
		refused
	}{
		"a member":            {w.general, w.user("mina"), refused{object{"type": 1, "allow": may}, 0, nil, ""}},
		"a role":              {w.general, w.low, refused{object{"type": 0, "allow": may, "deny": "0"}, 0, nil, ""}},
		"what discordgo has":  {w.general, w.low, refused{object{"id": w.low, "type": 0, "allow": may, "deny": "0"}, 0, nil, ""}},
		"no type":             {w.general, w.low, refused{object{"allow": may}, 50035, []any{"type"}, "BASE_TYPE_REQUIRED"}},
		"another type":        {w.general, w.low, refused{object{"type": 2, "allow": may}, 50035, []any{"type"}, "BASE_TYPE_CHOICES"}},
		"a number":            {w.general, w.low, refused{object{"type": 0, "allow": 1024}, 50035, []any{"allow"}, "NUMBER_TYPE_COERCE"}},
		"a role as a member":  {w.general, w.low, refused{object{"type": 1, "allow": may}, 10009, nil, ""}},
		"nobody":              {w.general, "5", refused{object{"type": 1, "allow": may}, 10009, nil, ""}},
		"more than the bot's": {w.general, w.low, refused{object{"type": 0, "allow": mayNot}, 50013, nil, ""}},
		"the bot's own":       {own, w.low, refused{object{"type": 0, "allow": mayNot}, 0, nil, ""}},
		"hidden":              {w.secret, w.low, refused{object{"type": 0, "allow": may}, 50001, nil, ""}},
		"a thread":            {thread, w.low, refused{object{"type": 0, "allow": may}, 50024, nil, ""}},
		"a direct message":    {direct, w.low, refused{object{"type": 0, "allow": may}, 50003, nil, ""}},
		"gone":                {"5", w.low, refused{object{"type": 0, "allow": may}, 10003, nil, ""}},
	} {
		c.check(t, name, w.do("PUT", "/channels/"+c.channel+"/permissions/"+c.target, c.body, "X-Audit-Log-Reason", "why"))
	}
	if got := w.Overwrites("general"); got[w.low].Allow != discordfake.ViewChannel || got[w.low].Member || !got[w.user("mina")].Member || len(got) != 2 {
		t.Errorf("the overwrites are %v", got)
	}
	if a := w.do("DELETE", "/channels/"+w.general+"/permissions/"+w.low, nil); a.status != http.StatusNoContent {
		t.Error(a.raw)
	}
	if a := w.do("DELETE", "/channels/"+w.general+"/permissions/"+w.low, nil); a.code != 10009 {
		t.Error(a.raw)
	}
	w.ChangeRole("", w.BotRole(""), func(r *discordfake.Role) { r.Permissions &^= discordfake.ManageRoles })
	if a := w.do("PUT", "/channels/"+w.general+"/permissions/"+w.low, object{"type": 0, "allow": may}); a.code != 50013 {
		t.Errorf("without MANAGE_ROLES: %s", a.raw)
	}
}

func TestPrivateThreads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{BotPermissions: discordfake.DefaultBot &^ discordfake.ManageThreads})
	start := func(channel string, body any) answer { return w.do("POST", "/channels/"+channel+"/threads", body) }
	a := start(w.general, object{"name": "carla", "auto_archive_duration": 1440, "invitable": false})
	thread := a.text("id")
	if a.status != http.StatusCreated || dig(a.body, "type") != 12.0 || dig(a.body, "thread_metadata", "invitable") != false {
		t.Fatal(a.raw)
	}
	for name, c := range map[string]refused{
		"no name":       {object{"type": 12}, 50035, []any{"name"}, "BASE_TYPE_REQUIRED"},
		"a long name":   {object{"name": x(101)}, 50035, []any{"name"}, "BASE_TYPE_BAD_LENGTH"},
		"an odd length": {object{"name": "x", "auto_archive_duration": 61}, 50035, []any{"auto_archive_duration"}, "BASE_TYPE_CHOICES"},
		"another type":  {object{"name": "x", "type": 0}, 50035, []any{"type"}, "BASE_TYPE_CHOICES"},
		"a public one":  {object{"name": "x", "type": 11}, 0, nil, ""},
	} {
		c.check(t, name, start(w.general, c.body))
	}
	if a := start(thread, object{"name": "x"}); a.code != 50024 {
		t.Errorf("a thread in a thread: %s", a.raw)
	}
	members := "/channels/" + thread + "/thread-members/"
	seen := func() bool { return strings.Contains(w.Person("carla").See().String(), "Psst") }
	w.do("POST", "/channels/"+thread+"/messages", object{"content": "Psst"})
	if seen() {
		t.Error("a private thread is seen from outside")
	}
	for range 2 {
		if a := w.do("PUT", members+w.user("carla"), nil); a.status != http.StatusNoContent {
			t.Fatal(a.raw)
		}
	}
	if !seen() || !slices.Contains(w.ThreadMembers(thread), w.user("carla")) {
		t.Error("who was added does not see it")
	}
	if a := w.do("GET", members+w.user("mina"), nil); a.status != 404 {
		t.Error(a.raw)
	}
	if a := w.do("PUT", members+w.user("stranger"), nil); a.code != 10007 {
		t.Error(a.raw)
	}
	if a := w.do("GET", "/channels/"+thread+"/thread-members", nil); a.code != 50001 {
		t.Errorf("members are listed without the intent: %s", a.raw)
	}
	must(t, w.Person("carla").Reply(thread, "Hello"))
	w.ChangeChannel(thread, func(c *discordfake.Channel) { c.Archived = true })
	for _, method := range []string{"PUT", "DELETE"} {
		if a := w.do(method, members+w.user("mina"), nil); a.code != 50083 {
			t.Errorf("%s in an archived thread: %s", method, a.raw)
		}
	}
	if a := w.do("PATCH", "/channels/"+thread, object{"name": "x"}); a.code != 50083 {
		t.Errorf("an archived thread is renamed: %s", a.raw)
	}
	if a := w.do("PATCH", "/channels/"+thread, object{"archived": false}); a.status != http.StatusOK {
		t.Errorf("an archived thread is opened: %s", a.raw)
	}
	for name, body := range map[string]object{"locked": {"locked": true}, "slowed down": {"rate_limit_per_user": 5}} {
		if a := w.do("PATCH", "/channels/"+thread, body); a.code != 50013 {
			t.Errorf("%s without MANAGE_THREADS: %s", name, a.raw)
		}
	}
	w.ChangeChannel(thread, func(c *discordfake.Channel) { c.Locked = true })
	if a := w.do("POST", "/channels/"+thread+"/messages", object{"content": "x"}); a.code != 160005 {
		t.Errorf("a message into a locked thread: %s", a.raw)
	}
	if a := w.do("PATCH", "/channels/"+thread, object{"locked": false}); a.code != 50013 {
		t.Errorf("unlocked without MANAGE_THREADS: %s", a.raw)
	}
	w.ChangeChannel(thread, func(c *discordfake.Channel) { c.Locked = false })
	if a := w.do("DELETE", members+w.user("carla"), nil); a.status != http.StatusNoContent || seen() {
		t.Errorf("taken out of a thread of one's own: %s", a.raw)
	}
	w.ChangeRole("", w.BotRole(""), func(r *discordfake.Role) { r.Permissions &^= discordfake.CreatePrivateThread })
	if a := start(w.general, object{"name": "x"}); a.code != 50013 {
		t.Errorf("without the permission: %s", a.raw)
	}
}

func TestAThreadOfAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	id := w.do("POST", "/channels/"+w.general+"/messages", object{"content": "Card"}).text("id")
	at := "/channels/" + w.general + "/messages/" + id
	if a := w.do("POST", at+"/threads", object{"name": "Talk"}); a.status != http.StatusCreated || a.text("id") != id || a.body["type"] != 11.0 {
		t.Fatal(a.raw)
	}
	if a := w.do("POST", at+"/threads", object{"name": "Talk"}); a.code != 160004 {
		t.Error(a.raw)
	}
	if a := w.do("GET", at, nil); dig(a.body, "thread", "name") != "Talk" || a.body["flags"] != 32.0 {
		t.Error(a.raw)
	}
	must(t, w.Person("mina").Reply(id, "I think so"))
	if got := w.Messages(id); len(got) != 1 || got[0].Text != "I think so" {
		t.Errorf("in the thread are %v", got)
	}
	if got := w.do("GET", "/guilds/"+w.GuildID()+"/threads/active", nil); dig(got.body, "threads", 0, "id") != id {
		t.Error(got.raw)
	}
	w.DeleteChannel(id)
	if a := w.do("GET", "/channels/"+id, nil); a.code != 10003 {
		t.Error(a.raw)
	}
}

func TestMembersAreChangedAndKicked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{BotPermissions: discordfake.DefaultBot | discordfake.ModerateMembers | discordfake.KickMembers})
	w.GiveRole("", "carla", w.managed)
	at := func(name string) string { return "/guilds/" + w.GuildID() + "/members/" + w.user(name) }
	later := func(d time.Duration) string { return w.clock.Now().Add(d).Format(time.RFC3339) }
	for name, c := range map[string]struct {
		who string
		refused
	}{
		"roles":             {"mina", refused{object{"roles": []any{w.low}}, 0, nil, ""}},
		"one too high":      {"mina", refused{object{"roles": []any{w.high}}, 50013, nil, ""}},
		"a managed one off": {"carla", refused{object{"roles": []any{}}, 50013, nil, ""}},
		"a managed one on":  {"carla", refused{object{"roles": []any{w.managed, w.low}}, 0, nil, ""}},
		"an unknown one":    {"mina", refused{object{"roles": []any{"5"}}, 10011, nil, ""}},
		"timed out":         {"carla", refused{object{"communication_disabled_until": later(time.Hour)}, 0, nil, ""}},
		"for 29 days":       {"carla", refused{object{"communication_disabled_until": later(29 * 24 * time.Hour)}, 50035, []any{"communication_disabled_until"}, "DATE_TIME_TYPE_PARSE"}},
		"an administrator":  {"ada", refused{object{"communication_disabled_until": later(time.Hour)}, 50013, nil, ""}},
		"an unknown field":  {"mina", refused{object{"role": "x"}, 50035, []any{"role"}, "UNKNOWN_FIELD"}},
	} {
		c.check(t, name, w.do("PATCH", at(c.who), c.body))
	}
	if !slices.Equal(w.Roles("", "mina"), []string{w.low}) || !slices.Contains(w.Roles("", "carla"), w.low) {
		t.Errorf("mina has %v, carla has %v", w.Roles("", "mina"), w.Roles("", "carla"))
	}
	for name, code := range map[string]int{"mina": 0, "ada": 50013, "stranger": 10007} {
		if a := w.do("DELETE", at(name), nil); a.code != code {
			t.Errorf("%s is kicked: %s", name, a.raw)
		}
	}
	if w.IsMember("", "mina") || !w.IsMember("", "ada") {
		t.Error("the wrong one is gone")
	}
}
