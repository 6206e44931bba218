package desk

import (
	"slices"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// What a policy's forms have in common: whoFields, stageFields, lifeFields and
// questionFields give the fields with what the policy says filled in, and
// readWho, readStages, readLife and readQuestion put what comes back into the
// same policy. Settings that were not shown stay as they are, and reading what
// was shown changes nothing. The errors are by field. A sheet of such fields
// needs search: c.searchSubjects.

// yesNoField asks yes or no.
func (c *call) yesNoField(id string, value bool) form.Field {
	f := form.Field{ID: id, Kind: form.Flag, Label: c.plain("policy.field." + tail(id)), Hint: c.hint("policy.hint." + tail(id)), Required: true}
	f.Options = []form.Option{{Value: "yes", Label: c.plain("answer.yes")}, {Value: "no", Label: c.plain("answer.no")}}
	f.Value = []string{yesWord(value)}
	return f
}

func yesWord(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// moreField asks whether to show what is seldom needed.
func (c *call) moreField(id string, value bool) form.Field {
	f := c.yesNoField(id, value)
	f.Label, f.Hint = c.plain("policy.field.more"), c.hint("policy.hint."+id)
	return f
}

// choiceField asks for one of some values, or several.
func (c *call) choiceField(kind form.Kind, id string, values []string, chosen ...string) form.Field {
	f := form.Field{ID: id, Kind: kind, Label: c.plain("policy.field." + tail(id)), Hint: c.hint("policy.hint." + tail(id)), Value: chosen}
	for _, v := range values {
		f.Options = append(f.Options, form.Option{Value: v, Label: c.plain("policy.option." + tail(id) + "." + v)})
	}
	return f
}

// when makes a field depend on another.
func when(f form.Field, field string, in ...string) form.Field {
	f.When = &form.When{Field: field, In: in}
	return f
}

// whoFields ask who may ask for a package through a policy.
func (c *call) whoFields(p access.Policy) []form.Field {
	named := c.subjectField("who.people", everyone(p.Requestors.People, p.Requestors.Groups), false)
	named.Required = true
	behalf := c.subjectField("who.askers", everyone(p.OnBehalf.People, p.OnBehalf.Groups), false)
	behalf.Required = true
	who := c.choiceField(form.Many, "who.may", []string{"members", "outsiders", "named", "nobody"}, scopeWords(p.Requestors)...)
	who.Required = true
	others := behalfWords(p.OnBehalf)
	return []form.Field{
		who, when(named, "who.may", "named"),
		c.yesNoField("who.justification", p.Justification),
		c.yesNoField("who.open", !p.Closed),
		c.moreField("who.more", len(others) > 0 || p.Choosable),
		when(c.choiceField(form.Many, "who.behalf", []string{"managers", "named"}, others...), "who.more", "yes"),
		when(behalf, "who.behalf", "named"),
		when(c.yesNoField("who.choosable", p.Choosable), "who.more", "yes"),
	}
}

func scopeWords(s access.Scope) []string {
	var out []string
	if s.Members {
		out = append(out, "members")
	}
	if s.Outsiders {
		out = append(out, "outsiders")
	}
	if len(s.People)+len(s.Groups) > 0 {
		out = append(out, "named")
	}
	if len(out) == 0 {
		out = []string{"nobody"}
	}
	return out
}

func behalfWords(o access.OnBehalf) []string {
	var out []string
	if o.Managers {
		out = append(out, "managers")
	}
	if len(o.People)+len(o.Groups) > 0 {
		out = append(out, "named")
	}
	return out
}

// wrongs are errors by field; the first at a field counts.
type wrongs map[string]*access.Error

func (w wrongs) put(e *access.Error) {
	if e != nil && w[e.Field] == nil {
		w[e.Field] = e
	}
}

// readWho reads what whoFields asked.
func (c *call) readWho(v form.Values, p *access.Policy) map[string]*access.Error {
	out := wrongs{}
	may, before := v["who.may"], p.Requestors
	p.Requestors = access.Scope{Members: slices.Contains(may, "members"), Outsiders: slices.Contains(may, "outsiders")}
	if slices.Contains(may, "nobody") && len(may) > 1 {
		out.put(access.Refuse(access.Invalid, "nobodyAndOthers").At("who.may"))
	}
	if slices.Contains(may, "named") {
		list, e := c.readSubjects(v, "who.people", everyone(before.People, before.Groups))
		out.put(e)
		p.Requestors.People, p.Requestors.Groups = apart(list)
	}
	p.Justification = one(v, "who.justification") == "yes"
	p.Closed = one(v, "who.open") == "no"
	if one(v, "who.more") == "yes" {
		c.readBehalf(v, p, out)
	}
	return out
}

func (c *call) readBehalf(v form.Values, p *access.Policy, out wrongs) {
	before := p.OnBehalf
	p.OnBehalf = access.OnBehalf{Managers: slices.Contains(v["who.behalf"], "managers")}
	if slices.Contains(v["who.behalf"], "named") {
		list, e := c.readSubjects(v, "who.askers", everyone(before.People, before.Groups))
		out.put(e)
		p.OnBehalf.People, p.OnBehalf.Groups = apart(list)
	}
	p.Choosable = one(v, "who.choosable") == "yes"
}
