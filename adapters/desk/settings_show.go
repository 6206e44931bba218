package desk

import (
	"strconv"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// The parts of the settings, each with a form of its own.
const (
	partName    = "name"
	partPeople  = "people"
	partRouting = "routing"
	partTongue  = "languages"
	partDrift   = "drift"
	partStages  = "stages"
)

func settingsParts() []string {
	return []string{partName, partPeople, partRouting, partTongue, partDrift, partStages}
}

// cmdSettings shows what the organisation chose for all its catalogs, to
// tenant admins and auditors.
func (c *call) cmdSettings(words) (chat.Reply, error) {
	w, err := c.core.World(c.ctx, c.from.Tenant)
	if err != nil {
		return nil, err
	}
	admin := engine.TenantAdmin(w, c.actor)
	if !admin && !engine.Auditor(w, c.actor) {
		return nil, access.Refuse(access.Forbidden, "notTenantAdmin")
	}
	title := c.plain("settings.title")
	card := chat.Card{Title: title, Summary: title, Tone: chat.ToneNeutral}
	card.Blocks = c.preface("", w.Settings.ManagedBy, false)
	s := c.scene(viewOf(w), peopleIn(w.Settings.Admins, w.Settings.Auditors)...)
	for _, part := range settingsParts() {
		row := chat.Block{Text: s.setting(part, w.Settings)}
		if admin && w.Settings.ManagedBy != access.ManagedByFile {
			row.Buttons = s.button(nil, verbSettingsEdit, chat.StylePlain, chat.Token{Arg: part})
		}
		card.Blocks = append(card.Blocks, row)
	}
	return chat.Tell{Card: fit(card)}, nil
}

func (c *call) showSettings(chat.Token) (chat.Reply, error) { return c.cmdSettings(words{}) }

// peopleIn are the people of lists.
func peopleIn(lists ...[]access.Subject) []access.PersonID {
	var out []access.PersonID
	for _, list := range lists {
		for _, sub := range list {
			out = append(out, sub.Person)
		}
	}
	return out
}

// setting says one part in words.
func (s scene) setting(part string, set access.Settings) chat.Text {
	switch part {
	case partName:
		return s.text("settings.name", "name", strong(set.Name))
	case partPeople:
		return s.text("settings.people", "admins", s.subjects(set.Admins), "auditors", s.subjects(set.Auditors))
	case partRouting:
		return s.text("settings.routing", "routing", s.routed(set.Routing, "routing.direct"))
	case partTongue:
		return s.text("settings.languages", "locale", code(first(set.Locale, "en")), "zone", code(first(set.Zone, "UTC")))
	case partDrift:
		restore, found := "settings.tell", "settings.leave"
		if set.Restore {
			restore = "settings.restore"
		}
		if set.TakeFound {
			found = "settings.take"
		}
		return s.text("settings.drift", "restore", s.text(restore), "found", s.text(found))
	default:
		return s.text("settings.stages", "count", strconv.Itoa(stageLimit(set)))
	}
}

// stageLimit is how many stages a policy may have.
func stageLimit(set access.Settings) int {
	if set.StageLimit > 0 {
		return set.StageLimit
	}
	return access.DefaultStageLimit
}
