package desk

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// settingsToEdit are the settings as they are, with a number that stands for
// what they say: their revision is raised by every edit of a definition.
func (c *call) settingsToEdit() (access.Settings, int64, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant)
	if err == nil {
		err = engine.MayDefine(w, c.actor, w.Settings, w.Settings)
	}
	if err != nil {
		return w.Settings, 0, err
	}
	data, err := json.Marshal(w.Settings)
	sum := sha256.Sum256(data)
	return w.Settings, int64(binary.BigEndian.Uint32(sum[:])>>1 | 1), err
}

// editSettings opens the form of one part as it is now.
func (c *call) editSettings(t chat.Token) (chat.Reply, error) {
	set, version, err := c.settingsToEdit()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(settingsParts(), t.Arg) {
		return nil, access.Refuse(access.Invalid, "unknownButton")
	}
	return over(c, t, set, version, c.plain("kind.settings"), func(set access.Settings) []form.Field { return c.settingsFields(t.Arg, set) })
}

// settingsFields ask for one part.
func (c *call) settingsFields(part string, set access.Settings) []form.Field {
	switch part {
	case partName:
		return []form.Field{{ID: "name", Kind: form.Line, Label: c.plain("label.name"), Required: true, Max: access.MaxName, Value: filled(set.Name)}}
	case partPeople:
		admins, auditors := c.subjectField("admins", set.Admins, false), c.subjectField("auditors", set.Auditors, false)
		admins.Label, admins.Hint, admins.Required = c.plain("field.admins"), c.plain("hint.admins"), true
		auditors.Label, auditors.Hint = c.plain("field.auditors"), c.plain("hint.auditors")
		return []form.Field{admins, auditors}
	case partRouting:
		return c.routingFields(set.Routing, "hint.channelsTenant")
	case partTongue:
		return []form.Field{
			{ID: "locale", Kind: form.Line, Label: c.plain("field.locale"), Hint: c.plain("hint.locale"), Max: 35, Value: filled(set.Locale)},
			{ID: "zone", Kind: form.Line, Label: c.plain("field.zone"), Hint: c.plain("hint.zone"), Max: 60, Value: filled(set.Zone)},
		}
	case partDrift:
		return []form.Field{c.flag("restore", set.Restore), c.flag("takefound", set.TakeFound)}
	default:
		return []form.Field{{
			ID: "stagelimit", Kind: form.Number, Label: c.plain("field.stagelimit"), Hint: c.plain("hint.stagelimit"),
			Required: true, Value: filled(strconv.Itoa(stageLimit(set))),
		}}
	}
}

// flag is a question with yes or no.
func (c *call) flag(id string, on bool) form.Field {
	return form.Field{
		ID: id, Kind: form.Flag, Label: c.plain("field." + id), Hint: c.plain("hint." + id), Required: true, Value: []string{yesNo(on)},
		Options: []form.Option{{Value: "yes", Label: c.plain("answer.yes")}, {Value: "no", Label: c.plain("answer.no")}},
	}
}

func (c *call) settingsForm(t chat.Token, d *draft) (*sheet, error) {
	set, version, err := c.settingsToEdit()
	if err != nil {
		return nil, err
	}
	return &sheet{
		form:   form.Form{Title: c.plain("settings.title"), Submit: c.plain("form.next"), Fields: c.settingsFields(t.Arg, set)},
		alias:  settingsField,
		search: c.searchCatalog,
		keeps:  true,
		submit: func(v form.Values) (chat.Reply, error) {
			if t.Stage != int(version) {
				return c.overtakenForm(t, d, v)
			}
			after, err := c.readSettings(t.Arg, v, set)
			if err != nil {
				return nil, err
			}
			return c.proposeSettings(t, set, after)
		},
	}, nil
}

// settingsField is the form's field for a field of a refusal.
func settingsField(field string) string {
	field = strings.TrimPrefix(field, "settings.")
	if field == "stageLimit" {
		return "stagelimit"
	}
	return routingField(field)
}

// readSettings are the settings with one part as it was typed.
func (c *call) readSettings(part string, v form.Values, set access.Settings) (access.Settings, error) {
	var e *access.Error
	var err error
	switch part {
	case partName:
		set.Name = one(v, "name")
	case partPeople:
		before := set
		if set.Admins, e = c.readSubjects(v, "admins", before.Admins); e == nil {
			set.Auditors, e = c.readSubjects(v, "auditors", before.Auditors)
		}
	case partRouting:
		set.Routing, e = c.readRouting(v, set.Routing)
	case partTongue:
		set.Locale, set.Zone = one(v, "locale"), one(v, "zone")
	case partDrift:
		set.Restore, set.TakeFound = one(v, "restore") == "yes", one(v, "takefound") == "yes"
	default:
		if set.StageLimit, err = strconv.Atoi(one(v, "stagelimit")); err != nil || set.StageLimit < 1 {
			e = access.Refuse(access.Invalid, "badStageLimit").At("stagelimit")
		}
	}
	if e != nil {
		return set, e
	}
	return set, nil
}

// proposeSettings shows the difference, and warns whoever would not be an
// admin any more.
func (c *call) proposeSettings(t chat.Token, before, after access.Settings) (chat.Reply, error) {
	reply, err := c.proposeForm(t, runtime.Edit{
		Definitions: runtime.Definitions{Settings: &after},
		Bases:       []runtime.Base{{Key: runtime.SettingsKey(c.from.Tenant), Settings: &before}},
	})
	tell, ok := reply.(chat.Tell)
	if err != nil || !ok || engine.TenantAdmin(engine.World{Settings: after}, c.actor) {
		return reply, err
	}
	tell.Card.Tone = chat.ToneBad
	tell.Card.Blocks = append([]chat.Block{{Text: c.text("settings.notAdminAnyMore")}}, tell.Card.Blocks...)
	for i := range tell.Card.Buttons[:min(1, len(tell.Card.Buttons))] {
		tell.Card.Buttons[i].Style = chat.StyleDanger
	}
	tell.Card = fit(tell.Card)
	return tell, nil
}
