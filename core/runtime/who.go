package runtime

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/usher-dev/usher/core/access"
)

// Who finds out who an account is at this moment (at most 60 s old). Somebody
// who left, is unknown or is a program is refused.
func (r *Runtime) Who(ctx context.Context, t access.TenantID, who access.Account) (access.Profile, access.Actor, error) {
	known, err := r.account(ctx, t, who)
	if err != nil {
		return access.Profile{}, access.Actor{}, r.forPeople(err)
	}
	return r.actor(ctx, t, who, known)
}

// actor reads the person behind an account, who must be allowed to act at
// all. Of a linked account both it and the one that the person is named after
// must still be there. The person has the groups of all accounts that are.
func (r *Runtime) actor(ctx context.Context, t access.TenantID, who access.Account, known accountRecord) (access.Profile, access.Actor, error) {
	if known.Unlinked {
		return access.Profile{}, access.Actor{}, access.Refuse(access.Forbidden, "accountUnlinked")
	}
	profile, err := r.human(ctx, t, known.Person)
	if err != nil {
		return access.Profile{}, access.Actor{}, err
	}
	actor := access.Actor{
		Person: known.Person, Account: who, Standing: profile.Standing, Groups: profile.Groups,
		SameAs:   slices.Concat(profile.SameAs, persons(known.Parted)),
		Unproven: !known.proven() && r.several(t),
	}
	for _, other := range known.Accounts {
		if access.PersonID(other) == known.Person {
			continue
		}
		actor.Also = append(actor.Also, access.PersonID(other))
		own, err := r.human(ctx, t, access.PersonID(other))
		if err != nil && other == who {
			return access.Profile{}, access.Actor{}, err
		}
		if other == who && own.Standing != access.Member {
			actor.Standing = own.Standing
		}
		actor.Groups = slices.Compact(slices.Sorted(slices.Values(slices.Concat(actor.Groups, own.Groups))))
		actor.SameAs = append(actor.SameAs, own.SameAs...)
	}
	profile.Account = who
	return profile, actor, nil
}

func (r *Runtime) human(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	profile, err := r.Profile(ctx, t, p)
	switch {
	case isNotFound(err), err == nil && profile.Standing == access.Gone:
		return access.Profile{}, access.Refuse(access.Forbidden, "accountGone")
	case err != nil:
		return access.Profile{}, err
	case !profile.Standing.Human():
		return access.Profile{}, access.Refuse(access.Forbidden, "accountBot")
	}
	return profile, nil
}

// Profile reads a person from the directory (at most 60 s old). When it does
// not answer within DirectoryWait: access.Unavailable, code "tryAgain".
func (r *Runtime) Profile(ctx context.Context, t access.TenantID, p access.PersonID) (access.Profile, error) {
	profile, err := r.profiles.read(ctx, t, p)
	if err != nil && !isNotFound(err) {
		r.Log.Warn().Err(err).Str("tenant", string(t)).Str("person", string(p)).Msg("directory did not answer")
		return access.Profile{}, tryAgain()
	}
	return profile, err
}

// SearchPeople lists people whose name or id begins with or contains query;
// nobody when the directory cannot search.
func (r *Runtime) SearchPeople(ctx context.Context, t access.TenantID, query string, max int) ([]access.Profile, error) {
	searcher, ok := r.Directory.(Searcher)
	if !ok {
		return nil, nil
	}
	found, err := searcher.Search(ctx, t, query, max)
	if err != nil {
		return nil, r.forPeople(err)
	}
	if mailer, ok := r.Directory.(Mailer); ok && len(found) == 0 && strings.Contains(query, "@") {
		found, err = r.byEmail(ctx, t, mailer, query)
	}
	return found[:min(len(found), max)], r.forPeople(err)
}

// byEmail are the people with an e-mail address who may act.
func (r *Runtime) byEmail(ctx context.Context, t access.TenantID, m Mailer, email string) ([]access.Profile, error) {
	people, err := m.ByEmail(ctx, t, email)
	if err != nil {
		return nil, err
	}
	var found []access.Profile
	for _, p := range people {
		profile, err := r.Profile(ctx, t, p)
		switch {
		case isNotFound(err), err == nil && !profile.Standing.Human():
		case err != nil:
			return nil, err
		default:
			profile.Email = email // the address counts in either case
			found = append(found, profile)
		}
	}
	return found, nil
}

func isNotFound(err error) bool {
	e, ok := access.AsError(err)
	return ok && e.Kind == access.NotFound
}

type personKey struct {
	tenant access.TenantID
	person access.PersonID
}

type profileEntry struct {
	profile access.Profile
	at      time.Time
}

// profiles keeps profiles for a minute. Readers of the same person share one
// read of the directory.
type profiles struct {
	directory Directory
	clock     Clock
	limit     time.Duration // of one read
	flight    singleflight.Group

	mu    sync.Mutex
	known map[personKey]profileEntry
}

// maxProfiles bounds the memory of profiles.
const maxProfiles = 20000

func newProfiles(d Directory, c Clock, limit time.Duration) *profiles {
	return &profiles{directory: d, clock: c, limit: limit, known: map[personKey]profileEntry{}}
}

func (p *profiles) read(ctx context.Context, t access.TenantID, id access.PersonID) (access.Profile, error) {
	key := personKey{t, id}
	if profile, ok := p.cached(key); ok {
		return profile, nil
	}
	name := flightName(key)
	limit := time.NewTimer(p.limit)
	defer limit.Stop()
	shared := p.flight.DoChan(name, func() (any, error) { return p.ask(context.WithoutCancel(ctx), key) })
	select {
	case res := <-shared:
		if res.Err != nil {
			return access.Profile{}, res.Err
		}
		return res.Val.(access.Profile), nil
	case <-limit.C:
		p.flight.Forget(name)
		return access.Profile{}, fmt.Errorf("no answer within %v", p.limit)
	case <-ctx.Done():
		return access.Profile{}, ctx.Err()
	}
}

func (p *profiles) cached(key personKey) (access.Profile, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.known[key]
	age := p.clock.Now().Sub(e.at)
	return e.profile, ok && age >= 0 && age <= profileAge
}

// ask reads the directory and remembers the answer as of before the question.
func (p *profiles) ask(ctx context.Context, key personKey) (profile access.Profile, err error) {
	defer recovered(&err)
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	at := p.clock.Now()
	profile, err = p.directory.Profile(ctx, key.tenant, key.person)
	if err != nil {
		return access.Profile{}, err
	}
	p.keep(key, profileEntry{profile, at})
	return profile, nil
}

// forget makes the next reader ask the directory.
func (p *profiles) forget(key personKey) {
	p.flight.Forget(flightName(key))
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, key)
}

// forgetAll makes the next readers of anybody in a tenant ask the directory.
func (p *profiles) forgetAll(t access.TenantID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.known, func(key personKey, _ profileEntry) bool { return key.tenant == t })
}

func flightName(key personKey) string { return string(key.tenant) + "\x00" + string(key.person) }

func (p *profiles) keep(key personKey, e profileEntry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= maxProfiles {
		clear(p.known)
	}
	p.known[key] = e
}
