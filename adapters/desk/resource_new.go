package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// newResourceForm asks the rest about what was chosen.
func (c *call) newResourceForm(t chat.Token, d *draft) (*sheet, error) {
	_, catalogs, err := c.ownCatalogs()
	if err != nil {
		return nil, err
	}
	var thing runtime.Thing
	var fields []form.Field
	value := d.value("thing")
	switch value {
	case "":
		return nil, access.Refuse(access.TooLate, "formOver")
	case thingByHand:
		thing.Connector = access.ManualConnector
	case thingTyped:
		fields = c.addressFields()
	default:
		if thing, err = c.thing(value); err != nil {
			return nil, err
		}
	}
	fields = append(fields, c.aboutFields(access.Resource{Name: cut(oneLine(thing.Name), access.MaxName)})...)
	fields = append(fields, c.catalogField(catalogs, ""))
	fields = append(fields, c.firstRole(thing)...)
	if thing.Connector == access.ManualConnector {
		fields = append(fields, c.handsField(nil))
	}
	sh := &sheet{
		form:   form.Form{Title: c.plain("resource.newTitle"), Submit: c.plain("form.next"), Fields: fields},
		intro:  c.thingIntro(thing),
		alias:  resourceField,
		search: c.searchSubjects,
		keeps:  true,
		submit: func(v form.Values) (chat.Reply, error) { return c.proposeResource(t, thing, v) },
	}
	return sh, nil
}

// thingIntro says what is being added.
func (c *call) thingIntro(thing runtime.Thing) chat.Text {
	if thing.Name == "" {
		return nil
	}
	return c.text("resource.newIntro", "thing", strong(thing.Name), "kind", c.thingHint(thing))
}

// addressFields ask where something is that nothing lists.
func (c *call) addressFields() []form.Field {
	f := form.Field{ID: "connector", Kind: form.One, Label: c.plain("field.connector"), Required: true}
	for _, kind := range c.typedKinds() {
		f.Options = append(f.Options, form.Option{Value: kind, Label: kind})
	}
	if len(f.Options) == 1 {
		f.Value = []string{f.Options[0].Value}
	}
	return []form.Field{f, {
		ID: "target", Kind: form.Line, Label: c.plain("field.target"), Hint: c.plain("hint.target"), Required: true, Max: access.MaxTarget,
	}}
}

// aboutFields ask what a resource is called and what it is.
func (c *call) aboutFields(res access.Resource) []form.Field {
	return []form.Field{
		{ID: "name", Kind: form.Line, Label: c.plain("label.name"), Required: true, Max: access.MaxName, Value: filled(res.Name)},
		{ID: "description", Kind: form.Area, Label: c.plain("field.description"), Max: access.MaxDescription, Value: filled(res.Description)},
	}
}

// catalogField asks for one of the catalogs that the person owns; the only one
// is chosen already.
func (c *call) catalogField(catalogs []form.Option, chosen access.CatalogID) form.Field {
	f := form.Field{ID: "catalog", Kind: form.One, Label: c.plain("field.catalog"), Required: true, Options: catalogs, Value: filled(string(chosen))}
	if len(catalogs) == 1 {
		f.Value = []string{catalogs[0].Value}
	}
	return f
}

// firstRole asks which of the thing's roles to offer, or for one in words.
func (c *call) firstRole(thing runtime.Thing) []form.Field {
	if len(thing.Roles) == 0 {
		return c.roleFields(access.ResourceRole{})
	}
	if len(thing.Roles) == 1 {
		return nil
	}
	f := form.Field{ID: "roles", Kind: form.Many, Label: c.plain("field.roles"), Required: true}
	for _, role := range thing.Roles {
		f.Options = append(f.Options, form.Option{Value: role.ID, Label: role.Name, Hint: cut(oneLine(role.Can.For(c.locale)), 100)})
		f.Value = append(f.Value, role.ID)
	}
	return []form.Field{f}
}

// proposeResource proposes a new resource.
func (c *call) proposeResource(t chat.Token, thing runtime.Thing, v form.Values) (chat.Reply, error) {
	res := access.Resource{
		Catalog: access.CatalogID(one(v, "catalog")), Name: one(v, "name"), Description: one(v, "description"),
		Connector: first(thing.Connector, one(v, "connector")), Target: first(thing.Target, one(v, "target"), one(v, "name")),
	}
	for _, role := range thing.Roles {
		if len(thing.Roles) == 1 || slices.Contains(v["roles"], role.ID) {
			res.Roles = append(res.Roles, c.worded(role))
		}
	}
	if len(thing.Roles) == 0 {
		role := c.readRole(v, access.ResourceRole{})
		role.ID = slugOf(role.Name, "role", func(string) bool { return false })
		res.Roles = []access.ResourceRole{role}
	}
	if res.Connector == access.ManualConnector {
		hands, err := c.readSubjects(v, "hands", nil)
		if err != nil {
			return nil, err
		}
		res.Hands = hands
	}
	var err error
	if res.ID, err = c.freeResourceID(res.Name); err != nil {
		return nil, err
	}
	return c.proposeForm(t, runtime.Edit{
		Definitions: runtime.Definitions{Resources: []access.Resource{res}},
		Bases:       []runtime.Base{{Key: runtime.ResourceKey(c.from.Tenant, res.ID)}},
	})
}

// worded is a role of a connector with words for what it lets its holder do.
func (c *call) worded(role access.ResourceRole) access.ResourceRole {
	if role.Can.Text == "" {
		role.Can.Text = role.Name
	}
	return role
}

// freeResourceID makes an id of a name that nothing has.
func (c *call) freeResourceID(name string) (access.ResourceID, error) {
	var err error
	id := slugOf(name, "resource", func(id string) bool {
		if err != nil {
			return false
		}
		var w engine.World
		w, err = c.core.Resources(c.ctx, c.from.Tenant, access.ResourceID(id))
		return err == nil && w.Resources[access.ResourceID(id)].ID != ""
	})
	return access.ResourceID(id), err
}

// resourceField is the form's field for a field of a refusal:
// "resources[0].roles[0].can.text" is asked as "can".
func resourceField(field string) string {
	field = strings.TrimPrefix(field, "resources[0].")
	if rest, ok := strings.CutPrefix(field, "roles["); ok {
		_, field, _ = strings.Cut(rest, "].")
		if field == "name" {
			return "role"
		}
		field, _, _ = strings.Cut(field, ".") // of the languages of what the holder can do
	}
	if at := strings.IndexByte(field, '['); at >= 0 {
		field = field[:at]
	}
	return field
}
