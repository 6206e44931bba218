package discordfake

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// commandName is the pattern of names of slash commands and options; letters
// that have a lower case must use it (Application Commands, "Application
// Command Naming").
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// Command types and option types (Application Commands).
const (
	chatInput   = 1
	userMenu    = 2
	messageMenu = 3

	subCommand      = 1
	subCommandGroup = 2
	stringOption    = 3
	integerOption   = 4
	booleanOption   = 5
	userOption      = 6
	channelOption   = 7
	roleOption      = 8
	mentionOption   = 9
	numberOption    = 10
	attachOption    = 11
)

// Limits of commands.
const (
	maxOptions      = 25
	maxCommandSize  = 8000
	createsPerDay   = 200
	maxChatCommands = 100
	maxMenus        = 15
)

// locales that Discord has (API Reference, "Locales").
func locales() []string {
	return strings.Fields(`id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko`)
}

func slashName(c *checker, v any, path string) {
	pattern(commandName, 1, 32)(c, v, path)
	if s := text(v); s != strings.ToLower(s) {
		c.wrong(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

// localized is a dictionary of texts by locale.
func localized(each check) check {
	return func(c *checker, v any, path string) {
		o, ok := v.(object)
		if !ok {
			c.wrong(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		}
		for _, locale := range slices.Sorted(maps.Keys(o)) {
			if !slices.Contains(locales(), locale) {
				c.wrong(path+"/"+locale, "BASE_TYPE_CHOICES", "%q is no locale of Discord's", locale)
			}
			each(c, o[locale], path+"/"+locale)
		}
	}
}

// commandShape are the fields of a command of a type, global or of a server.
func commandShape(kind int, global bool) shape {
	name := check(slashName)
	s := shape{must: []string{"name"}, fields: map[string]check{
		"id": aSnowflake, "type": oneOf(chatInput, userMenu, messageMenu), "default_member_permissions": anyPermissions, "nsfw": truth,
		"default_permission": truth, "application_id": ignored, "version": ignored, "guild_id": ignored,
	}}
	if kind == chatInput {
		s.must = append(s.must, "description")
		s.fields["description"] = words(1, 100)
		s.fields["description_localizations"] = localized(words(1, 100))
		s.fields["options"] = func(c *checker, v any, path string) { checkOptions(c, v, path, 0) }
	} else {
		name = words(1, 32)
		s.fields["description"] = words(0, 0)
		s.fields["options"] = list(0, 0, ignored)
	}
	s.fields["name"], s.fields["name_localizations"] = name, localized(name)
	if global {
		maps.Copy(s.fields, map[string]check{"dm_permission": truth, "contexts": list(0, 3, oneOf(0, 1, 2)), "integration_types": list(1, 2, oneOf(0, 1))})
	}
	return s
}

// checkOptions looks at the options at one depth: 0 of a command, 1 of a group,
// 2 of a subcommand.
func checkOptions(c *checker, v any, path string, depth int) {
	list(0, maxOptions, func(c *checker, v any, path string) { checkOption(c, v, path, depth) })(c, v, path)
	names, optional, nestedOnes, plain := map[string]bool{}, false, false, false
	for i, each := range items(v) {
		o, at := nested(each), fmt.Sprintf("%s/%d", path, i)
		if name := text(o["name"]); names[name] {
			c.wrong(at+"/name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists in these options")
		}
		names[text(o["name"])] = true
		if o["required"] == true && optional {
			c.wrong(at+"/required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || o["required"] != true
		deeper := kindOf(o) == subCommand || kindOf(o) == subCommandGroup
		nestedOnes, plain = nestedOnes || deeper, plain || !deeper
	}
	if nestedOnes && plain {
		c.wrong(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func checkOption(c *checker, v any, path string, depth int) {
	kind := kindOf(v)
	may := []int64{stringOption, integerOption, booleanOption, userOption, channelOption, roleOption, mentionOption, numberOption, attachOption}
	switch depth {
	case 0:
		may = append(may, subCommand, subCommandGroup)
	case 1:
		may = []int64{subCommand}
	}
	fields := map[string]check{
		"type": oneOf(may...), "name": slashName, "name_localizations": localized(slashName), "description": words(1, 100),
		"description_localizations": localized(words(1, 100)), "required": truth, "autocomplete": truth,
	}
	// Lists that are empty mean nothing; discordgo sends them.
	for _, name := range []string{"choices", "options", "channel_types"} {
		fields[name] = list(0, 0, ignored)
	}
	switch kind {
	case subCommand:
		fields["options"] = func(c *checker, v any, path string) { checkOptions(c, v, path, 2) }
	case subCommandGroup:
		fields["options"] = func(c *checker, v any, path string) { checkOptions(c, v, path, 1) }
	case channelOption:
		fields["channel_types"] = list(0, 20, number(0, 16))
	case stringOption:
		fields["choices"] = list(0, maxOptions, choice(stringOption))
		fields["min_length"], fields["max_length"] = number(0, 6000), number(1, 6000)
	case integerOption, numberOption:
		fields["choices"] = list(0, maxOptions, choice(kind))
		fields["min_value"], fields["max_value"] = ignored, ignored
	}
	shape{must: []string{"type", "name", "description"}, fields: fields, also: func(c *checker, o object, path string) {
		optionRules(c, o, path, kind)
	}}.check(c, v, path)
}

func optionRules(c *checker, o object, path string, kind int) {
	typed := slices.Contains([]int{stringOption, integerOption, numberOption}, kind)
	switch {
	case o["autocomplete"] == true && !typed:
		c.wrong(path+"/autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "Autocomplete is not available for this type")
	case o["autocomplete"] == true && len(items(o["choices"])) > 0:
		c.wrong(path+"/autocomplete", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Autocomplete may not be set to true if choices are present")
	case o["required"] == true && (kind == subCommand || kind == subCommandGroup):
		c.wrong(path+"/required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "A subcommand cannot be required")
	case kind == subCommandGroup && len(items(o["options"])) == 0:
		c.required(path + "/options")
	}
}

// choice is what a person can pick, or an autocomplete result, for an option of
// a type.
func choice(kind int) check {
	value := check(words(0, 100))
	switch kind {
	case integerOption:
		value = number(-1<<53+1, 1<<53-1)
	case numberOption:
		value = func(c *checker, v any, path string) {
			if _, isText := v.(string); isText {
				c.wrong(path, "NUMBER_TYPE_COERCE", "Value is not a number.")
			}
		}
	}
	return shape{must: []string{"name", "value"}, fields: map[string]check{
		"name": words(1, 100), "name_localizations": localized(words(1, 100)), "value": value,
	}}.check
}

// commandSize is what counts towards 8,000: names, descriptions and values,
// each in its longest language (Application Commands, "Slash Commands").
func commandSize(o object) int {
	n := longest(o, "name") + longest(o, "description") + length(text(o["value"]))
	for _, name := range []string{"options", "choices"} {
		for _, each := range items(o[name]) {
			n += commandSize(nested(each))
		}
	}
	return n
}

func longest(o object, field string) int {
	n := length(text(o[field]))
	for _, v := range nested(o[field+"_localizations"]) {
		n = max(n, length(text(v)))
	}
	return n
}
