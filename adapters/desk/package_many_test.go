package desk

import (
	"fmt"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// With more packages than a list can hold, one that was named is still the one
// that is chosen, in chats that search and in those where it is typed.
func TestANamedPackageOfManyIsChosen(t *testing.T) {
	t.Parallel()
	for name, caps := range map[string]form.Caps{"live": chattest.Modal(), "pages": chattest.Pages()} {
		h := newHouse(t, caps)
		for i := range 120 {
			p := h.w.Packages["wiki"]
			p.ID, p.Name = access.PackageID(fmt.Sprintf("many-%03d", i)), fmt.Sprintf("Many %03d", i)
			h.w.Packages[p.ID] = p
		}
		reply := h.types(olga, "/access-admin assign @ben wiki")
		page := h.shown(reply).Page
		f := field(t, page, "package")
		want := map[string]string{"live": "wiki", "pages": "Wiki"}[name]
		if len(f.Value) != 1 || f.Value[0] != want || f.Search != (name == "live") {
			t.Errorf("%s: the field comes with %v, searched: %v", name, f.Value, f.Search)
		}
		if name == "live" && (len(f.Options) != 1 || f.Options[0].Label != "Wiki") {
			t.Errorf("what is chosen is shown as %+v", f.Options)
		}
		h.says(h.fills(olga, reply, form.Values{"person": val(string(ben)), "package": val(want)}), "Wiki is assigned to Ben Tanaka.")
		l := h.ledgers[ben]
		if l.Holds("wiki") == nil {
			t.Errorf("%s: ben does not hold it", name)
		}
	}
}

func field(t *testing.T, page form.Page, id string) form.Field {
	t.Helper()
	for _, f := range page.Fields {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("there is no field %s in %+v", id, page)
	return form.Field{}
}
