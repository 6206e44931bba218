package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// resourceToEdit finds a resource that the person may edit.
func (c *call) resourceToEdit(id string) (access.Resource, error) {
	w, res, err := c.oneResource(id)
	if err != nil {
		return res, err
	}
	return res, engine.MayDefine(w, c.actor, res, res)
}

// editResource opens the form of a resource as it is now.
func (c *call) editResource(t chat.Token) (chat.Reply, error) {
	res, err := c.resourceToEdit(t.Arg)
	if err != nil {
		return nil, err
	}
	_, catalogs, err := c.ownCatalogs()
	if err != nil {
		return nil, err
	}
	return over(c, t, res, res.Revision, res.Name, func(res access.Resource) []form.Field { return c.resourceFields(res, catalogs) })
}

// resourceFields ask for what people may change of a resource. What it stands
// for outside is not among it: that is another resource.
func (c *call) resourceFields(res access.Resource, catalogs []form.Option) []form.Field {
	fields := append(c.aboutFields(res), c.catalogField(catalogs, res.Catalog))
	if res.Connector == access.ManualConnector {
		fields = append(fields, c.handsField(res.Hands))
	}
	return fields
}

// handsField asks who carries out the tasks of a resource.
func (c *call) handsField(hands []access.Subject) form.Field {
	f := c.subjectField("hands", hands, false)
	f.Label, f.Hint, f.Required = c.plain("field.hands"), c.plain("hint.hands"), true
	return f
}

func (c *call) resourceForm(t chat.Token, d *draft) (*sheet, error) {
	res, err := c.resourceToEdit(t.Arg)
	if err != nil {
		return nil, err
	}
	_, catalogs, err := c.ownCatalogs()
	if err != nil {
		return nil, err
	}
	return &sheet{
		form:   form.Form{Title: c.plain("resource.editTitle"), Submit: c.plain("form.next"), Fields: c.resourceFields(res, catalogs)},
		intro:  c.text("resource.editIntro", "resource", strong(res.Name)),
		alias:  resourceField,
		search: c.searchSubjects,
		keeps:  true,
		submit: func(v form.Values) (chat.Reply, error) {
			after := res
			after.Name, after.Description, after.Catalog = one(v, "name"), one(v, "description"), access.CatalogID(one(v, "catalog"))
			if res.Connector == access.ManualConnector {
				hands, e := c.readSubjects(v, "hands", res.Hands)
				if e != nil {
					return nil, e
				}
				after.Hands = hands
			}
			return c.proposeEdited(t, d, v, res, after)
		},
	}, nil
}

// proposeEdited proposes another version of a resource, unless somebody else
// was faster than the form.
func (c *call) proposeEdited(t chat.Token, d *draft, v form.Values, before, after access.Resource) (chat.Reply, error) {
	if t.Stage != int(before.Revision) {
		return c.overtakenForm(t, d, v)
	}
	return c.proposeForm(t, runtime.Edit{
		Definitions: runtime.Definitions{Resources: []access.Resource{after}},
		Bases:       []runtime.Base{{Key: runtime.ResourceKey(c.from.Tenant, after.ID), Revision: before.Revision}},
	})
}

// overtakenForm goes on with a form over a version that is there no more.
func (c *call) overtakenForm(t chat.Token, d *draft, v form.Values) (chat.Reply, error) {
	id, err := t.Encode()
	if err != nil {
		return nil, err
	}
	d.Values = v
	c.save(id, d)
	return c.routes[t.Verb].press(c, t)
}

// editRole opens the form of a role as it is now: the one with the number
// Request, or (0) a new one.
func (c *call) editRole(t chat.Token) (chat.Reply, error) {
	res, err := c.resourceToEdit(t.Arg)
	if err != nil {
		return nil, err
	}
	if _, ok := roleAt(res, t); !ok {
		return nil, access.Refuse(access.TooLate, "roleMoved", "resource", res.Name)
	}
	return over(c, t, res, res.Revision, res.Name, func(res access.Resource) []form.Field {
		role, _ := roleAt(res, t)
		return c.roleFields(role)
	})
}

// roleAt is the role that an address means; a new one has no id.
func roleAt(res access.Resource, t chat.Token) (access.ResourceRole, bool) {
	n := int(t.Request)
	if n == 0 {
		return access.ResourceRole{}, true
	}
	if n > len(res.Roles) || t.Stage != int(res.Revision) {
		return access.ResourceRole{}, false
	}
	return res.Roles[n-1], true
}

