package slack

import (
	"bytes"
	"encoding/json"
	"net/url"
)

// What Usher reads of Slack's payloads. The library's own types decode whole
// messages and views; a press must not fail because the message around the
// button has a block that is newer than the library, and most of the time of
// an answer would go into it.

type command struct {
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	ChannelID    string `json:"channel_id"`
	UserID       string `json:"user_id"`
	Command      string `json:"command"`
	Text         string `json:"text"`
	ResponseURL  string `json:"response_url"`
	TriggerID    string `json:"trigger_id"`
	SSLCheck     string `json:"ssl_check"`
}

// readCommand reads a command as it comes over HTTP.
func readCommand(v url.Values) command {
	return command{
		TeamID: v.Get("team_id"), EnterpriseID: v.Get("enterprise_id"), ChannelID: v.Get("channel_id"),
		UserID: v.Get("user_id"), Command: v.Get("command"), Text: v.Get("text"),
		ResponseURL: v.Get("response_url"), TriggerID: v.Get("trigger_id"), SSLCheck: v.Get("ssl_check"),
	}
}

type named struct {
	ID string `json:"id"`
}

type interaction struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	Team        struct {
		ID           string `json:"id"`
		Domain       string `json:"domain"`
		EnterpriseID string `json:"enterprise_id"`
	} `json:"team"`
	Enterprise named `json:"enterprise"`
	User       named `json:"user"`
	Channel    named `json:"channel"`
	Message    struct {
		TS       string `json:"ts"`
		ThreadTS string `json:"thread_ts"`
	} `json:"message"`
	Container struct {
		Type        string `json:"type"`
		MessageTS   string `json:"message_ts"`
		ChannelID   string `json:"channel_id"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Actions []element `json:"actions"`
	View    *view     `json:"view"`
	// Of block_suggestion.
	BlockID string `json:"block_id"`
	Value   string `json:"value"`
}

type view struct {
	ID              string `json:"id"`
	Type            string `json:"type"`
	Hash            string `json:"hash"`
	CallbackID      string `json:"callback_id"`
	PrivateMetadata string `json:"private_metadata"`
	// AppTeam is where the app is installed whose modal it is; the team of the
	// payload may be that of a stranger who filled it in.
	AppTeam string `json:"app_installed_team_id"`
	Blocks  []struct {
		Type    string `json:"type"`
		BlockID string `json:"block_id"`
	} `json:"blocks"`
	State struct {
		Values map[string]map[string]element `json:"values"`
	} `json:"state"`
}

// element is an action, or what an element of a modal holds.
type element struct {
	Type            string   `json:"type"`
	BlockID         string   `json:"block_id"`
	Value           text     `json:"value"`
	SelectedDate    string   `json:"selected_date"`
	SelectedUser    string   `json:"selected_user"`
	SelectedOption  *option  `json:"selected_option"`
	SelectedOptions []option `json:"selected_options"`
}

type option struct {
	Value string `json:"value"`
}

// text is a string; what is none (the value of elements that Usher does not
// use) counts as empty.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	if !bytes.HasPrefix(b, []byte(`"`)) {
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

type delivery struct {
	Type         string `json:"type"`
	Challenge    string `json:"challenge"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	EventID      string `json:"event_id"`
	// Through which installation the event came; the team of the event may be
	// that of a stranger who caused it.
	ContextTeam       string `json:"context_team_id"`
	ContextEnterprise string `json:"context_enterprise_id"`
	Event             event  `json:"event"`
}

type event struct {
	Type         string          `json:"type"`
	Subtype      string          `json:"subtype"`
	User         json.RawMessage `json:"user"` // an id, or the whole user
	Tab          string          `json:"tab"`
	Channel      json.RawMessage `json:"channel"` // an id, or the whole channel
	TS           string          `json:"ts"`
	ThreadTS     string          `json:"thread_ts"`
	Text         string          `json:"text"`
	BotID        string          `json:"bot_id"`
	ParentUserID string          `json:"parent_user_id"`
	Subteam      named           `json:"subteam"`
	SubteamID    string          `json:"subteam_id"`
}

type changedUser struct {
	ID      string `json:"id"`
	Deleted bool   `json:"deleted"`
}

// idOf reads a field that is an id or an object with one.
func idOf(raw json.RawMessage) string {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return id
	}
	var n named
	if json.Unmarshal(raw, &n) == nil {
		return n.ID
	}
	return ""
}
