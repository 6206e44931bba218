package slack

import (
	"encoding/json"
	"testing"
)

// People in a text that is pasted into a form are understood as in a command,
// and nothing else of it changes.
func TestMentionsInWhatIsPasted(t *testing.T) {
	t.Parallel()
	for pasted, want := range map[string]string{
		"<@U0ADA>,30 days\n<@U0PACK|pack>, <@W1|>":  "@acme/U0ADA,30 days\n@acme/U0PACK, @acme/W1",
		"a < b, <#C1|all> & <https://x.test|x> <@>": "a < b, <#C1|all> & <https://x.test|x> <@>",
	} {
		data, err := json.Marshal(map[string]string{"type": "plain_text_input", "value": pasted})
		if err != nil {
			t.Fatal(err)
		}
		var e element
		if err := json.Unmarshal(data, &e); err != nil {
			t.Fatal(err)
		}
		if got := e.read("acme"); len(got) != 1 || got[0] != want {
			t.Errorf("%q is read as %q, want %q", pasted, got, want)
		}
	}
}
