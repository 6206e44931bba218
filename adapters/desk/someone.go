package desk

import (
	"slices"
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/core/access"
)

// someone finds the person that is meant by a name, an e-mail address or the
// user part of an account. It is unknownPerson when nobody is called that, and
// ambiguousPerson when several are.
func (c *call) someone(typed string) (access.Profile, access.Actor, error) {
	name := strings.TrimPrefix(typed, chatOf(c.from.Account)+"/")
	name = strings.TrimSpace(strings.TrimPrefix(name, "@"))
	unknown := access.Refuse(access.NotFound, "unknownPerson", "value", cut(c.spoken(typed), 50)).At("person")
	if len([]rune(name)) < 2 {
		return access.Profile{}, access.Actor{}, unknown
	}
	found, err := c.core.SearchPeople(c.ctx, c.from.Tenant, name, maxOffered)
	if err != nil {
		return access.Profile{}, access.Actor{}, err
	}
	meant := called(found, name)
	switch len(meant) {
	case 0:
		return access.Profile{}, access.Actor{}, unknown
	case 1:
		profile, actor, err := c.core.Who(c.ctx, c.from.Tenant, accountFor(meant[0]))
		if e, ok := access.AsError(err); ok && e.Kind != access.Unavailable {
			return profile, actor, unknown
		}
		return profile, actor, err
	}
	return access.Profile{}, access.Actor{}, access.Refuse(access.Invalid, "ambiguousPerson", "value", cut(name, 50), "people", c.severalPeople(meant)).At("person")
}

// severalPeople names people; those of one name with what tells them apart.
func (c *call) severalPeople(meant []access.Profile) chat.Text {
	count := map[string]int{}
	for _, p := range meant {
		count[strings.ToLower(p.Name)]++
	}
	var items []chat.Text
	for _, p := range meant[:min(len(meant), shownPeople)] {
		item := c.mention(p.Person)
		if count[strings.ToLower(p.Name)] > 1 {
			item = append(item, chat.Say(" ("+first(p.Email, c.spoken(string(accountFor(p))))+")")...)
		}
		items = append(items, item)
	}
	return c.join(items)
}

// accountFor is what a person is addressed by.
func accountFor(p access.Profile) access.Account {
	if p.Account == "" {
		return access.Account(p.Person)
	}
	return p.Account
}

// called are those with exactly that name, address or id; where there are
// none, those of whose name it is a word.
func called(found []access.Profile, name string) []access.Profile {
	for _, is := range []func(access.Profile) bool{
		func(p access.Profile) bool {
			_, user, _ := strings.Cut(string(accountFor(p)), "/")
			return sameText(p.Name, name) || sameText(user, name) || p.Email != "" && sameText(p.Email, name)
		},
		func(p access.Profile) bool {
			return slices.ContainsFunc(strings.Fields(p.Name), func(word string) bool { return sameText(word, name) })
		},
	} {
		if meant := slices.DeleteFunc(slices.Clone(found), func(p access.Profile) bool { return !is(p) }); len(meant) > 0 {
			return meant
		}
	}
	return nil
}

// personApart takes a person who was typed without "@" off a package's name:
// "assign mina wiki", or "assign wiki mina".
func (c *call) personApart(in words) (words, bool, error) {
	typed := strings.Fields(in.pkg)
	if in.person != "" || len(typed) < 2 {
		return in, false, nil
	}
	for n := 1; n < len(typed); n++ {
		for _, way := range [][2][]string{{typed[:n], typed[n:]}, {typed[n:], typed[:n]}} {
			who, pkg := strings.Join(way[0], " "), strings.Join(way[1], " ")
			id, err := c.adminPackage(pkg)
			if err != nil && !access.IsCode(err, "severalNamed") {
				continue
			}
			if profile, _, lost := c.someone(who); lost == nil {
				in.person, in.pkg = string(accountFor(profile)), string(id)
				return in, err == nil, err
			}
		}
	}
	return in, false, nil
}
