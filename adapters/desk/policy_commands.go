package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// The commands about the policies of a package. Each draws from what the
// account has under construction of it, and what was changed is shown as a
// difference before it counts.

func (c *call) cmdPolicyList(in words) (chat.Reply, error) {
	return c.policyDeed("policylist", in)
}
func (c *call) cmdPolicyAdd(in words) (chat.Reply, error)  { return c.policyDeed("policyadd", in) }
func (c *call) cmdPolicyEdit(in words) (chat.Reply, error) { return c.policyDeed("policyedit", in) }
func (c *call) cmdPolicyMove(in words) (chat.Reply, error) { return c.policyDeed("policymove", in) }
func (c *call) cmdPolicyDelete(in words) (chat.Reply, error) {
	return c.policyDeed("policydelete", in)
}
func (c *call) cmdPolicyQuestions(in words) (chat.Reply, error) {
	return c.policyDeed("policyquestions", in)
}

// policyDeeds are what can be done to the policy n of a package.
func policyDeeds() map[string]func(*call, work, int) (chat.Reply, error) {
	return map[string]func(*call, work, int) (chat.Reply, error){
		"policyedit":      (*call).onePolicy,
		"policymove":      (*call).namePolicy,
		"policydelete":    (*call).deletePolicy,
		"policyquestions": func(c *call, w work, n int) (chat.Reply, error) { return c.questionsCard(w, n, nil) },
	}
}

// policyDeedOf is a deed for a package that was chosen.
func policyDeedOf(deed string) func(*call, access.PackageID) (chat.Reply, error) {
	return func(c *call, id access.PackageID) (chat.Reply, error) { return c.toPolicy(deed, id, "") }
}

// policyDeed does something to the policies of the package that is named first,
// or to the one whose name follows; it asks which when that is not clear.
func (c *call) policyDeed(deed string, in words) (chat.Reply, error) {
	if in.pkg == "" {
		return c.open(c.token(verbPick, deed), nil)
	}
	id, rest, err := c.packageFirst(in.pkg)
	if err != nil {
		return nil, err
	}
	return c.toPolicy(deed, id, rest)
}

// toPolicy does it to the policy of that name, or to the only one.
func (c *call) toPolicy(deed string, id access.PackageID, name string) (chat.Reply, error) {
	w, err := c.workOn(id)
	if e, ok := access.AsError(err); ok && deed == "policylist" && (e.Kind == access.Forbidden || e.Kind == access.Refused) {
		return c.packagePage(id) // to be read only
	}
	if err != nil {
		return nil, err
	}
	if deed == "policyadd" {
		return c.open(c.token(verbPolicyNew, string(id)), nil)
	}
	do, one := policyDeeds()[deed]
	if !one {
		return c.policiesCard(w)
	}
	if name == "" && len(w.Package.Policies) != 1 {
		return c.policiesCard(w)
	}
	n := 0
	if name != "" {
		if n, err = policyNamed(w.Package, name); err != nil {
			return nil, err
		}
	}
	return do(c, w, n)
}

// packageFirst is the package that the first words name, as many of them as
// name one, and what follows.
func (c *call) packageFirst(typed string) (access.PackageID, string, error) {
	fields := strings.Fields(typed)
	var refused error
	for n := len(fields); n > 0; n-- {
		id, err := c.pickedPackage(strings.Join(fields[:n], " "))
		if err == nil {
			return id, strings.Join(fields[n:], " "), nil
		}
		if !access.IsCode(err, "unknownPackage") {
			return "", "", err
		}
		if refused == nil {
			refused = err
		}
	}
	return "", "", refused
}

// policyNamed is the place of the policy of that name, id or number from 1.
func policyNamed(p access.Package, typed string) (int, error) {
	for _, same := range []func(access.Policy) bool{
		func(policy access.Policy) bool { return sameText(string(policy.ID), typed) },
		func(policy access.Policy) bool { return sameText(policy.Name, typed) },
	} {
		if n := slices.IndexFunc(p.Policies, same); n >= 0 {
			return n, nil
		}
	}
	var names []string
	for _, policy := range p.Policies {
		names = append(names, first(policy.Name, string(policy.ID)))
	}
	return 0, access.Refuse(access.NotFound, "unknownPolicy", "value", shortWord(typed), "package", p.Name, "names", strings.Join(names, ", "))
}

// deletePolicy takes a policy away and shows what that changes. Of a package
// that is not there yet there is nothing to confirm.
func (c *call) deletePolicy(w work, n int) (chat.Reply, error) {
	w, err := c.withoutPolicy(w, n)
	if err != nil {
		return nil, err
	}
	if w.fresh() {
		return c.policiesCard(w)
	}
	return c.orShow(w)(c.proposeWork(w))
}

func (c *call) withoutPolicy(w work, n int) (work, error) {
	w.Package.Policies = slices.Delete(slices.Clone(w.Package.Policies), n, n+1)
	return w, c.keepWork(w)
}

// showPolicies lists the policies of a package.
func (c *call) showPolicies(t chat.Token) (chat.Reply, error) {
	w, err := c.workOn(access.PackageID(t.Arg))
	if err != nil {
		return nil, err
	}
	return c.policiesCard(w)
}

// atPolicy is a button about a policy: it does something with what is under
// construction now.
func atPolicy(do func(*call, work, int) (chat.Reply, error)) func(*call, chat.Token) (chat.Reply, error) {
	return func(c *call, t chat.Token) (chat.Reply, error) {
		w, n, err := c.policyOn(t)
		if err != nil {
			return nil, err
		}
		return do(c, w, n)
	}
}

// policyOn is the work and the policy that a token names.
func (c *call) policyOn(t chat.Token) (work, int, error) {
	w, err := c.workOn(access.PackageID(t.Arg))
	if err != nil {
		return w, 0, err
	}
	n, err := policyAt(w.Package, t.Face)
	return w, n, err
}

// dropPolicy takes a policy out of what is under construction.
func (c *call) dropPolicy(w work, n int) (chat.Reply, error) {
	w, err := c.withoutPolicy(w, n)
	if err != nil {
		return nil, err
	}
	return c.policiesCard(w)
}
