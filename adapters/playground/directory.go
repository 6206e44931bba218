package playground

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// account is the full name of somebody on the page.
func (a *Adapter) account(id string) string { return a.Options.Name + "/" + id }

// own cuts the chat's name off; false for names of other chats.
func (a *Adapter) own(name string) (string, bool) {
	id, ok := strings.CutPrefix(name, a.Options.Name+"/")
	return id, ok && slug.MatchString(id)
}

// Caps implements chat.Adapter: each person has the abilities that were chosen
// for them.
func (a *Adapter) Caps(who access.Account) form.Caps {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	known := profiles()
	id, _ := a.own(string(who))
	p, _, err := a.vault.Person(ctx, id)
	if err != nil {
		a.Log.Warn().Err(err).Msg("playground: cannot read what forms somebody has")
	}
	if caps, ok := known[p.Forms]; ok {
		return caps
	}
	return known[FormsLive]
}

// Profile implements runtime.Directory.
func (a *Adapter) Profile(ctx context.Context, t access.TenantID, who access.PersonID) (access.Profile, error) {
	id, ok := a.own(string(who))
	if !ok || t != a.Tenant {
		return access.Profile{}, unknownPerson(string(who))
	}
	p, ok, err := a.vault.Person(ctx, id)
	if err != nil {
		return access.Profile{}, err
	}
	if !ok {
		return access.Profile{}, unknownPerson(string(who))
	}
	return a.profile(p), nil
}

func (a *Adapter) profile(p Person) access.Profile {
	out := access.Profile{
		Person: access.PersonID(a.account(p.ID)), Account: access.Account(a.account(p.ID)), Name: p.Name,
		Standing: p.Standing, Locale: p.Locale, Zone: p.Zone, Email: p.Email,
	}
	if p.Manager != "" {
		out.Manager = access.PersonID(a.account(p.Manager))
	}
	for _, g := range p.Groups {
		out.Groups = append(out.Groups, access.GroupID(a.account(g)))
	}
	return out
}

// Members implements runtime.Directory. A group exists as long as somebody on
// the page has it, even if they all left.
func (a *Adapter) Members(ctx context.Context, t access.TenantID, g access.GroupID) ([]access.PersonID, error) {
	unknown := access.Refuse(access.NotFound, "unknownGroup", "group", string(g))
	name, ok := a.own(string(g))
	if !ok || t != a.Tenant {
		return nil, unknown
	}
	all, err := a.vault.People(ctx)
	if err != nil {
		return nil, err
	}
	found := false
	members := []access.PersonID{}
	for _, p := range all {
		if !slices.Contains(p.Groups, name) {
			continue
		}
		found = true
		if p.Standing.Human() {
			members = append(members, access.PersonID(a.account(p.ID)))
		}
	}
	if !found {
		return nil, unknown
	}
	return members, nil
}

// Search lists people who are here and whose name or id contains query, at
// most max of them.
func (a *Adapter) Search(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	if t != a.Tenant {
		return nil, nil
	}
	all, err := a.vault.People(ctx)
	if err != nil {
		return nil, err
	}
	query = strings.ToLower(strings.TrimSpace(query))
	var out []access.Profile
	for _, p := range all {
		matches := strings.Contains(strings.ToLower(p.Name), query) || strings.Contains(p.ID, query)
		if len(out) < max && p.Standing.Human() && matches {
			out = append(out, a.profile(p))
		}
	}
	return out, nil
}

// ByEmail implements runtime.Mailer: who is here and has that address.
func (a *Adapter) ByEmail(ctx context.Context, t access.TenantID, email string) ([]access.PersonID, error) {
	if t != a.Tenant || strings.TrimSpace(email) == "" {
		return nil, nil
	}
	all, err := a.vault.People(ctx)
	if err != nil {
		return nil, err
	}
	var out []access.PersonID
	for _, p := range all {
		if p.Standing.Human() && strings.EqualFold(p.Email, strings.TrimSpace(email)) {
			out = append(out, access.PersonID(a.account(p.ID)))
		}
	}
	return out, nil
}
