package runtime

import (
	"context"
	"errors"
	"slices"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// wholeAbove is the size from which a group is not listed, but asked in a
// channel.
const wholeAbove = 100

// resolve asks the directory who the subjects are at this moment. Somebody who
// left, is unknown or is a program is not found. When the directory does not
// answer for one, nothing is known of any.
func (r *Runtime) resolve(ctx context.Context, s start, e engine.ResolveEffect) (engine.Result, error) {
	f := &finder{r: r, s: s, e: e}
	var found []access.Found
	for _, subject := range e.Subjects {
		f.through = nil
		one, err := f.find(ctx, subject)
		if err != nil {
			return engine.Result{}, err
		}
		one.Through = f.through
		if one.People, err = r.asPersons(ctx, s.key.Tenant, one.People); err != nil {
			return engine.Result{}, err
		}
		found = append(found, one)
	}
	return engine.Result{Found: found}, nil
}

// asPersons finds out whose the accounts are that a directory found; of an
// account that was unlinked, nobody's.
func (r *Runtime) asPersons(ctx context.Context, t access.TenantID, accounts []access.PersonID) ([]access.PersonID, error) {
	if !r.several(t) || len(accounts) == 0 {
		return accounts, nil
	}
	keys := make([]Key, len(accounts))
	for i, a := range accounts {
		keys[i] = AccountKey(t, access.Account(a))
	}
	recs, err := r.Store.Load(ctx, keys...)
	if err != nil {
		return nil, &access.Fault{Failure: access.FailRetry, Code: "directory", Err: err}
	}
	var people []access.PersonID
	for i, rec := range recs {
		known, err := accountIn(rec, access.Account(accounts[i]))
		if err != nil {
			return nil, err
		}
		if !known.Unlinked && !slices.Contains(people, known.Person) {
			people = append(people, known.Person)
		}
	}
	return people, nil
}

type finder struct {
	r *Runtime
	s start
	e engine.ResolveEffect
	// through are the groups that were read for a subject, each once.
	through []access.GroupID
}

func (f *finder) find(ctx context.Context, s access.Subject) (access.Found, error) {
	switch s.Kind {
	case access.SubjectPerson:
		people, err := f.person(ctx, s.Person)
		return access.Found{Subject: s, People: people}, err
	case access.SubjectGroup:
		people, err := f.group(ctx, s.Group)
		if len(people) > wholeAbove || errors.Is(err, ErrUnlisted) {
			return access.Found{Subject: s, Whole: true}, nil
		}
		return access.Found{Subject: s, People: people}, err
	case access.SubjectManager:
		people, err := f.manager(ctx)
		return access.Found{Subject: s, People: people}, err
	case access.SubjectTenantAdmins:
		people, err := f.all(ctx, f.s.world.Settings.Admins)
		return access.Found{Subject: s, People: people}, err
	case access.SubjectPackageOwner:
		people, err := f.holders(ctx, access.CatalogOwner, access.PackageManager)
		return access.Found{Subject: s, People: people}, err
	case access.SubjectCatalogOwners:
		people, err := f.holders(ctx, access.CatalogOwner)
		return access.Found{Subject: s, People: people}, err
	}
	return access.Found{Subject: s}, nil
}

// person is somebody, if they are there and may decide.
func (f *finder) person(ctx context.Context, p access.PersonID) ([]access.PersonID, error) {
	profile, err := f.r.Directory.Profile(ctx, f.s.key.Tenant, p)
	switch {
	case isNotFound(err), err == nil && !profile.Standing.Decides():
		return nil, nil
	case err != nil:
		return nil, directoryFault(err)
	}
	return []access.PersonID{p}, nil
}

// group is who is in a group; nobody when it is gone.
func (f *finder) group(ctx context.Context, g access.GroupID) ([]access.PersonID, error) {
	if !slices.Contains(f.through, g) {
		f.through = append(f.through, g)
	}
	people, err := f.r.Directory.Members(ctx, f.s.key.Tenant, g)
	switch {
	case isNotFound(err):
		return nil, nil
	case err != nil:
		return nil, directoryFault(err)
	}
	return slices.Compact(slices.Sorted(slices.Values(people))), nil
}

// manager is the manager of the ledger's person: of several accounts, the
// first of which a chat knows one.
func (f *finder) manager(ctx context.Context) ([]access.PersonID, error) {
	accounts := []access.Account{access.Account(f.s.ledger.Person)}
	if f.r.several(f.s.key.Tenant) {
		known, err := f.r.account(ctx, f.s.key.Tenant, accounts[0])
		if err != nil {
			return nil, directoryFault(err)
		}
		accounts = known.Accounts
	}
	for _, a := range accounts {
		profile, err := f.r.Directory.Profile(ctx, f.s.key.Tenant, access.PersonID(a))
		switch {
		case isNotFound(err), err == nil && profile.Manager == "":
		case err != nil:
			return nil, directoryFault(err)
		default:
			return f.person(ctx, profile.Manager)
		}
	}
	return nil, nil
}

// holders are the people with one of the roles in the catalog that it is about.
func (f *finder) holders(ctx context.Context, roles ...access.CatalogRole) ([]access.PersonID, error) {
	var subjects []access.Subject
	for _, holder := range f.s.world.Catalogs[f.catalog()].Roles {
		if slices.Contains(roles, holder.Role) {
			subjects = append(subjects, holder.Who)
		}
	}
	return f.all(ctx, subjects)
}

// catalog is that of the request's package, or of the task's resource.
func (f *finder) catalog() access.CatalogID {
	if request := f.s.ledger.Request(f.e.Request); request != nil {
		return f.s.world.Packages[request.Package].Catalog
	}
	return f.s.world.Resources[f.e.Role.Resource].Catalog
}

// all are the people of a list of people and groups, each once; of more than
// a hundred, the first hundred.
func (f *finder) all(ctx context.Context, subjects []access.Subject) ([]access.PersonID, error) {
	var people []access.PersonID
	for _, s := range subjects {
		found, err := f.named(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if !slices.Contains(people, p) && len(people) < wholeAbove {
				people = append(people, p)
			}
		}
	}
	return people, nil
}

func (f *finder) named(ctx context.Context, s access.Subject) ([]access.PersonID, error) {
	if s.Kind != access.SubjectGroup {
		return f.person(ctx, s.Person)
	}
	people, err := f.group(ctx, s.Group)
	if errors.Is(err, ErrUnlisted) {
		return nil, nil
	}
	return people, err
}

// directoryFault: a directory that does not say more is asked again.
func directoryFault(err error) error {
	fault := *access.AsFault(err)
	if fault.Code == "unknown" {
		fault.Code = "directory"
	}
	return &fault
}
