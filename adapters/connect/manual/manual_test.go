package manual_test

import (
	"testing"

	"github.com/usher-dev/usher/adapters/connect/connecttest"
	"github.com/usher-dev/usher/adapters/connect/manual"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

func job(person access.PersonID) runtime.Job {
	role := access.ResourceRole{ID: "holder", Name: "Holder"}
	return runtime.Job{
		ID: "demo/" + string(person), Tenant: "demo",
		Person: access.Profile{Person: person, Account: access.Account(person), Name: "Someone"},
		Resource: access.Resource{
			ID: "badge", Name: "Door badge", Connector: "manual", Target: "badge",
			Roles: []access.ResourceRole{role}, Hands: []access.Subject{access.SomePerson("playground/olga")},
		},
		Role: role, Reason: "External contractor, request 1",
	}
}

func TestManual(t *testing.T) {
	t.Parallel()
	connecttest.Run(t, func(*testing.T) connecttest.Fixture {
		nobody, nothing, noRole := job("playground/carla"), job("playground/carla"), job("playground/carla")
		nobody.Person = access.Profile{}
		nothing.Resource = access.Resource{}
		noRole.Role.ID = "wizard"
		return connecttest.Fixture{
			Connector: manual.New(),
			Job:       job("playground/carla"), Other: job("playground/mina"),
			Blind: true, Tasks: true,
			Bad: map[string]connecttest.Bad{
				"person":   {Job: nobody, Failure: access.FailNever, Code: "unknownPerson"},
				"resource": {Job: nothing, Failure: access.FailNever, Code: "unknownResource"},
				"role":     {Job: noRole, Failure: access.FailNever, Code: "unknownRole"},
			},
		}
	})
}

func TestTaskWithoutHandsNeedsAHuman(t *testing.T) {
	t.Parallel()
	j := job("playground/carla")
	j.Resource.Hands = nil
	answer, err := manual.New().Grant(t.Context(), j)
	if f := access.AsFault(err); f.Failure != access.FailHuman || f.Code != "noHands" || answer != (runtime.Answer{}) {
		t.Errorf("Grant = %+v, %v", answer, err)
	}
}
