package desk

import (
	"time"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

const day = 24 * time.Hour

func cast() map[access.PersonID]access.Profile {
	out := map[access.PersonID]access.Profile{}
	for _, p := range []access.Profile{
		{Person: carla, Name: "Carla Contreras", Standing: access.External, Locale: "de", Zone: "Europe/Berlin"},
		{Person: mina, Name: "Mina Okafor", Standing: access.Member, Locale: "en-GB", Zone: "Europe/London", Manager: ada},
		{Person: ada, Name: "Ada Lindqvist", Standing: access.Member, Locale: "en", Zone: "America/New_York", Groups: []access.GroupID{"play/security"}},
		{Person: ben, Name: "Ben Tanaka", Standing: access.Member, Locale: "en", Zone: "Asia/Tokyo", Groups: []access.GroupID{"play/security"}},
		{Person: olga, Name: "Olga Petrov", Standing: access.Member, Locale: "en", Zone: "UTC"},
		{Person: rita, Name: "Rita Sommer", Standing: access.Member, Locale: "de", Zone: "Europe/Berlin"},
		{Person: robot, Name: "Robot", Standing: access.Bot},
	} {
		p.Account = access.Account(p.Person)
		out[p.Person] = p
	}
	return out
}

func words2(en, de string) access.Words {
	return access.Words{Text: en, In: map[string]string{"de": de}}
}

func sampleWorld() engine.World {
	w := engine.World{
		Settings: access.Settings{Name: "Demo", Admins: []access.Subject{access.SomePerson(olga)}, Revision: 1},
		Catalogs: map[access.CatalogID]access.Catalog{access.General: {
			ID: access.General, Name: "General",
			Roles: []access.RoleHolder{{Role: access.CatalogOwner, Who: access.SomePerson(olga)}},
		}},
		Resources: map[access.ResourceID]access.Resource{}, Packages: map[access.PackageID]access.Package{},
		Policies: map[access.PolicyRef]access.Policy{}, Terms: map[access.TermsRef]access.Terms{},
	}
	for _, r := range []access.Resource{
		{ID: "team", Name: "Design team", Connector: "rooms", Roles: []access.ResourceRole{{ID: "member", Name: "member", Can: words2("read and write its files", "Dateien lesen und schreiben")}}},
		{ID: "site", Name: "Project site", Connector: "rooms", Roles: []access.ResourceRole{{ID: "visitor", Name: "visitor", Can: words2("see the pages", "die Seiten sehen")}}},
		{ID: "prod", Name: "Production", Connector: "rooms", Roles: []access.ResourceRole{{ID: "operator", Name: "operator"}}},
		{ID: "badge", Name: "Badge", Connector: access.ManualConnector, Hands: []access.Subject{access.SomePerson(rita)}, Roles: []access.ResourceRole{{ID: "holder", Name: "holder"}}},
	} {
		r.Catalog, r.Revision = access.General, 1
		w.Resources[r.ID] = r
	}
	for _, p := range samplePackages() {
		p.Catalog, p.Revision = access.General, 1
		w.Packages[p.ID] = p
		for _, policy := range p.Policies {
			w.Policies[p.Ref(policy)] = policy
		}
		if p.Terms != nil {
			w.Terms[p.TermsRef()] = *p.Terms
		}
	}
	return w
}

func role(resource, name string) access.RoleRef {
	return access.RoleRef{Resource: access.ResourceID(resource), Role: name}
}

func samplePackages() []access.Package {
	members := access.Scope{Members: true}
	return []access.Package{
		{
			ID: "contractor", Name: "External contractor", Description: "Everything that a contractor needs.",
			Roles: []access.RoleRef{role("team", "member"), role("site", "visitor")},
			Terms: &access.Terms{Version: 1, Text: words2("Keep it to yourself.", "Behalte es für dich.")},
			Policies: []access.Policy{{
				ID: "outside", Version: 1, Name: "From outside", Requestors: access.Scope{Outsiders: true}, Justification: true,
				Questions: []access.Question{{
					ID: "country", Kind: access.Choice, Required: true, Label: words2("Where do you work?", "Wo arbeitest du?"),
					Options: []access.Option{{Value: "de", Label: words2("Germany", "Deutschland")}, {Value: "jp", Label: words2("Japan", "Japan")}},
				}},
				Stages:    []access.Stage{{Approvers: []access.Subject{access.SomePerson(olga)}, ReasonRequired: true}},
				Lifecycle: access.Lifecycle{Ends: access.EndsOnDate, On: time.Date(2026, 10, 1, 21, 59, 0, 0, time.UTC)},
			}},
		},
		{
			ID: "production", Name: "Production access", Roles: []access.RoleRef{role("prod", "operator")}, Incompatible: []access.PackageID{"audit"},
			Policies: []access.Policy{{
				ID: "members", Version: 1, Requestors: members, OnBehalf: access.OnBehalf{Managers: true},
				Stages: []access.Stage{
					{Approvers: []access.Subject{access.SomeGroup("play/security")}, Quorum: 2, Within: 4 * day},
					{Approvers: []access.Subject{{Kind: access.SubjectCatalogOwners}}},
				},
				ExtensionApproval: true,
				Lifecycle:         access.Lifecycle{Ends: access.EndsDuration, For: 30 * day, OwnTimes: true, Extend: true},
			}},
		},
		{
			ID: "wiki", Name: "Wiki", Roles: []access.RoleRef{role("site", "visitor")},
			Policies: []access.Policy{
				{ID: "short", Version: 1, Name: "A week", Requestors: members, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 7 * day, Extend: true}},
				{
					ID: "long", Version: 1, Name: "For good", Description: "With a ticket.", Requestors: members, Choosable: true, Justification: true,
					Questions: []access.Question{{ID: "ticket", Kind: access.ShortText, Required: true, Label: words2("Ticket", "Ticket"), Pattern: "[A-Z]+-[0-9]+"}},
					Lifecycle: access.Lifecycle{Ends: access.EndsNever},
				},
			},
		},
		{
			ID: "badge", Name: "Door badge", Roles: []access.RoleRef{role("badge", "holder")},
			Policies: []access.Policy{{ID: "all", Version: 1, Requestors: members, Lifecycle: access.Lifecycle{Ends: access.EndsDuration, For: 5 * day}}},
		},
		{
			ID: "audit", Name: "Audit", Roles: []access.RoleRef{role("team", "member")},
			Policies: []access.Policy{{ID: "all", Version: 1, Requestors: members, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}},
		},
		{
			ID: "secret", Name: "Secret project", Hidden: true, Roles: []access.RoleRef{role("team", "member")},
			Policies: []access.Policy{{ID: "named", Version: 1, Requestors: access.Scope{People: []access.PersonID{mina}}, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}},
		},
		{
			ID: "closed", Name: "Closed", Roles: []access.RoleRef{role("team", "member")},
			Policies: []access.Policy{{ID: "all", Version: 1, Requestors: members, Closed: true, Lifecycle: access.Lifecycle{Ends: access.EndsNever}}},
		},
	}
}
