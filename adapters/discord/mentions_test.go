package discord

import (
	"encoding/json"
	"testing"
)

// People in a text that is pasted into a form are understood as in a command,
// and nothing else of it changes.
func TestMentionsInWhatIsPasted(t *testing.T) {
	t.Parallel()
	for pasted, want := range map[string]string{
		"<@750000000000000003>,30 days\n<@!750000000000000004>": "@guild/750000000000000003,30 days\n@guild/750000000000000004",
		"a < b, <#7> <@&8> <@x> <@1>":                           "a < b, <#7> <@&8> <@x> <@1>",
	} {
		data, err := json.Marshal(pasted)
		if err != nil {
			t.Fatal(err)
		}
		if got := (held{Type: kindTextInput, Value: data}).read("guild"); len(got) != 1 || got[0] != want {
			t.Errorf("%q is read as %q, want %q", pasted, got, want)
		}
	}
}
