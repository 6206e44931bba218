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
	case takes(cmd.Args, ArgPlace) && strings.HasPrefix(last, "#") && len(words) > 0:
		return chat.Offer{}, nil // the chat's own channels
	case takes(cmd.Args, ArgPolicy):
		return c.offerPoliciesOr(cmd, typed)
	case takes(cmd.Args, ArgCatalog):
		return c.offerNames(cmd, typed, c.offerCatalogs)
	case takes(cmd.Args, ArgResource):
		return c.offerNames(cmd, typed, c.offerResources)
	case !person && takes(cmd.Args, ArgPackage):
		return c.offerNames(cmd, typed, func(query string) ([]form.Option, error) { return c.offerPackages(cmd, query) })
	}
	return chat.Offer{}, nil
}

// offerNames offers what find has for the name that is being typed: for as many
// of the last words as find anything, since names have several.
func (c *call) offerNames(cmd Command, typed string, find func(query string) ([]form.Option, error)) (chat.Reply, error) {
	for _, at := range nameStarts(cmd, typed) {
		options, err := find(part(typed[at:]))
		if err != nil {
			return nil, err
		}
		if len(options) > 0 {
			return behind(typed[:at], options), nil
		}
	}
	return chat.Offer{}, nil
}

// nameStarts are where the name that is being typed may begin: at each word
// behind the command and the person, the first of them first.
func nameStarts(cmd Command, typed string) []int {
	var at []int
	in, word := false, 0
	for i, r := range typed + "." { // a word may begin at the end
		if r == ' ' {
			in = false
			continue
		}
		if in {
			continue
		}
		in, word = true, word+1
		switch {
		case word <= len(strings.Fields(cmd.Name)):
		case strings.HasPrefix(typed[i:], "@"):
			at = nil
		default:
			at = append(at, i)
		}
	}
	return at
}

// offerPackages lists packages that the person may see.
func (c *call) offerPackages(cmd Command, query string) ([]form.Option, error) {
	w, ids, err := c.listed(query, maxOffered, cmd.Root == AccessAdmin)
	if err != nil {
		return nil, err
	}
	var out []form.Option
	for _, id := range ids {
		out = append(out, form.Option{Value: string(id), Label: w.Packages[id].Name, Hint: cut(oneLine(w.Packages[id].Description), 100)})
	}
	return exact(out, ofPackages(w)), nil
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
