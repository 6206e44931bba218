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

// cmdUnlink takes an account away from its person, or asks which.
func (c *call) cmdUnlink(in words) (chat.Reply, error) {
	return c.onAccount(in, verbUnlink, c.unlink)
}

// cmdVouch confirms that an account is somebody's only one, or asks which.
func (c *call) cmdVouch(in words) (chat.Reply, error) {
	return c.onAccount(in, verbVouch, c.vouch)
}

// onAccount does something to the account that was named, or asks for it.
func (c *call) onAccount(in words, verb chat.Verb, do func(access.Account) (chat.Reply, error)) (chat.Reply, error) {
	if in.person == "" {
		return c.open(c.token(verb, ""), nil)
	}
	if err := c.tenantAdmin(); err != nil {
		return nil, err
	}
	return do(access.Account(in.person))
}

// tenantAdmin refuses everybody else, before anything is said about what was
// typed.
func (c *call) tenantAdmin() error {
	w, err := c.core.World(c.ctx, c.from.Tenant)
	if err == nil && !engine.TenantAdmin(w, c.actor) {
		return access.Refuse(access.Forbidden, "notAdmin")
	}
	return err
}

func (c *call) unlinkForm(chat.Token, *draft) (*sheet, error) {
	return c.accountForm("unlink", c.unlink)
}

func (c *call) vouchForm(chat.Token, *draft) (*sheet, error) {
	return c.accountForm("vouch", c.vouch)
}

// accountForm asks a tenant admin for an account.
func (c *call) accountForm(name string, do func(access.Account) (chat.Reply, error)) (*sheet, error) {
	if err := c.tenantAdmin(); err != nil {
		return nil, err
	}
	return &sheet{
		form:  form.Form{Title: c.plain(name + ".title"), Submit: c.plain("button." + name), Fields: []form.Field{c.personField()}},
		intro: c.text(name + ".intro"),
		submit: func(v form.Values) (chat.Reply, error) {
			reply, err := do(access.Account(one(v, "person")))
			if e, ok := access.AsError(err); ok {
				return nil, e.At("person")
			}
			return reply, err
		},
	}, nil
}

func (c *call) unlink(a access.Account) (chat.Reply, error) {
	if err := c.core.Unlink(c.ctx, c.from.Tenant, c.from.Account, a, c.id); err != nil {
		return nil, err
	}
	return c.say("done.unlink", "account", code(c.spoken(string(a)))), nil
}

func (c *call) vouch(a access.Account) (chat.Reply, error) {
	p, err := c.core.Profile(c.ctx, c.from.Tenant, access.PersonID(a))
	if e, ok := access.AsError(err); ok && e.Kind == access.NotFound {
		return nil, access.Refuse(access.NotFound, "unknownPerson", "value", cut(c.spoken(string(a)), 50)).At("person")
	}
	if err != nil {
		return nil, err
	}
	if err := c.core.Confirm(c.ctx, c.from.Tenant, c.from.Account, a, c.id); err != nil {
		return nil, err
	}
	return c.say("done.vouch", "person", c.mention(p.Person)), nil
}

// linking are the verbs and commands that an account may use which stands for
// nobody since it was unlinked.
func (c *call) linking(in chat.Intent) bool {
	switch in := in.(type) {
	case chat.Invoked:
		_, link := named(in.Text, "link")
		_, help := named(in.Text, "help")
		return strings.TrimPrefix(in.Command, "/") == Access && (link || help)
	case chat.Pressed:
		t, err := chat.ParseToken(in.Token)
		return err == nil && c.routes[t.Verb].linking
	}
	return false
}

// unproven is what people read above what waits for them who have yet to prove
// that they have no second account.
func (c *call) unproven() []chat.Block {
	if !c.actor.Unproven {
		return nil
	}
	return []chat.Block{{Text: c.text("error.accountUnproven")}}
}

// cannotDecide says which of the people whom open requests wait for have yet
// to prove who they are: admins can help.
func (c *call) cannotDecide(items []runtime.Item) ([]chat.Block, error) {
	var people []access.PersonID
	for _, item := range items[:min(len(items), listRows)] {
		r := item.View.Ledger.Request(item.Request)
		if stage, _ := r.Open(); stage != nil {
			people = append(people, c.scene(item.View).pending(*r, *stage)...)
		}
	}
	slices.Sort(people)
	unproven, err := c.core.Unproven(c.ctx, c.from.Tenant, slices.Compact(people))
	if err != nil || len(unproven) == 0 {
		return nil, err
	}
	s := c.scene(runtime.View{}, unproven...)
	return []chat.Block{{Small: true, Text: c.text("pending.unproven", "people", s.people(unproven))}}, nil
}
