package runtime

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// start is one effect that was marked as started in a commit.
type start struct {
	key    Key
	tick   engine.CommandID
	ledger access.Ledger
	world  engine.World
	effect engine.Effect
}

// laneOf names the lane of an effect: its connector, its chat, the directory.
func laneOf(e engine.Effect, w engine.World) string {
	switch e := e.(type) {
	case engine.RoleEffect:
		return "connector/" + w.Resources[e.Role.Resource].Connector
	case engine.CardEffect:
		place := string(e.Card.Place.Person)
		if place == "" {
			place = string(e.Card.Place.Channel)
		}
		chat, _, _ := strings.Cut(place, "/")
		return "chat/" + chat
	}
	return "directory"
}

// perform carries out an effect and brings its result into the ledger. Waiting
// for its turn and doing it take less than the time after which the engine
// takes a started effect for lost. One whose turn does not come is left to
// that: it is no failure, and comes up again.
func (w *worker) perform(s start) {
	w.r.way.make(w.ctx)
	leave, ok := w.r.lanes.of(laneOf(s.effect, s.world)).enter(w.ctx, effectLimit)
	if !ok {
		w.line(w.r.Log.Warn(), s).Msg("no turn in time, will be started again")
		return
	}
	res := w.bounded(s, leave)
	res.Key, res.Attempt = s.effect.Key(), s.effect.AttemptN()
	if res.Fail == access.FailNone {
		w.line(w.r.Log.Info(), s).Msg("effect done")
	}
	w.r.results.add(w.ctx, s.key, arrived{s.tick, res}, urgent(s.effect))
}

// urgent reports whether others need the result of an effect at once.
func urgent(e engine.Effect) bool {
	switch e := e.(type) {
	case engine.RoleEffect:
		return false
	case engine.CardEffect:
		return e.Card.Ref == ""
	}
	return true
}

// line begins a line of the log about an effect.
func (w *worker) line(e *zerolog.Event, s start) *zerolog.Event {
	return e.Str("tenant", string(s.key.Tenant)).Str("person", s.key.ID).Str("command", string(s.tick)).
		Str("effect", string(s.effect.Key())).Int("attempt", s.effect.AttemptN())
}

// bounded gives an effect 10 seconds. Whoever ignores the end of their context
// is left behind, and keeps its place in the lane until it comes back.
func (w *worker) bounded(s start, leave func()) engine.Result {
	ctx, cancel := context.WithTimeout(w.ctx, effectLimit)
	out := make(chan engine.Result, 1)
	go func() {
		defer cancel()
		defer leave()
		res, err := w.r.outcome(ctx, s)
		if err != nil {
			res = w.faulty(ctx, s, err)
		}
		out <- res
	}()
	limit := time.NewTimer(effectLimit + time.Second)
	defer limit.Stop()
	select {
	case res := <-out:
		return res
	case <-limit.C:
		w.line(w.r.Log.Error(), s).Msg("effect does not come back")
		return failed(&access.Fault{Failure: access.FailRetry, Code: "timeout"})
	case <-w.ctx.Done():
		return failed(&access.Fault{Failure: access.FailRetry, Code: "stopped"})
	}
}

func (w *worker) faulty(ctx context.Context, s start, err error) engine.Result {
	fault := access.AsFault(err)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && fault.Code == "unknown" {
		fault = &access.Fault{Failure: access.FailRetry, Code: "timeout", Err: err}
	}
	w.line(w.r.Log.Warn().Err(err), s).Str("code", fault.Code).Str("failure", string(fault.Failure)).Msg("effect failed")
	return failed(fault)
}

func failed(f *access.Fault) engine.Result {
	return engine.Result{Fail: f.Failure, Code: f.Code, RetryAt: f.RetryAt}
}

// outcome does it.
func (r *Runtime) outcome(ctx context.Context, s start) (res engine.Result, err error) {
	defer recovered(&err)
	switch e := s.effect.(type) {
	case engine.RoleEffect:
		return r.role(ctx, s, e)
	case engine.CardEffect:
		return r.card(ctx, s, e)
	case engine.ResolveEffect:
		return r.resolve(ctx, s, e)
	}
	return engine.Result{}, &access.Fault{Failure: access.FailNever, Code: "unknownEffect"}
}

// card posts a card, or redraws it.
func (r *Runtime) card(ctx context.Context, s start, e engine.CardEffect) (engine.Result, error) {
	d := Delivery{
		ID:     fmt.Sprintf("%s/%s/%s", s.key.Tenant, s.key.ID, e.Key()),
		Tenant: s.key.Tenant, Ledger: s.ledger, World: s.world, Card: e.Card, Now: r.now(),
	}
	if e.Card.Ref == "" {
		ref, err := r.Messenger.Post(ctx, d)
		return engine.Result{Ref: ref, Face: e.Face}, err
	}
	err := r.Messenger.Edit(ctx, e.Card.Ref, d)
	if errors.Is(err, access.ErrGone) {
		return engine.Result{Gone: true}, nil
	}
	return engine.Result{Ref: e.Card.Ref, Face: e.Face}, err
}

