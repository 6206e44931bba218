package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

var (
	errMalformed = errors.New("malformed")
	errGuild     = errors.New("of another server")

	snowflake = regexp.MustCompile(`^[0-9]{1,20}$`)
)

// contextElsewhere is a conversation that the app is no part of ("Interaction
// Context Types": PRIVATE_CHANNEL).
const contextElsewhere = 2

// parser understands the interactions of one chat. It is pure. Its errors are
// errMalformed and errGuild; the act that comes with errGuild has no intent and
// says who did what where.
//
// What comes from a direct message has no server: whoever takes the act must
// look whether the person is a member of one.
type parser struct {
	chat   string
	tenant access.TenantID
	guilds []string // whose interactions are taken
	app    string   // our own application id, "" when not known
}

// interaction understands an interaction of any type.
func (p parser) interaction(data []byte) (act, error) {
	var in interaction
	if json.Unmarshal(data, &in) != nil || !snowflake.MatchString(in.ID) {
		return act{}, errMalformed
	}
	if p.app != "" && in.App != p.app {
		return act{}, errMalformed
	}
	if in.Type == typePing {
		return act{Surface: onPing, ID: in.ID, App: in.App}, nil
	}
	a, err := in.start()
	if err != nil {
		return act{}, err
	}
	if in.Context != nil && *in.Context == contextElsewhere {
		return a.ignore("a conversation without Usher"), nil
	}
	a, err = p.understand(in, a)
	if err != nil {
		return act{}, err
	}
	if in.Guild != "" && !slices.Contains(p.guilds, in.Guild) {
		a.Intent = nil
		return a, errGuild
	}
	return a, nil
}

// start is who did it and where.
func (in interaction) start() (act, error) {
	who := in.User
	if in.Member != nil {
		who = &in.Member.User
	}
	if in.Type < typeCommand || who == nil || !snowflake.MatchString(who.ID) || in.Token == "" {
		return act{}, errMalformed
	}
	for _, id := range []string{in.Guild, in.Channel} {
		if id != "" && !snowflake.MatchString(id) {
			return act{}, errMalformed
		}
	}
	if (in.Guild == "") != (in.Member == nil) {
		return act{}, errMalformed
	}
	a := act{
		ID: in.ID, Token: in.Token, App: in.App, User: who.ID, Guild: in.Guild, Channel: in.Channel,
		Locale: in.Locale, Member: in.Member,
	}
	if in.Message != nil {
		a.Message, a.Private = in.Message.ID, in.Message.Flags&flagPrivate != 0
	}
	return a, nil
}

func (p parser) understand(in interaction, a act) (act, error) {
	switch in.Type {
	case typeCommand:
		return p.invoked(in, a)
	case typeComponent:
		return p.pressed(in, a)
	case typeAutocomplete:
		return p.searched(in, a)
	case typeSubmit:
		return p.filled(in, a)
	}
	return a.ignore("interaction of type %d", in.Type), nil
}

func (p parser) who(a act) chat.Who {
	return chat.Who{Tenant: p.tenant, Account: accountOf(p.chat, a.User), Locale: a.Locale}
}

// accountOf is the account of a user of the chat.
func accountOf(chatName, user string) access.Account { return access.Account(chatName + "/" + user) }

// invoked understands a slash command or an entry of a menu.
func (p parser) invoked(in interaction, a act) (act, error) {
	var d commandData
	if json.Unmarshal(in.Data, &d) != nil || d.Name == "" {
		return act{}, errMalformed
	}
	do := chat.Invoked{Who: p.who(a), ID: a.ID, Command: rootAccess}
	switch d.Type {
	case commandSlash, 0:
		a.Surface = onCommand
		if d.Name != rootAccess && d.Name != rootAdmin {
			return a.ignore("command %.40q", d.Name), nil
		}
		do.Command, do.Text = d.Name, p.typed(d.Options)
	case commandUser, commandMessage:
		a.Surface = onMenu
		if !snowflake.MatchString(d.Target) {
			return act{}, errMalformed
		}
		switch {
		case d.Type == commandUser && d.Name == MenuRequest:
			do.Text = "request for @" + string(accountOf(p.chat, d.Target))
		case d.Type == commandMessage && d.Name == MenuMessage:
			do.Text, do.Link = "request", link(a, d.Target)
		default:
			return a.ignore("menu entry %.40q", d.Name), nil
		}
	default:
		return a.ignore("command of type %d", d.Type), nil
	}
	a.Intent = do
	return a, nil
}

// link is the address of a message, as "Copy Message Link" gives it.
func link(a act, message string) string {
	guild := a.Guild
	if guild == "" {
		guild = "@me"
	}
	return fmt.Sprintf("https://discord.com/channels/%s/%s/%s", guild, a.Channel, message)
}

// given are the words of a command: its name, and what was filled in.
type given struct {
	name    []string
	options []givenOption
}

// unfold goes down through group and subcommand, which Discord nests at most
// this deep.
func unfold(list []givenOption) given {
	var out given
	for range 2 {
		if len(list) != 1 || list[0].Type != optionSub && list[0].Type != optionGroup {
			break
		}
		out.name = append(out.name, list[0].Name)
		list = list[0].Options
	}
	out.options = list
	return out
}

