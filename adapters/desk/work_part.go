package desk

import (
	"strconv"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// partToken is the form that asks what of a package, or of one of its policies
// (policy: its mark), is to be edited.
func partToken(id access.PackageID, policy int) chat.Token {
	return chat.Token{Arg: string(id), Face: policy}
}

// atMark is the address of a form about a policy.
func (c *call) atMark(verb chat.Verb, id access.PackageID, mark int) chat.Token {
	t := c.token(verb, string(id))
	t.Face = mark
	return t
}

// partForm asks what is to be edited, and goes there: a form, a list, or the
// difference of a deed such as hiding.
func (c *call) partForm(t chat.Token, _ *draft) (*sheet, error) {
	w, err := c.workOn(access.PackageID(t.Arg))
	if err != nil {
		return nil, err
	}
	title, parts := c.plain("part.title"), c.parts(w)
	if t.Face != 0 {
		n, err := policyAt(w.Package, t.Face)
		if err != nil {
			return nil, err
		}
		p := w.Package.Policies[n]
		title, parts = c.plain("part.titlePolicy"), append([]form.Option{c.part("policyname")}, c.policyParts()...)
		parts[0].Hint = cut(oneLine(first(p.Name, string(p.ID))), 100)
	}
	f := form.Field{ID: "part", Kind: form.One, Label: c.plain("field.part"), Required: true, Options: parts}
	return &sheet{
		form:   form.Form{Title: title, Submit: c.plain("form.next"), Fields: []form.Field{f}},
		submit: func(v form.Values) (chat.Reply, error) { return c.toPart(w, t.Face, one(v, "part")) },
	}, nil
}

func (c *call) part(id string) form.Option {
	return form.Option{Value: id, Label: c.plain("part." + id)}
}

func (c *call) policyParts() []form.Option {
	return []form.Option{c.part("who"), c.part("stages"), c.part("life"), c.part("asked")}
}

// parts are what can be edited of a package. Of several policies each is one.
func (c *call) parts(w work) []form.Option {
	out := []form.Option{c.part("name"), c.part("gives")}
	if len(w.Package.Policies) == 1 {
		out = append(out, c.policyParts()...)
	} else {
		for n, p := range w.Package.Policies[:min(len(w.Package.Policies), shownPolicies)] {
			label := c.plain("part.policy", "policy", first(p.Name, string(p.ID)))
			out = append(out, form.Option{Value: "policy." + strconv.Itoa(markOf(p.ID)), Label: cut(oneLine(label), access.MaxName), Hint: c.plain("policy.place", "n", n+1, "of", len(w.Package.Policies))})
		}
	}
	out = append(out, c.part("terms"))
	if w.fresh() {
		return out
	}
	hide := "hide"
	if w.Before.Hidden {
		hide = "unhide"
	}
	return append(out, c.part("policies"), c.part(hide), c.part("copy"), c.part("delete"))
}

// toPart goes to a part of a package or of its policy with that mark, 0 for
// the only one.
func (c *call) toPart(w work, mark int, part string) (chat.Reply, error) {
	if deed, ok := packageDeeds()[part]; ok {
		return deed(c, w.Package.ID)
	}
	id, n := w.Package.ID, 0
	if mark != 0 {
		var err error
		if n, err = policyAt(w.Package, mark); err != nil {
			return nil, err
		}
	}
	if number, ok := strings.CutPrefix(part, "policy."); ok {
		mark, _ := strconv.Atoi(number)
		return c.open(c.atMark(verbPart, id, mark), nil)
	}
	switch part {
	case "policies":
		return c.policiesCard(w)
	case "policyname":
		return c.open(c.atMark(verbPolicyName, id, mark), nil)
	case "asked":
		if !w.fresh() {
			return c.questionsCard(w, n, nil)
		}
	}
	for step := stepName; step <= lastStep; step++ {
		if stepKey("", step) == part {
			if w.fresh() {
				return c.open(c.stepToken(id, step, n), nil)
			}
			return c.openAnew(c.stepToken(id, step, n))
		}
	}
	return nil, access.Refuse(access.Invalid, "unknownButton")
}