// role gives, takes or verifies one resource role.
func (r *Runtime) role(ctx context.Context, s start, e engine.RoleEffect) (engine.Result, error) {
	resource, ok := s.world.Resources[e.Role.Resource]
	if !ok {
		return engine.Result{}, &access.Fault{Failure: access.FailHuman, Code: "unknownResource"}
	}
	connector, ok := r.Connectors[resource.Connector]
	if !ok {
		return engine.Result{}, &access.Fault{Failure: access.FailHuman, Code: "noConnector"}
	}
	account, err := r.receiving(ctx, s, e, connector)
	if err != nil {
		return engine.Result{}, err
	}
	person, err := r.receiver(ctx, s, account, e.Op)
	if err != nil {
		return engine.Result{}, err
	}
	if e.Op == access.OpVerify && person.Standing == access.Gone {
		// Nobody told that they left, as chats do that Usher only hears of
		// commands and buttons from: the daily look at what they have finds it.
		if err := r.Left(ctx, s.key.Tenant, access.PersonID(account)); err != nil {
			return engine.Result{}, err
		}
	}
	res, err := carryOut(ctx, connector, jobOf(s, e, resource, person), e.Op)
	res.Account = account
	return res, err
}

// receiving is the account that a role is given to: of several that a person
// has, the one in the connector's chat. It is taken from the one that it was
// given to. The chat has to be one of the tenant's.
func (r *Runtime) receiving(ctx context.Context, s start, e engine.RoleEffect, c Connector) (access.Account, error) {
	if within, ok := c.(InChat); ok && r.Chats != nil && r.Chats[within.Chat()] != s.key.Tenant {
		return "", &access.Fault{Failure: access.FailHuman, Code: "otherTenant"}
	}
	own := access.Account(s.ledger.Person)
	if h := s.ledger.Roles[e.Role]; h != nil && h.Account != "" && e.Op != access.OpGrant {
		return h.Account, nil
	}
	within, ok := c.(InChat)
	if !ok || strings.HasPrefix(string(own), within.Chat()+"/") {
		return own, nil
	}
	known, err := r.account(ctx, s.key.Tenant, own)
	if err != nil {
		return "", err
	}
	there := known.in(within.Chat())
	switch {
	case there != "":
		return there, nil
	case e.Op == access.OpGrant:
		return "", &access.Fault{Failure: access.FailHuman, Code: engine.NoAccount}
	}
	return own, nil
}

func carryOut(ctx context.Context, c Connector, j Job, op access.Op) (engine.Result, error) {
	var answer Answer
	var err error
	switch op {
	case access.OpVerify:
		had, err := c.Verify(ctx, j)
		return engine.Result{Had: had}, err
	case access.OpGrant:
		answer, err = c.Grant(ctx, j)
	default:
		answer, err = c.Revoke(ctx, j)
	}
	return engine.Result{
		Before: answer.Before, Task: answer.Task, Pending: !answer.LookAt.IsZero(), RetryAt: answer.LookAt,
	}, err
}

// receiver is the person of the ledger. Nothing is given to somebody who left;
// taking away never waits for the directory.
func (r *Runtime) receiver(ctx context.Context, s start, account access.Account, op access.Op) (access.Profile, error) {
	profile, err := r.Profile(ctx, s.key.Tenant, access.PersonID(account))
	profile.Person = s.ledger.Person
	switch {
	case err == nil && (op != access.OpGrant || profile.Standing.Human()):
		return profile, nil
	case op != access.OpGrant:
		unread := access.Profile{Person: s.ledger.Person, Account: account, Name: string(account)}
		if isNotFound(err) {
			unread.Standing = access.Gone
		}
		return unread, nil
	case err == nil, isNotFound(err):
		return access.Profile{}, &access.Fault{Failure: access.FailHuman, Code: "personGone"}
	}
	return access.Profile{}, &access.Fault{Failure: access.FailRetry, Code: "directory", Err: err}
}

func jobOf(s start, e engine.RoleEffect, resource access.Resource, person access.Profile) Job {
	role, ok := resource.Role(e.Role.Role)
	if !ok {
		role = access.ResourceRole{ID: e.Role.Role, Name: e.Role.Role}
	}
	giver, pack := giverOf(s.ledger, e)
	return Job{
		ID:       fmt.Sprintf("%s/%s/%d/%s/%s", s.key.Tenant, s.key.ID, giver, e.Role, e.Op),
		Tenant:   s.key.Tenant,
		Person:   person,
		Resource: resource,
		Role:     role,
		Reason:   fmt.Sprintf("Usher: package %s, request %s", pack, engine.MemberOf(s.ledger.Person, giver)),
	}
}

// giverOf is the assignment on whose account a role is given: the first one
// that is on and gives it; or taken away: the last one that gave it.
func giverOf(l access.Ledger, e engine.RoleEffect) (access.RequestID, access.PackageID) {
	var id access.RequestID
	var pack access.PackageID
	for _, a := range l.Assignments {
		for _, ref := range a.Roles {
			if ref != e.Role {
				continue
			}
			if a.State.On() && e.Op != access.OpRevoke {
				return a.ID, a.Package
			}
			id, pack = a.ID, a.Package
		}
	}
	return id, pack
}