// roleFields ask for a role in words.
func (c *call) roleFields(role access.ResourceRole) []form.Field {
	return []form.Field{
		{ID: "role", Kind: form.Line, Label: c.plain("field.role"), Hint: c.plain("hint.role"), Required: true, Max: access.MaxName, Value: filled(role.Name)},
		{ID: "can", Kind: form.Area, Label: c.plain("field.can"), Hint: c.plain("hint.can"), Required: true, Max: maxArea, Value: filled(c.wordsText(role.Can))},
	}
}

// readRole is a role as it was typed over another.
func (c *call) readRole(v form.Values, before access.ResourceRole) access.ResourceRole {
	before.Name = one(v, "role")
	if typed := one(v, "can"); typed != c.wordsText(before.Can) {
		before.Can = c.readWords(typed)
	}
	return before
}

func (c *call) roleForm(t chat.Token, d *draft) (*sheet, error) {
	res, err := c.resourceToEdit(t.Arg)
	if err != nil {
		return nil, err
	}
	role, _ := roleAt(res, t)
	missing, err := c.missingRoles(res, t)
	if err != nil {
		return nil, err
	}
	sh := &sheet{
		form:   form.Form{Title: c.plain("resource.roleTitle"), Submit: c.plain("form.next"), Fields: c.roleFields(role)},
		intro:  c.text("resource.editIntro", "resource", strong(res.Name)),
		alias:  resourceField,
		keeps:  true,
		submit: func(v form.Values) (chat.Reply, error) { return c.proposeRole(t, d, v, res, missing) },
	}
	if len(missing) > 0 {
		sh.form.Fields = []form.Field{c.whichRole(missing)}
	}
	return sh, nil
}

// missingRoles are the roles that the connector knows of a thing and the
// resource does not have; for a new role only, and none where the connector
// lists nothing.
func (c *call) missingRoles(res access.Resource, t chat.Token) ([]access.ResourceRole, error) {
	if t.Request != 0 {
		return nil, nil
	}
	thing, err := c.thing(res.Connector + "/" + res.Target)
	if err != nil || len(thing.Roles) == 0 {
		return nil, nil
	}
	missing := slices.DeleteFunc(slices.Clone(thing.Roles), func(role access.ResourceRole) bool {
		_, there := res.Role(role.ID)
		return there
	})
	if len(missing) == 0 {
		return nil, access.Refuse(access.Refused, "noMoreRoles", "resource", res.Name)
	}
	return missing, nil
}

func (c *call) whichRole(missing []access.ResourceRole) form.Field {
	f := form.Field{ID: "which", Kind: form.One, Label: c.plain("field.whichRole"), Required: true}
	for _, role := range missing {
		f.Options = append(f.Options, form.Option{Value: role.ID, Label: role.Name, Hint: cut(oneLine(role.Can.For(c.locale)), 100)})
	}
	return f
}

// proposeRole proposes a resource with a role that is new or has other words.
func (c *call) proposeRole(t chat.Token, d *draft, v form.Values, res access.Resource, missing []access.ResourceRole) (chat.Reply, error) {
	after := res
	after.Roles = slices.Clone(res.Roles)
	old, there := roleAt(res, t)
	if !there {
		return c.overtakenForm(t, d, v)
	}
	role := c.readRole(v, old)
	for _, one := range missing {
		if slices.Contains(v["which"], one.ID) {
			role = c.worded(one)
		}
	}
	if t.Request == 0 {
		if role.ID == "" {
			role.ID = slugOf(role.Name, "role", func(id string) bool { _, taken := res.Role(id); return taken })
		}
		after.Roles = append(after.Roles, role)
	} else {
		after.Roles[t.Request-1] = role
	}
	return c.proposeEdited(t, d, v, res, after)
}

// dropRole proposes a resource without one of its roles.
func (c *call) dropRole(t chat.Token) (chat.Reply, error) {
	res, err := c.resourceToEdit(t.Arg)
	if err != nil {
		return nil, err
	}
	role, ok := roleAt(res, t)
	if !ok || role.ID == "" {
		return nil, access.Refuse(access.TooLate, "roleMoved", "resource", res.Name)
	}
	after := res
	after.Roles = slices.DeleteFunc(slices.Clone(res.Roles), func(one access.ResourceRole) bool { return one.ID == role.ID })
	return c.propose(proposal{Back: c.token(verbResource, t.Arg), Edit: runtime.Edit{
		Definitions: runtime.Definitions{Resources: []access.Resource{after}},
		Bases:       []runtime.Base{{Key: runtime.ResourceKey(c.from.Tenant, res.ID), Revision: res.Revision}},
	}})
}
