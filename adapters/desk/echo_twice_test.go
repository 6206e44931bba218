package desk

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// doorway is a runtime before and after whose commands something can happen,
// once.
type doorway struct {
	*runtime.Runtime
	before, after func()
}

func (s *doorway) Do(ctx context.Context, t access.TenantID, who access.Account, holder access.PersonID, id engine.CommandID, make func(engine.Meta) engine.Command) (runtime.View, error) {
	if f := s.before; f != nil {
		s.before = nil
		f()
	}
	v, err := s.Runtime.Do(ctx, t, who, holder, id, make)
	if f := s.after; f != nil {
		s.after = nil
		f()
	}
	return v, err
}

// A form whose times were read back is sent once, and both presses that send it
// get the same answer, in whichever order they come.
func TestWhatWasReadBackIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]func(gate *doorway, press func(n int)){
		"one after the other": func(_ *doorway, press func(int)) { press(0); press(1) },
		"the second first":    func(gate *doorway, press func(int)) { gate.before = func() { press(1) }; press(0) },
		"the second before the first answers": func(gate *doorway, press func(int)) {
			gate.after = func() { press(1) }
			press(0)
		},
		"both at once": func(_ *doorway, press func(int)) {
			var both sync.WaitGroup
			both.Go(func() { press(0) })
			both.Go(func() { press(1) })
			both.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			caps := chattest.Pages()
			caps.Echo = true
			w := openWorkshop(t, caps)
			w.wiki(access.General, role("design-team", "member"))
			r := w.fills(olga, w.types(olga, "/access-admin assign @mina wiki until 10 days"), form.Values{"person": val("play/mina"), "package": val("wiki"), "end": val("10 days")})
			token, gate, answers := w.button(w.told(r), "Assign"), &doorway{Runtime: w.r}, make([]string, 2)
			w.says(w.does(chat.Pressed{Who: w.who(rita), ID: "replayed", Token: token}), "Das ist vorbei: Es wurde schon bestätigt, lag zu lange oder wurde jemand anderem gezeigt. Beginne noch einmal mit dem Befehl.")
			w.desk.Use(gate)
			order(gate, func(n int) {
				answers[n] = spell(w.desk.Handle(context.Background(), chat.Pressed{Who: w.who(olga), ID: "press-" + string(rune('0'+n)), Token: token}))
			})
			for n, got := range answers {
				if !strings.Contains(got, "Wiki is assigned to") || got != answers[0] {
					t.Errorf("press %d is told\n%s\nthe first\n%s", n+1, got, answers[0])
				}
			}
			w.says(w.does(chat.Pressed{Who: w.who(rita), ID: "replayed later", Token: token}), "Das ist vorbei: Es wurde schon bestätigt, lag zu lange oder wurde jemand anderem gezeigt. Beginne noch einmal mit dem Befehl.")
		})
	}
}
