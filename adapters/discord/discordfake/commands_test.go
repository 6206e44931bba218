package discordfake_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/discord/discordfake"
)

func slash(more ...any) object { return with(object{"name": "access", "description": "x"}, more...) }

func opt(kind int, name string, more ...any) object {
	return with(object{"type": kind, "name": name, "description": "x"}, more...)
}

func options(n int) []any {
	var out []any
	for i := range n {
		out = append(out, opt(3, fmt.Sprint("o", i)))
	}
	return out
}

func TestACommandIsTakenOnlyAsTheDocumentsSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	o := func(list ...any) object { return slash("options", list) }
	first := []any{"0", "options", "0"}
	at := func(field ...any) []any { return append(append([]any{}, first...), field...) }
	for name, c := range map[string]refused{
		"the least":                {slash(), 0, nil, ""},
		"umlauts":                  {slash("name", "zugänge-ändern_2"), 0, nil, ""},
		"upper case":               {slash("name", "Access"), 50035, []any{"0", "name"}, "APPLICATION_COMMAND_INVALID_NAME"},
		"a space":                  {slash("name", "my access"), 50035, []any{"0", "name"}, "STRING_TYPE_REGEX"},
		"33 characters":            {slash("name", x(33)), 50035, []any{"0", "name"}, "BASE_TYPE_BAD_LENGTH"},
		"no description":           {slash("description", nil), 50035, []any{"0", "description"}, "BASE_TYPE_REQUIRED"},
		"description of 101":       {slash("description", x(101)), 50035, []any{"0", "description"}, "BASE_TYPE_BAD_LENGTH"},
		"a locale":                 {slash("name_localizations", object{"de": "zugang"}, "description_localizations", object{"de": "Zugänge"}), 0, nil, ""},
		"an unknown locale":        {slash("name_localizations", object{"en": "access"}), 50035, []any{"0", "name_localizations", "en"}, "BASE_TYPE_CHOICES"},
		"a bad localized name":     {slash("name_localizations", object{"de": "Zugang"}), 50035, []any{"0", "name_localizations", "de"}, "APPLICATION_COMMAND_INVALID_NAME"},
		"contexts":                 {slash("contexts", []any{0, 1}, "integration_types", []any{0}), 0, nil, ""},
		"an unknown context":       {slash("contexts", []any{3}), 50035, []any{"0", "contexts", "0"}, "BASE_TYPE_CHOICES"},
		"permissions":              {slash("default_member_permissions", "0"), 0, nil, ""},
		"permissions as a number":  {slash("default_member_permissions", 0), 50035, []any{"0", "default_member_permissions"}, "NUMBER_TYPE_COERCE"},
		"an unknown field":         {slash("hidden", true), 50035, []any{"0", "hidden"}, "UNKNOWN_FIELD"},
		"25 options":               {slash("options", options(25)), 0, nil, ""},
		"26 options":               {slash("options", options(26)), 50035, []any{"0", "options"}, "BASE_TYPE_BAD_LENGTH"},
		"required at the end":      {o(opt(3, "a"), opt(3, "b", "required", true)), 50035, []any{"0", "options", "1", "required"}, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
		"the same name twice":      {o(opt(3, "a"), opt(6, "a")), 50035, []any{"0", "options", "1", "name"}, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"},
		"an unknown type":          {o(opt(12, "a")), 50035, at("type"), "BASE_TYPE_CHOICES"},
		"autocomplete":             {o(opt(3, "a", "autocomplete", true)), 0, nil, ""},
		"autocomplete of a user":   {o(opt(6, "a", "autocomplete", true)), 50035, at("autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"},
		"and choices":              {o(opt(3, "a", "autocomplete", true, "choices", []any{object{"name": "x", "value": "x"}})), 50035, at("autocomplete"), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE"},
		"26 choices":               {o(opt(3, "a", "choices", times(26, object{"name": "x", "value": "x"}))), 50035, at("choices"), "BASE_TYPE_BAD_LENGTH"},
		"a choice of 101":          {o(opt(3, "a", "choices", []any{object{"name": x(101), "value": "x"}})), 50035, at("choices", "0", "name"), "BASE_TYPE_BAD_LENGTH"},
		"what discordgo leaves":    {o(opt(6, "a", "choices", nil, "options", []any{}, "channel_types", nil, "autocomplete", false, "required", false)), 0, nil, ""},
		"a subcommand":             {o(opt(1, "a", "options", options(25))), 0, nil, ""},
		"a group":                  {o(opt(2, "a", "options", []any{opt(1, "b")})), 0, nil, ""},
		"an empty group":           {o(opt(2, "a")), 50035, at("options"), "BASE_TYPE_REQUIRED"},
		"a group in a group":       {o(opt(2, "a", "options", []any{opt(2, "b")})), 50035, at("options", "0", "type"), "BASE_TYPE_CHOICES"},
		"a subcommand too deep":    {o(opt(1, "a", "options", []any{opt(1, "b")})), 50035, at("options", "0", "type"), "BASE_TYPE_CHOICES"},
		"subcommands with others":  {o(opt(1, "a"), opt(3, "b")), 50035, []any{"0", "options"}, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
		"a menu":                   {object{"name": "Request access for", "type": 2}, 0, nil, ""},
		"a menu of discordgo's":    {object{"name": "Request access for", "type": 2, "options": nil}, 0, nil, ""},
		"a menu with a text":       {object{"name": "Request", "type": 2, "description": "x"}, 50035, []any{"0", "description"}, "BASE_TYPE_BAD_LENGTH"},
		"a menu of 33":             {object{"name": x(33), "type": 3}, 50035, []any{"0", "name"}, "BASE_TYPE_BAD_LENGTH"},
		"a start of an activity":   {object{"name": "x", "type": 4}, 50035, []any{"0", "type"}, "BASE_TYPE_CHOICES"},
		"more than 8,000":          {slash("options", []any{opt(3, "a", "choices", distinct(25, 100)), opt(3, "b", "choices", distinct(25, 100))}), 50035, []any{"0"}, "APPLICATION_COMMAND_TOO_LARGE"},
		"the longest language":     {slash("options", translated(25)), 0, nil, ""},
		"length of a text":         {o(opt(3, "a", "min_length", 1, "max_length", 6000)), 0, nil, ""},
		"length of a text too far": {o(opt(3, "a", "max_length", 6001)), 50035, at("max_length"), "NUMBER_TYPE_MAX"},
		"length of a user":         {o(opt(6, "a", "max_length", 10)), 50035, at("max_length"), "UNKNOWN_FIELD"},
		"channel types":            {o(opt(7, "a", "channel_types", []any{0, 5})), 0, nil, ""},
	} {
		c.check(t, name, w.do("PUT", "/applications/"+w.AppID()+"/commands", []any{c.body}))
	}
}

// translated are options with long descriptions in five languages: 2,550
// characters, when only the longest counts.
func translated(n int) []any {
	var out []any
	for i := range n {
		out = append(out, opt(3, fmt.Sprint("o", i), "description", x(99),
			"description_localizations", object{"de": x(100), "fr": x(100), "it": x(100), "nl": x(100)}))
	}
	return out
}

// distinct are choices with names and values of this length.
func distinct(n, length int) []any {
	var out []any
	for i := range n {
		out = append(out, object{"name": fmt.Sprintf("%0*d", length, i), "value": fmt.Sprintf("%0*d", length, i)})
	}
	return out
}

func TestCommandsAreOverwrittenTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	at := "/applications/" + w.AppID() + "/commands"
	first := w.do("PUT", at, []any{slash(), object{"name": "access", "type": 2}})
	id := dig(first.list, 0, "id")
	if again := w.do("PUT", at, []any{slash("description", "y", "name_localizations", object{"de": "zugang"})}); dig(again.list, 0, "id") != id {
		t.Errorf("the command is another one now: %s", again.raw)
	}
	if got := w.Commands(""); len(got) != 1 || got[0]["description"] != "y" || got[0]["dm_permission"] != true {
		t.Errorf("there are %v", got)
	}
	if a := w.do("GET", at, nil); dig(a.list, 0, "name_localizations") != nil {
		t.Errorf("localizations are not asked for: %s", a.raw)
	}
	if a := w.do("GET", at+"?with_localizations=true", nil); dig(a.list, 0, "name_localizations", "de") != "zugang" {
		t.Error(a.raw)
	}
	if a := w.do("PUT", at, []any{slash(), slash()}); a.code != 50035 {
		t.Errorf("the same name twice: %s", a.raw)
	}
	if a := w.do("PUT", "/applications/5/commands", []any{}); a.code != 20012 {
		t.Error(a.raw)
	}
	if a := w.do("PUT", "/applications/"+w.AppID()+"/guilds/5/commands", []any{}); a.code != 50001 {
		t.Error(a.raw)
	}
	inGuild := "/applications/" + w.AppID() + "/guilds/" + w.GuildID() + "/commands"
	if a := w.do("PUT", inGuild, []any{slash("contexts", []any{0})}); a.code != 50035 {
		t.Errorf("contexts of a command of a server: %s", a.raw)
	}
	if a := w.do("POST", inGuild, slash()); a.status != http.StatusCreated {
		t.Error(a.raw)
	}
	if a := w.do("POST", inGuild, slash("description", "z")); a.status != http.StatusOK || w.Commands(w.GuildID())[0]["description"] != "z" {
		t.Error(a.raw)
	}
	if a := w.do("DELETE", inGuild+"/"+w.Commands(w.GuildID())[0]["id"].(string), nil); a.status != http.StatusNoContent || len(w.Commands(w.GuildID())) != 0 {
		t.Error(a.raw)
	}
}

func TestCommandsAreCreated200TimesADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, discordfake.Options{})
	at := "/applications/" + w.AppID() + "/commands"
	put := func(prefix string) answer {
		var all []any
		for i := range 100 {
			all = append(all, slash("name", fmt.Sprint(prefix, i)))
		}
		return w.do("PUT", at, all)
	}
	for _, prefix := range []string{"a", "a", "b"} {
		if a := put(prefix); a.status != http.StatusOK {
			t.Fatal(a.raw)
		}
	}
	if a := put("c"); a.code != 30034 {
		t.Errorf("300 creates in a day: %.100s", a.raw)
	}
	w.clock.forward(24 * time.Hour)
	if a := put("c"); a.status != http.StatusOK {
		t.Errorf("the day after: %.100s", a.raw)
	}
	var menus []any
	for i := range 16 {
		menus = append(menus, object{"name": fmt.Sprint("m", i), "type": 3})
	}
	if a := w.do("PUT", at, menus); a.code != 30032 {
		t.Errorf("16 menus: %.100s", a.raw)
	}
}
