package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// maxOffered is how many options an Offer has at most.
const maxOffered = 25

// searched offers what may be meant by what is being typed: in a field of a
// form, or after a slash command.
func (c *call) searched(in chat.Searched) (chat.Reply, error) {
	if in.Form == "" {
		return c.complete(strings.TrimPrefix(in.Command, "/"), in.Query)
	}
	t, _, err := c.address(in.Form)
	if err != nil {
		return nil, err
	}
	sh, err := c.sheet(t, c.load(in.Form))
	if err != nil {
		return nil, err
	}
	f, ok := sh.form.Field(in.Field)
	switch {
	case !ok:
		return chat.Offer{}, nil
	case f.Kind == form.Person:
		return c.offerPeople(in.Query, "")
	case f.Open && sh.search != nil:
		options, err := sh.search(in.Field, in.Query)
		return chat.Offer{Options: options}, err
	case f.Open && in.Field == "package":
		options, err := c.packageOptions(in.Query, maxOffered, t.Verb != verbRequest)
		return chat.Offer{Options: options}, err
	}
	return chat.Offer{Options: form.Match(f, in.Query, maxOffered)}, nil
}

// complete offers what can come next after a slash command. The value of an
// option is the whole text after the command.
func (c *call) complete(root, query string) (chat.Reply, error) {
	typed := strings.TrimLeft(query, " ")
	var out []form.Option
	for _, cmd := range Commands() {
		if cmd.Root != root {
			continue
		}
		rest, ok := named(typed, cmd.Name)
		if ok && len(cmd.Args) > 0 {
			return c.completeArg(cmd, typed, rest)
		}
		if strings.HasPrefix(cmd.Name, strings.ToLower(typed)) && len(out) < maxOffered {
			out = append(out, c.offerCommand(cmd))
		}
	}
	return chat.Offer{Options: out}, nil
}

func (c *call) offerCommand(cmd Command) form.Option {
	value := cmd.Name
	if len(cmd.Args) > 0 {
		value += " "
	}
	return form.Option{Value: value, Label: cmd.Name, Hint: cut(c.plain(cmd.Help()), 100)}
}

// completeArg offers values for the argument that is being typed.
func (c *call) completeArg(cmd Command, typed, rest string) (chat.Reply, error) {
	if strings.EqualFold(typed, cmd.Name) {
		typed += " " // the name is complete; what follows is offered
	}
	last := typed[strings.LastIndexByte(typed, ' ')+1:]
	before := strings.TrimSuffix(typed, last)
	words := strings.Fields(strings.TrimSuffix(rest, last))
	afterFor := len(words) > 0 && strings.EqualFold(words[len(words)-1], "for")
	personFirst := cmd.Args[0].Kind == ArgPerson && !strings.Contains(before, "@")
	person := strings.HasPrefix(last, "@") || afterFor || personFirst
	switch {
	case person && (takes(cmd.Args, ArgPerson) || takes(cmd.Args, ArgPlace)):
		return c.offerPeople(strings.TrimPrefix(last, "@"), before)
	case takes(cmd.Args, ArgReport):
		return c.offerReports(last, before), nil
	case takes(cmd.Args, ArgCatalog):
		return c.offerCatalogs(last, before)
	case takes(cmd.Args, ArgResource):
		return c.offerResources(last, before)
	case !person && takes(cmd.Args, ArgPackage):
		return c.offerPackages(cmd, last, before)
	}
	return chat.Offer{}, nil
}

// offerPackages lists packages that the person may see, behind what was typed.
func (c *call) offerPackages(cmd Command, query, before string) (chat.Reply, error) {
	w, ids, err := c.listed(query, maxOffered, cmd.Root == AccessAdmin)
	if err != nil {
		return nil, err
	}
	var out []form.Option
	for _, id := range ids {
		out = append(out, form.Option{Value: before + string(id), Label: w.Packages[id].Name, Hint: cut(oneLine(w.Packages[id].Description), 100)})
	}
	return chat.Offer{Options: out}, nil
}

// offerPeople lists people: as accounts for a field, as mentions behind what
// was typed for a command.
func (c *call) offerPeople(query, before string) (chat.Reply, error) {
	found, err := c.core.SearchPeople(c.ctx, c.from.Tenant, query, maxOffered)
	if err != nil {
		return nil, err
	}
	var out []form.Option
	for _, p := range found {
		account := p.Account
		if account == "" {
			account = access.Account(p.Person)
		}
		value := string(account)
		if before != "" {
			value = before + "@" + value
		}
		out = append(out, form.Option{Value: value, Label: p.Name, Hint: string(account)})
	}
	return chat.Offer{Options: out}, nil
}
