package discord

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/adapters/chat/words"
)

// What stands between two pages says how long what was filled in is kept.
func TestAPageThatWaitsSaysHowLongItIsKept(t *testing.T) {
	t.Parallel()
	all, err := words.Load(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	p := painter{words: words.In(all, "en")}
	for kept, want := range map[time.Duration]string{time.Hour: "kept for an hour.", 7 * 24 * time.Hour: "kept for 7 days."} {
		for _, page := range []form.Page{{Title: "Form", Number: 1}, {Title: "Form", Number: 2}, {Title: "Form", Number: 1, Errors: map[string]string{"why": "Say why."}}} {
			data, err := json.Marshal(p.waiting(chat.Show{Page: page, Kept: kept, Continue: "more~demo"}))
			if err != nil || !strings.Contains(string(data), want) {
				t.Errorf("%s: %s, %v", kept, data, err)
			}
		}
	}
}
