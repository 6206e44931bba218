package jobs_test

import (
	"testing"

	"github.com/usher-dev/usher/adapters/chat/jobs"
)

func TestJobsAreTakenBetweenBeginAndEnd(t *testing.T) {
	t.Parallel()
	var g jobs.Group
	if g.Start(func() { t.Error("it ran before the beginning") }) {
		t.Error("taken before the beginning")
	}
	g.Begin()
	done, proceed := false, make(chan struct{})
	if !g.Start(func() { <-proceed; done = true }) {
		t.Error("not taken")
	}
	close(proceed)
	g.End()
	if !done {
		t.Error("the end did not wait")
	}
	if g.Start(func() { t.Error("it ran after the end") }) {
		t.Error("taken after the end")
	}
}
