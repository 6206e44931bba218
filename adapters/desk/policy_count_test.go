//go:build !race

package desk

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/usher-dev/usher/core/access"
)

// With the race detector this takes ten times as long; make test runs it without.

// What a form shows, sent back as it is, is the policy that it was made of.
func TestPolicyFormsSentBackAsTheyAreChangeNothing(t *testing.T) {
	t.Parallel()
	for _, reader := range []access.PersonID{rita, ada} { // two zones, two languages
		c := speaking(t, reader)
		rapid.Check(t, func(t *rapid.T) {
			p := randomPolicy(t)
			if problems := p.Validate(3); problems != nil {
				t.Fatal(problems)
			}
			for name, caps := range chats() {
				got := p
				for _, s := range c.sections() {
					if wrong := s.read(filledIn(t, s.fields(p), caps, nil), &got); len(wrong) > 0 {
						t.Fatalf("%s, %s: %v", name, s.name, wrong)
					}
				}
				if diff := cmp.Diff(p, got, cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("%s: %s", name, diff)
				}
			}
		})
	}
}
