package desk

import (
	"slices"
	"strconv"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// placeField asks for the place of something among others, from 1.
func (c *call) placeField(id string, n, of int) form.Field {
	f := form.Field{ID: id, Kind: form.One, Required: true, Label: c.plain("policy.field.place"), Hint: c.hint("policy.hint." + id), Value: []string{strconv.Itoa(n + 1)}}
	for i := 1; i <= of; i++ {
		f.Options = append(f.Options, form.Option{Value: strconv.Itoa(i), Label: c.plain("policy.place", "n", i, "of", of)})
	}
	return f
}

// moved puts the element n at another place, as it was typed, from 1.
func moved[T any](list []T, n int, place string) []T {
	to, err := strconv.Atoi(place)
	if err != nil || to < 1 || to > len(list) {
		return list
	}
	it := list[n]
	return slices.Insert(slices.Delete(slices.Clone(list), n, n+1), to-1, it)
}

// namePolicy opens the form with a policy's name and place.
func (c *call) namePolicy(w work, n int) (chat.Reply, error) {
	t := c.token(verbPolicyName, string(w.Package.ID))
	t.Face = markOf(w.Package.Policies[n].ID)
	return c.open(t, nil)
}

func (c *call) policyNameFields(p access.Policy) []form.Field {
	return []form.Field{
		{ID: "policy.name", Kind: form.Line, Required: true, Max: access.MaxName, Label: c.plain("policy.field.name"), Value: filled(p.Name)},
		{ID: "policy.description", Kind: form.Area, Max: access.MaxDescription, Label: c.plain("policy.field.description"), Hint: c.plain("policy.hint.description"), Value: filled(p.Description)},
	}
}

// policyNameForm asks for the name, the description and the place of a policy.
func (c *call) policyNameForm(t chat.Token, _ *draft) (*sheet, error) {
	w, n, err := c.policyOn(t)
	if err != nil {
		return nil, err
	}
	p := w.Package.Policies[n]
	fields := c.policyNameFields(p)
	if len(w.Package.Policies) > 1 {
		fields = append(fields, c.placeField("policy.place", n, len(w.Package.Policies)))
	}
	return &sheet{
		form: form.Form{Title: c.plain("policy.form.name"), Submit: c.plain("step.submit.change"), Fields: fields},
		submit: func(v form.Values) (chat.Reply, error) {
			p.Name, p.Description = one(v, "policy.name"), one(v, "policy.description")
			w := w.withPolicy(n, p)
			w.Package.Policies = moved(w.Package.Policies, n, one(v, "policy.place"))
			if err := c.keepWork(w); err != nil {
				return nil, err
			}
			if one(v, "policy.place") != "" {
				return c.policiesCard(w)
			}
			return c.onePolicy(w, n)
		},
	}, nil
}

// withPolicy is the work with another version of its policy n.
func (w work) withPolicy(n int, p access.Policy) work {
	w.Package.Policies = slices.Clone(w.Package.Policies)
	w.Package.Policies[n] = p
	return w
}

// newPolicyForm asks for the name of a new policy, and one to copy from.
func (c *call) newPolicyForm(t chat.Token, _ *draft) (*sheet, error) {
	w, err := c.workOn(access.PackageID(t.Arg))
	if err != nil {
		return nil, err
	}
	if len(w.Package.Policies) >= access.MaxPolicies {
		return nil, access.Refuse(access.Invalid, "tooManyPolicies", "max", access.MaxPolicies)
	}
	fields := c.policyNameFields(access.Policy{})
	if len(w.Package.Policies) > 0 {
		f := form.Field{ID: "policy.copy", Kind: form.One, Label: c.plain("policy.field.copy"), Hint: c.plain("policy.hint.copy")}
		for _, p := range w.Package.Policies {
			f.Options = append(f.Options, form.Option{Value: string(p.ID), Label: first(p.Name, string(p.ID))})
		}
		fields = append(fields, f)
	}
	return &sheet{
		form: form.Form{Title: c.plain("policy.form.new"), Submit: c.plain("policy.submit.new"), Fields: fields},
		submit: func(v form.Values) (chat.Reply, error) {
			w.Package.Policies = append(slices.Clone(w.Package.Policies), c.newPolicy(w.Package, v))
			if err := c.keepWork(w); err != nil {
				return nil, err
			}
			return c.onePolicy(w, len(w.Package.Policies)-1)
		},
	}, nil
}

// newPolicy is the policy that newPolicyForm asked for.
func (c *call) newPolicy(in access.Package, v form.Values) access.Policy {
	p, copied := in.Policy(access.PolicyID(one(v, "policy.copy")))
	if !copied {
		p = c.firstPolicy()
	}
	p.Version, p.EditedBy, p.EditedAt = 0, "", time.Time{}
	p.Name, p.Description = one(v, "policy.name"), one(v, "policy.description")
	p.ID = access.PolicyID(slugOf(p.Name, "policy", func(id string) bool {
		_, taken := in.Policy(access.PolicyID(id))
		return taken
	}))
	return p
}
