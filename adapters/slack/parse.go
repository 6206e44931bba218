package slack

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

// Callback ids of the shortcuts in the manifest.
const (
	shortcutRequest = "request_access"
	shortcutMessage = "ask_about_message"
)

var (
	errMalformed = errors.New("malformed")
	errTeam      = errors.New("of another workspace")

	teamForm    = regexp.MustCompile(`^[TE][A-Z0-9]{1,30}$`)
	channelForm = regexp.MustCompile(`^[CGD][A-Z0-9]{1,30}$`)
	groupForm   = regexp.MustCompile(`^[SCG][A-Z0-9]{1,30}$`)
	tsForm      = regexp.MustCompile(`^[0-9]{1,12}\.[0-9]{1,8}$`)
	domainForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,80}$`)
)

// surface is where somebody did something; it decides how they are answered.
type surface string

const (
	onCommand surface = "command"
	onMessage surface = "message"  // a button on a message
	onGlobal  surface = "shortcut" // of either kind
	onHome    surface = "home"     // a button there
	onModal   surface = "modal"    // a button in a modal
	onLive    surface = "live"     // a field in a modal changed
	onSubmit  surface = "submit"
	onSearch  surface = "search"
	onEvent   surface = "event"
	onOpened  surface = "opened" // the App Home is looked at
)

// act is one payload, understood.
type act struct {
	Surface surface
	// Intent is nil for what is no person's doing and for what is ignored.
	Intent  chat.Intent
	Ignored string // why

	User        string // Slack's id of who did it
	Trigger     string
	ResponseURL string
	Channel     string // where they did it, if in a conversation
	View        view   // of onModal, onLive and onSubmit
	EventID     string // of events

	Left  access.PersonID // somebody was deactivated
	Group access.GroupID  // whose members changed

	// stranger comes with errTeam: it is what to take if the person turns out
	// to be in a channel that is shared with their workspace.
	stranger *act
}

func ignore(why string, args ...any) act { return act{Ignored: fmt.Sprintf(why, args...)} }

// parser understands the payloads of one chat. It is pure. Its errors are
// errMalformed and errTeam.
type parser struct {
	chat   string
	tenant access.TenantID
	teams  []string // whose payloads are taken: workspaces and organisations
	bot    string   // our own user id, "" when not known
}

func (p parser) who(user string) chat.Who {
	return chat.Who{Tenant: p.tenant, Account: accountOf(p.chat, user)}
}

// home checks where a payload comes from. An organisation counts for all of
// its workspaces only if it is listed itself.
func (p parser) home(team, enterprise string) error {
	if team == "" && enterprise == "" || team != "" && !teamForm.MatchString(team) {
		return errMalformed
	}
	if slices.Contains(p.teams, team) || enterprise != "" && slices.Contains(p.teams, enterprise) {
		return nil
	}
	return errTeam
}

// command understands a slash command.
func (p parser) command(c command) (act, error) {
	if c.SSLCheck == "1" {
		return ignore("a check of the certificate"), nil
	}
	if err := p.home(c.TeamID, c.EnterpriseID); err != nil {
		return act{Surface: onCommand}, err
	}
	if !userForm.MatchString(c.UserID) || c.TriggerID == "" {
		return act{}, errMalformed
	}
	name := strings.TrimPrefix(c.Command, "/")
	if name != "access" && name != "access-admin" {
		return ignore("command %.40q", c.Command), nil
	}
	return act{
		Surface: onCommand, User: c.UserID, Trigger: c.TriggerID, ResponseURL: c.ResponseURL, Channel: c.ChannelID,
		Intent: chat.Invoked{Who: p.who(c.UserID), ID: c.TriggerID, Command: name, Text: typed(p.chat, namedChannel.ReplaceAllString(c.Text, "$1"))},
	}, nil
}

// interaction understands what comes from buttons, modals, menus and
// shortcuts.
func (p parser) interaction(data []byte) (act, error) {
	var in interaction
	if err := json.Unmarshal(data, &in); err != nil {
		return act{}, errMalformed
	}
	switch in.Type {
	case "block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "message_action":
	case "":
		return act{}, errMalformed
	default:
		return ignore("interaction %.40q", in.Type), nil
	}
	if !userForm.MatchString(in.User.ID) {
		return act{}, errMalformed
	}
	home := p.home(in.Team.ID, orElse(in.Enterprise.ID, in.Team.EnterpriseID))
	if home == errTeam && in.View != nil && slices.Contains(p.teams, in.View.AppTeam) {
		home = nil
	}
	if home == errMalformed {
		return act{}, home
	}
	out, err := p.understand(in)
	out.User, out.Trigger, out.ResponseURL = in.User.ID, in.TriggerID, in.ResponseURL
	if err == nil && home != nil {
		return act{Surface: out.Surface, User: out.User, stranger: &out}, home
	}
	return out, err
}

func (p parser) understand(in interaction) (act, error) {
	switch in.Type {
	case "block_actions":
		return p.pressed(in)
	case "view_submission":
		return p.submitted(in)
	case "block_suggestion":
		return p.searched(in)
	case "view_closed":
		return ignore("a modal was closed"), nil
	}
	return p.shortcut(in)
}

// idOfAct is the platform's id for what somebody did: the trigger, which every
// press and submission has one of, else what names it as well.
func (in interaction) idOfAct() string {
	if in.TriggerID == "" && in.View != nil {
		return in.View.ID + "/" + in.View.Hash
	}
	return in.TriggerID
}

func (p parser) pressed(in interaction) (act, error) {
	if len(in.Actions) == 0 || in.idOfAct() == "" {
		return act{}, errMalformed
	}
	a := in.Actions[0]
	if a.Type != "button" {
		if in.View != nil && in.View.Type == "modal" {
			return p.filled(in, true)
		}
		return ignore("element %.40q", a.Type), nil
	}
	if a.Value == "" {
		return ignore("a button without a token"), nil
	}
	press := chat.Pressed{Who: p.who(in.User.ID), ID: in.idOfAct(), Token: string(a.Value)}
	switch {
	case in.View != nil && in.View.Type == "home":
		return act{Surface: onHome, Intent: press}, nil
	case in.View != nil:
		return act{Surface: onModal, Intent: press, View: *in.View}, nil
	}
	if !in.Container.IsEphemeral {
		press.Ref = refOf(orElse(in.Container.ChannelID, in.Channel.ID), orElse(in.Container.MessageTS, in.Message.TS))
	}
	return act{Surface: onMessage, Intent: press, Channel: orElse(in.Container.ChannelID, in.Channel.ID)}, nil
}

// refOf names a message; "" when it cannot be one.
func refOf(channel, ts string) string {
	if !channelForm.MatchString(channel) || !tsForm.MatchString(ts) {
		return ""
	}
	return channel + "/" + ts
}

func (p parser) submitted(in interaction) (act, error) {
	if in.View == nil || in.idOfAct() == "" {
		return act{}, errMalformed
	}
	return p.filled(in, false)
}

func (p parser) filled(in interaction, live bool) (act, error) {
	m, err := readMemo(in.View.PrivateMetadata)
	if err != nil {
		return ignore("a modal that is no form"), nil
	}
	out := act{Surface: onSubmit, View: *in.View}
	if live {
		out.Surface = onLive
	}
	out.Intent = chat.Filled{
		Who: p.who(in.User.ID), ID: in.idOfAct(), Form: m.Form, Page: m.Page, Values: in.View.values(p.chat), Live: live,
	}
	return out, nil
}

func (p parser) searched(in interaction) (act, error) {
	if in.View == nil || in.BlockID == "" {
		return ignore("a search outside of a form"), nil
	}
	m, err := readMemo(in.View.PrivateMetadata)
	if err != nil {
		return ignore("a search in a modal that is no form"), nil
	}
	return act{
		Surface: onSearch,
		Intent:  chat.Searched{Who: p.who(in.User.ID), Form: m.Form, Field: in.BlockID, Query: unescaper.Replace(in.Value)},
	}, nil
}

func (p parser) shortcut(in interaction) (act, error) {
	if in.TriggerID == "" {
		return act{}, errMalformed
	}
	do := chat.Invoked{Who: p.who(in.User.ID), ID: in.TriggerID, Command: "access", Text: "request"}
	switch in.CallbackID {
	case shortcutRequest:
	case shortcutMessage:
		do.Link = permalink(in)
	default:
		return ignore("shortcut %.40q", in.CallbackID), nil
	}
	return act{Surface: onGlobal, Intent: do}, nil
}

// permalink is the address of the message that a shortcut was used on, in the
// form that chat.getPermalink gives it.
func permalink(in interaction) string {
	if refOf(in.Channel.ID, in.Message.TS) == "" || !domainForm.MatchString(in.Team.Domain) {
		return ""
	}
	link := fmt.Sprintf("https://%s.slack.com/archives/%s/p%s", in.Team.Domain, in.Channel.ID, strings.Replace(in.Message.TS, ".", "", 1))
	if in.Message.ThreadTS != "" && tsForm.MatchString(in.Message.ThreadTS) {
		link += "?thread_ts=" + in.Message.ThreadTS + "&cid=" + in.Channel.ID
	}
	return link
}

// event understands a delivery of the Events API.
func (p parser) event(data []byte) (act, error) {
	var d delivery
	if err := json.Unmarshal(data, &d); err != nil {
		return act{}, errMalformed
	}
	if d.Type != "event_callback" {
		return ignore("delivery %.40q", d.Type), nil
	}
	if err := p.home(orElse(d.ContextTeam, d.TeamID), orElse(d.ContextEnterprise, d.EnterpriseID)); err != nil {
		return act{}, err
	}
	if d.EventID == "" || d.Event.Type == "" {
		return act{}, errMalformed
	}
	out := p.happened(d)
	out.EventID = d.EventID
	if out.Surface == "" {
		out.Surface = onEvent
	}
	return out, nil
}

func (p parser) happened(d delivery) act {
	e := d.Event
	switch e.Type {
	case "app_home_opened":
		user := idOf(e.User)
		if e.Tab != "home" || !userForm.MatchString(user) {
			return ignore("another tab of the home")
		}
		return act{Surface: onOpened, User: user, Channel: idOf(e.Channel), Intent: p.homeOf(user, d.EventID)}
	case "message":
		return p.replied(d)
	case "user_change":
		var u changedUser
		if json.Unmarshal(e.User, &u) != nil || !userForm.MatchString(u.ID) {
			return ignore("a change of nobody")
		}
		if !u.Deleted {
			return ignore("a change of a profile")
		}
		return act{Left: access.PersonID(accountOf(p.chat, u.ID))}
	case "subteam_updated", "subteam_members_changed", "member_joined_channel", "member_left_channel":
		group := orElse(orElse(e.SubteamID, e.Subteam.ID), idOf(e.Channel))
		if !groupForm.MatchString(group) {
			return ignore("a change of no group")
		}
		return act{Group: access.GroupID(p.chat + "/" + group)}
	}
	return ignore("event %.40q", e.Type)
}

// homeOf asks for what the App Home shows.
func (p parser) homeOf(user, id string) chat.Invoked {
	return chat.Invoked{Who: p.who(user), ID: id, Command: "access", Text: "home"}
}

// replied understands a message in the thread of one of our own.
func (p parser) replied(d delivery) act {
	e := d.Event
	user, ref := idOf(e.User), refOf(idOf(e.Channel), e.ThreadTS)
	switch {
	case e.BotID != "" || user == p.bot && user != "" || user == "USLACKBOT":
		return ignore("a message of a program")
	case e.Subtype != "" && e.Subtype != "thread_broadcast":
		return ignore("a message of subtype %.40q", e.Subtype)
	case ref == "" || e.ThreadTS == e.TS:
		return ignore("a message that is no reply")
	case e.ParentUserID != "" && p.bot != "" && e.ParentUserID != p.bot:
		return ignore("a reply to somebody else")
	case !userForm.MatchString(user) || strings.TrimSpace(e.Text) == "":
		return ignore("a reply without words")
	}
	return act{User: user, Channel: idOf(e.Channel), Intent: chat.Replied{Who: p.who(user), ID: d.EventID, Ref: ref, Text: typed(p.chat, e.Text)}}
}
