package discord

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/words"
)

// The slash commands that Usher knows, and its entries in the menus of people
// and of messages.
const (
	rootAccess = "access"
	rootAdmin  = "access-admin"

	MenuRequest = "Request access for them"
	MenuMessage = "Ask for access about this"
)

// Command is one line of the table that the slash commands are made from: a
// subcommand of its root. A name of two words is a group and a subcommand.
type Command struct {
	Root string // "access" or "access-admin"
	Name string
	Args []Arg
	Help map[string]string // one line, by language; "en" is needed
}

// Arg is an argument of a command; none is ever required.
type Arg struct {
	Name string // "for" is said before a person, "until" before an end
	Kind ArgKind
}

// ArgKind is what an argument names.
type ArgKind string

const (
	ArgPackage  ArgKind = "package" // completed as people type, as the next four
	ArgCatalog  ArgKind = "catalog"
	ArgResource ArgKind = "resource"
	ArgReport   ArgKind = "report"
	ArgPolicy   ArgKind = "policy" // of the package that is filled in
	ArgPerson   ArgKind = "person"
	ArgUntil    ArgKind = "until" // a date or a duration, typed
	ArgPlace    ArgKind = "place" // a channel or a person
)

// Limits of commands ("Application Commands").
const (
	maxDescription = 100
	maxSubcommands = 25 // of a command or a group
	maxDefinition  = 8000
)

const (
	optionFor     = "for"
	optionUntil   = "until"
	optionPlace   = "channel"
	optionSomeone = "person"
)

// names of slash commands and options; others, of menus, may have capitals and
// spaces ("Application Command Naming").
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// definition is a command as Discord keeps it.
type definition struct {
	Type             int               `json:"type"`
	Name             string            `json:"name"`
	Names            map[string]string `json:"name_localizations,omitempty"`
	Description      string            `json:"description,omitempty"`
	Descriptions     map[string]string `json:"description_localizations,omitempty"`
	Options          []definedOption   `json:"options,omitempty"`
	IntegrationTypes []int             `json:"integration_types,omitempty"`
	Contexts         []int             `json:"contexts,omitempty"`
}