// typed is a command as people type it where there are no options. The words
// of a text that would mean something else to the desk are in quotes.
func (p parser) typed(list []givenOption) string {
	g := unfold(list)
	words := g.name
	var person, place, until []string
	for _, o := range g.options {
		value := strings.TrimSpace(text(o.Value))
		switch {
		case value == "":
		case o.Type == optionUser && snowflake.MatchString(value):
			if o.Name == optionFor {
				person = append(person, "for")
			}
			person = append(person, "@"+string(accountOf(p.chat, value)))
		case o.Type == optionChannel && snowflake.MatchString(value):
			place = append(place, "#"+value)
		case o.Type == optionString && o.Name == optionUntil:
			until = append(until, "until", value)
		case o.Type == optionString:
			words = append(words, plainWords(value)...)
		}
	}
	return strings.Join(slices.Concat(words, person, place, until), " ")
}

// mentioned is a channel that was chosen while a text was typed ("Reference",
// Message Formatting).
var mentioned = regexp.MustCompile(`<#(\d+)>`)

// littleWord is a word that means something to the desk, in any of its
// languages.
var littleWord = regexp.MustCompile(`(?i)^(for|until|für|bis)$`)

// plainWords are the words of a name, none of which is taken for a person, a
// channel or one of the desk's own words.
func plainWords(s string) []string {
	out := strings.Fields(mentioned.ReplaceAllString(s, "#$1"))
	for i, w := range out {
		if strings.ContainsAny(w[:1], "@#") || littleWord.MatchString(w) {
			out[i] = `"` + w + `"`
		}
	}
	return out
}

// searched understands what is being typed into an option. The query is the
// command as it would be typed, which ends with the word that is completed.
func (p parser) searched(in interaction, a act) (act, error) {
	var d commandData
	if json.Unmarshal(in.Data, &d) != nil || d.Name == "" {
		return act{}, errMalformed
	}
	a.Surface = onSearch
	g := unfold(d.Options)
	i := slices.IndexFunc(g.options, func(o givenOption) bool { return o.Focused })
	if i < 0 || d.Name != rootAccess && d.Name != rootAdmin {
		return a.ignore("a search in %.40q", d.Name), nil
	}
	words := append(slices.Clone(g.name), "@")
	if g.options[i].Name == string(ArgPolicy) {
		words = append(words, g.words(ArgPackage)...)
	}
	a.Intent = chat.Searched{Who: p.who(a), Command: d.Name, Query: queryOf(words, text(g.options[i].Value))}
	return a, nil
}

// words are what is filled in for an argument.
func (g given) words(arg ArgKind) []string {
	for _, o := range g.options {
		if o.Name == string(arg) {
			return plainWords(strings.TrimSpace(text(o.Value)))
		}
	}
	return nil
}

// queryOf is a command with the last word of what is being typed. A person
// ("@") stands behind its name, so that a package is offered where the desk
// would offer people first.
func queryOf(name []string, typed string) string {
	last := ""
	if words := strings.Fields(typed); len(words) > 0 {
		last = strings.TrimLeft(words[len(words)-1], "@#")
	}
	return strings.Join(name, " ") + " " + last
}

// pressed understands a button. Its custom_id is the token, whole.
func (p parser) pressed(in interaction, a act) (act, error) {
	var d componentData
	if json.Unmarshal(in.Data, &d) != nil || d.CustomID == "" || in.Message == nil || !snowflake.MatchString(in.Message.ID) {
		return act{}, errMalformed
	}
	a.Surface = onMessage
	if d.Kind != kindButton {
		return a.ignore("component of type %d", d.Kind), nil
	}
	if d.CustomID == pressNo {
		a.Surface = onNo
		return a, nil
	}
	around := in.Message.buttons()
	if token, ok := unconfirmed(d.CustomID); ok {
		a.Surface, a.asked = onAsk, sure{label: around[d.CustomID], token: token}
		return a, nil
	}
	press := chat.Pressed{Who: p.who(a), ID: a.ID, Token: tokenOf(d.CustomID)}
	if press.Token == "" {
		return a.ignore("a button without a token"), nil
	}
	if _, asked := around[pressNo]; asked && a.Private {
		a.Surface = onYes
		if r := in.Message.Reference; r != nil {
			press.Ref = refOf(r.Channel, r.Message)
		}
	} else if !a.Private {
		press.Ref = refOf(orElse(in.Message.Channel, a.Channel), in.Message.ID)
	}
	a.Intent = press
	return a, nil
}

// refOf names a message; "" when it cannot be one.
func refOf(channel, message string) string {
	if !snowflake.MatchString(channel) || !snowflake.MatchString(message) {
		return ""
	}
	return channel + "/" + message
}

// buttons are the labels of the buttons of a message, by custom_id.
func (m seenMessage) buttons() map[string]string {
	out := map[string]string{}
	for _, h := range flatten(m.Components, maxDepth) {
		if h.Type == kindButton && h.CustomID != "" {
			out[h.CustomID] = text(h.Label)
		}
	}
	return out
}

// filled understands a modal that was sent.
func (p parser) filled(in interaction, a act) (act, error) {
	var d submitData
	if json.Unmarshal(in.Data, &d) != nil {
		return act{}, errMalformed
	}
	a.Surface = onSubmit
	id, page, ok := readModalID(d.CustomID)
	if !ok {
		return a.ignore("a modal that is no form"), nil
	}
	a.Intent = chat.Filled{Who: p.who(a), ID: a.ID, Form: id, Page: page, Values: answersIn(flatten(d.Components, maxDepth), p.chat)}
	return a, nil
}
