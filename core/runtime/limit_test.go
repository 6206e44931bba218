package runtime_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// Whoever looks after little finds it among much that is others', and nobody
// makes the store read everything there is.
func TestAListLooksBeyondOthersRequestsButNotForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		for i := range 2500 {
			who := access.Account(fmt.Sprintf("play/p%04d", i))
			w.dir.set(access.Profile{Person: person(who), Standing: access.Member})
			w.ask(who, "lab")
		}
		looked := 0
		find := func(holder string) int {
			looked = 0
			found, err := w.r.Open(t.Context(), tenant, 5, func(v runtime.View, _ access.Request) bool {
				looked++
				return v.Ledger.Person == access.PersonID(holder)
			})
			if err != nil {
				t.Fatal(err)
			}
			return len(found)
		}
		wantEqual(t, "one behind a thousand", find("play/p1200"), 1)
		wantEqual(t, "nobody", find("play/nobody"), 0)
		wantEqual(t, "looked at", looked, 2000)
	})
}
