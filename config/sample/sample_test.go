package sample_test

import (
	"testing"
	"time"

	"github.com/usher-dev/usher/config/sample"
	"github.com/usher-dev/usher/core/access"
)

func TestSamplesStandByThemselves(t *testing.T) {
	t.Parallel()
	d, err := sample.Definitions(time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if problems := access.Set(d).Validate(access.Known{}, 0); problems != nil {
		t.Errorf("a store with nothing in it refuses the samples:\n%v", problems)
	}
	var ids []access.PackageID
	for _, p := range d.Packages {
		ids = append(ids, p.ID)
	}
	if len(ids) != 7 {
		t.Errorf("there are %v", ids)
	}
}

// The contractor package is the story that everything is measured by.
func TestContractorIsTheStory(t *testing.T) {
	t.Parallel()
	d, err := sample.Definitions(time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	p := d.Packages[0]
	policy := p.Policies[0]
	stage := policy.Stages[0]
	question := policy.Questions[0]
	for what, ok := range map[string]bool{
		"name":            p.ID == "contractor" && p.Name == "External contractor" && p.Catalog == access.General,
		"three roles":     len(p.Roles) == 3,
		"terms":           p.Terms != nil && p.Terms.Text.For("de-AT") != p.Terms.Text.For("en"),
		"outside people":  policy.Requestors.Outsiders && !policy.Requestors.Members,
		"justification":   policy.Justification,
		"one stage":       len(policy.Stages) == 1 && stage.ReasonRequired && stage.DecideWithin() == 14*24*time.Hour,
		"approver":        len(stage.Approvers) == 1 && stage.Approvers[0] == access.SomePerson("playground/olga"),
		"question":        question.Required && question.Kind == access.Choice && len(question.Options) == 4,
		"German options":  question.Options[0].Label.For("de") == "An der Website",
		"French options":  question.Options[0].Label.For("fr-CH") == "Le site web",
		"ends on a date":  policy.Lifecycle.Ends == access.EndsOnDate && policy.Lifecycle.On.Equal(time.Date(2026, 12, 23, 23, 59, 0, 0, time.UTC)),
		"no other times":  !policy.Lifecycle.OwnTimes && !policy.Lifecycle.Extend,
		"new requests on": !policy.Closed && !p.Hidden,
	} {
		if !ok {
			t.Errorf("the package differs from the story in: %s", what)
		}
	}
}