// definedOption is a subcommand, a group of them or an argument.
type definedOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Options      []definedOption   `json:"options,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
	ChannelTypes []int             `json:"channel_types,omitempty"`
	MaxLength    int               `json:"max_length,omitempty"`
}

// definitions makes what is sent to Discord in one bulk overwrite. For a single
// server it names no contexts: Discord takes them for global commands only.
//
// Commands have the same names in every language, since Usher's texts name them
// ("/access request"); what they are for is said in the reader's, and entries of
// menus are called so.
//
// No command is hidden from anybody (default_member_permissions is left open):
// catalog owners, assignment managers and auditors need /access-admin and have
// no permission of the server in common. The engine decides at each use, and a
// server may hide commands by itself ("Application Commands", Permissions).
func definitions(list []Command, global bool) ([]definition, error) {
	all, err := words.Load(localeFiles)
	if err != nil {
		return nil, err
	}
	d := definer{words: all}
	var out []definition
	for _, root := range []string{rootAccess, rootAdmin} {
		if options := d.subcommands(root, list); len(options) > 0 {
			out = append(out, definition{
				Type: commandSlash, Name: root, Description: d.text("en", "command."+root, ""), Descriptions: d.inOthers("command." + root), Options: options,
			})
		}
	}
	out = append(out,
		definition{Type: commandUser, Name: MenuRequest, Names: d.inOthers("menu.request")},
		definition{Type: commandMessage, Name: MenuMessage, Names: d.inOthers("menu.message")})
	for i := range out {
		if global {
			out[i].IntegrationTypes, out[i].Contexts = []int{0}, []int{0, 1} // in servers; there and in direct messages
		}
	}
	return out, checkDefinitions(out)
}

// hashOf tells one set of definitions from another.
func hashOf(list []definition) string {
	data, _ := json.Marshal(list) // strings, ints and booleans always encode
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// definer writes definitions in all languages.
type definer struct{ words map[string]words.Words }

// text is a sentence in one language, cut for Discord.
func (d definer) text(lang, key, other string) string {
	return plain(orElse(d.words[lang][key], other), maxDescription, "…")
}

// inOthers is a text in all languages but English, where there is one.
func (d definer) inOthers(key string) map[string]string {
	out := map[string]string{}
	for lang, w := range d.words {
		if lang != "en" && w[key] != "" {
			out[lang] = chat.Cut(w[key], maxDescription)
		}
	}
	return out
}

func (d definer) subcommands(root string, list []Command) []definedOption {
	var out []definedOption
	for _, c := range list {
		if c.Root != root {
			continue
		}
		first, second, grouped := strings.Cut(c.Name, " ")
		if !grouped {
			out = append(out, d.subcommand(c, first))
			continue
		}
		i := slices.IndexFunc(out, func(o definedOption) bool { return o.Type == optionGroup && o.Name == first })
		if i < 0 {
			i = len(out)
			out = append(out, definedOption{
				Type: optionGroup, Name: first,
				Description: d.text("en", "group."+first, first), Descriptions: d.inOthers("group." + first),
			})
		}
		out[i].Options = append(out[i].Options, d.subcommand(c, second))
	}
	return out
}

func (d definer) subcommand(c Command, name string) definedOption {
	out := definedOption{
		Type: optionSub, Name: name,
		Description: plain(c.Help["en"], maxDescription, name), Descriptions: map[string]string{},
	}
	for lang, help := range c.Help {
		if _, known := d.words[lang]; known && lang != "en" && !blank(help) {
			out.Descriptions[lang] = plain(help, maxDescription, "…")
		}
	}
	for _, a := range c.Args {
		out.Options = append(out.Options, d.options(a)...)
	}
	return out
}

// options are what an argument is asked as. A place is either a channel or a
// person, which are two options.
func (d definer) options(a Arg) []definedOption {
	switch a.Kind {
	case ArgPackage, ArgCatalog, ArgResource, ArgReport, ArgPolicy:
		return []definedOption{d.option(optionString, a.Name, definedOption{Autocomplete: true, MaxLength: maxChoice})}
	case ArgPerson:
		return []definedOption{d.option(optionUser, a.Name, definedOption{})}
	case ArgPlace:
		return []definedOption{
			d.option(optionChannel, optionPlace, definedOption{ChannelTypes: []int{0, 5}}), // text, announcement
			d.option(optionUser, optionSomeone, definedOption{}),
		}
	}
	return []definedOption{d.option(optionString, a.Name, definedOption{MaxLength: maxChoice})}
}

func (d definer) option(kind int, name string, o definedOption) definedOption {
	o.Type, o.Name, o.Names = kind, name, d.inOthers("option."+name)
	o.Description, o.Descriptions = d.text("en", "option.help."+name, name), d.inOthers("option.help."+name)
	return o
}

// checkDefinitions reports the first thing that Discord would refuse.
func checkDefinitions(list []definition) error {
	for _, d := range list {
		if d.Type != commandSlash {
			for _, name := range append(values(d.Names), d.Name) {
				if n := chat.Length(name); blank(name) || n > 32 {
					return fmt.Errorf("discord: the menu entry %q has %d characters, not 1 to 32", name, n)
				}
			}
			continue
		}
		o := definedOption{Name: d.Name, Names: d.Names, Description: d.Description, Descriptions: d.Descriptions, Options: d.Options}
		size, err := checkOption(o)
		if err != nil {
			return fmt.Errorf("discord: /%s: %w", d.Name, err)
		}
		if size > maxDefinition {
			return fmt.Errorf("discord: /%s has %d characters, at most %d", d.Name, size, maxDefinition)
		}
	}
	return nil
}

// checkOption checks an option with all below it, and tells how many characters
// it has in its longest language.
func checkOption(o definedOption) (int, error) {
	size, longest := 0, 0
	for _, name := range append(values(o.Names), o.Name) {
		if !commandName.MatchString(name) || strings.ContainsFunc(name, unicode.IsUpper) {
			return 0, fmt.Errorf("%q is no name", name)
		}
		longest = max(longest, chat.Length(name))
	}
	size, longest = longest, 0
	for _, text := range append(values(o.Descriptions), o.Description) {
		if n := chat.Length(text); blank(text) || n > maxDescription {
			return 0, fmt.Errorf("%s: its description has %d characters, not 1 to %d", o.Name, n, maxDescription)
		}
		longest = max(longest, chat.Length(text))
	}
	size += longest
	if len(o.Options) > maxSubcommands {
		return 0, fmt.Errorf("%s has %d options, at most %d", o.Name, len(o.Options), maxSubcommands)
	}
	seen := map[string]bool{}
	for _, x := range o.Options {
		names := namesOf(x)
		for _, lang := range sortedKeys(names) {
			if seen[lang+" "+names[lang]] {
				return 0, fmt.Errorf("%s: %q is there twice", o.Name, names[lang])
			}
			seen[lang+" "+names[lang]] = true
		}
		n, err := checkOption(x)
		if err != nil {
			return 0, err
		}
		size += n
	}
	return size, nil
}

// namesOf are the names of an option by language.
func namesOf(o definedOption) map[string]string {
	out := map[string]string{"": o.Name}
	for lang, name := range o.Names {
		out[lang] = name
	}
	return out
}

func values(m map[string]string) []string {
	var out []string
	for _, k := range sortedKeys(m) {
		out = append(out, m[k])
	}
	return out
}
