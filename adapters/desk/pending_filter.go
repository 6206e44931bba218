package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// readFilter understands what was typed after the command: "package Lab older
// 3 days approver @ben kind new state decision". What comes before the first
// of these words is a person ("@mina") and a package.
func (c *call) readFilter(typed string) (filter, error) {
	said, key := map[string][]string{}, ""
	for _, w := range strings.Fields(typed) {
		word := strings.ToLower(strings.Trim(w, ":=,"))
		switch {
		case slices.Contains([]string{"package", "person", "approver", "older", "kind", "state"}, word):
			key = word
		case word == "than" && key == "older" && len(said[key]) == 0:
		case key == "" && strings.HasPrefix(w, "@"):
			said["person"] = append(said["person"], w)
		case key == "":
			said["package"] = append(said["package"], w)
		default:
			said[key] = append(said[key], w)
		}
	}
	v := form.Values{}
	for key, list := range said {
		v[key] = []string{strings.Trim(strings.Join(list, " "), "\"'“”„")}
	}
	for _, key := range []string{"person", "approver"} {
		if who := one(v, key); who != "" {
			v[key] = []string{c.accountOf(who)}
		}
	}
	if pkg := one(v, "package"); pkg != "" {
		id, err := c.adminPackage(pkg)
		if err != nil {
			return filter{}, err
		}
		v["package"] = []string{string(id)}
	}
	return c.filterFrom(v)
}

// filterFrom reads a filter from the answers of its form. Refusals name the
// field.
func (c *call) filterFrom(v form.Values) (filter, error) {
	f := filter{Package: access.PackageID(one(v, "package"))}
	var err error
	if f.Kind, err = c.oneOf("kind", pendingKinds, one(v, "kind")); err != nil {
		return f, err
	}
	if f.State, err = c.oneOf("state", pendingStates, one(v, "state")); err != nil {
		return f, err
	}
	if typed := one(v, "older"); typed != "" {
		if f.Older, err = access.ParseDuration(typed); err != nil {
			return f, at(err, "older")
		}
	}
	if who := one(v, "person"); who != "" {
		profile, _, err := c.person(who)
		if err != nil {
			return f, at(err, "person")
		}
		f.Person = profile.Person
	}
	if who := one(v, "approver"); who != "" {
		profile, _, err := c.person(who)
		if err != nil {
			return f, at(err, "approver")
		}
		f.Approver = access.Account(profile.Person)
	}
	return f, nil
}

// oneOf finds the value that is meant, by itself or by its name in any
// language.
func (c *call) oneOf(what string, values []string, typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	var names []chat.Text
	for _, v := range values {
		key := "pending." + what + "." + v
		for _, name := range c.texts.Everywhere(key) {
			if sameText(name, typed) || sameText(v, typed) {
				return v, nil
			}
		}
		names = append(names, chat.Text{code(v)})
	}
	return "", access.Refuse(access.Invalid, "notOneOf", "value", cut(typed, 40), "choices", c.join(names)).At(what)
}

// filterForm asks what to narrow the list by, beginning with what it is
// narrowed by now.
func (c *call) filterForm(t chat.Token, d *draft) (*sheet, error) {
	f, err := c.filterOf(t)
	if err != nil {
		return nil, err
	}
	if f.Package != "" && len(d.Values) == 0 {
		d.Values = form.Values{"package": {string(f.Package)}}
	}
	pkg, err := c.packageField(d)
	if err != nil {
		return nil, err
	}
	pkg.Required = false
	older := form.Field{ID: "older", Kind: form.Line, Label: c.plain("pending.older"), Hint: c.plain("pending.olderHint"), Max: 40}
	if f.Older > 0 {
		older.Value = []string{access.FormatDuration(f.Older)}
	}
	fields := []form.Field{
		pkg, c.optionalPerson("person", c.plain("field.person"), access.Account(f.Person)),
		c.optionalPerson("approver", c.plain("pending.approver"), f.Approver), older,
		c.choice("kind", pendingKinds, f.Kind), c.choice("state", pendingStates, f.State),
	}
	return &sheet{
		form: form.Form{Title: c.plain("pending.filter"), Submit: c.plain("pending.show"), Fields: fields},
		check: func(v form.Values) map[string]*access.Error {
			_, err := c.filterFrom(v)
			if e, ok := access.AsError(err); ok && e.Field != "" {
				return map[string]*access.Error{e.Field: e}
			}
			return nil
		},
		submit: func(v form.Values) (chat.Reply, error) {
			f, err := c.filterFrom(v)
			if err != nil {
				return nil, err
			}
			return c.pendingList(f, 0)
		},
	}, nil
}

func (c *call) optionalPerson(id, label string, now access.Account) form.Field {
	f := form.Field{ID: id, Kind: form.Person, Label: label}
	if now != "" {
		f.Value = []string{string(now)}
	}
	return f
}

func (c *call) choice(what string, values []string, now string) form.Field {
	f := form.Field{ID: what, Kind: form.One, Label: c.plain("pending." + what)}
	for _, v := range values {
		f.Options = append(f.Options, form.Option{Value: v, Label: c.plain("pending." + what + "." + v)})
	}
	if now != "" {
		f.Value = []string{now}
	}
	return f
}

// filterSaid puts a filter into words; nil for none.
func (c *call) filterSaid(f filter) (chat.Text, error) {
	var parts []chat.Text
	if f.Package != "" {
		w, err := c.core.World(c.ctx, c.from.Tenant, f.Package)
		if err != nil {
			return nil, err
		}
		parts = append(parts, chat.Text{c.scene(viewOf(w)).pkg(f.Package)})
	}
	if f.Person != "" {
		parts = append(parts, c.mention(f.Person))
	}
	if f.Approver != "" {
		parts = append(parts, c.text("pending.waitsFor", "who", c.mention(access.PersonID(f.Approver))))
	}
	if f.Older > 0 {
		parts = append(parts, c.text("pending.olderThan", "older", f.Older))
	}
	if f.Kind != "" {
		parts = append(parts, c.text("pending.kind."+f.Kind))
	}
	if f.State != "" {
		parts = append(parts, c.text("pending.state."+f.State))
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return inLine(parts), nil
}
