package runtime

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// closed is a directory that knows people and lists no group.
type closed struct{ standing access.Standing }

func (c closed) Profile(_ context.Context, _ access.TenantID, p access.PersonID) (access.Profile, error) {
	return access.Profile{Person: p, Standing: c.standing}, nil
}

func (closed) Members(context.Context, access.TenantID, access.GroupID) ([]access.PersonID, error) {
	return nil, &access.Fault{Failure: access.FailHuman, Code: "noList", Err: fmt.Errorf("not here: %w", ErrUnlisted)}
}

func TestAGroupThatCannotBeListedIsAskedAsAWhole(t *testing.T) {
	t.Parallel()
	effect := engine.ResolveEffect{Subjects: []access.Subject{access.SomeGroup("chat/ops"), access.SomePerson("chat/olga")}}
	for standing, people := range map[access.Standing][]access.PersonID{access.Member: {"chat/olga"}, access.Limited: nil, access.Gone: nil} {
		r := &Runtime{Options: Options{Directory: closed{standing}}}
		got, err := r.resolve(t.Context(), start{}, effect)
		if err != nil {
			t.Fatal(err)
		}
		want := []access.Found{
			{Subject: effect.Subjects[0], Whole: true, Through: []access.GroupID{"chat/ops"}}, {Subject: effect.Subjects[1], People: people},
		}
		if diff := cmp.Diff(want, got.Found); diff != "" {
			t.Errorf("%s: %s", standing, diff)
		}
	}
}
